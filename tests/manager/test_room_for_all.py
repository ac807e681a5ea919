"""What takes long holds up nothing that was decided, and an answer hides no asking."""

import asyncio
from typing import Any

from custom_components.clip_consent.core.models import (
    Case,
    CaseEventType,
    CaseState,
    Draft,
    PortalKind,
)
from custom_components.clip_consent.core.telling import Told
from custom_components.clip_consent.home.runner import AT_ONCE

from .world import ANNA, World, request


async def test_hanging_drafts_hold_up_no_approved_clip(world: World) -> None:
    """As many drafts as may be made at once hang: what was tapped goes all the same."""
    case = await world.asked()
    go_on = asyncio.Event()
    real = world.drafter.async_draft

    async def slow(**asked: Any) -> Draft:
        await go_on.wait()
        return await real(**asked)

    world.drafter.async_draft = slow  # type: ignore[method-assign]
    sent = [
        request(invite_id=None, portal=PortalKind.SERVICE) for _ in range(AT_ONCE + 1)
    ]
    for each in sent:
        await world.manager.async_submit(each)
    while len(world.manager._runner._works) < AT_ONCE:
        await asyncio.sleep(0.001)

    shared = asyncio.Event()
    world.manager.on_event(
        lambda event: shared.set() if event.type is CaseEventType.SHARED else None
    )
    await world.approve(case)
    world.clock.go_on(2 * world.settings.push_undo)
    world.manager.look_again()
    await asyncio.wait_for(shared.wait(), 10)
    found = await world.case(case.request.request_id)
    assert found.state is CaseState.SHARED
    assert len(world.manager._runner._works) == AT_ONCE
    go_on.set()
    await world.settle()
    for each in sent:
        assert (await world.case(each.request_id)).state is CaseState.WAITING


async def test_an_answer_during_the_push_hides_no_asking(world: World) -> None:
    """The first phone answers while the second is still being reached."""
    pushing, go_on = asyncio.Event(), asyncio.Event()

    async def ask(case: Case) -> Told:
        world.prompter.asked.append(case)
        pushing.set()
        await go_on.wait()
        return Told(pushed=2)

    world.prompter.async_ask = ask  # type: ignore[method-assign]
    sending = asyncio.create_task(world.asked())
    await asyncio.wait_for(pushing.wait(), 10)
    [asked] = world.prompter.asked
    await world.manager.async_decline(asked.case_id, ANNA)
    go_on.set()
    case = await sending
    assert case.state is CaseState.CLOSED
    assert (await world.ledger()).count("asked") == 1
    told = [event.type for event in world.events]
    assert told.count(CaseEventType.ASKED) == 1
    assert len(world.prompter.asked) == 1
