"""How the page spells things: JSON, base64url, times, digests, a hub's words."""

import base64
from datetime import UTC, datetime
import hashlib
import json
import re
from typing import Any, Final

ZEROS: Final = "0" * 64
ID: Final = re.compile(r"[a-z2-7]{26}")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aiou"

type Said = dict[str, Any]


class Distrust(Exception):  # noqa: N818
    """A hub, or a delivery, contradicts the page or itself; `code` says how."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}" if about else code)
        self.code = code


def canonical(value: Any) -> bytes:
    """Return canonical JSON."""
    spelt = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return spelt.encode()


def sha256(data: bytes) -> str:
    """Return a digest as the page writes it."""
    return hashlib.sha256(data).hexdigest()


def b64(data: bytes) -> str:
    """Return base64url without padding (RFC 7515, section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(said: str) -> bytes:
    """Return what is behind base64url, which has one spelling alone.

    Raises Distrust `not_base64url`.
    """
    try:
        data = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))
    except ValueError:
        raise Distrust("not_base64url") from None
    if b64(data) != said:
        raise Distrust("not_base64url")
    return data


def parsed(said: bytes | str) -> Said:
    """Return a JSON object.

    Raises Distrust `not_an_object`.
    """
    try:
        value = json.loads(said)
    except ValueError:
        raise Distrust("not_an_object") from None
    if not isinstance(value, dict):
        raise Distrust("not_an_object")
    return value


def instant(said: Any) -> datetime:
    """Return a time of the page.

    Raises Distrust `not_a_time`.
    """
    if not isinstance(said, str) or not _TIME.fullmatch(said):
        raise Distrust("not_a_time", str(said))
    return datetime.fromisoformat(said).astimezone(UTC)


def proquints(data: bytes) -> str:
    """Return each two bytes as a word of five letters (arXiv 0901.4016)."""
    pairs = (data[place : place + 2] for place in range(0, len(data), 2))
    return "-".join(map(_proquint, pairs))


def _proquint(pair: bytes) -> str:
    number = int.from_bytes(pair)
    return "".join(
        (_CONSONANTS, _VOWELS)[width == 2][number >> shift & (1 << width) - 1]
        for shift, width in ((12, 4), (10, 2), (6, 4), (4, 2), (0, 4))
    )
