"""The picker's timeline: its ends are dragged, by finger, mouse and keyboard."""

from typing import Any

from playwright.async_api import expect
import pytest

from .conftest import Watched, World
from .fake_panel import FakePanel, case

GARDEN = "01K9ZQ3V7C2M4N5P6Q7R8S9T0W"
EVENING = {"start": "2026-11-23T18:00:00Z", "end": "2026-11-23T20:00:00Z"}


def _evening() -> dict[str, Any]:
    """Return a case of two hours that two cameras have some of; nothing is drafted."""
    driveway = case()["findings"][0]
    runs = {
        driveway["camera_id"]: [("18:10:00", "18:40:00"), ("18:50:00", "20:00:00")],
        GARDEN: [("18:00:00", "20:00:00")],
    }
    found = [
        {
            "camera_id": camera_id,
            "camera": "Garden" if camera_id == GARDEN else driveway["camera"],
            "runs": [
                {"start": f"2026-11-23T{start}Z", "end": f"2026-11-23T{end}Z"}
                for start, end in spans
            ],
        }
        for camera_id, spans in runs.items()
    ]
    return case(
        request__start=EVENING["start"],
        request__end=EVENING["end"],
        findings=found,
        draft=None,
        offer=None,
    )


async def _at_evening(watched: Watched, world: World) -> FakePanel:
    panel = await FakePanel.at_case(watched, world, _evening())
    await expect(panel.see("start")).to_have_value("2026-11-23T19:10")
    await expect(panel.see("end")).to_have_value("2026-11-23T19:20")
    return panel


async def _drag(panel: FakePanel, name: str, by: float) -> None:
    """Drag something by a part of the timeline's width."""
    await panel.see("timeline").scroll_into_view_if_needed()
    track = await panel.see("timeline").bounding_box()
    held = await panel.see(name).bounding_box()
    assert track
    assert held
    mouse = panel.page.mouse
    x, y = held["x"] + held["width"] / 2, held["y"] + held["height"] / 2
    await mouse.move(x, y)
    await mouse.down()
    await mouse.move(x + by * track["width"] / 2, y)
    await mouse.move(x + by * track["width"], y)
    await mouse.up()


async def test_the_ends_are_dragged(watched: Watched, world: World) -> None:
    """The timeline shows half an hour around a clip of ten minutes: 18:00 to 18:30."""
    panel = await _at_evening(watched, world)
    await _drag(panel, "drag-end", -0.2)
    await expect(panel.see("end")).to_have_value("2026-11-23T19:14")
    await expect(panel.see("start")).to_have_value("2026-11-23T19:10")
    # a shorter clip is shown closer: 12 minutes, from 19:06
    await _drag(panel, "drag-start", 0.25)
    await expect(panel.see("start")).to_have_value("2026-11-23T19:13")
    # beyond the most that may be shared, the other end comes along
    for _ in range(4):
        await _drag(panel, "drag-end", 0.4)
    await expect(panel.see("length")).to_contain_text("10 mins of at most 10 mins")
    await expect(panel.see("corrected")).to_have_count(0)


async def test_the_clip_is_dragged_as_it_is(watched: Watched, world: World) -> None:
    """It keeps its length, and stays within what was asked for."""
    panel = await _at_evening(watched, world)
    await _drag(panel, "drag-clip", 0.1)
    await expect(panel.see("start")).to_have_value("2026-11-23T19:13")
    await expect(panel.see("end")).to_have_value("2026-11-23T19:23")
    await _drag(panel, "drag-clip", -3)
    await expect(panel.see("start")).to_have_value("2026-11-23T19:00")
    await expect(panel.see("end")).to_have_value("2026-11-23T19:10")


async def test_the_ends_are_moved_by_keyboard(watched: Watched, world: World) -> None:
    """Second by second, ten at a time, to the very end; each is read out."""
    panel = await _at_evening(watched, world)
    end = panel.page.get_by_role("slider", name="End")
    await end.focus()
    for key, time in (
        ("ArrowLeft", "19:19:59"),
        ("ArrowUp", "19:20:00"),
        ("PageDown", "19:19:50"),
        ("x", "19:19:50"),
        ("End", "21:00:00"),
    ):
        await end.press(key)
        await expect(end).to_have_attribute("aria-valuetext", time)
    await expect(end).to_be_focused()
    start = panel.page.get_by_role("slider", name="Start")
    await start.press("Home")
    await expect(start).to_have_attribute("aria-valuenow", "0")
    await expect(panel.see("length")).to_contain_text("10 mins of at most 10 mins")


