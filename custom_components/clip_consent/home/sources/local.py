"""What sources have in common whose recordings are files on this machine."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from ...core.detections import Detection
from ...core.models import Camera, Piece, Window
from ...core.ports import Progress


class LocalFiles:
    """Recordings that need not be brought, and that say nothing of what is in them."""

    async def async_bring(
        self,
        camera: Camera,
        pieces: Sequence[Piece],
        *,
        window: Window,
        folder: Path,
        max_bytes: int,
        progress: Progress,
    ) -> tuple[Piece, ...]:
        """Return the pieces: they are here."""
        return tuple(pieces)

    async def async_picture(self, camera: Camera, at: datetime) -> bytes | None:
        """Return None: pictures are taken from the files."""
        return None

    async def async_detections(
        self, camera: Camera, window: Window
    ) -> tuple[Detection, ...]:
        """Return nothing: files do not say what is in them."""
        return ()
