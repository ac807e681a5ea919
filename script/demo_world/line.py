"""A line to a web server that costs its client next to nothing."""

import asyncio
from dataclasses import dataclass

from .processes import LOOPBACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: `etag` is empty where there is none."""

    status: int
    etag: str
    body: bytes


class Line:
    """One connection that is kept, and the answers on it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Keep both ends."""
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, port: int) -> Line:
        """Open a line to this machine."""
        return cls(*await asyncio.open_connection(LOOPBACK, port))

    async def get(self, path: str, etag: str = "") -> Said:
        """Ask for something, or whether it is still what has this ETag."""
        known = f"If-None-Match: {etag}\r\n" if etag else ""
        await self.write(f"GET {path} HTTP/1.1\r\nHost: hub\r\n{known}\r\n".encode())
        return await self.answer()

    async def write(self, data: bytes) -> None:
        """Write any bytes."""
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self) -> Said:
        """Return the next answer, whose body says its length."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        length = etag = ""
        for line in head.split("\r\n")[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "content-length":
                length = value
            elif name.lower() == "etag":
                etag = value
        status = int(head.split(maxsplit=2)[1])
        size = 0 if status == 304 else int(length or 0)
        body = await self._reader.readexactly(size)
        return Said(status=status, etag=etag, body=body)

    async def ask(self, request: bytes, begins: bytes) -> None:
        """Ask for what has no body, and look at no more than how the answer begins."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(begins):
            raise RuntimeError(head.decode())

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        await self._writer.wait_closed()
