"""Films that look like recordings, for all tests that do not care what they show."""

from pathlib import Path
import subprocess


def make_film(
    path: Path,
    seconds: int,
    *,
    size: str = "320x180",
    rate: int = 10,
    header_first: bool = True,
) -> Path:
    """Write an MP4 film: so many pictures a second, the first of each a key frame."""
    flags = ("-movflags", "+faststart") if header_first else ()
    subprocess.run(
        [
            *("ffmpeg", "-nostdin", "-v", "error", "-y", "-f", "lavfi"),
            *("-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"),
            *("-c:v", "libx264", "-preset", "ultrafast", "-g", str(rate)),
            *("-pix_fmt", "yuv420p", *flags, "-f", "mp4", str(path)),
        ],
        check=True,
    )
    return path
