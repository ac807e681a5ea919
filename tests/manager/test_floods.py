"""What a flood leaves goes again, and far beyond a limit nothing but a count is kept."""

import asyncio
from dataclasses import replace
from datetime import timedelta
import sqlite3

import pytest

from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.limits import (
    CIPHERTEXT_KEPT,
    FLOOD_PER_INVITE_AND_DAY,
    INVITE_PER_DAY,
    OPEN_MAX,
    SENDERS_KEPT,
    TOKENS_KEPT,
    WAITING_MAX,
)
from custom_components.clip_consent.core.models import (
    CaseState,
    ClosedReason,
    PortalKind,
    Request,
)
from custom_components.clip_consent.home import sender_rows, token_rows

from .disk import bytes_in_use
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
    """Send requests, and return them with the ids under which they were taken in."""
    sent: list[Request] = []
    for each in range(count):
        one = request(received_at=NOON + timedelta(microseconds=each))
        given = await world.manager.async_submit(one)
        sent.append(replace(one, request_id=given))
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
    assert await _rows(world, "status") == FLOOD_PER_INVITE_AND_DAY
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


async def test_a_lasting_flood_has_a_bound(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G9: past the last senders that are kept, one more request takes no room at all."""
    kept = 600
    monkeypatch.setattr(sender_rows, "SENDERS_KEPT", kept)
    await _flood(world, FLOOD_PER_INVITE_AND_DAY)
    before = await bytes_in_use(world)
    await _flood(world, kept)
    full = await bytes_in_use(world)
    assert (full - before) / kept * SENDERS_KEPT < 5 * 2**20
    await _flood(world, 2 * kept)
    assert await _rows(world, "senders") < kept + 100
    assert await _rows(world, "status") == FLOOD_PER_INVITE_AND_DAY
    assert await bytes_in_use(world) - before < 1.5 * (full - before)
    world.clock.go_on(REACHABLE)
    await _sweep(world)
    assert await _rows(world, "senders") == 0


async def test_a_lasting_flood_is_a_few_lines_a_day(world: World) -> None:
    """G9: what the ledger keeps for ever of a day is the same for any number above."""
    lines: list[int] = []
    for count in (FLOOD_PER_INVITE_AND_DAY, 3 * FLOOD_PER_INVITE_AND_DAY):
        before = len(await world.ledger())
        for _ in range(24):
            for each in range(count // 20):
                now = world.clock.now() + timedelta(seconds=each)
                await world.manager.async_submit(
                    request(received_at=now, expires_at=now + OPEN_MAX)
                )
            await world.settle()
            world.clock.go_on(timedelta(hours=1))
            await _sweep(world)
        world.clock.go_on(timedelta(days=1))
        await _sweep(world)
        lines.append(len(await world.ledger()) - before)
    of_the_asked = 10 * INVITE_PER_DAY
    most = 2 * FLOOD_PER_INVITE_AND_DAY + of_the_asked + 24
    assert all(each <= most for each in lines), lines


async def test_a_flood_lets_go_of_all_senders_alike(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """G2: who was one of many is known for as long as who was asked for.

    Whose turn it was to be let go of is a new request when sent again; what they were
    given before goes on being answered.
    """
    monkeypatch.setattr(sender_rows, "SENDERS_KEPT", 200)
    sent = await _flood(world, FLOOD_PER_INVITE_AND_DAY + 50)
    case, flooded = sent[0], sent[-1]
    for each in (case, flooded):
        assert await world.manager.async_submit(each) == each.request_id
    await _flood(world, 350)
    for each in (case, flooded):
        again = await world.manager.async_submit(each)
        assert again != each.request_id
        assert await world.manager.async_submit(each) == again
        direct = world.manager.direct
        told = await direct.async_status(again)
        assert told
        assert await direct.async_status(each.request_id) == told


async def test_ids_of_a_flood_outlive_a_restart_and_no_removal(world: World) -> None:
    """Their key is in the database, and goes with all links when the home is removed."""
    one = (await _flood(world, FLOOD_PER_INVITE_AND_DAY + 1))[-1].request_id
    await world.reboot()
    assert await world.manager.direct.async_status(one)
    await world.bench.store.async_retire(world.clock.now())
    await world.reboot()
    assert await world.manager.direct.async_status(one) is None
    assert await _rows(world, "senders") == 0


async def test_a_flood_costs_a_line_an_hour(world: World) -> None:
    """The count outlives a restart, and none is told twice."""
    await _flood(world, FLOOD_PER_INVITE_AND_DAY + 3)
    await world.reboot()
    await _sweep(world)
    assert await _counts(world) == [{"invite_id": "invite1", "count": 3}]
    await _flood(world, 2)
    world.clock.go_on(timedelta(minutes=59))
    await _sweep(world)
    assert len(await _counts(world)) == 1
    world.clock.go_on(timedelta(minutes=1))
    await _sweep(world)
    assert await _counts(world) == [
        {"invite_id": "invite1", "count": 3},
        {"invite_id": "invite1", "count": 2},
    ]
    world.clock.go_on(timedelta(hours=5))
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


async def test_a_home_that_is_off_keeps_little_of_a_flood_too(world: World) -> None:
    """What is over a limit has no words and is in no history, whatever the switch says."""
    await world.manager.async_set_accepting(False, None)
    for _ in range(30):
        await world.manager.async_submit(request(text="x" * 2000))
    await world.settle()
    shown, more = await world.manager.reading.async_history(None, 50, ANNA)
    assert {case.closed for case in shown} == {ClosedReason.SWITCHED_OFF}
    assert (len(shown), more) == (5, None)
    every, _ = await world.bench.store.async_history(None, 50)
    assert len(every) == 30
    assert sum(len(case.request.text) for case in every) == 5 * 2000


async def test_what_waits_for_the_end_of_a_backup_has_a_bound(world: World) -> None:
    """Whoever comes too late is told to try again; decisions wait as ever."""
    case = await world.asked()
    await world.manager.async_pause()
    asked = [
        asyncio.create_task(world.manager.async_take(request()))
        for _ in range(WAITING_MAX + 50)
    ]
    await asyncio.sleep(0.05)
    refused = [task for task in asked if task.done()]
    assert 0 < len(refused) <= 50
    for task in refused:
        with pytest.raises(StoreError, match="store_busy"):
            task.result()
    declining = asyncio.create_task(world.manager.async_decline(case.case_id, ANNA))
    await asyncio.sleep(0.05)
    assert not declining.done()
    world.manager.resume()
    assert (await declining).state is CaseState.CLOSED
    await asyncio.wait(asked)
    await world.manager.async_take(request())
    await world.settle()
