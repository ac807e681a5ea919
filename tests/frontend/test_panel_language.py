"""Another language chosen in the profile: the panel's words and the home's follow."""

import asyncio

from playwright.async_api import Route, expect
import pytest

from tests.interfaces import example

from .conftest import Watched, World
from .fake_panel import FakePanel, case

pytestmark = pytest.mark.e2e


async def test_the_home_is_asked_for_the_readers_language(
    watched: Watched, world: World
) -> None:
    """What the home says is asked for anew, and every command names the language."""
    panel = await FakePanel.opened(
        watched, world, case(), answers={"decline": {"result": {"case": case()}}}
    )
    page = panel.page
    await expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
    sentence = "Regel 10 „Eingeladene“ trifft zu: Du wirst gefragt."
    said = {
        **example("subscribe_snapshot"),
        "cases": [case(screening__sentence=sentence)],
    }
    await page.evaluate(
        "(snapshot) => { host.snapshot = snapshot; host.speak('de'); }", said
    )
    await expect(page.get_by_role("button", name="Anfragen")).to_be_visible()
    await page.get_by_test_id("case-line").click()
    await expect(page.get_by_text(sentence)).to_be_visible()
    await page.get_by_test_id("decline").click()
    await page.get_by_test_id("decline-confirm").click()
    await page.wait_for_function(
        "host.calls.some(({ type }) => type === 'clip_consent/decline')"
    )
    calls = await page.evaluate("host.calls")
    spoken = [(call["type"].partition("/")[2], call["language"]) for call in calls]
    assert spoken[0] == ("subscribe", "en")
    assert spoken[1] == ("subscribe", "de")
    assert spoken[-1] == ("decline", "de")


async def test_the_language_that_was_chosen_last_is_spoken(
    watched: Watched, world: World
) -> None:
    """Though the texts of the one before it come later."""
    panel = await FakePanel.opened(watched, world, case())
    page = panel.page
    title = page.get_by_role("heading", name="Waiting for you")
    await expect(title).to_be_visible()
    asked, let_go = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        await let_go.wait()
        await route.continue_()

    await page.route("**/clip_consent_static/part-*", late)
    await page.evaluate("host.speak('de')")
    await asyncio.wait_for(asked.wait(), 30)
    await page.evaluate("host.speak('en-GB')")
    async with page.expect_event("requestfinished"):
        let_go.set()
    await page.wait_for_load_state("networkidle")
    await expect(page.get_by_role("button", name="Requests")).to_be_visible()
    await expect(title).to_be_visible()
    await page.get_by_test_id("tab-history").click()
    calls = await page.evaluate("host.calls")
    assert {call["language"] for call in calls} == {"en"}


_ORDER = """(element, [first, second]) => {
  const left = (text) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const at = walker.currentNode.data.indexOf(text);
      if (at < 0) continue;
      const range = document.createRange();
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + text.length);
      return range.getBoundingClientRect().left;
    }
    throw new Error(text);
  };
  return left(first) < left(second);
}"""


@pytest.mark.parametrize("language", ["he", "en-GB"])
async def test_what_reads_from_the_left_does_so_on_a_page_from_the_right(
    watched: Watched, world: World, language: str
) -> None:
    """A span that began when it ended would be another; its language is told too."""
    one = case()
    panel = await FakePanel.opened(
        watched,
        world,
        one,
        search=f"?case={one['case_id']}&language={language}",
    )
    facts = panel.see("draft-facts")
    await facts.wait_for()
    await panel.page.evaluate("document.documentElement.dir = 'rtl'")
    host = panel.page.locator("clip-consent-panel")
    assert await host.get_attribute("lang") == "en"
    for first, second in [
        ("18:01:58", "18:05:00"),  # in UTC
        ("1.8", "MB"),
        ("3", "2 sec"),
        ("nothing", "."),
    ]:
        assert await facts.evaluate(_ORDER, [first, second]), (first, second)
    align = "(element) => getComputedStyle(element).textAlign"
    assert await facts.evaluate(align) == "right"


async def test_words_of_others_read_as_they_are_written(
    watched: Watched, world: World
) -> None:
    """A neighbour who writes Hebrew is read from the right, on a page from the left."""
    words = "מישהו נסע לתוך האופניים שלי (Opel)."
    await FakePanel.at_case(watched, world, case(request__text=words))
    text = watched.page.get_by_test_id("text")
    assert await text.evaluate(_ORDER, [".", "מישהו"])
