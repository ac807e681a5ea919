"""A hub and homes that follow it: four real Home Assistants, and who listens between."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
import hashlib
from io import BytesIO
import json
from pathlib import Path
from typing import Final

import aiohttp
from aiohttp import web
from yarl import URL

from script.demo_world import story
from script.demo_world.client import HomeAssistantClient, JsonObject
from script.demo_world.flows import Flow
from script.demo_world.home_assistant import DOMAIN, HomeAssistant
from script.demo_world.hub import BASE, Hub, set_up_hub
from script.demo_world.processes import LOOPBACK, free_port
from script.demo_world.recordings import Recordings

SLOT: Final = 5  # seconds
BESIDE: Final = (52.378, 4.89)  # 900 metres north, in the same cell of five characters
# of a connection, not of what is said on it
_HOP: Final = frozenset({"host", "connection", "transfer-encoding", "keep-alive"})

# What lets time be short in the homes: an integration beside ours, so that in ours
# there is nothing to set. Chance stays chance; it draws from the first seconds alone.
HURRY: Final = f'''\
"""Lets slots be shorter than any real home takes them, and uploads wait for less."""
from custom_components.clip_consent.core import portal_slots
from custom_components.clip_consent.home import sending

async def async_setup(hass, config):
    portal_slots.SLOTS = ({SLOT}, *portal_slots.SLOTS)
    sending.UPLOAD_WAIT_MIN, sending.UPLOAD_WAIT_MAX = 1.0, 5.0
    return True
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One request of a home as the hub gets it."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: str  # digest

    @property
    def is_question(self) -> bool:
        """Whether it only asks."""
        return self.method == "GET"


@dataclass(slots=True)
class Listener:
    """Stands between a home and the hub, and writes down what the home says.

    Of the hub's answers it changes one number: how often homes ask.
    """

    hub: str
    port: int
    said: list[Said] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the home finds the hub."""
        return f"http://{LOOPBACK}:{self.port}"

    @asynccontextmanager
    async def listening(self, session: aiohttp.ClientSession) -> AsyncIterator[None]:
        """Pass on and write down."""

        async def handle(request: web.Request) -> web.Response:
            return await self._pass_on(session, request)

        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/{rest:.*}", handle)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, self.port).start()
        try:
            yield
        finally:
            await runner.cleanup()

    async def _pass_on(
        self, session: aiohttp.ClientSession, request: web.Request
    ) -> web.Response:
        body = await request.read()
        headers = [
            (name.lower(), value)
            for name, value in request.headers.items()
            if name.lower() not in _HOP
        ]
        self.said.append(
            Said(
                method=request.method,
                path=request.raw_path,
                headers=tuple(sorted(headers)),
                body=hashlib.sha256(body).hexdigest(),
            )
        )
        async with session.request(
            request.method,
            URL(f"{self.hub}{request.raw_path}", encoded=True),
            headers=headers,
            data=BytesIO(body) if body else None,
            allow_redirects=False,
        ) as answer:
            data = await answer.read()
            kept = {
                name: value
                for name, value in answer.headers.items()
                if name.lower() not in {*_HOP, "content-length", "content-encoding"}
            }
            if request.path == f"{BASE}/info" and answer.status == 200:
                data = json.dumps({**json.loads(data), "slot_seconds": SLOT}).encode()
                if "ETag" in kept:
                    kept["ETag"] = f'"{hashlib.sha256(data).hexdigest()}"'
            return web.Response(status=answer.status, body=data, headers=kept)


@dataclass(slots=True, kw_only=True)
class Follower:
    """A running home that follows the hub through a listener."""

    home: HomeAssistant
    client: HomeAssistantClient
    listener: Listener

    def polls(self) -> list[Said]:
        """Return what it asked: all but deliveries."""
        return [one for one in self.listener.said if one.is_question]


@dataclass(slots=True, kw_only=True)
class Street:
    """All of it."""

    recordings: Recordings
    hub: Hub
    sharer: Follower
    decliner: Follower
    outsider: Follower


@asynccontextmanager
async def running_street(
    folder: Path, recordings: Recordings
) -> AsyncGenerator[Street]:
    """Start a hub and three homes; end them all."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        homes = {
            "hub": HomeAssistant(folder / "hub", free_port()),
            "sharer": HomeAssistant(folder / "sharer", free_port()),
            "decliner": HomeAssistant(folder / "decliner", free_port()),
            "outsider": HomeAssistant(folder / "outsider", free_port(), BESIDE),
        }
        clients: dict[str, HomeAssistantClient] = {}
        for name, home in homes.items():
            home.prepare(recordings)
            if name != "hub":
                home.add_component("hurry", HURRY)
            home.start()
        stack.push_async_callback(_stop, list(homes.values()))
        for name, home in homes.items():
            await home.answering(session)
            clients[name] = HomeAssistantClient(session, await home.onboard(session))
            await home.running(clients[name])
        hub = await set_up_hub(homes["hub"], clients["hub"])
        followers = {}
        for name in ("sharer", "decliner", "outsider"):
            listener = Listener(hub=homes["hub"].base_url, port=free_port())
            await stack.enter_async_context(listener.listening(session))
            await follow(clients[name], listener.url)
            followers[name] = Follower(
                home=homes[name], client=clients[name], listener=listener
            )
        yield Street(recordings=recordings, hub=hub, **followers)


async def _stop(homes: list[HomeAssistant]) -> None:
    await asyncio.gather(*(asyncio.to_thread(home.stop) for home in homes))


async def follow(client: HomeAssistantClient, url: str) -> None:
    """Set a home up and follow the hub, as its owner does in the forms."""
    made = await story.set_up_integration(client)
    flow = await Flow.subentry(client, made.entry_id, "portal")
    await flow.fill(url=url)
    await flow.fill(same=True)
    flow.finished()


async def cases_of(client: HomeAssistantClient) -> list[JsonObject]:
    """Return all cases of a home."""
    given = await client.action(DOMAIN, "get_requests", {}, answer=True)
    requests: list[JsonObject] = given["requests"]
    return requests
