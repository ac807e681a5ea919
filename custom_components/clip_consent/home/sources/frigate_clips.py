"""Clips on their way from Frigate to a file: streamed, capped, and looked at.

Frigate begins to answer before it has cut a clip. If that fails on the way, the answer
ends as if all were well: empty, or with a part of the clip. So only a whole file that
is as long as it was promised counts.
"""

import asyncio
from collections.abc import Awaitable, Callable
import errno
from pathlib import Path
from typing import Final

from ...base.threads import async_in_thread
from ...core.errors import MediaError, SourceError
from ...core.ports import Progress
from .frigate_access import FrigateAccess
from .frigate_client import FrigateClient
from .frigate_files import is_whole
from .frigate_segments import Clip
from .to_disk import BUFFER, async_to_disk

type Measure = Callable[[str], Awaitable[float]]

_SHORTER: Final = 1.0  # seconds that a clip may lack: the rounding of names
_LONGER: Final = 3.0  # seconds that it may be too long: of the segment after it
_PATIENCE: Final = 120.0  # seconds, and twice as long as what is shown
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT}


async def async_bring_clip(
    client: FrigateClient,
    access: FrigateAccess,
    camera: str,
    clip: Clip,
    *,
    path: Path,
    max_bytes: int,
    measure: Measure,
    progress: Progress,
) -> int:
    """Write a clip to a new file; return its size.

    Raises SourceError: `frigate_…`, `disk_full`, `draft_folder_failed`.
    """
    where = f"{camera}/start/{clip.after:.6f}/end/{clip.before:.6f}/clip.mp4"
    try:
        async with (
            asyncio.timeout(_PATIENCE + 2 * clip.seconds),
            client.request(access, where) as answer,
        ):
            if answer.status != 200:
                raise SourceError("frigate_clip_failed")
            expected = max(clip.size, BUFFER)
            size = await async_to_disk(
                answer.pieces(max_bytes=max_bytes),
                path,
                told=lambda done: progress(min(done / expected, 1.0)),
                refused=_refused,
            )
            progress(1.0)
    except TimeoutError:
        raise SourceError("frigate_slow") from None
    await _async_check(path, clip, measure)
    return size


async def _async_check(path: Path, clip: Clip, measure: Measure) -> None:
    """Raise SourceError unless a clip is there whole, and as long as promised."""
    if not await async_in_thread(is_whole, path):
        raise SourceError("frigate_clip_failed")
    try:
        seconds = await measure(str(path))
    except MediaError as err:
        raise SourceError("frigate_clip_failed") from err
    if not -_SHORTER <= seconds - clip.seconds <= _LONGER:
        raise SourceError("frigate_clip_failed")


def _refused(err: OSError) -> SourceError:
    full = err.errno in _NO_ROOM
    return SourceError("disk_full" if full else "draft_folder_failed")
