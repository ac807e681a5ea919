"""Notices on phones: only where an approver wants that, few, and without a sound."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
import json
from typing import Any, Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from ..base.push import Phone
from ..const import DOMAIN
from ..core.errors import ClipConsentError
from ..core.models import Approver
from ..core.notices import may_push, pushes_of
from ..core.ports import Alarm, Clock, People, PortalBook
from ..core.settings import Portal
from .prompt_notice import warn
from .prompt_phones import ApproverPhones
from .prompt_texts import PushTexts
from .push_payload import PANEL_PATH

LINK: Final = f"{PANEL_PATH}?tab=notices"
WORK: Final = f"{DOMAIN} push notices"


class NoticePushes:
    """Pushes that there are notices: words of ours and the owner's name for the hub."""

    def __init__(
        self,
        hass: HomeAssistant,
        approvers: Mapping[str, Approver],
        people: People,
        book: PortalBook,
        clock: Clock,
        alarm: Alarm,
        texts: PushTexts,
    ) -> None:
        """Keep the tools; `listen` waits for the start to be over."""
        self._hass = hass
        # whoever wants notices on none of their phones is asked nothing
        self._wanting = [
            replace(each, phones=tuple(sorted(each.notices)))
            for each in approvers.values()
            if each.notices
        ]
        self._book = book
        self._clock = clock
        self._phones = ApproverPhones(
            hass, approvers=approvers, people=people, alarm=alarm
        )
        self._texts = texts
        self._started = asyncio.Event()
        self._order = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def listen(self) -> CALLBACK_TYPE:
        """Begin once the phones are there; the answer ends it."""

        @callback
        def begin(_: HomeAssistant) -> None:
            self._started.set()

        wait_no_more = async_at_started(self._hass, begin)

        def stop() -> None:
            wait_no_more()
            for task in self._tasks:
                task.cancel()

        return stop

    def tell(self, portal: Portal, fresh: int) -> None:
        """Say how many new notices a hub has, within the limits."""
        self._do(self._async_tell(portal, fresh))

    def clear(self, portal_id: str) -> None:
        """Take that away: no notice of that hub is shown any more."""
        self._do(self._async_clear(portal_id))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._hass.async_create_background_task(work, WORK)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _async_tell(self, portal: Portal, fresh: int) -> None:
        await self._started.wait()
        async with self._order:
            for approver in self._wanting:
                try:
                    await self._async_tell_approver(approver, portal, fresh)
                except ClipConsentError as err:
                    warn("A notice could not be pushed", err)

    async def _async_tell_approver(
        self, approver: Approver, portal: Portal, fresh: int
    ) -> None:
        mine = await self._phones.async_reachable(approver)
        key, now = f"notice_pushes:{approver.user_id}", self._clock.now()
        times = json.loads(await self._book.async_setting(key, "[]"))
        pushed = [datetime.fromisoformat(time) for time in times]
        if not mine or not may_push(pushed, now):
            return
        # counted first: a store that fails here must not make a push every time
        kept = [when.isoformat() for when in pushes_of(pushed, now)]
        await self._book.async_set(key, json.dumps([*kept, now.isoformat()]), (), now)
        for phone in mine:
            hide = phone.entry_id in approver.hide_details
            await self._async_push(phone, portal, fresh, hide=hide)

    async def _async_push(
        self, phone: Phone, portal: Portal, fresh: int, *, hide: bool
    ) -> None:
        await self._phones.async_push_quietly(
            phone,
            title=self._texts.say("notice_title"),
            message=self._texts.notices(portal.title, fresh, hide=hide),
            about=_about(portal.portal_id),
            link=LINK,
        )

    async def _async_clear(self, portal_id: str) -> None:
        await self._started.wait()
        async with self._order:
            wanted = {one for each in self._wanting for one in each.phones}
            await self._phones.async_clear(wanted, _about(portal_id))


def _about(portal_id: str) -> str:
    """Return what a hub's push is tagged by: a newer one takes its place."""
    return f"notices_{portal_id}"
