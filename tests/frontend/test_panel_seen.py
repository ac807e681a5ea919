"""What recorders saw: on the timeline, in words, and a way for the clip to get there."""

from typing import Any, Final

from playwright.async_api import expect
import pytest

from script.demo_world.browser import PHONE_SCREEN, Browser

from .axe import violations
from .conftest import Watched, World, watch
from .fake_panel import FakePanel, case
from .test_panel_timeline import EVENING, GARDEN

CAMERA: Final = "01K9ZQ3V7C2M4N5P6Q7R8S9T0V"
HOSTILE: Final = "<img src=x onerror=alert(1)>"


def _seen(label: str, start: str, end: str) -> dict[str, str]:
    day = "2026-11-23T"
    return {"label": label, "start": f"{day}{start}Z", "end": f"{day}{end}Z"}


DRIVEWAY_SAW: Final = [
    _seen("person", "18:20:10", "18:20:20"),
    _seen("car", "18:20:15", "18:20:18"),
    _seen("car", "18:20:30", "18:20:31.5"),
    _seen(HOSTILE, "19:30:00", "19:33:00"),
]
GARDEN_SAW: Final = [_seen("Dog", "19:59:58", "20:00:00")]


def _found(*detections: dict[str, str]) -> dict[str, Any]:
    return {"result": {"camera_id": CAMERA, "runs": [], "detections": [*detections]}}


def _evening() -> dict[str, Any]:
    runs = [{"start": EVENING["start"], "end": EVENING["end"]}]
    found = [
        {"camera_id": CAMERA, "camera": "Driveway", "runs": runs},
        {"camera_id": GARDEN, "camera": "Garden", "runs": runs},
    ]
    return case(
        request__start=EVENING["start"],
        request__end=EVENING["end"],
        findings=found,
        draft=None,
        offer=None,
    )


async def _at_evening(watched: Watched, world: World, **given: Any) -> FakePanel:
    answers = {"find_clips": [_found(*DRIVEWAY_SAW), _found(*GARDEN_SAW)]}
    panel = await FakePanel.at_case(watched, world, _evening(), answers, **given)
    await expect(panel.see("sight")).to_have_count(3)
    return panel


async def test_what_was_seen_is_told_camera_by_camera(
    watched: Watched, world: World
) -> None:
    """In words that are read out, with marks on the camera's row; theirs is text."""
    panel = await _at_evening(watched, world)
    driveway = panel.page.get_by_role("list", name="Seen by Driveway")
    await expect(driveway.get_by_role("button")).to_have_text(
        ["19:20:10 person, car ×2", f"20:30:00–20:33:00 {HOSTILE}"]
    )
    garden = panel.page.get_by_role("list", name="Seen by Garden")
    await expect(garden.get_by_role("button")).to_have_text(["20:59:58 dog"])
    await expect(panel.see("whole").first.locator(".mark")).to_have_count(2)
    await expect(panel.see("whole").last.locator(".mark")).to_have_count(1)
    asked = await panel.asked("find_clips")
    assert [(one["camera_id"], one["start"], one["end"]) for one in asked] == [
        (CAMERA, *EVENING.values()),
        (GARDEN, *EVENING.values()),
    ]
    await watched.assert_clean(world.base)


async def test_what_was_seen_leads_the_clip_there(
    watched: Watched, world: World
) -> None:
    """By mouse and by keyboard, to that camera; a few seconds before and after it."""
    panel = await _at_evening(watched, world)
    await panel.see("sight").first.click()
    await expect(panel.see("start")).to_have_value("2026-11-23T19:20:05")
    await expect(panel.see("end")).to_have_value("2026-11-23T19:20:37")
    await panel.see("sight").last.focus()
    await panel.page.keyboard.press("Enter")
    await expect(panel.see("camera")).to_have_value(GARDEN)
    await expect(panel.see("start")).to_have_value("2026-11-23T20:59:53")
    await expect(panel.see("end")).to_have_value("2026-11-23T21:00")
    await expect(panel.see("sight").last).to_be_focused()


async def test_a_short_window_has_it_below_the_timeline(
    watched: Watched, world: World
) -> None:
    """The timeline itself has the marks."""
    answers = {"find_clips": _found(_seen("cat", "18:03:00", "18:03:05"))}
    panel = await FakePanel.at_case(
        watched, world, case(draft=None, offer=None), answers
    )
    await expect(panel.see("sight")).to_have_text("19:03:00 cat")
    await expect(panel.see("timeline").locator(".mark")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_what_was_seen_is_for_everybody(
    browser: Browser, world: World, scheme: Any
) -> None:
    """Axe finds nothing; 320 pixels do, from either side."""
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        page = watched.page
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": 320, "height": PHONE_SCREEN[1]})
        panel = await _at_evening(watched, world)
        assert await violations(page) == []
        box = await panel.see("sight").first.bounding_box()
        assert box
        assert box["height"] >= 44
        await page.evaluate("document.documentElement.dir = 'rtl'")
        wide = "document.documentElement.scrollWidth - innerWidth"
        assert await page.evaluate(wide) <= 0
