"""Doors of a test, the names they know, and what goes through them."""

import asyncio
from collections.abc import AsyncIterator, Callable
import socket
import ssl

import pytest

from custom_components.clip_consent.base import outbound
from custom_components.clip_consent.base.outbound import (
    AddressInfo,
    Door,
    Origin,
    Outbound,
)
from custom_components.clip_consent.core.errors import DeliveryError
from tests.servers.web import Names

WORLD = Names(
    {
        "rebinding.example": [[("93.184.215.14", 0)], [("127.0.0.1", 0)]],
        "lan.example": [[("192.168.1.10", 0)]],
        "both.example": [[("10.0.0.1", 0), ("fd00::1", 0)]],
        "six.example": [[("::1", 0)]],
        "mapped.example": [[("::ffff:127.0.0.1", 0)]],
        "public.example": [[("93.184.215.14", 0)]],
        "nowhere.example": [[]],
        "localhost": [[("127.0.0.1", 0)]],
        "nas": [[("192.168.1.10", 0)]],
        "nas.local": [[("192.168.1.10", 0)]],
        "router.home.arpa": [[("192.168.1.1", 0)]],
    }
)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[AddressInfo]:
    """Return the sockets that were made, as they are made."""
    sockets: list[AddressInfo] = []

    def noting(
        real: Callable[[AddressInfo], socket.socket],
    ) -> Callable[[AddressInfo], socket.socket]:
        def factory(info: AddressInfo) -> socket.socket:
            found = real(info)
            sockets.append(info)
            return found

        return factory

    for name in ("_public_socket", "_entered_socket"):
        monkeypatch.setattr(outbound, name, noting(getattr(outbound, name)))
    return sockets


@pytest.fixture
async def doors() -> AsyncIterator[Callable[..., Outbound]]:
    """Return a maker of ways out, which are closed in the end."""
    opened: list[Outbound] = []

    def make(
        fetch: set[Origin] = frozenset(),
        send: set[Origin] = frozenset(),
        names: Names = WORLD,
        trust: ssl.SSLContext | None = None,
        patience: float = outbound.PATIENCE,
    ) -> Outbound:
        opened.append(
            Outbound(
                allowed_fetch=frozenset(fetch),
                allowed_send=frozenset(send),
                resolver=names,
                ssl=trust,
                patience=patience,
            )
        )
        return opened[-1]

    yield make
    for one in opened:
        await one.async_close()


async def refused(door: Door, method: str, url: str, **more: object) -> str:
    """Return the code of the permanent error that a request ends in."""
    with pytest.raises(DeliveryError) as raised:
        await answered(door, method, url, **more)
    assert raised.value.permanent
    return raised.value.code


async def answered(door: Door, method: str, url: str, **more: object) -> bytes:
    """Return the body of an answer."""
    async with door.request(method, url, **more) as answer:  # type: ignore[arg-type]
        return await answer.async_read()


async def body(size: int = 3) -> AsyncIterator[bytes]:
    """Yield something to send."""
    for _ in range(size):
        yield b"ciphertext" * 1000


@pytest.fixture
def loopback_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine play a public server: there is no other in a test."""
    monkeypatch.setattr(outbound, "is_public", lambda a: str(a) == "127.0.0.1")
    monkeypatch.setattr(outbound, "is_near", lambda *_: False)


async def raw_server(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], object],
) -> asyncio.Server:
    """Return a server that speaks bytes."""
    return await asyncio.start_server(talk, "127.0.0.1", 0)


@pytest.fixture
async def silent() -> AsyncIterator[int]:
    """Return the port of a server that takes connections and does nothing at all."""
    held: list[asyncio.StreamWriter] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        held.append(writer)

    server = await raw_server(talk)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for writer in held:
        writer.transport.abort()
    await server.wait_closed()
