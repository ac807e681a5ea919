"""The approvers' phones: which there are, and how something gets onto them."""

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ..base.push import Outcome, Phone, async_push, phones
from ..core.approval import check_person
from ..core.models import Approver
from ..core.ports import Alarm, People
from .push_payload import Tone, bar_tag, clearing, payload, tag


class ApproverPhones:
    """Finds the phones of approvers as they are now, and pushes to them."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        approvers: Mapping[str, Approver],
        people: People,
        alarm: Alarm,
    ) -> None:
        """Keep the tools."""
        self._hass = hass
        self._approvers = approvers
        self._people = people
        self._alarm = alarm

    def listed(self, approver: Approver) -> tuple[Phone, ...]:
        """Return an approver's own phones that are to be asked on."""
        return tuple(
            phone
            for phone in phones(self._hass)
            if phone.entry_id in approver.phones and phone.user_id == approver.user_id
        )

    def all_listed(self) -> set[str]:
        """Return the phones of all approvers, whether they may answer or not."""
        return {
            phone.entry_id
            for approver in self._approvers.values()
            for phone in self.listed(approver)
        }

    async def async_reachable(self, approver: Approver) -> tuple[Phone, ...]:
        """Return an approver's phones, none while they may not answer."""
        person = await self._people.async_person(approver.user_id)
        return () if check_person(person) else self.listed(approver)

    async def async_pairs(self) -> list[tuple[Approver, Phone]]:
        """Return the phones that would be pushed to, each with whose it is."""
        return [
            (approver, phone)
            for approver in self._approvers.values()
            for phone in await self.async_reachable(approver)
        ]

    async def async_all_reachable(self) -> set[str]:
        """Return the ids of the phones that would be pushed to."""
        return {phone.entry_id for _, phone in await self.async_pairs()}

    async def async_push(
        self, phone: Phone, *, title: str, message: str, data: dict[str, Any]
    ) -> bool:
        """Send a push; tell the owner if it would have gone to the wrong phone."""
        outcome = await async_push(
            self._hass, phone, title=title, message=message, data=data
        )
        if outcome is Outcome.MISADDRESSED:
            self._alarm.raise_alarm(
                "push_misaddressed", about=phone.entry_id, phone=phone.name
            )
        elif outcome is Outcome.SENT:
            self._alarm.clear_alarm("push_misaddressed", about=phone.entry_id)
        return outcome is Outcome.SENT

    async def async_push_quietly(
        self, phone: Phone, *, title: str, message: str, about: str, link: str
    ) -> None:
        """Send a push without a sound or buttons; a newer one about it replaces it."""
        data = payload(
            phone.system, case_id=about, actions=[], link=link, tone=Tone.SILENT
        )
        await self.async_push(phone, title=title, message=message, data=data)

    async def async_clear(
        self, entry_ids: Collection[str], case_id: str | None
    ) -> None:
        """Take a case, or without one the digest, off these phones."""
        await asyncio.gather(
            *(
                self._clear(phone, tag(case_id))
                for phone in phones(self._hass)
                if phone.entry_id in entry_ids
            )
        )

    async def async_end_bars(self, case_id: str) -> None:
        """Take the Live Activity of a case off the phones that draw one."""
        await asyncio.gather(
            *(
                self._clear(phone, bar_tag(case_id))
                for _, phone in await self.async_pairs()
                if phone.live
            )
        )

    async def _clear(self, phone: Phone, name: str) -> None:
        message, data = clearing(name)
        await self.async_push(phone, title="", message=message, data=data)
