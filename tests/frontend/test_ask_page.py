"""The form behind an invite link, in a browser."""

from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import re
import subprocess

from playwright.async_api import Page, expect
import pytest

from script.demo_world.browser import PHONE_SCREEN, Browser

from .conftest import Watched, World, watch

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%d")
HOSTILE = [
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "{{ states('sensor.x') }} ${7*7} command_screen_on",
    "[click](https://evil.example) ![x](https://evil.example/x.png)",
    "</textarea><iframe src=https://evil.example>",
]


async def fill(page: Page, **changes: str) -> None:
    """Fill in a request that is in order, but for the changes."""
    typed = {
        "date": YESTERDAY,
        "from": "10:02",
        "to": "10:05",
        "text": "Somebody drove into my bicycle",
        "name": "Anna",
        **changes,
    }
    await page.get_by_test_id("kind").select_option(typed.pop("kind", "neighbour"))
    for name, value in typed.items():
        await page.get_by_test_id(name).fill(value)


def sent(world: World) -> list[dict[str, object]]:
    """Return the bodies that were posted."""
    return [json.loads(line["body"]) for line in world.asked("POST")]


async def test_sends_what_was_filled_in_and_hands_out_the_link(
    watched: Watched, world: World, tmp_path: Path
) -> None:
    """The body is the documented one; the link opens what is sealed to its key."""
    page = watched.page
    await page.goto(world.ask_url)
    await fill(page)
    # Europe/Amsterdam, in summer or winter.
    hours = 2 if "UTC+2" in await page.get_by_test_id("zone").inner_text() else 1
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("received")).to_be_visible()

    (line,) = world.asked("POST")
    assert line["headers"]["Content-Type"] == "application/json"
    assert "Cookie" not in line["headers"]
    body = json.loads(line["body"])
    recipient = body.pop("recipient")
    start = datetime.fromisoformat(f"{YESTERDAY}T10:02:00Z") - timedelta(hours=hours)
    assert body == {
        "version": 1,
        "start": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "end": (start + timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "text": "Somebody drove into my bicycle",
        "name": "Anna",
        "kind": "neighbour",
        "contact": "",
        "case_number": "",
    }
    link = await page.get_by_test_id("link").input_value()
    address, _, identity = link.partition("#")
    assert address == world.status_url()
    key = tmp_path / "key.txt"
    key.write_text(identity, encoding="ascii")
    made = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True)
    assert made.stdout.decode().strip() == recipient
    await watched.assert_clean(world.base)


async def test_nothing_is_kept_in_the_browser(watched: Watched, world: World) -> None:
    """The storage is shared with the login of Home Assistant: it stays empty."""
    page = watched.page
    await page.goto(world.ask_url)
    await fill(page)
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("received")).to_be_visible()
    assert await page.evaluate(
        "[localStorage.length, sessionStorage.length, document.cookie]"
    ) == [0, 0, ""]
    assert await page.evaluate("indexedDB.databases()") == []


async def test_the_link_can_be_copied_saved_and_scanned(
    watched: Watched, world: World
) -> None:
    """Each way of keeping the link holds the whole link; then leaving is no worry."""
    page = watched.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(world.ask_url)
    await fill(page)
    await page.get_by_test_id("send").click()
    link = await page.get_by_test_id("link").input_value()
    await expect(page.get_by_test_id("kept")).not_to_be_checked()

    async with page.expect_download() as started:
        await page.get_by_test_id("save").click()
    download = await started.value
    assert re.fullmatch(
        r"footage-request-\d{4}-\d\d-\d\d\.html", download.suggested_filename
    )
    text = (await download.path()).read_text(encoding="utf-8")
    assert f'href="{link}"' in text
    assert "2026-12-14 19:00:00 UTC" in text
    await expect(page.get_by_test_id("kept")).to_be_checked()

    await page.get_by_test_id("copy").click()
    await expect(page.get_by_test_id("copy")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == link

    # Read the code as a camera would: by its pixels.
    assert await page.get_by_test_id("qr").evaluate("(canvas) => canvas.width") > 40
    await watched.assert_clean(world.base)


async def test_leaving_before_the_link_is_kept_asks_first(
    watched: Watched, world: World
) -> None:
    """The browser asks while the link is nowhere, and no more once it is kept."""
    page = watched.page
    asked: list[str] = []

    async def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        await dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    await page.goto(world.ask_url)
    await fill(page)
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("received")).to_be_visible()
    await page.goto("about:blank")
    assert asked == ["beforeunload"]

    await page.goto(world.ask_url)
    await fill(page)
    await page.get_by_test_id("send").click()
    await page.get_by_test_id("kept").check()
    await page.goto("about:blank")
    assert asked == ["beforeunload"]


