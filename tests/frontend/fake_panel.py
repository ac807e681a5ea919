"""Shows the panel to a made-up home: what it knows, what it answers, what it was asked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from playwright.async_api import Locator, Page, expect

from tests.interfaces import example

from .conftest import Watched, World

# Machines are shared.
expect.set_options(timeout=30_000)
# The examples' own evening: requests are open, offers are good.
NOW: Final = datetime(2026, 11, 23, 19, 0, 30, tzinfo=UTC)


def case(**changes: Any) -> dict[str, Any]:
    """Return the documented case with other words in it: `request__name="x"`."""
    one: dict[str, Any] = example("case")
    for name, value in changes.items():
        *path, last = name.split("__")
        place = one
        for part in path:
            place = place[part]
        assert last in place, name
        place[last] = value
    return one


@dataclass(slots=True)
class FakePanel:
    """The built panel in its made-up host."""

    page: Page

    @classmethod
    async def opened(
        cls,
        watched: Watched,
        world: World,
        *cases: dict[str, Any],
        search: str = "",
        answers: dict[str, Any] | None = None,
        refused: dict[str, str] | None = None,
        ahead: int = 0,
        **changes: Any,
    ) -> FakePanel:
        """Open the panel where these cases are open and these answers are given."""
        page = watched.page
        await page.clock.install(time=NOW)
        await page.goto(f"{world.base}/clip-consent{search}")
        await page.wait_for_function("() => globalThis.host")
        snapshot = {**example("subscribe_snapshot"), "cases": list(cases), **changes}
        await page.evaluate(
            """([snapshot, answers, refused, ahead]) => {
              host.refused = refused;
              host.ahead = ahead;
              host.show(snapshot, answers);
            }""",
            [snapshot, answers or {}, refused, ahead],
        )
        return cls(page)

    @classmethod
    async def at_case(
        cls,
        watched: Watched,
        world: World,
        one: dict[str, Any],
        answers: dict[str, Any] | None = None,
        **given: Any,
    ) -> FakePanel:
        """Open one case."""
        search = f"?case={one['case_id']}"
        panel = await cls.opened(
            watched, world, one, search=search, answers=answers, **given
        )
        await panel.see("case").wait_for()
        return panel

    def see(self, test_id: str) -> Locator:
        """Return what has this name."""
        return self.page.get_by_test_id(test_id)

    async def say(self, event: dict[str, Any]) -> None:
        """Send an event of the subscription."""
        await self.page.evaluate("(event) => host.say(event)", event)

    async def change(self, one: dict[str, Any]) -> None:
        """Send a case that changed."""
        await self.say({"event": "case", "waiting": 1, "accepting": True, "case": one})

    async def answer(self, **answers: Any) -> None:
        """From now on answer so."""
        await self.page.evaluate(
            "(answers) => Object.assign(host.answers, answers)", answers
        )

    async def asked(self, command: str) -> list[dict[str, Any]]:
        """Return what was asked by this command."""
        calls: list[dict[str, Any]] = await self.page.evaluate("host.calls")
        return [call for call in calls if call["type"] == f"clip_consent/{command}"]
