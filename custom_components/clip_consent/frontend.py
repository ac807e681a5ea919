"""Panel and card, and the files that the public pages are made of."""

from collections.abc import Iterable, Mapping
import hashlib
from pathlib import Path
from typing import Final

from homeassistant.components import panel_custom
from homeassistant.components.frontend import (
    add_extra_js_url,
    async_panel_exists,
    async_remove_panel,
    remove_extra_js_url,
)
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import HomeAssistant

from .base.public_view import PublicFile
from .const import HUB_PANEL_PATH, LOGGER, NAME, PANEL_PATH

PANEL_ELEMENT: Final = "clip-consent-panel"
STATIC_PATH: Final = "/clip_consent_static"
PANEL_FILE: Final = "panel.js"
CARD_FILE: Final = "card.js"
HUB_ELEMENT: Final = "clip-consent-hub-panel"
HUB_FILE: Final = "hub.js"
_WWW: Final = Path(__file__).parent / "www"
_TYPES: Final = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}


def read_public_files() -> dict[str, PublicFile]:
    """Return the built files by name. Blocking."""
    if not _WWW.is_dir():
        return {}
    return {
        path.name: PublicFile(
            body=(body := path.read_bytes()),
            content_type=_TYPES[path.suffix],
            etag=hashlib.sha256(body).hexdigest()[:32],
        )
        for path in _WWW.iterdir()
        if path.suffix in _TYPES
    }


async def async_serve_panel(hass: HomeAssistant, names: Iterable[str]) -> None:
    """Serve the scripts of panel and card. No page: it would have no policy here."""
    await hass.http.async_register_static_paths(
        [
            StaticPathConfig(
                f"{STATIC_PATH}/{name}", str(_WWW / name), cache_headers=True
            )
            for name in names
            if name.endswith(".js")
        ]
    )


def _address(files: Mapping[str, PublicFile], name: str) -> str:
    """Return where a script is. Its digest keeps browsers from running an old one."""
    return f"{STATIC_PATH}/{name}?v={files[name].etag}"


async def async_show_panel(hass: HomeAssistant, files: dict[str, PublicFile]) -> None:
    """Put the panel into the sidebar and the card into the picker, unless they are.

    They stay while a home starts anew, as after every change of settings: taking them
    away would throw out everybody who is just looking at a request.
    """
    if async_panel_exists(hass, PANEL_PATH):
        return
    if not {PANEL_FILE, CARD_FILE} <= files.keys():
        LOGGER.error("The frontend is not built: there will be no panel")
        return
    add_extra_js_url(hass, _address(files, CARD_FILE))
    await panel_custom.async_register_panel(
        hass,
        frontend_url_path=PANEL_PATH,
        webcomponent_name=PANEL_ELEMENT,
        sidebar_title=NAME,
        sidebar_icon="mdi:cctv",
        module_url=_address(files, PANEL_FILE),
        embed_iframe=False,
        require_admin=False,
    )


def hide_panel(hass: HomeAssistant, files: Mapping[str, PublicFile]) -> None:
    """Take the panel out of the sidebar, and the card out of the picker."""
    if not async_panel_exists(hass, PANEL_PATH):
        return
    async_remove_panel(hass, PANEL_PATH)
    remove_extra_js_url(hass, _address(files, CARD_FILE))


async def async_show_hub_panel(
    hass: HomeAssistant, files: Mapping[str, PublicFile], title: str
) -> None:
    """Put the moderators' panel into the sidebar, under the name of the hub."""
    hide_hub_panel(hass)  # its name may be another now
    if HUB_FILE not in files:
        LOGGER.error("The frontend is not built: there will be no panel")
        return
    await panel_custom.async_register_panel(
        hass,
        frontend_url_path=HUB_PANEL_PATH,
        webcomponent_name=HUB_ELEMENT,
        sidebar_title=title,
        sidebar_icon="mdi:bulletin-board",
        module_url=_address(files, HUB_FILE),
        embed_iframe=False,
        require_admin=False,
    )


def hide_hub_panel(hass: HomeAssistant) -> None:
    """Take the moderators' panel out of the sidebar."""
    if async_panel_exists(hass, HUB_PANEL_PATH):
        async_remove_panel(hass, HUB_PANEL_PATH)
