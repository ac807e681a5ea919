"""Asking neighbours: what this home asks through its hubs, and what comes of it.

What is asked is kept before it is sent, and sent under the same key until the hub has
it: so nothing is lost and nothing is asked twice. After that a hub hears of it in the
moments in which it is asked anyway, and at none that somebody here chose.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
import logging
import secrets
from typing import Final

from ..base.unsealing import new_secret, recipient_of
from ..base.wholly import wholly
from ..core.errors import (
    ClipConsentError,
    ConflictError,
    InvalidRequestError,
    LimitError,
    NotFoundError,
    PortalError,
)
from ..core.ledger import Line
from ..core.own_published import followed_own, held_to_sent
from ..core.own_requests import (
    ALIVE,
    ENDS,
    OWN_KEPT,
    OWN_OPEN_MAX,
    Asking,
    OwnRequest,
    OwnState,
    check_own,
    is_awaited,
    listed_own,
    own_state,
    taken_back,
    tidied_words,
    trying,
    unsent,
)
from ..core.portal_known import Followed
from ..core.serial import Json
from .answer_fetching import AnswerFetching
from .own_news import OwnNews
from .own_notes import OwnNotes
from .portals.hub_asker import UnsentError
from .portals.hub_follower import HubFollower
from .workbench import Workbench

_LOGGER = logging.getLogger(__name__)

SEND_MAX: Final = 30.0  # seconds that somebody who asks waits for the hub
_INBOX_BYTES: Final = 32

type Change = Callable[[OwnRequest], OwnRequest]
type Changed = Callable[[], None]


class Neighbours:
    """The requests of this home. Raises StoreError when the disk refuses."""

    def __init__(self, bench: Workbench) -> None:
        """Keep the tools; `async_begin` reads what is known."""
        self._bench = bench
        self._followers: Mapping[str, HubFollower] = {}
        self._own: dict[str, OwnRequest] = {}
        self._order = asyncio.Lock()
        self._listeners: list[Changed] = []
        self._askable: set[str] = set()  # hubs that could be asked last time
        self.fetching = AnswerFetching(bench.answers, self)
        self.notes = OwnNotes(bench, self)
        self.news = OwnNews(self, bench.settings.portals, bench.answer_pushes)

    # --- life

    async def async_begin(self) -> None:
        """Read what was asked, and go on with it."""
        own = await self._bench.store.own.async_all()
        self._own = {one.request_id: one for one in own}
        await self._async_tidy()

    async def async_stop(self) -> None:
        """Stop what is being fetched; it goes on after the next start."""
        await self.fetching.async_stop()

    async def async_tidy(self) -> None:
        """Forget what is long over, and clips whose time has come; tell what is new."""
        await self._async_tidy()
        await self.news.async_tell()

    async def async_tell(self) -> None:
        """Tell of what came. Raises StoreError."""
        await self.news.async_tell()

    async def _async_tidy(self) -> None:
        now = self._bench.now()
        for own in self._newest():
            if own_state(own, now) not in ALIVE and now >= own.asked_at + OWN_KEPT:
                await self._async_remove(own, ())
                continue
            await self.fetching.async_tidy(own, now)
        await self._bench.answers.async_clean(set(self._own))

    # --- what is asked

    def all(self) -> tuple[OwnRequest, ...]:
        """Return what was asked, newest first: no notices."""
        return tuple(own for own in self._newest() if not own.is_notice)

    def _newest(self) -> list[OwnRequest]:
        own = self._own.values()
        return sorted(own, key=lambda one: one.asked_at, reverse=True)

    def get(self, request_id: str) -> OwnRequest:
        """Return one. Raises NotFoundError."""
        if (own := self._own.get(request_id)) is None:
            raise NotFoundError("own_request_not_found")
        return own

    @property
    def notices(self) -> tuple[OwnRequest, ...]:
        """What waits for comments on notices of this home."""
        return tuple(own for own in self._newest() if own.is_notice)

    def notice(self, request_id: str) -> OwnRequest | None:
        """Return what waits for comments on a notice, None if nothing does."""
        own = self._own.get(request_id)
        return own if own and own.is_notice else None

    def asked_with(self, recipient: str | None) -> bool:
        """Tell whether a request, or a notice, that is published is of this home."""
        return any(own.recipient == recipient for own in self._own.values())

    def held(self, hub: str, known: Followed) -> Followed:
        """Hold what a hub published to what this home sent to it."""
        return held_to_sent(known, [o for o in self._own.values() if o.hub == hub])

    @property
    def followers(self) -> tuple[HubFollower, ...]:
        """The hubs that are followed."""
        return tuple(self._followers.values())

    def _following(self, own: OwnRequest) -> list[HubFollower]:
        """Return who follows the hub of a request: nobody once it was removed."""
        return [one for one in self.followers if one.portal.hub == own.hub]

    def follow(self, followers: Mapping[str, HubFollower]) -> None:
        """Take the hubs that can be asked, by portal."""
        self._followers = followers

    @wholly
    async def async_ask(self, asking: Asking, user_id: str | None) -> OwnRequest:
        """Ask, and return what was kept: sent, or to be sent as soon as the hub is up.

        Raises InvalidRequestError, LimitError, NotFoundError and ConflictError: then
        nothing was asked.
        """
        follower = self._to_ask(asking.portal)
        now = self._bench.now()
        self._check_room(now)
        own = self._made(asking, follower, user_id, now)
        terms = follower.known.terms
        check_own(own, now=now, limits=terms.limits, cells=follower.known.cells)
        async with self._order:
            asked = line("neighbours_asked", own, user_id=user_id)
            await self._bench.store.own.async_save(own, [asked], now)
            self._own[own.request_id] = own
        try:
            async with asyncio.timeout(SEND_MAX):
                own = await self._async_send(own, follower)
        except TimeoutError, PortalError:
            pass  # it is sent in one of the slots to come
        except (LimitError, InvalidRequestError) as err:
            refused = line("neighbours_refused", own, problem=err.code)
            await self._async_remove(own, [refused])
            raise
        self._tell()
        return own

    def _to_ask(self, named: str | None) -> HubFollower:
        """Return the hub that is meant, by its id or the owner's name for it."""
        takes = [one for one in self.followers if one.known.may_ask]
        if named is not None:
            takes = [one for one in takes if named in _names(one)]
        if not takes:
            raise NotFoundError("no_hub_to_ask")
        if len(takes) > 1:
            raise ConflictError("hub_ambiguous")
        return takes[0]

    def _check_room(self, now: datetime) -> None:
        alive = [own for own in self.all() if own_state(own, now) in ALIVE]
        if len(alive) >= OWN_OPEN_MAX:
            raise LimitError("too_many_own_requests", most=str(OWN_OPEN_MAX))

    def _made(
        self, asking: Asking, follower: HubFollower, user_id: str | None, now: datetime
    ) -> OwnRequest:
        secret = new_secret()
        title, text = tidied_words(asking.title, asking.text)
        return OwnRequest(
            request_id=self._bench.ids.new_id(),
            hub=follower.portal.hub,
            user_id=user_id,
            asked_at=now,
            title=title,
            text=text,
            window=asking.window,
            area=asking.area,
            recipient=recipient_of(secret),
            secret=secret.hex(),
            inbox=secrets.token_urlsafe(_INBOX_BYTES),
            attempts=0,
        )

    @wholly
    async def async_await(self, own: OwnRequest) -> None:
        """Wait for comments on a notice that a hub has; again changes nothing."""
        async with self._order:
            if own.request_id not in self._own:
                await self._bench.store.own.async_save(own, [], self._bench.now())
                self._own[own.request_id] = own

    @wholly
    async def async_end(
        self, request_id: str, how: OwnState, user_id: str | None
    ) -> OwnRequest:
        """Take a request back, or say that it is done.

        A hub that cannot be reached is told in a slot to come; one that cannot have it
        is never sent it. Raises NotFoundError, ConflictError.
        """
        own, now = self.get(request_id), self._bench.now()
        if own_state(own, now) not in ENDS[how]:
            raise ConflictError("own_request_over")
        said = (
            line("neighbours_resolved", own, user_id=user_id)
            if how is OwnState.RESOLVED
            else line("neighbours_withdrawn", own, user_id=user_id)
        )
        own = await self.async_change(
            request_id, lambda one: taken_back(one, how), [said]
        )
        for follower in self._following(own):
            with suppress(TimeoutError, PortalError, LimitError, InvalidRequestError):
                async with asyncio.timeout(SEND_MAX):
                    own = await self._async_pay(own, follower)
        return own

    @wholly
    async def async_forget(self, request_id: str) -> None:
        """Forget a request that is over, its keys and what came for it.

        A hub that is still to be told of the end is told first, unless it was removed:
        then nobody ever will. Raises NotFoundError, ConflictError.
        """
        own = self.get(request_id)
        is_owed = own.owed and self._following(own)
        if own_state(own, self._bench.now()) in ALIVE or is_owed:
            raise ConflictError("own_request_alive")
        await self._async_remove(own, ())
        self.news.forget({own.hub})
        self._tell()

    # --- in the slots

    async def async_polled(self, follower: HubFollower) -> None:
        """Go on with what was asked of a hub, just after it was asked for its own."""
        done: list[str] = []
        for own in self._newest():
            if own.hub != follower.portal.hub:
                continue
            try:
                await self._async_go_on(own, follower)
                done.append(own.request_id)
            except ClipConsentError as err:
                _LOGGER.debug("A request to a hub has to wait: %s", err)
        await self._async_tidy()
        self.fetching.start(follower, done)
        askable = {one.portal.hub for one in self.followers if one.known.may_ask}
        if askable != self._askable:
            self._askable = askable
            self._tell()

    async def _async_go_on(self, own: OwnRequest, follower: HubFollower) -> None:
        own = await self.async_change(
            own.request_id, lambda one: followed_own(one, follower.known)
        )
        if own.item_id is None and not own.problem:
            await self._async_send_late(own, follower)
        own = self.get(own.request_id)
        if own.owed:
            own = await self._async_pay(own, follower)
        await self.notes.async_send(own, follower)
        if own.item_id is None or not is_awaited(own, self._bench.now()):
            return
        listed = await follower.asker.async_inbox(own)
        await self.async_change(own.request_id, lambda one: listed_own(one, listed))

    async def _async_send_late(self, own: OwnRequest, follower: HubFollower) -> None:
        """Send what could not be sent at once; nobody waits for it any more."""
        try:
            await self._async_send(own, follower)
        except (LimitError, InvalidRequestError) as err:
            code = err.code
            await self.async_change(
                own.request_id,
                lambda one: replace(one, problem=code, owed=None),
                [line("neighbours_refused", own, problem=code)],
            )

    async def _async_send(self, own: OwnRequest, follower: HubFollower) -> OwnRequest:
        """Send a request, unless it was taken back before any of it had left."""
        own = await self.async_change(own.request_id, trying)
        if own.ended and not own.owed:
            return own
        try:
            item_id = await follower.asker.async_submit(own)
        except UnsentError:
            await self.async_change(own.request_id, unsent)
            raise
        return await self.async_change(
            own.request_id, lambda one: replace(one, item_id=item_id)
        )

    async def _async_pay(self, own: OwnRequest, follower: HubFollower) -> OwnRequest:
        """Tell a hub of an end that it does not know of yet.

        What it may have without our having heard so is asked once more: it answers with
        what it calls it, and then it can be taken back.
        """
        if own.owed is None or own.problem:
            return own
        if own.item_id is None:
            own = await self._async_send(own, follower)
        if own.owed is None:
            return own
        await follower.asker.async_end(own, own.owed)
        return await self.async_change(
            own.request_id, lambda one: replace(one, owed=None)
        )

    # --- keeping

    async def async_change(
        self, request_id: str, change: Change, lines: Sequence[Line] = ()
    ) -> OwnRequest:
        """Keep what a request became. Raises NotFoundError if it was forgotten."""
        async with self._order:
            before = self.get(request_id)
            after = change(before)
            if after == before and not lines:
                return before
            await self._bench.store.own.async_save(after, lines, self._bench.now())
            self._own[request_id] = after
        self._tell()
        return after

    async def _async_remove(self, own: OwnRequest, lines: Sequence[Line]) -> None:
        async with self._order:
            now = self._bench.now()
            await self._bench.store.own.async_remove(own.request_id, lines, now)
            self._own.pop(own.request_id, None)
        await self._bench.answers.async_clean(set(self._own))

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self._bench.now()

    def on_change(self, listener: Changed) -> Callable[[], None]:
        """Hear that something changed; the answer ends it."""
        self._listeners.append(listener)

        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def _names(follower: HubFollower) -> tuple[str, ...]:
    portal = follower.portal
    return portal.portal_id, portal.title, portal.hub


def line(kind: str, own: OwnRequest, **data: Json) -> Line:
    """Return a ledger line about a request of this home."""
    said: dict[str, Json] = {"hub": own.hub, "request_id": own.request_id, **data}
    return Line(kind=kind, case_id=None, data=said)
