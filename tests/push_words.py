"""The sentences of pushes, as the translations have them."""

import json
from pathlib import Path

from custom_components import clip_consent
from custom_components.clip_consent.home.prompt_texts import PushTexts

TRANSLATIONS = Path(clip_consent.__file__).parent / "translations"


def common(language: str) -> dict[str, str]:
    """Return what a language has to say outside of forms."""
    path = TRANSLATIONS / f"{language}.json"
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))["common"]
    return words


def pushes(language: str) -> PushTexts:
    """Return the sentences in a language, without Home Assistant."""
    words = common(language)
    return PushTexts({key.removeprefix("push_"): text for key, text in words.items()})


def english_pushes() -> PushTexts:
    """Return them in English."""
    return pushes("en")
