"""When a case that waits is due for its reminder."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.core.reminders import (
    REMINDER,
    REMINDERS,
    ends_at,
    remind_at,
)

from . import cases

HOUR = timedelta(hours=1)


def _waits(hours: int, *, offer: bool = True) -> Case:
    """Return a case that can be answered for so long."""
    ends = cases.NOW + hours * HOUR
    request = cases.request(expires_at=ends)
    offered = replace(cases.offer(), offered_at=cases.NOW, expires_at=ends)
    return replace(cases.waiting(), request=request, offer=offered if offer else None)


def test_what_can_be_chosen() -> None:
    """Off, two, six or twenty-four hours; six if nobody chose."""
    assert list(REMINDERS.values()) == [None, 2 * HOUR, 6 * HOUR, 24 * HOUR]
    assert REMINDERS[REMINDER] == 6 * HOUR


@pytest.mark.parametrize("offer", [True, False])
def test_some_time_before_the_end(offer: bool) -> None:
    """With a clip that can be approved, or one that is still to be chosen."""
    case = _waits(30, offer=offer)
    assert ends_at(case) == cases.NOW + 30 * HOUR
    assert remind_at(case, 6 * HOUR) == cases.NOW + 24 * HOUR
    assert remind_at(case, None) is None


@pytest.mark.parametrize(("hours", "reminded"), [(11, False), (12, True), (13, True)])
def test_not_where_there_is_little_time(hours: int, reminded: bool) -> None:
    """The reminder of a short offer would come right after its push."""
    assert (remind_at(_waits(hours), 6 * HOUR) is not None) is reminded


@pytest.mark.parametrize("state", [state for state in CaseState if state != "waiting"])
def test_only_what_waits(state: CaseState) -> None:
    """Answered, being prepared, or over: there is nothing to remind of."""
    assert remind_at(replace(_waits(30), state=state), 6 * HOUR) is None
