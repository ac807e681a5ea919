"""Deque's axe, run on what a page shows, shadow roots included."""

from pathlib import Path
from typing import Any, Final

from playwright.async_api import Page

_ROOT: Final = Path(__file__).parents[2]
_AXE: Final = _ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
_KINDS: Final = (
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
)
# What moves or fades is looked at when it has come to rest.
_REST: Final = """() => Promise.all(
  document.getAnimations().map((one) => one.finished.catch(() => undefined)))"""


async def violations(page: Page, *within: str) -> list[str]:
    """Return what axe finds: rule, what it wants, and the first places.

    `within` leads to one element, through the shadow roots on the way.
    """
    # a bar that stays at the top covers, further down, whatever happens to be there
    await page.evaluate("scrollTo(0, 0)")
    await page.evaluate(_REST)
    await page.evaluate(_AXE.read_text(encoding="utf-8"))
    result: dict[str, Any] = await page.evaluate(
        """([kinds, within]) => axe.run(
          within.length ? { include: { fromShadowDom: within } } : document, {
          runOnly: { type: "tag", values: kinds },
          resultTypes: ["violations"],
        })""",
        [list(_KINDS), list(within)],
    )
    return [
        f"{one['id']}: {one['help']}: "
        + "; ".join(
            f"{node['target']} {node['failureSummary']}" for node in one["nodes"][:3]
        )
        for one in result["violations"]
    ]
