"""Recordings as they really come: odd formats, several in a row, sound that differs."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
import struct

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.limits import CLIP_MAX_SECONDS
from custom_components.clip_consent.home.media import footage

from .drafting import CASE, ZERO, Drafting, choice, span, window
from .recordings import GROUP, ffmpeg, numbers, sound_of


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("plain.flv", ["-c", "copy"]),
        ("plain.ts", ["-c", "copy"]),
        ("plain.mkv", ["-c", "copy"]),
        ("plain.mov", ["-c", "copy"]),
    ],
)
async def test_any_container(drafting: Drafting, name: str, how: list[str]) -> None:
    """However a recorder wraps the same pictures, the same are taken, to the end."""
    path = drafting.recordings.remade(name, *how)
    for start, end, pictures in ((3.3, 5.5, (50, 137)), (11.5, 12.0, (250, 300))):
        draft = await drafting(path, start, end)
        shown = numbers(drafting.file(draft))
        assert shown == list(range(*pictures)), draft
    with pytest.raises(MediaError, match="nothing_in_window"):
        await drafting(path, 20.0, 22.0)


async def test_what_mp4_cannot_hold_is_made_playable(drafting: Drafting) -> None:
    """A program stream of old: no copy, but a playable one."""
    path = drafting.recordings.remade(
        "old.mpg", "-c:v", "mpeg2video", "-bf", "2", "-q:v", "2"
    )
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(path, 4.0, 6.0)
    draft = await drafting(path, 4.0, 6.0, playable=True)
    shown = numbers(drafting.file(draft))
    # Not all of its pictures say when they are shown: the last may stay out.
    assert shown == list(range(100, 100 + len(shown)))
    assert 49 <= len(shown) <= 50
    (piece,) = drafting.pieces(path)
    assert await drafting.media.async_thumbnail(piece, window(4, 6).start)


async def test_a_format_that_ffmpeg_does_not_recognise(drafting: Drafting) -> None:
    """Too little in it to tell a codec: a clear error."""
    path = drafting.recordings.remade("little.mpg", "-c", "copy", "-f", "vob")
    with pytest.raises(MediaError, match="recording_unreadable"):
        await drafting(path, 4.0, 6.0)


@pytest.mark.parametrize("playable", [False, True], ids=["copy", "playable"])
async def test_long_groups_of_a_stream_are_entered_at_their_beginning(
    drafting: Drafting, playable: bool
) -> None:
    """Where a file can only be entered somewhere, the key frame is looked for."""
    path = drafting.recordings.remade(
        *("long.ts", "-c:v", "libx264", "-preset", "ultrafast"),
        *("-bf", "0", "-g", "1000", "-keyint_min", "1000", "-sc_threshold", "0"),
    )
    draft = await drafting(path, 9.0, 10.0, playable=playable)
    assert numbers(drafting.file(draft)) == list(range(225 if playable else 0, 250))
    (piece,) = drafting.pieces(path)
    picture = drafting.folder.parent / "thumbnail.jpg"
    picture.write_bytes(
        await drafting.media.async_thumbnail(piece, window(9, 9.1).start)
    )
    assert numbers(picture) == [0]


def turned(path: Path, to: Path, *matrix: int) -> Path:
    """Copy a recording that says its picture is turned."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = struct.pack(">9i", *matrix)
    to.write_bytes(data)
    return to


