"""Quiet hours, and what waits for their end."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.limits import PUSH_INTERVAL, push_wait
from custom_components.clip_consent.core.quiet import (
    are_quiet_hours,
    ask_wait,
    quiet_left,
    read_quiet,
)
from custom_components.clip_consent.core.windows import DailySpan

ZONE = ZoneInfo("Europe/Amsterdam")
NIGHT = DailySpan(start=time(22), end=time(7))
EVENING = datetime(2026, 11, 23, 20, 55, tzinfo=UTC)  # 21:55 there
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("start", "end", "quiet", "will_do"),
    [
        ("22:00:00", "07:00:00", NIGHT, True),
        ("22:00", "07:00", NIGHT, True),
        (None, None, None, True),
        ("", "", None, True),
        ("22:00:00", None, None, False),
        (None, "07:00:00", None, False),
        ("07:00:00", "07:00", None, False),
    ],
)
def test_two_different_times_or_none(
    start: str | None, end: str | None, quiet: DailySpan | None, will_do: bool
) -> None:
    """What does not make sense is no quiet hours, and the form says so."""
    assert read_quiet(start, end) == quiet
    assert are_quiet_hours(start, end) is will_do


def test_nobody_has_to_have_any() -> None:
    """Without quiet hours it is never quiet."""
    assert quiet_left(None, EVENING, ZONE) == timedelta()
    assert quiet_left(NIGHT, EVENING + 10 * MINUTE, ZONE) == timedelta(
        hours=8, minutes=55
    )


def test_limits_that_end_at_night_wait_for_the_morning() -> None:
    """Ten minutes after a push it is quiet already."""
    until = datetime(2026, 11, 24, 6, tzinfo=UTC) - EVENING
    assert ask_wait([EVENING], NIGHT, EVENING, ZONE) == until
    assert ask_wait([EVENING], None, EVENING, ZONE) == PUSH_INTERVAL
    assert ask_wait([], NIGHT, EVENING, ZONE) == timedelta()


def test_limits_that_want_longer_than_the_night() -> None:
    """The longer of both counts."""
    midnight = EVENING + timedelta(hours=2)
    pushed = [midnight - timedelta(hours=12) + number * MINUTE for number in range(10)]
    wait = ask_wait(pushed, NIGHT, midnight, ZONE)
    assert wait == push_wait(pushed, midnight) > quiet_left(NIGHT, midnight, ZONE)


moments = st.integers(-90_000, 0).map(lambda back: EVENING + timedelta(seconds=back))
times = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))


@given(st.lists(moments, max_size=15), st.tuples(times, times))
def test_nothing_is_due_before_limits_and_within_quiet_hours(
    pushed: Sequence[datetime], hours: tuple[time, time]
) -> None:
    """At the end of the wait both allow it."""
    start, end = hours
    quiet = read_quiet(start.isoformat(), end.isoformat())
    wait = ask_wait(pushed, quiet, EVENING, ZONE)
    assert wait >= push_wait(pushed, EVENING)
    assert wait >= quiet_left(quiet, EVENING, ZONE)
    assert not quiet or not quiet.holds(EVENING + wait, ZONE)
    assert not push_wait(pushed, EVENING + wait)
