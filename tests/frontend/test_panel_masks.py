"""Hiding something: regions are drawn on a picture, by mouse, finger, keyboard and in numbers."""

import base64
from pathlib import Path
from typing import Any, Final

from playwright.async_api import expect
import pytest

from script.demo_world.browser import PHONE_SCREEN, Browser

from .axe import violations
from .conftest import Watched, World, watch
from .fake_panel import FakePanel, case

CAMERA: Final = "01K9ZQ3V7C2M4N5P6Q7R8S9T0V"
DOOR: Final = [0, 0, 2_000, 3_000]


def _waiting(masks: list[list[int]] | None = None, **changes: Any) -> dict[str, Any]:
    """Return a case with a clip to approve, in which these regions are filled."""
    one = case(**changes)
    if one["draft"]:
        one["draft"] |= {"masks": masks or [], "exact": False}
    return one


def _cameras(*always: list[int]) -> list[dict[str, Any]]:
    """Return the one camera there is, which always hides these regions."""
    name = {"camera_id": CAMERA, "name": "Driveway", "place": None}
    return [{**name, "masks": list(always)}]


def _pictures(films: Path) -> dict[str, Any]:
    jpeg = base64.b64encode((films / "sheet.jpg").read_bytes()).decode()
    shown = [
        {"at": f"2026-11-23T18:0{minute}:30Z", "jpeg": jpeg} for minute in (2, 3, 4)
    ]
    return {"result": {"thumbnails": shown}}


async def _drawing(
    watched: Watched, world: World, films: Path, one: dict[str, Any], **given: Any
) -> FakePanel:
    """Open the drawing of a case."""
    files = {"video": "clip.mp4", "still": "sheet.jpg", "sheet": "sheet.jpg"}
    world.facts["drafts"] = {kind: str(films / name) for kind, name in files.items()}
    world.save()
    answers = {
        "thumbnails": _pictures(films),
        "prepare": {"result": {"case": one}},
        **given.pop("answers", {}),
    }
    panel = await FakePanel.at_case(watched, world, one, answers, **given)
    another = panel.see("pick-another").locator("summary")
    if await another.count():
        await another.click()
    await panel.see("hide").click()
    await expect(panel.see("stage").locator("img")).to_be_visible()
    return panel


