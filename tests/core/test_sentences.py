"""What the rules said, in any language."""

from dataclasses import replace
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components import clip_consent
from custom_components.clip_consent.core.geo import Circle, Point
from custom_components.clip_consent.core.models import Request, Screening
from custom_components.clip_consent.core.rule_text import condition_texts
from custom_components.clip_consent.core.rules import READY_MADE, parse_rule, screen
from custom_components.clip_consent.core.sentences import ENGLISH, sentence
from custom_components.clip_consent.core.serial import dump, load

from .cases import NOW, request

TRANSLATIONS = Path(clip_consent.__file__).parent / "translations"


def words_of(language: str) -> dict[str, str]:
    """Return a language's words for rules."""
    page = json.loads((TRANSLATIONS / f"{language}.json").read_text(encoding="utf-8"))
    return {
        key.removeprefix("rules_"): text
        for key, text in page["common"].items()
        if key.startswith("rules_")
    }


def screened(asked: Request, *rules: dict[str, Any]) -> Screening:
    """Return what such rules say."""
    made = [
        parse_rule(f"r{number}", "Mine {x}", {"verdict": "ask", **data})
        for number, data in enumerate(rules)
    ]
    return screen(asked, made, now=NOW, time_zone=ZoneInfo("UTC"), home=None)


def test_english_is_what_the_core_says() -> None:
    """One wording: where a language lacks a sentence, it is the same."""
    assert words_of("en") == ENGLISH


def test_the_first_rules_have_titles() -> None:
    """As the core has them, in English."""
    page = json.loads((TRANSLATIONS / "en.json").read_text(encoding="utf-8"))
    for rule in READY_MADE:
        assert page["common"][f"ready_made_{rule.key}"] == rule.title


def test_in_another_language() -> None:
    """Every part is in it; the owner's own words stay as they are."""
    said = screened(
        request(),
        {"order": 10, "trust": ["invited"], "words": ["words"]},
        {"order": 20, "audio": False, "max_seconds": 60},
    )
    assert sentence(said, words_of("de")) == (
        "Regel 10 „Mine {x}“ passt: die anfragende Person ist eingeladen und im Text"
        " steht „words“. Du wirst gefragt. Regel 20 erlaubt höchstens 60 s und"
        " keinen Ton."
    )
    assert sentence(said, ENGLISH) == said.sentence
    assert sentence(load(Screening, dump(said)), ENGLISH) == said.sentence


@pytest.mark.parametrize("language", ["de", "es", "fr", "nl"])
def test_numbers_are_written_as_there(language: str) -> None:
    """A size has a comma there, wherever it is told; the owner's words stay."""
    area = Circle(center=Point(lat=52.1, lon=4.3), radius=250)
    data = {"order": 10, "area_max_km2": 0.25, "words": ["v1.5"]}
    said = screened(request(area=area, text="v1.5"), data)
    rule = parse_rule("r", "Mine", {"verdict": "ask", **data})
    assert "0.25 km²" in said.sentence
    assert "0.25 km²" in condition_texts(rule, {})[0]
    words = words_of(language)
    assert "0,25 km²" in sentence(said, words)
    assert "v1.5" in sentence(said, words)
    assert "0,25 km²" in condition_texts(rule, {}, words)[0]


def test_no_rule_matched() -> None:
    """That is said too."""
    assert sentence(screened(request()), words_of("nl")).startswith(
        "Geen enkele regel past."
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_an_earlier_version_screened_stays(language: str) -> None:
    """It wrote a sentence alone."""
    old = replace(screened(request()), explanation=None)
    assert sentence(old, words_of(language)) == old.sentence
