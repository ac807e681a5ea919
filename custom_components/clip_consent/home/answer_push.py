"""Answers of neighbours on phones: without a sound, and without a word of theirs."""

import asyncio
from collections.abc import Mapping
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from ..base.push import Phone
from ..const import DOMAIN
from ..core.models import Approver
from ..core.ports import Alarm, People
from ..core.settings import Portal
from .prompt_phones import ApproverPhones
from .prompt_texts import PushTexts
from .push_payload import PANEL_PATH

LINK: Final = f"{PANEL_PATH}?tab=neighbours"
WORK: Final = f"{DOMAIN} push answers"


class AnswerPushes:
    """Pushes that neighbours answered: a result, so no limit of requests counts it."""

    def __init__(
        self,
        hass: HomeAssistant,
        approvers: Mapping[str, Approver],
        people: People,
        alarm: Alarm,
        texts: PushTexts,
    ) -> None:
        """Keep the tools; `listen` waits for the start to be over."""
        self._hass = hass
        self._phones = ApproverPhones(
            hass, approvers=approvers, people=people, alarm=alarm
        )
        self._texts = texts
        self._started = False
        self._order = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self) -> CALLBACK_TYPE:
        """Begin once the phones are there; the answer ends it."""

        @callback
        def begin(_: HomeAssistant) -> None:
            self._started = True

        wait_no_more = async_at_started(self._hass, begin)

        def stop() -> None:
            wait_no_more()
            for task in self._tasks:
                task.cancel()

        return stop

    async def async_tell(self, portal: Portal, count: int) -> bool:
        """Say how many answers of a hub are new; False while there are no phones."""
        if not self._started:
            return False
        async with self._order:
            pairs = await self._phones.async_pairs()
            await asyncio.gather(
                *(
                    self._async_push(
                        phone,
                        portal,
                        count,
                        hide=phone.entry_id in approver.hide_details,
                    )
                    for approver, phone in pairs
                )
            )
        return True

    def clear(self, portal_id: str) -> None:
        """Take that away: somebody has looked, on whichever device."""
        work = self._async_clear(portal_id)
        task = self._hass.async_create_background_task(work, WORK)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _async_push(
        self, phone: Phone, portal: Portal, count: int, *, hide: bool
    ) -> None:
        await self._phones.async_push_quietly(
            phone,
            title=self._texts.say("answer_title"),
            message=self._texts.answers(portal.title, count, hide=hide),
            about=_about(portal.portal_id),
            link=LINK,
        )

    async def _async_clear(self, portal_id: str) -> None:
        async with self._order:
            await self._phones.async_clear(self._phones.all_listed(), _about(portal_id))


def _about(portal_id: str) -> str:
    """Return what a hub's push is tagged by: a newer one takes its place."""
    return f"answers_{portal_id}"
