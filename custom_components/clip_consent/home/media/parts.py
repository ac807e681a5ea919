"""What a film takes of its recordings: the parts that a plan consists of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from ...core.models import Window


class Cut(StrEnum):
    """How a film is cut out of recordings.

    `COPY` begins at the key frame at or before the start and ends at a joint at or
    before the end; `COVER` does too, but ends at the first joint at or after it.
    `START` begins at the start: what is shown until the next key frame is encoded anew,
    the rest copied. `DECODE` encodes all of it anew.
    """

    COPY = "copy"
    COVER = "cover"
    START = "start"
    DECODE = "decode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The pictures at the start of a film that are encoded anew.

    `begin` and `end` lie between the time stamps of frames; `times` are film times.
    """

    begin: float
    end: float
    times: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the film takes of one recording.

    A copy takes the packets `first` up to but not `last`, but for those in `leave`.
    `begin` and `end` lie between the time stamps of frames, for cutting decoded
    pictures; `zero` is the time stamp of film time 0. `times` are film times in
    decoding order, `sizes` the bytes of each. `head` is shown before all of them.
    `restarts` says that behind it the recording's time stamps begin anew.
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
    head: Head | None = None
    restarts: bool = False

    @property
    def shown(self) -> list[float]:
        """Return when each of its pictures is shown, in that order."""
        return sorted((*(self.head.times if self.head else ()), *self.times))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The film: its parts, its span in film time, how it is cut.

    `alike` says that all its recordings are coded, sized and turned in one way.
    """

    parts: tuple[Part, ...]
    start: float
    end: float
    cut: Cut
    alike: bool = True

    def spans(self) -> list[tuple[Part, float]]:
        """Return the parts and how long each is shown, until the next one begins."""
        ends = [*(part.start for part in self.parts[1:]), self.end]
        return [
            (part, end - part.start) for part, end in zip(self.parts, ends, strict=True)
        ]

    @property
    def head(self) -> Head | None:
        """What is encoded anew at its start, if the rest is copied."""
        return self.parts[0].head

    @property
    def encoded(self) -> float:
        """How many seconds of it are encoded anew."""
        if self.cut is Cut.DECODE:
            return self.end - self.start
        return self.head.end - self.head.begin if self.head else 0.0

    @property
    def frames(self) -> int:
        """How many pictures it has."""
        heads = sum(len(part.head.times) for part in self.parts if part.head)
        return heads + sum(len(part.times) for part in self.parts)

    @property
    def longest(self) -> float:
        """How many seconds a picture is shown at most."""
        times = [*span_of(self.parts), self.end]
        return max(later - sooner for sooner, later in pairwise(times))

    @property
    def size(self) -> int:
        """How many bytes its copied pictures have."""
        return sum(sum(part.sizes) for part in self.parts)

    def window(self, zero: datetime) -> Window:
        """Return its span, film time 0 being at `zero`."""
        return Window(start=moment(zero, self.start), end=moment(zero, self.end))


def moment(began: datetime, time: float) -> datetime:
    """Return when a film time is, film time 0 being at `began`."""
    return began + timedelta(seconds=time)


def span_of(parts: Sequence[Part]) -> list[float]:
    """Return when each picture of some parts is shown, in that order."""
    return sorted(time for part in parts for time in part.shown)
