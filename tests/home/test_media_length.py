"""A clip never comes out longer than it may be, however rare the key frames are."""

from pathlib import Path

import pytest

from custom_components.clip_consent.core.errors import MediaError

from .drafting import CASE, Drafting, choice, drafting, recordings, span
from .recordings import RATE, numbers, sound_of

__all__ = ["drafting", "recordings"]  # fixtures, used by name


async def test_a_copy_that_is_too_long_is_cut_exactly(drafting: Drafting) -> None:
    """A copy would begin nine seconds early: what was asked for is decoded instead."""
    draft = await drafting("long.mp4", 9.0, 10.0, max_seconds=1)
    assert numbers(drafting.file(draft)) == list(range(225, 250))
    assert draft.seconds == pytest.approx(1.0)
    assert span(draft) == (9.0, 10.0)
    assert draft.changes == ("re_encoded", "metadata_removed")
    assert draft.choice == choice(9.0, 10.0)  # nobody chose a playable copy


async def test_a_copy_may_be_longer_than_the_choice(drafting: Drafting) -> None:
    """As long as the rule allows it, the pictures stay as the camera coded them."""
    draft = await drafting("long.mp4", 9.0, 10.0, max_seconds=10)
    assert numbers(drafting.file(draft)) == list(range(250))
    assert draft.seconds == pytest.approx(10.0)
    assert draft.changes[0] == "stream_copy"
    assert draft.choice == choice(9.0, 10.0)


@pytest.mark.parametrize("name", ["camera.mp4", "camera.mkv", "late.ts", "mjpeg.avi"])
async def test_a_copy_that_just_fits_stays_a_copy(
    drafting: Drafting, name: str
) -> None:
    """Between two key frames it is as long as it may be; rounded times do not count."""
    draft = await drafting(name, 2.0, 6.0, max_seconds=4)
    assert draft.changes[0] == "stream_copy"
    assert draft.seconds == pytest.approx(4.0, abs=0.002)


@pytest.mark.parametrize("name", ["camera.mp4", "camera.mkv", "late.ts"])
async def test_a_frame_more_is_too_long(drafting: Drafting, name: str) -> None:
    """A frame after a key frame, the copy would be one frame longer than the rule says."""
    draft = await drafting(name, 2.0 + 1 / RATE, 6.0, max_seconds=4 - 1 / RATE)
    assert draft.changes[0] == "re_encoded"
    assert numbers(drafting.file(draft))[0] == 51
    assert draft.seconds <= 4 - 1 / RATE + 0.002


async def test_sound_and_joints_are_cut_with_it(drafting: Drafting) -> None:
    """Of several recordings and with sound, it is the same."""
    pieces = drafting.recordings.segments()
    draft = await drafting(pieces, 3.0, 9.0, audio=True, max_seconds=6)
    assert numbers(drafting.file(draft)) == list(range(75, 225))
    assert draft.seconds == pytest.approx(6.0)
    assert {"re_encoded", "audio_re_encoded", "pieces_joined"} <= set(draft.changes)
    assert draft.audio
    assert sound_of(drafting.file(draft)) == []


async def test_what_nobody_chose_ends_early(drafting: Drafting) -> None:
    """The owner is asked at once: the copy begins early and ends as much earlier."""
    draft = await drafting(
        "camera.mp4", 2.0 + 5 / RATE, 6.0, max_seconds=4, may_end_early=True
    )
    early = await drafting(
        "camera.mp4", 2.0 + 5 / RATE, 6.0, max_seconds=3.8, may_end_early=True
    )
    assert draft.changes[0] == "stream_copy"
    assert span(draft) == (2.0, 6.0)  # four seconds are allowed: nothing is missing
    assert early.changes[0] == "stream_copy"
    assert "starts_at_key_frame" in early.changes
    assert span(early) == (2.0, pytest.approx(5.8, abs=2 / RATE))
    assert early.seconds <= 3.8


async def test_what_would_miss_too_much_is_cut_exactly(drafting: Drafting) -> None:
    """Where rare key frames would cost most of what was asked, it is decoded."""
    draft = await drafting("long.mp4", 9.0, 19.0, max_seconds=10, may_end_early=True)
    assert draft.changes[0] == "re_encoded"


@pytest.mark.parametrize("playable", [False, True], ids=["copy", "playable"])
async def test_what_is_still_too_long_is_no_draft(
    drafting: Drafting, playable: bool
) -> None:
    """Whatever was chosen, nothing longer than allowed is ever offered."""
    with pytest.raises(MediaError, match="draft_too_long"):
        await drafting("camera.mp4", 2.0, 6.0, max_seconds=3, playable=playable)
    assert _left(drafting.folder / CASE) == []


def _left(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []
