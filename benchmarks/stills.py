"""A hundred pictures of a 12-hour window, against ffmpeg told by hand.

The window lies in recordings of a minute each. Several commands are tried that somebody
who knows ffmpeg well would write; the fastest of them is what ours is held against.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import batched
import os
from pathlib import Path
import shutil
import statistics
import subprocess
import tempfile
import time
from typing import Final

from custom_components.clip_consent.core.models import Piece
from custom_components.clip_consent.home.media import Media

from .draft import record
from .lag import lag_row, watched
from .loop_lag import Lag
from .measure import Measure

NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOURS: Final = 12
COUNT: Final = 100
REPEAT: Final = 3
# At the same priority, or a busy machine would tell them apart.
_FFMPEG: Final = (
    *("nice", "-n", "10", "ffmpeg", "-nostdin", "-v", "error", "-y"),
    *("-filter_threads", "1"),
)
_KEYS: Final = ("-skip_frame", "nokey", "-threads", "1")
_SMALL: Final = ("-vf", "scale=320:-2", "-q:v", "4", "-threads", "1")

type _Moment = tuple[int, Path, float]  # number, recording, seconds into it


def _inputs(moments: Sequence[_Moment], folder: Path) -> list[str]:
    """Return the command that opens each recording by itself."""
    command = list(_FFMPEG)
    for _, path, seconds in moments:
        command += [*_KEYS, "-noaccurate_seek", "-ss", f"{seconds}", "-i", str(path)]
    for place, (number, _, _) in enumerate(moments):
        command += ["-map", f"{place}:v:0", "-frames:v", "1", *_SMALL]
        command.append(str(folder / f"{number}.jpg"))
    return command


def _listed(moments: Sequence[_Moment], folder: Path) -> list[str]:
    """Return the command that reads the recordings as one, by a list of them."""
    first = moments[0][0]
    lines = ["ffconcat version 1.0"]
    for _, path, seconds in moments:
        until = f"outpoint {seconds + 0.1}"
        lines += [f"file '{path}'", f"inpoint {seconds}", until, "duration 1000"]
    told = folder / f"{first}.txt"
    told.write_text("\n".join(lines))
    return [
        *(*_FFMPEG, *_KEYS, "-f", "concat", "-safe", "0", "-i", str(told)),
        *("-map", "0:v:0", "-fps_mode", "passthrough", *_SMALL),
        str(folder / f"{first}-%d.jpg"),
    ]


PEERS: Final = {
    "one command": (_inputs, COUNT),
    "two commands at a time": (_inputs, COUNT // 2),
    "ten pictures a command, two at a time": (_inputs, 10),
    "a command each, two at a time": (_inputs, 1),
    "two lists at a time": (_listed, COUNT // 2),
}


def bare(
    moments: Sequence[_Moment],
    folder: Path,
    told: Callable[[Sequence[_Moment], Path], list[str]],
    each: int,
) -> float:
    """Return how long ffmpeg takes, two processes at a time."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    begun = time.perf_counter()
    commands = [told(part, folder) for part in batched(moments, each, strict=False)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda command: subprocess.run(command, check=True), commands))
    seconds = time.perf_counter() - begun
    assert len(list(folder.glob("*.jpg"))) >= COUNT
    return seconds


async def _measure(place: Path) -> list[Measure]:
    record(place / "recording.mp4")
    (place / "recording.mp4").unlink()
    pieces = []
    for minute in range(60 * HOURS):
        path = place / f"{minute}.mp4"
        os.link(place / "minute.mp4", path)
        start = NOON + timedelta(minutes=minute)
        pieces.append(Piece(path=str(path), start=start, seconds=60.0))
    step = HOURS * 3600 / COUNT
    times = [NOON + timedelta(seconds=number * step + 1.3) for number in range(COUNT)]
    lying = [pieces[int((at - NOON).total_seconds() // 60)] for at in times]
    moments = [
        (number, Path(piece.path), (at - piece.start).total_seconds())
        for number, (piece, at) in enumerate(zip(lying, times, strict=True))
    ]
    media = Media(ffmpeg="ffmpeg", folder=place / "drafts")
    ours: list[float] = []
    lags: list[Lag] = []
    theirs: dict[str, list[float]] = {name: [] for name in PEERS}
    for _ in range(REPEAT):
        async with watched(lags):
            begun = time.perf_counter()
            found = await media.async_thumbnails(lying, times)
            ours.append(time.perf_counter() - begun)
        assert all(found)
        for name, (told, each) in PEERS.items():
            theirs[name].append(
                await asyncio.to_thread(bare, moments, place / "bare", told, each)
            )
    medians = {name: statistics.median(each) for name, each in theirs.items()}
    fastest = min(medians, key=lambda name: medians[name])
    median, best = statistics.median(ours), medians[fastest]
    others = "; ".join(f"{name} {each * 1e3:.0f} ms" for name, each in medians.items())
    return [
        Measure(
            what="100 thumbnails of a 12-hour window",
            against="the fastest of five ways to tell ffmpeg so",
            wanted=1.0,
            measured=median / best,
            figures=f"{median * 1e3:.0f} ms to {best * 1e3:.0f} ms; {others}",
        ),
        lag_row("100 thumbnails", lags),
    ]


def run() -> list[Measure]:
    """Measure."""
    shared = Path("/dev/shm")  # noqa: S108
    memory = shared if os.access(shared, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as place:
        return asyncio.run(_measure(Path(place)))
