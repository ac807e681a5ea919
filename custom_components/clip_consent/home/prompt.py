"""Asks the approvers on their phones, and hands their taps to the manager."""

import asyncio
from collections.abc import Collection, Container, Coroutine, Mapping, Sequence
from datetime import timedelta
import logging
from typing import Any, Final
from weakref import WeakValueDictionary

from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventOrigin,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.start import async_at_started

from ..base.push import Phone
from ..const import DOMAIN
from ..core.approval import TAP_EVENT, Tap
from ..core.errors import ClipConsentError
from ..core.models import Approver, Case, CaseEvent, CaseEventType
from ..core.ports import Alarm, Clock, Decisions, Ids, People
from ..core.settings import HomeSettings
from ..core.telling import Told
from .prompt_digest import Digests
from .prompt_keys import Keys
from .prompt_notice import Notice, warn
from .prompt_phones import ApproverPhones
from .prompt_progress import ENDED, ProgressBars
from .prompt_remind import RemindBook, Reminders
from .prompt_results import Results
from .prompt_risk import async_note_risk
from .prompt_texts import PushTexts
from .prompt_voice import Voice
from .push_payload import ACTION_PREFIX, Tone

_LOGGER = logging.getLogger(__name__)
NOBODY: Final = Told()
RESULTS: Final = f"{DOMAIN} push results"
NEW_OFFER: Final = f"{DOMAIN} push new offer"
PATIENCE: Final = 5.0  # seconds; a push that takes longer has lost its server
_AWAITED: Final = frozenset({RESULTS, NEW_OFFER, ENDED})
# after these nobody has to be told any more that a case waits
_DECIDED = frozenset({CaseEventType.APPROVED, CaseEventType.CLOSED})


