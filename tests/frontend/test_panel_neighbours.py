"""Asking neighbours in the panel: the form, what was asked, what came."""

from typing import Any

from playwright.async_api import expect

from tests.interfaces import example

from .axe import violations
from .conftest import Watched, World
from .fake_panel import FakePanel

TOLD: dict[str, Any] = example("neighbours_answer")
OWN: dict[str, Any] = TOLD["requests"][0]
CLIP = OWN["answers"][0]
NONE = {**TOLD, "requests": []}


async def _opened(
    watched: Watched, world: World, told: dict[str, Any], **more: Any
) -> FakePanel:
    answers = {"neighbours": {"result": told}, **more.pop("answers", {})}
    return await FakePanel.opened(
        watched,
        world,
        search="?tab=neighbours",
        answers=answers,
        neighbours=True,
        **more,
    )


async def test_a_form_asks_a_hub(watched: Watched, world: World) -> None:
    """With what will be public on a map; what is sent is what was typed."""
    waiting = {**OWN, "state": "waiting", "answers": [], "title": "<b>Bike</b>"}
    asked = {"ask_neighbours": {"result": {"request": waiting}}}
    panel = await _opened(watched, world, NONE, answers=asked)
    await panel.see("ask").click()
    await expect(panel.see("map-drawn")).to_be_visible()
    await expect(panel.see("map-size")).to_contain_text("400")
    await panel.see("ask-radius").select_option("300")
    await expect(panel.see("map-size")).to_contain_text("300")
    await panel.see("ask-send").click()
    await expect(panel.see("fault")).to_contain_text("from when until when")
    assert await panel.asked("ask_neighbours") == []
    await panel.see("ask-start").fill("2026-11-23T18:00")
    await panel.see("ask-end").fill("2026-11-23T19:00")
    await panel.see("ask-title").fill("<b>Bike</b>")
    await panel.see("ask-text").fill("A red one")
    await panel.see("ask-send").click()
    await expect(panel.see("own-request")).to_contain_text("<b>Bike</b>")
    await expect(panel.see("own-request")).to_contain_text("With the moderators")
    await expect(panel.see("ask-form")).to_have_count(0)
    [sent] = await panel.asked("ask_neighbours")
    assert {**sent, "language": None} == {
        "type": "clip_consent/ask_neighbours",
        "language": None,
        "portal_id": TOLD["hubs"][0]["portal_id"],
        "camera_id": None,
        "radius": 300,
        "start": "2026-11-23T17:00:00Z",
        "end": "2026-11-23T18:00:00Z",
        "title": "<b>Bike</b>",
        "text": "A red one",
    }


async def test_a_refusal_is_told_and_nothing_typed_is_lost(
    watched: Watched, world: World
) -> None:
    """The home's own sentence, beside what was typed."""
    error = {"error": {"code": "window_too_short", "message": "The window is short."}}
    panel = await _opened(watched, world, NONE, answers={"ask_neighbours": error})
    await panel.see("ask").click()
    await panel.see("ask-start").fill("2026-11-23T18:00")
    await panel.see("ask-end").fill("2026-11-23T18:01")
    await panel.see("ask-title").fill("Bike")
    await panel.see("ask-send").click()
    await expect(panel.see("fault")).to_contain_text("The window is short.")
    await expect(panel.see("ask-title")).to_have_value("Bike")


async def test_what_came_is_shown_and_is_only_text(
    watched: Watched, world: World
) -> None:
    """A clip to play and to save, words as they are; no number of homes."""
    paths = {"video": "/answer/video", "file": "/answer/file"}
    words = {**CLIP, "text": "<img src=x> at six", "identity": "<b>Carol</b>"}
    bad = {**CLIP, "state": "unreadable"}
    answers = [{**CLIP, **paths}, words, bad]
    told = {**TOLD, "requests": [{**OWN, "answers": answers}]}
    panel = await _opened(watched, world, told)
    shown = panel.see("answer")
    await expect(shown).to_have_count(3)
    await expect(panel.see("answer-video")).to_have_attribute("src", "/answer/video")
    await expect(panel.see("answer-save")).to_have_attribute("href", "/answer/file")
    await expect(shown.nth(0)).to_contain_text("fit")
    await expect(shown.nth(1)).to_contain_text("<img src=x> at six")
    await expect(shown.nth(1)).to_contain_text("<b>Carol</b>")
    await expect(shown.nth(2)).to_contain_text("could not be opened")
    await panel.see("ask").click()
    await expect(panel.see("map-drawn")).to_be_visible()
    assert await violations(panel.page) == []
    # the home tells that there is more
    await panel.answer(neighbours={"result": NONE})
    await panel.say({"event": "neighbours", "now": "2026-11-23T19:00:40Z"})
    await expect(panel.see("own-request")).to_have_count(0)


async def test_a_request_is_ended_and_forgotten(watched: Watched, world: World) -> None:
    """Asked once more each time."""
    over = {**OWN, "state": "withdrawn", "may_withdraw": False, "may_resolve": False}
    panel = await _opened(
        watched,
        world,
        TOLD,
        answers={
            "end_own_request": {"result": {"request": over}},
            "forget_own_request": {"result": {}},
        },
    )
    await panel.see("own-withdrawn").click()
    await panel.answer(neighbours={"result": {**TOLD, "requests": [over]}})
    await panel.see("own-confirm").click()
    await expect(panel.see("own-request")).to_contain_text("Withdrawn")
    [ended] = await panel.asked("end_own_request")
    assert (ended["request_id"], ended["how"]) == (OWN["request_id"], "withdrawn")
    await panel.see("own-forget").click()
    await panel.answer(neighbours={"result": NONE})
    await panel.see("own-confirm").click()
    await expect(panel.see("own-request")).to_have_count(0)
    [forgotten] = await panel.asked("forget_own_request")
    assert forgotten["request_id"] == OWN["request_id"]
