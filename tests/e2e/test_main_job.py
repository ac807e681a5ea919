"""The main job on a real Home Assistant, as neighbour and owner live it."""

import asyncio
import hashlib
import json

import aiohttp
import pytest

from script.demo_world import story
from script.demo_world.browser import Browser
from script.demo_world.client import (
    ApiError,
    Connection,
    HomeAssistantClient,
    JsonObject,
)
from script.demo_world.home_assistant import DOMAIN, add_user
from script.demo_world.login import Login, browser_client
from script.demo_world.phones_client import Phones
from script.demo_world.recordings import CANARY, Span
from script.demo_world.world import World

TEXT = "Somebody drove into my bicycle"
HOSTILE = "<img src=x onerror=alert(1)>{{ states('sun.sun') }}[a](http://a.example)"


async def _asked(
    browser: Browser, invite: str, span: Span, text: str = TEXT, name: str = "Anna"
) -> str:
    """Ask through the public form; return the status link."""
    async with browser.stranger() as context:
        page = await context.new_page()
        return await story.ask(page, invite, span, text, name)


async def _status(session: aiohttp.ClientSession, status_link: str) -> bytes:
    """Return what the status page is told."""
    url = status_link.partition("#")[0] + "/data"
    async with session.get(url) as response:
        assert response.status == 200
        return await response.read()


async def _video(client: HomeAssistantClient, case: JsonObject) -> bytes:
    """Return the draft as the panel plays it: by its signed path, without a login."""
    assert case["problem"] is None, case["problem_text"]
    url = f"{client.base_url}{case['draft']['video']}"
    async with client.session.get(url) as response:
        assert response.status == 200
        return await response.read()


async def _prepared(
    connection: Connection, watch: story.CaseWatch, case_id: str, choice: JsonObject
) -> JsonObject:
    """Choose in the picker; return the case once the choice is on offer."""
    before = watch.cases[case_id]["offer"]
    await connection.command(f"{DOMAIN}/prepare", case_id=case_id, **choice)
    return await watch.until(
        lambda case: (
            case["case_id"] == case_id
            and case["state"] == "waiting"
            and case["offer"] is not None
            and case["offer"] != before
        )
    )


async def _approve(connection: Connection, case: JsonObject) -> None:
    """Approve what is on offer, as the panel does."""
    await connection.command(
        f"{DOMAIN}/approve",
        offer_id=case["offer"]["offer_id"],
        sha256=case["draft"]["sha256"],
    )


async def _decline(connection: Connection, case_id: str) -> None:
    """Decline; if the case has just moved on, do as the message says: look again."""
    for _ in range(5):
        try:
            await connection.command(f"{DOMAIN}/decline", case_id=case_id)
        except ApiError as err:
            if err.code != "case_moved_on":
                raise
            await asyncio.sleep(0.5)
        else:
            return
    pytest.fail("the case never came to rest")


async def test_tap_on_the_push_delivers_the_previewed_bytes(
    world: World,
    house: story.Household,
    owner: HomeAssistantClient,
    phones: Phones,
    browser: Browser,
) -> None:
    """Form, rules, cut, push, tap, undo window, sealing, browser, ledger."""
    async with owner.connection() as connection, browser.stranger() as neighbour:
        watch = await story.CaseWatch.start(connection)
        page = await neighbour.new_page()
        status_link = await story.ask(
            page, house.set_up.invite_link, world.recordings.one_camera, TEXT, "Anna"
        )
        case = await watch.next_waiting()
        sha256 = case["draft"]["sha256"]
        preview = await _video(owner, case)
        assert hashlib.sha256(preview).hexdigest() == sha256
        assert CANARY.encode() not in preview
        assert case["draft"]["camera"] == "Driveway"
        assert case["draft"]["audio"] is False

        iphone, pixel = house.iphone.phone_id, house.pixel.phone_id
        push = await story.push_for(phones, iphone, case["case_id"], "Approve")
        assert "Anna" not in push.message and TEXT not in json.dumps(push.data)
        other = await story.push_for(phones, pixel, case["case_id"], "Decline")
        assert [button["title"] for button in other.buttons] == ["Review", "Decline"]
        await phones.press(push, push.button("Approve"))
        consented = await watch.reach(case["case_id"], "consented")
        assert consented["consent"]["means"] == "push"
        case = await watch.reach(case["case_id"], "shared")

        opened = await story.open_delivery(page, status_link)
        assert opened.content == preview
        assert opened.digest_shown == sha256
        assert await story.played_seconds(page) > 0
        entries, head = await story.ledger(connection)
        story.check_ledger(entries, head)
        shown = (await phones.state())[pixel].shown
        assert all(one["action"] == "URI" for still in shown for one in still.buttons)


async def test_choice_in_the_picker_is_a_new_draft_and_offer(
    world: World,
    house: story.Household,
    owner: HomeAssistantClient,
    browser: Browser,
) -> None:
    """Two cameras have footage: nothing is drafted until an approver chooses."""
    span = world.recordings.two_cameras
    async with owner.connection() as connection:
        watch = await story.CaseWatch.start(connection)
        known = set(watch.cases)
        status_link = await _asked(browser, house.set_up.invite_link, span)
        case = await watch.next_waiting(known)
        case_id = case["case_id"]
        assert case["draft"] is None
        assert {found["camera"] for found in case["findings"]} == {"Driveway", "Street"}
        street = next(one for one in case["findings"] if one["camera"] == "Street")

        start, end = street["runs"][0]["start"], street["runs"][0]["end"]
        choice = {"camera_id": street["camera_id"], "start": start, "end": end}
        first = await _prepared(connection, watch, case_id, choice)
        shorter = choice | {"end": _minute_after(start)}
        second = await _prepared(connection, watch, case_id, shorter)
        assert second["draft"]["seconds"] < first["draft"]["seconds"]
        with pytest.raises(ApiError):
            await _approve(connection, first)
        preview = await _video(owner, second)
        await _approve(connection, second)
        await watch.reach(case_id, "shared")
    async with browser.stranger() as context:
        opened = await story.open_delivery(await context.new_page(), status_link)
    assert opened.content == preview


