"""From a request to a draft of what Frigate holds: the manager, ffmpeg and a stand-in.

Every picture carries its number, ten a second from noon on: what a draft shows can be
held against the times that it states.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from custom_components.clip_consent.core.models import Case, CaseState, Choice, Draft
from custom_components.clip_consent.home.media import Media
from tests.home.recordings import numbers
from tests.manager import world as worlds
from tests.manager.world import ANNA, GARDEN, World

from .conftest import NOON, MakeSource, camera
from .footage import RATE, Footage
from .standin import VERSIONS, StandIn
from .test_source import at, span

GROUP = 2.0  # seconds from key frame to key frame


@pytest.fixture
async def home(
    tmp_path: Path, frigate: StandIn, make_source: MakeSource
) -> AsyncIterator[World]:
    """Return a home with one camera, which records on Frigate; its drafts are real."""

    def real(folder: Path) -> Any:
        return Media(ffmpeg="ffmpeg", folder=folder)

    with patch.object(worlds, "CopyingDrafter", real):
        world = World(tmp_path / "home")
        garden = replace(camera(frigate), camera_id=GARDEN)
        world.settings = replace(world.settings, cameras={GARDEN: garden})
        world.source.add(GARDEN, at(-7200), 1)  # nothing that it would be asked for
        await world.boot()
    world.bench.sources["frigate"] = make_source(reach=frigate.url)
    yield world
    await world.manager.async_stop()


async def settle(home: World) -> None:
    """Let the home come to rest, ffmpeg's work included."""
    for _ in range(1200):
        await asyncio.sleep(0.02)
        if not home.manager.busy:
            return
    raise AssertionError("the manager does not come to rest")


async def asked(home: World, start: float, end: float) -> Case:
    """Send a request for a span and wait for what comes of it."""
    home.clock.wall = at(3600)
    window = span(start, end)
    sent = worlds.request(
        window=window,
        received_at=home.clock.wall,
        expires_at=home.clock.wall + timedelta(days=7),
    )
    await home.manager.async_submit(sent)
    await settle(home)
    return await home.case(sent.request_id)


def pictures(home: World, case_id: str, draft: Draft) -> list[int]:
    """Return the numbers of a draft's pictures."""
    return numbers(home.bench.drafter.path(case_id, draft.file))


def agrees(shown: list[int], draft: Draft, late: float = 0.0) -> None:
    """Check that a draft shows what was when it says, `late` at most: to a frame."""
    first = draft.window.start.timestamp() - NOON
    last = draft.window.end.timestamp() - NOON
    assert shown == list(range(shown[0], shown[0] + len(shown)))
    assert -0.101 <= shown[0] / RATE - first <= late + 0.101
    assert -0.101 <= (shown[-1] + 1) / RATE - last <= late + 0.101
    assert draft.frames == len(shown)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_request_becomes_a_true_draft(
    home: World, frigate: StandIn, version: str
) -> None:
    """A copy begins at the key frame before, and says so; it ends where it says."""
    frigate.version = version
    case = await asked(home, 13, 37)
    assert case.draft, case.problem
    draft = case.draft
    agrees(pictures(home, case.case_id, draft), draft)
    assert draft.window.start == at(12)
    assert 36 <= draft.window.end.timestamp() - NOON <= 37
    assert {"stream_copy", "starts_at_key_frame"} <= set(draft.changes)
    # nothing that was brought stays
    assert not list(home.folder.rglob("frigate-*"))


async def test_a_draft_that_is_chosen_exactly(home: World, frigate: StandIn) -> None:
    """A playable copy begins at the very picture."""
    case = await asked(home, 0, 60)
    assert case.draft, case.problem
    window = span(21.3, 33.7)
    choice = Choice(camera_id=GARDEN, window=window, playable=True)
    draft = await home.manager.reading.async_spare_draft(case.case_id, choice, ANNA)
    shown = pictures(home, case.case_id, draft)
    agrees(shown, draft)
    assert shown[0] == 213
    assert shown[-1] == 336


async def test_names_are_true_to_a_second(
    home: World, frigate: StandIn, uneven: Footage
) -> None:
    """Frigate rounds a beginning down: what is shown is up to a second later."""
    frigate.rows["drive"] = uneven.rows(NOON + 0.9)
    case = await asked(home, 13, 37)
    assert case.draft, case.problem
    shown = pictures(home, case.case_id, case.draft)
    # the pictures began 0.9 s after noon
    agrees([number + 9 for number in shown], case.draft, late=1.0)


async def test_a_recorder_whose_clock_is_ahead(
    home: World, frigate: StandIn, even: Footage
) -> None:
    """Asked by its own clock, drafted by the right one."""
    frigate.rows["drive"] = even.rows(NOON + 182)
    garden = replace(home.settings.cameras[GARDEN], clock_ahead=182.0)
    with patch.dict(home.settings.cameras, {GARDEN: garden}):
        case = await asked(home, 13, 37)
    assert case.draft, case.problem
    agrees(pictures(home, case.case_id, case.draft), case.draft)
    assert "clock_corrected" in case.draft.changes


async def test_where_a_copy_begins_is_not_guessed(home: World) -> None:
    """A copy begins between two segments too: nothing is said before it is here."""
    case = await asked(home, 0, 60)
    choice = Choice(camera_id=GARDEN, window=span(13, 37))
    draft = await home.manager.reading.async_spare_draft(case.case_id, choice, ANNA)
    assert draft.window.start == at(12)  # segments begin at 10 and 20
    times = await home.manager.reading.async_key_times(
        case.case_id, GARDEN, at(13), ANNA
    )
    assert times == ()


async def test_a_gap_is_shown_and_not_drafted_over(
    home: World, frigate: StandIn, even: Footage
) -> None:
    """The owner chooses; a span across the gap is refused."""
    rows = even.rows(NOON)
    frigate.rows["drive"] = [*rows[:2], *rows[3:]]
    home.clock.wall = at(3600)
    sent = worlds.request(window=span(0, 60), received_at=home.clock.wall)
    await home.manager.async_submit(sent)
    await settle(home)
    case = await home.case(sent.request_id)
    assert case.state is CaseState.WAITING
    assert case.findings
    assert len(case.findings[0].runs) == 2
    window = span(31, 45)
    choice = Choice(camera_id=GARDEN, window=window)
    draft = await home.manager.reading.async_spare_draft(case.case_id, choice, ANNA)
    agrees(pictures(home, case.case_id, draft), draft)


async def test_frigate_goes_away_before_the_draft(
    home: World, frigate: StandIn, tmp_path: Path
) -> None:
    """The case waits and says why; nothing of a part is offered."""
    rows = frigate.rows["drive"]
    rows[2] = replace(rows[2], path=tmp_path / "gone.mp4")
    case = await asked(home, 13, 37)
    assert (case.draft, case.problem) == (None, "frigate_clip_failed")
    assert case.state is CaseState.WAITING
    assert not list(home.folder.rglob("frigate-*"))
