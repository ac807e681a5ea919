"""One who asks: with a sign-in token, or a neighbour with the secret of an inbox."""

from dataclasses import dataclass
import secrets
from typing import Any

from pyrage import x25519

from .package import Opened, opened
from .spelling import Said, sha256
from .web import Web

_PARTIAL = 206


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was taken, and the key that opens its answers."""

    id: str
    identity: x25519.Identity
    bearer: str


@dataclass(frozen=True, slots=True)
class Requester:
    """Who has a `token`; a neighbour has none."""

    web: Web
    token: str | None = None

    async def submit(self, **said: Any) -> Asked:
        """Ask; what is not said has the value of the page's example.

        Raises RefusedError.
        """
        identity = x25519.Identity.generate()
        secret = secrets.token_urlsafe()
        body: Said = {
            "version": 1,
            "contact": "",
            "case_number": "",
            "recipient": str(identity.to_public()),
            "key_hint": "",
            "inbox": None if self.token else sha256(secret.encode()),
            **said,
        }
        answer = await self.web.post("/requests", body, bearer=self.token)
        return Asked(answer.json()["id"], identity, self.token or secret)

    async def notice(self, title: str, text: str, cells: list[str]) -> Asked:
        """Send a notice in for moderation, and wait for comments."""
        identity, secret = x25519.Identity.generate(), secrets.token_urlsafe()
        body = {
            "version": 1,
            "title": title,
            "text": text,
            "cells": cells,
            "recipient": str(identity.to_public()),
            "inbox": sha256(secret.encode()),
        }
        answer = await self.web.post("/notices", body)
        return Asked(answer.json()["id"], identity, secret)

    async def desk(self) -> Said:
        """Return the desk."""
        return (await self.web.get("/desk", bearer=self.token)).json()

    async def on_desk(self, asked: Asked) -> Said:
        """Return one request as the desk shows it."""
        rows: list[Said] = (await self.desk())["requests"]
        (row,) = (row for row in rows if row["id"] == asked.id)
        return row

    async def withdraw(self, asked: Asked) -> None:
        """Take a request back."""
        path = f"/requests/{asked.id}/withdraw"
        await self.web.post(path, {}, bearer=asked.bearer)

    async def resolve(self, asked: Asked) -> None:
        """Say that no more answers are needed."""
        path = f"/requests/{asked.id}/resolve"
        await self.web.post(path, {}, bearer=asked.bearer)

    async def note(self, asked: Asked, text: str) -> None:
        """Add something to a request, after moderation."""
        said = {"version": 1, "text": text}
        path = f"/requests/{asked.id}/note"
        await self.web.post(path, said, bearer=asked.bearer)

    async def inbox(self, asked: Asked) -> list[Said]:
        """Return what was delivered so far."""
        answer = await self.web.get(f"/inbox/{asked.id}", bearer=asked.bearer)
        return list(answer.json()["deliveries"])

    async def sealed(self, asked: Asked, delivery: Said, piece: int) -> bytes:
        """Return a delivery, fetched in pieces."""
        path, got = f"/inbox/{asked.id}/{delivery['id']}", b""
        while len(got) < delivery["size"]:
            span = {"Range": f"bytes={len(got)}-{len(got) + piece - 1}"}
            answer = await self.web.get(path, bearer=asked.bearer, headers=span)
            if answer.status != _PARTIAL:
                return answer.body
            got += answer.body
        return got

    async def opened(self, asked: Asked, piece: int = 2**19) -> list[Opened]:
        """Return all deliveries, opened and checked.

        Raises Distrust.
        """
        return [
            opened(await self.sealed(asked, each, piece), asked.identity, asked.id)
            for each in await self.inbox(asked)
        ]
