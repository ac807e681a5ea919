"""G2 and G3 in time: a hub is asked in its slots, whatever is being done in the home.

Where slots are a minute, work that takes longer than one must not cost the next: when a
home asks, and whether it does, would tell that it has something to do.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import CaseState
from custom_components.clip_consent.core.portal_log import EntryKind
from custom_components.clip_consent.home.portals import hub_follower
from tests.portal.standin import NOON, StandInHub, public_request

from .following import Follow, Following, follow, hub
from .test_g3_place import asks

__all__ = ["follow", "hub"]  # fixtures, used by name

SLOT = 60  # seconds
SLOTS = 6


async def asked_at(
    home: Following, monkeypatch: pytest.MonkeyPatch, *, slots: int = SLOTS
) -> list[datetime]:
    """Return when a home asks its hub for the log, its clock driven by hand."""
    asked: list[datetime] = []
    clock, follower = home.world.clock, home.follower
    await home.world.manager.hubs.async_stop()
    clock.wall = NOON + timedelta(minutes=10)
    end = clock.now() + timedelta(seconds=SLOT * slots)

    async def skip(seconds: float) -> None:
        await asyncio.sleep(0.03)  # what else there is to do goes on
        clock.go_on(timedelta(seconds=seconds))
        if clock.now() >= end:
            raise asyncio.CancelledError

    ask = follower._client.async_get

    async def note(path: str, **more: Any) -> Any:
        if path == "/info":
            asked.append(clock.now())
        return await ask(path, **more)

    with monkeypatch.context() as driven:
        driven.setattr(hub_follower, "nap", skip)
        driven.setattr(follower._client, "async_get", note)
        with suppress(TimeoutError):
            async with asyncio.timeout(20):
                with pytest.raises(asyncio.CancelledError):
                    await follower.async_follow()
    return asked


def held(
    monkeypatch: pytest.MonkeyPatch, holder: Any, name: str
) -> tuple[asyncio.Event, list[str]]:
    """Hold up a piece of the home's work; return what lets it go, and what was held."""
    let_go, begun = asyncio.Event(), list[str]()
    work: Callable[..., Any] = getattr(holder, name)

    async def slowly(*args: Any, **more: Any) -> Any:
        begun.append(name)
        await let_go.wait()
        return await work(*args, **more)

    monkeypatch.setattr(holder, name, slowly)
    return let_go, begun


async def with_a_case(home: Following, hub: StandInHub) -> None:
    """Let a home know of slots of a minute, and of a request."""
    hub.slot_seconds = SLOT
    await home.poll()


@pytest.mark.parametrize("what", ["async_offer", "async_end", "async_show"])
async def test_slow_work_on_cases_moves_no_slot(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Whatever takes long of what was read: the moments are those of an idle home."""
    idle, busy = await follow("idle"), await follow("busy")
    published = hub.publish(public_request())
    for home in (idle, busy):
        await with_a_case(home, hub)
    hub.publish(public_request())
    hub.close(published, EntryKind.WITHDRAWN)
    let_go, begun = held(monkeypatch, busy.follower._intake, what)
    expected = await asked_at(idle, monkeypatch)
    assert len(expected) >= SLOTS - 1
    assert await asked_at(busy, monkeypatch) == expected
    assert begun == [what]  # one at a time, however many slots there were
    let_go.set()
    await busy.follower.async_settled()
    await busy.world.settle()
    states = [case.state for case in await busy.cases()]
    assert states == [CaseState.WAITING, CaseState.CLOSED]


async def test_slow_work_on_own_requests_moves_no_slot(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also not the home's own: a disk that is slow, or paused for a backup."""
    idle, busy = await follow("idle"), await follow("busy")
    for home in (idle, busy):
        await with_a_case(home, hub)
        await asks(home)
    let_go, begun = held(monkeypatch, busy.world.bench.answers, "async_clean")
    expected = await asked_at(idle, monkeypatch)
    assert len(expected) >= SLOTS - 1
    assert await asked_at(busy, monkeypatch) == expected
    assert begun == ["async_clean"]
    let_go.set()
    await busy.follower.async_settled()


async def test_work_on_cases_holds_up_no_own_request(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its inbox is asked for in each slot, though a case still is at work."""
    home = await follow()
    await with_a_case(home, hub)
    await asks(home)
    let_go, begun = held(monkeypatch, home.follower._intake, "async_offer")
    hub.publish(public_request())
    hub.seen.clear()
    asked = await asked_at(home, monkeypatch)
    assert len(asked) >= SLOTS - 1
    await home.world.settle()
    assert begun == ["async_offer"]
    assert sum(path.startswith("/inbox/") for path in hub.paths()) == len(asked)
    let_go.set()
    await home.follower.async_settled()


async def test_an_alarm_that_could_not_be_kept_is_kept_in_a_later_slot(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G7: its line is written once the disk takes it, and once."""
    home = await follow()
    hub.publish(public_request())
    await home.poll()
    hub.lines.clear()
    with monkeypatch.context() as full:

        async def refuse(*_: object) -> None:
            raise StoreError("store_failed")

        full.setattr(home.world.bench.store, "async_set", refuse)
        await home.poll()
    assert "portal_alarm" not in await home.world.ledger()
    await home.poll()
    await home.poll()
    assert (await home.world.ledger()).count("portal_alarm") == 1
