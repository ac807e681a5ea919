"""Reads docs/interfaces.md: its examples, its tables, and what form a value has."""

from collections.abc import Iterator
import json
from pathlib import Path
import re
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
PAGE: Final = (ROOT / "docs" / "interfaces.md").read_text(encoding="utf-8")
_EXAMPLE: Final = re.compile(r"<!-- example: (\w+) -->\n```json\n(.*?)```", re.DOTALL)
_MARKED: Final = re.compile(r"<!-- example: (\w+) -->")
_FORMS: Final = {
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z",
    "digest": r"[0-9a-f]{64}",
    "id": r"[a-z2-7]{26}",
    "camera": r"[0-9A-HJKMNP-TV-Z]{26}",
}

EXAMPLES: Final[dict[str, Any]] = {
    name: json.loads(text) for name, text in _EXAMPLE.findall(PAGE)
}
MARKED: Final[list[str]] = _MARKED.findall(PAGE)


def example(name: str) -> Any:
    """Return an example of the page, fresh each time."""
    return json.loads(json.dumps(EXAMPLES[name]))


def section(number: int) -> str:
    """Return a section of the page."""
    start = PAGE.index(f"\n## {number}. ")
    end = PAGE.find("\n## ", start + 1)
    return PAGE[start : end if end > 0 else None]


def rows(number: int, heading: str) -> list[list[str]]:
    """Return the rows of the table in a section whose first heading is this."""
    lines = section(number).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(f"| {heading} "))
    found = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def words(cell: str) -> list[str]:
    """Return what stands in backticks."""
    return re.findall(r"`([^`]+)`", cell)


def fields(cell: str) -> dict[str, bool]:
    """Return the fields that a cell names, and whether each must be there."""
    left_out = set(re.findall(r"\[`(\w+)`\]", cell))
    named = [name for name in re.findall(r"`(\w+)`", cell) if name != "null"]
    return {name: name not in left_out for name in named}


def unlike(shown: Any, real: Any, path: str = "") -> Iterator[str]:
    """Yield where a real value has other fields or other kinds than the page shows.

    Lists are compared by the first element that the page shows.
    """
    if isinstance(shown, dict) and isinstance(real, dict):
        for key in sorted(shown.keys() ^ real.keys()):
            yield f"{path}.{key} is only {'shown' if key in shown else 'real'}"
        for key in shown.keys() & real.keys():
            yield from unlike(shown[key], real[key], f"{path}.{key}")
    elif isinstance(shown, list) and isinstance(real, list):
        for item in real if shown else ():
            yield from unlike(shown[0], item, f"{path}[]")
    elif _form(shown) != _form(real):
        yield f"{path} is shown as {_form(shown)}, and is {_form(real)}"


def _form(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return type(value).__name__
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        fits = (form for form, text in _FORMS.items() if re.fullmatch(text, value))
        return next(fits, "text")
    return type(value).__name__
