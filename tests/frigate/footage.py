"""A recording as Frigate keeps it: segments of ten seconds, named by whole seconds."""

from dataclasses import dataclass
from pathlib import Path
import subprocess

from tests.home.recordings import ffmpeg, numbers

from .standin import Row

RATE = 10  # pictures per second
SECONDS = 60
_STRIPES = 11
_PICTURES = (
    f"nullsrc=size={_STRIPES}x8:rate={RATE},format=gray,"
    "geq=lum='32+180*mod(floor(N/pow(2,X)),2)',"
    "scale=352:128:flags=neighbor,format=yuv420p"
)


@dataclass(frozen=True, kw_only=True)
class Footage:
    """Segments on disk: every picture carries its number, ten of them a second."""

    paths: tuple[Path, ...]
    seconds: tuple[float, ...]
    numbers: tuple[list[int], ...]  # of the pictures of each

    def rows(self, began: float) -> list[Row]:
        """Return what Frigate writes of them: begins rounded down, lengths measured."""
        rows: list[Row] = []
        at = began
        for path, seconds in zip(self.paths, self.seconds, strict=True):
            start = float(int(at + 1e-6))
            rows.append(Row(start=start, end=start + seconds, path=path))
            at += seconds
        return rows


def record(folder: Path, *, group: int) -> Footage:
    """Record a minute with a key frame every `group` pictures, and sound."""
    ffmpeg(
        *("-f", "lavfi", "-i", f"{_PICTURES},trim=duration={SECONDS}"),
        *("-f", "lavfi", "-i", f"sine=frequency=440:duration={SECONDS}"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
        *(
            "-g",
            str(group),
            "-keyint_min",
            str(group),
            "-sc_threshold",
            "0",
            "-c:a",
            "aac",
        ),
        *("-f", "segment", "-segment_time", "10", "-reset_timestamps", "1"),
        *("-segment_format", "mp4", folder / "cache%02d.mp4"),
    )
    paths: list[Path] = []
    for cached in sorted(folder.glob("cache*.mp4")):
        paths.append(folder / cached.name.replace("cache", ""))
        ffmpeg("-i", cached, "-c", "copy", "-movflags", "+faststart", paths[-1])
    return Footage(
        paths=tuple(paths),
        seconds=tuple(map(_length, paths)),
        numbers=tuple(map(numbers, paths)),
    )


def _length(path: Path) -> float:
    asked = ("-show_entries", "format=duration", "-of", "csv=p=0")
    command = ["ffprobe", "-v", "error", *asked, str(path)]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)
