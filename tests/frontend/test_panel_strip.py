"""The picker's strip: 100 small pictures of a long window, those in sight first."""

import base64
from pathlib import Path
import re
from typing import Any, Final

from playwright.async_api import expect

from .axe import violations
from .conftest import Watched, World
from .fake_panel import FakePanel, case

CAMERA: Final = "01K9ZQ3V7C2M4N5P6Q7R8S9T0V"
GARDEN: Final = "01K9ZQ3V7C2M4N5P6Q7R8S9T0W"
MANY: Final = 100


def _window(start: str, end: str, *others: str) -> dict[str, Any]:
    """Return a case of a window that each camera has all of; nothing is drafted."""
    whole = {"start": f"2026-11-23T{start}Z", "end": f"2026-11-23T{end}Z"}
    names = {CAMERA: "Driveway", **dict.fromkeys(others, "Garden")}
    return case(
        request__start=whole["start"],
        request__end=whole["end"],
        findings=[
            {"camera_id": camera_id, "camera": name, "runs": [whole]}
            for camera_id, name in names.items()
        ],
        draft=None,
        offer=None,
    )


def _day(*others: str) -> dict[str, Any]:
    """Return a case of twelve hours."""
    return _window("06:00:00", "18:00:00", *others)


async def _opened(
    watched: Watched, world: World, one: dict[str, Any], **strip: Any
) -> FakePanel:
    answers = {"thumbnail_strip": strip}
    panel = await FakePanel.at_case(watched, world, one, answers)
    await expect(_pictures(panel).first).to_be_attached()
    return panel


def _pictures(panel: FakePanel) -> Any:
    return panel.page.locator(".pictures button")


async def _strips(panel: FakePanel, count: int) -> list[dict[str, Any]]:
    """Return the strips that were asked for, once there are so many."""
    await panel.page.wait_for_function("n => host.strips.length >= n", arg=count)
    said: list[dict[str, Any]] = await panel.page.evaluate(
        "host.strips.map(({times, left}) => ({times, left}))"
    )
    assert len(said) == count
    return said


async def _come(panel: FakePanel, strip: int, first: int, last: int) -> None:
    """Send some of the pictures that a strip asked for."""
    await panel.page.evaluate(
        """([strip, first, last]) => {
          const { times, say } = host.strips.at(strip);
          say(times.slice(first, last).map((at) => ({ at, jpeg: null })));
        }""",
        [strip, first, last],
    )


async def _scroll(panel: FakePanel, to: float) -> None:
    """Scroll the strip to a part of its length, and look at it for a while."""
    await panel.page.locator(".pictures").evaluate(
        "(strip, to) => strip.scrollTo(to * strip.scrollWidth, 0)", to
    )
    await panel.page.wait_for_timeout(50)
    await panel.page.clock.run_for(500)


async def test_a_day_has_a_hundred_pictures_in_one_question(
    watched: Watched, world: World, films: Path
) -> None:
    """They are spread over all of it; the panel stays usable by keyboard, and by all."""
    jpeg = base64.b64encode((films / "sheet.jpg").read_bytes()).decode()
    panel = await _opened(watched, world, _day(), picture=jpeg)
    await expect(panel.see("picture")).to_have_count(MANY)
    await expect(_pictures(panel).locator("img")).to_have_count(MANY)
    [strip] = await _strips(panel, 1)
    assert len(strip["times"]) == MANY
    assert strip["times"] == sorted(strip["times"])  # the clip is at the beginning
    assert strip["times"][0] < "2026-11-23T06:05"
    assert strip["times"][-1] > "2026-11-23T17:55"
    await panel.page.wait_for_function("host.strips[0].left")  # nothing more is to come
    assert await violations(panel.page) == []


async def test_a_short_window_is_not_cut_into_a_hundred(
    watched: Watched, world: World
) -> None:
    """One a minute is enough, and of a few minutes a dozen."""
    panel = await _opened(watched, world, _window("18:00:00", "18:45:00"))
    await expect(_pictures(panel)).to_have_count(45)


