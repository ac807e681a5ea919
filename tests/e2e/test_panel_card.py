"""The card on a dashboard of a real Home Assistant, in a browser."""

import asyncio
from collections.abc import AsyncGenerator

import aiohttp
from playwright.async_api import Page, Route, expect
import pytest_asyncio

from script.demo_world import story
from script.demo_world.browser import PHONE_SCREEN, Browser
from script.demo_world.client import HomeAssistantClient, JsonObject
from script.demo_world.home_assistant import PASSWORD, add_user
from script.demo_world.world import World

from .panel import Requests, Visit, requests, sam, visit

__all__ = ["requests", "sam"]  # fixtures, used by name

CARD: JsonObject = {"type": "custom:clip-consent-card"}
BOARD = "footage-board"
LABEL = "Anna next door"


@pytest_asyncio.fixture(loop_scope="session")
async def board(
    house: story.Household, owner: HomeAssistantClient
) -> AsyncGenerator[str]:
    """Return the path of a dashboard with the card; it is taken away in the end."""
    async with owner.connection() as connection:
        made = await connection.command(
            "lovelace/dashboards/create",
            url_path=BOARD,
            title="Footage",
            mode="storage",
        )
        await connection.command(
            "lovelace/config/save",
            url_path=BOARD,
            config={
                "views": [
                    {
                        "title": "Home",
                        "type": "sections",
                        "sections": [{"type": "grid", "cards": [CARD]}],
                    }
                ]
            },
        )
        yield f"/{BOARD}/0"
        await connection.command("lovelace/dashboards/delete", dashboard_id=made["id"])


async def test_from_the_dashboard_to_a_shared_clip(
    world: World, board: str, requests: Requests, sam: Visit
) -> None:
    """The same screens as in the panel, in a card that stays where it is."""
    case_id = await requests.enter(
        world.recordings.one_camera, label=LABEL, hand_over=True
    )
    await sam.page.goto(f"{sam.base_url}{board}")
    line = sam.page.locator(f"[data-case='{case_id}']")
    await expect(line).to_contain_text(LABEL)
    await line.click()
    await sam.state("waiting")
    assert await sam.played() > 0
    assert board in sam.page.url
    await sam.see("approve").click()
    await sam.state("consented")
    await sam.state("shared")
    await sam.see("back").click()
    await expect(sam.page.locator("clip-consent-waiting")).to_be_visible()
    await expect(line).to_contain_text("Shared")


async def test_it_is_there_when_it_comes_before_home_assistants_own_code(
    world: World, board: str, requests: Requests, sam: Visit
) -> None:
    """Both are loaded side by side, and whichever is first must not matter."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)

    async def late(route: Route) -> None:
        await asyncio.sleep(3)
        await route.continue_()

    await sam.page.route("**/frontend_latest/app.*.js", late)
    await sam.page.goto(f"{sam.base_url}{board}")
    await expect(sam.page.locator(f"[data-case='{case_id}']")).to_be_visible()


async def test_it_fits_a_phone_and_follows_a_dark_theme(
    world: World,
    board: str,
    requests: Requests,
    browser: Browser,
    owner: HomeAssistantClient,
) -> None:
    """Nothing reaches over the edge; its ground is the theme's, not its own."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    async with visit(browser, owner.login, PHONE_SCREEN) as visited:
        page = visited.page
        await page.emulate_media(color_scheme="dark")
        await page.goto(f"{visited.base_url}{board}")
        line = page.locator(f"[data-case='{case_id}']")
        await expect(line).to_be_visible()
        assert await _darkness(page) < 0.2
        await line.click()
        await visited.state("waiting")
        wide: int = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= PHONE_SCREEN[0]
        visited.assert_clean()


async def _darkness(page: Page) -> float:
    """Return how bright the card's ground is, from 0 (black) to 1."""
    ground: str = await page.locator("clip-consent-card ha-card").evaluate(
        "(card) => getComputedStyle(card).backgroundColor"
    )
    parts = ground[ground.index("(") + 1 : -1].split(",")[:3]
    return sum(float(part) for part in parts) / (3 * 255)


async def test_a_user_who_is_no_approver_sees_a_number(
    world: World,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    board: str,
    requests: Requests,
    browser: Browser,
) -> None:
    """A dashboard is shared: who may not decide gets no case from it."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    await add_user(owner, "kay", PASSWORD)
    login = await world.home.log_in(session, "kay", PASSWORD)
    async with visit(browser, login) as visited:
        await visited.page.goto(f"{visited.base_url}{board}")
        await expect(visited.see("counts")).to_contain_text("wait")
        await expect(visited.page.locator(f"[data-case='{case_id}']")).to_have_count(0)
        visited.assert_clean()


async def test_the_picker_offers_it(
    board: str, owner: HomeAssistantClient, browser: Browser
) -> None:
    """Whoever edits a dashboard finds it by its name, with a preview and a form."""
    async with visit(browser, owner.login) as visited:
        page = visited.page
        await page.goto(f"{visited.base_url}{board}")
        await expect(page.locator("clip-consent-card")).to_be_visible()
        visited.assert_clean()  # the picker shows maps, from elsewhere
        offered: list[JsonObject] = await page.evaluate("window.customCards")
        [card] = [one for one in offered if one["type"] == "clip-consent-card"]
        assert card["name"] == "Clip Consent"
        assert "wait for your answer" in card["description"]
        form: JsonObject = await page.evaluate(
            "customElements.get('clip-consent-card').getConfigForm()"
        )
        assert [field["name"] for field in form["schema"]] == ["title"]
        await page.goto(f"{visited.base_url}{board}?edit=1")
        await page.get_by_role("button", name="Add card").first.click()
        await page.get_by_text("By card").click()
        await page.get_by_placeholder("Search cards").fill("Clip Consent")
        # the one on the dashboard, and the one in the picker
        await expect(page.locator("clip-consent-card")).to_have_count(2)
