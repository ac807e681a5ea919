"""A street with a real hub, and strangers who know the hub's address and its name."""

import asyncio
from datetime import datetime
from pathlib import Path
import re
import sqlite3
from typing import Any, override

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import pyrage
import yaml

from tests.hub.web import WebHub
from tests.hub.world import MODERATOR, POLICE_TOKEN

from .foreign import package
from .foreign.home import Home
from .foreign.reader import Reader
from .foreign.requester import Asked, Requester
from .foreign.spelling import Said
from .foreign.web import Answer, RefusedError, Web

OPENAPI = Path(__file__).parents[2] / "docs" / "openapi.yaml"
PATHS: Said = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))["paths"]
PLACE = {"kind": "circle", "latitude": 52.535, "longitude": 13.4, "radius": 200}
WANTED: Said = {
    "title": "Car scratched in Lindenstraße",
    "text": "A blue van,\nTuesday evening.",
    "start": "2026-11-23T18:00:00Z",
    "end": "2026-11-23T19:00:00Z",
    "area": PLACE,
}
POLICE: Said = {**WANTED, "contact": "station12@police.example", "case_number": "7"}


class Documented(Web):
    """A hub whose every answer stands in docs/openapi.yaml."""

    @override
    async def call(self, method: str, url: str, **given: Any) -> Answer:
        try:
            answer = await super().call(method, url, **given)
        except RefusedError as err:
            _documented(method, url, err.status)
            raise
        _documented(method, url, answer.status)
        return answer


def _documented(method: str, url: str, status: int) -> None:
    assert str(status) in _answers(method, url), (method, url, status)


def _answers(method: str, url: str) -> Any:
    """Return the statuses that a call may have."""
    path = url.partition("/portal/v1")[2]
    for said, calls in PATHS.items():
        if (
            re.fullmatch(re.sub(r"{\w+}", "[^/]+", said), path)
            and method.lower() in calls
        ):
            return calls[method.lower()]["responses"]
    raise AssertionError(f"{method} {path} is not documented")


class Street:
    """A real hub, and strangers who know its address and its name."""

    def __init__(self, hub: WebHub, session: aiohttp.ClientSession) -> None:
        self.hub = hub
        self.web = Documented(session, hub.origin)
        self.police = Requester(self.web, POLICE_TOKEN)
        self.neighbour = Requester(self.web)
        self.home = self.new_home()

    @property
    def now(self) -> datetime:
        """Return the hub's time, which is the test's."""
        return self.hub.clock.now()

    def new_reader(self) -> Reader:
        return Reader(self.web, self.hub.manager.hub)

    def new_home(self) -> Home:
        return Home(self.new_reader(), 52.535, 13.401)

    async def publish(self, id: str) -> None:
        await self.hub.manager.async_publish(id, MODERATOR)

    async def counted(self, homes: int) -> None:
        """Wait until the hub has written down who is to be counted: it answers first."""

        def written(connection: sqlite3.Connection) -> int:
            (count,) = connection.execute("SELECT count(*) FROM homes").fetchone()
            return int(count)

        async with asyncio.timeout(10):
            while await self.hub.manager._bench.store.async_read(written) < homes:
                await asyncio.sleep(0.01)

    async def published(self, **said: Any) -> Asked:
        asked = await self.police.submit(**{**POLICE, **said})
        await self.publish(asked.id)
        return asked

    async def slot(self) -> list[str]:
        """Return the ids of what the home is asked."""
        return [item["id"] for item in await self.home.slot(self.now)]


def sealed(asked: Asked, content: bytes) -> bytes:
    """Return a film for one who asked, as another home's software would seal it."""
    manifest = {
        "version": 1,
        "kind": "clip",
        "request_id": asked.id,
        "content": {"name": "clip.mp4", "media_type": "video/mp4"},
    }
    tar = package.packed(manifest, content, Ed25519PrivateKey.generate())
    return pyrage.encrypt(package.padded(tar), [asked.identity.to_public()])
