"""What is to end before Home Assistant does: it unloads no entry when it stops."""

from collections.abc import Awaitable, Callable

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback


@callback
def end_with_home_assistant(
    hass: HomeAssistant, *ends: Callable[[], Awaitable[None]]
) -> CALLBACK_TYPE:
    """Have these done one after the other when it stops; return how to give that up.

    Threads that were left waiting for work would hold up each restart by ten seconds.
    """

    async def end(_: Event) -> None:
        for each in ends:
            await each()

    return hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, end)
