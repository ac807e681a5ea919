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

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import COUNTED

from .durable.campaign import Campaign, Tally
from .durable.killer import KILL

type Report = Callable[[str], None]

# Some hundred lives each; a busy machine takes its time.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

# Waking the event loop from another thread writes to a socket pair, not to a disk or
# to anybody outside; neither does setting a socket up. The last is the home's own voice.
NO_DISK = (
    ("worker", "sendto"),
    ("database", "sendto"),
    ("main", "ioctl"),
    ("main", "writev"),
)


@pytest.fixture
def campaign(tmp_path: Path, socket_enabled: None) -> Iterator[Campaign]:
    """Return two nurseries and a server."""
    with Campaign.begun(tmp_path) as begun:
        yield begun


@pytest.fixture
def report(record_property: Callable[[str, object], None]) -> Report:
    """Return what keeps what a test counted, to be printed when all tests are over."""
    return lambda line: record_property(COUNTED, f"G4: {line}")


def told(what: str, tally: Tally) -> str:
    """Return a line about a tally."""
    refused = sum(tally.refused.values())
    return f"{tally.struck} {what}, {refused} refusals told, {len(tally.faults)} faults"


def assert_none(faults: list[str]) -> None:
    """Fail with the first of the faults, if there are any."""
    if faults:
        pytest.fail("\n".join(faults[:30]), pytrace=False)


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


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_a_disk_that_keeps_failing_is_survived(
    campaign: Campaign, report: Report, error: str
) -> None:
    """K-02: a call fails from some point on: refused, and well after a restart."""
    tally = campaign.strike_all("share", f"error={error}", lasting=True, spared=NO_DISK)
    report(told(f"lasting {error} in “share”", tally))
    assert_none(tally.faults)
    assert tally.struck > 100


def test_a_lost_acknowledgement_is_not_sent_twice(campaign: Campaign) -> None:
    """N-04: the server has every byte and its answer is lost: asked again, not sent."""
    campaign.server.swallows_answers = True
    life, faults, home = campaign.live_whole("share")
    assert_none(faults)
    assert life.said("SHARED")
    [upload] = campaign.server.uploads(home)
    assert upload.finished
    assert upload.taken == upload.size


def test_a_home_that_dies_before_it_hears_the_last_answer_does_not_send_twice(
    campaign: Campaign, report: Report
) -> None:
    """N-04 and K-01: the answer is lost and then the home is killed."""
    campaign.server.swallows_answers = True
    tally = campaign.strike_all("share", KILL, every=3)
    report(told("kill points in “share” with lost answers", tally))
    assert_none(tally.faults)
    assert tally.struck > 100
