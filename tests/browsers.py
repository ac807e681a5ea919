"""One Chromium for all tests of a worker: each opens profiles of its own in it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from script.demo_world.browser import Browser, started_browser


class SharedBrowser:
    """Starts with the first test that wants it, and anew after it died."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._running = AsyncExitStack()
        self._browser: Browser | None = None

    async def async_end(self) -> None:
        """End it, if it runs."""
        self._browser = None
        await self._running.aclose()

    async def _async_running(self) -> Browser:
        if self._browser is None or not self._browser.is_running:
            await self.async_end()
            started = started_browser()
            self._browser = await self._running.enter_async_context(started)
        return self._browser

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[Browser]:
        """Lend it to a test; what that test leaves behind ends with it."""
        browser = await self._async_running()
        before = asyncio.all_tasks()
        try:
            yield browser
        finally:
            await browser.async_forget()
            # A test that ran out of time is not ended by that: all tests of a browser
            # share a loop, and it would go on in the time of the next.
            current = asyncio.current_task()
            for task in asyncio.all_tasks() - before:
                if task is not current:
                    task.cancel()
