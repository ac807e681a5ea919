"""The ffmpeg commands that take a plan's pictures and sound out of recordings.

Pictures are numbered as in the listing, so the inputs must be given just as there.
"""

from collections.abc import Sequence
from typing import Final

from ...core.errors import MediaError
from .layout import TIMESCALE
from .listing import Input
from .plan import Part
from .sound import RATE, Sound
from .units import CODECS

PRIMING: Final = 1024  # samples that the encoder puts before the first one
MAX_BIT_RATE: Final = 12_000_000  # of a playable copy
# Nothing of the recording's own words, no clock, no name of a program.
_PLAIN: Final = (
    *("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"),
    *("-flags", "+bitexact", "-write_tmcd", "0"),
)
_FORM: Final = ("-video_track_timescale", str(TIMESCALE), "-f", "mp4")
_FIT: Final = (
    "scale=w='if(gt(iw,ih),min(1920,iw),min(1080,iw))'"
    ":h='if(gt(iw,ih),min(1080,ih),min(1920,ih))'"
    ":force_original_aspect_ratio=decrease:force_divisible_by=2:out_range=tv"
)


def copy_arguments(
    inputs: Sequence[Input], parts: Sequence[Part], codec: str, sound: Sound | None
) -> list[str]:
    """Return the command that copies parts, one of each input, into `<number>.mp4`.

    Their sound goes into `<number>.pcm`. Raises MediaError `needs_playable_copy` for a
    codec that cannot be checked in MP4.
    """
    if codec not in CODECS:
        raise MediaError("needs_playable_copy")
    command = ["-copyts"]
    for each in inputs:
        command += _input(each, sound)
    for at, part in enumerate(parts):
        drop = f"lt(n,{part.first})+gte(n,{part.last})"
        drop += "".join(f"+eq(n,{number})" for number in part.leave)
        command += [
            *("-map", f"{at}:V:0", "-c:v", "copy", "-copyinkf:v"),
            *("-bsf:v", f"noise=drop='{drop}',{_filter(codec)}"),
            *(*_PLAIN, "-avoid_negative_ts", "make_zero", *_FORM),
            *("-tag:v", CODECS[codec].entry.decode()),
            f"{part.number}.mp4",
        ]
    return command + _sounds(parts, sound)


def encode_arguments(source: Input, part: Part, sound: Sound | None) -> list[str]:
    """Return the command that makes a playable copy of a part into `<number>.mp4`.

    Its sound goes into `<number>.pcm`.
    One thread encodes, so that the same input gives the same bytes: with more, x264's
    upper bit rate hangs on how far the others have come (measured: 8 of 8 differ).
    """
    # Decoding, ffmpeg counts an input's length from the first picture it comes upon:
    # a key frame that may be far before what was asked for. The trims end it instead.
    source = source._replace(seconds=None)
    between = f"trim=start={part.begin:.6f}:end={part.end:.6f}"
    return [
        *("-copyts", "-threads", "2", *_input(source, sound), "-map", "0:V:0"),
        *("-vf", f"{between},{_FIT},format=yuv420p", "-fps_mode", "vfr"),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "60"),
        *("-profile:v", "high", "-threads", "1", "-maxrate", str(MAX_BIT_RATE)),
        *("-bufsize", str(2 * MAX_BIT_RATE), "-enc_time_base", f"1:{TIMESCALE}"),
        *("-x264-params", "fps=30/1", "-bsf:v", _filter("h264"), *_PLAIN, *_FORM),
        f"{part.number}.mp4",
        *_sounds([part], sound),
    ]


def _input(source: Input, sound: Sound | None) -> list[str]:
    """Return an input. Sound is also read where an edit list hides it."""
    return [*(("-flags2:a", "skip_manual") if sound else ()), *source.arguments()]


def _sounds(parts: Sequence[Part], sound: Sound | None) -> list[str]:
    return sound.arguments([part.number for part in parts]) if sound else []


def _filter(codec: str) -> str:
    return f"filter_units=pass_types={CODECS[codec].pass_types()}"


def sound_file_arguments(sound: Sound) -> list[str]:
    """Return the command that makes `sound.mp4` of `sound.pcm`.

    As much as the encoder puts before it is left out at the start, so that sound and
    picture agree without an edit list.
    """
    return [
        *("-f", "s16le", "-ar", str(RATE), "-ac", str(sound.channels)),
        *("-protocol_whitelist", "file", "-i", "file:sound.pcm"),
        *("-af", f"atrim=start_sample={PRIMING},asetpts=PTS-STARTPTS"),
        *("-c:a", "aac", "-b:a", "96k", *_PLAIN, "-f", "mp4", "sound.mp4"),
    ]
