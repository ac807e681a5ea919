"""The boxes of an MP4 file (ISO/IEC 14496-12): finding them and making them."""

from collections.abc import Iterable
import os
import struct
from typing import Final, NamedTuple

from ...core.errors import MediaError

_MAX_HEADER: Final = 2**26  # bytes of `moov`; ten minutes need less than one of them


class Box(NamedTuple):
    """A box inside some bytes: its content lies between `start` and `end`."""

    kind: bytes
    start: int
    end: int


def not_clean() -> MediaError:
    """Return the error for a file that holds what no draft may hold."""
    return MediaError("draft_not_clean")


def boxes(data: bytes, start: int = 0, end: int | None = None) -> list[Box]:
    """Return the boxes that fill the span exactly. Raises MediaError."""
    end = len(data) if end is None else end
    found = []
    while start < end:
        if start + 8 > end:
            raise not_clean()
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > end:
            raise not_clean()
        found.append(Box(kind, start + 8, start + size))
        start += size
    return found


def child(data: bytes, parent: Box, kind: bytes) -> Box:
    """Return the one box of that kind in another. Raises MediaError."""
    found = boxes(data, parent.start, parent.end)
    matching = [each for each in found if each.kind == kind]
    if len(matching) != 1:
        raise not_clean()
    return matching[0]


def file_boxes(fd: int) -> list[Box]:
    """Return the top boxes of an open file. Raises MediaError."""
    size = os.fstat(fd).st_size
    found, at = [], 0
    while at < size:
        head = os.pread(fd, 16, at)
        if len(head) < 8:
            raise not_clean()
        length, kind = struct.unpack_from(">I4s", head)
        content = at + 8
        if length == 1 and len(head) == 16:
            length, content = struct.unpack_from(">Q", head, 8)[0], at + 16
        if length < content - at or at + length > size:
            raise not_clean()
        found.append(Box(kind, content, at + length))
        at += length
    return found


def read_box(fd: int, found: Iterable[Box], kind: bytes) -> bytes:
    """Return the content of a file's only box of a kind. Raises MediaError."""
    matching = [each for each in found if each.kind == kind]
    if len(matching) != 1 or matching[0].end - matching[0].start > _MAX_HEADER:
        raise not_clean()
    _, start, end = matching[0]
    return os.pread(fd, end - start, start)


def box(kind: bytes, *content: bytes) -> bytes:
    """Return a box."""
    inside = b"".join(content)
    return struct.pack(">I4s", len(inside) + 8, kind) + inside


def full_box(kind: bytes, *content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """Return a box with a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags), *content)
