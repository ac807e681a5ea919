"""What a requester asks: read from the public form's shape and held to the limits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .bech32 import public_key
from .body_fields import (
    check_version,
    check_words,
    optional_text,
    required_text,
    tidied,
    time_of,
)
from .errors import InvalidRequestError
from .geo import Circle, Polygon, check_area
from .limits import (
    CASE_NUMBER_MAX,
    CONTACT_MAX,
    HOME_PER_DAY,
    INVITE_PER_DAY,
    NAME_MAX,
    TEXT_MAX,
    Limits,
)
from .models import Request, RequesterKind, Window
from .serial import Json
from .strict_json import parse_json

__all__ = ["Ask", "make_ask", "over_limits", "parse_ask", "parse_json", "validate"]


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
    area: Circle | Polygon | None = None


def parse_ask(body: bytes) -> Ask:
    """Read the body that the public form sends. Raises InvalidRequestError.

    What it says is tidied here and held to the limits by `validate`. Fields that are
    not known are passed over.
    """
    data = parse_json(body)
    check_version(data)
    return make_ask(
        window=Window(start=time_of(data, "start"), end=time_of(data, "end")),
        text=required_text(data, "text"),
        name=required_text(data, "name"),
        kind=_kind(data),
        contact=optional_text(data, "contact"),
        case_number=optional_text(data, "case_number"),
        recipient=required_text(data, "recipient"),
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
    area: Circle | Polygon | None = None,
) -> Ask:
    """Tidy what was typed. Raises InvalidRequestError where it is far too long."""
    return Ask(
        window=window,
        text=tidied("text", text, TEXT_MAX, lines=True),
        name=tidied("name", name, NAME_MAX),
        kind=kind,
        contact=tidied("contact", contact, CONTACT_MAX),
        case_number=tidied("case_number", case_number, CASE_NUMBER_MAX),
        recipient=recipient,
        area=area,
    )


def validate(ask: Ask, *, now: datetime, limits: Limits) -> None:
    """Hold a request to the limits of its portal.

    Raises InvalidRequestError, and InvalidGeometryError for its area. What is refused
    depends on the request, the time and the published limits alone.
    """
    check_window(ask.window, now, limits)
    check_words("name", ask.name, limits.name_max)
    check_words("text", ask.text, limits.text_max, lines=True)
    check_words(
        "contact", ask.contact, limits.contact_max, required=limits.contact_required
    )
    check_case_number(ask.case_number, ask.kind, limits)
    if ask.recipient is not None:
        public_key(ask.recipient)
    if ask.area and limits.area:
        check_area(ask.area, limits.area)


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


def without_words(request: Request) -> Request:
    """Return a request without what its requester said, of themselves and of where."""
    voucher = request.voucher.without_words() if request.voucher else None
    return replace(
        request,
        name="",
        contact="",
        text="",
        case_number="",
        area=None,
        voucher=voucher,
    )


def _kind(data: dict[str, Json]) -> RequesterKind:
    value = optional_text(data, "kind") or RequesterKind.OTHER
    try:
        return RequesterKind(value)
    except ValueError as err:
        raise InvalidRequestError("kind_unknown", "kind") from err


def check_case_number(number: str, kind: RequesterKind, limits: Limits) -> None:
    """Hold a case number to who gives one. Raises InvalidRequestError."""
    police = kind is RequesterKind.POLICE
    if police and not number:
        raise InvalidRequestError("case_number_missing", "case_number")
    if number and not police:
        raise InvalidRequestError("case_number_not_police", "case_number")
    check_words("case_number", number, limits.case_number_max, required=police)
