"""Items of a hub: what was written is read, and nothing else is."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.errors import PortalError
from custom_components.clip_consent.core.geo import Point, Polygon
from custom_components.clip_consent.core.portal_items import (
    Item,
    item_json,
    item_text,
    read_area,
    read_item,
)

from .said import NOTICE, RECIPIENT, REQUEST, example

POLYGON = Polygon(
    vertices=(Point(lat=0, lon=0), Point(lat=0, lon=0.01), Point(lat=0.01, lon=0))
)


@pytest.mark.parametrize(
    "item",
    [
        REQUEST,
        replace(REQUEST, area=POLYGON),
        NOTICE,
        replace(NOTICE, recipient=RECIPIENT),
    ],
)
def test_what_is_written_is_read(item: Item) -> None:
    """Every field survives."""
    assert read_item(item_text(item)) == item


def test_the_example_of_the_protocol() -> None:
    """It is one that is read, with the fields that are written."""
    said = example("portal_item")
    item = read_item(json.dumps(said))
    assert item is not None
    assert item_json(item) == said
    assert said.keys() == item_json(REQUEST).keys()


def test_what_is_of_a_later_kind_is_passed_over() -> None:
    """A hub may know more than this home."""
    assert read_item('{"type": "lost_cat"}') is None


@pytest.mark.parametrize(
    ("item", "changed"),
    [
        *((REQUEST, {"type": 1}), (REQUEST, {"type": None})),
        *((REQUEST, {"id": "K5"}), (REQUEST, {"id": 5}), (NOTICE, {"id": "../x"})),
        *((REQUEST, {"published_at": "2026-11-24"}), (REQUEST, {"expires_at": 5})),
        (REQUEST, {"published_at": "2026-02-30T00:00:00Z"}),
        *((REQUEST, {"kind": "king"}), (REQUEST, {"name": "n" * 128})),
        *((REQUEST, {"organisation": "o" * 128}), (REQUEST, {"title": "t" * 128})),
        *((REQUEST, {"verified_how": "v" * 128}), (REQUEST, {"text": "t" * 2001})),
        *((REQUEST, {"contact": "c" * 256}), (REQUEST, {"case_number": "1" * 65})),
        *((REQUEST, {"title": "one\ntwo"}), (REQUEST, {"text": "\u202eevil"})),
        *((REQUEST, {"end": "2026-11-23T18:00:00Z"}), (REQUEST, {"start": None})),
        *((REQUEST, {"recipient": "age1no"}), (REQUEST, {"recipient": None})),
        *((REQUEST, {"area": None}), (REQUEST, {"area": []})),
        (REQUEST, {"area": {"kind": "square"}}),
        (
            REQUEST,
            {"area": {"kind": "circle", "latitude": "5", "longitude": 1, "radius": 9}},
        ),
        (
            REQUEST,
            {"area": {"kind": "circle", "latitude": 95, "longitude": 1, "radius": 9}},
        ),
        (
            REQUEST,
            {"area": {"kind": "circle", "latitude": 5, "longitude": 1, "radius": True}},
        ),
        (REQUEST, {"area": {"kind": "polygon", "points": 5}}),
        (REQUEST, {"area": {"kind": "polygon", "points": [[0, 0], [0, 1]]}}),
        (REQUEST, {"area": {"kind": "polygon", "points": [[0, 0, 0], [0, 1], [1, 0]]}}),
        *((NOTICE, {"cells": []}), (NOTICE, {"cells": ["u33db"] * 10})),
        *((NOTICE, {"cells": ["u3"]}), (NOTICE, {"cells": [5]})),
        *((NOTICE, {"cells": "u33db"}), (NOTICE, {"author": "police"})),
        *((NOTICE, {"recipient": 5}), (NOTICE, {"title": None})),
    ],
)
def test_what_is_not_as_it_has_to_be(item: Item, changed: dict[str, Any]) -> None:
    """A typed error, whatever it is."""
    said = {**item_json(item), **changed}
    with pytest.raises(PortalError, match="portal_item_invalid"):
        read_item(json.dumps(said))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.sampled_from([*item_json(REQUEST), *item_json(NOTICE)]), _JSON)
def test_no_value_makes_another_error(name: str, value: Any) -> None:
    """Each field, with anything in it."""
    for item in (REQUEST, NOTICE):
        with suppress(PortalError):
            read = read_item(json.dumps({**item_json(item), name: value}))
            assert read or name == "type"  # of a kind that is not known here


@given(st.text())
def test_no_text_makes_another_error(text: str) -> None:
    """What is no JSON at all."""
    _refused(lambda: read_item(text))


@given(_JSON)
def test_no_area_makes_another_error(said: Any) -> None:
    """What is no area."""
    _refused(lambda: read_area(said))


def _refused(read: Callable[[], object]) -> None:
    with pytest.raises(PortalError, match="portal_item_invalid"):
        read()
