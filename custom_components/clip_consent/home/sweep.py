"""Tidying up from time to time: what is due for nobody's asking."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
import logging
from typing import Final

from ..core.errors import StoreError
from ..core.outgoing import is_handed_over
from .reading import Reading
from .workbench import Workbench

_LOGGER = logging.getLogger(__name__)

SWEEP_EVERY: Final = 30.0  # seconds
CHECK_EVERY: Final = 86400.0  # seconds between two verifications of the whole ledger
OUTAGE_MAX: Final = timedelta(days=100)  # between a request and its handing over


class Sweep:
    """Does each duty in turn; trouble with one keeps no other, and no later round."""

    def __init__(
        self,
        bench: Workbench,
        reading: Reading,
        look_again: Callable[[], None],
        *,
        tidy: Callable[[], Awaitable[None]],
    ) -> None:
        """Keep the tools; `start` begins. `look_again` goes on with open cases.

        `tidy` lets go of what neighbours sent.
        """
        self._bench = bench
        self._reading = reading
        self._look_again = look_again
        self._tidy = tidy
        self._check_at = bench.clock.monotonic()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._sweep())

    async def async_stop(self) -> None:
        """Stop; a round that is under way is dropped."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _sweep(self) -> None:
        duties: tuple[Callable[[], Awaitable[None]], ...] = (
            self._check_ledger,
            self._remove_expired,
            self._forget_words,
            self.async_clean,
            self._tidy,
        )
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            with _told():
                self._look_again()
            for duty in duties:
                with _told():
                    await duty()

    async def _check_ledger(self) -> None:
        if self._bench.clock.monotonic() >= self._check_at:
            await self._reading.async_check_ledger()
            self._check_at += CHECK_EVERY

    async def _remove_expired(self) -> None:
        expired = await self._bench.store.async_expired_drops(self._bench.now())
        for delivery_id in expired:
            await self._bench.sealer.async_remove(delivery_id)

    async def _forget_words(self) -> None:
        await self._bench.store.async_forget_words(self._bench.now())

    async def async_clean(self) -> None:
        """Remove packages and drafts that nothing needs any more. Raises StoreError."""
        live = await self._bench.store.async_live_drops()
        open_cases = self._bench.caseload.all_open()
        on_their_way = {
            case.delivery.delivery_id for case in open_cases if case.delivery
        }
        keep = {case.case_id for case in open_cases}
        await self._bench.sealer.async_clean(live | on_their_way)
        await self._bench.drafter.async_clean(keep | await self._handed_over())
        await self._reading.async_tidy_drafts()

    async def _handed_over(self) -> set[str]:
        now = self._bench.now()
        cases = await self._bench.store.async_shared_cases(now - OUTAGE_MAX)
        return {case.case_id for case in cases if is_handed_over(case, now)}


@contextmanager
def _told() -> Iterator[None]:
    """Write down what a duty met, so that the next one is done all the same."""
    try:
        yield
    except StoreError as err:
        _LOGGER.warning("Tidying up has to wait: %s", err)
    except Exception:
        _LOGGER.exception("Tidying up failed in part; it goes on")