async def test_faults_are_told_at_the_field_and_nothing_is_lost(
    watched: Watched, world: World
) -> None:
    """What is missing or out of limits is said where it is; nothing is sent."""
    page = watched.page
    await page.goto(world.ask_url)
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("summary")).to_contain_text("6 things")
    for name in ("date", "from", "to", "text", "name", "kind"):
        await expect(page.get_by_test_id(f"fault-{name}")).to_be_visible()
        control = page.get_by_test_id(name)
        await expect(control).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_test_id("date")).to_be_focused()

    await fill(page, kind="police", to="23:30", text="x" * 2001)
    await page.get_by_test_id("send").click()
    for name, words in {
        "to": "more than 12 hours",
        "text": "too long",
        "caseNumber": "case number",
    }.items():
        await expect(page.get_by_test_id(f"fault-{name}")).to_contain_text(words)
    await expect(page.get_by_test_id("text")).to_have_value("x" * 2001)

    await fill(page, kind="police", caseNumber="PL-2026/77")
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("received")).to_be_visible()
    assert [body["case_number"] for body in sent(world)] == ["PL-2026/77"]
    await watched.assert_clean(world.base)


async def test_a_window_over_midnight_ends_the_next_day(
    watched: Watched, world: World
) -> None:
    """An earlier end is the next day's, and the page says so."""
    page = watched.page
    await page.goto(world.ask_url)
    day = (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%d")
    await fill(page, date=day, **{"from": "23:50", "to": "00:20"})
    await expect(page.get_by_test_id("window")).to_contain_text("next day")
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("received")).to_be_visible()
    (body,) = sent(world)
    start, end = (datetime.fromisoformat(str(body[key])) for key in ("start", "end"))
    assert end - start == timedelta(minutes=30)


async def test_trouble_on_the_way_is_retried_with_the_same_key(
    watched: Watched, world: World
) -> None:
    """Broken connections and server errors: the same bytes again, until an answer."""
    received = world.facts["ask_answers"][0]
    world.facts["ask_answers"] = [{"status": 0, "body": {}}, received]
    world.save()
    page = watched.page
    await page.goto(world.ask_url)
    await fill(page)
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("received")).to_be_visible()
    bodies = sent(world)
    assert len(bodies) >= 2
    assert all(body == bodies[0] for body in bodies)


async def test_without_an_answer_it_can_be_sent_again_unchanged_or_changed(
    watched: Watched, world: World
) -> None:
    """Sent again it is the same request; changed it is another one, with its own key."""
    received = world.facts["ask_answers"][0]
    world.facts["ask_answers"] = [{"status": 503, "body": {}}]
    world.save()
    page = watched.page
    await page.goto(world.ask_url)
    await fill(page)
    await page.get_by_test_id("send").click()
    again = page.get_by_test_id("send-again")
    await expect(again).to_be_visible(timeout=15_000)
    await expect(page.get_by_test_id("failure")).to_contain_text("Try again")
    await expect(page.get_by_test_id("name")).to_have_value("Anna")

    world.facts["ask_answers"] = [{"status": 400, "body": {"error": "bad_request"}}]
    world.save()
    await page.get_by_test_id("change").click()
    await page.get_by_test_id("name").fill("Anna B.")
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("failure")).to_contain_text("not accepted")

    world.facts["ask_answers"] = [received]
    world.save()
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("received")).to_be_visible()
    bodies = sent(world)
    assert [body["name"] for body in bodies] == ["Anna"] * 3 + ["Anna B."] * 2
    assert len({body["recipient"] for body in bodies[:3]}) == 1
    assert bodies[3]["recipient"] != bodies[0]["recipient"]


async def test_a_dead_invite_says_so(watched: Watched, world: World) -> None:
    """An invite that ended while the form was open: told, and nothing is lost."""
    page = watched.page
    await page.goto(world.ask_url)
    await fill(page)
    world.facts["ask_answers"] = [{"status": 404, "body": {"error": "not_found"}}]
    world.save()
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("failure")).to_contain_text("does not work")
    await expect(page.get_by_test_id("text")).to_have_value(
        "Somebody drove into my bicycle"
    )


