"""A whole hub behind Home Assistant's own web server, on a real port of loopback."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component

from custom_components.clip_consent.base.public_view import NowhereView, RefusedError
from custom_components.clip_consent.core.drop_box import DropLimits
from custom_components.clip_consent.core.hub_settings import HubSettings
from custom_components.clip_consent.frontend import read_public_files
from custom_components.clip_consent.home.world import RandomIds, SystemClock
from custom_components.clip_consent.http import AssetView
from custom_components.clip_consent.http_drops import register_drop_views
from custom_components.clip_consent.http_hub import register_hub_views
from custom_components.clip_consent.http_portal_pages import register_portal_pages
from custom_components.clip_consent.hub.drops import HubDrops
from custom_components.clip_consent.hub.head_file import HeadFile
from custom_components.clip_consent.hub.manager import HubBench, HubManager
from custom_components.clip_consent.hub.object_store import object_store
from custom_components.clip_consent.hub.store import HubStore

from .world import SETTINGS, HubWorld

PATH = "/api/clip_consent/portal/v1"


class WebHub(HubWorld):
    """A hub with its views and a real drop box; `down` says that there is none now."""

    port = 0
    answered: Counter[tuple[str, int]]  # by method, and status
    asked: Counter[tuple[str, str]]  # by method, and path
    told: Counter[tuple[str, str, int]]  # by method, path, and status
    down: HTTPStatus | None = None
    limits = DropLimits(disk_free=0)

    def _made(self) -> HubManager:
        self.box = HubDrops(
            self.folder / "drops",
            clock=self.clock,
            ids=RandomIds(),
            limits=self.limits,
            store=object_store(self.settings.storage, SystemClock()),
        )
        head = HeadFile(self.head_file)
        return HubManager(
            HubBench(
                store=HubStore(self.folder, after_commit=head.follow),
                head=head,
                clock=self.clock,
                ids=RandomIds(),
                settings=self.settings,
                drops=self.box,
            )
        )

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def base(self) -> str:
        return self.origin + PATH

    async def count(self, request: web.Request, response: web.StreamResponse) -> None:
        self.answered[request.method, response.status] += 1
        self.asked[request.method, request.path] += 1
        self.told[request.method, request.path, response.status] += 1

    def find_hub(self, hass: HomeAssistant) -> HubManager:
        self._refuse_if_down()
        return self.manager

    def find_drops(self, hass: HomeAssistant) -> HubDrops:
        self._refuse_if_down()
        return self.box

    def _refuse_if_down(self) -> None:
        if self.down:
            raise RefusedError(self.down)


@asynccontextmanager
async def serving_hub(
    hass: HomeAssistant,
    folder: Path,
    settings: HubSettings = SETTINGS,
    now: datetime | None = None,
) -> AsyncIterator[WebHub]:
    """Serve a hub as Home Assistant does, which cancels whose client hung up."""
    assert await async_setup_component(hass, "http", {})
    world = WebHub(folder, settings)
    world.answered, world.asked, world.told = Counter(), Counter(), Counter()
    world.clock.wall = now or world.clock.wall
    await world.boot()
    register_hub_views(hass, world.find_hub)
    register_drop_views(hass, world.find_drops)
    files = await hass.async_add_executor_job(read_public_files)
    register_portal_pages(hass, files, world.find_hub)
    hass.http.register_view(AssetView(files))
    hass.http.register_view(NowhereView())
    hass.http.app.on_response_prepare.append(world.count)
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
        await world.manager.async_stop()
