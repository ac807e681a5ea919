"""G4 durable: nothing lost, invented, sent twice or unapproved, wherever it breaks.

A home without Home Assistant lives in a small process: real manager, store, drafts,
spool and tus client. strace counts its writing system calls from the first start to the
end after the receipt; then a new home is struck at each of them, started again, left
alone for a while, and driven to its end. Judged is from outside: by what the home had
said before it was struck, what a tus server received, and what lies on the disk.

That no point is missed: the counted life is traced whole, and a call that is neither
known to write nor known to be harmless fails the test; points are told by thread (there
are three, and no others may write), name and number; and each name goes on beyond its
count until a life ends unharmed.
"""

import pytest

from .durable.campaign import Campaign
from .durable.killer import KILL
from .durable.telling import LONG, Report, assert_none, told

pytestmark = LONG


@pytest.mark.parametrize(
    ("scenario", "prelude"),
    [
        ("share", None),
        ("late", None),
        ("undo", None),
        ("decline", None),
        ("too_late", "consent"),
    ],
)
def test_killed_at_every_writing_call(
    campaign: Campaign, report: Report, scenario: str, prelude: str | None
) -> None:
    """K-01: killed at any point of a life, it loses, doubles and invents nothing."""
    tally = campaign.strike_all(scenario, KILL, prelude=prelude)
    report(told(f"kill points in “{scenario}”", tally))
    assert_none(tally.faults)
    assert tally.struck > 100
