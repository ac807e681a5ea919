"""An upload to the store that a hub names: section 7 of the page, "In a store"."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from .spelling import Distrust, Said
from .web import Answer, RefusedError, Web

TUS: Final = {"Tus-Resumable": "1.0.0"}

_PIECE: Final = 64 * 1024
_THERE_ALREADY: Final = frozenset({HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED})


def ticket_in(answer: Answer, storage: str) -> Said:
    """Return `put` of an answer. Raises Distrust where it leads anywhere else."""
    said = answer.json()
    if said["version"] != 1:
        raise Distrust("answer_of_another_kind", "another version")
    put: Said = said["put"]
    parts = urlsplit(put["url"])
    if f"{parts.scheme}://{parts.netloc}" != storage:
        raise Distrust("another_origin", parts.netloc)
    return put


async def send(
    web: Web, url: str, first: Answer, sealed: bytes, storage: str, cut: int | None
) -> None:
    """Bring an upload to the store, however often it takes, until the hub saw it.

    `cut` bytes after its begin, the first PUT is cut off.
    """
    put = ticket_in(first, storage)
    while True:
        body = _pieces(sealed, cut)
        try:
            status = await _put(web.session, put, body)
        except aiohttp.ClientError, ConnectionResetError:
            status = 0
        cut = None
        if status not in {0, HTTPStatus.OK, *_THERE_ALREADY}:
            raise RefusedError(status, {})
        if await _came(web, url, len(sealed)):
            return
        put = ticket_in(await web.call("GET", url, headers=TUS), storage)


async def _put(session: aiohttp.ClientSession, put: Said, body: Any) -> int:
    async with session.put(
        URL(put["url"], encoded=True),
        data=body,
        headers=put["headers"],
        skip_auto_headers=("Content-Type",),
        allow_redirects=False,
    ) as got:
        return got.status


async def _came(web: Web, url: str, size: int) -> bool:
    answer = await web.call("HEAD", url, headers=TUS)
    if int(answer.headers["Upload-Length"]) != size:
        raise Distrust("answer_of_another_kind", "another length")
    offset = int(answer.headers["Upload-Offset"])
    if offset not in {0, size}:
        raise Distrust("answer_of_another_kind", "half an object")
    return offset == size


async def _pieces(data: bytes, cut: int | None) -> AsyncIterator[bytes]:
    for start in range(0, len(data[:cut]), _PIECE):
        yield data[:cut][start : start + _PIECE]
    if cut is not None:
        raise ConnectionResetError
