"""The status page, in a browser: it says received, and opens what was shared."""

import asyncio
import hashlib
from pathlib import Path
import subprocess

from playwright.async_api import Locator, Page, Route, expect
import pytest

from script.demo_world.browser import PHONE_SCREEN, Browser

from . import packages
from .conftest import Watched, World, watch
from .packages import DELIVERY_ID

PURPOSE = "<img src=x onerror=alert(1)><script>alert(1)</script> {{ 7*7 }} [a](https://e.example)"

_PLAY = """(video) => new Promise((resolve, reject) => {
  video.addEventListener("timeupdate", () => video.currentTime > 0.2 && resolve());
  video.addEventListener("error", () => reject(video.error));
  video.play();
})"""

type Keys = tuple[str, str]


@pytest.fixture
def sealed(films: Path, keys: Keys, tmp_path: Path) -> Path:
    """Return a package with the film in it."""
    clip = films / "clip.mp4"
    return packages.seal(
        clip, packages.manifest_for(clip), keys[1], tmp_path / "clip.age"
    )


async def open_delivery(page: Page, world: World, key: str) -> Locator:
    """Open the page and the one delivery on it."""
    await page.goto(world.status_url(key))
    await page.get_by_test_id("open").click()
    delivery = page.get_by_test_id("delivery")
    await expect(delivery).to_have_attribute("data-state", "open", timeout=20_000)
    return delivery


async def test_says_received_and_nothing_else(
    watched: Watched, world: World, keys: Keys
) -> None:
    """Without a delivery there is a date, an explanation and no way to know more."""
    page = watched.page
    await page.goto(world.status_url(keys[0]))
    await expect(page.get_by_test_id("status-received")).to_contain_text("Received")
    await expect(page.get_by_test_id("until")).to_contain_text(
        "2026-12-14 19:00:00 UTC"
    )
    await expect(page.get_by_test_id("open")).to_have_count(0)
    async with page.expect_response("**/data"):  # the time told is also of the first
        await page.get_by_test_id("refresh").click()
    await expect(page.get_by_test_id("looked-at")).to_contain_text("Last looked at")
    assert len(world.asked("GET", "/data")) == 2
    await watched.assert_clean(world.base)


async def test_a_clip_is_opened_checked_and_played(
    watched: Watched, world: World, keys: Keys, films: Path, sealed: Path
) -> None:
    """What plays is the film, byte for byte; what was checked is said."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await open_delivery(page, world, keys[0])
    await expect(page.get_by_test_id("until")).to_contain_text("More may come")

    digest = hashlib.sha256((films / "clip.mp4").read_bytes()).hexdigest()
    await expect(page.get_by_test_id("digest")).to_have_text(digest)
    await expect(page.get_by_test_id("facts")).to_contain_text("Number 1")
    terms = page.get_by_test_id("terms")
    await expect(terms).to_contain_text("Not allowed")
    await expect(terms).to_contain_text("2027-02-20 19:01:00 UTC")

    video = page.get_by_test_id("video")
    assert await video.evaluate("(video) => video.muted && video.controls")
    await video.evaluate(_PLAY)
    assert await video.evaluate("(video) => [video.videoWidth, video.videoHeight]") == [
        640,
        360,
    ]
    await watched.assert_clean(world.base)


async def test_film_and_manifest_are_saved_as_they_are(
    watched: Watched, world: World, keys: Keys, films: Path, sealed: Path
) -> None:
    """The saved film is the film; the saved manifest is the one in the package."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await open_delivery(page, world, keys[0])
    async with page.expect_download() as film:
        await page.get_by_test_id("save-content").click()
    saved = await film.value
    assert saved.suggested_filename == "clip-2026-11-22T18-01-58Z.mp4"
    assert (await saved.path()).read_bytes() == (films / "clip.mp4").read_bytes()
    async with page.expect_download() as manifest:
        await page.get_by_test_id("save-manifest").click()
    saved = await manifest.value
    assert saved.suggested_filename == "manifest-2026-11-22T18-01-58Z.jws"
    assert (await saved.path()).read_text(encoding="ascii").count(".") == 2


