"""Make a day of recordings for two cameras, each in the layout of a common recorder.

`driveway/` holds `%Y-%m-%d/%H-%M-%S.mp4` in local time, five minutes a file, with
sound. `frigate/recordings/` holds Frigate's own layout in UTC, ten seconds a file. The
day is sparse: two evenings' scenes are recorded throughout, else short motion events.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
import hashlib
import os
from pathlib import Path
import shutil
import subprocess
import tempfile
from typing import Final
from zoneinfo import ZoneInfo

from .scene import draw_scenes

FRAME_RATE: Final = 10
CANARY: Final = "demo-camera-serial-4711"  # metadata that no delivery may carry
_FILE_LENGTH: Final = timedelta(minutes=5)
_EVENT_LENGTH: Final = timedelta(seconds=20)
_FRIGATE_SECONDS: Final = 10
# The car reaches the bicycle this long after 18:00 (see _things).
_ACCIDENT: Final = timedelta(minutes=3, seconds=25)


class RecordingError(Exception):
    """A recording that ffmpeg could not make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the day, aware times."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCamera:
    """A camera of the demo: its name and the folder its recorder writes to."""

    name: str
    folder: Path
    file_pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """A day of recordings; `one_camera` and `two_cameras` are spans to ask for."""

    media_folder: Path
    day: date
    cameras: tuple[RecordedCamera, RecordedCamera]
    one_camera: Span
    two_cameras: Span
    reused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Take:
    """One run of ffmpeg: a camera filmed without a break."""

    camera: str
    start: datetime
    length: timedelta
    falls_after: timedelta | None = None  # the bicycle; None: there is none


def _at(day: date, zone: ZoneInfo, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), zone)


def _plan(day: date, zone: ZoneInfo) -> Iterator[_Take]:
    """Yield what is filmed that day, the long scenes first."""
    evening = _at(day, zone, 18)
    for number in range(3):
        start = evening + number * _FILE_LENGTH
        fall = evening + _ACCIDENT - start
        yield _Take(
            camera="driveway", start=start, length=_FILE_LENGTH, falls_after=fall
        )
    night = _at(day, zone, 21)
    for number in range(3):
        start = night + number * _FILE_LENGTH
        yield _Take(camera="driveway", start=start, length=_FILE_LENGTH)
    for number in range(2):
        start = night + number * _FILE_LENGTH
        yield _Take(camera="street", start=start, length=_FILE_LENGTH)
    for hour in (7, 8, 12, 13, 16, 23):
        yield _Take(
            camera="driveway", start=_at(day, zone, hour, 7), length=_EVENT_LENGTH
        )
    for hour in (6, 9, 15, 22):
        yield _Take(
            camera="street", start=_at(day, zone, hour, 37), length=_EVENT_LENGTH
        )


def _crossing(pace: int, every: int, height: int, margin: int) -> str:
    """Return how something crosses the picture again and again."""
    return f"x='mod(t*{pace},{every})-{margin}':y={height}:eval=frame"


def _things(take: _Take) -> list[tuple[str, str]]:
    """Return what is laid over the background, and where, the nearest last."""
    driveway = take.camera == "driveway"
    things = [("person", _crossing(25, 1500, 200 if driveway else 172, 30))]
    if take.falls_after is not None:
        fall = take.falls_after.total_seconds()
        things.append(("bicycle", f"x=395:y=244:enable='lt(t,{fall})'"))
        things.append(("fallen", f"x=400:y=268:enable='gte(t,{fall})'"))
    vehicle = "car" if driveway else "van"
    return [*things, (vehicle, _crossing(80, 3200, 275 if driveway else 250, 140))]


def _filters(take: _Take, clock: Path) -> str:
    """Return the filter graph: the still background, moving things, the clock."""
    rate = FRAME_RATE
    steps = [
        f"[0]format=yuv420p,loop=loop=-1:size=1,settb=1/{rate},setpts=N,fps={rate}[l0]"
    ]
    for number, (_, place) in enumerate(_things(take), 1):
        steps.append(f"[{number}]format=yuva420p[t{number}]")
        steps.append(f"[l{number - 1}][t{number}]overlay={place}[l{number}]")
    steps.append(
        f"[l{len(_things(take))}]drawtext=font='DejaVu Sans Mono':textfile={clock}"
        ":x=10:y=10:fontsize=18:fontcolor=white:box=1:boxcolor=black@0.55"
        ":boxborderw=5[v]"
    )
    return ";".join(steps)


def _pictures(take: _Take, scenes: Path) -> list[str]:
    """Return the still inputs of a take."""
    names = [take.camera, *(name for name, _ in _things(take))]
    return [word for name in names for word in ("-i", str(scenes / f"{name}.png"))]


