"""A camera whose recordings lie in several folders: two disks, or live and archive."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.core.models import Camera
from custom_components.clip_consent.core.partly import PartlyFoundError
from custom_components.clip_consent.home.sources.folder import FolderSource
from custom_components.clip_consent.home.sources.folder_roots import (
    one_by_one,
    roots_of,
)

from .recorder import NOON, Recorder, make, minutes, names, window


@pytest.fixture
def archive(tmp_path: Path) -> Recorder:
    """Return a second folder."""
    return Recorder(tmp_path / "archive")


@pytest.fixture
def camera(recorder: Recorder, archive: Recorder) -> Camera:
    """Return a camera with both."""
    return recorder.camera(more_folders=str(archive.root))


@pytest.fixture
async def both(
    recorder: Recorder, archive: Recorder, tmp_path: Path
) -> AsyncIterator[FolderSource]:
    """Return a source with ten minutes in each folder."""
    archive.record(NOON, 600)
    recorder.record(minutes(10), 600)
    source = make(recorder, tmp_path)
    yield source
    await source.async_close()


def test_the_folders_of_a_camera() -> None:
    """One a line; settings from before have one."""
    assert roots_of({"folder": "/a"}) == ("/a",)
    assert roots_of({}) == ("",)
    more = {"folder": "/a", "naming": "unix", "more_folders": " /b\n\n/a\n/c"}
    assert roots_of(more) == ("/a", "/b", "/c")
    assert list(one_by_one(more))[1] == {"folder": "/b", "naming": "unix"}


async def test_all_are_searched(
    both: FolderSource, camera: Camera, recorder: Recorder
) -> None:
    """In order of time, wherever they lie, up to the moment between them."""
    found = await both.async_find(camera, window(NOON, minutes=30))
    assert [piece.start for piece in found] == [NOON, minutes(10)]
    assert len({Path(piece.path).parent for piece in found}) == 2
    await both.async_scan(camera)
    health = await both.async_health(camera)
    assert (health.state, health.files) == (HealthState.OK, 2)
    assert health.last_seen == minutes(10)
    assert await both.async_left_out(camera, window(NOON, minutes=30)) is None
    recorder.write("20261120_121500.ts", "broken", written=minutes(16))
    await both.async_find(camera, window(NOON, minutes=30))
    left = await both.async_left_out(camera, window(NOON, minutes=30))
    assert left == "recording_unreadable_then"


async def test_what_is_in_both_is_found_once(
    both: FolderSource, camera: Camera, archive: Recorder
) -> None:
    """An archive is made before the live recording is removed."""
    archive.record(minutes(10), 600)
    found = await both.async_find(camera, window(NOON, minutes=30))
    assert [piece.start for piece in found] == [NOON, minutes(10)]


async def test_a_recording_that_is_moved_stays_found(
    both: FolderSource, camera: Camera, recorder: Recorder, archive: Recorder
) -> None:
    """From the live folder to the archive, between two searches."""
    asked = window(NOON, minutes=30)
    before = await both.async_find(camera, asked)
    name = "20261120_121000.ts"
    (recorder.root / name).rename(archive.root / name)
    recorder.record(minutes(20), 60)
    after = await both.async_find(camera, asked)
    assert [piece.window for piece in after[:2]] == [piece.window for piece in before]
    assert Path(after[1].path).parent == archive.root


async def test_one_that_is_away_costs_only_what_is_in_it(
    both: FolderSource, camera: Camera, recorder: Recorder, archive: Recorder
) -> None:
    """The rest is found, and what is missing is told, until it comes back."""
    asked = window(NOON, minutes=30)
    found = await both.async_find(camera, asked)
    away = archive.root.with_name("away")
    archive.root.rename(away)
    with pytest.raises(PartlyFoundError, match="folder_gone") as caught:
        await both.async_find(camera, asked)
    assert names(caught.value.pieces) == ["20261120_121000.ts"]
    assert caught.value.placeholders == {"camera": "Driveway"}
    health = await both.async_health(camera)
    assert (health.state, health.files) == (HealthState.PART, 2)
    recorder.record(minutes(20), 60)
    with pytest.raises(SourceError, match="folder_gone"):
        await both.async_scan(camera)
    assert (await both.async_health(camera)).files == 3  # the other one was scanned
    live = recorder.root.with_name("live away")
    recorder.root.rename(live)
    with pytest.raises(SourceError, match="folder_gone") as all_gone:
        await both.async_find(camera, asked)
    assert not isinstance(all_gone.value, PartlyFoundError)
    assert (await both.async_health(camera)).state is HealthState.GONE
    live.rename(recorder.root)
    away.rename(archive.root)
    again = await both.async_find(camera, asked)
    assert again[:2] == found
    assert (await both.async_health(camera)).state is HealthState.OK


async def test_away_in_two_ways(
    both: FolderSource,
    camera: Camera,
    recorder: Recorder,
    archive: Recorder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Gone and hanging: none can be used."""
    archive.root.rename(archive.root.with_name("away"))
    await both._async_spots(camera.source)
    real = both._threads.async_disk

    async def slow(root: str, *args: object) -> object:
        if root == str(recorder.root):
            raise SourceError("folder_slow")
        return await real(root, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(both._threads, "async_disk", slow)
    assert (await both.async_health(camera)).state is HealthState.GONE


async def test_what_is_no_matter_of_one_folder_is_told(
    both: FolderSource, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged index is not a folder that is away."""

    async def damaged(*args: object) -> object:
        raise SourceError("index_failed")

    monkeypatch.setattr(both._upkeep, "async_near", damaged)
    with pytest.raises(SourceError, match="index_failed") as caught:
        await both.async_find(camera, window(NOON, minutes=30))
    assert not isinstance(caught.value, PartlyFoundError)


async def test_a_second_folder_costs_no_new_index(
    recorder: Recorder, archive: Recorder, tmp_path: Path, camera: Camera
) -> None:
    """What was measured of the first is known when another one is added."""
    recorder.record(NOON, 60)
    archive.record(NOON + timedelta(hours=1), 60)
    source = make(recorder, tmp_path)
    await source.async_find(recorder.camera(), window(NOON, minutes=5))
    await source.async_keep([camera])
    found = await source.async_find(camera, window(NOON, minutes=5))
    assert len(found) == 1
    assert recorder.probed.total() == 1
    await source.async_keep([])
    await source.async_find(camera, window(NOON, minutes=5))
    assert recorder.probed.total() == 2
    await source.async_close()
