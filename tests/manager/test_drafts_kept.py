"""A draft that another took the place of is removed; one that is needed never is."""

import asyncio
from datetime import timedelta

import pytest

from custom_components.clip_consent.core.errors import ConflictError, MediaError
from custom_components.clip_consent.core.models import (
    Case,
    Choice,
    Destination,
    Draft,
    PortalKind,
    Way,
    Window,
)
from custom_components.clip_consent.home.kept_drafts import SPARES

from .world import ANNA, BEN, GARDEN, NOON, World


def part(number: int) -> Choice:
    """Return a choice of another minute of what was asked for."""
    start = NOON - timedelta(minutes=30) + timedelta(seconds=20 * number)
    window = Window(start=start, end=start + timedelta(seconds=10))
    return Choice(camera_id=GARDEN, window=window)


def kept(world: World, case: Case) -> set[str]:
    """Return the digests of the drafts that a case has on the disk."""
    return {path.stem for path in (world.drafter.folder / case.case_id).glob("*")}


async def chosen(world: World, case: Case, choice: Choice) -> Draft:
    """Choose, and return the draft of it."""
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    draft = (await world.case(case.request.request_id)).draft
    assert draft
    assert draft.choice == choice
    return draft


async def spare(world: World, case: Case, number: int) -> str:
    """Make a spare draft as an automation does, and return its digest."""
    reading = world.manager.reading
    return (await reading.async_spare_draft(case.case_id, part(number), None)).sha256


async def test_choosing_anew_leaves_no_film_behind(world: World) -> None:
    """G9: however often, a case has the one film that is offered."""
    case = await world.asked()
    for number in (0, 1, 2, 0):
        draft = await chosen(world, case, part(number))
        assert kept(world, case) == {draft.sha256}
    await world.manager.async_answer(case.case_id, "I saw it. Ask me.", ANNA)
    await world.settle()
    after = await world.case(case.request.request_id)
    assert after.draft
    assert kept(world, case) == {after.draft.sha256}
    await world.approve(after)
    await world.pass_undo()
    assert len((await world.case(case.request.request_id)).delivered) == 1


async def test_a_draft_that_fails_takes_the_place_of_the_one_before(
    world: World,
) -> None:
    """It was void as the other was chosen."""
    case = await world.asked()
    assert len(kept(world, case)) == 1
    world.drafter.error = MediaError("recording_damaged")
    await world.manager.async_choose(case.case_id, part(1), ANNA)
    await world.settle()
    assert kept(world, case) == set()


async def test_of_spare_drafts_the_newest_stay(world: World) -> None:
    """An automation may ask for them without end; the one offered stays beside them."""
    case = await world.asked()
    assert case.draft
    spares = [await spare(world, case, number) for number in range(SPARES + 2)]
    assert kept(world, case) == {case.draft.sha256, *spares[-SPARES:]}
    await spare(world, case, 3)  # once more: it is the newest now
    spares.append(await spare(world, case, 6))
    stay = {spares[4], spares[3], spares[5]}
    assert kept(world, case) == {case.draft.sha256, *stay}
    draft = await chosen(world, case, part(7))
    assert kept(world, case) == {draft.sha256, *stay}
    await world.approve(await world.case(case.request.request_id), BEN)


async def test_what_is_needed_outlasts_every_tidying_up(world: World) -> None:
    """Before the tap, in the undo window, and downloaded while another is chosen."""
    case = await world.asked(
        destination=Destination(way=Way.HAND_OVER),
        recipient=None,
        portal=PortalKind.SERVICE,
        invite_id=None,
    )
    assert case.draft
    first = case.draft.sha256
    await world.reboot()
    assert kept(world, case) == {first}
    await world.approve(case)
    await spare(world, case, 5)
    await world.manager.reading.async_tidy_drafts()
    assert first in kept(world, case)
    await world.pass_undo()
    second = await chosen(world, case, part(1))
    third = await chosen(world, case, part(2))
    assert kept(world, case) >= {first, third.sha256}
    assert second.sha256 not in kept(world, case)
    reading = world.manager.reading
    await reading.async_draft_file(case.case_id, first, "file", BEN)


async def test_nothing_is_removed_while_a_draft_is_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A finished film that is not saved yet looks like one that nothing needs."""
    case = await world.asked()
    draft, made, saving = world.drafter.async_draft, asyncio.Event(), asyncio.Event()

    async def slow(**what: object) -> Draft:
        film = await draft(**what)  # type: ignore[arg-type]
        made.set()
        await saving.wait()
        return film

    monkeypatch.setattr(world.drafter, "async_draft", slow)
    await world.manager.async_choose(case.case_id, part(1), ANNA)
    await made.wait()
    monkeypatch.undo()
    spared = await spare(world, case, 2)
    assert len(kept(world, case)) == 3
    saving.set()
    await world.settle()
    after = await world.case(case.request.request_id)
    assert after.draft
    assert kept(world, case) == {after.draft.sha256, spared}
    await world.approve(after)


async def test_no_draft_is_made_while_others_are_removed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes could be made again under the same name, and then be gone."""
    case = await world.asked()
    await chosen(world, case, part(0))
    keep_only, going, go = (
        world.drafter.async_keep_only,
        asyncio.Event(),
        asyncio.Event(),
    )

    async def slow(case_id: str, digests: frozenset[str]) -> None:
        going.set()
        await go.wait()
        await keep_only(case_id, digests)

    monkeypatch.setattr(world.drafter, "async_keep_only", slow)
    await world.manager.async_choose(case.case_id, part(1), ANNA)
    await going.wait()
    monkeypatch.undo()
    making = asyncio.create_task(spare(world, case, 0))  # which is about to go
    for _ in range(20):
        await asyncio.sleep(0.001)
    assert not making.done()
    go.set()
    assert await making in kept(world, case)


@pytest.mark.parametrize("when", ["before", "midway"])
async def test_a_crash_before_the_removal_is_made_good(
    world: World, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """G4: at the next start the film too many goes; what is offered is whole."""
    case = await world.asked()
    keep_only = world.drafter.async_keep_only

    async def broken(case_id: str, digests: frozenset[str]) -> None:
        if when == "midway":
            await keep_only(case_id, digests)
        raise asyncio.CancelledError

    monkeypatch.setattr(world.drafter, "async_keep_only", broken)
    await world.manager.async_choose(case.case_id, part(1), ANNA)
    await world.settle()
    monkeypatch.undo()
    await world.reboot()
    await world.settle()
    after = await world.case(case.request.request_id)
    assert after.draft
    assert after.draft.choice == part(1)
    assert kept(world, case) == {after.draft.sha256}
    with pytest.raises(ConflictError, match="offer_void"):
        await world.approve(case)
    await world.approve(after)
