"""A rule in words: every condition and every limit of it, in every language."""

from typing import Any

import pytest

from custom_components.clip_consent.core.rule_data import READY_MADE, Rule, parse_rule
from custom_components.clip_consent.core.rule_text import (
    allowance_texts,
    condition_texts,
)

from .test_sentences import words_of

NAMES = {"a": "Driveway", "b": "Garden {x}", "c": "Garden {x}"}


def rule(**data: Any) -> Rule:
    """Return a rule of a form's data."""
    return parse_rule("r", "Mine", {"order": 10, "verdict": "ask", **data})


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({}, "it is for every request"),
        ({"trust": ["invited"]}, "the requester is invited"),
        (
            {"trust": ["verified", "unverified"]},
            "nobody has checked who asks or a portal you trust has checked who asks",
        ),
        (
            {"kinds": ["police", "neighbour", "insurer"]},
            (
                "the requester says they are an insurer, the requester says they are a "
                "neighbour or the requester says they are the police"
            ),
        ),
        ({"case_number": "required"}, "there is a case number"),
        ({"case_number": "none"}, "there is no case number"),
        ({"window_max_minutes": 30}, "the window is no longer than 30 min"),
        ({"window_max_age_hours": 48}, "the window ended no more than 48 h ago"),
        (
            {"footage_from": "22:00:00", "footage_to": "06:30:15"},
            "part of the window or all of it lies between 22:00 and 06:30:15",
        ),
        (
            {"received_from": "08:00", "received_to": "20:00"},
            "the request came between 08:00 and 20:00",
        ),
        ({"area_max_km2": 0.5}, "the area asked about is at most 0.5 km²"),
        ({"area_max_km2": 25.0}, "the area asked about is at most 25 km²"),
        (
            {"distance_max_metres": 500},
            "the area is at most 500 m from your home",
        ),
        ({"words": ["Bicycle", "{car}"]}, "the text holds “Bicycle” or “{car}”"),
        ({"cameras": ["b", "a"]}, "it is about Driveway or Garden {x}"),
        (
            {"cameras": ["gone", "c", "b"]},
            "it is about Garden {x} or a camera that is gone",
        ),
    ],
)
def test_each_condition(data: dict[str, Any], text: str) -> None:
    """What the form narrows is told; what it leaves open is not."""
    assert condition_texts(rule(**data), NAMES) == [text]


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ({}, []),
        ({"max_seconds": 60}, ["at most 60 s"]),
        ({"audio": False}, ["no sound"]),
        ({"only_cameras": ["a", "b"]}, ["only Driveway and Garden {x}"]),
        ({"only_cameras": ["gone"]}, ["only a camera that is gone"]),
        ({"confirm_in_app": True}, ["approval in the app only"]),
        ({"two_approvers": True}, ["approval by two only"]),
        ({"masked": True}, ["only clips in which a region is filled"]),
        (
            {"two_approvers": True, "only_cameras": ["a"], "max_seconds": 5},
            ["at most 5 s", "approval by two only", "only Driveway"],
        ),
    ],
)
def test_each_limit(data: dict[str, Any], texts: list[str]) -> None:
    """Nothing is told where nothing is limited."""
    assert allowance_texts(rule(**data), NAMES) == texts


def test_all_that_holds_is_told() -> None:
    """In the order of the form."""
    data = {"trust": ["invited"], "case_number": "none", "words": ["x"]}
    assert condition_texts(rule(**data), NAMES) == [
        "the requester is invited",
        "there is no case number",
        "the text holds “x”",
    ]


@pytest.mark.parametrize("language", ["de", "es", "fr", "nl"])
def test_in_every_language(language: str) -> None:
    """Every part has its own words there; the owner's stay as they are."""
    words = words_of(language)
    full: dict[str, Any] = {
        "trust": ["invited", "verified"],
        "kinds": ["police"],
        "case_number": "required",
        "window_max_minutes": 30,
        "window_max_age_hours": 48,
        "footage_from": "22:00",
        "footage_to": "06:00",
        "received_from": "08:00",
        "received_to": "20:00",
        "area_max_km2": 1.25,
        "distance_max_metres": 500,
        "words": ["{x}"],
        "cameras": ["b", "gone"],
        "max_seconds": 5,
        "audio": False,
        "only_cameras": ["b", "gone"],
        "confirm_in_app": True,
        "two_approvers": True,
        "masked": True,
    }
    made = rule(**full)
    english = condition_texts(made, NAMES) + allowance_texts(made, NAMES)
    theirs = condition_texts(made, NAMES, words) + allowance_texts(made, NAMES, words)
    assert len(theirs) == len(english) == 17
    assert not set(theirs) & set(english)
    assert sum("{x}" in text for text in theirs) == 3


def test_the_rules_a_home_starts_with() -> None:
    """They can be read without opening a form."""
    invited, others = (
        parse_rule(each.key, each.title, each.data) for each in READY_MADE
    )
    assert condition_texts(invited, {}) == [
        "the requester is invited or a portal you trust has checked who asks"
    ]
    assert condition_texts(others, {}) == ["it is for every request"]
