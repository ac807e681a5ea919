"""Nothing was found, but a file of that time is there: the approvers are told so."""

from datetime import timedelta

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.models import CaseState

from .disk import Disk
from .later import JUST_NOW, Eye, again, record, send, status, wait
from .world import GARDEN, GATE, World

REASONS = ("recording_still_written", "recording_unreadable_then")


@pytest.mark.parametrize("reason", REASONS)
async def test_it_is_told_and_looked_for_again(
    world: World, eye: Eye, reason: str
) -> None:
    """As long as the request is open, and however old the window is."""
    world.clock.go_on(timedelta(hours=5))
    world.source.left_out[GARDEN] = reason
    case = await send(world, window=JUST_NOW)
    assert (case.state, case.findings, case.problem) == (
        CaseState.WAITING,
        (),
        reason,
    )
    assert len(world.prompter.asked) == 1
    disk = Disk(world)
    await disk.begin()
    await wait(world, 5 * 60, each=5)
    assert await disk.written() == (0, 0)
    assert eye.looks[GARDEN] > 25
    world.source.left_out.clear()
    record(world)
    await wait(world, 10)
    after = await again(world, case)
    assert after.offer
    assert after.problem is None
    assert len(world.prompter.found) == 1


@pytest.mark.parametrize("reason", REASONS)
async def test_outside_nothing_tells_it(world: World, reason: str) -> None:
    """G2: the requester's page has the same bytes, now and after it passed."""
    plain = await send(world)
    before = await status(world, plain)
    world.source.left_out = {GARDEN: reason, GATE: reason}
    case = await send(world)
    assert (plain.problem, case.problem) == (None, reason)
    assert await status(world, case) == before
    await wait(world, 10)
    assert await status(world, case) == before


async def test_what_another_camera_has_is_not_held_back(world: World) -> None:
    """There is something to answer with: it is drafted at once."""
    world.source.left_out[GATE] = "recording_unreadable_then"
    record(world, GARDEN)
    case = await send(world)
    assert case.offer
    assert case.problem is None


async def test_what_cannot_be_looked_at_is_told_first(world: World, eye: Eye) -> None:
    """A drive that is away is more than one file of another's."""
    eye.blind[GATE] = "folder_gone"
    world.source.left_out[GARDEN] = "recording_unreadable_then"
    assert (await send(world)).problem == "folder_gone"
    eye.blind.clear()
    world.source.left_out[GARDEN] = SourceError("index_failed")
    assert (await send(world)).problem == "index_failed"


async def test_what_nobody_thought_of_is_told_too(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """It leaves nobody unasked, and the log tells what it was."""
    world.source.left_out[GARDEN] = ValueError("odd")
    case = await send(world)
    assert (case.state, case.problem) == (CaseState.WAITING, "source_failed")
    assert "ValueError: odd" in caplog.text


async def test_only_cameras_that_may_be_offered_count(world: World) -> None:
    """What is not to be shared is not told of either."""
    world.source.left_out["hall"] = "recording_unreadable_then"
    assert (await send(world)).problem is None
