"""Recorded files as they are handed to ffmpeg: opened once, by descriptor.

A name never reaches a command line, a log or a playlist; a recorder that deletes the
file meanwhile disturbs nothing; and the format is ours to say, so a playlist dressed
up as a recording is refused.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
import errno
from functools import partial
import os
from pathlib import PurePath
import stat
from typing import Any, Final

from ...core.errors import MediaError

OPEN_SECONDS: Final = 30.0  # that a disk may take to hand over recordings
_MOV_STARTS: Final = {
    *(b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide"),
    *(b"pnot", b"sidx", b"uuid"),
}
_AS_FOUND: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
# These tell of the disk, the share or this machine, not of the file.
_AWAY: Final = {
    *(errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EHOSTDOWN, errno.EHOSTUNREACH),
    *(errno.ENODEV, errno.ENOTCONN, errno.EMFILE, errno.ENFILE, errno.ENOMEM),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """An open recorded file and the ffmpeg format it is in."""

    fd: int
    demuxer: str

    def arguments(
        self, *, seek: float | None = None, seconds: float | None = None
    ) -> list[str]:
        """Return it as an input of ffmpeg: from `seek` on, for so many seconds."""
        options = ["-protocol_whitelist", "file", "-noaccurate_seek"]
        if seek is not None:
            options += ["-ss", f"{seek:.6f}"]
        if seconds is not None:
            options += ["-t", f"{seconds:.6f}"]
        return [*options, "-f", self.demuxer, "-i", f"file:/proc/self/fd/{self.fd}"]


@contextmanager
def open_recordings(paths: Sequence[str]) -> Iterator[tuple[Recording, ...]]:
    """Open recordings for the time of a job.

    Raises MediaError `recording_missing`, `recording_empty`, `recording_unreadable`,
    or `recording_unreachable` if that is no fault of a file's.
    """
    with ExitStack() as stack:
        opened = []
        for path in paths:
            fd = _open(path)
            stack.callback(os.close, fd)
            opened.append(Recording(fd=fd, demuxer=_demuxer(fd)))
        yield tuple(opened)


class Disks:
    """Asks disks for recordings in threads, and gives up on one that hangs.

    Nobody can call a thread back: while one hangs, its folder is asked nothing more.
    """

    def __init__(self) -> None:
        """Know of none that hangs."""
        self._stuck: set[str] = set()

    @asynccontextmanager
    async def async_opened(
        self, paths: Sequence[str]
    ) -> AsyncIterator[tuple[Recording, ...]]:
        """Open recordings for the time of a job. Raises as `open_recordings`.

        `recording_unreachable` too where they are not open after `OPEN_SECONDS`.
        """
        stack = ExitStack()
        recordings = await self.async_look(
            paths,
            lambda: stack.enter_context(open_recordings(paths)),
            late=stack.close,
        )
        try:
            yield recordings
        finally:
            await self.async_close(paths, stack)

    async def async_look[T](
        self, paths: Iterable[str], look: Callable[[], T], *, late: Callable[[], None]
    ) -> T:
        """Return what a look at recordings tells; else `late` is called once it ends.

        Raises MediaError `recording_unreachable` after `OPEN_SECONDS`, and what `look`
        raises.
        """
        folders = {str(PurePath(path).parent) for path in paths}
        if folders & self._stuck:
            late()
            raise MediaError("recording_unreachable")
        looking = asyncio.ensure_future(asyncio.to_thread(look))
        try:
            await asyncio.wait([looking], timeout=OPEN_SECONDS)
            if not looking.done():
                self._note_stuck(folders, looking)
                raise MediaError("recording_unreachable")
            return looking.result()
        except BaseException:
            looking.add_done_callback(partial(_tidy, late))
            raise

    async def async_close(self, paths: Iterable[str], stack: ExitStack) -> None:
        """Close recordings, in a thread: some disks are asked about that too.

        One that hangs is left to its thread, and counts as one that does not answer.
        """
        closing = asyncio.ensure_future(asyncio.to_thread(stack.close))
        await asyncio.wait([closing], timeout=OPEN_SECONDS)
        if not closing.done():
            self._note_stuck({str(PurePath(path).parent) for path in paths}, closing)

    def _note_stuck(self, folders: set[str], looking: asyncio.Future[Any]) -> None:
        self._stuck |= folders
        looking.add_done_callback(lambda _: self._stuck.difference_update(folders))


def _tidy(late: Callable[[], None], looked: asyncio.Future[Any]) -> None:
    """Clear up after a look that failed, or that nobody waited for."""
    if not looked.cancelled():
        looked.exception()  # nobody waits for it any more
    late()


def _open(path: str) -> int:
    try:
        # Without O_NONBLOCK a named pipe would wait for a writer.
        # No link is followed: what was found is a file, and may be another by now.
        return os.open(path, _AS_FOUND)
    except FileNotFoundError as err:
        raise MediaError("recording_missing") from err
    except (OSError, ValueError) as err:
        raise _refused(err) from err


def _demuxer(fd: int) -> str:
    try:
        status = os.fstat(fd)
        start = os.pread(fd, 400, 0) if stat.S_ISREG(status.st_mode) else b"?"
    except OSError as err:
        raise _refused(err) from err
    if not start:
        raise MediaError("recording_empty")
    demuxer = demuxer_of(start)
    if demuxer is None:
        raise MediaError("recording_unreadable")
    return demuxer


def _refused(err: OSError | ValueError) -> MediaError:
    away = isinstance(err, OSError) and err.errno in _AWAY
    return MediaError("recording_unreachable" if away else "recording_unreadable")


def demuxer_of(start: bytes) -> str | None:
    """Return the ffmpeg format of a file by its first bytes, None for any other."""
    if start[4:8] in _MOV_STARTS:
        return "mov"
    if start.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    if start[:1] == start[188:189] == b"G" or start[4:5] == start[196:197] == b"G":
        return "mpegts"
    if start.startswith(b"RIFF") and start[8:12] == b"AVI ":
        return "avi"
    if start.startswith(b"FLV\x01"):
        return "flv"
    if start.startswith(b"\0\0\x01\xba"):
        return "mpeg"
    return None
