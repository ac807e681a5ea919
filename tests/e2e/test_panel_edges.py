"""The panel where things are not as usual: keys only, hostile words, no right, no line."""

import json
from pathlib import Path
import re

import aiohttp
from playwright.async_api import Page, expect
import pytest

from script.demo_world import panel, story
from script.demo_world.browser import PHONE_SCREEN, Browser
from script.demo_world.client import HomeAssistantClient
from script.demo_world.home_assistant import add_user
from script.demo_world.phones_client import Phones
from script.demo_world.world import World
from tests.frontend.axe import violations

from .panel import PANEL, Requests, Visit, requests, sam, visit

__all__ = ["requests", "sam"]  # fixtures, used by name

SMALLEST = (320, 640)
_LINES = [
    "<img src=https://evil.example/x.png onerror=alert(1)>",
    "<script src=https://evil.example/x.js>alert(1)</script>",
    "</div></section><iframe src='//evil.example'></iframe><svg onload=alert(1)>",
    "[click](https://evil.example) ![x](https://evil.example/x.png) https://evil.example",
    "{{ states('sun.sun') }} {% for x in 1 %} ${alert(1)} #{7*7} %(x)s",
    "<ha-alert alert-type=error>Approve now</ha-alert><a href=javascript:alert(1)>x</a>",
    "<style>*{display:none}</style><base href=https://evil.example>",
    "command_screen_on clear_notification \"'`><!-- --> ]]> &lt;b&gt;",
]
HOSTILE = "\n".join(_LINES)


async def _tab_to(page: Page, test_id: str) -> None:
    """Press Tab until this has the focus."""
    focused = """() => {
      let one = document.activeElement;
      while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
      return one?.dataset?.testid ?? null;
    }"""
    for _ in range(60):
        if await page.evaluate(focused) == test_id:
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"no way to {test_id} by keyboard")


