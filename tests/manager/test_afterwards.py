"""After a share: what is taken back, told again after a restart, and looked up."""

from datetime import timedelta

import pytest

from custom_components.clip_consent.core.errors import ConflictError, NotFoundError
from custom_components.clip_consent.core.models import (
    Case,
    CaseEventType,
    Destination,
    PortalKind,
    Way,
)

from .world import ANNA, BEN, World


async def handed_over(world: World) -> Case:
    """Return a case whose clip an approver may download for a day."""
    case = await world.asked(
        destination=Destination(way=Way.HAND_OVER),
        recipient=None,
        portal=PortalKind.SERVICE,
        invite_id=None,
    )
    await world.approve(case)
    await world.pass_undo()
    return await world.case(case.request.request_id)


async def test_a_hand_over_that_was_revoked_is_over(world: World) -> None:
    """Nobody downloads it any more, and its file goes with the next tidying up."""
    case = await handed_over(world)
    [delivery] = case.delivered
    reading, sha256 = world.manager.reading, delivery.draft.sha256
    path, _ = await reading.async_draft_file(case.case_id, sha256, "file", BEN)
    await world.manager.async_revoke(delivery.delivery_id, ANNA)
    with pytest.raises(NotFoundError):
        await reading.async_draft_file(case.case_id, sha256, "file", BEN)
    await world.reboot()
    assert not path.exists()


@pytest.mark.parametrize("way", [Way.DROP, Way.HAND_OVER])
async def test_what_is_over_by_itself_is_not_revoked(world: World, way: Way) -> None:
    """The ledger must not say that something was taken back which was gone."""
    if way is Way.HAND_OVER:
        case = await handed_over(world)
    else:
        asked = await world.asked()
        await world.approve(asked)
        await world.pass_undo()
        case = await world.case(asked.request.request_id)
    [delivery] = case.delivered
    assert delivery.available_until
    world.clock.go_on(delivery.available_until - world.clock.now())
    with pytest.raises(ConflictError, match="nothing_to_revoke"):
        await world.manager.async_revoke(delivery.delivery_id, ANNA)
    assert "revoked" not in await world.ledger()


async def test_an_approval_is_told_again_after_a_restart(world: World) -> None:
    """Its push may have been lost, and the others could still take it back by that."""
    case = await world.asked()
    after = await world.approve(case)
    world.prompter.settled.clear()
    await world.reboot()
    [again] = world.prompter.settled
    assert (again.type, again.user_id) == (CaseEventType.APPROVED, ANNA)
    assert again.case.delivery == after.delivery
    told = [event.type for event in world.events]
    assert told.count(CaseEventType.APPROVED) == 1  # automations ran for it already


async def test_an_approval_past_its_undo_is_not_told_again(world: World) -> None:
    """There is nothing to take back any more; that it was shared is told."""
    case = await world.asked()
    await world.approve(case)
    await world.manager.async_stop()
    world.prompter.settled.clear()
    world.clock.go_on(timedelta(seconds=31))
    await world.boot()
    await world.settle()
    told = [event.type for event in world.prompter.settled]
    assert told == [CaseEventType.SHARED]
