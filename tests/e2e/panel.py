"""What the tests of the panel have in common: who opens it, what is on it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import hashlib
import re
from typing import Any

import aiohttp
from playwright.async_api import Locator, Page, Request, expect
import pytest_asyncio

from script.demo_world import panel, story
from script.demo_world.browser import DESK_SCREEN, Browser
from script.demo_world.client import (
    ApiError,
    Connection,
    HomeAssistantClient,
    JsonObject,
)
from script.demo_world.home_assistant import DOMAIN
from script.demo_world.login import Login
from script.demo_world.recordings import Span

# the panel, by the elements that it stands in
PANEL = ("home-assistant", "home-assistant-main", "clip-consent-panel")
PATIENCE = 60_000  # milliseconds; machines are shared
expect.set_options(timeout=PATIENCE)
_OPEN = ["received", "screened", "drafting", "drafted", "waiting"]

# How many elements of each kind the panel has, in all its shadow roots.
_COUNT = """(panel) => {
  const counts = {};
  const walk = (root) => {
    for (const one of root.querySelectorAll("*")) {
      counts[one.localName] = (counts[one.localName] ?? 0) + 1;
      if (one.shadowRoot) walk(one.shadowRoot);
    }
  };
  walk(panel.shadowRoot);
  return counts;
}"""

# What reaches over the right edge of the screen, but for what is meant to be scrolled.
_TOO_WIDE = """(panel) => {
  const found = [];
  const walk = (root) => {
    for (const one of root.children) {
      const { right, width } = one.getBoundingClientRect();
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
      if (width > 0 && right > innerWidth + 0.5) found.push(one.outerHTML.slice(0, 200));
      if (!scrolls) walk(one);
      if (one.shadowRoot && !scrolls) walk(one.shadowRoot);
    }
  };
  walk(panel.shadowRoot);
  const page = document.documentElement.scrollWidth;
  return page > innerWidth ? [`the page: ${page}`, ...found] : found;
}"""


class Requests:
    """Enters requests, and in the end declines what is still open of them."""

    def __init__(self, owner: HomeAssistantClient) -> None:
        """Enter them as the owner does."""
        self._owner = owner
        self._entered: set[str] = set()

    async def enter(self, span: Span, **more: Any) -> str:
        """Enter a request; return its case's id."""
        case_id = await panel.enter_request(self._owner, span, **more)
        self._entered.add(case_id)
        return case_id

    async def cases(self, *states: str) -> list[JsonObject]:
        """Return what was entered here and is in one of these states."""
        given = await self._owner.action(
            DOMAIN, "get_requests", {"state": list(states)}, answer=True
        )
        return [one for one in given["requests"] if one["case_id"] in self._entered]

    async def close(self) -> None:
        """Decline the open ones: the home is shared with the other tests."""
        for _ in range(50):
            left = await self.cases(*_OPEN)
            if not left:
                return
            for one in left:
                try:
                    await self._owner.action(
                        DOMAIN, "decline", {"case_id": one["case_id"]}
                    )
                except ApiError:
                    await asyncio.sleep(0.2)  # it has just moved on


@dataclass(slots=True)
class Visit:
    """The panel in somebody's browser, and all it did that it should not."""

    page: Page
    base_url: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def see(self, test_id: str) -> Locator:
        """Return what has this name."""
        return self.page.get_by_test_id(test_id)

    async def case(self, case_id: str) -> None:
        """Open a request, and wait until it can be answered."""
        await panel.open_case(self.page, self.base_url, case_id)
        await self.state("waiting")

    async def state(self, state: str) -> None:
        """Wait until the open request is in a state."""
        await expect(self.see("case")).to_have_attribute("data-state", state)

    async def digest(self) -> str:
        """Return the digest of the draft, as shown."""
        return (await self.see("digest").inner_text()).strip()

    async def film(self, session: aiohttp.ClientSession) -> bytes:
        """Return what the film on the screen is made of, by its own address alone."""
        source = await self.see("draft-video").get_attribute("src")
        async with session.get(f"{self.base_url}{source}") as response:
            assert response.status == 200
            return await response.read()

    async def played(self) -> float:
        """Play the draft for a moment; return how far it got."""
        seconds: float = await self.see("draft-video").evaluate(
            """async (video) => {
              await video.play();
              const end = Date.now() + 20_000;
              while (video.currentTime < 0.3 && Date.now() < end)
                await new Promise((resolve) => setTimeout(resolve, 50));
              video.pause();
              return video.currentTime;
            }"""
        )
        return seconds

    async def elements(self) -> dict[str, int]:
        """Count the panel's elements of each kind."""
        counts: dict[str, int] = await self._panel.evaluate(_COUNT)
        return counts

    async def too_wide(self) -> list[str]:
        """Return what is cut off at the right edge."""
        found: list[str] = await self._panel.evaluate(_TOO_WIDE)
        return found

    @property
    def _panel(self) -> Locator:
        return self.page.locator("clip-consent-panel")

    def assert_clean(self) -> None:
        """Hold that nothing foreign was asked for and nothing complained."""
        own = (f"{self.base_url}/", "blob:", "data:")
        assert [url for url in self.requests if not url.startswith(own)] == []
        assert self.complaints == []
        assert not any("AGE-SECRET-KEY" in url for url in self.requests)


@asynccontextmanager
async def visit(
    browser: Browser,
    login: Login,
    screen: tuple[int, int] = DESK_SCREEN,
    locale: str = "en-GB",
) -> AsyncIterator[Visit]:
    """Open a browser in which a user is logged in."""
    async with browser.logged_in(login, screen, locale) as context:
        page = await context.new_page()
        page.set_default_timeout(PATIENCE)
        visited = Visit(page, login.base_url)

        def note(request: Request) -> None:
            visited.requests.append(request.url.partition("#")[0])

        page.on("request", note)
        page.on("pageerror", lambda error: visited.complaints.append(str(error)))
        page.on("dialog", lambda one: visited.complaints.append(f"dialog: {one.type}"))
        yield visited


@pytest_asyncio.fixture(loop_scope="session")
async def requests(
    house: story.Household, owner: HomeAssistantClient
) -> AsyncGenerator[Requests]:
    """Return what enters requests; those still open are declined in the end."""
    entering = Requests(owner)
    yield entering
    await entering.close()


@pytest_asyncio.fixture(loop_scope="session")
async def sam(browser: Browser, owner: HomeAssistantClient) -> AsyncGenerator[Visit]:
    """Return the owner's browser at a desk; nothing in it may go wrong."""
    async with visit(browser, owner.login) as visited:
        yield visited
        visited.assert_clean()


async def loaded(connection: Connection, house: story.Household) -> None:
    """Wait until the home has started."""
    async with asyncio.timeout(60):
        while True:
            answer = await connection.command(
                "config_entries/get_single", entry_id=house.set_up.entry_id
            )
            if answer["config_entry"]["state"] == "loaded":
                return
            await asyncio.sleep(0.1)


def sha256(content: bytes) -> str:
    """Return a digest as the panel shows it."""
    return hashlib.sha256(content).hexdigest()


def seconds_told(text: str) -> int:
    """Return the number of seconds that a count-down shows."""
    found = re.search(r"in (\d+) s", text)
    assert found, text
    return int(found[1])
