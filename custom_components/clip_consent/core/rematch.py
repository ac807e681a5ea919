"""What was found for a case, and when to look once more.

Recorders close their files late, and a drive that went away comes back. So a case that
waits with nothing to decide on is looked for again: for about an hour if nothing was
found of a fresh window, and until it expires while recordings cannot be looked at, or
one of that time is still being written or cannot be read.
When, is a function of the saved case and the time: a restart goes on with it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from .clips import automatic_choice
from .errors import ConflictError
from .models import Case, CaseState, Choice, Finding, Request, VerdictKind

GAP_MIN: Final = timedelta(minutes=2)  # between two looks
GAP_OF_PROBLEM: Final = timedelta(minutes=10)  # at most
MASKS_NEEDED: Final = "masks_needed"  # a person has to draw what is to be filled
LATE: Final = timedelta(hours=1)  # how long after its last frame a file may be closed


def matched(
    case: Case,
    findings: Sequence[Finding],
    problem: str | None,
    now: datetime,
    masked: Collection[str] = (),
) -> Case:
    """Apply what the sources have; what leaves no choice is drafted at once.

    `masked` are the cameras that always have a region filled.
    """
    if case.state is not CaseState.SCREENED:
        raise ConflictError("case_moved_on")
    after = _found(case, findings, problem, now, masked)
    return replace(after, prompt_due=_asks(case))


def matched_again(
    case: Case,
    findings: Sequence[Finding],
    problem: str | None,
    now: datetime,
    masked: Collection[str] = (),
) -> Case:
    """Apply what a later look found; the approvers are told of the first footage.

    What was found stays shown if it is gone by now, so that it is news only once.
    """
    if not _is_sought(case):
        raise ConflictError("case_moved_on")
    after = _found(case, findings, problem, now, masked)
    if not case.findings:
        news = bool(findings) and _asks(case)
        return replace(after, prompt_due=case.prompt_due or news)
    return after if findings else replace(after, findings=case.findings)


def looked(case: Case, now: datetime) -> Case:
    """Note a look that found nothing new."""
    return replace(case, looked_at=now)


def next_look(case: Case, now: datetime) -> datetime | None:
    """Return when to look for recordings again, None if never.

    Each look waits half as long as the request is old by then, so they grow rare. One
    in the future was made before the clock was set back: it does not count.
    """
    if case.looked_at is None or not _is_sought(case):
        return None
    request = case.request
    last = request.received_at
    if last < case.looked_at <= now:
        last = case.looked_at
    gap = max(GAP_MIN, (last - request.received_at) / 2)
    if case.problem and case.problem != MASKS_NEEDED:
        due = last + min(gap, GAP_OF_PROBLEM)
    elif case.findings or not _is_fresh(request) or last >= _looked_until(request):
        return None
    else:
        due = min(last + gap, _looked_until(request))
    return due if due < request.expires_at else None


def is_due(case: Case, now: datetime) -> bool:
    """Tell whether it is time to look again."""
    due = next_look(case, now)
    return due is not None and due <= now < case.request.expires_at


def _found(
    case: Case,
    findings: Sequence[Finding],
    problem: str | None,
    now: datetime,
    masked: Collection[str],
) -> Case:
    choice = None if problem else choice_of(case, findings)
    if choice and _wants_masks(case) and choice.camera_id not in masked:
        choice, problem = None, MASKS_NEEDED
    return replace(
        case,
        state=CaseState.DRAFTING if choice else CaseState.WAITING,
        findings=tuple(findings),
        choice=choice,
        problem=problem,
        looked_at=None if choice else now,
    )


def choice_of(case: Case, findings: Sequence[Finding]) -> Choice | None:
    """Return what is drafted without asking, as far as the length of clips goes."""
    longest = case.screening.constraints.max_seconds if case.screening else 0
    return automatic_choice(findings, case.request.window, longest)


def _wants_masks(case: Case) -> bool:
    return case.screening is not None and case.screening.constraints.masked


def _asks(case: Case) -> bool:
    return case.screening is not None and case.screening.verdict is VerdictKind.ASK


def _is_sought(case: Case) -> bool:
    """Tell whether nothing was made, chosen or sent: nobody has decided anything."""
    decided = case.choice or case.draft or case.offer or case.delivery
    return case.state is CaseState.WAITING and not (
        decided or case.delivered or case.looked_at is None
    )


def _is_fresh(request: Request) -> bool:
    """Tell whether a file of the window may still have been open as it was asked for.

    True also while the window goes on.
    """
    return request.window.end > request.received_at - LATE


def _looked_until(request: Request) -> datetime:
    return max(request.received_at, request.window.end) + LATE
