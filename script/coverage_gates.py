"""Hold the coverage gates against a JSON report of coverage.py.

Overall at least 95 %. In the files that decide what may leave the home, and in the
forms that set it up, no line and no branch may be untested.
"""

import json
from pathlib import Path
import sys
from typing import Any

OVERALL = 95.0
PACKAGE = "custom_components/clip_consent/"
COMPLETE = (
    "core/",
    "home/manager.py",
    "home/entering.py",
    "home/approving.py",
    "home/probing.py",
    "home/media_probe.py",
    *(f"hub/{part}.py" for part in ("manager", "book", "deciding", "desk", "intake")),
    *(f"hub/{part}.py" for part in ("feed", "keyring", "log", "presence", "public")),
    "hub/moderation/",
    "home/suggesting.py",
    "config_flow.py",
    "config_flow_hub.py",
    "options_hub.py",
    "form_fields.py",
    "subentry_",
)


def _gaps(name: str, report: dict[str, Any]) -> list[str]:
    """Return what one file that must be complete leaves untested."""
    gaps = [f"{name}:{line} not run" for line in report["missing_lines"]]
    for start, end in report["missing_branches"]:
        where = f"line {end}" if end > 0 else "the exit"
        gaps.append(f"{name}:{start} never goes on to {where}")
    return gaps


def failures(report: dict[str, Any]) -> list[str]:
    """Return one sentence for each gate that does not hold."""
    if not report["meta"]["branch_coverage"]:
        return ["branches were not measured: has any test run?"]
    found: list[str] = []
    overall = report["totals"]["percent_covered"]
    if overall < OVERALL:
        found.append(f"{overall:.1f} % is covered, {OVERALL:.0f} % is the least")
    for path, file in sorted(report["files"].items()):
        if path.startswith(tuple(PACKAGE + part for part in COMPLETE)):
            found += _gaps(path, file)
    return found


def main() -> int:
    """Print the gates that do not hold; the exit status says whether all do."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found = failures(report)
    for line in found:
        print(f"coverage: {line}", file=sys.stderr)
    if not found:
        print(f"coverage: all gates hold, {report['totals']['percent_covered']:.1f} %")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
