"""The panel's rules: what each decided, and a made-up request to try them with."""

from typing import Any

from playwright.async_api import expect

from script.demo_world.browser import PHONE_SCREEN
from tests.interfaces import example

from .conftest import Watched, World
from .fake_panel import FakePanel, case

TRIED: dict[str, Any] = example("try_rules_answer")
OTHERS: dict[str, Any] = {
    "rule_id": "01K9ZQ5R8T2V4W6X8Y0Z2A4B6D",
    "order": 100,
    "title": "Everybody else <b>",
    "verdict": "list",
}
ANSWER = {**TRIED, "rules": [*TRIED["rules"], OTHERS]}
HISTORY = {"cases": [case()], "next": None}


async def _opened(watched: Watched, world: World, **changes: Any) -> FakePanel:
    return await FakePanel.opened(
        watched,
        world,
        search="?tab=rules",
        answers={"try_rules": {"result": ANSWER}, "history": {"result": HISTORY}},
        **changes,
    )


async def test_each_rule_says_what_it_decided(watched: Watched, world: World) -> None:
    """In their order, with the requests that it was, by the owner's own words."""
    panel = await _opened(watched, world)
    lines = panel.see("rule-line")
    await expect(lines).to_have_count(2)
    await expect(lines.first).to_contain_text("10 · People I invited")
    await expect(lines.first).to_contain_text("Decided one of the last 50 requests")
    await expect(lines.last).to_contain_text("100 · Everybody else <b>")
    await expect(lines.last).to_contain_text("Decided none")
    await lines.first.locator("summary").click()
    await expect(lines.first).to_contain_text("Anna next door")
    await expect(lines.first).to_contain_text(TRIED["results"][0]["sentence"])
    await lines.first.get_by_role("button", name="Show the request").click()
    await expect(panel.see("case")).to_be_visible()


async def test_a_made_up_request_is_tried(watched: Watched, world: World) -> None:
    """It is sent as typed, on the home's clock, and the answer is a sentence."""
    panel = await _opened(watched, world)
    await expect(panel.see("trial-start")).to_have_value("2026-11-22T20:00")
    await panel.see("trial-trust").select_option("unverified")
    await panel.see("trial-kind").select_option("police")
    await panel.see("trial-case-number").fill(" 7/26 ")
    await panel.see("trial-text").fill("stolen bicycle")
    await panel.see("trial-end").fill("2026-11-22T20:00")
    await panel.see("try").click()
    await expect(panel.see("trial-wrong")).to_contain_text("after the start")
    await panel.see("trial-end").fill("2026-11-22T20:03")
    said = {"case_id": None, "rule_id": None, "verdict": "list", "sentence": "None."}
    await panel.answer(try_rules={"result": {"rules": [], "results": [said]}})
    await panel.see("trial-text").press("Tab")
    await panel.see("try").press("Enter")
    await expect(panel.see("trial-said")).to_contain_text("without a push")
    await expect(panel.see("trial-said")).to_contain_text("None.")
    await expect(panel.see("trial-wrong")).to_have_count(0)
    *_, asked = await panel.asked("try_rules")
    assert asked["request"] == {
        "trust": "unverified",
        "kind": "police",
        "case_number": "7/26",
        "text": "stolen bicycle",
        "start": "2026-11-22T19:00:00Z",
        "end": "2026-11-22T19:03:00Z",
    }


async def test_an_administrator_sees_no_requests(
    watched: Watched, world: World
) -> None:
    """Who is no approver gets the rules and the sentences, and no case to open."""
    panel = await _opened(watched, world, approver=False)
    await expect(panel.see("rule-line")).to_have_count(2)
    await panel.see("rule-line").first.locator("summary").click()
    await expect(panel.see("rule-line").first).to_contain_text("Request k5x2mz")
    assert await panel.asked("history") == []
    await expect(
        panel.page.get_by_role("button", name="Show the request")
    ).to_have_count(0)
    await expect(
        panel.page.get_by_role("link", name="Change the rules")
    ).to_be_visible()


async def test_rules_fit_the_smallest_phone(watched: Watched, world: World) -> None:
    """Nothing is wider than the screen."""
    panel = await _opened(watched, world)
    await panel.page.set_viewport_size({"width": 320, "height": PHONE_SCREEN[1]})
    await panel.see("rule-line").first.wait_for()
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert await panel.page.evaluate(wide) <= 0
    tab = await panel.see("tab-rules").bounding_box()
    assert tab
    assert tab["height"] < 60, "its word is broken"
