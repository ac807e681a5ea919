"""Asking a hub for something of one's own: as a neighbour, docs/portal-protocol.md, 5.

What goes out is the request as it was checked, and the secret of its inbox. Errors of a
hub are told by codes that are known here: its own words are nobody's to be shown.
"""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp.hdrs import (
    AUTHORIZATION,
    CONTENT_LENGTH,
    CONTENT_RANGE,
    CONTENT_TYPE,
    RANGE,
)

from ...base.outbound import Answer, Door
from ...base.threads import async_in_thread
from ...core.errors import (
    InvalidRequestError,
    LimitError,
    NotFoundError,
    PortalError,
    StoreError,
)
from ...core.own_answers import INBOX_BYTES, Listed, OwnAnswer, read_inbox
from ...core.own_requests import OwnRequest, OwnState, submission_json
from ...core.portal_json import Fields, read_json
from ...core.serial import canonical
from .hub_limits import limit_told

_CODE: Final = "portal_answer_invalid"
_ACTIONS: Final = {OwnState.WITHDRAWN: "withdraw", OwnState.RESOLVED: "resolve"}
_JSON: Final[dict[str, str]] = {CONTENT_TYPE: "application/json"}
_WRITE: Final = 2**20  # bytes that are gathered before they are written


class UnsentError(PortalError):
    """A hub that was not reached, or takes nothing now: nothing is with it."""


@dataclass(slots=True)
class Words:
    """What is sent, and whether any of it may have left: that needs a connection."""

    said: bytes
    left: bool = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield it to a connection that was made."""
        self.left = True
        yield self.said


class HubAsker:
    """One hub, asked by this home. Raises PortalError if it cannot be reached."""

    def __init__(self, door: Door, base: str) -> None:
        """Keep the way and the address of the protocol."""
        self._door = door
        self._base = base

    async def async_submit(self, request: OwnRequest) -> str:
        """Send a request and return what the hub calls it; again it is the same one.

        Raises LimitError and InvalidRequestError where the hub does not take it, and
        UnsentError if it cannot have it from this attempt.
        """
        words = Words(canonical(submission_json(request)))
        try:
            return await self._async_send(words)
        except PortalError as err:
            if words.left:  # what came of it nobody may have heard
                raise
            raise UnsentError(err.code) from err

    async def _async_send(self, words: Words) -> str:
        headers: dict[str, str] = {**_JSON, CONTENT_LENGTH: str(len(words.said))}
        async with self._door.request(
            "POST", f"{self._base}/requests", headers=headers, body=words
        ) as answer:
            said = await answer.async_read()
            if answer.status == 202:
                return Fields(read_json(said, _CODE), _CODE).id("id")
            if answer.status == 429:
                code = limit_told(said, "hub_refused")
                raise LimitError(code)
            if answer.status in (400, 404, 413, 415):
                raise InvalidRequestError("hub_refused", "hub")
            if answer.status == 503:
                raise UnsentError("portal_unavailable")
        raise PortalError("portal_unavailable")

    async def async_end(self, request: OwnRequest, how: OwnState) -> None:
        """Take a request back, or say that it is done. What is gone is gone."""
        path = f"/requests/{request.item_id}/{_ACTIONS[how]}"
        async with self._asked(request, "POST", path) as answer:
            if answer.status not in (200, 404):
                raise PortalError("portal_unavailable")

    async def async_note(self, request: OwnRequest, text: str) -> None:
        """Send a follow-up; again it is the same one, as long as it waits.

        Raises NotFoundError, LimitError and InvalidRequestError where the hub does not
        take it.
        """
        body = canonical({"version": 1, "text": text})
        headers: dict[str, str] = {**_JSON, CONTENT_LENGTH: str(len(body))}
        path = f"/requests/{request.item_id}/note"
        async with self._asked(request, "POST", path, headers, Words(body)) as answer:
            said = await answer.async_read()
            if answer.status == 202:
                return
            if answer.status == 429:
                code = limit_told(said, "hub_refused")
                raise LimitError(code)
            if answer.status == 404:
                raise NotFoundError("own_request_not_found")
            if answer.status in (400, 413, 415):
                raise InvalidRequestError("hub_refused", "text")
        raise PortalError("portal_unavailable")

    async def async_inbox(self, request: OwnRequest) -> tuple[Listed, ...]:
        """Return what came in for a request."""
        async with self._asked(request, "GET", f"/inbox/{request.item_id}") as answer:
            if answer.status == 404:
                return ()
            if answer.status != 200:
                raise PortalError("portal_unavailable")
            said = await answer.async_read(max_bytes=INBOX_BYTES)
        return read_inbox(said)

    async def async_fetch(
        self, request: OwnRequest, answer: OwnAnswer, path: Path
    ) -> bool:
        """Gather a delivery in a file, from where an earlier attempt ended.

        False if the hub has it no more. Raises StoreError if the disk refuses.
        """
        size = answer.size
        begun = await async_in_thread(_size, path)
        if begun == size:
            return True
        if begun > size:  # of another delivery, or none
            begun = 0
        headers: dict[str, str] = {RANGE: f"bytes={begun}-"} if begun else {}
        where = f"/inbox/{request.item_id}/{answer.delivery_id}"
        async with self._asked(request, "GET", where, headers) as got:
            if got.status == 404:
                return False
            if got.status == 206 and begun:
                if not got.headers.get(CONTENT_RANGE, "").startswith(f"bytes {begun}-"):
                    raise PortalError(_CODE)
            elif got.status == 200:
                begun = 0
            else:
                raise PortalError("portal_unavailable")
            await _async_gather(got, path, begun, size - begun)
        if await async_in_thread(_size, path) != size:
            raise PortalError("connection_lost")
        return True

    @asynccontextmanager
    async def _asked(
        self,
        request: OwnRequest,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: AsyncIterable[bytes] | None = None,
    ) -> AsyncIterator[Answer]:
        """Ask with the secret of the inbox."""
        bearer = {AUTHORIZATION: f"Bearer {request.inbox}", **(headers or {})}
        async with self._door.request(
            method, f"{self._base}{path}", headers=bearer, body=body
        ) as answer:
            yield answer


async def _async_gather(got: Answer, path: Path, begun: int, left: int) -> None:
    gathered = bytearray()
    async for piece in got.pieces(max_bytes=left):
        gathered += piece
        if len(gathered) >= _WRITE:
            await async_in_thread(_write, path, bytes(gathered), begun)
            begun += len(gathered)
            gathered.clear()
    await async_in_thread(_write, path, bytes(gathered), begun)


def _write(path: Path, data: bytes, offset: int) -> None:
    """Write at an offset; what was behind it goes. Blocking."""
    try:
        with path.open("r+b" if path.exists() else "w+b") as file:
            file.truncate(offset)
            file.seek(offset)
            file.write(data)
    except OSError as err:
        raise StoreError("spool_failed") from err


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
