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
    "conditions": ["there is a case number", "the text holds “<b>car”"],
    "limits": ["no sound"],
}
ANSWER = {**TRIED, "rules": [*TRIED["rules"], OTHERS]}
HISTORY = {"cases": [case()], "next": None}


async def _opened(
    watched: Watched,
    world: World,
    results: Any = ANSWER["results"],
    **changes: Any,
) -> FakePanel:
    tried = {**ANSWER, "results": results}
    return await FakePanel.opened(
        watched,
        world,
        search="?tab=rules",
        answers={"try_rules": {"result": tried}, "history": {"result": HISTORY}},
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


async def test_each_rule_says_what_it_is_for(watched: Watched, world: World) -> None:
    """One condition in the line, more one by one; what it limits; words as they are."""
    panel = await _opened(watched, world)
    first, last = panel.see("rule-line").first, panel.see("rule-line").last
    [condition] = TRIED["rules"][0]["conditions"]
    await expect(first.get_by_test_id("conditions")).to_contain_text(condition)
    await expect(first.get_by_test_id("limits")).to_have_count(0)
    await expect(last.get_by_test_id("conditions").locator("li")).to_have_text(
        OTHERS["conditions"]
    )
    await expect(last.get_by_test_id("limits")).to_contain_text("no sound")


async def test_a_made_up_request_is_tried(watched: Watched, world: World) -> None:
    """It is sent as typed, on the home's clock, and the answer is a sentence."""
    cameras = [
        {"camera_id": id_, "name": f"Camera {id_}", "place": None} for id_ in "dg"
    ]
    panel = await _opened(watched, world, cameras=cameras)
    await expect(panel.see("trial-start")).to_have_value("2026-11-22T20:00")
    await panel.see("trial-trust").select_option("unverified")
    await panel.see("trial-kind").select_option("police")
    await panel.see("trial-case-number").fill(" 7/26 ")
    await panel.see("trial-text").fill("stolen bicycle")
    await panel.see("trial-received").fill("2026-11-23T02:30")
    await panel.see("trial-camera").first.uncheck()
    await panel.see("trial-end").fill("2026-11-22T20:00")
    await panel.see("try").click()
    await expect(panel.see("trial-wrong")).to_contain_text("after the start")
    await panel.see("trial-end").fill("2026-11-22T20:03")
    await panel.see("trial-area-radius").fill("1.000")
    await panel.see("trial-distance").fill("1200")
    await panel.see("try").click()
    await expect(panel.see("trial-wrong")).to_contain_text("whole metres")
    await expect(panel.see("trial-area-radius")).to_have_accessible_description(
        "Give whole metres, such as 250."
    )
    await panel.see("trial-area-radius").fill("250")
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
        "received_at": "2026-11-23T01:30:00Z",
        "cameras": ["g"],
        "area_radius": 250,
        "distance": 1450,
    }


async def test_what_the_rules_say_is_brought_into_sight(
    watched: Watched, world: World
) -> None:
    """It comes below the button that was pressed at the bottom of the screen."""
    panel = await _opened(watched, world)
    width, height = PHONE_SCREEN
    await panel.page.set_viewport_size({"width": width, "height": height})
    said = {"case_id": None, "rule_id": None, "verdict": "list", "sentence": "None."}
    await panel.answer(try_rules={"result": {"rules": [], "results": [said]}})
    button = panel.see("try")
    await button.evaluate("(one) => one.scrollIntoView({ block: 'end' })")
    await button.press("Enter")
    await expect(panel.see("trial-said")).to_be_in_viewport(ratio=1)


async def test_a_made_up_request_may_have_no_area(
    watched: Watched, world: World
) -> None:
    """What is left empty is none; that an area has no radius is said."""
    panel = await _opened(watched, world)
    await panel.see("trial-area-radius").fill("0")
    await panel.see("try").click()
    await expect(panel.see("trial-wrong")).to_contain_text("144 to 642 metres")
    await panel.see("trial-area-radius").fill("")
    await panel.see("trial-distance").fill("1200")
    await panel.see("try").click()
    await expect(panel.see("trial-wrong")).to_contain_text("needs a radius")
    await expect(panel.see("trial-distance")).to_have_accessible_description(
        "A distance needs a radius."
    )
    await expect(panel.see("trial-start")).to_have_accessible_description("")
    await panel.see("trial-distance").fill("")
    await panel.see("try").click()
    await expect(panel.see("trial-said")).to_be_visible()
    *_, asked = await panel.asked("try_rules")
    assert asked["request"]["area_radius"] is None
    assert asked["request"]["distance"] == 0


async def test_a_made_up_request_is_bounded_before_it_is_asked(
    watched: Watched, world: World
) -> None:
    """Too far is said in the form; a value the home still refuses, in words."""
    panel = await _opened(watched, world)
    await panel.see("trial-area-radius").fill("250")
    await panel.see("trial-distance").fill("200000")
    await panel.see("try").click()
    await expect(panel.see("trial-wrong")).to_contain_text("at most 199 km")
    await panel.see("trial-distance").fill("199000")
    refused = {"code": "invalid_format", "message": "value must be at most 200000"}
    await panel.answer(try_rules={"error": refused})
    await panel.see("try").click()
    await expect(panel.see("fault")).to_contain_text("did not take one of the values")


async def test_an_administrator_sees_no_requests(
    watched: Watched, world: World
) -> None:
    """Who is no approver gets the rules alone, not what each decided or did not."""
    panel = await _opened(watched, world, approver=False, results=[])
    await expect(panel.see("rule-line")).to_have_count(2)
    await expect(panel.see("rules")).not_to_contain_text("of the last 50 requests")
    await expect(panel.see("rule-line").locator("details")).to_have_count(0)
    assert await panel.asked("history") == []
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


async def test_fields_side_by_side_stand_in_one_line(
    watched: Watched, world: World
) -> None:
    """Though the name of one takes two lines."""
    panel = await _opened(watched, world)
    radius = await panel.see("trial-area-radius").bounding_box()
    distance = await panel.see("trial-distance").bounding_box()
    assert radius
    assert distance
    assert radius["x"] < distance["x"]
    assert radius["y"] == distance["y"]
