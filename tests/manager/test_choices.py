"""What is drafted of an approver's choice, and what voids it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.clip_consent.core.errors import (
    ConflictError,
    MediaError,
    StoreError,
)
from custom_components.clip_consent.core.models import CaseState, Choice, Draft, Window

from .examples import SPAN
from .world import ANNA, GARDEN, GATE, NOON, World


async def test_choice_voids_the_offer_before(world: World) -> None:
    """Another span is another draft and another offer."""
    case = await world.asked()
    choice = Choice(camera_id=GARDEN, window=SPAN)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    with pytest.raises(ConflictError, match="offer_void"):
        await world.approve(case)
    again = await world.case(case.request.request_id)
    assert again.draft
    assert again.draft.choice == choice
    await world.approve(again)
    await world.pass_undo()
    assert len((await world.case(case.request.request_id)).delivered) == 1


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (Choice(camera_id="hall", window=SPAN), "camera_not_offered"),
        (
            Choice(camera_id=GARDEN, window=Window(start=SPAN.end, end=SPAN.start)),
            "window_empty",
        ),
        (
            Choice(
                camera_id=GARDEN,
                window=Window(start=NOON - timedelta(hours=2), end=NOON),
            ),
            "clip_too_long",
        ),
    ],
)
async def test_choice_is_held_to_the_rules(
    world: World, choice: Choice, code: str
) -> None:
    """Indoor cameras, empty and too long spans are refused."""
    case = await world.asked()
    with pytest.raises(ConflictError, match=code):
        await world.manager.async_choose(case.case_id, choice, ANNA)


async def test_what_a_draft_of_the_whole_length_states_may_be_chosen(
    world: World,
) -> None:
    """Its frames need not end with the second: it may state some milliseconds more."""
    _allow_seconds(world, 60)
    await world.reboot()
    case = await world.asked()
    window = Window(start=SPAN.start, end=SPAN.start + timedelta(seconds=60.009))
    choice = Choice(camera_id=GARDEN, window=window)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    draft = (await world.case(case.request.request_id)).draft
    assert draft
    assert draft.choice == choice


async def test_no_draft_may_be_longer_than_the_rules_allow(world: World) -> None:
    """Whether drafted at once, chosen or spare: the film itself is held to it too."""
    _allow_seconds(world, 420)
    await world.reboot()
    case = await world.asked()
    assert world.drafter.longest == [420]
    choice = Choice(camera_id=GARDEN, window=SPAN)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    await world.manager.reading.async_spare_draft(case.case_id, choice, None)
    assert world.drafter.longest == [420, 420, 420]


async def test_a_draft_longer_than_its_choice_is_held_to_changed_rules(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The film began at a key frame; where a rule now allows less, it is let go of."""
    write = world.drafter._write

    def longer(*what: object) -> Draft:
        draft = write(*what)  # type: ignore[arg-type]
        return replace(draft, seconds=draft.seconds + 29)

    monkeypatch.setattr(world.drafter, "_write", longer)
    asked = await world.asked()
    assert asked.draft
    assert asked.draft.seconds == 329
    _allow_seconds(world, 330)
    await world.reboot()
    await world.settle()
    kept = await world.case(asked.request.request_id)
    assert kept.draft == asked.draft
    assert kept.offer
    _allow_seconds(world, 300)
    await world.reboot()
    await world.settle()
    dropped = await world.case(asked.request.request_id)
    assert dropped.state is CaseState.WAITING
    assert (dropped.draft, dropped.offer) == (None, None)


def _allow_seconds(world: World, seconds: int) -> None:
    """Let the first rule allow so many seconds."""
    first, *others = world.settings.rules
    limits = replace(first.constraints, max_seconds=seconds)
    world.settings = replace(
        world.settings, rules=(replace(first, constraints=limits), *others)
    )


async def test_what_phones_show_follows_the_choice(world: World) -> None:
    """Asked once; a new offer, or a choice that fails, renews what they show."""
    case = await world.asked()
    assert [one.case_id for one in world.prompter.asked] == [case.case_id]
    assert world.prompter.renewed == []
    shorter = Choice(
        camera_id=GARDEN,
        window=replace(case.request.window, end=NOON - timedelta(minutes=57)),
    )
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    [renewed] = world.prompter.renewed
    assert renewed.offer
    assert renewed.offer == (await world.case(case.request.request_id)).offer
    world.drafter.error = MediaError("media_failed")
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    assert world.prompter.renewed[1].offer is None
    assert len(world.prompter.asked) == 1


