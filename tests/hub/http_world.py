"""The drop box behind Home Assistant's own web server, on a real port of loopback."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from custom_components.clip_consent.base.public_view import NowhereView, RefusedError
from custom_components.clip_consent.core.drop_box import DropLimits
from custom_components.clip_consent.core.ports_hub import DropDoor
from custom_components.clip_consent.http_drops import register_drop_views
from custom_components.clip_consent.hub.drop_writer import Pace
from custom_components.clip_consent.hub.object_store import ObjectStore

from .drop_world import Ids, World
from .stored_world import OwnIds

PATH = "/api/clip_consent/portal/v1"


class HttpWorld(World):
    """A drop box with its views; `down` says that there is no hub just now."""

    port = 0
    down: HTTPStatus | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def find(self, hass: HomeAssistant) -> DropDoor:
        if self.down:
            raise RefusedError(self.down)
        return self.drops


@asynccontextmanager
async def serving(
    hass: HomeAssistant,
    folder: Path,
    limits: DropLimits,
    store: ObjectStore | None = None,
) -> AsyncIterator[HttpWorld]:
    """Serve a drop box as Home Assistant does, which cancels whose client hung up."""
    assert await async_setup_component(hass, "http", {})
    ids = OwnIds() if store else Ids()
    world = HttpWorld(folder, limits=limits, pace=Pace(piece=2.0), store=store, ids=ids)
    await world.start()
    register_drop_views(hass, world.find)
    hass.http.register_view(NowhereView())
    runner = web.AppRunner(
        hass.http.app, handler_cancellation=True, shutdown_timeout=0.1
    )
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    world.port = runner.addresses[0][1]
    try:
        yield world
    finally:
        await runner.cleanup()
        await world.drops.async_stop()
