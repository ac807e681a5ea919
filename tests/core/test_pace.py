"""How often a long work says how far it is."""

from itertools import pairwise

from hypothesis import given, strategies as st

from custom_components.clip_consent.core.pace import Pace, paced


def _run(*reports: tuple[str, float, float]) -> list[tuple[str, int]]:
    """Return what is shown of reports: part of the work, how far, when."""
    pace: Pace | None = None
    shown = []
    for doing, done, now in reports:
        pace, percent = paced(pace, doing, done, now)
        if percent is not None:
            shown.append((doing, percent))
    return shown


def test_a_short_work_says_nothing() -> None:
    """Five seconds are no reason to look up."""
    assert _run(("send", 0.1, 0), ("send", 0.6, 4.9), ("send", 1.0, 9)) == []


def test_seldom_enough() -> None:
    """Five seconds and ten per cent lie between two updates."""
    assert _run(
        ("send", 0.1, 0),
        ("send", 0.3, 5),
        ("send", 0.6, 9.9),  # too early
        ("send", 0.39, 10),  # too little
        ("send", 0.4, 11),
        ("send", 0.99, 16),
        ("send", 1.0, 99),  # the result says that
    ) == [("send", 30), ("send", 40), ("send", 99)]


def test_another_part_of_the_work() -> None:
    """It counts from nothing, but the phone is not told any sooner."""
    assert _run(
        ("seal", 0.0, 0),
        ("seal", 0.5, 6),
        ("send", 0.0, 7),
        ("send", 0.1, 11),
    ) == [("seal", 50), ("send", 10)]


def test_an_attempt_that_begins_again() -> None:
    """It goes back to where it is."""
    assert _run(("send", 0.0, 0), ("send", 0.8, 6), ("send", 0.1, 12)) == [
        ("send", 80),
        ("send", 10),
    ]


@given(
    st.lists(
        st.tuples(st.floats(0, 30, allow_nan=False), st.floats(0, 1, allow_nan=False)),
        max_size=60,
    )
)
def test_never_more_often(reports: list[tuple[float, float]]) -> None:
    """Whatever is reported: not within five seconds, each time ten per cent further."""
    pace: Pace | None = None
    now, done = 0.0, 0.0
    shown: list[tuple[float, int]] = []
    for later, further in reports:
        now, done = now + later, done + (1 - done) * further
        pace, percent = paced(pace, "send", done, now)
        if percent is not None:
            shown.append((now, percent))
    first = reports[0][0] if reports else 0.0
    assert all(at - first >= 5 and percent < 100 for at, percent in shown)
    for (before, less), (after, more) in pairwise(shown):
        assert after - before >= 5
        assert more >= less + 10
