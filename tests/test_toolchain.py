"""The checks of `script/` find what they are there to find."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from script.check_repository import faults, machine_names
from script.coverage_gates import PACKAGE, failures


def _report(percent: float, files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "meta": {"branch_coverage": True},
        "totals": {"percent_covered": percent},
        "files": {PACKAGE + name: file for name, file in files.items()},
    }


GAP = {"missing_lines": [7], "missing_branches": [[5, 7], [9, -1]]}


@pytest.mark.parametrize("name", ["core/rules.py", "home/manager.py", "config_flow.py"])
def test_a_gap_in_what_must_be_complete_is_named(name: str) -> None:
    """Lines and branches count, each with its place."""
    assert failures(_report(99.0, {name: GAP})) == [
        f"{PACKAGE}{name}:7 not run",
        f"{PACKAGE}{name}:5 never goes on to line 7",
        f"{PACKAGE}{name}:9 never goes on to the exit",
    ]


def test_other_files_count_overall_only() -> None:
    """A gap elsewhere is allowed up to the overall gate."""
    assert failures(_report(95.0, {"home/store.py": GAP})) == []
    assert failures(_report(94.9, {"home/store.py": GAP})) == [
        "94.9 % is covered, 95 % is the least"
    ]


def test_a_run_without_branches_holds_no_gate() -> None:
    """A report that could not show a gap does not count as without gaps."""
    report = _report(100.0, {}) | {"meta": {"branch_coverage": False}}
    assert failures(report) == ["branches were not measured: has any test run?"]


@pytest.mark.parametrize(
    "text",
    [
        "cd /" + "work/main",
        "see /" + "root/.cache",
        '"resolved": "https://registry.' + 'npmjs.org/lit"',
        "index = https://files.python" + "hosted.org/x",
        "deb http://deb." + "debian.org/debian bookworm main",
        "as the page DESI" + "GN.md says",
    ],
)
def test_names_of_somebodys_machine_are_found(text: str) -> None:
    """Each kind is found on its line."""
    (found,) = machine_names(f"first\n{text}\n")
    assert found.startswith("2: names ")


@pytest.mark.parametrize(
    "text",
    [
        ".github/" + "workflows/test.yml",
        "https://example.org/" + "work/x",
        "frontend/" + "root/x",
        "$HOME/" + "work/x",
        "/" + "workshop",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    """What only looks alike is not a machine's name."""
    assert list(machine_names(text)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.json", "{,}"), ("a.yaml", "a: [1"), ("a.yml", "a: b: c"), ("a.toml", "a =")],
)
def test_broken_data_is_found(tmp_path: Path, name: str, text: str) -> None:
    """A file that does not parse is a fault."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert len(list(faults(path))) == 1


def test_sound_data_is_left_alone(tmp_path: Path) -> None:
    """Home Assistant's own YAML tags are no fault, nor is a picture."""
    for name, data in (
        ("a.json", b'{"a": 1}'),
        ("a.yaml", b"a: !input b\nc: !secret d\n"),
        ("a.toml", b"a = 1"),
        ("a.png", b"\x89PNG\xff"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        assert list(faults(path)) == []


@pytest.mark.parametrize("name", ["call_soon", "call_later", "call_at"])
async def test_what_comes_from_another_thread_fails_a_test(name: str) -> None:
    """As in the event loop's debug mode; the loop itself would only go wrong later."""
    loop = asyncio.get_running_loop()
    when = () if name == "call_soon" else (0,)
    with pytest.raises(RuntimeError, match="Non-thread-safe operation"):
        await asyncio.to_thread(getattr(loop, name), *when, print)
