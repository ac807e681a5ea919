"""What is asked of a Frigate instance, by forms and by the source alike."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from ...base.threads import async_in_thread
from ...core.detections import Detection
from ...core.errors import SourceError
from ...core.models import Window
from .frigate_access import FrigateAccess
from .frigate_answers import (
    FrigateCamera,
    read_cameras,
    read_events,
    read_hours,
    read_ids,
    read_segments,
    read_version,
)
from .frigate_client import FrigateClient
from .frigate_segments import Segment

_HOUR: Final = timedelta(hours=1)
_EVENTS: Final = 1000
_EARLIER: Final = timedelta(hours=1)  # a thing may have come that long before a window
_MAX_VERSION: Final = 2**10  # bytes
_MAX_SEGMENTS: Final = 2 * 2**20  # bytes; twelve hours have about one


class FrigateReader:
    """Reads what an instance knows. All of it raises SourceError `frigate_…`."""

    def __init__(self, client: FrigateClient) -> None:
        """Take who talks to it."""
        self.client = client
        # What is read takes far more room than what was answered: one at a time.
        self._reading = asyncio.Lock()

    async def async_version(self, access: FrigateAccess) -> str:
        """Return its version; `frigate_too_old` before 0.14."""
        data = await self.client.async_get(access, "version", max_bytes=_MAX_VERSION)
        return read_version(data)

    async def async_cameras(self, access: FrigateAccess) -> dict[str, FrigateCamera]:
        """Return its cameras, by name."""
        data = await self.client.async_get(access, "config")
        return await self._async_read(read_cameras, data)

    async def async_camera(self, access: FrigateAccess, name: str) -> FrigateCamera:
        """Return one of them; `frigate_camera_unknown` if it is none."""
        known = (await self.async_cameras(access)).get(name)
        if known is None:
            raise SourceError("frigate_camera_unknown")
        return known

    async def async_segments(
        self, access: FrigateAccess, name: str, window: Window
    ) -> list[Segment]:
        """Return the segments of a camera that touch a window."""
        data = await self._async_listed(access, name, window)
        return await self._async_read(read_segments, data, window)

    async def async_ids(
        self, access: FrigateAccess, name: str, window: Window
    ) -> frozenset[str]:
        """Return what it calls the segments of a window; no other instance does so."""
        data = await self._async_listed(access, name, window)
        return await self._async_read(read_ids, data)

    async def async_newest_hour(
        self, access: FrigateAccess, name: str
    ) -> Window | None:
        """Return the last hour of which a camera has recordings, if there is any."""
        hours = await self._async_hours(access, name)
        return Window(start=hours[-1], end=hours[-1] + _HOUR) if hours else None

    async def async_events(
        self, access: FrigateAccess, name: str, window: Window
    ) -> tuple[Detection, ...]:
        """Return what it recognised in a window, in order."""
        after = (window.start - _EARLIER).timestamp()
        data = await self.client.async_get(
            access,
            f"events?cameras={name}&after={after:.6f}"
            f"&before={window.end.timestamp():.6f}"
            f"&limit={_EVENTS}&include_thumbnails=0",
        )
        return await self._async_read(read_events, data, window)

    async def async_span(self, access: FrigateAccess, name: str) -> Window | None:
        """Return from the hour of the oldest to the end of the newest recording."""
        hours = await self._async_hours(access, name)
        if not hours:
            return None
        newest = Window(start=hours[-1], end=hours[-1] + _HOUR)
        segments = await self.async_segments(access, name, newest)
        end = max((one.end for one in segments), default=newest.start.timestamp())
        return Window(start=hours[0], end=datetime.fromtimestamp(end, UTC))

    async def _async_hours(self, access: FrigateAccess, name: str) -> list[datetime]:
        path = f"{name}/recordings/summary?timezone=utc"
        data = await self.client.async_get(access, path)
        return await self._async_read(read_hours, data)

    async def _async_listed(
        self, access: FrigateAccess, name: str, window: Window
    ) -> bytes | None:
        # Both ends, always: left out, they are from when Frigate started.
        start, end = window.start.timestamp(), window.end.timestamp()
        span = f"after={start:.6f}&before={end:.6f}"
        return await self.client.async_get(
            access, f"{name}/recordings?{span}", max_bytes=_MAX_SEGMENTS
        )

    async def _async_read[**P, R](
        self, read: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        async with self._reading:
            return await async_in_thread(read, *args, **kwargs)
