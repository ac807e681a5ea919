"""What the WebSocket commands are made of: fields, and errors that say what to do."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from functools import wraps
from typing import Any

from homeassistant.auth.models import TOKEN_TYPE_NORMAL
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .const import DOMAIN, LANGUAGES
from .core.approval import Session
from .core.errors import ClipConsentError
from .core.serial import Json
from .entity import async_home
from .home.manager import HomeManager
from .messages import async_speech

type Handler = Callable[
    [HomeAssistant, ActiveConnection, dict[str, Any], HomeManager],
    Coroutine[Any, Any, Json],
]
type Answer = Callable[
    [HomeAssistant, ActiveConnection, dict[str, Any]], Coroutine[Any, Any, Json]
]


def moment(value: object) -> datetime:
    """Return a time of a message in UTC. Raises vol.Invalid."""
    found = dt_util.parse_datetime(value) if isinstance(value, str) else None
    with suppress(OverflowError):  # the first and the last day there is
        if found:
            return dt_util.as_utc(found)
    msg = "not a time"
    raise vol.Invalid(msg)


def metres(value: object) -> float:
    """Return a length of a message. Raises vol.Invalid."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    msg = "not a length"
    raise vol.Invalid(msg)


def session_of(hass: HomeAssistant, connection: ActiveConnection) -> Session:
    """Tell a login session from a long-lived token and from a service user's."""
    token_id = connection.refresh_token_id
    token = hass.auth.async_get_refresh_token(token_id) if token_id else None
    return Session(
        own_login=token is not None
        and token.token_type == TOKEN_TYPE_NORMAL
        and token.user.id == connection.user.id
    )


# the language of sentences in answers and errors; none means Home Assistant's
LANGUAGE: dict[Any, Any] = {
    vol.Optional("language", default=None): vol.Any(None, vol.In(LANGUAGES))
}
# where a page begins: a place in the history, or in the ledger
PLACE = vol.Any(None, vol.All(int, vol.Range(min=0, max=2**53)))


def command(
    name: str, fields: dict[Any, Any], *, ends_with_connection: bool = False
) -> Callable[[Handler], Any]:
    """Make a command of a handler: its errors are sent with code and translation.

    With `ends_with_connection` its work is cancelled when the panel goes away, and
    when the panel unsubscribes from it: then nothing is answered.
    """

    def decorate(handler: Handler) -> Any:  # the type of HA's own decorators
        @wraps(handler)
        async def answer(
            hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
        ) -> Json:
            manager = await async_home(hass)
            work = handler(hass, connection, msg, manager)
            if ends_with_connection:
                work = _async_until_gone(connection, msg["id"], work)
            return await work

        return answered(name, fields, answer)

    return decorate


def answered(name: str, fields: dict[Any, Any], answer: Answer) -> Any:
    """Make a command that sends an answer, or an error with code and translation."""

    @websocket_api.websocket_command(
        {vol.Required("type"): f"{DOMAIN}/{name}", **fields, **LANGUAGE}
    )
    @websocket_api.async_response
    @wraps(answer)
    async def handle(
        hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
    ) -> None:
        try:
            result = await answer(hass, connection, msg)
        except ClipConsentError as err:
            await send_problem(hass, connection, msg, err)
            return
        connection.send_result(msg["id"], result)

    return handle


async def send_problem(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    err: ClipConsentError,
) -> None:
    """Answer a command with an error: its code, and a sentence that says what to do."""
    speech = await async_speech(hass, msg["language"])
    connection.send_error(
        msg["id"],
        err.code,
        speech.problem(err.code, **err.placeholders),
        translation_key=err.code,
        translation_domain=DOMAIN,
        translation_placeholders=err.placeholders,
    )


async def _async_until_gone[T](
    connection: ActiveConnection, number: int, work: Coroutine[Any, Any, T]
) -> T:
    """Run work that ends with the connection it is for."""
    task = asyncio.ensure_future(work)
    connection.subscriptions[number] = task.cancel
    try:
        return await task
    finally:
        task.cancel()
        connection.subscriptions.pop(number, None)
