"""Holds all writing while a backup copies, whoever opens or closes stores then."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holder:
    """What has to be held: `settle` folds what was written into its file."""

    settle: Callable[[], Awaitable[None]]
    go_on: Callable[[], None]


class Hold:
    """Outlives the stores: one that is opened while a backup is made is held too."""

    def __init__(self) -> None:
        """Begin without a backup."""
        self._free = asyncio.Event()
        self._free.set()
        self._holders: dict[object, Holder] = {}

    @property
    def is_on(self) -> bool:
        """Whether nothing may be written."""
        return not self._free.is_set()

    async def async_begin(self) -> None:
        """Hold all writing; afterwards all files are whole."""
        self._free.clear()
        for holder in tuple(self._holders.values()):
            await holder.settle()

    def end(self) -> None:
        """Let all write again."""
        self._free.set()
        for holder in tuple(self._holders.values()):
            holder.go_on()

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
