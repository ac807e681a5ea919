"""Spans of the day: over midnight, in hours that are skipped and hours that repeat."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings, strategies as st
import pytest

from custom_components.clip_consent.core.models import Window
from custom_components.clip_consent.core.windows import DailySpan, month_start

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MINUTE = timedelta(minutes=1)

# A zone and a moment at which its clocks change.
CHANGES = [
    ("Europe/Amsterdam", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Amsterdam", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),  # skips midnight
    ("America/Sao_Paulo", datetime(2019, 2, 17, 2, tzinfo=UTC)),  # repeats 23 h
    ("America/Havana", datetime(2026, 11, 1, 5, tzinfo=UTC)),  # repeats midnight
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # half an hour
    ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),  # skips a day
    ("Pacific/Kwajalein", datetime(1993, 8, 21, 12, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 1, 1, tzinfo=UTC)),  # never, and 5:45 off
    ("UTC", datetime(2026, 1, 1, tzinfo=UTC)),
]
TIMES = st.integers(0, 24 * 60 - 1).map(lambda m: time(m // 60, m % 60))


def span(start: str, end: str) -> DailySpan:
    """Return a span."""
    return DailySpan(start=time.fromisoformat(start), end=time.fromisoformat(end))


def local(start: str, end: str, zone: ZoneInfo = AMSTERDAM) -> Window:
    """Return a window from local times."""
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    return Window(
        start=first.replace(tzinfo=zone).astimezone(UTC),
        end=last.replace(tzinfo=zone).astimezone(UTC),
    )


def utc(start: str, end: str) -> Window:
    """Return a window from UTC times."""
    return local(start, end, ZoneInfo("UTC"))


NIGHT = span("22:00", "06:00")
DAY = span("08:00", "18:00")


@pytest.mark.parametrize(
    ("of_day", "window", "touches", "encloses"),
    [
        (DAY, local("2026-11-23T08:00", "2026-11-23T18:00"), True, True),
        (DAY, local("2026-11-23T07:59", "2026-11-23T18:00"), True, False),
        (DAY, local("2026-11-23T08:00", "2026-11-23T18:01"), True, False),
        (DAY, local("2026-11-23T07:00", "2026-11-23T08:00"), False, False),
        (DAY, local("2026-11-23T07:00", "2026-11-23T08:00:00.001"), True, False),
        (DAY, local("2026-11-23T18:00", "2026-11-24T08:00"), False, False),
        (DAY, local("2026-11-23T17:59:59.999", "2026-11-24T08:00"), True, False),
        (DAY, local("2026-11-23T12:00", "2026-11-24T12:00"), True, False),
        (NIGHT, local("2026-11-23T22:00", "2026-11-24T06:00"), True, True),
        (NIGHT, local("2026-11-23T23:30", "2026-11-24T00:30"), True, True),
        (NIGHT, local("2026-11-24T00:00", "2026-11-24T05:00"), True, True),
        (NIGHT, local("2026-11-23T21:59", "2026-11-24T06:00"), True, False),
        (NIGHT, local("2026-11-23T22:00", "2026-11-24T06:01"), True, False),
        (NIGHT, local("2026-11-24T06:00", "2026-11-24T22:00"), False, False),
        (NIGHT, local("2026-11-24T06:00", "2026-11-24T22:01"), True, False),
        (NIGHT, local("2026-11-23T23:00", "2026-11-25T01:00"), True, False),
        # The clocks go from 2:00 to 3:00 at 1:00 UTC.
        (span("02:15", "02:45"), utc("2026-03-29T00:00", "2026-03-29T02:00"), 0, 0),
        (span("02:15", "02:45"), utc("2026-03-28T00:00", "2026-03-28T02:00"), 1, 0),
        (span("02:30", "03:30"), utc("2026-03-29T00:30", "2026-03-29T01:00"), 0, 0),
        (span("02:30", "03:30"), utc("2026-03-29T00:30", "2026-03-29T01:01"), 1, 0),
        (span("02:30", "03:30"), utc("2026-03-29T01:00", "2026-03-29T01:30"), 1, 1),
        (span("01:00", "04:00"), utc("2026-03-29T00:00", "2026-03-29T02:00"), 1, 1),
        # The clocks go from 3:00 to 2:00 at 1:00 UTC.
        (span("02:30", "03:00"), utc("2026-10-25T00:30", "2026-10-25T01:00"), 1, 1),
        (span("02:30", "03:00"), utc("2026-10-25T01:00", "2026-10-25T01:30"), 0, 0),
        (span("02:30", "03:00"), utc("2026-10-25T01:30", "2026-10-25T02:00"), 1, 1),
        (span("02:30", "03:00"), utc("2026-10-25T00:30", "2026-10-25T02:00"), 1, 0),
        (span("02:00", "02:30"), utc("2026-10-25T00:30", "2026-10-25T01:00"), 0, 0),
        (span("02:00", "02:30"), utc("2026-10-25T00:30", "2026-10-25T01:01"), 1, 0),
        (span("02:00", "03:00"), utc("2026-10-25T00:00", "2026-10-25T02:00"), 1, 1),
    ],
)
def test_spans(
    of_day: DailySpan, window: Window, touches: bool, encloses: bool
) -> None:
    """Both ends of each, to the millisecond."""
    assert of_day.touches(window, AMSTERDAM) == touches
    assert of_day.encloses(window, AMSTERDAM) == encloses


@pytest.mark.parametrize(
    ("of_day", "at", "held"),
    [
        (DAY, "08:00", True),
        (DAY, "07:59:59.999999", False),
        (DAY, "17:59:59.999999", True),
        (DAY, "18:00", False),
        (NIGHT, "22:00", True),
        (NIGHT, "21:59:59.999999", False),
        (NIGHT, "00:00", True),
        (NIGHT, "05:59:59.999999", True),
        (NIGHT, "06:00", False),
    ],
)
def test_moments(of_day: DailySpan, at: str, held: bool) -> None:
    """From the first moment until before the last, on the home's clock."""
    moment = datetime.combine(date(2026, 7, 1), time.fromisoformat(at), AMSTERDAM)
    assert of_day.holds(moment.astimezone(UTC), AMSTERDAM) is held