async def _draw(
    panel: FakePanel, start: tuple[float, float], end: tuple[float, float]
) -> None:
    """Draw from one place to another, in parts of the picture's sides."""
    stage = panel.see("stage")
    await stage.scroll_into_view_if_needed()
    box = await stage.bounding_box()
    assert box
    mouse = panel.page.mouse
    steps = [
        (box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        for x, y in (start, end)
    ]
    await mouse.move(*steps[0])
    await mouse.down()
    await mouse.move(*steps[1], steps=4)
    await mouse.up()


async def _prepared(panel: FakePanel) -> list[list[int]]:
    """Prepare the clip; return what was asked to be hidden."""
    await panel.see("prepare").click()
    masks: list[list[int]] = (await panel.asked("prepare"))[-1]["masks"]
    return masks


async def test_regions_are_drawn_and_sent(
    watched: Watched, world: World, films: Path
) -> None:
    """By mouse: near an edge they reach it; the draft's own picture is drawn on."""
    panel = await _drawing(watched, world, films, _waiting())
    await expect(panel.see("moments")).to_contain_text("From the prepared clip")
    await panel.see("start1").click()
    await expect(panel.see("exact")).to_be_visible()  # nobody knows where a copy begins
    await _draw(panel, (0.5, 0.8), (0.25, 0.4))
    await _draw(panel, (0.7, 0.2), (0.995, 0.5))
    await _draw(panel, (0.1, 0.1), (0.105, 0.105))  # a slip of the hand
    await expect(panel.see("region")).to_have_count(2)
    await expect(panel.see("hidden")).to_have_text("2 regions are hidden")
    await expect(panel.see("not-yet")).to_be_visible()
    await expect(panel.see("exact")).to_have_count(0)  # it is no copy any more
    first, second = await _prepared(panel)
    assert first == pytest.approx([2_500, 4_000, 5_000, 8_000], abs=80)
    assert second[2] == 10_000
    await watched.assert_clean(world.base)


async def test_a_region_is_moved_sized_and_deleted_by_hand(
    watched: Watched, world: World, films: Path
) -> None:
    """Taken hold of at its inside or at a corner; a second button does nothing."""
    panel = await _drawing(watched, world, films, _waiting())
    await _draw(panel, (0.2, 0.2), (0.4, 0.4))
    await _draw(panel, (0.3, 0.3), (0.5, 0.6))
    await _draw(panel, (0.1, 0.75), (0.3, 0.85))  # begins outside: another one
    await expect(panel.see("region")).to_have_count(2)
    corner = await panel.see("corner-last").bounding_box()
    stage = await panel.see("stage").bounding_box()
    assert corner
    assert stage
    assert corner["width"] >= 44
    assert corner["height"] >= 44
    mouse = panel.page.mouse
    await mouse.move(corner["x"] + 22, corner["y"] + 22)
    await mouse.down()
    by = (stage["width"] * 0.1, stage["height"] * 0.1)
    await mouse.move(corner["x"] + 22 + by[0], corner["y"] + 22 + by[1], steps=3)
    await mouse.up()
    moved, sized = await _prepared(panel)
    assert moved == pytest.approx([4_000, 5_000, 6_000, 7_000], abs=80)
    assert sized == pytest.approx([1_000, 7_500, 4_000, 9_500], abs=80)
    await panel.see("delete").click()
    await expect(panel.see("region")).to_have_count(1)
    await expect(panel.see("region")).to_be_focused()
    await panel.see("delete").click()
    await expect(panel.see("region")).to_have_count(0)
    await expect(panel.see("add")).to_be_focused()
    assert await _prepared(panel) == []


async def test_regions_by_keyboard_and_in_numbers(
    watched: Watched, world: World, films: Path
) -> None:
    """Each is read out: which it is, and where; arrow keys do what they do."""
    panel = await _drawing(watched, world, films, _waiting())
    await panel.see("add").press("Enter")
    region = panel.page.get_by_role("application", name="Region 1 of 1")
    await expect(region).to_be_focused()
    await expect(region).to_have_attribute(
        "aria-label",
        "Region 1 of 1: 30% from the left, 25% from the top, 25% wide, 25% high",
    )
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowLeft", "Shift+ArrowUp", "x"):
        await region.press(key)
    await panel.page.clock.run_for(1_000)
    await expect(panel.see("said")).to_have_text(
        "Region 1 of 1: 31% from the left, 26% from the top, 24% wide, 24% high"
    )
    await panel.see("add").press("Enter")
    await panel.see("left").fill("5.5")
    await panel.see("left").press("Tab")
    await panel.see("width").fill("500")
    await panel.see("width").press("Tab")
    await expect(panel.see("width")).to_have_value("94.5")
    await panel.see("height").fill("")
    await panel.see("height").press("Tab")
    await expect(panel.see("height")).to_have_value("25")
    assert await _prepared(panel) == [
        [3_100, 2_600, 5_500, 5_000],
        [550, 3_000, 10_000, 5_500],
    ]
    await panel.see("region").last.press("Delete")
    await expect(region).to_be_focused()
    await panel.page.clock.run_for(1_000)
    await expect(panel.see("said")).to_have_text("Region deleted")


async def test_a_finger_draws(browser: Browser, world: World, films: Path) -> None:
    """On a picture of a phone's width."""
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        panel = await _drawing(watched, world, films, _waiting())
        await panel.see("stage").scroll_into_view_if_needed()
        box = await panel.see("stage").bounding_box()
        assert box
        session = await context.new_cdp_session(panel.page)
        for kind, part in (("touchStart", 0.3), ("touchMove", 0.5), ("touchMove", 0.6)):
            at = {
                "x": box["x"] + part * box["width"],
                "y": box["y"] + part * box["height"],
            }
            await session.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]}
            )
        await session.send(
            "Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []}
        )
        await expect(panel.see("region")).to_have_count(1)
        (only,) = await _prepared(panel)
        assert only == pytest.approx([3_000, 3_000, 6_000, 6_000], abs=150)


async def test_what_is_always_hidden_stays(
    watched: Watched, world: World, films: Path
) -> None:
    """It is shown, told apart, and cannot be taken away; only what was drawn is sent."""
    drawn = [5_000, 5_000, 8_000, 9_000]
    one = _waiting([DOOR, drawn])
    panel = await _drawing(watched, world, films, one, cameras=_cameras(DOOR))
    await expect(panel.see("masked")).to_have_text("2 regions are hidden")
    always = panel.page.get_by_role("img", name="Always hidden: 0% from the left")
    await expect(always).to_be_visible()
    await expect(panel.see("hatched")).to_be_visible()
    await expect(panel.see("region")).to_have_count(1)
    # the draft's own picture would hide what was drawn before
    await expect(panel.see("moments")).to_contain_text("19:02:30")
    await panel.see("later").click()
    await expect(panel.see("moments")).to_contain_text("19:03:30")
    assert await _prepared(panel) == [drawn]
    await panel.see("delete").click()
    assert await _prepared(panel) == []


async def test_a_draft_tells_what_was_done_to_it(
    watched: Watched, world: World
) -> None:
    """That it begins exactly, what is hidden, that the clock was off."""
    codes = ["start_re_encoded", "masked", "clock_corrected"]
    one = _waiting([DOOR], draft__changes=codes)
    panel = await FakePanel.at_case(watched, world, one)
    await expect(panel.see("exact-start")).to_contain_text(
        "Starts exactly where you asked"
    )
    await expect(panel.see("masked")).to_have_text("One region is hidden")
    await panel.see("draft-made").locator("summary").click()
    await expect(panel.see("draft-made").locator("li")).to_contain_text(
        ["First moments", "filled with black", "clock was off", "1920"]
    )


