"""Quiet hours: when an approver's phones make no sound, and what waits until then."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from .limits import PUSHES_PER_DAY, push_wait
from .windows import DailySpan


def read_quiet(start: str | None, end: str | None) -> DailySpan | None:
    """Return the quiet hours of two times of day as kept, None if there are none."""
    if not start or not end:
        return None
    span = DailySpan(start=time.fromisoformat(start), end=time.fromisoformat(end))
    return None if span.start == span.end else span


def are_quiet_hours(start: str | None, end: str | None) -> bool:
    """Tell whether two times of day will do: two different ones, or none at all."""
    return not (start or end) or read_quiet(start, end) is not None


def quiet_left(
    quiet: DailySpan | None, now: datetime, time_zone: ZoneInfo
) -> timedelta:
    """Return how long it is quiet still: not at all, if zero."""
    return quiet.left(now, time_zone) if quiet else timedelta()


def ask_wait(
    pushed: Sequence[datetime],
    quiet: DailySpan | None,
    now: datetime,
    time_zone: ZoneInfo,
    most: int = PUSHES_PER_DAY,
) -> timedelta:
    """Return how long limits and quiet hours keep the next push of a request back.

    `most` is how many there may be in a day, the next one included.
    Where the limits would end within quiet hours, it waits for the end of these.
    """
    wait = push_wait(pushed, now, most)
    return wait + quiet_left(quiet, now + wait, time_zone)
