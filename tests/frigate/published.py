"""What Frigate's published description of its API says of the calls that are made.

Learnt from `docs/static/frigate-api.yaml` in blakeblackshear/frigate (MIT, Frigate,
Inc.), of 0.15.2, 0.16.4, 0.17.0, 0.17.2 and 0.18.0-beta1, which all say the same
of these calls. It is told here in a form of our own; what `against` finds in such a
file that says otherwise is printed by

    python -m tests.frigate.published frigate-api.yaml

The description is silent about much. Of all answers it tells two: a version is text,
and what an event has. 0.14 published none: its manual, `docs/docs/integrations/api.md`,
tells the same calls but the login and the clip of two moments, which its source has.
And it is wrong about one thing: an event has to have a `thumbnail`, it says, but no
version sends one to who asks for none (`events` in `frigate/api/event.py`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
import json
from pathlib import Path
import re
import sys
from typing import Any, Final

import yaml
from yarl import URL

_WRITTEN: Final = {
    "integer": re.compile(r"-?\d+"),
    "number": re.compile(r"-?\d+(\.\d+)?"),
    "string": re.compile(r".+"),
}
_KINDS: Final = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    dict: "object",
    list: "array",
    type(None): "null",
}


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call: its path below `/api`, and what kinds its parameters are of.

    `body` names the texts that one sends as JSON.
    """

    path: str
    method: str = "GET"
    places: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: frozenset[str] = frozenset()

    def places_of(self, path: str) -> dict[str, str] | None:
        """Return what a path has in its places, None if it is another call's."""
        form = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.path))
        found = re.fullmatch(form, path)
        return found.groupdict() if found else None


_CAMERA: Final = {"camera_name": "string"}
CALLS: Final = (
    Call(path="/login", method="POST", body=frozenset({"user", "password"})),
    Call(path="/version"),
    Call(path="/config"),
    Call(
        path="/events",
        query={
            "cameras": "string",
            "after": "number",
            "before": "number",
            "limit": "integer",
            "include_thumbnails": "integer",
        },
    ),
    Call(
        path="/{camera_name}/recordings",
        places=_CAMERA,
        query={"after": "number", "before": "number"},
    ),
    Call(
        path="/{camera_name}/recordings/summary",
        places=_CAMERA,
        query={"timezone": "string"},
    ),
    Call(
        path="/{camera_name}/recordings/{frame_time}/snapshot.{format}",
        places={**_CAMERA, "frame_time": "number", "format": "png|jpg"},
        query={"height": "integer"},
    ),
    Call(
        path="/{camera_name}/start/{start_ts}/end/{end_ts}/clip.mp4",
        places={**_CAMERA, "start_ts": "number", "end_ts": "number"},
    ),
)
_VERSION_TYPE: Final = "text/plain"
_LEFT_OUT: Final = "thumbnail"  # of an event, where none is asked for
EVENT: Final[Mapping[str, frozenset[str]]] = {
    "id": frozenset({"string"}),
    "label": frozenset({"string"}),
    "sub_label": frozenset({"string", "null"}),
    "camera": frozenset({"string"}),
    "start_time": frozenset({"number", "integer"}),
    "end_time": frozenset({"number", "integer", "null"}),
    "false_positive": frozenset({"boolean"}),
    "zones": frozenset({"array"}),
    "thumbnail": frozenset({"string"}),
    "has_clip": frozenset({"boolean"}),
    "has_snapshot": frozenset({"boolean"}),
    "retain_indefinitely": frozenset({"boolean"}),
    "plus_id": frozenset({"string", "null"}),
    "model_hash": frozenset({"string", "null"}),
    "detector_type": frozenset({"string", "null"}),
    "model_type": frozenset({"string", "null"}),
    "data": frozenset({"object"}),
}


def fault_of_call(method: str, url: URL, body: bytes) -> str | None:
    """Return what of a request is not described, None if all of it is."""
    path = url.path.removeprefix("/api")
    for call in CALLS:
        places = call.places_of(path)
        if places is not None and call.method == method:
            given = [(call.places, each) for each in places.items()]
            given += [(call.query, each) for each in url.query.items()]
            for kinds, (name, value) in given:
                if not _is(value, kinds.get(name, "")):
                    return f"{method} {url}: {name}={value}"
            return _fault_of_body(call, body)
    return f"{method} {url}"


