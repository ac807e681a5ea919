"""Frigate's recorded segments, and how whole ones are asked for.

Frigate keeps a camera's recording in segments of about ten seconds. It names each by
the whole second in which it began and measures its length, so the segments of a
recording without a gap seem to overlap, or to leave a hole, of less than a second.

A clip is asked for by two moments. Frigate then takes every segment that begins, ends
or lies around them, both included, and cuts the first and the last at whole seconds of
their own. So the moments are put where nothing is cut: less than a second after the
beginning of the first segment, before its end, and after the end of the one before it;
not before the end of the last one, and less than a second after the beginning of the
one after it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Final

from ...core.models import Piece, Window

NAME_SECONDS: Final = 1.0
_CLEAR: Final = 0.0001  # seconds that two moments differ at least


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A segment as Frigate lists it: seconds since 1970, seconds, bytes."""

    start: float
    seconds: float
    size: int = 0

    @property
    def end(self) -> float:
        """When it ends."""
        return self.start + self.seconds

    @property
    def name(self) -> str:
        """What tells it from any other of its camera."""
        return f"{self.start:.6f}+{self.seconds:.6f}"

    def piece(self) -> Piece:
        """Return it as a recording that has to be brought."""
        return Piece(
            path=self.name,
            start=datetime.fromtimestamp(self.start, UTC),
            seconds=self.seconds,
            remote=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One clip to be asked for: whole segments without a gap.

    `after` and `before` are what Frigate is asked. `seconds` is how long the clip is to
    be. Its first frame was at `start` or up to `unsure` seconds later, by the names of
    all its segments: the later ones tell more of the first one's second.
    """

    after: float
    before: float
    start: datetime
    seconds: float
    size: int
    unsure: float


def parted(segments: Iterable[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Return the segments that can be asked for whole, and those that cannot.

    Those that overlap by a second and more: a clip would show both, one after the
    other, and no moment in it would be what it seems. Both in order. One of less than a
    second that ends before the one before it does is neither: no moment is its alone.
    """
    ordered = sorted(segments, key=lambda one: (one.start, one.end))
    clashing: set[int] = set()
    hidden: set[int] = set()
    latest = -1  # the one before that ends last
    for number, one in enumerate(ordered):
        if latest >= 0 and ordered[latest].end - one.start > NAME_SECONDS - _CLEAR:
            clashing |= {latest, number}
        elif latest >= 0 and one.end < ordered[latest].end + _CLEAR:
            hidden.add(number)
        if latest < 0 or one.end > ordered[latest].end:
            latest = number
    return (
        [one for number, one in enumerate(ordered) if number not in clashing | hidden],
        [one for number, one in enumerate(ordered) if number in clashing],
    )


def pieces_in(
    segments: Iterable[Segment], window: Window
) -> tuple[tuple[Piece, ...], bool]:
    """Return what can be asked for of a window, in order, and if others clash in it."""
    usable, clashing = parted(segments)
    return _overlapping(usable, window), bool(_overlapping(clashing, window))


def _overlapping(segments: Iterable[Segment], window: Window) -> tuple[Piece, ...]:
    return tuple(
        piece
        for one in segments
        if one.seconds and (piece := one.piece()).window.overlap(window)
    )


def clips(pieces: Sequence[Piece], segments: Iterable[Segment]) -> list[Clip] | None:
    """Return the clips that hold whole segments of consecutive pieces, in order.

    `segments` are all that there are now, around the pieces too. A new clip begins
    where the names say that something is missing or doubled: where no time of the first
    frame agrees with all of them. None if a piece is not among them any more, or cannot
    be asked for.
    """
    ordered = sorted(segments, key=lambda one: (one.start, one.end))
    usable = {one.name: one for one in parted(ordered)[0]}
    around = _Around(ordered)
    made: list[Clip] = []
    expected = least = most = 0.0
    for piece in pieces:
        segment = usable.get(piece.path)
        if segment is None:
            return None
        before = around.before(segment)
        late = segment.start - expected
        if made and max(most, late) - min(least, late) < NAME_SECONDS:
            later = max(late - most, 0.0)
            least, most = min(least, late), max(most, late)
            made[-1] = replace(
                made[-1],
                start=made[-1].start + timedelta(seconds=later),
                unsure=NAME_SECONDS - (most - least),
                before=before,
                seconds=made[-1].seconds + segment.seconds,
                size=made[-1].size + segment.size,
            )
        else:
            expected, least, most = segment.start, 0.0, 0.0
            made.append(
                Clip(
                    after=around.after(segment),
                    before=before,
                    start=piece.start,
                    seconds=segment.seconds,
                    size=segment.size,
                    unsure=NAME_SECONDS,
                )
            )
        expected += segment.seconds
    return made


class _Around:
    """The moments around a segment where none is cut; made once for all of them."""

    def __init__(self, ordered: Sequence[Segment]) -> None:
        """Take all segments, in order."""
        self._starts = [one.start for one in ordered]
        self._latest = list(accumulate((one.end for one in ordered), max))

    def after(self, segment: Segment) -> float:
        """Return a moment from which on it is taken whole, the last before not."""
        earlier = bisect_left(self._starts, segment.start)
        latest = self._latest[earlier - 1] if earlier else segment.start
        until = min(segment.start + NAME_SECONDS, segment.end)
        return (max(latest, segment.start) + until) / 2

    def before(self, segment: Segment) -> float:
        """Return a moment until which it is taken whole, the next one not."""
        clear = segment.end + NAME_SECONDS
        later = bisect_right(self._starts, segment.start)
        following = self._starts[later] if later < len(self._starts) else clear
        if following > segment.end:
            return (segment.end + min(following, clear)) / 2
        return (clear + following) / 2
