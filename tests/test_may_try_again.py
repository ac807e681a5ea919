"""Which tests that failed get a second chance."""

import json
import os
from pathlib import Path
import subprocess
import sys

import pytest

from script import may_try_again
from script.may_try_again import MOST, refusal

BUSY = "tests/e2e/test_hub.py::test_panel"


def test_a_few_that_live_by_the_clock_are_tried_again() -> None:
    """Up to the most."""
    assert refusal([BUSY]) is None
    assert refusal([f"{BUSY}[{n}]" for n in range(MOST)]) is None


@pytest.mark.parametrize(
    ("failed", "why"),
    [
        ([], "nothing failed"),
        ([f"{BUSY}[{n}]" for n in range(MOST + 1)], "is the most"),
        ([BUSY, "tests/guarantees/test_g1_tap.py::test_one"], "hold always"),
        (["tests/core/test_rules.py::test_one"], "hold always"),
    ],
)
def test_a_broken_thing_is_not(failed: list[str], why: str) -> None:
    """Neither many at once, nor what a guarantee or the core is held to."""
    said = refusal(failed)
    assert said is not None
    assert why in said


def test_what_failed_in_a_group_is_found_where_it_runs_alone(tmp_path: Path) -> None:
    """One of several workers names a test otherwise: alone, nothing has that name."""
    test = tmp_path / "test_one.py"
    test.write_text(
        "import os, pytest\n"
        "@pytest.mark.xdist_group('house')\n"
        "@pytest.mark.parametrize('name', ['a@b', 'c'])\n"
        "def test_one(name): assert name == 'c' or 'MENDED' in os.environ\n",
        encoding="utf-8",
    )

    def run(*arguments: str, status: int, **mended: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **mended},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    command = ("-m", "pytest", "-q", "-p", "xdist", str(test))
    run(*command, "-n", "2", "--dist", "loadgroup", status=1)
    listed = tmp_path / may_try_again.LAST_FAILED
    assert list(json.loads(listed.read_text())) == ["test_one.py::test_one[a@b]@house"]
    run(may_try_again.__file__, status=0)
    again = run(*command, "-n", "0", "--last-failed", status=0, MENDED="1")
    assert "1 passed, 1 deselected" in again
