"""How what was struck is told: what a test counted, and its first faults."""

from collections.abc import Callable
from typing import Final

import pytest

from .campaign import Tally

type Report = Callable[[str], None]

# Some hundred lives each; a busy machine takes its time.
LONG: Final = [pytest.mark.slow, pytest.mark.timeout(1200)]

# Waking the event loop from another thread writes to a socket pair, not to a disk or
# to anybody outside; neither does setting a socket up. The last is the home's own voice.
NO_DISK: Final = (
    ("worker", "sendto"),
    ("database", "sendto"),
    ("main", "ioctl"),
    ("main", "writev"),
)


def told(what: str, tally: Tally) -> str:
    """Return a line about a tally."""
    refused = sum(tally.refused.values())
    return f"{tally.struck} {what}, {refused} refusals told, {len(tally.faults)} faults"


def assert_none(faults: list[str]) -> None:
    """Fail with the first of the faults, if there are any."""
    if faults:
        pytest.fail("\n".join(faults[:30]), pytrace=False)
