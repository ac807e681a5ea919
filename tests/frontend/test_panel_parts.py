"""What panel and card load at first, what later, and what is told if that fails."""

import asyncio
import gzip
import re
from typing import Final

from playwright.async_api import Route, expect
import pytest

from tests.interfaces import example

from .conftest import Watched, World
from .fake_home import WWW
from .fake_panel import FakePanel, case

RAW: Final = 60_000  # bytes of a first load
PACKED: Final = 20_000
STATIC: Final = "/clip_consent_static/"
AREA: Final = {"kind": "circle", "latitude": 52.37, "longitude": 4.9, "radius": 250.0}
_CARDS_LATER: Final = re.compile(r'import\("\./(part-\w+\.js)"\)')
_TEXTS: Final = re.compile(r"as later\b")  # what a file of first texts exports


def _loaded(world: World) -> list[bytes]:
    """Return each file that was asked for of what is built."""
    paths = {line["path"] for line in world.asked(part=STATIC)}
    return [(WWW / path.removeprefix(STATIC)).read_bytes() for path in sorted(paths)]


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "nl"])
@pytest.mark.parametrize("door", ["panel", "card"])
async def test_the_first_load_is_small(
    watched: Watched, world: World, door: str, language: str
) -> None:
    """All that is loaded until the list is there, and while nobody touches it."""
    panel = await FakePanel.opened(
        watched,
        world,
        case(),
        case(case_id="d" * 26, state="drafting"),
        search=f"?door={door}&language={language}",
    )
    await expect(panel.see("case-line")).to_have_count(2)
    await panel.page.clock.run_for(10_000)
    await panel.page.wait_for_load_state("networkidle")
    files = _loaded(world)
    assert sum(map(len, files)) <= RAW
    assert sum(len(gzip.compress(file, 9)) for file in files) <= PACKED
    assert len(files) <= 6


@pytest.mark.parametrize("door", ["panel", "card"])
async def test_pointing_at_a_line_loads_what_it_opens(
    watched: Watched, world: World, door: str
) -> None:
    """So that a tap seldom has to wait."""
    panel = await FakePanel.opened(watched, world, case(), search=f"?door={door}")
    before = len(_loaded(world))
    async with panel.page.expect_response(lambda answer: STATIC in answer.url):
        await panel.see("case-line").hover()
    await panel.page.wait_for_load_state("networkidle")
    assert len(_loaded(world)) > before
    await panel.see("case-line").click()
    await expect(panel.see("case")).to_be_visible()


@pytest.mark.parametrize("tab", ["history", "rules", "ledger", "links"])
async def test_a_part_that_fails_to_load_is_told_and_tried_again(
    watched: Watched, world: World, tab: str
) -> None:
    """Whether its script or its texts are missing."""
    panel = await FakePanel.opened(
        watched,
        world,
        answers={
            "history": {"result": {"cases": [], "next": None}},
            "ledger": {"error": {"code": "unknown_command", "message": ""}},
            "rules": {"error": {"code": "unknown_command", "message": ""}},
        },
    )
    await expect(panel.see("empty")).to_be_visible()
    await panel.page.route(f"**{STATIC}part-*", lambda route: route.abort())
    await panel.see(f"tab-{tab}").click()
    await expect(panel.see("part-failed")).to_contain_text("could not be loaded")
    await panel.page.unroute(f"**{STATIC}part-*")
    await panel.see("part-retry").click()
    await expect(panel.page.locator(f"clip-consent-{tab}")).to_be_visible()
    await expect(panel.see("part-failed")).to_have_count(0)


@pytest.mark.parametrize("tab", ["history", "rules", "ledger", "links"])
async def test_texts_that_come_late_are_waited_for(
    watched: Watched, world: World, tab: str
) -> None:
    """A script takes hold of its texts when it begins: they are there before it."""
    panel = await FakePanel.opened(
        watched,
        world,
        answers={
            "history": {"result": {"cases": [], "next": None}},
            "ledger": {"result": example("ledger_answer")},
            "try_rules": {"result": example("try_rules_answer")},
        },
    )
    await expect(panel.see("empty")).to_be_visible()
    asked: list[str] = []

    async def late(route: Route) -> None:
        asked.append(route.request.url)
        await asyncio.sleep(0.5 if len(asked) == 1 else 0)
        await route.continue_()

    await panel.page.route(f"**{STATIC}part-*", late)
    await panel.see(f"tab-{tab}").click()
    await expect(panel.page.locator(f"clip-consent-{tab}")).to_be_visible()
    await expect(panel.see("part-failed")).to_have_count(0)


