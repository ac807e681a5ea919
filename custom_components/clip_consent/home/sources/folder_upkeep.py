"""Keeping the index of recording folders true, and measuring what is asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import batched

from ...core.errors import MediaError, SourceError
from . import folder_walk
from .folder_index import UNLISTED, Edge, FileRow, FileState, FolderRow, Listing
from .folder_threads import FolderThreads
from .folder_walk import Place, Question
from .folds import with_length
from .naming import DAY

type Probe = Callable[[str], Awaitable[float]]
type Span = tuple[float, float]  # unix seconds

FOLDERS_AT_ONCE = 64
_FILES_AT_ONCE = 32
_NAMES_AT_ONCE = 500  # files that are looked at when they are first seen
_PROBES_AT_ONCE = 2
_EDGE_FILES = 100  # how many files beyond the window's edge are thought of
_NEAREST = 4  # of those, how many are measured whatever their own time says
# All else (a run that was killed or took too long, a disk that failed) says nothing of
# the file, and is told instead of written down.
_FAULTS_OF_THE_FILE = {
    *("no_video", "recording_empty", "recording_missing"),
    *("recording_unfinished", "recording_unreadable"),
}
_TELLS = 2  # how often one file's failing keeps the others from being found
REST_SECONDS = 600.0  # how long such a file is left out then, until the next try
AGAIN_SECONDS = 3600.0  # how long a broken file is left alone
AGAIN_AT_ONCE = 8  # broken files that are tried again in one search or scan
_HONEST_SECONDS = 120.0  # how far a disk's clock may differ from the recorder's
_LONG_SECONDS = 3600.0  # few files are longer, where nothing tells how long one is


@dataclass(slots=True, kw_only=True)
class Spot:
    """One camera's folder, as the index numbers it."""

    number: int
    place: Place
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def ends(self) -> bool:
        """Whether its names tell the last frame's time."""
        return self.place.naming.ends