@pytest.mark.parametrize("right_to_left", [False, True])
async def test_a_tap_takes_the_clip_to_a_camera_and_time(
    watched: Watched, world: World, right_to_left: bool
) -> None:
    """Each camera has its row over the whole window, with its gaps, from left to right."""
    panel = await _at_evening(watched, world)
    if right_to_left:
        await panel.page.evaluate("document.documentElement.dir = 'rtl'")
    rows = panel.see("whole")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(0).locator(".run")).to_have_count(2)
    box = await rows.nth(1).bounding_box()
    assert box
    middle = {"x": box["width"] / 2, "y": box["height"] / 2}
    await rows.nth(1).click(position=middle)
    await expect(panel.see("camera")).to_have_value(GARDEN)
    await expect(panel.see("start")).to_have_value("2026-11-23T19:55")
    await expect(panel.see("end")).to_have_value("2026-11-23T20:05")


async def test_a_short_window_of_one_camera_has_no_rows(
    watched: Watched, world: World
) -> None:
    """What the timeline itself shows is not said twice."""
    empty = {"draft": None, "offer": None}
    panel = await FakePanel.at_case(watched, world, case(**empty))
    await expect(panel.see("timeline")).to_be_visible()
    await expect(panel.see("whole")).to_have_count(0)


async def _touch(panel: FakePanel, *steps: list[tuple[float, float]]) -> None:
    """Put fingers on the screen, move them, and take them off one after the other."""
    session = await panel.page.context.new_cdp_session(panel.page)
    kind = "touchStart"
    before = 0
    for fingers in [*steps, []]:
        if before:
            kind = "touchMove" if len(fingers) == before else "touchStart"
        if len(fingers) < before:
            kind = "touchEnd"
        points = [{"x": x, "y": y, "id": each} for each, (x, y) in enumerate(fingers)]
        await session.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
        )
        before = len(fingers)
    await session.detach()


async def _middle(panel: FakePanel, name: str) -> tuple[float, float]:
    box = await panel.see(name).last.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def test_a_swipe_over_the_rows_scrolls_the_page(
    watched: Watched, world: World
) -> None:
    """Whoever only wants to go on reading changes nothing."""
    await watched.page.set_viewport_size({"width": 390, "height": 640})
    panel = await _at_evening(watched, world)
    await panel.see("whole").last.scroll_into_view_if_needed()
    x, y = await _middle(panel, "whole")
    await _touch(panel, *[[(x, y - 20 * step)] for step in range(12)])
    await expect(panel.see("start")).to_have_value("2026-11-23T19:10")
    await expect(panel.see("camera")).not_to_have_value(GARDEN)


async def test_a_second_finger_changes_nothing(watched: Watched, world: World) -> None:
    """One finger on each end: the first one's is moved, the clip stays as long as that."""
    panel = await _at_evening(watched, world)
    await panel.see("drag-start").scroll_into_view_if_needed()
    first, second = await _middle(panel, "drag-start"), await _middle(panel, "drag-end")
    track = await panel.see("timeline").bounding_box()
    assert track
    minute = track["width"] / 30
    moved = (first[0] - minute, first[1])
    await _touch(panel, [first], [first, second], [moved, second])
    await expect(panel.see("end")).to_have_value("2026-11-23T19:19")
    await expect(panel.see("start")).to_have_value("2026-11-23T19:09")
    # with all fingers off, moving about moves nothing
    await panel.page.mouse.move(second[0] - 5 * minute, second[1])
    await panel.page.mouse.move(second[0], second[1])
    await expect(panel.see("end")).to_have_value("2026-11-23T19:19")


async def test_a_clip_across_a_gap_is_taken_in_parts(
    watched: Watched, world: World
) -> None:
    """No clip can be made of it: that is said before, with what can be made."""
    one = _evening()
    one["findings"][0]["runs"][1]["start"] = "2026-11-23T18:43:00Z"
    panel = await FakePanel.at_case(watched, world, one)
    await expect(panel.see("prepare")).to_be_enabled()
    for end, clock in (("end", "19:49:00"), ("start", "19:39:00")):
        await panel.see(end).fill(f"2026-11-23T{clock}")
        await panel.see(end).press("Tab")
    await expect(panel.see("part")).to_have_count(2)
    await expect(panel.see("prepare")).to_be_disabled()
    await panel.see("part").nth(1).click()
    await expect(panel.see("gap")).to_have_count(0)
    await expect(panel.see("start")).to_have_value("2026-11-23T19:43")
    await expect(panel.see("end")).to_have_value("2026-11-23T19:49")
    await expect(panel.see("prepare")).to_be_enabled()
