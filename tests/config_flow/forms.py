"""Reading what a form shows."""

from collections.abc import Mapping
from typing import Any

from homeassistant.data_entry_flow import section


def field(result: Mapping[str, Any], name: str) -> tuple[Any, Any]:
    """Return a field's key and its selector; `section.field` for one in a section."""
    schema = result["data_schema"]
    outer, dot, inner = name.partition(".")
    if dot:
        within = schema.schema[outer]
        assert isinstance(within, section)
        schema, name = within.schema, inner
    return next((key, value) for key, value in schema.schema.items() if key == name)


def shown(result: Mapping[str, Any], name: str) -> dict[str, str]:
    """Return what a field offers: values with labels."""
    _, selector = field(result, name)
    return {option["value"]: option["label"] for option in selector.config["options"]}


def suggestion(result: Mapping[str, Any], name: str) -> Any:
    """Return what a field starts with and may be emptied of."""
    key, _ = field(result, name)
    return key.description["suggested_value"]


def default(result: Mapping[str, Any], name: str) -> Any:
    """Return what a field starts with and cannot do without."""
    key, _ = field(result, name)
    return key.default()
