"""A caller who is cancelled in mid-action: the decision is carried out all the same."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import ConflictError, StoreError
from custom_components.clip_consent.core.models import (
    Case,
    CaseEventType,
    CaseState,
    Destination,
    Way,
)
from custom_components.clip_consent.core.requests import make_ask

from .examples import SPAN
from .world import ANNA, NOON, World


async def _hung_up(action: Coroutine[Any, Any, object], turns: int) -> None:
    """Cancel an action after some turns of the event loop."""
    task = asyncio.create_task(action)
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _decline(world: World, case: Case) -> Coroutine[Any, Any, object]:
    return world.manager.async_decline(case.case_id, None)


def _approve(world: World, case: Case) -> Coroutine[Any, Any, object]:
    return world.approve(case)


def _answer(world: World, case: Case) -> Coroutine[Any, Any, object]:
    return world.manager.async_answer(case.case_id, "I saw nothing", ANNA)


@pytest.mark.parametrize("turns", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("act", [_decline, _approve, _answer])
async def test_memory_is_never_behind_the_disk(
    world: World, act: Callable[[World, Case], Coroutine[Any, Any, object]], turns: int
) -> None:
    """What is saved is known, whenever the caller hangs up."""
    case = await world.asked()
    await _hung_up(act(world, case), turns)
    await asyncio.sleep(0.05)  # what goes on by itself has begun to write
    async with asyncio.timeout(10):
        while not await _agree(world, case):
            await asyncio.sleep(0.01)


async def _agree(world: World, case: Case) -> bool:
    await world.settle()
    saved = await world.bench.store.async_case(case.case_id)
    here = world.bench.caseload.open(case.case_id)
    return here == (None if saved.state is CaseState.CLOSED else saved)


async def test_all_are_told_of_a_decline_that_nobody_waited_for(world: World) -> None:
    """A script that is started anew says no, and the phones are cleared."""
    case = await world.asked()
    await _hung_up(_decline(world, case), 4)
    async with asyncio.timeout(10):
        while world.manager.waiting:
            await asyncio.sleep(0.01)
    await world.settle()
    assert (await world.case(case.request.request_id)).state is CaseState.CLOSED
    assert world.prompter.settled[-1].type is CaseEventType.CLOSED
    assert world.manager.waiting == 0


async def test_a_request_that_nobody_waited_for_is_looked_at(world: World) -> None:
    """It was kept, so it is worked on."""
    world.source.add("garden", NOON - timedelta(hours=2), 7200)
    ask = make_ask(
        window=SPAN,
        text="Somebody drove into my bicycle",
        name="Ben",
        kind="neighbour",
        contact="",
        case_number="",
        recipient=None,
    )
    entering = world.manager.async_enter(
        ask, label="Ben", destination=Destination(way=Way.HAND_OVER), user_id=None
    )
    await _hung_up(entering, 4)
    async with asyncio.timeout(10):
        while not world.bench.caseload.all_open():
            await asyncio.sleep(0.01)
    await world.settle()
    [case] = world.bench.caseload.all_open()
    assert case.state is CaseState.WAITING


async def test_the_switch_says_what_is_kept(world: World) -> None:
    """Requests are off here if they are off on disk."""
    await _hung_up(world.manager.async_set_accepting(False, None), 2)
    async with asyncio.timeout(10):
        while world.manager.accepting:
            await asyncio.sleep(0.01)
    kept = await world.bench.store.async_setting("accepting", "yes")
    assert (kept, world.manager.accepting) == ("no", False)


async def test_errors_that_nobody_waits_for_are_no_warning(world: World) -> None:
    """An unhandled one would be logged as a fault of ours."""
    case = await world.asked()
    await world.manager.async_decline(case.case_id, None)
    await _hung_up(_decline(world, case), 1)
    await world.settle()
    with pytest.raises(ConflictError):
        await _decline(world, case)


async def test_a_step_that_is_refused_reads_the_case_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should memory be behind the disk, whyever: it catches up, and does not spin."""
    case = await world.asked()
    caseload = world.bench.caseload
    await world.manager.async_decline(case.case_id, None)
    caseload._open[case.case_id] = case
    saves = _counted(world, monkeypatch)
    world.clock.go_on(timedelta(days=8))
    world.manager.look_again()
    await world.settle()
    assert caseload.open(case.case_id) is None
    assert len(saves) == 1


async def test_a_step_that_is_always_refused_takes_its_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Disk and memory agree, and still it does not go: no loop without a pause."""
    case = await world.asked()
    tries: list[object] = []

    async def refuse(*args: object, **kwargs: object) -> Case:
        tries.append(args)
        raise ConflictError("case_moved_on")

    monkeypatch.setattr(world.bench.store, "async_save", refuse)
    world.clock.go_on(timedelta(days=8))
    world.manager.look_again()
    for _ in range(200):
        await asyncio.sleep(0)
    await asyncio.sleep(0.1)
    assert len(tries) == 1
    assert world.bench.caseload.open(case.case_id) == case
    monkeypatch.undo()
    world.manager.look_again()
    await world.settle()
    assert (await world.case(case.request.request_id)).state is CaseState.CLOSED


def _counted(world: World, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    saves: list[object] = []
    save: Callable[..., Awaitable[Case]] = world.bench.store.async_save

    async def counted(*args: object, **kwargs: object) -> Case:
        saves.append(args)
        return await save(*args, **kwargs)

    monkeypatch.setattr(world.bench.store, "async_save", counted)
    return saves


async def test_a_closed_store_is_no_warning_either(world: World) -> None:
    """The home stops while somebody hangs up."""
    case = await world.asked()
    await world.manager.async_stop()
    await _hung_up(_decline(world, case), 1)
    with pytest.raises(StoreError):
        await _decline(world, case)
    await world.boot()


async def test_a_fault_of_ours_that_nobody_waits_for_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no error of the caller's, and must not be lost with them."""
    case = await world.asked()

    async def fail(*args: object) -> Case:
        raise KeyError("a fault")

    monkeypatch.setattr(world.bench.caseload, "async_get", fail)
    await _hung_up(_decline(world, case), 1)
    await asyncio.sleep(0)
    assert "Work that nobody waited for ended in a fault" in caplog.text
