"""The pages of a hub: what it published, and the desk of those who ask.

They are the same bytes for everybody: what they show they fetch, and check, themselves.
Where the operator named a tile server, pictures may come from that origin as well.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, override

from aiohttp import web
from homeassistant.components.http import KEY_HASS
from homeassistant.core import HomeAssistant

from .base.public_view import CSP, IMAGES, PublicFile, PublicFileView
from .const import DOMAIN
from .core.tiles import tiles_origin
from .http_files import built_file, starting_page
from .http_hub import FindHub
from .hub.manager import HubManager

PORTAL_PATH: Final = f"/api/{DOMAIN}/portal"
DESK_PATH: Final = f"{PORTAL_PATH}/desk"
PORTAL_PAGE: Final = "portal.html"
DESK_PAGE: Final = "desk.html"


def register_portal_pages(
    hass: HomeAssistant, files: Mapping[str, PublicFile], find: FindHub
) -> None:
    """Register the pages, once."""
    hass.http.register_view(PortalPageView(files, find))
    hass.http.register_view(DeskPageView(files, find))


class _PageView(PublicFileView):
    """A page that is there while a hub is."""

    page: str

    def __init__(self, files: Mapping[str, PublicFile], find: FindHub) -> None:
        """Keep the pages, and the way to the hub."""
        self._files = files
        self._find = find

    @override
    async def get(self, request: web.Request, **parts: str) -> web.StreamResponse:
        """Say it in words, to people, that the hub is just starting."""
        response = await super().get(request, **parts)
        if response.status == HTTPStatus.SERVICE_UNAVAILABLE:
            return starting_page(self._files)
        return response

    @override
    async def async_get(self, request: web.Request, **parts: str) -> web.Response:
        """Show the page."""
        hub = self._find(request.app[KEY_HASS])
        page = built_file(self._files, self.page)
        page.headers["Content-Security-Policy"] = _policy(hub)
        return page


class PortalPageView(_PageView):
    """All that was ever published, for everybody."""

    url = PORTAL_PATH
    name = f"api:{DOMAIN}:portal_page"
    page = PORTAL_PAGE


class DeskPageView(_PageView):
    """A requester's desk: the token of their link stays behind the `#`."""

    url = DESK_PATH
    name = f"api:{DOMAIN}:portal_desk_page"
    page = DESK_PAGE


def _policy(hub: HubManager) -> str:
    """Return the strict policy, with the origin of tiles where there are some."""
    tiles = hub.settings.tiles
    origin = tiles_origin(tiles.url) if tiles else None
    return CSP.replace(IMAGES, f"{IMAGES} {origin}") if origin else CSP
