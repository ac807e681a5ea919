"""A requester's desk, in a browser: ask, follow, open. Keys never leave it."""

import asyncio
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import re
import subprocess
from typing import Any, Final
import zipfile

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from playwright.async_api import Page, expect
import pytest

from script.demo_world.browser import PHONE_SCREEN, Browser

from . import packages
from .axe import violations
from .conftest import Watched, World, watch
from .fake_hub import TOKEN, Hub, new_id
from .packages import DELIVERY_ID

YESTERDAY: Final = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
SECRET: Final = re.compile(r"CLIP-CONSENT-DESK-1[02-9AC-HJ-NP-Z]{58}")
_STORED: Final = "JSON.stringify([{...localStorage}, {...sessionStorage}])"
_SECOND: Final = "q2q3r4s5t6u7v2w3x4y5z6a7b2"


@pytest.fixture
def hub() -> Hub:
    """Return a hub that knows one requester, who asked nothing yet."""
    return Hub()


async def at_desk(page: Page, world: World, hub: Hub, token: str = TOKEN) -> None:
    """Come by the personal link."""
    world.host(hub)
    await page.goto(world.desk_url(token))
    await page.get_by_test_id("signed-in").wait_for()


async def make_secret(page: Page) -> str:
    """Make a desk secret, keep it, and return it."""
    await page.get_by_test_id("make-secret").click()
    text = await page.get_by_test_id("secret-text").inner_text()
    await page.get_by_test_id("secret-kept").click()
    await expect(page.get_by_test_id("secret-kept")).to_have_count(0)
    return text


async def fill(page: Page, **changes: str) -> None:
    """Fill in a request that is in order, but for the area and the changes."""
    typed = {
        "date": YESTERDAY,
        "from": "10:00",
        "to": "10:30",
        "title": "Car scratched",
        "text": "A blue van.",
        "caseNumber": "2026-1187",
        "contact": "station12@police.example",
        **changes,
    }
    for name, value in typed.items():
        await page.get_by_test_id(name).fill(value)


async def draw_circle(page: Page) -> None:
    """Tap on the map, left of its middle: there the hub covers it."""
    drawn = page.get_by_test_id("map")
    box = await drawn.bounding_box()
    assert box
    await drawn.click(position={"x": box["width"] / 2 - 60, "y": 160})


def sent(world: World, part: str = "/requests") -> list[dict[str, Any]]:
    """Return what was posted."""
    return [json.loads(line["body"]) for line in world.asked("POST", part)]


async def test_the_token_leaves_the_address_and_nothing_is_stored(
    watched: Watched, world: World, hub: Hub
) -> None:
    """It goes along where it must, and nowhere else; a reload asks for it again."""
    page = watched.page
    await at_desk(page, world, hub)
    assert page.url == world.desk_url()
    assert TOKEN not in await page.evaluate(
        "JSON.stringify(history.state) + document.body.innerHTML"
    )
    assert await page.evaluate(_STORED) == "[{},{}]"
    await expect(page.get_by_test_id("signed-in")).to_contain_text("Police station 12")
    with_token = [line["path"] for line in world.asked() if TOKEN in json.dumps(line)]
    assert {path.rpartition("/v1/")[2] for path in with_token} == {"desk"}
    assert not any("Cookie" in line["headers"] for line in world.asked())
    await page.reload()
    await page.get_by_test_id("token").wait_for()
    await watched.assert_clean(world.base)


