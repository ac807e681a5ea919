"""How long an MP4 or MOV is, from its header: no process needed for a whole file."""

from collections.abc import Iterator
import os
import struct

TYPES = frozenset({"m4v", "mov", "mp4"})
_MAX_BOXES = 256
_MAX_HEADER = 16 * 2**20  # bytes
_MOVIE_HEADER = 32  # bytes of it, as far as the length


def mp4_seconds(path: str) -> float | None:
    """Return the length, None if the header alone does not tell it.

    None for a file cut short, in fragments, or of another kind: those want a real
    look. Raises OSError if the file cannot be read.
    """
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return _seconds(file, os.fstat(file).st_size)
    except ValueError, struct.error:
        return None
    finally:
        os.close(file)


def _seconds(file: int, size: int) -> float | None:
    boxes = {kind: (start, end) for kind, start, end in _boxes(file, 0, size)}
    if b"mdat" not in boxes or not (moov := boxes.get(b"moov")):
        return None
    if moov[1] - moov[0] > _MAX_HEADER:
        return None
    inner = {kind: (start, end) for kind, start, end in _boxes(file, *moov)}
    if b"mvex" in inner or not (mvhd := inner.get(b"mvhd")):
        return None
    start, end = mvhd
    return _duration(os.pread(file, min(end - start, _MOVIE_HEADER), start)) or None


def _duration(mvhd: bytes) -> float:
    """Return the seconds that a movie header tells."""
    (version,) = struct.unpack_from("B", mvhd)
    scale, ticks = struct.unpack_from(
        ">IQ" if version else ">II", mvhd, 20 if version else 12
    )
    return float(ticks / scale) if scale else 0.0


def _boxes(file: int, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, start and end of each box's content; ValueError if one is cut off."""
    for _ in range(_MAX_BOXES):
        if at == end:
            return
        size, kind = struct.unpack(">I4s", os.pread(file, 8, at))
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", os.pread(file, 8, at + 8))
            head = 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise ValueError
        yield kind, at + head, at + size
        at += size
    raise ValueError
