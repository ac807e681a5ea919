"""Values to JSON and back."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.geo import Area, Circle, Point, Polygon
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Camera, Case, Viewpoint
from custom_components.clip_consent.core.portal_submission import Submission
from custom_components.clip_consent.core.serial import (
    canonical,
    dump,
    load,
    stated,
    utc_text,
    utc_time,
)

from .cases import CAMERAS, CHOICE, GARDEN, NOW, consented, draft, request, waiting


def test_cases_survive_json() -> None:
    """Everything that is saved comes back as it was."""
    for case in (waiting(), consented()):
        assert load(Case, json.loads(json.dumps(dump(case)))) == case
    assert load(Camera, dump(CAMERAS[GARDEN])) == CAMERAS[GARDEN]


CORNER = Point(lat=52.1, lon=-179.9999999)
CIRCLE = Circle(center=CORNER, radius=250.5)
POLYGON = Polygon(
    vertices=(CORNER, Point(lat=52.11, lon=180.0), Point(lat=52.11, lon=179.99))
)


@pytest.mark.parametrize("area", [CIRCLE, POLYGON, None])
def test_areas_survive_json(area: Circle | Polygon | None) -> None:
    """Either shape comes back as itself, to the last digit; no area as none."""
    case = waiting(request=request(area=area))
    assert load(Case, json.loads(json.dumps(dump(case)))) == case


@pytest.mark.parametrize("area", [CIRCLE, POLYGON])
def test_what_is_declared_by_another_name_survives_json(area: Area) -> None:
    """A name for a union is read as that union."""
    submission = Submission(
        title="Car scratched",
        text="A blue van.",
        window=waiting().request.window,
        area=area,
        contact="",
        case_number="",
        recipient="age1",
        key_hint="",
        inbox=None,
    )
    assert load(Submission, json.loads(json.dumps(dump(submission)))) == submission


def test_a_request_of_before_there_were_areas_has_none() -> None:
    """Nor had a camera a place."""
    older = json.loads(json.dumps(dump(waiting())))
    del older["request"]["area"]
    assert load(Case, older) == waiting()
    placed = replace(CAMERAS[GARDEN], viewpoint=Viewpoint(place=CORNER, bearing=90))
    assert load(Camera, dump(placed)) == placed
    camera = {**asdict(CAMERAS[GARDEN])}
    del camera["viewpoint"]
    assert load(Camera, camera) == CAMERAS[GARDEN]


def test_masks_survive_json_and_older_rows_have_none() -> None:
    """Those of choice and draft, and whether the start is exact."""
    door = Region(left=0, top=0, right=5000, bottom=3333)
    choice = replace(CHOICE, exact=True, masks=(door,))
    made = replace(draft(choice=choice), masks=(door,), original="ef" * 32)
    case = waiting(choice=choice, draft=replace(made, clock_ahead=182.0))
    assert load(Case, json.loads(json.dumps(dump(case)))) == case
    older = json.loads(json.dumps(dump(waiting())))
    for place in (older["choice"], older["draft"]["choice"]):
        del place["exact"], place["masks"]
    del older["draft"]["masks"], older["draft"]["original"]
    del older["draft"]["clock_ahead"]
    del older["screening"]["constraints"]["masked"]
    assert load(Case, older) == waiting()


def test_rows_of_an_older_version_load() -> None:
    """A field that was not there yet takes its default."""
    data = dump(waiting())
    assert isinstance(data, dict)
    del data["prompt_due"]
    assert load(Case, data).prompt_due is False


def test_an_older_case_says_nothing_of_the_owner() -> None:
    """Choice, offer and consent of before there were such words load without any."""
    for case in (waiting(), consented()):
        older = json.loads(json.dumps(dump(case)).replace(', "identity": ""', ""))
        assert "identity" not in json.dumps(older)
        assert load(Case, older) == case


def test_times_are_utc() -> None:
    """Whole milliseconds or seconds, with Z."""
    east = timezone(timedelta(hours=2))
    assert utc_text(datetime(2026, 1, 1, 2, tzinfo=east)) == "2026-01-01T00:00:00Z"
    assert utc_text(NOW + timedelta(milliseconds=5)) == "2026-11-23T12:00:00.005Z"
    assert utc_text(NOW + timedelta(microseconds=5)) == "2026-11-23T12:00:00Z"
    assert utc_time("2026-01-01T02:00:00+02:00") == datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="offset"):
        utc_time("2026-01-01T02:00:00")


def test_canonical_form() -> None:
    """Keys sorted, no white space, UTF-8."""
    assert canonical({"b": 1, "a": ["ü", None]}) == '{"a":["ü",null],"b":1}'.encode()
    assert dump({"key": (1, 2)}) == {"key": [1, 2]}


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_stated_is_read_again(when: datetime) -> None:
    """A time as it is said is the millisecond in which it lies."""
    assert utc_time(utc_text(when)) == stated(when)
    assert timedelta() <= when - stated(when) < timedelta(milliseconds=1)