async def test_a_fault_of_ours_ends_a_draft_with_an_error(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged, shown, and not tried again at every sweep; another draft may be."""
    case = await world.asked()
    shorter = Choice(
        camera_id=GARDEN,
        window=replace(case.request.window, end=NOON - timedelta(minutes=57)),
    )
    world.drafter.error = IndexError("tuple index out of range")
    made = len(world.drafter.made)
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    failed = await world.case(case.request.request_id)
    assert (failed.state, failed.problem) == (CaseState.WAITING, "media_failed")
    assert len(world.drafter.made) == made + 1
    assert "A draft ended in a fault" in caplog.text
    assert world.prompter.renewed[-1].problem == "media_failed"
    world.manager.look_again()
    await world.settle()
    assert len(world.drafter.made) == made + 1
    world.drafter.error = None
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    assert (await world.case(case.request.request_id)).offer


async def test_a_draft_that_the_store_did_not_take_is_tried_again(world: World) -> None:
    """What the disk refuses is no fault of the recording."""
    case = await world.asked()
    shorter = Choice(
        camera_id=GARDEN,
        window=replace(case.request.window, end=NOON - timedelta(minutes=57)),
    )
    world.drafter.error = StoreError("store_unavailable")
    await world.manager.async_choose(case.case_id, shorter, ANNA)
    await world.settle()
    waiting = await world.case(case.request.request_id)
    assert (waiting.state, waiting.problem) == (CaseState.DRAFTING, None)
    world.drafter.error = None
    world.manager.look_again()
    await world.settle()
    assert (await world.case(case.request.request_id)).offer


async def test_two_cameras_open_the_picker(world: World) -> None:
    """With footage on two cameras nothing is drafted yet."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    world.source.add(GATE, NOON - timedelta(hours=2), 7200)
    case = await world.asked()
    assert case.draft is None
    assert case.findings
    assert len(case.findings) == 2
    assert world.prompter.asked


async def test_failed_draft_comes_back_with_its_reason(world: World) -> None:
    """A recording that cannot be cut."""
    world.drafter.error = MediaError("recording_damaged")
    case = await world.asked()
    assert case.problem == "recording_damaged"
    assert case.state is CaseState.WAITING


async def test_changed_rules_void_offers_at_the_start(world: World) -> None:
    """A-11: another policy is another offer, and none if the draft fits no more."""
    case = await world.asked()
    world.settings = replace(world.settings, rules=())
    await world.reboot()
    await world.settle()
    again = await world.case(case.request.request_id)
    assert again.offer
    assert case.offer
    assert again.offer.offer_id != case.offer.offer_id
    assert again.draft == case.draft


async def test_what_was_shared_can_be_shared_again_under_changed_rules(
    world: World,
) -> None:
    """Another clip of it is held to the rules of now, and can be approved."""
    case = await world.asked()
    await world.approve(case)
    await world.pass_undo()
    _allow_seconds(world, 420)
    await world.reboot()
    await world.manager.async_choose(
        case.case_id, Choice(camera_id=GARDEN, window=SPAN), ANNA
    )
    await world.settle()
    again = await world.case(case.request.request_id)
    assert again.screening
    assert again.screening.constraints.max_seconds == 420
    assert (await world.approve(again)).state is CaseState.CONSENTED


async def test_an_undone_clip_is_held_to_rules_that_changed_meanwhile(
    world: World,
) -> None:
    """It is offered anew under them, if it still fits them."""
    case = await world.asked()
    await world.approve(case)
    _allow_seconds(world, 420)
    await world.reboot()
    await world.manager.async_undo(case.case_id, ANNA)
    await world.settle()
    again = await world.case(case.request.request_id)
    assert again.draft == case.draft
    assert (await world.approve(again)).state is CaseState.CONSENTED
    _allow_seconds(world, 1)
    await world.reboot()
    await world.manager.async_undo(case.case_id, ANNA)
    await world.settle()
    dropped = await world.case(case.request.request_id)
    assert (dropped.state, dropped.draft) == (CaseState.WAITING, None)
