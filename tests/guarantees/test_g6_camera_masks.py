"""G6 minimal: no draft of a masked camera leaves without its masks.

The owner sets a camera's masks, which starts the home anew, at each moment of a case's
life. Whatever is asked, tapped or on its way then: what leaves afterwards has them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
import hashlib
import json
from pathlib import Path
import re
from typing import Any
from unittest.mock import patch

from pyrage import x25519
import pytest

from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.errors import ConflictError, DeliveryError
from custom_components.clip_consent.core.masks import MASKS_MAX, Region, are_covered
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    Choice,
    Destination,
    Draft,
    Way,
)
from tests.manager.world import ANNA, GARDEN, World, tap

DOOR = Region(left=0, top=0, right=5000, bottom=5000)
ROAD = Region(left=6000, top=0, right=10_000, bottom=2500)
PART = Region(left=100, top=100, right=900, bottom=900)  # of DOOR
TUS = Destination(way=Way.TUS, url="https://example.org/files")
AWAY = DeliveryError("delivery_failed", permanent=False)


@pytest.fixture
async def world(tmp_path: Path, socket_enabled: None) -> Any:
    """Return a home that runs; it is stopped at the end."""
    made = World(folder=tmp_path)
    await made.boot()
    yield made
    await made.manager.async_stop()


def mask(world: World, *regions: Region) -> None:
    """Let the garden's camera have these masks; the home does not know of it yet."""
    garden = replace(world.settings.cameras[GARDEN], masks=regions)
    cameras = {**world.settings.cameras, GARDEN: garden}
    world.settings = replace(world.settings, cameras=cameras)


async def masked(world: World, *regions: Region) -> None:
    """Set the garden's masks, as the form does: the home starts anew."""
    mask(world, *regions)
    await world.reboot()
    await world.settle()


async def current(world: World, case: Case) -> Case:
    """Return a case as the store has it."""
    return await world.case(case.request.request_id)


async def _offered(world: World, **changes: Any) -> Case:
    return await world.asked(**changes)


async def _tapped(world: World, **changes: Any) -> Case:
    return await world.approve(await world.asked(**changes))


async def _chosen(world: World) -> Case:
    """Return a case whose draft is being made as the home stops."""
    case = await world.asked()
    begun = asyncio.Event()

    async def without_end(**_: Any) -> Draft:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    with patch.object(world.drafter, "async_draft", without_end):
        window = case.request.window
        choice = Choice(camera_id=GARDEN, window=replace(window, end=window.end))
        case = await world.manager.async_choose(case.case_id, choice, ANNA)
        await begun.wait()
        await world.manager.async_stop()
    await world.boot()
    return case


async def _on_its_way(world: World) -> Case:
    """Return a case whose sealed clip could not be uploaded yet."""
    world.oracle.errors.append(AWAY)
    case = await _tapped(world, destination=TUS)
    await world.pass_undo()
    return await current(world, case)


type Moment = Callable[[World], Awaitable[Case]]


@pytest.mark.parametrize("moment", [_offered, _chosen, _tapped, _on_its_way])
@pytest.mark.parametrize("before", [(), (PART,), (ROAD,)])
async def test_masks_set_at_any_moment_are_in_what_leaves(
    world: World, moment: Moment, before: tuple[Region, ...]
) -> None:
    """Nothing made before leaves; it is drafted and asked anew, and needs a new yes."""
    await masked(world, *before)
    case = await moment(world)
    await masked(world, DOOR, ROAD)
    await world.pass_undo()
    again = await current(world, case)
    assert again.state is CaseState.WAITING
    assert again.offer and again.draft
    assert again.draft.masks == (DOOR, ROAD)
    assert not again.delivered
    assert not world.oracle.arrived
    await world.approve(again)
    await world.pass_undo()
    world.clock.go_on(timedelta(hours=1))
    await world.pass_undo()
    [sent] = (await current(world, case)).delivered
    assert sent.draft.masks == (DOOR, ROAD)


@pytest.mark.parametrize("moment", [_offered, _tapped])
async def test_a_yes_to_what_was_made_before_counts_no_more(
    world: World, moment: Moment
) -> None:
    """Nor does the offer's id with the new draft."""
    case = await _offered(world)
    token = await world.mint(case, Decision.APPROVE)
    if moment is _tapped:
        await world.approve(case)
    await masked(world, DOOR)
    await world.pass_undo()
    again = await current(world, case)
    assert again.offer and case.offer
    assert again.offer.offer_id != case.offer.offer_id
    with pytest.raises(ConflictError, match="offer_void"):
        await world.approve(case)
    assert not await world.manager.async_tap(tap(), token)
    await world.pass_undo()
    assert not (await current(world, case)).delivered


