"""Which cases of the history somebody looks for."""

from dataclasses import dataclass
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

    @property
    def everything(self) -> bool:
        """Whether every case fits."""
        return not self.words and self.only is Only.ALL

    def fits(self, case: Case) -> bool:
        """Return whether a case holds all words, anywhere and in any case."""
        if self.only is Only.SHARED and not case.delivered:
            return False
        told = _told(case)
        return all(word in told for word in self.words)


def search_for(text: str, only: Only = Only.ALL) -> Search:
    """Return a search for what was typed: words, or parts of them."""
    return Search(words=tuple(text.casefold().split()), only=only)


def _told(case: Case) -> str:
    """Return what the requester said, in the form that words are compared in."""
    request = case.request
    parts = (
        *(request.label, request.name, request.contact, request.text),
        *(request.case_number, case.case_id),
    )
    return "\n".join(parts).casefold()
