"""Looks at recordings just far enough to plan a film from them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from pathlib import Path
from typing import Final

from ...core.errors import MediaError
from ...core.models import Piece, Window
from .ffmpeg import Ffmpeg, patience
from .listing import HEAD, Input, Listing, listing_arguments, read_listing
from .plan import Plan, make_plan
from .probe import sound_channels
from .recordings import Recording

BATCH: Final = 16  # recordings that one ffmpeg reads at a time
# How long before the asked start to begin looking for a key frame, in seconds. Most
# files can be entered right at one, others only somewhere: then further back.
_LEADS: Final = (0.0, 12.0, 72.0)
_TAIL: Final = 6.0  # seconds read beyond the end, to see which pictures belong before


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """The recordings of a film as they are to be read, and what was found in them.

    `channels` are those of each recording's sound, 0 where it has none.
    """

    inputs: tuple[Input, ...]
    plan: Plan
    codec: str
    channels: tuple[int, ...]


async def async_look(
    ffmpeg: Ffmpeg,
    work: Path,
    recordings: Sequence[Recording],
    pieces: Sequence[Piece],
    window: Window,
    *,
    exact: bool,
) -> Footage:
    """Plan the film of a window. Raises MediaError if it cannot be made."""
    start = (window.start - pieces[0].start).total_seconds()
    for seek in (*(start - lead for lead in _LEADS if lead < start), None):
        inputs = _inputs(recordings, pieces, window, seek)
        listings, head, channels = await _async_list(
            ffmpeg, work, inputs, window.seconds
        )
        origin = (head or listings[0]).first_shown()
        if seek is None or listings[0].has_key_until(start + origin):
            break
    if not all(listing.packets for listing in listings):
        raise MediaError("recording_unreadable")
    plan = make_plan(listings, pieces, window, origin=origin, exact=exact)
    return Footage(
        inputs=tuple(inputs), plan=plan, codec=listings[0].codec, channels=channels
    )


def _inputs(
    recordings: Sequence[Recording],
    pieces: Sequence[Piece],
    window: Window,
    seek: float | None,
) -> list[Input]:
    """Return how to read the recordings: the first from `seek` on, the last to the end.

    `seek` is in seconds from its first frame, None for all of it.
    """
    inputs = [Input(recording, None, None) for recording in recordings]
    inputs[0] = inputs[0]._replace(seek=seek)
    until = (window.end - pieces[-1].start).total_seconds() - (inputs[-1].seek or 0)
    inputs[-1] = inputs[-1]._replace(seconds=max(until, 0) + _TAIL)
    return inputs


async def _async_list(
    ffmpeg: Ffmpeg, work: Path, inputs: Sequence[Input], seconds: float
) -> tuple[list[Listing], Listing | None, tuple[int, ...]]:
    """Return the listings, that of the very beginning if they begin later, channels."""
    listings: list[Listing] = []
    channels: tuple[int, ...] = ()
    for batch in batched(enumerate(inputs), BATCH, strict=False):
        first = batch[0][0]
        parts = [each for _, each in batch]
        run = await ffmpeg.async_run(
            listing_arguments(
                parts, first, head=not first and parts[0].seek is not None
            ),
            seconds=patience(seconds, pace=2),
            fds=[each.recording.fd for each in parts],
            cwd=work,
        )
        if not run.ok:
            raise run.refusal()
        channels += sound_channels(run.log)[: len(parts)]
        for number, _ in batch:
            listings.append(
                await asyncio.to_thread(read_listing, work / f"{number}.list")
            )
    head = None
    if inputs[0].seek is not None:
        head = await asyncio.to_thread(read_listing, work / HEAD)
    return listings, head, channels
