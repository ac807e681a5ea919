"""The first form of a real Home Assistant, in a browser: every recorder it knows."""

import json
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import Page, expect

from script.demo_world.browser import PHONE_SCREEN, Browser
from script.demo_world.client import HomeAssistantClient
from script.demo_world.home_assistant import DOMAIN, HomeAssistant
from script.demo_world.processes import free_port
from script.demo_world.world import running_world, yesterday
from tests.frigate.standin import PASSWORD, USER, Row, StandIn

from .panel import PATIENCE, visit

SCREENS = Path(__file__).parents[2] / ".demo" / "screens"
# Home Assistant's Frigate integration, as far as a config entry of it is concerned.
INTEGRATION = """\
async def async_setup_entry(hass, entry):
    return True


async def async_unload_entry(hass, entry):
    return True
"""
CREATED = "2026-01-01T00:00:00+00:00"


def entry(domain: str, title: str, data: dict[str, Any]) -> dict[str, Any]:
    """Return a config entry as Home Assistant keeps it."""
    return {
        "created_at": CREATED,
        "data": data,
        "disabled_by": None,
        "discovery_keys": {},
        "domain": domain,
        "entry_id": f"{domain}_of_this_test",
        "minor_version": 1,
        "modified_at": CREATED,
        "options": {},
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "user",
        "subentries": [],
        "title": title,
        "unique_id": None,
        "version": 1,
    }


def with_recorders(home: HomeAssistant, frigate: StandIn) -> None:
    """Have a Frigate that answers and a Reolink camera that does not be set up."""
    component = home.folder / "custom_components" / "frigate"
    component.mkdir()
    manifest = {"domain": "frigate", "name": "Frigate", "version": "1.0.0"}
    (component / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (component / "__init__.py").write_text(INTEGRATION, encoding="utf-8")
    login = {"url": frigate.url, "username": USER, "password": PASSWORD}
    camera = {"host": "127.0.0.1", "port": free_port(), "use_https": False}
    camera |= {"username": "admin", "password": "none"}
    kept = {
        "version": 1,
        "minor_version": 5,
        "key": "core.config_entries",
        "data": {
            "entries": [
                entry("frigate", "attic:8971", login),
                entry("reolink", "Pond", camera),
            ]
        },
    }
    place = home.folder / ".storage" / "core.config_entries"
    place.write_text(json.dumps(kept), encoding="utf-8")


async def begin(page: Page, base_url: str) -> None:
    """Open the form as somebody does who follows a link to it."""
    await page.goto(f"{base_url}/config/integrations/dashboard/add?domain={DOMAIN}")
    await page.get_by_role("button", name="OK", exact=True).click()
    await page.get_by_text("This home", exact=True).click()


async def test_cameras_of_recorders_are_there_to_be_ticked(
    browser: Browser, tmp_path: Path
) -> None:
    """Frigate's beside folders; what does not answer is named; all by taps alone."""
    rows = [Row(start=1.8e9, end=1.8e9 + 10, path=tmp_path / "none")]
    frigate = StandIn(folder=tmp_path, rows={"front_door": rows, "yard": []})
    frigate.login = True
    media = Path(__file__).parents[2] / ".demo" / "recordings"
    async with (
        frigate.running(),
        running_world(
            tmp_path / "world",
            media,
            yesterday(),
            prepared=lambda home: with_recorders(home, frigate),
        ) as world,
        aiohttp.ClientSession() as session,
    ):
        owner = await world.owner(session)
        async with visit(browser, owner.login, PHONE_SCREEN, "en-GB") as sam:
            await begin(sam.page, world.home.base_url)
            for name in ("Front door: Frigate", "Yard: Frigate", "Driveway: "):
                box = sam.page.get_by_role("checkbox", name=name)
                await expect(box).to_be_visible(timeout=PATIENCE)
                await expect(box).not_to_be_checked()
                await box.check(force=True)  # what is drawn lies over it
            said = sam.page.get_by_text("seconds from: Pond.")
            await expect(said).to_be_visible()
            SCREENS.mkdir(parents=True, exist_ok=True)
            await sam.page.screenshot(path=SCREENS / "first-cameras.png")
            await sam.page.get_by_role("button", name="Next").click()
            await sam.page.get_by_role("button", name="Finish").click()
            await expect(sam.page.get_by_text("is ready")).to_be_visible()
        names = await camera_names(owner)
        assert names == {"Front door", "Yard", "Driveway"}


async def camera_names(owner: HomeAssistantClient) -> set[str]:
    """Return the titles of the cameras that were added."""
    async with owner.connection() as connection:
        (home,) = await connection.command("config_entries/get", domain=DOMAIN)
        subentries = await connection.command(
            "config_entries/subentries/list", entry_id=home["entry_id"]
        )
    return {one["title"] for one in subentries if one["subentry_type"] == "camera"}
