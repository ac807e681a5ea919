"""Find a window in 100,000 recordings: the index against walking the tree with `find`.

Wanted: at most 0.05 times as long. Two layouts, made in memory where there is some:
a folder per hour, and all in one folder. `--json FILE` writes the figures.
"""

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
import json
import os
from pathlib import Path
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from custom_components.clip_consent.core.models import Camera, Window
from custom_components.clip_consent.home.sources.folder import FolderSource

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECONDS = 10
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


async def timed[T](repeat: int, call: Callable[[], Coroutine[None, None, T]]) -> float:
    """Return the median time of a call, in seconds."""
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        await call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


async def measure(
    place: Path, layout: str, count: int, repeat: int
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
        cold = await timed(1, search)
        assert await search() >= 30
        scan = await timed(1, lambda: source.async_scan(camera))
        indexed = await timed(repeat, search)
        walked = await timed(repeat, find_tool)
    finally:
        await source.async_close()
    return {
        "find": walked,
        "indexed": indexed,
        "ratio": indexed / walked,
        "first search": cold,
        "whole scan": scan,
    }


def main() -> None:
    """Measure, print, and write down if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    shared = Path("/dev/shm")  # noqa: S108
    memory = shared if os.access(shared, os.W_OK) else None
    results = {}
    for layout in LAYOUTS:
        with tempfile.TemporaryDirectory(dir=memory) as place:
            results[layout] = asyncio.run(
                measure(Path(place), layout, args.files, args.repeat)
            )
        figures = results[layout]
        print(
            f"{layout}: find {figures['find'] * 1e3:.1f} ms,"
            f" indexed {figures['indexed'] * 1e3:.1f} ms,"
            f" ratio {figures['ratio']:.3f} (wanted 0.05 at most);"
            f" first search {figures['first search'] * 1e3:.0f} ms,"
            f" whole scan {figures['whole scan'] * 1e3:.0f} ms"
        )
    if args.json:
        args.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
