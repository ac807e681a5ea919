"""Tell whether the tests that failed may be tried once more, alone.

Hundreds of these tests talk to real programs by the clock, two at a time: a busy
machine can break one. What is broken fails again. A test of a guarantee or of the core
gets no second chance, and neither do many at once.
"""

import json
from pathlib import Path
import re
import sys
from typing import Final

LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")  # of pytest's cacheprovider
MOST = 8
NEVER = ("tests/guarantees/", "tests/core/")
# pytest-xdist names a test with the group that one worker runs.
_GROUP: Final = re.compile(r"@[^@\]]*$")


def refusal(failed: list[str]) -> str | None:
    """Return why these tests, by their ids, are not tried again; None if they are."""
    if not failed:
        return "nothing failed that could be tried again"
    if len(failed) > MOST:
        return f"{len(failed)} tests failed, {MOST} is the most to try again"
    final = sorted(test for test in failed if test.startswith(NEVER))
    return f"{', '.join(final)}: what it tests has to hold always" if final else None


def main() -> int:
    """Name the tests that failed; the exit status is 0 if they may be tried again.

    They are listed by the ids that they have where they run alone.
    """
    failed = [
        _GROUP.sub("", test)
        for test in json.loads(LAST_FAILED.read_text(encoding="utf-8"))
    ]
    LAST_FAILED.write_text(json.dumps(dict.fromkeys(failed, True)), encoding="utf-8")
    for test in sorted(failed):
        print(f"failed at first: {test}", file=sys.stderr)
    if why := refusal(failed):
        print(f"not tried again: {why}", file=sys.stderr)
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main())
