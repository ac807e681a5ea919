"""Where recordings lie, as far as their names can tell."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.clip_consent.core.joints import places
from custom_components.clip_consent.core.models import Piece

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
UNHURRIED = settings(deadline=None)  # a busy machine is no failure
NEAR = 1e-6  # seconds: datetimes have no more


def pieces(*starts: float, unsure: float = 1.0) -> list[Piece]:
    """Return recordings by when their names say that they begin, from noon on."""
    return [
        Piece(path="", start=NOON + timedelta(seconds=at), seconds=4.0, unsure=unsure)
        for at in starts
    ]


@pytest.mark.parametrize(
    ("starts", "lengths", "placed"),
    [
        # One alone begins when its name says; so do those that fit frame to frame.
        ([0], [4], [0]),
        ([0, 4, 8], [4, 4, 4], [0, 4, 8]),
        # Rounding: the second name is early by half a second, or the first one is.
        ([0, 4, 9], [4.5, 4.5, 4.5], [0, 4.5, 9]),
        ([0, 5, 9], [4.5, 4.5, 4.5], [0.5, 5, 9.5]),
        # More than names can be off by: what is doubled goes, what is missing stays.
        ([0, 4, 8], [5.5, 5.5, 5.5], [0, 5, 9]),
        ([0, 5.5, 11], [4, 4, 4], [0, 5.5, 11]),
        # A second hole could be rounding by itself, but then others would be too late.
        ([0, 4, 8, 13], [4, 4.9, 4.5, 4], [0, 4, 8.9, 13.4]),
        ([0, 4, 8, 13], [4.99, 4, 3.9, 4], [0, 4.99, 8.99, 13]),
        # It can be rounding of all that come before.
        ([0, 4, 9], [4.2, 4.5, 4], [0.3, 4.5, 9]),
        # One that begins with the one before is shown after it.
        ([0, 0, 0.5], [2, 0.2, 4], [0, 1, 1.2]),
    ],
)
def test_worked_out_by_hand(
    starts: list[float], lengths: list[float], placed: list[float]
) -> None:
    """Frame to frame where names allow it; else as near to that as they allow."""
    assert places(pieces(*starts), lengths) == pytest.approx(placed)


def test_names_that_tell_the_frame_are_believed() -> None:
    """Nothing is moved, whatever overlaps or is missing."""
    starts = [0, 3.8, 8.1, 9.9, 14.0]
    assert places(pieces(*starts, unsure=0), [4.0] * 5) == pytest.approx(starts)


def test_a_surer_name_comes_after_an_unsure_one() -> None:
    """Of two folders' recordings: none is put before the one that it follows."""
    early, late = pieces(0.9)[0], pieces(1.0, unsure=0)[0]
    first = pieces(0)[0]
    assert places([first, early, late], [1.8, 3, 4]) == pytest.approx([0, 1.8, 1.8])


lengths = st.lists(st.floats(1.5, 30), min_size=1, max_size=40)


@UNHURRIED
@given(lengths, st.floats(0, 0.999))
def test_what_was_recorded_without_a_gap_has_none(
    seconds: list[float], begun: float
) -> None:
    """However many files, whatever their names make of it: and never a second off."""
    true = [begun]
    for each in seconds[:-1]:
        true.append(true[-1] + each)
    placed = places(pieces(*map(int, true)), seconds)
    for (sooner, later), each in zip(pairwise(placed), seconds, strict=False):
        assert later == pytest.approx(sooner + each, abs=2 * NEAR)
    for was, told in zip(true, placed, strict=True):
        assert abs(told - was) < 1 + 2 * NEAR


@UNHURRIED
@given(
    st.lists(st.tuples(st.floats(2.5, 30), st.floats(-1.9, 1.9)), min_size=1),
    st.floats(0, 0.999),
    st.sampled_from([0.0, 0.001, 1.0]),
)
def test_errors_never_add_up(
    recorded: list[tuple[float, float]], begun: float, unsure: float
) -> None:
    """Overlaps and holes at every joint: each is off by what its name cannot tell."""
    at, true = begun, []
    for seconds, missing in recorded:
        true.append(at)
        at += seconds + missing
    step = unsure or 1e-6
    named = [was // step * step for was in true]
    placed = places(pieces(*named, unsure=unsure), [each for each, _ in recorded])
    for was, told in zip(true, placed, strict=True):
        assert abs(named[0] + told - was) <= unsure + 3 * NEAR
