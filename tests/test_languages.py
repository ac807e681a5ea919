"""Other languages: every text of the English one, with the same places for values."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any, Final

import pytest

from custom_components.clip_consent.const import LANGUAGES

TREE: Final = Path(__file__).parent.parent / "custom_components" / "clip_consent"
FILES: Final = {path.stem: path for path in (TREE / "translations").glob("*.json")}
OTHERS: Final = sorted(FILES.keys() - {"en"})


def _strings(texts: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(texts, str):
        yield path, texts
        return
    for key, inner in texts.items():
        yield from _strings(inner, f"{path}.{key}" if path else key)


def _read(language: str) -> dict[str, str]:
    return dict(_strings(json.loads(FILES[language].read_text(encoding="utf-8"))))


def _placeholders(text: str) -> list[str]:
    return sorted(set(re.findall(r"\{\w*\}", text)))


ENGLISH: Final = _read("en")


def test_the_languages_that_we_promise() -> None:
    """The pages and the panel have the same ones, by the frontend's own tests."""
    assert OTHERS == ["de", "es", "fr", "nl"]
    assert sorted(FILES) == sorted(LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_there(language: str) -> None:
    """None is missing, none is left over, and none waits to be translated."""
    theirs = _read(language)
    assert theirs.keys() == ENGLISH.keys()
    alike = [path for path, text in theirs.items() if text == ENGLISH[path]]
    assert len(alike) < len(ENGLISH) / 10, alike


@pytest.mark.parametrize("language", OTHERS)
def test_the_same_values_are_put_in(language: str) -> None:
    """A value that is left out would not be told; one too many would break the text."""
    theirs = _read(language)
    differing = {
        path: theirs[path]
        for path, text in ENGLISH.items()
        if _placeholders(text) != _placeholders(theirs[path])
    }
    assert differing == {}


@pytest.mark.parametrize("language", OTHERS)
def test_style(language: str) -> None:
    """As for English: plain text, trimmed, no HTML, no addresses."""
    for path, text in _read(language).items():
        assert text and text == text.strip(), path
        assert "  " not in text, path
        assert not re.search(r"</?[a-zA-Z][^>]*>|https?://|www\.|'\{\w+\}'", text), path
        if path.rpartition(".")[2] in {"description", "message"}:
            assert text.endswith((".", "?", "`")), path


# one thing, one word: what the panel calls encrypted is not sealed elsewhere
OTHER_WORDS: Final = {
    "de": r"versiegel",
    "es": r"\bsell(ar|ad|and|ó)",
    "fr": r"\bscell",
    "nl": r"verzegel",
}


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_sealed_has_one_name(language: str) -> None:
    """In pushes and in errors as in the panel."""
    for path, text in _read(language).items():
        assert not re.search(OTHER_WORDS[language], text, re.IGNORECASE), path


@pytest.mark.parametrize("language", OTHERS)
def test_the_file_is_in_order(language: str) -> None:
    """Sorted keys: so that two people who add something seldom collide."""
    raw = FILES[language].read_text(encoding="utf-8")
    text = json.dumps(json.loads(raw), ensure_ascii=False, indent=2, sort_keys=True)
    assert raw == f"{text}\n"
