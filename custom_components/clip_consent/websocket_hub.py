"""What the moderators of a hub see and decide; docs/interfaces.md, section 10."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .base.links import public_url
from .base.portal_keys import hub_words
from .const import DOMAIN, SIGNAL_HUB_STARTED
from .core.errors import ClipConsentError, NotAllowedError
from .core.hub_models import Comment, PostedNotice, RefusalReason, Waiting
from .core.portal_items import area_json
from .core.serial import Json, utc_text
from .entity import async_hub, loaded_hub
from .hub.manager import HubManager
from .websocket_command import LANGUAGE, answered, session_of

type Handler = Callable[
    [HomeAssistant, ActiveConnection, dict[str, Any], HubManager],
    Coroutine[Any, Any, Json],
]


def _moderates(connection: ActiveConnection, hub: HubManager) -> bool:
    user = connection.user
    return user.is_active and (user.is_admin or user.id in hub.settings.moderators)


def _command(name: str, fields: dict[Any, Any]) -> Callable[[Handler], Any]:
    """Make a command that decides: of a moderator's or an admin's own login only."""

    def decorate(handler: Handler) -> Any:  # the type of HA's own decorators
        @wraps(handler)
        async def answer(
            hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
        ) -> Json:
            hub = await async_hub(hass)
            own_login = session_of(hass, connection).own_login
            if not _moderates(connection, hub) or not own_login:
                raise NotAllowedError("moderators_only")
            return await handler(hass, connection, msg, hub)

        return answered(f"hub/{name}", fields, answer)

    return decorate


@_command("publish", {vol.Required("item_id"): str})
async def ws_hub_publish(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    hub: HubManager,
) -> Json:
    """Publish what waits."""
    await hub.async_publish(msg["item_id"], connection.user.id)
    return {}


@_command(
    "refuse",
    {vol.Required("item_id"): str, vol.Required("reason"): vol.Coerce(RefusalReason)},
)
async def ws_hub_refuse(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    hub: HubManager,
) -> Json:
    """Do not publish what waits; the reason is counted in public."""
    await hub.async_refuse(msg["item_id"], msg["reason"], connection.user.id)
    return {}


@_command(
    "redact",
    {
        vol.Required("n"): vol.All(int, vol.Range(min=1, max=2**53)),
        vol.Required("why"): str,
    },
)
async def ws_hub_redact(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    hub: HubManager,
) -> Json:
    """Take the text of an entry of the log away, and say why in its place."""
    await hub.async_redact(msg["n"], msg["why"], connection.user.id)
    return {}


@_command(
    "post_notice",
    {
        vol.Required("title"): str,
        vol.Required("text"): str,
        vol.Optional("cells", default=None): vol.Any(None, [str]),
        vol.Optional("comments", default=True): bool,
    },
)
async def ws_hub_post_notice(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    hub: HubManager,
) -> Json:
    """Publish a notice of the operator's: to all of the hub's cells, or to some."""
    cells = hub.settings.cells if msg["cells"] is None else tuple(msg["cells"])
    return {
        "id": await hub.async_post_notice(
            *(msg["title"], msg["text"], cells, connection.user.id),
            comments=msg["comments"],
        )
    }


@_command("withdraw_notice", {vol.Required("notice_id"): str})
async def ws_hub_withdraw_notice(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    hub: HubManager,
) -> Json:
    """Take back a notice of the operator's; the log says so, and keeps it."""
    await hub.async_withdraw_notice(msg["notice_id"], connection.user.id)
    return {}


@_command("comments", {vol.Required("notice_id"): str})
async def ws_hub_comments(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    hub: HubManager,
) -> Json:
    """Open what homes said to a notice of the operator's: for moderators alone."""
    read = await hub.async_comments(msg["notice_id"])
    return {
        "comments": [_comment(one) for one in read.comments],
        "unreadable": read.unreadable,
        "more": read.more,
    }


