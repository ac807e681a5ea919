"""Which cases of the history somebody looks for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from .models import Case

SEARCH_MAX: Final = 200  # characters
SCAN_MAX: Final = 500  # cases looked through for one page


class Only(StrEnum):
    """What the history is narrowed to."""

    ALL = "all"
    SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for; nothing given means every case."""

    words: tuple[str, ...] = ()
    only: Only = Only.ALL
    camera_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def everything(self) -> bool:
        """Whether every case fits."""
        return self == Search()

    def fits(self, case: Case) -> bool:
        """Return whether a case holds all words, anywhere and in any case.

        With a camera, one that has or had something of it; with times, one whose
        window lies in part or whole from `since` until before `until`.
        """
        if self.only is Only.SHARED and not case.delivered:
            return False
        if self.camera_id is not None and self.camera_id not in _cameras(case):
            return False
        window = case.request.window
        if self.since is not None and window.end <= self.since:
            return False
        if self.until is not None and window.start >= self.until:
            return False
        told = _told(case)
        return all(word in told for word in self.words)


def search_for(
    text: str,
    only: Only = Only.ALL,
    *,
    camera_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Search:
    """Return a search for what was typed: words, or parts of them."""
    return Search(
        words=tuple(text.casefold().split()),
        only=only,
        camera_id=camera_id,
        since=since,
        until=until,
    )


def _cameras(case: Case) -> set[str]:
    """Return the cameras that have something of a case, or of which it was shared."""
    found = {one.camera_id for one in case.findings or () if one.runs}
    drafts = [one.draft for one in case.delivered]
    if case.draft:
        drafts.append(case.draft)
    return found | {draft.choice.camera_id for draft in drafts}


def _told(case: Case) -> str:
    """Return what the requester said, in the form that words are compared in."""
    request = case.request
    parts = (
        *(request.label, request.name, request.contact, request.text),
        *(request.case_number, case.case_id),
    )
    return "\n".join(parts).casefold()
