"""A long history: it comes page by page as it is scrolled, and is come back to."""

from typing import Any, Final

from playwright.async_api import expect
import pytest

from tests.interfaces import example

from .conftest import Watched, World
from .fake_panel import FakePanel, case

ALL: Final = 1000
PAGE: Final = 50
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
# How many of the lines are laid out, and whether all were left alone since they were marked.
_LAID_OUT: Final = """lines => lines.filter((line) =>
  line.firstElementChild.checkVisibility({ contentVisibilityAuto: true })).length"""
_MARK: Final = """lines => {
  globalThis.touched = 0;
  const watch = new MutationObserver((changes) => { touched += changes.length; });
  for (const line of lines) {
    watch.observe(line, { subtree: true, childList: true, characterData: true, attributes: true });
  }
}"""


def _id(number: int) -> str:
    """Return a case's id: letters and digits that may stand in one."""
    a, b, c = number // 1024, number // 32 % 32, number % 32
    return _LETTERS[a] + _LETTERS[b] + _LETTERS[c] * 24


def _pages(many: int = ALL) -> list[dict[str, Any]]:
    cases = [case(case_id=_id(number), state="closed") for number in range(many)]
    return [
        {
            "result": {
                "cases": cases[at : at + PAGE],
                "next": many - at if at + PAGE < many else None,
            }
        }
        for at in range(0, many, PAGE)
    ]


async def _opened(
    watched: Watched, world: World, pages: list[dict[str, Any]]
) -> FakePanel:
    panel = await FakePanel.opened(
        watched, world, search="?tab=history", answers={"history": pages}
    )
    await panel.see("case-line").first.wait_for()
    return panel