async def test_masks_that_change_under_an_offer_refuse_the_tap(world: World) -> None:
    """Even if nothing had looked since: the predicate itself knows the masks."""
    case = await _offered(world)
    token = await world.mint(case, Decision.APPROVE)
    garden = replace(world.settings.cameras[GARDEN], masks=(DOOR,))
    with patch.dict(world.settings.cameras, {GARDEN: garden}):
        assert not await world.manager.async_tap(tap(), token)
        await world.settle()
        again = await current(world, case)
        assert again.draft and again.draft.masks == (DOOR,)
        with pytest.raises(ConflictError, match="offer_void"):
            await world.approve(case)
        assert again.offer
        assert (await world.approve(again)).delivery
    entries = await world.bench.store.async_whole_ledger()
    rejected = [one for one in entries if one.kind == "approve_rejected"]
    assert rejected[0].data["clause"] == "camera_masks"


async def test_the_panel_says_that_masks_changed(world: World) -> None:
    """Whoever approves there learns why, and finds the new offer."""
    case = await _offered(world)
    garden = replace(world.settings.cameras[GARDEN], masks=(DOOR,))
    with patch.dict(world.settings.cameras, {GARDEN: garden}):
        with pytest.raises(ConflictError, match="masks_changed"):
            await world.approve(case)
        await world.settle()
        again = await current(world, case)
    assert again.offer and again.draft
    assert again.draft.masks == (DOOR,)


async def test_a_tap_that_masks_void_is_on_record(world: World) -> None:
    """G7, G4: a yes that is taken back so is told, and in the ledger."""
    case = await _tapped(world)
    await masked(world, DOOR)
    await world.pass_undo()
    entries = await world.bench.store.async_whole_ledger()
    [voided] = [one for one in entries if one.kind == "voided"]
    assert voided.data["problem"] == "masks_changed"
    assert voided.data["may_have_left"] is False
    assert [each.type.value for each in world.events][-1:] == ["failed"]
    assert (await current(world, case)).problem == "masks_changed"


async def test_what_a_part_of_was_sent_is_on_record(world: World) -> None:
    """Sealed bytes may be elsewhere: the line says so, and the package is gone."""
    case = await _on_its_way(world)
    assert case.delivery
    await masked(world, DOOR)
    world.clock.go_on(timedelta(hours=1))
    await world.pass_undo()
    entries = await world.bench.store.async_whole_ledger()
    [voided] = [one for one in entries if one.kind == "voided"]
    assert voided.data["may_have_left"] is True
    assert not world.bench.sealer.path(case.delivery.delivery_id).exists()


async def test_a_clip_handed_over_by_hand_has_them_too(world: World) -> None:
    """It is not downloadable without them once they are set within the undo window."""
    case = await _tapped(
        world, destination=Destination(way=Way.HAND_OVER), recipient=None
    )
    await masked(world, DOOR)
    await world.pass_undo()
    again = await current(world, case)
    assert (again.state, again.delivered) == (CaseState.WAITING, ())
    assert again.draft and again.draft.masks == (DOOR,)


async def test_masks_taken_away_void_nothing(world: World) -> None:
    """What is filled more than it has to be may still be approved."""
    await masked(world, DOOR, ROAD)
    case = await _offered(world)
    await masked(world, PART)
    assert await current(world, case) == case
    assert (await world.approve(case)).delivery


async def test_other_cameras_masks_are_their_own(world: World) -> None:
    """A mask of the gate's changes nothing of the garden's."""
    case = await _offered(world)
    gate = replace(world.settings.cameras["gate"], masks=(DOOR,))
    cameras = {**world.settings.cameras, "gate": gate}
    world.settings = replace(world.settings, cameras=cameras)
    await world.reboot()
    assert await current(world, case) == case


async def test_an_answer_in_words_has_no_picture(world: World) -> None:
    """It is offered and goes, whatever is masked."""
    case = await world.asked()
    await world.manager.async_answer(case.case_id, "Come by.", ANNA)
    await world.settle()
    await masked(world, DOOR)
    await world.approve(await current(world, case))
    await world.pass_undo()
    assert (await current(world, case)).delivered


