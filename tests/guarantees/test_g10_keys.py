"""G10, T11: a hub's key that was followed by another one never speaks for it again.

Whoever took such a key leaves the rotations out of `/info`, or tells others, and goes
on with the public log from where it is. What a home saw before, and what the log has,
tell it.
"""

from collections.abc import Callable
from datetime import timedelta
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import pytest

from custom_components.clip_consent.base.portal_keys import rotate, sign_as_hub
from custom_components.clip_consent.core.portal_feed import HEAD_TYPE, head_payload
from custom_components.clip_consent.core.portal_log import EntryKind, Head
from tests.manager.world import NOON
from tests.portal.standin import StandInHub, public_request

from .following import PORTAL, Follow, Following, follow, hub

__all__ = ["follow", "hub"]  # fixtures, used by name

LONG_AGO = NOON - timedelta(days=400)

type Theft = Callable[[StandInHub], None]


def leaves_out(hub: StandInHub) -> None:
    """Say with the first key that no other one followed."""
    hub.key, hub.rotations = hub.first, []


def names_another(hub: StandInHub) -> None:
    """Say with the first key that the thief's own followed."""
    hub.key, hub.rotations = hub.first, []
    thief = Ed25519PrivateKey.generate()
    said = rotate(hub.first, thief.public_key(), hub=hub.hub, since=LONG_AGO)
    hub.key, hub.rotations = thief, [said]


def keeps_to_it(hub: StandInHub) -> None:
    """Sign with the first key though its time is over."""
    hub.key = hub.first


def rotated(hub: StandInHub, times: int = 1) -> None:
    """Follow keys by others, long ago."""
    for count in range(times):
        hub.rotate(LONG_AGO + timedelta(days=count))


async def offered(home: Following) -> int:
    """Return how many cases there are after another slot."""
    await home.poll()
    return len(await home.cases())


@pytest.mark.parametrize(
    ("theft", "alarms"),
    [
        (leaves_out, {"portal_rollback"}),
        (names_another, {"portal_fork"}),
        (keeps_to_it, set[str]()),  # signed by nobody who counts: that proves no lie
    ],
)
@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("restarts", [False, True])
async def test_a_retired_key_does_not_speak_again(
    follow: Follow,
    hub: StandInHub,
    theft: Theft,
    alarms: set[str],
    times: int,
    restarts: bool,
) -> None:
    """What was seen of its followers outlasts a restart."""
    rotated(hub, times)
    hub.publish(public_request())
    home = await follow()
    assert await offered(home) == 1
    assert home.alarms() == set()
    if restarts:
        await home.restart()
    theft(hub)
    hub.publish(public_request())
    assert await offered(home) == 1
    assert home.alarms() == alarms
    assert home.world.manager.hubs.reachable(PORTAL) is False


@pytest.mark.parametrize("theft", [leaves_out, names_another, keeps_to_it])
async def test_a_home_that_is_new_holds_the_keys_to_the_log(
    follow: Follow, hub: StandInHub, theft: Theft
) -> None:
    """The public log names the key that followed: nobody signs on for the one before."""
    rotated(hub)
    hub.publish(public_request())
    theft(hub)
    hub.publish(public_request())
    home = await follow()
    assert await offered(home) == 0
    assert home.world.manager.hubs.reachable(PORTAL) is False


async def test_a_key_that_followed_while_nobody_asked_is_learnt_from_the_log(
    follow: Follow, hub: StandInHub
) -> None:
    """Though `/info` leaves it out, the log that goes on behind it is not believed."""
    hub.publish(public_request())
    home = await follow()
    assert await offered(home) == 1
    rotated(hub)
    leaves_out(hub)
    hub.publish(public_request())
    assert await offered(home) == 1
    assert home.world.manager.hubs.reachable(PORTAL) is False


async def test_a_key_that_the_log_does_not_name_is_none(
    follow: Follow, hub: StandInHub
) -> None:
    """Whoever steals the newest key cannot follow it by another in secret."""
    hub.publish(public_request())
    home = await follow()
    assert await offered(home) == 1
    said = rotate(
        hub.key,
        (mine := Ed25519PrivateKey.generate()).public_key(),
        hub=hub.hub,
        since=LONG_AGO,
    )
    hub.key, hub.rotations = mine, [said]
    hub.publish(public_request())
    assert await offered(home) == 1
    assert home.alarms() == {"portal_fork"}


@pytest.mark.parametrize("text", ["{}", '{"rotation":"no.token.here"}', "none", None])
async def test_a_key_that_does_not_follow_in_the_log_is_a_lie(
    follow: Follow, hub: StandInHub, text: str | None
) -> None:
    """The log of an honest hub names none."""
    home = await follow()
    hub.publish(public_request())
    if text is None:
        text = json.dumps({"rotation": stated_twice(hub)})
    hub.add(EntryKind.KEY, text)
    assert await offered(home) == 0
    assert home.alarms() == {"portal_fork"}


