"""Recordings of UniFi Protect, through Home Assistant's own integration of it.

The console gives the film of any span, but no list of what it has. So this looks: a
small picture of a recorded moment is asked for at many moments of a window, and only
what lies between two moments that were there is taken for footage.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
import re
from typing import Any, Final, Protocol

from homeassistant.core import HomeAssistant, callback
from yarl import URL

from ...core.detections import Detection
from ...core.errors import SourceError
from ...core.health import HealthState, SourceHealth
from ...core.models import Camera, Piece, Window
from ...core.recorder_clock import recorder_moment
from ...core.text import fault
from .media_fetch import HomeFetch
from .media_link import linked
from .media_memory import Memory

SETTLED: Final = timedelta(seconds=30)  # what is newer is still being written
STEPS: Final = (15, 30, 60, 120, 300, 600)  # seconds from one look to the next
GRID: Final = 96  # looks of a window, beside those at what was detected
EDGE: Final = 2.0  # seconds within which a begin or an end is found
PAGE: Final = 500  # events that are asked for at once, of all cameras
PAGES: Final = 10
PAGE_SECONDS: Final = 30.0
MOST_LOOKS: Final = 400
_AT_ONCE: Final = 3
_SEEN_SECONDS: Final = 600.0
_UNSEEN_SECONDS: Final = 60.0
_WIDTH: Final = 320  # pixels of a small picture
_LAST: Final = timedelta(seconds=1)  # a window's last look: its end is not in it
_LATEST: Final = 32503680000000  # ms since 1970: the year 3000
_LABEL: Final = 64  # characters
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_JPEG: Final = b"\xff\xd8\xff"


class Detected(StrEnum):
    """What a console calls what it saw or heard; the rest is about the console."""

    MOTION = "motion"
    RING = "ring"
    SMART = "smartDetectZone"
    SMART_LINE = "smartDetectLine"
    SMART_LOITER = "smartDetectLoiterZone"
    SMART_AUDIO = "smartAudioDetect"


class _Stats(Protocol):
    recording_start: datetime | None
    recording_end: datetime | None


class _Console(Protocol):
    """What is used of the client that Home Assistant keeps."""

    is_public_only: bool
    bootstrap: Any  # of another integration's library, which may not be there

    def get_events_raw(
        self,
        *,
        start: datetime,
        end: datetime,
        limit: int,
        types: list[Detected],
    ) -> Awaitable[list[dict[str, Any]]]:
        """Return what was detected, as the console tells it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A camera of a console."""

    entry_id: str
    camera_id: str
    stats: _Stats
    console: _Console

    def path(self, what: str, *times: datetime) -> str:
        """Return a path of Home Assistant's views."""
        named = "/".join(at.astimezone(UTC).isoformat() for at in times)
        return f"/api/unifiprotect/{what}/{self.entry_id}/{self.camera_id}/{named}"


