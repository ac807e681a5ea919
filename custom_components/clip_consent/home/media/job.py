"""One draft in the making: from open recordings to a verified film with its stills."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Final

from ...base.threads import async_in_thread
from ...core.clips import is_too_long
from ...core.errors import MediaError
from ...core.models import Choice, Piece, Window
from .cut import MAX_BIT_RATE, copy_arguments, encode_arguments, sound_file_arguments
from .ffmpeg import Ffmpeg, patience
from .footage import BATCH, Footage, async_look
from .pictures import SHEET, STILL, preview_arguments
from .plan import Plan
from .recordings import Recording
from .remux import Section, write_film
from .sound import Sound
from .units import check_picture
from .verify import Film, verify_film

FILM: Final = "film.mp4"
_QUIET: Final = ("-v", "error")
_SPARE: Final = 2**24  # bytes for headers, stills and lists
_DECODED: Final = 0.9  # of the pictures that must have been readable
_LOST: Final = 0.1  # of a window may be missing at its end, where nobody chose it


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished film in its work folder, and what was done to make it."""

    film: Film
    start: float  # seconds from the first recording's first frame
    changes: tuple[str, ...]


class Job:
    """Makes one draft in a folder of its own."""

    def __init__(
        self,
        ffmpeg: Ffmpeg,
        work: Path,
        recordings: Sequence[Recording],
        pieces: Sequence[Piece],
        choice: Choice,
        *,
        max_seconds: float,
        require_room: Callable[[int], None],
        progress: Callable[[float], None],
    ) -> None:
        """Take what it is made of; `require_room` raises if a size does not fit."""
        self._ffmpeg = ffmpeg
        self._work = work
        self._recordings = recordings
        self._pieces = pieces
        self._choice = choice
        self._exact = choice.playable
        self._max_seconds = max_seconds
        self._require_room = require_room
        self._progress = progress

    async def async_make(self) -> Made:
        """Make the film, the still and the sheet. Raises MediaError."""
        choice = self._choice
        footage = await self._async_footage()
        self._progress(0.1)
        there = Sound.of(footage.plan, footage.channels)
        sound = there if choice.audio else None
        await async_in_thread(self._require_room, self._size(footage, sound))
        if self._exact:
            await self._async_encode(footage, sound)
        else:
            await self._async_copy(footage, sound)
        if sound:
            await async_in_thread(sound.join, self._work)
            await self._async_run(sound_file_arguments(sound), footage, pace=2)
        self._progress(0.8)
        film = await async_in_thread(self._film, footage, sound=sound is not None)
        self._progress(0.9)
        await self._async_preview(film)
        self._progress(1.0)
        return Made(
            film=film,
            start=footage.plan.start,
            changes=self._changes(
                footage.plan, muted=there is not sound, heard=sound is not None
            ),
        )

    async def _async_footage(self) -> Footage:
        """Look at the recordings; decide whether a copy of their pictures will do.

        A copy begins at the key frame before the asked start. Where that makes it
        longer than it may be, only decoding cuts it to what was asked. That takes
        tens of times longer, so what nobody chose ends a little early instead: the
        owner is asked at once, and can still choose.
        """
        window = self._choice.window
        footage = await self._async_look(window)
        excess = footage.plan.end - footage.plan.start - self._max_seconds
        if self._exact or not self._is_too_long(footage):
            return footage
        if self._choice.may_end_early and excess <= _LOST * window.seconds:
            early = replace(window, end=window.end - timedelta(seconds=excess))
            shorter = await self._async_look(early)
            if not self._is_too_long(shorter):
                return shorter
        self._exact = True
        return await self._async_look(window)

    def _is_too_long(self, footage: Footage) -> bool:
        return is_too_long(footage.plan.end - footage.plan.start, self._max_seconds)

    async def _async_look(self, window: Window) -> Footage:
        return await async_look(
            self._ffmpeg,
            self._work,
            self._recordings,
            self._pieces,
            window,
            exact=self._exact,
        )

    def _size(self, footage: Footage, sound: Sound | None) -> int:
        """Return how much disk it takes at most: the cuts and the film of them."""
        plan = footage.plan
        seconds = plan.end - plan.start
        pictures = plan.size
        if self._exact:
            pictures = int(seconds * MAX_BIT_RATE / 8)
        return 2 * pictures + (2 * sound.size if sound else 0) + _SPARE

    async def _async_run(
        self,
        arguments: Sequence[str],
        footage: Footage,
        *,
        pace: float,
        fds: Sequence[int] = (),
        frames: Callable[[int], None] | None = None,
    ) -> None:
        """Run ffmpeg; `pace` is how many seconds a second of film may take."""
        run = await self._ffmpeg.async_run(
            [*_QUIET, *arguments],
            seconds=patience(footage.plan.end - footage.plan.start, pace=pace),
            fds=fds,
            cwd=self._work,
            frames=frames,
        )
        if not run.ok:
            raise run.refusal()

    def _counter(self, footage: Footage, before: int) -> Callable[[int], None]:
        """Return what tells the progress by the frames done in this run."""
        total = max(footage.plan.frames, 1)

        def tell(frames: int) -> None:
            self._progress(0.1 + 0.7 * min(1.0, (before + frames) / total))

        return tell

    async def _async_copy(self, footage: Footage, sound: Sound | None) -> None:
        before = 0
        for parts in batched(footage.plan.parts, BATCH, strict=False):
            inputs = [footage.inputs[part.number] for part in parts]
            await self._async_run(
                copy_arguments(inputs, parts, footage.codec, sound),
                footage,
                pace=2,
                fds=[each.recording.fd for each in inputs],
                frames=self._counter(footage, before),
            )
            before += sum(len(part.times) for part in parts)

    async def _async_encode(self, footage: Footage, sound: Sound | None) -> None:
        before = 0
        for part in footage.plan.parts:
            source = footage.inputs[part.number]
            await self._async_run(
                encode_arguments(source, part, sound),
                footage,
                pace=30,
                fds=[source.recording.fd],
                frames=self._counter(footage, before),
            )
            before += len(part.times)

    def _film(self, footage: Footage, *, sound: bool) -> Film:
        """Write and check the film. Blocks."""
        exact = self._exact
        sections = [
            Section(
                self._work / f"{part.number}.mp4",
                part.start,
                None if exact else part.times,
                None if exact else part.sizes,
            )
            for part in footage.plan.parts
        ]
        target = self._work / FILM
        audio = self._work / "sound.mp4" if sound else None
        write_film(target, sections, footage.plan.end, audio)
        film = verify_film(target, audio=sound)
        if film.frames < footage.plan.frames * _DECODED:
            raise MediaError("recording_unreadable")
        if is_too_long(film.seconds, self._max_seconds):
            raise MediaError("draft_too_long")
        return film

    async def _async_preview(self, film: Film) -> None:
        run = await self._ffmpeg.async_run(
            [*_QUIET, *preview_arguments(film, FILM)],
            seconds=patience(film.seconds, pace=1),
            cwd=self._work,
        )
        await async_in_thread(self._check_preview, ran=run.ok)

    def _check_preview(self, *, ran: bool) -> None:
        """Raise MediaError unless there are clean pictures for the owner to see."""
        for name in (STILL, SHEET):
            try:
                data = (self._work / name).read_bytes()
            except FileNotFoundError:
                data = b""
            if not ran or not data:
                raise MediaError("recording_unreadable")
            check_picture(data)

    def _changes(self, plan: Plan, *, muted: bool, heard: bool) -> tuple[str, ...]:
        """Return what was done, in the manifest's words."""
        asked = (self._choice.window.start - self._pieces[0].start).total_seconds()
        done = {
            "stream_copy": not self._exact,
            "re_encoded": self._exact,
            "audio_removed": muted,
            "audio_re_encoded": heard,
            "metadata_removed": True,
            "starts_at_key_frame": plan.start < asked - 0.001,
            "pieces_joined": len(plan.parts) > 1,
        }
        return tuple(name for name, held in done.items() if held)
