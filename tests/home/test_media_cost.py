"""What drafts cost: one at a time, progress that only grows, room, and tidying up."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
import os
from pathlib import Path
import shutil
import signal
import subprocess
import sys

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.limits import CLIP_MAX_SECONDS
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Draft, Piece
from custom_components.clip_consent.core.ports import Bring, Progress
from custom_components.clip_consent.home.media import Media

from .drafting import CASE, Drafting, choice

OTHER = "z" * 26
REGION = Region(left=0, top=0, right=5000, bottom=5000)


async def _draft(
    drafting: Drafting,
    media: Media,
    bring: Bring | None = None,
    *,
    case_id: str = CASE,
    masks: Sequence[Region] = (),
    progress: Progress = lambda _: None,
) -> Draft:
    return await media.async_draft(
        case_id=case_id,
        choice=choice(3.3, 5.5),
        pieces=drafting.pieces("silent.mp4"),
        max_seconds=CLIP_MAX_SECONDS,
        progress=progress,
        masks=masks,
        bring=bring,
    )


def _bringing(drafting: Drafting, told: Sequence[float], asked: list[int]) -> Bring:
    """Return what copies the recording into the folder, telling those progresses."""

    async def bring(
        folder: Path, max_bytes: int, progress: Progress
    ) -> tuple[Piece, ...]:
        asked.append(max_bytes)
        (piece,) = drafting.pieces("silent.mp4")
        brought = folder / "brought.mp4"
        shutil.copy(piece.path, brought)
        for done in told:
            progress(done)
        return (Piece(path=str(brought), start=piece.start, seconds=piece.seconds),)

    return bring


async def test_one_draft_at_a_time(drafting: Drafting) -> None:
    """The second one does not even begin to bring its recordings."""
    begun: list[int] = []
    go_on = asyncio.Event()

    async def bring(
        folder: Path, max_bytes: int, progress: Progress
    ) -> tuple[Piece, ...]:
        begun.append(max_bytes)
        await go_on.wait()
        return tuple(drafting.pieces("silent.mp4"))

    drafting.recordings["silent.mp4"]
    cases = (CASE, OTHER)
    jobs = [
        asyncio.create_task(_draft(drafting, drafting.media, bring, case_id=case))
        for case in cases
    ]
    await asyncio.sleep(0.3)
    assert len(begun) == 1
    assert len(list(drafting.folder.rglob(".work-*"))) == 1
    jobs[0].cancel()  # and one that is cancelled makes way
    with suppress(asyncio.CancelledError):
        await jobs[0]
    go_on.set()
    assert (await jobs[1]).frames
    assert len(begun) == 2


@pytest.mark.parametrize("masks", [(), (REGION,)])
@pytest.mark.parametrize(
    "brought", [None, (0.2, 0.6, 1.0), (), (0.9, 0.1, 1.0), (5.0, -1.0)]
)
async def test_progress_never_goes_back(
    drafting: Drafting, brought: Sequence[float] | None, masks: Sequence[Region]
) -> None:
    """It grows to 1.0, whatever a source says of its part: that is the first half."""
    told: list[float] = []
    bring = None if brought is None else _bringing(drafting, brought, [])
    await _draft(drafting, drafting.media, bring, masks=masks, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert told.count(1.0) == 1
    assert min(told) >= 0
    if brought == (0.2, 0.6, 1.0):
        assert told[:3] == [0.1, 0.3, 0.5]


async def test_all_that_is_kept_counts_towards_the_quota(
    drafting: Drafting, tmp_path: Path
) -> None:
    """Drafts and originals take room from what may be brought; brought files too."""
    quota = 40 * 2**20
    media = Media(ffmpeg="ffmpeg", folder=tmp_path / "q", quota=quota, reserve=0)
    asked: list[int] = []
    bring = _bringing(drafting, (1.0,), asked)
    await _draft(drafting, media, bring, masks=(REGION,))
    kept = sum(path.stat().st_size for path in (tmp_path / "q").rglob("*.*"))
    originals = [p for p in (tmp_path / "q" / CASE).iterdir() if "original" in p.name]
    assert originals
    await _draft(drafting, media, bring, case_id=OTHER)
    assert asked == [quota, quota - kept]

    async def much(
        folder: Path, max_bytes: int, progress: Progress
    ) -> tuple[Piece, ...]:
        (folder / "brought.mp4").write_bytes(bytes(max_bytes))
        return tuple(drafting.pieces("silent.mp4"))

    with pytest.raises(MediaError, match="disk_full"):
        await _draft(drafting, media, much, case_id="y" * 26)
    assert not list((tmp_path / "q").rglob("brought*"))


KILLED = """
import asyncio, sys
from pathlib import Path
from tests.home.drafting import Drafting, choice
from tests.home.recordings import Recordings
from tests.home.test_media_cost import _draft
from custom_components.clip_consent.home.media import Media

async def bring(folder, max_bytes, progress):
    (folder / "brought.mp4").write_bytes(bytes(1000))
    (folder / "part").mkdir()
    (folder / "part" / "more.mp4").write_bytes(bytes(1000))
    print("brought", flush=True)
    await asyncio.sleep(600)

drafting = Drafting(Recordings(Path(sys.argv[1])), Path(sys.argv[2]))
asyncio.run(_draft(drafting, drafting.media, bring))
"""


async def test_what_a_killed_process_left_is_cleared_at_the_start(
    drafting: Drafting,
) -> None:
    """Of a case that goes on, its drafts stay; what was being made of it goes."""
    draft = await drafting("silent.mp4", 1.0, 2.0)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, drafting.recordings.folder, drafting.folder],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    try:
        assert await asyncio.to_thread(child.stdout.readline) == "brought\n"
    finally:
        os.kill(child.pid, signal.SIGKILL)
        await asyncio.to_thread(child.wait)
        child.stdout.close()
    assert len(list(drafting.folder.rglob("*.mp4"))) == 3
    await Media(ffmpeg="ffmpeg", folder=drafting.folder).async_clean({CASE})
    assert not list(drafting.folder.rglob(".work-*"))
    assert list(drafting.folder.rglob("*.mp4")) == [drafting.file(draft)]
    await Media(ffmpeg="ffmpeg", folder=drafting.folder).async_clean(set())
    assert not list(drafting.folder.iterdir())