async def _scroll_to(panel: FakePanel, many: int) -> None:
    """Scroll down until this many lines are there."""
    lines = panel.see("case-line")
    for _ in range(many // PAGE + 5):
        if await lines.count() >= many:
            return
        before = await lines.count()
        await panel.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await panel.page.wait_for_function(
            """before => document.querySelector("clip-consent-panel").shadowRoot
              .querySelector("clip-consent-history").shadowRoot
              .querySelectorAll("li").length > before""",
            arg=before,
        )
    await expect(lines).to_have_count(many)


async def test_a_thousand_come_as_they_are_scrolled_to(
    watched: Watched, world: World
) -> None:
    """Page by page, none twice; few are laid out, and none is drawn again."""
    panel = await _opened(watched, world, _pages())
    await expect(panel.see("case-line")).to_have_count(PAGE)
    await panel.page.wait_for_timeout(300)
    assert len(await panel.asked("history")) == 1  # the end is not near
    items = panel.see("history").locator("li")
    await items.evaluate_all(_MARK)
    await _scroll_to(panel, ALL)
    await expect(panel.see("more")).to_have_count(0)
    assert len(await panel.asked("history")) == ALL // PAGE
    assert await panel.page.evaluate("touched") == 0
    laid_out = await items.evaluate_all(_LAID_OUT)
    assert 0 < laid_out < 60
    ids = await panel.see("case-line").evaluate_all(
        "lines => new Set(lines.map((line) => line.dataset.case)).size"
    )
    assert ids == ALL


async def test_a_search_that_finds_nothing_does_not_go_on_by_itself(
    watched: Watched, world: World
) -> None:
    """After a while it is for people to say whether older ones are looked through."""
    nothing = {"result": {"cases": [], "next": 5}}
    panel = await FakePanel.opened(
        watched, world, search="?tab=history", answers={"history": [nothing] * 100}
    )
    await expect(panel.see("empty")).to_contain_text("Nothing")
    await panel.page.wait_for_timeout(500)
    assert 0 < len(await panel.asked("history")) <= 40
    asked = len(await panel.asked("history"))
    await panel.page.wait_for_timeout(500)
    assert len(await panel.asked("history")) == asked
    await panel.see("more").focus()
    await panel.page.keyboard.press("Enter")
    await panel.page.wait_for_function(f"() => host.calls.length > {asked + 1}")
    await expect(panel.see("more")).to_be_focused()


async def test_a_fault_is_not_tried_again_by_itself(
    watched: Watched, world: World
) -> None:
    """There is a button for that."""
    first, second, *_ = _pages(150)
    fault = {"error": {"code": "unauthorized", "message": ""}}
    panel = await _opened(watched, world, [first, fault, second])
    await panel.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    await expect(panel.see("fault")).to_be_visible()
    await panel.page.wait_for_timeout(500)
    assert len(await panel.asked("history")) == 2
    await panel.see("more").click()
    await expect(panel.see("case-line")).to_have_count(100)


@pytest.mark.parametrize("way", ["header", "browser"])
async def test_back_from_a_case_is_where_it_was_opened(
    watched: Watched, world: World, way: str
) -> None:
    """With the words, the filter, all pages, and the line where it was; focus too."""
    panel = await _opened(watched, world, _pages(200))
    await panel.answer(history=_pages(200))
    await panel.see("only").select_option("shared")
    await expect(panel.see("case-line")).to_have_count(PAGE)
    await panel.answer(history=_pages(200))
    await panel.see("search").fill("bicycle")
    await panel.page.clock.run_for(400)
    await panel.page.wait_for_function(
        "() => host.calls.some(({ search }) => search === 'bicycle')"
    )
    await _scroll_to(panel, 150)
    line = panel.page.locator(f'[data-case="{_id(120)}"]')
    await line.scroll_into_view_if_needed()
    await panel.page.wait_for_timeout(200)
    before = await line.bounding_box()
    shown = await panel.see("case-line").count()
    asked = len(await panel.asked("history"))
    await line.click()
    await panel.see("case").wait_for()
    if way == "header":
        await panel.see("back").click()
    else:
        await panel.page.go_back()
    await expect(panel.see("case-line")).to_have_count(shown)
    await panel.page.wait_for_timeout(300)
    after = await line.bounding_box()
    assert before and after
    assert abs(before["y"] - after["y"]) < 8
    await expect(line).to_be_focused()
    await expect(panel.see("search")).to_have_value("bicycle")
    await expect(panel.see("only")).to_have_value("shared")
    assert len(await panel.asked("history")) == asked
    # the tab itself begins anew
    await panel.answer(history=_pages(200))
    await panel.see("tab-requests").click()
    await panel.see("tab-history").click()
    await expect(panel.see("search")).to_have_value("")
    await expect(panel.see("case-line")).to_have_count(PAGE)


async def test_back_does_not_lead_into_the_case_again(
    watched: Watched, world: World
) -> None:
    """The browser's own way back goes on from the list, to what was before it."""
    one = case()
    panel = await FakePanel.opened(watched, world, one)
    page = panel.page
    await panel.see("tab-history").click()
    await panel.see("tab-requests").click()
    await panel.see("case-line").click()
    await panel.see("case").wait_for()
    await panel.see("back").click()
    await expect(panel.see("case-line")).to_be_visible()
    await page.go_back()
    await expect(panel.see("search")).to_be_visible()
    assert page.url.endswith("?tab=history")


async def test_back_from_a_link_to_a_case_is_the_list(
    watched: Watched, world: World
) -> None:
    """It takes the place of the case: what a push opened is not come back to."""
    panel = await FakePanel.at_case(watched, world, case())
    entries = await panel.page.evaluate("history.length")
    await panel.see("back").click()
    await expect(panel.see("case-line")).to_be_visible()
    assert panel.page.url.endswith("/clip-consent")
    assert await panel.page.evaluate("history.length") == entries


async def test_the_arrow_back_points_to_where_a_line_begins(
    watched: Watched, world: World
) -> None:
    """To the right in a language that is read from there."""
    panel = await FakePanel.at_case(watched, world, case())
    arrow = panel.see("back").locator("svg")
    mirrored = "(arrow) => getComputedStyle(arrow).transform"
    assert await arrow.evaluate(mirrored) == "none"
    await panel.page.evaluate("document.documentElement.dir = 'rtl'")
    assert await arrow.evaluate(mirrored) == "matrix(-1, 0, 0, 1, 0, 0)"


async def test_the_record_comes_as_it_is_scrolled_to(
    watched: Watched, world: World
) -> None:
    """Page by page too, and few entries are laid out."""
    entry = example("ledger_entry")
    head = {"seq": 200, "digest": entry["digest"]}
    pages = [
        {
            "result": {
                **example("ledger_answer"),
                "entries": [{**entry, "seq": at - behind} for behind in range(PAGE)],
                "next": at - PAGE + 1 if at > PAGE else None,
                "head": head,
            }
        }
        for at in range(200, 0, -PAGE)
    ]
    history: dict[str, Any] = {"result": {"cases": [], "next": None}}
    panel = await FakePanel.opened(
        watched,
        world,
        search="?tab=ledger",
        answers={"ledger": pages, "history": history},
    )
    entries = panel.see("entry")
    await expect(entries).to_have_count(PAGE)
    for shown in range(2 * PAGE, 201, PAGE):
        await panel.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        await expect(entries).to_have_count(shown)
    await expect(panel.see("more")).to_have_count(0)
    assert 0 < await entries.evaluate_all(_LAID_OUT) < 60
