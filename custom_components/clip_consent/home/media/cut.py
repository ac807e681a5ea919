"""The ffmpeg commands that take a plan's pictures and sound out of recordings.

Pictures are numbered as in the listing, so the inputs must be given just as there.
"""

from collections.abc import Sequence
from typing import Final

from ...core.errors import MediaError
from ...core.masks import Region
from .layout import TIMESCALE
from .listing import Input
from .masking import fill
from .parts import Head, Part
from .setups import Setup
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
_SQUARE: Final = "scale=w='2*max(round(ih*dar/2),1)':h=ih,setsar=1"
# Recordings that say different things of their colours say nothing of them in one film.
_NO_COLOURS: Final = (
    "setparams=range=tv:color_primaries=unknown:color_trc=unknown:colorspace=unknown"
)
# Where time stamps begin anew: never back in time.
_FORTH: Final = "select=not(lte(pts\\,prev_selected_pts))"
_RATED: Final = (
    *("-maxrate", str(MAX_BIT_RATE), "-bufsize", str(2 * MAX_BIT_RATE)),
    *("-enc_time_base", f"1:{TIMESCALE}", "-fps_mode", "vfr"),
)
START: Final = "start.mp4"
# Stretches that a copy leaves out in between. An open group has one; what an argument
# can hold is some thousands.
_MOST_LEFT: Final = 256


def copy_arguments(
    inputs: Sequence[Input], parts: Sequence[Part], codec: str, sound: Sound | None
) -> list[str]:
    """Return the command that copies parts, one of each input, into `<number>.mp4`.

    Their sound goes into `<number>.pcm`. Raises MediaError `needs_playable_copy` for a
    codec that cannot be checked in MP4, and where far too much in between is left out.
    """
    if codec not in CODECS:
        raise MediaError("needs_playable_copy")
    command = ["-copyts"]
    for each in inputs:
        command += _input(each, sound)
    for at, part in enumerate(parts):
        if not part.times:
            continue  # all that it has of the film is encoded anew
        command += [
            *("-map", f"{at}:V:0", "-c:v", "copy", "-copyinkf:v"),
            *(*_left_out(part), "-frames:v", str(len(part.times))),
            *(*_PLAIN, "-avoid_negative_ts", "make_zero", *_FORM),
            *("-tag:v", CODECS[codec].entry.decode()),
            f"{part.number}.mp4",
        ]
    return command + _sounds(parts, sound)


def _left_out(part: Part) -> list[str]:
    """Return what leaves pictures out before the last one, by their numbers.

    Most recordings are entered right at the first one. Where nothing is left out,
    nothing is told: ffmpeg takes time to compute that for each picture.
    """
    those = frozenset(part.leave)
    firsts = [number for number in part.leave if number - 1 not in those]
    lasts = [number for number in part.leave if number + 1 not in those]
    if len(firsts) > _MOST_LEFT:
        raise MediaError("needs_playable_copy")
    left = [f"lt(n,{part.first})"] if part.first else []
    left += [f"between(n,{a},{b})" for a, b in zip(firsts, lasts, strict=True)]
    return ["-bsf:v", f"noise=drop='{'+'.join(left)}'"] if left else []


def start_arguments(source: Input, head: Head, setup: Setup) -> list[str]:
    """Return the command that encodes the start of a film anew into `start.mp4`.

    As the pictures behind it are coded: not turned, not scaled, in their colours.
    `setup` is what the encoder is to name its own set-up by, and what profile is used.
    libx265 takes no name: it is given one afterwards, see restart.py.
    """
    return [
        *("-copyts", "-threads", "1", "-noautorotate"),
        *(*source._replace(seconds=None).arguments(), "-map", "0:V:0"),
        *("-vf", _trimmed(head.begin, head.end)),
        *_START_ENCODERS[setup.codec](setup.number),
        *("-preset", "veryfast", "-crf", "18", "-bf", "0"),
        *(("-profile:v", setup.profile) if setup.profile else ()),
        *("-threads", "1", *_RATED, "-tag:v", CODECS[setup.codec].entry.decode()),
        *(*_PLAIN, *_FORM, START),
    ]


