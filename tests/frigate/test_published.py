"""Frigate's published description: what is asked is in it, and what is answered."""

from collections.abc import Callable
import copy
from typing import Any

from aiohttp import ClientSession
import pytest
from yarl import URL

from custom_components.clip_consent.home.sources.frigate import FrigateSource

from .conftest import NOON, camera
from .published import EVENT, against, fault_of_call, fault_of_version, faults_of_events
from .standin import StandIn
from .test_source import at, span

PICTURE = "/{camera_name}/recordings/{frame_time}/snapshot.{format}"
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
EITHER = {"anyOf": [{"type": "number"}, {"type": "null"}]}
WHOLE = {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": 1}


def placed(where: str, **schemas: Any) -> list[dict[str, Any]]:
    """Return parameters as a description lists them."""
    return [
        {"in": where, "name": name, "required": where == "path", "schema": schema}
        for name, schema in schemas.items()
    ]


def told(*parameters: dict[str, Any], **content: Any) -> dict[str, Any]:
    """Return a call as a description tells it."""
    answer = content or {"application/json": {"schema": {}}}
    return {
        "get": {
            "parameters": list(parameters),
            "responses": {"200": {"content": answer}},
        }
    }


def description() -> dict[str, Any]:
    """Return a description in the manner of Frigate's, of the calls that are made."""
    one = placed("path", camera_name={"anyOf": [TEXT, {"type": "null"}]})
    login = {
        "properties": {"user": TEXT, "password": TEXT},
        "required": ["user", "password"],
    }
    event = {
        "properties": {
            name: {"anyOf": [{"type": kind} for kind in sorted(kinds)]}
            for name, kinds in EVENT.items()
        },
        "required": list(EVENT),
    }
    array = {"type": "array", "items": {"$ref": "#/schemas/Event"}}
    asked = placed(
        "query",
        cameras=TEXT,
        after=EITHER,
        before=EITHER,
        limit=WHOLE,
        include_thumbnails=WHOLE,
    )
    between = placed("path", start_ts=NUMBER, end_ts=NUMBER)
    form = placed("path", frame_time=NUMBER, format={"enum": ["png", "jpg"]})
    paths: dict[str, Any] = {
        "/login": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/schemas/Login"}}
                    }
                }
            }
        },
        "/version": told(**{"text/plain": {"schema": TEXT}}),
        "/config": told(),
        "/events": told(*asked, **{"application/json": {"schema": array}}),
        "/{camera_name}/recordings": told(
            *one, *placed("query", after=NUMBER, before=NUMBER)
        ),
        "/{camera_name}/recordings/summary": told(*one, *placed("query", timezone={})),
        PICTURE: told(*one, *form, *placed("query", height={"type": "integer"})),
        "/{camera_name}/start/{start_ts}/end/{end_ts}/clip.mp4": told(*one, *between),
    }
    return {"paths": paths, "schemas": {"Login": login, "Event": event}}


def without_config(told: dict[str, Any]) -> None:
    """Take a call away."""
    told["paths"]["/config"] = {}


def with_whole_moments(told: dict[str, Any]) -> None:
    """Let a moment have no fractions."""
    (after,) = (
        one
        for one in told["paths"]["/{camera_name}/recordings"]["get"]["parameters"]
        if one["name"] == "after"
    )
    after["schema"] = {"type": "integer"}


def without_a_limit(told: dict[str, Any]) -> None:
    """Know no such parameter."""
    call = told["paths"]["/events"]["get"]
    call["parameters"] = [one for one in call["parameters"] if one["name"] != "limit"]


def with_one_form(told: dict[str, Any]) -> None:
    """Have pictures in one form only."""
    for one in told["paths"][PICTURE]["get"]["parameters"]:
        if one["name"] == "format":
            one["schema"] = {"enum": ["webp"]}


def with_a_key(told: dict[str, Any]) -> None:
    """Want something that is not sent."""
    (parameter,) = placed("query", key=TEXT)
    told["paths"]["/config"]["get"]["parameters"] = [parameter | {"required": True}]


def with_a_name(told: dict[str, Any]) -> None:
    """Want something else in a login."""
    told["schemas"]["Login"]["required"] = ["user", "password", "code"]


def without_a_body(told: dict[str, Any]) -> None:
    """Take the login in another way."""
    del told["paths"]["/login"]["post"]["requestBody"]


def with_json(told: dict[str, Any]) -> None:
    """Tell a version in another form."""
    answer = told["paths"]["/version"]["get"]["responses"]["200"]
    answer["content"] = {"application/json": {}}


