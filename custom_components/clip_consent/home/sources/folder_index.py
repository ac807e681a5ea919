"""What was seen in recording folders, in a SQLite file that can be rebuilt any time.

All calls come from one thread. A spot is one camera's folder with its naming, known by
a number that no other has; folders and files are named by their path below it, with
slashes, `""` being the spot itself.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
import contextlib
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
import sqlite3

_VERSION = 2
_SCHEMA = """
CREATE TABLE folder(
    spot INTEGER NOT NULL, path TEXT NOT NULL, parent TEXT,
    mtime_ns INTEGER, listed REAL,
    PRIMARY KEY(spot, path)) WITHOUT ROWID;
CREATE INDEX folder_parent ON folder(spot, parent);
CREATE TABLE file(
    spot INTEGER NOT NULL, folder TEXT NOT NULL, name TEXT NOT NULL,
    at REAL NOT NULL, other REAL, size INTEGER, mtime_ns INTEGER, looked REAL,
    seconds REAL, state INTEGER NOT NULL,
    PRIMARY KEY(spot, folder, name)) WITHOUT ROWID;
CREATE INDEX file_at ON file(spot, at);
CREATE INDEX file_other ON file(spot, other) WHERE other IS NOT NULL;
CREATE INDEX file_growing ON file(spot) WHERE state = 2;
"""
_SPOTS = "SELECT spot FROM folder UNION SELECT spot FROM file"
_NAMES = "SELECT name FROM file WHERE spot = ? AND folder = ?"
_ROOT = "SELECT mtime_ns, listed FROM folder WHERE spot = ? AND path = ''"
# Left alone, SQLite walks all of a spot for these two.
_SUBFOLDERS = (
    "SELECT path, mtime_ns, listed FROM folder INDEXED BY folder_parent"
    " WHERE spot = ? AND parent = ?"
)
_GROWING = "SELECT * FROM file INDEXED BY file_growing WHERE spot = ? AND state = 2"
_LISTED = (
    "INSERT INTO folder(spot, path, parent, mtime_ns, listed) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET mtime_ns = excluded.mtime_ns, listed = excluded.listed"
)
_WITHIN = "SELECT * FROM file WHERE spot = ? AND at BETWEEN ? AND ?"
_WITHIN_OTHER = "SELECT * FROM file WHERE spot = ? AND other BETWEEN ? AND ?"
_BEFORE = (
    "SELECT * FROM file WHERE spot = ? AND at >= ? AND at < ? ORDER BY at DESC LIMIT ?"
)
_AFTER = "SELECT * FROM file WHERE spot = ? AND at > ? AND at <= ? ORDER BY at LIMIT ?"
_UNREADABLE = (
    "SELECT * FROM file WHERE spot = ? AND state = 3 AND size > 0"
    " ORDER BY looked LIMIT ?"
)
_COUNTS = (
    "SELECT COUNT(*), COALESCE(SUM(state = ?), 0), COALESCE(SUM(state = ?), 0), MAX(at)"
    " FROM file WHERE spot = ?"
)


class FileState(IntEnum):
    """What is known of a file."""

    NAMED = 0  # only its name was read
    SETTLED = 1  # looked at, nobody writes to it
    GROWING = 2  # still being written
    UNREADABLE = 3  # found broken; tried again when it changes, or after a while


@dataclass(frozen=True, slots=True)
class FileRow:
    """A recording as the index knows it; times in unix seconds."""

    folder: str
    name: str
    at: float  # first frame, or last frame where names tell the end
    other: float | None = None  # the other reading of `at`, in a repeated hour
    size: int | None = None
    mtime_ns: int | None = None
    looked: float | None = None  # since when it is so, or when last found broken
    seconds: float | None = None
    state: FileState = FileState.NAMED

    @property
    def path(self) -> str:
        """Its path below the spot."""
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def mtime(self) -> float:
        """When it was last written to, 0 if not looked at."""
        return (self.mtime_ns or 0) / 1e9

    def span(self, ends: bool) -> tuple[float, float]:
        """Return first and last moment; no length counts as none."""
        seconds = self.seconds or 0.0
        return (self.at - seconds, self.at) if ends else (self.at, self.at + seconds)


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder as it was when listed; both None if it never was."""

    mtime_ns: int | None
    listed: float | None


