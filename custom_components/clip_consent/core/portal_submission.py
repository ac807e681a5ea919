"""What a requester or a neighbour submits to a hub; docs/portal-protocol.md, section 5.

What is refused depends on the submission, the time and the published limits alone.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
import re
from typing import Final

from .bech32 import public_key
from .body_fields import (
    check_version,
    check_words,
    inbox_digest,
    optional_text,
    required_text,
    tidied,
    time_of,
)
from .errors import InvalidGeometryError, InvalidRequestError, PortalError
from .geo import Area, Circle, Point, check_area
from .geohash import touched
from .limits import CASE_NUMBER_MAX, CONTACT_MAX, HUB_GRID, TEXT_MAX, TITLE_MAX, Limits
from .models import RequesterKind, Window
from .portal_items import read_area
from .requests import check_case_number, check_window
from .serial import Json
from .strict_json import parse_json

_HINT: Final = re.compile(r"[A-Za-z0-9_-]{0,64}")
_STEPS: Final = round(1 / HUB_GRID)  # of the grid, to the degree


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A request to a hub as somebody typed it, tidied."""

    title: str
    text: str
    window: Window
    area: Area
    contact: str
    case_number: str
    recipient: str
    key_hint: str
    inbox: str | None  # SHA-256 of the secret that opens the answers


def parse_submission(body: bytes) -> Submission:
    """Read the body of `POST /requests`. Raises InvalidRequestError."""
    data = parse_json(body)
    check_version(data)
    return Submission(
        title=tidied("title", required_text(data, "title"), TITLE_MAX),
        text=tidied("text", required_text(data, "text"), TEXT_MAX, lines=True),
        window=Window(start=time_of(data, "start"), end=time_of(data, "end")),
        area=_area(data.get("area")),
        contact=tidied("contact", optional_text(data, "contact"), CONTACT_MAX),
        case_number=tidied(
            "case_number", optional_text(data, "case_number"), CASE_NUMBER_MAX
        ),
        recipient=_recipient(required_text(data, "recipient")),
        key_hint=_key_hint(optional_text(data, "key_hint")),
        inbox=inbox_digest(data),
    )


def validate_submission(
    submission: Submission,
    *,
    kind: RequesterKind | None,
    now: datetime,
    limits: Limits,
    cells: Collection[str],
) -> None:
    """Hold a submission to the limits of a hub that covers `cells`.

    `kind` is that of a requester whom the hub knows, None for a neighbour whom it does
    not. Raises InvalidRequestError.
    """
    check_window(submission.window, now, limits)
    check_words("title", submission.title, limits.title_max)
    check_words("text", submission.text, limits.text_max, lines=True)
    _check_area(submission.area, limits, cells)
    if kind is None:
        _check_neighbour(submission)
        return
    check_words("contact", submission.contact, limits.contact_max)
    check_case_number(submission.case_number, kind, limits)


def snap(place: Point) -> Point:
    """Return the point of the neighbours' grid that is nearest to a place."""
    return Point(
        lat=round(place.lat * _STEPS) / _STEPS, lon=round(place.lon * _STEPS) / _STEPS
    )


def _check_neighbour(submission: Submission) -> None:
    """Hold a neighbour to saying nothing of who they are, and little of where."""
    if submission.contact:
        raise InvalidRequestError("contact_not_neighbour", "contact")
    if submission.case_number:
        raise InvalidRequestError("case_number_not_police", "case_number")
    if submission.inbox is None:
        raise InvalidRequestError("inbox_missing", "inbox")
    area = submission.area
    if not isinstance(area, Circle) or snap(area.center) != area.center:
        raise InvalidRequestError("area_off_grid", "area")


def _check_area(area: Area, limits: Limits, cells: Collection[str]) -> None:
    if limits.area:
        try:
            check_area(area, limits.area)
        except InvalidGeometryError as err:
            raise InvalidRequestError(err.code, "area", **err.placeholders) from err
    precision = len(next(iter(cells), ""))
    if not touched(area, precision) <= set(cells):
        raise InvalidRequestError("area_outside_hub", "area")


def _area(said: Json) -> Area:
    if said is None:
        raise InvalidRequestError("area_missing", "area")
    try:
        return read_area(said)
    except PortalError as err:
        geometry = err.__cause__
        code = geometry.code if isinstance(geometry, InvalidGeometryError) else None
        raise InvalidRequestError(code or "area_malformed", "area") from err


def _recipient(text: str) -> str:
    public_key(text)
    return text


def _key_hint(text: str) -> str:
    if not _HINT.fullmatch(text):
        raise InvalidRequestError("key_hint_malformed", "key_hint")
    return text
