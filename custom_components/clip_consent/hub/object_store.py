"""The S3-compatible store of a hub, asked for one thing at a time by signed addresses.

Nothing here says an address to anybody: whoever reads it may do what it is good for.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from ..base.outbound import Answer, Door
from ..base.storage_door import storage_door
from ..core.drop_box import Upload
from ..core.errors import NotFoundError, StoreError
from ..core.ports import Clock
from ..core.storage import Storage, Ticket, presigned, ticket_for

_SHORT: Final = timedelta(minutes=5)  # what the hub asks itself begins at once
_THERE: Final = frozenset({200, 206})
_NO_OBJECT: Final = b"<Code>NoSuchKey</Code>"  # and not: no such bucket
_GONE: Final = frozenset({200, 202, 204, 404})


class ObjectStore:
    """One bucket. Raises StoreError for whatever it does not do."""

    def __init__(self, storage: Storage, door: Door, clock: Clock) -> None:
        """Keep what opens it, and the way there."""
        self._storage = storage
        self._door = door
        self._clock = clock

    @property
    def place(self) -> str:
        """Return what names it in the drop box's own lines."""
        return self._storage.place

    def ticket(self, upload: Upload) -> Ticket:
        """Return leave to send an upload."""
        now = self._clock.now()
        return ticket_for(self._storage, upload.upload_id, upload.length, now)

    async def async_size(self, upload_id: str) -> int | None:
        """Return how many bytes an object has, None if it is not there."""
        async with self._asked("HEAD", upload_id) as answer:
            if answer.status == 404:
                return None
            size = answer.headers.get("Content-Length", "")
            if answer.status != 200 or not size.isdecimal():
                raise StoreError("storage_refused")
            return int(size)

    async def async_remove(self, upload_id: str) -> None:
        """Remove an object; one that is not there is gone."""
        async with self._asked("DELETE", upload_id) as answer:
            if answer.status not in _GONE:
                raise StoreError("storage_refused")

    @asynccontextmanager
    async def reading(
        self, upload_id: str, start: int, size: int
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Yield so many bytes from an offset on, in pieces, and no more of them.

        Raises NotFoundError for what somebody else removed.
        """
        headers = {"Range": f"bytes={start}-{start + size - 1}"}
        async with self._asked("GET", upload_id, headers) as answer:
            if answer.status == 404 and _NO_OBJECT in await answer.async_read():
                raise NotFoundError("delivery_not_found")
            if answer.status not in _THERE or not _is_part(answer, start, size):
                raise StoreError("storage_refused")
            yield answer.pieces(max_bytes=size)

    async def async_close(self) -> None:
        """Close the way there."""
        await self._door.async_close()

    @asynccontextmanager
    async def _asked(
        self, method: str, upload_id: str, headers: dict[str, str] | None = None
    ) -> AsyncIterator[Answer]:
        url = presigned(
            self._storage,
            method,
            self._storage.url(upload_id),
            self._clock.now(),
            _SHORT,
        )
        async with self._door.request(method, url, headers=headers) as answer:
            yield answer


def _is_part(answer: Answer, start: int, size: int) -> bool:
    """Tell whether an answer is what was asked for: a store may send all instead."""
    if answer.headers.get("Content-Length") != str(size):
        return False
    if answer.status == 200:
        return start == 0
    said = answer.headers.get("Content-Range", "")
    return said.startswith(f"bytes {start}-{start + size - 1}/")


def object_store(storage: Storage | None, clock: Clock) -> ObjectStore | None:
    """Return the store that the operator set, None for the hub's own disk."""
    return ObjectStore(storage, storage_door(storage), clock) if storage else None
