"""Which pictures make the film, and when each of them is shown.

Film time counts seconds from when the first recording begins by its name. Each is put
where its own name says, as far as names can tell (core/joints.py): so recordings are
joined frame to frame, or the film waits where more is missing, or the first one ends
where more is doubled.

A stream copy ends at a joint: a place in decoding order before which everything is
shown earlier than everything after it. Only there can a film end with no picture
missing, none hidden behind its end and none left without what it is decoded from.
"""

from collections.abc import Sequence
from itertools import pairwise, zip_longest
from math import inf
from typing import Final

from ...core.errors import MediaError
from ...core.joints import places
from ...core.models import Piece, Window
from .listing import Listing
from .parts import Cut, Part, Plan, span_of
from .runs import Run, is_after

_NAME_SECONDS: Final = 1.0  # recorders name files by the whole second
_HOLE_SECONDS: Final = 2.0  # what sources call no gap
_NEAR: Final = 1e-3  # seconds; what is less is of the arithmetic
_SHORT_SECONDS: Final = 2.0  # a film this much shorter than promised is broken off
# Of these a start encoded anew and a copied rest make one stream that every decoder
# takes: pictures of H.264 and HEVC name the set-up they need, and each picture of MJPEG
# is whole. AV1 has one set-up for all, which has no number.
_STARTS: Final = frozenset({"h264", "hevc", "mjpeg"})


def make_plan(
    listings: Sequence[Listing],
    pieces: Sequence[Piece],
    window: Window,
    *,
    origin: float,
    cut: Cut,
    rest: float = float("-inf"),
) -> Plan:
    """Plan the film of a window from consecutive recordings.

    `origin` is the time stamp of the first recording's first frame in seconds. A copy
    begins at a key frame and ends at a joint; a decoded film keeps the frames that lie
    in the window. Both end at most in the millisecond in which the window ends. One
    that begins anew copies from the first key frame at or after `rest` (film time);
    where none will do it is decoded: see the plan's own `cut`. Raises MediaError
    `nothing_in_window`, `pieces_gap`, `pieces_differ`, `recording_short`, and
    `needs_playable_copy` where only decoding tells when pictures are shown.
    """
    alike = all(other.continues(listings[0]) for other in listings[1:])
    stamped = all(listing.stamped for listing in listings)
    if cut in (Cut.COPY, Cut.COVER) and not stamped:
        raise MediaError("needs_playable_copy")
    if cut is not Cut.DECODE and not alike:
        raise MediaError("pieces_differ")
    if cut is Cut.START:
        plan = None
        if stamped and listings[0].codec in _STARTS:
            plan = _plan(listings, pieces, window, origin, cut, rest)
        if plan and _is_divided(plan):
            return plan
        cut = Cut.DECODE
    return _plan(listings, pieces, window, origin, cut, rest, alike=alike)


def _is_divided(plan: Plan) -> bool:
    """Whether only the start of a film is encoded anew, and something copied."""
    heads = [part.number for part in plan.parts if part.head]
    copied = any(part.times for part in plan.parts)
    return copied and heads in ([], [plan.parts[0].number])


def _plan(
    listings: Sequence[Listing],
    pieces: Sequence[Piece],
    window: Window,
    origin: float,
    cut: Cut,
    rest: float,
    *,
    alike: bool = True,
) -> Plan:
    zero = pieces[0].start
    start = (window.start - zero).total_seconds()
    end = (window.end - zero).total_seconds()
    promised = min(end, (pieces[-1].window.end - zero).total_seconds())
    parts: list[Part] = []
    there = 0.0
    laid = laid_out(listings, pieces, origin=origin, start=start)
    for run, following in zip_longest(laid, laid[1:]):
        if run.missing > _NAME_SECONDS + _HOLE_SECONDS + _NEAR:
            raise MediaError("pieces_gap")
        there = run.end()
        has_end = not following or not is_after(end, following.begin, began=zero)
        limit = min(run.until, end) if following else end
        # What is shown behind a joint would be mixed with what the next one shows.
        cover = cut is Cut.COVER and has_end
        reached = _take(run, parts, cut, start, limit, rest, cover=cover)
        if reached is not None:
            parts.append(run.part(reached))
            until = reached
    # nothing, or only what leads up to it
    if not parts or not is_after(until, start, began=zero):
        short = there < promised - _SHORT_SECONDS
        raise MediaError("recording_short" if short else "nothing_in_window")
    if until < promised - _SHORT_SECONDS - _widest(parts):
        raise MediaError("recording_short")
    return Plan(
        parts=tuple(parts), start=parts[0].start, end=until, cut=cut, alike=alike
    )


