"""How loud a push is: without a sound where an approver has quiet hours just now."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from ..base.push import Phone
from ..core.ports import Clock, PushBook
from ..core.quiet import quiet_left
from ..core.settings import HomeSettings
from .prompt_phones import ApproverPhones
from .prompt_texts import PushTexts
from .push_payload import Action, Tone, payload


class Voice:
    """Says something on a phone; every push with words goes through here."""

    def __init__(
        self,
        *,
        book: PushBook,
        phones: ApproverPhones,
        clock: Clock,
        settings: HomeSettings,
        texts: PushTexts,
    ) -> None:
        """Keep the tools."""
        self._book = book
        self._phones = phones
        self._clock = clock
        self._settings = settings
        self._texts = texts

    def quiet_left(self, user_id: str) -> timedelta:
        """Return how long an approver's quiet hours go on: not at all, if zero."""
        return quiet_left(
            self._settings.quiet.get(user_id),
            self._clock.now(),
            self._settings.time_zone,
        )

    async def async_say(
        self,
        phone: Phone,
        message: str,
        actions: Sequence[Action],
        *,
        case_id: str | None,
        tone: Tone = Tone.LOUD,
        hushed: Tone = Tone.SILENT,
        **more: Any,
    ) -> bool:
        """Push to a phone; return whether it was sent.

        `hushed` is what `tone` becomes in quiet hours; `more`: see `payload`. Raises
        StoreError if it could not be noted.
        """
        if self.quiet_left(phone.user_id):
            tone = hushed
        sent = await self._phones.async_push(
            phone,
            title=self._texts.say("title"),
            message=message,
            data=payload(
                phone.system, case_id=case_id, actions=actions, tone=tone, **more
            ),
        )
        if sent and case_id is not None:
            await self._book.async_told(case_id, {phone.entry_id})
        return sent
