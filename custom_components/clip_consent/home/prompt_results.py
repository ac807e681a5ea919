"""What phones show of a case once something was decided: the result, or nothing."""

import asyncio
from collections.abc import Container, Mapping
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from ..base.push import Phone
from ..core.models import Approver, Case, CaseEvent, CaseEventType, CaseState
from ..core.ports import Clock, People, PushBook
from .prompt_keys import Keys
from .prompt_phones import ApproverPhones
from .prompt_texts import PushTexts
from .prompt_voice import Voice
from .push_payload import Tone

_WITH_RESULT = frozenset(
    {
        CaseEventType.APPROVED,
        CaseEventType.UNDONE,
        CaseEventType.SHARED,
        CaseEventType.FAILED,
    }
)


class ResultBook(PushBook, Protocol):
    """What is kept of pushes, and the cases as they are now."""

    async def async_case(self, case_id: str) -> Case:
        """Return a case. Raises NotFoundError."""


class ResumeHost(Protocol):
    """Who asks, one case at a time."""

    def turn(self, case_id: str) -> asyncio.Lock:
        """Return the lock that keeps a case's pushes in their order."""

    async def async_renew(self, case: Case, phones: Container[str], tone: Tone) -> bool:
        """Push a case anew to these phones."""


class Results:
    """Replaces the pushes of a case, or clears them, on every phone."""

    def __init__(
        self,
        *,
        book: ResultBook,
        clock: Clock,
        keys: Keys,
        people: People,
        phones: ApproverPhones,
        texts: PushTexts,
        voice: Voice,
        zone: ZoneInfo,
    ) -> None:
        """Keep the tools."""
        self._book = book
        self._clock = clock
        self._keys = keys
        self._people = people
        self._phones = phones
        self._texts = texts
        self._voice = voice
        self._zone = zone

    async def async_show(self, event: CaseEvent) -> None:
        """Tell a result, or take away what was closed. Raises StoreError."""
        if event.type in _WITH_RESULT:
            await self._tell(event)
        elif event.type is CaseEventType.CLOSED:
            await self._clear(event.case)

    async def async_resume(
        self, host: ResumeHost, cut_off: Mapping[str, set[str]]
    ) -> None:
        """Catch up on phones whose buttons count no more: the last run was cut off.

        `cut_off` are those, by case, as this run found them. Raises StoreError.
        """
        for case_id, phones in cut_off.items():
            async with host.turn(case_id):
                # what was waiting for its turn may have mended it
                still = phones & (await self._book.async_stale()).get(case_id, set())
                if still:
                    await self._catch_up(host, case_id, still)

    async def _catch_up(self, host: ResumeHost, case_id: str, phones: set[str]) -> None:
        case = await self._book.async_case(case_id)
        if case.state is CaseState.CLOSED:
            await self._clear(case)
        elif event := _standing(case, self._clock.now()):
            await self._tell(event, only=phones)
        elif case.state is CaseState.WAITING:
            reachable = await self._phones.async_all_reachable()
            again = phones & reachable & await self._book.async_asked(case_id)
            await self._take_off(case_id, phones - again)
            await host.async_renew(case, again, Tone.AGAIN)

    async def _tell(self, event: CaseEvent, only: Container[str] | None = None) -> None:
        """Tell a result on all phones, or only on those that missed it."""
        name = await self._name(event.user_id)
        text = self._texts.result(event, name, self._zone)
        pairs = await self._phones.async_pairs()
        telling = [
            self._tell_phone(approver, phone, event, text)
            for approver, phone in pairs
            if only is None or phone.entry_id in only
        ]
        await asyncio.gather(*telling)
        case_id = event.case.case_id
        shown = await self._book.async_shown(case_id)
        await self._take_off(case_id, shown - {phone.entry_id for _, phone in pairs})

    async def _tell_phone(
        self, approver: Approver, phone: Phone, event: CaseEvent, text: str
    ) -> None:
        actions = [self._keys.review()]
        can_undo = event.case.state is CaseState.CONSENTED
        if event.type is CaseEventType.APPROVED and can_undo and event.case.delivery:
            consent = event.case.delivery.consent
            if self._clock.now() < consent.undo_until:  # told again, it may be late
                undo = await self._keys.async_undo(
                    approver, phone, event.case, consent.offer_id
                )
                actions.insert(0, undo)
        own = event.user_id == approver.user_id
        await self._voice.async_say(
            phone,
            text,
            actions,
            case_id=event.case.case_id,
            hushed=Tone.SEEN if own else Tone.SILENT,
        )

    async def _clear(self, case: Case) -> None:
        """Take a case off every phone that may show it, also one asked no more.

        What was sent counts, not what the rules say of it by now.
        """
        shown = await self._book.async_shown(case.case_id)
        if shown or case.asked:
            gone = shown | self._phones.all_listed()
            await self._take_off(case.case_id, gone)

    async def _take_off(self, case_id: str, phones: set[str]) -> None:
        await self._phones.async_clear(phones, case_id)
        await self._book.async_told(case_id, phones)

    async def _name(self, user_id: str | None) -> str:
        person = await self._people.async_person(user_id) if user_id else None
        return (person.name if person else "") or "Clip Consent"


def _standing(case: Case, now: datetime) -> CaseEvent | None:
    """Return the result that stands of a case that is shared, or is about to be."""
    if case.delivery:
        kind, delivery = CaseEventType.APPROVED, case.delivery
    elif case.state is CaseState.SHARED:
        kind, delivery = CaseEventType.SHARED, case.delivered[-1]
    else:
        return None
    return CaseEvent(type=kind, case=case, user_id=delivery.consent.user_id, at=now)
