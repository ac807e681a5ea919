"""The demo keeps its recordings, and copies of it leave each other's alone."""

from contextlib import ExitStack
from datetime import date
import fcntl
import os
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import pytest

from script.demo_world import kept_recordings as kept
from script.demo_world.kept_recordings import kept_recordings
from script.demo_world.recordings import RecordingError, recordings_mark
from script.demo_world.world import ZONE

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _filmed(monkeypatch: pytest.MonkeyPatch) -> None:
    def film(media: Path, day: date, _: object) -> None:
        (media / "driveway").mkdir()
        (media / "driveway" / "clip.mp4").write_text(day.isoformat(), encoding="utf-8")

    monkeypatch.setattr(kept, "film_day", film)


def _clip(root: Path, day: date) -> Path:
    with kept_recordings(root, day, ZONE) as recordings:
        return recordings.media_folder / "driveway" / "clip.mp4"


def test_the_same_day_is_filmed_once(tmp_path: Path) -> None:
    """The second copy, beside the first or after it, finds the day there."""
    with kept_recordings(tmp_path, MONDAY, ZONE) as first:
        assert not first.reused
        with kept_recordings(tmp_path, MONDAY, ZONE) as second:
            assert second.reused
            assert second.media_folder == first.media_folder
    with kept_recordings(tmp_path, MONDAY, ZONE) as third:
        assert third.reused
    assert _clip(tmp_path, MONDAY).read_text(encoding="utf-8") == "2026-11-23"


def test_another_day_leaves_alone_what_is_in_use(tmp_path: Path) -> None:
    """A copy begun before midnight keeps its recordings; unused ones make room."""
    with ExitStack() as monday:
        monday.enter_context(kept_recordings(tmp_path, MONDAY, ZONE))
        old = _clip(tmp_path, MONDAY)
        new = _clip(tmp_path, TUESDAY)
        assert old.exists()
        assert new.exists()
    _clip(tmp_path, TUESDAY)
    assert not old.exists()
    assert new.exists()


def test_two_that_begin_at_once_film_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The later one waits for the film of the earlier one."""
    filming, go_on = Event(), Event()
    films: list[date] = []

    def slowly(_: Path, day: date, __: object) -> None:
        films.append(day)
        filming.set()
        assert go_on.wait(10)

    monkeypatch.setattr(kept, "film_day", slowly)
    seen: Queue[bool] = Queue()

    def run() -> None:
        with kept_recordings(tmp_path, MONDAY, ZONE) as recordings:
            seen.put(recordings.reused)

    threads = [Thread(target=run), Thread(target=run)]
    for thread in threads:
        thread.start()
    assert filming.wait(10)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert films == [MONDAY]
    assert sorted([seen.get(timeout=1), seen.get(timeout=1)]) == [False, True]


def test_one_that_looked_too_early_waits_for_the_film_alone(tmp_path: Path) -> None:
    """Not for the end of who filmed: that one holds the recordings until then."""
    folder = tmp_path / f"{MONDAY.isoformat()}.{recordings_mark(ZONE)}"
    folder.mkdir()
    seen: Queue[bool] = Queue()

    def run() -> None:
        with kept_recordings(tmp_path, MONDAY, ZONE) as recordings:
            seen.put(recordings.reused)

    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, fcntl.LOCK_SH)
        later = Thread(target=run, daemon=True)
        later.start()
        with pytest.raises(Empty):
            seen.get(timeout=0.3)
        (folder / ".complete").touch()
        assert seen.get(timeout=10)
    finally:
        os.close(opened)
    later.join(10)


def test_what_broke_off_is_filmed_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a day is never taken for a day."""

    def breaks_off(media: Path, *_: object) -> None:
        (media / "driveway").mkdir()
        (media / "driveway" / "half.mp4").touch()
        raise RecordingError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(kept, "film_day", breaks_off)
        with pytest.raises(RecordingError, match="disk full"):
            _clip(tmp_path, MONDAY)
    clip = _clip(tmp_path, MONDAY)
    assert [file.name for file in clip.parent.iterdir()] == ["clip.mp4"]


def test_a_folder_of_somebody_else_stays(tmp_path: Path) -> None:
    """Only folders that the demo itself names are cleared away."""
    mine = tmp_path / "2026-11-23"
    mine.mkdir()
    _clip(tmp_path, TUESDAY)
    assert mine.exists()
