"""Five hundred damaged recordings: a clear error or a correct draft, in bounded space.

Never a hang, a crash, or more than 300 MiB in an ffmpeg or in this process, whether
pictures are copied, the start is encoded anew, some of the picture is filled, or all of
it is made playable.
"""

import asyncio
from collections import Counter
from datetime import timedelta
from enum import StrEnum
import hashlib
from pathlib import Path
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError, SourceError
from custom_components.clip_consent.core.limits import CLIP_MAX_SECONDS
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Draft, Piece
from custom_components.clip_consent.home.media import Media
from custom_components.clip_consent.home.media.verify import verify_film

from .damage import Damaged, damaged
from .drafting import ZERO, choice
from .memory import MAX_MEMORY, Peak, watched
from .recordings import Recordings, ffmpeg

FILES: Final = 500
SHARE: Final = 25  # files of one test
AT_ONCE: Final = 3
SECONDS: Final = 240.0  # that a file may take on a busy machine; alone, two
_CASES: Final = "abcdefghijklmnopqrstuvwxyz234567"
_MASK: Final = Region(left=0, top=0, right=5000, bottom=10_000)
_BLACK: Final = 40  # brightest that counts as black: what a codec makes of its edges


class Way(StrEnum):
    """How a draft is made."""

    COPIED = "copied"
    EXACT = "exact"
    MASKED = "masked"
    PLAYABLE = "playable"


# Of each thirteen files: a number that divides neither the kinds of files nor of damage.
WAYS: Final = (
    *(Way.COPIED, Way.EXACT, Way.MASKED, Way.COPIED, Way.EXACT, Way.COPIED, Way.MASKED),
    *(Way.EXACT, Way.COPIED, Way.PLAYABLE, Way.EXACT, Way.MASKED, Way.COPIED),
)


class Tally:
    """What came of the files."""

    def __init__(self) -> None:
        self.errors: Counter[str] = Counter()
        self.drafts: Counter[Way] = Counter()
        self.pictures = 0
        self.faults: list[str] = []


async def _probe(media: Media, piece: Piece, tally: Tally) -> None:
    try:
        await media.async_probe(piece.path)
    except (MediaError, SourceError) as err:
        tally.errors[err.code] += 1


async def _draft(
    media: Media, piece: Piece, case_id: str, tally: Tally, way: Way
) -> None:
    """Make a draft; check it from its bytes alone, as if nothing were known of it."""
    try:
        draft = await media.async_draft(
            case_id=case_id,
            choice=choice(
                3.3, 5.5, playable=way is Way.PLAYABLE, exact=way is Way.EXACT
            ),
            pieces=[piece],
            max_seconds=CLIP_MAX_SECONDS,
            progress=lambda _: None,
            masks=(_MASK,) if way is Way.MASKED else (),
        )
    except (MediaError, SourceError) as err:
        tally.errors[err.code] += 1
        return
    tally.drafts[way] += 1
    assert await media.async_digest(case_id, draft) == draft.sha256
    path = media.path(case_id, draft.file.rpartition("/")[2])
    film = await asyncio.to_thread(verify_film, path, audio=False)
    assert (film.sha256, film.frames) == (draft.sha256, draft.frames)
    _check_span(draft, way)
    assert ("masked" in draft.changes) is (way is Way.MASKED)
    if way in (Way.MASKED, Way.PLAYABLE):
        assert "re_encoded" in draft.changes
    if way is Way.MASKED:
        await asyncio.to_thread(_check_masked, path, draft)
    await media.async_remove_case(case_id)


def _check_span(draft: Draft, way: Way) -> None:
    assert draft.frames > 0
    assert draft.window.end <= ZERO + timedelta(seconds=5.501)
    assert 0 < draft.window.seconds <= CLIP_MAX_SECONDS + 1
    if way is not Way.COPIED:
        assert draft.window.start >= ZERO + timedelta(seconds=3.299)


def _check_masked(path: Path, draft: Draft) -> None:
    """Nothing shines through what is filled, and the original is what it is said."""
    seen = ffmpeg(
        *("-ignore_editlist", "1", "-i", path, "-fps_mode", "passthrough", "-vf"),
        *("crop=iw/2-8:ih:0:0,extractplanes=y", "-f", "rawvideo", "-"),
    )
    assert seen
    assert max(seen) <= _BLACK
    original = path.with_name(f"{draft.original}.original.mp4")
    assert hashlib.sha256(original.read_bytes()).hexdigest() == draft.original


async def _try(
    number: int, made: Damaged, folder: Path, media: Media, tally: Tally
) -> None:
    path = folder / f"{number}{made.suffix}"
    path.write_bytes(made.data)
    piece = Piece(path=str(path), start=ZERO, seconds=12.0)
    case_id = "".join(_CASES[number >> bit & 1] for bit in range(26))
    try:
        async with asyncio.timeout(SECONDS):
            await _probe(media, piece, tally)
            times = [ZERO + timedelta(seconds=at) for at in (0.0, 4.6)]
            found = await media.async_thumbnails([piece] * 2, times)
            tally.pictures += sum(picture is not None for picture in found)
            await _draft(media, piece, case_id, tally, WAYS[number % len(WAYS)])
    except Exception as err:  # noqa: BLE001
        tally.faults.append(f"{made.name}: {err!r}")
    finally:
        path.unlink()


@pytest.mark.parametrize("first", range(0, FILES, SHARE))
async def test_five_hundred_damaged_recordings(
    recordings: Recordings, tmp_path: Path, first: int
) -> None:
    """Each ends in a typed error or in a draft that holds nothing else."""
    files = damaged(recordings, range(first, first + SHARE))
    media = Media(ffmpeg="ffmpeg", folder=tmp_path / "drafts", jobs=AT_ONCE)
    tally, most, peak = Tally(), dict[str, int](), Peak()
    numbered = enumerate(files, first)

    async def work() -> None:
        for number, made in numbered:
            await _try(number, made, tmp_path, media, tally)

    async with watched(most), asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    assert not tally.faults, tally.faults
    used = tally.drafts.total() + tally.pictures
    assert used > SHARE // 4  # much can still be used
    assert len(tally.drafts) > 1  # in more ways than one
    assert tally.errors
    assert 10 * 2**20 < most["child"] < MAX_MEMORY
    assert peak.grown() < MAX_MEMORY
    assert not list((tmp_path / "drafts").rglob(".work-*"))
