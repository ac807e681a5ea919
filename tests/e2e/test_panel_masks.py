"""Hiding something on a real Home Assistant: drawn in the panel, black in what is sent."""

import asyncio
from pathlib import Path
import subprocess

import aiohttp
from playwright.async_api import expect

from script.demo_world.client import HomeAssistantClient
from script.demo_world.home_assistant import DOMAIN
from script.demo_world.story import Household
from script.demo_world.world import World

from .panel import Requests, Visit, loaded, requests, sam, sha256

__all__ = ["requests", "sam"]  # fixtures, used by name

WIDTH, HEIGHT = 640, 360
BLACK = 20  # of 255; video black is 16


def _pictures(film: bytes, tmp_path: Path) -> list[bytes]:
    """Return each fifth second of a film, decoded to grey."""
    path = tmp_path / "film.mp4"
    path.write_bytes(film)
    decoded = subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-v", "error", "-ignore_editlist", "1"),
            *("-i", str(path), "-vf", "fps=1/5,format=gray", "-f", "rawvideo", "-"),
        ],
        check=True,
        capture_output=True,
    ).stdout
    size = WIDTH * HEIGHT
    assert len(decoded) % size == 0
    return [decoded[at : at + size] for at in range(0, len(decoded), size)]


def _brightest(picture: bytes, left: int, top: int, right: int, bottom: int) -> int:
    rows = (picture[y * WIDTH + left : y * WIDTH + right] for y in range(top, bottom))
    return max(max(row) for row in rows)


async def _draw(
    sam: Visit, start: tuple[float, float], end: tuple[float, float]
) -> None:
    """Draw from one place to another, in parts of the picture's sides."""
    stage = sam.see("stage")
    await stage.scroll_into_view_if_needed()
    box = await stage.bounding_box()
    assert box
    mouse = sam.page.mouse
    await mouse.move(
        box["x"] + box["width"] * start[0], box["y"] + box["height"] * start[1]
    )
    await mouse.down()
    await mouse.move(
        box["x"] + box["width"] * end[0], box["y"] + box["height"] * end[1], steps=4
    )
    await mouse.up()


async def _hide_always(
    owner: HomeAssistantClient, house: Household, masks: list[list[int]]
) -> None:
    """Set what is hidden on every clip of the driveway; the home starts anew."""
    async with owner.connection() as connection:
        cameras = await connection.command(
            "config_entries/subentries/list", entry_id=house.set_up.entry_id
        )
        camera_id = next(
            one["subentry_id"] for one in cameras if one["title"] == "Driveway"
        )
        await connection.command(
            f"{DOMAIN}/set_camera_masks", camera_id=camera_id, masks=masks
        )
        await asyncio.sleep(1)  # it is told first, and starts anew then
        await loaded(connection, house)


async def test_what_is_drawn_is_black_in_the_file_and_stays_so_for_the_camera(
    world: World,
    house: Household,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    requests: Requests,
    sam: Visit,
    tmp_path: Path,
) -> None:
    """The burnt-in clock, at the upper left: hidden once, then on every clip."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    await sam.case(case_id)
    before = await sam.digest()
    plain = _pictures(await sam.film(session), tmp_path)
    assert all(_brightest(one, 8, 8, 300, 24) > 200 for one in plain)  # the clock

    await sam.see("pick-another").locator("summary").click()
    await sam.see("hide").click()
    await expect(sam.see("stage").locator("img")).to_be_visible()
    await _draw(sam, (0.002, 0.002), (0.6, 0.12))
    await expect(sam.see("hidden")).to_have_text("One region is hidden")
    await sam.see("prepare").click()
    await expect(sam.see("digest")).not_to_have_text(before)
    await expect(sam.see("draft-facts")).to_contain_text("One region is hidden")
    film = await sam.film(session)
    assert sha256(film) == await sam.digest()
    pictures = _pictures(film, tmp_path)
    assert len(pictures) > 30
    assert all(_brightest(one, 0, 0, 300, 40) <= BLACK for one in pictures)
    assert any(_brightest(one, 300, 100, WIDTH, HEIGHT) > BLACK for one in pictures)
    await sam.see("approve").click()
    await sam.state("shared")
    async with sam.page.expect_download() as downloading:
        await sam.see("download").click()
    saved = Path(await (await downloading.value).path())
    assert await asyncio.to_thread(saved.read_bytes) == film

    hides = [[0, 0, 6_000, 1_200]]
    await _hide_always(owner, house, hides)
    try:
        case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
        await sam.case(case_id)
        await expect(sam.see("draft-facts")).to_contain_text("One region is hidden")
        pictures = _pictures(await sam.film(session), tmp_path)
        assert all(_brightest(one, 0, 0, 300, 40) <= BLACK for one in pictures)
    finally:
        await _hide_always(owner, house, [])
