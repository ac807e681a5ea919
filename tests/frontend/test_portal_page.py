"""A hub's public page, in a browser: it shows all of the record, and checks it there."""

from datetime import timedelta
import json
from pathlib import Path
import subprocess
import sys
from typing import Any, Final

from playwright.async_api import Page, expect
import pytest

from custom_components.clip_consent.base.portal_keys import hub_words
from custom_components.clip_consent.core.portal_log import EntryKind
from script.demo_world.browser import PHONE_SCREEN, Browser

from .axe import violations
from .conftest import Watched, World, watch
from .fake_home import ROOT
from .fake_hub import BLOCK, Hub, said

HOSTILE: Final = "<img src=x onerror=alert(1)><script>alert(1)</script> {{ 7*7 }} [a](https://e.example)"


@pytest.fixture
def hub() -> Hub:
    """Return a hub that published a bit of everything."""
    hub = Hub()
    hub.publish()
    stolen = hub.publish(title="Bicycle stolen", kind="insurer", area=BLOCK)
    hub.note(stolen, "It was a red one.")
    hub.over(hub.publish(title="Old matter"), EntryKind.RESOLVED)
    hub.redact(hub.publish(title="Names"), "Ann, moderator", "It named a child.")
    hub.publish(title="Long ago", expires_at=said(hub.now - timedelta(days=1)))
    hub.notice()
    hub.coverage = [{"cell": "u33db", "homes": 15}]
    hub.info["counts"] = {"published": 6, "refused": {"names_people": 2, "new_one": 1}}
    return hub


async def opened(page: Page, world: World, hub: Hub) -> None:
    """Open the page and wait until it has judged."""
    world.host(hub)
    await page.goto(world.portal_url)
    check = page.get_by_test_id("check")
    await expect(check).not_to_have_attribute("data-kind", "checking", timeout=20_000)


