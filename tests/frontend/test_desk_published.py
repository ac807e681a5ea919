"""A requester's desk and what its hub really says: in its log, and with a 404."""

import json

from playwright.async_api import expect
import pytest

from .conftest import Watched, World
from .fake_hub import TOKEN, Hub

_STORED = "JSON.parse(localStorage.getItem('clip-consent-desk'))"


@pytest.fixture
def hub() -> Hub:
    """Return a hub that knows one requester."""
    return Hub()


async def test_a_hub_that_published_another_key_is_told(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Homes seal to the key that stands in the log; the one beside it is in order."""
    key, other = "age1" + "q" * 58, "age1" + "p" * 58
    hub.ask(recipient=key)
    changed = hub.ask({"recipient": other}, recipient=key)
    world.host(hub)
    page = watched.page
    await page.goto(world.desk_url(TOKEN))
    warning = page.locator(f"article[id='{changed['id']}']").get_by_test_id("otherwise")
    await expect(warning).to_contain_text("not what you sent")
    await expect(page.get_by_test_id("otherwise")).to_have_count(1)
    await watched.assert_clean(world.base)


async def test_whoever_stands_in_for_a_hub_signs_nobody_out(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Home Assistant in its safe mode, or a proxy, answers 404 too, in other words."""
    page = watched.page
    world.host(hub)
    await page.goto(world.desk_url(TOKEN))
    await page.get_by_test_id("signed-in").wait_for()
    gone = "**/portal/v1/desk"
    await page.route(gone, lambda route: route.fulfill(status=404, body="404: gone"))
    await page.get_by_test_id("refresh").click()
    await page.get_by_test_id("trouble").wait_for()
    await expect(page.get_by_test_id("signed-in")).to_be_visible()
    await page.unroute(gone)
    await page.get_by_test_id("refresh").click()
    await expect(page.get_by_test_id("trouble")).to_have_count(0)


async def test_a_new_link_finds_the_secret_of_the_old_one(
    watched: Watched, world: World, hub: Hub
) -> None:
    """A link that was replaced works no more; what was asked still opens by its key."""
    page = watched.page
    world.host(hub)
    await page.goto(world.desk_url())
    await page.get_by_test_id("token").fill(world.desk_url(TOKEN))
    await page.get_by_test_id("remember").check()
    await page.get_by_test_id("sign-in").click()
    await page.get_by_test_id("make-secret").click()
    secret = await page.get_by_test_id("secret-text").inner_text()
    await page.get_by_test_id("secret-kept").click()
    new = "n" * 43
    world.facts["hub"]["token"] = new
    world.save()
    await page.get_by_test_id("refresh").click()
    await expect(page.get_by_test_id("trouble")).to_contain_text("not any more")
    kept = json.dumps(await page.evaluate(_STORED))
    assert TOKEN not in kept
    await page.goto("about:blank")
    await page.goto(world.desk_url(new))
    await page.get_by_test_id("secret-here").wait_for()
    await page.get_by_test_id("secret-box").locator("summary").click()
    await expect(page.get_by_test_id("secret-text")).to_have_text(secret)
    await page.get_by_test_id("sign-out").click()
    await page.get_by_test_id("token").wait_for()
    assert await page.evaluate("localStorage.length") == 0
