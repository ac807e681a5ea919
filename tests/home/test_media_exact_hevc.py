"""An exact cut of HEVC: its start is encoded anew under a number of its own."""

from pathlib import Path

import av
import pytest

from custom_components.clip_consent.home.media import cut, filming, restart
from custom_components.clip_consent.home.media.boxes import not_clean
from custom_components.clip_consent.home.media.records import clean_hvcc
from custom_components.clip_consent.home.media.remux import read_cut

from .drafting import Drafting, span
from .recordings import GROUP, RATE, ffmpeg, hashes, numbers
from .test_media_exact import ANEW, check, seen_by_av


def x265(
    *how: str, said: str = "bframes=0", gop: str = "open-gop=0"
) -> tuple[str, ...]:
    """Return how a camera's HEVC is made."""
    keys = f"keyint={GROUP}:min-keyint={GROUP}:scenecut=0:{gop}:{said}"
    told = ("-x265-params", f"log-level=none:{keys}")
    return ("-c:v", "libx265", "-preset", "ultrafast", *told, *how)


# What cameras make of HEVC: orders, depths, colours, layers, containers.
HEVC: dict[str, tuple[str, ...]] = {
    "plain.mp4": x265(),
    "reordered.mkv": x265(said="bframes=3"),
    "repeating.ts": x265(said="bframes=0:repeat-headers=1:aud=1"),
    "deep.mp4": x265("-pix_fmt", "yuv420p10le"),
    "full.mp4": x265("-pix_fmt", "yuvj420p"),
    "layered.mp4": x265(said="bframes=3:temporal-layers=1"),
    "described.mkv": x265(
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    ),
    "sliced.mp4": x265(said="bframes=0:slices=2"),
    "narrow.mp4": x265("-vf", "setsar=4/3"),
}


@pytest.mark.parametrize("name", HEVC)
async def test_an_exact_cut_begins_with_the_asked_picture(
    drafting: Drafting, name: str
) -> None:
    """The first frame at or after the start, and every one after it as recorded."""
    source = drafting.recordings.remade(name, *HEVC[name])
    draft = await drafting(source, 3.3, 7.5, exact=True)
    assert draft.changes[:2] == ("stream_copy", ANEW)
    assert "starts_at_key_frame" not in draft.changes
    assert span(draft)[0] == 83 / RATE
    assert draft.seconds == pytest.approx(draft.frames / RATE, abs=0.002)
    assert draft.video_codec == "hevc"
    check(drafting, draft, source, 83)


@pytest.mark.parametrize("start", [82, 99, 100, 101, 0, 1])
async def test_whichever_picture_is_asked_for(drafting: Drafting, start: int) -> None:
    """One before a key frame, one after it, the key frame itself: that needs no more."""
    source = drafting.recordings.remade("plain.mp4", *HEVC["plain.mp4"])
    draft = await drafting(source, start / RATE, 8.0, exact=True)
    assert numbers(drafting.file(draft)) == list(range(start, 200))
    assert (ANEW in draft.changes) == bool(start % GROUP)
    assert draft.changes[0] == "stream_copy"
    again = await drafting(source, *span(draft), exact=True)
    assert again.sha256 == draft.sha256


async def test_a_player_may_jump_to_and_fro(drafting: Drafting) -> None:
    """Each picture names its own set-up: none is decoded by the one that was last."""
    source = drafting.recordings.remade("plain.mp4", *HEVC["plain.mp4"])
    draft = await drafting(source, 3.3, 7.5, exact=True)
    film = drafting.file(draft)
    straight = hashes(film)
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        for jump in (3.0, 0.0, 1.0, 0.0):
            container.seek(round(jump / stream.time_base), stream=stream)  # type: ignore[operator]
            frame = next(container.decode(video=0))
            levels = frame.to_ndarray(format="gray")[64, 16::32]
            shown = sum(int(v > 125) << bit for bit, v in enumerate(levels))
            assert shown == 83 + round(float(frame.time or 0) * RATE)
    assert len(straight) == draft.frames


