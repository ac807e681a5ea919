"""Trying a store before it is taken: all that the drop box will ask of it, once.

It tells what is to be mended, in codes of the form; addresses and keys are in none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
import re
from typing import Final

from ..base.outbound import Door
from ..base.storage_door import storage_door
from ..core.errors import StoreError
from ..core.storage import Storage, presigned, ticket_for

_NAME: Final = "trial-"  # of the object; it lies where deliveries will
_BYTES: Final = b"clip consent"
_VALID: Final = timedelta(minutes=5)
_SKEW: Final = timedelta(minutes=2)  # what a store's clock may be away from ours
_CODE: Final = re.compile(rb"<Code>([A-Za-z]{1,64})</Code>")
# What stores say; https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_SAID: Final = {
    "InvalidAccessKeyId": "storage_wrong_key",
    "SignatureDoesNotMatch": "storage_wrong_key",
    "AccessDenied": "storage_denied",
    "RequestTimeTooSkewed": "storage_clock",
    "NoSuchBucket": "storage_no_bucket",
    "InvalidBucketName": "storage_no_bucket",
    "AuthorizationHeaderMalformed": "storage_wrong_region",
    "AuthorizationQueryParametersError": "storage_wrong_region",
    "PermanentRedirect": "storage_wrong_region",
}
_FAILED: Final = {
    "address_unknown": "storage_unreachable",
    "connection_lost": "storage_unreachable",
    "connection_timeout": "storage_unreachable",
    "tls_failed": "storage_tls",
    "address_needs_https": "storage_private",
    "address_not_allowed": "storage_private",
    "redirect_refused": "storage_wrong_region",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageCheck:
    """What came of a trial: the code of what is wrong, or the store as it was seen."""

    error: str | None = None
    storage: Storage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class _UnfitError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


async def async_probe_storage(
    storage: Storage, *, now: Callable[[], datetime], name: str
) -> StorageCheck:
    """Put a small object, look at it, read it, remove it; `name` is random."""
    door = storage_door(storage)
    try:
        trial = _Trial(storage, door, now, f"{_NAME}{name}")
        return StorageCheck(storage=await trial.async_run())
    except _UnfitError as err:
        return StorageCheck(error=err.code)
    except StoreError as err:
        return StorageCheck(error=_FAILED.get(err.code, "storage_unfit"))
    finally:
        await door.async_close()


class _Trial:
    """One trial. Raises _UnfitError, StoreError."""

    def __init__(
        self, storage: Storage, door: Door, now: Callable[[], datetime], name: str
    ) -> None:
        self._storage = storage
        self._door = door
        self._now = now
        self._name = name

    async def async_run(self) -> Storage:
        once = await self._async_put()
        try:
            await self._async_look()
        finally:
            gone = await self._async_ask("DELETE")
        self._expect(gone, 200, 202, 204)
        # One that is not there has to be told from one that may not be seen.
        if (await self._async_ask("HEAD")).status != 404:
            raise _UnfitError("storage_no_list")
        return replace(self._storage, once=once)

    async def _async_put(self) -> bool:
        """Put it; return whether a second one of the same name is refused."""
        first = await self._async_send(once=True)
        if first.status in (400, 501):  # it does not know the condition
            self._expect(await self._async_send(once=False), 200, 201, 204)
            return False
        self._expect(first, 200, 201, 204)
        return (await self._async_send(once=True)).status == 412

    async def _async_look(self) -> None:
        seen = await self._async_ask("HEAD")
        self._expect(seen, 200)
        part = await self._async_ask("GET", {"Range": "bytes=5-11"})
        self._expect(part, 206)
        if part.body != _BYTES[5:] or seen.headers.get("Content-Length") != "12":
            raise _UnfitError("storage_unfit")

    async def _async_send(self, *, once: bool) -> _Answer:
        storage = replace(self._storage, once=once)
        ticket = ticket_for(storage, self._name, len(_BYTES), self._now())
        return await self._async_request("PUT", ticket.url, ticket.headers, _BYTES)

    async def _async_ask(
        self, method: str, headers: Mapping[str, str] | None = None
    ) -> _Answer:
        where = self._storage.url(self._name)
        url = presigned(self._storage, method, where, self._now(), _VALID)
        return await self._async_request(method, url, headers or {}, None)

    async def _async_request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> _Answer:
        async with self._door.request(
            method, url, headers=headers, body=body
        ) as answer:
            said = b"" if method == "HEAD" else await answer.async_read()
            return _Answer(status=answer.status, headers=answer.headers, body=said)

    def _expect(self, answer: _Answer, *statuses: int) -> None:
        if answer.status not in statuses:
            raise _UnfitError(_why(answer, self._now()))


def _why(answer: _Answer, now: datetime) -> str:
    """Return what is to be mended after an answer that is no yes.

    Of an address that is not good yet, or no more, stores say that access is denied:
    what is wrong is the clock then, here or there.
    """
    if answer.status == 403 and _is_skewed(answer.headers.get("Date", ""), now):
        return "storage_clock"
    if match := _CODE.search(answer.body):
        return _SAID.get(match[1].decode(), "storage_unfit")
    if answer.status == 403:
        return "storage_denied"
    return "storage_no_bucket" if answer.status == 404 else "storage_unfit"


def _is_skewed(date: str, now: datetime) -> bool:
    try:
        said = parsedate_to_datetime(date)
    except ValueError:
        return False
    return abs(said.astimezone(UTC) - now) > _SKEW
