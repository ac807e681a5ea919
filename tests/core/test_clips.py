"""Recordings as spans of time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.clip_consent.core.clips import (
    automatic_choice,
    covering,
    is_too_long,
    joined,
    runs,
)
from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.models import Choice, Finding, Piece, Window

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
UNHURRIED = settings(deadline=None)  # a busy machine is no failure


def at(seconds: float) -> datetime:
    """Return a moment, counted from noon."""
    return NOON + timedelta(seconds=seconds)


def piece(start: float, seconds: float, path: str = "") -> Piece:
    """Return a recording that begins `start` seconds after noon."""
    return Piece(path=path or f"/r/{start}.mp4", start=at(start), seconds=seconds)


def window(start: float, end: float) -> Window:
    """Return a span, counted from noon."""
    return Window(start=at(start), end=at(end))


HOUR = window(0, 3600)


class TestJoined:
    """Overlaps between files."""

    def test_puts_in_order_and_keeps_what_does_not_overlap(self) -> None:
        """Neighbours and gaps stay as they are."""
        first, second, third = piece(0, 60), piece(60, 60), piece(300, 60)
        assert joined([third, first, second]) == (first, second, third)

    def test_uses_the_earlier_file_until_the_later_begins(self) -> None:
        """The doubled part is used once, and nothing of the later file is lost."""
        parts = joined([piece(0, 60), piece(50, 60)])
        assert [(part.start, part.seconds) for part in parts] == [
            (at(0), 50.0),
            (at(50), 60),
        ]

    def test_leaves_out_a_file_inside_another(self) -> None:
        """An event clip beside the continuous recording adds nothing."""
        whole = piece(0, 600)
        assert joined([whole, piece(100, 30), piece(570, 30)]) == (whole,)

    def test_prefers_the_longer_of_two_that_begin_together(self) -> None:
        """Main and sub stream in one folder."""
        assert joined([piece(0, 30, "/a"), piece(0, 60, "/b")]) == (piece(0, 60, "/b"),)

    def test_never_moves_a_start(self) -> None:
        """An overlap within a second may be rounding, but a film is to tell that."""
        parts = joined([piece(0, 10.4), piece(10, 10.2)])
        assert [(part.start, part.seconds) for part in parts] == [
            (at(0), 10.0),
            (at(10), 10.2),
        ]

    def test_keeps_of_each_what_is_before_the_next(self) -> None:
        """However little it is."""
        parts = joined([piece(0, 10.9), piece(10, 5), piece(10.5, 20)])
        assert [(part.start, part.seconds) for part in parts] == [
            (at(0), 10.0),
            (at(10), 0.5),
            (at(10.5), 20),
        ]

    def test_leaves_out_pieces_of_no_length(self) -> None:
        """A file without frames is no recording."""
        assert joined([piece(0, 0), piece(5, -1)]) == ()


class TestRuns:
    """Spans without a gap."""

    def test_merges_neighbours_and_keeps_gaps(self) -> None:
        """Two runs of two files each."""
        pieces = [piece(0, 60), piece(60, 60), piece(200, 60), piece(260, 40)]
        assert runs(pieces, HOUR) == (window(0, 120), window(200, 300))

    def test_bridges_holes_up_to_the_tolerance(self) -> None:
        """Just two seconds are no gap, a bit more is."""
        assert runs([piece(0, 60), piece(62, 10)], HOUR) == (window(0, 72),)
        assert len(runs([piece(0, 60), piece(62.1, 10)], HOUR)) == 2
        assert len(runs([piece(0, 60), piece(62, 10)], HOUR, 1.0)) == 2

    def test_ends_at_the_window(self) -> None:
        """Nothing outside is told."""
        assert runs([piece(-30, 60), piece(3590, 60)], HOUR) == (
            window(0, 30),
            window(3590, 3600),
        )

    def test_a_file_inside_another_does_not_shorten_the_run(self) -> None:
        """The end of a run is the latest end."""
        assert runs([piece(0, 60), piece(10, 5)], HOUR) == (window(0, 60),)

    @pytest.mark.parametrize("outside", [piece(-60, 60), piece(3600, 60), piece(5, 0)])
    def test_ignores_what_does_not_overlap(self, outside: Piece) -> None:
        """Touching is not overlapping; no length is no recording."""
        assert runs([outside], HOUR) == ()


class TestCovering:
    """Pieces for one span."""

    def test_returns_only_what_the_span_needs(self) -> None:
        """In order, overlaps resolved."""
        pieces = [piece(120, 60), piece(0, 60), piece(55, 65), piece(180, 60)]
        assert [part.start for part in covering(pieces, window(50, 130))] == [
            at(0),
            at(55),
            at(120),
        ]

    def test_refuses_a_span_with_a_gap(self) -> None:
        """A clip never jumps."""
        with pytest.raises(SourceError, match="choice_has_gap"):
            covering([piece(0, 60), piece(90, 60)], window(30, 100))

    def test_refuses_a_span_without_recordings(self) -> None:
        """There is nothing to cut."""
        with pytest.raises(SourceError, match="not_recorded"):
            covering([piece(0, 60)], window(100, 130))

    def test_takes_what_its_name_may_have_too_early(self) -> None:
        """Up to the second that names cannot tell, and not across a gap."""
        pieces = [piece(0, 60), piece(60, 60), piece(120, 60)]
        assert covering(pieces, window(60.5, 100)) == tuple(pieces[:2])
        assert covering(pieces, window(61, 100)) == (pieces[1],)
        finer = [replace(one, unsure=0) for one in pieces]
        assert covering(finer, window(60.5, 100)) == (finer[1],)
        assert covering([piece(0, 56.5), piece(60, 60)], window(57, 100)) == (
            piece(60, 60),
        )

    def test_leaves_out_what_ends_in_the_millisecond_of_the_start(self) -> None:
        """A draft states its span in milliseconds: that much before itself."""
        pieces = [replace(piece(0, 60.0004), unsure=0), piece(60.0004, 60)]
        assert covering(pieces, window(60, 100)) == (pieces[1],)

    def test_brings_nothing_for_that(self) -> None:
        """What is elsewhere is not fetched for a second."""
        pieces = [replace(piece(at, 60), remote=True) for at in (0, 60)]
        assert covering(pieces, window(60.5, 100)) == (pieces[1],)

    def test_takes_a_span_that_begins_just_before_the_run(self) -> None:
        """Pickers work in whole seconds."""
        assert covering([piece(0.4, 60)], window(0, 30)) == (piece(0.4, 60),)


class TestAutomaticChoice:
    """What is drafted without a person's choice."""

    def finding(self, camera_id: str, *spans: tuple[float, float]) -> Finding:
        """Return what a camera has."""
        return Finding(camera_id=camera_id, runs=tuple(window(*span) for span in spans))

    def test_one_camera_with_one_run(self) -> None:
        """That, at once, and no more than was asked for."""
        findings = [self.finding("drive", (-20, 90)), self.finding("porch")]
        assert automatic_choice(findings, window(0, 300), 300) == Choice(
            camera_id="drive", window=window(0, 90), may_end_early=True
        )

    @pytest.mark.parametrize(
        "findings",
        [
            [],
            [("drive",)],
            [("drive", (0, 60)), ("porch", (0, 60))],
            [("drive", (0, 60), (90, 120))],
            [("drive", (400, 500))],
        ],
        ids=["no camera", "nothing", "two cameras", "two runs", "outside"],
    )
    def test_a_person_chooses_otherwise(self, findings: list[tuple[str]]) -> None:
        """Nothing is drafted yet."""
        found = [self.finding(camera, *spans) for camera, *spans in findings]
        assert automatic_choice(found, window(0, 300), 600) is None

    def test_a_window_longer_than_a_clip_is_left_to_a_person(self) -> None:
        """Even where the recording in it is short."""
        found = [self.finding("drive", (0, 60))]
        assert automatic_choice(found, window(0, 601), 600) is None


