"""What a hub published, word for word as far as its author wrote it.

Homes seal to the key that stands there: a hub that published another one could open
their answers. So a home that asked holds it to what it sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import hashlib
from typing import Final

from .errors import PortalError
from .geo import Area
from .models import Window
from .portal_items import Item, Notice, area_json, read_item
from .portal_json import Said
from .portal_log import EntryKind, LogLine
from .serial import canonical, utc_text

UNREADABLE: Final = ""  # the words of what is none, or is not what its entry says


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What an entry of the log published: the item's id and a digest of its words."""

    n: int
    id: str
    words: str


def published(
    known: Sequence[Published], lines: Iterable[LogLine]
) -> tuple[Published, ...]:
    """Return what is known to be published after further lines of a log.

    Of one that was redacted before it was read nothing is known: nobody is offered it.
    """
    more = [one for line in lines if (one := _published(line))]
    return (*known, *more)


def words_digest(
    *, title: str, text: str, recipient: str | None, asked: Said | None
) -> str:
    """Return SHA-256, in hex, of what whoever wrote an item said in it.

    `asked` is what `asked_words` makes of a request, None for a notice. To which cells
    a notice goes is left out: no comment is sealed by them.
    """
    said: Said = {"title": title, "text": text, "recipient": recipient, "asked": asked}
    return hashlib.sha256(canonical(said)).hexdigest()


def asked_words(
    window: Window, area: Area, *, contact: str = "", case_number: str = ""
) -> Said:
    """Return what a request says and a notice does not."""
    return {
        "start": utc_text(window.start),
        "end": utc_text(window.end),
        "area": area_json(area),
        "contact": contact,
        "case_number": case_number,
    }


def _published(line: LogLine) -> Published | None:
    entry, beside = line.entry, line.beside
    if entry.kind != EntryKind.PUBLISHED or entry.id is None or beside is None:
        return None
    try:
        item = read_item(beside.text)
    except PortalError:
        item = None
    fits = item is not None and item.id == entry.id
    words = _words(item) if item and fits else UNREADABLE
    return Published(n=entry.n, id=entry.id, words=words)


def _words(item: Item) -> str:
    asked = (
        None
        if isinstance(item, Notice)
        else asked_words(
            item.window,
            item.area,
            contact=item.contact,
            case_number=item.case_number,
        )
    )
    return words_digest(
        title=item.title, text=item.text, recipient=item.recipient, asked=asked
    )
