"""A recorder's clock that is corrected after a clip was made: its times were wrong.

The clip is made anew, of what that clock showed then, and needs a new yes.
"""

from dataclasses import replace

import pytest

from custom_components.clip_consent.core.errors import ConflictError, DeliveryError
from custom_components.clip_consent.core.models import Case, CaseState, Destination, Way

from .world import ANNA, GARDEN, World

TUS = Destination(way=Way.TUS, url="https://example.org/files")
AWAY = DeliveryError("delivery_failed", permanent=False)


async def corrected(world: World, ahead: float, camera_id: str = GARDEN) -> None:
    """Set a camera's clock right, as the form does: the home starts anew."""
    camera = replace(world.settings.cameras[camera_id], clock_ahead=ahead)
    cameras = {**world.settings.cameras, camera_id: camera}
    world.settings = replace(world.settings, cameras=cameras)
    await world.reboot()
    await world.settle()


async def again(world: World, case: Case) -> Case:
    """Return a case as the store has it."""
    return await world.case(case.request.request_id)


async def test_what_was_offered_is_made_and_offered_anew(world: World) -> None:
    """The old offer counts no more; back again, so once more."""
    case = await world.asked()
    assert case.draft and case.draft.clock_ahead == 0
    before = case
    for ahead in (182.0, -3.0, 0.0):
        await corrected(world, ahead)
        after = await again(world, case)
        assert after.draft and after.offer and before.offer
        assert after.draft.clock_ahead == ahead
        assert ("clock_corrected" in after.draft.changes) is bool(ahead)
        assert after.offer.offer_id != before.offer.offer_id
        with pytest.raises(ConflictError, match="offer_void"):
            await world.approve(before)
        before = after


@pytest.mark.parametrize("way", [Way.DROP, Way.TUS, Way.HAND_OVER])
async def test_a_yes_to_wrong_times_is_void(world: World, way: Way) -> None:
    """Approved, or sealed and not yet uploaded: nothing of it leaves."""
    destination = TUS if way is Way.TUS else Destination(way=way)
    recipient = {"recipient": None} if way is Way.HAND_OVER else {}
    case = await world.asked(destination=destination, **recipient)
    await world.approve(case)
    if way is Way.TUS:
        world.oracle.errors.append(AWAY)
        await world.pass_undo()
    await corrected(world, 182.0)
    await world.pass_undo()
    after = await again(world, case)
    assert (after.state, after.delivered) == (CaseState.WAITING, ())
    assert after.draft and after.draft.clock_ahead == 182
    assert not world.oracle.arrived
    entries = await world.bench.store.async_whole_ledger()
    [voided] = [one for one in entries if one.kind == "voided"]
    assert voided.data["problem"] == after.problem == "clock_changed"
    await world.approve(after)
    await world.pass_undo()
    assert (await again(world, case)).delivered[0].draft.clock_ahead == 182


async def test_other_clocks_void_nothing(world: World) -> None:
    """Nor does a start of the home with the clock as it was."""
    await corrected(world, 182.0)
    case = await world.asked()
    await corrected(world, 182.0)
    await corrected(world, 5.0, "gate")
    assert await again(world, case) == case
    assert (await world.approve(case)).delivery


async def test_words_have_no_clock(world: World) -> None:
    """An answer goes as it was approved."""
    case = await world.asked()
    await world.manager.async_answer(case.case_id, "Come by.", ANNA)
    await world.settle()
    await corrected(world, 182.0)
    await world.approve(await again(world, case))
    await corrected(world, 0.0)
    await world.pass_undo()
    assert (await again(world, case)).delivered
