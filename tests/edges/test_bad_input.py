"""Bad bodies at the one door outside that takes any: a fixed answer, and nothing else.

Never a traceback, a 401 (it would count as a failed login), a changed state or a blocked
loop. The other doors are in test_bad_doors.py, those inside in test_bad_commands.py.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
import contextlib
import gzip
import json
from typing import Any
import zlib

from aiohttp import StreamReader
import pytest

from custom_components.clip_consent.base import public_view

from .undisturbed import ASK, JSON, Body, refused, stranger, undisturbed

__all__ = ["stranger", "undisturbed"]  # fixtures, used by name


# --- bodies

NO_TEXT: list[Any] = [True, False, 0, -1, 1.5, 2**53, [], ["a"], {}, {"a": 1}]
NOT_SAID: list[Any] = [None, "", " ", "\u3164\u200b"]
NO_WORDS: list[Any] = [
    *(
        "\u0000",
        "a\u0007",
        "\x1b[31m",
        "\u202e",
        "\u2066",
        "\ue000",
        "\uffff",
        "\ufeff",
    ),
    *("e" + "\u0301" * 9, "x" * 2001, "\U000e0041", "\x7f"),
]
NO_TIME: list[Any] = [
    *("yesterday", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00"),
    *(
        "2026-02-30T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "x" * 9000,
    ),
    *("0001-01-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z"),
    *("\u0662\u0660\u0662\u0666-01-01T00:00:00Z", "2026-01-01T00:00:00.1Z", "\u0000"),
]
NO_KEY: list[Any] = [
    *("age1", "AGE1" + "Q" * 58, "age1" + "q" * 58, "age1" + "\u0662" * 58, "x" * 9000),
    *("AGE-SECRET-KEY-1" + "Q" * 58, "ssh-ed25519 AAAA", "' OR 1=1 --", "\u0000"),
]
WRONG: dict[str, list[Any]] = {
    "name": [*NOT_SAID, *NO_WORDS, "a\nb", "x" * 128],
    "text": [*NOT_SAID, *NO_WORDS],
    "contact": [*NO_WORDS, "a\nb", "\u3164", "x" * 256],
    "case_number": [*NO_WORDS, "a\nb", "123", "x" * 65],  # none from a neighbour
    "kind": ["martian", "Neighbour", "police ", "\u0000", "x" * 9000],
    "recipient": [*NOT_SAID, *NO_KEY],
    "start": [*NOT_SAID, *NO_TIME],
    "end": [*NOT_SAID, *NO_TIME],
    "version": [None, "1", "", 0, 2, 1.5, True, [], [1], {}, 2**53],
}


@pytest.mark.parametrize("field", WRONG)
@pytest.mark.usefixtures("undisturbed")
async def test_each_field_of_each_wrong_kind(
    stranger: Any, body: Body, field: str
) -> None:
    """400 for every value that cannot stand there."""
    no_text = [] if field == "version" else NO_TEXT
    for value in (*WRONG[field], *no_text):
        response = await stranger.post(ASK, json={**body, field: value})
        await refused(response, 400)


@pytest.mark.parametrize(
    "field", ["version", "start", "end", "text", "name", "recipient"]
)
@pytest.mark.usefixtures("undisturbed")
async def test_each_field_left_out(stranger: Any, body: Body, field: str) -> None:
    """400 for a body without what is needed."""
    del body[field]
    await refused(await stranger.post(ASK, json=body), 400)


NOT_JSON = {
    "empty": b"",
    "half": b"{",
    "list": b"[]",
    "null": b"null",
    "text": b'"version"',
    "number": b"1" * 60_000,
    "digits": b'{"version":' + b"1" * 60_000 + b"}",
    "exponent": b'{"version":1e400}',
    "nan": b'{"version":NaN}',
    "infinity": b'{"version":-Infinity}',
    "deep": b'{"a":' * 1025 + b"1" + b"}" * 1025,
    "deep lists": b"[" * 30_000,
    "open texts": b'{"a":"' + b"\\" * 60_000,
    "twice": b'{"version":1,"version":1}',
    "half a pair": b'{"version":1,"text":"\\ud800"}',
    "not utf-8": b'{"version":"\xff\xfe"}',
    "utf-16": '{"version":1}'.encode("utf-16"),
    "mark": b"\xef\xbb\xbf{}",
    "after": b"{} {}",
    "zeros": b"\0" * 60_000,
}


@pytest.mark.parametrize("name", NOT_JSON)
@pytest.mark.usefixtures("undisturbed")
async def test_bodies_that_are_no_request(stranger: Any, name: str) -> None:
    """F-04: 400 for what is no JSON, no object, too deep, or read differently by others."""
    await refused(await stranger.post(ASK, data=NOT_JSON[name], headers=JSON), 400)


@pytest.mark.usefixtures("undisturbed")
async def test_bodies_that_are_too_large(stranger: Any) -> None:
    """F-04: 413 from the first byte too many, announced or not."""

    async def drip(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 1000):
            yield b" " * 1000
        yield b" " * (size % 1000)

    await refused(await stranger.post(ASK, data=b" " * 65_536, headers=JSON), 400)
    await refused(await stranger.post(ASK, data=b" " * 65_537, headers=JSON), 413)
    await refused(await stranger.post(ASK, data=drip(65_536), headers=JSON), 400)
    await refused(await stranger.post(ASK, data=drip(65_537), headers=JSON), 413)
    await refused(await stranger.post(ASK, data=drip(900_000), headers=JSON), 413)


@pytest.mark.parametrize(
    "kind",
    [
        *("text/plain", "application/x-www-form-urlencoded", "text/json", "x"),
        *("multipart/form-data; boundary=a", "application/jsonp", "application/json5"),
        *("application/octet-stream", "text/plain; application/json", ""),
    ],
)
@pytest.mark.usefixtures("undisturbed")
async def test_other_content_types(stranger: Any, body: Body, kind: str) -> None:
    """415 for what a form of another site could send."""
    data = json.dumps(body).encode()
    headers = {"Content-Type": kind}
    await refused(await stranger.post(ASK, data=data, headers=headers), 415)


def _zlib(data: bytes) -> bytes:
    return zlib.compress(data)


def _plain(data: bytes) -> bytes:
    return data


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", _zlib),
        ("identity", _plain),
        ("x-gzip", _plain),
        ("compress", _plain),
        ("nonsense", _plain),
    ],
)
@pytest.mark.usefixtures("undisturbed")
async def test_packed_bodies(
    stranger: Any, body: Body, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    """F-04, T13: 415 whatever is inside; a get with such a header too."""
    data = pack(json.dumps(body).encode())
    headers = {**JSON, "Content-Encoding": encoding}
    await refused(await stranger.post(ASK, data=data, headers=headers), 415)
    await refused(await stranger.get(ASK, headers={"Content-Encoding": "gzip"}), 415)


@pytest.mark.usefixtures("undisturbed")
async def test_a_bomb_is_not_unpacked(
    stranger: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F-04, T13: of a gzip of 200 MB next to nothing is ever unpacked."""
    bomb = await asyncio.to_thread(gzip.compress, bytes(200_000_000))
    fed = 0
    real = StreamReader.feed_data

    def count(self: StreamReader, data: bytes, *rest: Any) -> Any:
        nonlocal fed
        fed += len(data)
        return real(self, data, *rest)

    line = await _line(stranger)
    monkeypatch.setattr(StreamReader, "feed_data", count)
    await line.send(_head("Content-Encoding: gzip", f"Content-Length: {len(bomb)}"))
    assert b" 415 " in await line.read_until(b"}")
    with contextlib.suppress(ConnectionError):
        for start in range(0, len(bomb), 4096):
            await line.send(bomb[start : start + 4096])
            await asyncio.sleep(0.001)
    with contextlib.suppress(ConnectionError):
        await line.closed()
    assert fed < 20_000_000
    await line.close()


