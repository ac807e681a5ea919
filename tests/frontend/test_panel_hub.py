"""What the panel shows of a request that came by way of a hub."""

from typing import Any

from playwright.async_api import expect

from tests.interfaces import example

from .conftest import Watched, World
from .fake_panel import FakePanel, case

HOSTILE = "<img src=x onerror=alert(1)> **It was white** {{ 1 }}"


async def test_who_vouches_and_what_was_said_later(
    watched: Watched, world: World
) -> None:
    """The hub by the owner's name for it; all other words as text, with their time."""
    vouched: dict[str, Any] = example("case_vouched")
    vouched["notes"][0]["text"] = HOSTILE
    one = case(
        request__portal="http",
        request__trust="verified",
        request__label="Our street",
        request__vouched=vouched,
    )
    panel = await FakePanel.at_case(watched, world, one)
    await expect(panel.see("trust-text")).to_have_text(
        "“Our street”, a hub you follow, says that it checked who this is."
    )
    await expect(panel.see("organisation")).to_have_text("Police station 12")
    await expect(panel.see("verified-how")).to_have_text("Met in person, badge seen")
    note = panel.see("follow-up")
    assert await note.evaluate("(e) => e.textContent") == HOSTILE
    assert await note.evaluate("(e) => e.childElementCount") == 0
    strange = case(
        request__portal="http",
        request__trust="unverified",
        request__label="Our street",
        request__vouched={
            **vouched,
            "organisation": "",
            "verified_how": "",
            "notes": [],
        },
    )
    await panel.change(strange)
    await expect(panel.see("trust-text")).to_contain_text("does not know who this is")
    for gone in ("organisation", "verified-how", "follow-up"):
        await expect(panel.see(gone)).to_have_count(0)
