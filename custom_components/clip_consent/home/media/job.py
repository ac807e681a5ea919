"""One draft in the making: from open recordings to a verified film with its stills."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ...core.errors import MediaError
from ...core.masks import Region
from ...core.models import Window
from .ffmpeg import patience
from .filming import FILM, QUIET, Filmed, Filming, Order
from .folder import async_on_disk
from .parts import Cut
from .pictures import SHEET, STILL, preview_arguments
from .units import check_picture
from .verify import Film

# A folder in that of the job: what is in it has nothing filled.
ORIGINAL: Final = "original"
# Why there may be no copy of recordings that can be decoded.
_NO_COPY: Final = {
    *("needs_playable_copy", "pieces_differ", "nothing_in_window", "draft_not_clean"),
    "media_failed",  # for a reason that ffmpeg has no known words for
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished film in its work folder, and what was done to make it.

    `original` is the digest of the same with nothing filled, if something is.
    """

    film: Film
    window: Window  # its true span
    changes: tuple[str, ...]
    original: str | None


class Job:
    """Makes one draft in a folder of its own."""

    def __init__(
        self,
        order: Order,
        work: Path,
        *,
        masks: Sequence[Region],
        max_seconds: float,
        progress: Callable[[float], None],
    ) -> None:
        """Take what it is made of; `masks` are filled in all of its pictures."""
        self._order = order
        self._work = work
        self._masks = masks
        self._max_seconds = max_seconds
        self._progress = progress
        self._done = 0.0

    async def async_make(self) -> Made:
        """Make the film, the still and the sheet. Raises MediaError."""
        original = await self._async_original() if self._masks else None
        made = await self._async_film(
            self._work, self._cut(), masks=self._masks, until=0.9
        )
        if self._masks and made.plan.cut is not Cut.DECODE:
            raise MediaError("media_failed")  # a copy: nothing is filled in it
        await self._async_preview(made.film)
        self._progress(1.0)
        return Made(
            film=made.film,
            window=made.plan.window(self._order.pieces[0].start),
            changes=self._changes(made),
            original=original.film.sha256 if original else None,
        )

    def _cut(self) -> Cut:
        """Return how the film is cut: what is filled has to be decoded."""
        choice = self._order.choice
        if self._masks or choice.playable:
            return Cut.DECODE
        return Cut.START if choice.exact else Cut.COPY

    async def _async_original(self) -> Filmed:
        """Make the same with nothing filled, to be kept at home.

        As the camera coded it, of at least the same span; where that cannot be copied,
        decoded and encoded just as the film is.
        """
        folder = self._work / ORIGINAL
        await async_on_disk(folder.mkdir, mode=0o700)
        try:
            return await self._async_film(folder, Cut.COVER, until=0.3)
        except MediaError as err:
            if err.code not in _NO_COPY:
                raise
        again = self._work / f"{ORIGINAL}-decoded"
        await async_on_disk(again.mkdir, mode=0o700)
        made = await self._async_film(again, Cut.DECODE, until=0.5)
        await async_on_disk((again / FILM).replace, folder / FILM)
        return made

    async def _async_film(
        self, folder: Path, cut: Cut, *, masks: Sequence[Region] = (), until: float
    ) -> Filmed:
        """Make a film; its progress goes from where it is `until` some share of all."""
        begun = self._done

        def tell(done: float) -> None:
            self._done = max(self._done, begun + (until - begun) * done)
            self._progress(self._done)

        kept = folder is not self._work
        return await Filming(
            self._order,
            folder,
            cut=cut,
            masks=masks,
            max_seconds=float("inf") if kept else self._max_seconds,
            progress=tell,
        ).async_make()

    async def _async_preview(self, film: Film) -> None:
        run = await self._order.ffmpeg.async_run(
            [*QUIET, *preview_arguments(film, FILM)],
            seconds=patience(film.seconds, pace=1),
            cwd=self._work,
        )
        if not run.ok and run.is_full:
            raise run.refusal()
        await async_on_disk(self._check_preview, ran=run.ok)

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

    def _changes(self, made: Filmed) -> tuple[str, ...]:
        """Return what was done, in the manifest's words."""
        order, plan = self._order, made.plan
        asked = (order.choice.window.start - order.pieces[0].start).total_seconds()
        done = {
            "stream_copy": plan.cut is not Cut.DECODE,
            "start_re_encoded": plan.head is not None,
            "re_encoded": plan.cut is Cut.DECODE,
            "masked": bool(self._masks),
            "audio_removed": made.muted,
            "audio_re_encoded": made.heard,
            "metadata_removed": True,
            "starts_at_key_frame": plan.start < asked - 0.001,
            "pieces_joined": len(plan.parts) > 1,
        }
        return tuple(name for name, held in done.items() if held)
