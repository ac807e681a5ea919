"""What was signed last, kept apart from the log: a backup that came back shows.

Whoever followed the log has seen it. What is signed after an older copy contradicts
that: so a hub whose database lacks it signs nothing before its operator has said so.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
import json
import os
from pathlib import Path
import sqlite3
from typing import Final

from ..base.durable import make_folder
from ..core.errors import RestoredError, StoreError
from ..core.portal_log import EMPTY, EntryKind, Head
from ..core.serial import Json, canonical, stated
from . import feed, log
from .store import read_meta, write_meta

_KEPT: Final = "head_kept"  # a key of `meta`: something is kept apart
# how often feeds may have been issued after a copy of which nothing else is known
_LEAP: Final = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Last:
    """The newest entry of the log, and the number of the newest issue of the feeds."""

    head: Head
    seq: int


_NOTHING: Final = _Last(head=EMPTY, seq=0)


class HeadFile:
    """A file that no backup holds, written before anybody is shown what it says."""

    def __init__(self, path: Path) -> None:
        """Keep where it is."""
        self._path = path
        self._written: _Last | None = None

    def enter(
        self, connection: sqlite3.Connection, now: datetime, *, go_on: bool
    ) -> None:
        """Compare file and database, in a transaction.

        Feeds alone that are older are no loss: the next ones get higher numbers. Where
        entries are missing, or may be, RestoredError is raised; with `go_on` an entry
        says that the log went on after a loss. Raises StoreError.
        """
        kept, here = self._read(), _last(connection)
        if kept is None and read_meta(connection, _KEPT) is None:  # a new hub
            self._begin()
            write_meta(connection, _KEPT, "yes")
        elif kept is None or not _holds(connection, kept.head):
            if not go_on:
                raise _restored(kept, here)
            _go_on(connection, kept, here, now)
        elif kept.seq > here.seq:
            feed.outdate(connection, kept.seq)
        self._written = kept or _NOTHING

    def follow(self, connection: sqlite3.Connection) -> None:
        """Write what the database says, if it moved on; before `enter` nothing."""
        last = _last(connection)
        if self._written in (None, last):
            return
        with suppress(OSError):  # what stands there is true, only less strict
            self._write(last)
            self._written = last

    def _begin(self) -> None:
        """Write that there is nothing: a new hub's file is there before its flag is."""
        try:
            make_folder(self._path.parent)
            self._write(_NOTHING)
        except OSError as err:
            raise StoreError("store_failed") from err

    def _read(self) -> _Last | None:
        """Return what is kept, None if there is nothing that can be made sense of.

        A disk that cannot be read just now is no restored backup. Raises StoreError.
        """
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as err:
            raise StoreError("store_failed") from err
        with suppress(ValueError, KeyError, TypeError):
            data: dict[str, Json] = json.loads(text)
            match data["n"], data["hash"], data["seq"]:
                case int(n), str(digest), int(seq):
                    return _Last(head=Head(n=n, hash=digest), seq=seq)
        return None

    def _write(self, last: _Last) -> None:
        """Replace the file at once: a power cut leaves the one or the other."""
        said: dict[str, Json] = {
            "n": last.head.n,
            "hash": last.head.hash,
            "seq": last.seq,
        }
        fresh = self._path.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(canonical(said))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _last(connection: sqlite3.Connection) -> _Last:
    return _Last(head=log.head(connection), seq=feed.read_seq(connection))


def _holds(connection: sqlite3.Connection, head: Head) -> bool:
    row = connection.execute("SELECT hash FROM log WHERE n = ?", (head.n,)).fetchone()
    return head == EMPTY or (row is not None and row["hash"] == head.hash)


def _restored(kept: _Last | None, here: _Last) -> RestoredError:
    if kept is None:
        return RestoredError("hub_log_unsure", found=str(here.head.n))
    return RestoredError(
        "hub_log_behind", found=str(here.head.n), kept=str(kept.head.n)
    )


def _go_on(
    connection: sqlite3.Connection, kept: _Last | None, here: _Last, now: datetime
) -> None:
    """Say in the log that entries may be lost, and number feeds past all lost ones."""
    feed.outdate(connection, kept.seq if kept else here.seq + _LEAP)
    if here.head == EMPTY:
        return  # its key is gone too: it is another hub, which has lost nothing
    lost: dict[str, Json] = {
        "n": kept.head.n if kept else None,
        "hash": kept.head.hash if kept else None,
    }
    log.append_said(connection, at=stated(now), kind=EntryKind.RESTORED, said=lost)
