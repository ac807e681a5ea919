"""G4 durable: what is sent arrives once, although the server's last answer is lost."""

from script.demo_world.tus import TusServer

from .durable.campaign import Campaign
from .durable.killer import KILL
from .durable.telling import LONG, Report, assert_none, told

pytestmark = LONG


def test_a_lost_acknowledgement_is_not_sent_twice(campaign: Campaign) -> None:
    """N-04: the server has every byte and its answer is lost: asked again, not sent."""
    assert isinstance(campaign.server, TusServer)
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
    assert isinstance(campaign.server, TusServer)
    campaign.server.swallows_answers = True
    tally = campaign.strike_all("share", KILL, every=3)
    report(told("kill points in “share” with lost answers", tally))
    assert_none(tally.faults)
    assert tally.struck > 100
