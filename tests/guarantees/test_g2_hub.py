"""G2, G9: a hub has one lane to write in, and no answer tells who is in it.

What a home sends and asks is answered whether the hub's disk is slow or not, and whatever
it makes of that. Only who gives it words to keep waits until they are kept.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
import json
from pathlib import Path
import sqlite3
import threading
from typing import Final

import aiohttp
from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.home.world import RandomIds
from custom_components.clip_consent.hub import presence
from tests.hub.web import PATH, WebHub, serving_hub
from tests.hub.world import CELL, POLICE_TOKEN, page_of

AT_ONCE: Final = 8  # seconds; less than a hub's patience with its own disk
TUS: Final = {"Tus-Resumable": "1.0.0"}
BEARER: Final = {"Authorization": f"Bearer {POLICE_TOKEN}"}


@pytest.fixture
async def hub(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None
) -> AsyncIterator[WebHub]:
    """Return a hub at a real port, with a real disk."""
    async with serving_hub(hass, tmp_path / "hub") as world:
        yield world


@pytest.fixture
async def client(hub: WebHub) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a client that nobody knows."""
    async with aiohttp.ClientSession(hub.origin) as session:
        yield session


@asynccontextmanager
async def slow_commit(hub: WebHub) -> AsyncIterator[None]:
    """Keep the hub's one lane, as a commit on a failing disk does."""
    begun, go_on = threading.Event(), threading.Event()

    def hang(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('slow', 'yes')")
        begun.set()
        go_on.wait(60)

    writing = asyncio.create_task(hub.manager._bench.store.async_change(hang))
    await asyncio.to_thread(begun.wait, 20)
    try:
        yield
        assert not writing.done()
    finally:
        go_on.set()
        await writing


def here(home: str) -> dict[str, object]:
    """Return what a home says that opted in."""
    return {"version": 1, "cell": CELL, "id": home}


async def asked(
    client: aiohttp.ClientSession, method: str, path: str, **how: object
) -> tuple[int, bytes, Mapping[str, str]]:
    """Ask, and wait no longer than somebody who watches would."""
    async with asyncio.timeout(AT_ONCE):
        async with client.request(method, PATH + path, **how) as answer:  # type: ignore[arg-type]
            return answer.status, await answer.read(), answer.headers


async def test_no_answer_to_a_home_waits_for_what_others_write(
    hub: WebHub, client: aiohttp.ClientSession
) -> None:
    """Reading, delivering and being counted: while another's commit takes for ever."""
    request = await hub.police_asks()
    await hub.publish(request)
    body = b"x" * 1000
    async with slow_commit(hub):
        for path in (
            *("/info", "/log", "/log?from=2", f"/feed/{CELL}", "/coverage"),
            f"/requests/{request}",
        ):
            assert (await asked(client, "GET", path))[0] == 200
        for path in ("/desk", f"/inbox/{request}"):
            assert (await asked(client, "GET", path, headers=BEARER))[0] == 200
        begin = {**TUS, "Upload-Length": str(len(body))}
        status, _, headers = await asked(
            client, "POST", f"/drops/{request}", headers=begin
        )
        assert status == 201
        upload = headers["Location"].removeprefix(PATH)
        assert (await asked(client, "HEAD", upload, headers=TUS))[0] == 200
        add = {
            **TUS,
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        }
        assert (await asked(client, "PATCH", upload, headers=add, data=body))[0] == 204
        (one,) = await hub.box.async_deliveries(request)
        delivery = f"/inbox/{request}/{one.delivery_id}"
        assert (await asked(client, "GET", delivery, headers=BEARER))[0] == 200
        assert (await asked(client, "DELETE", upload, headers=TUS))[0] == 204


async def test_being_counted_takes_no_other_time_over_a_limit(
    hub: WebHub, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T46: else it told whether others use the address, and how many homes there are."""
    homes = [RandomIds().new_id() for _ in range(3)]
    may_come = presence.Callers.may_come

    def one_alone(callers: presence.Callers, address: str | None) -> bool:
        return may_come(callers, "8.8.8.1")  # all lines of loopback are one address

    monkeypatch.setattr(presence.Callers, "may_come", one_alone)
    monkeypatch.setattr(presence, "DAILY_MAX", 3)
    async with slow_commit(hub):
        said = [
            await asked(client, "POST", "/coverage", json=here(home))
            for home in (homes[0], homes[1], homes[0], homes[2])
        ]
    assert {(status, body) for status, body, _ in said} == {(202, b"{}")}
    await hub.manager._book.async_change(lambda *_: None)  # all that waited is through
    assert len(hub.rows("SELECT * FROM homes")) == 2


async def test_a_home_that_the_disk_refuses_is_told_nothing_of_it(
    hub: WebHub, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an estimate: the next day counts it."""

    def refused(*_: object) -> None:
        raise sqlite3.OperationalError("disk i/o error")

    monkeypatch.setattr(presence, "take", refused)
    told = await asked(client, "POST", "/coverage", json=here(RandomIds().new_id()))
    assert told[0] == 202
    assert (await asked(client, "POST", "/coverage", json={"version": 1}))[0] == 400
    await hub.manager._book.async_change(lambda *_: None)
    assert json.loads(await page_of(hub.manager))["entries"]
