"""A notice that somebody here wrote, on its way to the moderators of a hub."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

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


def body_of(written: Written) -> bytes:
    """Return what a hub is sent. Nobody here waits for comments."""
    draft = written.draft
    said: dict[str, Json] = {
        "version": 1,
        "title": draft.title,
        "text": draft.text,
        "cells": list(draft.cells),
        "recipient": None,
        "inbox": None,
    }
    return canonical(said)


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
    """Note that the hub does not take it."""
    return replace(written, state=WrittenState.REFUSED, problem=problem, ended_at=now)


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
    """Return what is still of interest: words that are long sent are forgotten."""
    return tuple(
        one for one in all_written if one.ended_at is None or now < one.ended_at + KEPT
    )


def written_view(written: Written, label: str) -> dict[str, Json]:
    """Return it as approvers see it; `label` is what the owner calls the hub."""
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
    }
