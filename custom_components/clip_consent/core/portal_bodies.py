"""Small bodies that a hub takes beside requests; docs/portal-protocol.md, 6 and 8."""

from collections.abc import Collection
from dataclasses import dataclass
import re
from typing import Final

from .bech32 import public_key
from .body_fields import check_version, check_words, inbox_digest, required_text, tidied
from .errors import InvalidRequestError
from .limits import TEXT_MAX, TITLE_MAX
from .portal_items import CELL, CELLS_MAX
from .serial import Json
from .strict_json import parse_json

_ID: Final = re.compile(r"[a-z2-7]{26}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDraft:
    """A notice as somebody wrote it. With `recipient`, comments are sealed to it."""

    title: str
    text: str
    cells: tuple[str, ...]
    recipient: str | None = None
    inbox: str | None = None  # SHA-256 of the secret that opens the comments


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """A home that opted in to be counted, by a random id of this month."""

    cell: str
    id: str


def parse_note(body: bytes) -> str:
    """Read a requester's follow-up. Raises InvalidRequestError."""
    data = parse_json(body)
    check_version(data)
    text = tidied("text", required_text(data, "text"), TEXT_MAX, lines=True)
    check_words("text", text, TEXT_MAX, lines=True)
    return text


def parse_notice(body: bytes) -> NoticeDraft:
    """Read a neighbour's notice. Raises InvalidRequestError."""
    data = parse_json(body)
    check_version(data)
    recipient, inbox = _answers(data)
    return NoticeDraft(
        title=tidied("title", required_text(data, "title"), TITLE_MAX),
        text=tidied("text", required_text(data, "text"), TEXT_MAX, lines=True),
        cells=_cells(data.get("cells")),
        recipient=recipient,
        inbox=inbox,
    )


def validate_notice(draft: NoticeDraft, covered: Collection[str]) -> None:
    """Hold a notice to the limits of a hub that covers these cells.

    Raises InvalidRequestError.
    """
    check_words("title", draft.title, TITLE_MAX)
    check_words("text", draft.text, TEXT_MAX, lines=True)
    if not 1 <= len(draft.cells) <= CELLS_MAX:
        raise InvalidRequestError("cells_malformed", "cells")
    if not set(draft.cells) <= set(covered):
        raise InvalidRequestError("cell_outside_hub", "cells")


def parse_presence(body: bytes, covered: Collection[str]) -> Presence:
    """Read what an opted-in home says. Raises InvalidRequestError."""
    data = parse_json(body)
    check_version(data)
    cell, mark = required_text(data, "cell"), required_text(data, "id")
    if cell not in covered:
        raise InvalidRequestError("cell_outside_hub", "cell")
    if not _ID.fullmatch(mark):
        raise InvalidRequestError("id_malformed", "id")
    return Presence(cell=cell, id=mark)


def _cells(said: Json) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise InvalidRequestError("cells_malformed", "cells")
    cells = [cell for cell in said if isinstance(cell, str) and CELL.fullmatch(cell)]
    if len(cells) != len(said):
        raise InvalidRequestError("cells_malformed", "cells")
    return tuple(sorted(set(cells)))


def _answers(data: dict[str, Json]) -> tuple[str | None, str | None]:
    """Return recipient and inbox: both, or neither where no comments are wanted."""
    if data.get("recipient") is None and data.get("inbox") is None:
        return None, None
    recipient = required_text(data, "recipient")
    public_key(recipient)
    if (inbox := inbox_digest(data)) is None:
        raise InvalidRequestError("inbox_malformed", "inbox")
    return recipient, inbox
