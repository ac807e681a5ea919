"""Notices of hubs in the panel: read, put away, commented, and one sent in."""

from typing import Any

from playwright.async_api import expect
import pytest

from tests.interfaces import example

from .axe import violations
from .conftest import Watched, World
from .fake_panel import FakePanel, case

HOSTILE = "<img src=x onerror=alert(1)> **Ice** {{ 1 }}"
NOTHING: dict[str, Any] = {"result": {}}


def told(**changes: Any) -> dict[str, Any]:
    """Return what the page's example tells of notices, with changes of the first."""
    said: dict[str, Any] = example("notices")
    said["notices"][0] |= changes
    return said


async def at_notices(
    watched: Watched, world: World, said: dict[str, Any], **answers: Any
) -> FakePanel:
    """Open the panel where these notices are."""
    return await FakePanel.opened(
        watched,
        world,
        search="?tab=notices",
        answers={"notices": {"result": said}, **answers},
        notices=len(said["notices"]),
    )


async def test_a_notice_is_read_as_text_and_put_away(
    watched: Watched, world: World
) -> None:
    """Whatever it looks like; who wrote it is said in our words."""
    said = told(title=HOSTILE, text=HOSTILE)
    panel = await at_notices(watched, world, said, dismiss_notice=NOTHING)
    for part in ("notice-title", "notice-text"):
        words = panel.see(part)
        assert await words.evaluate("(e) => e.textContent") == HOSTILE
        assert await words.evaluate("(e) => e.childElementCount") == 0
    await expect(panel.see("notice-from")).to_contain_text(
        "The operator of “Our street”"
    )
    await expect(panel.see("commenting")).to_have_count(0)
    await expect(panel.see("tab-notices")).to_have_text("Notices (1)")
    assert await violations(panel.page) == []
    await panel.see("dismiss").click()
    [asked] = await panel.asked("dismiss_notice")
    notice = said["notices"][0]
    assert asked["portal_id"] == notice["portal_id"]
    assert asked["notice_id"] == notice["notice_id"]
    await panel.page.evaluate("(told) => host.post(told)", {**said, "notices": []})
    await expect(panel.see("notice")).to_have_count(0)
    await expect(panel.see("empty")).to_be_visible()
    await panel.say({"event": "notices", "notices": 0})
    await expect(panel.see("tab-notices")).to_have_text("Notices")


async def test_a_comment_is_shown_once_more_before_it_goes(
    watched: Watched, world: World
) -> None:
    """As a case of its own, with words in place of a film, and nothing of footage."""
    comment = case(
        request__portal="notice",
        request__label="Our street",
        request__text="Ice on the steps",
        request__way="tus",
        findings=[],
        draft__text="Salt is here.",
        draft__video=None,
    )
    panel = await at_notices(
        watched, world, told(comments=True), comment={"result": {"case": comment}}
    )
    await panel.see("commenting").locator("summary").click()
    await panel.see("comment").click()  # nothing was written yet
    assert await panel.asked("comment") == []
    await panel.see("comment-text").fill("  Salt is here. ")
    await panel.see("comment").click()
    await expect(panel.see("draft-text")).to_have_text("Salt is here.")
    [asked] = await panel.asked("comment")
    assert (asked["text"], asked["identity"]) == ("Salt is here.", "")
    await expect(panel.see("who")).to_have_text("Your comment on a notice")
    await expect(panel.see("approve")).to_be_visible()
    await expect(panel.see("draft")).to_contain_text("Only the author of the notice")
    await expect(panel.see("decline")).to_have_text("Discard")
    for absent in ("found", "rule", "picker", "name"):
        await expect(panel.see(absent)).to_have_count(0)
    await panel.see("back").click()
    await expect(panel.see("notice")).to_be_visible()


