"""Taps are judged by what is so when they count, and undo windows by two clocks."""

import asyncio
from dataclasses import replace
from datetime import timedelta
import itertools
import sqlite3

import pytest

from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.errors import (
    ClipConsentError,
    ConflictError,
    StoreError,
)
from custom_components.clip_consent.core.models import Case, CaseState, Choice
from custom_components.clip_consent.home.store import HomeStore

from .world import ANNA, BEN, GARDEN, NOON, World, tap


async def _held(world: World, held: timedelta) -> None:
    """Let a tap wait for the end of a backup."""
    await asyncio.sleep(0.05)
    world.clock.go_on(held)
    world.manager.resume()


async def test_a_tap_that_had_to_wait_can_be_undone(world: World) -> None:
    """The window begins when the consent is written, not when the backup began."""
    case = await world.asked()
    await world.manager.async_pause()
    approving = asyncio.create_task(world.approve(case))
    await _held(world, timedelta(minutes=5))
    consented = await approving
    assert consented.delivery
    consent = consented.delivery.consent
    assert consent.at == world.clock.now()
    assert consent.undo_until == consent.at + timedelta(seconds=10)
    undone = await world.manager.async_undo(case.case_id, BEN)
    assert undone.state is CaseState.DRAFTED


async def test_a_push_that_had_to_wait_can_be_undone(world: World) -> None:
    """The same for a tap on a phone."""
    case = await world.asked()
    token = await world.mint(case, Decision.APPROVE)
    await world.manager.async_pause()
    tapping = asyncio.create_task(world.manager.async_tap(tap(), token))
    await _held(world, timedelta(minutes=5))
    assert await tapping
    found = await world.case(case.request.request_id)
    assert found.delivery
    assert found.delivery.consent.undo_until > world.clock.now()


@pytest.mark.parametrize("what", ["standing", "time"])
@pytest.mark.parametrize("decision", [None, Decision.APPROVE, Decision.DECLINE])
async def test_who_may_no_longer_approve_after_the_wait_does_not(
    world: World, what: str, decision: Decision | None
) -> None:
    """User and clocks are looked at again; nothing leaves."""
    case = await world.asked()
    token = await world.mint(case, decision) if decision else ""
    await world.manager.async_pause()
    tapping: asyncio.Task[object] = asyncio.create_task(
        world.manager.async_tap(tap(), token) if decision else world.approve(case)
    )
    if what == "standing":
        world.people.persons[ANNA] = replace(
            world.people.persons[ANNA], listed=False, active=False
        )
    await _held(world, timedelta(days=8 if what == "time" else 0, minutes=1))
    [outcome] = await asyncio.gather(tapping, return_exceptions=True)
    if what == "time" and decision is Decision.DECLINE:
        assert outcome is True  # a refusal of what is over does no harm
    else:
        assert outcome is False or isinstance(outcome, ClipConsentError)
    await world.pass_undo()
    assert not (await world.case(case.request.request_id)).delivered


