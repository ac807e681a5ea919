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


async def test_what_is_new_is_marked_and_looked_at(
    watched: Watched, world: World
) -> None:
    """Whoever sees it takes it off all phones; the mark stays for this visit."""
    seen = {**OWN, "unseen": 0}
    panel = await _opened(watched, world, TOLD, answers={"see_answers": {"result": {}}})
    await expect(panel.see("own-new")).to_be_visible()
    await panel.answer(neighbours={"result": {**TOLD, "requests": [seen]}})
    await panel.say({"event": "neighbours", "now": "2026-11-23T19:00:40Z"})
    await expect(panel.see("own-new")).to_be_visible()
    assert len(await panel.asked("see_answers")) == 1


async def test_an_admin_looks_at_no_answers(watched: Watched, world: World) -> None:
    """They are shown none: phones of approvers go on telling of them."""
    told = {**TOLD, "requests": [{**OWN, "answers": []}]}
    panel = await _opened(watched, world, told, approver=False, admin=True)
    await expect(panel.see("own-request")).to_be_visible()
    await expect(panel.see("own-new")).to_have_count(0)
    assert await panel.asked("see_answers") == []


async def test_a_follow_up_is_written_and_shown_as_it_stands(
    watched: Watched, world: World
) -> None:
    """What is typed stays while other things change; sent, it stands with the others."""
    sending = {**OWN["notes"][0], "state": "sending", "text": "<b>A basket</b>"}
    more = {**OWN, "unseen": 0, "notes": [*OWN["notes"], sending]}
    none = {**OWN, "unseen": 0, "notes": []}
    panel = await _opened(watched, world, {**TOLD, "requests": [none]})
    note = {"note_own_request": {"result": {"request": more}}}
    await panel.see("own-noting").locator("summary").click()
    await panel.see("own-note-send").click()
    await expect(panel.see("fault")).to_contain_text("Write what is to be added.")
    await panel.see("own-note-text").fill("<b>A basket</b>")
    other = {**none, "request_id": "b" * 26, "title": "Another"}
    await panel.answer(
        neighbours={"result": {**TOLD, "requests": [other, none]}}, **note
    )
    await panel.say({"event": "neighbours", "now": "2026-11-23T19:00:40Z"})
    await expect(panel.see("own-request")).to_have_count(2)
    form = panel.see("own-request").nth(1)
    await expect(form.get_by_test_id("own-note-text")).to_have_value("<b>A basket</b>")
    await form.get_by_test_id("own-note-send").click()
    notes = panel.see("own-note")
    await expect(notes).to_have_count(2)
    await expect(notes.nth(0)).to_contain_text("Published")
    await expect(notes.nth(1)).to_contain_text("<b>A basket</b>")
    await expect(notes.nth(1)).to_contain_text("the next time the hub is asked")
    await expect(form.get_by_test_id("own-note-text")).to_have_value("")
    [said] = await panel.asked("note_own_request")
    assert (said["request_id"], said["text"]) == (OWN["request_id"], "<b>A basket</b>")
    assert await violations(panel.page) == []
