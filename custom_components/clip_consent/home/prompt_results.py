"""What phones show of a case once something was decided: the result, or nothing."""

import asyncio
from datetime import timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from ..base.push import Phone
from ..core.models import Approver, Case, CaseEvent, CaseEventType, CaseState
from ..core.ports import Clock, People, PushBook
from .prompt_keys import Keys
from .prompt_phones import ApproverPhones
from .prompt_texts import PushTexts
from .prompt_voice import Voice
from .push_payload import Tone

JUST_CLOSED: Final = timedelta(hours=1)
LOOKED_AT: Final = 50  # cases; more are not answered at once

_WITH_RESULT = frozenset(
    {
        CaseEventType.APPROVED,
        CaseEventType.UNDONE,
        CaseEventType.SHARED,
        CaseEventType.FAILED,
    }
)


class ResultBook(PushBook, Protocol):
    """What is kept of pushes and cases."""

    async def async_history(
        self,
        before: int | None,
        limit: int,
        states: frozenset[CaseState] = frozenset(),
        *,
        flood: bool = True,
    ) -> tuple[tuple[Case, ...], int | None]:
        """Return the newest cases in these states."""


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

    async def async_resume(self) -> None:
        """Clear what was closed just before the last run ended: it may be shown still.

        On a phone that shows it no more this does nothing. Raises StoreError.
        """
        closed = frozenset({CaseState.CLOSED})
        cases, _ = await self._book.async_history(None, LOOKED_AT, closed, flood=False)
        since = self._clock.now() - JUST_CLOSED
        for case in cases:
            if case.closed_at and case.closed_at > since:
                await self._clear(case)

    async def _tell(self, event: CaseEvent) -> None:
        name = await self._name(event.user_id)
        text = self._texts.result(event, name, self._zone)
        told = await self._phones.async_pairs()
        await asyncio.gather(*(self._tell_phone(*each, event, text) for each in told))
        shown = await self._book.async_shown(event.case.case_id)
        others = shown - {phone.entry_id for _, phone in told}
        await self._phones.async_clear(others, event.case.case_id)

    async def _tell_phone(
        self, approver: Approver, phone: Phone, event: CaseEvent, text: str
    ) -> None:
        actions = [self._keys.review()]
        if event.type is CaseEventType.APPROVED and event.case.delivery:
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
            listed = self._phones.all_listed()
            await self._phones.async_clear(shown | listed, case.case_id)

    async def _name(self, user_id: str | None) -> str:
        person = await self._people.async_person(user_id) if user_id else None
        return (person.name if person else "") or "Clip Consent"