async def test_stays_signed_in_only_where_that_is_ticked(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Link and secret are there again; signing out takes both away."""
    page = watched.page
    world.host(hub)
    await page.goto(world.desk_url())
    await page.get_by_test_id("sign-in").click()
    await expect(page.get_by_test_id("trouble")).to_contain_text("whole link")
    await page.get_by_test_id("token").fill(world.desk_url(TOKEN))
    await page.get_by_test_id("remember").check()
    await page.get_by_test_id("sign-in").click()
    await page.get_by_test_id("signed-in").wait_for()
    secret = await make_secret(page)
    await page.goto("about:blank")
    await page.goto(world.desk_url())
    await page.get_by_test_id("secret-here").wait_for()
    await page.get_by_test_id("secret-box").locator("summary").click()
    await expect(page.get_by_test_id("secret-text")).to_have_text(secret)
    await page.get_by_test_id("sign-out").click()
    await page.get_by_test_id("token").wait_for()
    assert await page.evaluate(_STORED) == "[{},{}]"
    await watched.assert_clean(world.base)


async def test_a_link_that_was_taken_back(
    watched: Watched, world: World, hub: Hub
) -> None:
    """It says so, and forgets what it had."""
    page = watched.page
    await at_desk(page, world, hub)
    world.facts["hub"]["token"] = "another-token-0123456789"
    world.save()
    await page.get_by_test_id("refresh").click()
    await expect(page.get_by_test_id("trouble")).to_contain_text("does not work")
    await expect(page.get_by_test_id("token")).to_be_visible()


async def test_sends_what_was_filled_in_and_drawn(
    watched: Watched, world: World, hub: Hub, tmp_path: Path
) -> None:
    """The body is the documented one; its key follows from secret and hint alone."""
    hub.answers["submit"] = {"status": 202, "body": {"id": new_id(1)}}
    page = watched.page
    await at_desk(page, world, hub)
    await page.get_by_test_id("fresh").click()
    await expect(page.get_by_test_id("send")).to_be_disabled()
    secret = await make_secret(page)
    await draw_circle(page)
    await expect(page.get_by_test_id("size")).to_contain_text(
        "0.196 km² (from 0.065 km² to 1.295 km²)"
    )
    await fill(page)
    await expect(page.get_by_test_id("window")).to_contain_text("30 mins")
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("said")).to_contain_text("Sent.")

    (body,) = sent(world)
    (line,) = world.asked("POST")
    assert line["headers"]["Authorization"] == f"Bearer {TOKEN}"
    assert secret not in json.dumps(line)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", body["key_hint"])
    recipient = body.pop("recipient")
    area = body.pop("area")
    assert (area["kind"], area["radius"]) == ("circle", 250)
    assert 52.51 < area["latitude"] < 52.56
    assert 13.35 < area["longitude"] < 13.45
    assert (body.pop("start"), body.pop("end"))[0].startswith(YESTERDAY)
    assert {name: body[name] for name in body if name != "key_hint"} == {
        "version": 1,
        "title": "Car scratched",
        "text": "A blue van.",
        "contact": "station12@police.example",
        "case_number": "2026-1187",
        "inbox": None,
    }
    assert recipient == _recipient(_identity(secret, body["key_hint"]), tmp_path)
    assert not any(secret in json.dumps(line) for line in world.asked())
    await watched.assert_clean(world.base)


def _identity(secret: str, hint: str) -> str:
    """Return the identity of a request, by what the protocol of the page says alone."""
    info = f"clip-consent desk v1 {hint}".encode()
    made = HKDF(SHA256(), 32, None, info).derive(_unbech(secret))
    return _bech("age-secret-key-", made).upper()


_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def _unbech(text: str) -> bytes:
    digits = [_LETTERS.index(one) for one in text.lower().rpartition("1")[2][:-6]]
    bits = int("".join(f"{one:05b}" for one in digits)[:256], 2)
    return bits.to_bytes(32)


def _bech(prefix: str, data: bytes) -> str:
    bits = "".join(f"{one:08b}" for one in data).ljust(260, "0")
    digits = [int(bits[at : at + 5], 2) for at in range(0, 260, 5)]
    spelt = [ord(one) >> 5 for one in prefix] + [0] + [ord(one) & 31 for one in prefix]
    rest = 1
    for digit in [*spelt, *digits, *[0] * 6]:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ digit
        generators = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        for bit, generator in enumerate(generators):
            rest ^= generator if top >> bit & 1 else 0
    rest ^= 1
    sums = [rest >> 5 * (5 - at) & 31 for at in range(6)]
    return prefix + "1" + "".join(_LETTERS[one] for one in digits + sums)


def _recipient(identity: str, folder: Path) -> str:
    key = folder / "key.txt"
    key.write_text(identity, encoding="ascii")
    made = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True)
    return made.stdout.decode().strip()


async def test_draws_a_polygon_by_mouse(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Corners by clicks, one pulled; the size is told all the while."""
    page = watched.page
    await at_desk(page, world, hub)
    await page.get_by_test_id("fresh").click()
    await page.get_by_test_id("way-polygon").check()
    await expect(page.get_by_test_id("size")).to_contain_text("Nothing drawn yet")
    drawn = page.get_by_test_id("map")
    for _ in range(3):
        await page.get_by_test_id("zoom-in").click()
    await page.get_by_test_id("west").click()
    for x, y in ((100, 80), (220, 80), (220, 200)):
        await drawn.click(position={"x": x, "y": y})
    await expect(page.get_by_test_id("size")).not_to_contain_text("Nothing")
    before = await page.get_by_test_id("size").inner_text()
    box = await page.get_by_test_id("handle-2").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 40, y + 40, steps=4)
    await page.mouse.up()
    await expect(page.get_by_test_id("size")).not_to_have_text(before)
    await expect(page.get_by_role("button", name="Corner 3")).to_be_visible()
    assert await page.locator("[data-handle]").count() == 3
    moved = await page.get_by_test_id("handle-2").bounding_box()
    assert moved
    assert abs(moved["x"] - box["x"] - 40) < 3