async def test_a_case_that_fails_to_load_is_told_and_tried_again(
    watched: Watched, world: World
) -> None:
    """In place of the case that was opened."""
    panel = await FakePanel.opened(watched, world, case())
    await panel.page.route(f"**{STATIC}part-*", lambda route: route.abort())
    await panel.see("case-line").click()
    await expect(panel.see("part-failed")).to_contain_text("could not be loaded")
    await panel.page.unroute(f"**{STATIC}part-*")
    await panel.see("part-retry").click()
    await expect(panel.see("case")).to_be_visible()


@pytest.mark.parametrize("again", ["part-retry", "case-line"])
async def test_a_map_that_fails_to_load_is_told_and_tried_again(
    watched: Watched, world: World, again: str
) -> None:
    """By the button, or as the case is opened again."""
    one = case(request__area=AREA)
    other = case(case_id="d" * 26, request__area=None)
    panel = await FakePanel.at_case(watched, world, other)
    await panel.say(
        {"event": "case", "waiting": 2, "accepting": True, "case": one},
    )
    await panel.see("back").click()
    await panel.page.route(f"**{STATIC}part-*", lambda route: route.abort())
    line = panel.page.locator(f'[data-testid=case-line][data-case="{one["case_id"]}"]')
    await line.click()
    failed = panel.see("part-failed")
    await expect(failed).to_contain_text("could not be loaded")
    await expect(panel.see("case")).to_be_visible()
    await panel.page.unroute(f"**{STATIC}part-*")
    if again == "case-line":
        await panel.see("back").click()
        await line.click()
    else:
        await panel.see(again).click()
    await expect(panel.page.locator("clip-consent-map")).to_be_visible()
    await expect(failed).to_have_count(0)


async def test_a_part_that_fails_once_is_loaded_when_asked_for(
    watched: Watched, world: World
) -> None:
    """A case whose part could not be loaded ahead is opened all the same."""
    panel = await FakePanel.opened(watched, world, case())
    await panel.page.route(f"**{STATIC}part-*", lambda route: route.abort(), times=1)
    async with panel.page.expect_event("requestfailed"):
        await panel.see("case-line").hover()
    await panel.see("case-line").click()
    await expect(panel.see("case")).to_be_visible()


async def test_a_card_that_fails_to_load_is_told_and_tried_again(
    watched: Watched, world: World
) -> None:
    """In the user's language, though the texts are in what failed."""
    later = _CARDS_LATER.findall((WWW / "card.js").read_text(encoding="utf-8"))
    for name in later:
        await watched.page.route(f"**/{name}", lambda route: route.abort())
    panel = await FakePanel.opened(
        watched, world, case(), search="?door=card&language=de"
    )
    await expect(panel.page.get_by_role("alert")).to_contain_text("nicht geladen")
    await panel.page.unroute_all()
    await panel.page.get_by_role("button", name="Erneut versuchen").click()
    await expect(panel.see("case-line")).to_be_visible()


@pytest.mark.parametrize("door", ["panel", "card"])
async def test_first_texts_that_fail_to_load_are_told_and_tried_again(
    watched: Watched, world: World, door: str
) -> None:
    """In the user's language, though there is no text of it yet."""
    texts = [
        path.name
        for path in WWW.glob("part-*.js")
        if _TEXTS.search(path.read_text(encoding="utf-8"))
    ]
    assert len(texts) == 5
    for name in texts:
        await watched.page.route(f"**/{name}", lambda route: route.abort())
    panel = await FakePanel.opened(
        watched, world, case(), search=f"?door={door}&language=nl"
    )
    alert = panel.page.get_by_role("alert")
    await expect(alert).to_have_text("Niet geladen. Opnieuw proberen")
    async with panel.page.expect_event("requestfailed"):
        await alert.get_by_role("button").click()
    await expect(alert).to_be_visible()
    await panel.page.unroute_all()
    await alert.get_by_role("button").click()
    await expect(panel.see("case-line")).to_be_visible()
    await expect(alert).to_have_count(0)


async def test_another_language_has_the_texts_of_all_that_is_here(
    watched: Watched, world: World
) -> None:
    """Those of parts that were loaded before it was chosen."""
    panel = await FakePanel.opened(
        watched,
        world,
        search="?tab=history",
        answers={"history": {"result": {"cases": [], "next": None}}},
    )
    await expect(panel.see("empty")).to_have_text("Nothing yet.")
    await panel.page.evaluate("host.speak('de')")
    await expect(panel.page.get_by_label("Suche")).to_be_visible()
    await expect(panel.see("empty")).to_have_text("Noch nichts.")
