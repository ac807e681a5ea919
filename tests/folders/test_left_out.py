"""Files near what was asked for that could not be used are not passed over in silence."""

from datetime import datetime
import os

import pytest

from custom_components.clip_consent.core.errors import MediaError, SourceError
from custom_components.clip_consent.core.models import Window
from custom_components.clip_consent.home.sources.folder import FolderSource

from .recorder import NOON, Recorder, minutes, window

ASKED = window(NOON, minutes=5)
UNREADABLE, WRITTEN = "recording_unreadable_then", "recording_still_written"


async def left_out(
    recorder: Recorder, source: FolderSource, asked: Window = ASKED, **settings: str
) -> str | None:
    """Look for recordings, of which there are none, and return why."""
    camera = recorder.camera(**settings)
    assert await source.async_find(camera, asked) == ()
    return await source.async_left_out(camera, asked)


def write(recorder: Recorder, at: datetime, written: datetime | None = None) -> None:
    """Leave a broken file of a time, last written to then or at another time."""
    name = f"{at:%Y%m%d_%H%M%S}.ts"
    recorder.write(name, "broken", written=written or at)


def grow(recorder: Recorder, at: datetime) -> None:
    """Let a file of a time be written to just now."""
    write(recorder, at)
    path = recorder.root / f"{at:%Y%m%d_%H%M%S}.ts"
    os.utime(path, (recorder.now - 5,) * 2)


async def test_nothing_there_is_nothing_left_out(
    recorder: Recorder, source: FolderSource
) -> None:
    """Readable files far away are no reason, nor is a camera without any."""
    assert await left_out(recorder, source) is None
    recorder.record(minutes(-10), 60)
    recorder.record(minutes(10), 60)
    assert await left_out(recorder, source) is None


@pytest.mark.parametrize(
    ("at", "written", "reason"),
    [
        (0, 1, UNREADABLE),
        (4.9, 10, UNREADABLE),
        (5, 10, None),  # begins as the window ends
        (-10, 1, UNREADABLE),  # written until into the window
        (-10, -5, None),  # finished before it
        (-10, -1, UNREADABLE),  # as good as until then: clocks differ
        (-50, -60, UNREADABLE),  # its time tells nothing, and it is not far
        (-70, -80, None),
    ],
)
async def test_a_broken_file_counts_where_it_may_reach_into_the_window(
    recorder: Recorder,
    source: FolderSource,
    at: float,
    written: float,
    reason: str | None,
) -> None:
    """By its name, and by when it was last written to."""
    write(recorder, minutes(at), minutes(written))
    assert await left_out(recorder, source) == reason


@pytest.mark.parametrize(
    ("at", "reason"),
    [(0, None), (0.1, UNREADABLE), (5, UNREADABLE), (60, UNREADABLE), (70, None)],
)
async def test_where_names_tell_the_end(
    recorder: Recorder, source: FolderSource, at: float, reason: str | None
) -> None:
    """The file after the window may have begun in it."""
    write(recorder, minutes(at))
    assert await left_out(recorder, source, name_is="end") == reason


async def test_only_the_nearest_file_outside_counts(
    recorder: Recorder, source: FolderSource
) -> None:
    """One that came before a finished file ended before that."""
    write(recorder, minutes(-3), minutes(1))  # as if copied later
    recorder.record(minutes(-2), 30)
    assert await left_out(recorder, source) is None


async def test_a_file_still_written_is_told_as_that(
    recorder: Recorder, source: FolderSource
) -> None:
    """In the window, or begun long before it; more so than one that is broken."""
    grow(recorder, minutes(-600))
    assert await left_out(recorder, source) == WRITTEN
    (recorder.root / f"{minutes(-600):%Y%m%d_%H%M%S}.ts").unlink()
    recorder.now += 1
    grow(recorder, minutes(1))
    write(recorder, minutes(2))
    assert await left_out(recorder, source) == WRITTEN


async def test_by_file_time_a_file_still_written_may_hold_anything(
    recorder: Recorder, source: FolderSource
) -> None:
    """Its name tells nothing, and its time is that of the last frame so far."""
    grow(recorder, minutes(-600))
    assert await left_out(recorder, source, naming="file_time") == WRITTEN


async def test_a_file_that_cannot_be_measured_now_counts_too(
    recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By no fault of its own: it is told, until it is left out."""

    async def fail(path: str) -> float:
        raise MediaError("media_timeout")

    monkeypatch.setattr(source._upkeep, "_probe", fail)
    write(recorder, NOON)
    for _ in range(2):
        with pytest.raises(SourceError, match="recording_unmeasured"):
            await source.async_find(recorder.camera(), ASKED)
    assert await left_out(recorder, source) == UNREADABLE
