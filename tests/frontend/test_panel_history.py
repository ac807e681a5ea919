"""The panel's history and record: looked through, narrowed, verified, saved."""

import json
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.interfaces import example

from .conftest import Watched, World
from .fake_panel import FakePanel, case

SHARED = case(
    state="shared",
    case_id="s" * 26,
    request__name="Bert",
    deliveries=[
        {**example("delivery"), "available_until": "2026-12-07T19:01:12Z"},
        {**example("delivery"), "revoked_at": "2026-11-23T18:59:00Z"},
        {**example("delivery"), "available_until": None},
    ],
)


def _page(*cases: dict[str, Any], after: int | None = None) -> dict[str, Any]:
    return {"result": {"cases": list(cases), "next": after}}


async def _opened(watched: Watched, world: World, *pages: dict[str, Any]) -> FakePanel:
    answers = {"history": list(pages)}
    return await FakePanel.opened(
        watched, world, search="?tab=history", answers=answers
    )


async def test_what_was_shared_says_until_when(watched: Watched, world: World) -> None:
    """Each delivery, also one that was taken back or is out of this home's hands."""
    panel = await _opened(watched, world, _page(case(), SHARED))
    await expect(panel.see("case-line")).to_have_count(2)
    lines = panel.see("shared")
    await expect(lines).to_have_count(3)
    await expect(lines.nth(0)).to_contain_text("Can be fetched until: Mon, 7 December")
    await expect(lines.nth(1)).to_contain_text("Taken back on Mon, 23 November")
    await expect(lines.nth(2)).to_contain_text("out of your hands")


async def test_words_and_what_was_shared_are_looked_for(
    watched: Watched, world: World
) -> None:
    """Through as many pages as it takes; what is found can be opened."""
    panel = await _opened(
        watched, world, _page(case()), _page(after=500), _page(SHARED)
    )
    await expect(panel.see("case-line")).to_have_count(1)
    await panel.see("search").fill("  Bert ")
    await panel.page.clock.run_for(400)
    await expect(panel.see("shared")).to_have_count(3)
    await panel.answer(history=_page())
    await panel.see("only").select_option("shared")
    await expect(panel.see("empty")).to_have_text("Nothing fits.")
    asked = [
        (call["search"], call["only"], call["before"])
        for call in await panel.asked("history")
    ]
    assert asked == [
        ("", "all", None),
        ("Bert", "all", None),
        ("Bert", "all", 500),
        ("Bert", "shared", None),
    ]
    await panel.answer(history=_page(SHARED))
    await panel.see("search").fill("")
    await panel.page.clock.run_for(400)
    await panel.see("case-line").click()
    await expect(panel.see("name")).to_have_text("Bert")


async def test_a_thousand_are_scrolled_through(watched: Watched, world: World) -> None:
    """Page by page, none twice; those off the screen are not laid out."""
    cases = [case(case_id=_id(number), state="closed") for number in range(1000)]
    pages = [
        _page(*cases[at : at + 50], after=1000 - at if at < 950 else None)
        for at in range(0, 1000, 50)
    ]
    panel = await _opened(watched, world, *pages)
    lines = panel.see("case-line")
    for shown in range(50, 1000, 50):
        await expect(lines).to_have_count(shown)
        await panel.see("more").click()
    await expect(lines).to_have_count(1000)
    await expect(panel.see("more")).to_have_count(0)
    last = lines.last.locator("small").first
    laid_out = "(one) => one.checkVisibility({ contentVisibilityAuto: true })"
    await panel.page.evaluate("scrollTo(0, 0)")
    assert not await last.evaluate(laid_out)
    await last.scroll_into_view_if_needed()
    handle = await last.element_handle()
    await panel.page.wait_for_function(laid_out, arg=handle)


def _id(number: int) -> str:
    """Return a case's id: letters and digits that may stand in one."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    return (
        letters[number // 1024] + letters[number // 32 % 32] + letters[number % 32] * 24
    )


async def test_the_record_is_verified_again_and_saved(
    watched: Watched, world: World, tmp_path: Path
) -> None:
    """Verified from its start, at a time that is told; saved as the action answers."""
    entry = example("ledger_entry")
    head = {"seq": 2, "digest": entry["digest"]}
    whole = {"entries": [entry], "head": head, "fault": None}
    export = example("ledger_export")
    panel = await FakePanel.opened(
        watched,
        world,
        search="?tab=ledger",
        answers={
            "ledger": {"result": whole},
            "history": _page(),
            "call_service": {"result": {"context": {}, "response": export}},
        },
    )
    await expect(panel.see("chain")).to_contain_text("Verified on Mon, 23 November")
    async with panel.page.expect_download() as saving:
        await panel.see("save").click()
    saved = await saving.value
    assert saved.suggested_filename == "clip-consent-2026-11-23.json"
    path = tmp_path / "record.json"
    await saved.save_as(path)
    assert json.loads(path.read_text()) == export
    await panel.answer(ledger={"result": {**whole, "fault": 2}})
    await panel.see("verify").click()
    await expect(panel.see("chain-fault")).to_contain_text("entry 2")
    *_, asked = await panel.asked("ledger")
    assert asked["before"] is None
