"""The panel leads somebody who has just set it up to a test, and the test to its end."""

from typing import Any, Final

from playwright.async_api import expect
import pytest

from tests.interfaces import example

from .conftest import Watched, World
from .fake_panel import FakePanel, case

TEST: Final = {"request__portal": "test", "request__label": "Sam"}


def _sent(one: dict[str, Any]) -> dict[str, Any]:
    """Return what the home answers to a test that is this case."""
    return {
        "test_request": {
            "result": {
                "case_id": one["case_id"],
                "status_url": "/api/clip_consent/status/x",
                "pushed_from": None,
            }
        }
    }


async def test_an_empty_home_leads_to_a_test(watched: Watched, world: World) -> None:
    """Where nothing is yet, one press leads to where a test is sent."""
    panel = await FakePanel.opened(watched, world)
    await expect(panel.see("empty")).to_be_visible()
    await panel.see("to-test").click()
    await expect(panel.see("test-request")).to_be_visible()


async def test_a_home_with_requests_has_no_word_of_a_test(
    watched: Watched, world: World
) -> None:
    """It would stand in the way of whoever asks in earnest."""
    panel = await FakePanel.opened(watched, world, case())
    await expect(panel.see("case-line")).to_be_visible()
    await expect(panel.see("to-test")).to_have_count(0)


async def test_who_is_no_approver_is_not_led_to_a_test(
    watched: Watched, world: World
) -> None:
    """The tab with it is not theirs."""
    panel = await FakePanel.opened(watched, world, approver=False)
    await expect(panel.see("counts")).to_be_visible()
    await expect(panel.see("to-test")).to_have_count(0)


async def test_a_test_is_told_step_by_step(watched: Watched, world: World) -> None:
    """First the owner's part, then the other one's; both are there after a look."""
    one = case(**TEST)
    panel = await FakePanel.opened(
        watched, world, one, search="?tab=links", answers=_sent(one)
    )
    await panel.see("test-request").click()
    for name in ("test-case", "test-status"):
        await expect(panel.see(name)).to_be_visible()
    order = await panel.page.evaluate(
        """() => {
          const panel = document.querySelector("clip-consent-panel");
          const links = panel.shadowRoot.querySelector("clip-consent-links");
          const all = [...links.shadowRoot.querySelectorAll("[data-testid]")];
          return all.map((one) => one.dataset.testid);
        }"""
    )
    assert order.index("test-case") < order.index("test-status")
    await panel.see("test-case").click()
    await panel.see("case").wait_for()
    await panel.see("back").click()
    await expect(panel.see("test-case")).to_be_visible()


@pytest.mark.parametrize("other", [False, True], ids=["this test", "another request"])
async def test_a_shared_test_leads_to_its_answer(
    watched: Watched, world: World, other: bool
) -> None:
    """From the request itself, once something was sent; and only from the test."""
    one = case(**TEST, deliveries=[])
    sent = _sent(one | {"case_id": "d" * 26} if other else one)
    panel = await FakePanel.opened(
        watched, world, one, search="?tab=links", answers=sent
    )
    await panel.see("test-request").click()
    link = await panel.see("test-status").get_attribute("href")
    await panel.see("tab-requests").click()
    await panel.see("case-line").click()
    await panel.see("case").wait_for()
    answer = panel.see("test-answer")
    await expect(answer).to_have_count(0)

    delivered = {"state": "shared", "deliveries": [example("delivery")]}
    await panel.change(one | delivered)
    await expect(panel.see("outcome")).to_be_visible()
    await expect(answer).to_have_count(0 if other else 1)
    if not other:
        assert await answer.get_attribute("href") == link
        assert await answer.get_attribute("target") == "_blank"
