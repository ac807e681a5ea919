"""The clock that is burnt into the pictures agrees with what a draft says of its time.

From a folder of files that are named by the wall clock, through the source and the
drafter: in several time zones, and across both changes of the clocks.
"""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
import os
from pathlib import Path
import subprocess
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from custom_components.clip_consent.core.clips import covering
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import (
    Camera,
    Choice,
    Draft,
    Piece,
    Window,
)
from custom_components.clip_consent.home.media import Media
from custom_components.clip_consent.home.sources.folder import FolderSource

from .drafting import CASE
from .recordings import ffmpeg

_RATE: Final = 25
_BITS: Final = 40  # stripes: the pictures since 1970, in binary digits
_SECONDS: Final = 8  # of a file, from key frame to key frame two
_FRAME: Final = 1 / _RATE + 0.0011  # and the millisecond that a draft is rounded to
_BLIND: Final = (Region(left=0, top=9000, right=1000, bottom=10_000),)

NIGHTS: Final = [
    ("UTC", datetime(2026, 11, 20, 12, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 11, 20, 18, 15, tzinfo=UTC)),
    ("Pacific/Kiritimati", datetime(2026, 11, 20, 10, tzinfo=UTC)),
    ("Europe/Amsterdam", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Amsterdam", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),
]


H264: Final = ("-c:v", "libx264", "-preset", "ultrafast", "-sc_threshold", 0)
HEVC: Final = (
    *("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1", "-x265-params"),
    "log-level=none:scenecut=0:bframes=2:open-gop=0",
)
B_FRAMES: Final = (*H264, "-bf", 2)
# Beside H.264 in MP4, in each zone: what else cameras write, once across a change.
KINDS: Final = [
    (".mp4", HEVC),
    (".ts", B_FRAMES),
    (".mkv", B_FRAMES),
    (".ts", HEVC),
    (".mkv", HEVC),
]


def record(
    folder: Path,
    zone: str,
    start: datetime,
    suffix: str = ".mp4",
    coded: tuple[str | int, ...] = H264,
    *,
    seconds: float = _SECONDS,
    sound: float = 0.0,
    fine: bool = False,
) -> None:
    """Record a file as recorders do: named by the wall clock, written to until its end.

    Its `sound` goes on for so many seconds; 0 is none. A `fine` name tells more than
    the second.
    """
    first = round(start.timestamp() * _RATE)
    clock = (
        f"nullsrc=size={_BITS}x8:rate={_RATE},format=gray,"
        f"geq=lum='32+180*mod(floor((N+{first})/pow(2,X)),2)',"
        f"scale={16 * _BITS}:64:flags=neighbor,setsar=1,format=yuv420p"
    )
    told = "%Y-%m-%d_%H-%M-%S-%f" if fine else "%Y%m%d_%H%M%S"
    path = folder / f"{start.astimezone(ZoneInfo(zone)):{told}}{suffix}"
    assert not path.exists()
    heard = ("-f", "lavfi", "-i", f"sine=duration={sound}", "-c:a", "aac")
    ffmpeg(
        *("-f", "lavfi", "-t", str(seconds), "-i", clock, *(heard if sound else ())),
        *(*coded, "-g", 2 * _RATE, "-keyint_min", 2 * _RATE, path),
    )
    end = start.timestamp() + max(seconds, sound)
    os.utime(path, (end, end))


def clock_of(film: Path) -> list[datetime]:
    """Return when each picture of a film was taken, by what is burnt into it."""
    data = ffmpeg(
        *("-ignore_editlist", "1", "-i", film, "-fps_mode", "passthrough"),
        *("-vf", f"crop=iw:ih/2:0:0,scale={_BITS}:1:flags=area,format=gray"),
        *("-f", "rawvideo", "-"),
    )
    rows = [data[at : at + _BITS] for at in range(0, len(data), _BITS)]
    counts = [
        sum(int(level > 125) << bit for bit, level in enumerate(row)) for row in rows
    ]
    return [
        datetime.fromtimestamp(count // _RATE, UTC)
        + timedelta(seconds=count % _RATE / _RATE)
        for count in counts
    ]


def off(burnt: datetime, told: datetime) -> float:
    """Return by how many seconds two times differ."""
    return abs((burnt - told).total_seconds())


def check(film: Path, draft: Draft, asked: Window) -> None:
    """Require that first and last picture are of the times that the draft tells."""
    burnt = clock_of(film)
    last = burnt[-1] + timedelta(seconds=1 / _RATE)
    assert off(burnt[0], draft.window.start) <= _FRAME
    assert off(last, draft.window.end) <= _FRAME
    assert off(last, asked.end) <= _FRAME
    assert len(burnt) == draft.frames
    if "starts_at_key_frame" in draft.changes:
        assert 0 <= (asked.start - burnt[0]).total_seconds() < 2
    else:
        assert 0 <= (burnt[0] - asked.start).total_seconds() <= _FRAME


@pytest.mark.parametrize(("zone", "change"), NIGHTS)
async def test_every_draft_tells_the_time_that_is_in_its_pictures(
    tmp_path: Path, zone: str, change: datetime
) -> None:
    """From before a change of the clocks until after it, in all ways to cut."""
    await check_all(tmp_path, zone, change, ".mp4", H264)


@pytest.mark.parametrize(("suffix", "coded"), KINDS)
async def test_whatever_it_is_coded_as_and_lies_in(
    tmp_path: Path, suffix: str, coded: tuple[str | int, ...]
) -> None:
    """HEVC, transport streams and Matroska: also with pictures out of their order."""
    await check_all(tmp_path, *NIGHTS[4], suffix, coded)


async def check_all(
    tmp_path: Path,
    zone: str,
    change: datetime,
    suffix: str,
    coded: tuple[str | int, ...],
) -> None:
    """Record around a change of the clocks; draft across it in all ways."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    for number in range(-1, 2):
        start = change + timedelta(seconds=_SECONDS * number)
        record(folder, zone, start, suffix, coded)
    media = Media(ffmpeg="ffmpeg", folder=tmp_path / "drafts")
    asked = Window(
        start=change - timedelta(seconds=3.3), end=change + timedelta(seconds=4.08)
    )
    pieces = await find(media, tmp_path, zone, asked)
    assert len(pieces) == 2
    for exact, playable, masks in (
        (False, False, ()),
        (True, False, ()),
        (False, True, ()),
        (False, False, _BLIND),
    ):
        draft = await media.async_draft(
            case_id=CASE,
            choice=Choice(camera_id="c1", window=asked, exact=exact, playable=playable),
            pieces=pieces,
            max_seconds=600,
            progress=lambda _: None,
            masks=masks,
        )
        assert ("start_re_encoded" in draft.changes) is exact
        assert ("re_encoded" in draft.changes) is bool(playable or masks)
        check(tmp_path / "drafts" / draft.file, draft, asked)


async def find(
    media: Media, tmp_path: Path, zone: str, asked: Window
) -> tuple[Piece, ...]:
    """Return what the folder of recordings has of a window."""
    source = FolderSource(
        index_path=tmp_path / "cache" / "folders.db",
        probe=media.async_length,
        time_zone=zone,
        clock=lambda: asked.end.timestamp() + 86_400,
    )
    camera = Camera(
        camera_id="c1",
        name="Driveway",
        indoor=False,
        offered=True,
        source_kind="folder",
        source={"folder": str(tmp_path / "recordings"), "naming": "segments"},
    )
    pieces = covering(await source.async_find(camera, asked), asked)
    await source.async_close()
    return pieces


# Of each recording, in frames of a 25th of a second: how many its pictures are, how long
# its sound is, and when the next one begins.
JOINTS: Final = {
    "overlap-0.2": (100, 100, 95),
    "overlap-0.48": (100, 100, 88),
    "overlap-1": (100, 100, 75),
    "overlap-1.88": (100, 100, 53),
    "gap-0.2": (100, 100, 105),
    "gap-0.48": (100, 100, 112),
    "gap-1": (100, 100, 125),
    "gap-1.88": (100, 100, 147),
    "sound-0.48": (100, 112, 100),
    "sound-1.4": (100, 135, 100),
    "overlap-and-sound": (100, 120, 90),
    "gap-and-sound": (100, 120, 110),
    "none": (103, 0, 103),
}
WAYS: Final = [(False, False), (True, False), (False, True)]
_NAMED: Final = 1.0  # seconds that a name of whole seconds cannot tell


@pytest.mark.parametrize("fine", [True, False], ids=["frame", "second"])
@pytest.mark.parametrize("joint", JOINTS)
async def test_no_joint_takes_a_picture_from_its_time(
    tmp_path: Path, joint: str, fine: bool
) -> None:
    """Files that overlap or miss something, and sound that outlasts the picture.

    Eight in a row, across a change of the clocks: where names tell the frame, each
    picture is of the time that the draft tells, else within the second of the names.
    """
    (tmp_path / "recordings").mkdir()
    pictures, sound, every = JOINTS[joint]
    zone, change = NIGHTS[4]
    begun = change - timedelta(seconds=9.32)
    for number in range(8):
        start = begun + timedelta(seconds=every * number / _RATE)
        record(
            *(tmp_path / "recordings", zone, start),
            seconds=pictures / _RATE,
            sound=sound / _RATE,
            fine=fine,
        )
    media = Media(ffmpeg="ffmpeg", folder=tmp_path / "drafts")
    last = begun + timedelta(seconds=(7 * every + pictures) / _RATE)
    asked = Window(start=begun + timedelta(seconds=1.2), end=last)
    pieces = await find(media, tmp_path, zone, asked)
    assert len(pieces) == 8
    most = _FRAME + (0 if fine else _NAMED)
    for exact, playable in WAYS:
        draft = await media.async_draft(
            case_id=CASE,
            choice=Choice(camera_id="c1", window=asked, exact=exact, playable=playable),
            pieces=pieces,
            max_seconds=600,
            progress=lambda _: None,
        )
        film = tmp_path / "drafts" / draft.file
        told, burnt = times_of(film, draft), clock_of(film)
        assert len(told) == draft.frames == len(burnt)
        assert burnt == sorted(set(burnt)) or not fine
        off_by = [off(was, time) for was, time in zip(burnt, told, strict=True)]
        assert max(off_by) <= most, (exact, playable)
        # Nothing is cut but what is doubled, to a frame at each joint.
        there = min(every, pictures) * 7 + pictures
        assert len(burnt) >= there - 30 - 7 - (0 if fine else 25)
        assert off(told[-1], asked.end) <= 2 * most


async def test_what_follows_frame_to_frame_is_shown_so(tmp_path: Path) -> None:
    """Files of 4.12 s, named by the second: no picture waits, none is missing."""
    (tmp_path / "recordings").mkdir()
    begun = NIGHTS[0][1] + timedelta(seconds=0.92)
    for number in range(8):
        start = begun + timedelta(seconds=103 * number / _RATE)
        record(tmp_path / "recordings", "UTC", start, seconds=103 / _RATE)
    media = Media(ffmpeg="ffmpeg", folder=tmp_path / "drafts")
    asked = Window(
        start=begun + timedelta(seconds=2), end=begun + timedelta(seconds=30)
    )
    pieces = await find(media, tmp_path, "UTC", asked)
    for exact, playable in WAYS:
        choice = Choice(camera_id="c1", window=asked, exact=exact, playable=playable)
        draft = await media.async_draft(
            case_id=CASE,
            choice=choice,
            pieces=pieces,
            max_seconds=600,
            progress=lambda _: None,
        )
        burnt = clock_of(tmp_path / "drafts" / draft.file)
        steps = {round(off(*pair), 3) for pair in pairwise(burnt)}
        assert steps == {1 / _RATE}
        told = times_of(tmp_path / "drafts" / draft.file, draft)
        steps = {round(off(*pair), 2) for pair in pairwise(told)}
        assert steps == {1 / _RATE}
        assert off(burnt[0], draft.window.start) < _NAMED


def times_of(film: Path, draft: Draft) -> list[datetime]:
    """Return when each picture of a film was taken, by what its draft tells."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_entries"]
    said = subprocess.run(
        [*command, "packet=pts_time", "-of", "csv=p=0", film],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    shown = sorted(float(line.strip(",")) for line in said.split())
    return [draft.window.start + timedelta(seconds=at) for at in shown]
