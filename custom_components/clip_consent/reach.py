"""Whether invites can be opened from outside, told as long as they cannot."""

from collections.abc import Callable

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from .base.links import watch_links
from .core.ports import Alarm


@callback
def watch_reach(
    hass: HomeAssistant, alarm: Alarm, has_invites: Callable[[], bool]
) -> CALLBACK_TYPE:
    """Show as a repair issue that nobody outside can open an invite."""

    @callback
    def tell(reachable: bool) -> None:
        if reachable or not has_invites():
            alarm.clear_alarm("no_external_url")
        else:
            alarm.raise_alarm("no_external_url")

    return watch_links(hass, tell)
