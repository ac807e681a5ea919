"""Small pictures of many moments, as a timeline wants them: several by each ffmpeg.

Moments of plain MP4 files share one ffmpeg that decodes nothing but their key frames;
those of other files share one that opens several. Where that gives no picture, the
moment is tried alone, so that a bad recording costs only its own.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import batched, groupby
import os
from typing import Final

from ...base.threads import async_in_thread
from ...core.errors import MediaError
from ...core.models import Piece
from .ffmpeg import Ffmpeg
from .key_frames import KeyFrame, Setup, find_key_frames, write_key_frames
from .pictures import (
    film_thumbnails,
    last_picture,
    shared_thumbnails,
    split_pictures,
    thumbnail_commands,
)
from .recordings import Disks, Recording, open_recordings
from .units import check_picture

WIDTH: Final = 320  # pixels
LOOK_SECONDS: Final = 30.0
_FILES: Final = 25  # recordings whose key frames are decoded as one film
_OPEN_FILES: Final = 6  # that one ffmpeg opens: each has threads, which count as memory
_MAX_FILM: Final = 2**25  # bytes of coded pictures in one film


@dataclass(slots=True, eq=False)
class _Wish:
    """A moment, and the picture of it once there is one."""

    piece: Piece
    seconds: float  # from the recording's first frame
    picture: bytes | None = None


type _Taken = tuple[_Wish, KeyFrame]


@dataclass(slots=True)
class _Shared:
    """What one look takes on: wishes, the files they lie in, and how to read them."""

    stack: ExitStack = field(default_factory=ExitStack)
    films: list[list[_Taken]] = field(default_factory=list)
    others: list[tuple[_Wish, Recording]] = field(default_factory=list)


class Thumbnails:
    """Makes small pictures. `looks` says how many ffmpegs may run for it at a time."""

    def __init__(self, ffmpeg: Ffmpeg, looks: asyncio.Semaphore, disks: Disks) -> None:
        """Keep the tools."""
        self._ffmpeg = ffmpeg
        self._looks = looks
        self._disks = disks

    async def async_many(
        self, pieces: Sequence[Piece], times: Sequence[datetime]
    ) -> list[bytes | None]:
        """Return a small JPEG of each moment; `pieces` are what each lies in.

        None where there is none to be had. Cancelled, all of it ends.
        """
        wishes = [
            _Wish(piece, seconds_into(piece, at))
            for piece, at in zip(pieces, times, strict=True)
        ]
        async with asyncio.TaskGroup() as group:
            for batch in batched(_by_file(wishes), _FILES, strict=False):
                group.create_task(self._async_batch([w for ws in batch for w in ws]))
        return [wish.picture for wish in wishes]

    async def _async_batch(self, wishes: Sequence[_Wish]) -> None:
        """Fill in the pictures of some wishes; between two runs others have a turn."""
        shared = _Shared()
        paths = {wish.piece.path for wish in wishes}
        try:
            await self._disks.async_look(
                paths,
                partial(_open, shared, wishes),
                late=shared.stack.close,
            )
        except MediaError:
            return
        try:
            for film in shared.films:
                with suppress(MediaError):
                    await self._async_film(film)
            others = [(w, r) for w, r in shared.others if w.picture is None]
            for several in batched(others, _OPEN_FILES, strict=False):
                with suppress(MediaError):
                    await self._async_shared(several)
        finally:
            await self._disks.async_close(paths, shared.stack)
        for wish in wishes:
            if wish.picture is None:
                with suppress(MediaError):
                    wish.picture = await self.async_one(wish.piece, wish.seconds)

    async def _async_film(self, film: Sequence[_Taken]) -> None:
        """Decode key frames of one set-up; they count only if none is missing."""
        stack = ExitStack()
        fd = stack.enter_context(_memory())
        frames = list(dict.fromkeys(frame for _, frame in film))
        # A disk that hangs keeps its thread: what that reads stays open until it ends.
        own = _doubled(stack, frames)
        await self._disks.async_look(
            {wish.piece.path for wish, _ in film},
            partial(_write, fd, own),
            late=stack.close,
        )
        with stack:
            run = await self._async_run(film_thumbnails(fd, WIDTH), [fd])
        pictures = split_pictures(run)
        if len(pictures) == len(frames):
            by_frame = dict(zip(frames, pictures, strict=True))
            for wish, frame in film:
                wish.picture = checked_picture(by_frame[frame])

    async def _async_shared(self, wishes: Sequence[tuple[_Wish, Recording]]) -> None:
        """Open several recordings at once, and write each moment to its own place."""
        with ExitStack() as stack:
            places = [stack.enter_context(_memory()) for _ in wishes]
            asked = [(recording, wish.seconds) for wish, recording in wishes]
            fds = {recording.fd for recording, _ in asked}
            await self._async_run(
                shared_thumbnails(asked, places, WIDTH), [*fds, *places]
            )
            for (wish, _), place in zip(wishes, places, strict=True):
                if data := await async_in_thread(_read, place):
                    wish.picture = checked_picture(last_picture(data))

    async def _async_run(self, command: list[str], fds: Sequence[int]) -> bytes:
        async with self._looks:
            run = await self._ffmpeg.async_run(
                command, seconds=LOOK_SECONDS + len(fds), fds=fds
            )
        return run.output

    async def async_one(
        self, piece: Piece, seconds: float, width: int = WIDTH
    ) -> bytes:
        """Return the picture of one moment, whatever it takes. Raises MediaError."""
        async with (
            self._looks,
            self._disks.async_opened([piece.path]) as (recording,),
        ):
            for command in thumbnail_commands(recording, seconds, width):
                run = await self._ffmpeg.async_run(
                    command, seconds=LOOK_SECONDS, fds=[recording.fd]
                )
                if not run.ok or run.output:
                    break
        if not run.ok or not run.output:
            raise run.refusal()
        picture = last_picture(run.output)
        check_picture(picture)
        return picture


def seconds_into(piece: Piece, at: datetime) -> float:
    """Return how far a moment is into a recording, in seconds: never past its end."""
    seconds = (at - piece.start).total_seconds()
    return max(0.0, min(seconds, piece.seconds - 0.1))


@contextmanager
def _memory() -> Iterator[int]:
    """Open a file that is in memory alone: footage is not written to the disk."""
    fd = os.memfd_create("still")
    try:
        yield fd
    finally:
        os.close(fd)


def _doubled(stack: ExitStack, frames: Sequence[KeyFrame]) -> list[KeyFrame]:
    """Return frames by descriptors of their own, which the stack closes."""
    own: dict[int, int] = {}
    for frame in frames:
        if frame.fd not in own:
            own[frame.fd] = os.dup(frame.fd)
            stack.callback(os.close, own[frame.fd])
    return [frame._replace(fd=own[frame.fd]) for frame in frames]


def _write(fd: int, frames: Sequence[KeyFrame]) -> None:
    try:
        with os.fdopen(fd, "wb", closefd=False) as file:
            write_key_frames(file, frames)
    except OSError as err:
        raise MediaError("recording_unreachable") from err


def _read(fd: int) -> bytes:
    return os.pread(fd, min(os.fstat(fd).st_size, _MAX_FILM), 0)


def checked_picture(picture: bytes) -> bytes | None:
    """Return a picture if it holds nothing else."""
    with suppress(MediaError):
        check_picture(picture)
        return picture
    return None


def _by_file(wishes: Sequence[_Wish]) -> Iterator[list[_Wish]]:
    """Yield the wishes of each recording."""
    ordered = sorted(wishes, key=lambda wish: wish.piece.path)
    for _, same in groupby(ordered, key=lambda wish: wish.piece.path):
        yield list(same)


def _open(shared: _Shared, wishes: Sequence[_Wish]) -> None:
    """Open the recordings of wishes, and look where their key frames lie. Blocks."""
    films: dict[Setup, list[_Taken]] = {}
    for same in _by_file(wishes):
        try:
            (recording,) = shared.stack.enter_context(
                open_recordings([same[0].piece.path])
            )
        except MediaError:
            continue
        found = None
        if recording.demuxer == "mov":
            found = find_key_frames(recording.fd, [wish.seconds for wish in same])
        if found is None:
            shared.others += [(wish, recording) for wish in same]
            continue
        for wish, frame in zip(same, found, strict=True):
            films.setdefault(frame.setup, []).append((wish, frame))
    for film in films.values():
        shared.films += _parts(film)


def _parts(
    film: list[tuple[_Wish, KeyFrame]],
) -> Iterator[list[tuple[_Wish, KeyFrame]]]:
    """Yield a film in parts that are not too large."""
    part: list[_Taken] = []
    size = 0
    for wish, frame in film:
        if part and size + frame.size > _MAX_FILM:
            yield part
            part, size = [], 0
        part.append((wish, frame))
        size += frame.size
    yield part
