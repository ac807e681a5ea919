"""What the WebSocket commands are made of: fields, and errors that say what to do."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any

from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import DOMAIN
from .core.errors import ClipConsentError, NotFoundError
from .core.serial import Json
from .entity import loaded_manager
from .home.manager import HomeManager
from .messages import error_text

type Handler = Callable[
    [HomeAssistant, ActiveConnection, dict[str, Any], HomeManager],
    Coroutine[Any, Any, Json],
]


def moment(value: object) -> datetime:
    """Return a time of a message in UTC. Raises vol.Invalid."""
    found = dt_util.parse_datetime(value) if isinstance(value, str) else None
    with suppress(OverflowError):  # the first and the last day there is
        if found:
            return dt_util.as_utc(found)
    msg = "not a time"
    raise vol.Invalid(msg)


# where a page begins: a place in the history, or in the ledger
PLACE = vol.Any(None, vol.All(int, vol.Range(min=0, max=2**53)))


def command(name: str, fields: dict[Any, Any]) -> Callable[[Handler], Any]:
    """Make a command of a handler: its errors are sent with code and translation."""

    def decorate(handler: Handler) -> Any:  # the type of HA's own decorators
        @websocket_api.websocket_command(
            {vol.Required("type"): f"{DOMAIN}/{name}", **fields}
        )
        @websocket_api.async_response
        @wraps(handler)
        async def handle(
            hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
        ) -> None:
            try:
                manager = loaded_manager(hass)
                if manager is None:
                    raise NotFoundError("not_loaded")
                result = await handler(hass, connection, msg, manager)
            except ClipConsentError as err:
                connection.send_error(
                    msg["id"],
                    err.code,
                    await error_text(hass, err),
                    translation_key=err.code,
                    translation_domain=DOMAIN,
                    translation_placeholders=err.placeholders,
                )
                return
            connection.send_result(msg["id"], result)

        return handle

    return decorate
