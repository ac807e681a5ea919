"""What follows a slot's reads: it never holds up the next slot.

How long it takes is of the home: how slow its disk is, what its cases are at. A hub
that is asked late, or not at all, because of that would learn of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
import logging

from ...core.ledger import Line
from ...core.portal_known import Followed

_LOGGER = logging.getLogger(__name__)

type GoOn = Callable[[], Awaitable[None]]
type Settle = Callable[[Followed, Sequence[Line]], Awaitable[bool]]


class Afterwards:
    """Two lines of work, each of one thing at a time.

    The home's own requests go first, for the hub sees when they come: so they wait for
    nothing that is done about the requests of others.
    """

    def __init__(self, go_on: GoOn, settle: Settle) -> None:
        """Keep what is to be done; `settle` tells whether its lines were kept."""
        self._go_on = go_on
        self._settle = settle
        self._asking: asyncio.Task[None] | None = None
        self._settling: asyncio.Task[None] | None = None
        self._known: Followed | None = None  # to be settled
        self._lines: list[Line] = []  # that were not kept yet

    def begin(self, known: Followed, lines: Sequence[Line], *, reached: bool) -> None:
        """Go on with what is known now; behind what is at work, the newest follows."""
        self._known = known
        self._lines += lines
        if reached and not _runs(self._asking):
            self._asking = asyncio.create_task(self._async_ask())
        if not _runs(self._settling):
            self._settling = asyncio.create_task(self._async_settle())

    async def async_idle(self) -> None:
        """Wait for the end of what is being done."""
        for task in (self._asking, self._settling):
            if task:
                await asyncio.wait([task])

    async def async_stop(self) -> None:
        """Stop; what was saved goes on in a slot to come."""
        tasks = [task for task in (self._asking, self._settling) if task]
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def _async_ask(self) -> None:
        """Go on with the home's own requests; a fault costs no more than this slot."""
        try:
            await self._go_on()
        except Exception:
            _LOGGER.exception("Going on with what was asked of a hub ended in a fault")

    async def _async_settle(self) -> None:
        while known := self._known:
            self._known = None
            if self._asking:
                await asyncio.wait([self._asking])
            lines = tuple(self._lines)
            try:
                if await self._settle(known, lines):
                    self._lines = self._lines[len(lines) :]
            except Exception:
                _LOGGER.exception("Going on with what a hub said ended in a fault")


def _runs(task: asyncio.Task[None] | None) -> bool:
    return task is not None and not task.done()
