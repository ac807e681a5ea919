"""A copy that begins where it was asked to: only the pictures before a key are new."""

from itertools import pairwise
from pathlib import Path

import av
import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.models import Draft
from custom_components.clip_consent.home.media import cut, filming

from .drafting import Drafting, span
from .recordings import GROUP, RATE, SECONDS, hashes, numbers, sound_of

_STRIPES = 11
ANEW = "start_re_encoded"


def seen_by_av(film: Path) -> list[int]:
    """Return the numbers of a film's pictures as another FFmpeg decodes them."""
    found = []
    with av.open(str(film)) as container:
        for frame in container.decode(video=0):
            small = frame.reformat(width=352, height=128, format="gray").to_ndarray()
            levels = small[64, 16::32]
            found.append(sum(int(v > 125) << bit for bit, v in enumerate(levels)))
    return found


def x264(*how: str, group: int = GROUP) -> tuple[str, ...]:
    """Return how a camera's H.264 is made."""
    keys = ("-g", str(group), "-keyint_min", str(group), "-sc_threshold", "0")
    return ("-c:v", "libx264", "-preset", "veryfast", *keys, *how)


# What cameras make of H.264: profiles, depths, colours, containers.
H264: dict[str, tuple[str, ...]] = {
    "baseline.mp4": x264("-profile:v", "baseline", "-pix_fmt", "yuv420p"),
    "main.mkv": x264("-profile:v", "main", "-bf", "2"),
    "high.flv": x264("-profile:v", "high", "-bf", "3"),
    "full.mp4": x264("-pix_fmt", "yuvj420p"),
    "deep.mp4": x264("-pix_fmt", "yuv420p10le"),
    "wide.mp4": x264("-pix_fmt", "yuv422p"),
    "described.mp4": x264(
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    ),
    "numbered.mp4": x264("-x264-params", "sps-id=1"),
    "narrow.mp4": x264("-vf", "setsar=4/3"),
}


def check(drafting: Drafting, draft: Draft, source: Path, first: int) -> None:
    """Require that a draft begins with a picture, and is the recording from a key on."""
    film = drafting.file(draft)
    shown = numbers(film)
    assert (
        shown == list(range(first, first + draft.frames)) == numbers(film, shown=True)
    )
    assert seen_by_av(film) == shown
    copied = hashes(film)[-(first % -GROUP) % GROUP :]
    recorded = hashes(source)
    at = recorded.index(copied[0])
    assert len(copied) > 20
    assert copied == recorded[at : at + len(copied)]


@pytest.mark.parametrize(
    "name", ["silent.mp4", "camera.mp4", "late.ts", "fragmented.mp4", *H264]
)
async def test_an_exact_cut_begins_with_the_asked_picture(
    drafting: Drafting, name: str
) -> None:
    """The first frame at or after the start, and every one after it as recorded."""
    source = (
        drafting.recordings.remade(name, *H264[name])
        if name in H264
        else drafting.recordings[name]
    )
    draft = await drafting(source, 3.3, 7.5, exact=True)
    assert draft.changes[:2] == ("stream_copy", ANEW)
    assert "starts_at_key_frame" not in draft.changes
    assert span(draft)[0] == 83 / RATE
    assert draft.seconds == pytest.approx(draft.frames / RATE, abs=0.002)
    check(drafting, draft, source, 83)


@pytest.mark.parametrize("start", [82, 83, 98, 99, 100, 101, 0, 1])
async def test_whichever_picture_is_asked_for(drafting: Drafting, start: int) -> None:
    """One before a key frame, one after it, the key frame itself: that needs no more."""
    draft = await drafting("silent.mp4", start / RATE, 8.0, exact=True)
    assert numbers(drafting.file(draft)) == list(range(start, 200))
    assert (ANEW in draft.changes) == bool(start % GROUP)
    assert draft.changes[0] == "stream_copy"
    again = await drafting("silent.mp4", *span(draft), exact=True)
    assert again.sha256 == draft.sha256


async def test_each_picture_of_motion_jpeg_is_whole(drafting: Drafting) -> None:
    """A copy is exact: nothing is encoded."""
    draft = await drafting("mjpeg.avi", 3.3, 5.5, exact=True)
    assert numbers(drafting.file(draft)) == list(range(83, 137))
    assert draft.changes == ("stream_copy", "metadata_removed")


@pytest.mark.parametrize("name", ["hevc.mp4", "av1.mp4", "mpeg4.avi", "unstamped.ts"])
async def test_what_takes_no_new_start_is_encoded_and_says_so(
    drafting: Drafting, name: str
) -> None:
    """Exact all the same, and the draft tells how."""
    draft = await drafting(name, 3.3, 5.5, exact=True)
    assert numbers(drafting.file(draft)) == list(range(83, 137))
    assert draft.changes[0] == "re_encoded"


