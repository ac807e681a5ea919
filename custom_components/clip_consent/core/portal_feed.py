"""The feed of a cell, and the head of a log: what a hub signs; sections 3 and 4."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .errors import PortalError
from .portal_json import Fields, Said, read_json
from .portal_log import Beside, Head
from .serial import Json, canonical, utc_text

FEED_TYPE: Final = "clip-consent-feed+jws"
HEAD_TYPE: Final = "clip-consent-log-head+jws"
_FEED: Final = "portal_feed_invalid"
_HEAD: Final = "portal_log_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An open item: entry `n` of the log has this text."""

    n: int
    beside: Beside


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """All open items of a cell."""

    hub: str
    cell: str
    seq: int
    issued: datetime
    expires: datetime
    head: Head
    items: tuple[Listed, ...]


def feed_payload(feed: Feed) -> bytes:
    """Return what is signed of a feed."""
    return canonical(
        {
            "version": 1,
            "hub": feed.hub,
            "cell": feed.cell,
            "seq": feed.seq,
            "issued": utc_text(feed.issued),
            "expires": utc_text(feed.expires),
            "head": _head_json(feed.head),
            "items": [
                {
                    "n": listed.n,
                    "salt": listed.beside.salt.hex(),
                    "text": listed.beside.text,
                }
                for listed in feed.items
            ],
        }
    )


def read_feed(payload: bytes, *, hub: str, cell: str, now: datetime) -> Feed:
    """Read a feed whose signature holds.

    Raises PortalError: `portal_feed_invalid`, `portal_version`, `portal_other_hub`
    for what is of another hub or cell, `portal_feed_expired`.
    """
    fields = Fields(read_json(payload, _FEED), _FEED)
    fields.version()
    feed = Feed(
        hub=fields.text("hub"),
        cell=fields.text("cell"),
        seq=fields.number("seq"),
        issued=fields.time("issued"),
        expires=fields.time("expires"),
        head=_read_head(fields.json("head"), _FEED),
        items=tuple(map(_listed, fields.list("items"))),
    )
    if (feed.hub, feed.cell) != (hub, cell):
        raise PortalError("portal_other_hub")
    if feed.expires <= now:
        raise PortalError("portal_feed_expired")
    return feed


def head_payload(head: Head, *, hub: str, at: datetime) -> bytes:
    """Return what is signed of a log's head."""
    said = _head_json(head)
    return canonical({**said, "version": 1, "hub": hub, "at": utc_text(at)})


def read_head(payload: bytes, *, hub: str) -> Head:
    """Read a head whose signature holds.

    Raises PortalError: `portal_log_invalid`, `portal_version`, `portal_other_hub`.
    """
    said = read_json(payload, _HEAD)
    fields = Fields(said, _HEAD)
    fields.version()
    if fields.text("hub") != hub:
        raise PortalError("portal_other_hub")
    return _read_head(said, _HEAD)


def _head_json(head: Head) -> Said:
    return {"n": head.n, "hash": head.hash}


def _read_head(said: Json, code: str) -> Head:
    fields = Fields(said, code)
    return Head(n=fields.number("n"), hash=fields.digest("hash"))


def _listed(said: Json) -> Listed:
    fields = Fields(said, _FEED)
    salt = fields.text("salt")
    try:
        beside = Beside(salt=bytes.fromhex(salt), text=fields.text("text"))
    except ValueError as err:
        raise PortalError(_FEED) from err
    return Listed(n=fields.number("n"), beside=beside)
