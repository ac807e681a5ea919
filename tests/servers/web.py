"""Small web servers of a test's own, and names that resolve as a test wants."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import socket
import ssl as tls
from typing import override

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serving(
    handler: Handler, *, ssl: tls.SSLContext | None = None
) -> AsyncIterator[int]:
    """Serve every request on loopback by one handler; yields the port."""
    # It does not wait long for the rest of a body that it has refused.
    server = web.Server(handler, lingering_time=0.5)  # type: ignore[arg-type]
    runner = web.ServerRunner(server, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=ssl)
    await site.start()
    try:
        yield runner.addresses[0][1]
    finally:
        # A caller that hung up is still listened to for as long as that.
        while any(each.is_closing() for each in server._connections.values()):
            await asyncio.sleep(0.01)
        await runner.cleanup()


class Names(AbstractResolver):
    """Names and their addresses, each time the next one of a list; no DNS at all."""

    def __init__(self, known: dict[str, list[list[tuple[str, int]]]]) -> None:
        self._known = known
        self.asked: list[str] = []

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if answers := self._known.get(host.lower().rstrip(".")):
            found = answers.pop(0) if len(answers) > 1 else answers[0]
        else:
            try:  # 127.1, 0x7f.0.0.1, 2130706433: as the C library reads them
                found = [(socket.inet_ntoa(socket.inet_aton(host)), port)]
            except OSError:
                found = []
        if not found:
            raise OSError(None, "unknown name")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=where or port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address, where in found
        ]

    @override
    async def close(self) -> None:
        pass
