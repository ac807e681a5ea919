"""Take the pictures of README and docs: `script/pictures` starts this."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import tempfile
from typing import Final, Literal

import aiohttp
from PIL import Image
from playwright.async_api import Locator, Page

from . import panel, story
from .browser import DESK_SCREEN, PHONE_SCREEN, Browser, started_browser
from .client import Connection
from .recordings import Span
from .seen import keep_words, words_on
from .world import World, running_world, yesterday

_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_IMAGES: Final = _REPOSITORY / "docs" / "images"
_MEDIA: Final = _REPOSITORY / ".demo" / "recordings"
_TEXT: Final = "Somebody drove into my bicycle in front of your house."
_COLOURS: Final = 256
_PATIENCE: Final = 60_000  # milliseconds
_HEADER: Final = 72  # pixels that the panel's header and a little air take
_ACCIDENT: Final = 85  # seconds into the clip: the car reaches the bicycle
_UNDO: Final = 30  # seconds, for taps on a push; none is made here

type Scheme = Literal["light", "dark"]


async def _take(page: Page, file: Path) -> None:
    """Photograph what is on the screen, in few colours."""
    await page.wait_for_timeout(1_500)  # until nothing turns or fades
    await page.screenshot(path=file)
    words = await words_on(page)
    await asyncio.to_thread(_shrink, file, words)


def _shrink(file: Path, words: str) -> None:
    with Image.open(file) as picture:
        few = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    keep_words(few, file, words)


async def _show(page: Page, shown: Locator) -> None:
    """Scroll so that this stands right below the header."""
    top = await shown.evaluate("(one) => one.getBoundingClientRect().top + scrollY")
    await page.evaluate("(top) => scrollTo(0, top)", max(0, top - _HEADER))


async def _at_the_accident(video: Locator) -> None:
    """Show a film where something can be seen."""
    await video.evaluate(
        """(video, at) => new Promise((resolve) => {
          video.addEventListener("seeked", resolve, { once: true });
          video.currentTime = at;
        })""",
        _ACCIDENT,
    )


async def _form(browser: Browser, link: str, span: Span, folder: Path) -> None:
    """Take the form behind an invite link, filled in."""
    typed = {
        "date": f"{span.start:%Y-%m-%d}",
        "from": f"{span.start:%H:%M}",
        "to": f"{span.end:%H:%M}",
        "text": _TEXT,
    }
    async with browser.stranger(PHONE_SCREEN) as context:
        page = await context.new_page()
        await page.goto(link)
        for name, value in typed.items():
            await page.get_by_test_id(name).fill(value)
        await page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        await _take(page, folder / "ask.png")


@asynccontextmanager
async def _owners_case(
    world: World,
    session: aiohttp.ClientSession,
    browser: Browser,
    case_id: str,
    screen: tuple[int, int],
    scheme: Scheme,
) -> AsyncIterator[Page]:
    """Open one request in the owner's panel."""
    login = await world.home.log_in(session)
    async with browser.logged_in(login, screen) as context:
        page = await context.new_page()
        page.set_default_timeout(_PATIENCE)
        await page.emulate_media(color_scheme=scheme)
        await panel.open_case(page, world.home.base_url, case_id)
        await _at_the_accident(page.get_by_test_id("draft-video"))
        yield page


async def _picking(page: Page, folder: Path) -> None:
    """Take the timeline, a little of the clip cut off at both ends."""
    another = page.get_by_test_id("pick-another").locator("summary")
    await another.click()
    for end, key in (("Start", "PageUp"), ("End", "PageDown")):
        slider = page.get_by_role("slider", name=end)
        for _ in range(4):
            await slider.press(key)
    await page.get_by_test_id("picture").first.wait_for()
    await page.evaluate("document.activeElement.blur()")
    await _show(page, another)
    await _take(page, folder / "picker.png")
    await another.click()


async def _deciding(page: Page, folder: Path) -> None:
    """Take what is asked, what would be sent, another choice, and the time to undo."""
    await _take(page, folder / "request.png")
    await _show(page, page.get_by_test_id("draft"))
    await _take(page, folder / "draft.png")
    await _picking(page, folder)
    await page.get_by_test_id("approve").click()
    await page.get_by_test_id("undo").wait_for()
    bottom = "(one) => one.scrollIntoView({ block: 'center' })"
    await page.get_by_test_id("undo").evaluate(bottom)
    await _take(page, folder / "undo.png")


async def _opened(page: Page, link: str, folder: Path) -> None:
    """Take the answer in the requester's browser."""
    await page.goto(link)
    await page.get_by_test_id("open").click()
    await _at_the_accident(page.get_by_test_id("video"))
    await _take(page, folder / "opened.png")


async def _phones(browser: Browser, url: str, folder: Path) -> None:
    """Take the push on the owner's phone."""
    async with browser.stranger(PHONE_SCREEN) as context:
        page = await context.new_page()
        await page.goto(url)
        await page.locator(".note img").first.wait_for()
        await _take(page, folder / "push.png")


async def _all(
    world: World,
    session: aiohttp.ClientSession,
    connection: Connection,
    browser: Browser,
    house: story.Household,
    folder: Path,
) -> None:
    link, span = house.set_up.invite_link, world.recordings.one_camera
    watch = await story.CaseWatch.start(connection)
    await _form(browser, link, span, folder)
    async with browser.stranger(PHONE_SCREEN) as neighbour:
        stranger = await neighbour.new_page()
        stranger.set_default_timeout(_PATIENCE)
        status_link = await story.ask(stranger, link, span, _TEXT, "Anna")
        await stranger.evaluate("scrollTo(0, 0)")
        await _take(stranger, folder / "received.png")
        await stranger.get_by_test_id("kept").check()
        case_id: str = (await watch.next_waiting())["case_id"]
        phones = world.phones(session)
        await story.push_for(phones, house.iphone.phone_id, case_id, "Approve")
        await _phones(browser, phones.url, folder)
        async with _owners_case(
            world, session, browser, case_id, DESK_SCREEN, "dark"
        ) as page:
            await _take(page, folder / "panel.png")
        async with _owners_case(
            world, session, browser, case_id, PHONE_SCREEN, "light"
        ) as page:
            await _deciding(page, folder)
        await watch.reach(case_id, "shared")
        await _opened(stranger, status_link, folder)


async def take_pictures(folder: Path) -> None:
    """Build a world, go through the main job, and photograph it."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        async with (
            running_world(Path(made), _MEDIA, yesterday()) as world,
            aiohttp.ClientSession() as session,
        ):
            house = await story.move_in(world, session, _UNDO)
            owner = await world.owner(session)
            async with owner.connection() as connection, started_browser() as browser:
                await _all(world, session, connection, browser, house, folder)
    for file in sorted(folder.glob("*.png")):
        print(f"{file.stat().st_size / 1000:6.0f} kB  {file}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="script/pictures", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, default=_IMAGES, help="default: docs/images"
    )
    asyncio.run(take_pictures(parser.parse_args().folder))


if __name__ == "__main__":
    main()
