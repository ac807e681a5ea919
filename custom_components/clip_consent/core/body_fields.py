"""Fields of a body from outside: read, tidied, held to their lengths.

Whatever is wrong raises InvalidRequestError with the field's name.
"""

from datetime import UTC, datetime
import re
from typing import Final

from .errors import InvalidRequestError
from .serial import Json
from .text import fault, tidy, visible

# RFC 3339 in UTC, whole seconds or milliseconds. datetime reads far more than that.
TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{3})?Z", re.ASCII
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
# Bounds the work before anything is normalised; NFC makes three characters one at most.
_RAW: Final = 4


def check_version(data: dict[str, Json]) -> None:
    """Hold a body to the one version there is."""
    version = data.get("version")
    if isinstance(version, bool) or version != 1:
        raise InvalidRequestError("version_unsupported", "version")


def optional_text(data: dict[str, Json], field: str) -> str:
    """Return a text, empty if it is not there."""
    value = data.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidRequestError("not_text", field)
    return value


def required_text(data: dict[str, Json], field: str) -> str:
    """Return a text that has to be there."""
    if data.get(field) is None:
        raise InvalidRequestError(f"{field}_missing", field)
    return optional_text(data, field)


def inbox_digest(data: dict[str, Json]) -> str | None:
    """Return the SHA-256 of the secret that opens answers; None if none is given."""
    if data.get("inbox") is None:
        return None
    digest = optional_text(data, "inbox")
    if not _DIGEST.fullmatch(digest):
        raise InvalidRequestError("inbox_malformed", "inbox")
    return digest


def time_of(data: dict[str, Json], field: str) -> datetime:
    """Return a time in UTC."""
    text = required_text(data, field)
    if TIME.fullmatch(text) is None:
        raise InvalidRequestError("time_malformed", field)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as err:  # no such day
        raise InvalidRequestError("time_malformed", field) from err


def tidied(field: str, text: str, limit: int, *, lines: bool = False) -> str:
    """Return a text tidied; refused only where it is far too long."""
    if len(text) > limit * _RAW:
        raise InvalidRequestError(f"{field}_too_long", field, limit=str(limit))
    return tidy(text, lines=lines)


def check_words(
    field: str, text: str, limit: int, *, lines: bool = False, required: bool = True
) -> None:
    """Hold a tidied text to its length and to the characters that may stand."""
    if len(text) > limit:
        raise InvalidRequestError(f"{field}_too_long", field, limit=str(limit))
    if code := fault(text, lines=lines):
        raise InvalidRequestError(code, field)
    if (required or text) and not visible(text):
        raise InvalidRequestError(f"{field}_blank", field)