@settings(max_examples=300)
@given(
    st.sampled_from(CHANGES),
    st.integers(-15 * 60, 5 * 60),
    st.integers(1, 30 * 60),
    TIMES,
    TIMES,
)
def test_as_a_walk_minute_by_minute(
    change: tuple[str, datetime], offset: int, minutes: int, start: time, end: time
) -> None:
    """The oracle: ask the wall clock at every minute around a change of it."""
    zone, moment = ZoneInfo(change[0]), change[1]
    of_day = DailySpan(start=start, end=end if end != start else time(start.hour ^ 1))
    first = moment + offset * MINUTE
    window = Window(start=first, end=first + minutes * MINUTE)
    walk = [of_day.holds(first + i * MINUTE, zone) for i in range(minutes)]
    assert of_day.touches(window, zone) == any(walk)
    assert of_day.encloses(window, zone) == all(walk)


def test_a_change_within_a_second() -> None:
    """Windows need not begin or end on whole seconds."""
    change = datetime(2026, 10, 25, 1, tzinfo=UTC)
    tiny = timedelta(milliseconds=1)
    repeated = span("02:00", "02:30")
    before = Window(start=change - tiny, end=change)
    assert not repeated.touches(before, AMSTERDAM)
    over = Window(start=change - tiny, end=change + tiny)
    assert repeated.touches(over, AMSTERDAM)
    assert not repeated.encloses(over, AMSTERDAM)
    after = Window(start=change, end=change + tiny)
    assert repeated.encloses(after, AMSTERDAM)


