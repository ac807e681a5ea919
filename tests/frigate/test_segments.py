"""Whole segments: where a clip is asked for so that Frigate cuts none of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
import re
import time

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.clips import covering, joined
from custom_components.clip_consent.core.models import Piece, Window
from custom_components.clip_consent.home.sources.frigate_segments import (
    Segment,
    clips,
    parted,
)

from .standin import Row, cut

BEGAN = 1_795_435_200
LENGTHS = st.integers(1, 30_000).map(lambda ms: ms / 1000)


def recorded(
    began: float, lengths: list[float], lost: dict[int, float]
) -> list[Segment]:
    """Return segments as Frigate names them: rounded down, `lost` seconds before."""
    found: list[Segment] = []
    at = began
    for number, seconds in enumerate(lengths):
        at += lost.get(number, 0.0)
        found.append(Segment(start=float(int(at)), seconds=seconds, size=1000))
        at += seconds
    return found


def at(seconds: float) -> datetime:
    """Return a moment."""
    return datetime.fromtimestamp(seconds, UTC)


def playlist(segments: list[Segment], after: float, before: float) -> list[str]:
    """Return what Frigate would join, each file by the name of its segment."""
    # as the address has it
    after, before = float(f"{after:.6f}"), float(f"{before:.6f}")
    rows = [Row(start=s.start, end=s.end, path=Path(s.name)) for s in segments]
    return cut(rows, after, before)


def check_whole(made: list[str], wanted: list[Segment]) -> None:
    """Check that a playlist has the wanted ones whole, and next to nothing after."""
    text = "\n".join(made)
    files = re.findall(r"file '(.*)'", text)
    assert files[: len(wanted)] == [one.name for one in wanted]
    assert len(files) - len(wanted) <= 1
    assert set(re.findall(r"inpoint (\d+)", text)) <= {"0"}
    outpoints = re.findall(r"outpoint (\d+)", text)
    # of what follows, nothing; of the last that is wanted, all
    assert outpoints == ["0"] * (len(files) - len(wanted))
    if outpoints:
        assert made[-1] == "outpoint 0"


@given(
    st.integers(0, 999),
    st.lists(LENGTHS.filter(lambda seconds: seconds > 2), min_size=1, max_size=30),
    st.dictionaries(st.integers(1, 29), LENGTHS, max_size=4),
    st.data(),
)
def test_what_is_asked_for_comes_whole(
    part: int, lengths: list[float], lost: dict[int, float], data: st.DataObject
) -> None:
    """Whatever the lengths, wherever recordings are missing, whichever are wanted."""
    segments = recorded(BEGAN + part / 1000, lengths, lost)
    first = data.draw(st.integers(0, len(segments) - 1))
    last = data.draw(st.integers(first, len(segments) - 1))
    usable, clashing = parted(segments)
    assert not clashing
    pieces = [one.piece() for one in usable[first : last + 1]]
    made = clips(pieces, segments)
    assert made
    number = first
    for clip in made:
        parts: list[Segment] = []
        while sum(one.seconds for one in parts) < clip.seconds - 1e-6:
            parts.append(segments[number])
            number += 1
        assert clip.size == 1000 * len(parts)
        check_whole(playlist(segments, clip.after, clip.before), parts)
        # whenever in its span it began: each segment's pictures are in its own second
        there = clip.start.timestamp()
        for one in parts:
            late = there - one.start
            assert -1e-5 <= late <= late + clip.unsure < 1.00001
            there += one.seconds
    assert number == last + 1


def test_pieces_that_were_joined_are_still_known() -> None:
    """What a clip shows begins with the first of them."""
    segments = recorded(BEGAN + 0.5, [10.2] * 6, {})
    pieces = joined(one.piece() for one in segments)
    window = Window(start=at(BEGAN + 15), end=at(BEGAN + 35))
    chosen = covering(pieces, window)
    made = clips(chosen, segments)
    assert made
    (clip,) = made
    assert chosen[0].start <= clip.start < chosen[0].start + timedelta(seconds=1)
    assert made[0].seconds == pytest.approx(10.2 * len(chosen))


def test_a_hole_is_a_new_clip() -> None:
    """Joined by Frigate, what comes after it would seem that much earlier."""
    segments = recorded(BEGAN, [10.0, 10.0, 10.0], {2: 1.5})
    made = clips([one.piece() for one in segments], segments)
    assert made
    assert [(clip.start, clip.seconds) for clip in made] == [
        (at(BEGAN), 20.0),
        (at(BEGAN + 21), 10.0),
    ]


def test_a_recorder_that_drifts_is_a_new_clip_in_time() -> None:
    """Segments of 9.9 s that are named as if they had ten: a second is lost in ten."""
    segments = [
        Segment(start=float(BEGAN + 10 * number), seconds=9.9) for number in range(21)
    ]
    made = clips([one.piece() for one in segments], segments)
    assert made
    assert len(made) == 2
    assert all(clip.seconds <= 9.9 * 11 + 0.01 for clip in made)


def test_what_overlaps_is_left_out() -> None:
    """A clip would show both, one after the other; their neighbours stay."""
    segments = recorded(BEGAN, [10.0] * 4, {})
    second = Segment(start=BEGAN + 13.0, seconds=4.0)
    usable, clashing = parted([*segments, second])
    assert clashing == [segments[1], second]
    assert usable == [segments[0], *segments[2:]]
    assert clips([segments[1].piece()], [*segments, second]) is None
    made = clips([segments[0].piece()], [*segments, second])
    assert made
    listed = playlist([*segments, second], made[0].after, made[0].before)
    check_whole(listed, segments[:1])


def test_twice_the_same_is_left_out() -> None:
    """Frigate would play it twice."""
    one = Segment(start=float(BEGAN), seconds=10.0)
    assert parted([one, one]) == ([], [one, one])


def test_a_long_one_that_holds_others_is_left_out_with_them() -> None:
    """Also where another ends in between."""
    long = Segment(start=float(BEGAN), seconds=40.0)
    inner = [
        Segment(start=BEGAN + 5.0, seconds=5.0),
        Segment(start=BEGAN + 20.0, seconds=5.0),
    ]
    after = Segment(start=BEGAN + 40.0, seconds=10.0)
    assert parted([after, *inner, long]) == ([after], [long, *inner])


@pytest.mark.parametrize("seconds", [0.05, 0.355, 0.5, 0.9])
def test_a_very_short_one_comes_too(seconds: float) -> None:
    """A camera that starts again leaves such, and its time is in all that follows."""
    segments = [
        Segment(start=float(BEGAN), seconds=10.0, size=1000),
        Segment(start=BEGAN + 14.0, seconds=seconds, size=1000),
        Segment(start=BEGAN + 15.0, seconds=10.0, size=1000),
    ]
    for wanted in (segments[1:2], segments[1:]):
        made = clips([one.piece() for one in wanted], segments)
        assert made
        assert len(made) == 1
        listed = playlist(segments, made[0].after, made[0].before)
        check_whole(listed, wanted)


def test_a_very_short_one_within_the_rounding_of_another_is_left_out() -> None:
    """No moment is its alone, so none asks for it; nobody is troubled with that."""
    segments = [
        Segment(start=float(BEGAN), seconds=10.7),
        Segment(start=BEGAN + 10.0, seconds=0.5),
        Segment(start=BEGAN + 11.0, seconds=10.0),
    ]
    assert parted(segments) == ([segments[0], segments[2]], [])
    made = clips([segments[2].piece()], segments)
    assert made
    check_whole(playlist(segments, made[0].after, made[0].before), segments[2:])


def test_what_is_gone_is_said() -> None:
    """Retention took it between finding and bringing."""
    segments = recorded(BEGAN, [10.0, 10.0], {})
    pieces = [one.piece() for one in segments]
    assert clips(pieces, segments[1:]) is None
    assert clips(pieces, []) is None
    moved = Piece(path="other", start=pieces[0].start, seconds=10.0, remote=True)
    assert clips([moved], segments) is None


def test_a_segment_as_a_piece() -> None:
    """It is to be brought, and begins at its first frame."""
    piece = Segment(start=BEGAN + 0.25, seconds=9.5).piece()
    assert piece.remote
    assert piece.start == at(BEGAN) + timedelta(milliseconds=250)
    assert piece.seconds == 9.5


def test_very_many_take_no_time() -> None:
    """The work grows with what there is, not with its square."""
    segments = recorded(BEGAN, [10.0] * 20_000, {})
    pieces = [one.piece() for one in segments[:5_000]]
    begun = time.process_time()
    assert clips(pieces, segments)
    assert time.process_time() - begun < 2.0
