"""What may not leave as it was made is made anew of the same choice, and offered anew.

That is so where a camera was given masks that a draft of it lacks, and where its clock
was corrected, so that the draft is of another time than it says; and where a hub keeps
its answers at another place than was approved: whatever was offered,
or approved and has not left, is void.
"""

from dataclasses import replace
from typing import Final

from .errors import ConflictError
from .flow import ON_ITS_WAY
from .models import Case, CaseState, Choice

MASKS_CHANGED: Final = "masks_changed"  # after what was offered had been made
CLOCK_CHANGED: Final = "clock_changed"
STORAGE_CHANGED: Final = "storage_changed"  # of the hub, after a yes to the one before


def redrafted(case: Case, choice: Choice, problem: str | None) -> Case:
    """Draft a choice by itself: nobody has to choose anew. Raises ConflictError."""
    if case.state not in (CaseState.DRAFTED, CaseState.WAITING):
        raise ConflictError("case_moved_on")
    return _made_anew(replace(case, choice=choice), problem)


def consent_outdated(case: Case, problem: str) -> Case:
    """Void a consent to what may not leave any more. Raises ConflictError."""
    if case.state not in ON_ITS_WAY:
        raise ConflictError("case_moved_on")
    return _made_anew(case, problem)


def _made_anew(case: Case, problem: str | None) -> Case:
    return replace(
        case,
        state=CaseState.DRAFTING,
        draft=None,
        offer=None,
        delivery=None,
        problem=problem,
        looked_at=None,
    )
