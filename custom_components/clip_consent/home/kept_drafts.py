"""Which drafts of an open case stay: those that may still be sent, shown or proven.

Each choice is another film, and all cases share one quota: without this, one case
chosen anew often enough would leave no room for the others.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ..core.models import Case, Draft
from .workbench import Workbench

SPARES: Final = 3  # spare drafts of a case that stay, the newest


class KeptDrafts:
    """Removes the drafts of a case that another one took the place of.

    A crash before it does so leaves a film too many, never one too few: it is removed
    after what is saved no longer names it, and the next round finds it again.
    """

    def __init__(self, bench: Workbench) -> None:
        """Know of no spare draft: those from before a restart need not stay."""
        self._bench = bench
        self._making: Counter[str] = Counter()
        self._spares: dict[str, list[Draft]] = {}
        self._removing = asyncio.Lock()

    @asynccontextmanager
    async def async_making(self, case_id: str) -> AsyncIterator[None]:
        """While a draft of a case is made, and saved, none of that case is removed."""
        self._making[case_id] += 1
        try:
            async with self._removing:
                pass  # what is being removed could be made again under the same name
            yield
        finally:
            self._making[case_id] -= 1
            if not self._making[case_id]:
                del self._making[case_id]

    def add_spare(self, case_id: str, draft: Draft) -> None:
        """Let a spare draft stay until there are enough newer ones."""
        open_cases = {case.case_id for case in self._bench.caseload.all_open()}
        self._spares = {
            each: spares for each, spares in self._spares.items() if each in open_cases
        }
        others = [
            spare
            for spare in self._spares.get(case_id, ())
            if spare.sha256 != draft.sha256
        ]
        self._spares[case_id] = [*others, draft][-SPARES:]

    async def async_tidy(self, case_id: str) -> None:
        """Remove what nothing needs any more; later, if a draft is just being made."""
        async with self._removing:
            case = self._bench.caseload.open(case_id)
            if case and case_id not in self._making:
                drafts = [*_needed(case), *self._spares.get(case_id, ())]
                digests = {draft.sha256 for draft in drafts}
                digests |= {draft.original for draft in drafts if draft.original}
                await self._bench.drafter.async_keep_only(case_id, frozenset(digests))


def _needed(case: Case) -> list[Draft]:
    """Return what is offered, on its way, or was delivered.

    That counts whatever became of it: who holds a receipt may ask what it was made of.
    """
    deliveries = (case.delivery, *case.delivered)
    drafts = [delivery.draft for delivery in deliveries if delivery]
    return [*drafts, case.draft] if case.draft else drafts
