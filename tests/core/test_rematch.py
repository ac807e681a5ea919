"""When a case is looked for again, and what a later look makes of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core import flow
from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    ClosedReason,
    Constraints,
    Finding,
    VerdictKind,
    Window,
)
from custom_components.clip_consent.core.rematch import (
    is_due,
    looked,
    matched,
    matched_again,
    next_look,
)
from custom_components.clip_consent.core.serial import dump, load

from .cases import (
    CHOICE,
    GARDEN,
    NOW,
    SPAN,
    case,
    consented,
    delivery,
    draft,
    offer,
    request,
    screening,
    waiting,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
FOUND = Finding(camera_id=GARDEN, runs=(SPAN,))
GATE = Finding(camera_id="gate", runs=(SPAN,))
LONGEST_DELAY = 20 * MINUTE
SOME_DAYS_AGO = datetime(2026, 11, 20)  # noqa: DTZ001 - hypothesis adds the zone
IN_SOME_DAYS = datetime(2026, 12, 5)  # noqa: DTZ001 - hypothesis adds the zone


def screened(verdict: VerdictKind = VerdictKind.ASK, **changes: Any) -> Case:
    """Return a case whose recordings are looked for the first time."""
    said = screening(verdict)
    return case(CaseState.SCREENED, screening=said, request=request(**changes))


def sought(
    *findings: Finding,
    problem: str | None = None,
    verdict: VerdictKind = VerdictKind.ASK,
    **changes: Any,
) -> Case:
    """Return a case for which these findings did not settle it, looked at just now."""
    first = matched(screened(verdict, **changes), findings, problem, NOW)
    assert first.state is CaseState.WAITING
    return flow.prompted(first)


def window(ended: timedelta) -> Window:
    """Return a window that ended so long before the request."""
    return Window(start=NOW - ended - 4 * MINUTE, end=NOW - ended)


def looks(sought: Case, late: Callable[[], timedelta]) -> Iterator[datetime]:
    """Return when a loop looks that wakes up some time after each look is due."""
    now, saved = sought.request.received_at, sought
    while due := next_look(sought, now):
        now = max(due, now) + late()
        if not is_due(sought, now):
            assert now >= sought.request.expires_at
            return
        yield now
        sought = looked(sought, now)
        assert is_due(saved, now)  # a restart, which forgot the looks, goes on too


def on_time(case: Case) -> list[float]:
    """Return the minutes at which a punctual loop looks."""
    return [round((at - NOW) / MINUTE, 2) for at in looks(case, timedelta)]


def test_what_was_not_found_is_looked_for_ever_more_rarely() -> None:
    """After two minutes, then half as long as the request is old, for an hour."""
    found_nothing = sought(window=window(ended=5 * MINUTE))
    assert on_time(found_nothing) == [2, 4, 6, 9, 13.5, 20.25, 30.38, 45.56, 60]


def test_a_window_that_goes_on_is_looked_for_until_an_hour_after_it() -> None:
    """Its last file is closed then at the latest."""
    going_on = sought(window=Window(start=NOW - HOUR, end=NOW + 2 * HOUR))
    times = on_time(going_on)
    assert times[-1] == 180
    assert len(times) < 14


@pytest.mark.parametrize(
    ("ended", "again"), [(HOUR - MINUTE, True), (HOUR, False), (24 * HOUR, False)]
)
def test_only_a_fresh_window_is_looked_for_again(ended: timedelta, again: bool) -> None:
    """What ended an hour before it was asked for has been on the disk for long."""
    due = next_look(sought(window=window(ended)), NOW)
    assert due == (NOW + 2 * MINUTE if again else None)


@pytest.mark.parametrize("findings", [(), (FOUND,)])
def test_a_folder_that_was_away_is_looked_at_until_the_case_expires(
    findings: tuple[Finding, ...],
) -> None:
    """However old the window is, and never more than ten minutes apart."""
    away = sought(*findings, problem="folder_gone", window=window(24 * HOUR))
    times = on_time(away)
    assert times[:6] == [2, 4, 6, 9, 13.5, 20.25]
    assert {round(b - a, 2) for a, b in pairwise(times[5:])} == {10}
    assert 7 * 24 * 60 - 10 <= times[-1] < 7 * 24 * 60


def test_a_problem_that_passed_leaves_the_rhythm_of_what_was_not_found() -> None:
    """An old window is not looked for any more, a fresh one for its hour."""
    at = NOW + 30 * MINUTE
    for ended, due in ((24 * HOUR, None), (5 * MINUTE, at + 15 * MINUTE)):
        away = sought(problem="folder_gone", window=window(ended))
        assert next_look(matched_again(away, [], None, at), at) == due


def test_expiry_ends_it() -> None:
    """Nothing is looked for that nobody could answer any more."""
    soon = sought(window=window(5 * MINUTE), expires_at=NOW + 5 * MINUTE)
    assert on_time(soon) == [2, 4]
    assert not is_due(soon, NOW + 5 * MINUTE)
    away = sought(problem="folder_gone", expires_at=NOW + 2 * MINUTE)
    assert next_look(away, NOW) is None


def test_a_home_that_was_off_looks_once_more() -> None:
    """The hour is over, but the last look was not made."""
    found_nothing = sought()
    late = NOW + timedelta(days=2)
    assert is_due(found_nothing, late)
    assert next_look(looked(found_nothing, late), late) is None


def test_what_was_matched_late_is_not_looked_for_again() -> None:
    """A home that was off as the request came in has found all there is."""
    late = matched(screened(), [], None, NOW + 3 * HOUR)
    assert next_look(late, NOW + 3 * HOUR) is None


def test_a_clock_that_was_set_back_stops_nothing() -> None:
    """A look in the future does not count, nor does it make a look of every moment."""
    ahead = looked(sought(), NOW + timedelta(days=400))
    assert next_look(ahead, NOW + 10 * MINUTE) == NOW + 2 * MINUTE
    assert not is_due(ahead, NOW + MINUTE)
    assert is_due(ahead, NOW + 2 * MINUTE)
    assert not is_due(sought(), NOW - HOUR)


SETTLED = [
    waiting(looked_at=NOW),
    sought(FOUND, GATE),
    matched(screened(), [FOUND], None, NOW),
    replace(sought(), state=CaseState.DRAFTED),
    replace(sought(), choice=CHOICE),
    replace(sought(), draft=draft()),
    replace(sought(), offer=offer()),
    replace(sought(), delivery=delivery()),
    replace(sought(), delivered=(delivery(),)),
    replace(sought(), looked_at=None),
    consented(looked_at=NOW),
    flow.restored(sought(problem="folder_gone")),
    flow.closed(sought(), ClosedReason.DECLINED, NOW),
    flow.draft_failed(flow.chosen(sought(), CHOICE, NOW), "media_failed"),
    flow.draft_failed(matched(screened(), [FOUND], None, NOW), "folder_gone"),
]


@pytest.mark.parametrize("settled", SETTLED)
def test_what_is_decided_or_made_is_left_alone(settled: Case) -> None:
    """An offer, a choice, a delivery, an end: it is never looked for again."""
    assert next_look(settled, NOW) is None
    assert not is_due(settled, NOW + 10 * MINUTE)


@pytest.mark.parametrize(
    "settled", [one for one in SETTLED if one != sought(FOUND, GATE)]
)
def test_a_look_that_comes_too_late_changes_nothing(settled: Case) -> None:
    """Somebody decided while the recordings were looked at."""
    with pytest.raises(ConflictError, match=r"^case_moved_on$"):
        matched_again(settled, [FOUND], None, NOW)


def test_a_case_is_matched_first_where_it_was_screened() -> None:
    """No other case is."""
    with pytest.raises(ConflictError, match=r"^case_moved_on$"):
        matched(sought(), [FOUND], None, NOW)


def test_found_later_goes_the_way_of_what_is_found_at_once() -> None:
    """One camera and a short window: drafted; the approvers are told once more."""
    after = matched_again(sought(), [FOUND], None, NOW + 2 * MINUTE)
    at_once = matched(screened(), [FOUND], None, NOW)
    assert replace(after, asked=False) == at_once
    chosen = replace(CHOICE, may_end_early=True)
    assert (after.state, after.choice) == (CaseState.DRAFTING, chosen)
    assert after.prompt_due


@pytest.mark.parametrize(
    ("findings", "problem", "longest"),
    [((FOUND, GATE), None, 600), ((FOUND,), "folder_slow", 600), ((FOUND,), None, 60)],
)
def test_found_later_opens_the_picker(
    findings: tuple[Finding, ...], problem: str | None, longest: int
) -> None:
    """Several cameras, one that could not be looked at, a window too long."""
    before = sought()
    assert before.screening
    said = replace(before.screening, constraints=Constraints(max_seconds=longest))
    after = matched_again(replace(before, screening=said), findings, problem, NOW)
    assert (after.state, after.choice) == (CaseState.WAITING, None)
    assert (after.findings, after.problem) == (findings, problem)
    assert after.prompt_due
    assert (next_look(after, NOW) is None) == (problem is None)


def test_without_a_verdict_nothing_is_drafted_or_pushed() -> None:
    """A case without one says nothing of how long a clip may be."""
    after = matched(replace(screened(), screening=None), [FOUND], None, NOW)
    assert (after.choice, after.prompt_due) == (None, False)


@pytest.mark.parametrize(
    ("before", "findings", "told"),
    [
        (sought(), (FOUND, GATE), True),
        (sought(problem="folder_gone"), (FOUND,), True),
        (sought(FOUND, problem="folder_gone"), (FOUND,), False),
        (sought(FOUND, problem="folder_gone"), (FOUND, GATE), False),
        (sought(problem="folder_gone"), (), False),
        (sought(verdict=VerdictKind.LIST), (FOUND,), False),
    ],
)
def test_only_the_first_footage_is_told_aloud(
    before: Case, findings: tuple[Finding, ...], told: bool
) -> None:
    """G9: once for a case, and only where the rules want a push at all."""
    assert matched_again(before, findings, None, NOW).prompt_due is told


def test_what_was_found_and_is_gone_is_no_news_when_it_is_back() -> None:
    """G9: recordings that come and go make no push every time, nor a draft of nothing.

    It stays shown, and what takes its place is still drafted.
    """
    found = flow.prompted(sought(FOUND, problem="folder_gone"))
    gone = matched_again(found, [], "folder_gone", NOW + MINUTE)
    assert gone == looked(found, NOW + MINUTE)
    back = matched_again(gone, [FOUND], None, NOW + 2 * MINUTE)
    assert (back.state, back.prompt_due) == (CaseState.DRAFTING, False)
    over = matched_again(gone, [], None, NOW + 2 * MINUTE)
    assert (over.state, over.findings) == (CaseState.WAITING, (FOUND,))
    assert next_look(over, NOW + 2 * MINUTE) is None


def test_a_push_that_is_due_stays_due() -> None:
    """A look that finds nothing does not take it back."""
    due = replace(sought(), prompt_due=True)
    assert matched_again(due, [], "folder_gone", NOW).prompt_due


def test_cases_of_an_older_version_load_and_rest() -> None:
    """Rows that know nothing of looks are as they were."""
    row = dump(sought(problem="folder_gone"))
    assert isinstance(row, dict)
    del row["looked_at"], row["asked"]
    old = load(Case, row)
    assert (old.looked_at, old.asked) == (None, False)
    assert next_look(old, NOW) is None


def test_a_key_for_the_answer_does_not_end_the_looking() -> None:
    """The owner's browser made one; what went wrong is wrong still."""
    unkeyed = sought(problem="folder_gone", recipient=None)
    keyed = flow.keyed(unkeyed, "age1y")
    assert keyed.problem == "folder_gone"
    assert next_look(keyed, NOW) == NOW + 2 * MINUTE


