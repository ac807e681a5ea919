"""A headless Chromium: pages of a stranger, and of somebody logged in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
import os
from pathlib import Path
import shutil
from typing import Final

from playwright.async_api import (
    Browser as PlaywrightBrowser,
    BrowserContext,
    async_playwright,
)

from .login import Login

_FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE_SCREEN: Final = (390, 844)
DESK_SCREEN: Final = (1280, 800)


class Browser:
    """A running browser."""

    def __init__(self, browser: PlaywrightBrowser) -> None:
        """Use `started_browser`."""
        self._browser = browser

    @property
    def is_running(self) -> bool:
        """Whether it still answers: false once it crashed or was ended."""
        return self._browser.is_connected()

    async def async_forget(self) -> None:
        """Close every profile that is still open."""
        for context in self._browser.contexts:
            await context.close()

    @asynccontextmanager
    async def stranger(
        self, screen: tuple[int, int] = DESK_SCREEN, locale: str = "en-GB"
    ) -> AsyncIterator[BrowserContext]:
        """Open a profile that knows nothing, and forget it afterwards."""
        width, height = screen
        context = await self._browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=2 if screen == PHONE_SCREEN else 1,
            locale=locale,
            timezone_id="Europe/Amsterdam",
            accept_downloads=True,
        )
        try:
            yield context
        finally:
            await context.close()

    @asynccontextmanager
    async def logged_in(
        self,
        login: Login,
        screen: tuple[int, int] = DESK_SCREEN,
        locale: str = "en-GB",
    ) -> AsyncIterator[BrowserContext]:
        """Open a profile in which this login's user is logged in to Home Assistant."""
        tokens = json.dumps(json.dumps(await login.browser_tokens()))
        language = json.dumps(json.dumps(locale))
        async with self.stranger(screen, locale) as context:
            await context.add_init_script(
                f"if (location.origin === {json.dumps(login.base_url)}) {{"
                f" localStorage.setItem('hassTokens', {tokens});"
                f" localStorage.setItem('selectedLanguage', {language}); }}"
            )
            yield context


@asynccontextmanager
async def started_browser() -> AsyncIterator[Browser]:
    """Start Chromium (`CHROMIUM` names another than the first on PATH) and end it."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("chromium is not installed")
    # Chromium's own sandbox does not start for root, as in a container.
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=Path(program), headless=True, args=[*_FLAGS, *sandbox]
        )
        try:
            yield Browser(browser)
        finally:
            await browser.close()
