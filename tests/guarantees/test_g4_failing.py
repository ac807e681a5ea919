"""G4 durable: calls that write fail with ENOSPC and EIO, once or from then on.

`test_g4_killed` says how a life is struck, and how it is known that no point is missed.
"""

import pytest

from .durable.campaign import Campaign
from .durable.telling import LONG, NO_DISK, Report, assert_none, told

pytestmark = LONG


def test_a_failing_call_at_a_restart_voids_no_consent(
    campaign: Campaign, report: Report
) -> None:
    """K-02: a confirmed tap stands, even if its home starts on a disk that stumbles."""
    tally = campaign.strike_all(
        "too_late", "error=EIO", prelude="consent", spared=NO_DISK
    )
    report(told("single EIO in “too_late”", tally))
    assert_none(tally.faults)
    assert tally.struck > 50


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_one_failing_call_is_told_and_mended_in_the_same_life(
    campaign: Campaign, report: Report, error: str
) -> None:
    """K-02: any one call fails: nothing crashes or hangs, and a retry arrives."""
    tally = campaign.strike_all("share", f"error={error}", spared=NO_DISK)
    report(told(f"single {error} in “share”", tally))
    assert_none(tally.faults)
    assert tally.struck > 100
    assert any(refusal.startswith("approve") for refusal in tally.refused)
