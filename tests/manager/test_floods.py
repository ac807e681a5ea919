"""What a flood leaves goes again, and far beyond a limit nothing but a count is kept."""

from datetime import timedelta
import sqlite3

import pytest

from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.limits import (
    CIPHERTEXT_KEPT,
    FLOOD_PER_INVITE_AND_DAY,
    INVITE_PER_DAY,
    OPEN_MAX,
    TOKENS_KEPT,
)
from custom_components.clip_consent.core.models import CaseState, PortalKind, Request
from custom_components.clip_consent.home import token_rows

from .world import ANNA, NOON, World, request

REACHABLE = OPEN_MAX + CIPHERTEXT_KEPT


async def _rows(world: World, table: str) -> int:
    def count(db: sqlite3.Connection) -> int:
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - a name of ours
        return int(db.execute(query).fetchone()[0])

    return await world.bench.store._db.async_read(count)


async def _sweep(world: World) -> None:
    store, now = world.bench.store, world.clock.now()
    world.manager.look_again()
    await world.settle()
    await store.async_expired_drops(now)
    await store.async_forget_words(now)


async def _flood(world: World, count: int) -> list[Request]:
    sent = [
        request(received_at=NOON + timedelta(microseconds=each))
        for each in range(count)
    ]
    for each in sent:
        assert await world.manager.async_submit(each) == each.request_id
    await world.settle()
    return sent


async def _counts(world: World) -> list[object]:
    entries = await world.bench.store.async_whole_ledger()
    return [entry.data for entry in entries if entry.kind == "flooded"]


async def test_what_was_over_a_limit_goes_with_its_status_page(world: World) -> None:
    """Who asked within the limits stays in the history, the others in the ledger."""
    await _flood(world, INVITE_PER_DAY + 20)
    assert await _rows(world, "cases") == INVITE_PER_DAY + 20
    world.clock.go_on(REACHABLE - timedelta(minutes=1))
    await _sweep(world)
    assert await _rows(world, "cases") == INVITE_PER_DAY + 20
    world.clock.go_on(timedelta(minutes=1))
    await _sweep(world)
    assert await _rows(world, "cases") == INVITE_PER_DAY
    assert await _rows(world, "status") == 0
    assert (await world.ledger()).count("received") == INVITE_PER_DAY + 20
    assert await world.manager.reading.async_check_ledger() is None


async def test_far_beyond_the_limit_only_a_count_is_kept(world: World) -> None:
    """The invite is closed for a day; another way in is not."""
    sent = await _flood(world, FLOOD_PER_INVITE_AND_DAY + 30)
    assert await _rows(world, "cases") == FLOOD_PER_INVITE_AND_DAY
    assert await _rows(world, "status") == FLOOD_PER_INVITE_AND_DAY + 30
    for each in (sent[0], sent[-1]):
        status = await world.manager.direct.async_status(each.request_id)
        assert status
        assert status["status"] == "received"
    again = await world.manager.async_submit(
        request(recipient=sent[-1].recipient, received_at=NOON + timedelta(days=2))
    )
    assert again == sent[-1].request_id
    await world.manager.async_submit(
        request(invite_id=None, portal=PortalKind.SERVICE, recipient=None)
    )
    assert await _rows(world, "cases") == FLOOD_PER_INVITE_AND_DAY + 1
    world.clock.go_on(timedelta(days=1, seconds=1))
    await world.manager.async_submit(request(received_at=world.clock.now()))
    assert await _rows(world, "cases") == FLOOD_PER_INVITE_AND_DAY + 2


async def test_a_flood_costs_a_line_a_minute(world: World) -> None:
    """The count outlives a restart, and none is told twice."""
    await _flood(world, FLOOD_PER_INVITE_AND_DAY + 3)
    await world.reboot()
    await _sweep(world)
    assert await _counts(world) == [{"invite_id": "invite1", "count": 3}]
    await _flood(world, 2)
    world.clock.go_on(timedelta(seconds=59))
    await _sweep(world)
    assert len(await _counts(world)) == 1
    world.clock.go_on(timedelta(seconds=1))
    await _sweep(world)
    assert await _counts(world) == [
        {"invite_id": "invite1", "count": 3},
        {"invite_id": "invite1", "count": 2},
    ]
    world.clock.go_on(timedelta(minutes=5))
    await _sweep(world)
    assert len(await _counts(world)) == 2
    assert await world.manager.reading.async_check_ledger() is None


async def test_tokens_of_what_is_over_are_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few at a time; those of what is still open stay."""
    monkeypatch.setattr(token_rows, "FORGOTTEN_AT_ONCE", 2)
    over = await world.asked()
    for decision in (Decision.APPROVE, Decision.DECLINE, Decision.UNDO):
        await world.mint(over, decision)
    await world.manager.async_decline(over.case_id, ANNA)
    world.clock.go_on(TOKENS_KEPT - timedelta(seconds=1))
    await _sweep(world)
    assert await _rows(world, "tokens") == 3
    now = world.clock.now()
    still = await world.asked(
        received_at=NOON, expires_at=now + OPEN_MAX, reachable_until=now + REACHABLE
    )
    assert still.state is CaseState.WAITING
    await world.mint(still, Decision.APPROVE)
    world.clock.go_on(timedelta(seconds=1))
    await _sweep(world)
    assert await _rows(world, "tokens") == 2
    await _sweep(world)
    await _sweep(world)
    assert await _rows(world, "tokens") == 1
