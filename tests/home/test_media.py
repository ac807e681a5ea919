"""Drafts of real recordings: the right pictures, the right sound, the same bytes."""

import asyncio
from dataclasses import replace
from datetime import timedelta
import json
from pathlib import Path
import subprocess
import time

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.limits import CLIP_MAX_SECONDS
from custom_components.clip_consent.home.media import Media

from .drafting import CASE, ZERO, Drafting, choice, span, window
from .recordings import RATE, SECONDS, ffmpeg, numbers, sound_of

# Name, asked start and end in seconds, and the pictures that a copy has then. Those
# with B-frames end at a joint, up to three pictures before the asked end.
COPIES = [
    ("silent.mp4", 0.0, 2.0, range(50)),
    ("silent.mp4", 3.3, 5.5, range(50, 137)),
    ("silent.mp4", 4.0, 5.5, range(100, 137)),
    ("silent.mp4", 3.98, 5.51, range(50, 137)),
    ("silent.mp4", 9.0, SECONDS, range(200, 300)),
    ("camera.mp4", 3.3, 5.5, range(50, 137)),
    ("camera.mp4", 4.0, 6.0, range(100, 150)),
    ("camera.mkv", 4.0, 6.0, range(100, 150)),
    ("late.ts", 3.3, 5.5, range(50, 137)),
    ("late.ts", 0.0, 6.0, range(150)),
    ("fragmented.mp4", 3.3, 5.5, range(50, 137)),
    ("hevc.mp4", 4.2, 5.96, range(100, 149)),
    ("av1.mp4", 4.2, 5.96, range(100, 149)),
    ("mjpeg.avi", 3.3, 5.5, range(82, 137)),
]


@pytest.mark.parametrize(("name", "start", "end", "pictures"), COPIES)
async def test_a_copy_has_the_right_pictures(
    drafting: Drafting, name: str, start: float, end: float, pictures: range
) -> None:
    """It begins at the key frame at or before the start and never ends too late."""
    draft = await drafting(name, start, end)
    assert numbers(drafting.file(draft)) == list(pictures)
    assert draft.frames == len(pictures)
    assert span(draft) == (pictures.start / RATE, pictures.stop / RATE)
    assert draft.seconds == pytest.approx(len(pictures) / RATE)
    assert ("starts_at_key_frame" in draft.changes) == (span(draft)[0] < start)
    assert draft.changes[0] == "stream_copy"
    assert not {"re_encoded", "pieces_joined"} & set(draft.changes)


@pytest.mark.parametrize(
    "name", ["camera.mp4", "late.ts", "hevc.mp4", "mjpeg.avi", "mpeg4.avi", "av1.mp4"]
)
async def test_a_playable_copy_is_exact(drafting: Drafting, name: str) -> None:
    """It has just the pictures that lie in the window, as H.264 for any browser."""
    draft = await drafting(name, 3.3, 5.5, playable=True)
    assert numbers(drafting.file(draft)) == list(range(83, 137))
    assert span(draft) == (83 / RATE, 137 / RATE)
    assert draft.video_codec == "h264"
    assert draft.changes[0] == "re_encoded"
    assert "starts_at_key_frame" not in draft.changes


async def test_times_of_pictures_are_kept(drafting: Drafting) -> None:
    """Where a recording leaves pictures out, the film waits as long, in both forms."""
    source = drafting.recordings["varying.mkv"]
    there = numbers(source)
    for playable in (False, True):
        draft = await drafting("varying.mkv", 4.0, 9.0, playable=playable)
        listed = subprocess.run(
            [
                *("ffprobe", "-v", "error", "-show_entries", "packet=pts_time"),
                *("-of", "json", str(drafting.file(draft))),
            ],
            check=True,
            capture_output=True,
        ).stdout
        packets = json.loads(listed)["packets"]
        times = sorted(float(packet["pts_time"]) for packet in packets)
        shown = numbers(drafting.file(draft))
        first = there.index(shown[0])
        assert shown == there[first : first + len(shown)]
        begin = span(draft)[0]
        assert [begin + at for at in times] == pytest.approx(
            [number / RATE for number in shown], abs=0.0011
        )


