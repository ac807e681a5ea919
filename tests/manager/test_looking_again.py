"""Looking again is rare, ends, disturbs nothing, and touches nothing decided."""

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    ClosedReason,
    PortalKind,
    Window,
)
from custom_components.clip_consent.home import runner

from .disk import Disk
from .later import CHOICE, JUST_NOW, MINUTE, Eye, again, record, send, status, wait
from .world import ANNA, GARDEN, GATE, NOON, World, request


async def test_what_does_not_come_is_looked_for_an_hour_and_wears_out_no_disk(
    world: World, eye: Eye
) -> None:
    """G9: nine looks, one transaction at the end, no line, no push, no news outside."""
    case = await send(world)
    before, disk = await status(world, case), Disk(world)
    assert eye.looks == {GARDEN: 1, GATE: 1}
    await disk.begin()
    await wait(world, 59)
    assert eye.looks == {GARDEN: 9, GATE: 9}
    assert await disk.written() == (0, 0)
    assert (await again(world, case)).version == case.version
    await wait(world, 24 * 60, each=15)
    assert eye.looks == {GARDEN: 10, GATE: 10}
    assert await disk.written() == (1, 0)
    await world.reboot()
    await wait(world, 60)
    assert eye.looks == {GARDEN: 10, GATE: 10}
    assert len(world.prompter.asked) == 1
    assert world.prompter.found == world.prompter.renewed == []
    assert await status(world, case) == before


async def test_an_old_window_is_not_looked_for_again(world: World, eye: Eye) -> None:
    """What was recorded is on the disk by then."""
    long_ago = Window(start=NOON - 90 * MINUTE, end=NOON - 60 * MINUTE)
    await send(world, window=long_ago)
    await wait(world, 120)
    assert eye.looks == {GARDEN: 1, GATE: 1}


async def test_a_folder_that_stays_away_is_looked_at_until_the_case_expires(
    world: World, eye: Eye
) -> None:
    """Then the case is over, and nobody looks."""
    eye.blind = {GARDEN: "folder_slow"}
    case = await send(world, expires_at=NOON + 60 * MINUTE)
    await wait(world, 61)
    after = await again(world, case)
    assert (after.state, after.closed) == (CaseState.CLOSED, ClosedReason.EXPIRED)
    looks = eye.looks[GARDEN]
    assert looks > 8
    record(world)
    eye.blind.clear()
    await wait(world, 60)
    assert eye.looks[GARDEN] == looks


async def test_a_restart_goes_on_looking(world: World, eye: Eye) -> None:
    """What was noted in memory alone is forgotten: it looks once more, and goes on."""
    case = await send(world)
    await wait(world, 7)
    assert eye.looks[GARDEN] == 4
    await world.reboot()
    await world.settle()
    assert eye.looks[GARDEN] == 5
    await wait(world, 2)
    assert eye.looks[GARDEN] == 5
    record(world)
    await wait(world, 3)
    assert (await again(world, case)).offer
    assert len(world.prompter.asked) == len(world.prompter.found) == 1


