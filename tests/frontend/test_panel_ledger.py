"""The ledger for people: what a line says, and finding lines."""

from typing import Any

from playwright.async_api import expect

from script.demo_world.browser import PHONE_SCREEN
from tests.interfaces import example

from .axe import violations
from .conftest import Watched, World
from .fake_panel import FakePanel, case

ENTRY: dict[str, Any] = example("ledger_entry")
REFUSED = {
    **ENTRY,
    "seq": 3,
    "kind": "approve_rejected",
    "data": {"clause": "expired", "user_id": "2f6c0e", "means": "push"},
}
PAGE: dict[str, Any] = {
    **example("ledger_answer"),
    "entries": [REFUSED, ENTRY],
    "names": {"2f6c0e": "Sam <b>", "expired": "it came too late"},
}


async def _opened(watched: Watched, world: World) -> FakePanel:
    return await FakePanel.opened(
        watched,
        world,
        search="?tab=ledger",
        answers={
            "ledger": {"result": PAGE},
            "history": {"result": {"cases": [case()], "next": None}},
        },
    )


async def _asked(panel: FakePanel) -> dict[str, Any]:
    *_, asked = await panel.asked("ledger")
    return {key: value for key, value in asked.items() if key not in ("type", "limit")}


async def test_a_line_says_who_how_and_why(watched: Watched, world: World) -> None:
    """In names and sentences; what was digested is below, as it was recorded."""
    panel = await _opened(watched, world)
    refused, approved = panel.see("entry").nth(0), panel.see("entry").nth(1)
    await expect(refused.get_by_test_id("facts")).to_have_text(
        "it came too late · Sam <b> · on the phone"
    )
    await expect(approved.get_by_test_id("facts")).to_have_text(
        "to be fetched here · Sam <b> · in the panel"
    )
    await approved.locator("summary").click()
    await expect(approved).to_contain_text("2f6c0e")
    await expect(approved).to_contain_text(ENTRY["digest"])


async def test_lines_are_found(watched: Watched, world: World) -> None:
    """By what they are about, by day, by request; and back to all of them."""
    panel = await _opened(watched, world)
    await panel.see("entry").first.wait_for()
    assert await _asked(panel) == {"before": None, "language": "en"}
    await panel.see("find-group").select_option("sent")
    await panel.see("find-from").fill("2026-11-22")
    await panel.see("find-until").fill("2026-11-23")
    await panel.see("find-until").press("Tab")
    first = panel.see("entry").first
    await first.locator("summary").click()
    await first.get_by_test_id("of-case").click()
    await expect(panel.see("find-case")).to_contain_text("Only lines of one request")
    found = await _asked(panel)
    assert "shared" in found["kinds"]
    assert (found["since"], found["until"]) == (
        "2026-11-21T23:00:00Z",
        "2026-11-23T23:00:00Z",
    )
    assert found["case_id"] == ENTRY["case_id"]
    await panel.answer(ledger={"result": {**PAGE, "entries": []}})
    await panel.see("find-case").get_by_role("button").click()
    await expect(panel.see("empty")).to_have_text("No line fits.")
    assert "case_id" not in await _asked(panel)


async def test_a_search_that_failed_shows_nothing_else(
    watched: Watched, world: World
) -> None:
    """Lines of another search are not taken for what was looked for, nor gone on from."""
    panel = await _opened(watched, world)
    await expect(panel.see("entry")).to_have_count(2)
    failed = {"error": {"code": "timeout", "message": ""}}
    await panel.answer(ledger=[failed, {"result": {**PAGE, "entries": [ENTRY]}}])
    await panel.see("find-group").select_option("sent")
    await expect(panel.see("fault")).to_be_visible()
    await expect(panel.see("entry")).to_have_count(0)
    await expect(panel.see("empty")).to_have_count(0)
    await panel.see("more").click()
    await expect(panel.see("entry")).to_have_count(1)
    asked = await _asked(panel)
    assert asked["before"] is None
    assert "shared" in asked["kinds"]
    await panel.answer(ledger={"result": {**PAGE, "entries": []}})
    await panel.see("find-group").select_option("all")
    await expect(panel.see("empty")).to_have_text("Nothing yet.")


async def test_facts_are_told_in_the_language_of_now(
    watched: Watched, world: World
) -> None:
    """Also in one that was chosen after the lines had come."""
    panel = await _opened(watched, world)
    await expect(panel.see("facts").first).to_contain_text("on the phone")
    await panel.page.evaluate("host.speak('de')")
    await expect(panel.see("facts").first).to_contain_text("auf dem Telefon")


async def test_finding_fits_a_phone_and_everybody(
    watched: Watched, world: World
) -> None:
    """Nothing is wider than the smallest screen; axe finds nothing."""
    panel = await _opened(watched, world)
    await panel.page.set_viewport_size({"width": 320, "height": PHONE_SCREEN[1]})
    await panel.see("entry").first.locator("summary").click()
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert await panel.page.evaluate(wide) <= 0
    assert await violations(panel.page) == []
