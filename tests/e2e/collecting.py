"""A requester who fetches what comes while it comes, and makes room for more."""

import asyncio
from dataclasses import dataclass, field
import hashlib
from pathlib import Path
from typing import Final

import aiohttp

from custom_components.clip_consent.const import CACHE_HUB
from script.demo_world.home_assistant import DOMAIN
from script.demo_world.hub import Hub

_PIECE: Final = 2**18  # bytes


@dataclass(slots=True, kw_only=True)
class Collector:
    """Holds what came for a request to its digest, and takes it away.

    So many senders at once fill more of a disk than a small machine has: what was
    looked at goes. Nothing that came twice is missed by that, for it comes to be
    looked at twice. `digests` are of all that came, `most_bytes` what lay there at the
    most at one time.
    """

    hub: Hub
    request: str
    token: str
    digests: list[str] = field(default_factory=list)
    most_bytes: int = 0

    @property
    def folder(self) -> Path:
        """Where the hub keeps it."""
        return self.hub.home.folder / ".cache" / DOMAIN / CACHE_HUB

    async def collect(self, while_: asyncio.Future[None]) -> None:
        """Go on until that has ended and nothing is left."""
        while True:
            ended = while_.done()
            self.most_bytes = max(self.most_bytes, self._lying())
            found = await self._listed()
            for delivery in found:
                self.digests.append(await self._fetch(delivery))
                await self._take_away(delivery)
            if ended and not found:
                return
            if not found:
                await asyncio.wait({while_}, timeout=0.25)

    def _lying(self) -> int:
        total = 0
        for path in self.folder.glob("*.age"):
            try:
                total += path.stat().st_size
            except FileNotFoundError:
                continue
        return total

    @property
    def _session(self) -> aiohttp.ClientSession:
        return self.hub.client.session

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def _listed(self) -> list[str]:
        inbox = f"{self.hub.api}/inbox/{self.request}"
        async with self._session.get(inbox, headers=self._bearer) as answer:
            answer.raise_for_status()
            return [each["id"] for each in (await answer.json())["deliveries"]]

    async def _fetch(self, delivery: str) -> str:
        url = f"{self.hub.api}/inbox/{self.request}/{delivery}"
        digest = hashlib.sha256()
        async with self._session.get(url, headers=self._bearer) as answer:
            answer.raise_for_status()
            async for piece in answer.content.iter_chunked(_PIECE):
                digest.update(piece)
        return digest.hexdigest()

    async def _take_away(self, delivery: str) -> None:
        url = f"{self.hub.api}/drops/{self.request}/{delivery}"
        tus = {"Tus-Resumable": "1.0.0"}
        async with self._session.delete(url, headers=tus) as answer:
            assert answer.status == 204