async def tab_to(page: Page, test_id: str) -> None:
    """Go on with Tab until there."""
    for _ in range(30):
        await page.keyboard.press("Tab")
        at = await page.evaluate("document.activeElement?.dataset.testid")
        if at == test_id:
            return
    raise AssertionError(f"Tab does not lead to {test_id}")


async def test_opens_and_saves_with_the_keyboard_alone(
    watched: Watched, world: World, keys: Keys, films: Path, sealed: Path
) -> None:
    """The button that was pressed is gone: the focus goes to what came of it."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await page.goto(world.status_url(keys[0]))
    await page.get_by_test_id("open").wait_for()
    await tab_to(page, "open")
    await page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="The clip")
    await expect(heading).to_be_focused(timeout=20_000)
    inside = "document.activeElement.closest('[data-testid=delivery]') !== null"
    assert await page.evaluate(inside)
    await tab_to(page, "save-content")
    async with page.expect_download() as film:
        await page.keyboard.press("Enter")
    saved = await (await film.value).path()
    assert saved.read_bytes() == (films / "clip.mp4").read_bytes()
    await watched.assert_clean(world.base)


async def test_the_focus_goes_to_why_nothing_was_opened(
    watched: Watched, world: World, sealed: Path
) -> None:
    """And from there Tab leads on to trying again."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await page.goto(world.status_url(packages.key_pair()[0]))
    await page.get_by_test_id("open").wait_for()
    await tab_to(page, "open")
    await page.keyboard.press("Enter")
    heading = page.get_by_role("heading", name="Not opened")
    await expect(heading).to_be_focused(timeout=20_000)
    await tab_to(page, "open")
    await expect(page.get_by_test_id("open")).to_have_text("Try again")


async def test_whoever_went_elsewhere_meanwhile_is_left_there(
    watched: Watched, world: World, keys: Keys, sealed: Path
) -> None:
    """What has the focus keeps it when the answer opens."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await page.goto(world.status_url(keys[0]))
    released = asyncio.Event()

    async def wait(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await page.route("**/drop/*", wait)
    await page.get_by_test_id("open").click()
    await page.get_by_test_id("refresh").focus()
    released.set()
    delivery = page.get_by_test_id("delivery")
    await expect(delivery).to_have_attribute("data-state", "open", timeout=20_000)
    await expect(page.get_by_test_id("refresh")).to_be_focused()


async def test_an_answer_in_words_is_text(
    watched: Watched, world: World, keys: Keys, tmp_path: Path
) -> None:
    """Words, purpose and who they say they are are shown as text, never as elements."""
    words = tmp_path / "answer.txt"
    words.write_text(f"{PURPOSE}\nSecond line", encoding="utf-8")
    manifest = packages.manifest_for(words)
    manifest["terms"]["purpose"] = PURPOSE
    manifest["identity"] = PURPOSE
    world.deliver(
        {DELIVERY_ID: packages.seal(words, manifest, keys[1], tmp_path / "a.age")}
    )
    page = watched.page
    await open_delivery(page, world, keys[0])
    shown = page.get_by_test_id("words")
    assert await shown.evaluate("(e) => e.textContent") == f"{PURPOSE}\nSecond line"
    purpose = page.get_by_test_id("purpose")
    assert await purpose.evaluate("(e) => e.textContent") == PURPOSE
    identity = page.get_by_test_id("identity")
    assert await identity.evaluate("(e) => e.textContent") == PURPOSE
    await expect(page.get_by_test_id("facts")).to_contain_text("They say they are")
    for element in (shown, purpose, identity):
        assert await element.evaluate("(e) => e.childElementCount") == 0
    assert (
        await page.evaluate("document.querySelectorAll('img, main script').length") == 0
    )
    await watched.assert_clean(world.base)


def _flip(at: int) -> object:
    def change(archive: bytearray) -> None:
        archive[at] ^= 1

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_flip(512 + 200), "bad_signature"),  # in the manifest
        (_flip(8000), "digest_differs"),  # in the film
        (_flip(0), "damaged"),  # in a name
        (lambda archive: archive.__delitem__(slice(9000, None)), "damaged"),
    ],
    ids=["manifest", "film", "name", "short"],
)
async def test_a_changed_archive_is_refused(
    watched: Watched,
    world: World,
    keys: Keys,
    sealed: Path,
    tmp_path: Path,
    change: object,
    why: str,
) -> None:
    """Whoever can seal to the key but not sign gets nothing shown or played."""
    spoiled = packages.reseal(sealed, *keys, tmp_path / "spoiled.age", change)
    world.deliver({DELIVERY_ID: spoiled})
    page = watched.page
    await page.goto(world.status_url(keys[0]))
    await page.get_by_test_id("open").click()
    refused = page.get_by_test_id("refused")
    await expect(refused).to_be_visible(timeout=20_000)
    assert await refused.get_attribute("data-why") == why
    await expect(page.locator("video")).to_have_count(0)
    await expect(page.get_by_test_id("digest")).to_have_count(0)
    await watched.assert_clean(world.base)


@pytest.mark.parametrize("how", ["changed", "short"])
async def test_changed_sealed_bytes_are_refused(
    watched: Watched, world: World, keys: Keys, sealed: Path, tmp_path: Path, how: str
) -> None:
    """One flipped bit, or a missing end, on the way: refused."""
    data = bytearray(sealed.read_bytes())
    if how == "changed":
        data[len(data) // 2] ^= 1
    else:
        del data[-100_000:]
    spoiled = tmp_path / "spoiled.age"
    spoiled.write_bytes(data)
    world.deliver({DELIVERY_ID: spoiled})
    page = watched.page
    await page.goto(world.status_url(keys[0]))
    await page.get_by_test_id("open").click()
    refused = page.get_by_test_id("refused")
    await expect(refused).to_be_visible(timeout=20_000)
    assert await refused.get_attribute("data-why") == "damaged"
    await expect(page.locator("video")).to_have_count(0)


async def test_another_key_opens_nothing(
    watched: Watched, world: World, keys: Keys, sealed: Path
) -> None:
    """A key of another request: explained, nothing opened."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await page.goto(world.status_url(packages.key_pair()[0]))
    await page.get_by_test_id("open").click()
    refused = page.get_by_test_id("refused")
    await expect(refused).to_contain_text("does not fit")
    assert await refused.get_attribute("data-why") == "wrong_key"


