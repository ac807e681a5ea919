"""G5 sealed: a hub that publishes another key than it was sent is found out by who asked.

Homes seal to the key that stands in the hub's log. So the home that asked holds what was
published to what it sent.
"""

from typing import Any

from pyrage import x25519
import pytest

from custom_components.clip_consent.core.geo import Circle
from custom_components.clip_consent.core.models import CaseState
from custom_components.clip_consent.core.own_requests import OwnRequest
from custom_components.clip_consent.core.portal_log import EntryKind
from tests.portal.standin import HERE, StandInHub, public_request

from .following import Follow, Following, as_sent, follow, hub
from .test_g3_place import own_request

__all__ = ["follow", "hub"]  # fixtures, used by name

ALTERED = "portal_altered"


def asked(home: Following) -> OwnRequest:
    """Return what the home asked last."""
    [own, *_] = home.world.manager.neighbours.asked.all()
    return own


async def test_an_honest_hub_is_accused_of_nothing(
    follow: Follow, hub: StandInHub
) -> None:
    """What it publishes to the letter is open, and the homes around are asked."""
    anna, bob = await follow("anna"), await follow("bob")
    await anna.poll()
    hub.publish(as_sent(anna, await own_request(anna)))
    await anna.poll()
    await bob.poll()
    assert anna.alarms() == set()
    assert not asked(anna).altered
    [case] = await bob.cases()
    assert case.request.recipient == asked(anna).recipient


OTHERS: dict[str, Any] = {
    "recipient": str(x25519.Identity.generate().to_public()),
    "title": "Any video of that evening",
    "text": "Other words",
    "contact": "ring me",
    "area": Circle(center=HERE, radius=300),
}


@pytest.mark.parametrize("name", OTHERS)
async def test_who_asked_finds_out_what_a_hub_altered(
    follow: Follow, hub: StandInHub, name: str
) -> None:
    """Nothing of that hub is offered from then on, in the same slot even."""
    anna = await follow("anna")
    await anna.poll()
    own = await own_request(anna)
    hub.publish(as_sent(anna, own, **{name: OTHERS[name]}))
    hub.publish(public_request())
    await anna.poll()
    assert anna.alarms() == {ALTERED}
    assert asked(anna).altered
    assert await anna.cases() == []
    assert (await anna.world.ledger()).count("portal_alarm") == 1


async def test_its_feed_need_not_come_by(follow: Follow, hub: StandInHub) -> None:
    """The log has every word: a hub that keeps the item from its author is found out."""
    anna = await follow("anna")
    await anna.poll()
    own = await own_request(anna)
    hub.silent = frozenset({"/feed"})
    hub.publish(as_sent(anna, own, recipient=OTHERS["recipient"]))
    await anna.poll()
    assert anna.alarms() == {ALTERED}


async def test_what_nobody_can_read_was_not_sent_either(
    follow: Follow, hub: StandInHub
) -> None:
    """A text of an item that is none."""
    anna = await follow("anna")
    await anna.poll()
    own = await own_request(anna)
    hub.add(EntryKind.PUBLISHED, '{"type":"request"}', id=own.item_id)
    await anna.poll()
    assert anna.alarms() == {ALTERED}


async def test_the_owner_is_told_once(follow: Follow, hub: StandInHub) -> None:
    """A start changes nothing; who confirms is not asked again about the same one."""
    anna = await follow("anna")
    await anna.poll()
    hub.publish(as_sent(anna, await own_request(anna), title=OTHERS["title"]))
    await anna.poll()
    await anna.restart()
    assert anna.follower.known.alarm == ALTERED
    await anna.follower.async_trust_anew()
    assert anna.alarms() == set()
    hub.publish(public_request())
    await anna.poll()
    assert anna.alarms() == set()
    assert asked(anna).altered
    assert CaseState.WAITING in {case.state for case in await anna.cases()}
    # another one is another matter
    hub.publish(as_sent(anna, await own_request(anna), title=OTHERS["title"]))
    await anna.poll()
    assert anna.alarms() == {ALTERED}
