"""What is due by its time alone: new feeds, what is over, what is forgotten."""

import asyncio
from contextlib import suppress
from datetime import datetime
import logging
import sqlite3
from typing import Final

from ..core.errors import ClipConsentError
from . import moderation, presence
from .bench import HubBench
from .book import Book

_LOGGER = logging.getLogger(__name__)

EVERY: Final = 30.0  # seconds
TIDY_EVERY: Final = 3600.0  # seconds
_DRIFT: Final = 600.0  # seconds that a clock may be set by in between, more is a jump


class Sweep:
    """Looks from time to time. Trouble with one duty keeps no other."""

    def __init__(self, bench: HubBench, book: Book) -> None:
        """Keep the tools; `start` begins."""
        self._bench = bench
        self._book = book
        self._tidy_at = bench.clock.monotonic()
        self._apart = self._clocks_apart()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._sweep())

    async def async_stop(self) -> None:
        """Stop."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def async_round(self) -> None:
        """Do what is due now."""
        for duty in (self._async_issue, self._async_tidy):
            try:
                await duty()
            except ClipConsentError as err:
                _LOGGER.warning("Tidying up has to wait: %s", err)
            except Exception:
                _LOGGER.exception("Tidying up failed in part; it goes on")

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.async_round()

    async def _async_issue(self) -> None:
        """Sign anew what is a day old, or lists what is over."""
        if not self._book.shown.issued.is_good(self._bench.now()):
            await self._book.async_change(lambda _, __: None)

    async def _async_tidy(self) -> None:
        if self._bench.clock.monotonic() < self._tidy_at:
            return
        self._tidy_at = self._bench.clock.monotonic() + TIDY_EVERY
        before, self._apart = self._apart, self._clocks_apart()
        if abs(self._apart - before) > _DRIFT:
            return  # a clock that was set wrong for a moment must forget nothing
        for gone in await self._book.async_change(_forget):
            await self._bench.drops.async_forget(gone)
        await self._bench.drops.async_sweep(self._bench.now())
        await self._bench.store.async_fold()

    def _clocks_apart(self) -> float:
        """Return by how many seconds the clock is ahead of the stopwatch."""
        return self._bench.now().timestamp() - self._bench.clock.monotonic()


def _forget(connection: sqlite3.Connection, now: datetime) -> list[str]:
    presence.forget(connection, now)
    moderation.forget_visits(connection, now)
    return moderation.forget(connection, now)
