"""Asking a hub: public pages by GET, the same bytes from every home.

No cookie, no redirect, no header of the hub's is ever sent back to it but an ETag that
is the digest of what it is a tag of, on the day on which that came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
import hashlib
from typing import Final

from aiohttp.hdrs import CONTENT_TYPE, ETAG

from ...base.jws import SignatureError
from ...base.outbound import Door, Origin
from ...base.portal_keys import KeyRing, check_rotations, read_signed
from ...core.errors import PortalError
from ...core.hub_terms import AskTerms, read_ask_terms
from ...core.limits import FEED_MAX
from ...core.portal_feed import FEED_TYPE, HEAD_TYPE, Feed, read_feed, read_head
from ...core.portal_items import CELL
from ...core.portal_json import Fields, read_json
from ...core.portal_key_line import named_in
from ...core.portal_log import Head, LogLine, read_line
from ...core.portal_slots import slot_length
from ...core.storage import read_origin

PATH: Final = "/api/clip_consent/portal/v1"
CELLS_MAX: Final = 1024  # of a hub
# a feed of FEED_MAX bytes, in base64 and signed
_BODY_MAX: Final = FEED_MAX * 4 // 3 + 2048
_INFO: Final = "portal_info_invalid"
_HEAD: Final = "portal_log_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer: 200 with a body, or 304 with none."""

    status: int
    body: bytes
    digest: str
    tagged: bool  # its ETag is that digest


@dataclass(frozen=True, slots=True, kw_only=True)
class HubInfo:
    """What a home needs of what a hub says of itself: the operator's words too."""

    ring: KeyRing
    rotations: tuple[str, ...]  # by which its keys follow from the first one
    head: str  # the newest of its log, signed: `read_head_of` tells whether it holds
    name: str
    operator: str
    cells: tuple[str, ...]
    slot: int  # seconds, as taken
    may_ask: bool  # it takes requests of neighbours
    terms: AskTerms
    storage: str | None  # where it has answers kept, if not itself; its log counts


def hub_door(entered: frozenset[Origin]) -> Door:
    """Return the way to hubs: public ones, and what the owner entered with a warning.

    As all ways out, it follows no redirect and keeps no cookie.
    """
    return Door(
        entered=entered, public=True, fail=lambda code, permanent: PortalError(code)
    )


class HubClient:
    """One hub's public pages. Raises PortalError if they cannot be had."""

    def __init__(self, door: Door, url: str) -> None:
        """Keep the way and the hub's address, without a path."""
        self._door = door
        self.base = f"{url}{PATH}"

    async def async_get(self, path: str, *, etag: str | None = None) -> Fetched:
        """Fetch a page, or be told that it still has this digest."""
        headers: dict[str, str] = {"If-None-Match": f'"{etag}"'} if etag else {}
        async with self._door.request(
            "GET", f"{self.base}{path}", headers=headers
        ) as answer:
            if answer.status == 304 and etag:
                return Fetched(status=304, body=b"", digest=etag, tagged=True)
            if answer.status != 200:
                raise PortalError("portal_unavailable")
            body = await answer.async_read(max_bytes=_BODY_MAX)
            tag = answer.headers.get(ETAG)
        digest = hashlib.sha256(body).hexdigest()
        return Fetched(
            status=200, body=body, digest=digest, tagged=tag == f'"{digest}"'
        )

    async def async_post(self, path: str, body: bytes) -> None:
        """Send JSON; what the hub answers is not heard."""
        headers: dict[str, str] = {CONTENT_TYPE: "application/json"}
        async with self._door.request(
            "POST", f"{self.base}{path}", headers=headers, body=body
        ):
            pass


def read_info(body: bytes, hub: str | None) -> HubInfo:
    """Read what a hub says of itself; `hub` is the one it has to be, None for any.

    Raises PortalError `portal_info_invalid`, `portal_version`, `portal_keys_invalid`,
    and `portal_other_hub` if it is another one.
    """
    fields = Fields(read_json(body, _INFO), _INFO)
    fields.version()
    name = fields.text("hub")
    if hub is not None and name != hub:
        raise PortalError("portal_other_hub")
    rotations = fields.list("rotations")
    ring = check_rotations(name, fields.json("first_key"), rotations)
    cells = [cell for cell in fields.list("cells") if isinstance(cell, str)]
    if (
        not 1 <= len(cells) <= CELLS_MAX
        or not all(map(CELL.fullmatch, cells))
        or len({len(cell) for cell in cells}) > 1
    ):
        raise PortalError(_INFO)
    return HubInfo(
        ring=ring,
        rotations=tuple(map(str, rotations)),  # that is what was checked
        head=fields.text("head"),
        name=fields.text("name"),
        operator=fields.text("operator"),
        cells=tuple(sorted(set(cells))),
        slot=slot_length(fields.number("slot_seconds")),
        may_ask=fields.json("neighbours_may_ask") is True,
        terms=read_ask_terms(fields.json("limits")),
        storage=read_origin(fields.json("storage")),
    )


def read_head_of(info: HubInfo, now: datetime) -> Head:
    """Return the head that a hub says its log has. Raises PortalError: `read_log`."""
    payload = _signed(info.head.encode(), info.ring, HEAD_TYPE, now)
    return read_head(payload, hub=info.ring.hub)


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """A page of the log, the signed head that it came with, and all keys by now."""

    lines: tuple[LogLine, ...]
    head: Head
    ring: KeyRing


def read_log(body: bytes, ring: KeyRing, listed: int, now: datetime) -> LogPage:
    """Read a page of the log, of whose keys the pages before had `listed`.

    A key that followed since `/info` is in it, and may have signed its head.

    Raises PortalError `portal_log_invalid`, `portal_signature`, `portal_other_hub`, and
    `portal_fork` for a log that is the hub's and names a key that does not follow.
    """
    fields = Fields(read_json(body, _HEAD), _HEAD)
    fields.version()
    lines = tuple(map(read_line, fields.list("entries")))
    newer = _followed(ring, lines, listed)
    token = fields.text("head").encode()
    payload = _signed(token, newer or ring, HEAD_TYPE, now)
    head = read_head(payload, hub=ring.hub)
    if newer is None:
        raise PortalError("portal_fork")
    return LogPage(lines=lines, head=head, ring=newer)


def _followed(ring: KeyRing, lines: Sequence[LogLine], listed: int) -> KeyRing | None:
    """Return the keys there are after lines of the log, None if one does not follow."""
    missing = len(ring.keys) - 1 - listed  # that were told of, and are still to come
    try:
        return ring.followed_by(named_in(lines)[missing:])
    except PortalError:
        return None


def read_feed_of(body: bytes, ring: KeyRing, cell: str, now: datetime) -> Feed:
    """Read a cell's feed. Raises PortalError."""
    payload = _signed(body, ring, FEED_TYPE, now)
    return read_feed(payload, hub=ring.hub, cell=cell, now=now)


def _signed(token: bytes, ring: KeyRing, typ: str, now: datetime) -> bytes:
    try:
        return read_signed(token, ring, typ=typ, now=now)
    except SignatureError as err:
        raise PortalError("portal_signature") from err
