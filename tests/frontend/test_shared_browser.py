"""The browser that tests share: none sees another, and none ends it for the others."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from script.demo_world.browser import Browser
from tests.browsers import SharedBrowser

from .conftest import World


@pytest.fixture
async def shared() -> AsyncGenerator[SharedBrowser]:
    """Return one of this test's own."""
    made = SharedBrowser()
    yield made
    await made.async_end()


async def _remembers(browser: Browser, url: str) -> bool:
    """Say whether something was there before, and leave it there."""
    async with browser.stranger() as context:
        page = await context.new_page()
        await page.goto(url)
        there = "localStorage.getItem('was') || document.cookie"
        left = await page.evaluate(there)
        await page.evaluate("localStorage.setItem('was', 1); document.cookie = 'was=1'")
        assert await page.evaluate(there)
        return bool(left)


async def test_it_is_the_same_one_and_knows_nothing(
    shared: SharedBrowser, world: World
) -> None:
    """A test finds nothing of the one before."""
    async with shared.lent() as first:
        assert not await _remembers(first, world.ask_url)
    async with shared.lent() as second:
        assert second is first
        assert not await _remembers(second, world.ask_url)


async def test_what_a_test_leaves_behind_ends_with_it(shared: SharedBrowser) -> None:
    """A profile that stayed open, a task that goes on."""
    async with shared.lent() as browser:
        left = browser.stranger()
        context = await left.__aenter__()
        page = await context.new_page()
        task = asyncio.create_task(asyncio.sleep(600))
        await asyncio.sleep(0)
    assert page.is_closed()
    with pytest.raises(asyncio.CancelledError):
        await task
    await left.__aexit__(None, None, None)


async def test_one_that_crashed_is_started_anew(
    shared: SharedBrowser, world: World
) -> None:
    """What breaks it breaks one test."""
    async with shared.lent() as first, first.stranger() as context:
        page = await context.new_page()
        assert context.browser
        session = await context.browser.new_browser_cdp_session()
        gone = asyncio.Event()
        context.browser.on("disconnected", lambda _: gone.set())
        page.on("close", lambda _: gone.set())
        crash = asyncio.ensure_future(session.send("Browser.crash"))
        await asyncio.wait_for(gone.wait(), 20)
        await asyncio.wait([crash])
        assert crash.exception()
        while first.is_running:
            await asyncio.sleep(0.01)
    async with shared.lent() as second:
        assert second is not first
        assert not await _remembers(second, world.ask_url)