async def test_approving_works_by_keyboard_alone(
    world: World, requests: Requests, sam: Visit
) -> None:
    """From the list to Approve, to Undo and back with keys; Undo is one step away."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    await sam.case(case_id)
    await sam.see("back").focus()
    await sam.page.keyboard.press("Enter")
    await sam.see("case-line").first.wait_for()
    await sam.page.locator(f"[data-case='{case_id}']").focus()
    await sam.page.keyboard.press("Enter")
    await sam.state("waiting")

    await _tab_to(sam.page, "approve")
    await sam.page.keyboard.press("Enter")
    await sam.state("consented")
    await sam.page.keyboard.press("Tab")
    await expect(sam.see("undo")).to_be_focused()
    await sam.page.keyboard.press("Space")
    await sam.state("waiting")

    await _tab_to(sam.page, "approve")
    await sam.page.keyboard.press("Space")
    await sam.state("shared")


def _settled(counts: dict[str, int]) -> dict[str, int]:
    """Count the small pictures of a strip as what stands there until they come."""
    pictures = counts.pop("img", 0)
    return {**counts, "span": counts["span"] + pictures}


async def test_hostile_words_add_nothing_to_the_page(
    world: World, requests: Requests, sam: Visit
) -> None:
    """Not one element more than plain words make, in no place they stand (B-01, G8)."""
    span = world.recordings.one_camera
    plain = await requests.enter(
        span, hand_over=True, kind="police", text="x", contact="x", case_number="x"
    )
    hostile = await requests.enter(
        span,
        hand_over=True,
        kind="police",
        name=HOSTILE.replace("\n", " ")[:127],
        text=HOSTILE,
        contact=HOSTILE.replace("\n", " ")[:255],
        case_number=HOSTILE[:53],
    )
    await sam.case(plain)
    await sam.see("draft-video").wait_for()
    usual = _settled(await sam.elements())
    await sam.case(hostile)
    await sam.see("draft-video").wait_for()
    assert _settled(await sam.elements()) == usual
    assert not {"script", "a", "iframe", "style", "base"} & usual.keys()
    assert await sam.see("text").inner_text() == HOSTILE

    await panel.open_panel(sam.page, world.home.base_url)
    lines = sam.page.locator("[data-case]")
    inside = "(line) => [...line.querySelectorAll('*')].map((one) => one.localName)"
    shapes = {
        await sam.page.locator(f"[data-case='{one}']").evaluate(inside + ".join()")
        for one in (plain, hostile)
    }
    assert await lines.count() >= 2
    assert shapes == {"strong,span,small"}


@pytest.mark.parametrize(
    ("name", "group"),
    [("uma", "system-users"), ("rea", "system-read-only"), ("ada", "system-admin")],
    ids=["user", "read_only", "administrator"],
)
async def test_who_is_no_approver_sees_counts_only(
    world: World,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    browser: Browser,
    requests: Requests,
    name: str,
    group: str,
) -> None:
    """No case, not by its address either; an administrator also sees the ledger."""
    admin = group == "system-admin"
    case_id = await requests.enter(
        world.recordings.one_camera, hand_over=True, name="Zebedee"
    )
    await add_user(owner, name, f"{name}s-password", group=group)
    login = await world.home.log_in(session, name, f"{name}s-password")
    async with visit(browser, login, PHONE_SCREEN) as other:
        heard: list[str] = []
        other.page.on(
            "websocket",
            lambda socket: socket.on(
                "framereceived", lambda frame: heard.append(str(frame))
            ),
        )
        await other.page.goto(f"{world.home.base_url}{panel.PATH}?case={case_id}")
        counts = other.see("counts")
        await expect(counts).to_contain_text("waiting for an approver")
        await expect(counts).to_contain_text("Only approvers see requests")
        await expect(other.see("case")).to_have_count(0)
        tabs = await other.page.locator("[data-testid^='tab-']").all_inner_texts()
        if admin:
            await panel.open_tab(other.page, world.home.base_url, "ledger")
            await expect(other.see("chain")).to_contain_text("The chain is whole.")
            await other.see("entry").first.locator("summary").click()
            await expect(
                other.see("entry").first.get_by_role("button", name="Show the request")
            ).to_have_count(0)
        else:
            await other.page.goto(f"{world.home.base_url}{panel.PATH}?tab=ledger")
            await expect(counts).to_be_visible()
            assert tabs == []
        assert any("snapshot" in frame for frame in heard)
        assert not any("Zebedee" in frame or "authSig" in frame for frame in heard)
        assert await other.too_wide() == []
        other.assert_clean()


async def test_the_link_of_a_push_opens_its_case(
    world: World, requests: Requests, sam: Visit
) -> None:
    """Of two requests the one that the address names; later on too, when it is over."""
    span = world.recordings.one_camera
    wanted = await requests.enter(span, hand_over=True, name="Wanted")
    await requests.enter(span, hand_over=True, name="Another")
    await sam.case(wanted)
    await expect(sam.see("name")).to_have_text("Wanted")
    await sam.see("decline").click()
    await sam.see("decline-confirm").click()
    await sam.state("closed")

    await panel.open_case(sam.page, world.home.base_url, wanted)
    await expect(sam.see("outcome")).to_have_text("Declined")
    await expect(sam.see("name")).to_have_text("Wanted")
    unknown = "a" * 26
    await sam.page.goto(f"{world.home.base_url}{panel.PATH}?case={unknown}")
    await expect(sam.see("gone")).to_contain_text("not known here")
    await sam.see("to-history").click()
    await expect(sam.page.locator(f"[data-case='{wanted}']")).to_be_visible()
    await sam.page.goto(f"{world.home.base_url}{panel.PATH}?case=nonsense")
    await expect(sam.see("case-line").first).to_be_visible()


async def test_a_push_and_its_button_open_the_case(
    world: World,
    house: story.Household,
    owner: HomeAssistantClient,
    phones: Phones,
    requests: Requests,
    sam: Visit,
) -> None:
    """A tap on either app's notification, and Review in it: the address is the case's."""
    case_id = await requests.enter(
        world.recordings.one_camera, hand_over=True, name="Wanted"
    )
    async with owner.connection() as connection:
        watch = await story.CaseWatch.start(connection)
        case = await watch.reach(case_id, "waiting")
        await connection.command(
            "clip_consent/approve",
            offer_id=case["offer"]["offer_id"],
            sha256=case["draft"]["sha256"],
        )
        await watch.reach(case_id, "shared")
    told = "The approved clip is ready for the one who asked."
    for phone in (house.iphone, house.pixel):
        push = await phones.wait_for(
            phone.phone_id,
            lambda push: push.tag == f"clip_consent_{case_id}" and push.message == told,
        )
        [review] = push.buttons
        assert (review["title"], review["action"]) == ("Review", "URI")
        address = await phones.open(push)
        assert address
        assert address == f"{world.home.base_url}{review['uri']}"
        await sam.page.goto(address)
        await expect(sam.see("name")).to_have_text("Wanted")


async def test_nothing_is_cut_off_on_the_smallest_phone(
    world: World,
    owner: HomeAssistantClient,
    browser: Browser,
    requests: Requests,
) -> None:
    """320 pixels: long words, a digest, a picker, a ledger, and no scrolling sideways."""
    long = "Donaudampfschifffahrtsgesellschaft" * 4
    one = await requests.enter(
        world.recordings.one_camera,
        name=long[:127],
        text=long,
        contact=long,
        label=long[:127],
    )
    two = await requests.enter(world.recordings.two_cameras, hand_over=True)
    base_url = world.home.base_url
    async with visit(browser, owner.login, SMALLEST) as sam:
        await panel.open_panel(sam.page, base_url)
        await sam.page.locator(f"[data-case='{one}']").wait_for()
        assert await sam.too_wide() == []

        await sam.case(one)
        await sam.see("draft-video").wait_for()
        await sam.see("make-key").click()
        await sam.see("show-qr").click()
        await sam.see("answer").locator("summary").click()
        await sam.see("pick-another").locator("summary").click()
        await sam.see("approve").click()
        await sam.see("undo").wait_for()
        assert await sam.too_wide() == []
        await sam.see("undo").click()
        await sam.see("decline").click()
        assert await sam.too_wide() == []

        await sam.case(two)
        await sam.see("picture").first.wait_for()
        assert await sam.too_wide() == []

        await panel.open_tab(sam.page, base_url, "ledger")
        await sam.see("entry").first.locator("summary").click()
        assert await sam.too_wide() == []
        await panel.open_tab(sam.page, base_url, "links")
        await sam.see("show-qr").first.click()
        assert await sam.too_wide() == []
        await panel.open_tab(sam.page, base_url, "history")
        await sam.see("case-line").first.wait_for()
        assert await sam.too_wide() == []
        sam.assert_clean()


async def test_a_change_of_settings_throws_nobody_out(
    world: World,
    house: story.Household,
    owner: HomeAssistantClient,
    requests: Requests,
    sam: Visit,
) -> None:
    """It starts the home anew under an open panel: what was being typed stays."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    await sam.case(case_id)
    await sam.see("answer").locator("summary").click()
    await sam.see("answer-text").fill("I saw a red car")
    link = await story.add_invite(owner, house.set_up.entry_id, "Next door but one")
    assert "/ask/" in link
    await sam.page.wait_for_timeout(4000)
    assert f"case={case_id}" in sam.page.url
    await expect(sam.see("answer-text")).to_have_value("I saw a red car")
    await sam.see("answer-prepare").click()
    await expect(sam.see("draft-text")).to_have_text("I saw a red car")