@given(
    ended=st.timedeltas(timedelta(hours=-12), timedelta(days=2)),
    problem=st.sampled_from([None, "folder_gone"]),
    open_for=st.timedeltas(timedelta(), timedelta(days=7)),
    data=st.data(),
)
def test_any_rhythm(
    ended: timedelta, problem: str | None, open_for: timedelta, data: st.DataObject
) -> None:
    """However late the loop wakes up: few looks, not close together, none too late."""
    case = sought(problem=problem, window=window(ended), expires_at=NOW + open_for)
    delay = st.timedeltas(timedelta(), LONGEST_DELAY)
    times = list(looks(case, lambda: data.draw(delay)))
    gaps = [b - a for a, b in pairwise([NOW, *times])]
    assert all(at < case.request.expires_at for at in times)
    assert all(gap >= 2 * MINUTE for gap in gaps[:-1])
    if problem:
        assert all(gap <= 10 * MINUTE + LONGEST_DELAY for gap in gaps)
        assert len(times) <= open_for / (10 * MINUTE) + 6
        return
    end = max(NOW, case.request.window.end) + HOUR
    assert len(times) <= 16
    assert all(at < end for at in times[:-1])
    if ended >= HOUR:
        assert times == []
    elif case.request.expires_at > end + LONGEST_DELAY:
        assert end <= times[-1] <= end + LONGEST_DELAY


