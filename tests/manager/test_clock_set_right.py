"""A clock that was wrong and is set right holds nothing up that was decided."""

from datetime import timedelta

from custom_components.clip_consent.core.errors import DeliveryError
from custom_components.clip_consent.core.models import Case, CaseState, Destination, Way

from .world import World

HOUR = timedelta(hours=1)


async def _state_after(world: World, case: Case, hours: int) -> CaseState:
    for _ in range(hours):
        world.clock.go_on(HOUR)
        world.manager.look_again()
        await world.settle()
    return (await world.case(case.request.request_id)).state


async def test_start_with_a_clock_that_is_far_behind(world: World) -> None:
    """No battery keeps the time: approved, power cut, started in the past, set right."""
    case = await world.asked()
    await world.approve(case)
    await world.manager.async_stop()
    world.clock.wall -= timedelta(days=30)
    await world.boot()
    await world.settle()
    assert (await world.case(case.request.request_id)).state is CaseState.CONSENTED
    world.clock.wall += timedelta(days=30)
    assert await _state_after(world, case, 1) is CaseState.SHARED


async def test_start_with_a_clock_that_stays_behind(world: World) -> None:
    """Nobody sets it right: the undo window is as long as it was, no longer."""
    case = await world.asked()
    await world.approve(case)
    await world.manager.async_stop()
    world.clock.wall -= timedelta(days=30)
    await world.boot()
    assert await _state_after(world, case, 1) is CaseState.SHARED


async def test_clock_set_back_within_the_undo_window(world: World) -> None:
    """A day back: the window lasts its seconds, not a day."""
    case = await world.asked()
    await world.approve(case)
    world.clock.wall -= timedelta(days=1)
    world.manager.look_again()
    await world.settle()
    assert (await world.case(case.request.request_id)).state is CaseState.CONSENTED
    assert await _state_after(world, case, 1) is CaseState.SHARED


async def test_an_attempt_planned_by_a_wrong_clock(world: World) -> None:
    """It is days ahead once the clock is right: tried within the longest delay."""
    upload = Destination(way=Way.TUS, url="https://example.org/files")
    case = await world.asked(destination=upload)
    await world.approve(case)
    world.oracle.errors = [DeliveryError("upload_busy", permanent=False)]
    world.clock.wall += timedelta(days=5)
    await world.pass_undo()
    assert (await world.case(case.request.request_id)).state is CaseState.SEALED
    world.clock.wall -= timedelta(days=5)
    assert await _state_after(world, case, 2) is CaseState.SHARED