async def test_a_turned_picture_stays_turned(
    drafting: Drafting, tmp_path: Path
) -> None:
    """A camera on its head: the film is shown as the recording is, still a copy."""
    one, whole = 1 << 16, 1 << 30
    source = drafting.recordings["silent.mp4"]
    upside = turned(
        *(source, tmp_path / "upside.mp4"),
        *(-one, 0, 0, 0, -one, 0, 352 << 16, 128 << 16, whole),
    )
    draft = await drafting(upside, 4.0, 5.0)
    film = drafting.file(draft).read_bytes()
    at = film.index(b"tkhd") + 4 + 40
    assert struct.unpack_from(">9i", film, at) == (-one, 0, 0, 0, -one, 0, 0, 0, whole)
    askew = turned(
        *(source, tmp_path / "askew.mp4"),
        *(one // 2, one // 3, 0, -one // 3, one // 2, 0, 0, 0, whole),
    )
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(askew, 4.0, 5.0)


async def test_many_recordings_are_joined_in_batches(
    drafting: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More recordings than one ffmpeg reads at a time make the same film."""
    pieces = drafting.recordings.segments()
    whole = await drafting(pieces, 3.0, 10.0, audio=True)
    for module in ("footage", "filming"):
        monkeypatch.setattr(f"{footage.__package__}.{module}.BATCH", 2)
    again = await drafting(pieces, 3.0, 10.0, audio=True)
    assert again == whole


async def test_a_joined_film_begins_in_the_recording_that_has_its_start(
    drafting: Drafting,
) -> None:
    """What was before is not sent because a file's name was a little off."""
    first, second, _ = drafting.pieces(drafting.recordings.segments(".mkv"))
    pieces = [
        replace(first, seconds=3.5),
        replace(second, start=first.start + timedelta(seconds=3.5)),
    ]
    draft = await drafting.media.async_draft(
        case_id=CASE,
        choice=choice(4.2, 6.0, audio=True),
        pieces=pieces,
        max_seconds=CLIP_MAX_SECONDS,
        progress=lambda _: None,
    )
    assert numbers(drafting.file(draft))[0] == 100
    assert "pieces_joined" not in draft.changes
    assert draft.audio


@pytest.mark.parametrize("playable", [False, True], ids=["copy", "playable"])
async def test_recordings_of_which_some_are_mute(
    drafting: Drafting, tmp_path: Path, playable: bool
) -> None:
    """A microphone switched off for a while is silence there, and no error."""
    paths = list(drafting.recordings.segments())
    mute = tmp_path / "mute.mp4"
    ffmpeg("-i", paths[1], "-map", "0:v", "-c", "copy", mute)
    paths[1] = mute
    draft = await drafting(paths, 2.0, 10.0, audio=True, playable=playable)
    assert draft.audio
    ((quiet, loud),) = sound_of(drafting.file(draft))
    assert (quiet, loud) == pytest.approx((2.0, 6.0), abs=0.1)
    assert numbers(drafting.file(draft)) == list(range(GROUP, 250))


async def test_the_first_recording_may_be_mute(
    drafting: Drafting, tmp_path: Path
) -> None:
    """Sound begins where there is some."""
    paths = list(drafting.recordings.segments())
    mute = tmp_path / "mute.mp4"
    ffmpeg("-i", paths[0], "-map", "0:v", "-c", "copy", mute)
    draft = await drafting([mute, *paths[1:]], 2.0, 6.0, audio=True)
    assert draft.audio
    ((quiet, loud),) = sound_of(drafting.file(draft))
    assert (quiet, loud) == pytest.approx((0.0, 2.0), abs=0.1)
    none = await drafting([mute, mute, mute], 2.0, 3.0, audio=True)
    assert not none.audio
    assert not {"audio_removed", "audio_re_encoded"} & set(none.changes)


async def test_sound_of_any_rate_is_heard(drafting: Drafting) -> None:
    """Telephone sound at 8 kHz is in the film, from its beginning to its end."""
    draft = await drafting("telephone.mkv", 3.0, 6.0, audio=True)
    assert sound_of(drafting.file(draft)) == []


async def test_sound_that_ends_early(drafting: Drafting) -> None:
    """Where a recording's sound breaks off, the rest of the film is silent."""
    path = drafting.recordings.remade(
        *("early.mkv", "-f", "lavfi", "-t", "5", "-i", "sine=sample_rate=48000"),
        *("-c:v", "copy", "-c:a", "aac"),
    )
    draft = await drafting(path, 4.0, 8.0, audio=True)
    ((quiet, _),) = sound_of(drafting.file(draft))
    assert quiet == pytest.approx(1.0, abs=0.1)
    assert draft.seconds == pytest.approx(4.0)


async def test_a_recording_broken_in_the_middle(
    drafting: Drafting, tmp_path: Path
) -> None:
    """Pictures that cannot be decoded make no playable copy, and say so."""
    path = tmp_path / "broken.ts"
    data = bytearray(drafting.recordings.remade("plain.ts", "-c", "copy").read_bytes())
    for at in range(188 * 60, len(data) - 188, 188):
        data[at + 12 : at + 188] = b"\xa5" * 176
    path.write_bytes(data)
    with pytest.raises(MediaError) as caught:
        await drafting(path, 4.0, 10.0, playable=True)
    assert caught.value.code in {
        *("recording_unreadable", "recording_short", "nothing_in_window"),
    }
    assert not list(drafting.folder.rglob("*"))


async def test_a_moment_without_a_picture(drafting: Drafting) -> None:
    """A thumbnail of what cannot be read is a clear error."""
    (piece,) = drafting.pieces("sound.m4a")
    with pytest.raises(MediaError, match="no_video"):
        await drafting.media.async_thumbnail(piece, ZERO)


async def test_a_moment_before_the_first_key_frame(drafting: Drafting) -> None:
    """It shows the first picture there is."""
    path = drafting.recordings.folder / "headless.ts"
    source = drafting.recordings.remade("plain.ts", "-c", "copy")
    data = source.read_bytes()
    path.write_bytes(data[188 * 20 :])
    (piece,) = drafting.pieces(path)
    picture = drafting.folder.parent / "thumbnail.jpg"
    picture.write_bytes(await drafting.media.async_thumbnail(piece, ZERO))
    assert numbers(picture)[0] % GROUP == 0


async def test_no_recordings_are_no_film(drafting: Drafting) -> None:
    """An empty window is told as what it is, and leaves no folder."""
    with pytest.raises(MediaError, match="nothing_in_window"):
        await drafting([], 1.0, 2.0)
    assert span(await drafting("silent.mp4", 0.0, 1.0)) == (0.0, 1.0)