spans = st.lists(
    st.tuples(
        st.integers(0, 4000).map(lambda tenths: tenths / 10),
        st.integers(0, 600).map(lambda tenths: tenths / 10),
    ),
    max_size=12,
)


@UNHURRIED
@given(spans)
def test_joined_never_doubles_a_moment(parts: list[tuple[float, float]]) -> None:
    """In order, one after the other, none longer than its file."""
    pieces = [piece(start, length, f"/{n}") for n, (start, length) in enumerate(parts)]
    by_path = {each.path: each for each in pieces}
    out = joined(pieces)
    for before, after in pairwise(out):
        assert before.window.end <= after.start
    for part in out:
        whole = by_path[part.path]
        assert 0 < part.seconds <= whole.seconds
        assert part.start == whole.start


@UNHURRIED
@given(spans)
def test_joined_loses_no_moment(parts: list[tuple[float, float]]) -> None:
    """Whatever a file shows is still shown."""
    pieces = [piece(start, length) for start, length in parts]
    out = joined(pieces)
    edges = [edge for p in [*pieces, *out] for edge in (p.start, p.window.end)]
    after = [edge + timedelta(milliseconds=50) for edge in edges]
    for moment in [*edges, *after]:
        if any(p.start <= moment < p.window.end for p in pieces):
            assert any(p.start <= moment < p.window.end for p in out)


@UNHURRIED
@given(spans, st.floats(0, 10))
def test_runs_are_apart_and_true(
    parts: list[tuple[float, float]], tolerance: float
) -> None:
    """Every run lies in the window, more than the tolerance from the next one."""
    pieces = [piece(start, length) for start, length in parts]
    asked = window(50, 350)
    found = runs(pieces, asked, tolerance)
    for run in found:
        assert asked.start <= run.start < run.end <= asked.end
    for before, after in pairwise(found):
        assert (after.start - before.end).total_seconds() > tolerance
    for each in pieces:
        if each.seconds and (part := each.window.overlap(asked)):
            assert any(r.start <= part.start and part.end <= r.end for r in found)


@UNHURRIED
@given(spans, st.data())
def test_covering_a_run_gives_that_run(
    parts: list[tuple[float, float]], data: st.DataObject
) -> None:
    """What is offered as a run can be cut from the pieces it returns."""
    pieces = [piece(start, length) for start, length in parts]
    whole = window(0, 500)
    found = runs(joined(pieces), whole)
    if not found:
        return
    run = data.draw(st.sampled_from(found))
    cover = covering(pieces, run)
    assert runs(cover, run) == (run,)


@pytest.mark.parametrize(
    ("seconds", "too_long"),
    [(59.0, False), (60.0, False), (60.001, False), (60.04, True), (89.0, True)],
)
def test_a_frame_more_is_too_long(seconds: float, too_long: bool) -> None:
    """Rounded time stamps do not count; a frame more does."""
    assert is_too_long(seconds, 60) is too_long
