"""What the limits keep back, and the one push that stands for all of it.

Which cases were kept back is in the store: a restart or a changed setting, which starts
the home anew, forgets none of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
import json
import logging
from typing import Protocol
from weakref import WeakValueDictionary

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant
from homeassistant.helpers.event import async_call_later

from ..core.errors import StoreError
from ..core.ledger import Line
from ..core.limits import PUSH_DAY, PUSH_INTERVAL, push_wait
from ..core.ports import Clock, PushBook

_LOGGER = logging.getLogger(__name__)

type SendDigest = Callable[[str, Sequence[str]], Awaitable[None]]


class Book(PushBook, Protocol):
    """What is kept of pushes, and small settings besides."""

    async def async_setting(self, key: str, default: str) -> str:
        """Return a setting that the home keeps itself."""

    async def async_set(
        self, key: str, value: str, lines: Sequence[Line], now: datetime
    ) -> None:
        """Keep a setting, with its ledger lines."""


class Digests:
    """Counts pushes for each approver, and sends one for those that had to wait."""

    def __init__(
        self, hass: HomeAssistant, *, book: Book, clock: Clock, send: SendDigest
    ) -> None:
        """Keep the tools."""
        self._hass = hass
        self._book = book
        self._clock = clock
        self._send = send
        self._timers: dict[str, CALLBACK_TYPE] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def turn(self, user_id: str) -> asyncio.Lock:
        """Return the lock that lets two requests at once make one push."""
        return self._turns.setdefault(user_id, asyncio.Lock())

    async def async_wait(self, user_id: str) -> timedelta:
        """Return how long an approver's next push is kept back."""
        now = self._clock.now()
        return push_wait(await self._book.async_pushes(user_id, now - PUSH_DAY), now)

    async def async_keep_back(
        self, user_id: str, case_id: str, wait: timedelta
    ) -> None:
        """Leave a case to the digest."""
        kept = await self._kept(user_id)
        if case_id not in kept:
            await self._keep(user_id, [*kept, case_id])
        self._arm(user_id, wait)

    async def async_forget(self, user_ids: Iterable[str], case_id: str) -> None:
        """Take a case that was decided out of every digest to come."""
        for user_id in user_ids:
            async with self.turn(user_id):
                kept = await self._kept(user_id)
                if case_id in kept:
                    await self._keep(user_id, [one for one in kept if one != case_id])

    async def async_resume(self, user_ids: Iterable[str]) -> None:
        """Go on with what was kept back before a restart."""
        for user_id in user_ids:
            async with self.turn(user_id):
                if await self._kept(user_id):
                    self._arm(user_id, await self.async_wait(user_id))

    def stop(self) -> None:
        """Stop waiting; what is kept back stays so."""
        for cancel in self._timers.values():
            cancel()
        self._timers.clear()

    def _arm(self, user_id: str, wait: timedelta) -> None:
        if user_id not in self._timers:
            job = HassJob(
                partial(self._due, user_id), "digest", cancel_on_shutdown=True
            )
            self._timers[user_id] = async_call_later(self._hass, wait, job)

    async def _due(self, user_id: str, _now: datetime) -> None:
        self._timers.pop(user_id, None)
        async with self.turn(user_id):
            try:
                await self._tell(user_id)
            except StoreError as err:
                if err.code == "store_closed":
                    return  # what is kept back stays so
                _LOGGER.warning("A digest has to wait: %s", err)
                self._arm(user_id, PUSH_INTERVAL)

    async def _tell(self, user_id: str) -> None:
        kept = await self._kept(user_id)
        if not kept:
            return
        if wait := await self.async_wait(user_id):
            self._arm(user_id, wait)
            return
        # counted first: a store that fails here must not make a push every time
        await self._book.async_pushed(user_id, self._clock.now())
        await self._send(user_id, kept)
        await self._keep(user_id, [])

    async def _kept(self, user_id: str) -> list[str]:
        kept: list[str] = json.loads(
            await self._book.async_setting(_key(user_id), "[]")
        )
        return kept

    async def _keep(self, user_id: str, kept: list[str]) -> None:
        now = self._clock.now()
        await self._book.async_set(_key(user_id), json.dumps(kept), [], now)


def _key(user_id: str) -> str:
    return f"kept_back:{user_id}"
