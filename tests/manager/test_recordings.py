"""Recordings of any source, by the right clock; remote ones are brought for a draft."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from custom_components.clip_consent.core.detections import Detection
from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.models import (
    Camera,
    CaseState,
    Choice,
    Piece,
    Window,
)
from custom_components.clip_consent.core.partly import PartlyFoundError
from custom_components.clip_consent.home import recordings
from tests.manager.world import GARDEN, GATE, NOON, World

AHEAD = 180.0


def off_by(world: World, seconds: float) -> Camera:
    """Return the garden's camera with a recorder whose clock is that far ahead."""
    return replace(world.settings.cameras[GARDEN], clock_ahead=seconds)


def span(start: float, seconds: float) -> Window:
    """Return a window in seconds from an hour before noon."""
    begin = NOON - timedelta(hours=1) + timedelta(seconds=start)
    return Window(start=begin, end=begin + timedelta(seconds=seconds))


@pytest.mark.parametrize("ahead", [AHEAD, -AHEAD])
async def test_a_recorder_s_clock_is_put_right(world: World, ahead: float) -> None:
    """What it names 12:03 was at 12:00, and is found, shown and drafted as 12:00."""
    camera = off_by(world, ahead)
    recorded = span(ahead, 600)
    world.source.add(GARDEN, recorded.start, 600)
    asked = world.manager.reading._recordings
    (piece,) = await asked.async_pieces(camera, span(0, 60))
    assert piece.window == span(0, 600)
    assert not await asked.async_pieces(camera, span(600, 60))
    seen = Detection(label="person", window=span(ahead + 5, 2))
    world.source.detections[GARDEN] = [seen]
    (found,) = await asked.async_detections(camera, span(0, 60))
    assert found.window == span(5, 2)
    world.source.pictures[recorded.start] = b"picture"
    assert await asked.async_picture(camera, span(0, 1).start) == b"picture"
    assert await asked.async_picture(camera, recorded.start) is None


@pytest.mark.parametrize("ahead", [0.0, AHEAD])
async def test_a_remote_recording_is_brought_for_its_draft(
    world: World, ahead: float
) -> None:
    """The source is asked by its own clock, the draft is by the right one."""
    world.source.add(GARDEN, span(ahead, 0).start, 60)
    world.source.pieces[GARDEN] = [
        replace(piece, remote=True) for piece in world.source.pieces[GARDEN]
    ]
    with patch.dict(world.settings.cameras, {GARDEN: off_by(world, ahead)}):
        case = await world.asked(window=span(0, 60))
        await world.settle()
    assert world.source.brought == [span(ahead, 60)]
    assert case.draft
    assert case.draft.window == span(0, 60)
    assert ("clock_corrected" in case.draft.changes) is bool(ahead)


async def test_a_source_that_fails_to_bring_is_told(world: World) -> None:
    """The case waits and says what went wrong; the owner may choose again."""
    world.source.add(GARDEN, span(0, 0).start, 60)
    world.source.pieces[GARDEN] = [
        replace(piece, remote=True) for piece in world.source.pieces[GARDEN]
    ]
    failing = SourceError("source_unreachable")
    with patch.object(world.source, "async_bring", side_effect=failing):
        case = await world.asked(window=span(0, 60))
        await world.settle()
    case = await world.manager.reading.async_case(case.case_id, "anna")
    assert case.state is CaseState.WAITING
    assert case.problem == "source_unreachable"


async def test_what_is_found_of_a_part_is_shown_and_the_rest_is_told(
    world: World,
) -> None:
    """One of a camera's folders is away: somebody chooses, knowing of it."""
    world.source.add(GARDEN, span(0, 0).start, 60)
    real = world.source.async_find

    async def partly(camera: Camera, window: Window) -> tuple[Piece, ...]:
        raise PartlyFoundError("folder_gone", await real(camera, window))

    with patch.object(world.source, "async_find", partly):
        case = await world.asked(window=span(0, 60))
        await world.settle()
    assert [finding.camera_id for finding in case.findings or ()] == [GARDEN]
    assert (case.choice, case.problem) == (None, "folder_gone")


