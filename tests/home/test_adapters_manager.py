"""The manager where things cross each other: late saves, lost cameras, full disks."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.clip_consent.core import flow
from custom_components.clip_consent.core.errors import (
    ConflictError,
    SourceError,
    StoreError,
)
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    Choice,
    ClosedReason,
    Draft,
    Window,
)
from custom_components.clip_consent.core.rules import parse_rule
from custom_components.clip_consent.home import runner, sweep
from tests.manager.world import ANNA, GARDEN, GATE, NOON, World, request, settings

CHOICE = Choice(
    camera_id=GARDEN,
    window=Window(start=NOON - timedelta(minutes=58), end=NOON - timedelta(minutes=57)),
)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a running home with recordings."""
    world = World(folder=tmp_path)
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    await world.boot()
    yield world
    await world.manager.async_stop()


class Gate:
    """A draft that is not made before the gate opens."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = asyncio.Event()
        self.begun = asyncio.Event()
        self.cancelled = 0
        make = world.drafter.async_draft

        async def gated(**wanted: Any) -> Draft:
            self.begun.set()
            try:
                await self.open.wait()
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
            return await make(**wanted)

        monkeypatch.setattr(world.drafter, "async_draft", gated)


async def kinds(world: World) -> list[str]:
    """Return the kinds of all ledger lines."""
    return await world.ledger()


# --- decisions that meet the loop


async def test_decline_is_not_lost_to_a_save_at_the_same_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop saved the case in between; the decline is made on what it is now."""
    case = await world.asked()
    caseload = world.bench.caseload
    save = caseload.async_save
    saves = 0

    async def late(before: Case, after: Case, lines: Any, **more: Any) -> Case:
        nonlocal saves
        saves += 1
        if saves == 1:
            await save(before, replace(before, problem="media_failed"), [])
        return await save(before, after, lines, **more)

    monkeypatch.setattr(caseload, "async_save", late)
    closed = await world.manager.async_decline(case.case_id, ANNA)
    assert closed.closed is ClosedReason.DECLINED
    assert saves == 2
    assert (await kinds(world)).count("closed") == 1
    with pytest.raises(ConflictError, match="case_moved_on"):
        await world.manager.async_decline(case.case_id, ANNA)


async def test_decline_that_comes_too_late_is_refused_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that is on its way out is not declined by trying again."""
    case = await world.asked()
    await world.approve(case)
    before = await kinds(world)
    with pytest.raises(ConflictError, match="case_moved_on"):
        await world.manager.async_decline(case.case_id, ANNA)
    assert await kinds(world) == before


async def test_decline_drops_the_draft_that_is_being_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing goes on being cut for a case that is over."""
    gate = Gate(world, monkeypatch)
    sent = request()
    await world.manager.async_submit(sent)
    await gate.begun.wait()
    case = await world.case(sent.request_id)
    await world.manager.async_decline(case.case_id, ANNA)
    await world.settle()
    assert gate.cancelled == 1
    assert (await world.case(sent.request_id)).state is CaseState.CLOSED
    assert not (world.drafter.folder / case.case_id).exists()


