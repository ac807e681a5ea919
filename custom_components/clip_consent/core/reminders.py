"""When those who were asked are reminded of a case that waits: once, before its end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from .models import Case, CaseState

REMINDER: Final = "hours_6"  # what a home does that was never asked
REMINDERS: Final[Mapping[str, timedelta | None]] = {
    "off": None,
    "hours_2": timedelta(hours=2),
    "hours_6": timedelta(hours=6),
    "hours_24": timedelta(hours=24),
}


def ends_at(case: Case) -> datetime:
    """Return until when a case can be answered."""
    return case.offer.expires_at if case.offer else case.request.expires_at


def remind_at(case: Case, before: timedelta | None) -> datetime | None:
    """Return when a case that waits is due for its reminder, None if it gets none.

    What could be answered for a short time only gets none: its first push is fresh.
    """
    if before is None or case.state is not CaseState.WAITING:
        return None
    began = case.offer.offered_at if case.offer else case.request.received_at
    ends = ends_at(case)
    return None if ends - began < 2 * before else ends - before
