"""Tells of answers to this home's own requests: automations, and approvers' phones.

What is to be told is kept with the answer itself. An event is told no second time:
written down first, it could be lost in a crash, but not doubled. A push is written down
once it was handed over: again it would take the place of the same one.
"""

from collections.abc import Callable, Sequence
from functools import partial

from ..core.own_news import Answered, looked_at, pushed, told, unseen
from ..core.own_requests import OwnRequest
from ..core.ports import AnswerPusher
from ..core.settings import Portal
from .own_kept import OwnRequests

type AnsweredListener = Callable[[Answered], None]


class OwnNews:
    """What came and was not told, or not looked at."""

    def __init__(
        self,
        requests: OwnRequests,
        portals: Sequence[Portal],
        pushes: AnswerPusher | None,
    ) -> None:
        """Keep the tools."""
        self._requests = requests
        self._portals = {portal.hub: portal for portal in portals}
        self._pushes = pushes
        self._listeners: list[AnsweredListener] = []

    def on_answered(self, listener: AnsweredListener) -> Callable[[], None]:
        """Hear of answers; what this returns ends it."""
        self._listeners.append(listener)

        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    async def async_tell(self) -> None:
        """Tell what nobody was told of yet. Raises StoreError."""
        for own in self._requests.all():
            if own.untold:
                await self._async_tell_one(own)
        if self._pushes:
            for hub, portal in self._portals.items():
                await self._async_push(self._pushes, hub, portal)

    async def _async_tell_one(self, own: OwnRequest) -> None:
        after = await self._requests.async_change(own.request_id, told)
        portal = self._portals.get(own.hub)
        said = Answered(
            label=portal.title if portal else "",
            request_id=own.request_id,
            answers=len(own.untold),
            waiting=unseen(after),
        )
        for listener in tuple(self._listeners):
            listener(said)

    async def _async_push(self, pushes: AnswerPusher, hub: str, portal: Portal) -> None:
        """Push once for all that came of a hub; later, while there are no phones."""
        mine = [own for own in self._requests.all() if own.hub == hub]
        if not any(own.unpushed for own in mine):
            return
        count = sum(unseen(own) for own in mine)
        if count and not await pushes.async_tell(portal, count):
            return
        for own in mine:
            change = partial(pushed, delivery_ids=own.unpushed)
            await self._requests.async_change(own.request_id, change)

    async def async_see(self) -> None:
        """Note that an approver looked at all there is. Raises StoreError."""
        hubs = set[str]()
        for own in self._requests.all():
            if own.unseen or own.unpushed:
                await self._requests.async_change(own.request_id, looked_at)
                hubs.add(own.hub)
        self.forget(hubs)

    def forget(self, hubs: set[str]) -> None:
        """Take pushes away of hubs of which nothing is new any more."""
        new = {own.hub for own in self._requests.all() if unseen(own)}
        for hub in hubs - new:
            if self._pushes and (portal := self._portals.get(hub)):
                self._pushes.clear(portal.portal_id)