@pytest.mark.parametrize("key", ["", "AGE-SECRET-KEY-1SHORT"])
async def test_a_link_without_its_key_is_explained(
    watched: Watched, world: World, sealed: Path, key: str
) -> None:
    """Missing or cut: said at once, and nothing is fetched."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await page.goto(world.status_url(key))
    await expect(page.get_by_test_id("key-fault")).to_contain_text("after #")
    await expect(page.get_by_test_id("open")).to_be_disabled()
    assert world.asked("GET", "/drop/") == []
    await watched.assert_clean(world.base)


async def test_the_key_appears_in_the_address_later(
    watched: Watched, world: World, keys: Keys, sealed: Path
) -> None:
    """Pasting the rest of the link is enough."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await page.goto(world.status_url())
    await expect(page.get_by_test_id("key-fault")).to_be_visible()
    await page.evaluate("(key) => { location.hash = key }", keys[0])
    await expect(page.get_by_test_id("key-fault")).to_have_count(0)
    await page.get_by_test_id("open").click()
    await expect(page.get_by_test_id("digest")).to_be_visible(timeout=20_000)


async def test_a_broken_download_goes_on_where_it_stopped(
    watched: Watched, world: World, keys: Keys, sealed: Path
) -> None:
    """The connection breaks halfway; the rest is asked for, and all of it fits."""
    world.deliver({DELIVERY_ID: sealed}, cut=sealed.stat().st_size // 2)
    page = watched.page
    await open_delivery(page, world, keys[0])
    ranges = [line["headers"].get("Range") for line in world.asked("GET", "/drop/")]
    assert ranges[0] is None
    assert ranges[-1].startswith("bytes=")
    assert ranges[-1] != "bytes=0-"


async def test_what_is_open_stays_when_it_can_be_fetched_no_more(
    watched: Watched, world: World, keys: Keys, sealed: Path
) -> None:
    """Taken back or fetched once: what this page holds is still here."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await open_delivery(page, world, keys[0])
    world.deliver({})
    await page.get_by_test_id("refresh").click()
    await expect(page.get_by_test_id("refresh")).to_be_enabled()
    await expect(page.get_by_test_id("digest")).to_be_visible()
    await page.reload()
    await expect(page.get_by_test_id("status-received")).to_contain_text("Received")
    await expect(page.get_by_test_id("delivery")).to_have_count(0)


async def test_gone_deliveries_and_unknown_links_are_told(
    watched: Watched, world: World, keys: Keys, sealed: Path
) -> None:
    """Gone between looking and opening; and a link that nothing is behind."""
    world.deliver({DELIVERY_ID: sealed})
    page = watched.page
    await page.goto(world.status_url(keys[0]))
    await expect(page.get_by_test_id("open")).to_be_visible()
    world.deliver({})
    await page.get_by_test_id("open").click()
    await expect(page.get_by_test_id("refused")).to_contain_text("not there any more")
    world.facts["requests"] = {}
    world.save()
    await page.get_by_test_id("refresh").click()
    await expect(page.get_by_test_id("not-found")).to_be_visible()


async def test_a_film_this_browser_cannot_play_can_be_saved(
    watched: Watched, world: World, keys: Keys, films: Path, tmp_path: Path
) -> None:
    """HEVC: said in words, with the way out; saving works."""
    clip = films / "hevc.mp4"
    manifest = packages.manifest_for(clip) | {"video_codec": "hevc"}
    world.deliver(
        {DELIVERY_ID: packages.seal(clip, manifest, keys[1], tmp_path / "h.age")}
    )
    page = watched.page
    await open_delivery(page, world, keys[0])
    await expect(page.get_by_test_id("cannot-play")).to_contain_text("HEVC")
    async with page.expect_download() as film:
        await page.get_by_test_id("save-content").click()
    assert (await (await film.value).path()).read_bytes() == clip.read_bytes()


async def test_bytes_that_are_no_film_are_never_a_page(
    watched: Watched, world: World, keys: Keys, tmp_path: Path
) -> None:
    """A "film" that is HTML in truth is not played, and never run as a page."""
    fake = tmp_path / "clip.mp4"
    fake.write_text("<script>parent.document.title = 'owned'</script>", "utf-8")
    manifest = packages.manifest_for(fake)
    manifest["content"]["media_type"] = "text/html"
    world.deliver(
        {DELIVERY_ID: packages.seal(fake, manifest, keys[1], tmp_path / "f.age")}
    )
    page = watched.page
    await open_delivery(page, world, keys[0])
    await expect(page.get_by_test_id("cannot-play")).to_be_visible()
    assert await page.title() == "Your request"
    assert not any("text/html" in entry for entry in watched.complaints)


async def test_works_without_tls_on_a_small_phone(
    browser: Browser, world: World, keys: Keys, sealed: Path
) -> None:
    """No WebCrypto and 320 pixels: it warns, opens, and nothing is cut off."""
    world.deliver({DELIVERY_ID: sealed})
    async with browser.stranger(PHONE_SCREEN) as context:
        await context.add_init_script(
            "Object.defineProperty(window, 'isSecureContext', { value: false });"
            "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });"
        )
        watched = await watch(context)
        page = watched.page
        await page.set_viewport_size({"width": 320, "height": 640})
        await open_delivery(page, world, keys[0])
        await expect(page.get_by_test_id("insecure")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        await watched.assert_clean(world.base)


def test_the_package_opens_with_the_usual_tools(
    films: Path, keys: Keys, sealed: Path, tmp_path: Path
) -> None:
    """What the page says under "without this page" is true."""
    key = tmp_path / "key.txt"
    key.write_text(keys[0], encoding="ascii")
    folder = tmp_path / "out"
    folder.mkdir()
    plain = subprocess.run(
        ["age", "-d", "-i", key, sealed], check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "x"], input=plain, cwd=folder, check=True)
    assert (folder / "clip.mp4").read_bytes() == (films / "clip.mp4").read_bytes()
