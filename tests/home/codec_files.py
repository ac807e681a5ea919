"""Recordings in what cameras and recorders write: the rows of the codec table."""

from pathlib import Path
from typing import Final, NamedTuple

from .recordings import Recordings, ffmpeg

_KEYS: Final = ("-g", "50", "-keyint_min", "50", "-sc_threshold", "0")
_X264: Final = ("-c:v", "libx264", "-preset", "ultrafast", *_KEYS)
_X265: Final = (
    *("-c:v", "libx265", "-preset", "ultrafast", "-x265-params"),
    "log-level=none:keyint=50:min-keyint=50:open-gop=0",
)
_OPEN: Final = (*_X265[:-1], _X265[-1].replace("open-gop=0", "open-gop=1"))
_AV1: Final = ("-c:v", "libsvtav1", "-preset", "12", "-g", "50")
_JPEG: Final = ("-c:v", "mjpeg", "-q:v", "4")
_TALK: Final = ("-ar", "8000", "-ac", "1")


class Kind(NamedTuple):
    """A row: what it is in, how pictures and sound are coded, how ffmpeg makes it."""

    container: str
    pictures: str
    sound: str
    suffix: str
    made: tuple[str, ...]
    turned: bool = False


KINDS: Final = (
    Kind("MP4", "H.264", "AAC", ".mp4", (*_X264, "-c:a", "aac")),
    Kind("MP4", "H.264, turned a quarter", "AAC", ".mp4",
         (*_X264, "-c:a", "aac"), turned=True),
    Kind("MP4, fragmented", "H.264, B-frames", "AAC", ".frag.mp4",
         (*_X264, "-bf", "2", "-c:a", "aac", "-movflags", "frag_keyframe+empty_moov")),
    Kind("MP4", "H.264, 10 bits", "MP3", ".mp4",
         (*_X264, "-pix_fmt", "yuv420p10le", "-c:a", "libmp3lame")),
    Kind("MOV", "H.264", "G.711 A-law", ".mov", (*_X264, "-c:a", "pcm_alaw", *_TALK)),
    Kind("MKV", "H.264", "Opus", ".mkv", (*_X264, "-c:a", "libopus")),
    Kind("MKV", "H.264", "G.711 µ-law", ".mkv", (*_X264, "-c:a", "pcm_mulaw", *_TALK)),
    Kind("TS", "H.264, B-frames", "MP2", ".ts", (*_X264, "-bf", "2", "-c:a", "mp2")),
    Kind("TS", "H.264", "AC-3", ".ts", (*_X264, "-c:a", "ac3")),
    Kind("FLV", "H.264", "AAC", ".flv", (*_X264, "-c:a", "aac")),
    Kind("MP4", "HEVC", "AAC", ".mp4", (*_X265, "-tag:v", "hvc1", "-c:a", "aac")),
    Kind("MKV", "HEVC, open groups", "G.711 A-law", ".mkv",
         (*_OPEN, "-c:a", "pcm_alaw", *_TALK)),
    Kind("TS", "HEVC", "AAC", ".ts", (*_X265, "-c:a", "aac")),
    Kind("MP4", "AV1", "Opus", ".mp4", (*_AV1, "-c:a", "libopus")),
    Kind("MKV", "AV1", "AAC", ".mkv", (*_AV1, "-c:a", "aac")),
    Kind("AVI", "MJPEG", "PCM", ".avi", (*_JPEG, "-c:a", "pcm_s16le")),
    Kind("MKV", "MJPEG", "G.711 µ-law", ".mkv",
         (*_JPEG, "-c:a", "pcm_mulaw", *_TALK)),
    Kind("MOV", "MJPEG", "none", ".mov", (*_JPEG, "-an")),
    Kind("AVI", "MPEG-4 part 2", "MP3", ".avi",
         ("-c:v", "mpeg4", "-q:v", "4", "-g", "50", "-c:a", "libmp3lame")),
    Kind("AVI", "MS MPEG-4 v3", "none", ".avi",
         ("-c:v", "msmpeg4", "-q:v", "4", "-g", "50", "-an")),
)  # fmt: skip


def file_of(recordings: Recordings, kind: Kind) -> Path:
    """Return a recording of this kind, made once: the numbered pictures, and a tone."""
    number = KINDS.index(kind)
    path = recordings.folder / f"kind-{number}{kind.suffix}"
    if path.exists():
        return path
    plain = path.with_name(f"plain-{path.name}") if kind.turned else path
    ffmpeg(
        *("-i", recordings["silent.mp4"], "-f", "lavfi"),
        *("-i", "sine=sample_rate=48000", "-t", "12", *kind.made, plain),
    )
    if kind.turned:
        ffmpeg("-i", plain, "-c", "copy", "-metadata:s:v", "rotate=90", path)
    return path
