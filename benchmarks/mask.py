"""A minute of 1080p with regions filled: ours, against the same filter run bare."""

import asyncio
from datetime import timedelta
import os
from pathlib import Path
import statistics
import tempfile
import time
from typing import Final

from custom_components.clip_consent.core.limits import CLIP_MAX_SECONDS
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Choice, Draft, Piece, Window
from custom_components.clip_consent.home.media import Media

from .draft import CASE, MINUTES, NOON, Watched, bare, record
from .lag import lag_row, watched
from .loop_lag import Lag
from .measure import Measure

REPEAT: Final = 5
MASKS: Final = (
    Region(left=0, top=0, right=2500, bottom=3000),
    Region(left=7000, top=6500, right=9000, bottom=10_000),
)


async def ours(
    recording: Path, folder: Path, lags: list[Lag]
) -> tuple[float, list[list[str]], Draft]:
    """Return how long a whole draft takes, and what was run for it."""
    media = Media(ffmpeg="ffmpeg", folder=folder / "drafts")
    seen = media._ffmpeg = Watched("ffmpeg")
    start = NOON + timedelta(minutes=5)
    window = Window(start=start, end=start + timedelta(seconds=60))
    async with watched(lags):
        begun = time.perf_counter()
        draft = await media.async_draft(
            case_id=CASE,
            choice=Choice(camera_id="front", window=window),
            pieces=[Piece(path=str(recording), start=NOON, seconds=60.0 * MINUTES)],
            max_seconds=CLIP_MAX_SECONDS,
            progress=lambda _: None,
            masks=MASKS,
        )
        seconds = time.perf_counter() - begun
    await media.async_remove_case(CASE)
    return seconds, seen.commands, draft


def _processor_seconds() -> float:
    """Return how long processors have worked for us and for what we ran."""
    return sum(os.times()[:4])


async def _measure(place: Path) -> list[Measure]:
    recording = place / "recording.mp4"
    record(recording)
    work = place / "bare"
    work.mkdir()
    whole: list[float] = []
    plain: list[float] = []
    lags: list[Lag] = []
    # Once unmeasured: it tells the command, and each side finds the disk warm.
    _, commands, draft = await ours(recording, place, [])
    filtered = [each for each in commands if any("drawbox" in w for w in each)]
    assert len(filtered) == 1
    work_done: dict[bool, float] = {True: 0.0, False: 0.0}
    for number in range(REPEAT):
        # Now the one first, now the other: a load that grows or falls favours neither.
        for bare_one in (number % 2 == 0, number % 2 == 1):
            begun = _processor_seconds()
            if bare_one:
                plain.append(await asyncio.to_thread(bare, filtered, recording, work))
            else:
                whole.append((await ours(recording, place, lags))[0])
            work_done[bare_one] += _processor_seconds() - begun
    median = statistics.median
    # Of each pair: what a minute's load makes slow, it makes slow in both.
    ratios = [drafted / run for drafted, run in zip(whole, plain, strict=True)]
    return [
        Measure(
            what="masked 60 s of 1080p, whole draft",
            against="the same filter and encoder run bare",
            wanted=1.2,
            measured=median(ratios),
            figures=f"{median(whole):.1f} s to {median(plain):.1f} s, the median of"
            f" {REPEAT} pairs; {work_done[False] / work_done[True]:.2f} × the work of"
            " processors;"
            f" {draft.frames} pictures, the unmasked original kept too",
        ),
        lag_row("a masked draft", lags),
    ]


def run() -> list[Measure]:
    """Measure."""
    with tempfile.TemporaryDirectory() as place:
        return asyncio.run(_measure(Path(place)))
