"""Still pictures: of a finished film for the preview, of a recording for the picker."""

from collections.abc import Iterator, Sequence
from typing import Final

from .recordings import Recording
from .verify import Film

_JPEG: Final = (
    *("-c:v", "mjpeg", "-q:v", "4", "-map_metadata", "-1", "-fflags", "+bitexact"),
    *("-flags:v", "+bitexact", "-f", "mjpeg"),
)
_FULL: Final = "out_range=pc,format=yuvj420p"
_COUNT: Final = 9  # pictures of a sheet
STILL: Final = "still.jpg"
SHEET: Final = "sheet.jpg"
_NEAR: Final = 0.02  # seconds after a moment that are still at that moment
# How long before a moment to begin looking for a key frame, in seconds.
_LEADS: Final = (0.0, 1.0, 12.0, 72.0)
_STREAMS: Final = {"mpegts", "mpeg"}  # without a table of key frames
_INTO_STREAM: Final = 5.0  # seconds; most cameras code a key frame more often
_ALL_FRAMES: Final = 900  # a film this short is decoded whole if its key frames are few


def preview_arguments(film: Film, name: str) -> list[str]:
    """Return the command that makes `still.jpg` and `sheet.jpg` of a film.

    Key frames are enough, if there are enough of them.
    """
    only_keys = len(film.keys) >= _COUNT or film.frames > _ALL_FRAMES
    there = len(film.keys) if only_keys else film.frames
    count = min(_COUNT, there)
    wide = next(n for n in (1, 2, 3) if n * n >= count)
    picks = sorted({number * there // count for number in range(count)})
    chosen = "+".join(f"eq(n,{number})" for number in picks)
    graph = (
        f"[0:v]select='{chosen}',split[a][b];"
        f"[a]select='eq(n,{len(picks) // 2})',"
        f"scale=w='min(1280,iw)':h=-2:{_FULL}[still];"
        f"[b]scale=w=426:h=-2:{_FULL},tile={wide}x{wide}:padding=4[sheet]"
    )
    return [
        *(("-skip_frame", "nokey") if only_keys else ()),
        *("-threads", "2"),
        *("-protocol_whitelist", "file", "-f", "mov", "-i", f"file:{name}"),
        *("-filter_complex", graph),
        *("-map", "[still]", "-frames:v", "1", *_JPEG, STILL),
        *("-map", "[sheet]", "-frames:v", "1", *_JPEG, SHEET),
    ]


def thumbnail_commands(
    recording: Recording, seconds: float, width: int
) -> Iterator[list[str]]:
    """Yield commands that write the key frames until a moment as JPEG, to try in turn.

    The last picture is the one wanted. Where a file can only be entered somewhere, the
    first commands may find none; the very last takes the first of all.
    """
    tries = [(seconds - lead, lead) for lead in _LEADS if lead < seconds]
    for seek, shown in (*tries, (None, seconds), (None, None)):
        until = f"trim=end={shown + _NEAR:.6f}," if shown is not None else ""
        scaled = f"select=key,{until}scale=w={width}:h=-2:{_FULL}"
        yield [
            *("-skip_frame", "nokey", "-threads", "2"),
            *(*recording.arguments(seek=seek), "-map", "0:V:0", "-vf", scaled),
            *(() if until else ("-frames:v", "1")),
            *("-fps_mode", "passthrough", *_JPEG, "pipe:1"),
        ]


def last_picture(data: bytes) -> bytes:
    """Return the last of several JPEG pictures that follow each other."""
    before, _, last = data.rpartition(b"\xff\xd9\xff\xd8")
    return b"\xff\xd8" + last if before else data


def split_pictures(data: bytes) -> list[bytes]:
    """Return the JPEG pictures that follow each other."""
    if not data:
        return []
    inner = data.removeprefix(b"\xff\xd8").removesuffix(b"\xff\xd9")
    return [
        b"\xff\xd8" + each + b"\xff\xd9" for each in inner.split(b"\xff\xd9\xff\xd8")
    ]


def film_thumbnails(fd: int, width: int) -> list[str]:
    """Return the command that writes each picture of an open film as JPEG."""
    film = Recording(fd=fd, demuxer="mov")
    return [
        *("-threads", "1", "-filter_threads", "1"),
        *(*film.arguments(), "-map", "0:V:0", "-vf", f"scale=w={width}:h=-2:{_FULL}"),
        *("-threads", "1", "-fps_mode", "passthrough", *_JPEG, "pipe:1"),
    ]


def shared_thumbnails(
    asked: Sequence[tuple[Recording, float]], places: Sequence[int], width: int
) -> list[str]:
    """Return the command that writes the key frames until a moment of each recording.

    To the open files `places`, the last picture of each being the one wanted. One that
    can only be entered somewhere is entered earlier.
    """
    command = ["-filter_threads", "1"]
    for recording, seconds in asked:
        seek = max(seconds - _shared_lead(recording), 0.0)
        command += ["-skip_frame", "nokey", "-threads", "1"]
        command += recording.arguments(seek=seek)
    for number, ((recording, seconds), place) in enumerate(
        zip(asked, places, strict=True)
    ):
        until = min(seconds, _shared_lead(recording)) + _NEAR
        command += [
            *("-map", f"{number}:V:0", "-threads", "1", "-fps_mode", "passthrough"),
            *("-vf", f"select=key,trim=end={until:.6f},scale=w={width}:h=-2:{_FULL}"),
            *(*_JPEG, f"file:/proc/self/fd/{place}"),
        ]
    return command


def _shared_lead(recording: Recording) -> float:
    return _INTO_STREAM if recording.demuxer in _STREAMS else 0.0
