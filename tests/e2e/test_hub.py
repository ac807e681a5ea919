"""A hub beside a home in a real Home Assistant: set up, asked, moderated in a browser."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import io
import json

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.async_api import expect
import pyrage
from pyrage import x25519
import pytest_asyncio
from yarl import URL

from script.demo_world import story
from script.demo_world.browser import PHONE_SCREEN, Browser
from script.demo_world.client import HomeAssistantClient
from script.demo_world.flows import Flow
from script.demo_world.home_assistant import PASSWORD, add_user
from script.demo_world.world import World
from tests.frontend.axe import violations
from tests.portal.foreign import package

from .panel import Visit, visit

NAME = "Lindenstraße"
HOSTILE = "<img src=x onerror=alert(1)> {{ states('sun.sun') }}"
PANEL = "/clip-consent-hub"
WITHIN = ("home-assistant", "home-assistant-main", "clip-consent-hub-panel")


@pytest_asyncio.fixture(loop_scope="session")
async def hub(
    house: story.Household, owner: HomeAssistantClient
) -> AsyncGenerator[str]:
    """Return the entry of a hub beside the home; it goes in the end."""
    flow = await Flow.config(owner, "clip_consent")
    assert flow.step.step_id == "hub"  # the home is there: nobody has to choose
    await flow.fill(
        name=NAME,
        operator="Residents' association",
        contact="hub@lindenstrasse.example",
        area={"latitude": 52.37, "longitude": 4.89, "radius": 400},
    )
    assert flow.step.errors == {}
    await flow.fill()
    entry_id: str = flow.finished()["result"]["entry_id"]
    yield entry_id
    await owner.call("DELETE", f"/api/config/config_entries/entry/{entry_id}")


async def _sign_in_link(owner: HomeAssistantClient, hub: str) -> str:
    flow = await Flow.subentry(owner, hub, "requester")
    shown = await flow.fill(
        name="PC Meier",
        organisation="Police station 12",
        verified_how="Met in person, badge seen",
    )
    link: str = shown.result["description_placeholders"]["url"]
    await flow.fill()
    flow.finished()
    return link


async def _ask(session: aiohttp.ClientSession, link: str, title: str) -> str:
    """Ask as the requester's page does: with nothing but the link."""
    desk, _, token = link.partition("#")
    base = desk.removesuffix("/desk") + "/v1"
    end = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
    said = {
        "version": 1,
        "title": title,
        "text": HOSTILE,
        "start": f"{end - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "area": {
            "kind": "circle",
            "latitude": 52.37,
            "longitude": 4.89,
            "radius": 200,
        },
        "contact": "station12@police.example",
        "case_number": title,
        "recipient": str(x25519.Identity.generate().to_public()),
    }
    bearer = {"Authorization": f"Bearer {token}"}
    async with asyncio.timeout(60):
        while True:
            async with session.post(
                f"{base}/requests", json=said, headers=bearer
            ) as answer:
                if answer.status == 202:
                    request_id: str = (await answer.json())["id"]
                    return request_id
                # a new requester starts the hub anew
                assert answer.status in {404, 503}, await answer.text()
            await asyncio.sleep(0.2)


async def _info(session: aiohttp.ClientSession, world: World) -> dict[str, object]:
    url = f"{world.home.base_url}/api/clip_consent/portal/v1/info"
    async with session.get(url) as answer:
        said: dict[str, object] = await answer.json()
        return said


@pytest_asyncio.fixture(loop_scope="session")
async def moderator(
    browser: Browser, owner: HomeAssistantClient
) -> AsyncGenerator[Visit]:
    """Return the moderator's browser; nothing in it may go wrong."""
    async with visit(browser, owner.login) as visited:
        yield visited
        visited.assert_clean()


async def test_what_comes_in_is_read_and_published(
    world: World,
    hub: str,
    owner: HomeAssistantClient,
    session: aiohttp.ClientSession,
    moderator: Visit,
) -> None:
    """By the personal link, through the panel, into the public log."""
    page = moderator.page
    await page.goto(f"{world.home.base_url}{PANEL}")
    await expect(page.get_by_test_id("empty")).to_be_visible()
    await expect(page.get_by_test_id("no-requesters")).to_be_visible()
    link = await _sign_in_link(owner, hub)
    await expect(page.get_by_test_id("no-requesters")).to_have_count(0)

    request_id = await _ask(session, link, "2026-1")
    item = page.get_by_test_id("item")
    await expect(item).to_have_count(1)
    await expect(item).to_contain_text(HOSTILE)
    await expect(item).to_contain_text("PC Meier, Police station 12")
    await expect(item).to_contain_text("200 m around 52.37000, 4.89000 (0.126 km²)")
    await expect(item.get_by_test_id("area-picture")).to_be_visible()
    assert await violations(page, *WITHIN) == []
    await page.get_by_test_id("publish").click()
    await page.get_by_test_id("really-publish").click()
    await expect(page.get_by_test_id("empty")).to_be_visible()
    base = f"{world.home.base_url}/api/clip_consent/portal/v1"
    async with session.get(f"{base}/requests/{request_id}") as answer:
        assert (await answer.json())["state"] == "open"

    await _ask(session, link, "2026-2")
    await page.get_by_test_id("refuse").click()
    await page.get_by_test_id("reason").select_option("too_broad")
    await page.get_by_test_id("really-refuse").click()
    await expect(page.get_by_test_id("empty")).to_be_visible()
    assert (await _info(session, world))["counts"] == {
        "published": 1,
        "refused": {"too_broad": 1},
    }


