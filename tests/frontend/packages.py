"""Films and sealed packages for the pages to open, made as the home makes them."""

from datetime import UTC, datetime, timedelta
import hashlib
from pathlib import Path
import subprocess
from typing import Any, Final

from custom_components.clip_consent.base.package import seal_package

REQUEST_ID: Final = "t2u3v4w5x6y7z2a3b4c5d6e7f2"
DELIVERY_ID: Final = "p2q3r4s5t6u7v2w3x4y5z6a7b2"
START: Final = datetime(2026, 11, 22, 18, 1, 58, tzinfo=UTC)

_ENCODERS: Final = {
    "h264": ("libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"),
    "hevc": ("libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"),
}


def film(path: Path, codec: str = "h264", seconds: int = 4) -> Path:
    """Make a moving picture without sound."""
    source = f"testsrc2=size=640x360:rate=15:duration={seconds}"
    command = ("ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", source, "-c:v")
    tag = ("-tag:v", "hvc1") if codec == "hevc" else ()
    subprocess.run(
        [*command, *_ENCODERS[codec], *tag, "-movflags", "+faststart", str(path)],
        check=True,
    )
    return path


def sheet(path: Path, source: Path) -> Path:
    """Make a strip of frames of a film."""
    command = ("ffmpeg", "-v", "error", "-y", "-i", str(source), "-frames:v", "1")
    subprocess.run(
        [*command, "-vf", "fps=2,scale=320:-1,tile=4x2", str(path)], check=True
    )
    return path


def key_pair() -> tuple[str, str]:
    """Return an identity and its recipient, made by Debian's age."""
    text = subprocess.run(["age-keygen"], check=True, capture_output=True).stdout
    lines = text.decode().splitlines()
    recipient = next(line.split()[-1] for line in lines if "public key" in line)
    return next(line for line in lines if line.startswith("AGE-")), recipient


def manifest_for(content: Path, **changes: Any) -> dict[str, Any]:
    """Return the manifest that a home would write for a film or an answer."""
    data = content.read_bytes()
    words = content.suffix == ".txt"

    def said(when: datetime) -> str:
        return when.isoformat().replace("+00:00", "Z")

    end = START + timedelta(seconds=4)
    made: dict[str, Any] = {
        "version": 1,
        "kind": "answer" if words else "clip",
        "request_id": REQUEST_ID,
        "content": {
            "name": "answer.txt" if words else "clip.mp4",
            "media_type": "text/plain; charset=utf-8" if words else "video/mp4",
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        },
        "camera": None if words else 1,
        "asked": {
            "start": said(START + timedelta(seconds=2)),
            "end": said(START + timedelta(seconds=182)),
        },
        "covered": None
        if words
        else {"start": said(START), "end": said(end), "seconds": 4.0},
        "frames": None if words else 60,
        "width": None if words else 640,
        "height": None if words else 360,
        "video_codec": None if words else "h264",
        "audio": None if words else False,
        "transformations": []
        if words
        else [
            "stream_copy",
            "audio_removed",
            "metadata_removed",
            "starts_at_key_frame",
        ],
        "consent": {"at": "2026-11-22T19:01:00Z", "means": "panel"},
        "terms": {
            "purpose": "Somebody drove into my bicycle",
            "delete_by": "2027-02-20T19:01:00Z",
            "onward_sharing": False,
        },
        "software": "clip_consent 0.1.0",
    }
    return made | changes


def seal(content: Path, manifest: dict[str, Any], recipient: str, path: Path) -> Path:
    """Seal it as a home does."""
    said = manifest["content"]
    with content.open("rb") as draft:
        seal_package(
            draft=draft,
            expected_sha256=said["sha256"],
            expected_size=said["size"],
            manifest=manifest,
            recipient=recipient,
            spool_path=path,
        )
    return path


def reseal(
    source: Path, identity: str, recipient: str, target: Path, change: Any
) -> Path:
    """Open a package, change the archive in it, and seal it again to the same key."""
    key = target.with_suffix(".key")
    key.write_text(identity, encoding="ascii")
    plain = subprocess.run(
        ["age", "-d", "-i", str(key), str(source)], check=True, capture_output=True
    ).stdout
    changed = bytearray(plain)
    change(changed)
    subprocess.run(
        ["age", "-r", recipient, "-o", str(target)], input=bytes(changed), check=True
    )
    return target
