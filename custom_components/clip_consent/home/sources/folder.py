"""Recordings in folders, as any recorder leaves them on a disk that we can read."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
import hashlib
from itertools import islice
import json
import os
from pathlib import Path
import time

from ...core.clips import joined
from ...core.errors import MediaError, SourceError
from ...core.health import HealthState, SourceHealth
from ...core.models import Camera, Piece, Window
from .folder_check import FolderCheck, check_folder
from .folder_index import FileRow
from .folder_threads import FolderThreads
from .folder_upkeep import FOLDERS_AT_ONCE, FolderUpkeep, Probe, Spot
from .folder_walk import Place
from .naming import naming_of

_KEYS = ("folder", "naming", "pattern", "time_zone", "name_is", "camera")
_PAUSE_SECONDS = 0.05  # between the slices of a scan
_STATES = {
    "folder_gone": HealthState.GONE,
    "folder_unreadable": HealthState.NO_ACCESS,
    "folder_slow": HealthState.SLOW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanProgress:
    """How far a scan has come; more folders may be found on the way."""

    done: int
    known: int


class FolderSource:
    """Finds recordings by the time in their names, with an index of its own.

    `Camera.source` has `folder`, `naming`, and where wanted `pattern`, `time_zone`,
    `name_is` and `camera`: what `{camera}` stands for where cameras share a folder.
    """

    def __init__(
        self,
        *,
        index_path: Path,
        probe: Probe,
        time_zone: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Keep what is needed; nothing is opened yet.

        `probe` returns a file's length in seconds and raises MediaError for a broken
        file. `time_zone` is the home's, for cameras that name none.
        """
        self._threads = FolderThreads(index_path)
        self._upkeep = FolderUpkeep(self._threads, probe, clock)
        self._probe = probe
        self._time_zone = time_zone
        self._clock = clock
        self._spots: dict[str, Spot] = {}

    async def async_find(self, camera: Camera, window: Window) -> tuple[Piece, ...]:
        """Return the recordings that overlap the window, in order, no moment twice.

        A file still being written is left out until it is finished. Raises SourceError
        if the folder cannot be looked at, as NamingError if its settings make no sense.
        """
        span = window.start.timestamp(), window.end.timestamp()
        with _speaking_of(camera):
            spot = await self._async_spot(camera.source)
            async with spot.lock:
                await self._upkeep.async_refresh(spot, span)
                rows = await self._upkeep.async_near(spot, span)
        pieces = (_piece(spot, row, row.seconds) for row in rows if row.seconds)
        found = joined(piece for piece in pieces if piece.window.overlap(window))
        return tuple(piece for piece in found if piece.window.overlap(window))

    async def async_left_out(self, camera: Camera, window: Window) -> str | None:
        """Return why a recording near the window was left out, None if none was.

        By what the last `async_find` saw. Raises as it does.
        """
        span = window.start.timestamp(), window.end.timestamp()
        with _speaking_of(camera):
            spot = await self._async_spot(camera.source)
            async with spot.lock:
                return await self._upkeep.async_left_out(spot, span)

    async def async_scan(
        self,
        camera: Camera,
        progress: Callable[[ScanProgress], None] | None = None,
    ) -> None:
        """Bring a camera's whole index up to date, in small slices.

        Folders that have not changed are not listed again. Raises as `async_find`.
        """
        done = 0
        with _speaking_of(camera):
            spot = await self._async_spot(camera.source)
            waiting = await self._upkeep.async_tree(spot, None)
            known = set(waiting)
            while waiting:
                some = dict(islice(waiting.items(), FOLDERS_AT_ONCE))
                async with spot.lock:
                    below = await self._upkeep.async_list(spot, some, None)
                done += len(some)
                new = {path: row for path, row in below.items() if path not in known}
                known.update(new)
                left = (item for item in waiting.items() if item[0] not in some)
                waiting = dict(left) | new
                if progress:
                    progress(ScanProgress(done=done, known=len(known)))
                await asyncio.sleep(_PAUSE_SECONDS)
            async with spot.lock:
                await self._upkeep.async_try_again(spot)

    async def async_check(self, source: Mapping[str, str]) -> FolderCheck:
        """Try a folder's settings and return what the owner should see of it."""
        root = source.get("folder", "")
        look = partial(check_folder, source, self._time_zone, self._clock())
        try:
            check = await self._threads.async_disk(root, look)
        except SourceError as err:
            return FolderCheck(error=err.code, field="folder")
        if not check.example:
            return check
        try:
            seconds = await self._probe(str(Path(root, check.example)))
        except MediaError:
            return check.unmeasured()
        return check.measured(seconds)

    async def async_real(self, folder: str) -> str:
        """Return where a folder is, links followed; as written if its disk hangs."""
        try:
            return await self._threads.async_disk(folder, os.path.realpath, folder)
        except SourceError, ValueError:  # a path with a null in it
            return _as_written(folder)

    async def async_health(self, camera: Camera) -> SourceHealth:
        """Return how a camera's recordings are, by the index and one look."""
        state = HealthState.OK
        spot = await self._async_spot(camera.source)
        try:
            async with spot.lock:
                await self._upkeep.async_root(spot)
        except SourceError as err:
            state = _STATES.get(err.code, HealthState.GONE)
        counts = await self._threads.async_index(
            self._threads.index.counts, spot.number
        )
        return SourceHealth(
            state=state,
            files=counts.files,
            unreadable=counts.unreadable,
            growing=counts.growing,
            last_seen=None if counts.latest is None else _utc(counts.latest),
        )

    async def async_keep(self, cameras: Iterable[Camera]) -> None:
        """Forget the index of every camera but these."""
        keys = {self._key(camera.source) for camera in cameras}
        self._spots = {key: spot for key, spot in self._spots.items() if key in keys}
        await self._threads.async_index(
            self._threads.index.keep_spots, {_number(key) for key in keys}
        )

    async def async_close(self) -> None:
        """Close the index and let the threads go."""
        await self._threads.async_close()

    async def _async_spot(self, source: Mapping[str, str]) -> Spot:
        key = self._key(source)
        if spot := self._spots.get(key):
            return spot
        root = source.get("folder", "")
        naming = await self._threads.async_disk(
            root, naming_of, source, self._time_zone
        )
        spot = Spot(number=_number(key), place=Place(root, naming))
        return self._spots.setdefault(key, spot)

    def _key(self, source: Mapping[str, str]) -> str:
        """Return what tells two spots apart: other settings read other times."""
        settings = {key: source[key] for key in _KEYS if source.get(key)}
        return json.dumps(settings | {"home": self._time_zone}, sort_keys=True)


@contextlib.contextmanager
def _speaking_of(camera: Camera) -> Iterator[None]:
    """Put the camera's name into what goes wrong."""
    try:
        yield
    except SourceError as err:
        err.placeholders.setdefault("camera", camera.name)
        raise


def _as_written(folder: str) -> str:
    """Return a path without its detours; the disk is not asked."""
    return os.path.normpath(folder)


def _number(key: str) -> int:
    """Return a number for a spot that no other camera's will ever be given."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])


def _piece(spot: Spot, row: FileRow, seconds: float) -> Piece:
    return Piece(
        path=spot.place.path(row.path),
        start=_utc(row.span(spot.ends)[0]),
        seconds=seconds,
    )


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
