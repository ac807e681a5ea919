"""A damaged spot in a recording: no draft claims a time that it has no pictures of."""

from pathlib import Path
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.home.media.remux import read_cut
from custom_components.clip_consent.home.media.verify import verify_film

from .drafting import Drafting, drafting, span
from .recordings import RATE, SECONDS, Recordings, ffmpeg, recordings

__all__ = ["drafting", "recordings"]  # fixtures, used by name

_ROUNDS: Final = 4  # of the recording, one after the other
_SECONDS: Final = _ROUNDS * SECONDS
_PICTURES: Final = round(_SECONDS * RATE)
_MASK: Final = Region(left=0, top=7000, right=10_000, bottom=10_000)
# Less than a tenth of all, from a key frame on, in one place.
_FAR: Final = {
    "start": range(75),
    "midst": range(600, 675),
    "end": range(_PICTURES - 75, _PICTURES),
}


def spoilt(made: Recordings, lost: range, folder: Path) -> Path:
    """Return 48 s of H.264 with zeros where some pictures were."""
    rounds = folder / "rounds.mp4"
    source = ("-stream_loop", str(_ROUNDS - 1), "-i", made["silent.mp4"])
    ffmpeg(*source, "-c", "copy", rounds)
    track = read_cut(rounds)
    assert len(track.sizes) == _PICTURES
    data = bytearray(rounds.read_bytes())
    for number in lost:
        at, size = track.offsets[number], track.sizes[number]
        data[at : at + size] = bytes(size)
    path = folder / "spoilt.mp4"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("masks", [(), (_MASK,)], ids=["playable", "masked"])
@pytest.mark.parametrize("place", _FAR)
async def test_no_picture_stands_for_what_cannot_be_decoded(
    drafting: Drafting, tmp_path: Path, place: str, masks: tuple[Region, ...]
) -> None:
    """Three seconds without a picture, or shown three too early, are not claimed."""
    path = spoilt(drafting.recordings, _FAR[place], tmp_path)
    with pytest.raises(MediaError, match="recording_unreadable"):
        await drafting(path, 0.0, _SECONDS, playable=not masks, masks=masks)


@pytest.mark.parametrize("masks", [(), (_MASK,)], ids=["playable", "masked"])
async def test_a_small_spot_costs_its_pictures_alone(
    drafting: Drafting, tmp_path: Path, masks: tuple[Region, ...]
) -> None:
    """What is left can still be had, masked too, and stands still for a moment only."""
    path = spoilt(drafting.recordings, range(600, 615), tmp_path)
    draft = await drafting(path, 22.0, 30.0, playable=not masks, masks=masks)
    assert span(draft) == (22.0, 30.0)
    assert draft.frames == 8 * RATE - 15
    assert ("masked" in draft.changes) is bool(masks)
    film = verify_film(drafting.file(draft), audio=False)
    assert film.longest == pytest.approx(16 / RATE, abs=0.001)


@pytest.mark.parametrize("exact", [False, True])
async def test_a_copy_of_a_spot_tells_what_helps(
    drafting: Drafting, tmp_path: Path, *, exact: bool
) -> None:
    """It would lack pictures that it lists: a playable copy may do without them."""
    path = spoilt(drafting.recordings, range(611, 612), tmp_path)
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(path, 22.5, 30.0, exact=exact)


async def test_masks_need_no_copy(drafting: Drafting, tmp_path: Path) -> None:
    """Whatever a copy fails by: the original is decoded then, as the film is."""
    binary = tmp_path / "no-copy"
    binary.write_text(
        '#!/bin/bash\n[[ "$*" == *make_zero* ]] && exit 1\nexec ffmpeg "$@"\n'
    )
    binary.chmod(0o755)
    other = Drafting(drafting.recordings, drafting.folder, str(binary))
    with pytest.raises(MediaError, match="media_failed"):
        await other("silent.mp4", 1.0, 2.0)
    draft = await other("silent.mp4", 1.0, 2.0, masks=(_MASK,))
    assert draft.frames == RATE
    assert "masked" in draft.changes
