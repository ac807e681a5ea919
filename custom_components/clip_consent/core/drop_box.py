"""The drop box of a hub: its limits, and what is kept of an upload beside its bytes.

An upload is one line of what it is to be and one line for each time that more of it was
safely on the disk. What a power cut leaves of the last line counts for nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
import json
from typing import Final

from .errors import ClipConsentError
from .hub_settings import DROP_MAX, DROPS_MAX, HubLimits
from .limits import CIPHERTEXT_KEPT
from .serial import Json, canonical, stated, utc_text, utc_time

STILL: Final = timedelta(hours=24)  # until an upload goes to which nothing was added
UNFINISHED: Final = timedelta(days=7)  # until one goes that never came to its end
DAY: Final = timedelta(days=1)
VERSION: Final = 1
# Bits of IPv6 that stand for one sender: a line gets 56 or 64 of its own (RFC 6177,
# RIPE-690), so more would hand one house 256 addresses to begin anew with.
_PROVIDER_PREFIX: Final = 56


@dataclass(frozen=True, slots=True, kw_only=True)
class DropLimits:
    """What a drop box takes: sizes in bytes, the rest is counted.

    Only what really came counts for the sizes of a request and of the hub: what is
    merely announced costs the sender nothing, and must not shut others out. For an
    address what is announced counts. So do whole uploads for the numbers: of those that
    are not, the one with the fewest bytes makes way when there are too many.
    """

    upload_bytes: int = DROP_MAX
    request_bytes: int = DROPS_MAX // 2
    hub_bytes: int = DROPS_MAX
    address_bytes: int = 8 * 2**30  # in a day
    request_uploads: int = 10_000  # whole
    hub_uploads: int = 20_000  # whole
    unfinished: int = 2000
    address_uploads: int = 50  # in a day
    writers: int = 400  # at once
    address_writers: int = 16  # at once
    disk_free: int = 2**30  # what the disk keeps for the rest of the house


def drop_limits(limits: HubLimits) -> DropLimits:
    """Return the limits of a hub's drop box; one request takes no more than half."""
    return DropLimits(
        upload_bytes=limits.drop_max_bytes,
        request_bytes=limits.drops_max_bytes // 2,
        hub_bytes=limits.drops_max_bytes,
    )


class DropRefusal(StrEnum):
    """Why the drop box does not do what it was asked."""

    CONFLICT = "conflict"  # the offset is another one
    LOCKED = "locked"  # somebody else is writing
    TOO_LARGE = "too_large"  # for this hub, whoever sends it
    FULL = "full"  # a limit is reached: there may be room later
    BUSY = "busy"  # too many are writing
    CUT = "cut"  # the rest did not come, or too slowly


class DropRefusedError(ClipConsentError):
    """The drop box does not do it; what had come is kept. Only programs are told."""

    def __init__(self, refusal: DropRefusal) -> None:
        """Keep the reason."""
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An upload: `offset` of its `length` bytes are safely here since `moved_at`.

    With a `place` its bytes are in that object store: all of them, or none. One that is
    `gone` is over, and kept until the store has nothing of it any more.
    """

    upload_id: str
    request_id: str
    length: int
    begun_at: datetime
    moved_at: datetime
    offset: int = 0
    read: int = 0  # how often its last byte went out
    place: str | None = None
    gone: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all of it is here."""
        return self.offset == self.length

    @property
    def expires_at(self) -> datetime:
        """When it goes, if nothing happens."""
        if self.is_whole:
            return self.moved_at + CIPHERTEXT_KEPT
        return min(self.moved_at + STILL, self.begun_at + UNFINISHED)


def moved(upload: Upload, offset: int, now: datetime) -> Upload:
    """Return an upload of which so many bytes are here now."""
    return replace(upload, offset=offset, moved_at=stated(now))


def head_line(upload: Upload) -> bytes:
    """Return the line that an upload begins with."""
    said: dict[str, Json] = {
        "version": VERSION,
        "request": upload.request_id,
        "length": upload.length,
        "begun_at": utc_text(upload.begun_at),
    }
    if upload.place:
        said["place"] = upload.place
    return canonical(said) + b"\n"


def step_line(upload: Upload) -> bytes:
    """Return the line that says how far an upload is."""
    said: dict[str, Json] = {
        "offset": upload.offset,
        "moved_at": utc_text(upload.moved_at),
        "read": upload.read,
    }
    if upload.gone:
        said["gone"] = True
    return canonical(said) + b"\n"