class FolderUpkeep:
    """Looks at folders and files, and writes down what it sees.

    Callers hold the spot's lock. Raises SourceError if a folder cannot be looked at.
    """

    def __init__(
        self, threads: FolderThreads, probe: Probe, clock: Callable[[], float]
    ) -> None:
        """Keep what is needed."""
        self._threads = threads
        self._index = threads.index
        self._probe = probe
        self._clock = clock
        # files that could not be measured by no fault of theirs: how often, when last
        self._failed: dict[tuple[int, FileRow], tuple[int, float]] = {}

    async def async_tree(self, spot: Spot, span: Span | None) -> dict[str, FolderRow]:
        """Return the folders known that may hold the span; None is all time."""
        return await self._threads.async_index(
            self._index.tree,
            spot.number,
            lambda folder: spot.place.naming.may_hold(folder, span),
        )

    async def async_root(self, spot: Spot) -> None:
        """Look at the root alone, to see whether it is there."""
        root = await self._threads.async_index(
            self._index.tree, spot.number, lambda _: False
        )
        await self.async_list(spot, root, None)

    async def async_refresh(self, spot: Spot, span: Span) -> None:
        """Bring the index up to date for a span: only folders that may hold it."""
        if spot.place.naming.by_file_time:
            # Their times are not final before they are.
            growing = await self._threads.async_index(self._index.growing, spot.number)
            await self.async_look(spot, growing)
        waiting = await self.async_tree(spot, span)
        seen = set(waiting)
        while waiting:
            new: dict[str, FolderRow] = {}
            for some in batched(waiting.items(), FOLDERS_AT_ONCE, strict=False):
                new |= await self.async_list(spot, dict(some), span)
            waiting = {folder: row for folder, row in new.items() if folder not in seen}
            seen.update(waiting)

    async def async_list(
        self,
        spot: Spot,
        folders: Mapping[str, FolderRow],
        span: Span | None,
        *,
        anew: bool = False,
    ) -> dict[str, FolderRow]:
        """Bring folders up to date; return those in them that may hold the span.

        Only of folders that had to be listed: the index knows the others. `anew` is
        to trust nothing known.
        """
        question = Question(now=self._clock(), span=span, anew=anew)
        found = await self._threads.async_disk(
            spot.place.root, folder_walk.list_folders, spot.place, folders, question
        )
        # First of all whether the whole disk is away: then nothing is forgotten.
        if found.listed:
            await self._async_take(spot, found.listed, question.now)
        for folder in found.gone:
            await self._threads.async_index(
                self._index.forget_folder, spot.number, folder
            )
        return {
            folder: UNLISTED
            for listing in found.listed
            for folder in listing.subfolders
            if spot.place.naming.may_hold(folder, span)
        }

    async def _async_take(
        self, spot: Spot, listings: Sequence[Listing], now: float
    ) -> None:
        # An empty folder that held recordings is a mount point without its disk.
        if any(
            not listing.folder and listing.empty for listing in listings
        ) and await self._threads.async_index(self._index.holds_any, spot.number):
            raise SourceError("folder_gone")
        names = await self._threads.async_index(
            self._index.compare, spot.number, listings
        )
        folders = [listing.folder for listing in listings]
        rows = await self._async_read(spot, list(zip(folders, names, strict=True)), now)
        await self._threads.async_index(self._index.listed, spot.number, listings, rows)

    async def _async_read(
        self, spot: Spot, folders: Sequence[tuple[str, Sequence[str]]], now: float
    ) -> list[list[FileRow]]:
        """Return the recordings among each folder's new names.

        Where each file has to be looked at, few at a time, and those are kept at once:
        a slow share may have more of them than it tells of in one look.
        """
        root, read = spot.place.root, folder_walk.read_names
        if not spot.place.naming.by_file_time:
            return await self._threads.async_disk(root, read, spot.place, folders, now)
        for folder, names in folders:
            for some in batched(names, _NAMES_AT_ONCE, strict=False):
                (rows,) = await self._threads.async_disk(
                    root, read, spot.place, [(folder, some)], now
                )
                await self._threads.async_index(self._index.put, spot.number, rows)
        return [[] for _ in folders]

    async def async_look(self, spot: Spot, rows: Sequence[FileRow]) -> list[FileRow]:
        """Return the rows whose files are there, as they are now."""
        if not rows:
            return []
        seen, gone = await self._threads.async_disk(
            spot.place.root, folder_walk.look_at, spot.place, rows, self._clock()
        )
        if gone:
            # Deleted, or the whole disk went away since: then this raises.
            await self.async_list(spot, {"": UNLISTED}, None, anew=True)
            await self._threads.async_index(self._index.forget, spot.number, gone)
        same = {id(row) for row in rows}  # a row that still holds is handed back
        changed = [row for row in seen if id(row) not in same]
        if changed:
            await self._threads.async_index(self._index.put, spot.number, changed)
        return seen

    async def async_near(self, spot: Spot, span: Span) -> list[FileRow]:
        """Return the finished, readable files that may overlap the span, measured."""
        edge = Edge(reach=DAY, limit=_EDGE_FILES, ends=spot.ends)
        inside, beyond = await self._threads.async_index(
            self._index.around, spot.number, span, edge
        )
        beyond = await self._async_dated(spot, beyond)
        rows = [*inside, *_worth_measuring(beyond, spot, span)]
        seen = await self.async_look(spot, rows)
        measured = await self._async_measure(
            spot,
            [
                row
                for row in (*seen, *self._to_try_again(seen))
                if row.state is FileState.SETTLED and row.seconds is None
            ],
        )
        return [
            row
            for row in (measured.get(row.path, row) for row in seen)
            if row.state is FileState.SETTLED and row.seconds
        ]

    async def async_left_out(self, spot: Spot, span: Span) -> str | None:
        """Return why a file that may overlap the span is not used, None if none is.

        Of the files from outside only the nearest counts: one that a finished file lies
        between ended before that began.
        """
        edge = Edge(reach=DAY, limit=1, ends=spot.ends)
        inside, beyond = await self._threads.async_index(
            self._index.around, spot.number, span, edge
        )
        rows = [row for row in inside if row.at != span[0 if spot.ends else 1]]
        rows += [row for row in beyond if _may_reach(row, spot, span)]
        states = {
            row.state
            for row in rows
            if row.state is not FileState.SETTLED or row.seconds is None
        }
        if FileState.GROWING in states:
            return "recording_still_written"
        return "recording_unreadable_then" if states else None

    async def async_try_again(self, spot: Spot) -> None:
        """Measure some files once more that were found broken a while ago.

        What keeps them from being measured is told when somebody asks for them.
        """
        rows = await self._threads.async_index(
            self._index.unreadable, spot.number, AGAIN_AT_ONCE
        )
        seen = await self.async_look(spot, rows)
        with suppress(SourceError):
            await self._async_measure(spot, self._to_try_again(seen))

    def _to_try_again(self, rows: Sequence[FileRow]) -> list[FileRow]:
        """Return the few whose turn it is of those found broken, as if they were not.

        One looked at in the future was looked at before the clock was set back.
        """
        now = self._clock()
        due = [
            row
            for row in rows
            if row.state is FileState.UNREADABLE
            and row.size
            and not 0 <= now - (row.looked or 0) < AGAIN_SECONDS
        ]
        due.sort(key=lambda row: row.looked or 0)
        return [replace(row, state=FileState.SETTLED) for row in due[:AGAIN_AT_ONCE]]

    async def _async_dated(self, spot: Spot, rows: Sequence[FileRow]) -> list[FileRow]:
        """Return the rows that are there, those never looked at looked at now.

        When a file was last written to tells much of where it ends.
        """
        new = [row for row in rows if row.mtime_ns is None]
        seen = {row.path: row for row in await self.async_look(spot, new)}
        known = (seen.get(row.path, row) for row in rows)
        return [row for row in known if row.mtime_ns is not None]

    async def _async_measure(
        self, spot: Spot, rows: Sequence[FileRow]
    ) -> dict[str, FileRow]:
        """Find out the lengths, once per size and time of a file; return by path."""
        measured: dict[str, FileRow] = {}
        for some in batched(rows, _FILES_AT_ONCE, strict=False):
            lengths = await self._threads.async_disk(
                spot.place.root, folder_walk.read_headers, spot.place, some
            )
            told = [
                self._measured(row, seconds, ends=spot.ends)
                for row, seconds in zip(some, lengths, strict=True)
                if seconds is not None
            ]
            rest = [
                row
                for row, seconds in zip(some, lengths, strict=True)
                if seconds is None
            ]
            told += await self._async_probe(spot, rest)
            await self._threads.async_index(self._index.put, spot.number, told)
            measured |= {row.path: row for row in told}
        return measured

    async def _async_probe(self, spot: Spot, rows: Sequence[FileRow]) -> list[FileRow]:
        waiting = iter(rows)

        async def work() -> list[FileRow | None]:
            return [await self._async_probe_one(spot, row) for row in waiting]

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(work()) for _ in range(_PROBES_AT_ONCE)]
        except ExceptionGroup as group_error:
            raise group_error.exceptions[0] from group_error
        return [row for task in tasks for row in task.result() if row]

    async def _async_probe_one(self, spot: Spot, row: FileRow) -> FileRow | None:
        """Return the file with what was found; None if nothing can be said of it.

        Raises SourceError if it could not be measured, by no fault of its own.
        """
        failed = spot.number, row
        count, last = self._failed.get(failed, (0, 0.0))
        if count > _TELLS and 0 <= self._clock() - last < REST_SECONDS:
            return None
        try:
            seconds = await self._probe(spot.place.path(row.path))
        except MediaError as err:
            if err.code in _FAULTS_OF_THE_FILE:
                self._failed.pop(failed, None)
                return await self._async_broken(spot, row)
            if err.code == "ffmpeg_missing":
                raise SourceError(err.code) from err
            self._failed[failed] = count + 1, self._clock()
            if count < _TELLS:
                raise SourceError("recording_unmeasured") from err
            return None
        self._failed.pop(failed, None)
        return self._measured(row, seconds, ends=spot.ends)

    async def _async_broken(self, spot: Spot, row: FileRow) -> FileRow | None:
        """Return the file as one that cannot be read, None if it changed meanwhile."""
        if await self.async_look(spot, [row]) != [row]:
            return None
        if self._clock() - row.mtime < folder_walk.YOUNG_SECONDS:
            return replace(row, state=FileState.GROWING)
        return self._unreadable(row)

    def _measured(self, row: FileRow, seconds: float, *, ends: bool) -> FileRow:
        """Return the row with its length; an unbelievable one makes it unreadable."""
        if not 0 < seconds <= DAY:
            return self._unreadable(row)
        return with_length(row, seconds, ends=ends)

    def _unreadable(self, row: FileRow) -> FileRow:
        return replace(row, state=FileState.UNREADABLE, looked=self._clock())


