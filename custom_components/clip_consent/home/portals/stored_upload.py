"""Sealed packages to where a hub has them kept: docs/portal-protocol.md, section 7.

The hub signs an address for one PUT. What was approved names the origin of the store
too: to any other one nothing is sent, whatever the hub says.
"""

from typing import Final

from ...base.outbound import Answer, Door
from ...core.errors import DeliveryError, PortalError
from ...core.models import Delivery
from ...core.portal_json import Fields, read_json
from ...core.ports import Progress, SaveUpload
from .spool import SpoolReader
from .upload_address import (
    GONE,
    STORED,
    TUS,
    UploadGoneError,
    async_progress,
    is_same_origin,
    joined,
    refusal,
    signed_headers,
)

_CODE: Final = "portal_answer_invalid"
_TAKEN: Final = frozenset({409, 412})  # something is there already


class StoredUpload:
    """One upload, in one PUT: after a cut it begins anew."""

    def __init__(
        self,
        door: Door,
        url: str,
        storage: str,
        spool: SpoolReader,
        progress: Progress,
    ) -> None:
        """Take the way out, where to ask, and the one origin that may get it."""
        self._door = door
        self._url = url
        self._storage = storage
        self._spool = spool
        self._progress = progress

    async def async_send(self, delivery: Delivery, save: SaveUpload) -> None:
        """Bring the upload to its end: the hub has seen that all of it is there.

        Asked before anything is sent, so a lost answer doubles nothing.
        """
        upload = delivery.upload_url
        if upload is not None:
            try:
                if await self._async_came(upload):
                    return
            except UploadGoneError:
                await save(None)
                upload = None
        if upload is None:
            upload, address = await self._async_create()
            await save(upload)
        else:
            address = await self._async_ask(upload)
        await self._async_put(address)
        try:
            came = await self._async_came(upload)
        except UploadGoneError:
            raise DeliveryError("upload_gone", permanent=False) from None
        if not came:
            raise DeliveryError("upload_busy", permanent=False)

    async def _async_create(self) -> tuple[str, str]:
        """Begin an upload: its own address at the hub, and the one to send it to."""
        size = str(self._spool.size)
        headers = {**TUS, "Upload-Length": size, "Content-Length": "0"}
        async with self._door.request("POST", self._url, headers=headers) as answer:
            if answer.status != 201:
                raise refusal(answer.status)
            location = answer.headers.get("Location")
            address = await self._async_address(answer)
        if location is None:
            raise DeliveryError("upload_not_tus", permanent=True)
        return joined(self._url, location), address

    async def _async_ask(self, upload: str) -> str:
        """Return a new address to send to: the one before may be over."""
        upload = joined(self._url, upload)
        async with self._door.request("GET", upload, headers=TUS) as answer:
            if answer.status in GONE:  # it came just now, or went
                raise DeliveryError("upload_gone", permanent=False)
            if answer.status != 200:
                raise refusal(answer.status)
            return await self._async_address(answer)

    async def _async_address(self, answer: Answer) -> str:
        """Return where the hub wants it, if that is where it was approved for."""
        address = read_address(await answer.async_read())
        if address is None or not is_same_origin(address, self._storage):
            raise DeliveryError("storage_elsewhere", permanent=True)
        return address

    async def _async_put(self, address: str) -> None:
        """Send it. Whether what was there before is ours, the hub tells by its size.

        Nobody else can have sent it: the address was made for this one delivery.
        """
        size = self._spool.size
        headers = {"Content-Length": str(size), **signed_headers(address)}
        body = self._spool.pieces(0, size, self._progress)
        async with (
            self._spool.telling(),
            self._door.request("PUT", address, headers=headers, body=body) as answer,
        ):
            status = answer.status
        if status in GONE:  # over, or the hub's key is: another one may be good
            raise DeliveryError("upload_busy", permanent=False)
        if status not in STORED | _TAKEN:
            raise refusal(status)

    async def _async_came(self, upload: str) -> bool:
        """Tell whether the hub has seen all of it. Raises UploadGoneError."""
        offset, length = await async_progress(self._door, self._url, upload)
        if offset not in (0, self._spool.size) or length != self._spool.size:
            raise DeliveryError("upload_mismatch", permanent=True)
        return offset == self._spool.size


def read_address(body: bytes) -> str | None:
    """Return where a hub wants an upload sent, None if it says nothing of the kind."""
    try:
        put = Fields(read_json(body, _CODE), _CODE).json("put")
        return Fields(put, _CODE).text("url")
    except PortalError:
        return None
