"""WebSocket commands about notices of hubs; docs/interfaces.md, section 5."""

from collections.abc import Callable
from typing import Any, Final

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import DOMAIN, SIGNAL_STARTED
from .core.errors import NotAllowedError
from .core.notice_outbox import written_view
from .core.notices import notice_view
from .core.serial import Json, utc_text
from .entity import loaded_manager
from .home.manager import HomeManager
from .messages import Speech, async_speech
from .websocket_command import LANGUAGE, command, session_of
from .websocket_feed import case_view


class NoticeFeed:
    """One subscription: it goes on when the home is set up anew."""

    def __init__(
        self, speech: Speech, connection: ActiveConnection, number: int
    ) -> None:
        """Keep whom to tell, and in which language."""
        self._speech = speech
        self._connection = connection
        self._number = number
        self._remove: Callable[[], None] | None = None
        self._ended = False

    async def async_follow(self) -> None:
        """Send what is shown, now and after every change, if the home is set up."""
        self._leave()
        manager = loaded_manager(self._speech.hass)
        if manager is None:
            return
        user_id = self._connection.user.id
        approver = await manager.reading.async_is_approver(user_id)
        if self._ended or self._remove:
            return  # the panel was closed meanwhile, or the home has started again

        @callback
        def send() -> None:
            told = _snapshot(manager, self._speech) if approver else {**_NOTHING}
            told |= {"now": utc_text(dt_util.utcnow()), "approver": approver}
            self._connection.send_event(self._number, told)

        self._remove = manager.notices.board.on_change(send)
        send()

    @callback
    def _leave(self) -> None:
        remove, self._remove = self._remove, None
        if remove:
            remove()

    def follow_restarts(self) -> Callable[[], None]:
        """Follow the home again whenever it starts; the answer ends all."""
        remove = async_dispatcher_connect(
            self._speech.hass, SIGNAL_STARTED, self.async_follow
        )

        @callback
        def stop() -> None:
            self._ended = True
            remove()
            self._leave()

        return stop


_NOTHING: Final[dict[str, Json]] = {"notices": [], "written": [], "hubs": []}


def _snapshot(manager: HomeManager, speech: Speech) -> dict[str, Json]:
    desk, now = manager.notices, dt_util.utcnow()
    return {
        "notices": [
            notice_view(notice, portal, comments=desk.takes_comments(notice.recipient))
            for portal, notice in desk.board.listed()
        ],
        "written": [
            {
                **written_view(written, portal.title, waits, now),
                "problem_text": speech.problem(written.problem)
                if written.problem
                else None,
            }
            for portal, written, waits in desk.written()
        ],
        "hubs": [
            {
                "portal_id": reach.portal.portal_id,
                "label": reach.portal.title,
                "cell": reach.cell,
                "cells": list(reach.cells),
            }
            for reach in desk.reaches()
        ],
    }


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/notices", **LANGUAGE}
)
@websocket_api.async_response
async def ws_notices(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Follow the notices of hubs, and what is sent in from here: approvers alone."""
    speech = await async_speech(hass, msg["language"])
    feed = NoticeFeed(speech, connection, msg["id"])
    connection.subscriptions[msg["id"]] = feed.follow_restarts()
    connection.send_result(msg["id"])
    await feed.async_follow()


_NOTICE: Final = {vol.Required("portal_id"): str, vol.Required("notice_id"): str}


@command("dismiss_notice", _NOTICE)
async def ws_dismiss_notice(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Show a notice no more, to nobody in this home."""
    await manager.notices.async_put_away(
        msg["portal_id"], msg["notice_id"], connection.user.id
    )
    return {}


@command(
    "comment",
    {
        **_NOTICE,
        vol.Required("text"): str,
        vol.Optional("identity", default=""): str,
    },
)
async def ws_comment(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Draft a comment: a case of its own, which waits for Approve."""
    case = await manager.notices.async_comment(
        msg["portal_id"],
        msg["notice_id"],
        msg["text"],
        connection.user.id,
        identity=msg["identity"],
    )
    speech = await async_speech(hass, msg["language"])
    return {"case": case_view(speech, connection, manager, case)}


@command(
    "send_notice",
    {
        vol.Required("portal_id"): str,
        vol.Required("title"): str,
        vol.Required("text"): str,
        vol.Optional("cells", default=list): vol.All([str], vol.Length(max=9)),
        vol.Optional("comments", default=True): bool,
    },
)
async def ws_send_notice(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Send a notice in for moderation: only from a login of the approver's own."""
    if not session_of(hass, connection).own_login:
        raise NotAllowedError("session_not_own")
    written = await manager.notices.async_send(
        msg["portal_id"],
        msg["title"],
        msg["text"],
        connection.user.id,
        cells=msg["cells"],
        comments=msg["comments"],
    )
    return {"written_id": written}


@command("take_back_notice", {vol.Required("written_id"): str})
async def ws_take_back_notice(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Do not send a notice that waits."""
    await manager.notices.async_take_back(msg["written_id"], connection.user.id)
    return {}


COMMANDS: Final = (
    *(ws_notices, ws_dismiss_notice, ws_comment),
    *(ws_send_notice, ws_take_back_notice),
)
