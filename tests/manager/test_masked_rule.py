"""A rule that allows only clips in which a region is filled."""

from dataclasses import replace

import pytest

from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.errors import (
    ConflictError,
    DeliveryError,
    MediaError,
)
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    Choice,
    Destination,
    Draft,
    Way,
)

from .world import ANNA, GARDEN, GATE, NOON, World, tap

DOOR = Region(left=0, top=0, right=5000, bottom=5000)


async def rule(world: World, *, masked: bool) -> None:
    """Let all rules want a region filled, or none; the home starts anew."""
    rules = tuple(
        replace(one, constraints=replace(one.constraints, masked=masked))
        for one in world.settings.rules
    )
    world.settings = replace(world.settings, rules=rules)
    await world.reboot()
    await world.settle()


async def camera(world: World, *masks: Region) -> None:
    """Let the garden's camera hide these; the home starts anew."""
    garden = replace(world.settings.cameras[GARDEN], masks=masks)
    cameras = {**world.settings.cameras, GARDEN: garden}
    world.settings = replace(world.settings, cameras=cameras)
    await world.reboot()
    await world.settle()


async def again(world: World, case: Case) -> Case:
    """Return a case as the store has it."""
    return await world.case(case.request.request_id)


def waits_for_masks(case: Case) -> bool:
    """Tell whether somebody has to draw first."""
    kept = (case.state, case.draft, case.offer, case.problem)
    return kept == (CaseState.WAITING, None, None, "masks_needed")


async def test_nothing_is_drafted_before_somebody_drew(world: World) -> None:
    """The case says so; a choice with nothing filled is refused, one with is offered."""
    await rule(world, masked=True)
    case = await world.asked()
    assert waits_for_masks(case)
    assert world.prompter.asked
    bare = Choice(camera_id=GARDEN, window=case.request.window)
    with pytest.raises(ConflictError, match="masks_needed"):
        await world.manager.async_choose(case.case_id, bare, ANNA)
    with pytest.raises(ConflictError, match="masks_needed"):
        await world.manager.reading.async_spare_draft(case.case_id, bare, ANNA)
    assert not world.drafter.made
    drawn = replace(bare, masks=(DOOR,), exact=True)
    await world.manager.async_choose(case.case_id, drawn, ANNA)
    await world.settle()
    after = await again(world, case)
    assert after.offer and after.draft and after.problem is None
    assert after.draft.masks == (DOOR,)
    assert after.draft.choice.exact
    await world.approve(after)
    await world.pass_undo()
    assert (await again(world, case)).state is CaseState.SHARED


async def test_a_camera_that_hides_something_needs_nobody(world: World) -> None:
    """Its own masks are what the rule wants."""
    await rule(world, masked=True)
    await camera(world, DOOR)
    case = await world.asked()
    assert case.offer and case.draft
    assert case.draft.masks == (DOOR,)


async def test_a_rule_that_comes_later_takes_the_draft_away(world: World) -> None:
    """And gives it back when it goes: nobody has to choose what chose itself."""
    case = await world.asked()
    assert case.offer
    await rule(world, masked=True)
    held = await again(world, case)
    assert waits_for_masks(held)
    with pytest.raises(ConflictError, match="offer_void"):
        await world.approve(case)
    await rule(world, masked=True)  # a restart changes nothing
    assert await again(world, case) == held
    await rule(world, masked=False)
    after = await again(world, case)
    assert after.offer and after.problem is None


async def test_masks_of_the_camera_are_enough_later_too(world: World) -> None:
    """What waited for somebody to draw is drafted once the camera hides something."""
    await rule(world, masked=True)
    case = await world.asked()
    assert waits_for_masks(case)
    await camera(world, DOOR)
    after = await again(world, case)
    assert after.offer and after.draft
    assert after.draft.masks == (DOOR,)
    # taken away again, the draft still has them: the rule is about the bytes
    await camera(world)
    assert await again(world, case) == after


async def test_what_no_longer_fits_stays_for_the_approver(world: World) -> None:
    """A camera that is taken back meanwhile is not drafted when the rule goes."""
    await rule(world, masked=True)
    case = await world.asked()
    garden = replace(world.settings.cameras[GARDEN], offered=False)
    cameras = {**world.settings.cameras, GARDEN: garden}
    world.settings = replace(world.settings, cameras=cameras)
    await rule(world, masked=True)
    assert waits_for_masks(await again(world, case))
    await rule(world, masked=False)
    after = await again(world, case)
    assert (after.state, after.draft, after.problem) == (CaseState.WAITING, None, None)


async def test_a_chosen_clip_that_cannot_be_offered_any_more(world: World) -> None:
    """Rule and camera change at once: the case waits without a stale reason."""
    case = await world.asked()
    await rule(world, masked=True)
    garden = replace(world.settings.cameras[GARDEN], offered=False)
    cameras = {**world.settings.cameras, GARDEN: garden}
    world.settings = replace(world.settings, cameras=cameras)
    await rule(world, masked=False)
    after = await again(world, case)
    assert (after.state, after.draft, after.problem) == (CaseState.WAITING, None, None)