@pytest.mark.parametrize("suffix", [".mp4", ".ts", ".mkv"])
async def test_joined_recordings_miss_and_double_nothing(
    drafting: Drafting, suffix: str
) -> None:
    """Recordings that follow each other are one film, picture after picture."""
    pieces = drafting.recordings.segments(suffix)
    draft = await drafting(pieces, 3.0, 10.0)
    assert numbers(drafting.file(draft)) == list(range(50, 250))
    assert span(draft) == pytest.approx((2.0, 10.0), abs=0.002)
    assert "pieces_joined" in draft.changes


async def test_joined_recordings_can_be_made_playable(drafting: Drafting) -> None:
    """The same, decoded and encoded, with the sound of all of them."""
    pieces = drafting.recordings.segments()
    draft = await drafting(pieces, 3.0, 9.0, playable=True, audio=True)
    assert numbers(drafting.file(draft)) == list(range(75, 225))
    assert draft.audio
    assert sound_of(drafting.file(draft)) == []


async def test_a_film_waits_where_recordings_leave_a_hole(drafting: Drafting) -> None:
    """Two seconds that no recording has are two seconds without a new picture."""
    first, second, _ = drafting.pieces(drafting.recordings.segments())
    later = drafting.pieces(drafting.recordings.segments())[2]
    draft = await drafting.media.async_draft(
        case_id=CASE,
        choice=choice(2.0, 10.0),
        pieces=[first, replace(second, start=second.start + timedelta(seconds=2))],
        max_seconds=CLIP_MAX_SECONDS,
        progress=lambda _: None,
    )
    assert numbers(drafting.file(draft)) == list(range(50, 200))
    assert draft.seconds == pytest.approx(8.0)
    with pytest.raises(MediaError, match="pieces_gap"):
        await drafting.media.async_draft(
            case_id=CASE,
            choice=choice(2.0, 12.0),
            pieces=[first, later],
            max_seconds=CLIP_MAX_SECONDS,
            progress=lambda _: None,
        )


async def test_sound_goes_with_the_picture(drafting: Drafting) -> None:
    """Sound begins and ends with the pictures it belongs to."""
    beeping = "sine=frequency=900:sample_rate=16000,volume='between(t,4,4.5)'"
    source = drafting.recordings.remade(
        *("beep.mkv", "-f", "lavfi", "-i", f"{beeping}:eval=frame"),
        *("-t", str(SECONDS), "-c:v", "copy", "-c:a", "pcm_s16le"),
    )
    for playable, begin in ((False, 2.0), (True, 3.0)):
        draft = await drafting(source, 3.0, 6.0, audio=True, playable=playable)
        (_, beep), (quiet, _) = sound_of(drafting.file(draft))[:2]
        assert (beep, quiet) == pytest.approx((4 - begin, 4.5 - begin), abs=0.05)
        assert "audio_re_encoded" in draft.changes


@pytest.mark.parametrize("playable", [False, True], ids=["copy", "playable"])
async def test_same_input_same_bytes(drafting: Drafting, playable: bool) -> None:
    """Whatever the clock says, a draft made twice has one digest, and one file."""
    made = [
        await drafting("camera.mp4", 3.0, 5.0, audio=True, playable=playable)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert len(list((drafting.folder / CASE).iterdir())) == 3


async def test_same_bytes_of_a_film_that_needs_all_of_the_bit_rate(
    drafting: Drafting,
) -> None:
    """What holds the bit rate down looks at other threads' work, if there are any."""
    source = drafting.recordings.folder / "snow.mp4"
    if not source.exists():
        snow = f"testsrc2=size=640x360:rate={RATE},noise=alls=90:allf=t"
        ffmpeg(
            *("-f", "lavfi", "-i", snow, "-t", "3", "-c:v", "libx265"),
            *("-preset", "ultrafast", "-pix_fmt", "yuv420p", source),
        )
    made = {(await drafting(source, 0.5, 2.5, playable=True)).sha256 for _ in range(3)}
    assert len(made) == 1


async def test_progress_only_grows_to_one(drafting: Drafting) -> None:
    """A bar can be drawn from it."""
    told: list[float] = []
    await drafting("camera.mp4", 3.0, 5.0, playable=True, progress=told.append)
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] == 1.0


async def test_a_draft_is_described(drafting: Drafting) -> None:
    """Size, codec and pictures are as the file has them."""
    draft = await drafting("silent.mp4", 3.0, 5.0)
    data = drafting.file(draft).read_bytes()
    assert draft.size == len(data)
    assert await drafting.media.async_digest(CASE, draft) == draft.sha256
    assert (draft.width, draft.height) == (352, 128)
    assert draft.media_type == "video/mp4"
    assert draft.video_codec == "h264"
    assert (await drafting("hevc.mp4", 3, 5)).video_codec == "hevc"
    # The header comes first: a browser can begin before it has all.
    assert data.index(b"moov") < data.index(b"mdat")


