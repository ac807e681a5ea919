"""Which pictures make the film, and when each of them is shown.

Film time counts seconds from the first frame of the first recording. Recordings are
joined frame to frame; where their own times say that more than the rounding of a file
name is missing between two of them, the film waits as long.

A stream copy ends at a joint: a place in decoding order before which everything is
shown earlier than everything after it. Only there can a film end with no picture
missing, none hidden behind its end and none left without what it is decoded from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from ...core.errors import MediaError
from ...core.models import Piece, Window
from .listing import Listing, Packet

_SAME: Final = 1e-6  # seconds; what rounding makes of equal times
_NAME_SECONDS: Final = 1.0  # recorders name files by the whole second
_HOLE_SECONDS: Final = 2.0  # what sources call no gap
_SHORT_SECONDS: Final = 2.0  # a film this much shorter than promised is broken off


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the film takes of one recording.

    A copy takes the packets `first` up to but not `last`, but for those in `leave`.
    `begin` and `end` lie between the time stamps of frames, for cutting decoded
    pictures; `zero` is the time stamp of film time 0. `times` are film times in
    decoding order, `sizes` the bytes of each.
    """

    number: int
    first: int
    last: int
    leave: tuple[int, ...]
    begin: float
    end: float
    start: float
    zero: float
    times: tuple[float, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The film: its parts, and its span in film time."""

    parts: tuple[Part, ...]
    start: float
    end: float

    def spans(self) -> list[tuple[Part, float]]:
        """Return the parts and how long each is shown, until the next one begins."""
        ends = [*(part.start for part in self.parts[1:]), self.end]
        return [
            (part, end - part.start) for part, end in zip(self.parts, ends, strict=True)
        ]

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        return sum(len(part.times) for part in self.parts)

    @property
    def size(self) -> int:
        """How many bytes its pictures have."""
        return sum(sum(part.sizes) for part in self.parts)


class _Run:
    """The pictures of one recording that may be used, placed in film time."""

    def __init__(self, number: int, listing: Listing, zero: float) -> None:
        """Place the time stamp `zero` (seconds) at film time 0."""
        self.number = number
        self.tick = listing.tick
        self.zero = zero
        self.packets = list(enumerate(listing.packets))

    def time(self, pts: int) -> float:
        """Return when a time stamp is in film time."""
        return pts * self.tick - self.zero

    def drop_before_key(self, start: float) -> None:
        """Begin at the last key frame at or before `start`, or else at the first.

        Pictures that follow it but are shown before it need what is left out: they go.
        """
        keys = [i for i, (_, packet) in enumerate(self.packets) if packet.key]
        early = [i for i in keys if self._at(i) <= start + _SAME]
        if not keys:
            raise MediaError("recording_unreadable")
        begin = early[-1] if early else keys[0]
        key = self.packets[begin][1]
        self.packets = [
            (ordinal, packet)
            for ordinal, packet in self.packets[begin:]
            if packet.pts >= key.pts
        ]

    def has_key_until(self, start: float) -> bool:
        """Whether a film can begin in this recording at `start` or before."""
        return any(
            packet.key and self.time(packet.pts) <= start + _SAME
            for _, packet in self.packets
        )

    def _at(self, index: int) -> float:
        return self.time(self.packets[index][1].pts)

    def end(self) -> float:
        """Return when its last picture is no longer shown."""
        return self.time(_edge([packet for _, packet in self.packets]))

    def end_at_joint(self, end: float) -> float | None:
        """Keep what is shown until the last joint not after `end`; return that time."""
        times = [packet.pts for _, packet in self.packets]
        before = accumulate(times, max)
        after = [*accumulate(reversed(times), min)][-2::-1]
        after.append(_edge([packet for _, packet in self.packets]))
        joints = [
            (count, edge)
            for count, (high, edge) in enumerate(zip(before, after, strict=True), 1)
            if high < edge and self.time(edge) <= end + _SAME
        ]
        if not joints:
            return None
        count, edge = joints[-1]
        del self.packets[count:]
        return self.time(edge)

    def keep_between(self, start: float, end: float) -> float | None:
        """Keep the frames shown wholly between; return when the last one ends."""
        shown = sorted(packet.pts for _, packet in self.packets)
        edges = [*shown[1:], _edge([packet for _, packet in self.packets])]
        kept = {
            pts: edge
            for pts, edge in zip(shown, edges, strict=True)
            if self.time(pts) >= start - _SAME and self.time(edge) <= end + _SAME
        }
        self.packets = [each for each in self.packets if each[1].pts in kept]
        return self.time(max(kept.values())) if kept else None

    def part(self, end: float) -> Part:
        """Return what is kept; the last frame is shown until `end` in film time."""
        ordinals = [ordinal for ordinal, _ in self.packets]
        shown = [self.time(packet.pts) for _, packet in self.packets]
        kept = set(ordinals)
        return Part(
            number=self.number,
            first=ordinals[0],
            last=ordinals[-1] + 1,
            leave=tuple(n for n in range(ordinals[0], ordinals[-1]) if n not in kept),
            begin=min(shown) + self.zero - self.tick / 2,
            end=(max(shown) + end) / 2 + self.zero,
            start=min(shown),
            zero=self.zero,
            times=tuple(shown),
            sizes=tuple(packet.size for _, packet in self.packets),
        )


def _edge(packets: Sequence[Packet]) -> int:
    """Return the time stamp until which the last shown of some pictures is shown.

    Where the file does not say, it is shown as long as the one before it.
    """
    last = max(packets, key=lambda packet: packet.pts)
    if last.duration:
        return last.pts + last.duration
    shown = sorted(packet.pts for packet in packets)
    return last.pts + max(1, shown[-1] - shown[-2] if len(shown) > 1 else 1)


def make_plan(
    listings: Sequence[Listing],
    pieces: Sequence[Piece],
    window: Window,
    *,
    origin: float,
    exact: bool,
) -> Plan:
    """Plan the film of a window from consecutive recordings.

    `origin` is the time stamp of the first recording's first frame in seconds. A copy
    begins at a key frame and ends at a joint; an `exact` film is decoded and keeps the
    frames that lie in the window. Both end at most at the window's end. Raises
    MediaError `nothing_in_window`, `pieces_gap`, `pieces_differ`, `recording_short`,
    and `needs_playable_copy` where only decoding tells when pictures are shown.
    """
    if not exact and not all(listing.stamped for listing in listings):
        raise MediaError("needs_playable_copy")
    if any(not other.continues(listings[0]) for other in listings[1:]):
        raise MediaError("pieces_differ")
    zero = pieces[0].start
    start = (window.start - zero).total_seconds()
    end = (window.end - zero).total_seconds()
    promised = min(end, (pieces[-1].window.end - zero).total_seconds())
    parts: list[Part] = []
    there = 0.0
    for run, limit in _runs(listings, pieces, origin=origin, end=end):
        there = run.end()
        if exact:
            reached = run.keep_between(start, limit)
        else:
            if not parts or run.has_key_until(start):
                parts.clear()  # what was before is not needed
                run.drop_before_key(start)
            reached = run.end_at_joint(limit)
        if reached is not None:
            parts.append(run.part(reached))
            until = reached
    if not parts or until <= start + _SAME:  # nothing, or only what leads up to it
        short = there < promised - _SHORT_SECONDS
        raise MediaError("recording_short" if short else "nothing_in_window")
    if until < promised - _SHORT_SECONDS - _widest(parts):
        raise MediaError("recording_short")
    return Plan(parts=tuple(parts), start=parts[0].start, end=until)


def _runs(
    listings: Sequence[Listing], pieces: Sequence[Piece], *, origin: float, end: float
) -> Iterator[tuple[_Run, float]]:
    """Yield the recordings in their places, and until when each may be used."""
    until = 0.0
    for number, (listing, piece) in enumerate(zip(listings, pieces, strict=True)):
        missing = (piece.start - pieces[0].start).total_seconds() - until
        if missing > _NAME_SECONDS + _HOLE_SECONDS:
            raise MediaError("pieces_gap")
        at = until + (missing if missing > _NAME_SECONDS else 0.0)
        first_shown = listing.first_shown() if number else origin
        run = _Run(number, listing, first_shown - at)
        if number == len(pieces) - 1:
            yield run, end
            return
        until = run.end()
        if until - at > piece.seconds + _NAME_SECONDS:
            # A source that uses only the beginning of a file says so by its length.
            until = at + piece.seconds
        yield run, min(until, end)


def _widest(parts: Sequence[Part]) -> float:
    """Return the longest time between two frames."""
    shown = sorted(time for part in parts for time in part.times)
    return max((later - sooner for sooner, later in pairwise(shown)), default=0.0)
