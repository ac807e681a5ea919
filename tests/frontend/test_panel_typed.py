"""An answer that is being typed outlasts what other approvers do meanwhile."""

from typing import Any

from playwright.async_api import expect

from .conftest import Watched, World
from .fake_panel import FakePanel, case

CONSENT = {
    "user": "Sam",
    "means": "panel",
    "at": "2026-11-23T19:00:20Z",
    "undo_until": "2026-11-23T19:10:00Z",
}


async def _tell(panel: FakePanel, one: dict[str, Any]) -> None:
    await panel.say(
        {
            "event": "case",
            "now": "2026-11-23T19:00:30Z",
            "waiting": 0,
            "accepting": True,
            "case": one,
        }
    )


async def test_what_is_typed_is_there_again(watched: Watched, world: World) -> None:
    """Another approves, which takes the form away, and takes it back."""
    waiting = case(consent=None)
    panel = await FakePanel.at_case(watched, world, waiting)
    await panel.see("answer").locator("summary").click()
    await panel.see("answer-text").fill("<b>Come by</b>\nat six.")
    await _tell(panel, case(state="consented", consent=CONSENT, offer=None))
    await expect(panel.see("answer-text")).to_have_count(0)
    await expect(panel.see("answer-unsent")).to_contain_text("<b>Come by</b>")
    await _tell(panel, waiting)
    await expect(panel.see("answer-text")).to_be_visible()
    await expect(panel.see("answer-text")).to_have_value("<b>Come by</b>\nat six.")
    await expect(panel.see("answer-unsent")).to_have_count(0)


async def test_what_can_be_sent_no_more_can_still_be_read(
    watched: Watched, world: World
) -> None:
    """Another declines: the words are shown, and that they went nowhere."""
    waiting = case(consent=None)
    panel = await FakePanel.at_case(watched, world, waiting)
    await panel.see("answer").locator("summary").click()
    await panel.see("answer-text").fill("Come by at six.")
    await _tell(
        panel, case(consent=None, offer=None, state="closed", closed="declined")
    )
    await expect(panel.see("answer-unsent")).to_contain_text("Come by at six.")
    await expect(panel.see("answer-unsent")).to_contain_text("was not sent")
    assert await panel.asked("answer") == []
