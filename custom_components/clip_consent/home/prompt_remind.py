"""One more push of a case that waits, some time before it can no longer be answered.

Whom it was sent to is in the store before it is sent: no restart sends one twice. Who
knows of the case from a digest alone gets its first push of its own. That is new to
them, so the limits of new requests count it: a flood makes no flood of these. It is
sent only while half of a day's pushes are left: old requests must not silence new ones.
"""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta
import json
from typing import Any, Final, Protocol

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant
from homeassistant.helpers.event import async_call_later

from ..core.errors import ClipConsentError
from ..core.limits import PUSH_INTERVAL, REMINDERS_PER_DAY
from ..core.models import Case
from ..core.ports import Clock
from ..core.reminders import ends_at, remind_at
from .prompt_digest import Digests
from .prompt_notice import NoticeBook, warn
from .prompt_results import ResultBook

_KEY: Final = "reminded"
LONGEST_WAIT: Final = PUSH_INTERVAL  # the wall clock may jump meanwhile

# Case id, then who was reminded of it, and until when that has to be known.
type _Reminded = dict[str, dict[str, Any]]


class RemindBook(NoticeBook, ResultBook, Protocol):
    """What is kept of pushes, and the cases as they are now."""


class Audience(Protocol):
    """Who is reminded, and how."""

    digests: Digests

    def turn(self, case_id: str) -> asyncio.Lock:
        """Return the lock that keeps a case's pushes in their order."""

    async def async_showing(self, case_id: str) -> list[str]:
        """Return the approvers whose phones show a case as a question."""

    async def async_digested(self, case_id: str) -> list[str]:
        """Return the approvers whom a digest told of a case."""

    def quiet_left(self, user_id: str) -> timedelta:
        """Return how long an approver's quiet hours go on."""

    async def async_remind(
        self, case: Case, user_ids: Collection[str], *, first: bool = False
    ) -> bool:
        """Push a case once more to those phones of these approvers, if `first` to all.

        Return whether one was reached.
        """


class Reminders:
    """Knows which cases are due, and reminds each approver of each case once."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        book: RemindBook,
        clock: Clock,
        before: timedelta | None,
        audience: Audience,
    ) -> None:
        """Keep the tools."""
        self._hass = hass
        self._book = book
        self._clock = clock
        self._before = before
        self._audience = audience
        self._marking = asyncio.Lock()
        self._due: dict[str, datetime] = {}  # by case id
        self._timer: CALLBACK_TYPE | None = None

    async def async_resume(self) -> None:
        """Go on with what waited before a restart."""
        for case in await self._book.async_open_cases():
            self.follow(case)

    def follow(self, case: Case) -> None:
        """Remind of a case that phones show, when its time comes."""
        due = remind_at(case, self._before)
        if due is None:
            self.forget(case.case_id)
        else:
            self._due[case.case_id] = due
            self._arm()

    async def async_told(self, case: Case) -> None:
        """Follow a case that was pushed, to be heard, just now.

        Where its reminder would be due already, that push was it.
        """
        due = remind_at(case, self._before)
        if due is not None and due <= self._clock.now():
            try:
                told = await self._audience.async_showing(case.case_id)
                await self._mark(case, told)
            except ClipConsentError as err:
                warn("A push that was a reminder too was not kept as one", err)
        self.follow(case)

    async def async_digested(self, user_id: str, case_ids: Collection[str]) -> None:
        """Hear that an approver was told of cases by a digest just now.

        Where their reminder would be due already, that was it.
        """
        for case_id in case_ids:
            try:
                case = await self._book.async_case(case_id)
                due = remind_at(case, self._before)
                if due is not None and due <= self._clock.now():
                    await self._mark(case, [user_id])
            except ClipConsentError as err:
                warn("A digest that was a reminder too was not kept as one", err)

    def forget(self, case_id: str) -> None:
        """Remind of a case no more."""
        self._due.pop(case_id, None)

    def stop(self) -> None:
        """Stop waiting; what was sent stays known."""
        if self._timer:
            self._timer()
            self._timer = None

    def _arm(self) -> None:
        self.stop()
        if not self._due:
            return
        left = min(self._due.values()) - self._clock.now()
        wait = min(max(left, timedelta()), LONGEST_WAIT)
        job = HassJob(self._wake, "reminder", cancel_on_shutdown=True)
        self._timer = async_call_later(self._hass, wait, job)

    async def _wake(self, _now: datetime) -> None:
        self._timer = None
        now = self._clock.now()
        for case_id in [one for one, due in self._due.items() if due <= now]:
            try:
                async with self._audience.turn(case_id):
                    await self._look(case_id)
            except ClipConsentError as err:
                warn("A reminder has to wait", err)
                self._due[case_id] = now + LONGEST_WAIT
        self._arm()

    async def _look(self, case_id: str) -> None:
        """Remind of a case, if it waits still, whoever is not in quiet hours."""
        self.forget(case_id)
        case = await self._book.async_case(case_id)
        now = self._clock.now()
        due = remind_at(case, self._before)
        if due is None or now >= ends_at(case):
            return
        if now < due:  # the clock was set back, or the offer is another
            self._due[case_id] = due
            return
        later = [
            *await self._remind_showing(case),
            *await self._remind_digested(case),
        ]
        if later:
            self._due[case_id] = now + min(later)

    async def _remind_showing(self, case: Case) -> list[timedelta]:
        """Remind whose phones show it; return how long the others have to wait."""
        reminded = await self._reminded(case)
        users = set(await self._audience.async_showing(case.case_id)) - reminded
        quiet = {user_id: self._audience.quiet_left(user_id) for user_id in users}
        if loud := [user_id for user_id in users if not quiet[user_id]]:
            await self._mark(case, loud)
            await self._audience.async_remind(case, loud)
        return [left for left in quiet.values() if left]

    async def _remind_digested(self, case: Case) -> list[timedelta]:
        """Ask whoever only a digest told; return how long the others have to wait."""
        waits: list[timedelta] = []
        reminded = await self._reminded(case)
        digests = self._audience.digests
        for user_id in await self._audience.async_digested(case.case_id):
            if user_id in reminded:
                continue
            async with digests.turn(user_id):
                wait = await digests.async_wait(user_id, most=REMINDERS_PER_DAY)
                if wait:
                    waits.append(wait)
                    continue
                await self._mark(case, [user_id])
                await self._book.async_pushed(user_id, self._clock.now())
                reached = await self._audience.async_remind(case, [user_id], first=True)
            if reached:  # what stood for it has done its part
                await digests.async_forget([user_id], case.case_id)
        return waits

    async def _reminded(self, case: Case) -> set[str]:
        """Return who was reminded of a case."""
        return set((await self._read()).get(case.case_id, {}).get("users", ()))

    async def _read(self) -> _Reminded:
        reminded: _Reminded = json.loads(await self._book.async_setting(_KEY, "{}"))
        return reminded

    async def _mark(self, case: Case, users: Collection[str]) -> None:
        """Keep who was reminded, and of what can be answered still."""
        async with self._marking:
            now = self._clock.now()
            reminded = {
                case_id: one
                for case_id, one in (await self._read()).items()
                if one["until"] > now.timestamp()
            }
            known = reminded.get(case.case_id, {}).get("users", [])
            reminded[case.case_id] = {
                "until": case.request.expires_at.timestamp(),
                "users": sorted({*known, *users}),
            }
            await self._book.async_set(_KEY, json.dumps(reminded), [], now)
