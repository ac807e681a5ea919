"""Who may ask neighbours, and what they are shown: the edges' way to `neighbours`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..core.errors import ConflictError, NotFoundError
from ..core.geo import Circle, Point
from ..core.hub_terms import AskTerms
from ..core.own_answers import AnswerState
from ..core.own_requests import Asking, OwnRequest, OwnState, area_around
from ..core.settings import Portal
from .deciding import Deciding
from .neighbours import Neighbours
from .reading import Reading
from .workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class HubToAsk:
    """A hub that takes requests of neighbours, and its limits."""

    portal: Portal
    terms: AskTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceToAsk:
    """A place to ask around: the home, or one of its cameras. On the grid."""

    camera_id: str | None
    name: str
    point: Point


class NeighbourDesk:
    """Asking is for approvers, admins and automations; answers are for approvers."""

    def __init__(
        self,
        bench: Workbench,
        reading: Reading,
        deciding: Deciding,
    ) -> None:
        """Keep the tools."""
        self.asked = Neighbours(bench)
        self._bench = bench
        self._reading = reading
        self._deciding = deciding

    # --- what can be asked

    @property
    def hubs(self) -> tuple[HubToAsk, ...]:
        """The hubs that can be asked, as far as is known by now."""
        return tuple(
            HubToAsk(portal=follower.portal, terms=follower.known.terms)
            for follower in self.asked.followers
            if follower.known.may_ask
        )

    @property
    def places(self) -> tuple[PlaceToAsk, ...]:
        """The places around which can be asked: no finer than the grid."""
        home = self._bench.settings.home()
        found = [PlaceToAsk(camera_id=None, name="", point=home)] if home else []
        found += [
            PlaceToAsk(
                camera_id=camera.camera_id,
                name=camera.name,
                point=camera.viewpoint.place,
            )
            for camera in self._bench.settings.cameras.values()
            if camera.viewpoint
        ]
        return tuple(found)

    async def async_area(
        self, camera_id: str | None, radius: float, user_id: str | None
    ) -> Circle:
        """Return the area around a place of this home.

        Raises NotFoundError, ConflictError if nobody knows where it is, and
        InvalidRequestError.
        """
        await self._reading.async_require_standing(user_id)
        if camera_id is not None:
            camera_id = self._bench.settings.camera_id(camera_id)
        for place in self.places:
            if place.camera_id == camera_id:
                return area_around(place.point, radius)
        raise ConflictError("place_unknown")

    async def async_ask(self, asking: Asking, user_id: str | None) -> OwnRequest:
        """Ask neighbours through a hub."""
        await self._reading.async_require_standing(user_id)
        return await self.asked.async_ask(asking, user_id)

    # --- what was asked

    async def async_all(self, user_id: str | None) -> tuple[OwnRequest, ...]:
        """Return what was asked, newest first."""
        await self._reading.async_require_standing(user_id)
        return self.asked.all()

    async def async_end(
        self, request_id: str, how: OwnState, user_id: str | None
    ) -> OwnRequest:
        """Withdraw or resolve a request."""
        await self._reading.async_require_standing(user_id)
        self._asked(request_id)
        return await self.asked.async_end(request_id, how, user_id)

    async def async_note(
        self, request_id: str, text: str, user_id: str | None
    ) -> OwnRequest:
        """Add a follow-up to a request that is published, for moderation."""
        await self._reading.async_require_standing(user_id)
        self._asked(request_id)
        return await self.asked.notes.async_write(request_id, text, user_id)

    async def async_forget(self, request_id: str, user_id: str | None) -> None:
        """Forget a request that is over, and what came for it."""
        await self._deciding.async_require_approver(user_id)
        self._asked(request_id)
        await self.asked.async_forget(request_id)

    async def async_see(self, user_id: str | None) -> None:
        """Note that an approver looked at what came: no phone tells of it any more."""
        await self._deciding.async_require_approver(user_id)
        await self.asked.news.async_see()

    async def async_clip(self, request_id: str, delivery_id: str, user_id: str) -> Path:
        """Return a clip that a neighbour sent. Raises NotFoundError for all others."""
        if not await self._reading.async_is_approver(user_id):
            raise NotFoundError("answer_not_found")
        for answer in self._asked(request_id).answers:
            clip = answer.state is AnswerState.HERE and answer.text is None
            if clip and answer.delivery_id == delivery_id:
                return self._bench.answers.clip(request_id, delivery_id)
        raise NotFoundError("answer_not_found")

    def _asked(self, request_id: str) -> OwnRequest:
        """Return a request. Raises NotFoundError, for a notice too."""
        own = self.asked.get(request_id)
        if own.is_notice:
            raise NotFoundError("own_request_not_found")
        return own

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self._bench.now()

    def title_of(self, request: OwnRequest) -> str:
        """Return what the owner calls the hub of a request, empty if it has left."""
        titles = {hub.hub: hub.title for hub in self._bench.settings.portals}
        return titles.get(request.hub, "")

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Hear that a request changed, or came; the answer ends it."""
        return self.asked.on_change(listener)