def _touches(row: FileRow, spot: Spot, span: Span) -> bool:
    own = row.span(spot.ends)
    return own[0] < span[1] and own[1] > span[0]


def _may_reach(row: FileRow, spot: Spot, span: Span) -> bool:
    """Tell whether a file from outside, of unknown length, may reach into the span."""
    if row.state is FileState.GROWING:
        return True
    if not spot.ends and row.mtime >= row.at:
        return row.mtime + _HONEST_SECONDS >= span[0]
    away = row.at - span[1] if spot.ends else span[0] - row.at
    return away <= _LONG_SECONDS


def _worth_measuring(rows: Sequence[FileRow], spot: Spot, span: Span) -> list[FileRow]:
    """Return the files from outside that may reach in, of rows nearest first.

    A file is last written at its end, so one last written long before the span does
    not reach it, unless its time is earlier than its name's and so tells nothing.
    Which ones are taken does not hang on what is already measured: else every search
    would measure a few more.
    """
    late: list[FileRow] = []
    if not spot.ends:
        late = [
            row
            for row in rows[_NEAREST:]
            if row.mtime + _HONEST_SECONDS >= span[0] or row.mtime < row.at
        ]
        late.sort(key=lambda row: row.mtime, reverse=True)
    touching = [row for row in rows if row.seconds and _touches(row, spot, span)]
    chosen = [*rows[:_NEAREST], *late[:_NEAREST], *touching]
    return list({row.path: row for row in chosen}.values())
