"""G4 durable, where a hub has answers kept in an object store.

The same home as in test_g4_killed.py, which delivers in another way: it begins at the
hub, keeps where, sends it all to the store in one PUT, and asks the hub whether it came.
It is struck at each writing call of its loop and its database: before the PUT and in
it, once the store has it and nobody heard so, before the hub is asked, before that is
written down. Judged is by what is in the store, read by another client.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.fixtures import store
from tests.servers.processes import Store

from .durable.campaign import Campaign
from .durable.killer import KILL, WRITING
from .durable.stored import StoredHub
from .durable.telling import LONG, NO_DISK, Report, assert_none, told

__all__ = ["store"]  # a fixture, used by name

pytestmark = [*LONG, pytest.mark.usefixtures("socket_enabled")]
# What cuts, seals and clears up knows nothing of where it goes.
SAME_AS_EVER = (*NO_DISK, *(("worker", call) for call in WRITING))


@pytest.fixture
def campaign(tmp_path: Path, store: Store) -> Iterator[Campaign]:
    """Return homes before a hub with a store."""
    (tmp_path / "homes").mkdir()
    hub = StoredHub(tmp_path / "hub", store)
    with (
        hub.running(),
        Campaign.before(tmp_path / "homes", hub, hub.storage) as begun,
    ):
        yield begun


def test_unharmed_it_arrives(campaign: Campaign) -> None:
    """In one PUT of one upload, which the store has whole."""
    life, faults, name = campaign.live_whole("share")
    assert life.status == 0 and faults == []
    [upload] = campaign.server.uploads(name)
    assert upload.finished


def test_killed_at_every_writing_call(campaign: Campaign, report: Report) -> None:
    """K-01: nothing is lost, nothing doubled, nothing sent that was not approved."""
    tally = campaign.strike_all("share", KILL, spared=SAME_AS_EVER)
    report(told("kill points before a hub with a store", tally))
    assert_none(tally.faults)
    assert tally.struck > 60
