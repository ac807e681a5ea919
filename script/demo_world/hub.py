"""A hub in a Home Assistant: set up in its forms, asked as a program would ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Final

import aiohttp

from .client import Connection, HomeAssistantClient, JsonObject
from .flows import Flow
from .home_assistant import DOMAIN, PLACE, HomeAssistant
from .processes import free_port

BASE: Final = f"/api/{DOMAIN}/portal/v1"
RADIUS: Final = 1500  # metres
_PATIENCE: Final = 60  # seconds


@dataclass(slots=True, kw_only=True)
class Hub:
    """A running hub, with its moderator's client."""

    home: HomeAssistant
    client: HomeAssistantClient
    entry_id: str

    @property
    def api(self) -> str:
        """Where programs ask."""
        return f"{self.home.base_url}{BASE}"

    @asynccontextmanager
    async def moderating(self) -> AsyncIterator[Connection]:
        """Open a connection of the moderator's."""
        async with self.client.connection() as connection:
            yield connection

    async def add_requester(self, name: str, kind: str) -> str:
        """Enter somebody in the form; return their sign-in link."""
        flow = await Flow.subentry(self.client, self.entry_id, "requester")
        shown = await flow.fill(
            name=name,
            organisation="Police station 12",
            kind=kind,
            verified_how="Met in person",
        )
        link: str = shown.result["description_placeholders"]["url"]
        await flow.fill()
        flow.finished()
        return link

    async def submit(self, token: str, title: str, recipient: str) -> str:
        """Ask for a place in the hub's middle, with nothing but a token.

        `recipient` is an age public key; the hub takes each for one request.
        """
        end = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
        latitude, longitude = self.home.place
        said = {
            "version": 1,
            "title": title,
            "text": "Who saw the car?",
            "start": f"{end - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "end": f"{end:%Y-%m-%dT%H:%M:%SZ}",
            "area": {
                "kind": "circle",
                "latitude": latitude,
                "longitude": longitude,
                "radius": 200,
            },
            "contact": "station12@police.example",
            "case_number": title,
            "recipient": recipient,
        }
        bearer = {"Authorization": f"Bearer {token}"}
        starting = {HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE}
        async with asyncio.timeout(_PATIENCE):
            while True:
                async with self.client.session.post(
                    f"{self.api}/requests", json=said, headers=bearer
                ) as answer:
                    # a new requester starts the hub anew
                    if answer.status not in starting:
                        answer.raise_for_status()
                        request_id: str = (await answer.json())["id"]
                        return request_id
                await asyncio.sleep(0.2)

    async def publish(self) -> None:
        """Publish the one that waits, as a moderator does."""
        async with self.moderating() as moderator:
            queue = await moderator.subscribe(f"{DOMAIN}/hub/subscribe")
            snapshot: JsonObject = await asyncio.wait_for(queue.get(), _PATIENCE)
            (waiting,) = snapshot["waiting"]
            await moderator.command(f"{DOMAIN}/hub/publish", item_id=waiting["id"])


async def set_up_hub(
    home: HomeAssistant, client: HomeAssistantClient, radius: float = RADIUS
) -> Hub:
    """Set a hub up around a running home, in the forms."""
    flow = await Flow.config(client, DOMAIN)
    await flow.choose("set_up_hub")
    latitude, longitude = home.place
    await flow.fill(
        name="Lindenstraat",
        operator="Residents of Lindenstraat",
        contact="hub@lindenstraat.example",
        area={"latitude": latitude, "longitude": longitude, "radius": radius},
    )
    while flow.step.type == "form" and not flow.step.errors:
        await flow.fill()
    entry_id = flow.finished()["result"]["entry_id"]
    return Hub(home=home, client=client, entry_id=entry_id)


@asynccontextmanager
async def running_hub(
    folder: Path, components: dict[str, str] | None = None
) -> AsyncIterator[Hub]:
    """Start a Home Assistant that is nothing but a hub; end it.

    `components` are integrations beside ours: code by name. The moderator's session
    is of the event loop that this runs in.
    """
    home = HomeAssistant(folder, free_port(), PLACE)
    home.prepare(None)
    for name, code in (components or {}).items():
        home.add_component(name, code)
    home.start()
    try:
        async with aiohttp.ClientSession() as session:
            await home.answering(session)
            client = HomeAssistantClient(session, await home.onboard(session))
            await home.running(client)
            yield await set_up_hub(home, client)
    finally:
        home.stop()
