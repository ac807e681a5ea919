"""Fields of what a hub says, each read as what it has to be; else PortalError."""

from datetime import UTC, datetime
import re
from typing import Final

from .body_fields import TIME
from .errors import InvalidRequestError, PortalError
from .limits import FEED_MAX
from .serial import Json
from .strict_json import parse_json

_ID: Final = re.compile(r"[a-z2-7]{26}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")

type Said = dict[str, Json]


def read_json(data: bytes, code: str) -> Said:
    """Return the object of a body. Raises PortalError with that code."""
    try:
        return parse_json(data, max_bytes=FEED_MAX)
    except InvalidRequestError as err:
        raise PortalError(code) from err


class Fields:
    """The fields of one object. Whatever is not as it has to be raises `code`."""

    def __init__(self, said: Json, code: str) -> None:
        """Keep the object."""
        if not isinstance(said, dict):
            raise PortalError(code)
        self._said = said
        self._code = code

    def json(self, name: str) -> Json:
        """Return a field of any kind; None if it is not there."""
        return self._said.get(name)

    def text(self, name: str) -> str:
        """Return a text."""
        value = self.json(name)
        if isinstance(value, str):
            return value
        raise PortalError(self._code)

    def number(self, name: str) -> int:
        """Return a whole number, 0 or more."""
        value = self.json(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise PortalError(self._code)

    def degrees(self, name: str) -> float:
        """Return a number."""
        value = self.json(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        raise PortalError(self._code)

    def time(self, name: str) -> datetime:
        """Return a time, in UTC."""
        return read_time(self.json(name), self._code)

    def id(self, name: str) -> str:
        """Return an id."""
        return self._fitting(name, _ID)

    def digest(self, name: str) -> str:
        """Return a SHA-256 in hex."""
        return self._fitting(name, _DIGEST)

    def list(self, name: str) -> list[Json]:
        """Return a list."""
        value = self.json(name)
        if not isinstance(value, list):
            raise PortalError(self._code)
        return value

    def version(self) -> None:
        """Hold it to the version that is known here."""
        if self.number("version") != 1:
            raise PortalError("portal_version")

    def _fitting(self, name: str, shape: re.Pattern[str]) -> str:
        value = self.text(name)
        if not shape.fullmatch(value):
            raise PortalError(self._code)
        return value


def read_time(value: Json, code: str) -> datetime:
    """Read a time in UTC. Raises PortalError with that code."""
    if isinstance(value, str) and TIME.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except ValueError as err:  # no such day
            raise PortalError(code) from err
    raise PortalError(code)
