"""The public form: another language, a calendar entry, and no mouse."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, expect
import pytest

from custom_components.clip_consent.const import LANGUAGES
from custom_components.clip_consent.core.limits import TEXT_KEPT
from script.demo_world.browser import Browser

from .conftest import Watched, World, watch
from .test_ask_page import YESTERDAY, fill, sent


async def test_the_language_is_chosen_and_nothing_typed_is_lost(
    watched: Watched, world: World
) -> None:
    """Words, dates and `lang` follow; back to English they are as before."""
    page = watched.page
    await page.goto(world.ask_url)
    await fill(page, text="My bicycle")
    english = await page.locator("main").inner_text()
    for name, button in (("es", "Enviar petición"), ("de", "Anfrage senden")):
        await page.get_by_test_id(f"language-{name}").click()
        await expect(page.get_by_test_id("send")).to_contain_text(button)
        assert await page.evaluate("document.documentElement.lang") == name
        await expect(page.get_by_test_id("text")).to_have_value("My bicycle")
        pressed = page.locator('.languages [aria-pressed="true"]')
        await expect(pressed).to_have_attribute("lang", name)
    await page.get_by_test_id("language-en").click()
    await expect(page.get_by_test_id("send")).to_contain_text("Send request")
    assert await page.locator("main").inner_text() == english
    await page.get_by_test_id("language-fr").click()
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("until")).to_contain_text("14 décembre 2026")
    assert len(sent(world)) == 1
    await watched.assert_clean(world.base)


@pytest.mark.parametrize(
    ("locale", "heading"),
    [
        ("es-MX", "Pedir imágenes de una cámara"),
        ("nl-BE", "Vraag om camerabeelden"),
        ("pt-BR", "Ask for camera footage"),
    ],
)
async def test_it_speaks_the_readers_language(
    browser: Browser, world: World, locale: str, heading: str
) -> None:
    """The browser's first language that there is; English otherwise."""
    async with browser.stranger(locale=locale) as context:
        watched = await watch(context)
        await watched.page.goto(world.ask_url)
        await expect(watched.page.locator("h1")).to_have_text(heading)
        await watched.assert_clean(world.base)


async def test_a_calendar_entry_says_when_to_look_and_holds_no_key(
    watched: Watched, world: World
) -> None:
    """Tomorrow, and the last day; a calendar's provider learns neither link nor key."""
    until = datetime.now(UTC) + timedelta(days=14)
    body = world.facts["ask_answers"][0]["body"]
    body["look_again_until"] = f"{until:%Y-%m-%dT%H:%M:%SZ}"
    world.save()
    page = watched.page
    await page.goto(world.ask_url)
    await fill(page)
    await page.get_by_test_id("send").click()
    link = await page.get_by_test_id("link").input_value()
    async with page.expect_download() as started:
        await page.get_by_test_id("calendar").click()
    download = await started.value
    assert download.suggested_filename == "footage-request.ics"
    text = (await download.path()).read_bytes().decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    starts = [line for line in lines if line.startswith("DTSTART:")]
    last = until - timedelta(days=1)
    assert len(starts) == 2
    assert starts[1] == f"DTSTART:{last:%Y%m%dT%H%M%SZ}"
    assert "http" not in text
    assert "AGE-SECRET-KEY" not in text
    assert link.partition("#")[0].rpartition("/")[2] not in text
    await expect(page.get_by_test_id("kept")).not_to_be_checked()
    await watched.assert_clean(world.base)


async def test_the_times_can_be_those_of_another_time_zone(
    watched: Watched, world: World
) -> None:
    """Abroad, with a time from a report: the hour that is meant is the one asked for."""
    page = watched.page
    await page.goto(world.ask_url)
    await fill(page)
    zone, utc = page.get_by_test_id("zone"), page.get_by_test_id("utc")
    await expect(zone).to_contain_text("this device: Europe/Amsterdam, UTC+")
    choice = page.get_by_test_id("zone-choice")
    assert await choice.input_value() == "Europe/Amsterdam"
    # what the browser knows, the same for every home: nothing of where the camera is
    known = await page.evaluate("Intl.supportedValuesOf('timeZone')")
    offered = await choice.locator("optgroup option").evaluate_all(
        "(all) => all.map((each) => each.value)"
    )
    assert sorted(offered) == sorted(known)

    await choice.select_option("Asia/Tokyo")
    await expect(zone).to_contain_text("Asia/Tokyo, UTC+9")
    await expect(zone).not_to_contain_text("this device")
    await expect(utc).to_have_text(f"{YESTERDAY} 01:02:00 – 01:05:00 UTC")
    await page.get_by_test_id("language-de").click()
    await expect(choice).to_have_value("Asia/Tokyo")
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("received")).to_be_visible()
    # when to look again is told in the reader's own time all the same
    await expect(page.get_by_test_id("until")).to_contain_text("20:00")
    (body,) = sent(world)
    assert (body["start"], body["end"]) == (
        f"{YESTERDAY}T01:02:00Z",
        f"{YESTERDAY}T01:05:00Z",
    )
    assert "Tokyo" not in str(body)
    await watched.assert_clean(world.base)