async def test_within_a_group_all_is_encoded(drafting: Drafting) -> None:
    """No key frame lies in the window: there is nothing to copy."""
    draft = await drafting("silent.mp4", 4.5, 5.5, exact=True)
    assert numbers(drafting.file(draft)) == list(range(113, 137))
    assert draft.changes[0] == "re_encoded"


async def test_open_groups_are_not_entered(drafting: Drafting) -> None:
    """A rest that leans on what is left out would show rubbish: all is decoded."""
    path = drafting.recordings.remade(
        "open.mp4", *x264("-bf", "3", "-x264-params", "open-gop=1")
    )
    draft = await drafting(path, 3.3, 9.5, exact=True)
    assert numbers(drafting.file(draft)) == list(range(83, 237))
    assert draft.changes[0] == "re_encoded"


async def test_key_frames_that_clean_nothing_are_passed_over(
    drafting: Drafting,
) -> None:
    """Where a decoder can only enter after a while, as with intra refresh, none does."""
    refreshing = ("-bf", "0", "-x264-params", "intra-refresh=1")
    path = drafting.recordings.remade(
        *("leaning.mp4", *x264(*refreshing)),
        *("-force_key_frames", "8.0", "-forced-idr", "1"),
    )
    draft = await drafting(path, 3.3, 9.5, exact=True)
    film = drafting.file(draft)
    assert numbers(film) == list(range(83, 237)) == seen_by_av(film)
    assert ANEW in draft.changes
    recorded = hashes(path)
    assert hashes(film)[200 - 83 :] == recorded[200:237]
    with av.open(str(film)) as container:
        keys = [p.is_keyframe for p in container.demux(video=0) if p.size]
    assert (keys[100 - 83], keys[150 - 83], keys[200 - 83]) == (False, False, True)


async def test_sound_begins_with_the_picture(drafting: Drafting) -> None:
    """Both begin where it was asked."""
    draft = await drafting("camera.mp4", 3.3, 7.5, exact=True, audio=True)
    assert draft.audio
    assert ANEW in draft.changes
    assert sound_of(drafting.file(draft)) == []


@pytest.mark.parametrize("start", [2.5, 3.3, 4.5])
async def test_over_several_recordings(drafting: Drafting, start: float) -> None:
    """In the last group of one, the rest is copied from the next; sound goes along."""
    pieces = drafting.recordings.segments()
    draft = await drafting(pieces, start, 10.0, exact=True, audio=True)
    shown = numbers(drafting.file(draft))
    first = -(-round(start * 1000) * RATE // 1000)
    assert shown == list(range(first, 250))
    assert ANEW in draft.changes
    assert {"stream_copy", "pieces_joined"} <= set(draft.changes) or start > 4
    assert sound_of(drafting.file(draft)) == []


async def test_an_encoder_that_fails_is_no_end(
    drafting: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the start cannot be coded as the rest is, all of it is decoded."""
    real = cut.start_arguments

    def failing(*arguments: object) -> list[str]:
        return [
            "rubbish" if each == "veryfast" else each
            for each in real(*arguments)  # type: ignore[arg-type]
        ]

    monkeypatch.setattr(filming, "start_arguments", failing)
    draft = await drafting("silent.mp4", 3.3, 7.5, exact=True)
    assert draft.changes[0] == "re_encoded"
    assert numbers(drafting.file(draft)) == list(range(83, 187))


async def test_times_of_pictures_are_kept(drafting: Drafting) -> None:
    """Where a recording leaves pictures out, the film waits as long."""
    draft = await drafting("varying.mkv", 3.3, 9.0, exact=True)
    film = drafting.file(draft)
    with av.open(str(film)) as container:
        times = [frame.time for frame in container.decode(video=0)]
    shown = numbers(film)
    begin = span(draft)[0]
    assert ANEW in draft.changes
    assert [begin + float(at or 0) for at in times] == pytest.approx(
        [number / RATE for number in shown], abs=0.0011
    )
    assert all(sooner < later for sooner, later in pairwise(shown))


async def test_an_exact_cut_of_recordings_that_differ_is_a_choice(
    drafting: Drafting,
) -> None:
    """Not all of it is encoded anew unless somebody chose that."""
    paths = [drafting.recordings["silent.mp4"], drafting.recordings["hevc.mp4"]]
    with pytest.raises(MediaError, match="pieces_differ"):
        await drafting(paths, 3.0, SECONDS - 1, exact=True)
