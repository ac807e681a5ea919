"""The stand-alone check of an exported record: what holds, and every way it does not."""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Any

import pytest

from custom_components.clip_consent.core.ledger import EMPTY, Head, Line, append
from script import verify_ledger
from tests.interfaces import example

from .manager.world import ANNA, World

SCRIPT = Path(__file__).parent.parent / "script" / "verify_ledger.py"

type Export = dict[str, Any]


def _export(count: int) -> Export:
    """Return a record of some entries, made as the home makes them."""
    head, entries = EMPTY, []
    for number in range(count):
        line = Line(
            kind="closed", case_id="k" * 26, data={"n": number, "word": "ß\u2028"}
        )
        at = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(minutes=number)
        entry = append(head, line, f"{at:%Y-%m-%dT%H:%M:%S}.000Z")
        entries.append(entry.as_json())
        head = Head(seq=entry.seq, digest=entry.digest)
    return {
        "version": 1,
        "algorithm": "sha256",
        "entries": entries,
        "head": {"seq": head.seq, "digest": head.digest},
    }


@pytest.fixture
def verify(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """Return how to check an export: exit status and what was said."""

    def run(export: object, *more: str) -> tuple[int, str]:
        path = tmp_path / "record.json"
        path.write_text(export if isinstance(export, str) else json.dumps(export))
        status = verify_ledger.main([str(path), *more])
        return status, capsys.readouterr().out

    return run


Verify = Callable[..., tuple[int, str]]


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_whole_record_holds(verify: Verify, count: int) -> None:
    """Also an empty one, and as Home Assistant wraps an action's answer."""
    export = _export(count)
    status, said = verify(export)
    assert (status, f"OK: {count} entries" in said) == (0, True)
    assert export["head"]["digest"] in said
    assert verify({"changed_states": [], "service_response": export})[0] == 0
    assert verify({"context": {}, "response": export})[0] == 0
    assert verify(json.dumps(export, indent=2, ensure_ascii=False))[0] == 0


def test_the_example_of_the_documentation_holds(verify: Verify) -> None:
    """Section 8: whoever reads it can start from there."""
    assert verify(example("ledger_export"))[0] == 0


BROKEN: dict[str, tuple[Callable[[Export], object], str]] = {
    "a word": (
        lambda e: e["entries"][1]["data"].update(word="x"),
        "entry 2 was changed",
    ),
    "a time": (
        lambda e: e["entries"][4].update(at="2026-11-24"),
        "entry 5 was changed",
    ),
    "one more name": (lambda e: e["entries"][0].update(x=1), "entry 1 is no entry"),
    "one gone": (lambda e: e["entries"].pop(2), "entry 3 is missing"),
    "the first gone": (lambda e: e["entries"].pop(0), "entry 1 is missing"),
    "the last gone": (lambda e: e["entries"].pop(), "missing at the end"),
    "two swapped": (
        lambda e: e["entries"].insert(1, e["entries"].pop(2)),
        "entry 2 is",
    ),
    "a link": (lambda e: e["entries"][3].update(previous="0" * 64), "entry 4 does not"),
    "the head": (lambda e: e["head"].update(seq=4), "missing at the end"),
    "no head": (lambda e: e.pop("head"), "missing at the end"),
    "no entry": (lambda e: e["entries"].append(7), "entry 6 is no entry"),
    "no list": (lambda e: e.update(entries={}), "no list"),
    "a later version": (lambda e: e.update(version=2), "another version"),
    "another digest": (lambda e: e.update(algorithm="md5"), "another digest"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_does_not_hold_is_named(verify: Verify, name: str) -> None:
    """By the entry that it is seen at."""
    change, reason = BROKEN[name]
    export = _export(5)
    change(export)
    status, said = verify(export)
    assert status == 1
    assert said.startswith("NOT OK: ")
    assert reason in said


@pytest.mark.parametrize(
    "text", ["", "no JSON", "[]", "{}", '{"response": 1}', "[" * 9999]
)
def test_what_is_no_record(verify: Verify, text: str) -> None:
    """It is said, without a traceback."""
    status, said = verify(text)
    assert (status, said[:8]) == (1, "NOT OK: ")


def test_a_value_that_stands_twice_is_no_way_around(verify: Verify) -> None:
    """A reader that takes the first of two would see what was never checked."""
    text = json.dumps(_export(2)).replace('"n": 0', '"n": 7, "n": 0')
    assert verify(text) == (1, "NOT OK: a name stands twice in one object\n")


def test_an_older_copy_tells_a_chain_made_anew(verify: Verify, tmp_path: Path) -> None:
    """A whole new chain holds by itself; against what somebody kept it does not."""
    older = tmp_path / "older.json"
    older.write_text(json.dumps(_export(3)))
    assert verify(_export(5), "--before", str(older))[0] == 0
    assert verify(_export(3), "--before", str(older))[0] == 0
    assert "more entries" in verify(_export(2), "--before", str(older))[1]
    other = deepcopy(_export(0))
    line = Line(kind="closed", case_id=None, data={})
    entry = append(EMPTY, line, "2026-11-23T00:00:00.000Z")
    other["entries"] = [entry.as_json()]
    other["head"] = {"seq": 1, "digest": entry.digest}
    assert verify(other)[0] == 0
    assert "entry 1 is another" in verify(other, "--before", str(older))[1]
    known = _export(3)["entries"][1]["digest"]
    assert verify(_export(5), "--holds", known)[0] == 0
    assert verify(other, "--holds", known) == (1, "NOT OK: no entry has that digest\n")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """That is no verdict on a record."""
    assert verify_ledger.main([str(tmp_path / "none.json")]) == 2


async def test_what_a_home_exports_holds_and_a_program_may_rewrite_it(
    tmp_path: Path, verify: Verify
) -> None:
    """Numbers are whole, so JSON of other programs has the same digests."""
    world = World(folder=tmp_path / "home")
    await world.boot()
    case = await world.asked()
    await world.approve(case)
    await world.pass_undo()
    await world.manager.async_decline((await world.asked()).case_id, ANNA)
    entries, head = await world.manager.reading.async_export_ledger(ANNA)
    await world.manager.async_stop()
    export = {
        "version": 1,
        "algorithm": "sha256",
        "entries": [entry.as_json() for entry in entries],
        "head": {"seq": head.seq, "digest": head.digest},
    }

    def refuse(text: str) -> float:
        raise AssertionError(f"{text} is no whole number")

    text = json.dumps(export)
    json.loads(text, parse_float=refuse)
    assert verify(text)[0] == 0


def test_it_runs_alone(tmp_path: Path) -> None:
    """Copied anywhere, with nothing but Python."""
    alone = shutil.copy(SCRIPT, tmp_path / "check.py")
    record = tmp_path / "record.json"
    record.write_text(json.dumps(_export(2)))
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(alone), str(record)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "closed 2"