def _x264(number: int) -> list[str]:
    return ["-c:v", "libx264", "-x264-params", f"fps=30/1:sps-id={number}"]


def _x265(number: int) -> list[str]:
    """One picture at a time in one thread: the same input gives the same bytes.

    It looks no picture ahead: with 4K that is what it has no memory for.
    """
    alone = "pools=none:frame-threads=1:wpp=0:slices=1:keyint=-1:scenecut=0"
    small = "ref=1:rc-lookahead=0:b-adapt=0:cutree=0:lookahead-slices=0"
    plain = "high-tier=0:repeat-headers=0:info=0:hrd=0:temporal-layers=0"
    told = f"log-level=error:fps=30/1:bframes=0:{alone}:{small}:{plain}"
    return ["-c:v", "libx265", "-x265-params", told]


_START_ENCODERS: Final = {"h264": _x264, "hevc": _x265}


def encode_arguments(
    source: Input,
    part: Part,
    sound: Sound | None,
    *,
    masks: Sequence[Region],
    alike: bool,
    frame: tuple[int, int] | None,
) -> list[str]:
    """Return the command that makes a playable copy of a part into `<number>.mp4`.

    Its sound goes into `<number>.pcm`. Where recordings are not `alike`, the pictures
    are brought into one `frame` (width, height), that of the first.
    One thread encodes, so that the same input gives the same bytes: with more, x264's
    upper bit rate hangs on how far the others have come (measured: 8 of 8 differ).
    """
    # Decoding, ffmpeg counts an input's length from the first picture it comes upon:
    # a key frame that may be far before what was asked for. The trims end it instead.
    source = source._replace(seconds=None)
    filters = [_trimmed(part.begin, part.end)]
    if part.restarts:
        filters.append(_FORTH)
    filters += [*fill(masks), *([_FIT] if alike else _brought(frame))]
    return [
        *("-copyts", "-threads", "2", *_input(source, sound), "-map", "0:V:0"),
        *("-vf", ",".join([*filters, "format=yuv420p"])),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "60"),
        *("-profile:v", "high", "-threads", "1", *_RATED),
        *("-x264-params", "fps=30/1" if alike else "fps=30/1:chromaloc=0"),
        *(*_PLAIN, *_FORM, f"{part.number}.mp4"),
        *_sounds([part], sound),
    ]


def _trimmed(begin: float, end: float) -> str:
    """Return the filter that leaves what is shown between, counted from its first.

    The encoder drops what has a time stamp below zero: see `_RATED`.
    """
    return f"trim=start={begin:.6f}:end={end:.6f},setpts=PTS-STARTPTS"


def _brought(frame: tuple[int, int] | None) -> list[str]:
    """Return what brings pictures into a frame, whole, with black beside them.

    Those of the first recording, which make the frame, are brought into their own.
    """
    if frame is None:
        return [_SQUARE, _FIT, "setsar=1", _NO_COLOURS]
    width, height = frame
    wide = f"2*max(round(min({width},{height}*dar)/2),1)"
    high = f"2*max(round(min({height},{width}/dar)/2),1)"
    beside = "x='2*trunc((ow-iw)/4)':y='2*trunc((oh-ih)/4)'"
    return [
        f"scale=w='{wide}':h='{high}':out_range=tv",
        *("format=yuv420p", f"pad={width}:{height}:{beside}", "setsar=1", _NO_COLOURS),
    ]


def _input(source: Input, sound: Sound | None) -> list[str]:
    """Return an input. Sound is also read where an edit list hides it."""
    return [*(("-flags2:a", "skip_manual") if sound else ()), *source.arguments()]


def _sounds(parts: Sequence[Part], sound: Sound | None) -> list[str]:
    return sound.arguments([part.number for part in parts]) if sound else []


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
