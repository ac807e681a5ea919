"""Holds all writing while a backup copies, whoever opens or closes stores then.

A backup may never say that it has ended: if its start failed elsewhere, nobody does. So
writing is held for a minute at most. After that it goes on, into the log alone: what is
copied stays whole, since the file does not change and a log that is cut anywhere counts
as far as its last whole commit (https://www.sqlite.org/walformat.html, section 4). The
log is folded in again when the backup ends, or after as many hours as no backup takes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
import logging
from typing import Final

_LOGGER = logging.getLogger(__name__)
LONGEST: Final = 60.0  # seconds
OVER: Final = 12 * 3600.0  # seconds after which nothing is being copied any more


@dataclass(frozen=True, slots=True)
class Holder:
    """What has to be held: `settle` folds what was written into its file."""

    settle: Callable[[], Awaitable[None]]
    go_on: Callable[[], None]


class Hold:
    """Outlives the stores: one that is opened while a backup is made is held too."""

    def __init__(self, longest: float = LONGEST, over: float = OVER) -> None:
        """Begin without a backup.

        One may hold writing for `longest` seconds, and is over `over` seconds later.
        """
        self._free = asyncio.Event()
        self._free.set()
        self._holders: dict[object, Holder] = {}
        self._longest = longest
        self._over = over
        self._limit: asyncio.TimerHandle | None = None
        self._copies = False

    @property
    def is_on(self) -> bool:
        """Whether nothing may be written."""
        return not self._free.is_set()

    @property
    def copies(self) -> bool:
        """Whether a file may just be copied: what is written must not be folded in."""
        return self._copies

    async def async_begin(self) -> None:
        """Hold all writing; afterwards all files are whole."""
        self._free.clear()
        self._copies = True
        self._wait_no_longer()
        loop = asyncio.get_running_loop()
        self._limit = loop.call_later(self._longest, self._give_way)
        for holder in tuple(self._holders.values()):
            await holder.settle()

    def end(self) -> None:
        """Let all write again."""
        self._wait_no_longer()
        self._copies = False
        self._go_on()

    async def async_wait(self) -> None:
        """Return once nothing is held; it may be held again meanwhile."""
        while self.is_on:
            await self._free.wait()

    def add(self, key: object, holder: Holder) -> None:
        """Hold this too from now on."""
        self._holders[key] = holder

    def remove(self, key: object) -> None:
        """Forget what was closed."""
        self._holders.pop(key, None)

    def _give_way(self) -> None:
        _LOGGER.warning("A backup takes long or was broken off: writing goes on")
        self._wait_no_longer()
        self._limit = asyncio.get_running_loop().call_later(self._over, self.end)
        self._go_on()

    def _go_on(self) -> None:
        self._free.set()
        for holder in tuple(self._holders.values()):
            holder.go_on()

    def _wait_no_longer(self) -> None:
        if self._limit:
            self._limit.cancel()
            self._limit = None