async def test_a_store_that_is_always_late_lets_nothing_through(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given up, and said."""
    case = await world.asked()
    seconds = itertools.count(2000, 3)
    monkeypatch.setattr(world.clock, "monotonic", lambda: next(seconds))
    with pytest.raises(StoreError, match="store_failed"):
        await world.approve(case)
    assert (await world.case(case.request.request_id)).state is CaseState.WAITING


async def test_a_jump_of_the_wall_clock_ends_no_undo_window(world: World) -> None:
    """Set an hour ahead, it can still be undone; the stopwatch has to agree."""
    case = await world.asked()
    await world.approve(case)
    world.clock.wall += timedelta(hours=1)
    world.manager.look_again()
    await world.settle()
    found = await world.case(case.request.request_id)
    assert found.state is CaseState.CONSENTED
    await world.manager.async_undo(case.case_id, BEN)
    await world.settle()

    again = await world.case(case.request.request_id)
    await world.approve(again)
    world.clock.wall += timedelta(hours=1)
    world.clock.stopwatch += 11
    world.manager.look_again()
    await world.settle()
    assert (await world.case(case.request.request_id)).state is CaseState.SHARED


async def test_the_stopwatch_begins_anew_with_a_start(world: World) -> None:
    """What is left of the window by the wall clock is left after a restart."""
    case = await world.asked()
    await world.approve(case)
    await world.reboot()
    world.clock.wall += timedelta(seconds=11)
    world.manager.look_again()
    await world.settle()
    found = await world.case(case.request.request_id)
    assert found.state is CaseState.CONSENTED
    await world.pass_undo()
    assert (await world.case(case.request.request_id)).state is CaseState.SHARED


async def test_stopwatches_of_what_is_over_are_put_away(world: World) -> None:
    """A home that runs for years keeps the time of what still runs alone."""
    first = await world.asked()
    await world.approve(first)
    await world.manager.async_undo(first.case_id, BEN)
    await world.settle()
    await world.approve(await world.case(first.request.request_id))
    await world.pass_undo()
    assert (await world.case(first.request.request_id)).state is CaseState.SHARED
    world.clock.go_on(timedelta(days=8))

    now = world.clock.now()
    second = await world.asked(received_at=now, expires_at=now + timedelta(days=7))
    consented = await world.approve(second)
    runner = world.manager._runner
    assert second.offer
    assert list(runner.asking._deadlines) == [second.offer.offer_id]
    assert consented.delivery
    assert list(runner._undo_ends) == [consented.delivery.consent.consent_id]
    await world.pass_undo()
    assert (await world.case(second.request.request_id)).state is CaseState.SHARED


async def test_a_store_that_refuses_is_shown_until_it_works(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a tap, at a refusal, at a request: wherever it happens."""
    case = await world.asked()

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(
            "custom_components.clip_consent.home.ledger_rows.write_lines", full
        )
        with pytest.raises(StoreError, match="disk_full"):
            await world.approve(case)
    assert "store_failed" in world.alarm.raised
    await world.manager.async_decline(case.case_id, ANNA)
    assert "store_failed" not in world.alarm.raised


async def test_a_closed_store_is_no_trouble_of_the_disk(world: World) -> None:
    """What comes after the end is refused without an alarm."""
    store: HomeStore = world.bench.store
    await world.manager.async_stop()
    with pytest.raises(StoreError, match="store_closed"):
        await store.async_set("x", "y", [], NOON)
    assert world.alarm.raised == {}
    await world.boot()


async def test_a_spool_that_is_full_is_shown_and_tried_again(world: World) -> None:
    """The consent stands."""
    case = await world.asked()
    spool = world.folder / "cache" / "spool"
    if spool.is_dir():
        spool.rmdir()
    spool.write_bytes(b"in the way")
    await world.approve(case)
    await world.pass_undo()
    assert "spool_failed" in world.alarm.raised
    spool.unlink()
    world.clock.go_on(timedelta(minutes=1))
    world.manager.look_again()
    await world.settle()
    assert (await world.case(case.request.request_id)).state is CaseState.SHARED
    assert "spool_failed" not in world.alarm.raised


async def _stuck(world: World) -> Case:
    """Return an approved case that cannot be sealed, since the disk refuses."""
    case = await world.asked()
    spool = world.folder / "cache" / "spool"
    if spool.is_dir():
        spool.rmdir()
    spool.write_bytes(b"in the way")
    await world.approve(case)
    await world.pass_undo()
    assert "spool_failed" in world.alarm.raised
    return case


@pytest.mark.parametrize("anew", [False, True], ids=["at once", "after a reload"])
async def test_a_full_spool_is_no_trouble_of_what_was_stopped(
    world: World, anew: bool
) -> None:
    """It goes with the last case that waits for the disk, however that one ends."""
    first, second = await _stuck(world), await _stuck(world)
    if anew:
        await world.reboot()
    await world.manager.async_decline(first.case_id, ANNA)
    assert "spool_failed" in world.alarm.raised
    await world.manager.async_decline(second.case_id, ANNA)
    assert "spool_failed" not in world.alarm.raised


async def test_a_full_spool_is_no_trouble_of_what_was_given_up(world: World) -> None:
    """Tried for days in vain, the case is over, and nothing waits for the disk."""
    case = await _stuck(world)
    world.clock.go_on(timedelta(days=15))
    world.manager.look_again()
    await world.settle()
    assert (await world.case(case.request.request_id)).state is CaseState.CLOSED
    assert "spool_failed" not in world.alarm.raised


async def test_replays_of_one_token_cost_a_line_a_minute(world: World) -> None:
    """A loop that somebody left running does not fill the ledger."""
    case = await world.asked()
    token = await world.mint(case, Decision.DECLINE)
    assert not await world.manager.async_tap(tap(BEN), token)
    for _ in range(50):
        assert not await world.manager.async_tap(tap(BEN), token)
    assert (await world.ledger()).count("approve_rejected") == 1
    world.clock.go_on(timedelta(minutes=2))
    assert not await world.manager.async_tap(tap(BEN), token)
    assert (await world.ledger()).count("approve_rejected") == 2


async def test_many_tokens_are_not_all_remembered(world: World) -> None:
    """What is kept to be quiet about stays small."""
    case = await world.asked()
    for _ in range(300):
        token = await world.mint(case, Decision.DECLINE)
        await world.manager.async_tap(tap(BEN), token)
    assert len(world.manager._approving._rejected_at) == 256


async def test_choosing_while_the_loop_works_is_no_conflict(world: World) -> None:
    """The loop saves in between; the choice is applied to what it saved."""
    case = await world.asked()
    for seconds in range(60, 70):
        choice = Choice(
            camera_id=GARDEN,
            window=replace(
                case.request.window,
                end=case.request.window.start + timedelta(seconds=seconds),
            ),
        )
        await world.manager.async_choose(case.case_id, choice, ANNA)
        await asyncio.sleep(0)
    await world.settle()
    found = await world.case(case.request.request_id)
    assert found.draft
    assert found.draft.choice == choice
    await world.manager.async_decline(case.case_id, ANNA)
    with pytest.raises(ConflictError, match="case_moved_on"):
        await world.manager.async_choose(case.case_id, choice, ANNA)


async def test_a_draft_that_cannot_be_read_now_is_not_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that stumbles voids no offer: it can be approved a moment later."""
    case = await world.asked()

    async def fail(*_: object) -> None:
        raise StoreError("draft_unreadable")

    with monkeypatch.context() as broken:
        broken.setattr(world.drafter, "async_digest", fail)
        with pytest.raises(StoreError, match="draft_unreadable"):
            await world.approve(case)
    await world.approve(case)
