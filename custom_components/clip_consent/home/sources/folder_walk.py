"""Looking at recording folders and files. All of it blocks: it runs in a thread.

Nothing below the folder is followed out of it: symbolic links are passed over, and what
has become one since it was listed counts as gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
import os
from pathlib import Path
import stat

from ...core.errors import SourceError
from .folder_index import FileRow, FileState, FolderRow, Listing
from .folds import settled_readings
from .mp4_length import TYPES, mp4_seconds
from .naming import DAY, Naming, is_hidden, is_video

SETTLED_SECONDS = 60.0  # without a write, a file counts as finished
YOUNG_SECONDS = 600.0  # an unreadable file this young may only be unfinished
# A folder changed right after it was listed can show the same time as before.
_COARSE_SECONDS = 5.0
# Some mounts never change a folder's time, so it is trusted for a day at most, and
# not at all about recordings made after the folder was listed.
_TRUSTED_SECONDS = DAY
_LATE_SECONDS = 120.0
_MOST_NS = 2**63 - 1
_MAX_DEPTH = 12  # folders in folders


@dataclass(frozen=True, slots=True)
class Place:
    """A folder and how its recordings tell their time."""

    root: str
    naming: Naming

    def path(self, below: str) -> str:
        """Return the path on this machine."""
        return f"{self.root.rstrip('/')}/{below}" if below else self.root


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a look is for: a span of time (None is all of it), asked now."""

    now: float
    span: tuple[float, float] | None
    anew: bool = False  # whatever the index says

    def answers(self, known: FolderRow, mtime_ns: int) -> bool:
        """Return whether the index still tells what such a folder holds."""
        if self.anew or known.listed is None or known.mtime_ns != mtime_ns:
            return False
        fresh = self.now - _TRUSTED_SECONDS
        if self.span:
            fresh = max(fresh, min(self.now, self.span[1] + _LATE_SECONDS))
        coarse = mtime_ns / 1e9 + _COARSE_SECONDS
        return known.listed >= fresh and known.listed > coarse


@dataclass(frozen=True, slots=True, kw_only=True)
class Listings:
    """Folders that had to be listed, and those that are gone."""

    listed: tuple[Listing, ...]
    gone: tuple[str, ...]


def list_folders(
    place: Place, folders: Mapping[str, FolderRow], question: Question
) -> Listings:
    """List the folders that the index cannot speak for, by what it knows of them.

    Raises SourceError if the root is gone or closed to us.
    """
    listed: list[Listing] = []
    gone: list[str] = []
    own: set[str] = set()
    for folder, known in folders.items():
        try:
            _require_own(place, _above(folder), own)
            if listing := _list(place, folder, known, question):
                listed.append(listing)
            own.add(folder)
        except OSError as err:
            if not folder or not isinstance(err, _OF_ONE_FOLDER):
                raise gone_error(err) from err
            if not isinstance(err, PermissionError):
                gone.append(folder)
    return Listings(listed=tuple(listed), gone=tuple(gone))


# Any other error (a stale handle, no route) says that the disk itself is away.
_OF_ONE_FOLDER = (FileNotFoundError, NotADirectoryError, PermissionError)


def gone_error(err: OSError) -> SourceError:
    """Return what an error of the root means to the owner."""
    closed = isinstance(err, PermissionError)
    return SourceError("folder_unreadable" if closed else "folder_gone")


def _list(
    place: Place, folder: str, known: FolderRow, question: Question
) -> Listing | None:
    path = place.path(folder)
    status = Path(path).stat(follow_symlinks=not folder)
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError
    mtime_ns = _mtime_ns(status)
    if question.answers(known, mtime_ns):
        return None
    subfolders: list[str] = []
    names: list[str] = []
    deep = folder.count("/") >= _MAX_DEPTH
    with os.scandir(path) as entries:
        for entry in entries:
            if not _storable(entry.name):
                continue
            if is_video(entry.name) and entry.is_file(follow_symlinks=False):
                names.append(entry.name)
            elif is_hidden(entry.name) or deep:
                continue
            elif entry.is_dir(follow_symlinks=False):
                below = f"{folder}/{entry.name}" if folder else entry.name
                if place.naming.may_hold(below, None):
                    subfolders.append(below)
    return Listing(
        folder=folder,
        row=FolderRow(mtime_ns, question.now),
        subfolders=tuple(sorted(subfolders)),
        names=tuple(sorted(names)),
    )


