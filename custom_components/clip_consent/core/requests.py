"""What a requester asks: read from the public form's shape and held to the limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import re
from typing import Final

from .bech32 import public_key
from .errors import InvalidRequestError
from .limits import (
    CASE_NUMBER_MAX,
    CONTACT_MAX,
    HOME_PER_DAY,
    INVITE_PER_DAY,
    NAME_MAX,
    TEXT_MAX,
    Limits,
)
from .models import RequesterKind, Window
from .serial import Json
from .strict_json import parse_json
from .text import fault, tidy, visible

__all__ = ["Ask", "make_ask", "over_limits", "parse_ask", "parse_json", "validate"]

_VERSION: Final = 1
# RFC 3339 in UTC, whole seconds or milliseconds. datetime reads far more than that.
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{3})?Z", re.ASCII
)
# Bounds the work before anything is normalised; NFC makes three characters one at most.
_RAW: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request as somebody typed it, tidied. `recipient` is None without a key."""

    window: Window
    text: str
    name: str
    kind: RequesterKind
    contact: str
    case_number: str
    recipient: str | None


def parse_ask(body: bytes) -> Ask:
    """Read the body that the public form sends. Raises InvalidRequestError.

    What it says is tidied here and held to the limits by `validate`. Fields that are
    not known are passed over.
    """
    data = parse_json(body)
    version = data.get("version")
    if isinstance(version, bool) or version != _VERSION:
        raise InvalidRequestError("version_unsupported", "version")
    return make_ask(
        window=Window(start=_time(data, "start"), end=_time(data, "end")),
        text=_required(data, "text"),
        name=_required(data, "name"),
        kind=_kind(data),
        contact=_optional(data, "contact"),
        case_number=_optional(data, "case_number"),
        recipient=_required(data, "recipient"),
    )


def make_ask(
    *,
    window: Window,
    text: str,
    name: str,
    kind: RequesterKind = RequesterKind.OTHER,
    contact: str = "",
    case_number: str = "",
    recipient: str | None = None,
) -> Ask:
    """Tidy what was typed. Raises InvalidRequestError where it is far too long."""
    return Ask(
        window=window,
        text=_tidied("text", text, TEXT_MAX, lines=True),
        name=_tidied("name", name, NAME_MAX),
        kind=kind,
        contact=_tidied("contact", contact, CONTACT_MAX),
        case_number=_tidied("case_number", case_number, CASE_NUMBER_MAX),
        recipient=recipient,
    )


def validate(ask: Ask, *, now: datetime, limits: Limits) -> None:
    """Hold a request to the limits of its portal. Raises InvalidRequestError.

    What is refused depends on the request, the time and the published limits alone.
    """
    check_window(ask.window, now, limits)
    _check_words("name", ask.name, limits.name_max)
    _check_words("text", ask.text, limits.text_max, lines=True)
    _check_words(
        "contact", ask.contact, limits.contact_max, required=limits.contact_required
    )
    _check_case_number(ask, limits)
    if ask.recipient is not None:
        public_key(ask.recipient)


def check_window(window: Window, now: datetime, limits: Limits) -> None:
    """Hold a window to the limits. Raises InvalidRequestError."""
    length = window.end - window.start
    if length <= timedelta(0):
        raise InvalidRequestError("window_end_before_start", "end")
    if length < limits.window_min:
        minutes = limits.window_min // timedelta(minutes=1)
        raise InvalidRequestError("window_too_short", "end", minutes=str(minutes))
    if length > limits.window_max:
        hours = limits.window_max // timedelta(hours=1)
        raise InvalidRequestError("window_too_long", "end", hours=str(hours))
    if window.end > now:
        raise InvalidRequestError("window_in_future", "end")
    if now - window.start > limits.window_age_max:
        days = limits.window_age_max.days
        raise InvalidRequestError("window_too_old", "start", days=str(days))


def over_limits(
    invite_id: str | None,
    earlier: Mapping[str, int],
    per_day: Mapping[str, int],
    *,
    per_home: int = HOME_PER_DAY,
) -> bool:
    """Return whether one more submission by an invite is over a limit.

    `earlier` counts the submissions of the last 24 hours by invite, whatever became of
    them: so the answer says nothing of it. `per_day` is what each invite may; one that
    was removed may no more. Towards the whole home an invite counts with no more than
    that: a link that got about silences nobody else.
    """
    if earlier.get(invite_id or "", 0) >= per_day.get(invite_id or "", 0):
        return True
    home = (
        min(count, per_day.get(invite, INVITE_PER_DAY))
        for invite, count in earlier.items()
    )
    return sum(home) >= per_home


def _optional(data: dict[str, Json], field: str) -> str:
    value = data.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidRequestError("not_text", field)
    return value


def _required(data: dict[str, Json], field: str) -> str:
    if data.get(field) is None:
        raise InvalidRequestError(f"{field}_missing", field)
    return _optional(data, field)


def _kind(data: dict[str, Json]) -> RequesterKind:
    value = _optional(data, "kind") or RequesterKind.OTHER
    try:
        return RequesterKind(value)
    except ValueError as err:
        raise InvalidRequestError("kind_unknown", "kind") from err


def _time(data: dict[str, Json], field: str) -> datetime:
    text = _required(data, field)
    if _TIME.fullmatch(text) is None:
        raise InvalidRequestError("time_malformed", field)
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as err:  # no such day
        raise InvalidRequestError("time_malformed", field) from err


def _tidied(field: str, text: str, limit: int, *, lines: bool = False) -> str:
    if len(text) > limit * _RAW:
        raise InvalidRequestError(f"{field}_too_long", field, limit=str(limit))
    return tidy(text, lines=lines)


def _check_words(
    field: str, text: str, limit: int, *, lines: bool = False, required: bool = True
) -> None:
    if len(text) > limit:
        raise InvalidRequestError(f"{field}_too_long", field, limit=str(limit))
    if code := fault(text, lines=lines):
        raise InvalidRequestError(code, field)
    if (required or text) and not visible(text):
        raise InvalidRequestError(f"{field}_blank", field)


def _check_case_number(ask: Ask, limits: Limits) -> None:
    police = ask.kind is RequesterKind.POLICE
    if police and not ask.case_number:
        raise InvalidRequestError("case_number_missing", "case_number")
    if ask.case_number and not police:
        raise InvalidRequestError("case_number_not_police", "case_number")
    _check_words(
        "case_number", ask.case_number, limits.case_number_max, required=police
    )