async def test_a_rule_that_wants_masks_leads_to_drawing(
    watched: Watched, world: World, films: Path
) -> None:
    """Said before anything is prepared, and not as a mishap."""
    one = case(draft=None, offer=None, problem="masks_needed", problem_text="Draw.")
    one["screening"]["masked"] = True
    panel = await _drawing(watched, world, films, one)
    await expect(panel.see("problem")).to_have_count(0)
    await expect(panel.see("masks-needed")).to_be_visible()
    await expect(panel.see("prepare")).to_be_disabled()
    await panel.see("add").click()
    await expect(panel.see("masks-needed")).to_have_count(0)
    await expect(panel.see("prepare")).to_be_enabled()
    # what the camera always hides is enough
    await panel.say(
        {
            "event": "snapshot",
            "approver": True,
            "admin": False,
            "accepting": True,
            "waiting": 1,
            "notices": None,
            "home": None,
            "cameras": _cameras(DOOR),
            "invites": [],
            "time_zone": "Europe/Amsterdam",
            "cases": [one],
        }
    )
    await panel.see("delete").click()
    await expect(panel.see("masks-needed")).to_have_count(0)
    await expect(panel.see("prepare")).to_be_enabled()


async def test_an_admin_hides_it_on_every_clip(
    watched: Watched, world: World, films: Path
) -> None:
    """Asked once more; the home starts anew meanwhile, and the panel goes on."""
    one = _waiting()
    panel = await _drawing(
        watched,
        world,
        films,
        one,
        cameras=_cameras(DOOR),
        answers={
            "set_camera_masks": [
                {"error": {"code": "own_login_needed", "message": "Log in yourself."}},
                {"result": {}},
            ]
        },
    )
    await expect(panel.see("everywhere")).to_have_count(0)
    await panel.see("add").click()
    await panel.see("everywhere").click()
    await panel.see("everywhere-confirm").click()
    await expect(panel.see("fault")).to_have_text("Log in yourself.")
    await panel.see("everywhere-confirm").click()
    await expect(panel.see("everywhere-saved")).to_contain_text("starts anew")
    drawn = [3_000, 2_500, 5_500, 5_000]
    assert (await panel.asked("set_camera_masks"))[-1] == {
        "type": "clip_consent/set_camera_masks",
        "language": "en",
        "camera_id": CAMERA,
        "masks": [drawn],
        "add": True,
    }
    await panel.page.evaluate(
        "(cameras) => host.say({ event: 'snapshot', ...host.snapshot, cameras })",
        _cameras(DOOR, drawn),
    )
    await expect(panel.see("everywhere-saved")).to_contain_text("from now on")
    await expect(panel.see("always")).to_have_count(2)
    await expect(panel.see("region")).to_have_count(0)
    assert await _prepared(panel) == []


async def test_only_an_admin_may_hide_it_always(
    watched: Watched, world: World, films: Path
) -> None:
    """Others draw for the one clip."""
    panel = await _drawing(watched, world, films, _waiting(), admin=False)
    await panel.see("add").click()
    await expect(panel.see("region")).to_have_count(1)
    await expect(panel.see("everywhere")).to_have_count(0)


async def test_another_camera_shows_something_else(
    watched: Watched, world: World, films: Path
) -> None:
    """What was drawn for one is not filled in another's picture."""
    one = _waiting()
    one["findings"].append({**one["findings"][0], "camera_id": "b", "camera": "Garden"})
    panel = await _drawing(watched, world, films, one)
    await panel.see("add").click()
    await panel.see("camera").select_option("b")
    await expect(panel.see("region")).to_have_count(0)
    assert await _prepared(panel) == []


async def test_without_pictures_regions_can_be_set(
    watched: Watched, world: World
) -> None:
    """A recorder that is away shows none; 16 regions are the most."""
    one = case(draft=None, offer=None)
    panel = await FakePanel.at_case(watched, world, one)
    await panel.see("hide").click()
    await expect(panel.see("no-picture")).to_contain_text("no picture")
    for _ in range(17):
        await panel.see("add").press("Enter")
    await expect(panel.see("region")).to_have_count(16)
    await expect(panel.page.get_by_text("16 regions at most")).to_be_visible()
    await _draw(panel, (0.05, 0.05), (0.2, 0.2))
    await expect(panel.see("region")).to_have_count(16)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_drawing_is_for_everybody(
    browser: Browser, world: World, films: Path, scheme: Any
) -> None:
    """Axe finds nothing; 320 pixels do; written from the right, left stays left."""
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        page = watched.page
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": 320, "height": PHONE_SCREEN[1]})
        panel = await _drawing(
            watched, world, films, _waiting(), cameras=_cameras(DOOR)
        )
        await panel.see("add").click()
        await panel.see("everywhere").click()
        assert await violations(page) == []
        before = await panel.see("region").get_attribute("style")
        await page.evaluate("document.documentElement.dir = 'rtl'")
        wide = "document.documentElement.scrollWidth - innerWidth"
        assert await page.evaluate(wide) <= 0
        picture = await panel.see("stage").locator("img").bounding_box()
        region = await panel.see("region").bounding_box()
        assert picture
        assert region
        left = (region["x"] - picture["x"]) / picture["width"]
        assert left == pytest.approx(0.3, abs=0.02)
        assert await panel.see("region").get_attribute("style") == before
        await watched.assert_clean(world.base)
