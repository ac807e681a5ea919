"""Tells the moderators of a hub what waits, and hears what they tap.

What is published is public for good: so a push has a button for it only where it shows
all of it, and only on a phone whose answer nobody on the way can forge. Every other
decision begins in the app. A button's key is good once, for one moderator and phone.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import hashlib
from typing import Any, Final

from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventOrigin,
    HassJob,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store

from .base.push import Phone
from .const import DOMAIN, HUB_PANEL_PATH, LOGGER
from .core.approval import (
    TAP_EVENT,
    Decision,
    Rejection,
    Tap,
    Token,
    check_push_answer,
    may_tap,
)
from .core.errors import ClipConsentError
from .core.hub_models import RefusalReason, Waiting
from .core.limits import PUSH_DAY, PUSH_INTERVAL, PUSHES_PER_DAY
from .core.models import Approver
from .core.ports import Alarm, Clock, Ids, People
from .home.prompt_phones import ApproverPhones
from .home.push_payload import Action, Tone, clearing, payload, tag
from .hub.manager import HubManager
from .moderators_texts import ModeratorTexts

ACTION_PREFIX: Final = "CLIPHUB_"  # not that of a home's answers
DIGEST: Final = "hub_digest"
_STORE: Final = f"{DOMAIN}.moderators"


@dataclass(slots=True)
class Told:
    """What the phones show: by item the phones, and the keys of their buttons."""

    items: dict[str, list[str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)  # by digest
    pushed: list[datetime] = field(default_factory=list)
    counted: datetime | None = None  # when the last count was told
    uncounted: bool = False  # whether there is more than that told of

    def forget(self, item_id: str) -> None:
        """Void all that there is of an item."""
        self.items.pop(item_id, None)
        self.tokens = {
            digest: token
            for digest, token in self.tokens.items()
            if token["item"] != item_id
        }

    def has_room(self, now: datetime) -> bool:
        """Say whether the limits of pushes leave room for another."""
        self.pushed = [at for at in self.pushed if now - PUSH_DAY < at <= now]
        latest = max(self.pushed, default=None)
        return len(self.pushed) < PUSHES_PER_DAY and (
            latest is None or now - latest >= PUSH_INTERVAL
        )

    def count_waits(self, now: datetime) -> timedelta:
        """Return how long a count still has to wait; no flood makes them many."""
        if self.counted is None or self.counted > now:
            return timedelta()
        return max(timedelta(), self.counted + PUSH_INTERVAL - now)


class Moderators:
    """Pushes through the companion apps of a hub's moderators."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        manager: HubManager,
        people: People,
        moderators: Mapping[str, Approver],
        alarm: Alarm,
        clock: Clock,
        ids: Ids,
        texts: ModeratorTexts,
    ) -> None:
        """Keep the tools; `async_start` begins."""
        self._hass = hass
        self._manager = manager
        self._people = people
        self._moderators = moderators
        self._clock = clock
        self._ids = ids
        self._texts = texts
        self._phones = ApproverPhones(
            hass, approvers=moderators, people=people, alarm=alarm
        )
        self._store = moderators_store(hass)
        self._told = Told()
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._end_wait: CALLBACK_TYPE = lambda: None  # for the next count

    async def async_start(self) -> CALLBACK_TYPE:
        """Follow the hub and hear taps until the answer is called."""
        kept = await self._store.async_load() or {}
        self._told = Told(items=kept.get("items", {}), tokens=kept.get("tokens", {}))
        removers = [
            self._hass.bus.async_listen(
                TAP_EVENT, self._async_heard, event_filter=_is_ours
            ),
            self._manager.on_change(self._look),
            # before the start is over, phones may not be there yet
            async_at_started(self._hass, self._look),
        ]

        @callback
        def stop() -> None:
            for remove in removers:
                remove()
            self._end_wait()
            if self._task:
                self._task.cancel()

        return stop

    # --- what waits

    @callback
    def _look(self, *_: object) -> None:
        """Look at what waits, once more if it changes meanwhile."""
        self._again = True
        if self._hass.is_running and (self._task is None or self._task.done()):
            self._task = self._hass.async_create_background_task(
                self._async_look(), f"{DOMAIN} moderators"
            )

    async def _async_look(self) -> None:
        while self._again:
            self._again = False
            try:
                waiting = await self._manager.async_waiting()
                async with self._turn:
                    await self._async_tell(waiting)
            except ClipConsentError as err:
                LOGGER.warning("The moderators could not be told: %s", err.code)

    async def _async_tell(self, waiting: Sequence[Waiting]) -> None:
        ids = {one.id for one in waiting}
        over = [one for one in self._told.items if one not in ids]
        fresh = [one for one in waiting if one.id not in self._told.items]
        for item_id in over:
            phones = self._told.items[item_id]
            self._told.forget(item_id)
            await self._async_clear(phones, f"hub_{item_id}")
        if over and not waiting:
            phones = [phone.entry_id for _, phone in await self._phones.async_pairs()]
            await self._async_clear(phones, DIGEST)
        for one in fresh:
            await self._async_tell_one(one)
        await self._async_count(len(waiting))
        if over or fresh:
            await self._async_keep()

    async def _async_count(self, count: int) -> None:
        """Tell how much waits if more does than was told of: now, or when it may."""
        self._told.uncounted = self._told.uncounted and count > 0
        if not self._told.uncounted:
            return
        now = self._clock.now()
        if wait := self._told.count_waits(now):
            self._look_after(wait)
            return
        self._told.counted, self._told.uncounted = now, False
        pairs = await self._phones.async_pairs()
        await asyncio.gather(*(self._digest(phone, count) for _, phone in pairs))

    def _look_after(self, wait: timedelta) -> None:
        self._end_wait()
        job = HassJob(self._look, "count of moderation", cancel_on_shutdown=True)
        self._end_wait = async_call_later(self._hass, wait, job)

    async def _async_tell_one(self, one: Waiting) -> None:
        pairs = await self._phones.async_pairs()
        self._told.items[one.id] = [phone.entry_id for _, phone in pairs]
        if not self._told.has_room(self._clock.now()):
            self._told.uncounted = True
            return
        text = self._texts.waiting(one)
        prepared = [
            (phone, await self._async_actions(moderator, phone, one, whole=text.whole))
            for moderator, phone in pairs
        ]
        await self._async_keep()  # a key that is not kept could not be answered with
        sent = [
            await self._phones.async_push(
                phone,
                title=text.title,
                message=text.message,
                data=payload(
                    phone.system,
                    case_id=f"hub_{one.id}",
                    actions=actions,
                    link=f"/{HUB_PANEL_PATH}?item={one.id}",
                ),
            )
            for phone, actions in prepared
        ]
        if any(sent):
            self._told.pushed.append(self._clock.now())

    async def _digest(self, phone: Phone, count: int) -> None:
        await self._phones.async_push(
            phone,
            title=self._texts.say("title"),
            message=self._texts.say("many", count=count),
            data=payload(
                phone.system,
                case_id=DIGEST,
                actions=[Action(title=self._texts.say("review"), key=None)],
                link=f"/{HUB_PANEL_PATH}",
                tone=Tone.SILENT,
            ),
        )

    async def _async_actions(
        self, moderator: Approver, phone: Phone, one: Waiting, *, whole: bool
    ) -> list[Action]:
        review = Action(title=self._texts.say("review"), key=None)
        person = await self._people.async_person(moderator.user_id)
        if not whole or person is None or person.local_only:
            return [review]
        if not may_tap(person, phone.entry_id):
            return [review]

        def button(word: str, decision: Decision) -> Action:
            return Action(
                title=self._texts.say(word),
                key=ACTION_PREFIX + self._mint(one.id, moderator, phone, decision),
                unlock=True,
                destructive=decision is Decision.DECLINE,
            )

        return [
            button("publish", Decision.APPROVE),
            review,
            button("refuse", Decision.DECLINE),
        ]

    def _mint(
        self, item_id: str, moderator: Approver, phone: Phone, decision: Decision
    ) -> str:
        token = self._ids.new_id()
        self._told.tokens[_digest_of(token)] = {
            "item": item_id,
            "user": moderator.user_id,
            "phone": phone.entry_id,
            "decision": decision.value,
        }
        return token

    async def _async_clear(self, entry_ids: Sequence[str], name: str) -> None:
        message, data = clearing(tag(name))
        for _, phone in await self._phones.async_pairs():
            if phone.entry_id in entry_ids:
                await self._phones.async_push(
                    phone, title="", message=message, data=data
                )

    async def _async_keep(self) -> None:
        await self._store.async_save(
            {"items": self._told.items, "tokens": self._told.tokens}
        )

    # --- taps

    async def _async_heard(self, event: Event) -> None:
        digest = _digest_of(event.data["action"].removeprefix(ACTION_PREFIX))
        tap = Tap(
            event_type=str(event.event_type),
            remote=event.origin is EventOrigin.remote,
            parent_id=event.context.parent_id,
            user_id=event.context.user_id,
        )
        async with self._turn:
            token = self._token(digest)
            rejection = await self._async_rejection(tap, token)
            if rejection or token is None:
                LOGGER.warning("An answer from a phone did not count: %s", rejection)
                return
            # no other button of this item counts any more, whatever comes of this one
            phones = self._told.items.get(token.case_id, [])
            self._told.forget(token.case_id)
            self._told.items[token.case_id] = phones
            await self._async_keep()
        await self._async_decide(token)

    def _token(self, digest: str) -> Token | None:
        kept = self._told.tokens.get(digest)
        if kept is None:
            return None
        return Token(
            digest=digest,
            case_id=kept["item"],
            offer_id="",
            user_id=kept["user"],
            phone=kept["phone"],
            decision=Decision(kept["decision"]),
            spent=False,
            void=False,
        )

    async def _async_rejection(self, tap: Tap, token: Token | None) -> Rejection | None:
        """Return the first clause that fails: both answers are held to the same."""
        person = None
        if token is not None:
            person = await self._people.async_person(token.user_id)
        rejection = check_push_answer(tap, token, person)
        if rejection or token is None or person is None:
            return rejection
        if person.local_only:
            return Rejection.LOCAL_ONLY_USER
        if not may_tap(person, token.phone):
            return Rejection.UNENCRYPTED_PHONE
        return None

    async def _async_decide(self, token: Token) -> None:
        try:
            if token.decision is Decision.APPROVE:
                await self._manager.async_publish(token.case_id, token.user_id)
            else:
                await self._manager.async_refuse(
                    token.case_id, RefusalReason.NO_REASON_TOLD, token.user_id
                )
        except ClipConsentError as err:
            LOGGER.warning("A moderator's answer changed nothing: %s", err.code)
            await self._async_tell_failed(token.case_id)

    async def _async_tell_failed(self, item_id: str) -> None:
        """Show that an answer came to nothing: no button of that push counts now."""
        shown = self._told.items.get(item_id, [])
        for _, phone in await self._phones.async_pairs():
            if phone.entry_id in shown:
                await self._phones.async_push(
                    phone,
                    title=self._texts.say("title"),
                    message=self._texts.say("failed"),
                    data=payload(
                        phone.system,
                        case_id=f"hub_{item_id}",
                        actions=[Action(title=self._texts.say("review"), key=None)],
                        link=f"/{HUB_PANEL_PATH}?item={item_id}",
                    ),
                )


def moderators_store(hass: HomeAssistant) -> Store[dict[str, Any]]:
    """Return where it is kept what the phones show."""
    return Store(hass, 1, _STORE, private=True)


def _digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@callback
def _is_ours(data: Mapping[str, Any]) -> bool:
    action = data.get("action")
    return isinstance(action, str) and action.startswith(ACTION_PREFIX)
