"""Still pictures: of a finished film for the preview, of a recording for the picker."""

from typing import Final

from .verify import Film

_JPEG: Final = (
    *("-c:v", "mjpeg", "-q:v", "4", "-map_metadata", "-1", "-fflags", "+bitexact"),
    *("-flags:v", "+bitexact", "-f", "mjpeg"),
)
_FULL: Final = "out_range=pc,format=yuvj420p"
_COUNT: Final = 9  # pictures of a sheet
STILL: Final = "still.jpg"
SHEET: Final = "sheet.jpg"
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
        *("-protocol_whitelist", "file", "-f", "mov", "-i", f"file:{name}"),
        *("-filter_complex", graph),
        *("-map", "[still]", "-frames:v", "1", *_JPEG, STILL),
        *("-map", "[sheet]", "-frames:v", "1", *_JPEG, SHEET),
    ]


def thumbnail_arguments(source: list[str], width: int) -> list[str]:
    """Return the command that writes the key frame at an input's start as JPEG."""
    return [
        *("-skip_frame", "nokey", *source, "-map", "0:V:0", "-frames:v", "1"),
        *("-vf", f"scale=w={width}:h=-2:{_FULL}", *_JPEG, "pipe:1"),
    ]