async def test_a_last_look_that_could_not_be_noted_is_made_again(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk refused: the loop comes to it once more, and then no more."""
    monkeypatch.setattr(runner, "STORE_RETRY", 0.01)
    case = await send(world)
    world.clock.go_on(60 * MINUTE)
    save = world.bench.caseload.async_save

    async def refuse(*_: Any, **__: Any) -> Case:
        monkeypatch.setattr(world.bench.caseload, "async_save", save)
        raise StoreError("disk_full")

    monkeypatch.setattr(world.bench.caseload, "async_save", refuse)
    world.manager.look_again()
    await world.settle()
    while (await again(world, case)).version == case.version:
        await asyncio.sleep(0.001)
    await world.settle()
    assert eye.looks[GARDEN] == 3
    await wait(world, 60)
    assert eye.looks[GARDEN] == 3


@pytest.mark.parametrize("decision", ["choose", "decline", "answer"])
async def test_what_was_decided_during_a_look_stands(
    world: World, eye: Eye, decision: str
) -> None:
    """The look ends later: what it found, or did not, changes nothing."""
    for found in (True, False):
        case = await send(world)
        eye.open.clear()
        world.clock.go_on(2 * MINUTE)
        world.manager.look_again()
        while not eye.now:
            await asyncio.sleep(0)
        if found:
            record(world)
        match decision:
            case "choose":
                choice = replace(CHOICE, window=case.request.window)
                await world.manager.async_choose(case.case_id, choice, ANNA)
            case "decline":
                await world.manager.async_decline(case.case_id, ANNA)
            case "answer":
                await world.manager.async_answer(case.case_id, "Nothing here.", ANNA)
        eye.open.set()
        await world.settle()
        kinds = Counter(await world.ledger())
        after = await again(world, case)
        assert after.looked_at is None or after.state is CaseState.CLOSED
        assert after.findings == ()
        looks = eye.looks[GARDEN]
        await wait(world, 90)
        assert eye.looks[GARDEN] == looks
        assert Counter(await world.ledger()) == kinds
        world.source.pieces.clear()
    assert kinds["matched"] == 2
    assert world.prompter.found == []


async def test_what_is_offered_is_not_looked_at_again(world: World, eye: Eye) -> None:
    """The offer stands, though another camera has it too by now."""
    record(world, GARDEN)
    case = await send(world)
    assert case.offer
    record(world, GATE)
    await wait(world, 90)
    assert eye.looks[GATE] == 1
    assert await again(world, case) == case
    assert world.prompter.found == world.prompter.renewed == []


async def test_a_choice_whose_draft_failed_is_left_to_whoever_made_it(
    world: World, eye: Eye
) -> None:
    """Nothing takes the place of what an approver wanted."""
    case = await send(world)
    await world.manager.async_choose(case.case_id, CHOICE, ANNA)
    await world.settle()
    failed = await again(world, case)
    assert failed.problem == "not_recorded"
    looks = eye.looks[GATE]
    record(world)
    await wait(world, 90)
    assert eye.looks[GATE] == looks
    assert await again(world, case) == failed


async def test_many_that_wait_are_looked_for_one_at_a_time(
    world: World, eye: Eye
) -> None:
    """G9: and while a disk hangs in that, a new request is not held up."""
    waiting = [
        await send(world, invite_id=None, portal=PortalKind.SERVICE) for _ in range(30)
    ]
    eye.most = 0
    await world.reboot()
    await wait(world, 2)
    assert eye.most == 1
    assert eye.looks[GARDEN] == 60
    eye.open.clear()
    world.clock.go_on(10 * MINUTE)
    world.manager.look_again()
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert eye.now == 1
    sent = request(received_at=world.clock.now(), window=JUST_NOW)
    await world.manager.async_submit(sent)
    while eye.now == 1:
        await asyncio.sleep(0.001)
    eye.open.set()
    await world.settle()
    assert (await world.case(sent.request_id)).findings == ()
    assert eye.looks[GARDEN] == 60 + 30 + 1
    assert [(await again(world, one)).version for one in waiting] == [
        one.version for one in waiting
    ]


async def test_what_expired_before_its_turn_is_not_looked_for(
    world: World, eye: Eye
) -> None:
    """It waited behind a disk that hung."""
    one = await send(world, expires_at=NOON + 3 * MINUTE)
    two = await send(world, expires_at=NOON + 3 * MINUTE)
    eye.open.clear()
    world.clock.go_on(2 * MINUTE)
    world.manager.look_again()
    while not eye.now:
        await asyncio.sleep(0)
    world.clock.go_on(MINUTE)
    looks = eye.looks[GARDEN]
    eye.open.set()
    await world.settle()
    assert eye.looks[GARDEN] == looks
    for case in (one, two):
        assert (await again(world, case)).closed is ClosedReason.EXPIRED
