"""Films of recordings with something missing, doubled or silent between them."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from hypothesis import assume, example, given, settings, strategies as st
import pytest

from custom_components.clip_consent.core.clips import covering, runs
from custom_components.clip_consent.core.errors import MediaError, SourceError
from custom_components.clip_consent.core.models import Piece
from custom_components.clip_consent.home.media.parts import Cut, Plan
from custom_components.clip_consent.home.media.plan import make_plan

from .drafting import ZERO, window
from .test_media_plan import listing, plain, taken

UNHURRIED = settings(deadline=None)  # a busy machine is no failure
FINE = 1e-6  # seconds that a name of microseconds leaves open

type Recorded = tuple[int, float, float]  # pictures, seconds of more sound, missing


def recorded(rows: Sequence[Recorded], unsure: float = 1.0) -> list[Piece]:
    """Return recordings one after the other, each as long as its sound.

    `path` is how many pictures each has, of a tenth of a second.
    """
    at, pieces = 0.0, []
    for pictures, sound, missing in rows:
        named = at if unsure < 1 else float(int(at))
        start = ZERO + timedelta(seconds=named)
        seconds = pictures / 10 + sound
        pieces.append(
            Piece(path=str(pictures), start=start, seconds=seconds, unsure=unsure)
        )
        at += max(1.0, pictures / 10 + missing)
    return pieces


def film(pieces: Sequence[Piece], start: float, end: float, cut: Cut) -> Plan:
    """Plan a film of the recordings that a span is cut from, as a draft does."""
    asked = window(start, end)
    found = covering(pieces, asked)
    listings = [plain(int(piece.path)) for piece in found]
    return make_plan(listings, found, asked, origin=0.0, cut=cut)


THREE = [
    Piece(path="45", start=ZERO, seconds=5.4),
    Piece(path="20", start=ZERO + timedelta(seconds=7), seconds=2.0),
    Piece(path="45", start=ZERO + timedelta(seconds=10), seconds=4.5),
]


@pytest.mark.parametrize("cut", list(Cut))
def test_what_is_found_as_one_run_is_made(cut: Cut) -> None:
    """A hole that names allow to be closed makes the one before it no gap."""
    assert len(runs(THREE, window(1, 14))) == 1
    made = film(THREE, 1, 14, cut)
    assert [part.number for part in made.parts] == [0, 1, 2]
    assert (made.start, made.end) == (1.0, 14.0)


@UNHURRIED
@given(
    rows=st.lists(
        st.tuples(st.integers(12, 99), st.floats(0, 1), st.floats(-1.9, 2.9)),
        min_size=2,
        max_size=8,
    ),
    cut=st.sampled_from(Cut),
    unsure=st.sampled_from([FINE, 1.0]),
)
@example([(45, 0.9, 2.9), (20, 0.0, 1.9), (45, 0.0, 0.0)], Cut.COPY, 1.0)
def test_no_run_is_found_and_then_refused(
    rows: list[Recorded], cut: Cut, unsure: float
) -> None:
    """Wherever its files are placed: sound may outlast their pictures by a second."""
    pieces = recorded(rows, unsure)
    end = (pieces[-1].start - ZERO).total_seconds() + rows[-1][0] / 10
    assume(len(runs(pieces, window(0, end))) == 1)
    made = film(pieces, 0, end, cut)
    assert 0.0 <= made.start <= unsure + 1e-9
    shown = [time for part in made.parts for time in part.shown]
    assert shown == sorted(set(shown))


def test_a_gap_of_the_pictures_is_one_wherever_files_are_placed() -> None:
    """Sound that goes on for long is no film: nothing is shown meanwhile."""
    pieces = [
        Piece(path="45", start=ZERO, seconds=7.0),
        Piece(path="45", start=ZERO + timedelta(seconds=8), seconds=4.5),
    ]
    with pytest.raises(MediaError, match="pieces_gap"):
        film(pieces, 1, 12, Cut.COPY)


@pytest.mark.parametrize("cut", [Cut.COPY, Cut.COVER, Cut.START, Cut.DECODE])
def test_a_film_begins_with_a_picture_that_is_shown_at_its_start(cut: Cut) -> None:
    """Or the next one there is: not with what is over, because its sound goes on."""
    pieces = [
        Piece(path="20", start=ZERO, seconds=3.5),
        Piece(path="40", start=ZERO + timedelta(seconds=4), seconds=4.0),
    ]
    made = film(pieces, 3.2, 6.0, cut)
    assert taken(made) == [(1, 0, 20)]
    assert (made.start, made.end) == (4.0, 6.0)
    # One that is shown then is in it.
    assert film(pieces, 1.95, 6.0, Cut.COPY).start == 1.0
    # And what the next one cannot be decoded without.
    later = listing([10 * number for number in range(40)], [200])
    asked = window(3.2, 6.0)
    made = make_plan([plain(20), later], pieces, asked, origin=0.0, cut=Cut.COPY)
    assert [part.number for part in made.parts] == [0, 1]


@UNHURRIED
@given(
    rows=st.lists(
        st.tuples(st.integers(12, 99), st.floats(0, 1), st.floats(-1.9, 1.9)),
        min_size=2,
        max_size=6,
    ),
    start=st.floats(0, 1),
    seconds=st.floats(1, 15),
    unsure=st.sampled_from([FINE, 1.0]),
)
@example(
    [(31, 0.0, -0.5625), (35, 0.0, -0.5625), (12, 0.0, 1.5625), (49, 0.0, 0.0)],
    0.44921875,
    1.0,
    FINE,
)
@example([(12, 0.0, 0.0), (12, 0.0, 1.5), (35, 0.0, 0.0)], 0.375, 1.0, FINE)
def test_a_copy_shows_its_start(
    rows: list[Recorded], start: float, seconds: float, unsure: float
) -> None:
    """A first file all of which is over by then is not in it.

    Its last picture lasts until the next file begins, where that is before its end.
    """
    pieces = recorded(rows, unsure)
    end = (pieces[-1].start - ZERO).total_seconds() + rows[-1][0] / 10
    begin = round(start * (end - 1), 3)
    until = round(min(end, begin + seconds), 3)
    try:
        made = film(pieces, begin, until, Cut.COPY)
    except MediaError, SourceError:
        return  # nothing is shown, then or later
    first = covering(pieces, window(begin, until))[0]
    zero = (first.start - ZERO).total_seconds()
    last = made.parts[0].shown[-1]
    cut_short = last < int(first.path) / 10 - 0.15
    assert zero + last + (0.2 if cut_short else 0.1) >= begin - 0.001


@UNHURRIED
@given(
    overlaps=st.lists(st.floats(0, 1.9), min_size=1, max_size=4),
    end=st.floats(0.1, 1),
    frames=st.integers(0, 3),
    unsure=st.sampled_from([FINE, 1.0]),
)
def test_what_covers_a_clip_has_no_moment_twice(
    overlaps: list[float], end: float, frames: int, unsure: float
) -> None:
    """Its pictures end where the next recording begins, and reach the end of it."""
    shown: list[int] = []
    while len(shown) < 40:
        row = list(range(len(shown), min(len(shown) + frames + 1, 40)))
        shown += [row[-1], *row[:-1]]
    there = listing([10 * number for number in shown], [0])
    pieces = recorded([(40, 0.0, -each) for each in (*overlaps, 0.0)], unsure)
    last = (pieces[-1].start - ZERO).total_seconds() + 4.0
    asked = window(0, round(last * end, 3))
    found = covering(pieces, asked)
    made = make_plan(
        [there] * len(found), found, asked, origin=there.first_shown(), cut=Cut.COVER
    )
    for sooner, later in pairwise(made.parts):
        assert sooner.shown[-1] < later.start
    assert made.end >= asked.seconds - 0.001 or made.parts[-1].last == 40
