"""The recordings of all cameras, by the right clock, whatever their source."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
import logging
from pathlib import Path
from typing import Final

from ..core.detections import Detection
from ..core.errors import SourceError
from ..core.models import Camera, Piece, Window
from ..core.partly import PartlyFoundError
from ..core.ports import Bring, Progress, Source
from ..core.recorder_clock import recorder_moment, recorder_pieces, recorder_window

LOOK_SECONDS: Final = 180.0  # for all that is asked of a camera at once
BRING_SECONDS: Final = 300.0  # and twice as long as what is brought
_LEAST: Final = 2**26  # bytes that may be brought, however little it shows
_PER_SECOND: Final = 2**31 / 600  # bytes more; no camera records so much
_MOST: Final = 6 * 2**30  # bytes: of the room for drafts, others have the rest
_SLOW: Final = {"folder": "folder_slow", "frigate": "frigate_slow"}
_WHOLE_FILES: Final = 7200.0  # seconds that files may show around what is wanted

_LOGGER = logging.getLogger(__name__)


class Recordings:
    """Asks the source of a camera, and says what goes wrong as that camera's problem.

    Times are the home's: where a recorder's clock is off, that is put right here.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        """Keep the sources, by kind."""
        self._sources = sources

    async def async_found(
        self, camera: Camera, window: Window
    ) -> tuple[tuple[Piece, ...], str | None]:
        """Return a camera's recordings in a window, and why some are missing if so.

        Raises SourceError if all are.
        """
        problem: str | None = None
        async with _problem_of(camera, LOOK_SECONDS):
            try:
                found = await self._source(camera).async_find(
                    camera, recorder_window(window, camera.clock_ahead)
                )
            except PartlyFoundError as err:
                found, problem = err.pieces, err.code
        return recorder_pieces(found, -camera.clock_ahead), problem

    async def async_pieces(self, camera: Camera, window: Window) -> tuple[Piece, ...]:
        """Return what can be had of a camera's recordings. Raises SourceError."""
        found, _ = await self.async_found(camera, window)
        return found

    async def async_left_out(self, camera: Camera, window: Window) -> str | None:
        """Return why a recording was left out. Raises SourceError."""
        async with _problem_of(camera, LOOK_SECONDS):
            return await self._source(camera).async_left_out(
                camera, recorder_window(window, camera.clock_ahead)
            )

    async def async_picture(self, camera: Camera, at: datetime) -> bytes | None:
        """Return a small JPEG that the source itself has of a moment, or None.

        Raises SourceError.
        """
        async with _problem_of(camera, LOOK_SECONDS):
            return await self._source(camera).async_picture(
                camera, recorder_moment(at, camera.clock_ahead)
            )

    async def async_detections(
        self, camera: Camera, window: Window
    ) -> tuple[Detection, ...]:
        """Return what the recorder saw in a window, in order. Raises SourceError."""
        async with _problem_of(camera, LOOK_SECONDS):
            seen = await self._source(camera).async_detections(
                camera, recorder_window(window, camera.clock_ahead)
            )
        return tuple(
            replace(one, window=recorder_window(one.window, -camera.clock_ahead))
            for one in seen
        )

    def bring(
        self, camera: Camera, pieces: Sequence[Piece], window: Window
    ) -> Bring | None:
        """Return what makes files on this machine of pieces; None if they are some."""
        if not any(piece.remote for piece in pieces):
            return None
        seconds = sum(piece.seconds for piece in pieces)
        seconds = min(seconds, window.seconds + _WHOLE_FILES)
        most = _LEAST + _PER_SECOND * seconds

        async def async_bring(
            folder: Path, max_bytes: int, progress: Progress
        ) -> tuple[Piece, ...]:
            async with _problem_of(camera, BRING_SECONDS + 2 * seconds):
                brought = await self._source(camera).async_bring(
                    camera,
                    recorder_pieces(pieces, camera.clock_ahead),
                    window=recorder_window(window, camera.clock_ahead),
                    folder=folder,
                    max_bytes=min(max_bytes, int(most), _MOST),
                    progress=progress,
                )
            return recorder_pieces(brought, -camera.clock_ahead)

        return async_bring

    def _source(self, camera: Camera) -> Source:
        source = self._sources.get(camera.source_kind)
        if source is None:
            raise SourceError("source_unknown")
        return source


@asynccontextmanager
async def _problem_of(camera: Camera, seconds: float) -> AsyncIterator[None]:
    """Take whatever goes wrong with a camera for a problem of that camera alone.

    The others are looked at all the same, and somebody is asked. A recorder that
    answers a byte at a time is one that does not answer.
    """
    try:
        async with asyncio.timeout(seconds) as deadline:
            yield
    except SourceError:
        raise
    except Exception as err:
        if deadline.expired():
            raise SourceError(_SLOW.get(camera.source_kind, "media_slow")) from err
        _LOGGER.exception("Looking for recordings of %s failed", camera.name)
        raise SourceError("source_failed") from err