async def test_a_notice_and_a_text_that_is_taken_away(
    world: World, hub: str, session: aiohttp.ClientSession, moderator: Visit
) -> None:
    """Both are said in the log, and the panel says that it worked."""
    page = moderator.page
    await page.goto(f"{world.home.base_url}{PANEL}")
    notice = page.get_by_test_id("notice")
    await page.get_by_text("Post a notice").click()
    await notice.get_by_label("Title").fill("Water")
    await notice.get_by_label("Text").fill("It is off on Monday.")
    await notice.get_by_role("button").click()
    await expect(page.get_by_test_id("done")).to_be_visible()
    url = f"{world.home.base_url}/api/clip_consent/portal/v1/log"
    async with session.get(url) as answer:
        *_, published = (await answer.json())["entries"]
    n = published["entry"]["n"]
    redact = page.get_by_test_id("redact")
    await page.get_by_text("Take a text out of the log").first.click()
    chosen = redact.locator(f"[data-n='{n}']")
    await expect(chosen).to_contain_text("It is off on Monday.")
    assert await violations(page, *WITHIN) == []
    await chosen.click()
    await redact.get_by_label("Why").fill("It named a person.")
    await redact.get_by_role("button").click()
    await expect(page.get_by_test_id("done")).to_contain_text("The text is gone")
    async with session.get(url) as answer:
        before, after = (await answer.json())["entries"][-2:]
    assert (before["entry"], before["beside"]) == (published["entry"], None)
    assert after["entry"]["kind"] == "redacted"
    # nobody can choose it again
    record = page.get_by_test_id("record")
    await expect(record.locator("form, [data-testid=no-words]")).to_be_visible()
    await expect(record.get_by_text("It is off on Monday.")).to_have_count(0)


async def _commented(session: aiohttp.ClientSession, base: str, text: str) -> None:
    """Comment on the newest notice, as any program can that speaks the protocol."""
    async with session.get(f"{base}/log") as answer:
        newest = (await answer.json())["entries"][-1]
    notice = json.loads(newest["beside"]["text"])
    said = {
        "version": 1,
        "kind": "clip",
        "request_id": notice["id"],
        "content": {"name": "answer.txt", "media_type": "text/plain; charset=utf-8"},
        "identity": "<b>Carol</b>",
    }
    tar = package.packed(said, text.encode(), Ed25519PrivateKey.generate())
    to = x25519.Recipient.from_str(notice["recipient"])
    sealed = pyrage.encrypt(package.padded(tar), [to])
    tus = {"Tus-Resumable": "1.0.0"}
    async with session.post(
        f"{base}/drops/{notice['id']}",
        headers={**tus, "Upload-Length": str(len(sealed))},
    ) as answer:
        assert answer.status == 201, await answer.text()
        place = answer.headers["Location"]
    body = {
        **tus,
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }
    where = str(URL(base).join(URL(place)))
    async with session.patch(where, headers=body, data=io.BytesIO(sealed)) as answer:
        assert answer.status == 204, await answer.text()


async def test_comments_on_a_notice_are_read_and_it_is_taken_back(
    world: World, hub: str, session: aiohttp.ClientSession, moderator: Visit
) -> None:
    """A stranger's words are text; the log says that the notice was withdrawn."""
    page = moderator.page
    await page.goto(f"{world.home.base_url}{PANEL}")
    notice = page.get_by_test_id("notice")
    await page.get_by_text("Post a notice").click()
    await notice.get_by_label("Title").fill("Ice")
    await notice.get_by_label("Text").fill("On the steps.")
    await expect(notice.get_by_test_id("take-comments")).to_be_checked()
    await notice.get_by_role("button").click()
    posted = page.get_by_test_id("posted")
    await expect(posted).to_have_attribute("data-state", "open")
    await expect(posted).to_contain_text("No comment has come yet.")
    base = f"{world.home.base_url}/api/clip_consent/portal/v1"
    await _commented(session, base, HOSTILE)
    await expect(posted.get_by_test_id("comment-count")).to_have_text("1 comment came.")
    await posted.get_by_test_id("read-comments").click()
    for part, words in (("text", HOSTILE), ("identity", "<b>Carol</b>")):
        shown = posted.get_by_test_id(f"comment-{part}")
        assert await shown.evaluate("(e) => e.textContent") == words
        assert await shown.evaluate("(e) => e.childElementCount") == 0
    assert await violations(page, *WITHIN) == []
    await posted.get_by_test_id("withdraw").click()
    await posted.get_by_test_id("really-withdraw").click()
    await expect(page.get_by_test_id("done")).to_contain_text("taken back")
    await expect(posted).to_have_attribute("data-state", "withdrawn")
    async with session.get(f"{base}/log") as answer:
        log = await answer.text()
    kinds = [one["entry"]["kind"] for one in json.loads(log)["entries"]]
    assert kinds[-2:] == ["published", "withdrawn"]
    assert "onerror" not in log  # a comment is in nothing that is public


async def test_others_see_counts_alone(
    world: World,
    hub: str,
    browser: Browser,
    owner: HomeAssistantClient,
    session: aiohttp.ClientSession,
) -> None:
    """A user who is no moderator, on a phone."""
    await _ask(session, await _sign_in_link(owner, hub), "2026-3")
    await add_user(owner, "visitor", PASSWORD)
    login = await world.home.log_in(session, "visitor", PASSWORD)
    async with visit(browser, login, PHONE_SCREEN) as guest:
        await guest.page.goto(f"{world.home.base_url}{PANEL}")
        await expect(guest.page.get_by_test_id("about")).to_be_visible()
        await expect(guest.page.get_by_test_id("item")).to_have_count(0)
        await expect(guest.page.get_by_text("2026-3")).to_have_count(0)
        guest.assert_clean()