async def test_drawn_masks_are_joined_with_the_camera_s(world: World) -> None:
    """What the approver drew is filled too, in offers and in spare drafts."""
    await masked(world, ROAD)
    case = await world.asked()
    choice = Choice(camera_id=GARDEN, window=case.request.window, masks=(DOOR,))
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    again = await current(world, case)
    assert again.draft and again.draft.masks == (DOOR, ROAD)
    spare = await world.manager.reading.async_spare_draft(case.case_id, choice, ANNA)
    assert are_covered((DOOR, ROAD), spare.masks)


async def test_no_room_for_both_is_told_before_it_is_drafted(world: World) -> None:
    """Nothing is left out in silence: the choice is refused, the offer stands."""
    every = tuple(
        Region(left=500 * one, top=0, right=500 * one + 400, bottom=400)
        for one in range(MASKS_MAX)
    )
    await masked(world, *every)
    case = await world.asked()
    below = Region(left=0, top=5000, right=400, bottom=6000)
    choice = Choice(camera_id=GARDEN, window=case.request.window, masks=(below,))
    with pytest.raises(Exception, match="masks_too_many"):
        await world.manager.async_choose(case.case_id, choice, ANNA)
    with pytest.raises(Exception, match="masks_too_many"):
        await world.manager.reading.async_spare_draft(case.case_id, choice, ANNA)
    assert await current(world, case) == case


async def test_masks_that_leave_no_room_for_what_was_drawn(world: World) -> None:
    """The draft goes, and the approver chooses anew: it cannot be made again so."""
    case = await world.asked()
    below = Region(left=0, top=5000, right=400, bottom=6000)
    choice = Choice(camera_id=GARDEN, window=case.request.window, masks=(below,))
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    every = tuple(
        Region(left=500 * one, top=0, right=500 * one + 400, bottom=400)
        for one in range(MASKS_MAX)
    )
    await masked(world, *every)
    after = await current(world, case)
    assert (after.state, after.draft, after.offer) == (CaseState.WAITING, None, None)


async def _received(world: World) -> tuple[Case, Any]:
    """Return a case that was shared, and the manifest as its requester opens it."""
    key = x25519.Identity.generate()
    case = await world.asked(recipient=str(key.to_public()))
    await world.approve(case)
    await world.pass_undo()
    said = await world.manifest(case.request.request_id, key)
    return await current(world, case), said


async def test_no_digest_links_masked_and_unmasked_clips(world: World) -> None:
    """Two who ask for the same time, before and after a mask is set, share no digest.

    Nor do two who were both sent it masked: what each is told of the original kept at
    home is another number, and none that can be computed from a file.
    """
    plain, first = await _received(world)
    await masked(world, DOOR)
    masked_case, second = await _received(world)
    *_, third = await _received(world)
    [bare], [hidden] = plain.delivered, masked_case.delivered
    assert hidden.draft.original == bare.draft.sha256  # or it would prove nothing
    ours = second.pop("original_commitment")
    assert re.fullmatch("[0-9a-f]{64}", ours)
    assert ours != third.pop("original_commitment")
    told = [
        set(re.findall("[0-9a-f]{64}", json.dumps(said))) for said in (first, second)
    ]
    assert not told[0] & (told[1] | {ours})
    assert "original_commitment" not in first


async def test_the_owner_can_prove_which_original_it_was(world: World) -> None:
    """The salt is in the ledger's line beside the digest, and opens the commitment."""
    await masked(world, DOOR)
    case, said = await _received(world)
    entries = await world.bench.store.async_whole_ledger()
    [sealed] = [one for one in entries if one.kind == "sealed"]
    [delivery] = case.delivered
    assert sealed.data["original_sha256"] == delivery.draft.original
    salt, digest = sealed.data["original_salt"], sealed.data["original_sha256"]
    assert len(str(salt)) == 64
    both = bytes.fromhex(f"{salt}{digest}")
    assert hashlib.sha256(both).hexdigest() == said["original_commitment"]


async def test_what_has_no_original_has_no_salt(world: World) -> None:
    """Neither the case nor the ledger of an unmasked clip speaks of one."""
    case, _ = await _received(world)
    assert case.delivered[0].original_salt is None
    entries = await world.bench.store.async_whole_ledger()
    [sealed] = [one for one in entries if one.kind == "sealed"]
    assert not {"original_sha256", "original_salt"} & sealed.data.keys()
