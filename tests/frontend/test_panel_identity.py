"""What goes along about the owner: nothing, unless they tick it and write it."""

from typing import Any

from playwright.async_api import expect
import pytest

from .axe import violations
from .conftest import Watched, World
from .fake_panel import FakePanel, case

SAM = "Sam, number 12"
HOSTILE = "<img src=x onerror=alert(1)> **Sam** {{ 1 }}"
EMPTY: dict[str, Any] = {"draft": None, "offer": None}
DRAFTING = case(state="drafting", **EMPTY)
TICK_TEXT = ("tick", "text")
LANGUAGES = ["en-GB", "de", "es", "fr", "nl"]


async def test_by_default_it_says_that_nothing_goes_along(
    watched: Watched, world: World
) -> None:
    """With the draft; and what is prepared anew says nothing either."""
    panel = await FakePanel.at_case(
        watched, world, case(), {"prepare": {"result": {"case": DRAFTING}}}
    )
    said = panel.see("draft-facts").get_by_test_id("about-you")
    await expect(said).to_have_text(
        "nothing. No name, no address, no name of a camera."
    )
    await panel.see("pick-another").locator("summary").click()
    tick = panel.see("picker").get_by_test_id("identity-tick")
    await expect(tick).not_to_be_checked()
    await panel.see("prepare").click()
    [asked] = await panel.asked("prepare")
    assert asked["identity"] == ""


async def test_what_goes_along_stands_beside_approve_as_text(
    watched: Watched, world: World
) -> None:
    """The very words, whatever they look like."""
    panel = await FakePanel.at_case(watched, world, case(draft__identity=HOSTILE))
    said = panel.see("draft").get_by_test_id("about-you")
    assert await said.evaluate("(e) => e.textContent") == HOSTILE
    assert await said.evaluate("(e) => e.childElementCount") == 0
    await expect(panel.see("draft").get_by_test_id("approve")).to_be_visible()


async def test_who_wants_to_say_who_they_are_writes_it(
    watched: Watched, world: World
) -> None:
    """Ticked it needs words; they stay where no clip came of it, and with the draft."""
    panel = await FakePanel.at_case(
        watched, world, case(), {"prepare": {"result": {"case": DRAFTING}}}
    )
    await panel.see("pick-another").locator("summary").click()
    picker = panel.see("picker")
    tick, words = (picker.get_by_test_id(f"identity-{what}") for what in TICK_TEXT)
    await tick.check()
    await expect(panel.see("not-yet")).to_be_visible()
    await panel.see("prepare").click()
    await expect(panel.see("fault")).to_contain_text("Write who you are")
    assert await panel.asked("prepare") == []
    await words.fill(f" {SAM} ")
    await panel.see("prepare").click()
    [asked] = await panel.asked("prepare")
    assert asked["identity"] == SAM

    await panel.change(case(problem="x", problem_text="No.", **EMPTY))
    await expect(words).to_have_value(SAM)
    await panel.change(case(draft__identity="Sam"))
    await panel.see("pick-another").locator("summary").click()
    await expect(words).to_have_value("Sam")
    await tick.uncheck()
    await expect(words).to_have_count(0)
    await panel.see("prepare").click()
    assert (await panel.asked("prepare"))[-1]["identity"] == ""


async def test_an_answer_in_words_can_say_it_too(
    watched: Watched, world: World
) -> None:
    """It begins with what went along with the draft of before."""
    answers = {"answer": {"result": {"case": DRAFTING}}}
    named = case(draft__identity=SAM)
    panel = await FakePanel.at_case(watched, world, named, answers)
    form = panel.see("answer")
    await form.locator("summary").click()
    await form.get_by_test_id("answer-text").fill("Come by.")
    words = form.get_by_test_id("identity-text")
    await expect(words).to_have_value(SAM)
    await words.fill("")
    await form.get_by_test_id("answer-prepare").click()
    await expect(form.get_by_test_id("fault")).to_contain_text("Write who you are")
    await words.fill("Kim")
    await form.get_by_test_id("answer-prepare").click()
    await expect(form.get_by_test_id("answer-text")).to_have_value("")
    [asked] = await panel.asked("answer")
    assert (asked["text"], asked["identity"]) == ("Come by.", "Kim")
    await expect(words).to_have_value("Kim")


async def test_a_playable_copy_says_what_the_draft_said(
    watched: Watched, world: World
) -> None:
    """Another file, the same words beside it."""
    one = case(draft__identity=SAM, draft__video_codec="hevc", draft__playable=False)
    panel = await FakePanel.at_case(
        watched, world, one, {"prepare": {"result": {"case": DRAFTING}}}
    )
    await panel.see("make-playable").click()
    [asked] = await panel.asked("prepare")
    assert (asked["playable"], asked["identity"]) == (True, SAM)


async def test_what_is_handed_over_has_no_place_for_it(
    watched: Watched, world: World
) -> None:
    """The owner hands over the bare file."""
    panel = await FakePanel.at_case(watched, world, case(request__way="hand_over"))
    for summary in await panel.page.locator("summary").all():
        await summary.click()
    await expect(panel.see("prepare")).to_be_visible()
    await expect(panel.see("answer-prepare")).to_be_visible()
    await expect(panel.see("identity-tick")).to_have_count(0)


async def test_other_words_beside_the_same_film_have_to_be_seen_first(
    watched: Watched, world: World
) -> None:
    """As another film has to: a tap that was on its way does not count."""
    panel = await FakePanel.at_case(watched, world, case())
    await expect(panel.see("approve")).to_be_enabled()
    await panel.page.clock.pause_at("2026-11-23T19:30:00Z")
    await panel.change(case(draft__identity=SAM, offer__offer_id="z" * 26))
    await expect(panel.see("approve")).to_be_disabled()
    await panel.page.clock.run_for(2_000)
    await expect(panel.see("approve")).to_be_enabled()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_fits_and_can_be_read_by_all(
    watched: Watched, world: World, language: str
) -> None:
    """320 pixels, axe finds nothing, in each language."""
    await watched.page.set_viewport_size({"width": 320, "height": 640})
    one = case(draft__identity="Bartholomaeus-Winterbottom@example.org " * 3)
    panel = await FakePanel.at_case(watched, world, one)
    await panel.page.evaluate("(language) => host.speak(language)", language)
    for summary in await panel.page.locator("summary").all():
        await summary.click()
    await expect(panel.see("identity-text")).to_have_count(2)
    wide = await panel.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320
    assert await violations(panel.page) == []