async def test_what_was_found_stays_found_while_a_part_is_away(world: World) -> None:
    """A second look that sees less forgets nothing; a choice of it says why not now."""
    world.source.add(GARDEN, span(0, 0).start, 60)
    asking = world.manager._runner.asking
    camera = world.settings.cameras[GARDEN]
    finding, problem = await asking._find_on(camera, span(0, 300), None)
    assert finding
    assert problem is None

    async def partly(camera: Camera, window: Window) -> tuple[Piece, ...]:
        piece = Piece(path="x", start=span(120, 0).start, seconds=60)
        raise PartlyFoundError("folder_gone", (piece,))

    with patch.object(world.source, "async_find", partly):
        again, problem = await asking._find_on(camera, span(0, 300), finding)
        assert again
        assert again.runs == (span(0, 60), span(120, 60))
        assert problem == "folder_gone"
        choice = Choice(camera_id=GARDEN, window=span(0, 60), audio=False)
        with pytest.raises(SourceError, match="folder_gone"):
            await asking.async_film(
                "c1", camera, choice, max_seconds=600, progress=lambda _: None
            )
    with pytest.raises(SourceError, match="not_recorded"):
        await asking.async_film(
            "c1",
            camera,
            replace(choice, window=span(200, 60)),
            max_seconds=600,
            progress=lambda _: None,
        )


@pytest.mark.parametrize(
    ("kind", "code"),
    [("folder", "folder_slow"), ("frigate", "frigate_slow"), ("media", "media_slow")],
)
async def test_a_recorder_that_never_comes_to_an_end(
    world: World, kind: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It costs its own camera: what the other one has is found all the same."""
    monkeypatch.setattr(recordings, "LOOK_SECONDS", 0.1, raising=False)
    world.bench.sources[kind] = world.source  # type: ignore[index]
    gate = replace(world.settings.cameras[GATE], source_kind=kind)
    world.source.add(GARDEN, span(0, 0).start, 60)
    real = world.source.async_find

    async def dripping(camera: Camera, window: Window) -> tuple[Piece, ...]:
        if camera.camera_id == GATE:
            await asyncio.sleep(5)
        return await real(camera, window)

    with (
        patch.object(world.source, "async_find", dripping),
        patch.dict(world.settings.cameras, {GATE: gate}),
    ):
        case = await world.asked(window=span(0, 60))
        await asyncio.sleep(0.2)
        await world.settle()
    case = await world.manager.reading.async_case(case.case_id, "anna")
    assert [finding.camera_id for finding in case.findings or ()] == [GARDEN]
    assert case.problem == code


async def test_bringing_comes_to_an_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds the only turn for drafts: by a recorder that drips, not for good."""
    monkeypatch.setattr(recordings, "BRING_SECONDS", -120.0 + 0.1, raising=False)
    camera = world.settings.cameras[GARDEN]
    world.source.add(GARDEN, span(0, 0).start, 60)
    pieces = [replace(one, remote=True) for one in world.source.pieces[GARDEN]]

    async def dripping(*_: object, **__: object) -> tuple[Piece, ...]:
        await asyncio.sleep(5)
        raise AssertionError

    bring = world.manager.reading._recordings.bring(camera, pieces, span(0, 60))
    assert bring
    with (
        patch.object(world.source, "async_bring", dripping),
        pytest.raises(SourceError, match="_slow"),
    ):
        await bring(Path(), 1, lambda _: None)


@pytest.mark.parametrize(
    ("seconds", "room", "most"),
    [(600, 2**40, 2**31 + 2**26), (60, 2**20, 2**20), (36_000, 2**40, 6 * 2**30)],
)
async def test_what_is_brought_has_a_size(
    world: World, seconds: float, room: int, most: int
) -> None:
    """By what it shows: no recorder fills the room for drafts, whatever it sends."""
    asked: list[int] = []

    async def brought(*_: object, max_bytes: int, **__: object) -> tuple[Piece, ...]:
        asked.append(max_bytes)
        return ()

    piece = Piece(path="x", start=span(0, 0).start, seconds=seconds, remote=True)
    camera = world.settings.cameras[GARDEN]
    bring = world.manager.reading._recordings.bring(camera, [piece], span(0, 60))
    assert bring
    with patch.object(world.source, "async_bring", brought):
        await bring(Path(), room, lambda _: None)
    assert asked == [most]