def read_lines(upload_id: str, data: bytes) -> tuple[Upload, int] | None:
    """Return an upload by its lines, and how many bytes of them count.

    None if not even the first line does.
    """
    head, *rest = data.split(b"\n")
    try:
        upload = _read_head(upload_id, _fields(head))
    except ValueError:
        return None
    if not rest:
        return None
    counted = len(head) + 1
    for line in rest[:-1]:
        try:
            upload = _read_step(upload, _fields(line))
        except ValueError:
            break
        counted += len(line) + 1
    return upload, counted


def _fields(line: bytes) -> dict[str, Json]:
    fields: Json = json.loads(line)
    if not isinstance(fields, dict):
        raise ValueError("not an object")  # noqa: TRY004
    return fields


def _read_head(upload_id: str, fields: dict[str, Json]) -> Upload:
    if fields.get("version") != VERSION:
        raise ValueError("another version")
    begun_at = _time(fields, "begun_at")
    return Upload(
        upload_id=upload_id,
        request_id=_text(fields, "request"),
        length=_count(fields, "length"),
        begun_at=begun_at,
        moved_at=begun_at,
        place=_text(fields, "place") if "place" in fields else None,
    )


def _read_step(upload: Upload, fields: dict[str, Json]) -> Upload:
    offset = _count(fields, "offset")
    if offset > upload.length:
        raise ValueError("beyond the end")
    return replace(
        upload,
        offset=offset,
        moved_at=_time(fields, "moved_at"),
        read=_count(fields, "read"),
        gone=fields.get("gone") is True,
    )


def _text(fields: dict[str, Json], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise ValueError(name)  # noqa: TRY004
    return value


def _time(fields: dict[str, Json], name: str) -> datetime:
    return utc_time(_text(fields, name))


def _count(fields: dict[str, Json], name: str) -> int:
    value = fields.get(name)
    if type(value) is not int or value < 0:
        raise ValueError(name)
    return value


def address_key(address: str | None) -> str | None:
    """Return what stands for an address: IPv6 by its network.

    None for one that is not of the open Internet: behind it may be a proxy that does
    not say for whom it asks, so all would share one limit.
    """
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if not found.is_global:
        return None
    if isinstance(found, IPv4Address):
        return str(found)
    return str(IPv6Network((int(found), _PROVIDER_PREFIX), strict=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An upload that an address began: when by the stopwatch, and its length."""

    at: float
    length: int


def of_a_day(begun: Iterable[Begun], now: float) -> tuple[Begun, ...]:
    """Return those of the last 24 hours."""
    since = now - DAY.total_seconds()
    return tuple(each for each in begun if each.at > since)


def address_has_room(begun: Iterable[Begun], length: int, limits: DropLimits) -> bool:
    """Tell whether an address may begin one more; `begun` are those of the day."""
    lengths = [each.length for each in begun]
    return (
        len(lengths) < limits.address_uploads
        and sum(lengths) + length <= limits.address_bytes
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many whole uploads there are, and how many bytes of all."""

    uploads: int = 0
    size: int = 0


def has_room(*, request: Taken, hub: Taken, length: int, limits: DropLimits) -> bool:
    """Tell whether a request and the hub have room for one more upload."""
    return (
        request.uploads < limits.request_uploads
        and hub.uploads < limits.hub_uploads
        and has_bytes(request=request, hub=hub, size=length, limits=limits)
    )


def has_bytes(*, request: Taken, hub: Taken, size: int, limits: DropLimits) -> bool:
    """Tell whether a request and the hub have room for so many bytes more."""
    return (
        request.size + size <= limits.request_bytes
        and hub.size + size <= limits.hub_bytes
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDelivery:
    """A sealed delivery that came whole, as `deliveries` of a desk shows it.

    `size` in bytes. `read` counts how often its last byte went out.
    """

    delivery_id: str
    size: int
    available_until: datetime
    read: int = 0


def held_delivery(upload: Upload) -> HeldDelivery:
    """Return an upload that came whole, as a delivery."""
    return HeldDelivery(
        delivery_id=upload.upload_id,
        size=upload.length,
        available_until=upload.expires_at,
        read=upload.read,
    )


def delivery_json(delivery: HeldDelivery) -> Json:
    """Return a delivery as desk and inbox tell of it."""
    return {
        "id": delivery.delivery_id,
        "size": delivery.size,
        "available_until": utc_text(delivery.available_until),
    }
