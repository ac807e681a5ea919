"""The panel of a real Home Assistant, in a browser, as an owner uses it."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from playwright.async_api import Page, expect
import pytest

from script.demo_world import panel, story
from script.demo_world.browser import DESK_SCREEN, PHONE_SCREEN, Browser
from script.demo_world.client import HomeAssistantClient
from script.demo_world.home_assistant import PASSWORD, TIME_ZONE
from script.demo_world.recordings import Span
from script.demo_world.world import World

from .panel import PATIENCE, Requests, Visit, requests, sam, seconds_told, sha256, visit

__all__ = ["requests", "sam"]  # fixtures, used by name

SCREENS = [
    pytest.param(PHONE_SCREEN, id="phone"),
    pytest.param(DESK_SCREEN, id="desk"),
]
LABEL = "Anna next door"
TEXT = "Somebody drove into my bicycle.\nA red car, I think."


async def _downloaded(page: Page) -> bytes:
    """Save what was approved; return the file."""
    async with page.expect_download() as downloading:
        await page.get_by_test_id("download").click()
    path: Path = await (await downloading.value).path()
    return path.read_bytes()


@pytest.mark.parametrize("screen", SCREENS)
async def test_from_the_list_to_the_clip_in_the_requesters_browser(
    world: World,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    browser: Browser,
    requests: Requests,
    screen: tuple[int, int],
) -> None:
    """Seen, played, approved, taken back, approved again, opened: the same bytes (G1)."""
    case_id = await requests.enter(
        world.recordings.one_camera, text=TEXT, label=LABEL, contact="0123"
    )
    async with visit(browser, owner.login, screen) as sam:
        await panel.open_panel(sam.page, world.home.base_url)
        line = sam.page.locator(f"[data-case='{case_id}']")
        await expect(line).to_contain_text(LABEL)
        await expect(line).to_contain_text("Waiting for you")
        await line.click()

        # Who asks for what, and what the rules said to it.
        await expect(sam.see("name")).to_have_text("Anna")
        await expect(sam.see("text")).to_have_text(TEXT)
        await expect(sam.see("contact")).to_have_text("0123")
        await expect(sam.see("trust-text")).to_contain_text("Entered at home")
        await expect(sam.see("sentence")).to_contain_text("You are asked")
        await expect(sam.see("found")).to_contain_text("Driveway")

        # What would be sent: the film on the screen is the file with this digest.
        facts = sam.see("draft-facts")
        for fact in ("Driveway", "18:02:00 – 18:05:00", "no sound"):
            await expect(facts).to_contain_text(fact)
        await sam.see("draft-made").locator("summary").click()
        await expect(sam.see("draft-made")).to_contain_text("640 × 360")
        digest = await sam.digest()
        film = await sam.film(session)
        assert sha256(film) == digest
        assert await sam.played() > 0

        # Nobody to send it to yet, and the panel says what to do about it.
        await expect(sam.see("approve")).to_have_count(0)
        await expect(sam.see("key-first")).to_be_visible()
        await sam.see("make-key").click()
        link = await sam.see("pickup").get_by_test_id("link").input_value()
        assert "#AGE-SECRET-KEY-1" in link

        await _approve(sam)
        first = seconds_told(await sam.see("countdown").inner_text())
        assert 0 < first <= 10
        await expect(sam.see("countdown")).not_to_contain_text(f"in {first} s")
        assert seconds_told(await sam.see("countdown").inner_text()) < first
        await sam.see("undo").click()
        await sam.state("waiting")
        assert await sam.digest() == digest

        await _approve(sam)
        await sam.state("shared")
        await expect(sam.see("outcome")).to_have_text("Shared")
        await expect(sam.see("delivery")).to_contain_text(digest)
        assert await sam.too_wide() == []
        sam.assert_clean()
    async with browser.stranger(screen) as context:
        opened = await story.open_delivery(await context.new_page(), link)
    assert opened.content == film
    assert opened.digest_shown == digest


async def _approve(visited: Visit) -> None:
    """Press Approve, and see that the time to take it back runs."""
    await visited.see("approve").click()
    await visited.state("consented")
    await expect(visited.see("countdown")).to_contain_text("Approved by Sam.")
    await expect(visited.see("undo")).to_be_visible()


async def test_any_approver_can_take_an_approval_back(
    world: World,
    session: aiohttp.ClientSession,
    browser: Browser,
    requests: Requests,
    sam: Visit,
) -> None:
    """Another approver's panel tells of the tap at once, and undoes it."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    login = await world.home.log_in(session, story.ROBIN, PASSWORD)
    async with visit(browser, login, PHONE_SCREEN) as robin:
        await robin.case(case_id)
        await sam.case(case_id)
        await sam.see("approve").click()
        await robin.state("consented")
        await expect(robin.see("countdown")).to_contain_text("Approved by Sam.")
        await robin.see("undo").click()
        await robin.state("waiting")
        await sam.state("waiting")
        await expect(sam.see("approve")).to_be_enabled()
        robin.assert_clean()