class PhonePrompter:
    """Pushes through the companion apps of the approvers."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        approvers: Mapping[str, Approver],
        people: People,
        book: RemindBook,
        clock: Clock,
        ids: Ids,
        settings: HomeSettings,
        alarm: Alarm,
        texts: PushTexts,
    ) -> None:
        """Keep the tools; `listen` starts hearing taps."""
        self._hass = hass
        self._approvers = approvers
        self._people = people
        self._book = book
        self._clock = clock
        self._keys = Keys(book=book, people=people, ids=ids, texts=texts)
        self._settings = settings
        self._alarm = alarm
        self._phones = ApproverPhones(
            hass, approvers=approvers, people=people, alarm=alarm
        )
        self._texts = texts
        self._voice = Voice(
            book=book, phones=self._phones, clock=clock, settings=settings, texts=texts
        )
        self.bars = ProgressBars(
            book=book,
            clock=clock,
            host=self,
            phones=self._phones,
            texts=texts,
            voice=self._voice,
        )
        self._results = Results(
            book=book,
            clock=clock,
            keys=self._keys,
            people=people,
            phones=self._phones,
            texts=texts,
            voice=self._voice,
            zone=settings.time_zone,
        )
        self.digests = Digests(
            hass, book=book, clock=clock, settings=settings, host=self
        )
        self._reminders = Reminders(
            hass, book=book, clock=clock, before=settings.reminder, audience=self
        )
        self._notice = Notice(hass, book=book, clock=clock, alarm=alarm, texts=texts)
        self._started = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # --- taps

    def listen(self, decisions: Decisions) -> CALLBACK_TYPE:
        """Hand taps to the manager until the answer is called."""

        async def heard(event: Event) -> None:
            token = event.data["action"].removeprefix(ACTION_PREFIX)
            tap = Tap(
                event_type=str(event.event_type),
                remote=event.origin is EventOrigin.remote,
                parent_id=event.context.parent_id,
                user_id=event.context.user_id,
            )
            try:
                counted = await decisions.async_tap(tap, token)
            except ClipConsentError as err:
                _LOGGER.warning("An answer from a phone did not count: %s", err)
                return
            _LOGGER.debug("An answer from a phone counted: %s", counted)

        remove = self._hass.bus.async_listen(TAP_EVENT, heard, event_filter=_is_ours)
        wait_no_more = async_at_started(self._hass, self._begin)

        def stop() -> None:
            remove()
            wait_no_more()
            self.digests.stop()
            self._reminders.stop()
            for task in self._tasks:
                task.cancel()

        return stop

    @callback
    def _begin(self, _hass: HomeAssistant) -> None:
        """Begin to push: before the start is over, phones may not be there yet."""
        self._started.set()
        self.do(self._go_on(), f"{DOMAIN} push digests")

    async def _go_on(self) -> None:
        try:
            # first of all: what is decided from now on tells phones by itself
            cut_off = await self._book.async_stale()
            await async_note_risk(self._book, self._people, self._clock)
            await self.digests.async_resume(self._approvers)
            now = await self._phones.async_all_reachable()
            self._alarm.clear_others("push_misaddressed", now)
            await self._notice.async_resume(now)
            await self._reminders.async_resume()
            await self._results.async_resume(self, cut_off)
            await self.bars.async_resume()
        except ClipConsentError as err:
            warn("What was kept back could not be read", err)

    def do(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Do something while nobody waits for it."""
        task = self._hass.async_create_background_task(work, name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- questions

    async def async_ask(self, case: Case) -> Told:
        """Push a new request to every approver, within the limits."""
        async with self.turn(case.case_id):
            await self._started.wait()
            told = await asyncio.gather(
                *(self._ask_approver(each, case) for each in self._approvers.values())
            )
        if all(each == NOBODY for each in told):
            await self._note({case.case_id}, reached=False)
        elif any(each.pushed for each in told):  # what waits has reached nobody yet
            await self._note({case.case_id}, reached=True)
        await self._reminders.async_told(case)
        return Told(
            pushed=sum(each.pushed for each in told),
            later=sum(each.later for each in told),
        )

    async def _note(self, case_ids: set[str], *, reached: bool) -> None:
        """Show whether cases reached anybody."""
        if reached:
            await self._notice.async_reached()
        else:
            await self._notice.async_show(
                case_ids, await self._phones.async_all_reachable()
            )

    async def _ask_approver(self, approver: Approver, case: Case) -> Told:
        """Return whether the approver was told, or will be by the digest."""
        mine = await self._phones.async_reachable(approver)
        if not mine:
            return NOBODY
        async with self.digests.turn(approver.user_id):
            if wait := await self.digests.async_wait(approver.user_id):
                await self.digests.async_keep_back(approver.user_id, case.case_id, wait)
                return Told(later=1)
            sent = await asyncio.gather(
                *(self._ask_phone(approver, phone, case) for phone in mine)
            )
            if any(sent):
                await self._book.async_pushed(approver.user_id, self._clock.now())
        return Told(pushed=1) if any(sent) else NOBODY

    async def _ask_phone(
        self,
        approver: Approver,
        phone: Phone,
        case: Case,
        *,
        tone: Tone = Tone.LOUD,
        again: bool = False,
    ) -> bool:
        actions = await self._keys.async_question(approver, phone, case)
        hide = phone.entry_id in approver.hide_details
        say = self._texts.reminder if again else self._texts.request
        return await self._voice.async_say(
            phone,
            say(case, self._settings.cameras, self._settings.time_zone, hide=hide),
            actions,
            case_id=case.case_id,
            tone=tone,
            image=None if hide else _still(case),
        )

    async def async_ask_again(self, case: Case) -> None:
        """Replace the pushes of a case by its new offer, without a sound.

        What they offered is void. Returns at once, as `async_settle`.
        """
        self.do(self._ask_again(case), NEW_OFFER)

    async def _ask_again(self, case: Case) -> None:
        await self._started.wait()
        try:
            await self._replace(case, Tone.AGAIN)
            self._reminders.follow(case)
        except ClipConsentError as err:
            warn("A new offer could not be pushed", err)

    async def async_tell_found(self, case: Case) -> None:
        """Replace the pushes of a case, for which nothing was found before.

        The limits counted it when it was new. Where they kept it back, the digest
        stands for it still; it does so too where it is quiet just now.
        """
        await self._started.wait()
        reached = await self._replace(case, Tone.LOUD)
        if reached is None:
            return
        await self._note({case.case_id}, reached=reached)
        for user_id in await self.async_showing(case.case_id):
            if self.quiet_left(user_id):
                async with self.digests.turn(user_id):
                    wait = await self.digests.async_wait(user_id)
                    await self.digests.async_keep_back(user_id, case.case_id, wait)
        await self._reminders.async_told(case)

    async def _replace(self, case: Case, tone: Tone) -> bool | None:
        """Push a case anew to the phones that show it.

        Return whether one was reached, None if none shows it.
        """
        async with self.turn(case.case_id):
            asked = await self._book.async_asked(case.case_id)
            return await self.async_renew(case, asked, tone) if asked else None

    async def async_renew(self, case: Case, phones: Container[str], tone: Tone) -> bool:
        """Push a case anew to these phones; return whether one was reached."""
        renewed = [
            self._ask_phone(approver, phone, case, tone=tone)
            for approver, phone in await self._phones.async_pairs()
            if phone.entry_id in phones
        ]
        return any(await asyncio.gather(*renewed))

    # --- reminders

    async def async_showing(self, case_id: str) -> list[str]:
        """Return the approvers whose phones show a case as a question."""
        asked = await self._book.async_asked(case_id)
        pairs = await self._phones.async_pairs()
        showing = [one.user_id for one, phone in pairs if phone.entry_id in asked]
        return list(dict.fromkeys(showing))

    async def async_digested(self, case_id: str) -> list[str]:
        """Return the approvers whom a digest told of a case."""
        return await self.digests.async_told_of(self._approvers, case_id)

    def quiet_left(self, user_id: str) -> timedelta:
        """Return how long an approver's quiet hours go on."""
        return self._voice.quiet_left(user_id)

    async def async_remind(
        self, case: Case, user_ids: Collection[str], *, first: bool = False
    ) -> bool:
        """Push a case once more to the phones of these approvers that show it.

        It is the `first` push of those whom a digest told of it: it goes to all of
        their phones. Return whether one was reached.
        """
        asked = await self._book.async_asked(case.case_id)
        renewed = [
            self._ask_phone(approver, phone, case, again=True)
            for approver, phone in await self._phones.async_pairs()
            if (first or phone.entry_id in asked) and approver.user_id in user_ids
        ]
        return any(await asyncio.gather(*renewed))

    # --- results

    async def async_settle(self, event: CaseEvent) -> None:
        """Replace the pushes of a case by what became of it, or clear them.

        Returns at once: nobody who decides waits for a phone.
        """
        self.do(self._settle(event), RESULTS)

    async def _settle(self, event: CaseEvent) -> None:
        async with self.turn(event.case.case_id):
            await self._started.wait()
            if event.type in _DECIDED:
                self._reminders.forget(event.case.case_id)
                await self._notice.async_forget(event.case.case_id)
            try:
                await self._results.async_show(event)
                if event.type in _DECIDED:
                    await self.digests.async_forget(self._approvers, event.case.case_id)
            except ClipConsentError as err:
                warn("A result could not be pushed", err)

    async def async_finish(self) -> None:
        """Wait a moment for results that are on their way: without them buttons stay.

        What is cut off all the same is cleared by the next start.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while self._started.is_set() and (left := until - loop.time()) > 0:
            last = {t for t in self._tasks if t.get_name() in _AWAITED}
            if not last:
                return
            await asyncio.wait(last, timeout=left)

    def turn(self, case_id: str) -> asyncio.Lock:
        """Return the lock that keeps a case's pushes in their order."""
        return self._turns.setdefault(case_id, asyncio.Lock())

    async def async_clear_digest(self, user_id: str) -> None:
        """Take the push of what waits off an approver's phones."""
        await self._phones.async_clear(self._approvers[user_id].phones, None)

    async def async_send_digest(self, user_id: str, case_ids: Sequence[str]) -> None:
        """Send the one push that stands for what the limits kept back."""
        text = self._texts.digest(len(case_ids))
        actions = [self._keys.review()]
        only = case_ids[0] if len(case_ids) == 1 else None
        sent = [
            await self._voice.async_say(phone, text, actions, case_id=None, about=only)
            for phone in await self._phones.async_reachable(self._approvers[user_id])
        ]
        await self._note(set(case_ids), reached=any(sent))
        await self._reminders.async_digested(user_id, case_ids)


@callback
def _is_ours(data: Mapping[str, object]) -> bool:
    action = data.get("action")
    if not isinstance(action, str) or not action.isascii():
        return False
    return action.startswith(ACTION_PREFIX)


def _still(case: Case) -> str | None:
    if case.draft is None or case.draft.still is None:
        return None
    return f"/api/{DOMAIN}/draft/{case.case_id}/{case.draft.sha256}/still"