async def test_another_choice_drops_the_draft_that_is_being_made(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the last choice is offered."""
    gate = Gate(world, monkeypatch)
    sent = request()
    await world.manager.async_submit(sent)
    await gate.begun.wait()
    gate.begun.clear()
    case = await world.case(sent.request_id)
    await world.manager.async_choose(case.case_id, CHOICE, ANNA)
    await gate.begun.wait()
    gate.open.set()
    await world.settle()
    assert gate.cancelled == 1
    after = await world.case(sent.request_id)
    assert after.draft
    assert after.draft.choice == CHOICE
    assert (await kinds(world)).count("offered") == 1


async def test_choice_before_the_rules_have_spoken_is_refused(world: World) -> None:
    """What may be chosen is not known yet."""
    sent = request()
    await world.manager.async_submit(sent)
    case = await world.case(sent.request_id)
    assert case.screening is None
    with pytest.raises(ConflictError, match="case_moved_on"):
        await world.manager.async_choose(case.case_id, CHOICE, ANNA)
    await world.settle()


async def test_sound_that_a_rule_rules_out_cannot_be_chosen(world: World) -> None:
    """The stricter of all rules holds for the picker as for the draft."""
    rule = parse_rule("r", "Quiet", {"order": 1, "verdict": "ask", "audio": False})
    world.settings = replace(settings(), rules=(rule,))
    await world.reboot()
    case = await world.asked()
    with pytest.raises(ConflictError, match="audio_not_allowed"):
        await world.manager.async_choose(
            case.case_id, replace(CHOICE, audio=True), ANNA
        )
    await world.manager.async_choose(case.case_id, CHOICE, ANNA)
    await world.settle()


# --- cameras that are not what they were


async def test_camera_of_an_unknown_kind_is_a_problem_not_an_absence(
    world: World,
) -> None:
    """A source of a newer version is told; the other cameras still answer."""
    cameras = {
        camera_id: replace(camera, source_kind="future")
        for camera_id, camera in settings().cameras.items()
    }
    world.settings = replace(settings(), cameras=cameras)
    await world.reboot()
    case = await world.asked()
    assert (case.state, case.problem) == (CaseState.WAITING, "source_unknown")


async def test_camera_that_fails_in_an_unforeseen_way_is_a_problem_of_its_own(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody is asked with what the other cameras have, and the log tells."""
    world.source.add(GATE, NOON - timedelta(hours=2), 7200)
    world.source.broken[GARDEN] = OverflowError("a year that is none")
    case = await world.asked()
    assert (case.state, case.problem) == (CaseState.WAITING, "source_failed")
    assert [one.camera_id for one in case.findings or ()] == [GATE]
    assert "a year that is none" in caplog.text


def without_garden(world: World) -> None:
    """Take the camera away, as the owner does in its form."""
    cameras = settings().cameras
    left = {key: camera for key, camera in cameras.items() if key != GARDEN}
    world.settings = replace(settings(), cameras=left)


async def test_draft_of_a_camera_that_was_removed_is_not_made_any_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the restart there is no such camera: the approver chooses anew."""
    gate = Gate(world, monkeypatch)
    sent = request()
    await world.manager.async_submit(sent)
    await gate.begun.wait()
    without_garden(world)
    await world.reboot()
    await world.settle()
    after = await world.case(sent.request_id)
    assert (after.state, after.choice) == (CaseState.WAITING, None)
    assert (after.draft, after.offer) == (None, None)
    assert world.drafter.made == []


async def test_draft_of_a_camera_that_was_removed_is_not_offered_any_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor if it was made in time, and only the offer was still to come."""
    sent = request()
    offer = flow.Step.OFFER
    monkeypatch.setitem(world.manager._runner._steps, offer, _never)
    await world.manager.async_submit(sent)
    for _ in range(500):
        await asyncio.sleep(0.002)
        if (case := await world.case(sent.request_id)).state is CaseState.DRAFTED:
            break
    assert case.state is CaseState.DRAFTED
    without_garden(world)
    await world.reboot()
    await world.settle()
    after = await world.case(sent.request_id)
    assert (after.state, after.draft, after.offer) == (CaseState.WAITING, None, None)


async def _never(_: Case) -> None:
    await asyncio.Event().wait()


async def test_offer_is_bound_to_the_rules_of_now(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that changed while a draft was made are those that its offer is held to."""
    gate = Gate(world, monkeypatch)
    sent = request()
    await world.manager.async_submit(sent)
    await gate.begun.wait()
    rule = parse_rule("r", "New", {"order": 1, "verdict": "ask", "max_seconds": 300})
    world.settings = replace(settings(), rules=(rule,))
    await world.reboot()
    await world.settle()
    case = await world.case(sent.request_id)
    await world.approve(case)
    await world.pass_undo()
    assert (await world.case(sent.request_id)).state is CaseState.SHARED


async def test_camera_that_vanishes_while_its_draft_is_due(world: World) -> None:
    """The step looks again: a camera that is gone is a reason, not a crash."""
    case = await world.asked()
    drafting = replace(case, state=CaseState.DRAFTING, choice=CHOICE)
    without_garden(world)
    await world.manager.async_stop()
    await world.boot()
    with pytest.raises(SourceError, match="camera_gone"):
        await world.manager._runner.asking._async_make_draft(drafting)


# --- a disk that refuses


def refusing(
    monkeypatch: pytest.MonkeyPatch, thing: object, name: str, times: int
) -> Callable[[], int]:
    """Let a method refuse so many times; the answer tells how often it was called."""
    real: Callable[..., Awaitable[Any]] = getattr(thing, name)
    calls = 0

    async def method(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls <= times:
            raise StoreError("disk_full")
        return await real(*args, **more)

    monkeypatch.setattr(thing, name, method)
    return lambda: calls


async def test_full_disk_while_sealing_delays_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The consent stands; it is sealed again later, and shared once."""
    case = await world.asked()
    await world.approve(case)
    calls = refusing(monkeypatch, world.bench.sealer, "async_seal", 1)
    await world.pass_undo()
    delayed = await world.case(case.request.request_id)
    assert (delayed.state, delayed.problem) == (CaseState.CONSENTED, "disk_full")
    assert delayed.delivery
    assert delayed.delivery.attempts == 1
    assert calls() == 1
    world.clock.go_on(timedelta(seconds=60))
    world.manager.look_again()
    await world.settle()
    done = await world.case(case.request.request_id)
    assert done.state is CaseState.SHARED
    assert (await kinds(world)).count("shared") == 1


async def test_store_that_can_neither_write_nor_read_is_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as that lasts; then the case goes on from the disk."""
    monkeypatch.setattr(runner, "STORE_RETRY", 0.02)
    refusing(monkeypatch, world.bench.store, "async_save", 2)
    refusing(monkeypatch, world.bench.store, "async_case", 1)
    sent = request()
    await world.manager.async_submit(sent)
    for _ in range(500):
        await asyncio.sleep(0.01)
        if (case := await world.case(sent.request_id)).offer and not case.prompt_due:
            break
    assert case.offer


# --- the sweep


async def test_sweep_tidies_up_and_outlives_a_full_disk(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Old packages go, the ledger is looked at, and one bad round is not the last."""
    case = await world.asked()
    await world.approve(case)
    await world.pass_undo()
    done = await world.case(case.request.request_id)
    package = world.bench.sealer.path(done.delivered[0].delivery_id)
    assert package.exists()
    world.clock.go_on(timedelta(days=14, seconds=1))
    await world.manager.async_stop()
    database = sqlite3.connect(world.folder / "config" / "home.db")
    database.execute("UPDATE ledger SET kind = 'asked' WHERE seq = 2")
    database.commit()
    database.close()

    monkeypatch.setattr(sweep, "SWEEP_EVERY", 0.02)
    await world.boot()
    # a start tidies up too: what is left is for the sweep
    package.parent.mkdir(exist_ok=True)
    package.write_bytes(b"sealed")
    calls = refusing(monkeypatch, world.bench.store, "async_expired_drops", 1)
    for _ in range(500):
        await asyncio.sleep(0.01)
        if calls() > 1 and not package.exists():
            break
    assert not package.exists()
    assert "Tidying up has to wait: disk_full" in caplog.text
    assert world.alarm.raised["ledger_fault"] == {"seq": "2"}


async def test_restore_leaves_alone_what_was_not_looked_at_yet(world: World) -> None:
    """A request that had only just come in is simply gone on with."""
    sent = request()
    await world.manager.async_submit(sent)
    await world.manager.async_stop()
    (world.folder / "cache" / "epoch").unlink()
    await world.boot()
    assert "restored" in world.alarm.raised
    await world.settle()
    case = await world.case(sent.request_id)
    assert case.offer
    assert case.problem is None
    assert "voided" not in await kinds(world)


# --- cases that no state machine would make


@pytest.mark.parametrize("step", ["async_deliver", "async_seal"])
async def test_steps_without_what_they_need_are_refused(
    world: World, step: str
) -> None:
    """Nothing is shared without a delivery, whatever the state says."""
    case = await world.asked()
    sending = world.manager._runner._steps
    bare = replace(
        case,
        delivery=None,
        request=replace(
            case.request,
            destination=replace(case.request.destination, way=flow.Way.HAND_OVER),
        ),
    )
    name = flow.Step.SEAL if step == "async_seal" else flow.Step.DELIVER
    with pytest.raises(ConflictError, match="case_moved_on"):
        await sending[name](bare)
    for early in (flow.Step.DRAFT, flow.Step.OFFER):
        with pytest.raises(ConflictError, match="case_moved_on"):
            await sending[early](replace(case, choice=None, draft=None))
