"""Spans of the day on the wall clock, and where a window of UTC lies in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from .models import Window

_DAY: Final = timedelta(days=1)
_STEP: Final = 3 * 3600  # seconds: no zone changes its clocks twice in that


@dataclass(frozen=True, slots=True, kw_only=True)
class DailySpan:
    """From one time of day until before another; over midnight if that is earlier.

    What counts is what the wall clock shows: an hour that it skips is in no span, one
    that it repeats is in a span both times. The two times differ.
    """

    start: time
    end: time

    @property
    def rest(self) -> DailySpan:
        """The rest of the day."""
        return DailySpan(start=self.end, end=self.start)

    @property
    def texts(self) -> dict[str, str]:
        """Both times as a wall clock shows them, to be put into a sentence."""
        return {"start": _clock(self.start), "end": _clock(self.end)}

    def holds(self, moment: datetime, time_zone: ZoneInfo) -> bool:
        """Return whether the wall clock is in the span at a moment."""
        shown = moment.astimezone(time_zone).time()
        if self.start < self.end:
            return self.start <= shown < self.end
        return shown >= self.start or shown < self.end

    def touches(self, window: Window, time_zone: ZoneInfo) -> bool:
        """Return whether any moment of a window is in the span."""
        return any(
            self._meets(start, end) for start, end in _wall_clock(window, time_zone)
        )

    def encloses(self, window: Window, time_zone: ZoneInfo) -> bool:
        """Return whether every moment of a window is in the span."""
        return not self.rest.touches(window, time_zone)

    def left(self, moment: datetime, time_zone: ZoneInfo) -> timedelta:
        """Return how long the span goes on: not at all, if the clock is outside."""
        until = moment
        for jump in _jumps(Window(start=moment, end=moment + 2 * _DAY), time_zone):
            if self._ends(until, time_zone) < jump:
                break
            until = jump
        return self._ends(until, time_zone) - moment

    def _ends(self, moment: datetime, time_zone: ZoneInfo) -> datetime:
        """Return when the span would end if nobody changed the clocks from now on."""
        if not self.holds(moment, time_zone):
            return moment
        offset = _offset(moment, time_zone)
        shown = _shown(moment, offset)
        end = datetime.combine(shown.date(), self.end)
        end += timedelta() if shown < end else _DAY
        return (end - offset).replace(tzinfo=UTC)

    def _meets(self, start: datetime, end: datetime) -> bool:
        """Return whether a stretch of the wall clock without a jump meets the span."""
        length = timedelta() if self.start < self.end else _DAY
        day = start.date() - _DAY
        while day <= end.date():
            begins = datetime.combine(day, self.start)
            ends = datetime.combine(day, self.end) + length
            if max(begins, start) < min(ends, end):
                return True
            day += _DAY
        return False


def month_start(now: datetime, time_zone: ZoneInfo) -> datetime:
    """Return when the calendar month of a moment began in a time zone, in UTC."""
    local = now.astimezone(time_zone)
    # fold=0 is the earlier of two midnights, and the end of a gap that begins at one.
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    return first.astimezone(UTC)


@lru_cache(maxsize=8)  # all rules ask about the same window
def _wall_clock(
    window: Window, time_zone: ZoneInfo
) -> tuple[tuple[datetime, datetime], ...]:
    """Return what the wall clock shows at both ends of each stretch without a jump."""
    ends = [window.start, *_jumps(window, time_zone), window.end]
    offsets = [_offset(start, time_zone) for start in ends[:-1]]
    return tuple(
        (_shown(start, offset), _shown(end, offset))
        for (start, end), offset in zip(pairwise(ends), offsets, strict=True)
    )


def _jumps(window: Window, time_zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the moments in a window, or at its end, at which the clocks are changed."""
    first, last = int(window.start.timestamp()), int(window.end.timestamp())
    for low in range(first, last, _STEP):
        if (found := _jump(low, min(low + _STEP, last), time_zone)) is not None:
            yield datetime.fromtimestamp(found, UTC)


def _jump(low: int, high: int, time_zone: ZoneInfo) -> int | None:
    """Return the second after `low`, up to `high`, that has another offset first."""

    def offset(second: int) -> timedelta:
        return _offset(datetime.fromtimestamp(second, UTC), time_zone)

    before = offset(low)
    if offset(high) == before:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if offset(middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(moment: datetime, time_zone: ZoneInfo) -> timedelta:
    return moment.astimezone(time_zone).utcoffset() or timedelta()


def _shown(moment: datetime, offset: timedelta) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) + offset


def _clock(moment: time) -> str:
    return moment.isoformat("seconds" if moment.second else "minutes")
