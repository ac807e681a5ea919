"""Which pictures make the film, and when each of them is shown.

Film time counts seconds from the first frame of the first recording. Recordings are
joined frame to frame; where their own times say that more than the rounding of a file
name is missing between two of them, the film waits as long.

A stream copy ends at a joint: a place in decoding order before which everything is
shown earlier than everything after it. Only there can a film end with no picture
missing, none hidden behind its end and none left without what it is decoded from.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from ...core.errors import MediaError
from ...core.models import Piece, Window
from .listing import Listing
from .parts import Cut, Part, Plan, span_of
from .runs import Run, is_after

_NAME_SECONDS: Final = 1.0  # recorders name files by the whole second
_HOLE_SECONDS: Final = 2.0  # what sources call no gap
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
    for run, limit in _runs(listings, pieces, origin=origin, end=end):
        there = run.end()
        reached = _take(run, parts, cut, start, limit, rest)
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
    run: Run, parts: list[Part], cut: Cut, start: float, end: float, rest: float
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
    return run.end_at_joint(end, cover=cut is Cut.COVER)


def _runs(
    listings: Sequence[Listing], pieces: Sequence[Piece], *, origin: float, end: float
) -> Iterator[tuple[Run, float]]:
    """Yield the recordings in their places, and until when each may be used."""
    until = 0.0
    for number, (listing, piece) in enumerate(zip(listings, pieces, strict=True)):
        missing = (piece.start - pieces[0].start).total_seconds() - until
        if missing > _NAME_SECONDS + _HOLE_SECONDS:
            raise MediaError("pieces_gap")
        at = until + (missing if missing > _NAME_SECONDS else 0.0)
        first_shown = listing.first_shown() if number else origin
        run = Run(number, listing, first_shown - at, pieces[0].start)
        if number == len(pieces) - 1:
            yield run, end
            return
        until = run.end()
        promised = (piece.window.end - pieces[0].start).total_seconds()
        if max(until - promised, until - at - piece.seconds) > _NAME_SECONDS:
            # A source that uses only the beginning of a file says so by its length. And
            # what is rounding at one joint is not to add up from file to file.
            until = max(promised, at)
        yield run, min(until, end)


def _widest(parts: Sequence[Part]) -> float:
    """Return the longest time between two frames."""
    shown = span_of(parts)
    return max((later - sooner for sooner, later in pairwise(shown)), default=0.0)
