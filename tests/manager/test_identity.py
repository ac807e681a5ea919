"""What the owner says of themselves: nothing, or what stood beside Approve."""

from dataclasses import replace
from datetime import timedelta
import json

from pyrage import x25519
import pytest

from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.errors import (
    ConflictError,
    InvalidRequestError,
    MediaError,
)
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    Choice,
    Destination,
    Way,
)

from .world import ANNA, BEN, GARDEN, World, tap

SAM = "Sam, number 12"


async def chosen(world: World, case: Case, identity: str) -> Case:
    """Return a case whose clip was chosen anew, with these words."""
    choice = Choice(camera_id=GARDEN, window=case.request.window, identity=identity)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    return await world.case(case.request.request_id)


async def test_the_words_go_all_the_way_to_who_asked(world: World) -> None:
    """Tidied, shown, approved, in the signed manifest; in no line of the ledger."""
    key = x25519.Identity.generate()
    case = await world.asked(recipient=str(key.to_public()))
    again = await chosen(world, case, f"  {SAM} ")
    assert again.offer and again.draft
    assert again.draft.choice.identity == again.offer.identity == SAM
    await world.approve(again)
    await world.pass_undo()
    assert (await world.manifest(case.request.request_id, key))["identity"] == SAM
    entries = await world.bench.store.async_whole_ledger()
    told = [one for one in entries if one.kind in ("offered", "approved")]
    assert [one.data["identity"] for one in told] == [False, True, True]
    assert SAM not in json.dumps([one.as_json() for one in entries])


async def test_by_default_nothing_goes_along(world: World) -> None:
    """The manifest has no such field."""
    key = x25519.Identity.generate()
    case = await world.asked(recipient=str(key.to_public()))
    await world.approve(case)
    await world.pass_undo()
    assert "identity" not in await world.manifest(case.request.request_id, key)


async def test_an_answer_in_words_can_say_it_too(world: World) -> None:
    """As a clip can."""
    key = x25519.Identity.generate()
    case = await world.asked(recipient=str(key.to_public()))
    await world.manager.async_answer(case.case_id, "Come by.", ANNA, identity=SAM)
    await world.settle()
    await world.approve(await world.case(case.request.request_id))
    await world.pass_undo()
    said = await world.manifest(case.request.request_id, key)
    assert (said["kind"], said["identity"]) == ("answer", SAM)


@pytest.mark.parametrize(("before", "after"), [("", SAM), (SAM, "Sam"), (SAM, "")])
async def test_other_words_are_another_offer(
    world: World, before: str, after: str
) -> None:
    """Though the film is the same to the byte, a yes to the one before is void."""
    first = await chosen(world, await world.asked(), before)
    token = await world.mint(first, Decision.APPROVE)
    second = await chosen(world, first, after)
    assert first.offer and second.offer
    assert first.offer.sha256 == second.offer.sha256
    assert first.offer.offer_id != second.offer.offer_id
    with pytest.raises(ConflictError, match="offer_void"):
        await world.approve(first)
    assert not await world.manager.async_tap(tap(), token)
    assert await world.case(first.request.request_id) == second
    await world.pass_undo()
    assert not (await world.case(first.request.request_id)).delivered


async def test_the_first_yes_of_two_is_for_the_words_shown(world: World) -> None:
    """Other words need both again."""
    rules = tuple(
        replace(rule, constraints=replace(rule.constraints, two_approvers=True))
        for rule in world.settings.rules
    )
    world.settings = replace(world.settings, rules=rules)
    await world.reboot()
    case = await world.asked()
    half = await world.approve(case, ANNA)
    assert half.offer and half.offer.first
    again = await chosen(world, half, SAM)
    after = await world.approve(again, BEN)
    assert after.state is CaseState.WAITING
    done = await world.approve(after, ANNA)
    assert done.delivery
    assert done.delivery.consent.identity == SAM


@pytest.mark.parametrize("text", ["x" * 128, "Sam\nBen", "Sam\u202e"])
async def test_what_may_not_stand_there_changes_nothing(
    world: World, text: str
) -> None:
    """The offer of before stands."""
    case = await world.asked()
    with pytest.raises(InvalidRequestError):
        await chosen(world, case, text)
    assert await world.case(case.request.request_id) == case


async def test_what_is_handed_over_has_no_place_for_it(world: World) -> None:
    """The owner hands the bare clip over: nothing we could add would arrive."""
    case = await world.asked(destination=Destination(way=Way.HAND_OVER), recipient=None)
    with pytest.raises(ConflictError, match="identity_by_hand"):
        await chosen(world, case, SAM)
    assert await world.case(case.request.request_id) == case
    assert (await chosen(world, case, "  ")).offer


async def test_it_outlives_a_restart_and_an_undo(world: World) -> None:
    """It is kept with the case, and offered as it was."""
    case = await chosen(world, await world.asked(), SAM)
    await world.approve(case)
    await world.reboot()
    await world.manager.async_undo(case.case_id, ANNA)
    await world.settle()
    again = await world.case(case.request.request_id)
    assert again.offer
    assert again.offer.identity == SAM


async def test_a_clip_that_fails_leaves_no_words_behind(world: World) -> None:
    """Nobody chose them for the next one."""
    world.drafter.error = MediaError("media_failed")
    case = await chosen(world, await world.asked(), SAM)
    assert (case.choice, case.draft, case.offer) == (None, None, None)


async def test_a_home_that_is_removed_forgets_them(world: World) -> None:
    """With all other words; who received what stays on record."""
    case = await chosen(world, await world.asked(), SAM)
    await world.approve(case)
    await world.pass_undo()
    words = await world.asked()
    await world.manager.async_answer(words.case_id, "Ask Kim.", ANNA, identity="Kim")
    await world.settle()
    await world.approve(await world.case(words.request.request_id))
    await world.pass_undo()
    world.clock.go_on(timedelta(days=1))
    await world.bench.store.async_retire(world.clock.now())
    assert await world.manager.reading.async_check_ledger() is None
    after = await world.case(case.request.request_id)
    [delivery] = after.delivered
    assert delivery.package_sha256
    await world.manager.async_stop()
    kept = (world.folder / "config" / "home.db").read_bytes()
    for said in (SAM, "Ask Kim.", "Kim"):
        assert said.encode() not in kept
    await world.boot()
