"""The panel's history and record: looked through, narrowed, verified, saved."""

import json
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from script.demo_world.browser import PHONE_SCREEN, Browser
from tests.interfaces import example

from .conftest import Watched, World, watch
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


async def test_the_record_is_verified_again_and_saved(
    watched: Watched, world: World, tmp_path: Path
) -> None:
    """Verified from its start, at a time that is told; saved as the action answers."""
    entry = example("ledger_entry")
    head = {"seq": 2, "digest": entry["digest"]}
    whole = {**example("ledger_answer"), "entries": [entry], "head": head}
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
    begun = [call["before"] for call in await panel.asked("ledger")]
    assert begun.count(None) == 2  # what is older comes by itself


async def test_the_receipt_of_a_delivery_is_saved(
    watched: Watched, world: World, tmp_path: Path
) -> None:
    """What went is said in words; the file holds what others can check."""
    clip = example("delivery")
    nothing = dict.fromkeys(("camera", "start", "end"))
    words = {**clip, "delivery_id": "w" * 26, "words": True, **nothing}
    shared = case(state="shared", offer=None, deliveries=[clip, words])
    panel = await FakePanel.at_case(watched, world, shared)
    first, second = panel.see("delivery").nth(0), panel.see("delivery").nth(1)
    await expect(first).to_contain_text(
        "Driveway, Mon, 23 November 2026, 19:01:58 – 19:05:00"
    )
    await expect(second).to_contain_text("An answer in words")
    async with panel.page.expect_download() as saving:
        await first.get_by_test_id("receipt").click()
    saved = await saving.value
    assert saved.suggested_filename == "receipt-2026-11-23T19-01-12Z.json"
    path = tmp_path / "receipt.json"
    await saved.save_as(path)
    receipt = json.loads(path.read_text())
    assert receipt.items() <= clip.items()
    assert receipt["sha256"] == clip["sha256"]
    # to be shown to others: nothing that the owner calls things by
    assert not {"camera", "start", "end", "words"} & receipt.keys()


async def test_the_history_of_a_camera_and_of_a_day(
    watched: Watched, world: World
) -> None:
    """Days begin and end by the home's clock; both can be taken back."""
    panel = await FakePanel.opened(
        watched, world, search="?tab=history", answers={"history": _page(SHARED)}
    )
    await expect(panel.see("case-line")).to_have_count(1)
    camera = "01K9ZQ3V7C2M4N5P6Q7R8S9T0V"
    await panel.page.get_by_label("Camera").select_option("Driveway")
    await panel.page.get_by_label("Footage of the day").fill("2026-11-23")
    await panel.see("of-camera").select_option("All cameras")
    await expect(panel.see("case-line")).to_have_count(1)
    keys = ("camera_id", "since", "until")
    day = ("2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z")
    asked = await panel.asked("history")
    assert [tuple(call.get(key) for key in keys) for call in asked] == [
        (None, None, None),
        (camera, None, None),
        (camera, *day),
        (None, *day),
    ]


async def test_a_phone_shows_what_was_found_below_what_is_looked_for(
    browser: Browser, world: World
) -> None:
    """Four fields one below another would take the screen before the first line."""
    async with browser.stranger(PHONE_SCREEN) as context:
        history = {"cases": [case(state="closed", closed="declined")], "next": None}
        panel = await FakePanel.opened(
            await watch(context),
            world,
            search="?tab=history",
            answers={"history": {"result": history}},
        )
        line = await panel.see("case-line").bounding_box()
        assert line
        assert line["y"] < PHONE_SCREEN[1] / 2