@given(
    ended=st.timedeltas(timedelta(hours=-1), timedelta(hours=2)),
    problem=st.sampled_from([None, "folder_gone"]),
    looked_at=st.datetimes(SOME_DAYS_AGO, IN_SOME_DAYS, timezones=st.just(UTC)),
    now=st.datetimes(SOME_DAYS_AGO, IN_SOME_DAYS, timezones=st.just(UTC)),
)
def test_any_clock(
    ended: timedelta, problem: str | None, looked_at: datetime, now: datetime
) -> None:
    """Wherever the clock jumps, one look is made and the next is not due at once."""
    case = looked(sought(problem=problem, window=window(ended)), looked_at)
    if is_due(case, now):
        assert NOW + 2 * MINUTE <= now < case.request.expires_at
        again = looked(case, now)
        assert not is_due(again, now)
        assert not is_due(again, now + MINUTE) or problem is None


MASKED = replace(screening(), constraints=Constraints(masked=True))


@pytest.mark.parametrize("masked", [(), ("gate",)])
def test_where_a_region_has_to_be_drawn_first_nothing_is_drafted(
    masked: tuple[str, ...],
) -> None:
    """The case says so, and is not looked for again: what there is, is found."""
    begun = case(CaseState.SCREENED, screening=MASKED)
    after = matched(begun, [FOUND], None, NOW, masked)
    assert (after.state, after.choice) == (CaseState.WAITING, None)
    assert after.problem == "masks_needed"
    assert after.prompt_due
    assert next_look(after, NOW) is None


def test_a_camera_that_hides_something_is_drafted_at_once() -> None:
    """The rule is kept without anybody drawing."""
    begun = case(CaseState.SCREENED, screening=MASKED)
    after = matched(begun, [FOUND], None, NOW, (GARDEN,))
    assert (after.state, after.problem) == (CaseState.DRAFTING, None)
    later = matched(begun, [], None, NOW, (GARDEN,))
    found = matched_again(later, [FOUND], None, NOW, (GARDEN,))
    assert found.state is CaseState.DRAFTING


def test_a_picker_needs_no_word_of_masks_yet() -> None:
    """Two cameras: the approver chooses first, and is told then."""
    begun = case(CaseState.SCREENED, screening=MASKED)
    after = matched(begun, [FOUND, GATE], None, NOW)
    assert (after.state, after.problem) == (CaseState.WAITING, None)
