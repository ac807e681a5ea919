"""Logbook: who decided what of a request, in words of ours and the owner's.

The event entity has lines of its own, but those say neither that a request was declined
nor whose it was. Any user can fire an event through their phone's registration: of one
that the home did not mark, nothing is shown but that it names us.
"""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN, NAME
from .entity import EVENT_DECIDED, MARK, loaded_manager, marked_fields
from .messages import Speech

type Describe = Callable[[LazyEventPartialState], dict[str, Any]]


@callback
def async_describe_events(
    hass: HomeAssistant, async_describe_event: Callable[[str, str, Describe], None]
) -> None:
    """Tell Home Assistant how to say what users decide."""

    @callback
    def describe(event: LazyEventPartialState) -> dict[str, Any]:
        data = event.data
        if not _is_ours(hass, event):
            return {LOGBOOK_ENTRY_NAME: NAME}  # Home Assistant makes a line anyhow
        speech = Speech(hass=hass, language=hass.config.language)
        return {
            LOGBOOK_ENTRY_NAME: NAME,
            LOGBOOK_ENTRY_MESSAGE: speech.decision(
                data["decision"], data["label"], data["trust"], data["camera"]
            ),
            LOGBOOK_ENTRY_ENTITY_ID: data["entity_id"],
        }

    async_describe_event(DOMAIN, EVENT_DECIDED, describe)


@callback
def _is_ours(hass: HomeAssistant, event: LazyEventPartialState) -> bool:
    """Tell whether the home itself said so, of this user: never while it is off."""
    manager = loaded_manager(hass)
    fields, mark = marked_fields(event.data), event.data.get(MARK)
    return bool(
        manager
        and fields
        and isinstance(mark, str)
        and manager.marks.is_right(
            mark, fields, context_id=event.context_id, user_id=event.context_user_id
        )
    )