def _sound(take: _Take, number: int) -> tuple[list[str], list[str]]:
    """Return the sound's input and output arguments: a street's hum, or nothing."""
    if take.camera != "driveway":
        return [], []
    hum = "anoisesrc=color=brown:amplitude=0.2:sample_rate=16000:seed=7"
    return (
        ["-f", "lavfi", "-i", hum],
        ["-map", f"{number}:a", "-c:a", "aac", "-b:a", "32k"],
    )


def _command(take: _Take, scenes: Path, work: Path, clock: Path) -> list[str]:
    """Return the ffmpeg command of a take; it writes into the work folder."""
    pictures = _pictures(take, scenes)
    sound_in, sound_out = _sound(take, pictures.count("-i"))
    cut = ["-movflags", "+faststart", str(work / "0.mp4")]
    if take.camera == "street":
        cut = ["-f", "segment", "-segment_time", str(_FRIGATE_SECONDS)]
        cut += ["-reset_timestamps", "1", str(work / "%d.mp4")]
    return [
        *("ffmpeg", "-nostdin", "-v", "error", *pictures, *sound_in),
        *("-filter_complex", _filters(take, clock), "-map", "[v]", *sound_out),
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-threads", "1"),
        *("-g", str(2 * FRAME_RATE), "-keyint_min", str(2 * FRAME_RATE)),
        *("-sc_threshold", "0", "-t", str(take.length.total_seconds())),
        *("-metadata", f"comment={CANARY}", "-metadata", "location=+52.3700+004.8900/"),
        *cut,
    ]


def _final_name(take: _Take, number: int) -> Path:
    """Return where a recorder of this kind keeps the take's file."""
    if take.camera == "driveway":
        return Path("driveway", f"{take.start:%Y-%m-%d}", f"{take.start:%H-%M-%S}.mp4")
    began = (take.start + timedelta(seconds=number * _FRIGATE_SECONDS)).astimezone(UTC)
    hour = Path("frigate", "recordings", f"{began:%Y-%m-%d}", f"{began:%H}")
    return hour / take.camera / f"{began:%M.%S}.mp4"


def _film(take: _Take, scenes: Path, media: Path, zone: ZoneInfo) -> None:
    """Make the file or files of one take."""
    with tempfile.TemporaryDirectory(dir=scenes) as name:
        work = Path(name)
        clock = work / "clock.txt"
        epoch = int(take.start.timestamp())
        clock.write_text(
            f"{take.camera.capitalize()}  "
            f"%{{pts:localtime:{epoch}:%Y-%m-%d %H\\:%M\\:%S}}"
            f" +%{{eif:mod(n,{FRAME_RATE}):d}}",
            encoding="utf-8",
        )
        done = subprocess.run(
            _command(take, scenes, work, clock),
            env={**os.environ, "TZ": zone.key},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RecordingError(done.stderr[-2000:])
        _put_away(take, work, media)


def _put_away(take: _Take, work: Path, media: Path) -> None:
    """Move a take's files to where the recorder keeps them, as old as they look."""
    seconds = _FRIGATE_SECONDS if take.camera == "street" else None
    for file in sorted(work.glob("*.mp4")):
        number = int(file.stem)
        length = timedelta(seconds=seconds) if seconds else take.length
        ended = (take.start + number * length + length).timestamp()
        target = media / _final_name(take, number)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.utime(file, (ended, ended))
        file.rename(target)


def film_day(media: Path, day: date, zone: ZoneInfo) -> None:
    """Fill an empty folder with that day's recordings, two takes at a time.

    Blocks for half a minute. Raise RecordingError if ffmpeg fails.
    """
    scenes = media / ".scenes"
    scenes.mkdir()
    draw_scenes(scenes)
    with ThreadPoolExecutor(2, "film") as pool:
        for _ in pool.map(
            lambda take: _film(take, scenes, media, zone), _plan(day, zone)
        ):
            pass
    shutil.rmtree(scenes)


def recordings_mark(zone: ZoneInfo) -> str:
    """Return what tells these recordings from another version's or zone's."""
    here = Path(__file__)
    made_by = here.read_bytes() + here.with_name("scene.py").read_bytes()
    return hashlib.sha256(made_by + zone.key.encode()).hexdigest()[:8]


def describe_day(media: Path, day: date, zone: ZoneInfo, *, reused: bool) -> Recordings:
    """Return what `film_day` puts into a folder."""
    evening, night = _at(day, zone, 18), _at(day, zone, 21)
    minutes = timedelta(minutes=1)
    return Recordings(
        media_folder=media,
        day=day,
        cameras=(
            RecordedCamera(
                name="Driveway",
                folder=media / "driveway",
                file_pattern="%Y-%m-%d/%H-%M-%S.mp4",
            ),
            RecordedCamera(
                name="Street",
                folder=media / "frigate" / "recordings",
                file_pattern="%Y-%m-%d/%H/street/%M.%S.mp4",
            ),
        ),
        one_camera=Span(start=evening + 2 * minutes, end=evening + 5 * minutes),
        two_cameras=Span(start=night + 2 * minutes, end=night + 8 * minutes),
        reused=reused,
    )
