"""What limits and quiet hours keep back, and the one push that stands for all of it.

Which cases were kept back is in the store: a restart or a changed setting, which starts
the home anew, forgets none of them.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
import json
import logging
from typing import Final, Protocol
from weakref import WeakValueDictionary

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant
from homeassistant.helpers.event import async_call_later

from ..core.errors import StoreError
from ..core.ledger import Line
from ..core.limits import PUSH_DAY, PUSH_INTERVAL, PUSHES_PER_DAY
from ..core.ports import Clock, PushBook
from ..core.quiet import ask_wait
from ..core.settings import HomeSettings

_LOGGER = logging.getLogger(__name__)
TOLD_MAX: Final = 100  # cases of digests that phones may still show
LONGEST_WAIT: Final = PUSH_INTERVAL  # the wall clock may jump meanwhile


class DigestHost(Protocol):
    """Who pushes digests."""

    async def async_send_digest(self, user_id: str, case_ids: Sequence[str]) -> None:
        """Push that these cases wait."""

    async def async_clear_digest(self, user_id: str) -> None:
        """Take that push away."""


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
        self,
        hass: HomeAssistant,
        *,
        book: Book,
        clock: Clock,
        settings: HomeSettings,
        host: DigestHost,
    ) -> None:
        """Keep the tools."""
        self._hass = hass
        self._book = book
        self._clock = clock
        self._settings = settings
        self._host = host
        self._timers: dict[str, CALLBACK_TYPE] = {}
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def turn(self, user_id: str) -> asyncio.Lock:
        """Return the lock that lets two requests at once make one push."""
        return self._turns.setdefault(user_id, asyncio.Lock())

    async def async_wait(
        self, user_id: str, *, most: int = PUSHES_PER_DAY
    ) -> timedelta:
        """Return how long an approver's next push is kept back.

        `most` is how many there may be in a day, the next one included.
        """
        now = self._clock.now()
        return ask_wait(
            await self._book.async_pushes(user_id, now - PUSH_DAY),
            self._settings.quiet.get(user_id),
            now,
            self._settings.time_zone,
            most,
        )

    async def async_keep_back(
        self, user_id: str, case_id: str, wait: timedelta
    ) -> None:
        """Leave a case to the digest."""
        kept = await self._listed(_key(user_id))
        if case_id not in kept:
            await self._list(_key(user_id), [*kept, case_id])
        self._arm(user_id, wait)

    async def async_forget(self, user_ids: Iterable[str], case_id: str) -> None:
        """Take a case that was decided out of every digest, sent or to come.

        One that was sent is cleared with the last of its cases.
        """
        for user_id in user_ids:
            async with self.turn(user_id):
                await self._without(_key(user_id), case_id)
                if await self._without(_told_key(user_id), case_id) == []:
                    await self._host.async_clear_digest(user_id)

    async def async_told_of(self, user_ids: Iterable[str], case_id: str) -> list[str]:
        """Return those approvers whom a digest told of a case."""
        return [
            user_id
            for user_id in user_ids
            if case_id in await self._listed(_told_key(user_id))
        ]

    async def _without(self, key: str, case_id: str) -> list[str] | None:
        """Take a case out of a list; return what is left, None if it was not in it."""
        listed = await self._listed(key)
        if case_id not in listed:
            return None
        left = [one for one in listed if one != case_id]
        await self._list(key, left)
        return left

    async def async_resume(self, user_ids: Iterable[str]) -> None:
        """Go on with what was kept back before a restart."""
        for user_id in user_ids:
            async with self.turn(user_id):
                if await self._listed(_key(user_id)):
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
            self._timers[user_id] = async_call_later(
                self._hass, min(wait, LONGEST_WAIT), job
            )

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
        kept = await self._listed(_key(user_id))
        if not kept:
            return
        if wait := await self.async_wait(user_id):
            self._arm(user_id, wait)
            return
        # counted first: a store that fails here must not make a push every time
        await self._book.async_pushed(user_id, self._clock.now())
        await self._host.async_send_digest(user_id, kept)
        told = await self._listed(_told_key(user_id))
        await self._list(_told_key(user_id), [*told, *kept][-TOLD_MAX:])
        await self._list(_key(user_id), [])

    async def _listed(self, key: str) -> list[str]:
        listed: list[str] = json.loads(await self._book.async_setting(key, "[]"))
        return listed

    async def _list(self, key: str, case_ids: list[str]) -> None:
        await self._book.async_set(key, json.dumps(case_ids), [], self._clock.now())


def _key(user_id: str) -> str:
    return f"kept_back:{user_id}"


def _told_key(user_id: str) -> str:
    return f"told_in_digest:{user_id}"
