"""The portals of hubs: all that this home follows, each by itself."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
import logging
from typing import Final

from ...base.outbound import Door
from ...core.errors import NotFoundError, StoreError
from ...core.geo import Point
from ...core.portal_known import ALARMS
from ...core.ports import Alarm, Clock, HubIntake, Ids, PortalBook
from ...core.settings import Portal
from .hub_follower import OTHER_HUB, Held, HubFollower, Listener, Polled

_LOGGER = logging.getLogger(__name__)

RETRY: Final = 30.0  # seconds, while the disk refuses what has to be read first


class HttpPortals:
    """Follows hubs in the background; trouble with one holds up no other."""

    def __init__(
        self,
        portals: Sequence[Portal],
        *,
        door: Door | None,
        intake: HubIntake,
        book: PortalBook,
        alarm: Alarm,
        clock: Clock,
        ids: Ids,
        place: Callable[[], Point | None],
        polled: Polled,
        held: Held,
    ) -> None:
        """Keep the tools; `start` begins. Without a way out none is followed."""
        self._alarm = alarm
        self._listeners: list[Listener] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.followers = {
            portal.portal_id: HubFollower(
                portal,
                door=door,
                intake=intake,
                book=book,
                alarm=alarm,
                clock=clock,
                ids=ids,
                place=place,
                told=self._tell,
                polled=polled,
                held=held,
            )
            for portal in portals
            if door
        }

    def start(self) -> None:
        """Begin in the background."""
        for code in (*ALARMS, OTHER_HUB):
            self._alarm.clear_others(code, self.followers)
        self._tasks = [
            asyncio.create_task(_follow(follower))
            for follower in self.followers.values()
        ]

    async def async_stop(self) -> None:
        """Stop; what was being fetched is dropped."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        for follower in self.followers.values():
            await follower.async_stop()

    def reachable(self, portal_id: str) -> bool | None:
        """Return whether a hub was reached and believed; None: not asked yet."""
        follower = self.followers.get(portal_id)
        return follower.reachable if follower else None

    async def async_trust_anew(self, portal_id: str) -> None:
        """Believe a hub again after an alarm. Raises NotFoundError, StoreError."""
        follower = self.followers.get(portal_id)
        if follower is None:
            raise NotFoundError("portal_not_found")
        await follower.async_trust_anew()

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Hear when a hub is reached, or not any more; the answer ends it."""
        self._listeners.append(listener)

        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


async def _follow(follower: HubFollower) -> None:
    """Follow a hub; a fault of ours costs one slot, not all that come."""
    while True:
        try:
            await follower.async_begin()
            break
        except StoreError as err:
            _LOGGER.warning("What is known of a hub cannot be read: %s", err)
            await asyncio.sleep(RETRY)
    while True:
        try:
            await follower.async_follow()
        except Exception:
            _LOGGER.exception("Asking a hub ended in a fault; the next slot goes on")
