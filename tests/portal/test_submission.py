"""What is submitted to a hub: every limit on both sides, every reason code."""

from collections.abc import Mapping
from datetime import timedelta
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.errors import InvalidRequestError
from custom_components.clip_consent.core.geo import Circle, Point, metres_between
from custom_components.clip_consent.core.geohash import encode, touched
from custom_components.clip_consent.core.limits import HUB, SERVICE, Limits
from custom_components.clip_consent.core.models import RequesterKind
from custom_components.clip_consent.core.portal_submission import (
    Submission,
    parse_submission,
    snap,
    validate_submission,
)

from .said import NOW, PLACE, RECIPIENT, example

POLICE, OTHER = RequesterKind.POLICE, RequesterKind.OTHER
SAID: dict[str, Any] = example("portal_submission") | {"recipient": RECIPIENT}
CELLS = touched(Circle(center=PLACE, radius=2000), 5)
NEIGHBOUR: dict[str, Any] = SAID | {
    "contact": "",
    "case_number": "",
    "inbox": "ab" * 32,
}


def parse(said: Mapping[str, Any]) -> Submission:
    """Read a submission."""
    return parse_submission(json.dumps(said).encode())


def check(
    said: Mapping[str, Any],
    kind: RequesterKind | None = POLICE,
    limits: Limits = HUB,
) -> None:
    """Hold a submission to the limits of a hub."""
    validate_submission(parse(said), kind=kind, now=NOW, limits=limits, cells=CELLS)


def test_the_example_of_the_protocol() -> None:
    """Its fields are those that are read."""
    found = parse(SAID)
    assert found.area == Circle(center=PLACE, radius=200)
    assert found.title == SAID["title"]
    assert found.inbox is None
    assert example("portal_submission").keys() - {"version"} == {
        *("title", "text", "start", "end", "area", "contact", "case_number"),
        *("recipient", "key_hint", "inbox"),
    }
    check(SAID)
    check(NEIGHBOUR, None)
    check(SAID | {"case_number": ""}, OTHER)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"version": 2}, "version_unsupported", "version"),
        ({"version": True}, "version_unsupported", "version"),
        ({"title": None}, "title_missing", "title"),
        ({"title": " "}, "title_blank", "title"),
        ({"title": "t" * 128}, "title_too_long", "title"),
        ({"title": "one\ntwo"}, "control_character", "title"),
        ({"text": "t" * 2001}, "text_too_long", "text"),
        ({"text": "t" * 9000}, "text_too_long", "text"),
        ({"text": 5}, "not_text", "text"),
        ({"start": "yesterday"}, "time_malformed", "start"),
        ({"end": "2026-11-23T18:14:59Z"}, "window_too_short", "end"),
        ({"end": "2026-11-24T06:00:00.001Z"}, "window_too_long", "end"),
        ({"end": "2026-11-25T06:00:00Z"}, "window_too_long", "end"),
        (
            {"start": "2026-11-24T08:00:00Z", "end": "2026-11-24T09:01:00Z"},
            "window_in_future",
            "end",
        ),
        ({"contact": ""}, "contact_blank", "contact"),
        ({"case_number": ""}, "case_number_missing", "case_number"),
        ({"recipient": "age1"}, "recipient_malformed", "recipient"),
        ({"key_hint": "k" * 65}, "key_hint_malformed", "key_hint"),
        ({"key_hint": "<b>"}, "key_hint_malformed", "key_hint"),
        ({"inbox": "AB" * 32}, "inbox_malformed", "inbox"),
        ({"area": None}, "area_missing", "area"),
        ({"area": {"kind": "square"}}, "area_malformed", "area"),
        (
            {"area": {"kind": "circle", "latitude": 1, "longitude": 1, "radius": 0}},
            "area_no_radius",
            "area",
        ),
        (
            {"area": SAID["area"] | {"radius": 140}},
            "area_too_small",
            "area",
        ),
        ({"area": SAID["area"] | {"radius": 650}}, "area_too_large", "area"),
        ({"area": SAID["area"] | {"latitude": 53}}, "area_outside_hub", "area"),
    ],
)
def test_what_is_refused(changed: dict[str, Any], code: str, field: str) -> None:
    """With its reason and its field."""
    with pytest.raises(InvalidRequestError) as refused:
        check(SAID | changed)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "t" * 127},
        {"text": "one\ntwo" + "t" * 1993},
        {"end": "2026-11-23T18:15:00Z"},
        {"end": "2026-11-24T06:00:00Z"},
        {"key_hint": "k" * 64},
        {"area": SAID["area"] | {"radius": 145}},
        {"area": SAID["area"] | {"radius": 640}},
    ],
)
def test_what_is_just_allowed(changed: dict[str, Any]) -> None:
    """The other side of each limit."""
    check(SAID | changed)


def test_case_numbers_are_of_police() -> None:
    """Somebody else's would look as if there were a case."""
    with pytest.raises(InvalidRequestError, match="case_number_not_police"):
        check(SAID, OTHER)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"contact": "me@home.example"}, "contact_not_neighbour"),
        ({"case_number": "1"}, "case_number_not_police"),
        ({"inbox": None}, "inbox_missing"),
        ({"area": SAID["area"] | {"latitude": 52.5201}}, "area_off_grid"),
        (
            {
                "area": {
                    "kind": "polygon",
                    "points": [[52.52, 13.4], [52.52, 13.41], [52.526, 13.4]],
                }
            },
            "area_off_grid",
        ),
    ],
)
def test_neighbours_say_nothing_of_themselves(
    changed: dict[str, Any], code: str
) -> None:
    """No contact, no case, no place but a point of the grid."""
    with pytest.raises(InvalidRequestError, match=code):
        check(NEIGHBOUR | changed, None)


def test_a_hub_without_limits_of_area_or_cells() -> None:
    """Nothing lies in no cell."""
    check(SAID, limits=SERVICE)
    with pytest.raises(InvalidRequestError, match="area_outside_hub"):
        validate_submission(parse(SAID), kind=POLICE, now=NOW, limits=HUB, cells=())
    without = Limits(window_min=timedelta(minutes=1))
    check(SAID | {"area": SAID["area"] | {"radius": 100}}, limits=without)


@given(lat=st.floats(-85, 85), lon=st.floats(-180, 180))
def test_the_grid_hides_a_place(lat: float, lon: float) -> None:
    """Every place has a point near it, and that point is its own."""
    place = Point(lat=lat, lon=lon)
    point = snap(place)
    assert snap(point) == point
    assert metres_between(place, point) < 400
    assert len(encode(point, 5)) == 5
