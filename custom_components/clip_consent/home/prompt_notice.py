"""What says, beside the push, that no phone could show a request.

Which requests those are is in the store: the home starts anew with every changed
setting, and what is said must end with them all the same.
"""

import asyncio
import json
import logging
from typing import Final, Protocol

from homeassistant.components.persistent_notification import (
    async_create as async_show_notification,
    async_dismiss as async_hide_notification,
)
from homeassistant.core import HomeAssistant, callback

from ..const import DOMAIN
from ..core.errors import ClipConsentError, StoreError
from ..core.models import Case
from ..core.ports import Alarm, Clock
from .prompt_digest import Book
from .prompt_texts import NO_PHONE_TITLE, PushTexts

_LOGGER = logging.getLogger(__name__)

NOTIFICATION: Final = f"{DOMAIN}_no_phone"
_KEY: Final = "unreached"


class NoticeBook(Book, Protocol):
    """What is kept of pushes, and which cases are open."""

    async def async_open_cases(self) -> tuple[Case, ...]:
        """Return the cases that are not over."""


class Notice:
    """A repair issue and a notification, as long as nobody was told of some case."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        book: NoticeBook,
        clock: Clock,
        alarm: Alarm,
        texts: PushTexts,
    ) -> None:
        """Keep the tools; what an earlier run left is read when it is first needed."""
        self._hass = hass
        self._book = book
        self._clock = clock
        self._alarm = alarm
        self._texts = texts
        self._turn = asyncio.Lock()
        self._known = False
        self._cases: set[str] = set()  # that none of the phones could show
        self._phones: set[str] = set()  # that could not show them

    async def async_resume(self, phones: set[str]) -> None:
        """Look at what an earlier run left: cases may be over, phones may be mended.

        A phone that was not there then is not known to fail.
        """
        async with self._turn:
            await self._learn()
            still = self._cases & {
                case.case_id for case in await self._book.async_open_cases()
            }
            await self._say(set() if phones - self._phones else still)

    async def async_show(self, case_ids: set[str], phones: set[str]) -> None:
        """Say that cases could not be shown by any of these phones."""
        async with self._turn:
            await self._learn()
            await self._say(self._cases | case_ids, phones)

    async def async_reached(self) -> None:
        """Take it back: phones can be reached."""
        async with self._turn:
            await self._learn()
            await self._say(set())

    async def async_forget(self, case_id: str) -> None:
        """Take it back with the last of the cases it was about."""
        async with self._turn:
            await self._learn()
            if case_id in self._cases:
                self._cases.discard(case_id)
                await self._keep()
                if not self._cases:
                    self._hide()

    async def _learn(self) -> None:
        """Read what an earlier run left; a store that fails stops no push."""
        if self._known:
            return
        try:
            left = json.loads(await self._book.async_setting(_KEY, "{}"))
        except StoreError as err:
            warn("Which requests reached no phone is unknown", err)
            return
        self._cases |= set(left.get("cases", ()))
        self._phones |= set(left.get("phones", ()))
        self._known = True

    async def _say(self, case_ids: set[str], phones: set[str] | None = None) -> None:
        before = (self._cases, self._phones)
        self._cases = case_ids
        self._phones = self._phones if phones is None else phones
        if self._cases:
            self._show()
        else:
            self._phones = set()
            self._hide()
        if (self._cases, self._phones) != before:
            await self._keep()

    def _show(self) -> None:
        self._alarm.raise_alarm("no_phone")
        async_show_notification(
            self._hass, self._texts.no_phone(), NO_PHONE_TITLE, NOTIFICATION
        )

    def _hide(self) -> None:
        self._alarm.clear_alarm("no_phone")
        hide_notice(self._hass)

    async def _keep(self) -> None:
        """Keep it; a store that refuses must not make anybody push twice."""
        left = {"cases": sorted(self._cases), "phones": sorted(self._phones)}
        try:
            await self._book.async_set(_KEY, json.dumps(left), [], self._clock.now())
        except StoreError as err:
            warn("Which requests reached no phone was not kept", err)


@callback
def hide_notice(hass: HomeAssistant) -> None:
    """Take the notification away; also that of a home which is none any more."""
    async_hide_notification(hass, NOTIFICATION)


def warn(what: str, err: ClipConsentError) -> None:
    """Warn of what could not be done; a home that closes is no trouble."""
    closing = isinstance(err, StoreError) and err.code == "store_closed"
    _LOGGER.log(logging.DEBUG if closing else logging.WARNING, "%s: %s", what, err)