async def test_a_link_that_is_no_invite_says_so(watched: Watched, world: World) -> None:
    """An old link leads to words and to nothing that could be filled in."""
    page = watched.page
    response = await page.goto(world.ask_url.replace("q2w3", "aaaa"))
    assert response and response.status == 404
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("This link does not work")
    await expect(page.locator("main")).to_contain_text("ask the owner of the camera")
    await expect(page.locator("form, script, button")).to_have_count(0)
    ground = "getComputedStyle(document.querySelector('.notice')).borderLeftWidth"
    assert await page.evaluate(ground) == "4px"  # our style is there
    (complaint,) = watched.complaints
    assert "404" in complaint  # the browser's own line for the page
    watched.complaints.clear()
    await watched.assert_clean(world.base)


async def test_a_home_that_is_starting_says_so(watched: Watched, world: World) -> None:
    """A link that is good for long is followed too early: words, and no braces."""
    world.facts["starting"] = True
    world.save()
    page = watched.page
    response = await page.goto(world.ask_url)
    assert response and response.status == 503
    await expect(page.locator("h1")).to_have_text("Try again in a minute")
    for lost in ("Nothing is lost", "Nichts ist verloren", "No se ha perdido nada"):
        await expect(page.locator("main")).to_contain_text(lost)
    for lost in ("Rien n’est perdu", "Er is niets verloren"):
        await expect(page.locator("main")).to_contain_text(lost)
    await expect(page.locator("form, button")).to_have_count(0)
    ground = "getComputedStyle(document.querySelector('.notice')).borderLeftWidth"
    assert await page.evaluate(ground) == "4px"  # our style is there
    await page.evaluate("location.hash = 'kept'")
    world.facts["starting"] = False
    world.save()
    await expect(page.locator("form")).to_be_visible(timeout=15_000)  # by itself
    assert page.url == f"{world.ask_url}#kept"
    assert "503" in watched.complaints[0]  # the browser's own lines for the page
    assert all("503" in one for one in watched.complaints)
    watched.complaints.clear()
    await watched.assert_clean(world.base)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_goes_out_as_it_is(
    watched: Watched, world: World, text: str
) -> None:
    """Markup is text: sent unchanged, and no element appears on the page."""
    page = watched.page
    await page.goto(world.ask_url)
    elements = "document.querySelectorAll('*').length"
    await fill(page)
    before = await page.evaluate(elements)
    await page.get_by_test_id("text").fill(text)
    await page.get_by_test_id("name").fill(text[:100])
    assert await page.evaluate(elements) == before
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("received")).to_be_visible()
    (body,) = sent(world)
    assert (body["text"], body["name"]) == (text, text[:100])
    await watched.assert_clean(world.base)


async def test_works_by_keyboard_on_a_small_phone(
    browser: Browser, world: World
) -> None:
    """From the first field to the link with keys alone; nothing is cut off at 320 px."""
    async with browser.stranger(PHONE_SCREEN) as context:
        watched = await watch(context)
        page = watched.page
        await page.set_viewport_size({"width": 320, "height": 640})
        await page.goto(world.ask_url)
        await page.get_by_test_id("date").focus()
        await fill(page)
        await page.get_by_test_id("contact").focus()
        await page.keyboard.press("Tab")
        await expect(page.get_by_test_id("send")).to_be_focused()
        wide = "document.documentElement.scrollWidth > innerWidth"
        assert not await page.evaluate(wide)
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("received")).to_be_visible()
        assert not await page.evaluate(wide)
        await watched.assert_clean(world.base)


async def test_without_tls_it_warns_and_works(browser: Browser, world: World) -> None:
    """A page without TLS has no WebCrypto; the key is made all the same."""
    async with browser.stranger() as context:
        await context.add_init_script(
            "Object.defineProperty(window, 'isSecureContext', { value: false });"
            "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });"
            "Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        )
        watched = await watch(context)
        page = watched.page
        await page.goto(world.ask_url)
        await expect(page.get_by_test_id("insecure")).to_be_visible()
        await fill(page)
        await page.get_by_test_id("send").click()
        await expect(page.get_by_test_id("received")).to_be_visible()
        await page.get_by_test_id("copy").click()
        await expect(page.get_by_test_id("copy")).to_have_text("Copied")
        await watched.assert_clean(world.base)