class _Feed:
    """One subscription: it goes on when the hub is set up anew."""

    def __init__(
        self, hass: HomeAssistant, connection: ActiveConnection, number: int
    ) -> None:
        """Keep whom to tell."""
        self._hass = hass
        self._connection = connection
        self._number = number
        self._leave: Callable[[], None] | None = None
        self._ended = False

    @callback
    def follow(self) -> None:
        """Follow the hub of now, and say what waits."""
        self.leave()
        if (hub := loaded_hub(self._hass)) is not None and not self._ended:
            self._leave = hub.on_change(self.tell)
            self.tell()

    @callback
    def tell(self) -> None:
        """Say what waits now."""
        self._hass.async_create_task(self._async_tell(), eager_start=True)

    async def _async_tell(self) -> None:
        hub = loaded_hub(self._hass)
        if hub is None or self._ended:
            return
        moderates = _moderates(self._connection, hub)
        try:
            waiting = await hub.async_waiting() if moderates else []
            notices = await hub.async_notices() if moderates else []
        except ClipConsentError:
            return  # it is being stopped: the next start tells
        if not self._ended:
            said = _snapshot(self._hass, hub, waiting, moderates=moderates)
            told: Json = {**said, "notices": [_posted(one) for one in notices]}
            self._connection.send_event(self._number, told)

    @callback
    def leave(self) -> None:
        """Follow nothing."""
        if self._leave:
            self._leave()
            self._leave = None

    @callback
    def end(self) -> None:
        """Say nothing more."""
        self._ended = True
        self.leave()


@websocket_api.websocket_command(
    {vol.Required("type"): f"{DOMAIN}/hub/subscribe", **LANGUAGE}
)
@callback
def ws_hub_subscribe(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell a panel what waits, now and after every change."""
    feed = _Feed(hass, connection, msg["id"])
    remove = async_dispatcher_connect(hass, SIGNAL_HUB_STARTED, feed.follow)

    @callback
    def end() -> None:
        remove()
        feed.end()

    connection.subscriptions[msg["id"]] = end
    connection.send_result(msg["id"])
    feed.follow()


COMMANDS = (
    ws_hub_subscribe,
    ws_hub_publish,
    ws_hub_refuse,
    ws_hub_redact,
    ws_hub_post_notice,
    ws_hub_withdraw_notice,
    ws_hub_comments,
)


def _snapshot(
    hass: HomeAssistant, hub: HubManager, waiting: list[Waiting], *, moderates: bool
) -> dict[str, Json]:
    page = public_url(hass, "portal")
    return {
        "now": utc_text(dt_util.utcnow()),
        "moderator": moderates,
        "name": hub.settings.name,
        "words": hub_words(hub.hub),
        "url": page.url,
        "external": page.external,
        "cells": list(hub.settings.cells),
        "requesters": len(hub.settings.requesters),
        "open_seconds": int(hub.settings.limits.open.total_seconds()),
        "counts": {
            "waiting": hub.waiting,
            "open": hub.open_requests,
            "drop_use": hub.drop_use,
            "drop_max": hub.settings.limits.drops_max_bytes,
        },
        "waiting": [_waiting(one) for one in waiting],
    }


def _waiting(one: Waiting) -> Json:
    who = one.requester
    return {
        "id": one.id,
        "kind": one.kind.value,
        "submitted_at": utc_text(one.submitted_at),
        "title": one.title,
        "text": one.text,
        "requester": {
            "name": who.name,
            "organisation": who.organisation,
            "kind": who.kind.value,
            "verified_how": who.verified_how,
        }
        if who
        else None,
        "contact": one.contact,
        "case_number": one.case_number,
        "start": utc_text(one.window.start) if one.window else None,
        "end": utc_text(one.window.end) if one.window else None,
        "area": area_json(one.area) if one.area else None,
        "cells": list(one.cells),
        "about": one.about,
    }


def _posted(one: PostedNotice) -> Json:
    return {
        "id": one.id,
        "title": one.title,
        "text": one.text,
        "cells": list(one.cells),
        "posted_at": utc_text(one.posted_at),
        "expires_at": utc_text(one.expires_at),
        "state": one.state,
        "comments": one.comments,
    }


def _comment(one: Comment) -> Json:
    """Return a comment: a stranger's words, and nothing that says whose home it was."""
    return {
        "delivery_id": one.delivery_id,
        "came_at": utc_text(one.came_at),
        "text": one.text,
        "identity": one.identity,
    }
