"""A sealed package, read off the event loop while it goes out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import os
from pathlib import Path
import stat
from typing import Final, Self

from ...core.errors import DeliveryError
from ...core.ports import Progress

_READ: Final = 2**20
_PIECE: Final = 2**17  # what must move before patience runs out
_OPEN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC


class SpoolReader:
    """An open package. Raises DeliveryError if it is not what was sealed."""

    def __init__(self, path: Path, size: int) -> None:
        """Name the file and the size it was sealed with."""
        self.size = size
        self._path = path
        self._file = -1
        self._failure: DeliveryError | None = None

    async def __aenter__(self) -> Self:
        """Open it."""
        loop = asyncio.get_running_loop()
        self._file = await loop.run_in_executor(None, self._open)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        os.close(self._file)

    def _open(self) -> int:
        try:
            file = os.open(self._path, _OPEN)
        except FileNotFoundError:
            raise DeliveryError("spool_damaged", permanent=True) from None
        except OSError as err:
            raise DeliveryError("spool_unreadable", permanent=False) from err
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size != self.size:
            os.close(file)
            raise DeliveryError("spool_damaged", permanent=True)
        return file

    async def pieces(
        self, offset: int, length: int, progress: Progress
    ) -> AsyncIterator[memoryview]:
        """Yield a part of the file; `progress` gets what of the whole was taken."""
        loop, end = asyncio.get_running_loop(), offset + length
        while offset < end:
            try:
                data = await loop.run_in_executor(
                    None, os.pread, self._file, min(_READ, end - offset), offset
                )
            except OSError:
                self._failure = DeliveryError("spool_unreadable", permanent=False)
                raise
            if not data:
                self._failure = DeliveryError("spool_damaged", permanent=True)
                raise self._failure
            view = memoryview(data)
            for start in range(0, len(view), _PIECE):
                yield view[start : start + _PIECE]
            offset += len(data)
            progress(offset / self.size)

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """Tell a failed read apart from the failed connection that it looks like."""
        try:
            yield
        except DeliveryError:
            if self._failure is None:
                raise
        if self._failure is not None:
            raise self._failure
