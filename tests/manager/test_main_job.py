"""The main job, from a request to a package that its requester can open."""

from datetime import timedelta

from custom_components.clip_consent.core.models import (
    CaseEventType,
    CaseState,
    Destination,
    Way,
)

from .world import GARDEN, NOON, World


async def test_request_is_drafted_offered_and_asked(world: World) -> None:
    """One camera has all of a short window: its draft is offered at once."""
    case = await world.asked()

    assert case.state is CaseState.WAITING
    assert case.offer
    assert case.draft
    assert case.offer.sha256 == case.draft.sha256
    assert [asked.case_id for asked in world.prompter.asked] == [case.case_id]
    assert [event.type for event in world.events] == [
        CaseEventType.RECEIVED,
        CaseEventType.ASKED,
    ]


async def test_approved_clip_goes_out_after_the_undo_window(world: World) -> None:
    """Nothing leaves before the window is over; then the drop has it."""
    told: list[tuple[str, float]] = []
    world.manager.on_progress(lambda _, doing, done: told.append((doing, done)))
    case = await world.asked()
    await world.approve(case)
    await world.settle()
    status_id = case.request.request_id
    before = await world.manager.direct.async_status(status_id)
    assert isinstance(before, dict)
    assert before["deliveries"] == []

    await world.pass_undo()

    after = await world.manager.direct.async_status(status_id)
    assert isinstance(after, dict)
    [delivery] = after["deliveries"]
    path = await world.manager.direct.async_drop(status_id, delivery["id"])
    assert path
    assert path.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert (await world.case(status_id)).state is CaseState.SHARED
    assert told == [("draft", 1.0), ("seal", 1.0)]
    assert await world.manager.reading.async_check_ledger() is None


async def test_upload_goes_to_the_approved_address(world: World) -> None:
    """A package for an upload address goes there, once."""
    destination = Destination(way=Way.TUS, url="https://example.org/files")
    case = await world.asked(destination=destination)
    await world.approve(case)
    await world.pass_undo()

    assert len(world.oracle.arrived) == 1
    assert (await world.case(case.request.request_id)).delivered


async def test_undo_takes_it_back_and_offers_anew(world: World) -> None:
    """Within the window any approver takes it back; the draft can be approved again."""
    case = await world.asked()
    await world.approve(case)
    await world.manager.async_undo(case.case_id, "ben")
    await world.settle()

    again = await world.case(case.request.request_id)
    assert again.state is CaseState.WAITING
    assert again.offer
    assert case.offer
    assert again.offer.offer_id != case.offer.offer_id
    await world.pass_undo()
    assert not (await world.case(case.request.request_id)).delivered


async def test_restart_goes_on_where_it_stopped(world: World) -> None:
    """A consent survives a restart and goes out once."""
    case = await world.asked()
    await world.approve(case)
    await world.reboot()
    await world.pass_undo()

    shared = await world.case(case.request.request_id)
    assert len(shared.delivered) == 1


async def test_long_window_opens_the_picker(world: World) -> None:
    """A window longer than a clip is asked without a draft."""
    world.source.add(GARDEN, NOON - timedelta(hours=6), 5 * 3600)
    window = (await world.asked()).request.window
    long = type(window)(start=NOON - timedelta(hours=4), end=NOON - timedelta(hours=2))
    case = await world.asked(window=long)

    assert case.state is CaseState.WAITING
    assert case.draft is None
    assert case.offer is None
    assert case.findings
