"""Makes drafts out of recordings and keeps them until their case closes."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
import hashlib
from pathlib import Path
from typing import BinaryIO, Final

from ...base.threads import async_in_thread
from ...core.errors import MediaError
from ...core.models import Choice, Draft, Piece, Window
from .ffmpeg import Ffmpeg
from .folder import DraftFolder
from .job import FILM, Job, Made
from .pictures import SHEET, STILL, last_picture, thumbnail_commands
from .probe import Probe, read_probe
from .recordings import open_recordings
from .units import check_picture

QUOTA: Final = 8 * 2**30  # bytes of all drafts together
RESERVE: Final = 2**29  # bytes of the disk that are never used
_LOOKS: Final = 2  # thumbnails and probes at a time
_LOOK_SECONDS: Final = 30.0
_MAX_TEXT: Final = 2000  # characters of an answer in words


class Media:
    """The draft folder and the ffmpeg that fills it."""

    def __init__(
        self,
        *,
        ffmpeg: str,
        folder: Path,
        jobs: int = 1,
        quota: int = QUOTA,
        reserve: int = RESERVE,
    ) -> None:
        """Keep drafts of at most `quota` bytes in `folder`; make `jobs` at a time.

        `reserve` bytes of the disk stay free.
        """
        self._ffmpeg = Ffmpeg(ffmpeg)
        self._folder = DraftFolder(folder, quota=quota, reserve=reserve)
        self._jobs = asyncio.Semaphore(jobs)
        self._looks = asyncio.Semaphore(_LOOKS)

    async def async_probe(self, path: str) -> Probe:
        """Return what a recording is. Raises MediaError if it cannot be read."""
        async with self._looks:
            with ExitStack() as stack:
                (recording,) = await async_in_thread(
                    stack.enter_context, open_recordings([path])
                )
                run = await self._ffmpeg.async_run(
                    recording.arguments(), seconds=_LOOK_SECONDS, fds=[recording.fd]
                )
        probe = read_probe(run.log, recording.demuxer)
        if probe is None or (run.disturbed and not probe.seconds):
            raise run.refusal()
        return probe

    async def async_length(self, path: str) -> float:
        """Return how many seconds a recording has.

        Raises MediaError: what has no picture or does not say is no recording.
        """
        probe = await self.async_probe(path)
        if not probe.has_video:
            raise MediaError("no_video")
        if not probe.seconds:
            raise MediaError("recording_unfinished")
        return probe.seconds

    async def async_draft(
        self,
        *,
        case_id: str,
        choice: Choice,
        pieces: Sequence[Piece],
        max_seconds: float,
        progress: Callable[[float], None],
    ) -> Draft:
        """Make the exact file that would be sent, out of consecutive recordings.

        A copy of the coded pictures from the key frame at or before the asked start;
        or, if `choice.playable` or where the copy would be longer than `max_seconds`,
        decoded and encoded anew. With `choice.may_end_early`, such a copy ends up to a
        tenth of the window early instead. Raises MediaError.
        """
        if not pieces:
            raise MediaError("nothing_in_window")
        async with self._jobs:
            work = self._folder.work_path(case_id)
            try:
                await async_in_thread(self._folder.make_work, work)
                return await self._async_make(
                    case_id, work, choice, pieces, max_seconds, progress
                )
            finally:
                await async_in_thread(self._folder.drop_work, work)

    async def _async_make(
        self,
        case_id: str,
        work: Path,
        choice: Choice,
        pieces: Sequence[Piece],
        max_seconds: float,
        progress: Callable[[float], None],
    ) -> Draft:
        with ExitStack() as stack:
            recordings = await async_in_thread(
                stack.enter_context, open_recordings([piece.path for piece in pieces])
            )
            job = Job(
                self._ffmpeg,
                work,
                recordings,
                pieces,
                choice,
                max_seconds=max_seconds,
                require_room=self._folder.require_room,
                progress=progress,
            )
            made = await job.async_make()
        names = {
            f"{made.film.sha256}.mp4": work / FILM,
            f"{made.film.sha256}.still.jpg": work / STILL,
            f"{made.film.sha256}.sheet.jpg": work / SHEET,
        }
        await async_in_thread(self._folder.publish, case_id, names)
        return _draft(case_id, choice, pieces[0].start, made)

    async def async_answer(self, *, case_id: str, choice: Choice) -> Draft:
        """Make the draft of an answer in words. Raises MediaError."""
        text = choice.text or ""
        if not text.strip() or len(text) > _MAX_TEXT:
            raise MediaError("answer_not_sendable")
        data = text.encode()
        sha256 = hashlib.sha256(data).hexdigest()
        await async_in_thread(self._write_answer, case_id, f"{sha256}.txt", data)
        return Draft(
            sha256=sha256,
            size=len(data),
            file=f"{case_id}/{sha256}.txt",
            media_type="text/plain",
            window=choice.window,
            seconds=0.0,
            frames=0,
            width=0,
            height=0,
            video_codec="",
            audio=False,
            changes=(),
            still=None,
            sheet=None,
            choice=choice,
        )

    def _write_answer(self, case_id: str, name: str, data: bytes) -> None:
        work = self._folder.work_path(case_id)
        try:
            self._folder.make_work(work)
            self._folder.require_room(len(data))
            self._folder.write(work / name, data)
            self._folder.publish(case_id, {name: work / name})
        finally:
            self._folder.drop_work(work)

    async def async_thumbnail(
        self, piece: Piece, at: datetime, width: int = 320
    ) -> bytes:
        """Return a small JPEG of the key frame at a moment. Raises MediaError."""
        seconds = (at - piece.start).total_seconds()
        seconds = max(0.0, min(seconds, piece.seconds - 0.1))
        async with self._looks:
            with ExitStack() as stack:
                (recording,) = await async_in_thread(
                    stack.enter_context, open_recordings([piece.path])
                )
                for command in thumbnail_commands(recording, seconds, width):
                    run = await self._ffmpeg.async_run(
                        command, seconds=_LOOK_SECONDS, fds=[recording.fd]
                    )
                    if not run.ok or run.output:
                        break
        if not run.ok or not run.output:
            raise run.refusal()
        picture = last_picture(run.output)
        check_picture(picture)
        return picture

    async def async_digest(self, case_id: str, draft: Draft) -> str | None:
        """Return the SHA-256 of the draft's file as it is now, None if it is gone."""
        return await asyncio.to_thread(self._folder.digest, case_id, draft)

    def open_draft(self, case_id: str, draft: Draft) -> BinaryIO:
        """Open a draft's file, never following a link. Blocks; raises OSError."""
        return self._folder.open(case_id, draft.file)

    def path(self, case_id: str, name: str) -> Path:
        """Return where a draft's file is. Raises NotFoundError for any other name."""
        return self._folder.path(case_id, name)

    async def async_remove_case(self, case_id: str) -> None:
        """Remove all drafts of a case."""
        await asyncio.to_thread(self._folder.remove_case, case_id)

    async def async_clean(self, keep: set[str]) -> None:
        """Remove what belongs to no case of `keep`, and what a crash left."""
        await asyncio.to_thread(self._folder.clean, keep)


def _draft(case_id: str, choice: Choice, zero: datetime, made: Made) -> Draft:
    film = made.film
    start = zero + timedelta(seconds=made.start)
    return Draft(
        sha256=film.sha256,
        size=film.size,
        file=f"{case_id}/{film.sha256}.mp4",
        media_type="video/mp4",
        window=Window(start=start, end=start + timedelta(seconds=film.seconds)),
        seconds=film.seconds,
        frames=film.frames,
        width=film.width,
        height=film.height,
        video_codec=film.codec,
        audio=film.audio,
        changes=made.changes,
        still=f"{case_id}/{film.sha256}.still.jpg",
        sheet=f"{case_id}/{film.sha256}.sheet.jpg",
        choice=choice,
    )
