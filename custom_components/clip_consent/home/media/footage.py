"""Looks at recordings just far enough to plan a film from them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Final

from ...core.errors import MediaError
from ...core.models import Piece, Window
from ...core.serial import stated
from .ffmpeg import Ffmpeg, patience
from .folder import async_on_disk
from .listing import (
    HEAD,
    MAX_LIST,
    MAX_PICTURES,
    Input,
    Listing,
    listing_arguments,
    read_listing,
)
from .parts import Cut, Plan, moment
from .plan import laid_out, make_plan
from .probe import sound_channels, tells_all, turns
from .recordings import Recording
from .units import CODECS

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
    cut: Cut,
    rest: float,
) -> Footage:
    """Plan the film of a window. Raises MediaError if it cannot be made.

    For `cut` and `rest` see plan.py.
    """
    # A key frame anywhere in the millisecond of the start will do: see plan.py.
    begin = stated(window.start) + timedelta(microseconds=999)
    start = _into(pieces, begin)
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
    plan = await asyncio.to_thread(
        make_plan, listings, pieces, window, origin=origin, cut=cut, rest=rest
    )
    return Footage(
        inputs=tuple(inputs), plan=plan, codec=listings[0].codec, channels=channels
    )


async def async_list_keys(
    ffmpeg: Ffmpeg,
    work: Path,
    recordings: Sequence[Recording],
    pieces: Sequence[Piece],
    window: Window,
) -> tuple[datetime, ...]:
    """Return when key frames of recordings are shown within a window, in order.

    Nothing of a recording that cannot be copied. Raises MediaError.
    """
    start = _into(pieces, window.start)
    inputs = _inputs(recordings, pieces, window, start if start > 0 else None)
    listings, head, _ = await _async_list(ffmpeg, work, inputs, window.seconds)
    begin = head or listings[0]
    return await asyncio.to_thread(_keys, listings, begin, pieces, window)


def _keys(
    listings: Sequence[Listing],
    begin: Listing,
    pieces: Sequence[Piece],
    window: Window,
) -> tuple[datetime, ...]:
    """Return when key frames are shown in a film of recordings.

    The first one begins as `begin` does, wherever its list does.
    """
    there = [number for number, listing in enumerate(listings) if listing.packets]
    if not there:
        return ()
    theirs = [pieces[number] for number in there]
    runs = laid_out(
        [listings[number] for number in there],
        theirs,
        origin=(listings[there[0]] if there[0] else begin).first_shown(),
    )
    found: list[datetime] = []
    for run, number in zip(runs, there, strict=True):
        if listings[number].stamped and listings[number].codec in CODECS:
            found += [moment(theirs[0].start, at) for at in run.key_times()]
    return tuple(time for time in sorted(found) if window.start <= time < window.end)


def _into(pieces: Sequence[Piece], time: datetime) -> float:
    """Return how many seconds into the first recording a moment is at least.

    It may be placed later than its name says where others follow: see core/joints.py.
    """
    seconds = (time - pieces[0].start).total_seconds()
    return seconds - (pieces[0].unsure if len(pieces) > 1 else 0.0)


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
    """Return the listings, that of the very beginning if they begin later, channels.

    Raises MediaError, `recording_unreadable` also where there is far too much to list.
    """
    listings: list[Listing] = []
    left = MAX_PICTURES
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
            max_file=MAX_LIST,
        )
        if not run.ok:
            raise run.refusal()
        if not tells_all(run.log):
            raise MediaError("recording_unreadable")
        channels += sound_channels(run.log)[: len(parts)]
        for (number, _), turn in zip(batch, turns(run.log), strict=False):
            path = work / f"{number}.list"
            listing = await async_on_disk(read_listing, path, left)
            listings.append(replace(listing, turn=turn))
            left -= len(listing.packets)
    head = None
    if inputs[0].seek is not None:
        head = await async_on_disk(read_listing, work / HEAD)
    return listings, head, channels
