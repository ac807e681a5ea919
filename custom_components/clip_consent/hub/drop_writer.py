"""One writer of an upload: takes bytes as they come and brings them to the disk."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol

from ..core.drop_box import DropRefusal, DropRefusedError, Upload, moved
from ..core.ports import Clock
from .drop_files import DropFile

PIECE: Final = 128 * 1024  # bytes that are written at once
PIECE_SECONDS: Final = 30.0  # in which a piece has to come: 4 KiB/s
SILENT_SECONDS: Final = 5.0  # after which another may take the place of a writer
CHECKPOINT: Final = 16 * 2**20  # bytes after which they are made safe on the way

# Returns what came next, nothing at the end. Raises OSError once nobody sends any more.
type Read = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long senders have, in seconds."""

    piece: float = PIECE_SECONDS
    silent: float = SILENT_SECONDS


class Threads(Protocol):
    """Runs what blocks."""

    async def __call__[*Ts, T](self, call: Callable[[*Ts], T], /, *args: *Ts) -> T:
        """Return what the call returns."""


class _End(Enum):
    """What comes after a piece."""

    MORE = auto()
    SENT = auto()  # nothing: that was all
    CUT = auto()  # nothing that came, or not in time
    TOO_LONG = auto()  # more than there is room for


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a writer works with.

    `taken` hears of every piece, and may refuse it. Few have their `turns` at once: the
    event loop goes on after each of them, and does not wait for hundreds.
    """

    clock: Clock
    threads: Threads
    turns: asyncio.Semaphore
    taken: Callable[[int], None]
    saved: Callable[[Upload], None]
    disk_free: int
    pace: Pace


class Writer:
    """At most one at a time is at work on an upload."""

    def __init__(self, upload: Upload, tools: Tools) -> None:
        """Begin at the upload's offset."""
        self._upload = upload  # as it is safely on the disk
        self._tools = tools
        self._offset = upload.offset  # as it is written
        self._heard = tools.clock.monotonic()
        self._limit: asyncio.Timeout | None = None
        self._stopped = False
        self._is_ending = False
        self.ended = asyncio.Event()

    @property
    def is_leaving(self) -> bool:
        """Whether it is, or can be made to be, about to end."""
        silence = self._tools.clock.monotonic() - self._heard
        has_to = self._stopped or self._is_ending
        return has_to or silence > self._tools.pace.silent

    def stop(self) -> None:
        """Let it wait for nothing more; `ended` tells when it is over."""
        self._stopped = True
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(0)

    async def async_write(self, file: DropFile, read: Read) -> Upload:
        """Write a body; what came is safe afterwards, whatever is raised.

        Raises DropRefusedError `cut` or `too_large`, StoreError.
        """
        try:
            end = _End.MORE
            while end is _End.MORE:
                piece, end = await self._async_piece(read)
                await self._async_take(file, piece)
        finally:
            self._is_ending = True
            await self._async_save(file)
        if end is _End.CUT:
            raise DropRefusedError(DropRefusal.CUT)
        if end is _End.TOO_LONG:
            raise DropRefusedError(DropRefusal.TOO_LARGE)
        return self._upload

    async def _async_piece(self, read: Read) -> tuple[bytearray, _End]:
        """Return what came, a piece at most, and what comes after it."""
        room = self._upload.length - self._offset
        piece = bytearray()
        if self._stopped:
            return piece, _End.CUT
        try:
            async with asyncio.timeout(self._tools.pace.piece) as self._limit:
                # With the last byte of an upload the end of the body has to come too.
                while len(piece) < PIECE or len(piece) >= room:
                    data = await read()
                    if not data:
                        return piece, _End.SENT
                    self._heard = self._tools.clock.monotonic()
                    piece += data
                    if len(piece) > room:
                        return bytearray(), _End.TOO_LONG
        except OSError:  # also when the time is over
            return piece, _End.CUT
        finally:
            self._limit = None
        return piece, _End.MORE

    async def _async_take(self, file: DropFile, piece: bytearray) -> None:
        if not piece:
            return
        self._tools.taken(len(piece))
        disk_free = self._tools.disk_free
        async with self._tools.turns:
            await self._tools.threads(file.write, self._offset, piece, disk_free)
        self._offset += len(piece)
        if self._offset - self._upload.offset >= CHECKPOINT:
            await self._async_save(file)

    async def _async_save(self, file: DropFile) -> None:
        """Make safe what is written."""
        if self._offset == self._upload.offset:
            return
        upload = moved(self._upload, self._offset, self._tools.clock.now())
        await self._tools.threads(file.note, upload)
        self._upload = upload
        self._tools.saved(upload)
