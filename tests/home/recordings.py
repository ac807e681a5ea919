"""Recordings to draft from: every picture of them carries its own number.

The picture is eleven upright stripes, black or white: its number in binary digits. So
what a film shows can be read back, whatever it went through. The recordings also carry
words in every place that a recorder or an encoder may put some into: the canaries.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
import subprocess
from typing import Final

import pytest

RATE: Final = 25  # pictures per second
GROUP: Final = 50  # pictures from key frame to key frame
PICTURES: Final = 300
SECONDS: Final = PICTURES / RATE
_STRIPES: Final = 11

CANARIES: Final = (
    *(b"CANARY", b"+52.3676+004.9041/", b"x264", b"x265", b"Lavc", b"Lavf"),
    *(b"2019-03-04", b"Exif", b"ADVERT", b"libx26"),
)
_PICTURES: Final = (
    f"nullsrc=size={_STRIPES}x8:rate={RATE},format=gray,"
    "geq=lum='32+180*mod(floor(N/pow(2,X)),2)',"
    "scale=352:128:flags=neighbor,format=yuv420p"
)
_SOUND: Final = "sine=frequency=440:sample_rate=48000"
_X264: Final = (
    *("-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-b_strategy", "0"),
    *("-g", str(GROUP), "-keyint_min", str(GROUP), "-sc_threshold", "0"),
    *("-pix_fmt", "yuv420p", "-bsf:v"),
    "h264_metadata=sei_user_data=086f3693b7b34f2c965321492feee5b8+CANARYsei",
)
_CHAPTERS: Final = """;FFMETADATA1
title=CANARYtitle
[CHAPTER]
TIMEBASE=1/1
START=0
END=5
title=CANARYchapter
"""
_WORDS: Final = "1\n00:00:00,000 --> 00:00:09,000\nCANARYsubtitle\n"


def ffmpeg(*arguments: str | Path, cwd: Path | None = None) -> bytes:
    """Run ffmpeg and return what it writes to standard output."""
    command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, cwd=cwd).stdout


def numbers(film: Path, *, shown: bool = False) -> list[int]:
    """Return the numbers of the pictures a film holds, edit lists ignored.

    With `shown`, only what a player shows.
    """
    hidden = () if shown else ("-ignore_editlist", "1")
    if film.suffix != ".mp4":
        hidden = ()
    data = ffmpeg(
        *(*hidden, "-i", film, "-map", "0:v:0", "-fps_mode", "passthrough"),
        *("-vf", f"scale={_STRIPES}:1:flags=area,format=gray", "-f", "rawvideo", "-"),
    )
    return [
        sum((level > 125) << bit for bit, level in enumerate(data[at : at + _STRIPES]))
        for at in range(0, len(data), _STRIPES)
    ]


def hashes(film: Path) -> list[str]:
    """Return a digest of each decoded picture, edit lists ignored."""
    hidden = ("-ignore_editlist", "1") if film.suffix == ".mp4" else ()
    lines = ffmpeg(
        *(*hidden, "-i", film, "-map", "0:v:0", "-fps_mode", "passthrough"),
        *("-f", "framemd5", "-"),
    )
    return [
        line.split()[-1].decode() for line in lines.splitlines() if line[:1] != b"#"
    ]


def sound_of(film: Path) -> list[tuple[float, float]]:
    """Return where each stretch of sound begins and ends, in seconds."""
    said = subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-i", str(film), "-af"),
            *("silencedetect=noise=-40dB:duration=0.05", "-f", "null", "-"),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stderr
    quiet = [
        float(line.split(word)[1].split()[0])
        for line in said.splitlines()
        for word in ("silence_start:", "silence_end:")
        if word in line
    ]
    return list(zip(quiet[::2], quiet[1::2], strict=False))


class Recordings:
    """Makes each recording when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        """Keep them in a folder."""
        self.folder = folder
        self._makers: dict[str, Callable[[Path], object]] = {
            "camera.mp4": self._camera,
            "silent.mp4": self._silent,
            "long.mp4": self._long,
            "late.ts": self._late,
            "unstamped.ts": lambda path: self._copy(path, "-map", "0:v"),
            "camera.mkv": lambda path: self._copy(path, "-map", "0:v", "-map", "0:a:0"),
            "growing.mp4": self._growing,
            "fragmented.mp4": lambda path: self._copy(
                path, "-map", "0:v", "-movflags", "frag_keyframe+empty_moov"
            ),
            "faststart.mp4": lambda path: self._copy(
                path, "-map", "0:v", "-movflags", "+faststart"
            ),
            "hevc.mp4": self._hevc,
            "av1.mp4": self._av1,
            "mjpeg.avi": lambda path: self._plain(path, "-c:v", "mjpeg", "-q:v", "4"),
            "mpeg4.avi": lambda path: self._plain(path, "-c:v", "mpeg4", "-q:v", "4"),
            "varying.mkv": self._varying,
            "telephone.mkv": self._telephone,
            "hiding.mp4": self._hiding,
            "sound.m4a": lambda path: ffmpeg(
                *("-f", "lavfi", "-i", f"{_SOUND}:duration=3", path)
            ),
        }

    def __getitem__(self, name: str) -> Path:
        """Return a recording by its name."""
        path = self.folder / name
        if not path.exists():
            self._makers[name](path)
        return path

    def remade(self, name: str, *how: str, source: str = "silent.mp4") -> Path:
        """Return a recording made of another by ffmpeg, made once.

        Those of one name that are made otherwise never stand for each other.
        """
        made = sha256("\0".join((source, *how)).encode()).hexdigest()[:12]
        path = self.folder / made / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            ffmpeg("-i", self[source], *how, path)
        return path

    def segments(self, suffix: str = ".mp4") -> list[Path]:
        """Return three recordings of four seconds each, one after the other."""
        folder = self.folder / f"segments{suffix}"
        if not folder.exists():
            folder.mkdir()
            # As recorders do: what comes as a transport stream stays one.
            source = self["late.ts" if suffix == ".ts" else "camera.mp4"]
            ffmpeg(
                *("-i", source, "-map", "0:v:0", "-map", "0:a:0"),
                *("-c", "copy", "-f", "segment", "-segment_time", "4"),
                *("-reset_timestamps", "1", folder / f"%d{suffix}"),
            )
        return sorted(folder.iterdir())

    def _camera(self, path: Path) -> None:
        """Make H.264 with B-frames and AAC, and a canary in each place there is."""
        (self.folder / "chapters.txt").write_text(_CHAPTERS)
        (self.folder / "words.srt").write_text(_WORDS)
        ffmpeg(
            *("-f", "lavfi", "-i", _PICTURES, "-f", "lavfi", "-i", _SOUND),
            *("-i", self.folder / "words.srt", "-i", self.folder / "chapters.txt"),
            *("-t", str(SECONDS), "-map", "0:v", "-map", "1:a", "-map", "2:s"),
            *("-map_metadata", "3", "-map_chapters", "3", *_X264, "-c:a", "aac"),
            *("-c:s", "mov_text", "-timecode", "01:02:03:04"),
            *("-metadata", "location=+52.3676+004.9041/"),
            *("-metadata", "comment=CANARYcomment", "-metadata", "make=CANARYmaker"),
            *("-metadata", "creation_time=2019-03-04T05:06:07Z"),
            *("-metadata:s:v", "handler_name=CANARYhandler"),
            *("-metadata:s:a", "handler_name=CANARYmicrophone"),
            *("-movflags", "+use_metadata_tags", path),
        )

    def _silent(self, path: Path) -> None:
        """Make what most cameras do: no B-frames, no sound."""
        self._plain(path, *_X264[:4], "-bf", "0", "-g", str(GROUP), *_X264[10:])

    def _long(self, path: Path) -> None:
        """Make one group of all pictures: there is no key frame but the first."""
        self._plain(path, *_X264[:4], "-bf", "0", "-g", str(PICTURES), *_X264[10:])

    def _plain(self, path: Path, *coded: str) -> None:
        ffmpeg("-f", "lavfi", "-i", _PICTURES, "-t", str(SECONDS), *coded, path)

    def _late(self, path: Path) -> None:
        """Make a transport stream: its time begins at 1.4 seconds."""
        ffmpeg(
            *("-f", "lavfi", "-i", _PICTURES, "-f", "lavfi", "-i", _SOUND),
            *("-t", str(SECONDS), *_X264[:-2], "-c:a", "aac"),
            *("-metadata", "service_name=CANARYservice", path),
        )

    def _copy(self, path: Path, *how: str) -> None:
        ffmpeg("-i", self["camera.mp4"], *how, "-c", "copy", path)

    def _growing(self, path: Path) -> None:
        """Make a recording whose header comes last, as long as it is being written."""
        path.write_bytes(self["camera.mp4"].read_bytes()[:100_000])

    def _hevc(self, path: Path) -> None:
        """Make HEVC with open groups: pictures that need the group before them."""
        self._plain(
            *(path, "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
            "-x265-params",
            f"log-level=none:keyint={GROUP}:min-keyint={GROUP}:bframes=3:open-gop=1",
        )

    def _av1(self, path: Path) -> None:
        self._plain(path, "-c:v", "libsvtav1", "-preset", "12", "-g", str(GROUP))

    def _varying(self, path: Path) -> None:
        """Leave out pictures where nothing moved: every third, at times."""
        ffmpeg(
            *("-f", "lavfi", "-i", _PICTURES, "-t", str(SECONDS)),
            *("-vf", "select='mod(n,3)+lt(mod(n,70),40)'", "-fps_mode", "vfr"),
            *(*_X264, path),
        )

    def _telephone(self, path: Path) -> None:
        """Make the sound of many cameras: G.711 at 8 kHz, which MP4 cannot hold."""
        ffmpeg(
            *("-i", self["silent.mp4"], "-f", "lavfi", "-i", "sine=sample_rate=8000"),
            *("-t", str(SECONDS), "-c:v", "copy", "-c:a", "pcm_mulaw", path),
        )

    def _hiding(self, path: Path) -> None:
        """Make a recording that hides its beginning behind an edit list."""
        ffmpeg(
            *("-ss", "3", "-i", self["camera.mp4"], "-map", "0:v:0", "-t", "6"),
            *("-c", "copy", path),
        )


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Recordings:
    """Return the recordings, made once."""
    return Recordings(tmp_path_factory.mktemp("recordings"))
