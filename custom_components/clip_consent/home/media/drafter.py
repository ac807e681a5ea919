"""Makes drafts out of recordings and keeps them until their case closes."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
import hashlib
from pathlib import Path
from typing import BinaryIO, Final

from ...base.threads import async_in_thread
from ...core.errors import MediaError
from ...core.masks import Region
from ...core.models import Choice, Draft, Piece, Window
from ...core.ports import Bring, Progress
from .ffmpeg import Ffmpeg
from .filming import FILM, Order
from .folder import DraftFolder
from .footage import async_list_keys
from .job import ORIGINAL, Job, Made
from .pictures import SHEET, STILL
from .probe import Probe, read_probe
from .recordings import Disks
from .thumbnails import LOOK_SECONDS, Thumbnails, checked_picture, seconds_into

QUOTA: Final = 8 * 2**30  # bytes of all drafts together
RESERVE: Final = 2**29  # bytes of the disk that are never used
_LOOKS: Final = 2  # thumbnails and probes at a time
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
        self._disks = Disks()
        self._thumbnails = Thumbnails(self._ffmpeg, self._looks, self._disks)

    async def async_probe(self, path: str) -> Probe:
        """Return what a recording is. Raises MediaError if it cannot be read."""
        async with self._looks, self._disks.async_opened([path]) as (recording,):
            run = await self._ffmpeg.async_run(
                recording.arguments(), seconds=LOOK_SECONDS, fds=[recording.fd]
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
        progress: Progress,
        masks: Sequence[Region] = (),
        bring: Bring | None = None,
    ) -> Draft:
        """Make the exact file that would be sent, out of consecutive recordings.

        A copy of the coded pictures from the key frame at or before the asked start;
        or, if `choice.playable` or where the copy would be longer than `max_seconds`,
        decoded and encoded anew. With `choice.may_end_early`, such a copy ends up to a
        tenth of the window early instead. With `choice.exact` a copy begins at the
        asked start: what is shown before the next key frame is encoded anew. `masks`
        are filled, which decodes; the same without them is kept beside the draft.
        `bring` makes files of recordings that are not on this machine. Raises
        MediaError, and SourceError of `bring`.
        """
        if not pieces:
            raise MediaError("nothing_in_window")
        progress = _forward(progress)
        async with self._jobs:
            work = self._folder.work_path(case_id)
            try:
                await async_in_thread(self._folder.make_work, work)
                if bring:
                    room = await async_in_thread(self._folder.room)
                    pieces = await bring(work, room, _first_half(progress))
                    progress = _second_half(progress)
                return await self._async_make(
                    case_id, work, choice, pieces, max_seconds, progress, tuple(masks)
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
        progress: Progress,
        masks: tuple[Region, ...],
    ) -> Draft:
        paths = [piece.path for piece in pieces]
        async with self._disks.async_opened(paths) as recordings:
            order = Order(
                ffmpeg=self._ffmpeg,
                recordings=recordings,
                pieces=pieces,
                choice=choice,
                require_room=self._folder.require_room,
            )
            job = Job(
                order, work, masks=masks, max_seconds=max_seconds, progress=progress
            )
            made = await job.async_make()
        names = {
            f"{made.film.sha256}.mp4": work / FILM,
            f"{made.film.sha256}.still.jpg": work / STILL,
            f"{made.film.sha256}.sheet.jpg": work / SHEET,
        }
        if made.original:
            names[f"{made.original}.original.mp4"] = work / ORIGINAL / FILM
        await async_in_thread(self._folder.publish, case_id, names)
        return _draft(case_id, choice, made, masks)

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

    async def async_thumbnail(self, piece: Piece, at: datetime) -> bytes:
        """Return a small JPEG of the key frame at a moment. Raises MediaError."""
        return await self._thumbnails.async_one(piece, seconds_into(piece, at))

    async def async_thumbnails(
        self, pieces: Sequence[Piece], times: Sequence[datetime]
    ) -> list[bytes | None]:
        """Return a small JPEG of each moment, None where there is none to be had.

        Each of `pieces` is the recording in which the moment of the same place lies.
        Cancelled, all work for it ends.
        """
        return await self._thumbnails.async_many(pieces, times)

    def is_picture(self, data: bytes) -> bool:
        """Tell whether these bytes are a JPEG with nothing in it but the picture."""
        return checked_picture(data) is not None

    async def async_key_times(
        self, *, case_id: str, pieces: Sequence[Piece], window: Window
    ) -> tuple[datetime, ...]:
        """Return when a copy of consecutive recordings can begin, in a window.

        Raises MediaError.
        """
        if not pieces:
            return ()
        async with self._looks:
            work = self._folder.work_path(case_id)
            try:
                await async_in_thread(self._folder.make_work, work)
                paths = [piece.path for piece in pieces]
                async with self._disks.async_opened(paths) as recordings:
                    return await async_list_keys(
                        self._ffmpeg, work, recordings, pieces, window
                    )
            finally:
                await async_in_thread(self._folder.drop_work, work)

    async def async_digest(self, case_id: str, draft: Draft) -> str | None:
        """Return the SHA-256 of the draft's file as it is now, None if it is gone."""
        return await asyncio.to_thread(self._folder.digest, case_id, draft)

    def open_draft(self, case_id: str, draft: Draft) -> BinaryIO:
        """Open a draft's file, never following a link. Blocks; raises OSError."""
        return self._folder.open(case_id, draft.file)

    def path(self, case_id: str, name: str) -> Path:
        """Return where a draft's file is. Raises NotFoundError for any other name."""
        return self._folder.path(case_id, name)

    async def async_keep_only(self, case_id: str, digests: frozenset[str]) -> None:
        """Remove the drafts of a case, and originals, but those with these digests."""
        await async_in_thread(self._folder.keep_only, case_id, digests)

    async def async_remove_case(self, case_id: str) -> None:
        """Remove all drafts of a case."""
        await asyncio.to_thread(self._folder.remove_case, case_id)

    async def async_clean(self, keep: set[str]) -> None:
        """Remove what belongs to no case of `keep`, and what a crash left."""
        await asyncio.to_thread(self._folder.clean, keep)


def _forward(progress: Progress) -> Progress:
    """Return what tells a progress that only grows, whatever it is told."""
    most = 0.0

    def tell(done: float) -> None:
        nonlocal most
        if done > most:
            most = done
            progress(done)

    return tell


def _first_half(progress: Progress) -> Progress:
    """Return what tells the progress of what is before half of all is done."""
    return lambda done: progress(min(done, 1.0) / 2)


def _second_half(progress: Progress) -> Progress:
    """Return what tells the progress of what is left after half of all is done."""
    return lambda done: progress((1 + done) / 2)


def _draft(
    case_id: str, choice: Choice, made: Made, masks: tuple[Region, ...]
) -> Draft:
    film = made.film
    return Draft(
        sha256=film.sha256,
        size=film.size,
        file=f"{case_id}/{film.sha256}.mp4",
        media_type="video/mp4",
        window=made.window,
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
        masks=masks,
        original=made.original,
    )
