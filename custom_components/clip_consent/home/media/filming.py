"""One film in the making: cut out of open recordings, put together, verified."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import batched
from pathlib import Path
from typing import Final

from ...core.clips import is_too_long
from ...core.errors import MediaError
from ...core.masks import Region
from ...core.models import Choice, Piece, Window
from ...core.serial import stated
from .cut import (
    MAX_BIT_RATE,
    START,
    copy_arguments,
    encode_arguments,
    sound_file_arguments,
    start_arguments,
)
from .ffmpeg import Ffmpeg, patience
from .folder import async_on_disk
from .footage import BATCH, Footage, async_look
from .parts import Cut, Plan
from .recordings import Recording
from .remux import Section, first_anchor, read_cut, write_film
from .restart import read_start
from .setups import joined_record, start_setup
from .sound import Sound
from .verify import Film, verify_film

FILM: Final = "film.mp4"
QUIET: Final = ("-v", "error")
_SPARE: Final = 2**24  # bytes for headers, stills and lists
# Of what is decoded, pictures may be missing where a recording is damaged: so many, and
# so few in one place that another one stands for them that long. Where the first ones
# are missing, the others are shown as much too early and the last one stands.
_DECODED: Final = 0.9
_STANDING: Final = 2.0  # seconds
# What is set up as none of ours is, or our encoder's own: see setups.py.
_NO_START: Final = {"draft_not_clean", "needs_playable_copy"}
_LOST: Final = 0.1  # of a window may be missing at its end, where nobody chose it


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked for: a choice, and the open recordings that it is of.

    `require_room` raises if a size does not fit on the disk.
    """

    ffmpeg: Ffmpeg
    recordings: Sequence[Recording]
    pieces: Sequence[Piece]
    choice: Choice
    require_room: Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filmed:
    """A finished film, and how it came to be."""

    film: Film
    plan: Plan
    muted: bool
    heard: bool


