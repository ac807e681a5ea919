"""A home: follows a hub, believes it as far as it can be checked, delivers to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http import HTTPStatus
import secrets
from typing import Any, Final

import aiohttp

from .asked import within_limits
from .cells import around, cell_of
from .log import text_digest
from .reader import Reader
from .signing import FEED
from .spelling import Distrust, Said, instant, parsed, sha256
from .stored import TUS, send
from .web import Answer, RefusedError, Web

FEED_MAX: Final = 2**20

_PIECE: Final = 64 * 1024


@dataclass(slots=True)
class Kept:
    """What a home keeps of a cell's feed."""

    body: bytes
    seq: int
    n: int  # of the head in it
    day: date  # on which it came (UTC): on another one nothing is said of it

    @property
    def etag(self) -> str:
        """Return the only ETag that is not of the hub's choice: the body's digest."""
        return f'"{sha256(self.body)}"'


@dataclass(slots=True)
class Home:
    """One place, and what it knows of one hub."""

    reader: Reader
    latitude: float
    longitude: float
    feeds: dict[str, Kept] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)  # cells and answers

    @property
    def web(self) -> Web:
        """Return the hub it speaks to."""
        return self.reader.web

    async def slot(self, now: datetime) -> list[Said]:
        """Ask once, as in each slot; return the open items around, oldest first.

        Raises Distrust: then nothing of the hub is offered to the owner.
        """
        info = await self.reader.look(now)
        length = len(info["cells"][0])
        near = around(self.latitude, self.longitude, length)
        cells = [cell for cell in near if cell in info["cells"]]
        found = {cell: await self._feed(cell, now) for cell in cells}
        if max((kept.n for kept in self.feeds.values()), default=0) > self.reader.log.n:
            await self.reader.read_on(now)  # something was published in between
        items: dict[int, Said] = {}
        for cell in cells:
            items |= self._items(found[cell], now)
        return [items[n] for n in sorted(items) if within_limits(items[n])]

    async def _feed(self, cell: str, now: datetime) -> Said:
        """Return a cell's feed, of which the log was not asked yet."""
        kept = self.feeds.get(cell)
        day = now.astimezone(UTC).date()
        same = kept is not None and kept.day == day
        headers = {"If-None-Match": kept.etag} if kept and same else {}
        answer = await self.web.get(f"/feed/{cell}", headers=headers)
        self.asked.append((cell, answer.status))
        body = kept.body if kept and answer.status == HTTPStatus.NOT_MODIFIED else None
        feed = self._read(cell, answer if body is None else body, now)
        if kept and feed["seq"] < kept.seq:
            raise Distrust("rollback", f"feed {feed['seq']} after {kept.seq}")
        other = body is None and answer.body != (kept.body if kept else None)
        if kept and feed["seq"] == kept.seq and other:
            raise Distrust("fork", f"two feeds with the number {kept.seq}")
        if body is None:
            self.feeds[cell] = Kept(answer.body, feed["seq"], feed["head"]["n"], day)
        return feed

    def _read(self, cell: str, answer: Answer | bytes, now: datetime) -> Said:
        if isinstance(answer, Answer):
            body = answer.body
            etag = f'"{sha256(body)}"'
            if answer.headers.get("ETag") != etag or len(body) > FEED_MAX:
                raise Distrust("answer_of_another_kind", "an ETag that marks a home")
        else:
            body = answer
        feed = self.reader.signed(body.decode(), FEED, now)
        if (feed["hub"], feed["cell"], feed["version"]) != (self.reader.hub, cell, 1):
            raise Distrust("other_hub", "a feed of something else")
        if instant(feed["expires"]) <= now:
            raise Distrust("feed_expired")
        return feed

    def _items(self, feed: Said, now: datetime) -> dict[int, Said]:
        log = self.reader.log
        log.agree({**feed["head"], "hub": feed["hub"], "version": 1}, self.reader.hub)
        found = {}
        for each in feed["items"]:
            n = each["n"]
            entry: Any = log.entries[n - 1] if 0 < n <= log.n else {}
            digest = text_digest(each["salt"], each["text"])
            if (entry.get("kind"), entry.get("digest")) != ("published", digest):
                raise Distrust("unlisted", str(n))
            item = parsed(each["text"])
            if item["id"] != entry["id"]:
                raise Distrust("unlisted", item["id"])
            if n not in log.over() and now < instant(item["expires_at"]):
                found[n] = item
        return found

    async def count_me(self, id: str, length: int) -> None:
        """Say that one more home is here; only for an owner who opted in."""
        cell = cell_of(self.latitude, self.longitude, length)
        await self.web.post("/coverage", {"version": 1, "cell": cell, "id": id})

    async def deliver(self, request: str, sealed: bytes, cut: int | None = None) -> str:
        """Upload by tus, resumed where it stopped; return the upload's address.

        Where the log names a store: there, and to no other one. `cut` bytes after its
        begin, the connection is cut off once.
        """
        created = await self._created(request, len(sealed))
        url = self.web.there(created.headers["Location"])
        if storage := self.storage:
            await send(self.web, url, created, sealed, storage, cut)
            return url
        if created.body:
            raise Distrust("another_origin", "a store that the log does not name")
        if cut is not None:
            await self._cut_off(url, sealed, cut)
        while True:
            answer = await self.web.call("HEAD", url, headers=TUS)
            if int(answer.headers["Upload-Length"]) != len(sealed):
                raise Distrust("answer_of_another_kind", "another length")
            offset = int(answer.headers["Upload-Offset"])
            try:
                answer = await self.patch(url, offset, sealed[offset:])
            except RefusedError as err:
                if err.status in {HTTPStatus.CONFLICT, HTTPStatus.LOCKED}:
                    continue  # the cut-off writer was still at work
                raise
            if int(answer.headers["Upload-Offset"]) == len(sealed):
                return url

    async def patch(self, url: str, offset: int, piece: bytes) -> Answer:
        """Send bytes from an offset on."""
        headers = {
            **TUS,
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(piece)),
        }
        return await self.web.call("PATCH", url, headers=headers, data=_pieces(piece))

    @property
    def storage(self) -> str | None:
        """Return the origin of the store that the newest terms of the log name."""
        terms = self.reader.log.of_kind("terms")
        return self.reader.log.texts[terms[-1]["n"]].get("storage") if terms else None

    async def _created(self, request: str, length: int) -> Answer:
        headers = {**TUS, "Upload-Length": str(length)}
        url = f"{self.web.base}/drops/{request}"
        answer = await self.web.call("POST", url, headers=headers)
        if answer.status != HTTPStatus.CREATED:
            raise Distrust("answer_of_another_kind", "no upload was created")
        return answer

    async def _cut_off(self, url: str, sealed: bytes, cut: int) -> None:
        async def half() -> AsyncIterator[bytes]:
            async for piece in _pieces(sealed[:cut]):
                yield piece
            raise ConnectionResetError

        headers = {
            **TUS,
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(sealed)),
        }
        try:
            await self.web.call("PATCH", url, headers=headers, data=half())
        except aiohttp.ClientError, ConnectionResetError:
            return
        raise Distrust("answer_of_another_kind", "half an upload was answered")


async def _pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), _PIECE):
        yield data[start : start + _PIECE]


def new_id() -> str:
    """Return 128 random bits as the page writes them."""
    number = secrets.randbits(128) << 2
    digits = "abcdefghijklmnopqrstuvwxyz234567"
    return "".join(digits[number >> shift & 31] for shift in range(125, -1, -5))
