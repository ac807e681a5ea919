"""A life in a process of its own, which strace lets end or fail at one of its calls."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import subprocess
import sys
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass
class Told:
    """What a life had acknowledged, by upload."""

    offsets: dict[str, tuple[str, int]] = field(default_factory=dict)
    going: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)

    def hear(self, line: dict[str, Any]) -> None:
        match line["what"]:
            case "has" | "lost":
                self.offsets[line["id"]] = (line["request"], line["offset"])
            case "may have gone":
                self.going.add(line["id"])
            case "gone":
                self.gone.add(line["id"])


def run_life(
    life: Sequence[str | Path],
    log: Path,
    calls: Iterable[str],
    told: Told,
    inject: str | None,
) -> bool:
    """Run a module until struck; returns whether it was, and hears what it said."""
    strace = ["strace", "-f", "-qq", "-o", log, "-e", f"trace={','.join(calls)}"]
    result = subprocess.run(
        [
            *([*strace, "-e", f"inject={inject}"] if inject else ()),
            *(sys.executable, "-m", *life),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    for line in result.stdout.splitlines():
        told.hear(json.loads(line))
    marks = log.read_text() if inject else ""
    struck = "INJECTED" in marks or "SIGKILL" in marks
    assert struck or result.returncode == 0, result.stderr.decode()[-2000:]
    return struck
