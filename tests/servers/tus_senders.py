"""Many senders of tus at once, over lines that are cut; each sends bytes of its own."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
import hashlib
import random
from typing import Final

import aiohttp
from yarl import URL

PIECE: Final = 64 * 1024
TRIES: Final = 200  # for one upload
_TUS: Final = {"Tus-Resumable": "1.0.0"}
_BYTES: Final = "application/offset+octet-stream"


class _CutError(OSError):
    """The line is cut here."""


@dataclass
class Tally:
    """What senders met."""

    whole: int = 0
    connections: int = 0  # with a body
    cuts: int = 0  # by whoever sends
    lost: int = 0  # by anybody else
    conflicts: int = 0  # 409 or 423: told too early how far it is


class Senders:
    """Sends so many uploads of one size; `cut` is the share of lines that are cut."""

    def __init__(self, *, size: int, cut: float, seed: int = 1) -> None:
        self.size = size
        self.tally = Tally()
        self._cut = cut
        self._chance = random.Random(seed)
        # Each sends another stretch of it.
        self._noise = self._chance.randbytes(size + PIECE)

    def data(self, number: int, start: int = 0, end: int | None = None) -> bytes:
        """Return what is sent as this upload, or a stretch of it."""
        end = self.size if end is None else end
        head = b"%08d" % number  # so that no two are the same
        after = self._noise[number + max(start, 8) : number + max(end, 8)]
        return head[start:end] + after

    def digests(self, count: int) -> list[str]:
        """Return the digests of what is sent, sorted."""
        return sorted(
            hashlib.sha256(self.data(number)).hexdigest() for number in range(count)
        )

    async def send_all(self, endpoint: str, count: int) -> None:
        """Send all of them at once."""
        connector = aiohttp.TCPConnector(limit=0)
        patience = aiohttp.ClientTimeout(total=None, sock_read=120)
        async with aiohttp.ClientSession(
            connector=connector, timeout=patience
        ) as session:
            await asyncio.gather(
                *(self._send(session, endpoint, number) for number in range(count))
            )

    async def _send(
        self, session: aiohttp.ClientSession, endpoint: str, number: int
    ) -> None:
        headers = {**_TUS, "Upload-Length": str(self.size)}
        async with session.post(endpoint, headers=headers) as response:
            response.raise_for_status()
            upload = URL(endpoint).join(URL(response.headers["Location"]))
        offset: int | None = 0
        for _ in range(TRIES):
            if offset is None:
                offset = await self._ask(session, upload)
            offset = await self._patch(session, upload, number, offset)
            if offset == self.size:
                self.tally.whole += 1
                return
        raise RuntimeError(f"upload {number} does not end")

    async def _ask(self, session: aiohttp.ClientSession, upload: URL) -> int:
        async with session.head(upload, headers=_TUS) as response:
            response.raise_for_status()
            return int(response.headers["Upload-Offset"])

    async def _patch(
        self, session: aiohttp.ClientSession, upload: URL, number: int, offset: int
    ) -> int | None:
        """Send the rest; returns how far it is, None if it has to be asked."""
        rest = self.size - offset
        cut_at = self._chance.randrange(max(rest, 1)) if self._is_cut() else None
        headers = {
            **_TUS,
            "Upload-Offset": str(offset),
            "Content-Type": _BYTES,
            "Content-Length": str(rest),
        }
        try:
            async with session.patch(
                upload, headers=headers, data=self._body(number, offset, cut_at)
            ) as response:
                if response.status == 204:
                    return int(response.headers["Upload-Offset"])
                if response.status not in {409, 423}:
                    response.raise_for_status()
                self.tally.conflicts += 1
                await asyncio.sleep(0.05)
        except aiohttp.ClientConnectionError, _CutError:
            if cut_at is None:
                self.tally.lost += 1
            else:
                self.tally.cuts += 1
        return None

    def _is_cut(self) -> bool:
        """Count a line, and tell whether it is one to cut: evenly, so no fewer than said."""
        before = int(self.tally.connections * self._cut)
        self.tally.connections += 1
        return int(self.tally.connections * self._cut) > before

    async def _body(
        self, number: int, offset: int, cut_at: int | None
    ) -> AsyncIterator[bytes]:
        end = self.size
        if cut_at is not None:
            end = offset + cut_at
        for at in range(offset, end, PIECE):
            yield self.data(number, at, min(at + PIECE, end))
        if cut_at is not None:
            raise _CutError