async def test_what_is_looked_at_comes_first(watched: Watched, world: World) -> None:
    """Scrolled elsewhere, the rest is asked for anew from there; what came is kept."""
    panel = await _opened(watched, world, _day())
    await _strips(panel, 1)
    await _come(panel, 0, 0, 12)
    await expect(panel.see("picture")).to_have_count(12)
    await _scroll(panel, 0.5)
    before, after = await _strips(panel, 2)
    assert before["left"]
    assert len(after["times"]) == MANY - 12
    assert min(after["times"][:6]) > "2026-11-23T12:00"
    assert max(after["times"][:6]) < "2026-11-23T12:45"
    assert set(before["times"][:12]).isdisjoint(after["times"])
    # those come already: nothing is begun anew for them
    await _scroll(panel, 0.51)
    await _strips(panel, 2)
    # what comes late of the one that was left is not taken for an answer
    await _come(panel, 0, 12, 14)
    await _come(panel, 1, 0, 88)
    await expect(panel.see("picture")).to_have_count(MANY)
    await _scroll(panel, 0.9)
    assert [strip["left"] for strip in await _strips(panel, 2)] == [True, True]


async def test_another_camera_or_page_ends_what_is_made(
    watched: Watched, world: World
) -> None:
    """Nobody waits for them any more."""
    panel = await _opened(watched, world, _day(GARDEN))
    await panel.see("camera").select_option(GARDEN)
    first, second = await _strips(panel, 2)
    assert first["left"]
    assert not second["left"]
    assert len(second["times"]) == MANY
    await panel.page.locator("clip-consent-panel").evaluate("(panel) => panel.remove()")
    await panel.page.wait_for_function("host.strips[1].left")


async def test_the_strip_follows_the_clip(watched: Watched, world: World) -> None:
    """Whoever moves the clip sees the pictures of where it is, and those first."""
    panel = await _opened(watched, world, _day())
    row = panel.see("whole")
    box = await row.bounding_box()
    assert box
    await row.click(position={"x": box["width"] * 0.75, "y": box["height"] / 2})
    await expect(panel.see("start")).to_have_value(re.compile("T15:5[45]"))
    inside = panel.page.locator(".pictures .inside").first
    await panel.page.locator(".pictures").scroll_into_view_if_needed()
    await expect(inside).to_be_in_viewport()
    await panel.page.wait_for_timeout(50)
    await panel.page.clock.run_for(500)
    _, after = await _strips(panel, 2)
    assert after["times"][0][:15] in {"2026-11-23T14:5", "2026-11-23T15:0"}
    # a tap on a picture in sight moves none of them away
    place = await inside.bounding_box()
    await inside.click()
    assert await inside.bounding_box() == place


async def test_the_strip_is_one_stop_of_the_keyboard(
    watched: Watched, world: World
) -> None:
    """Arrows go from picture to picture, and the tab key past all of them."""
    panel = await _opened(watched, world, _day())
    pictures = _pictures(panel)
    await expect(panel.page.locator(".pictures [tabindex='0']")).to_have_count(1)
    await pictures.first.focus()
    keys = {"ArrowRight": 1, "PageDown": 11, "End": 99, "ArrowLeft": 98, "Home": 0}
    for key, index in keys.items():
        await panel.page.keyboard.press(key)
        await expect(pictures.nth(index)).to_be_focused()
        await expect(pictures.nth(index)).to_have_attribute("tabindex", "0")
    await panel.page.keyboard.press("ArrowLeft")
    await expect(pictures.first).to_be_focused()
    await panel.page.keyboard.press("PageDown")
    await panel.page.keyboard.press("Enter")
    await expect(panel.see("start")).to_have_value("2026-11-23T08:15:36")
    await panel.page.keyboard.press("Tab")
    await expect(panel.see("start")).to_be_focused()


async def test_without_pictures_their_moments_can_be_tapped(
    watched: Watched, world: World
) -> None:
    """A home that refuses them, or says something else, costs no more than that."""
    panel = await _opened(watched, world, _day(), refused=True)
    await expect(panel.see("picture")).to_have_count(MANY)
    await panel.see("picture").nth(3).click()
    await expect(panel.see("start")).to_have_value("2026-11-23T07:25:12")


async def test_an_answer_of_another_form_is_none(
    watched: Watched, world: World
) -> None:
    """What has come stays, what was to come does not."""
    panel = await _opened(watched, world, _day())
    await _strips(panel, 1)
    await panel.page.evaluate("host.strips[0].say('pictures')")
    await expect(panel.see("picture")).to_have_count(MANY)
    await panel.page.wait_for_function("host.strips[0].left")
