"""Recordings in folders, as any recorder leaves them on a disk that we can read."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from ...core.partly import PartlyFoundError
from .folder_check import FolderCheck, check_folder, together
from .folder_index import FileRow
from .folder_roots import FOLDER, one_by_one
from .folder_threads import PATIENCE_SECONDS, FolderThreads
from .folder_upkeep import FOLDERS_AT_ONCE, FolderUpkeep, Probe, Spot
from .folder_walk import Place, read_headers
from .local import LocalFiles
from .named import speaking_of
from .naming import Naming, naming_of

_KEYS = (FOLDER, "naming", "pattern", "time_zone", "name_is", "camera")
_PROBED = 6  # files of a check whose length takes a process each
_ANY = Naming(patterns=(), zone=UTC)
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


class FolderSource(LocalFiles):
    """Finds recordings by the time in their names, with an index of its own.

    `Camera.source` has `folder`, `naming`, and where wanted `more_folders`, `pattern`,
    `time_zone`, `name_is` and `camera`: what `{camera}` stands for where cameras share
    a folder.
    """

    def __init__(
        self,
        *,
        index_path: Path,
        probe: Probe,
        time_zone: str,
        clock: Callable[[], float] = time.time,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Keep what is needed; nothing is opened yet.

        `probe` returns a file's length in seconds and raises MediaError for a broken
        file. `time_zone` is the home's, for cameras that name none. `patience` is how
        many seconds a disk has to answer.
        """
        self._threads = FolderThreads(index_path, patience)
        self._upkeep = FolderUpkeep(self._threads, probe, clock)
        self._probe = probe
        self._time_zone = time_zone
        self._clock = clock
        self._spots: dict[str, Spot] = {}

    async def async_find(self, camera: Camera, window: Window) -> tuple[Piece, ...]:
        """Return the recordings that overlap the window, in order, no moment twice.

        A file still being written is left out until it is finished. Raises SourceError
        if no folder can be looked at, PartlyFoundError if one of several cannot, and
        NamingError if the settings make no sense.
        """
        span = window.start.timestamp(), window.end.timestamp()
        with speaking_of(camera):
            spots = await self._async_spots(camera.source)
            looked = await asyncio.gather(
                *(self._async_in(spot, span) for spot in spots)
            )
            away = [found for found in looked if isinstance(found, SourceError)]
            err = away[0] if away else None
            if err and len(away) == len(looked):
                raise err
            rows = [found for found in looked if not isinstance(found, SourceError)]
            pieces = [piece for found in rows for piece in found]
            near = joined(piece for piece in pieces if piece.window.overlap(window))
            found = tuple(piece for piece in near if piece.window.overlap(window))
            if err:
                raise PartlyFoundError(err.code, found)
        return found

    async def _async_in(
        self, spot: Spot, span: tuple[float, float]
    ) -> list[Piece] | SourceError:
        """Return the pieces in one folder near a span, or why it is out of reach."""
        try:
            async with spot.lock:
                await self._upkeep.async_refresh(spot, span)
                rows = await self._upkeep.async_near(spot, span)
        except SourceError as err:
            if err.code in _STATES:
                return err
            raise
        return [_piece(spot, row, row.seconds) for row in rows if row.seconds]

    async def async_left_out(self, camera: Camera, window: Window) -> str | None:
        """Return why a recording near the window was left out, None if none was.

        By what the last `async_find` saw. Raises as it does.
        """
        span = window.start.timestamp(), window.end.timestamp()
        reasons: list[str | None] = []
        with speaking_of(camera):
            for spot in await self._async_spots(camera.source):
                async with spot.lock:
                    reasons.append(await self._upkeep.async_left_out(spot, span))
        return next(filter(None, reasons), None)

    async def async_scan(
        self,
        camera: Camera,
        progress: Callable[[ScanProgress], None] | None = None,
    ) -> None:
        """Bring a camera's whole index up to date, in small slices.

        Folders that have not changed are not listed again. Raises as `async_find`, but
        one of several that is away does not keep the others from being scanned.
        """
        away: list[SourceError] = []
        with speaking_of(camera):
            for spot in await self._async_spots(camera.source):
                try:
                    await self._async_scan(spot, progress)
                except SourceError as err:
                    away.append(err)
            if away:
                raise away[0]

    async def _async_scan(
        self, spot: Spot, progress: Callable[[ScanProgress], None] | None
    ) -> None:
        done = 0
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
        checks = await asyncio.gather(
            *(self._async_check(one) for one in one_by_one(source))
        )
        check = together(checks)
        if not check.example:
            return check
        lengths = await self._async_lengths(check)
        if (seconds := lengths.get(check.example)) is None:
            return check.unmeasured()
        return check.timed(lengths).measured(seconds)

    async def _async_check(self, source: Mapping[str, str]) -> FolderCheck:
        look = partial(check_folder, source, self._time_zone, self._clock())
        try:
            return await self._threads.async_disk(source.get(FOLDER, ""), look)
        except SourceError as err:
            return FolderCheck(error=err.code, field=FOLDER)

    async def _async_lengths(self, check: FolderCheck) -> dict[str, float]:
        """Return the lengths of the example and the recent files, by path, in seconds.

        The example is really looked at; of the others the few whose header does not
        tell it, since each takes a process. What cannot be read is left out.
        """
        example = check.example or ""
        paths = [row.path for row in check.recent if row.path != example]
        rows = [FileRow("", path, 0.0) for path in paths]
        place = Place(check.root, _ANY)
        try:
            told = await self._threads.async_disk(check.root, read_headers, place, rows)
        except SourceError:
            return {}
        lengths = {
            path: seconds
            for path, seconds in zip(paths, told, strict=True)
            if seconds is not None
        }
        unknown = [path for path in paths if path not in lengths]
        for path in [example, *unknown[: _PROBED - 1]]:
            with contextlib.suppress(MediaError):
                lengths[path] = await self._probe(place.path(path))
        return lengths

    async def async_real(self, folder: str) -> str:
        """Return where a folder is, links followed; as written if its disk hangs."""
        try:
            return await self._threads.async_disk(folder, os.path.realpath, folder)
        except SourceError, ValueError:  # a path with a null in it
            return _as_written(folder)

    async def async_health(self, camera: Camera) -> SourceHealth:
        """Return how a camera's recordings are, by the index and one look."""
        looked = await asyncio.gather(
            *(
                self._async_health(spot)
                for spot in await self._async_spots(camera.source)
            )
        )
        seen = [one.last_seen for one in looked if one.last_seen]
        return SourceHealth(
            state=_of_several([one.state for one in looked]),
            files=sum(one.files for one in looked),
            unreadable=sum(one.unreadable for one in looked),
            growing=sum(one.growing for one in looked),
            last_seen=max(seen, default=None),
        )

    async def _async_health(self, spot: Spot) -> SourceHealth:
        state = HealthState.OK
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
        keys = {
            self._key(source)
            for camera in cameras
            for source in one_by_one(camera.source)
        }
        self._spots = {key: spot for key, spot in self._spots.items() if key in keys}
        await self._threads.async_index(
            self._threads.index.keep_spots, {_number(key) for key in keys}
        )

    async def async_close(self) -> None:
        """Close the index and let the threads go."""
        await self._threads.async_close()

    async def _async_spots(self, source: Mapping[str, str]) -> list[Spot]:
        """Return a camera's folders. Raises NamingError."""
        return [await self._async_spot(one) for one in one_by_one(source)]

    async def _async_spot(self, source: Mapping[str, str]) -> Spot:
        key = self._key(source)
        if spot := self._spots.get(key):
            return spot
        naming = await self._threads.async_look(naming_of, source, self._time_zone)
        spot = Spot(number=_number(key), place=Place(source.get(FOLDER, ""), naming))
        return self._spots.setdefault(key, spot)

    def _key(self, source: Mapping[str, str]) -> str:
        """Return what tells two spots apart: other settings read other times."""
        settings = {key: source[key] for key in _KEYS if source.get(key)}
        return json.dumps(settings | {"home": self._time_zone}, sort_keys=True)


def _of_several(states: Sequence[HealthState]) -> HealthState:
    """Return how a camera is whose folders are so."""
    if len(set(states)) == 1:
        return states[0]
    return HealthState.PART if HealthState.OK in states else HealthState.GONE


def _as_written(folder: str) -> str:
    """Return a path without its detours; the disk is not asked."""
    return os.path.normpath(folder)


def _number(key: str) -> int:
    """Return a number for a spot that no other camera's will ever be given."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])


def _piece(spot: Spot, row: FileRow, seconds: float) -> Piece:
    late, unsure = spot.place.naming.finer(row.path)
    return Piece(
        path=spot.place.path(row.path),
        start=_utc(row.span(spot.ends)[0] + late),
        seconds=seconds,
        unsure=unsure,
    )


def _utc(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
