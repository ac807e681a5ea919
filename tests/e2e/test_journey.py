"""The whole journey as two people see it: in their language, on their screen, by night."""

from pathlib import Path

import aiohttp
from playwright.async_api import Page, expect
import pytest

from script.demo_world import panel, story
from script.demo_world.browser import DESK_SCREEN, PHONE_SCREEN, Browser
from script.demo_world.client import HomeAssistantClient
from script.demo_world.world import World
from tests.frontend.axe import violations

from .panel import PANEL, PATIENCE, Visit, sha256, visit

SCREENS = Path(__file__).parents[2] / ".demo" / "screens"
LOOKS = [
    pytest.param("de", PHONE_SCREEN, "dark", id="german-phone-dark"),
    pytest.param("en-GB", DESK_SCREEN, "dark", id="english-desk-dark"),
    pytest.param("de", DESK_SCREEN, "light", id="german-desk-light"),
    pytest.param("en-GB", PHONE_SCREEN, "light", id="english-phone-light"),
]
# What only that language says: heading of the form, of the case, of the opened answer.
SAID = {
    "de": ("Anfrage senden", "Freigeben und senden", "Rückgängig", "Geteilt"),
    "en-GB": ("Send request", "Approve and send", "Undo", "Shared"),
}


async def _dark(page: Page) -> bool:
    """Tell whether what is behind the words is dark."""
    ground: str = await page.evaluate(
        """() => {
          const deep = document.querySelector("home-assistant")?.shadowRoot
            ?.querySelector("home-assistant-main")?.shadowRoot
            ?.querySelector("clip-consent-panel");
          return getComputedStyle(deep ?? document.body).backgroundColor;
        }"""
    )
    parts = ground[ground.index("(") + 1 : -1].split(",")[:3]
    return sum(float(part) for part in parts) < 3 * 128


async def _photograph(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENS / f"{name}.png")


async def _decide(sam: Visit, case_id: str, said: tuple[str, ...], name: str) -> bytes:
    """Look at it, approve it, and see it leave; return the film that was shown."""
    await sam.case(case_id)
    film = await sam.see("draft-video").get_attribute("src")
    assert film
    await expect(sam.see("approve")).to_have_text(said[1])
    assert await sam.played() > 0
    await _photograph(sam.page, f"{name}-case")
    assert await violations(sam.page, *PANEL) == []
    async with aiohttp.ClientSession() as session:
        content = await sam.film(session)
    assert sha256(content) == await sam.digest()
    await sam.see("approve").click()
    await expect(sam.see("undo")).to_have_text(said[2])
    await sam.state("shared")
    await expect(sam.see("outcome")).to_have_text(said[3])
    assert await sam.too_wide() == []
    return content


@pytest.mark.parametrize(("locale", "screen", "scheme"), LOOKS)
async def test_from_the_form_to_the_opened_clip(
    world: World,
    house: story.Household,
    owner: HomeAssistantClient,
    browser: Browser,
    locale: str,
    screen: tuple[int, int],
    scheme: str,
    request: pytest.FixtureRequest,
) -> None:
    """Asked, seen, approved, opened: all in one language, light or dark, by the theme."""
    name, said = request.node.callspec.id, SAID[locale]
    label = f"Journey {name}"
    invite = await story.add_invite(owner, house.set_up.entry_id, label)
    async with (
        browser.stranger(screen, locale) as neighbour,
        visit(browser, owner.login, screen, locale) as sam,
        owner.connection() as connection,
    ):
        asker = await neighbour.new_page()
        asker.set_default_timeout(PATIENCE)
        for page in (asker, sam.page):
            await page.emulate_media(
                color_scheme="dark" if scheme == "dark" else "light"
            )
        await asker.goto(invite)
        await expect(asker.get_by_test_id("send")).to_contain_text(said[0])
        await _photograph(asker, f"{name}-ask")
        assert await violations(asker) == []
        watch = await story.CaseWatch.start(connection)
        span = world.recordings.one_camera
        link = await story.ask(asker, invite, span, "Mein Fahrrad", "Anna")
        case = await watch.until(
            lambda one: one["request"]["label"] == label and one["offer"] is not None
        )
        await panel.open_panel(sam.page, world.home.base_url)
        assert await _dark(sam.page) is (scheme == "dark")
        assert await violations(sam.page, *PANEL) == []
        assert await _dark(asker) is (scheme == "dark")
        film = await _decide(sam, case["case_id"], said, name)
        opened = await story.open_delivery(asker, link)
        await _photograph(asker, f"{name}-opened")
        assert await violations(asker) == []
        sam.assert_clean()
    assert opened.content == film
    assert opened.digest_shown == sha256(film)