async def test_over_several_recordings(drafting: Drafting, tmp_path: Path) -> None:
    """In the last group of one, the rest is copied from the next."""
    source = drafting.recordings.remade("plain.mp4", *HEVC["plain.mp4"])
    ffmpeg(
        *("-i", source, "-map", "0:v", "-c", "copy", "-f", "segment"),
        *("-segment_time", "4", "-reset_timestamps", "1", tmp_path / "%d.mp4"),
    )
    for start in (2.5, 3.3):
        draft = await drafting(sorted(tmp_path.glob("*.mp4")), start, 10.0, exact=True)
        first = -(-round(start * 1000) * RATE // 1000)
        assert numbers(drafting.file(draft)) == list(range(first, 250))
        assert {"stream_copy", ANEW, "pieces_joined"} <= set(draft.changes)


@pytest.mark.parametrize("said", ["bframes=0", "bframes=3"])
async def test_open_groups_are_not_entered(drafting: Drafting, said: str) -> None:
    """At a picture that forgets nothing (CRA) no other set-up may begin."""
    source = drafting.recordings.remade("open.mp4", *x265(said=said, gop="open-gop=1"))
    draft = await drafting(source, 3.3, 9.5, exact=True)
    assert numbers(drafting.file(draft)) == list(range(83, 237))
    assert draft.changes[0] == "re_encoded"


async def test_the_first_picture_that_forgets_is_found(
    drafting: Drafting, tmp_path: Path
) -> None:
    """Those before it are encoded anew, those behind copied, open groups or not."""
    how = x265(gop="open-gop=1")
    whole = drafting.recordings["silent.mp4"]
    ffmpeg("-i", whole, "-t", "5", *how, tmp_path / "a.mp4")
    ffmpeg("-i", whole, "-vf", "trim=start=5,setpts=PTS-5/TB", *how, tmp_path / "b.mp4")
    (tmp_path / "list").write_text("file a.mp4\nfile b.mp4\n")
    source = tmp_path / "mixed.mp4"
    ffmpeg("-f", "concat", "-i", tmp_path / "list", "-c", "copy", source)
    assert numbers(source) == list(range(300))
    draft = await drafting(source, 3.3, 9.5, exact=True)
    film = drafting.file(draft)
    assert numbers(film) == list(range(83, 237)) == seen_by_av(film)
    assert ANEW in draft.changes
    assert hashes(film)[125 - 83 :] == hashes(source)[125:237]


async def test_a_profile_of_which_no_start_is_made(drafting: Drafting) -> None:
    """With more colours than cameras give all is encoded."""
    source = drafting.recordings.remade("wide.mp4", *x265("-pix_fmt", "yuv422p"))
    draft = await drafting(source, 3.3, 7.5, exact=True)
    assert draft.changes[0] == "re_encoded"
    assert numbers(drafting.file(draft)) == list(range(83, 187))


async def test_no_encoder_is_no_end(
    drafting: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ffmpeg without libx265 encodes all of it anew as H.264."""
    real = cut.start_arguments

    def without(*arguments: object) -> list[str]:
        return [
            "libx265-is-not-there" if each == "libx265" else each
            for each in real(*arguments)  # type: ignore[arg-type]
        ]

    monkeypatch.setattr(filming, "start_arguments", without)
    source = drafting.recordings.remade("plain.mp4", *HEVC["plain.mp4"])
    draft = await drafting(source, 3.3, 7.5, exact=True)
    assert draft.changes[0] == "re_encoded"
    assert draft.video_codec == "h264"
    assert numbers(drafting.file(draft)) == list(range(83, 187))


async def test_an_encoder_that_writes_otherwise_is_no_end(
    drafting: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be given a number is thrown away: all of it is encoded."""

    def refused(record: bytes, number: int) -> bytes:
        raise not_clean()

    monkeypatch.setattr(restart, "renumbered_record", refused)
    source = drafting.recordings.remade("plain.mp4", *HEVC["plain.mp4"])
    draft = await drafting(source, 3.3, 7.5, exact=True)
    assert draft.changes[0] == "re_encoded"
    assert numbers(drafting.file(draft)) == list(range(83, 187))


async def test_all_set_ups_are_in_the_record(drafting: Drafting) -> None:
    """Players need what `hvc1` promises: nothing is set up in the pictures alone."""
    source = drafting.recordings.remade("plain.mp4", *HEVC["plain.mp4"])
    draft = await drafting(source, 3.3, 7.5, exact=True)
    record = _read(drafting.file(draft))
    assert clean_hvcc(record) == record
    assert record[22] == 3
    found, at = [], 23
    for _ in range(3):
        found.append((record[at], int.from_bytes(record[at + 1 : at + 3])))
        at += 3
        for _ in range(found[-1][1]):
            at += 2 + int.from_bytes(record[at : at + 2])
    assert found == [(0xA0, 2), (0xA1, 2), (0xA2, 2)]
    assert at == len(record)


def _read(film: Path) -> bytes:
    return read_cut(film).record
