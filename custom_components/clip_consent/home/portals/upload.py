"""Sealed packages to an upload address: tus 1.0.0, or one presigned PUT.

One call is one attempt. It takes up where an earlier one ended, and returns only once
the other side has said that it has every byte.
"""

from base64 import b64encode
import hashlib
from pathlib import Path
from typing import Final

from ...base.outbound import Answer, Door
from ...core.errors import DeliveryError
from ...core.models import Delivery, Way
from ...core.ports import Progress, SaveUpload
from .spool import SpoolReader
from .stored_upload import StoredUpload, read_address
from .upload_address import (
    GONE,
    STORED,
    TUS,
    UploadGoneError,
    async_progress,
    joined,
    number,
    refusal,
    signed_headers,
)

_PATCH: Final = {**TUS, "Content-Type": "application/offset+octet-stream"}
_CREATIONS: Final = 2  # in one attempt
_TRIES: Final = 3  # in a row that bring nothing
_SMALLEST: Final = 256 * 1024  # bytes in one request; who takes less takes none
_FRUIT: Final = 64 * 1024  # bytes that a request must bring, or it brought nothing


class Uploader:
    """Delivers to the address that was approved, and to no other."""

    def __init__(self, door: Door) -> None:
        """Take the way out."""
        self._door = door

    async def async_deliver(
        self, delivery: Delivery, path: Path, *, save: SaveUpload, progress: Progress
    ) -> None:
        """Send the sealed file. `save` gets the address to resume at, or None.

        Raises DeliveryError: permanent `upload_refused`, `upload_too_large`,
        `upload_elsewhere`, `storage_elsewhere`, `upload_mismatch`, `upload_conflict`,
        `upload_not_tus`,
        `spool_damaged`; for another attempt `upload_busy`, `upload_gone`,
        `upload_stuck`, `spool_unreadable`; and what the door raises.
        """
        destination = delivery.consent.destination
        size, digest = delivery.package_size, delivery.package_sha256
        if destination.url is None or size is None or digest is None:
            raise DeliveryError("spool_damaged", permanent=True)
        async with SpoolReader(path, size) as spool:
            if destination.way is Way.PUT:
                await self._async_put(destination.url, spool, digest, progress)
            elif destination.storage is not None:
                stored = StoredUpload(
                    self._door, destination.url, destination.storage, spool, progress
                )
                await stored.async_send(delivery, save)
            else:
                upload = _TusUpload(self._door, destination.url, spool, progress)
                await upload.async_send(delivery, save)

    async def _async_put(
        self, url: str, spool: SpoolReader, digest: str, progress: Progress
    ) -> None:
        headers = {"Content-Length": str(spool.size), **signed_headers(url)}
        body = spool.pieces(0, spool.size, progress)
        async with (
            spool.telling(),
            self._door.request("PUT", url, headers=headers, body=body) as answer,
        ):
            status = answer.status
        if status in STORED:
            return
        # Something is there already. Ours, if an acknowledgement was lost; only its
        # bytes can tell, and not every address lets itself be read: then nobody knows.
        if status in {409, 412} and await self._async_holds(url, spool.size, digest):
            return
        if status == 412:
            raise DeliveryError("upload_conflict", permanent=True)
        raise refusal(status)

    async def _async_holds(self, url: str, size: int, digest: str) -> bool:
        """Return whether the address holds exactly our bytes."""
        found = hashlib.sha256()
        try:
            async with self._door.request("GET", url) as answer:
                if answer.status != 200:
                    return False
                async for piece in answer.pieces(max_bytes=size):
                    found.update(piece)
        except DeliveryError as err:
            if err.permanent:
                return False
            raise
        return found.hexdigest() == digest


class _TusUpload:
    """One upload by https://tus.io/protocols/resumable-upload, version 1.0.0."""

    def __init__(
        self, door: Door, url: str, spool: SpoolReader, progress: Progress
    ) -> None:
        self._door = door
        self._url = url
        self._spool = spool
        self._progress = progress
        self._most = spool.size  # bytes in one request
        self._reached = -1
        self._fruitless = 0

    async def async_send(self, delivery: Delivery, save: SaveUpload) -> None:
        """Bring the upload to its end."""
        upload, offset, creations = delivery.upload_url, None, 0
        while offset != self._spool.size:
            if upload is None:
                if creations == _CREATIONS:
                    raise DeliveryError("upload_gone", permanent=False)
                creations += 1
                upload = await self._async_create(delivery.delivery_id)
                await save(upload)
                offset, self._reached = 0, -1
            try:
                if offset is None:
                    offset = await self._async_offset(upload)
                else:
                    offset = await self._async_patch(upload, offset)
            except UploadGoneError:
                upload = offset = None
                await save(None)

    async def _async_create(self, name: str) -> str:
        # The name is random, made for this delivery: a server that heard us twice can
        # see that it is one upload, and cannot link it to another delivery.
        file_name = b64encode(f"{name}.age".encode()).decode()
        headers = {
            **TUS,
            "Upload-Length": str(self._spool.size),
            "Upload-Metadata": f"filename {file_name}",
            "Content-Length": "0",
        }
        async with self._door.request("POST", self._url, headers=headers) as answer:
            status, location = answer.status, answer.headers.get("Location")
            if status == 201 and await _wants_it_elsewhere(answer):
                raise DeliveryError("storage_elsewhere", permanent=True)
        if status != 201:
            raise refusal(status)
        if location is None:
            raise DeliveryError("upload_not_tus", permanent=True)
        return joined(self._url, location)

    async def _async_offset(self, upload: str) -> int:
        """Return how much the server has."""
        offset, length = await async_progress(self._door, self._url, upload)
        if offset is None:
            raise DeliveryError("upload_not_tus", permanent=True)
        if length not in {None, self._spool.size} or offset > self._spool.size:
            raise DeliveryError("upload_mismatch", permanent=True)
        return offset

    async def _async_patch(self, upload: str, offset: int) -> int | None:
        """Send from an offset; returns the new one, None if it has to be asked.

        Asking would not do at the end: some servers forget an upload they have whole.
        """
        # A byte at a time, each after the whole rest was sent, would never end; nor
        # would one step ahead and one back.
        if self._reached < 0 or offset - self._reached >= _FRUIT:
            self._reached, self._fruitless = offset, 0
        else:
            self._fruitless += 1
        if self._fruitless == _TRIES:
            raise DeliveryError("upload_stuck", permanent=False)
        length = min(self._most, self._spool.size - offset)
        headers = {
            **_PATCH,
            "Upload-Offset": str(offset),
            "Content-Length": str(length),
        }
        body = self._spool.pieces(offset, length, self._progress)
        async with (
            self._spool.telling(),
            self._door.request("PATCH", upload, headers=headers, body=body) as answer,
        ):
            status = answer.status
            reached = number(answer.headers, "Upload-Offset")
        if status in STORED:
            if reached == offset + length:
                return reached
            taken = (reached or 0) - offset  # it did not want more: send no more
            self._most = min(self._most, max(taken, _SMALLEST))
            return None
        if status in GONE:
            raise UploadGoneError
        if status == 413 and length > _SMALLEST:
            # Something on the way limits bodies, as many a reverse proxy does.
            self._most = max(length // 4, _SMALLEST)
            self._reached = -1
        elif status == 409:
            self._most = max(length // 4, _SMALLEST)
        else:
            raise refusal(status)
        return None


async def _wants_it_elsewhere(answer: Answer) -> bool:
    """Tell whether a hub wants an upload sent to a store that nobody approved."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind.strip().lower() != "application/json":
        return False
    return read_address(await answer.async_read()) is not None
