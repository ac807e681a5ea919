"""From a request to the push it makes, against a bare notify action: one real home.

Two cameras have footage, so nothing is prepared before the push. An approver gets one
push in ten minutes, so each repetition has an approver and a phone of its own; both are
reached through the same relay, which notes when a push comes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
import os
from pathlib import Path
import statistics
import subprocess
import tempfile
import time
from typing import Final

import aiohttp
from aiohttp import web

from script.demo_world import story
from script.demo_world.client import HomeAssistantClient
from script.demo_world.home_assistant import DOMAIN, PASSWORD, add_user
from script.demo_world.phone import Phone, Platform
from script.demo_world.processes import LOOPBACK, free_port
from script.demo_world.world import World, running_world, yesterday

from .measure import Measure

REPEAT: Final = 9  # the first is not counted
_PER_INVITE: Final = 5  # requests a day
_NOTIFIES: Final = 3  # of the bare action, for each request
_SETTLED: Final = 3.0  # seconds after a form was filled in
_MEDIA: Final = Path(__file__).resolve().parents[1] / ".demo" / "recordings"


class Relay:
    """Takes pushes as the apps' relay does, and notes the moment."""

    def __init__(self, port: int) -> None:
        """Begin empty."""
        self.url = f"http://{LOOPBACK}:{port}/push"
        self._came: asyncio.Queue[tuple[str, float]] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        """Take a push."""
        now = time.perf_counter()
        await request.read()
        self._came.put_nowait((request.match_info["phone_id"], now))
        return web.json_response({"target": ""}, status=201)

    async def next_for(self, phone: Phone) -> float:
        """Wait for a phone's next push; return when it came."""
        async with asyncio.timeout(60):
            while True:
                phone_id, came = await self._came.get()
                if phone_id == phone.phone_id:
                    return came


@asynccontextmanager
async def relaying() -> AsyncIterator[Relay]:
    """Run a relay."""
    port = free_port()
    relay = Relay(port)
    application = web.Application()
    application.add_routes([web.post("/push/{phone_id}", relay.take)])
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
        yield relay
    finally:
        await runner.cleanup()


async def _notified(
    owner: HomeAssistantClient, relay: Relay, phone: Phone, name: str
) -> float:
    """Return the seconds that a bare notify action takes to a phone."""
    begun = time.perf_counter()
    _, came = await asyncio.gather(
        owner.call(
            "POST",
            f"/api/services/notify/mobile_app_{name}",
            {"title": "Request for footage", "message": "Anna asks for two cameras"},
        ),
        relay.next_for(phone),
    )
    return came - begun


async def _asked(
    session: aiohttp.ClientSession,
    relay: Relay,
    phone: Phone,
    invite: str,
    world: World,
) -> float:
    """Return the seconds from a request through an invite to a phone's push."""
    span = world.recordings.two_cameras
    keys = subprocess.run(["age-keygen"], check=True, capture_output=True, text=True)
    recipient = keys.stdout.partition("public key: ")[2].split()[0]
    form = {
        "version": 1,
        "start": f"{span.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{span.end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "text": "Somebody drove into my bicycle",
        "name": "Anna",
        "kind": "neighbour",
        "recipient": recipient,
    }
    begun = time.perf_counter()

    async def ask() -> None:
        async with session.post(invite, json=form) as response:
            if response.status != 202:
                raise RuntimeError(f"{response.status}: {await response.text()}")

    _, came = await asyncio.gather(ask(), relay.next_for(phone))
    return came - begun


async def _looked(owner: HomeAssistantClient, world: World) -> None:
    """Have the folders read, as they are in a home that has run for a while."""
    span = world.recordings.two_cameras
    async with owner.connection() as connection:
        watch = await story.CaseWatch.start(connection)
        for camera in watch.cameras:
            await connection.command(
                f"{DOMAIN}/find_clips",
                camera_id=camera["camera_id"],
                start=span.start.isoformat(),
                end=span.end.isoformat(),
            )


def synced(folder: Path) -> float:
    """Return the seconds that a write takes until it is safely on the disk."""
    with (folder / "synced").open("wb") as file:
        file.write(bytes(4096))
        file.flush()
        begun = time.perf_counter()
        os.fsync(file.fileno())
        return time.perf_counter() - begun


async def _measure(folder: Path) -> Measure:
    disk: list[float] = []
    bare: list[float] = []
    asked: list[float] = []
    async with (
        running_world(folder, _MEDIA, yesterday()) as world,
        aiohttp.ClientSession() as session,
        relaying() as relay,
    ):
        owner = await world.owner(session)
        made = await story.set_up_integration(owner)
        links = [made.invite_link]
        for number in range(REPEAT):
            if number and number % _PER_INVITE == 0:
                label = f"Neighbour {number}"
                links.append(await story.add_invite(owner, made.entry_id, label))
            name = f"approver{number}"
            user = await add_user(owner, name, PASSWORD)
            phone = await Phone.register(
                session,
                base_url=world.home.base_url,
                user=name,
                password=PASSWORD,
                name=name,
                platform=Platform.ANDROID,
                push_url=relay.url,
            )
            await story.add_approver(owner, made.entry_id, user)
            await asyncio.sleep(_SETTLED)
            await _looked(owner, world)
            bare += [
                await _notified(owner, relay, phone, name) for _ in range(_NOTIFIES)
            ]
            disk.append(await asyncio.to_thread(synced, folder))
            asked.append(await _asked(session, relay, phone, links[-1], world))
        if faults := world.home.faults():
            raise RuntimeError(f"Home Assistant says: {faults}")
    median = statistics.median
    ours, theirs = median(asked[1:]), median(bare[_NOTIFIES:])
    return Measure(
        what="request in → push out, nothing to prepare",
        against="a bare `notify` action on the same HA",
        wanted=2.0,
        measured=ours / theirs,
        figures=f"{ours * 1e3:.0f} ms to {theirs * 1e3:.1f} ms; each step of a request"
        " is safely on the disk before the next: that takes"
        f" {median(disk) * 1e3:.1f} ms each time",
    )


def run() -> list[Measure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        return [asyncio.run(_measure(Path(folder)))]
