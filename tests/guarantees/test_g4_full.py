"""G4 durable: a disk that keeps failing from some point on, and is well after a restart.

`test_g4_killed` says how a life is struck, and how it is known that no point is missed.
"""

import pytest

from .durable.campaign import Campaign
from .durable.telling import LONG, NO_DISK, Report, assert_none, told

pytestmark = LONG


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_a_disk_that_keeps_failing_is_survived(
    campaign: Campaign, report: Report, error: str
) -> None:
    """K-02: a call fails from some point on: refused, and well after a restart."""
    tally = campaign.strike_all("share", f"error={error}", lasting=True, spared=NO_DISK)
    report(told(f"lasting {error} in “share”", tally))
    assert_none(tally.faults)
    assert tally.struck > 100