@pytest.mark.parametrize(
    ("name", "start", "end", "code"),
    [
        ("growing.mp4", 1, 2, "recording_unfinished"),
        ("sound.m4a", 1, 2, "no_video"),
        ("empty.mp4", 1, 2, "recording_empty"),
        ("noise.mp4", 1, 2, "recording_unreadable"),
        ("half.mp4", 1, 11, "recording_short"),
        ("playlist.mp4", 1, 2, "recording_unreadable"),
        ("folder.mp4", 1, 2, "recording_unreadable"),
        ("pipe.mp4", 1, 2, "recording_unreadable"),
        ("nowhere.mp4", 1, 2, "recording_missing"),
        ("mpeg4.avi", 1, 2, "needs_playable_copy"),
        ("unstamped.ts", 1, 2, "needs_playable_copy"),
        ("silent.mp4", 20, 22, "nothing_in_window"),
        ("silent.mp4", 3.01, 3.02, "nothing_in_window"),
    ],
)
async def test_odd_files_end_in_a_clear_error(
    drafting: Drafting,
    odd_files: Path,
    name: str,
    start: float,
    end: float,
    code: str,
) -> None:
    """Nothing is half made, and the code says what is wrong."""
    path = odd_files / name
    known = path.exists() or name == "nowhere.mp4"
    with pytest.raises(MediaError) as caught:
        await drafting(path if known else name, start, end)
    assert caught.value.code == code
    assert str(odd_files) not in repr(caught.value)
    assert not list(drafting.folder.rglob("*"))


async def test_a_playable_copy_helps_where_time_stamps_miss(drafting: Drafting) -> None:
    """Decoding tells when the pictures are shown."""
    draft = await drafting("unstamped.ts", 4.0, 6.0, playable=True)
    assert numbers(drafting.file(draft)) == list(range(100, 150))


async def test_recordings_that_differ_are_not_joined(drafting: Drafting) -> None:
    """Two codecs are no film."""
    paths = [drafting.recordings["silent.mp4"], drafting.recordings["hevc.mp4"]]
    with pytest.raises(MediaError, match="pieces_differ"):
        await drafting(paths, 3.0, 9.0)


async def test_names_of_files_mean_nothing(drafting: Drafting, tmp_path: Path) -> None:
    """Quotes, line breaks, dashes and percent signs are letters like any other."""
    name = "-i '\"%03d\nfile 'x' [0:v];$(id) `id`|😀.mp4"
    path = tmp_path / name
    path.write_bytes(drafting.recordings["silent.mp4"].read_bytes())
    draft = await drafting(path, 4.0, 5.0)
    assert numbers(drafting.file(draft)) == list(range(100, 125))
    assert (await drafting.media.async_probe(str(path))).width == 352
    assert await drafting.media.async_thumbnail(drafting.pieces(path)[0], ZERO)


async def test_a_recording_may_vanish_meanwhile(
    drafting: Drafting, tmp_path: Path
) -> None:
    """A recorder that clears up while a draft is made does no harm to it."""
    path = tmp_path / "gone.mp4"
    path.write_bytes(drafting.recordings["silent.mp4"].read_bytes())
    told: list[float] = []

    def vanish(done: float) -> None:
        path.unlink(missing_ok=True)
        told.append(done)

    draft = await drafting(path, 4.0, 5.0, progress=vanish)
    assert not path.exists()
    assert len(told) > 2
    assert numbers(drafting.file(draft)) == list(range(100, 125))


def runs(pid: str) -> bool:
    """Return whether a process runs. One that nobody has buried does not."""
    try:
        status = Path("/proc", pid, "stat").read_text()
    except FileNotFoundError, ProcessLookupError:
        return False
    return status.rpartition(")")[2].split()[0] not in {"Z", "X"}


async def all_dead(marks: Path) -> None:
    """Wait until no process of a slow ffmpeg runs; the ffmpeg itself is gone at once."""
    for line in marks.read_text().splitlines():
        own, child = line.split()
        assert not Path("/proc", own).exists()
        async with asyncio.timeout(20):
            while runs(child):
                await asyncio.sleep(0.02)


