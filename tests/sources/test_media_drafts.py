"""From a request to a draft: recordings of Home Assistant's media, by the right time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import subprocess
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.core.detections import Detection
from custom_components.clip_consent.core.models import Case, CaseState, Window
from custom_components.clip_consent.home.media import Media
from custom_components.clip_consent.home.sources.media import HomeMedia
from custom_components.clip_consent.home.sources.media_tree import TreeFootage
from tests.manager import world as worlds
from tests.manager.world import ANNA, GARDEN, NOON, World, settings

from . import protect, reolink
from .home import NOON as RECORDED_FROM
from .toy import add_toy

START = NOON - timedelta(hours=1)
ASKED = Window(start=START, end=START + timedelta(seconds=60))

type Open = Callable[..., Any]


def picture(file: Path, at: float) -> bytes:
    """Return the pixels of a film's picture at a time."""
    return subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-v", "error", "-i", str(file)),
            *("-vf", f"select=gte(t\\,{at - 0.01})", "-frames:v", "1"),
            *("-f", "rawvideo", "-pix_fmt", "gray", "-"),
        ],
        check=True,
        capture_output=True,
    ).stdout


@pytest.fixture
async def open_home(
    home: HomeAssistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Open]:
    """Return how to start a home whose one camera has that source."""
    running: list[tuple[World, HomeMedia]] = []

    async def open_it(source: dict[str, str], **changes: object) -> World:
        made = settings()
        garden = replace(
            made.cameras[GARDEN],
            source_kind="media",
            source=source,
            **changes,  # type: ignore[arg-type]
        )
        world = World(
            folder=tmp_path / "home", settings=replace(made, cameras={GARDEN: garden})
        )
        drafts = Media(ffmpeg="ffmpeg", folder=tmp_path / "drafts")
        media = HomeMedia(
            home, probe=drafts.async_length, now=world.clock.now, patience=10
        )
        real = worlds.Workbench
        monkeypatch.setattr(
            worlds,
            "Workbench",
            lambda **tools: real(
                **{**tools, "sources": {"media": media}, "drafter": drafts}
            ),
        )
        await world.boot()
        running.append((world, media))
        return world

    yield open_it
    for world, media in running:
        await world.manager.async_stop()
        await media.async_close()


async def asked(world: World, window: Window = ASKED) -> Case:
    """Send a request and return its case once nothing more is done for it."""
    world.source.pieces[GARDEN] = []  # the made-up source is not asked
    sent = worlds.request(window=window)
    await world.manager.async_submit(sent)
    for _ in range(600):
        await asyncio.sleep(0.05)
        if not world.manager.busy:
            break
    return await world.case(sent.request_id)


async def test_protect_by_exact_times(
    home: HomeAssistant, open_home: Open, film: Path, tmp_path: Path
) -> None:
    """The window that was asked for, and its very first picture."""
    begin = (START - RECORDED_FROM).total_seconds()
    console = protect.Console(film=film, recorded=[(begin - 30, begin + 90)])
    console.detect("smartDetectZone", begin + 5, begin + 9, "person")
    async with protect.running(console):
        setup = await protect.set_up(home, console, tmp_path)
        setup.stats.recording_start = None
        world = await open_home({"system": "unifiprotect", "entity": setup.entity})
        case = await asked(world)
        assert case.problem is None
        assert case.draft
        assert case.draft.window == ASKED
        assert case.draft.seconds == pytest.approx(60, abs=0.1)
        file = tmp_path / "drafts" / case.draft.file
        assert picture(file, 0) == picture(film, 30)
        seen = await world.manager.reading._recordings.async_detections(
            world.settings.cameras[GARDEN], ASKED
        )
        person = Window(
            start=START + timedelta(seconds=5), end=START + timedelta(seconds=9)
        )
        assert seen == (Detection(label="person", window=person),)

        # a console that goes away: the case says why, and what was found stays
        console.events_status = 500
        case = await asked(world)
        assert case.draft is None
        assert case.problem == "media_recorder_failed"
        await setup.client.close_session()
        setup.entry.mock_state(home, ConfigEntryState.NOT_LOADED)


async def test_reolink_out_of_two_files_on_a_clock_that_is_ahead(
    home: HomeAssistant, open_home: Open, film: Path, tmp_path: Path
) -> None:
    """Files by the camera's clock become one draft by the right time."""
    ahead = 180
    await home.config.async_set_time_zone("UTC")
    yard = reolink.Yard(film=film)
    shown = (START + timedelta(seconds=ahead)).replace(tzinfo=None)
    yard.add(shown - timedelta(seconds=30), 60)
    yard.add(shown + timedelta(seconds=30), 60)
    async with reolink.running(yard), reolink.set_up(home, yard) as setup:
        source = {"system": "reolink", "entity": setup.entity, "stream": "main"}
        world = await open_home(source, clock_ahead=float(ahead))
        case = await asked(world)
        assert case.problem is None
        assert case.draft
        assert case.draft.window == ASKED
        assert {"pieces_joined", "clock_corrected"} <= set(case.draft.changes)
        file = tmp_path / "drafts" / case.draft.file
        assert picture(file, 0) == picture(film, 30)
        assert picture(file, 30) == picture(film, 0)

        # busy: the case waits, and the owner may choose again
        yard.answer = reolink.busy()
        case = await asked(world)
        assert (case.state, case.problem) == (CaseState.WAITING, "media_busy")
        assert [one.runs for one in case.findings or ()] == [(ASKED,)]
        shown_case = await world.manager.reading.async_case(case.case_id, ANNA)
        assert shown_case.problem == "media_busy"


@pytest.mark.parametrize("said", ["300", "90"])
async def test_a_tree_whose_titles_tell_the_end(
    home: HomeAssistant, open_home: Open, film: Path, tmp_path: Path, said: str
) -> None:
    """The pictures are those of the stated time, whatever was measured of others."""
    ends = START + timedelta(seconds=100)
    add_toy(home, {f"{ends:%Y-%m-%d %H-%M-%S}": film.read_bytes()})
    source = {"root": "media-source://toy", "levels": "[]", "naming": "automatic"}
    reading = {"time_zone": "UTC", "name_is": "end", "seconds": said}
    world = await open_home({"system": "tree", **source, **reading})
    # as if it could not be measured when it was looked for
    with patch.object(TreeFootage, "_async_length", return_value=0.0):
        case = await asked(world)
    if said == "90":  # it is taken to begin ten seconds into the window
        assert case.draft
        assert picture(tmp_path / "drafts" / case.draft.file, 0) == picture(film, 30)
        assert case.draft.window.start == START + timedelta(seconds=10)
        case = await asked(world)
    assert case.problem is None
    assert case.draft
    assert case.draft.window == ASKED
    assert picture(tmp_path / "drafts" / case.draft.file, 0) == picture(film, 20)