def stated_twice(hub: StandInHub) -> str:
    """Follow the key by another one; return a second such statement."""
    before = hub.key
    hub.rotate(LONG_AGO)
    other = Ed25519PrivateKey.generate().public_key()
    return rotate(before, other, hub=hub.hub, since=NOON)


async def test_the_owner_may_believe_it_again(follow: Follow, hub: StandInHub) -> None:
    """A hub that lost its newest key with its disk goes on with the one before."""
    hub.publish(public_request())
    rotated(hub)
    home = await follow()
    assert await offered(home) == 1
    leaves_out(hub)
    hub.lines.pop()
    hub.feeds.clear()
    hub.publish(public_request())
    assert await offered(home) == 1
    assert home.alarms() == {"portal_rollback"}
    await home.world.manager.hubs.async_trust_anew(PORTAL)
    assert await offered(home) == 2
    assert home.alarms() == set()


async def test_a_key_may_follow_between_two_answers(
    follow: Follow, hub: StandInHub
) -> None:
    """`/info` was a moment older than the log: both are true, and both count."""
    home = await follow()
    hub.publish(public_request())
    older = hub.info()
    rotated(hub)
    hub.publish(public_request())
    hub.change_info = older
    assert await offered(home) == 2
    assert home.alarms() == set()
    hub.change_info = {}
    hub.publish(public_request())
    assert await offered(home) == 3
    # what it said before is what it may not say again
    hub.change_info = older
    assert await offered(home) == 3
    assert home.alarms() == {"portal_rollback"}


async def test_a_key_that_is_newer_than_the_log_waits_for_it(
    follow: Follow, hub: StandInHub
) -> None:
    """Something between held an older page: the next slot has its entry, or a lie."""
    hub.publish(public_request())
    home = await follow()
    assert await offered(home) == 1
    page = hub.log(2)
    rotated(hub)
    honest = hub.log
    hub.log = lambda start: page  # type: ignore[method-assign]
    await offered(home)
    assert home.alarms() == set()
    hub.log = honest  # type: ignore[method-assign]
    hub.publish(public_request())
    assert await offered(home) == 2
    assert home.alarms() == set()


async def test_a_long_log_names_keys_on_many_pages(
    follow: Follow, hub: StandInHub
) -> None:
    """Also where a slot reads but a part of it, and a restart comes between."""
    for count in range(3):
        hub.rotate(LONG_AGO + timedelta(days=count))
        for _ in range(15):
            hub.close(hub.publish(public_request()))
    hub.page = 3
    hub.publish(public_request())
    home = await follow()
    assert await offered(home) == 0
    await home.restart()
    assert await offered(home) == 1
    assert home.alarms() == set()
    leaves_out(hub)
    hub.publish(public_request())
    assert await offered(home) == 1
    assert home.alarms() == {"portal_rollback"}


async def test_a_home_of_before_reads_the_log_again(
    follow: Follow, hub: StandInHub
) -> None:
    """It kept no keys: of what the log says of them nothing was written down."""
    rotated(hub)
    hub.publish(public_request())
    home = await follow()
    assert await offered(home) == 1
    await forget_keys(home)
    hub.publish(public_request())
    assert await offered(home) == 2
    assert home.alarms() == set()
    assert "/log?from=1" in hub.paths()[-12:]
    leaves_out(hub)
    hub.publish(public_request())
    assert await offered(home) == 2
    assert home.alarms() == {"portal_rollback"}


async def test_a_home_of_before_still_knows_the_log_it_read(
    follow: Follow, hub: StandInHub
) -> None:
    """Another one is not believed, though it is read from its first entry on."""
    hub.publish(public_request())
    hub.publish(public_request())
    home = await follow()
    assert await offered(home) == 2
    await forget_keys(home)
    hub.lines.clear()
    hub.items.clear()
    for _ in range(3):
        hub.publish(public_request())
    assert await offered(home) == 2
    assert home.alarms() == {"portal_fork"}


async def forget_keys(home: Following) -> None:
    """Put the home back to how an earlier version kept what it knew."""
    store, key = home.world.bench.store, f"portal_{home.hub.hub}"
    kept = json.loads(await store.async_setting(key, ""))
    del kept["keys"], kept["passes"]
    for mark in kept["feeds"]:
        mark.pop("asked", None)
    await store.async_set(key, json.dumps(kept), [], NOON)
    await home.restart()


async def test_an_older_head_of_info_has_the_keys_of_its_time(
    follow: Follow, hub: StandInHub
) -> None:
    """The keys of `/info` are those of the log up to its own head: none more."""
    hub.publish(public_request())
    home = await follow()
    assert await offered(home) == 1
    rotated(hub)
    first = Head(n=1, hash=hub.lines[0].entry.hash)
    payload = head_payload(first, hub=hub.hub, at=NOON)
    hub.change_info = {"head": sign_as_hub(payload, hub.key, typ=HEAD_TYPE).decode()}
    await offered(home)
    assert home.alarms() == {"portal_fork"}
