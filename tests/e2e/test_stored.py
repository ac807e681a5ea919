"""A hub that has answers kept in an object store: two Home Assistants, one SeaweedFS.

The operator enters the store in the form, the home follows and shares, and a requester
who knows no more than the protocol's page opens the very bytes that were approved.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from script.demo_world.client import HomeAssistantClient, JsonObject
from script.demo_world.flows import Flow
from script.demo_world.home_assistant import PLACE, HomeAssistant
from script.demo_world.hub import Hub, set_up_hub
from script.demo_world.kept_recordings import kept_recordings
from script.demo_world.processes import free_port
from script.demo_world.recordings import Recordings
from script.demo_world.story import CaseWatch
from script.demo_world.world import ZONE, yesterday
from tests.portal.foreign.requester import Asked, Requester
from tests.portal.foreign.spelling import sha256
from tests.portal.foreign.web import RefusedError, Web
from tests.servers.processes import ACCESS_KEY, BUCKET, SECRET_KEY, Store, s3_client

from .neighbourhood import HURRY, Follower, Listener, cases_of, follow
from .test_neighbourhood import choose, until


@dataclass(slots=True, kw_only=True)
class StoredStreet:
    """A hub with a store, and a home that follows it."""

    recordings: Recordings
    store: Store
    hub: Hub
    home: Follower

    def objects(self) -> list[int]:
        """Return the sizes of what the store has of the hub."""
        client: Any = s3_client(self.store.port, SECRET_KEY)
        found = client.list_objects_v2(Bucket=BUCKET, Prefix="clip-consent/")
        return [one["Size"] for one in found.get("Contents", ())]


async def _enter(hub: Hub, store: Store) -> None:
    """Enter the store in the form of the hub, as its operator does."""
    flow = await Flow.options(hub.client, hub.entry_id)
    await flow.choose("hub_storage")
    await flow.fill(
        storage_endpoint=f"http://127.0.0.1:{store.port}",
        storage_bucket=BUCKET,
        storage_key_id=ACCESS_KEY,
        storage_secret=SECRET_KEY,
        storage_private=True,
    )
    flow.finished()

    async def named() -> bool:
        async with hub.client.session.get(f"{hub.api}/info") as answer:
            return answer.status == HTTPStatus.OK and "storage" in await answer.json()

    await until(named)


@asynccontextmanager
async def _running(
    folder: Path, recordings: Recordings, store: Store
) -> AsyncGenerator[StoredStreet]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        hub_home = HomeAssistant(folder / "hub", free_port())
        home = HomeAssistant(folder / "home", free_port())
        home_parts = {hub_home: None, home: HURRY}
        clients: list[HomeAssistantClient] = []
        for one, beside in home_parts.items():
            one.prepare(recordings)
            if beside:
                one.add_component("hurry", beside)
            one.start()
            stack.callback(one.stop)
        for one in home_parts:
            await one.answering(session)
            clients.append(HomeAssistantClient(session, await one.onboard(session)))
            await one.running(clients[-1])
        hub = await set_up_hub(hub_home, clients[0])
        await _enter(hub, store)
        listener = Listener(hub=hub_home.base_url, port=free_port())
        await stack.enter_async_context(listener.listening(session))
        await follow(clients[1], listener.url)
        follower = Follower(home=home, client=clients[1], listener=listener)
        yield StoredStreet(recordings=recordings, store=store, hub=hub, home=follower)


@pytest_asyncio.fixture(loop_scope="session")
async def street(
    tmp_path: Path, pytestconfig: pytest.Config
) -> AsyncGenerator[StoredStreet]:
    """Return all of it, the store among it."""
    (tmp_path / "store").mkdir()
    store = Store(tmp_path / "store")
    media = pytestconfig.rootpath / ".demo" / "recordings"
    try:
        store.start()
        with kept_recordings(media, yesterday(), ZONE) as recordings:
            async with _running(tmp_path / "street", recordings, store) as running:
                yield running
    finally:
        store.kill()


async def _ask(street: StoredStreet, police: Requester) -> Asked:
    """Ask for what one camera recorded, once the hub knows its new requester."""
    start = street.recordings.one_camera.start.astimezone(UTC)
    latitude, longitude = PLACE
    said = {
        "title": "Bicycle knocked over",
        "text": "Who saw the car?",
        "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{start + timedelta(minutes=15):%Y-%m-%dT%H:%M:%SZ}",
        "area": {
            "kind": "circle",
            "latitude": latitude,
            "longitude": longitude,
            "radius": 200,
        },
        "contact": "station12@police.example",
        "case_number": "2026-1187",
    }
    async with asyncio.timeout(60):
        while True:
            try:
                return await police.submit(**said)
            except RefusedError as err:
                if err.status not in {404, 503}:  # a new requester starts it anew
                    raise
            await asyncio.sleep(0.5)


def _found(case: JsonObject) -> bool:
    """Tell whether a home has found what a camera recorded."""
    return any(one["runs"] for one in case["findings"] or ())


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.asyncio(loop_scope="session")
async def test_what_was_approved_is_opened_from_the_store(
    street: StoredStreet,
) -> None:
    """The film goes to the store alone; hub and requester handle what they may."""
    link = await street.hub.add_requester("PC Meier", "police")
    origin = street.hub.home.base_url
    police = Requester(Web(street.hub.client.session, origin), link.partition("#")[2])
    asked = await _ask(street, police)
    await street.hub.publish()

    async def heard() -> bool:
        return bool(await cases_of(street.home.client))

    await until(heard)
    assert street.objects() == []  # nothing leaves before the tap
    async with street.home.client.connection() as connection:
        watch = await CaseWatch.start(connection)
        await choose(connection, await watch.until(_found))

    async def answered() -> bool:
        return bool(await police.inbox(asked))

    await until(answered, every=1)
    (delivery,) = await police.opened(asked)
    (row,) = await police.inbox(asked)
    assert street.objects() == [row["size"]]

    async def received() -> bool:
        (shared,) = await cases_of(street.home.client)
        return bool(shared["deliveries"])

    await until(received)
    (shared,) = await cases_of(street.home.client)
    (receipt,) = shared["deliveries"]
    assert sha256(delivery.content) == receipt["sha256"]
    said = {one.method for one in street.home.listener.said}
    assert "POST" in said and "PATCH" not in said  # the hub got none of it
    drops = street.hub.home.folder.rglob(f"{row['id']}.age")
    assert [path.stat().st_size for path in drops] == [0]
    upload = f"{street.hub.api}/drops/{asked.id}/{row['id']}"
    await police.web.call("DELETE", upload, headers={"Tus-Resumable": "1.0.0"})

    async def removed() -> bool:
        return street.objects() == []

    await until(removed)
    for one in (street.home.home, street.hub.home):
        assert one.faults() == []
