"""What is recorded, or can be looked at, only after somebody asked for it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import (
    Case,
    CaseEventType,
    CaseState,
    Trust,
    VerdictKind,
)
from custom_components.clip_consent.core.rules import parse_rule
from tests.folders.recorder import Recorder, make, recorder

from .disk import Disk
from .later import AUTOMATIC, JUST_NOW, MINUTE, Eye, again, record, send, status, wait
from .world import GARDEN, GATE, NOON, World

__all__ = ["recorder"]  # a fixture, used by name


async def test_a_file_closed_late_is_drafted_offered_and_told(world: World) -> None:
    """The main job, a little later: what the owner can answer comes as it is there."""
    case = await send(world)
    assert (case.state, case.findings, case.draft) == (CaseState.WAITING, (), None)
    assert len(world.prompter.asked) == 1
    before = await status(world, case)

    record(world)
    await wait(world)

    after = await again(world, case)
    assert after.state is CaseState.WAITING
    assert after.offer
    assert after.draft
    assert after.draft.choice == AUTOMATIC
    assert [one.offer for one in world.prompter.found] == [after.offer]
    assert len(world.prompter.asked) == 1
    assert world.prompter.renewed == []
    assert [event.type for event in world.events] == [
        CaseEventType.RECEIVED,
        CaseEventType.ASKED,
    ]
    assert (await world.ledger())[-4:] == ["asked", "matched", "drafted", "offered"]
    assert await status(world, case) == before
    await world.approve(after)
    await world.pass_undo()
    assert (await again(world, case)).state is CaseState.SHARED
    assert await world.manager.reading.async_check_ledger() is None


async def test_footage_of_two_cameras_found_late_opens_the_picker(world: World) -> None:
    """The push says where; nothing is drafted before somebody chose."""
    case = await send(world)
    record(world, GARDEN)
    record(world, GATE)
    await wait(world)
    after = await again(world, case)
    assert after.findings
    assert [one.camera_id for one in after.findings] == [GARDEN, GATE]
    assert (after.state, after.draft) == (CaseState.WAITING, None)
    assert [one.findings for one in world.prompter.found] == [after.findings]
    await wait(world, 90)
    assert len(world.prompter.found) == len(world.prompter.asked) == 1
    assert world.prompter.renewed == []


async def test_a_folder_that_comes_back_is_looked_at(world: World, eye: Eye) -> None:
    """However long it takes, and however old the window is."""
    record(world)
    eye.blind = dict.fromkeys([GARDEN, GATE], "folder_gone")
    world.clock.go_on(timedelta(hours=5))
    case = await send(world, window=JUST_NOW)
    assert (case.findings, case.problem) == ((), "folder_gone")
    disk = Disk(world)
    await disk.begin()
    await wait(world, 26 * 60, each=5)
    assert await disk.written() == (0, 0)
    assert 150 < eye.looks[GARDEN] < 170
    eye.blind.clear()
    await wait(world, 10)
    after = await again(world, case)
    assert after.offer
    assert after.problem is None
    assert len(world.prompter.found) == 1


async def test_what_the_other_cameras_have_is_kept_and_told_once(
    world: World, eye: Eye
) -> None:
    """One camera's folder is away: the others' footage waits to be chosen from."""
    record(world, GARDEN)
    eye.blind = {GATE: "folder_gone"}
    case = await send(world)
    assert case.findings
    assert [one.camera_id for one in case.findings] == [GARDEN]
    assert case.draft is None
    eye.blind = {GARDEN: "index_failed", GATE: "folder_gone"}
    await wait(world, 30)
    assert (await again(world, case)).findings == case.findings
    record(world, GATE)
    eye.blind = {GARDEN: "index_failed"}
    await wait(world, 30)
    after = await again(world, case)
    assert after.findings
    assert [one.camera_id for one in after.findings] == [GARDEN, GATE]
    assert after.problem == "index_failed"
    assert [one.findings for one in world.prompter.renewed] == [after.findings]
    assert len(world.prompter.asked) == 1
    assert world.prompter.found == []
    assert (await world.ledger()).count("matched") == 2


async def test_a_camera_that_comes_back_with_nothing_leaves_one_to_draft(
    world: World, eye: Eye
) -> None:
    """Then it is sure that only one camera has it; the push is replaced quietly."""
    record(world, GARDEN)
    eye.blind = {GATE: "folder_gone"}
    case = await send(world)
    eye.blind.clear()
    await wait(world, 10)
    after = await again(world, case)
    assert after.draft
    assert after.draft.choice == AUTOMATIC
    assert [one.offer for one in world.prompter.renewed] == [after.offer]
    assert world.prompter.found == []


async def test_another_camera_with_the_only_footage_is_pushed_once(
    world: World, eye: Eye
) -> None:
    """What the first one had was deleted meanwhile; the offer replaces the push."""
    record(world, GARDEN)
    eye.blind = {GATE: "folder_gone"}
    case = await send(world)
    world.source.pieces.clear()
    record(world, GATE)
    eye.blind.clear()
    await wait(world, 10)
    after = await again(world, case)
    assert after.draft
    assert after.draft.choice.camera_id == GATE
    assert [one.offer for one in world.prompter.renewed] == [after.offer]


async def test_another_problem_is_shown_and_no_news(world: World, eye: Eye) -> None:
    """What the panel says is what is wrong now."""
    eye.blind = {GARDEN: "folder_gone"}
    case = await send(world)
    eye.blind = {GARDEN: "folder_unreadable"}
    await wait(world, 30)
    assert (await again(world, case)).problem == "folder_unreadable"
    assert (await world.ledger()).count("matched") == 2
    assert world.prompter.found == world.prompter.renewed == []


async def test_a_home_that_was_off_for_a_day_looks_once_more(world: World) -> None:
    """The hour is over, but nobody looked in it."""
    case = await send(world)
    await world.manager.async_stop()
    record(world)
    world.clock.go_on(timedelta(days=1))
    await world.boot()
    await world.settle()
    assert (await again(world, case)).offer
    assert len(world.prompter.found) == 1


async def test_a_push_that_was_not_sent_is_sent_after_a_restart(world: World) -> None:
    """The home dies between the offer and its push: the saved case knows."""
    tell = world.prompter.async_tell_found

    async def die(case: Case) -> None:
        raise StoreError("store_failed")

    world.prompter.async_tell_found = die  # type: ignore[method-assign]
    case = await send(world)
    record(world)
    await wait(world)
    after = await again(world, case)
    assert after.offer
    assert after.prompt_due
    world.prompter.async_tell_found = tell  # type: ignore[method-assign]
    await world.reboot()
    await world.settle()
    assert [one.case_id for one in world.prompter.found] == [case.case_id]
    assert not (await again(world, case)).prompt_due


async def test_what_is_listed_is_drafted_and_pushes_nothing(world: World) -> None:
    """The rules want no push of such a request, now or later."""
    case = await send(world, trust=Trust.UNVERIFIED)
    assert case.screening
    assert case.screening.verdict is VerdictKind.LIST
    record(world)
    await wait(world)
    assert (await again(world, case)).offer
    assert world.prompter.asked == world.prompter.found == []


async def test_rules_that_ask_since_ask_as_of_a_new_request(world: World) -> None:
    """It was listed at first: nobody has been asked of it, so the limits count it."""
    case = await send(world, trust=Trust.UNVERIFIED)
    rule = parse_rule("all", "All", {"order": 1, "verdict": "ask"})
    world.settings = replace(world.settings, rules=(rule,))
    await world.reboot()
    record(world)
    await wait(world)
    assert (await again(world, case)).offer
    assert [one.case_id for one in world.prompter.asked] == [case.case_id]
    assert world.prompter.found == []


# --- a real folder


@pytest.fixture
async def recorded(tmp_path: Path, recorder: Recorder) -> AsyncIterator[World]:
    """Return a home whose garden camera records into a real folder."""
    source = make(recorder, tmp_path)
    world = World(folder=tmp_path, source=cast(Any, source))
    garden = replace(recorder.camera(), camera_id=GARDEN, name="Garden")
    world.settings = replace(world.settings, cameras={GARDEN: garden})
    recorder.now = NOON.timestamp()
    await world.boot()
    yield world
    await world.manager.async_stop()
    await source.async_close()


async def _pass(world: World, recorder: Recorder, minutes: int) -> None:
    for _ in range(minutes):
        recorder.now += 60
        await wait(world, 1)


async def test_a_real_file_that_is_closed_after_the_request(
    recorded: World, recorder: Recorder
) -> None:
    """It is written to until after somebody asked for its beginning."""
    start = NOON - 12 * MINUTE
    name = start.strftime("%Y%m%d_%H%M%S.ts")
    recorder.write(name, "no length yet", written=NOON)
    case = await send(recorded)
    assert (case.findings, case.problem) == ((), "recording_still_written")
    await _pass(recorded, recorder, 3)
    assert (await again(recorded, case)).findings == ()
    recorder.write(name, 15 * 60, written=NOON + 3 * MINUTE)
    await _pass(recorded, recorder, 7)
    after = await again(recorded, case)
    assert after.draft
    assert after.draft.choice == AUTOMATIC
    assert len(recorded.prompter.found) == 1


async def test_a_real_folder_that_is_mounted_after_the_request(
    recorded: World, recorder: Recorder
) -> None:
    """The drive was away; what it holds is found in minutes after it came back."""
    recorder.record(NOON - 12 * MINUTE, 600)
    away = recorder.root.rename(recorder.root.with_name("away"))
    case = await send(recorded)
    assert (case.findings, case.problem) == ((), "folder_gone")
    await _pass(recorded, recorder, 20)
    away.rename(recorder.root)
    await _pass(recorded, recorder, 10)
    assert (await again(recorded, case)).offer