# --- lines that are not kept as promised


class Line:
    """A connection on which anything can be said."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.reader = reader
        self._writer = writer

    async def send(self, data: bytes) -> None:
        """Say something."""
        self._writer.write(data)
        await self._writer.drain()

    async def read_until(self, mark: bytes) -> bytes:
        """Return the answer up to a mark."""
        async with asyncio.timeout(30):
            return await self.reader.readuntil(mark)

    async def closed(self) -> None:
        """Wait until the other side hangs up."""
        async with asyncio.timeout(30):
            while await self.reader.read(65_536):
                pass

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()


async def _line(stranger: Any) -> Line:
    return Line(*await asyncio.open_connection("127.0.0.1", stranger.server.port))


def _head(*headers: str) -> bytes:
    lines = [f"POST {ASK} HTTP/1.1", "Host: x", "Content-Type: application/json"]
    return "\r\n".join([*lines, *headers, "", ""]).encode()


@pytest.mark.parametrize(
    ("header", "beginning"),
    [
        ("Transfer-Encoding: chunked", b"1\r\n{\r\n"),
        ("Content-Length: 100", b"{"),
        ("Content-Length: 100", b""),
    ],
)
@pytest.mark.usefixtures("undisturbed")
async def test_a_body_without_end_is_cut(
    stranger: Any, monkeypatch: pytest.MonkeyPatch, header: str, beginning: bytes
) -> None:
    """F-04: whoever never finishes is answered 400 after a while."""
    monkeypatch.setattr(public_view, "BODY_SECONDS", 0.2)
    line = await _line(stranger)
    await line.send(_head(header) + beginning)
    answer = await line.read_until(b'{"error":"bad_request"}')
    assert answer.startswith(b"HTTP/1.1 400 ")
    await line.close()


@pytest.mark.usefixtures("undisturbed")
async def test_whoever_hangs_up_leaves_nothing_behind(stranger: Any) -> None:
    """A line cut in the middle of a body is no request."""
    for header in ("Transfer-Encoding: chunked", "Content-Length: 100"):
        line = await _line(stranger)
        await line.send(_head(header))
        await asyncio.sleep(0.05)
        await line.close()
    await asyncio.sleep(0.2)
