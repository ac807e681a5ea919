"""One request, many homes, nobody on a map: a hub and three homes, all of them real.

One home shares, one declines, one lies beside the area. What the hub hears of the last
two is the same, byte for byte.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
import hashlib
from pathlib import Path
import subprocess
import sys
import time

from playwright.async_api import Page, expect
import pytest
import pytest_asyncio

from script.demo_world.browser import Browser
from script.demo_world.client import Connection, JsonObject
from script.demo_world.home_assistant import DOMAIN, PLACE
from script.demo_world.hub import BASE
from script.demo_world.kept_recordings import kept_recordings
from script.demo_world.story import CaseWatch
from script.demo_world.world import ZONE, yesterday

from .neighbourhood import Follower, Said, Street, cases_of, running_street

PATIENCE = 120  # seconds
VERIFY = Path(__file__).parents[2] / "script" / "verify_portal.py"


@pytest_asyncio.fixture(loop_scope="session")
async def street(
    own_threads: None, tmp_path: Path, pytestconfig: pytest.Config
) -> AsyncGenerator[Street]:
    """Return a hub and three homes that follow it."""
    media = pytestconfig.rootpath / ".demo" / "recordings"
    with kept_recordings(media, yesterday(), ZONE) as recordings:
        async with running_street(tmp_path / "street", recordings) as running:
            yield running


async def until(
    met: Callable[[], Awaitable[bool]], patience: float = PATIENCE, every: float = 0.5
) -> None:
    """Wait until something is so."""
    end = time.monotonic() + patience
    while not await met():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(every)


def logs(one: Follower, start: int) -> int:
    """Return how often a home asked for the log from an entry on: once in each slot."""
    path = f"{BASE}/log?from={start}"
    return sum(said.path == path for said in one.listener.said)


async def choose(connection: Connection, case: JsonObject) -> None:
    """Choose a minute of the first camera that has some; approve it."""
    finding = next(one for one in case["findings"] if one["runs"])
    start = finding["runs"][0]["start"]
    watch = await CaseWatch.start(connection)
    await connection.command(
        f"{DOMAIN}/prepare",
        case_id=case["case_id"],
        camera_id=finding["camera_id"],
        start=start,
        end=(datetime.fromisoformat(start) + timedelta(minutes=1)).isoformat(),
    )
    offered = await watch.until(
        lambda one: one["case_id"] == case["case_id"] and one["offer"] is not None
    )
    await connection.command(
        f"{DOMAIN}/approve",
        offer_id=offered["offer"]["offer_id"],
        sha256=offered["draft"]["sha256"],
    )


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_one_shares_one_declines_one_is_outside(
    street: Street, browser: Browser
) -> None:
    """The requester gets one answer; of the others nobody can tell anything."""
    link = await street.hub.add_requester("PC Meier", "police")
    async with browser.stranger() as context:
        page = await context.new_page()
        await until(lambda: _served(street, link))  # it starts anew with whom it knows
        await submit(page, link, street)
        request = page.get_by_test_id("request")
        await expect(request).to_have_attribute("data-state", "moderation")
        known = await _log_length(street)
        await until(lambda: _all_asked(street, known + 1, 2))  # each has the old feeds
        await street.hub.publish()
        await until(lambda: _heard_of_it(street))
        await _decline(street.decliner)
        await _share(street.sharer)

        async def answered() -> bool:
            await page.get_by_test_id("refresh").click()
            return await page.get_by_test_id("open").count() > 0

        await until(answered, every=2)
        await expect(request).to_have_attribute("data-state", "open")
        await page.get_by_test_id("open").click()
        await expect(page.get_by_test_id("delivery")).to_have_count(1)
        answer = page.get_by_test_id("delivery")
        await expect(answer).to_have_attribute("data-state", "open")
        async with page.expect_download() as film:
            await answer.get_by_test_id("save-content").click()
        opened = (await (await film.value).path()).read_bytes()
        (shared,) = await cases_of(street.sharer.client)
        (receipt,) = shared["deliveries"]
        assert hashlib.sha256(opened).hexdigest() == receipt["sha256"]

        await page.goto(f"{street.hub.home.base_url}/api/{DOMAIN}/portal")
        check = page.get_by_test_id("check")
        await expect(check).to_have_attribute("data-kind", "good")

    await until(lambda: _all_asked(street, known + 2, 3))
    assert await cases_of(street.outsider.client) == []
    _check_transcripts(street, known + 1)
    for one in (*_homes(street), street.hub):
        assert one.home.faults() == []
    await _check_log(street)


async def submit(page: Page, link: str, street: Street) -> None:
    """Sign in by the link, make a key, fill in the form and send it."""
    await page.goto(link)
    await page.get_by_test_id("make-secret").click()
    await page.get_by_test_id("secret-kept").click()
    await page.get_by_test_id("fresh").click()
    await page.get_by_test_id("typed-area").locator("summary").click()
    latitude, longitude = PLACE
    await page.get_by_test_id("place").fill(f"{latitude}, {longitude}")
    await page.get_by_test_id("radius").fill("200")
    await page.get_by_test_id("radius").press("Tab")
    start = street.recordings.one_camera.start
    for name, value in {
        "date": f"{start:%Y-%m-%d}",
        "from": f"{start:%H:%M}",
        "to": f"{start + timedelta(minutes=15):%H:%M}",
        "title": "Bicycle knocked over",
        "text": "Who saw the car?",
        "caseNumber": "2026-1187",
        "contact": "station12@police.example",
    }.items():
        await page.get_by_test_id(name).fill(value)
    await page.get_by_test_id("send").click()
    await expect(page.get_by_test_id("said")).to_contain_text("Sent.")


def _check_transcripts(street: Street, entry: int) -> None:
    """Hold what the hub heard of two homes against each other, byte for byte."""
    heard = [_heard(one, entry) for one in (street.decliner, street.outsider)]
    shortest = min(map(len, heard))
    assert shortest > 10
    assert heard[0][:shortest] == heard[1][:shortest]
    for one in (street.decliner, street.outsider):
        assert one.polls() == one.listener.said
    uploads = {said.method for said in street.sharer.listener.said} - {"GET"}
    assert {"POST", "PATCH"} <= uploads <= {"POST", "PATCH", "HEAD"}


async def _served(street: Street, link: str) -> bool:
    headers = {"Authorization": f"Bearer {link.partition('#')[2]}"}
    address = f"{street.hub.home.base_url}{BASE}/desk"
    async with street.hub.client.session.get(address, headers=headers) as answer:
        return answer.status == 200


async def _heard_of_it(street: Street) -> bool:
    both = (street.sharer, street.decliner)
    return all([await cases_of(one.client) for one in both])


async def _decline(one: Follower) -> None:
    async with one.client.connection() as connection:
        watch = await CaseWatch.start(connection)
        case = await watch.until(lambda one: one["findings"] is not None)
        assert case["request"]["portal"] == "http"
        assert case["request"]["trust"] == "verified"
        await connection.command(f"{DOMAIN}/decline", case_id=case["case_id"])


async def _share(one: Follower) -> None:
    async with one.client.connection() as connection:
        watch = await CaseWatch.start(connection)
        case = await watch.until(lambda one: one["findings"] is not None)
        await choose(connection, case)


async def _check_log(street: Street) -> None:
    """Check it as anybody can, with the script that stands alone."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-I", VERIFY, street.hub.home.base_url],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "published 1" in done.stdout


def _homes(street: Street) -> tuple[Follower, ...]:
    return (street.sharer, street.decliner, street.outsider)


async def _log_length(street: Street) -> int:
    async with street.hub.client.session.get(f"{street.hub.api}/log") as answer:
        return len((await answer.json())["entries"])


async def _all_asked(street: Street, start: int, slots: int) -> bool:
    return all(logs(one, start) >= slots for one in _homes(street))


def _heard(one: Follower, entry: int) -> list[Said]:
    """Return what the hub heard of a home since the slot in which it read an entry."""
    said, path = one.listener.said, f"{BASE}/log?from={entry}"
    read = max(at for at, this in enumerate(said) if this.path == path)
    first = max(at for at in range(read) if said[at].path == f"{BASE}/info")
    return said[first:]
