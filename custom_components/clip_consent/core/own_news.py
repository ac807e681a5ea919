"""Answers of neighbours that are news: told once, and shown as new until looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .own_answers import AnswerState
from .own_requests import OwnRequest
from .serial import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What automations are told of answers: a count, and no word of anybody's."""

    label: str  # the owner's own name for the hub, empty if it has left
    request_id: str
    answers: int  # that came
    waiting: int  # of this request, that no approver has looked at


def with_news(own: OwnRequest, delivery_id: str) -> OwnRequest:
    """Return a request with an answer that came for the first time."""
    return replace(
        own,
        untold=(*own.untold, delivery_id),
        unpushed=(*own.unpushed, delivery_id),
        unseen=(*own.unseen, delivery_id),
    )


def told(own: OwnRequest) -> OwnRequest:
    """Return a request of whose answers automations were told."""
    return replace(own, untold=())


def pushed(own: OwnRequest, delivery_ids: Sequence[str]) -> OwnRequest:
    """Return a request of whose answers phones were told."""
    left = tuple(one for one in own.unpushed if one not in delivery_ids)
    return replace(own, unpushed=left)


def looked_at(own: OwnRequest) -> OwnRequest:
    """Return a request at whose answers an approver looked: no phone tells of them."""
    return replace(own, unpushed=(), unseen=())


def unseen(own: OwnRequest) -> int:
    """Return how many answers are here that nobody has looked at."""
    return sum(
        one.state is AnswerState.HERE and one.delivery_id in own.unseen
        for one in own.answers
    )


def answered_view(answered: Answered) -> dict[str, Json]:
    """Return the attributes of the event entity."""
    return {
        "label": answered.label,
        "request_id": answered.request_id,
        "answers": answered.answers,
        "waiting": answered.waiting,
    }
