"""G6 minimal: the film holds what the preview showed, and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
import subprocess

from pyrage import x25519
import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.verify import verify_film
from tests.home.drafting import Drafting, drafts, recordings
from tests.home.recordings import CANARIES, ffmpeg, hashes, numbers
from tests.manager.world import ANNA, World

__all__ = ["drafts", "recordings"]

COPIES = ["camera.mp4", "camera.mkv", "late.ts", "silent.mp4", "fragmented.mp4"]
COPIES += ["hevc.mp4", "av1.mp4", "mjpeg.avi", "varying.mkv", "hiding.mp4"]
WINDOW = (2.5, 4.9)
MADE = [
    *((name, False, False) for name in COPIES),
    *((name, True, False) for name in ("camera.mp4", "late.ts", "telephone.mkv")),
    *((name, False, True) for name in ("hevc.mp4", "mjpeg.avi", "mpeg4.avi")),
    *((name, True, True) for name in ("camera.mp4", "telephone.mkv")),
]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a running home."""
    world = World(folder=tmp_path)
    await world.boot()
    yield world
    await world.manager.async_stop()


def canaries_in(*files: Path) -> set[bytes]:
    """Return which canaries survive in files."""
    data = b"".join(file.read_bytes() for file in files)
    return {canary for canary in CANARIES if canary in data}


def inside(film: Path) -> list[str]:
    """Return what ffprobe finds in a film: streams, tags, chapters, side data."""
    return subprocess.run(
        [
            *("ffprobe", "-v", "error", "-show_streams", "-show_format"),
            *("-show_chapters", "-show_programs", str(film)),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()


@pytest.mark.parametrize(("name", "audio", "playable"), MADE)
async def test_no_canary_survives(
    drafts: Drafting, name: str, audio: bool, playable: bool
) -> None:
    """No word of recorder or encoder is in the film, the still or the sheet."""
    assert canaries_in(drafts.recordings[name])  # or the test would prove nothing
    draft = await drafts.once(name, *WINDOW, audio=audio, playable=playable)
    assert draft.still
    assert draft.sheet
    files = [drafts.folder / each for each in (draft.file, draft.still, draft.sheet)]
    assert canaries_in(*files) == set()


@pytest.mark.parametrize("playable", [False, True], ids=["copy", "playable"])
async def test_one_picture_stream_and_no_words(
    drafts: Drafting, playable: bool
) -> None:
    """A player finds one stream, no chapter, and only the tags that MP4 must have."""
    draft = await drafts.once("hevc.mp4", *WINDOW, playable=playable)
    found = inside(drafts.file(draft))
    assert found.count("[STREAM]") == 1
    assert "[CHAPTER]" not in found
    assert {line for line in found if line.startswith("TAG:")} == {
        "TAG:language=und",
        "TAG:handler_name=VideoHandler",
        "TAG:vendor_id=[0][0][0][0]",
        "TAG:major_brand=iso4",
        "TAG:minor_version=512",
        "TAG:compatible_brands=iso4isomiso2mp41",
    }


@pytest.mark.parametrize("playable", [False, True], ids=["copy", "playable"])
async def test_sound_only_if_chosen(drafts: Drafting, playable: bool) -> None:
    """Without a choice there is no sound track; with one there is, and just one."""
    muted = await drafts.once("camera.mp4", *WINDOW, playable=playable)
    loud = await drafts.once("camera.mp4", *WINDOW, playable=playable, audio=True)
    assert inside(drafts.file(muted)).count("codec_type=audio") == 0
    assert inside(drafts.file(loud)).count("codec_type=audio") == 1
    assert (muted.audio, loud.audio) == (False, True)
    assert "audio_removed" in muted.changes
    assert "audio_removed" not in loud.changes


@pytest.mark.parametrize("name", COPIES)
async def test_nothing_hidden(drafts: Drafting, name: str) -> None:
    """With edit lists ignored a film holds the pictures it shows, and no more."""
    draft = await drafts.once(name, *WINDOW)
    film = drafts.file(draft)
    assert numbers(film) == numbers(film, shown=True)
    assert len(numbers(film)) == draft.frames


@pytest.mark.parametrize("name", COPIES)
async def test_a_copy_is_the_recording_itself(drafts: Drafting, name: str) -> None:
    """Picture by picture, a copy decodes to what the recording decodes to."""
    draft = await drafts.once(name, *WINDOW)
    film = hashes(drafts.file(draft))
    source = hashes(drafts.recordings[name])
    first = source.index(film[0])
    assert film == source[first : first + len(film)]


async def test_the_preview_is_of_the_film(drafts: Drafting) -> None:
    """The still is the film's own picture, bit for bit of its number."""
    draft = await drafts.once("camera.mp4", *WINDOW)
    assert draft.still
    shown = numbers(drafts.folder / draft.still)
    assert len(shown) == 1
    assert set(shown) <= set(numbers(drafts.file(draft)))


def test_the_plain_way_hides_pictures(drafts: Drafting, tmp_path: Path) -> None:
    """What this guards against is real: a plain copy holds more than it shows."""
    film = tmp_path / "plain.mp4"
    source = drafts.recordings["camera.mp4"]
    ffmpeg("-ss", "3.3", "-i", source, "-t", "1.3", "-an", "-c", "copy", film)
    assert len(numbers(film)) > len(numbers(film, shown=True))
    with pytest.raises(MediaError, match="draft_not_clean"):
        verify_film(film, audio=False)


def test_the_strict_way_leaves_words_in_hevc(drafts: Drafting, tmp_path: Path) -> None:
    """Filtering units and metadata by ffmpeg alone leaves x265's settings in."""
    film = tmp_path / "strict.mp4"
    ffmpeg(
        *("-i", drafts.recordings["hevc.mp4"], "-map", "0:v:0", "-c", "copy"),
        *("-map_metadata", "-1", "-fflags", "+bitexact", "-tag:v", "hvc1"),
        *("-bsf:v", "filter_units=remove_types=39|40", film),
    )
    assert canaries_in(film) == {b"x265"}
    with pytest.raises(MediaError, match="draft_not_clean"):
        verify_film(film, audio=False)


@pytest.mark.parametrize("ticked", ["", "Sam, number 12"])
async def test_no_identity_unless_ticked(world: World, ticked: str) -> None:
    """The manifest says of the owner what stood beside Approve: nothing by default."""
    key = x25519.Identity.generate()
    case = await world.asked(recipient=str(key.to_public()))
    if ticked:
        assert case.draft
        choice = replace(case.draft.choice, identity=ticked)
        await world.manager.async_choose(case.case_id, choice, ANNA)
        await world.settle()
        case = await world.case(case.request.request_id)
    shown = world.manager.reading.view(
        case, user_name=str, problem_text=str, sentence=str
    )["draft"]
    assert isinstance(shown, dict)
    await world.approve(case)
    await world.pass_undo()
    said = await world.manifest(case.request.request_id, key)
    assert shown["identity"] == said.get("identity")
    assert said.get("identity", "") == ticked
    assert ("identity" in said) is bool(ticked)