def _fault_of_body(call: Call, body: bytes) -> str | None:
    if not call.body:
        return f"{call.path}: a body" if body else None
    told = json.loads(body)
    texts = all(isinstance(each, str) for each in told.values())
    return None if set(told) == call.body and texts else f"{call.path}: {set(told)}"


def _is(value: str, kind: str) -> bool:
    written = _WRITTEN.get(kind)
    return bool(written.fullmatch(value)) if written else value in kind.split("|")


def faults_of_events(events: object, *, thumbnails: bool) -> Iterator[str]:
    """Tell what of an answer of events is not as it is described."""
    if not isinstance(events, list):
        yield "no list"
        return
    for event in events:
        for name, kinds in EVENT.items():
            if name not in event and (thumbnails or name != _LEFT_OUT):
                yield f"no {name}"
            elif name in event and _KINDS[type(event[name])] not in kinds:
                yield f"{name}: {event[name]!r}"
        yield from (f"zone {one!r}" for one in event["zones"] if type(one) is not str)


def fault_of_version(content_type: str) -> str | None:
    """Return what is wrong with the form of a version."""
    return None if content_type == _VERSION_TYPE else f"version as {content_type}"


def against(description: Mapping[str, Any]) -> Iterator[str]:
    """Tell where a published description says otherwise than this page."""
    read = _Described(description)
    for call in CALLS:
        told = description["paths"].get(call.path, {}).get(call.method.lower())
        if told is None:
            yield f"{call.method} {call.path} is not there"
            continue
        given = {(one["in"], one["name"]): one for one in told.get("parameters", ())}
        wanted = {("path", name): kind for name, kind in call.places.items()}
        wanted |= {("query", name): kind for name, kind in call.query.items()}
        for one, kind in wanted.items():
            if one not in given or not set(kind.split("|")) <= read.kinds(
                given.pop(one)["schema"]
            ):
                yield f"{call.path} {one[1]} is no {kind}"
        left = [name for (_, name), one in given.items() if one.get("required")]
        yield from (f"{call.path} wants {name}" for name in left)
        yield from read.body(call, told)
    yield from read.answers()


class _Described:
    """Reads a description: references followed, kinds collected."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self._all = description

    def schema(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a reference leads to."""
        if "$ref" not in schema:
            return schema
        found: Any = self._all
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return self.schema(found)

    def kinds(self, schema: Mapping[str, Any]) -> set[str]:
        """Return the kinds of a value, or its words; every kind if none is told."""
        schema = self.schema(schema)
        if "anyOf" in schema:
            return set[str]().union(*map(self.kinds, schema["anyOf"]))
        if "enum" in schema:
            return set(schema["enum"])
        kind = schema.get("type")
        if kind is None:
            return set(_KINDS.values())
        return {"number", "integer"} if kind == "number" else {kind}

    def body(self, call: Call, told: Mapping[str, Any]) -> Iterator[str]:
        """Tell where a body is another one."""
        if "requestBody" not in told:
            if call.body:
                yield f"{call.path} has no body"
            return
        schema = self.schema(
            told["requestBody"]["content"]["application/json"]["schema"]
        )
        texts = {
            name
            for name, one in schema["properties"].items()
            if "string" in self.kinds(one)
        }
        if not set(schema.get("required", ())) <= call.body <= texts:
            yield f"{call.path} has another body"

    def answers(self) -> Iterator[str]:
        """Tell where an answer is another one."""
        version = self._answer("/version")
        if list(version) != [_VERSION_TYPE]:
            yield f"a version comes as {list(version)}"
        events = self.schema(self._answer("/events")["application/json"]["schema"])
        event = self.schema(events["items"])
        lacking = set(event["required"]) - set(EVENT)
        yield from (f"an event has {name}" for name in sorted(lacking))
        for name, kinds in EVENT.items():
            if not kinds <= self.kinds(event["properties"].get(name, {"type": "none"})):
                yield f"an event's {name} is another one"

    def _answer(self, path: str) -> Mapping[str, Any]:
        content: Mapping[str, Any]
        content = self._all["paths"][path]["get"]["responses"]["200"]["content"]
        return content


if __name__ == "__main__":
    found = list(against(yaml.safe_load(Path(sys.argv[1]).read_text("utf-8"))))
    print(*found or ["it says the same"], sep="\n")  # noqa: T201
    sys.exit(bool(found))
