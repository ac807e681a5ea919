"""A hundred thousand recordings are normal."""

from collections.abc import Callable, Iterator
from datetime import timedelta
import os
from pathlib import Path
import tempfile
import time

import pytest

from custom_components.clip_consent.core.clips import runs
from custom_components.clip_consent.core.models import Window
from custom_components.clip_consent.home.sources import folder_upkeep

from .recorder import NOON, Recorder, count_calls, make, window

HUNDRED_THOUSAND = 100_000


@pytest.fixture
def vast(tmp_path: Path) -> Iterator[Callable[[str], Recorder]]:
    """Return what makes a folder of 100,000 recordings of ten seconds, in memory."""
    shared = Path("/dev/shm")
    memory = shared.is_dir() and os.access(shared, os.W_OK)
    with tempfile.TemporaryDirectory(dir=shared if memory else tmp_path) as place:

        def make(form: str) -> Recorder:
            recorder = Recorder(Path(place) / "vast")
            fill(recorder.root, form)
            recorder.now = time.time() + 3600
            return recorder

        yield make


def fill(root: Path, form: str) -> None:
    """Record without a break until noon."""
    folders: dict[str, int] = {}
    start = NOON.timestamp() - 10 * HUNDRED_THOUSAND
    for number in range(HUNDRED_THOUSAND):
        path = time.strftime(form, time.gmtime(start + 10 * number))
        folder, _, name = path.rpartition("/")
        if folder not in folders:
            (root / folder).mkdir(parents=True, exist_ok=True)
            folders[folder] = os.open(root / folder, os.O_RDONLY)
        file = os.open(name, os.O_WRONLY | os.O_CREAT, dir_fd=folders[folder])
        os.write(file, b"10")
        os.close(file)
    for folder_fd in folders.values():
        os.close(folder_fd)


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("form", "naming", "opened"),
    [
        # Of 12 days and 279 hours: the root, the day and its neighbours, the hour and
        # its neighbours, and the camera in each.
        ("%Y-%m-%d/%H/front/%M.%S.ts", "frigate", 1 + 3 + 4 + 4),
        ("front_%Y%m%d_%H%M%S.ts", "automatic", 1),
    ],
    ids=["by hour", "in one folder"],
)
async def test_a_hundred_thousand_recordings(
    request: pytest.FixtureRequest, form: str, naming: str, opened: int
) -> None:
    """A search looks at the few that matter, not at all there are."""
    recorder = request.getfixturevalue("vast")(form)
    monkeypatch = request.getfixturevalue("monkeypatch")
    source = make(recorder, request.getfixturevalue("tmp_path"))
    camera = recorder.camera(naming=naming, camera="front")
    asked = window(NOON - timedelta(hours=30, minutes=17), minutes=3)
    calls = {
        name: count_calls(monkeypatch, name, recorder.root)
        for name in ("scandir", "lstat")
    }

    async def find(asked: Window) -> tuple[int, int, int]:
        """Return how many folders were listed, files looked at, files measured."""
        recorder.probed.clear()
        for counter in calls.values():
            counter.clear()
        found = await source.async_find(camera, asked)
        assert len(found) == 18
        assert runs(found, asked) == (asked,)
        return (
            *(counter.total() for counter in calls.values()),
            recorder.probed.total(),
        )

    near = 19 + 2 * folder_upkeep._NEAREST
    try:
        folders, files, measured = await find(asked)
        assert folders <= opened
        assert 18 <= files <= near + folder_upkeep._EDGE_FILES
        assert 18 <= measured <= near
        folders, files, measured = await find(asked)
        assert (folders, measured) == (0, 0)
        assert files <= near
        await source.async_scan(camera)
        assert (await source.async_health(camera)).files == HUNDRED_THOUSAND
        folders, files, measured = await find(
            window(NOON - timedelta(days=9), minutes=3)
        )
        assert folders == 0
        assert files <= near + folder_upkeep._EDGE_FILES
        assert measured <= near
    finally:
        await source.async_close()