async def test_draws_by_keyboard_alone(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Enter sets a point, arrows move it, Delete takes it away; Tab goes on."""
    page = watched.page
    await at_desk(page, world, hub)
    await page.get_by_test_id("fresh").click()
    await page.get_by_test_id("map").focus()
    await page.keyboard.press("+")
    await page.keyboard.press("Shift+ArrowLeft")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("size")).to_contain_text("0.196 km²")
    await page.keyboard.press("Tab")
    center = page.get_by_test_id("handle-center")
    await expect(center).to_be_focused()
    name = await center.get_attribute("aria-label")
    await page.keyboard.press("ArrowUp")
    await expect(center).not_to_have_attribute("aria-label", name or "")
    await page.keyboard.press("Tab")
    await expect(page.get_by_test_id("handle-edge")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_test_id("size")).not_to_contain_text("0.196 km²")
    await page.keyboard.press("Tab")
    await expect(page.get_by_test_id("zoom-in")).to_be_focused()
    await center.focus()
    await page.keyboard.press("Delete")
    await expect(page.get_by_test_id("size")).to_contain_text("Nothing drawn yet")


async def test_draws_with_a_finger(browser: Browser, world: World, hub: Hub) -> None:
    """A tap sets the circle; what is around the map scrolls as everywhere."""
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        page = watched.page
        await at_desk(page, world, hub)
        await page.get_by_test_id("fresh").click()
        touch = await context.new_cdp_session(page)
        await touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
        await page.get_by_test_id("map").scroll_into_view_if_needed()
        box = await page.get_by_test_id("map").bounding_box()
        assert box

        async def finger(kind: str, *places: tuple[float, float]) -> None:
            points = [{"x": x, "y": y} for x, y in places]
            await touch.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
            )

        x, y = box["x"] + box["width"] / 2 - 60, box["y"] + 150
        await finger("touchStart", (x, y))
        await finger("touchEnd")
        await expect(page.get_by_test_id("size")).to_contain_text("0.196 km²")
        edge = await page.get_by_test_id("handle-edge").bounding_box()
        assert edge
        x, y = edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2
        await finger("touchStart", (x, y))
        for step in range(1, 6):
            await finger("touchMove", (x + 6 * step, y))
        await finger("touchEnd")
        await expect(page.get_by_test_id("size")).not_to_contain_text("0.196 km²")


async def test_coordinates_can_be_typed(
    watched: Watched, world: World, hub: Hub
) -> None:
    """A place and a radius; corners, one to a line; what is no place is told."""
    page = watched.page
    await at_desk(page, world, hub)
    await page.get_by_test_id("fresh").click()
    await page.get_by_test_id("typed-area").locator("summary").click()
    place = page.get_by_test_id("place")
    await place.fill("Lindenstraße")
    await place.press("Tab")
    await expect(page.get_by_test_id("bad-place")).to_be_visible()
    await place.fill("52.52, 13.39")
    await place.press("Tab")
    await expect(page.get_by_test_id("bad-place")).to_have_count(0)
    await page.get_by_test_id("radius").fill("100")
    await page.get_by_test_id("radius").press("Tab")
    await expect(page.get_by_test_id("fault-area")).to_contain_text("too small")
    await place.fill("48.1, 11.5")
    await page.get_by_test_id("radius").fill("200")
    await page.get_by_test_id("radius").press("Tab")
    await expect(page.get_by_test_id("fault-area")).to_contain_text("outside of what")
    await page.get_by_test_id("way-polygon").check()
    corners = page.get_by_test_id("corners")
    await corners.fill("52.52, 13.39\n52.525, 13.39\n52.525, 13.40")
    await corners.press("Tab")
    await expect(page.get_by_test_id("size")).to_contain_text("0.188 km²")
    await expect(page.get_by_test_id("fault-area")).to_have_count(0)


async def test_limits_are_told_while_typing(
    watched: Watched, world: World, hub: Hub
) -> None:
    """A window that is too short is told at once, what is missing when it is sent."""
    page = watched.page
    await at_desk(page, world, hub)
    await page.get_by_test_id("fresh").click()
    await make_secret(page)
    await fill(page, to="10:10", title="", caseNumber="")
    await expect(page.get_by_test_id("fault-to")).to_contain_text(
        "too short: 15 mins at least"
    )
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("summary")).to_contain_text("4 things")
    await expect(page.get_by_test_id("fault-area")).to_contain_text("Draw the area")
    await expect(page.get_by_test_id("fault-caseNumber")).to_be_visible()
    await page.get_by_test_id("to").fill("10:30")
    await expect(page.get_by_test_id("fault-to")).to_have_count(0)
    assert sent(world) == []


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (429, {"error": "too_many_week"}, "too many requests for one week"),
        (
            400,
            {"error": "area_odd", "field": "area"},
            "does not take it as it is (area_odd)",
        ),
        (404, {"error": "not_found"}, "signed in no longer"),
        (503, {}, "“Try again” is safe"),
    ],
)
async def test_what_the_hub_does_not_take_stays_to_be_mended(
    watched: Watched, world: World, hub: Hub, status: int, body: Any, expected: str
) -> None:
    """In words; sent again where nobody knows, it is the same request."""
    hub.answers["submit"] = {"status": status, "body": body}
    page = watched.page
    await at_desk(page, world, hub)
    await page.get_by_test_id("fresh").click()
    await make_secret(page)
    await draw_circle(page)
    await fill(page)
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("failure")).to_contain_text(expected)
    await expect(page.get_by_test_id("text")).to_have_value("A blue van.")
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("send")).to_be_enabled()
    async with asyncio.timeout(10):
        while len(sent(world)) < 2:
            await asyncio.sleep(0.05)
    first, second = sent(world)
    assert (first["recipient"] == second["recipient"]) is (status == 503)


async def test_tells_states_in_words_and_never_who_said_no(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Waiting, refused and why, open; no count of homes anywhere."""
    hub.ask(title="Open one")
    hub.ask(title="Waiting one", state="moderation", expires_at=None)
    hub.ask(title="Refused one", state="refused", refused="too_broad", expires_at=None)
    hub.ask(title="Old one", state="resolved")
    page = watched.page
    await at_desk(page, world, hub)
    await expect(page.get_by_test_id("silence")).to_contain_text(
        "never shows how many homes"
    )
    standing = page.get_by_test_id("standing")
    await expect(standing.nth(0)).to_contain_text("may answer until")
    await expect(standing.nth(1)).to_contain_text("A moderator reads it first")
    await expect(standing.nth(2)).to_contain_text(
        "More place or time than what happened needs"
    )
    await expect(standing.nth(3)).to_contain_text("Homes see it no longer")
    await expect(page.get_by_test_id("no-answers")).to_have_count(2)
    words = await page.locator("main").inner_text()
    assert not re.search(r"\d+ homes", words)
    await page.get_by_test_id("anew").click()
    await expect(page.get_by_test_id("title")).to_have_value("Refused one")
    await expect(page.get_by_test_id("size")).to_contain_text("0.126 km²")


async def test_resolves_withdraws_and_adds(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Nothing at one tap; what failed says so."""
    one = hub.ask()
    page = watched.page
    await at_desk(page, world, hub)
    await page.get_by_test_id("resolve").click()
    await page.get_by_test_id("leave").click()
    assert world.asked("POST") == []
    await page.get_by_test_id("withdraw").click()
    await page.get_by_test_id("do").click()
    await page.get_by_test_id("withdraw").wait_for()
    await page.get_by_test_id("note").click()
    await page.locator("textarea[name=note]").fill("It was red.")
    await page.get_by_test_id("send-note").click()
    await expect(page.get_by_test_id("said")).to_contain_text(
        "A moderator reads it first"
    )
    paths = [line["path"].rpartition("/v1/")[2] for line in world.asked("POST")]
    assert paths == [f"requests/{one['id']}/withdraw", f"requests/{one['id']}/note"]
    assert sent(world)[1] == {"version": 1, "text": "It was red."}
    world.facts["hub"]["answers"] = {"resolve": {"status": 503, "body": {}}}
    world.save()
    await page.get_by_test_id("resolve").click()
    await page.get_by_test_id("do").click()
    await expect(page.get_by_test_id("act-failed")).to_be_visible()


async def _answered(
    page: Page, world: World, hub: Hub, films: Path, folder: Path
) -> tuple[dict[str, Any], str]:
    """Let two homes have answered a request that this desk asked."""
    await at_desk(page, world, hub)
    secret = await make_secret(page)
    hint = "0123456789abcdef"
    recipient = _recipient(_identity(secret, hint), folder)
    request = hub.ask(recipient=recipient, key_hint=hint, title="Answered")
    clip, words = films / "clip.mp4", folder / "answer.txt"
    words.write_text("I saw it: +49 170 <b>1</b>", "utf-8")
    for number, content in enumerate((clip, words)):
        manifest = packages.manifest_for(content, request_id=request["id"])
        sealed = packages.seal(content, manifest, recipient, folder / f"{number}.age")
        hub.deliver(request, (DELIVERY_ID, _SECOND)[number], sealed)
    world.host(hub)
    await page.get_by_test_id("refresh").click()
    await page.get_by_test_id("delivery").first.wait_for()
    return request, secret


async def test_opens_checks_plays_and_saves(
    watched: Watched, world: World, hub: Hub, films: Path, tmp_path: Path
) -> None:
    """One by one, then all in one file; the bytes are the ones that were approved."""
    page = watched.page
    await _answered(page, world, hub, films, tmp_path)
    first = page.get_by_test_id("delivery").nth(0)
    await first.get_by_test_id("open").click()
    await expect(first).to_have_attribute("data-state", "open", timeout=20_000)
    await expect(first.get_by_test_id("checks")).to_contain_text("the signature fits")
    video = first.get_by_test_id("video")
    assert await video.evaluate("(video) => video.muted && video.controls")
    async with page.expect_download() as film:
        await first.get_by_test_id("save-content").click()
    assert (await (await film.value).path()).read_bytes() == (
        films / "clip.mp4"
    ).read_bytes()
    async with page.expect_download() as both:
        await page.get_by_test_id("save-all").click()
    await expect(page.get_by_test_id("words")).to_have_text(
        "I saw it: +49 170 <b>1</b>"
    )
    archive = tmp_path / "all.zip"
    await (await both.value).save_as(archive)
    with zipfile.ZipFile(archive) as saved:
        assert saved.testzip() is None
        names = sorted(saved.namelist())
        assert [name.partition("-")[0] for name in names] == [
            *("1/clip", "1/manifest", "2/answer", "2/manifest"),
        ]
        assert saved.read(names[0]) == (films / "clip.mp4").read_bytes()
    ours = world.asked("GET", "/inbox/")
    assert all(line["headers"]["Authorization"] == f"Bearer {TOKEN}" for line in ours)
    await watched.assert_clean(world.base)


async def test_the_secrets_file_opens_the_answers_on_another_device(
    browser: Browser,
    watched: Watched,
    world: World,
    hub: Hub,
    films: Path,
    tmp_path: Path,
) -> None:
    """That is the recovery that the page explains; another secret does not."""
    page = watched.page
    request, secret = await _answered(page, world, hub, films, tmp_path)
    await page.get_by_test_id("secret-box").locator("summary").click()
    async with page.expect_download() as file:
        await page.get_by_test_id("save-secret").click()
    kept = tmp_path / "desk-secret.txt"
    await (await file.value).save_as(kept)
    assert SECRET.findall(kept.read_text("utf-8")) == [secret]
    async with browser.stranger() as context:
        other = (await watch(context)).page
        await at_desk(other, world, hub)
        await expect(other.get_by_test_id("secret-lost")).to_be_visible()
        await expect(other.get_by_test_id("other-secret")).to_be_visible()
        await make_secret(other)
        await expect(other.get_by_test_id("other-secret")).to_be_visible()
        await other.get_by_test_id("secret-box").locator("summary").click()
        await other.get_by_test_id("forget-secret").click()
        await other.get_by_test_id("secret").fill("CLIP-CONSENT-DESK-1QQ")
        await other.get_by_test_id("use-secret").click()
        await expect(other.get_by_test_id("secret-bad")).to_be_visible()
        await other.get_by_test_id("secret-file").set_input_files(kept)
        await other.get_by_test_id("open").first.click()
        opened = other.get_by_test_id("delivery").first
        await expect(opened).to_have_attribute("data-state", "open", timeout=20_000)
    assert request["state"] == "open"


async def test_an_answer_that_is_not_what_it_says_is_not_shown(
    watched: Watched, world: World, hub: Hub, films: Path, tmp_path: Path
) -> None:
    """Of another request, or damaged: why is told, the other one still opens."""
    page = watched.page
    request, secret = await _answered(page, world, hub, films, tmp_path)
    clip = films / "clip.mp4"
    recipient = _recipient(_identity(secret, request["key_hint"]), tmp_path)
    foreign = packages.seal(
        clip, packages.manifest_for(clip), recipient, tmp_path / "f.age"
    )
    hub.drops[f"{request['id']}/{DELIVERY_ID}"] = str(foreign)
    request["deliveries"][0]["size"] = foreign.stat().st_size
    world.host(hub)
    await page.get_by_test_id("refresh").click()
    async with page.expect_download():
        await page.get_by_test_id("save-all").click()
    refused = page.get_by_test_id("refused")
    await expect(refused).to_have_attribute("data-why", "other_request")
    await expect(page.get_by_text("1 of 2 are in the file")).to_be_visible()
    await expect(page.get_by_test_id("words")).to_be_visible()


async def test_locked_package_and_key_can_be_taken_elsewhere(
    watched: Watched, world: World, hub: Hub, films: Path, tmp_path: Path
) -> None:
    """What the page says under "without this page" is true."""
    page = watched.page
    await _answered(page, world, hub, films, tmp_path)
    first = page.get_by_test_id("delivery").nth(0)
    await first.locator("summary").click()
    paths = []
    for button in ("save-sealed", "save-key"):
        async with page.expect_download() as file:
            await first.get_by_test_id(button).click()
        paths.append(await (await file.value).path())
    plain = subprocess.run(
        ["age", "-d", "-i", paths[1], paths[0]], check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "x"], input=plain, cwd=tmp_path, check=True)
    assert (tmp_path / "clip.mp4").read_bytes() == (films / "clip.mp4").read_bytes()


async def test_a_secret_that_was_not_kept_holds_the_page(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Leaving would lose it; nothing can be asked with it before."""
    page = watched.page
    await at_desk(page, world, hub)
    await page.get_by_test_id("make-secret").click()
    await page.get_by_test_id("secret-text").wait_for()
    await page.get_by_test_id("fresh").click()
    await expect(page.get_by_test_id("no-secret")).to_be_visible()
    asked = asyncio.get_running_loop().create_future()
    page.on("dialog", lambda dialog: asked.done() or asked.set_result(dialog))
    leaving = asyncio.ensure_future(page.close(run_before_unload=True))
    dialog = await asyncio.wait_for(asked, 10)
    assert dialog.type == "beforeunload"
    await dialog.dismiss()
    await leaving


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "nl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_and_nothing_reaches_over_the_edge(
    browser: Browser, world: World, hub: Hub, language: str, scheme: Any
) -> None:
    """Signing in, list, secret and form, 320 pixels wide."""
    hub.ask()
    hub.ask(state="refused", refused="too_broad", expires_at=None)
    async with browser.stranger(PHONE_SCREEN, language) as context:
        watched = await watch(context)
        page = watched.page
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": 320, "height": 640})

        async def check() -> None:
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320
            assert await violations(page) == []

        world.host(hub)
        await page.goto(world.desk_url())
        await page.get_by_test_id("sign-in").click()
        await check()
        await page.get_by_test_id("token").fill(TOKEN)
        await page.get_by_test_id("sign-in").click()
        await page.get_by_test_id("make-secret").click()
        await page.get_by_test_id("secret-text").wait_for()
        for summary in await page.locator("summary").all():
            await summary.click()
        await check()
        await page.get_by_test_id("secret-kept").click()
        await page.get_by_test_id("withdraw").click()
        await check()
        await page.get_by_test_id("fresh").click()
        await draw_circle(page)
        await page.get_by_test_id("typed-area").locator("summary").click()
        await page.get_by_test_id("send").click()
        await page.get_by_test_id("summary").wait_for()
        await check()
        await page.get_by_test_id("way-polygon").check()
        await check()
        await watched.assert_clean(world.base)
