"""The newest footage of a home: what a test request asks for."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from ..core.errors import NotFoundError, SourceError
from ..core.models import Camera, Piece, Window

TEST_DAYS: Final = 7  # a camera that films only what moves may have none of today
TEST_LENGTH: Final = timedelta(seconds=30)
_DAY: Final = timedelta(days=1)

type Find = Callable[[Camera, Window], Awaitable[Sequence[Piece]]]


async def async_newest_footage(
    cameras: Iterable[Camera], find: Find, now: datetime
) -> Window:
    """Return the end of the newest recording of cameras that may be offered.

    At most half a minute of it. Raises NotFoundError `no_camera`, `no_footage`.
    """
    offered = [camera for camera in cameras if camera.offered]
    if not offered:
        raise NotFoundError("no_camera")
    for days in range(TEST_DAYS):
        end = now - days * _DAY
        day = Window(start=end - _DAY, end=end)
        found = [last for one in offered if (last := await _async_last(one, find, day))]
        if found:
            newest = max(found, key=lambda window: window.end)
            start = max(newest.start, newest.end - TEST_LENGTH)
            return Window(start=start, end=newest.end)
    raise NotFoundError("no_footage")


async def _async_last(camera: Camera, find: Find, day: Window) -> Window | None:
    with suppress(SourceError):
        if pieces := await find(camera, day):
            return pieces[-1].window
    return None