@pytest.mark.parametrize("wide", [False, True])
async def test_a_notice_is_sent_in_and_taken_back(
    watched: Watched, world: World, wide: bool
) -> None:
    """To the homes nearby, or to all of the hub; what is wrong is said before."""
    said = told()
    panel = await at_notices(
        watched, world, said, send_notice=NOTHING, take_back_notice=NOTHING
    )
    await panel.see("send-notice").click()
    await expect(panel.see("fault")).to_have_text("Fill in a title and a text.")
    assert await panel.asked("send_notice") == []
    await panel.see("notice-name").fill(" Lost cat ")
    await panel.see("notice-words").fill("Grey.")
    if wide:
        await panel.see("notice-for").select_option("all")
    await expect(panel.see("notice-comments")).to_be_checked()
    if wide:
        await panel.see("notice-comments").uncheck()
    await panel.see("send-notice").click()
    await expect(panel.see("handed-in")).to_be_visible()
    [asked] = await panel.asked("send_notice")
    assert (asked["title"], asked["text"]) == ("Lost cat", "Grey.")
    assert asked["cells"] == (said["hubs"][0]["cells"] if wide else [])
    assert asked["comments"] is not wide
    await expect(panel.see("notice-words")).to_have_value("")
    await expect(panel.see("written").first).to_contain_text("waits to be sent")
    await panel.see("take-back").click()
    [back] = await panel.asked("take_back_notice")
    assert back["written_id"] == said["written"][0]["written_id"]


async def test_a_hostile_comment_is_only_text(watched: Watched, world: World) -> None:
    """Below the notice it is about, with who it says it is, and how that stands."""
    said = told()
    sent = said["written"][1]
    sent["comments"][0] |= {"text": HOSTILE, "identity": HOSTILE}
    panel = await at_notices(watched, world, said)
    written = panel.see("written").nth(1)
    await expect(written).to_contain_text("published")
    for part in ("said-text", "said-identity"):
        words = written.get_by_test_id(part)
        assert await words.evaluate("(e) => e.textContent") == HOSTILE
        assert await words.evaluate("(e) => e.childElementCount") == 0
    assert await violations(panel.page) == []
    await panel.page.evaluate(
        "(told) => host.post(told)",
        {**said, "written": [{**sent, "at_hub": "withdrawn", "comments": []}]},
    )
    await expect(panel.see("written")).to_contain_text("withdrawn")
    await expect(panel.see("no-comments")).to_be_visible()


async def test_who_one_is_goes_along_only_if_it_is_ticked(
    watched: Watched, world: World
) -> None:
    """The same words then stand above Approve; a tick without words sends nothing."""
    comment = case(
        request__portal="notice",
        request__label="Our street",
        request__way="tus",
        findings=[],
        draft__text="Salt is here.",
        draft__video=None,
        draft__identity="Anna, number 7",
    )
    panel = await at_notices(
        watched, world, told(comments=True), comment={"result": {"case": comment}}
    )
    await panel.see("commenting").locator("summary").click()
    await panel.see("comment-text").fill("Salt is here.")
    await expect(panel.see("identity-tick")).not_to_be_checked()
    await panel.see("identity-tick").check()
    await panel.see("comment").click()
    await expect(panel.see("fault")).to_have_text(
        "Write who you are, or take the tick out."
    )
    assert await panel.asked("comment") == []
    await expect(panel.see("commenting")).to_contain_text("Only the author")
    assert await violations(panel.page) == []
    await panel.see("identity-text").fill(" Anna, number 7 ")
    await panel.see("comment").click()
    await expect(panel.see("about-you")).to_have_text("Anna, number 7")
    [asked] = await panel.asked("comment")
    assert asked["identity"] == "Anna, number 7"


async def test_what_cannot_be_followed_is_said(watched: Watched, world: World) -> None:
    """And where no hub is followed there is no such page."""
    error = {"code": "unauthorized", "message": ""}
    panel = await FakePanel.opened(
        watched,
        world,
        search="?tab=notices",
        answers={"notices": {"error": error}},
        notices=0,
    )
    await expect(panel.see("fault")).to_be_visible()
    await panel.say({"event": "notices", "notices": None})
    await expect(panel.see("tab-notices")).to_have_count(0)
    await expect(panel.see("empty")).to_be_visible()  # the requests