async def test_cancelling_ends_ffmpeg_and_leaves_nothing(
    drafting: Drafting, slow_ffmpeg: tuple[str, Path]
) -> None:
    """No process and no file is left of a draft that is not wanted any more."""
    binary, marks = slow_ffmpeg
    slow = Drafting(drafting.recordings, drafting.folder, binary)
    task = asyncio.create_task(slow("silent.mp4", 3.0, 5.0))
    async with asyncio.timeout(20):
        while not marks.exists() or not marks.read_text().endswith("\n"):
            await asyncio.sleep(0.02)
    assert list(drafting.folder.rglob(".work-*"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await all_dead(marks)
    assert not list(drafting.folder.rglob("*"))


async def test_the_loop_is_never_blocked(drafting: Drafting) -> None:
    """While a draft is made, everything else goes on."""
    drafting.recordings["camera.mp4"]
    gaps: list[float] = []

    async def watch() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            gaps.append(now - last)
            last = now

    watching = asyncio.create_task(watch())
    await drafting("camera.mp4", 2.0, 9.0, audio=True)
    watching.cancel()
    assert sorted(gaps)[int(len(gaps) * 0.9)] < 0.1


async def test_thumbnails_are_small_clean_pictures(drafting: Drafting) -> None:
    """The picker gets the key frame at a moment, whatever the recording is."""
    for name in ("camera.mp4", "late.ts", "hevc.mp4", "av1.mp4", "mjpeg.avi"):
        (piece,) = drafting.pieces(name)
        for at, shown in ((4.6, 100), (0.0, 0), (11.9, 250), (20.0, 250)):
            data = await drafting.media.async_thumbnail(piece, window(at, 30).start)
            picture = drafting.folder.parent / "thumbnail.jpg"
            picture.write_bytes(data)
            if name == "mjpeg.avi":  # all are key frames
                shown = {4.6: 115, 0.0: 0}.get(at, 298)
            assert numbers(picture) == [shown]
            assert b"Lavc" not in data


async def test_probe(drafting: Drafting) -> None:
    """What a recording is, is told without ffprobe."""
    probe = await drafting.media.async_probe(str(drafting.recordings["camera.mp4"]))
    assert probe.has_video
    assert (probe.container, probe.video_codec, probe.pixel_format) == (
        *("mov", "h264", "yuv420p"),
    )
    assert (probe.width, probe.height, probe.fps) == (352, 128, 25.0)
    assert (probe.audio_codec, probe.audio_channels) == ("aac", 1)
    assert probe.seconds == pytest.approx(SECONDS, abs=0.1)
    for name, start in (("late.ts", 1.48), ("silent.mp4", 0.0)):
        probe = await drafting.media.async_probe(str(drafting.recordings[name]))
        assert probe.start == pytest.approx(start, abs=0.1)
    assert not (
        await drafting.media.async_probe(str(drafting.recordings["sound.m4a"]))
    ).has_video
    with pytest.raises(MediaError, match="no_video"):
        await drafting.media.async_length(str(drafting.recordings["sound.m4a"]))


async def test_without_ffmpeg_or_its_encoder(
    drafting: Drafting, tmp_path: Path
) -> None:
    """What is missing is named."""
    none = Drafting(drafting.recordings, tmp_path / "none", str(tmp_path / "nothing"))
    with pytest.raises(MediaError, match="ffmpeg_missing"):
        await none("silent.mp4", 1.0, 2.0)
    poor = tmp_path / "poor"
    poor.write_text('#!/bin/bash\nexec ffmpeg "${@//libx264/libx264lost}"\n')
    poor.chmod(0o755)
    other = Drafting(drafting.recordings, tmp_path / "poor-drafts", str(poor))
    with pytest.raises(MediaError, match="no_encoder"):
        await other("silent.mp4", 1.0, 2.0, playable=True)


async def test_a_hanging_ffmpeg_is_given_up(
    drafting: Drafting,
    slow_ffmpeg: tuple[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A job that takes far too long is killed and said to have."""
    module = "custom_components.clip_consent.home.media.drafter"
    monkeypatch.setattr(f"{module}.LOOK_SECONDS", 0.3)
    binary, marks = slow_ffmpeg
    media = Media(ffmpeg=binary, folder=drafting.folder)
    while not marks.exists():  # as often as it takes to have been started
        with pytest.raises(MediaError, match="media_timeout"):
            await media.async_probe(str(drafting.recordings["silent.mp4"]))
    await all_dead(marks)
