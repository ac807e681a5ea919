"""Until a case is to be seen in the panel, against an empty panel of the same home."""

import asyncio
from pathlib import Path
import statistics
import tempfile
from typing import Final

import aiohttp
from playwright.async_api import BrowserContext

from script.demo_world import panel, story
from script.demo_world.browser import started_browser
from script.demo_world.home_assistant import HomeAssistant
from script.demo_world.world import running_world, yesterday

from .measure import Measure

REPEAT: Final = 14  # the first four are not counted: they fill caches
_MEDIA: Final = Path(__file__).resolve().parents[1] / ".demo" / "recordings"
_EMPTY: Final = "empty-panel"
_MODULE: Final = f"""\
customElements.define("{_EMPTY}", class extends HTMLElement {{
  connectedCallback() {{
    this.attachShadow({{ mode: "open" }}).innerHTML = '<p data-testid="mark">Empty</p>';
  }}
}});
"""
_PANEL: Final = f"""
panel_custom:
  - name: {_EMPTY}
    url_path: {_EMPTY}
    module_url: /local/empty.js
"""
# Looks every frame, as a user's eye would; the frame in which it is there is drawn.
_WATCH: Final = """(() => {
  const inside = (root, ...path) => path.reduce((at, name) =>
    (at?.shadowRoot ?? at)?.querySelector(name), root);
  const look = () => {
    const shown = inside(document, "home-assistant", "home-assistant-main",
      "partial-panel-resolver", "ha-panel-custom");
    const custom = shown?.firstElementChild;
    const mark = custom?.shadowRoot?.querySelector('[data-testid="mark"]')
      ?? inside(custom, "clip-consent-case", '[data-testid="request"]');
    if (mark) requestAnimationFrame(() => { globalThis.drawnAt = performance.now(); });
    else requestAnimationFrame(look);
  };
  look();
})();"""


def _add_panel(home: HomeAssistant) -> None:
    """Give the home a panel with nothing in it."""
    www = home.folder / "www"
    www.mkdir(exist_ok=True)
    (www / "empty.js").write_text(_MODULE, encoding="utf-8")
    with (home.folder / "configuration.yaml").open("a", encoding="utf-8") as file:
        file.write(_PANEL)


async def _drawn(context: BrowserContext, address: str) -> float:
    """Return the milliseconds from the start of loading until it is drawn."""
    page = await context.new_page()
    try:
        await page.goto(address)
        handle = await page.wait_for_function("globalThis.drawnAt")
        return float(await handle.json_value())
    finally:
        await page.close()


async def _measure(folder: Path) -> Measure:
    async with (
        running_world(folder, _MEDIA, yesterday(), prepared=_add_panel) as world,
        aiohttp.ClientSession() as session,
        started_browser() as browser,
    ):
        owner = await world.owner(session)
        await story.set_up_integration(owner)
        case_id = await panel.enter_request(owner, world.recordings.one_camera)
        async with owner.connection() as connection:
            await (await story.CaseWatch.start(connection)).reach(case_id, "waiting")
        base = world.home.base_url
        ours = f"{base}/clip-consent?case={case_id}"
        addresses = (ours, f"{base}/{_EMPTY}")
        took: dict[str, list[float]] = {address: [] for address in addresses}
        async with browser.logged_in(await world.home.log_in(session)) as context:
            await context.add_init_script(_WATCH)
            for _ in range(REPEAT):
                for address in addresses:
                    took[address].append(await _drawn(context, address))
    case, empty = (statistics.median(took[address][4:]) for address in addresses)
    return Measure(
        what="first paint of a case in the panel",
        against="an empty panel of the same HA",
        wanted=1.5,
        measured=case / empty,
        figures=f"{case:.0f} ms to {empty:.0f} ms after the page began to load",
    )


def run() -> list[Measure]:
    """Measure in one home and one browser."""
    with tempfile.TemporaryDirectory() as folder:
        return [asyncio.run(_measure(Path(folder)))]
