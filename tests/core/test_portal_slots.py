"""When a home asks a hub: chance alone decides, once for each slot."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.portal_slots import (
    SLOTS,
    moment_in,
    next_moment,
    slot_at,
    slot_length,
)

NOW = datetime(2026, 11, 24, 9, 7, 30, tzinfo=UTC)
SEED = b"\x07" * 16
TIMES = st.integers(1_577_836_800, 2_208_988_800).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
LENGTHS = st.sampled_from(SLOTS)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (-5, 60),
        (60, 60),
        (61, 300),
        (900, 900),
        (901, 1800),
        (3600, 3600),
        (10**9, 3600),
    ],
)
def test_a_hub_that_says_something_to_each_marks_none(said: int, taken: int) -> None:
    """Of all lengths that a hub may say, a few are used."""
    assert slot_length(said) == taken


@given(st.binary(min_size=1), TIMES, LENGTHS)
def test_the_moment_is_in_its_slot(seed: bytes, now: datetime, length: int) -> None:
    """And the slot holds the time that it was asked for."""
    slot = slot_at(now, length)
    moment = moment_in(seed, slot, length)
    begin = datetime.fromtimestamp(slot * length, UTC)
    assert begin <= moment < begin + timedelta(seconds=length)
    assert begin <= now < begin + timedelta(seconds=length)


@given(st.binary(min_size=1), TIMES, LENGTHS)
def test_once_in_a_slot_whenever_it_is_begun_anew(
    seed: bytes, now: datetime, length: int
) -> None:
    """A restart before the moment finds the same one; after it, that of the next."""
    slot, moment = next_moment(seed, now, length, asked=None)
    assert moment >= now
    assert slot - slot_at(now, length) in (0, 1)
    again = next_moment(seed, moment - timedelta(microseconds=1), length, asked=None)
    if slot == slot_at(now, length):
        assert again == (slot, moment)
    later, _ = next_moment(seed, moment, length, asked=slot)
    assert later == slot + 1


def test_a_clock_that_is_set_back_brings_no_second_poll() -> None:
    """The slot that was asked in last is over, whatever the clock says then."""
    slot, _ = next_moment(SEED, NOW, 900, asked=None)
    begin = datetime.fromtimestamp(slot * 900, UTC)
    assert next_moment(SEED, begin, 900, asked=slot)[0] == slot + 1
    assert next_moment(SEED, begin, 900, asked=slot + 40)[0] == slot


def test_homes_spread_over_the_slot() -> None:
    """A thousand homes do not come together, and one does not come at one place."""
    homes = [moment_in(bytes([n, n // 256]), 5, 900) for n in [*range(256)] * 4]
    slots = [
        moment_in(SEED, n, 900) - datetime(1970, 1, 1, tzinfo=UTC) for n in range(900)
    ]
    for places in (
        [moment.timestamp() % 900 for moment in homes],
        [each.total_seconds() % 900 for each in slots],
    ):
        tenths = [sum(int(place // 90) == n for place in places) for n in range(10)]
        assert min(tenths) > len(places) / 10 * 0.6
        assert max(tenths) < len(places) / 10 * 1.5
