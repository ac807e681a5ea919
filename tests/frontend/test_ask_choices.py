"""The public form: another language, a calendar entry, and no mouse."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, expect
import pytest

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
    await _type_into(page, "text", "Somebody drove into my bicycle")
    await _type_into(page, "name", "Anna")
    await _type_into(page, "kind", "A n")
    await _type_into(page, "send", "")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("received")).to_be_focused()
    (body,) = sent(world)
    assert (body["name"], body["kind"]) == ("Anna", "neighbour")
    await _type_into(page, "copy", "")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("copy")).to_have_text("Copied")
    await expect(page.get_by_test_id("kept")).to_be_checked()
    await watched.assert_clean(world.base)