async def test_a_browser_that_lists_no_zones_has_the_form_all_the_same(
    browser: Browser, world: World
) -> None:
    """Phones of before 2022: their own zone, and UTC."""
    async with browser.stranger() as context:
        await context.add_init_script("delete Intl.supportedValuesOf;")
        watched = await watch(context)
        page = watched.page
        await page.goto(world.ask_url)
        await fill(page)
        await page.get_by_test_id("zone-choice").select_option("UTC")
        await page.get_by_test_id("send").click()
        await expect(page.get_by_test_id("received")).to_be_visible()
        (body,) = sent(world)
        assert body["start"] == f"{YESTERDAY}T10:02:00Z"
        await watched.assert_clean(world.base)


@pytest.mark.parametrize(
    ("plays", "said"),
    [
        (["avc1", "av01"], "This browser plays H.264 and AV1."),
        (["avc1", "hvc1", "av01"], "This browser plays H.264, H.265 (HEVC) and AV1."),
        ([], "This browser plays none of the usual video formats."),
    ],
)
async def test_what_this_browser_plays_is_told_before_anything_is_asked(
    browser: Browser, world: World, plays: list[str], said: str
) -> None:
    """Found out after a download it would be too late to take another device."""
    async with browser.stranger() as context:
        await context.add_init_script(
            "HTMLMediaElement.prototype.canPlayType = (type) => "
            f"{plays}.some((each) => type.includes(each)) ? 'probably' : '';"
        )
        watched = await watch(context)
        await watched.page.goto(world.ask_url)
        line = watched.page.get_by_test_id("plays")
        await expect(line).to_contain_text(said)
        await expect(line).to_contain_text("VLC")
        await watched.assert_clean(world.base)


async def test_who_sees_what_and_for_how_long_is_said(
    watched: Watched, world: World
) -> None:
    """The days that are named are the days that words are kept."""
    page = watched.page
    await page.goto(world.ask_url)
    terms = page.get_by_test_id("terms")
    for name in LANGUAGES:
        await page.get_by_test_id(f"language-{name}").click()
        await expect(page.locator("html")).to_have_attribute("lang", name)
        await expect(terms.get_by_test_id("kept-for")).to_contain_text(
            f" {TEXT_KEPT.days} "
        )
    await page.get_by_test_id("language-en").click()
    await expect(terms).to_contain_text("who decides for that home")
    await expect(terms).to_contain_text("purpose")
    await watched.assert_clean(world.base)


async def test_the_languages_are_the_first_thing_on_the_page(
    watched: Watched, world: World
) -> None:
    """Whoever cannot read the form does not look below it."""
    page = watched.page
    for address in (world.ask_url, world.status_url()):
        await page.goto(address)
        await page.get_by_test_id("language-en").wait_for()
        await page.keyboard.press("Tab")
        await expect(page.get_by_test_id("language-en")).to_be_focused()
        heading = await page.locator("h1").bounding_box()
        choices = await page.locator(".languages").bounding_box()
        assert heading and choices
        assert choices["y"] + choices["height"] <= heading["y"]


async def _type_into(page: Page, test_id: str, text: str) -> None:
    """Go on with Tab to a field, and type."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        at = await page.evaluate("document.activeElement?.dataset.testid")
        if at == test_id:
            await page.keyboard.type(text)
            return
    raise AssertionError(f"Tab does not lead to {test_id}")


async def test_it_works_with_the_keyboard_alone(watched: Watched, world: World) -> None:
    """Filled in, sent and the link copied without a mouse; the focus goes along."""
    page = watched.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(world.ask_url)
    year, month, day = YESTERDAY.split("-")
    await page.get_by_test_id("send").wait_for()
    # this browser's own fields are American, whatever the language of the page
    await _type_into(page, "date", f"{month}{day}{year}")
    await _type_into(page, "from", "1002a")
    await _type_into(page, "to", "1005a")
    await _type_into(page, "zone-choice", "Toky")
    await _type_into(page, "text", "Somebody drove into my bicycle")
    await _type_into(page, "name", "Anna")
    await _type_into(page, "kind", "A n")
    await _type_into(page, "send", "")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("received")).to_be_focused()
    (body,) = sent(world)
    assert (body["name"], body["kind"]) == ("Anna", "neighbour")
    assert str(body["start"]).endswith("T01:02:00Z")  # as clocks in Tokyo showed it
    await _type_into(page, "copy", "")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("copy")).to_have_text("Copied")
    await expect(page.get_by_test_id("kept")).to_be_checked()
    await watched.assert_clean(world.base)
