"""Find a window in 100,000 recordings: the index against walking the tree with `find`.

Two layouts, made in memory where there is some: a folder per hour, and all in one.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import statistics
import subprocess
import tempfile
import time

from custom_components.clip_consent.core.models import Camera, Window
from custom_components.clip_consent.home.sources.folder import FolderSource

from .lag import lag_row, watched
from .loop_lag import Lag
from .measure import Measure

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECONDS = 10
FILES = 100_000
REPEAT = 15
LAYOUTS = {
    "a folder per hour": ("frigate", "%Y-%m-%d/%H/front/%M.%S.ts"),
    "one folder": ("automatic", "front_%Y%m%d_%H%M%S.ts"),
}


def record(root: Path, form: str, count: int) -> None:
    """Write recordings without a break until noon, last written to at their end."""
    folders: dict[str, int] = {}
    for number in range(count):
        start = NOON.timestamp() - SECONDS * (count - number)
        folder, _, name = time.strftime(form, time.gmtime(start)).rpartition("/")
        if folder not in folders:
            (root / folder).mkdir(parents=True, exist_ok=True)
            folders[folder] = os.open(root / folder, os.O_RDONLY)
        file = os.open(name, os.O_WRONLY | os.O_CREAT, dir_fd=folders[folder])
        os.write(file, b"film")
        os.utime(file, (start + SECONDS,) * 2)
        os.close(file)
    for folder, opened in folders.items():
        os.close(opened)
        os.utime(root / folder, (NOON.timestamp(),) * 2)


def walk(root: Path) -> int:
    """Return how many recordings `find` lists."""
    found = subprocess.run(
        ["find", root, "-type", "f", "-name", "*.ts"], check=True, capture_output=True
    )
    return found.stdout.count(b"\n")


async def timed[T](call: Callable[[], Coroutine[None, None, T]]) -> float:
    """Return the time of a call, in seconds."""
    began = time.perf_counter()
    await call()
    return time.perf_counter() - began


async def measure(
    place: Path, layout: str, count: int, repeat: int, lags: list[Lag]
) -> dict[str, float]:
    """Return the times of one layout, in seconds, and the ratio."""
    naming, form = LAYOUTS[layout]
    root = place / "recordings"
    root.mkdir()
    record(root, form, count)

    async def probe(path: str) -> float:
        return float(SECONDS)

    async def find_tool() -> int:
        return await asyncio.to_thread(walk, root)

    source = FolderSource(index_path=place / "index.db", probe=probe, time_zone="UTC")
    camera = Camera(
        camera_id="front",
        name="Front",
        indoor=False,
        offered=True,
        source_kind="folder",
        source={"folder": str(root), "naming": naming, "camera": "front"},
    )
    start = NOON - timedelta(seconds=count * SECONDS * 0.7)
    asked = Window(start=start, end=start + timedelta(minutes=5))

    async def search() -> int:
        return len(await source.async_find(camera, asked))

    try:
        assert await find_tool() == count
        await search()  # the first one makes the index
        assert await search() >= 30
        indexed, walked = [], []
        for _ in range(repeat):
            async with watched(lags):
                indexed.append(await timed(search))
                await asyncio.sleep(0.05)
            walked.append(await timed(find_tool))
    finally:
        await source.async_close()
    ours, theirs = statistics.median(indexed), statistics.median(walked)
    return {"find": theirs, "indexed": ours, "ratio": ours / theirs}


def run() -> list[Measure]:
    """Measure both layouts; the slower one counts."""
    shared = Path("/dev/shm")  # noqa: S108
    memory = shared if os.access(shared, os.W_OK) else None
    results = {}
    lags: list[Lag] = []
    for layout in LAYOUTS:
        with tempfile.TemporaryDirectory(dir=memory) as place:
            results[layout] = asyncio.run(
                measure(Path(place), layout, FILES, REPEAT, lags)
            )
    return [
        Measure(
            what="find a window in 100,000 recordings, indexed",
            against="walking the tree with `find`",
            wanted=0.05,
            measured=max(figures["ratio"] for figures in results.values()),
            figures="; ".join(
                f"{layout}: {figures['indexed'] * 1e3:.1f} ms to"
                f" {figures['find'] * 1e3:.0f} ms"
                for layout, figures in results.items()
            ),
        ),
        lag_row("finding a window in 100,000 recordings", lags),
    ]