UNLISTED = FolderRow(None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a folder holds: paths of folders below the spot, names of videos."""

    folder: str
    row: FolderRow
    subfolders: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that could be recordings."""
        return not self.subfolders and not self.names


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How far beyond a span files are thought of, and on which side of it."""

    reach: float  # seconds
    limit: int  # files
    ends: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a spot holds."""

    files: int
    unreadable: int
    growing: int
    latest: float | None


class FolderIndex:
    """The index file. Raises sqlite3.Error when the disk refuses."""

    def __init__(self, path: Path) -> None:
        """Keep where the file is; it is opened when first needed."""
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def reset(self) -> None:
        """Throw the file away: it is broken, or from another version."""
        with contextlib.suppress(sqlite3.Error):
            self.close()
        self._connection = None
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)

    def keep_spots(self, spots: Collection[int]) -> None:
        """Forget every spot but these."""
        with self._writing() as db:
            # files are known before their folder counts as listed
            for (spot,) in db.execute(_SPOTS).fetchall():
                if spot not in spots:
                    db.execute("DELETE FROM folder WHERE spot = ?", (spot,))
                    db.execute("DELETE FROM file WHERE spot = ?", (spot,))

    def tree(self, spot: int, wanted: Callable[[str], bool]) -> dict[str, FolderRow]:
        """Return the spot and what is known below it, as far down as is wanted."""
        db = self._open()
        root = db.execute(_ROOT, (spot,)).fetchone()
        found = {"": FolderRow(*root) if root else UNLISTED}
        waiting = [""]
        while waiting:
            rows = db.execute(_SUBFOLDERS, (spot, waiting.pop())).fetchall()
            below = {path: FolderRow(*row) for path, *row in rows if wanted(path)}
            found |= below
            waiting += below
        return found

    def compare(self, spot: int, listings: Sequence[Listing]) -> list[list[str]]:
        """Take over listings: forget what is gone, return each one's unknown names."""
        with self._writing() as db:
            return [_compare(db, spot, listing) for listing in listings]

    def listed(
        self, spot: int, listings: Sequence[Listing], files: Sequence[Sequence[FileRow]]
    ) -> None:
        """Add each listing's new files; only then its folder counts as listed."""
        with self._writing() as db:
            for listing, rows in zip(listings, files, strict=True):
                _put_files(db, spot, rows)
                parent = listing.folder.rpartition("/")[0] if listing.folder else None
                row = (listing.row.mtime_ns, listing.row.listed)
                db.execute(_LISTED, (spot, listing.folder, parent, *row))

    def forget_folder(self, spot: int, folder: str) -> None:
        """Forget a folder that is gone, with all below it.

        What held it counts as not listed: if it only seemed gone, it is found again.
        """
        with self._writing() as db:
            _forget_folder(db, spot, folder)
            _unlist(db, spot, folder.rpartition("/")[0])

    def around(
        self, spot: int, span: tuple[float, float], edge: Edge
    ) -> tuple[list[FileRow], list[FileRow]]:
        """Return the files whose time lies in a span, and those beyond its edge.

        Of an hour that came twice, either reading counts. The edge is the start, or
        the end where names tell the end: files beyond may reach in. Nearest first.
        """
        start, end = span
        inside = {
            row.path: row
            for query in (_WITHIN, _WITHIN_OTHER)
            for row in self._files(query, (spot, start, end))
        }
        if edge.ends:
            beyond = self._files(_AFTER, (spot, end, end + edge.reach, edge.limit))
        else:
            beyond = self._files(_BEFORE, (spot, start - edge.reach, start, edge.limit))
        ordered = sorted(inside.values(), key=lambda row: (row.at, row.path))
        return ordered, [row for row in beyond if row.path not in inside]

    def growing(self, spot: int) -> list[FileRow]:
        """Return the files that were being written when last looked at."""
        return self._files(_GROWING, (spot,))

    def unreadable(self, spot: int, limit: int) -> list[FileRow]:
        """Return files that were found broken, those tried longest ago first."""
        return self._files(_UNREADABLE, (spot, limit))

    def put(self, spot: int, files: Sequence[FileRow]) -> None:
        """Write down what was found out about these files."""
        with self._writing() as db:
            _put_files(db, spot, files)

    def forget(self, spot: int, files: Sequence[FileRow]) -> None:
        """Forget files that are gone; their folders count as not listed."""
        with self._writing() as db:
            for folder in {file.folder for file in files}:
                _unlist(db, spot, folder)
            db.executemany(
                "DELETE FROM file WHERE spot = ? AND folder = ? AND name = ?",
                ((spot, file.folder, file.name) for file in files),
            )

    def holds_any(self, spot: int) -> bool:
        """Return whether any recording is known."""
        query = "SELECT 1 FROM file WHERE spot = ? LIMIT 1"
        return self._open().execute(query, (spot,)).fetchone() is not None

    def counts(self, spot: int) -> Counts:
        """Return how much a spot holds, and its newest time."""
        values = (FileState.UNREADABLE, FileState.GROWING, spot)
        row = self._open().execute(_COUNTS, values).fetchone()
        return Counts(files=row[0], unreadable=row[1], growing=row[2], latest=row[3])

    def _files(self, query: str, values: Sequence[object]) -> list[FileRow]:
        return [
            FileRow(
                folder, name, at, other, size, mtime, looked, seconds, FileState(st)
            )
            for _, folder, name, at, other, size, mtime, looked, seconds, st in (
                self._open().execute(query, values)
            )
        ]

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        db = self._open()
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException:
            if db.in_transaction:
                db.execute("ROLLBACK")
            raise

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._connection = self._connect()
            except sqlite3.OperationalError:
                raise  # locked, no room, no access: nothing is wrong with the file
            except sqlite3.DatabaseError:
                self.reset()
                self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            self._path.chmod(0o600)
            db.execute("PRAGMA journal_mode=WAL")
            # What a power cut loses is found again by looking.
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute("PRAGMA trusted_schema=OFF")
            version = db.execute("PRAGMA user_version").fetchone()[0]
            if version != _VERSION:
                if version or db.execute("SELECT 1 FROM sqlite_schema").fetchone():
                    raise sqlite3.DatabaseError("index of another version")
                db.executescript(
                    f"BEGIN; {_SCHEMA} PRAGMA user_version={_VERSION}; COMMIT"
                )
        except BaseException:
            db.close()
            raise
        return db


