"""What people with a screen reader, a keyboard or a large font need, in every view."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from playwright.async_api import expect
import pytest

from script.demo_world.browser import PHONE_SCREEN, Browser
from tests.interfaces import example

from . import packages
from .axe import violations
from .conftest import Watched, World, watch
from .fake_panel import FakePanel, case
from .packages import DELIVERY_ID
from .test_ask_page import fill

NARROW: Final = {"width": 320, "height": 640}
CONSENT: Final[dict[str, Any]] = example("consent")
LEDGER: Final = {
    **example("ledger_answer"),
    "entries": [example("ledger_entry")],
    "head": {"seq": 2, "digest": example("ledger_entry")["digest"]},
    "fault": None,
}
ANSWERS: Final = {
    "history": {"result": {"cases": [case(), case(state="closed")], "next": None}},
    "ledger": {"result": LEDGER},
    "try_rules": {"result": example("try_rules_answer")},
    "thumbnails": {"result": {"thumbnails": []}},
}
CASES: Final[dict[str, dict[str, Any]]] = {
    "drafting": {"draft": None, "offer": None},
    "waiting": {},
    "named": {"draft__identity": "Sam, number 12"},
    "to-pick": {"draft": None, "offer": None},
    "failed": {"draft": None, "offer": None, "problem": "x", "problem_text": "No."},
    "two": {
        "offer__first": {"user": "Ben", "at": "2026-11-23T19:00:00Z"},
        "offer__first_is_you": True,
    },
    "consented": {"state": "consented", "consent": CONSENT, "offer": None},
    "shared": {"state": "shared", "offer": None, "deliveries": [example("delivery")]},
    "closed": {"state": "closed", "offer": None, "draft": None, "closed": "declined"},
}
CASES["drafting"]["state"] = "drafting"

type Opener = Callable[[Watched, World], Awaitable[object]]


def _tab(tab: str) -> Opener:
    async def open_it(watched: Watched, world: World) -> None:
        panel = await FakePanel.opened(
            watched, world, case(), search=f"?tab={tab}", answers=dict(ANSWERS)
        )
        shown = {
            "requests": "case-line",
            "history": "case-line",
            "rules": "rule-line",
            "ledger": "entry",
            "links": "invite",
        }
        await panel.see(shown[tab]).first.wait_for()

    return open_it


def _case(name: str) -> Opener:
    async def open_it(watched: Watched, world: World) -> None:
        panel = await FakePanel.at_case(watched, world, case(**CASES[name]))
        for summary in await panel.page.locator("summary").all():
            await summary.click()

    return open_it


async def _ask(watched: Watched, world: World) -> None:
    await watched.page.goto(world.ask_url)
    await watched.page.get_by_test_id("send").click()  # with everything missing
    await watched.page.get_by_test_id("summary").wait_for()


async def _received(watched: Watched, world: World) -> None:
    await watched.page.goto(world.ask_url)
    await fill(watched.page)
    await watched.page.get_by_test_id("send").click()
    await watched.page.get_by_test_id("received").wait_for()


async def _no_invite(watched: Watched, world: World) -> None:
    await watched.page.goto(world.ask_url.replace("q2w3", "zzzz"))


async def _starting(watched: Watched, world: World) -> None:
    world.facts["starting"] = True
    world.save()
    await watched.page.goto(world.ask_url)


VIEWS: Final[dict[str, Opener]] = {
    **{f"tab-{tab}": _tab(tab) for tab in ("requests", "history", "rules")},
    **{f"tab-{tab}": _tab(tab) for tab in ("ledger", "links")},
    **{f"case-{name}": _case(name) for name in CASES},
    "ask": _ask,
    "received": _received,
    "no-invite": _no_invite,
    "starting": _starting,
}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(
    browser: Browser, world: World, view: str, scheme: Any
) -> None:
    """On a phone, in light and dark, in Home Assistant's own colours."""
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        await watched.page.emulate_media(color_scheme=scheme)
        await VIEWS[view](watched, world)
        assert await violations(watched.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_in_what_was_opened(
    browser: Browser,
    world: World,
    keys: tuple[str, str],
    films: Path,
    tmp_path: Path,
    scheme: Any,
) -> None:
    """The status page before and after the delivery is opened."""
    clip = films / "clip.mp4"
    sealed = packages.seal(
        clip, packages.manifest_for(clip), keys[1], tmp_path / "clip.age"
    )
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        page = watched.page
        await page.emulate_media(color_scheme=scheme)
        await page.goto(world.status_url(keys[0]))
        await page.get_by_test_id("status-received").wait_for()
        assert await violations(page) == []
        world.deliver({DELIVERY_ID: sealed})
        await page.goto("about:blank")
        await page.goto(world.status_url(keys[0]))
        await page.get_by_test_id("open").click()
        await expect(page.get_by_test_id("delivery")).to_have_attribute(
            "data-state", "open", timeout=20_000
        )
        assert await violations(page) == []


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
async def test_nothing_reaches_over_the_edge(
    browser: Browser, world: World, view: str, direction: str
) -> None:
    """320 pixels wide, written from either side: nobody has to scroll sideways."""
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        page = watched.page
        await page.set_viewport_size({**NARROW})
        await VIEWS[view](watched, world)
        await page.evaluate(
            "(dir) => { document.documentElement.dir = dir; }", direction
        )
        over = await page.evaluate(
            """() => {
              const edge = document.documentElement;
              edge.scrollLeft = -1000;
              const back = edge.scrollLeft;
              edge.scrollLeft = 1000;
              return [edge.scrollWidth - innerWidth, back, edge.scrollLeft];
            }"""
        )
        assert over == [0, 0, 0]