async def test_it_goes_on_by_itself_after_home_assistant_was_away(
    world: World,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    browser: Browser,
    requests: Requests,
) -> None:
    """Shut down and started again under an open panel: the case is there, and works."""
    case_id = await requests.enter(world.recordings.one_camera, hand_over=True)
    async with visit(browser, owner.login, PHONE_SCREEN) as sam:
        await sam.case(case_id)
        digest = await sam.digest()
        assert world.home.stop() == 0
        await expect(sam.see("offline")).to_be_visible()
        await sam.see("approve").click()
        await expect(sam.see("fault")).to_contain_text("connection")

        world.home.start()
        await world.home.answering(session)
        await world.home.running(owner)
        await expect(sam.see("offline")).to_have_count(0)
        await expect(sam.see("trouble")).to_have_count(0)
        assert await sam.digest() == digest
        assert await sam.played() > 0
        await sam.see("approve").click()
        await sam.state("consented")
        await sam.state("shared")
        async with sam.page.expect_download() as downloading:
            await sam.see("download").click()
        path: Path = await (await downloading.value).path()
        assert path.stat().st_size > 0
    async with owner.connection() as connection:
        entries, head = await story.ledger(connection)
    story.check_ledger(entries, head)
    mine = [one["kind"] for one in entries if one["case_id"] == case_id]
    assert mine.count("approved") == mine.count("shared") == 1, json.dumps(mine)


async def test_an_area_is_drawn_without_asking_anybody(
    world: World, owner: HomeAssistantClient, browser: Browser, requests: Requests
) -> None:
    """What was asked for around, with the home in it: drawn here, told in words too."""
    around = {"latitude": 52.371, "longitude": 4.89, "radius": 300}
    case_id = await requests.enter(
        world.recordings.one_camera, hand_over=True, area=around
    )
    async with visit(browser, owner.login, SMALLEST) as sam:
        await sam.case(case_id)
        drawn = sam.see("map-drawn")
        await expect(drawn).to_have_accessible_name(re.compile("a radius of 300 m"))
        await expect(drawn).to_have_accessible_name(
            re.compile("Your home: inside the area")
        )
        assert await sam.too_wide() == []
        assert await violations(sam.page, *PANEL) == []
        sam.assert_clean()
