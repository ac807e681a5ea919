"""What leaves the core, against the examples of docs/interfaces.md."""

from dataclasses import replace
from datetime import timedelta
import json
from pathlib import Path
import re
from typing import Any

import pytest

from custom_components.clip_consent.core.answers import answer_text
from custom_components.clip_consent.core.disclosure import (
    event_view,
    owner_view,
    status_view,
    subject,
)
from custom_components.clip_consent.core.errors import InvalidRequestError
from custom_components.clip_consent.core.flow import delivered
from custom_components.clip_consent.core.geo import Circle, Point, Polygon
from custom_components.clip_consent.core.models import (
    CaseEvent,
    CaseEventType,
    CaseState,
    Choice,
    ClosedReason,
    FirstTap,
    Means,
    Window,
)
from custom_components.clip_consent.core.public_status import Drop, PublicStatus
from custom_components.clip_consent.core.serial import utc_text
from custom_components.clip_consent.core.vouching import FollowUp, Voucher

from .cases import (
    CAMERAS,
    CHOICE,
    GARDEN,
    NOW,
    SPAN,
    case,
    consented,
    draft,
    offer,
    waiting,
)

PAGE = Path(__file__).parents[2] / "docs" / "interfaces.md"


def example(name: str) -> Any:
    """Return an example of the page."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(
        rf"<!-- example: {name} -->\n```json\n(.*?)\n```", text, re.DOTALL
    )
    assert found, name
    return json.loads(found[1])


def view(shown: Any) -> dict[str, Any]:
    """Return the owner's view of a case."""
    return owner_view(
        shown,
        cameras=CAMERAS,
        user_name=str.title,
        problem_text=lambda code: f"<{code}>",
        sentence=lambda screening: screening.sentence,
    )


def keys(value: Any) -> Any:
    """Return the shape of a value: names, and what they hold."""
    if isinstance(value, dict):
        return {name: keys(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [keys(value[0])] if value else []
    return None


def test_case_has_the_documented_shape() -> None:
    """Every name of the page, and no other."""
    assert keys(view(waiting())) == keys(example("case"))


def test_consent_and_delivery_have_theirs() -> None:
    """While it goes out, and after."""
    assert keys(view(consented())["consent"]) == keys(example("consent"))
    sealed = replace(consented(), state=CaseState.SEALED)
    [shown] = view(delivered(sealed, NOW, None))["deliveries"]
    assert keys(shown) == keys(example("delivery"))


def test_what_was_chosen_is_told_apart_from_the_film() -> None:
    """A copy begins earlier; an answer in words was cut from nothing."""
    chosen = Window(start=SPAN.start + timedelta(seconds=2), end=SPAN.end)
    film = draft(choice=Choice(camera_id=GARDEN, window=chosen))
    shown = view(waiting(draft=film))["draft"]
    assert shown["chosen"] == {
        "start": utc_text(chosen.start),
        "end": utc_text(chosen.end),
    }
    assert shown["start"] == utc_text(film.window.start)
    words = draft(choice=Choice(camera_id="", window=SPAN, text="Yes"))
    assert view(waiting(draft=words))["draft"]["chosen"] is None


def test_parts_that_are_not_there_are_null() -> None:
    """Never missing."""
    shown = view(case(problem="x", closed=ClosedReason.DECLINED))
    assert shown["screening"] is None
    assert shown["findings"] is None
    assert shown["draft"] is None
    assert shown["offer"] is None
    assert shown["problem_text"] == "<x>"
    assert shown["closed"] == "declined"


def test_what_goes_along_about_the_owner_stands_with_the_draft() -> None:
    """Nothing by default; else the very words."""
    assert view(waiting())["draft"]["identity"] is None
    named = draft(choice=replace(CHOICE, identity="Sam, number 12"))
    assert view(waiting(draft=named))["draft"]["identity"] == "Sam, number 12"


def test_the_first_of_two_is_named() -> None:
    """Who else has to look sees whose yes it was, and since when."""
    assert view(waiting())["offer"]["first"] is None
    first = FirstTap(user_id="anna", means=Means.PUSH, at=NOW)
    shown = view(waiting(offer=replace(offer(), first=first)))["offer"]
    assert shown["first"] == {"user": "Anna", "at": utc_text(NOW)}
    assert keys(shown) == keys(example("case")["offer"]) | {
        "first": keys(shown["first"])
    }


def test_event_has_no_word_of_the_requester() -> None:
    """Labels, camera, window, counts."""
    shown = event_view(
        CaseEvent(type=CaseEventType.ASKED, case=waiting(), user_id=None, at=NOW),
        CAMERAS,
        1,
    )
    assert set(shown) == set(example("event_attributes"))
    assert "words" not in str(shown)
    assert subject(case(), CAMERAS)["camera"] is None
    answer = Choice(camera_id="", window=SPAN, text="Yes")
    assert subject(waiting(draft=draft(choice=answer)), CAMERAS)["camera"] is None


def test_status_tells_nothing_but_what_can_be_fetched() -> None:
    """The requester's view is not even given the case."""
    drop = Drop(delivery_id="d", case_id="c", size=5, until=NOW, once=False)
    status = status_view(PublicStatus(look_again_until=NOW, drops=(drop,)))
    assert isinstance(status, dict)
    assert set(status) == set(example("status"))
    assert isinstance(status["deliveries"], list)
    assert keys(status["deliveries"][0]) == keys(example("status_delivery"))


def test_answers_are_held_to_the_limits() -> None:
    """The owner's own words too."""
    assert answer_text("  Come by.\r\nAt six. ") == "Come by.\nAt six."
    for text, code in ((" ", "blank"), ("x" * 2001, "too_long"), ("a\x00", ".")):
        with pytest.raises(InvalidRequestError, match=code):
            answer_text(text)


def test_a_voucher_is_told_to_approvers() -> None:
    """Which hub it was, and how it knows who asks."""
    voucher = Voucher(
        hub="thumb",
        item_id="k" * 26,
        organisation="Station",
        verified_how="Badge",
        notes=(FollowUp(n=3, at=NOW, text="It was blue."),),
    )
    asked = replace(case(), request=replace(case().request, voucher=voucher))
    assert view(asked)["request"]["vouched"] == {
        "hub": "thumb",
        "organisation": "Station",
        "verified_how": "Badge",
        "notes": [{"at": utc_text(NOW), "text": "It was blue."}],
    }


def test_an_area_is_told_in_its_own_form() -> None:
    """A circle or the corners of a polygon; what was dropped is null."""
    corners = [Point(lat=52.0, lon=4.0), Point(lat=52.01, lon=4.0)]
    corners.append(Point(lat=52.0, lon=4.01))
    circle = Circle(center=corners[0], radius=250.0)
    told = {
        None: None,
        circle: {"kind": "circle", "latitude": 52.0, "longitude": 4.0, "radius": 250.0},
        Polygon(vertices=tuple(corners)): {
            "kind": "polygon",
            "points": [[52.0, 4.0], [52.01, 4.0], [52.0, 4.01]],
        },
    }
    for area, shown in told.items():
        asked = replace(case(), request=replace(case().request, area=area))
        assert view(asked)["request"]["area"] == shown
