"""docs/threat-model.md names tests that exist, and hides no threat without one."""

import ast
from pathlib import Path
import re

TESTS = Path(__file__).parent
PAGE = (TESTS.parent / "docs" / "threat-model.md").read_text(encoding="utf-8")
THREATS = 55


def _tests() -> set[str]:
    """Return the names of all test functions."""
    return {
        node.name
        for file in TESTS.rglob("test_*.py")
        if "node_modules" not in file.parts
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
    }


def _rows() -> dict[str, str]:
    """Return the rows of the tables by the number of the threat."""
    rows = re.findall(r"^\| (T\d+) (\|.*)$", PAGE, re.MULTILINE)
    assert len(rows) == len(dict(rows))
    return dict(rows)


def test_every_test_it_names_exists() -> None:
    """A test that was renamed or removed leaves no false claim behind."""
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 60
    assert named - _tests() == set()


def test_every_threat_is_met_or_open() -> None:
    """Each has a test, or says that it is open."""
    rows = _rows()
    assert list(rows) == [f"T{number}" for number in range(1, THREATS + 1)]
    for number, row in rows.items():
        assert "`test_" in row or "**open**" in row, number


def test_every_guarantee_has_tests_of_its_name() -> None:
    """Those that this version gives: a place to hide needs a hub."""
    promised = set(re.findall(r"^\| (G\d) ", PAGE, re.MULTILINE)) - {"G3"}
    files = {file.name for file in (TESTS / "guarantees").glob("test_g*.py")}
    for promise in promised:
        assert any(name.startswith(f"test_{promise.lower()}_") for name in files)
