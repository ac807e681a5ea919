"""A notice that somebody here wrote, on its way to the moderators of a hub."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .own_answers import AnswerState
from .own_requests import OWN_KEPT, OwnRequest, inbox_digest, own_state
from .portal_bodies import NoticeDraft
from .protocol import retry_delay
from .serial import Json, canonical, utc_text

WRITTEN_MAX: Final = 20  # that are kept, of all hubs
TRIED_FOR: Final = timedelta(days=7)  # after that nobody is bothered with old news
KEPT: Final = timedelta(days=14)  # after its end


class WrittenState(StrEnum):
    """How it stands. What became of it at the hub stands in the hub's feed."""

    WAITING = "waiting"
    SENT = "sent"  # the hub has it, for moderation
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What comments on a notice are sealed to, and what opens them and their inbox."""

    recipient: str
    secret: str = field(repr=False)  # 32 bytes in hex
    inbox: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A notice as somebody here wrote it."""

    id: str
    portal_id: str
    hub: str
    draft: NoticeDraft
    user_id: str
    written_at: datetime
    due_at: datetime  # until then it can be taken back
    state: WrittenState = WrittenState.WAITING
    attempts: int = 0
    item_id: str | None = None  # what the hub calls it
    problem: str | None = None
    ended_at: datetime | None = None
    comments: bool = False  # whether they are wanted
    keys: Keys | None = None  # until somebody waits for them, with the keys


def body_of(written: Written) -> bytes:
    """Return what a hub is sent: with a key and an inbox where comments are wanted."""
    draft, keys = written.draft, written.keys
    said: dict[str, Json] = {
        "version": 1,
        "title": draft.title,
        "text": draft.text,
        "cells": list(draft.cells),
        "recipient": keys.recipient if keys else None,
        "inbox": inbox_digest(keys.inbox) if keys else None,
    }
    return canonical(said)


def awaited(written: Written) -> OwnRequest | None:
    """Return what waits for comments on a notice that the hub has, with its keys.

    None where nobody waits, or somebody does already.
    """
    keys = written.keys
    if keys is None or written.state is not WrittenState.SENT:
        return None
    return OwnRequest(
        request_id=written.id,
        hub=written.hub,
        user_id=written.user_id,
        asked_at=written.written_at,
        title=written.draft.title,
        text=written.draft.text,
        window=None,
        area=None,
        recipient=keys.recipient,
        secret=keys.secret,
        inbox=keys.inbox,
        item_id=written.item_id,
    )


def handed_over(written: Written) -> Written:
    """Return it once somebody waits for comments on it, who has the keys."""
    return replace(written, keys=None) if awaited(written) else written


def sent(written: Written, item_id: str, now: datetime) -> Written:
    """Note that the hub has it."""
    return replace(
        written,
        state=WrittenState.SENT,
        item_id=item_id,
        problem=None,
        ended_at=now,
    )


def refused(written: Written, problem: str, now: datetime) -> Written:
    """Note that the hub does not take it: nobody will comment on it."""
    return replace(
        written,
        state=WrittenState.REFUSED,
        problem=problem,
        ended_at=now,
        keys=None,
    )


def failed(written: Written, problem: str, now: datetime) -> Written:
    """Note an attempt in vain: another comes later, unless it has been tried enough."""
    if now >= written.written_at + TRIED_FOR:
        return refused(written, problem, now)
    attempts = written.attempts + 1
    later = now + timedelta(seconds=retry_delay(attempts))
    return replace(written, attempts=attempts, due_at=later, problem=problem)


def next_due(all_written: Iterable[Written]) -> Written | None:
    """Return what is to be sent next, None if nothing is."""
    waiting = [one for one in all_written if one.state is WrittenState.WAITING]
    return min(waiting, key=lambda one: one.due_at, default=None)


def kept(all_written: Iterable[Written], now: datetime) -> tuple[Written, ...]:
    """Return what is still of interest: words that are long sent are forgotten.

    Where comments are wanted they stay as long as what waits for these.
    """
    return tuple(
        one
        for one in all_written
        if one.ended_at is None
        or now < one.ended_at + KEPT
        or (
            one.comments
            and one.state is WrittenState.SENT
            and now < one.written_at + OWN_KEPT
        )
    )


def written_view(
    written: Written, label: str, waits: OwnRequest | None, now: datetime
) -> dict[str, Json]:
    """Return it as approvers see it; `label` is what the owner calls the hub.

    `waits` is what waits for comments, None if nothing does.
    """
    return {
        "written_id": written.id,
        "portal_id": written.portal_id,
        "label": label,
        "title": written.draft.title,
        "text": written.draft.text,
        "cells": list(written.draft.cells),
        "state": written.state.value,
        "written_at": utc_text(written.written_at),
        "due_at": utc_text(written.due_at),
        "notice_id": written.item_id,
        "problem": written.problem,
        "takes_comments": written.comments,
        "at_hub": own_state(waits, now).value if waits else None,
        "comments": comments_view(waits) if waits else [],
    }


def comments_view(waits: OwnRequest) -> list[Json]:
    """Return the comments that are here, the newest first: a stranger's words."""
    return [
        {
            "delivery_id": one.delivery_id,
            "came_at": utc_text(one.came_at),
            "text": one.text,
            "identity": one.identity,
        }
        for one in reversed(waits.answers)
        if one.state is AnswerState.HERE and one.came_at
    ]