class Filming:
    """Makes one film in a folder of its own."""

    def __init__(
        self,
        order: Order,
        folder: Path,
        *,
        cut: Cut,
        masks: Sequence[Region],
        max_seconds: float,
        progress: Callable[[float], None],
    ) -> None:
        """Take what it is made of. What has `masks` is decoded: `cut` must say so."""
        self._order = order
        self._folder = folder
        self._cut = cut
        self._rest = float("-inf")
        self._masks = masks
        self._max_seconds = max_seconds
        self._progress = progress

    async def async_make(self) -> Filmed:
        """Make the film. Raises MediaError."""
        choice = self._order.choice
        footage = await self._async_footage()
        self._progress(0.1)
        there = Sound.of(footage.plan, footage.channels)
        sound = there if choice.audio else None
        while not await self._async_cut(footage, sound):
            footage = await self._async_look(choice.window)
            there = Sound.of(footage.plan, footage.channels)
            sound = there if choice.audio else None
        if sound:
            await async_on_disk(sound.join, self._folder)
            await self._async_run(sound_file_arguments(sound), footage, pace=2)
        self._progress(0.9)
        film = await async_on_disk(self._film, footage, sound=sound is not None)
        return Filmed(
            film=film,
            plan=footage.plan,
            muted=there is not sound,
            heard=sound is not None,
        )

    async def _async_footage(self) -> Footage:
        """Look at the recordings; decide whether a copy of their pictures will do.

        A copy begins at the key frame before the asked start. Where that makes it
        longer than it may be, only decoding cuts it to what was asked. That takes
        tens of times longer, so what nobody chose ends a little early instead: the
        owner is asked at once, and can still choose.
        """
        choice = self._order.choice
        window = choice.window
        footage = await self._async_look(window)
        excess = footage.plan.end - footage.plan.start - self._max_seconds
        if self._cut is not Cut.COPY or not self._is_too_long(footage):
            return footage
        if choice.may_end_early and excess <= _LOST * window.seconds:
            early = replace(window, end=window.end - timedelta(seconds=excess))
            shorter = await self._async_look(early)
            if not self._is_too_long(shorter):
                return shorter
        self._cut = Cut.DECODE
        return await self._async_look(window)

    def _is_too_long(self, footage: Footage) -> bool:
        return is_too_long(footage.plan.end - footage.plan.start, self._max_seconds)

    async def _async_look(self, window: Window) -> Footage:
        """Return the footage of a window, to be read just as for the film's own span.

        Where reading begins, the recorded sound is decoded from: by a sample here or
        there the same film would be another file.
        """
        footage = await self._async_read(window)
        part = footage.plan.parts[0]
        if self._order.choice.audio and not part.number and part.first:
            own = footage.plan.window(self._order.pieces[0].start)
            if stated(own.start) != stated(window.start):
                return await self._async_read(replace(window, start=own.start))
        return footage

    async def _async_read(self, window: Window) -> Footage:
        footage = await async_look(
            self._order.ffmpeg,
            self._folder,
            self._order.recordings,
            self._order.pieces,
            window,
            cut=self._cut,
            rest=self._rest,
        )
        self._cut = footage.plan.cut
        return footage

    def _size(self, footage: Footage, sound: Sound | None) -> int:
        """Return how much disk it takes at most: the cuts and the film of them."""
        plan = footage.plan
        pictures = int(plan.encoded * MAX_BIT_RATE / 8)
        if plan.cut is not Cut.DECODE:
            pictures += plan.size
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
        run = await self._order.ffmpeg.async_run(
            [*QUIET, *arguments],
            seconds=patience(footage.plan.end - footage.plan.start, pace=pace),
            fds=fds,
            cwd=self._folder,
            frames=frames,
        )
        if not run.ok:
            raise run.refusal()

    def _counter(self, footage: Footage, before: int) -> Callable[[int], None]:
        """Return what tells the progress by the frames done in this run."""
        total = max(footage.plan.frames, 1)

        def tell(frames: int) -> None:
            self._progress(0.1 + 0.8 * min(1.0, (before + frames) / total))

        return tell

    async def _async_cut(self, footage: Footage, sound: Sound | None) -> bool:
        """Make the files that the film is put together from.

        False if it has to be planned anew: its rest cannot stand behind its start.
        """
        await async_on_disk(self._order.require_room, self._size(footage, sound))
        if footage.plan.cut is Cut.DECODE:
            await self._async_encode(footage, sound)
            return True
        await self._async_copy(footage, sound)
        return not footage.plan.head or await self._async_start(footage)

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

    async def _async_start(self, footage: Footage) -> bool:
        """Encode the start anew; False if what was copied cannot stand behind it.

        It has to begin with a picture at which a decoder forgets all before. The next
        one that does is tried; if there is none, or one that cannot be told from what
        is damaged, all of the film is decoded.
        """
        plan = footage.plan
        rest = next(part for part in plan.parts if part.times)
        copied = self._folder / f"{rest.number}.mp4"
        try:
            anchor = await async_on_disk(first_anchor, copied)
        except MediaError as err:
            if err.code not in _NO_START:
                raise
            anchor = None
        if anchor:
            self._rest = rest.times[anchor]
            return False
        if anchor is not None and await self._async_fits(footage, copied):
            return True
        self._cut = Cut.DECODE
        return False

    async def _async_fits(self, footage: Footage, copied: Path) -> bool:
        """Encode the start as what was copied is; False if they make no one stream."""
        plan = footage.plan
        try:
            track = await async_on_disk(read_cut, copied)
            setup = start_setup(track.codec, track.record)
            if not setup or not plan.head:
                return False
            source = footage.inputs[plan.parts[0].number]
            run = await self._order.ffmpeg.async_run(
                [*QUIET, *start_arguments(source, plan.head, setup)],
                seconds=patience(plan.encoded, pace=30),
                fds=[source.recording.fd],
                cwd=self._folder,
            )
            if not run.ok:
                return False
            start = await async_on_disk(read_start, self._folder / START, setup)
            whole = len(start.sizes) == len(plan.head.times)
            return whole and joined_record(start, track) is not None
        except MediaError as err:
            if err.code not in _NO_START:
                raise
            return False

    async def _async_encode(self, footage: Footage, sound: Sound | None) -> None:
        before = 0
        frame = None
        for part in footage.plan.parts:
            source = footage.inputs[part.number]
            await self._async_run(
                encode_arguments(
                    source,
                    part,
                    sound,
                    masks=self._masks,
                    alike=footage.plan.alike,
                    frame=frame,
                ),
                footage,
                pace=30,
                fds=[source.recording.fd],
                frames=self._counter(footage, before),
            )
            before += len(part.times)
            if frame is None and not footage.plan.alike:
                track = await async_on_disk(
                    read_cut, self._folder / f"{part.number}.mp4"
                )
                frame = (track.width, track.height)

    def _sections(self, plan: Plan) -> list[Section]:
        """Return the pieces of the film in their order."""
        decoded = plan.cut is Cut.DECODE
        sections = [
            Section(
                self._folder / f"{part.number}.mp4",
                part.start,
                None if decoded else part.times,
                None if decoded else part.sizes,
            )
            for part in plan.parts
            if part.times
        ]
        if plan.head:
            times = plan.head.times
            start = Section(self._folder / START, times[0], times, None, anew=True)
            sections.insert(0, start)
        return sections

    def _film(self, footage: Footage, *, sound: bool) -> Film:
        """Write and check the film. Blocks."""
        target = self._folder / FILM
        audio = self._folder / "sound.mp4" if sound else None
        write_film(target, self._sections(footage.plan), footage.plan.end, audio)
        film = verify_film(target, audio=sound)
        standing = film.longest - footage.plan.longest > _STANDING
        if standing or film.frames < footage.plan.frames * _DECODED:
            raise MediaError("recording_unreadable")
        if is_too_long(film.seconds, self._max_seconds):
            raise MediaError("draft_too_long")
        return film