async def test_declining_asks_once_more_and_closes(
    world: World, requests: Requests, sam: Visit
) -> None:
    """The first press can be taken back; the second closes the case for good."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    await sam.case(case_id)
    await sam.see("decline").click()
    await sam.page.get_by_text("Keep it open").click()
    await sam.state("waiting")
    await sam.see("decline").click()
    await sam.see("decline-confirm").click()
    await sam.state("closed")
    await expect(sam.see("outcome")).to_have_text("Declined")
    for gone in ("approve", "decline", "picker", "answer", "draft-video"):
        await expect(sam.see(gone)).to_have_count(0)

    await panel.open_tab(sam.page, world.home.base_url, "history")
    line = sam.page.locator(f"[data-case='{case_id}']")
    await expect(line).to_contain_text("Declined")
    await line.click()
    await expect(sam.see("name")).to_have_text("Anna")


@pytest.mark.parametrize("screen", SCREENS)
async def test_the_picker_makes_the_clip_that_was_chosen(
    world: World,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    browser: Browser,
    requests: Requests,
    screen: tuple[int, int],
) -> None:
    """Two cameras: choose one, a start, an end; another choice replaces the first."""
    span = world.recordings.two_cameras
    case_id = await requests.enter(span, hand_over=True)
    async with visit(browser, owner.login, screen) as sam:
        await sam.case(case_id)
        await expect(sam.see("draft")).to_have_count(0)
        await expect(sam.see("approve")).to_have_count(0)
        await expect(sam.see("picture").first.locator("img")).to_be_visible()

        await _choose(sam, "Street", span, 60, 100)
        await expect(sam.see("length")).to_contain_text("40 sec")
        assert await sam.too_wide() == []
        await sam.see("prepare").click()
        facts = sam.see("draft-facts")
        await expect(facts).to_contain_text("Street")
        await expect(facts).to_contain_text("21:03:00 – 21:03:40")
        first = await sam.digest()

        await sam.see("pick-another").locator("summary").click()
        await _choose(sam, "Driveway", span, 120, 150)
        await sam.see("end-10").click()  # ten seconds less
        await sam.see("prepare").click()
        await expect(facts).to_contain_text("Driveway")
        await expect(facts).to_contain_text("21:04:00 – 21:04:20")
        second = await sam.digest()
        film = await sam.film(session)
        assert sha256(film) == second != first
        assert await sam.played() > 0

        await sam.see("approve").click()
        await sam.state("shared")
        assert await _downloaded(sam.page) == film
        sam.assert_clean()


async def _choose(
    visited: Visit, camera: str, span: Span, after: int, until: int
) -> None:
    """Choose a camera, and a part of the span in seconds from its start."""
    await visited.see("camera").select_option(label=camera)
    zone = ZoneInfo(TIME_ZONE)
    for name, seconds in (("start", after), ("end", until)):
        moment = (span.start + timedelta(seconds=seconds)).astimezone(zone)
        await visited.see(name).fill(f"{moment:%Y-%m-%dT%H:%M:%S}")
        await visited.see(name).dispatch_event("change")


async def test_an_answer_in_words_is_shown_before_it_is_sent(
    world: World, requests: Requests, sam: Visit
) -> None:
    """Words are a draft as a film is: seen exactly, approved, and the same afterwards."""
    words = "Sorry, the camera was off.\nAsk <b>number 12</b>: theirs sees the street."
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    await sam.case(case_id)
    await sam.see("answer").locator("summary").click()
    await sam.see("answer-prepare").click()
    await expect(sam.see("fault")).to_have_text("Write something first.")
    await sam.see("answer-text").fill(words)
    await sam.see("answer-prepare").click()
    await expect(sam.see("draft-text")).to_have_text(words)
    digest = await sam.digest()
    await sam.see("approve").click()
    await sam.state("shared")
    answer = await _downloaded(sam.page)
    assert answer.decode() == words
    assert sha256(answer) == digest


async def test_the_ledger_shows_every_line_and_that_it_is_whole(
    world: World, owner: HomeAssistantClient, requests: Requests, sam: Visit
) -> None:
    """What the tab says is what the ledger is: number, head, lines; cases open (G7)."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    await sam.case(case_id)
    await sam.see("decline").click()
    await sam.see("decline-confirm").click()
    await sam.state("closed")
    async with owner.connection() as connection:
        entries, head = await story.ledger(connection)
    story.check_ledger(entries, head)

    await panel.open_tab(sam.page, world.home.base_url, "ledger")
    chain = sam.see("chain")
    await expect(chain).to_contain_text(f"{head['seq']} entries. The chain is whole.")
    await expect(chain).to_contain_text(head["digest"])
    lines = sam.see("entry")
    await lines.first.wait_for()
    while await sam.see("more").count():  # older ones come as their end comes near
        await lines.last.scroll_into_view_if_needed()
        await sam.page.wait_for_timeout(100)
    numbers = [await line.get_attribute("data-seq") for line in await lines.all()]
    assert numbers == [str(number) for number in range(head["seq"], 0, -1)]
    closed = lines.filter(has_text="Closed").first
    await closed.locator("summary").click()
    await expect(closed).to_contain_text(entries[-1]["digest"])
    await closed.get_by_role("button", name="Show the request").click()
    await expect(sam.see("outcome")).to_have_text("Declined")


