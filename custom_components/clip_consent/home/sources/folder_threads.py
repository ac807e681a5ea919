"""The threads that folders are looked at in: one for the index, a few for disks."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import sqlite3
from typing import Any

from ...core.errors import SourceError
from .folder_index import FolderIndex

_DISK_THREADS = 4  # a disk that hangs keeps one of them
PATIENCE_SECONDS = 120.0


class FolderThreads:
    """Runs what blocks, and gives up waiting for a disk that hangs."""

    def __init__(self, index_path: Path, patience: float = PATIENCE_SECONDS) -> None:
        """Keep where the index is; `patience` is for one look at a disk, seconds."""
        self.index = FolderIndex(index_path)
        self._patience = patience
        self._closed = False
        self._stuck: dict[str, asyncio.Future[Any]] = {}
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

    async def async_disk[*Ts, T](
        self, root: str, call: Callable[[*Ts], T], *args: *Ts
    ) -> T:
        """Run a look at the disk that holds `root`. Raises SourceError `folder_slow`.

        While a disk hangs, nothing more is asked of it.
        """
        if (stuck := self._stuck.get(root)) and not stuck.done():
            raise SourceError("folder_slow")
        loop = asyncio.get_running_loop()
        look = loop.run_in_executor(self._disk_threads, call, *args)
        look.add_done_callback(_note_end)
        # A wait that is cancelled or runs out leaves the look running: nobody can
        # call a thread back.
        done, _ = await asyncio.wait({look}, timeout=self._patience)
        if not done:
            self._stuck[root] = look
            raise SourceError("folder_slow")
        return look.result()

    async def async_close(self) -> None:
        """Close the index and end the threads; one that hangs is left behind."""
        if self._closed:
            return
        self._closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._index_thread, self.index.close)
        self._index_thread.shutdown()
        stuck = any(not future.done() for future in self._stuck.values())
        self._disk_threads.shutdown(wait=not stuck, cancel_futures=True)


def _note_end(look: asyncio.Future[Any]) -> None:
    """Take note of an error that nobody waits for any more."""
    _ = look.cancelled() or look.exception()