class ProtectFootage:
    """Asks a console for pictures of moments, films of spans and detections."""

    def __init__(
        self,
        hass: HomeAssistant,
        fetch: HomeFetch,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        """Keep the tools."""
        self._hass = hass
        self._fetch = fetch
        self._now = now
        self._seen: Memory[tuple[str, datetime], bool] = Memory(clock)
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def async_find(self, camera: Camera, window: Window) -> tuple[Piece, ...]:
        """Return the spans that are there, each as a piece to be brought.

        Raises SourceError.
        """
        spot = self.spot(camera)
        now = self._now_of(camera)
        kept = _kept(spot, window, now)
        if kept is None:
            return ()
        moments = {*_grid(kept), *await self._async_events_in(spot, kept, now)}
        look = _Looking(lambda at: self._async_is_there(spot, at))
        spans = await look.async_spans(sorted(moments))
        return tuple(_piece(spot, span) for span in spans if span.seconds > 0)

    async def async_left_out(self, camera: Camera, window: Window) -> str | None:
        """Return `recording_still_written` if the window reaches into the present."""
        self.spot(camera)
        newest = self._now_of(camera) - SETTLED
        return "recording_still_written" if window.end > newest else None

    async def async_health(self, camera: Camera) -> SourceHealth:
        """Return that the camera is there, and its newest recording.

        Raises SourceError if it is not.
        """
        spot = self.spot(camera)
        return SourceHealth(state=HealthState.OK, last_seen=spot.stats.recording_end)

    def asked(self, camera: Camera, span: Window) -> str:
        """Return the path of the film of a span. Raises SourceError."""
        return self.spot(camera).path("video", span.start, span.end)

    async def async_picture(self, camera: Camera, at: datetime) -> bytes | None:
        """Return a small picture of a recorded moment, None if there is none."""
        return await self._async_small(self.spot(camera), at)

    async def async_detections(
        self, camera: Camera, window: Window
    ) -> tuple[Detection, ...]:
        """Return what the console detected in a window, in order."""
        spot = self.spot(camera)
        now = self._now_of(camera)
        found = [
            Detection(label=label, window=span)
            for event in await self._async_events(spot, window)
            if (span := _span(event, now)) and span.overlap(window)
            for label in _labels(event)
        ]
        return tuple(sorted(found, key=lambda one: (one.window.start, one.label)))

    def forget(self) -> None:
        """Forget what was looked at."""
        self._seen.clear()

    def _now_of(self, camera: Camera) -> datetime:
        """Return what the console's clock shows now."""
        return recorder_moment(self._now(), camera.clock_ahead)

    @callback
    def spot(self, camera: Camera) -> Spot:
        """Return a camera of a console that answers. Raises SourceError."""
        link = linked(self._hass, camera.source)
        try:
            console: _Console = link.entry.runtime_data.api
            if console.is_public_only:
                raise SourceError("media_api_key_only")
            mac = link.entity.unique_id.partition("_")[0]
            device = console.bootstrap.get_device_from_mac(mac)
            if device is None:
                raise SourceError("media_camera_gone")
            if not _ID.fullmatch(device.id):  # it becomes a part of a path
                raise SourceError("media_recorder_failed")
            if not device.can_read_media(console.bootstrap.auth_user):
                raise SourceError("media_login_refused")
            return Spot(
                entry_id=link.entry.entry_id,
                camera_id=device.id,
                stats=device.stats.video,
                console=console,
            )
        except SourceError:
            raise
        except Exception as err:  # another version of a library that is not ours
            raise SourceError("media_recorder_failed") from err

    async def _async_events(self, spot: Spot, window: Window) -> list[dict[str, Any]]:
        """Return what a camera detected; page by page, since each holds so many.

        It is asked first: a console that is not there would else seem to have nothing.
        """
        found: dict[str, dict[str, Any]] = {}
        start: datetime | None = window.start
        for _ in range(PAGES):
            if start is None:
                break
            page = await self._async_page(spot, start, window.end)
            found |= {
                str(one.get("id")): one for one in page if _is_of(one, spot.camera_id)
            }
            start = _next_page(page, start)
        return list(found.values())

    async def _async_page(
        self, spot: Spot, start: datetime, end: datetime
    ) -> list[dict[str, Any]]:
        try:
            async with asyncio.timeout(PAGE_SECONDS):
                page = await spot.console.get_events_raw(
                    start=start, end=end, limit=PAGE, types=list(Detected)
                )
                return [one for one in page if isinstance(one, dict)]
        except TimeoutError as err:
            raise SourceError("media_slow") from err
        except Exception as err:  # of a library that may not be imported here
            raise SourceError("media_recorder_failed") from err

    async def _async_events_in(
        self, spot: Spot, kept: Window, now: datetime
    ) -> list[datetime]:
        """Return moments in which something was detected: there, something is kept."""
        moments: list[datetime] = []
        for event in await self._async_events(spot, kept):
            span = _span(event, now)
            if span and (part := span.overlap(kept)):
                half = timedelta(seconds=int(part.seconds / 2))
                moments.append((part.start + half).replace(microsecond=0))
        return [at for at in moments if kept.start <= at < kept.end]

    async def _async_is_there(self, spot: Spot, at: datetime) -> bool:
        key = spot.camera_id, at
        if (known := self._seen.get(key)) is not None:
            return known
        async with self._turns:
            seen = await self._async_small(spot, at) is not None
        seconds = _SEEN_SECONDS if seen else _UNSEEN_SECONDS
        return self._seen.keep(key, seen, seconds)

    async def _async_small(self, spot: Spot, at: datetime) -> bytes | None:
        path = URL(spot.path("snapshot", at)).with_query(width=_WIDTH)
        try:
            picture = await self._fetch.async_small(str(path))
        except SourceError as err:
            if err.code == "media_not_there":
                return None
            raise
        return picture if picture.startswith(_JPEG) else None


class _Looking:
    """One search: looks at moments, then for where it begins and ends."""

    def __init__(self, is_there: Callable[[datetime], Awaitable[bool]]) -> None:
        self._is_there = is_there
        self._left = MOST_LOOKS

    async def async_spans(self, moments: Sequence[datetime]) -> list[Window]:
        """Return the spans between moments that were there, the edges looked for."""
        self._left -= len(moments)
        there = await asyncio.gather(*map(self._is_there, moments))
        known = list(zip(moments, there, strict=True))
        edges = await asyncio.gather(
            *(
                self._async_edge(one[0], other[0], begins=other[1])
                for one, other in pairwise(known)
                if one[1] != other[1]
            )
        )
        waiting = iter(edges)
        marks: list[tuple[datetime, bool]] = known[:1]
        for one, other in pairwise(known):
            if one[1] != other[1]:
                marks.append((next(waiting), True))
            marks.append(other)
        return _runs(marks)

    async def _async_edge(
        self, before: datetime, after: datetime, *, begins: bool
    ) -> datetime:
        """Return where footage begins or ends between two moments, by halving.

        Always a moment that was there: nothing is claimed that was not seen.
        """
        while (gap := (after - before).total_seconds()) > EDGE and self._left > 0:
            self._left -= 1
            middle = before + timedelta(seconds=int(gap / 2))
            if await self._is_there(middle) is begins:
                after = middle
            else:
                before = middle
        return after if begins else before


def _kept(spot: Spot, window: Window, now: datetime) -> Window | None:
    """Return what of a window can be there: recorded, and still kept."""
    oldest = spot.stats.recording_start
    start = max(window.start, oldest) if oldest else window.start
    end = min(window.end, (now - SETTLED).replace(microsecond=0))
    return Window(start=start, end=end) if start < end else None


def _runs(marks: Iterable[tuple[datetime, bool]]) -> list[Window]:
    """Return the spans between marks that are there, without a break between them."""
    out: list[Window] = []
    begun: datetime | None = None
    last: datetime | None = None
    for at, there in [*marks, (datetime.max.replace(tzinfo=UTC), False)]:
        if there:
            begun = begun or at
            last = at
        elif begun and last:
            out.append(Window(start=begun, end=last + _LAST))
            begun = None
    return out


def _grid(window: Window) -> list[datetime]:
    """Return the moments of a window that are looked at, its own ends among them.

    The same ones whatever the window, so that a look counts for the next search too.
    """
    step = next((one for one in STEPS if window.seconds <= GRID * one), STEPS[-1])
    first = int(window.start.timestamp() // step + 1) * step
    last = window.end.timestamp() - _LAST.total_seconds()
    between = [
        datetime.fromtimestamp(at, UTC) for at in range(first, int(last) + 1, step)
    ]
    ends = {window.start, max(window.start, window.end - _LAST)}
    return sorted({*between, *ends})


def _is_of(event: dict[str, Any], camera_id: str) -> bool:
    """Tell whether a camera detected this; a motion is told again as what moved."""
    told_again = event.get("type") == Detected.MOTION and event.get("smartDetectEvents")
    return event.get("camera") == camera_id and not told_again


def _next_page(page: Sequence[dict[str, Any]], start: datetime) -> datetime | None:
    """Return from when on there is more, None if this page was the last one."""
    times = [at for one in page if (at := _moment(one.get("start")))]
    if len(page) < PAGE or not times:
        return None
    last = max(times)
    return last if last > start else None


def _span(event: dict[str, Any], now: datetime) -> Window | None:
    """Return when something was detected; what goes on still has no end yet."""
    begin, end = _moment(event.get("start")), _moment(event.get("end"))
    if begin is None:
        return None
    until = end if end and end > begin else now
    return Window(start=begin, end=until) if begin < until else None


def _moment(value: object) -> datetime | None:
    """Return a moment of a console's, which are in ms; None for what is none."""
    if not isinstance(value, int | float) or not 0 <= value <= _LATEST:
        return None
    return datetime.fromtimestamp(value / 1000, UTC)


def _labels(event: dict[str, Any]) -> list[str]:
    """Return what was detected, in the console's own words, as far as they are text."""
    smart = event.get("smartDetectTypes")
    listed = smart if isinstance(smart, list) else []
    told = {one for one in listed if _is_label(one)}
    kind = event.get("type")
    return sorted(told) or ([str(kind)] if _is_label(kind) else [])


def _is_label(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LABEL and not fault(value)


def _piece(spot: Spot, span: Window) -> Piece:
    return Piece(
        path=spot.path("video", span.start, span.end),
        start=span.start,
        seconds=span.seconds,
        remote=True,
    )