async def test_two_cameras_open_the_picker(world: World) -> None:
    """Whoever picks one is told then that something has to be filled."""
    await rule(world, masked=True)
    for each in (GARDEN, GATE):
        world.source.add(each, NOON.replace(hour=NOON.hour - 2), 7200)
    case = await world.asked()
    assert (case.state, case.problem) == (CaseState.WAITING, None)
    choice = Choice(camera_id=GATE, window=case.request.window)
    with pytest.raises(ConflictError, match="masks_needed"):
        await world.manager.async_choose(case.case_id, choice, ANNA)


async def test_an_answer_in_words_needs_no_mask(world: World) -> None:
    """The rule is about clips."""
    await rule(world, masked=True)
    case = await world.asked()
    await world.manager.async_answer(case.case_id, "Come by.", ANNA)
    await world.settle()
    await world.approve(await again(world, case))
    await world.pass_undo()
    assert (await again(world, case)).state is CaseState.SHARED


@pytest.mark.parametrize("push", [True, False])
async def test_the_predicate_itself_refuses_what_has_nothing_filled(
    world: World, push: bool
) -> None:
    """However it came to be offered; then the case waits for somebody to draw."""
    await rule(world, masked=True)
    await camera(world, DOOR)
    case = await world.asked()
    await camera(world)
    assert case.draft
    bare = replace(case, draft=replace(case.draft, masks=()))
    bare = await world.bench.caseload.async_save(await again(world, case), bare, [])
    if push:
        token = await world.mint(bare, Decision.APPROVE)
        assert not await world.manager.async_tap(tap(), token)
    else:
        with pytest.raises(ConflictError, match="masks_needed"):
            await world.approve(bare)
    await world.settle()
    assert waits_for_masks(await again(world, case))
    entries = await world.bench.store.async_whole_ledger()
    told = [one for one in entries if one.kind == "approve_rejected"]
    assert [one.data["clause"] for one in told] == ["unmasked"]


async def test_a_draft_that_lacks_what_it_was_to_hide_is_none(world: World) -> None:
    """A drafter that fills nothing is not asked for ever: the approvers are told."""
    await camera(world, DOOR)
    real, made = world.drafter.async_draft, list[Draft]()

    async def unfilled(**asked: object) -> Draft:
        made.append(replace(await real(**asked), masks=()))  # type: ignore[arg-type]
        return made[-1]

    world.drafter.async_draft = unfilled  # type: ignore[method-assign]
    case = await world.asked()
    assert len(made) == 1
    assert (case.state, case.draft, case.problem) == (
        *(CaseState.WAITING, None, "media_failed"),
    )
    choice = Choice(camera_id=GARDEN, window=case.request.window)
    with pytest.raises(MediaError, match="media_failed"):
        await world.manager.reading.async_spare_draft(case.case_id, choice, ANNA)


@pytest.mark.parametrize("sealed", [False, True])
async def test_a_rule_that_comes_after_the_tap_holds_the_clip_back(
    world: World, sealed: bool
) -> None:
    """The yes is void; the case waits for somebody to draw, and goes on then."""
    destination = Destination(way=Way.TUS, url="https://example.org/files")
    case = await world.asked(destination=destination)
    await world.approve(case)
    if sealed:
        away = DeliveryError("delivery_failed", permanent=False)
        world.oracle.errors.append(away)
        await world.pass_undo()
    await rule(world, masked=True)
    await world.pass_undo()
    held = await again(world, case)
    assert waits_for_masks(held)
    assert not held.delivery
    assert not world.oracle.arrived
    assert len(world.drafter.made) == 0  # since the home's start: it would be in vain
    entries = await world.bench.store.async_whole_ledger()
    [voided] = [one for one in entries if one.kind == "voided"]
    assert voided.data["problem"] == "masks_needed"
    assert voided.data["may_have_left"] is sealed
    drawn = Choice(camera_id=GARDEN, window=case.request.window, masks=(DOOR,))
    await world.manager.async_choose(case.case_id, drawn, ANNA)
    await world.settle()
    await world.approve(await again(world, case))
    await rule(world, masked=True)  # what has a region filled goes
    await world.pass_undo()
    assert (await again(world, case)).state is CaseState.SHARED


async def test_words_that_were_approved_go_whatever_the_rule(world: World) -> None:
    """There is nothing in them to be filled."""
    case = await world.asked()
    await world.manager.async_answer(case.case_id, "Come by.", ANNA)
    await world.settle()
    await world.approve(await again(world, case))
    await rule(world, masked=True)
    await world.pass_undo()
    assert (await again(world, case)).state is CaseState.SHARED