def with_a_score(told: dict[str, Any]) -> None:
    """Promise more of an event."""
    told["schemas"]["Event"]["required"].append("score")


def with_words(told: dict[str, Any]) -> None:
    """Promise something else of an event."""
    told["schemas"]["Event"]["properties"]["zones"] = TEXT


def test_what_is_told_agrees_with_a_description() -> None:
    """One in the manner of Frigate's own, which tells the same."""
    assert list(against(description())) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_config, "GET /config is not there"),
        (with_whole_moments, "/{camera_name}/recordings after is no number"),
        (without_a_limit, "/events limit is no integer"),
        (
            with_one_form,
            f"{PICTURE} format is no png|jpg",
        ),
        (with_a_key, "/config wants key"),
        (with_a_name, "/login has another body"),
        (without_a_body, "/login has no body"),
        (with_json, "a version comes as ['application/json']"),
        (with_a_score, "an event has score"),
        (with_words, "an event's zones is another one"),
    ],
)
def test_a_description_that_says_otherwise(
    change: Callable[[dict[str, Any]], None], said: str
) -> None:
    """Each is told."""
    changed = copy.deepcopy(description())
    change(changed)
    assert list(against(changed)) == [said]


@pytest.mark.parametrize(
    ("method", "url", "body"),
    [
        ("POST", "/api/version", b""),
        ("GET", "/api/login", b""),
        ("GET", "/api/drive", b""),
        ("GET", "/drive/recordings/today", b""),
        ("GET", "/api/drive/recordings?since=1", b""),
        ("GET", "/api/drive/recordings?after=now", b""),
        ("GET", "/api/drive/recordings?after=1e9", b""),
        ("GET", "/api/events?limit=1.5", b""),
        ("GET", "/api/drive/recordings/1.5/snapshot.webp", b""),
        ("GET", "/api/drive/recordings/1.5/snapshot.jpg?height=tall", b""),
        ("GET", "/api/drive/start/1.5/end//clip.mp4", b""),
        ("GET", "/api/config", b"{}"),
        ("POST", "/api/login", b'{"user": "owner"}'),
        ("POST", "/api/login", b'{"user": "owner", "password": 7}'),
    ],
)
def test_a_call_that_is_not_described(method: str, url: str, body: bytes) -> None:
    """By its method, its path, what it asks, of what kind, and what it sends."""
    assert fault_of_call(method, URL(url), body)


def test_answers_that_are_not_described() -> None:
    """Lists of whole events, of the right kinds; a version as plain text."""
    whole: dict[str, Any] = {
        name: {"string": "x", "boolean": True, "array": ["x"], "object": {}}.get(
            min(kinds - {"null", "number"}), 1
        )
        for name, kinds in EVENT.items()
    }
    assert list(faults_of_events([whole], thumbnails=True)) == []
    assert list(faults_of_events({}, thumbnails=True)) == ["no list"]
    for change, said in (
        ({"label": 7}, "label: 7"),
        ({"data": None}, "data: None"),
        ({"start_time": True}, "start_time: True"),
        ({"zones": [7]}, "zone 7"),
    ):
        assert list(faults_of_events([whole | change], thumbnails=True)) == [said]
    del whole["thumbnail"]
    assert list(faults_of_events([whole], thumbnails=True)) == ["no thumbnail"]
    assert list(faults_of_events([whole], thumbnails=False)) == []
    assert fault_of_version("text/plain") is None
    assert fault_of_version("application/json")


async def test_a_stand_in_takes_nothing_else(
    frigate: StandIn, source: FrigateSource
) -> None:
    """Whatever is asked, and however it is answered, is held to the description."""
    frigate.events = [{"camera": "drive", "label": "car", "start_time": NOON + 1}]
    one = camera(frigate)
    assert await source.async_detections(one, span(0, 60))
    assert await source.async_picture(one, at(5))
    assert frigate.undescribed == []
    frigate.events[0]["plus_id"] = 7
    await source.async_detections(one, span(0, 60))
    async with (
        ClientSession() as session,
        session.get(f"{frigate.url}/api/drive/recordings?since=1"),
    ):
        pass
    assert frigate.undescribed == [
        "plus_id: 7",
        "GET /api/drive/recordings?since=1: since=1",
    ]
    frigate.undescribed.clear()
    other = StandIn(folder=frigate.folder)
    with pytest.raises(AssertionError, match="odd"):
        async with other.running():
            other.undescribed.append("odd")
