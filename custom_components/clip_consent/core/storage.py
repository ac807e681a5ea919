"""Where a hub keeps sealed deliveries, if not on its own disk: an S3-compatible store.

Homes send to it directly, by an address that is signed for one upload. So its origin is
public, a part of the hub's terms, and a part of what an approver says yes to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import hashlib
import hmac
import re
from typing import Final
from urllib.parse import quote, urlsplit

from .serial import Json, utc_text

TICKET_VALID: Final = timedelta(hours=1)  # in which the one PUT has to begin
# Names of buckets, as all stores take them; https://docs.aws.amazon.com/AmazonS3
BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
REGION: Final = re.compile(r"[A-Za-z0-9-]{1,64}")
_ORIGIN: Final = re.compile(
    r"https?://(?:[a-z0-9_.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[1-9][0-9]{0,4})?"
)
_FOLDER: Final = "clip-consent/"
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_PLAIN: Final = "-_.~"  # what RFC 3986 leaves as it is, beside letters and digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """A bucket, and the key that opens it. `endpoint` is an origin, without a path.

    `path_style` has the bucket's name in the path, not before the host's. `private`:
    it is none of the open Internet's, and the operator knows. `once`: it was seen to
    refuse a second object of one name.
    """

    endpoint: str
    region: str
    bucket: str
    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    path_style: bool = True
    private: bool = False
    once: bool = True

    @property
    def origin(self) -> str:
        """Return scheme, host and port of the addresses that homes send to."""
        scheme, _, host = self.endpoint.partition("://")
        return self.endpoint if self.path_style else f"{scheme}://{self.bucket}.{host}"

    @property
    def place(self) -> str:
        """Return what stays the same for as long as the same objects are found."""
        return f"{self.origin}/{self.bucket}"

    def url(self, upload_id: str) -> str:
        """Return where an object is: its name is the upload's, and tells no more."""
        bucket = f"{self.bucket}/" if self.path_style else ""
        return f"{self.origin}/{bucket}{_FOLDER}{upload_id}.age"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Leave to send one upload, in one PUT that begins before `expires_at`."""

    url: str = field(repr=False)
    headers: Mapping[str, str]
    expires_at: datetime


def origin_text(url: str) -> str | None:
    """Return the origin that an address of a store leads to, None for none that can be.

    A port that goes without saying is not said, so equal texts are equal origins.
    """
    text = url.strip().lower().removesuffix("/")
    if not _ORIGIN.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if port == _DEFAULT_PORTS[parts.scheme]:
        return text.rpartition(":")[0]
    return text


def read_origin(said: Json) -> str | None:
    """Return the origin that a hub says deliveries go to, None if it says none."""
    return origin_text(said) if isinstance(said, str) else None


def ticket_for(storage: Storage, upload_id: str, size: int, now: datetime) -> Ticket:
    """Return leave to send so many bytes, and not one more or less."""
    headers = {"Content-Length": str(size)}
    if storage.once:
        headers["If-None-Match"] = "*"
    url = presigned(
        storage, "PUT", storage.url(upload_id), now, TICKET_VALID, headers=headers
    )
    return Ticket(url=url, headers=headers, expires_at=now + TICKET_VALID)


def ticket_json(ticket: Ticket) -> Json:
    """Return a ticket as `/drops` tells of it."""
    return {
        "version": 1,
        "put": {
            "url": ticket.url,
            "headers": dict(ticket.headers),
            "expires_at": utc_text(ticket.expires_at),
        },
    }


def presigned(
    storage: Storage,
    method: str,
    url: str,
    now: datetime,
    valid: timedelta,
    *,
    headers: Mapping[str, str] | None = None,
) -> str:
    """Return an address that is good for one method, for a while.

    AWS Signature Version 4 in the query, with the body unsigned: the object is sealed
    and says itself whether it is whole. `headers` are signed too: they have to be sent
    exactly so. See "Authenticating Requests: Using Query Parameters" of Amazon S3.
    """
    parts = urlsplit(url)
    signed = {name.lower(): value for name, value in (headers or {}).items()}
    signed["host"] = parts.netloc
    names = ";".join(sorted(signed))
    at = now.strftime("%Y%m%dT%H%M%SZ")
    scope = f"{at[:8]}/{storage.region}/s3/aws4_request"
    query = _query(
        {
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": f"{storage.key_id}/{scope}",
            "X-Amz-Date": at,
            "X-Amz-Expires": str(int(valid.total_seconds())),
            "X-Amz-SignedHeaders": names,
        }
    )
    canonical = "\n".join(
        (
            method,
            parts.path,
            query,
            *(f"{name}:{signed[name]}" for name in sorted(signed)),
            "",
            names,
            "UNSIGNED-PAYLOAD",
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{at}\n{scope}\n{digest}"
    signature = hmac.digest(_key(storage, at[:8]), text.encode(), "sha256").hex()
    return f"{url}?{query}&X-Amz-Signature={signature}"


def _query(fields: Mapping[str, str]) -> str:
    return "&".join(
        f"{name}={quote(fields[name], safe=_PLAIN)}" for name in sorted(fields)
    )


def _key(storage: Storage, day: str) -> bytes:
    key = f"AWS4{storage.secret}".encode()
    for part in (day, storage.region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key
