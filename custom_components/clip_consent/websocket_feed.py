"""What the panel is shown: cases, with signed paths to their drafts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.http.auth import async_sign_path
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .base.links import public_url
from .const import DOMAIN, SIGNAL_STARTED
from .core.disclosure import camera_view, place_view
from .core.models import Case, ClosedReason, Invite, Trust
from .core.serial import Json, utc_text
from .entity import loaded_manager
from .home.manager import HomeManager
from .messages import Speech, async_speech
from .websocket_command import LANGUAGE

SIGNED_FOR: Final = timedelta(minutes=15)


def case_view(
    speech: Speech, connection: ActiveConnection, manager: HomeManager, case: Case
) -> dict[str, Json]:
    """Return a case for an approver's session, with signed paths to its draft."""
    shown = manager.reading.view(
        case,
        user_name=manager.user_name,
        problem_text=speech.problem,
        sentence=speech.screening,
    )
    draft = shown["draft"]
    if isinstance(draft, dict) and case.draft and manager.reading.keeps_draft(case):
        base = f"/api/{DOMAIN}/draft/{case.case_id}/{case.draft.sha256}"
        for kind, name in (
            ("video", case.draft.file if case.draft.frames else None),
            ("still", case.draft.still),
            ("sheet", case.draft.sheet),
        ):
            if name:
                draft[kind] = async_sign_path(
                    speech.hass,
                    f"{base}/{kind}",
                    SIGNED_FOR,
                    refresh_token_id=connection.refresh_token_id,
                )
    offer = shown["offer"]
    if case.offer and case.offer.first and isinstance(offer, dict):
        offer["first_is_you"] = case.offer.first.user_id == connection.user.id
    return shown


class Feed:
    """One subscription: it goes on when the home is set up anew."""

    def __init__(
        self, speech: Speech, connection: ActiveConnection, number: int
    ) -> None:
        """Keep whom to tell, and in which language."""
        self._speech = speech
        self._hass = speech.hass
        self._connection = connection
        self._number = number
        self._removers: list[Callable[[], None]] = []
        self._ended = False
        self._approver = False
        self._asks = False  # may ask neighbours

    async def async_follow(self) -> None:
        """Send a snapshot and follow the home, if it is set up."""
        self._leave()
        manager = loaded_manager(self._hass)
        if manager is None:
            return
        user = self._connection.user
        self._approver = await manager.reading.async_is_approver(user.id)
        self._asks = self._approver or user.is_admin
        if self._ended or self._removers:
            return  # the panel was closed meanwhile, or the home has started again
        self._send(self._snapshot(manager))

        @callback
        def changed(case: Case) -> None:
            if case.closed is not ClosedReason.OVER_LIMIT:  # nor is it in the history
                self._send(self._change(manager, case))

        self._removers.append(manager.on_case(changed))
        if self._asks:
            self._removers.append(manager.neighbours.on_change(self._neighbours))
        if self._approver:
            self._removers.append(manager.on_progress(self._progressed))
            self._removers.append(
                manager.notices.board.on_change(
                    lambda: self._send(
                        {"event": "notices", "notices": _notices(manager)}
                    )
                )
            )

    @callback
    def _leave(self) -> None:
        while self._removers:
            self._removers.pop()()

    def follow_restarts(self) -> Callable[[], None]:
        """Follow the home again whenever it starts; the answer ends all."""
        remove = async_dispatcher_connect(self._hass, SIGNAL_STARTED, self.async_follow)

        @callback
        def stop() -> None:
            self._ended = True
            remove()
            self._leave()

        return stop

    def _send(self, event: dict[str, Json]) -> None:
        self._connection.send_event(self._number, event)

    @callback
    def _progressed(self, case_id: str, doing: str, done: float) -> None:
        self._send(
            {"event": "progress", "case_id": case_id, "doing": doing, "done": done}
        )

    @callback
    def _neighbours(self) -> None:
        """Tell that what `neighbours` answers has changed."""
        self._send({"event": "neighbours", "now": utc_text(dt_util.utcnow())})

    def _change(self, manager: HomeManager, case: Case) -> dict[str, Json]:
        shown = self._view(manager, case) if self._approver else None
        return {
            "event": "case",
            "now": utc_text(dt_util.utcnow()),
            "waiting": manager.waiting,
            "accepting": manager.accepting,
            "case": shown,
        }

    def _view(self, manager: HomeManager, case: Case) -> dict[str, Json]:
        return case_view(self._speech, self._connection, manager, case)

    def _invite(self, invite: Invite) -> dict[str, Json]:
        link = public_url(self._hass, f"ask/{invite.token}")
        ends = invite.expires_at
        return {
            "label": invite.label,
            "kind": "personal" if invite.trust is Trust.INVITED else "public",
            "url": link.url,
            "external": link.external,
            "expired": ends is not None and ends <= dt_util.utcnow(),
        }

    def _snapshot(self, manager: HomeManager) -> dict[str, Json]:
        snapshot: dict[str, Json] = {
            "event": "snapshot",
            "now": utc_text(dt_util.utcnow()),
            "approver": self._approver,
            "admin": self._connection.user.is_admin,
            "accepting": manager.accepting,
            "waiting": manager.waiting,
            "notices": None,
            "time_zone": str(manager.time_zone),
            "neighbours": self._asks
            and bool(manager.neighbours.hubs or manager.neighbours.asked.all()),
            "home": None,
            "cameras": [],
            "invites": [],
            "cases": [],
        }
        if self._approver:
            snapshot["notices"] = _notices(manager)
            snapshot["home"] = place_view(manager.place) if manager.place else None
            snapshot["cameras"] = [
                camera_view(camera)
                for camera in manager.cameras.values()
                if camera.offered
            ]
            snapshot["invites"] = [self._invite(invite) for invite in manager.invites]
            snapshot["cases"] = [
                self._view(manager, case) for case in manager.reading.open_cases()
            ]
        return snapshot


def _notices(manager: HomeManager) -> int | None:
    """Return how many notices are shown, None where no hub is followed."""
    desk = manager.notices
    return len(desk.board.listed()) if desk.reaches() else None


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/subscribe", **LANGUAGE}
)
@websocket_api.async_response
async def ws_subscribe(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Follow the cases: everything for approvers, counts for others."""
    speech = await async_speech(hass, msg["language"])
    feed = Feed(speech, connection, msg["id"])
    connection.subscriptions[msg["id"]] = feed.follow_restarts()
    connection.send_result(msg["id"])
    await feed.async_follow()
