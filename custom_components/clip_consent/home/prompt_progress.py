"""How far a long work is, on the phones that can draw it.

It is in memory alone: after a restart a work begins anew, and so does what is told.
"""

import asyncio
from collections.abc import Collection, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from ..base.push import Phone, PhoneSystem
from ..const import DOMAIN
from ..core.errors import ClipConsentError
from ..core.flow import ON_ITS_WAY
from ..core.models import Case, CaseState
from ..core.pace import Pace, paced
from ..core.ports import Clock
from .prompt_notice import warn
from .prompt_phones import ApproverPhones
from .prompt_remind import RemindBook
from .prompt_texts import PushTexts
from .prompt_voice import Voice
from .push_payload import Action, Tone, live_activity

ENDED: Final = f"{DOMAIN} push end of progress"
DRAFT: Final = "draft"  # what was asked about stands on phones meanwhile
_MAKING: Final = frozenset({CaseState.DRAFTING, CaseState.DRAFTED})


class Host(Protocol):
    """Whose pushes these are."""

    def do(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do something while nobody waits for it."""

    def turn(self, case_id: str) -> asyncio.Lock:
        """Return the lock that keeps a case's pushes in their order."""

    async def async_ask_again(self, case: Case) -> None:
        """Push a case anew to the phones that show it, without a sound."""


class ProgressBars:
    """Follows what is being made and sent; a result takes each bar's place."""

    def __init__(
        self,
        *,
        book: RemindBook,
        clock: Clock,
        host: Host,
        phones: ApproverPhones,
        texts: PushTexts,
        voice: Voice,
    ) -> None:
        """Keep the tools."""
        self._book = book
        self._clock = clock
        self._host = host
        self._phones = phones
        self._texts = texts
        self._voice = voice
        self._paces: dict[str, Pace] = {}  # by case id
        self._live: set[str] = set()  # the cases that a Live Activity may show

    async def async_resume(self) -> None:
        """End what the last run began and could not end. Raises StoreError."""
        for case in await self._book.async_open_cases():
            if case.state in ON_ITS_WAY | _MAKING:
                async with self._host.turn(case.case_id):
                    await self._phones.async_end_bars(case.case_id)

    def told(self, case_id: str, doing: str, done: float) -> None:
        """Hear how far a work is."""
        before = self._paces.get(case_id)
        if before is None and done >= 1:
            return  # the last word on what was over at once, or is over by now
        pace, percent = paced(before, doing, done, self._clock.monotonic())
        self._paces[case_id] = pace
        if percent is not None:
            self._host.do(self._show(case_id, pace), "push progress")

    def moved(self, case: Case) -> None:
        """Hear that a case was saved: its work may have come to an end."""
        pace = self._paces.get(case.case_id)
        if pace is None or case.state in _MAKING:
            return
        if case.state not in ON_ITS_WAY:
            del self._paces[case.case_id]
            if pace.shown_at is not None:
                self._host.do(self._take_away(case), ENDED)
        elif pace.percent is not None and _is_delayed(case, self._clock.now()):
            waits = replace(pace, percent=None)
            self._paces[case.case_id] = waits
            self._host.do(self._show(case.case_id, waits), "push delay")

    async def _show(self, case_id: str, pace: Pace) -> None:
        """Show a bar, or that there is a break; unless it is out of date by now."""
        text = self._texts.say("delayed")
        if pace.percent is not None:
            text = self._texts.progress(pace.doing, pace.percent)
        async with self._host.turn(case_id):
            try:
                shown = await self._showing(case_id, pace.doing)
                if self._paces.get(case_id) is pace:
                    await self._draw(case_id, text, shown, pace.percent)
            except ClipConsentError as err:
                warn("Progress could not be pushed", err)

    async def _showing(self, case_id: str, doing: str) -> Collection[str]:
        """Return the phones that show the case: as a question, or what was approved."""
        if doing == DRAFT:
            return await self._book.async_asked(case_id)
        return await self._phones.async_all_reachable()

    async def _draw(
        self, case_id: str, text: str, shown: Collection[str], percent: int | None
    ) -> None:
        drawing = [
            self._draw_on(phone, case_id, text, percent)
            for _, phone in await self._phones.async_pairs()
            if phone.entry_id in shown
        ]
        await asyncio.gather(*drawing)
        if percent is None:
            await self._end_live(case_id)

    async def _draw_on(
        self, phone: Phone, case_id: str, text: str, percent: int | None
    ) -> None:
        """Draw on a phone that can; on iPhones in the lock screen's own form."""
        if phone.system is PhoneSystem.ANDROID:
            review = Action(title=self._texts.say("review"), key=None)
            await self._voice.async_say(
                phone,
                text,
                [review],
                case_id=case_id,
                tone=Tone.SILENT,
                percent=percent,
            )
        elif (
            phone.live
            and percent is not None
            and not self._voice.quiet_left(phone.user_id)
        ):
            self._live.add(case_id)
            await self._phones.async_push(
                phone,
                title=self._texts.say("title"),
                message=text,
                data=live_activity(case_id, percent),
            )

    async def _end_live(self, case_id: str) -> None:
        """End the Live Activity of a case, if this run began one."""
        if case_id in self._live:
            self._live.discard(case_id)
            await self._phones.async_end_bars(case_id)

    async def _take_away(self, case: Case) -> None:
        """Leave the place to a new offer or a result, or to nothing."""
        async with self._host.turn(case.case_id):
            await self._end_live(case.case_id)
        if not _is_left_over(case):
            return
        if case.state is CaseState.WAITING:
            await self._host.async_ask_again(case)
            return
        async with self._host.turn(case.case_id):
            shown = await self._phones.async_all_reachable()
            await self._phones.async_clear(shown, case.case_id)


def _is_left_over(case: Case) -> bool:
    """Tell whether neither a new offer nor a result takes the place of a bar."""
    waits = case.state is CaseState.WAITING and not (case.offer or case.problem)
    return waits or case.state is CaseState.CLOSED


def _is_delayed(case: Case, now: datetime) -> bool:
    """Tell whether the delivery waits for another attempt."""
    attempt = case.delivery.next_attempt_at if case.delivery else None
    return attempt is not None and now < attempt
