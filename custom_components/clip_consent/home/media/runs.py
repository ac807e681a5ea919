"""The pictures of one recording, placed in the time of the film, and what is kept.

Times are compared by the millisecond in which they lie, as a draft states its span:
so the span that a draft states gives that draft again, however often.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate, groupby
from math import inf
from typing import Final

from ...core.errors import MediaError
from ...core.serial import stated
from .listing import Listing, Packet
from .parts import Head, Part, moment

_FAR: Final = 0.01  # seconds; such times are not in the same millisecond
_HALF: Final = 0.25  # seconds; no longer frame sticks out of its place
_STUCK: Final = 2.0  # seconds that a time stamp stays the same, if they begin anew


class Run:
    """The pictures of one recording that may be used, placed in film time."""

    def __init__(
        self, number: int, listing: Listing, shown: float, began: datetime
    ) -> None:
        """Place its first shown frame at film time 0, which is at `began`.

        `shown` is that frame's time stamp in seconds.
        """
        self.number = number
        self._began = began
        self.tick = listing.tick
        self._shown = shown
        self.zero = shown  # the time stamp of film time 0
        self.until = inf  # film time until which it may be used
        self.missing = 0.0  # seconds between it and the one before, at least
        usable = _until_restart(listing.packets, round(_STUCK / listing.tick))
        self.packets = list(enumerate(listing.packets[:usable]))
        self._restarts = usable < len(listing.packets)
        self._head: list[int] = []  # time stamps of what is encoded anew

    def place(self, at: float, *, until: float = inf) -> None:
        """Place its first shown frame in film time; use it `until` the next begins.

        A last frame that is shown for longer than that, but not by half, is used too.
        """
        self.zero = self._shown - at
        edge = _edge([packet for _, packet in self.packets])
        last = max(packet.pts for _, packet in self.packets)
        self.until = until + min((edge - last) * self.tick / 2, _HALF)

    @property
    def begin(self) -> float:
        """Return when its first shown frame is, in film time."""
        return self._shown - self.zero

    @property
    def begins_with_key(self) -> bool:
        """Whether it can be decoded without the one before."""
        return self.packets[0][1].key

    def time(self, pts: int) -> float:
        """Return when a time stamp is in film time."""
        return pts * self.tick - self.zero

    def drop_before_key(self, start: float) -> None:
        """Begin at the last key frame at or before `start`, or else at the first.

        Pictures that follow it but are shown before it need what is left out: they go.
        """
        keys = [i for i, (_, packet) in enumerate(self.packets) if packet.key]
        early = [i for i in keys if not self._after(self._at(i), start)]
        if not keys:
            raise MediaError("recording_unreadable")
        begin = early[-1] if early else keys[0]
        key = self.packets[begin][1]
        self.packets = [
            (ordinal, packet)
            for ordinal, packet in self.packets[begin:]
            if packet.pts >= key.pts
        ]

    def key_times(self) -> list[float]:
        """Return when its key frames are shown, in film time, as long as it is used."""
        times = [self.time(packet.pts) for _, packet in self.packets if packet.key]
        return [time for time in times if time < self.until]

    def has_key_until(self, start: float) -> bool:
        """Whether a film can begin in this recording at `start` or before."""
        return any(
            packet.key and not self._after(self.time(packet.pts), start)
            for _, packet in self.packets
        )

    def _at(self, index: int) -> float:
        return self.time(self.packets[index][1].pts)

    def _after(self, time: float, other: float) -> bool:
        return is_after(time, other, began=self._began)

    def end(self) -> float:
        """Return when its last picture is no longer shown."""
        return self.time(_edge([packet for _, packet in self.packets]))

    def end_at_joint(self, end: float, *, cover: bool = False) -> float | None:
        """Keep what is shown until the last joint not after `end`; return that time.

        With `cover` until the first one not before it, if there is any; but nothing of
        what is all shown from `end` on.
        """
        times = [packet.pts for _, packet in self.packets]
        before = accumulate(times, max)
        after = [*accumulate(reversed(times), min)][-2::-1]
        after.append(_edge([packet for _, packet in self.packets]))
        every = [
            (count, edge)
            for count, (high, edge) in enumerate(zip(before, after, strict=True), 1)
            if high < edge
        ]
        joints = [each for each in every if not self._after(self.time(each[1]), end)]
        reached = self.time(joints[-1][1] if joints else min(times))
        if cover and self._after(end, reached):
            joints += every[len(joints) : len(joints) + 1]
        if not joints:
            return None
        count, edge = joints[-1]
        del self.packets[count:]
        return self.time(edge)

    def keep_between(self, start: float, end: float) -> float | None:
        """Keep the frames shown wholly between; return when the last one ends.

        A decoder does not give what the recording's own edit list hides.
        """
        kept = self._between(start, end, [p for _, p in self.packets if not p.hidden])
        self.packets = [each for each in self.packets if each[1].pts in kept]
        return self.time(max(kept.values())) if kept else None

    def _between(
        self, start: float, end: float, packets: Sequence[Packet]
    ) -> dict[int, int]:
        """Return frames shown wholly between, by their time stamps, with their ends."""
        if not packets:
            return {}
        shown = sorted(packet.pts for packet in packets)
        edges = [*shown[1:], _edge(packets)]
        return {
            pts: edge
            for pts, edge in zip(shown, edges, strict=True)
            if not self._after(start, self.time(pts))
            and not self._after(self.time(edge), end)
        }

    def begin_anew(self, start: float, end: float, rest: float) -> float | None:
        """Keep what is shown from `start` on; return until when.

        What comes before the first key frame that divides the pictures, at `rest` or
        later, becomes the head: it is to be encoded anew.
        """
        kept = self._between(start, end, [p for _, p in self.packets if not p.hidden])
        first = self._divide(max(start, rest))
        begin = None if first is None else self.packets[first][1].pts
        self.packets = [] if first is None else self.packets[first:]
        reached = self.end_at_joint(end) if self.packets else None
        if reached is None:
            self.packets, begin = [], None
        self._head = [pts for pts in kept if begin is None or pts < begin]
        if reached is None and self._head:
            reached = self.time(kept[self._head[-1]])
        return reached

    def _divide(self, start: float) -> int | None:
        """Return which key frame from `start` on has all before it shown before it."""
        times = [packet.pts for _, packet in self.packets]
        before = [times[0] - 1, *accumulate(times, max)]
        after = [*accumulate(reversed(times), min)][::-1]
        for i, (_, packet) in enumerate(self.packets):
            if (
                packet.key
                and before[i] < packet.pts == after[i]
                and not self._after(start, self.time(packet.pts))
            ):
                return i
        return None

    def part(self, end: float) -> Part:
        """Return what is kept; the last frame is shown until `end` in film time."""
        ordinals = [ordinal for ordinal, _ in self.packets]
        times = tuple(self.time(packet.pts) for _, packet in self.packets)
        head = self._made_head(min(times, default=end))
        shown = sorted((*(head.times if head else ()), *times))
        kept = set(ordinals)
        first, last = (ordinals[0], ordinals[-1] + 1) if ordinals else (0, 0)
        return Part(
            number=self.number,
            first=first,
            last=last,
            leave=tuple(n for n in range(first, last) if n not in kept),
            begin=shown[0] + self.zero - self.tick / 2,
            end=(shown[-1] + end) / 2 + self.zero,
            start=shown[0],
            zero=self.zero,
            times=times,
            sizes=tuple(packet.size for _, packet in self.packets),
            head=head,
            restarts=self._restarts,
        )

    def _made_head(self, rest: float) -> Head | None:
        """Return what is encoded anew, shown until `rest` in film time."""
        if not self._head:
            return None
        times = tuple(self.time(pts) for pts in self._head)
        return Head(
            begin=times[0] + self.zero - self.tick / 2,
            end=(times[-1] + rest) / 2 + self.zero,
            times=times,
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


def _until_restart(packets: Sequence[Packet], stuck: int) -> int:
    """Return how many pictures come before the time stamps begin anew, one at least.

    ffmpeg lists what goes back under the last time stamp there was. What stays so for
    `stuck` ticks is of a second time line: no time tells those pictures apart.
    """
    count = 0
    for _, group in groupby(packets, lambda packet: packet.pts):
        first, *others = group
        if others and sum(packet.duration for packet in others) >= stuck:
            # The first one is the last of the old time line, but for a key frame.
            return count + (not first.key or not count)
        count += 1 + len(others)
    return count


def is_after(time: float, other: float, *, began: datetime) -> bool:
    """Whether a film time lies in a later millisecond than another one.

    Film time 0 is at `began`.
    """
    if abs(time - other) > _FAR:
        return time > other
    late, early = (stated(moment(began, each)) for each in (time, other))
    return late > early
