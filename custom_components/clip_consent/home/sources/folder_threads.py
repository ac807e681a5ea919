"""The threads that folders are looked at in: one for the index, a few for disks."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import sqlite3
from typing import Any

from ...core.errors import SourceError
from .folder_index import FolderIndex

_AT_ONCE = 4  # looks at disks
# A look that takes longer gives its turn to the next one: a network share that hangs
# has many folders, and all of them together must not keep a good disk waiting.
_TURN_SECONDS = 2.0
_DISK_THREADS = 64  # one that hangs is kept for each folder
PATIENCE_SECONDS = 120.0
_FAREWELL_SECONDS = 0.5  # for looks under way when all ends


class FolderThreads:
    """Runs what blocks, and gives up waiting for a disk that hangs."""

    def __init__(self, index_path: Path, patience: float = PATIENCE_SECONDS) -> None:
        """Keep where the index is; `patience` is for one look at a disk, seconds."""
        self.index = FolderIndex(index_path)
        self._patience = patience
        self._closed = False
        self._stuck: dict[str, asyncio.Future[Any]] = {}
        self._running: set[asyncio.Future[Any]] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._index_thread = ThreadPoolExecutor(1, "clip_consent_index")
        self._disk_threads = ThreadPoolExecutor(_DISK_THREADS, "clip_consent_folder")

    async def async_index[*Ts, T](self, call: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run a call of the index. Raises SourceError `index_failed`."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._index_thread, call, *args)
        except sqlite3.Error as err:
            if not isinstance(err, sqlite3.OperationalError):
                # The file is damaged; all that is in it can be found again.
                await loop.run_in_executor(self._index_thread, self.index.reset)
            raise SourceError("index_failed") from err
        except (OSError, OverflowError, ValueError) as err:
            # A disk can tell of times and sizes that SQLite cannot hold.
            raise SourceError("index_failed") from err

    async def async_look[*Ts, T](self, call: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run what blocks for a moment, and asks none of the disks with recordings."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._disk_threads, call, *args)

    async def async_disk[*Ts, T](
        self, root: str, call: Callable[[*Ts], T], *args: *Ts
    ) -> T:
        """Run a look at the disk that holds `root`. Raises SourceError `folder_slow`.

        While a disk hangs, nothing more is asked of it.
        """
        self._refuse_stuck(root)
        loop = asyncio.get_running_loop()
        async with self._turns:
            self._refuse_stuck(root)  # it may have come to hang meanwhile
            look = loop.run_in_executor(self._disk_threads, call, *args)
            self._running.add(look)
            look.add_done_callback(self._note_end)
            # A wait that is cancelled or runs out leaves the look running: nobody can
            # call a thread back.
            turn = min(_TURN_SECONDS, self._patience)
            done, _ = await asyncio.wait({look}, timeout=turn)
        if not done:
            done, _ = await asyncio.wait({look}, timeout=self._patience - turn)
        if not done:
            self._stuck[root] = look
            raise SourceError("folder_slow")
        return look.result()

    def _refuse_stuck(self, root: str) -> None:
        if (stuck := self._stuck.get(root)) and not stuck.done():
            raise SourceError("folder_slow")

    async def async_close(self) -> None:
        """Close the index and end the threads; one that hangs is left behind."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._index_thread, self.index.close)
        self._index_thread.shutdown()
        if self._running:
            await asyncio.wait(self._running, timeout=_FAREWELL_SECONDS)
        self._disk_threads.shutdown(wait=not self._running, cancel_futures=True)

    def _note_end(self, look: asyncio.Future[Any]) -> None:
        """Take note of an error that nobody waits for any more."""
        self._running.discard(look)
        _ = look.cancelled() or look.exception()
