"""The pages on a real hub: asked at the desk, published, answered by tus, opened."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
import json
from pathlib import Path
import re
from typing import Final

import aiohttp
from aiohttp import web
from homeassistant.core import HomeAssistant
from playwright.async_api import Page, expect
import pytest

from custom_components.clip_consent.core.hub_models import RefusalReason
from custom_components.clip_consent.core.hub_settings import token_digest
from custom_components.clip_consent.core.tiles import TileServer
from custom_components.clip_consent.home.world import RandomIds
from custom_components.clip_consent.http_portal_pages import DESK_PATH, PORTAL_PATH
from script.demo_world.browser import started_browser
from tests.hub.web import PATH, WebHub, serving_hub
from tests.hub.world import CELL, MODERATOR, POLICE, SETTINGS
from tests.servers.web import serving

from . import packages
from .conftest import Watched, watch
from .test_desk_page import draw_circle, fill, make_secret

TOKEN: Final = "personal-link-0123456789"
TILE: Final = Path("custom_components/clip_consent/brand/icon.png").read_bytes()
TUS: Final = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
async def hub(hass: HomeAssistant, tmp_path: Path) -> AsyncGenerator[WebHub]:
    """Return a hub behind Home Assistant's web server, by today's clock."""
    settings = replace(SETTINGS, requesters={token_digest(TOKEN): POLICE})
    now = datetime.now(UTC).replace(microsecond=0)
    async with serving_hub(hass, tmp_path / "hub", settings, now) as served:
        yield served


@pytest.fixture
async def watched() -> AsyncGenerator[Watched]:
    """Return a watched page, in a browser of its own: of the loop that the hub runs in."""
    async with started_browser() as browser, browser.stranger() as context:
        yield await watch(context)


async def deliver(hub: WebHub, request_id: str, package: Path) -> None:
    """Upload a sealed package as a home does."""
    data = package.read_bytes()
    async with aiohttp.ClientSession(hub.origin) as home:
        begin = {**TUS, "Upload-Length": str(len(data))}
        async with home.post(f"{PATH}/drops/{request_id}", headers=begin) as made:
            assert made.status == 201
            place = made.headers["Location"]
        kind = {"Content-Type": "application/offset+octet-stream"}
        headers = {**TUS, **kind, "Upload-Offset": "0"}
        async with home.patch(place, data=BytesIO(data), headers=headers) as taken:
            assert taken.status == 204


async def test_from_the_desk_to_the_opened_clip(
    watched: Watched, hub: WebHub, films: Path, tmp_path: Path
) -> None:
    """One requester, one moderator, one home; the public page believes all of it."""
    page = watched.page
    await page.goto(f"{hub.origin}{DESK_PATH}#{TOKEN}")
    await page.get_by_test_id("signed-in").wait_for()
    await make_secret(page)
    await page.get_by_test_id("fresh").click()
    await draw_circle(page)
    await fill(page)
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("said")).to_contain_text("Sent.")
    request = page.get_by_test_id("request")
    await expect(request).to_have_attribute("data-state", "moderation")

    (waiting,) = await hub.manager.async_waiting()
    await hub.manager.async_publish(waiting.id, MODERATOR)
    await page.get_by_test_id("refresh").click()
    await expect(request).to_have_attribute("data-state", "open")
    await expect(page.get_by_test_id("no-answers")).to_be_visible()
    clip = films / "clip.mp4"
    asked = (await hub.manager.async_desk(POLICE))["requests"][0]
    manifest = packages.manifest_for(clip, request_id=waiting.id)
    sealed = tmp_path / "clip.age"
    packages.seal(clip, manifest, asked["recipient"], sealed)
    await deliver(hub, waiting.id, sealed)
    await page.get_by_test_id("refresh").click()
    await page.get_by_test_id("open").click()
    answer = page.get_by_test_id("delivery")
    await expect(answer).to_have_attribute("data-state", "open", timeout=20_000)
    async with page.expect_download() as film:
        await answer.get_by_test_id("save-content").click()
    assert (await (await film.value).path()).read_bytes() == clip.read_bytes()

    await page.get_by_test_id("note").click()
    await page.locator("textarea[name=note]").fill("It was red.")
    await page.get_by_test_id("send-note").click()
    await expect(page.get_by_test_id("own-note")).to_contain_text("It was red.")
    await page.get_by_test_id("resolve").click()
    await page.get_by_test_id("do").click()
    await expect(request).to_have_attribute("data-state", "resolved")

    await page.goto(f"{hub.origin}{PORTAL_PATH}")
    check = page.get_by_test_id("check")
    await expect(check).to_have_attribute("data-kind", "good", timeout=20_000)
    await expect(page.get_by_test_id("request")).to_have_attribute(
        "data-state", "resolved"
    )
    await watched.assert_clean(hub.origin)


async def test_the_operators_tiles_lie_behind_the_maps(
    watched: Watched, hub: WebHub
) -> None:
    """Asked for without a word of who asks, and the pages say so; else nobody is asked."""
    page, asked = watched.page, list[web.Request]()

    async def tile(request: web.Request) -> web.Response:
        asked.append(request)
        return web.Response(body=TILE, content_type="image/png")

    await page.goto(f"{hub.origin}{DESK_PATH}#{TOKEN}")
    await make_secret(page)
    await page.get_by_test_id("fresh").click()
    await page.get_by_text("The map shows no streets").wait_for()
    await expect(page.locator("image.tile")).to_have_count(0)
    await watched.assert_clean(hub.origin)
    async with serving(tile) as port:
        url = f"http://127.0.0.1:{port}/{{z}}/{{x}}/{{y}}.png"
        await hub.reboot(tiles=TileServer(url=url, attribution="© <b>us</b>"))
        await page.goto("about:blank")
        await page.goto(f"{hub.origin}{DESK_PATH}#{TOKEN}")
        await page.get_by_test_id("fresh").click()
        note = page.get_by_test_id("tiles-note")
        await expect(note).to_contain_text("© <b>us</b>. The pictures of the map")
        await expect(note).to_contain_text(f"come from 127.0.0.1:{port}, which")
        await all_tiles_shown(page)
        await draw_circle(page)  # through the pictures
        await expect(page.get_by_test_id("size")).to_contain_text("km²")
        seen = len(asked)
        for _ in range(6):
            said = {"version": 1, "cell": CELL, "id": RandomIds().new_id()}
            await hub.manager.take_coverage(json.dumps(said).encode(), "")()
        hub.clock.go_on(timedelta(days=31))
        await page.goto(f"{hub.origin}{PORTAL_PATH}")
        await page.get_by_test_id("coverage").get_by_test_id("tiles-note").wait_for()
        await all_tiles_shown(page)
    assert len(asked) > seen > 0
    for request in asked:
        assert re.fullmatch(r"/[0-9]+/[0-9]+/[0-9]+\.png", request.raw_path)
        told = set(request.headers) & {"Referer", "Origin", "Cookie", "Authorization"}
        assert told == set()
    assert watched.complaints == []
    assert await page.evaluate("window.violations") == []


async def all_tiles_shown(page: Page) -> None:
    """Wait until every picture behind the map is there."""
    await page.locator("image.tile").first.wait_for(state="attached")
    await page.wait_for_load_state("networkidle")


async def test_a_refusal_is_told_to_its_author_and_counted_for_all(
    watched: Watched, hub: WebHub
) -> None:
    """Its reason in words on the desk; on the public page a number beside it."""
    page = watched.page
    await page.goto(f"{hub.origin}{DESK_PATH}#{TOKEN}")
    await make_secret(page)
    await page.get_by_test_id("fresh").click()
    await draw_circle(page)
    await fill(page)
    await page.get_by_test_id("send").click()
    await page.get_by_test_id("said").wait_for()
    (waiting,) = await hub.manager.async_waiting()
    hub.clock.go_on(timedelta(minutes=1))
    await hub.manager.async_refuse(waiting.id, RefusalReason.TOO_BROAD, MODERATOR)
    await page.get_by_test_id("refresh").click()
    await expect(page.get_by_test_id("standing")).to_contain_text("More place or time")
    await page.goto(f"{hub.origin}{PORTAL_PATH}")
    counts = page.get_by_test_id("counts")
    await expect(counts).to_contain_text("than what happened needs: 1")
    await expect(page.get_by_test_id("check")).to_have_attribute("data-kind", "good")
    await watched.assert_clean(hub.origin)