async def test_shows_all_that_was_published_and_that_it_is_whole(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Each request with its state, its words, its area and what was added to it."""
    page = watched.page
    await opened(page, world, hub)
    await expect(page.get_by_test_id("verdict")).to_contain_text("10 entries")
    await expect(page.get_by_test_id("head")).to_have_text(hub.head.hash)
    words = page.get_by_test_id("hub-words")
    await expect(words).to_have_text(hub_words(hub.info["hub"]))

    requests = page.get_by_test_id("request")
    states = [await one.get_attribute("data-state") for one in await requests.all()]
    assert states == ["open", "open", "expired", "redacted", "resolved"]
    stolen = requests.nth(0)
    await expect(stolen).to_contain_text("PC Meier, Police station 12 (Insurer)")
    await expect(stolen).to_contain_text("Shape with 3 corners around 52.52250, 13.395")
    await expect(stolen).to_contain_text("0.188 km²")
    await expect(stolen.get_by_test_id("note")).to_contain_text("It was a red one.")
    await expect(stolen.get_by_test_id("area-picture")).to_be_visible()
    await requests.nth(4).locator("summary").click()
    await expect(requests.nth(4)).to_contain_text("A blue van, Tuesday evening.")
    await expect(page.get_by_test_id("notice")).to_contain_text("lock your cellars")
    await watched.assert_clean(world.base)


async def test_a_redacted_text_leaves_its_tombstone(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Who took it away, when, and why; nothing of the text."""
    page = watched.page
    await opened(page, world, hub)
    tombstone = page.get_by_test_id("tombstone")
    await expect(tombstone).to_contain_text("Ann, moderator")
    await expect(tombstone).to_contain_text("It named a child.")
    await expect(tombstone).to_contain_text(hub.now.strftime("%Y-%m-%d %H:%M:%S UTC"))
    await expect(page.get_by_text("Names", exact=True)).to_have_count(0)


async def test_tells_rules_limits_and_counts(
    watched: Watched, world: World, hub: Hub
) -> None:
    """In words; a reason of a later version stands for itself; counts are estimates."""
    page = watched.page
    await opened(page, world, hub)
    rules = page.get_by_test_id("rules")
    await expect(rules).to_contain_text("names a time, a place and a reason")
    await expect(rules).to_contain_text("between 0.065 km² and 1.295 km²")
    await expect(rules).to_contain_text("between 15 mins and 12 hrs")
    await expect(rules).to_contain_text("At most 3 requests a week")
    counts = page.get_by_test_id("counts")
    await expect(counts).to_contain_text("It names people: 2")
    await expect(counts).to_contain_text("new_one: 1")
    coverage = page.get_by_test_id("coverage")
    await expect(coverage).to_contain_text("An estimate")
    await expect(coverage).to_contain_text("about 15 homes")
    await expect(coverage).to_contain_text("fewer than 5, or not counted")


def _text(facts: dict[str, Any]) -> None:
    beside = facts["log"][1]["beside"]
    beside["text"] = beside["text"].replace("blue", "red")


def _moved(facts: dict[str, Any]) -> None:
    log = facts["log"]
    log[1], log[2] = log[2], log[1]


def _changed(facts: dict[str, Any]) -> None:
    facts["log"][1]["entry"]["at"] = "2026-01-01T00:00:00Z"


def _taken_out(facts: dict[str, Any]) -> None:
    del facts["log"][2]


def _cut_off(facts: dict[str, Any]) -> None:
    facts["log"].pop()


def _gone(facts: dict[str, Any]) -> None:
    facts["log"][1]["beside"] = None


def _signed_by_another(facts: dict[str, Any]) -> None:
    facts["head"] = Hub().facts()["head"]


def _named_otherwise(facts: dict[str, Any]) -> None:
    facts["info"]["hub"] = Hub().info["hub"]


def _other_limits(facts: dict[str, Any]) -> None:
    facts["info"]["limits"]["per_week"] = 50


def _no_log(facts: dict[str, Any]) -> None:
    facts["log"][1]["beside"]["text"] = "["


FAULTS: Final = {
    "text": (_text, "The text of entry 2 is not the one that was published"),
    "moved": (_moved, "Entry 2 does not follow"),
    "changed": (_changed, "Entry 2 does not follow"),
    "taken out": (_taken_out, "Entry 3 does not follow"),
    "cut off": (_cut_off, "entries are missing at its end"),
    "gone": (_gone, "The text of entry 2 is gone"),
    "another's signature": (_signed_by_another, "signature does not fit"),
    "another's name": (_named_otherwise, "keys do not fit together"),
    "other limits": (_other_limits, "not those in the record"),
    "no JSON": (_no_log, "not in the record’s form"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_says_in_words_where_the_record_was_tampered_with(
    watched: Watched, world: World, hub: Hub, fault: str
) -> None:
    """Whatever the hub changes in its record, the reader's own browser finds it."""
    change, expected = FAULTS[fault]
    facts = hub.facts()
    change(facts)
    world.facts["hub"] = facts
    world.save()
    page = watched.page
    await page.goto(world.portal_url)
    verdict = page.get_by_test_id("verdict")
    await expect(verdict).to_contain_text("Do not rely on this page.", timeout=20_000)
    await expect(verdict).to_contain_text(expected)
    await expect(verdict).to_have_attribute("role", "alert")


async def test_a_key_that_was_followed_does_not_speak_again(
    watched: Watched, world: World, hub: Hub
) -> None:
    """Neither by leaving out its follower nor by dating back what it signs."""
    page, first, info = watched.page, hub.key, dict(hub.info)
    hub.rotate(hub.now - timedelta(days=400))
    await _judged(page, world, hub, "good")
    verdict = page.get_by_test_id("verdict")
    newer, hub.key = hub.key, first
    hub.publish(title="Of a thief")
    hub.now -= timedelta(days=390)
    await _judged(page, world, hub, "bad")
    await expect(verdict).to_contain_text("signature does not fit")
    hub.info = info
    await _judged(page, world, hub, "bad")
    await expect(verdict).to_contain_text("signature does not fit")
    hub.key = newer
    await _judged(page, world, hub, "bad")
    await expect(verdict).to_contain_text("keys do not fit together")


async def test_what_is_saved_is_what_the_verifier_checks(
    watched: Watched, world: World, hub: Hub, tmp_path: Path
) -> None:
    """The saved record holds without the page, and not when it was changed."""
    page = watched.page
    hub.rotate(hub.now - timedelta(days=1))
    await opened(page, world, hub)
    async with page.expect_download() as download:
        await page.get_by_test_id("save-log").click()
    path = tmp_path / "record.json"
    await (await download.value).save_as(path)
    command = [sys.executable, str(ROOT / "script" / "verify_portal.py"), str(path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"OK: 11 entries, the head is {hub.head.hash}" in checked.stdout
    changed = json.loads(path.read_text("utf-8"))
    _text({"log": changed["entries"]})
    path.write_text(json.dumps(changed), "utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1


async def test_a_long_record_is_read_to_its_end(watched: Watched, world: World) -> None:
    """More than one answer holds; the earlier ones come when they are asked for."""
    hub = Hub()
    for number in range(130):
        gone = said(hub.now - timedelta(hours=1))
        hub.publish(title=f"Nr {number}", expires_at=gone)
    page = watched.page
    await opened(page, world, hub)
    await expect(page.get_by_test_id("verdict")).to_contain_text("131 entries")
    await expect(page.get_by_test_id("request")).to_have_count(20)
    await page.get_by_test_id("more").click()
    await expect(page.get_by_test_id("request")).to_have_count(40)
    first = hub.lines[1].entry.id
    await page.goto("about:blank")
    await page.goto(f"{world.portal_url}#{first}")
    named = page.locator(f"[id={first}]")
    await expect(named.locator("details")).to_have_attribute("open", "")
    await expect(named).to_be_in_viewport()


async def test_words_of_strangers_are_words(watched: Watched, world: World) -> None:
    """No markup, no template, no link."""
    hub = Hub()
    hub.info.update(dict.fromkeys(("name", "operator", "contact", "rules"), HOSTILE))
    hub.tell_terms()
    texts = ("title", "text", "name", "organisation", "verified_how", "contact")
    one = hub.publish(**dict.fromkeys((*texts, "case_number"), HOSTILE))
    hub.note(one, HOSTILE)
    hub.redact(hub.publish(), HOSTILE, HOSTILE)
    page = watched.page
    await opened(page, world, hub)
    assert await page.get_by_text(HOSTILE).count() >= 12
    assert await page.locator("main img, main script").count() == 0
    assert await page.locator("main a").count() == 1
    assert await page.title() == HOSTILE
    await watched.assert_clean(world.base)


async def test_without_a_hub_it_says_so_and_tries_again(
    watched: Watched, world: World, hub: Hub
) -> None:
    """A page from before: the hub went, and came back."""
    page = watched.page
    await page.goto(world.portal_url)
    await expect(page.get_by_test_id("trouble")).to_contain_text("no portal here")
    world.host(hub)
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_test_id("check")).to_have_attribute("data-kind", "good")


async def test_an_empty_record_is_whole_too(watched: Watched, world: World) -> None:
    """Before anything was published."""
    page = watched.page
    await opened(page, world, Hub())
    await expect(page.get_by_test_id("check")).to_have_attribute("data-kind", "good")
    await expect(page.get_by_test_id("requests")).to_contain_text(
        "Nothing has been asked"
    )


async def test_the_keyboard_leads_through_it(
    watched: Watched, world: World, hub: Hub
) -> None:
    """From the first to the last control by Tab, none holds it."""
    page = watched.page
    await opened(page, world, hub)
    wanted = await page.locator("button, a, summary").count()
    seen = set()
    for _ in range(wanted):
        await page.keyboard.press("Tab")
        seen.add(
            await page.evaluate(
                "[...document.querySelectorAll('*')].indexOf(document.activeElement)"
            )
        )
    assert len(seen) == wanted


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "nl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_and_nothing_reaches_over_the_edge(
    browser: Browser, world: World, hub: Hub, language: str, scheme: Any
) -> None:
    """In every language, in light and dark, 320 pixels wide."""
    async with browser.stranger(PHONE_SCREEN, language) as context:
        watched = await watch(context)
        page = watched.page
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": 320, "height": 640})
        await opened(page, world, hub)
        for summary in await page.locator("summary").all():
            await summary.click()
        assert await page.evaluate("document.documentElement.lang") == language
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
        assert await violations(page) == []
        await watched.assert_clean(world.base)


async def test_works_without_tls(browser: Browser, world: World, hub: Hub) -> None:
    """No WebCrypto: it warns, and checks all the same."""
    async with browser.stranger(PHONE_SCREEN) as context:
        await context.add_init_script(
            "Object.defineProperty(window, 'isSecureContext', { value: false });"
            "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });"
        )
        page = (await watch(context)).page
        await opened(page, world, hub)
        await expect(page.get_by_test_id("insecure")).to_be_visible()
        await expect(page.get_by_test_id("check")).to_have_attribute(
            "data-kind", "good"
        )


async def _judged(page: Page, world: World, hub: Hub, kind: str) -> None:
    """Look at a hub's page and wait for what the browser makes of it."""
    world.host(hub)
    await page.goto(world.portal_url)
    check = page.get_by_test_id("check")
    await expect(check).to_have_attribute("data-kind", kind, timeout=20_000)


async def test_a_record_goes_on_from_what_was_seen_before(
    watched: Watched, world: World, hub: Hub
) -> None:
    """The browser remembers the signed head: a longer record has to hold it."""
    page = watched.page
    await _judged(page, world, hub, "good")
    await expect(page.get_by_test_id("continued")).to_have_count(0)
    seen = hub.head.n
    hub.publish(title="One more")
    await _judged(page, world, hub, "good")
    continued = page.get_by_test_id("continued")
    await expect(continued).to_contain_text(f"entry {seen}, signed")
    await watched.assert_clean(world.base)


@pytest.mark.parametrize(
    ("more", "said"), [(0, "ends earlier than it did"), (4, "is not the one that")]
)
async def test_a_record_that_was_put_in_anothers_place_is_told(
    watched: Watched, world: World, hub: Hub, more: int, said: str
) -> None:
    """Whole in itself, signed, and not what was seen: until the reader believes it."""
    page = watched.page
    await _judged(page, world, hub, "good")
    seen = hub.head
    del hub.lines[-2:]  # as a backup that was restored
    lost = {"n": seen.n, "hash": seen.hash}
    hub.enter(EntryKind.RESTORED, None, lost)
    for number in range(more):
        hub.publish(title=f"After it, {number}")
    for _ in range(2):  # it is not forgotten by looking again
        await _judged(page, world, hub, "bad")
        verdict = page.get_by_test_id("verdict")
        await expect(verdict).to_contain_text("Do not rely on this page.")
        await expect(verdict).to_contain_text(said)
        await expect(verdict).to_contain_text(f"entry {seen.n}", ignore_case=True)
    restored = page.get_by_test_id("restored")
    await expect(restored).to_contain_text(f"published up to entry {seen.n} before")
    assert await violations(page) == []
    await page.get_by_test_id("believe").click()
    await expect(page.get_by_test_id("check")).to_have_attribute("data-kind", "good")
    await _judged(page, world, hub, "good")
    await expect(page.get_by_test_id("continued")).to_be_visible()
    await watched.assert_clean(world.base)


async def test_another_hub_in_a_hubs_place_is_told(
    watched: Watched, world: World, hub: Hub
) -> None:
    """With keys of its own everything fits, but for what was seen before."""
    page = watched.page
    await _judged(page, world, hub, "good")
    other = Hub()
    await _judged(page, world, other, "bad")
    await expect(page.get_by_test_id("verdict")).to_contain_text("Another hub answers")
    await page.evaluate("localStorage.setItem('clip-consent-record', '<b>')")
    await _judged(page, world, other, "good")  # what is not ours is no memory