def _compare(db: sqlite3.Connection, spot: int, listing: Listing) -> list[str]:
    folder = listing.folder
    known = {row[0] for row in db.execute(_NAMES, (spot, folder))}
    before = {row[0] for row in db.execute(_SUBFOLDERS, (spot, folder))}
    for path in before.difference(listing.subfolders):
        _forget_folder(db, spot, path)
    db.executemany(
        "DELETE FROM file WHERE spot = ? AND folder = ? AND name = ?",
        ((spot, folder, name) for name in known.difference(listing.names)),
    )
    db.executemany(
        "INSERT OR IGNORE INTO folder(spot, path, parent) VALUES (?, ?, ?)",
        ((spot, path, folder) for path in listing.subfolders if path not in before),
    )
    return [name for name in listing.names if name not in known]


def _put_files(db: sqlite3.Connection, spot: int, files: Iterable[FileRow]) -> None:
    db.executemany(
        "INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                spot,
                file.folder,
                file.name,
                file.at,
                file.other,
                file.size,
                file.mtime_ns,
                file.looked,
                file.seconds,
                file.state,
            )
            for file in files
        ),
    )


def _unlist(db: sqlite3.Connection, spot: int, folder: str) -> None:
    db.execute(
        "UPDATE folder SET listed = NULL WHERE spot = ? AND path = ?", (spot, folder)
    )


def _forget_folder(db: sqlite3.Connection, spot: int, folder: str) -> None:
    # "0" comes right after "/": the span holds all that lies below the folder.
    below = (spot, folder, f"{folder}/", f"{folder}0")
    db.execute(
        "DELETE FROM folder WHERE spot = ? AND (path = ? OR (path >= ? AND path < ?))",
        below,
    )
    db.execute(
        "DELETE FROM file WHERE spot = ?"
        " AND (folder = ? OR (folder >= ? AND folder < ?))",
        below,
    )
