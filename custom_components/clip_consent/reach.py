"""Whether invites can be opened from outside, told as long as they cannot."""

from collections.abc import Callable
from typing import Final

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.start import async_at_started

from .base.links import public_url
from .core.ports import Alarm

CLOUD: Final = "cloud"


@callback
def watch_reach(
    hass: HomeAssistant, alarm: Alarm, has_invites: Callable[[], bool]
) -> CALLBACK_TYPE:
    """Look whenever an address may have come or gone; the answer ends it."""

    @callback
    def look(*_: object) -> None:
        if has_invites() and not public_url(hass, "ask").external:
            alarm.raise_alarm("no_external_url")
        else:
            alarm.clear_alarm("no_external_url")

    removers = [
        async_at_started(hass, look),
        hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, look),
    ]
    if CLOUD in hass.config.components:
        # Only where it is set up: it brings half of Home Assistant along.
        from homeassistant.components import cloud  # noqa: PLC0415

        removers.append(cloud.async_listen_connection_change(hass, look))

    @callback
    def stop() -> None:
        for remove in removers:
            remove()

    return stop
