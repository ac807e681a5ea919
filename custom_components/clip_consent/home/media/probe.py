"""What a recording is, read from what ffmpeg prints of its inputs.

ffprobe is not in every image, ffmpeg is. Lines of the recording's own metadata are
indented deeper than the lines read here, so no title can pass for one.
"""

from dataclasses import dataclass
import re
from typing import Final

_INPUT: Final = re.compile(r"^Input #\d+, ", re.MULTILINE)
_DURATION: Final = re.compile(
    r"^  Duration: (?:N/A|(\d+):(\d\d):(\d\d\.\d+))(?:, start: (-?[\d.]+))?",
    re.MULTILINE,
)
_STREAM: Final = re.compile(
    r"^  Stream #\d+:\d+(?:\[\w+\])?(?:\(\w+\))?: (Video|Audio): (\w+)(.*)$",
    re.MULTILINE,
)
_SIZE: Final = re.compile(r", (\d{2,5})x(\d{2,5})\b")
_RATE: Final = re.compile(r", ([\d.]+) fps\b")
_START: Final = re.compile(r", start (-?[\d.]+)")
_TURN: Final = re.compile(r"^ {4,6}displaymatrix: rotation of (-?[\d.]+)", re.MULTILINE)
_OPENED: Final = re.compile(r"^Stream mapping:", re.MULTILINE)
_PIXELS: Final = re.compile(r", ((?:yuv|gray|rgb|bgr|nv|gbr)\w*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What a recording is.

    `seconds` is 0 where the file does not say. `start` is the time stamp of its first
    frame. `audio_channels` is 0 without sound.
    """

    container: str
    seconds: float
    start: float
    video_codec: str | None
    pixel_format: str
    width: int
    height: int
    fps: float
    audio_codec: str | None
    audio_channels: int

    @property
    def has_video(self) -> bool:
        """Whether there is a moving picture in it."""
        return self.video_codec is not None


def read_probe(log: str, container: str) -> Probe | None:
    """Return the first input that ffmpeg's messages tell of, None if it opened none."""
    inputs = _INPUT.split(log)[1:]
    if not inputs:
        return None
    seconds, start = _length(inputs[0])
    streams = _STREAM.findall(inputs[0])
    video = next(
        (s for s in streams if s[0] == "Video" and "(attached pic)" not in s[2]), None
    )
    audio_codec, audio_channels = _sound(streams)
    rest = video[2] if video else ""
    size = _SIZE.search(rest)
    rate = _RATE.search(rest)
    own_start = _START.search(rest)
    pixels = _PIXELS.search(rest)
    return Probe(
        container=container,
        seconds=seconds,
        start=float(own_start[1]) if own_start else start,
        video_codec=video[1] if video else None,
        pixel_format=pixels[1] if pixels else "",
        width=int(size[1]) if size else 0,
        height=int(size[2]) if size else 0,
        fps=float(rate[1]) if rate else 0.0,
        audio_codec=audio_codec,
        audio_channels=audio_channels,
    )


def sound_channels(log: str) -> tuple[int, ...]:
    """Return the channels of sound that each opened input has, 0 for none."""
    return tuple(_sound(_STREAM.findall(each))[1] for each in _INPUT.split(log)[1:])


def tells_all(log: str) -> bool:
    """Whether what ffmpeg printed reaches beyond its inputs.

    Of a flood of warnings only the beginning is kept: they may not have come through.
    """
    return _OPENED.search(log) is not None


def turns(log: str) -> tuple[float, ...]:
    """Return by how many degrees each opened input's picture is turned to be shown."""
    found = (_TURN.search(each) for each in _INPUT.split(log)[1:])
    return tuple(float(match[1]) if match else 0.0 for match in found)


def _sound(streams: list[tuple[str, str, str]]) -> tuple[str | None, int]:
    """Return codec and channels of the first sound, if ffmpeg knows the codec."""
    for kind, codec, rest in streams:
        if kind == "Audio":
            return (None, 0) if codec == "none" else (codec, _channels(rest))
    return None, 0


def _length(text: str) -> tuple[float, float]:
    """Return length and start of an input in seconds, 0 for what it does not say."""
    match = _DURATION.search(text)
    if not match or not match[1]:
        return 0.0, 0.0
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3])
    return seconds, float(match[4] or 0)


def _channels(rest: str) -> int:
    """Return 1 or 2: cameras have no more, and no more is kept."""
    return 1 if ", mono" in rest or ", 1 channels" in rest else 2