def _take(
    run: Run,
    parts: list[Part],
    cut: Cut,
    start: float,
    end: float,
    rest: float,
    *,
    cover: bool,
) -> float | None:
    """Keep of a recording what the film takes; return until when, None for nothing.

    `parts` are those of the recordings before. Those that are not needed go.
    """
    if cut is Cut.DECODE:
        return run.keep_between(start, end)
    if cut is Cut.START and not any(part.times for part in parts):
        return run.begin_anew(start, end, rest)
    if cut is not Cut.START and (not parts or run.has_key_until(start)):
        parts.clear()
        run.drop_before_key(start)
    return run.end_at_joint(end, cover=cover)


def laid_out(
    listings: Sequence[Listing],
    pieces: Sequence[Piece],
    *,
    origin: float,
    start: float = float("-inf"),
) -> list[Run]:
    """Return recordings in their places, from the one on that a film begins in.

    That is the last one in which it can at `start`, or else the first: what is not in
    the film is not to change its times. One whose pictures are over by then is not in
    it either, though its sound may go on: the film begins with the next.
    """
    zero = pieces[0].start
    runs = [
        Run(number, listing, listing.first_shown() if number else origin, zero)
        for number, listing in enumerate(listings)
    ]
    lengths = [_length(run, piece) for run, piece in zip(runs, pieces, strict=True)]
    for first in range(len(runs) - 1, -1, -1):
        named = (pieces[first].start - zero).total_seconds()
        if first and is_after(named, start, began=zero):
            continue
        at = _places(pieces, lengths, first)
        runs[first].place(at[0])
        if not first or runs[first].has_key_until(start):
            break
    over = min(at[0] + lengths[first], *at[1:2]) if at[1:] else inf
    if not is_after(over, start, began=zero) and runs[first + 1].begins_with_key:
        first += 1
        at = _places(pieces, lengths, first)
    _lay(runs[first:], pieces[first:], lengths[first:], at)
    return runs[first:]


def _places(
    pieces: Sequence[Piece], lengths: Sequence[float], first: int
) -> list[float]:
    """Return when recordings from the `first` on begin, in film time."""
    named = (pieces[first].start - pieces[0].start).total_seconds()
    return [named + place for place in places(pieces[first:], lengths[first:])]


def _lay(
    runs: Sequence[Run],
    pieces: Sequence[Piece],
    lengths: Sequence[float],
    at: Sequence[float],
) -> None:
    """Put each recording in its place, to be used until the next one begins.

    What is missing is judged by names too, as it was when the run was found: one hole
    that is closed may make another one wider.
    """
    until, told = at[0], 0.0
    for run, piece, length, place, following in zip(
        runs, pieces, lengths, at, [*at[1:], inf], strict=True
    ):
        named = (piece.start - pieces[0].start).total_seconds()
        run.missing = min(place - until, named - told)
        until, told = place + length, named + length
        run.place(place, until=min(until, following))


def _length(run: Run, piece: Piece) -> float:
    """Return how many seconds of a recording's pictures may be used.

    A source that uses only the beginning of a file says so by its length.
    """
    length = run.end()
    return length if length - piece.seconds <= _NAME_SECONDS else piece.seconds


def _widest(parts: Sequence[Part]) -> float:
    """Return the longest time between two frames."""
    shown = span_of(parts)
    return max((later - sooner for sooner, later in pairwise(shown)), default=0.0)
