"""Is all that a flow shows there in words? Asked of every step that any test sees."""

from collections.abc import Mapping
import json
from pathlib import Path
import re
from typing import Any, Final

from homeassistant.data_entry_flow import FlowResultType, section
from homeassistant.helpers.selector import SelectSelector

_FILE: Final = "custom_components/clip_consent/translations/en.json"
ENGLISH: Final[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / _FILE).read_text(encoding="utf-8")
)
# What explains itself.
_WITHOUT_HELP: Final = {"qr_code"}

# Of these a menu has one.
_EITHER: Final = {"clock", "clock_set"}


def placeholders(text: str) -> set[str]:
    """Return what a text wants filled in."""
    return set(re.findall(r"\{(\w+)\}", text))


def missing_words(result: Mapping[str, Any], texts: Mapping[str, Any]) -> list[str]:
    """Return what a flow's step shows without words; `texts` are the flow's own."""
    given = set(result.get("description_placeholders") or {})
    if result["type"] is FlowResultType.ABORT:
        if result.get("translation_domain"):
            return []  # Home Assistant's own words
        return _unsaid(texts.get("abort", {}), result["reason"], given, "abort")
    if result["type"] is FlowResultType.CREATE_ENTRY:
        return []
    step = texts["step"].get(result["step_id"], {})
    where = f"step {result['step_id']}"
    found = [
        *_unsaid(step, "title", given, where),
        *_unsaid(step, "description", given, where),
    ]
    if result["type"] is FlowResultType.MENU:
        said = step.get("menu_options", {})
        shown = set(result["menu_options"])
        if not set(said) - _EITHER <= shown <= set(said) or len(shown & _EITHER) > 1:
            found.append(f"{where}: options {result['menu_options']}")
        for option in shown:
            found += _unsaid(said, option, given, where)
        return found
    for error in (result["errors"] or {}).values():
        found += _unsaid(texts.get("error", {}), error, given, "error")
    return found + _fields(result["data_schema"].schema, step, given, where)


def _fields(
    schema: Mapping[Any, Any], step: Mapping[str, Any], given: set[str], where: str
) -> list[str]:
    """Return which fields have no label, no help or no words for their options."""
    found: list[str] = []
    for key, selector in schema.items():
        if isinstance(selector, section):
            inner = step.get("sections", {}).get(key, {})
            found += _unsaid(inner, "name", given, f"{where}, {key}")
            found += _fields(selector.schema.schema, inner, given, f"{where}, {key}")
            continue
        found += _unsaid(step.get("data", {}), key, given, where)
        if key not in _WITHOUT_HELP:
            help_texts = step.get("data_description", {})
            found += _unsaid(help_texts, key, given, f"{where}, help")
        if isinstance(selector, SelectSelector):
            found += _options(selector.config, where)
    return found


def _options(config: Mapping[str, Any], where: str) -> list[str]:
    """Return whether the words for a selector's options are not exactly those."""
    if not (key := config.get("translation_key")):
        return []
    said = ENGLISH["selector"].get(key, {}).get("options", {})
    if set(said) == {str(option) for option in config["options"]}:
        return []
    return [f"{where}: options of {key}"]


def _unsaid(
    texts: Mapping[str, Any], key: str, given: set[str], where: str
) -> list[str]:
    """Return whether a text is missing or wants what is not given."""
    text = texts.get(key)
    if not isinstance(text, str):
        return [f"{where}: {key} has no words"]
    wanted = placeholders(text) - given
    return [f"{where}: {key} wants {sorted(wanted)}"] if wanted else []
