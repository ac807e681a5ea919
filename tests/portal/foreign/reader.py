"""Anybody: keys, log, requests, coverage; and a neighbour's notice."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .log import Log
from .signing import HEAD, KeyChain, hub_said, key_chain
from .spelling import Distrust, Said
from .web import Web


@dataclass(slots=True)
class Reader:
    """Follows one hub, whose name is known from elsewhere, and believes nothing else."""

    web: Web
    hub: str
    log: Log = field(default_factory=Log)
    keys: KeyChain | None = None
    first_key: Said = field(default_factory=dict)

    async def info(self, now: datetime) -> Said:
        """Return what a hub says of itself, its keys and its head checked.

        Raises Distrust.
        """
        said = (await self.web.get("/info")).json()
        if said["version"] != 1 or said["hub"] != self.hub:
            raise Distrust("other_hub")
        keys = key_chain(self.hub, said["first_key"], said["rotations"])
        before = self.keys.keys if self.keys else ()
        if keys.keys[: len(before)] != before[: len(keys.keys)]:
            raise Distrust("fork", "other keys than before")
        if len(keys.keys) < len(before):
            raise Distrust("rollback", "fewer keys than before")
        self.keys, self.first_key = keys, said["first_key"]
        if {each["kid"] for each in said["jwks"]["keys"]} != keys.good(now).keys():
            raise Distrust("fork", "jwks and rotations differ")
        self.signed(said["head"], HEAD, now)
        return said

    def signed(self, token: str, typ: str, now: datetime) -> Said:
        """Return what the hub signed; `info` comes before.

        Raises Distrust.
        """
        if self.keys is None:
            raise Distrust("unknown_key", "no keys were read")
        return hub_said(token, typ, self.keys.good(now))

    async def read_on(self, now: datetime) -> Said:
        """Read the log to its end; return its head.

        Raises Distrust `rollback`, `gap`, `fork`.
        """
        while True:
            answer = await self.web.get("/log", params={"from": str(self.log.n + 1)})
            page = answer.json()
            self.log.follow(page["entries"])
            self._learn_keys()
            if not page["entries"]:
                break
        head = self.signed(page["head"], HEAD, now)
        if head["n"] < self.log.n:
            raise Distrust("rollback", f"{head['n']} after {self.log.n}")
        self.log.agree(head, self.hub)
        return head

    async def look(self, now: datetime) -> Said:
        """Read `/info` and the log, and hold the one against the other.

        Raises Distrust.
        """
        before = self.log.n
        said = await self.info(now)
        first = self.signed(said["head"], HEAD, now)
        await self.read_on(now)
        if first["n"] < before:
            raise Distrust("rollback", f"{first['n']} after {before}")
        self.log.agree(first, self.hub)
        if untold := self.log.untold():
            raise Distrust("fork", f"texts without a reason: {untold}")
        self._same_keys(said, first["n"])
        return said

    async def request(self, id: str) -> Said:
        """Return a published request, held against the log.

        Raises Distrust `unlisted`, RefusedError.
        """
        said = (await self.web.get(f"/requests/{id}")).json()
        n = said["log"]
        if said["item"] is not None and self.log.texts.get(n) != said["item"]:
            raise Distrust("unlisted", id)
        return said

    async def coverage(self) -> dict[str, int]:
        """Return how many homes each cell has, about."""
        cells: list[Any] = (await self.web.get("/coverage")).json()["cells"]
        if any(each["homes"] < 5 or each["homes"] % 5 for each in cells):
            raise Distrust("answer_of_another_kind", "a count that tells too much")
        return {each["cell"]: each["homes"] for each in cells}

    def _learn_keys(self) -> None:
        """Take the keys that the log names behind those that `/info` told of."""
        listed = [rotation for _, rotation in self._listed()]
        if self.keys and len(listed) >= len(self.keys.keys):
            named = key_chain(self.hub, self.first_key, listed)
            if named.keys[: len(self.keys.keys)] != self.keys.keys:
                raise Distrust("fork", "the log names other keys")
            self.keys = named

    def _same_keys(self, info: Said, n: int) -> None:
        """Hold `/info` to the log: by its head, the log had exactly these rotations."""
        if [each for at, each in self._listed() if at <= n] != info["rotations"]:
            raise Distrust("fork", "other keys than the log has")

    def _listed(self) -> list[tuple[int, str]]:
        return [
            (entry["n"], self.log.texts[entry["n"]]["rotation"])
            for entry in self.log.of_kind("key")
        ]
