"""What time, restarts and faults do to cases."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.errors import (
    ConflictError,
    DeliveryError,
    SourceError,
)
from custom_components.clip_consent.core.models import (
    CaseEventType,
    CaseState,
    Choice,
    ClosedReason,
)

from .examples import AREA, SPAN, UPLOAD
from .world import ANNA, GARDEN, NOON, World, recipient, request, tap


async def test_transient_errors_are_tried_again_and_permanent_ones_told(
    world: World,
) -> None:
    """A delivery that cannot arrive goes back to the approver."""
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    world.oracle.errors = [DeliveryError("connection_lost", permanent=False)]
    await world.pass_undo()
    delayed = await world.case(case.request.request_id)
    assert delayed.problem == "connection_lost"
    assert delayed.delivery
    assert delayed.delivery.upload_url
    await world.pass_undo()
    assert len(world.oracle.arrived) == 1

    other = await world.asked(destination=UPLOAD)
    await world.approve(other)
    world.oracle.errors = [DeliveryError("upload_refused", permanent=True)]
    await world.pass_undo()
    refused = await world.case(other.request.request_id)
    assert refused.state is CaseState.WAITING
    assert refused.problem == "upload_refused"
    assert refused.offer
    assert world.events[-1].type is CaseEventType.FAILED
    assert len(world.oracle.arrived) == 1


async def test_expiry_closes_silently(world: World) -> None:
    """A week without an answer."""
    case = await world.asked()
    world.clock.go_on(timedelta(days=7))
    with pytest.raises(ConflictError, match="offer_expired"):
        await world.approve(case)
    world.manager.look_again()
    await world.settle()
    closed = await world.case(case.request.request_id)
    assert closed.closed is ClosedReason.EXPIRED
    choice = Choice(camera_id=GARDEN, window=SPAN)
    with pytest.raises(ConflictError):
        await world.manager.async_choose(case.case_id, choice, ANNA)


async def test_clock_set_back_revives_nothing(world: World) -> None:
    """C-01: the stopwatch goes on while the wall clock jumps."""
    case = await world.asked()
    world.clock.go_on(timedelta(days=8))
    world.clock.wall = NOON + timedelta(hours=1)
    with pytest.raises(ConflictError, match="offer_expired"):
        await world.approve(case)
    world.clock.stopwatch = 1000.0
    world.clock.wall = NOON - timedelta(hours=1)
    with pytest.raises(ConflictError, match="clock_went_back"):
        await world.approve(case)


async def test_switched_off_and_over_the_limit_close_unseen(world: World) -> None:
    """Neither is asked; the flood makes no event."""
    await world.manager.async_set_accepting(False, ANNA)
    assert not world.manager.accepting
    off = await world.asked()
    assert off.closed is ClosedReason.SWITCHED_OFF
    await world.reboot()
    assert not world.manager.accepting
    await world.manager.async_set_accepting(True, None)
    for _ in range(6):
        world.clock.go_on(timedelta(seconds=1))
        last = await world.asked(received_at=world.clock.now(), area=AREA)
    assert last.closed is ClosedReason.OVER_LIMIT
    assert last.request.text == ""
    assert last.request.area is None
    told = [event.case.case_id for event in world.events]
    assert last.case_id not in told


async def test_same_sender_is_one_request(world: World) -> None:
    """A form that is sent twice gets the same answer."""
    sent = request(recipient=recipient())
    twice = replace(sent, request_id="b" * 26)
    first = await world.manager.async_submit(sent)
    assert await world.manager.async_submit(twice) == first


async def test_unreachable_recordings_are_a_problem_not_an_absence(
    world: World,
) -> None:
    """The approver is told, and can try again."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    world.source.error = SourceError("folder_gone")
    case = await world.asked()
    assert case.problem == "folder_gone"
    assert case.state is CaseState.WAITING
    choice = Choice(camera_id=GARDEN, window=SPAN)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    assert (await world.case(case.request.request_id)).problem == "folder_gone"
    world.source.error = None
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await world.settle()
    assert (await world.case(case.request.request_id)).offer


async def test_restore_voids_offers_and_consents(world: World) -> None:
    """K-06: the epoch file is gone, as after a restore from a backup."""
    waiting = await world.asked()
    approved = await world.asked(destination=UPLOAD)
    await world.approve(approved)
    token = await world.mint(waiting, Decision.APPROVE)
    await world.manager.async_stop()
    (world.folder / "cache" / "epoch").unlink()
    await world.boot()
    assert "restored" in world.alarm.raised
    assert not await world.manager.async_tap(tap(), token)
    await world.pass_undo()
    assert not world.oracle.arrived
    for case in (waiting, approved):
        after = await world.case(case.request.request_id)
        assert after.state is CaseState.WAITING
        assert after.offer is None
        assert after.problem == "restored"


async def test_a_fault_of_ours_is_logged_and_tried_again(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """What no step may raise neither goes unseen nor ends the case."""
    never = RuntimeError("never")
    with patch.object(world.prompter, "async_ask", side_effect=never):
        case = await world.asked()
    assert case.prompt_due
    assert "The work on a case ended in a fault" in caplog.text
    world.manager.look_again()
    await world.settle()
    assert not (await world.case(case.request.request_id)).prompt_due
    assert len(world.prompter.asked) == 1


async def test_backup_holds_writing(world: World) -> None:
    """Nothing is written while a backup copies; then it goes on."""
    import asyncio

    await world.manager.async_pause()
    sending = asyncio.create_task(world.manager.async_submit(request()))
    await asyncio.sleep(0.05)
    assert not sending.done()
    world.manager.resume()
    assert await sending


async def test_words_are_forgotten_in_time(world: World) -> None:
    """90 days after an unshared case closed, only the digest stays."""
    case = await world.asked(area=AREA)
    await world.manager.async_decline(case.case_id, ANNA)
    await world.bench.store.async_forget_words(NOON + timedelta(days=89))
    kept = (await world.case(case.request.request_id)).request
    assert (kept.text, kept.area) == (case.request.text, AREA)
    await world.bench.store.async_forget_words(NOON + timedelta(days=91))
    gone = (await world.case(case.request.request_id)).request
    assert (gone.text, gone.area) == ("", None)
    assert await world.manager.reading.async_check_ledger() is None
