"""Recordings of Reolink cameras, through Home Assistant's own integration of them.

A camera lists the files of a day by its own clock. Whole files are fetched.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import groupby
import re
from typing import Any, Final, Protocol

from homeassistant.core import HomeAssistant, callback

from ...core.clips import joined
from ...core.errors import SourceError
from ...core.health import HealthState, SourceHealth
from ...core.models import Camera, Piece, Window
from ...core.recorder_clock import recorder_moment
from .media_browse import PREFIX, Browser, Item
from .media_link import REOLINK, linked
from .naming import readings

STREAMS: Final = ("main", "sub", "autotrack_main", "autotrack_sub")
SETTLED: Final = timedelta(seconds=30)
_DAY: Final = timedelta(days=1)
_PAST_SECONDS: Final = 600.0  # for which the list of a day that is over is kept
_WHOLE: Final = (".mp4", ".vref")  # such a file comes whole, in however many parts
_ID_LENGTH: Final = 3  # characters at most of a channel; what is longer is an id
_TIME: Final = re.compile(r"[0-9]{14}", re.ASCII)


class _Client(Protocol):
    is_nvr: bool
    is_hub: bool
    hdd_info: Any

    def supported(self, channel: int, what: str) -> bool:
        """Tell whether a channel can do that."""

    def channel_for_uid(self, uid: str) -> int:
        """Return a camera's channel, below zero if it is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A channel of a camera or recorder, and the stream that is wanted of it."""

    entry_id: str
    channel: int
    stream: str
    client: _Client

    def day(self, day: date) -> str:
        """Return the media id of a day's recordings."""
        named = f"{self.entry_id}|{self.channel}|{self.stream}"
        return f"{PREFIX}{REOLINK}/DAY|{named}|{day.year}|{day.month}|{day.day}"

    def has_file(self, media_id: str) -> bool:
        """Tell whether a recording comes as a file, not as a stream that plays."""
        comes = self.client.is_nvr or self.client.is_hub
        return comes or _name(media_id).endswith(_WHOLE)


class ReolinkFootage:
    """Lists the files of a camera's days."""

    def __init__(
        self,
        hass: HomeAssistant,
        browser: Browser,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """Keep the tools."""
        self._hass = hass
        self._browser = browser
        self._now = now

    async def async_find(
        self, camera: Camera, window: Window, zone: tzinfo
    ) -> tuple[Piece, ...]:
        """Return the files that overlap a window. Raises SourceError."""
        spot = self.spot(camera)
        now = recorder_moment(self._now(), camera.clock_ahead)
        newest = now - SETTLED
        found = [
            piece
            for day in _days(window, zone)
            for piece in await self._async_day(spot, day, zone, now)
            if piece.window.end <= newest
        ]
        pieces = joined(piece for piece in found if piece.window.overlap(window))
        return tuple(piece for piece in pieces if piece.window.overlap(window))

    async def async_left_out(
        self, camera: Camera, window: Window, zone: tzinfo
    ) -> str | None:
        """Return why a file of a window is not used, None if none is left out."""
        spot = self.spot(camera)
        now = recorder_moment(self._now(), camera.clock_ahead)
        newest = now - SETTLED
        if window.end > newest:
            return "recording_still_written"
        for day in _days(window, zone):
            for piece in await self._async_day(spot, day, zone, now):
                if piece.window.end > newest and piece.window.overlap(window):
                    return "recording_still_written"
        return None

    async def async_health(self, camera: Camera, zone: tzinfo) -> SourceHealth:
        """Return that the camera is there, and what it has of today.

        Raises SourceError if it is not.
        """
        spot = self.spot(camera)
        now = recorder_moment(self._now(), camera.clock_ahead)
        today = now.astimezone(zone).date()
        files = await self._async_day(spot, today, zone, now)
        ends = [piece.window.end for piece in files]
        return SourceHealth(
            state=HealthState.OK, files=len(files), last_seen=max(ends, default=None)
        )

    @callback
    def spot(self, camera: Camera) -> Spot:
        """Return a channel that records. Raises SourceError."""
        link = linked(self._hass, camera.source)
        try:
            client: _Client = link.entry.runtime_data.host.api
            named = link.entity.unique_id.split("_")[1]
            channel = (
                client.channel_for_uid(named) if len(named) > _ID_LENGTH else int(named)
            )
            if channel < 0:
                raise SourceError("media_camera_gone")
            if not client.supported(channel, "replay") or not client.hdd_info:
                raise SourceError("media_no_storage")
        except SourceError:
            raise
        except Exception as err:  # another version of a library that is not ours
            raise SourceError("media_recorder_failed") from err
        stream = camera.source.get("stream") or STREAMS[0]
        return Spot(
            entry_id=link.entry.entry_id,
            channel=channel,
            stream=stream,
            client=client,
        )

    async def _async_day(
        self, spot: Spot, day: date, zone: tzinfo, now: datetime
    ) -> list[Piece]:
        """Return the files that a camera lists under a day of its own clock."""
        over = now.astimezone(zone).date() - day > _DAY
        items = await self._browser.async_items(
            spot.day(day), **({"seconds": _PAST_SECONDS} if over else {})
        )
        return _whole(_pieces(items, zone))


def _days(window: Window, zone: tzinfo) -> list[date]:
    """Return the days whose lists may name a file of a window.

    A file is listed under the day in which it begins.
    """
    first = window.start.astimezone(zone).date() - _DAY
    last = window.end.astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _pieces(items: Iterable[Item], zone: tzinfo) -> list[Piece]:
    """Return the files among what a day holds; what names no time is none."""
    out: list[Piece] = []
    for item in items:
        start, end = (_moment(part, item, zone) for part in _times(item))
        if item.film and start and end and start < end:
            seconds = (end - start).total_seconds()
            out.append(
                Piece(path=item.media_id, start=start, seconds=seconds, remote=True)
            )
    return sorted(out, key=lambda piece: (piece.start, piece.path))


def _whole(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the parts of one file as one: it comes whole, whichever is asked for."""
    out: list[Piece] = []
    for name, parts in groupby(pieces, key=lambda piece: _name(piece.path)):
        some = list(parts)
        if not name.endswith(_WHOLE):
            out += some
            continue
        end = max(piece.window.end for piece in some)
        seconds = (end - some[0].start).total_seconds()
        out.append(
            Piece(path=some[0].path, start=some[0].start, seconds=seconds, remote=True)
        )
    return out


def _name(media_id: str) -> str:
    """Return the recorder's own name of a file."""
    return "|".join(media_id.split("|")[4:-2])


def _times(item: Item) -> tuple[str, str]:
    parts = item.media_id.split("|")
    return (parts[-2], parts[-1]) if len(parts) > 6 else ("", "")


def _moment(text: str, item: Item, zone: tzinfo) -> datetime | None:
    """Return a camera's own time in UTC.

    In the hour that a clock change repeats, the file's name says which one it is, where
    it has one: those of summer time hold DST.
    """
    if not _TIME.fullmatch(text):
        return None
    try:
        wall = datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007
    except ValueError:
        return None
    first, second = readings(wall, zone)
    name = _name(item.media_id)
    later = second is not None and name.endswith(_WHOLE) and "_DST" not in name
    return datetime.fromtimestamp(second if later and second else first, UTC)
