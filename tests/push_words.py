"""The sentences of pushes, as the translations have them."""

import json
from pathlib import Path

from custom_components import clip_consent
from custom_components.clip_consent.home.prompt_texts import PushTexts

TRANSLATIONS = Path(clip_consent.__file__).parent / "translations"


def english_pushes() -> PushTexts:
    """Return them in English, without Home Assistant."""
    said = json.loads((TRANSLATIONS / "en.json").read_text(encoding="utf-8"))
    words: dict[str, str] = said["common"]
    return PushTexts({key.removeprefix("push_"): text for key, text in words.items()})
