"""What ways of uploading have in common: addresses, headers, and what answers mean."""

from collections.abc import Mapping
import re
from typing import Final
from urllib.parse import parse_qsl

from yarl import URL

from ...base.outbound import Door, parse_target
from ...core.errors import ClipConsentError, DeliveryError

TUS: Final = {"Tus-Resumable": "1.0.0"}
STORED: Final = frozenset({200, 201, 204})
GONE: Final = frozenset({403, 404, 410})
_BUSY: Final = frozenset({408, 409, 423, 425, 429, 500, 502, 503, 504, 507})
_NUMBER: Final = re.compile(r"[0-9]{1,16}")


class UploadGoneError(Exception):
    """The server has no such upload (any more)."""


def is_same_origin(one: str, other: str) -> bool:
    """Tell whether two addresses lead to the same host and port, both by TLS or not."""
    try:
        there, here = parse_target(one), parse_target(other)
    except ClipConsentError:
        return False
    return (there.origin, there.secure) == (here.origin, here.secure)


def joined(base: str, location: str) -> str:
    """Return the address of an upload; only the approved origin may keep it.

    Raises DeliveryError `upload_elsewhere`.
    """
    try:
        upload = str(URL(base, encoded=True).join(URL(location, encoded=True)))
    except ValueError:
        upload = ""
    if not is_same_origin(upload, base):
        raise DeliveryError("upload_elsewhere", permanent=True)
    return upload


async def async_progress(
    door: Door, base: str, upload: str
) -> tuple[int | None, int | None]:
    """Return what a server says of an upload: its bytes it has, and its length.

    None for what it does not say. Raises UploadGoneError, DeliveryError.
    """
    async with door.request("HEAD", joined(base, upload), headers=TUS) as answer:
        status = answer.status
        offset = number(answer.headers, "Upload-Offset")
        length = number(answer.headers, "Upload-Length")
    if status in GONE:
        raise UploadGoneError
    if status not in STORED:
        raise refusal(status)
    return offset, length


def number(headers: Mapping[str, str], name: str) -> int | None:
    """Return a header's number of bytes, None if it says none."""
    value = headers.get(name, "")
    return int(value) if _NUMBER.fullmatch(value) else None


def refusal(status: int) -> DeliveryError:
    """Return what an answer means that is no yes."""
    if status in _BUSY:
        return DeliveryError("upload_busy", permanent=False)
    code = "upload_too_large" if status == 413 else "upload_refused"
    return DeliveryError(code, permanent=True)


def signed_headers(url: str) -> dict[str, str]:
    """Return the headers that a presigned address wants, as far as we can know them.

    A signature names the headers it covers: those must be sent, and others had better
    not be. `If-None-Match` keeps a second PUT from replacing the first, but sent
    without being asked for, stores answer it with 403 or 501, or ignore it; and the
    second PUT of a delivery brings the very same bytes.
    """
    query = {key.lower(): value for key, value in parse_qsl(URL(url).query_string)}
    covered = query.get("x-amz-signedheaders") or query.get("x-goog-signedheaders", "")
    names = covered.lower().split(";")
    known = {"if-none-match": "*", "content-type": "application/octet-stream"}
    return {name: value for name, value in known.items() if name in names}
