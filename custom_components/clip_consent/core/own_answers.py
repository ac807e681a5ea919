"""What came for a request of this home: a clip or words, and what its manifest says.

All of it is somebody else's: what does not fit its place is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from .errors import AnswerError, PortalError
from .limits import IDENTITY_MAX, TEXT_MAX
from .models import Window
from .portal_json import Fields, read_json, read_time
from .protocol import ANSWER_NAME
from .serial import Json
from .text import fault, tidy, visible

ANSWERS_MAX: Final = 50  # of one request: good ones, and as many of the others
INBOX_MAX: Final = 1000  # deliveries that a hub takes for one request
INBOX_BYTES: Final = 512 * 1024  # what it may list them in
ANSWER_MAX: Final = 1536 * 1024 * 1024  # bytes, sealed: what a hub takes at most
ANSWER_KEPT: Final = timedelta(days=30)  # or until the manifest wants it deleted
TEXT_BYTES_MAX: Final = TEXT_MAX * 4
SHORTEST_SEALED: Final = 2**20  # bytes: the smallest bucket
# bytes: words fill the smallest bucket, and their header is no whole one more
WORDS_SEALED_MAX: Final = 2 * SHORTEST_SEALED
_INBOX: Final = "portal_answer_invalid"
_WORD_MAX: Final = 64  # characters
_CHANGES_MAX: Final = 16


class AnswerState(StrEnum):
    """How an answer stands."""

    LISTED = "listed"  # at the hub, to be fetched
    HERE = "here"
    UNREADABLE = "unreadable"  # not what it should be: nothing of it was kept
    GONE = "gone"  # its time is over, or somebody deleted it


# What can still be read, or is. Anybody may send what cannot: it takes no place.
_COUNTED: Final = (AnswerState.LISTED, AnswerState.HERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A delivery as a hub lists it."""

    delivery_id: str
    size: int
    available_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAnswer:
    """An answer. What its manifest says is there once it is `HERE`."""

    delivery_id: str
    size: int  # sealed
    available_until: datetime
    state: AnswerState = AnswerState.LISTED
    came_at: datetime | None = None
    kept_until: datetime | None = None
    text: str | None = None  # an answer in words
    sha256: str | None = None
    content_size: int | None = None
    camera: int | None = None
    covered: Window | None = None
    identity: str = ""  # what its owner says of themselves
    changes: tuple[str, ...] = ()
    audio: bool = False


def read_inbox(body: bytes) -> tuple[Listed, ...]:
    """Read what a hub has for a request: what is too short to be sealed is none of it.

    Raises PortalError `portal_answer_invalid`.
    """
    fields = Fields(read_json(body, _INBOX), _INBOX)
    fields.version()
    listed = map(_listed, fields.list("deliveries")[:INBOX_MAX])
    return tuple(one for one in listed if one.size >= SHORTEST_SEALED)


def _listed(said: Json) -> Listed:
    fields = Fields(said, _INBOX)
    return Listed(
        delivery_id=fields.id("id"),
        size=fields.number("size"),
        available_until=fields.time("available_until"),
    )


def with_listed(
    answers: tuple[OwnAnswer, ...], passed: tuple[str, ...], listed: tuple[Listed, ...]
) -> tuple[tuple[OwnAnswer, ...], tuple[str, ...]]:
    """Return the answers, with those that are new; the first good ones stay.

    `passed` are the ids of those that nobody could read and that are shown no more: so
    they are not fetched again. They are returned too, as long as the hub lists them.
    """
    bad = [one.delivery_id for one in answers if one.state not in _COUNTED]
    shown_no_more = bad[:-ANSWERS_MAX]
    kept = [one for one in answers if one.delivery_id not in shown_no_more]
    there = {one.delivery_id: one for one in listed}
    passed = tuple(one for one in (*passed, *shown_no_more) if one in there)
    known = {*passed, *(one.delivery_id for one in kept)}
    room = ANSWERS_MAX - sum(one.state in _COUNTED for one in kept)
    new = [
        OwnAnswer(
            delivery_id=one.delivery_id,
            size=one.size,
            available_until=one.available_until,
        )
        for one in there.values()
        if one.delivery_id not in known
    ]
    return (*kept, *new[: max(0, room)]), passed


def opened(
    answer: OwnAnswer, said: Mapping[str, Json], *, words: bytes | None, now: datetime
) -> OwnAnswer:
    """Return an answer that was opened: what its manifest says that can be shown.

    `words` are the bytes of an answer in words. Raises AnswerError `answer_unreadable`.
    """
    content = said["content"]
    assert isinstance(content, dict)  # it was checked with the signature
    return OwnAnswer(
        delivery_id=answer.delivery_id,
        size=answer.size,
        available_until=answer.available_until,
        state=AnswerState.HERE,
        came_at=now,
        kept_until=min(now + ANSWER_KEPT, _delete_by(said.get("terms"))),
        text=None if words is None else _text(words),
        sha256=str(content["sha256"]),
        content_size=int(str(content["size"])),
        camera=_count(said.get("camera")),
        covered=_window(said.get("covered")),
        identity=_word(said.get("identity"), IDENTITY_MAX),
        changes=_changes(said.get("transformations")),
        audio=said.get("audio") is True,
    )


def is_words(name: str) -> bool:
    """Tell whether content of this name is an answer in words."""
    return name == ANSWER_NAME


def _text(words: bytes) -> str:
    try:
        text = tidy(words.decode(), lines=True)
    except UnicodeDecodeError:
        raise AnswerError("answer_unreadable") from None
    if len(text) > TEXT_MAX or fault(text, lines=True) or not visible(text):
        raise AnswerError("answer_unreadable")
    return text


def _delete_by(terms: Json) -> datetime:
    try:
        return Fields(terms, _INBOX).time("delete_by")
    except PortalError:
        return _NEVER


def _window(said: Json) -> Window | None:
    try:
        fields = Fields(said, _INBOX)
        start, end = fields.time("start"), fields.time("end")
    except PortalError:
        return None
    return Window(start=start, end=end) if start < end else None


def _count(said: Json) -> int | None:
    fits = isinstance(said, int) and not isinstance(said, bool) and 0 < said < 1000
    return said if fits and isinstance(said, int) else None


def _word(said: Json, most: int) -> str:
    if not isinstance(said, str) or len(said) > most or fault(said):
        return ""
    return tidy(said)


def _changes(said: Json) -> tuple[str, ...]:
    if not isinstance(said, list):
        return ()
    words = [_word(one, _WORD_MAX) for one in said[:_CHANGES_MAX]]
    return tuple(word for word in words if word)


_NEVER: Final = read_time("9999-01-01T00:00:00Z", _INBOX)
