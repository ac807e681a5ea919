"""A place for a recording that is fetched only to learn how long it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import shutil
from tempfile import TemporaryDirectory
from typing import Final

from homeassistant.core import HomeAssistant

from ...base.threads import async_in_thread
from ...const import DOMAIN
from ...core.errors import SourceError

LARGEST: Final = 64 * 2**20  # bytes of a recording that is fetched for its length
RESERVE: Final = 2**29  # bytes of the disk that are left free
_PREFIX: Final = "example-"
_AT_WORK: Final[set[Path]] = set()  # by any form: what else is there is left over


@asynccontextmanager
async def example_file(hass: HomeAssistant) -> AsyncIterator[tuple[Path, int]]:
    """Yield where a recording may be put for a moment, and its bytes at most.

    Raises SourceError `media_no_room`.
    """
    folder = await async_in_thread(_made, Path(hass.config.cache_path(DOMAIN)))
    try:
        room = await async_in_thread(_room, folder.name)
        yield Path(folder.name) / "film", room
    finally:
        await async_in_thread(folder.cleanup)
        _AT_WORK.discard(Path(folder.name))


def clear_examples(cache: Path) -> None:
    """Remove what a crash left there: it is footage. It touches the disk."""
    for folder in cache.glob(f"{_PREFIX}*"):
        if folder not in _AT_WORK:
            shutil.rmtree(folder, ignore_errors=True)


def _made(cache: Path) -> TemporaryDirectory[str]:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        folder = TemporaryDirectory(prefix=_PREFIX, dir=cache)
    except OSError as err:
        raise SourceError("media_no_room") from err
    _AT_WORK.add(Path(folder.name))
    return folder


def _room(folder: str) -> int:
    room = min(LARGEST, shutil.disk_usage(folder).free - RESERVE)
    if room <= 0:
        raise SourceError("media_no_room")
    return room