def _minute_after(moment: str) -> str:
    """Return a UTC time one minute later."""
    hour, minute = int(moment[11:13]), int(moment[14:16]) + 1
    return f"{moment[:11]}{hour:02}:{minute:02}{moment[16:]}"


async def test_undo_and_decline_look_like_waiting(
    world: World,
    house: story.Household,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    browser: Browser,
) -> None:
    """From outside, a tap taken back and a refusal are the same bytes as silence."""
    async with owner.connection() as connection:
        watch = await story.CaseWatch.start(connection)
        known = set(watch.cases)
        status_link = await _asked(
            browser, house.set_up.invite_link, world.recordings.one_camera
        )
        before = await _status(session, status_link)
        case = await watch.next_waiting(known)
        case_id: str = case["case_id"]
        await _approve(connection, case)
        await connection.command(f"{DOMAIN}/undo", case_id=case_id)
        await watch.reach(case_id, "waiting")
        assert await _status(session, status_link) == before
        await _decline(connection, case_id)
        await watch.reach(case_id, "closed")
    assert await _status(session, status_link) == before


async def test_hostile_words_stay_words(
    world: World,
    house: story.Household,
    owner: HomeAssistantClient,
    phones: Phones,
    browser: Browser,
) -> None:
    """What a stranger types reaches the approver as typed, and no push at all."""
    async with owner.connection() as connection:
        watch = await story.CaseWatch.start(connection)
        known = set(watch.cases)
        span = world.recordings.one_camera
        await _asked(browser, house.set_up.invite_link, span, HOSTILE, HOSTILE)
        case = await watch.next_waiting(known)
        assert case["request"]["text"] == HOSTILE
        assert case["request"]["name"] == HOSTILE
        await _decline(connection, case["case_id"])
    for phone_id in (house.iphone.phone_id, house.pixel.phone_id):
        assert "onerror" not in json.dumps(await phones.raw_pushes(phone_id))


async def test_public_invite_is_listed_without_a_push(
    world: World,
    house: story.Household,
    owner: HomeAssistantClient,
    phones: Phones,
    browser: Browser,
) -> None:
    """The ready-made rules list a stranger's request; no phone rings."""
    link = await story.add_invite(owner, house.set_up.entry_id, "Front door", "public")
    async with owner.connection() as connection:
        watch = await story.CaseWatch.start(connection)
        known = set(watch.cases)
        await _asked(browser, link, world.recordings.one_camera)
        case = await watch.next_waiting(known)
        assert case["screening"]["verdict"] == "list"
        assert case["request"]["trust"] == "unverified"
        pushes = (await phones.state())[house.iphone.phone_id].pushes
        assert f"{DOMAIN}_{case['case_id']}" not in {push.tag for push in pushes}
        await _decline(connection, case["case_id"])


async def test_who_is_no_approver_sees_counts_only(
    world: World,
    house: story.Household,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
) -> None:
    """Another user of this home gets no case, no link and no answer to give."""
    await add_user(owner, "kim", "kims-password")
    login = await Login.with_password(
        session,
        world.home.base_url,
        browser_client(world.home.base_url),
        "kim",
        "kims-password",
    )
    async with HomeAssistantClient(session, login).connection() as connection:
        watch = await story.CaseWatch.start(connection)
        assert (watch.cases, watch.invites, watch.cameras) == ({}, [], [])
        with pytest.raises(ApiError):
            await connection.command(f"{DOMAIN}/history", before=None, limit=20)
        with pytest.raises(ApiError):
            await connection.command(f"{DOMAIN}/ledger", before=None, limit=20)


async def test_killed_in_the_undo_window_it_delivers_once_after_the_restart(
    world: World,
    house: story.Household,
    session: aiohttp.ClientSession,
    owner: HomeAssistantClient,
    browser: Browser,
) -> None:
    """A confirmed tap survives a power cut, and its clip leaves exactly once."""
    async with owner.connection() as connection:
        watch = await story.CaseWatch.start(connection)
        known = set(watch.cases)
        status_link = await _asked(
            browser, house.set_up.invite_link, world.recordings.one_camera
        )
        case = await watch.next_waiting(known)
        preview = await _video(owner, case)
        await _approve(connection, case)
    world.home.kill()
    world.home.start()
    await world.home.answering(session)
    await world.home.running(owner)
    async with owner.connection() as connection:
        watch = await story.CaseWatch.start(connection)
        for _ in range(300):
            if json.loads(await _status(session, status_link))["deliveries"]:
                break
            await asyncio.sleep(0.3)
        status = json.loads(await _status(session, status_link))
        assert len(status["deliveries"]) == 1
        entries, head = await story.ledger(connection)
    story.check_ledger(entries, head)
    mine = [entry["kind"] for entry in entries if entry["case_id"] == case["case_id"]]
    assert mine.count("approved") == mine.count("shared") == 1
    async with browser.stranger() as context:
        opened = await story.open_delivery(await context.new_page(), status_link)
    assert opened.content == preview
