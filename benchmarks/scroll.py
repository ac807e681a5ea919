"""Scrolling through a history of 1,000, against a still page of the same lines."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import statistics
import subprocess
import sys
import tempfile
from typing import Any, Final

from playwright.async_api import Page

from script.demo_world.browser import PHONE_SCREEN, started_browser
from tests.interfaces import example

from .measure import Measure

REPEAT: Final = 6  # the first is not counted
LINES: Final = 1000
PAGE_LINES: Final = 50
_ROOT: Final = Path(__file__).resolve().parents[1]
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
# Both are scrolled by as much in each frame, until the last line is on the screen.
_SCROLL: Final = """async (wanted) => {
  const frame = () => new Promise(requestAnimationFrame);
  const took = [];
  for (let last = await frame(); ; ) {
    scrollBy(0, 300);
    const now = await frame();
    took.push(now - last);
    last = now;
    const { scrollTop, scrollHeight } = document.documentElement;
    const ended = scrollTop + innerHeight >= scrollHeight - 1;
    if (ended && globalThis.list().children.length >= wanted) return took;
  }
}"""
_HISTORY: Final = """globalThis.list = () =>
  document.querySelector("clip-consent-panel").shadowRoot
    .querySelector("clip-consent-history")?.shadowRoot.querySelector("ol");
"""
_TAKE: Final = """() => ({
  lines: list().outerHTML,
  css: list().getRootNode().adoptedStyleSheets
    .flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText)).join(""),
})"""
_STILL: Final = """({ lines, css }) => {
  const root = document.body.appendChild(document.createElement("main"))
    .attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = lines;
  globalThis.list = () => root.querySelector("ol");
}"""


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    """Serve the built panel to a made-up host, and give the address."""
    world = folder / "world.json"
    world.write_text("{}", encoding="utf-8")
    command = [sys.executable, "-m", "tests.frontend.fake_home", str(world)]
    with subprocess.Popen(
        command, cwd=_ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def _id(number: int) -> str:
    return _LETTERS[number // 32] + _LETTERS[number % 32] * 25


def _pages() -> list[dict[str, Any]]:
    closed = {**example("case"), "state": "closed", "closed": "declined"}
    cases = [{**closed, "case_id": _id(number)} for number in range(LINES)]
    return [
        {
            "result": {
                "cases": cases[at : at + PAGE_LINES],
                "next": LINES - at if at + PAGE_LINES < LINES else None,
            }
        }
        for at in range(0, LINES, PAGE_LINES)
    ]


async def _open(page: Page, address: str) -> None:
    await page.goto(f"{address}/clip-consent?tab=history")
    await page.wait_for_function("() => globalThis.host")


async def _ours(page: Page, address: str) -> tuple[list[float], dict[str, str]]:
    """Return how long each frame took, and what was on the page in the end."""
    await _open(page, address)
    snapshot = {**example("subscribe_snapshot"), "cases": []}
    await page.evaluate(
        "([snapshot, pages]) => host.show(snapshot, { history: pages })",
        [snapshot, _pages()],
    )
    await page.evaluate(_HISTORY)
    await page.wait_for_function("() => list()?.children.length > 0")
    took = await page.evaluate(_SCROLL, LINES)
    return took, await page.evaluate(_TAKE)


async def _still(page: Page, address: str, shown: dict[str, str]) -> list[float]:
    await _open(page, address)
    await page.evaluate(_STILL, shown)
    took: list[float] = await page.evaluate(_SCROLL, LINES)
    return took


def _late(took: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(took, n=20)[-1]


async def _measure(address: str) -> Measure:
    ours: list[float] = []
    still: list[float] = []
    async with (
        started_browser() as browser,
        browser.stranger(PHONE_SCREEN) as context,
    ):
        page = await context.new_page()
        for _ in range(REPEAT):
            took, shown = await _ours(page, address)
            ours.append(_late(took))
            still.append(_late(await _still(page, address, shown)))
    our_frame, still_frame = (statistics.median(each[1:]) for each in (ours, still))
    return Measure(
        what=f"scrolling through {LINES:,} requests: a frame's 95th percentile",
        against="a still page of the same lines",
        wanted=1.5,
        measured=our_frame / still_frame,
        figures=(
            f"{our_frame:.1f} ms to {still_frame:.1f} ms; {LINES // PAGE_LINES} pages"
            " come on the way"
        ),
    )


def run() -> list[Measure]:
    """Measure in one browser, as large as a phone."""
    with tempfile.TemporaryDirectory() as folder, _server(Path(folder)) as address:
        return [asyncio.run(_measure(address))]
