"""A TCP proxy that fails on purpose: cuts, resets, delays, swallowed answers."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens to one connection."""

    cut_after: int | None = None  # bytes towards the server
    reset: bool = False  # by RST, not FIN
    lose_answer: bool = False  # the server gets all, the client hears nothing
    hold: bool = False  # the server gets nothing, the client hears nothing


class FaultProxy:
    """Stands before a server. Faults are taken in order, by the request's method."""

    def __init__(self, upstream: int) -> None:
        self.port = 0
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.methods: list[str] = []
        self.sent = bytearray()  # all that went towards the server
        self._upstream = upstream
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._serve(reader, writer)
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        head = await reader.readuntil(b"\r\n")
        method = head.partition(b" ")[0].decode()
        self.methods.append(method)
        queue = self.faults[method]
        fault = queue.pop(0) if queue else Fault()
        if fault.hold:
            await asyncio.Event().wait()
        async with _upstream(self._upstream) as (answers, requests):
            await self._pass(_Side(reader, writer), answers, requests, head, fault)

    async def _pass(
        self,
        client: _Side,
        answers: asyncio.StreamReader,
        requests: asyncio.StreamWriter,
        head: bytes,
        fault: Fault,
    ) -> None:
        def taken(data: bytes) -> None:
            self.sent += data

        taken(head)
        requests.write(head)
        sending = asyncio.create_task(
            _pump(client.reader, requests, taken, fault.cut_after)
        )
        answering = asyncio.create_task(
            _swallow(answers) if fault.lose_answer else _pump(answers, client.writer)
        )
        tasks = {sending, answering}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            # The client's end of sending is not the end: its answer is still to come.
            if sending in done and not sending.cancelled() and sending.result():
                await asyncio.wait({answering})
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if fault.reset:
                client.writer.transport.abort()
                requests.transport.abort()


@dataclass(frozen=True, slots=True)
class _Side:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


@asynccontextmanager
async def _upstream(
    port: int,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def _pump(
    source: asyncio.StreamReader,
    sink: asyncio.StreamWriter,
    taken: Callable[[bytes], None] | None = None,
    most: int | None = None,
) -> bool:
    """Pass bytes on; False if it stopped because `most` were passed."""
    passed = 0
    with suppress(OSError):
        while data := await source.read(65536):
            if most is not None:
                data = data[: most - passed]
            sink.write(data)
            await sink.drain()
            if taken is not None:
                taken(data)
            passed += len(data)
            if most is not None and passed >= most:
                return False
    return True


async def _swallow(source: asyncio.StreamReader) -> bool:
    """Wait for an answer, and keep it."""
    await source.read(65536)
    return False
