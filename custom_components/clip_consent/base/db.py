"""SQLite with the discipline that consent needs.

One thread, WAL, `synchronous=FULL`: what was answered survives a power cut. Jobs that
wait at the same time share one transaction, each in a savepoint of its own, so a flood
costs one fsync for many lines. Any error of the disk means that the job did not happen.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
import contextlib
from dataclasses import dataclass
from functools import partial
import logging
import os
from pathlib import Path
import sqlite3
import struct
from typing import Any

from ..core.errors import ClipConsentError, StoreError
from .db_reader import Reader
from .durable import make_folder
from .hold import Hold, Holder

_LOGGER = logging.getLogger(__name__)

MAX_GROUP = 256  # jobs in one transaction
_FOLDED_AT = 1000  # pages of log: SQLite's own default
_FULL_DISK = ("full", "disk i/o")
# bytes in SQLite's write-ahead log: https://www.sqlite.org/walformat.html
_LOG_HEADER = 32
_FRAME_HEADER = 24
_INDEX_HEADER = 48  # which is there twice


@dataclass(frozen=True, slots=True)
class _Job:
    run: Callable[[sqlite3.Connection], Any]
    done: asyncio.Future[Any]


type _Result = tuple[Any, Exception | None]  # what a job returned, or raised
type Migration = Callable[[sqlite3.Connection], None]


class Database:
    """A database file with its own thread.

    `migrations[n]` takes the schema from version n to n + 1. Raises StoreError from
    every call when the disk refuses.
    """

    def __init__(
        self,
        path: Path,
        migrations: Sequence[Migration],
        *,
        after_commit: Callable[[sqlite3.Connection], None] | None = None,
        hold: Hold | None = None,
    ) -> None:
        """Keep where the file is; `async_open` opens it.

        `after_commit` runs in the database's thread after each transaction. While
        `hold` is on, nothing is written.
        """
        self._path = path
        self._migrations = migrations
        self._after_commit = after_commit
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="clip_consent_db")
        self._connection: sqlite3.Connection | None = None
        self._reader = Reader(path)
        # two threads: what takes long holds up nothing that must not be seen to wait
        self._apart = ThreadPoolExecutor(1, thread_name_prefix="clip_consent_read")
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="clip_consent_public")
        self._long_query: sqlite3.Connection | None = None
        self._closed = True
        self._closing = False
        self._ended = False
        self._jobs: list[_Job] = []
        self._worker: asyncio.Task[None] | None = None
        self.told: Callable[[bool], None] | None = None  # whether writing works
        self.hold = hold or Hold()

    async def async_open(self) -> None:
        """Open the file and bring its schema up to date, once no backup is made."""
        self.hold.add(self, Holder(self._settle, self._go_on))
        await self.hold.async_wait()
        self._closed = False
        await self._in_thread(self._open)

    async def async_run[T](
        self, job: Callable[[sqlite3.Connection], T], *, behind: int | None = None
    ) -> T:
        """Run a job in a transaction and return its result once that is on disk.

        A job that raises is rolled back alone, whatever it raises. One that strangers
        can bring about is refused (`store_busy`) where more than `behind` others wait.
        """
        if self._closing and self.hold.is_on:
            raise StoreError("store_closed")
        if behind is not None and len(self._jobs) > behind:
            raise StoreError("store_busy")
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_hear)
        self._jobs.append(_Job(job, done))
        self._go_on()
        # A caller that is cancelled meanwhile does not stop the job.
        await asyncio.wait([done])
        return done.result()

    async def async_read[T](self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a query that writes nothing; it works while writing is paused."""
        return await self._in_thread(partial(self._read, query))

    async def async_read_aside[T](self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a short query that waits for no write, so its time tells of none."""
        return await self._in_thread(partial(self._read_aside, query), self._aside)

    async def async_read_apart[T](self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Run a long query on one moment of the file: no write waits for it.

        Closing the file ends it: StoreError.
        """
        return await self._in_thread(partial(self._read_apart, query), self._apart)

    async def async_close(self) -> None:
        """Finish what waits and close the file.

        What waits for the end of a backup is refused: it would change the file that is
        just being copied.
        """
        self._closing = True
        if self._worker and not self._worker.done():
            await asyncio.wait([self._worker])
        refused, self._jobs = self._jobs, []
        _finish(refused, [(None, StoreError("store_closed"))] * len(refused))
        self._closed = True
        if self._long_query:
            self._long_query.interrupt()
        # while somebody reads it, closing would leave the log behind
        for readers in (self._apart, self._aside):
            await asyncio.to_thread(readers.shutdown)
        await self._in_thread(self._close_for_good)
        self._ended = True
        self.hold.remove(self)
        # waits for the thread, but not in the event loop
        await asyncio.to_thread(self._executor.shutdown)

    async def async_fold(self) -> None:
        """Fold the log into the file: else it keeps what was deleted, for days.

        While the file is being copied nothing is: then the next time does it.
        """
        if not self.hold.copies:
            await self._settle()

    async def _settle(self) -> None:
        # There is one thread: what it was given before is done before this. Who reads
        # apart keeps the log from being folded in.
        with contextlib.suppress(StoreError):
            await self._in_thread(lambda: None, self._apart)
            await self._in_thread(self._checkpoint)

    def _go_on(self) -> None:
        """Work on what waits, unless writing is held; the end of that comes here."""
        if self._jobs and (self._worker is None or self._worker.done()):
            self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._jobs and not self.hold.is_on:
            group, self._jobs = self._jobs[:MAX_GROUP], self._jobs[MAX_GROUP:]
            try:
                results = await self._in_thread(partial(self._run_group, group))
            except StoreError as err:
                results = [(None, err)] * len(group)
            except Exception:  # those who wait behind this group are not to hang
                _LOGGER.exception("A transaction failed in an unforeseen way")
                results = [(None, StoreError("store_failed"))] * len(group)
            except BaseException:
                _finish(group, [(None, StoreError("store_failed"))] * len(group))
                raise
            self._tell(results)
            _finish(group, results)

    def _tell(self, results: Sequence[_Result]) -> None:
        """Tell whether the disk took a transaction; a closed store says nothing."""
        refused = [error for _, error in results if isinstance(error, StoreError)]
        if self.told and not any(error.code == "store_closed" for error in refused):
            self.told(not refused)

    async def _in_thread[T](
        self, call: Callable[[], T], threads: ThreadPoolExecutor | None = None
    ) -> T:
        if self._ended or (threads and self._closed):
            raise StoreError("store_closed")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(threads or self._executor, call)

    def _run_group(self, jobs: Sequence[_Job]) -> list[_Result]:
        try:
            connection = self._open_connection()
            self._fold_or_not(connection)
            connection.execute("BEGIN IMMEDIATE")
            results = [self._run_one(connection, job) for job in jobs]
            connection.execute("COMMIT")
        except ClipConsentError as err:
            return [(None, err) for _ in jobs]
        except BaseException as err:
            # What a failed commit left behind shows only to a fresh connection.
            with self._reader.closed():
                self._close()
                _cut_log(self._path)
            if isinstance(err, (sqlite3.Error, OSError)):
                return [(None, _store_error(err)) for _ in jobs]
            raise
        self._follow(connection)
        return results

    def _follow(self, connection: sqlite3.Connection) -> None:
        """Let `after_commit` look; what is committed stays so, whatever it meets."""
        if self._after_commit:
            try:
                self._after_commit(connection)
            except Exception:
                _LOGGER.exception("What follows a transaction failed")

    def _run_one(self, connection: sqlite3.Connection, job: _Job) -> _Result:
        connection.execute("SAVEPOINT job")
        try:
            result = job.run(connection)
        except sqlite3.Error, OSError:
            raise
        except Exception as err:  # noqa: BLE001 - a mistake in one job harms no other
            connection.execute("ROLLBACK TO job")
            connection.execute("RELEASE job")
            return None, err
        connection.execute("RELEASE job")
        return result, None

    def _read[T](self, query: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._open_connection()
        try:
            return query(connection)
        except sqlite3.Error as err:
            raise _store_error(err) from err

    def _read_aside[T](self, query: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return self._reader.read(query)
        except sqlite3.Error as err:
            raise _store_error(err) from err

    def _read_apart[T](self, query: Callable[[sqlite3.Connection], T]) -> T:
        if self._closed:
            raise StoreError("store_closed")
        try:
            with self._reader.open_apart() as self._long_query:
                return query(self._long_query)
        except sqlite3.Error as err:
            raise _store_error(err, closed=self._closed) from err
        finally:
            self._long_query = None

    def _open_connection(self) -> sqlite3.Connection:
        if self._connection is None and not self._closed:
            self._open()
        if self._connection is None:
            raise StoreError("store_closed")
        return self._connection

    def _open(self) -> None:
        try:
            make_folder(self._path.parent)
            self._connection = sqlite3.connect(
                self._path, isolation_level=None, check_same_thread=False
            )
            self._path.chmod(0o600)
            self._prepare(self._connection)
        except (sqlite3.Error, OSError) as err:
            self._close()
            raise _store_error(err) from err
        except BaseException:  # nothing may be written to half a schema, or a newer one
            self._close()
            raise

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(self._migrations):
            raise StoreError("store_too_new")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA busy_timeout=5000")
        self._fold_or_not(connection)
        for number in range(version, len(self._migrations)):
            connection.execute("BEGIN IMMEDIATE")
            self._migrations[number](connection)
            connection.execute(f"PRAGMA user_version={number + 1}")
            connection.execute("COMMIT")

    def _fold_or_not(self, connection: sqlite3.Connection) -> None:
        """Let commits fold a long log into the file, unless that is being copied."""
        pages = 0 if self.hold.copies else _FOLDED_AT
        connection.execute(f"PRAGMA wal_autocheckpoint={pages}")

    def _checkpoint(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._open_connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _close_for_good(self) -> None:
        with self._reader.closed():
            self._close()

    def _close(self) -> None:
        if self._connection:
            with contextlib.suppress(sqlite3.Error):
                # else closing folds the log into a file that is just being copied
                self._connection.setconfig(
                    sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, self.hold.copies
                )
                self._connection.close()
            self._connection = None


def _finish(group: Sequence[_Job], results: Sequence[_Result]) -> None:
    for job, (result, error) in zip(group, results, strict=True):
        if job.done.done():
            continue
        if error:
            job.done.set_exception(error)
        else:
            job.done.set_result(result)


def _hear(done: asyncio.Future[Any]) -> None:
    """Take note of an error that its caller may be too cancelled to hear."""
    if not done.cancelled():
        done.exception()


def _cut_log(path: Path) -> None:
    """Cut off what stands in the log behind its last commit that held.

    If a commit fails at its very last step, its fsync, all of it is in the log: after
    a crash it would count, though it was refused. Closing folds the log into the file
    and removes it, unless that fails too; then the index beside it tells where it ends,
    if it is whole and of this very log.
    """
    log, index = (path.with_name(path.name + end) for end in ("-wal", "-shm"))
    with contextlib.suppress(OSError, struct.error):
        with index.open("rb") as file:
            told, again = file.read(_INDEX_HEADER), file.read(_INDEX_HEADER)
        with log.open("rb") as file:
            salt = file.read(_LOG_HEADER)[16:24]
        begun, page, frames, of_log = struct.unpack_from("=12x?xHI12x8s", told)
        if not begun or told != again or salt != of_log:
            return
        size = (page & 0xFE00) | (page & 1) << 16  # 1 stands for 65,536
        end = _LOG_HEADER + frames * (_FRAME_HEADER + size)
        if log.stat().st_size > end:
            os.truncate(log, end)


def _store_error(err: Exception, *, closed: bool = False) -> StoreError:
    if closed:
        return StoreError("store_closed")
    text = str(err).lower()
    full = any(mark in text for mark in _FULL_DISK)
    return StoreError("disk_full" if full else "store_failed")