@pytest.mark.parametrize("before", [*range(1, 9), 3599, 3600, 3601, 10_799, 10_801])
@pytest.mark.parametrize("after", [1, 2, 3, 4, 5, 7200, 40_000])
def test_a_change_is_found_to_the_second(before: int, after: int) -> None:
    """Wherever in a window it is."""
    change = datetime(2026, 10, 25, 1, tzinfo=UTC)
    second = timedelta(seconds=1)
    window = Window(start=change - before * second, end=change + after * second)
    first = span("02:00", "02:00:01")  # the first second after it
    assert first.touches(window, AMSTERDAM)
    last = span("02:59:59", "03:00")  # the last one before it
    assert last.touches(window, AMSTERDAM)
    assert not last.rest.encloses(window, AMSTERDAM)
    none = span("03:00", "03:00:01")  # only an hour after it
    assert none.touches(window, AMSTERDAM) == (after > 3600)


@pytest.mark.parametrize(
    ("zone", "now", "start"),
    [
        ("UTC", "2026-11-23T19:00Z", "2026-11-01T00:00Z"),
        ("UTC", "2026-11-01T00:00Z", "2026-11-01T00:00Z"),
        ("UTC", "2026-10-31T23:59:59.999999Z", "2026-10-01T00:00Z"),
        ("Europe/Amsterdam", "2026-11-23T19:00Z", "2026-10-31T23:00Z"),
        ("Europe/Amsterdam", "2026-10-31T22:59Z", "2026-09-30T22:00Z"),
        ("Europe/Amsterdam", "2026-10-31T23:00Z", "2026-10-31T23:00Z"),
        ("Pacific/Auckland", "2026-12-31T11:00Z", "2026-12-31T11:00Z"),
        ("America/New_York", "2026-03-01T04:59Z", "2026-02-01T05:00Z"),
        # A first midnight that the clocks skip, and one that they repeat.
        ("America/Asuncion", "2017-10-15T12:00Z", "2017-10-01T04:00Z"),
        ("America/Havana", "2020-11-15T12:00Z", "2020-11-01T04:00Z"),
        ("America/Havana", "2020-11-01T05:30Z", "2020-11-01T04:00Z"),
    ],
)
def test_month(zone: str, now: str, start: str) -> None:
    """The home's calendar month, wherever the clocks are changed."""
    began = month_start(datetime.fromisoformat(now), ZoneInfo(zone))
    assert began == datetime.fromisoformat(start)
    assert began.tzinfo is UTC


@given(
    change=st.sampled_from(CHANGES),
    start=TIMES,
    end=TIMES,
    minutes=st.integers(-26 * 60, 26 * 60),
    late=st.timedeltas(timedelta(), MINUTE - timedelta(microseconds=1)),
)
@settings(deadline=None, max_examples=300)
def test_what_is_left_ends_just_where_the_span_does(
    change: tuple[str, datetime],
    start: time,
    end: time,
    minutes: int,
    late: timedelta,
) -> None:
    """Minute by minute the clock is in the span until then, and then it is not."""
    assume(start != end)
    zone, at = ZoneInfo(change[0]), change[1] + minutes * MINUTE + late
    of_day = DailySpan(start=start, end=end)
    left = of_day.left(at, zone)
    assert not of_day.holds(at + left, zone)
    walked = at
    while walked < at + left:
        assert of_day.holds(walked, zone)
        walked += MINUTE


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2026-11-23T21:59:59", timedelta()),
        ("2026-11-23T22:00:00", timedelta(hours=9)),
        ("2026-11-24T06:59:59", timedelta(seconds=1)),
        ("2026-11-24T07:00:00", timedelta()),
        ("2026-03-28T23:00:00", timedelta(hours=7)),  # an hour is skipped
        ("2026-10-24T23:00:00", timedelta(hours=9)),  # an hour comes twice
    ],
)
def test_a_night(at: str, left: timedelta) -> None:
    """From ten to seven in Amsterdam, as long as that night is."""
    moment = datetime.fromisoformat(at).replace(tzinfo=AMSTERDAM).astimezone(UTC)
    assert span("22:00", "07:00").left(moment, AMSTERDAM) == left