async def test_a_test_request_goes_all_the_way(
    world: World, house: story.Household, browser: Browser, sam: Visit
) -> None:
    """Sent from the panel, approved in it, opened behind its link (G1, G5)."""
    await panel.open_tab(sam.page, world.home.base_url, "links")
    invite = sam.see("invite").filter(has_text="My neighbour")
    link = invite.get_by_test_id("link")
    assert await link.input_value() == house.set_up.invite_link
    await invite.get_by_test_id("show-qr").click()
    assert await invite.get_by_test_id("qr").evaluate("(code) => code.width") > 20

    await sam.see("test-request").click()
    async with sam.page.context.expect_page() as opening:
        await sam.see("test-status").click()
    status = await opening.value
    status.set_default_timeout(PATIENCE)
    await expect(status.get_by_test_id("looked-at")).to_be_visible()
    await expect(status.get_by_role("heading", name="Received")).to_be_visible()

    await sam.see("test-case").click()
    await sam.state("waiting")
    await expect(sam.see("trust-text")).to_contain_text("A test that you sent")
    if await sam.see("draft").count() == 0:  # more than one camera saw it
        await sam.see("prepare").click()
    digest = await sam.digest()
    await sam.see("approve").click()
    await sam.state("shared")

    await status.get_by_test_id("refresh").click()
    await status.get_by_test_id("open").click()
    await expect(status.get_by_test_id("digest")).to_have_text(digest)
    assert await story.played_seconds(status) > 0
