"""Links for people outside: through the cloud, by the owner's address, or from within.

The address in the browser of whoever makes a link counts last: they may be at home, the
one who gets the link is not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.network import NoURLAvailableError, get_url
from homeassistant.helpers.start import async_at_started

from ..const import DOMAIN

CLOUD: Final = "cloud"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicUrl:
    """A link to one of our public pages. `external`: it works away from home.

    Where no address of this Home Assistant is known, `url` is a path alone.
    """

    url: str
    external: bool


@callback
def public_url(hass: HomeAssistant, page: str) -> PublicUrl:
    """Return the link to a public page, such as `ask/<token>`."""
    path = f"/api/{DOMAIN}/{page}"
    try:
        base = get_url(hass, allow_internal=False, allow_ip=True, prefer_cloud=True)
    except NoURLAvailableError:
        return PublicUrl(url=f"{_local_base(hass)}{path}", external=False)
    return PublicUrl(url=f"{base}{path}", external=True)


@callback
def watch_links(hass: HomeAssistant, tell: Callable[[bool], None]) -> CALLBACK_TYPE:
    """Tell whether links work away from home; the answer ends it.

    Told once Home Assistant is started, and whenever an address may have come or gone.
    """

    @callback
    def look(*_: object) -> None:
        tell(public_url(hass, "ask").external)

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


@callback
def _local_base(hass: HomeAssistant) -> str:
    """Return an address that works at home, empty if none is known."""
    for by_request in (False, True):
        try:
            return get_url(
                hass,
                allow_external=False,
                allow_cloud=False,
                allow_ip=True,
                require_current_request=by_request,
            )
        except NoURLAvailableError:
            continue
    return ""