def _above(folder: str) -> str:
    """Return the folder in which another one lies, `""` for the root."""
    return folder.rpartition("/")[0]


def _require_own(place: Place, folder: str, own: set[str]) -> None:
    """Raise OSError where a folder, or one above it, is a link by now, or gone.

    `own` are those that were looked at already.
    """
    if folder and folder not in own:
        _require_own(place, _above(folder), own)
        status = Path(place.path(folder)).stat(follow_symlinks=False)
        if not stat.S_ISDIR(status.st_mode):
            raise NotADirectoryError
        own.add(folder)


def _storable(name: str) -> bool:
    """Return whether a name is text; bytes that are none cannot be kept or shown."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_names(
    place: Place, folders: Sequence[tuple[str, Sequence[str]]], now: float
) -> list[list[FileRow]]:
    """Return the recordings among each folder's names, with their times.

    A file is looked at only where its name does not settle its time.
    """
    return [_read(place, folder, names, now) for folder, names in folders]


def _read(place: Place, folder: str, names: Sequence[str], now: float) -> list[FileRow]:
    rows: list[FileRow] = []
    unsettled: list[FileRow] = []
    below = f"{folder}/" if folder else ""
    for name in names:
        if place.naming.by_file_time:
            unsettled.append(FileRow(folder, name, 0.0))
        elif times := place.naming.times(below + name):
            row = FileRow(folder, name, *times)
            (rows if row.other is None else unsettled).append(row)
    looked, _ = look_at(place, unsettled, now)
    if place.naming.by_file_time:
        return looked
    return rows + settled_readings(looked, ends=place.naming.ends)


def look_at(
    place: Place, rows: Sequence[FileRow], now: float
) -> tuple[list[FileRow], list[FileRow]]:
    """Return the rows as the files are now, and the rows whose files are gone.

    Raises SourceError if the disk itself is away.
    """
    seen: list[FileRow] = []
    gone: list[FileRow] = []
    own: set[str] = set()
    for row in rows:
        try:
            _require_own(place, row.folder, own)
            status = os.lstat(place.path(row.path))
        except FileNotFoundError, NotADirectoryError:
            gone.append(row)
            continue
        except PermissionError:
            continue
        except OSError as err:
            raise gone_error(err) from err
        if stat.S_ISREG(status.st_mode):
            seen.append(_as_seen(row, status, now, place.naming.by_file_time))
        else:
            gone.append(row)
    return seen, gone


def _as_seen(
    row: FileRow, status: os.stat_result, now: float, by_file_time: bool
) -> FileRow:
    mtime_ns = _mtime_ns(status)
    if (row.size, row.mtime_ns) != (status.st_size, mtime_ns):
        row = replace(
            row,
            at=mtime_ns / 1e9 if by_file_time else row.at,
            size=status.st_size,
            mtime_ns=mtime_ns,
            looked=now,
            seconds=None,
            state=FileState.NAMED,
        )
    if row.state in (FileState.SETTLED, FileState.UNREADABLE):
        return row
    # A clock ahead of ours would make a file look young for ever: seeing it the same
    # twice, a minute apart, does as well.
    quiet = max(now - row.mtime, now - (row.looked or now))
    state = FileState.SETTLED if quiet >= SETTLED_SECONDS else FileState.GROWING
    if state is FileState.SETTLED and not row.size:
        state = FileState.UNREADABLE
    return row if row.state is state else replace(row, state=state)


def _mtime_ns(status: os.stat_result) -> int:
    """Return when it was written to, as near to it as the index can hold.

    64 bits of nanoseconds reach from 1677 to 2262; what a recorder's clock or a broken
    disk says may lie beyond.
    """
    return max(-_MOST_NS, min(status.st_mtime_ns, _MOST_NS))


def read_headers(place: Place, rows: Sequence[FileRow]) -> list[float | None]:
    """Return each file's length where its header tells it."""
    return [_header(place.path(row.path)) for row in rows]


def _header(path: str) -> float | None:
    if path.rpartition(".")[2].lower() not in TYPES:
        return None
    try:
        return mp4_seconds(path)
    except OSError:
        return None
