"""The manager's made-up home behind the real public pages, with a clock held by hand."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.models import Case, Invite, Trust
from custom_components.clip_consent.frontend import read_public_files
from custom_components.clip_consent.http import register_views
from custom_components.clip_consent.setup_hub import find_drops
from tests.manager.world import GARDEN, NOON, World, recipient, settings

TOKEN = "a" * 26
OTHERS = [letter * 26 for letter in "bcde"]
PUBLIC = f"/api/{DOMAIN}"

type Client = TestClient[Any, Any]
type Prepare = Callable[[World], None]
type Maker = Callable[..., Awaitable[OpenHome]]
type Told = tuple[int, tuple[tuple[str, str], ...], bytes]  # status, headers, body


def invite(token: str, **changes: object) -> Invite:
    """Return somebody's invite."""
    base = Invite(
        invite_id=f"invite {token[:1]}",
        token=token,
        label="Carol next door",
        trust=Trust.INVITED,
        cameras=None,
        expires_at=None,
        per_day=5,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def ask_body(key: str, **changes: object) -> dict[str, object]:
    """Return what the form sends: the five minutes from eleven."""
    start = NOON - timedelta(hours=1)
    return {
        "version": 1,
        "start": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{start + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
        "text": "My bicycle",
        "name": "Carol",
        "kind": "neighbour",
        "recipient": key,
        **changes,
    }


@dataclass
class OpenHome:
    """A world, and a stranger in front of it."""

    world: World
    client: Client
    entry: MockConfigEntry
    key: str = field(default_factory=recipient)

    async def start(self) -> None:
        """Open for the public."""
        self.entry.runtime_data = await self.world.boot()

    async def restart(self) -> None:
        """Stop and start again."""
        await self.world.manager.async_stop()
        await self.start()

    async def case(self, key: str | None = None) -> Case:
        """Return the newest case of a sender."""
        return (await self.cases(key))[0]

    async def cases(self, key: str | None = None) -> list[Case]:
        """Return the cases of a sender, newest first."""
        cases, _ = await self.world.bench.store.async_history(None, 500)
        wanted = key or self.key
        return [case for case in cases if case.request.recipient == wanted]

    async def post(self, key: str, token: str = TOKEN, **changes: object) -> Told:
        """Send the form."""
        body = json.dumps(ask_body(key, **changes))
        return await told(
            self.client.post(
                f"{PUBLIC}/ask/{token}",
                data=body.encode(),
                headers={"Content-Type": "application/json"},
            )
        )

    async def ask(self, key: str, token: str = TOKEN, **changes: object) -> str:
        """Send the form, let the home work, return the request's id."""
        status, _, body = await self.post(key, token, **changes)
        assert status == 202, body
        await self.world.settle()
        return str(json.loads(body)["id"])

    async def get(self, path: str) -> Told:
        """Fetch a public path."""
        return await told(self.client.get(f"{PUBLIC}/{path}"))

    async def look(self) -> None:
        """Do what the home does of itself every half minute."""
        store, now = self.world.bench.store, self.world.clock.now()
        self.world.manager.look_again()
        await self.world.settle()
        await store.async_expired_drops(now)
        await store.async_forget_words(now)


async def told(request: Any) -> Told:
    """Return all that an answer says, but for the time of day."""
    async with request as response:
        body = await response.read()
        headers = tuple(
            (name.decode(), value.decode())
            for name, value in response.raw_headers
            if name.lower() != b"date"
        )
        return response.status, headers, body


@pytest.fixture
async def homes(
    hass: HomeAssistant,
    hass_client_no_auth: ClientSessionGenerator,
    tmp_path: Path,
    socket_enabled: None,
) -> AsyncIterator[Maker]:
    """Return a maker of homes behind the public pages.

    Each home takes the place of the one before.
    """
    assert await async_setup_component(hass, "http", {})
    register_views(hass, read_public_files(), find_drops)
    entry = MockConfigEntry(domain=DOMAIN, unique_id="home")
    entry.add_to_hass(hass)
    client = await hass_client_no_auth()
    worlds: list[World] = []

    async def make(name: str, prepare: Prepare | None = None) -> OpenHome:
        if worlds:
            await worlds[-1].manager.async_stop()
        made = settings()
        for token in (TOKEN, *OTHERS):
            made.invites[token] = invite(token)  # type: ignore[index]
        world = World(folder=tmp_path / name, settings=made)
        world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
        if prepare:
            prepare(world)
        worlds.append(world)
        home = OpenHome(world, client, entry)
        await home.start()
        entry.mock_state(hass, ConfigEntryState.LOADED)
        return home

    yield make
    if worlds:
        await worlds[-1].manager.async_stop()
    entry.mock_state(hass, ConfigEntryState.NOT_LOADED)
