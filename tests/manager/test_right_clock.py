"""A recorder whose clock is off: everything of a case is by the right clock.

Real files, a real index and real drafts, on the nights when clocks change. Every picture
carries its number, so what a draft shows tells when it was filmed.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import shutil
from zoneinfo import ZoneInfo

from pyrage import x25519
import pytest

from custom_components.clip_consent.core.models import CaseState, Window
from custom_components.clip_consent.core.serial import Json
from custom_components.clip_consent.home.media import Media
from custom_components.clip_consent.home.sources.folder import FolderSource
from tests.home.recordings import RATE, SECONDS, Recordings, numbers, recordings

from . import world as worlds
from .world import ANNA, GARDEN, HandClock, World, request, settings

__all__ = ["recordings"]  # a fixture, used by name

AHEAD = 182.0
FILES = 6
KEY_SECONDS = 2.0  # from key frame to key frame
NIGHTS = {
    "spring": ("Europe/Amsterdam", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    "autumn": ("Europe/Amsterdam", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "half an hour": ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
}


class Night:
    """A camera that films across a change of clocks, named by a clock that is off."""

    def __init__(
        self, folder: Path, film: Path, zone: str, first: datetime, ahead: float
    ) -> None:
        """Record `FILES` films of `SECONDS` each from `first` on, by the right clock."""
        self.first = first
        self.root = folder / "nvr"
        self.root.mkdir()
        for number in range(FILES):
            start = first + timedelta(seconds=SECONDS * number)
            named = (start + timedelta(seconds=ahead)).astimezone(ZoneInfo(zone))
            path = self.root / f"{named:%Y-%m-%d_%H-%M-%S}.mp4"
            assert not path.exists()
            shutil.copy(film, path)
            end = (start + timedelta(seconds=SECONDS)).timestamp()
            os.utime(path, (end, end))

    def at(self, seconds: float) -> datetime:
        """Return a moment so long after the first picture."""
        return self.first + timedelta(seconds=seconds)

    def filmed(self, picture: int, file: int) -> datetime:
        """Return when a picture of a file was filmed."""
        return self.at(SECONDS * file + picture / RATE)


@pytest.fixture(params=[AHEAD, -AHEAD])
def ahead(request: pytest.FixtureRequest) -> float:
    """Return how far the recorder's clock is ahead."""
    return float(request.param)


@pytest.fixture(params=NIGHTS)
def zone_and_change(request: pytest.FixtureRequest) -> tuple[str, datetime]:
    """Return a time zone, and when its clocks change."""
    return NIGHTS[request.param]


@pytest.fixture(params=["the right clock's change", "the recorder's change"])
def night(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    recordings: Recordings,
    zone_and_change: tuple[str, datetime],
    ahead: float,
) -> Night:
    """Return films around the change of the one clock or of the other."""
    zone, change = zone_and_change
    first = change - timedelta(seconds=FILES / 2 * SECONDS)
    if request.param == "the recorder's change":
        first -= timedelta(seconds=ahead)
    return Night(tmp_path, recordings["silent.mp4"], zone, first, ahead)


@pytest.fixture
async def home(
    tmp_path: Path,
    night: Night,
    zone_and_change: tuple[str, datetime],
    ahead: float,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[World]:
    """Return a home with that camera, on the day after."""
    monkeypatch.setattr(
        worlds, "CopyingDrafter", lambda folder: Media(ffmpeg="ffmpeg", folder=folder)
    )
    zone, _ = zone_and_change
    clock = HandClock(night.first + timedelta(hours=9))
    source = FolderSource(
        index_path=tmp_path / "cache" / "folders.db",
        probe=Media(ffmpeg="ffmpeg", folder=tmp_path / "probing").async_length,
        time_zone=zone,
        clock=lambda: clock.now().timestamp(),
    )
    there = settings()
    camera = replace(
        there.cameras[GARDEN],
        source={"folder": str(night.root), "naming": "segments"},
        clock_ahead=ahead,
    )
    world = World(
        folder=tmp_path,
        settings=replace(there, time_zone=ZoneInfo(zone), cameras={GARDEN: camera}),
        clock=clock,
        source=source,  # type: ignore[arg-type]
    )
    await world.boot()
    yield world
    await world.manager.async_stop()
    await source.async_close()


def values(said: Json) -> Iterator[Json]:
    """Yield every key and value of a manifest."""
    if isinstance(said, dict):
        for key, value in said.items():
            yield key
            yield from values(value)
    elif isinstance(said, list):
        for value in said:
            yield from values(value)
    else:
        yield said


async def test_all_of_a_case_is_by_the_right_clock(
    home: World, night: Night, ahead: float
) -> None:
    """Window, findings, timeline, cuts, the draft's own pictures, and the manifest."""
    key = x25519.Identity.generate()
    window = Window(start=night.at(3.3), end=night.at(5.5 * SECONDS))
    sent = request(
        window=window,
        received_at=home.clock.now(),
        expires_at=home.clock.now() + timedelta(days=7),
        reachable_until=home.clock.now() + timedelta(days=21),
        recipient=str(key.to_public()),
    )
    await home.manager.async_submit(sent)
    for _ in range(40):
        await home.settle()
        case = await home.case(sent.request_id)
        if case.offer:
            break
    (finding,) = case.findings or ()
    assert finding.runs == (window,)
    assert case.state is CaseState.WAITING
    draft = case.draft
    assert draft
    assert "clock_corrected" in draft.changes

    # What is seen in the draft was filmed when the draft says.
    seen = numbers(home.drafter.path(case.case_id, draft.file))
    assert draft.window.start == night.filmed(seen[0], 0)
    assert draft.window.start == night.at(2.0)
    assert draft.window.end == night.filmed(seen[-1] + 1, FILES - 1)

    # So are the pictures of the timeline, and where a copy can begin.
    moments = [night.at(-1), night.at(1), night.at(40), night.at(FILES * SECONDS + 1)]
    pictures = await home.manager.reading.async_thumbnails(
        case.case_id, GARDEN, moments, ANNA
    )
    assert [at for at, _ in pictures] == moments
    assert [bool(picture) for _, picture in pictures] == [False, True, True, False]
    times = await home.manager.reading.async_key_times(
        case.case_id, GARDEN, night.at(20), ANNA
    )
    assert times
    for at in times:
        assert (at - night.first).total_seconds() % KEY_SECONDS == pytest.approx(0)

    # What is delivered says so, and not by how much.
    await home.approve(case)
    await home.pass_undo()
    for _ in range(40):
        await home.settle()
        if (await home.case(sent.request_id)).delivered:
            break
    said = await home.manifest(sent.request_id, key)
    assert "clock_corrected" in list(values(said))
    assert not {ahead, abs(ahead)} & {
        one for one in values(said) if isinstance(one, (int, float))
    }
    assert not [one for one in values(said) if "ahead" in str(one)]
