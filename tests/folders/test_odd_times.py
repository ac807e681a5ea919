"""Files whose times no calendar or index holds: found all the same, nothing fails."""

import os
from pathlib import Path

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.home.sources.folder import FolderSource
from custom_components.clip_consent.home.sources.folder_threads import FolderThreads

from .recorder import NOON, Recorder, names, window

# What ext4 (2446), XFS or a broken FAT can tell of: after 2262, a 64-bit count of
# nanoseconds is too small.
FAR = (12_000_000_000, 9_300_000_000)


@pytest.mark.parametrize("at", FAR)
@pytest.mark.parametrize("naming", ["segments", "file_time", "automatic"])
async def test_a_file_of_an_impossible_time_harms_no_other(
    recorder: Recorder, source: FolderSource, at: int, naming: str
) -> None:
    """The other recordings are found, and its own where the name tells its time."""
    odd = recorder.record(NOON, 60)
    good = recorder.write("20261120_120100.ts", 60, written=NOON)
    os.utime(odd, (at, at))
    os.utime(recorder.root, (at, at))
    if odd.stat().st_mtime != at:
        pytest.skip("this disk holds no such time")
    camera = recorder.camera(naming=naming)
    await source.async_scan(camera)
    await source.async_find(camera, window(NOON, minutes=2))
    recorder.now += 120  # a clock ahead of ours is believed when nothing changes
    found = await source.async_find(camera, window(NOON, minutes=2))
    wanted = [] if naming == "file_time" else [odd.name, good.name]
    assert set(wanted) <= set(names(found))
    assert (await source.async_health(camera)).state is HealthState.OK


@pytest.mark.parametrize("error", [OverflowError, ValueError, OSError])
async def test_whatever_the_index_cannot_hold_is_an_error_of_the_index(
    tmp_path: Path, error: type[Exception]
) -> None:
    """It is told as such, and not as a traceback that leaves a request unanswered."""

    def fail() -> None:
        raise error

    threads = FolderThreads(tmp_path / "folders.db")
    with pytest.raises(SourceError, match="index_failed"):
        await threads.async_index(fail)
    await threads.async_close()
