"""A minute out of ten of 1080p: ours, against the same ffmpeg commands run bare."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import re
import statistics
import subprocess
import tempfile
import time
from typing import Any, override
from unittest.mock import patch

from custom_components.clip_consent.core.limits import CLIP_MAX_SECONDS
from custom_components.clip_consent.core.models import Choice, Draft, Piece, Window
from custom_components.clip_consent.home.media import Media, filming
from custom_components.clip_consent.home.media.ffmpeg import Ffmpeg, Run
from custom_components.clip_consent.home.media.remux import write_film

from .lag import lag_row, watched
from .loop_lag import Lag
from .measure import Measure

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CASE = "k5x2mzq7w3d4a6bnt2h5c7e3ya"
REPEAT = 9
CUT = "stream-copy cut of 60 s from 10 min 1080p"
# What anybody would type. It keeps the sound, and what lies before the start hidden.
PLAIN = ["-ss", "301", "-to", "361", "-i", "file:/proc/self/fd/0", "-c", "copy"]
MINUTES = 10
_QUIET = ("-nostdin", "-hide_banner", "-nostats", "-y")
_INPUT = re.compile(r"file:/proc/self/fd/\d+")


class Watched(Ffmpeg):
    """An ffmpeg that keeps what it was told to do, and how long it took."""

    def __init__(self, binary: str) -> None:
        """Begin with nothing."""
        super().__init__(binary)
        self.commands: list[list[str]] = []
        self.seconds: list[float] = []

    @override
    async def async_run(self, arguments: Sequence[str], **how: Any) -> Run:
        begun = time.perf_counter()
        run = await super().async_run(arguments, **how)
        self.seconds.append(time.perf_counter() - begun)
        self.commands.append(list(arguments))
        return run


@contextmanager
def timed_writing(took: list[float]) -> Iterator[None]:
    """Note how long it takes to choose what is kept of the pictures, and write that."""

    def writing(*what: Any) -> None:
        begun = time.perf_counter()
        write_film(*what)
        took.append(time.perf_counter() - begun)

    with patch.object(filming, "write_film", writing):
        yield


def record(path: Path) -> None:
    """Make ten minutes of a busy street: a minute coded, ten times over."""
    minute = path.with_name("minute.mp4")
    quiet = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
    subprocess.run(
        [
            *(*quiet, "-f", "lavfi", "-i", "testsrc2=size=1920x1080:rate=25"),
            *("-f", "lavfi", "-i", "sine=sample_rate=48000", "-t", "60"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-b:v", "5M", "-bf", "0"),
            *("-g", "50", "-sc_threshold", "0", "-pix_fmt", "yuv420p"),
            *("-c:a", "aac", minute),
        ],
        check=True,
    )
    loop = ["-stream_loop", str(MINUTES - 1), "-i", str(minute), "-c", "copy"]
    loop.append(str(path))
    subprocess.run(quiet + loop, check=True)


def worked() -> float:
    """Return how long processors have worked for what was started here."""
    done = os.times()
    return done.children_user + done.children_system


def bare(commands: Sequence[Sequence[str]], recording: Path, folder: Path) -> float:
    """Return how long the commands take by themselves."""
    begun = time.perf_counter()
    for command in commands:
        told = [_INPUT.sub(f"file:{recording}", word) for word in command]
        subprocess.run(
            # At the same priority, or a busy machine would tell them apart.
            ["nice", "-n", "10", "ffmpeg", *_QUIET, *told],
            check=True,
            cwd=folder,
            capture_output=True,
        )
    return time.perf_counter() - begun


async def ours(
    recording: Path, folder: Path, lags: list[Lag]
) -> tuple[float, Watched, Draft, float]:
    """Return how long a whole draft takes, what was run for it; how long writing it."""
    media = Media(ffmpeg="ffmpeg", folder=folder / "drafts")
    seen = media._ffmpeg = Watched("ffmpeg")
    start = NOON + timedelta(minutes=5, seconds=1)
    window = Window(start=start, end=start + timedelta(seconds=60))
    piece = Piece(path=str(recording), start=NOON, seconds=60.0 * MINUTES)
    writing = list[float]()
    with timed_writing(writing):
        async with watched(lags):
            begun = time.perf_counter()
            draft = await media.async_draft(
                case_id=CASE,
                choice=Choice(camera_id="front", window=window),
                pieces=[piece],
                max_seconds=CLIP_MAX_SECONDS,
                progress=lambda _: None,
            )
            seconds = time.perf_counter() - begun
    await media.async_remove_case(CASE)
    return seconds, seen, draft, sum(writing)


async def _measure(place: Path) -> list[Measure]:
    recording = place / "recording.mp4"
    record(recording)
    lags: list[Lag] = []
    _, seen, draft, _ = await ours(recording, place, lags)
    commands = seen.commands
    cut = next(n for n, each in enumerate(commands) if "0.mp4" in each)
    work = place / "bare"
    work.mkdir()
    whole, plain, cuts = list[float](), list[float](), list[float]()
    plain_cuts, copies = list[float](), list[float]()
    written = list[float]()
    work_done = {"cut": 0.0, "copy": 0.0}
    # The preview is made of the finished film: the bare way gets the cut as one.
    bare(commands[cut : cut + 1], recording, work)
    (work / "0.mp4").rename(work / "film.mp4")
    for _ in range(REPEAT):
        seconds, seen, _, writing = await ours(recording, place, lags)
        whole.append(seconds)
        cuts.append(seen.seconds[cut])
        written.append(seen.seconds[cut] + writing)
        plain.append(await asyncio.to_thread(bare, commands, recording, work))
        for name, command, seconds_of in (
            ("cut", commands[cut], plain_cuts),
            ("copy", [*PLAIN, "copy.mp4"], copies),
        ):
            before = worked()
            seconds_of.append(await asyncio.to_thread(bare, [command], recording, work))
            work_done[name] += worked() - before
    median = statistics.median
    about = f"{draft.frames} pictures, {draft.size / 2**20:.0f} MiB"
    return [
        Measure(
            what=CUT,
            against="the same ffmpeg command called directly",
            wanted=1.3,
            measured=median(cuts) / median(plain_cuts),
            figures=f"{median(cuts) * 1e3:.0f} ms to {median(plain_cuts) * 1e3:.0f} ms;"
            f" {about}",
        ),
        Measure(
            what=f"{CUT}, against a plain copy",
            against="`ffmpeg -ss … -to … -i … -c copy` called directly",
            wanted=1.3,
            measured=median(
                one / other for one, other in zip(written, copies, strict=True)
            ),
            figures=f"{median(written) * 1e3:.0f} ms to {median(copies) * 1e3:.0f} ms,"
            f" the median of {REPEAT} pairs; ffmpeg alone does"
            f" {work_done['cut'] / work_done['copy']:.2f} × the work of processors."
            " In our time is to choose, unit by unit, what is kept of the pictures, and"
            " to write the film of that:"
            f" {(median(written) - median(cuts)) * 1e3:.0f} ms. Not in it: the list of"
            " the pictures before, and the check behind: see the whole draft",
        ),
        Measure(
            what="whole draft (cut, strip, check, sheet, hash)",
            against="the same ffmpeg commands run bare",
            wanted=1.5,
            measured=median(whole) / median(plain),
            figures=f"{median(whole) * 1e3:.0f} ms to {median(plain) * 1e3:.0f} ms;"
            f" {len(commands)} commands",
        ),
        lag_row("drafts that are copied", lags),
    ]


def run() -> list[Measure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as place:
        return asyncio.run(_measure(Path(place)))
