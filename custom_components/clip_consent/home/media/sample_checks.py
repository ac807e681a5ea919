"""Checks each sample of a finished film: one picture, and units that are whole."""

from collections.abc import Callable
import re
from typing import Final

from ...core.errors import MediaError
from .one_picture import HEAD, MOST_UNITS, Av1Pictures, NalPicture, most_pictures
from .units import nal_places, obu_content, obus

# A decoder takes these for the start of another unit; only zeros may follow three.
_START: Final = re.compile(rb"\0\0[\0-\2]")


def sample_check(codec: str, record: bytes, wide: int) -> Callable[[bytes], None]:
    """Return what checks the samples of a track, in their order.

    `record` is what its decoder is set up with, `wide` is the size of the length before
    each NAL unit. It raises MediaError `needs_playable_copy`.
    """
    match codec:
        case "h264" | "hevc":
            most = most_pictures(codec, record)
            return lambda data: _check_nals(data, wide, NalPicture(codec, most))
        case "av1":
            pictures = Av1Pictures()
            return lambda data: _check_obus(data, pictures)
    return lambda data: None


def _check_nals(data: bytes, wide: int, picture: NalPicture) -> None:
    for begin, end in nal_places(data, wide):
        first = data[begin]
        kind = first & 31 if picture.codec == "h264" else first >> 1 & 63
        picture.take(kind, data[begin : min(begin + HEAD, end)])
        found = _START.search(data, begin, end)
        if found and data[found.start() : end].strip(b"\0"):
            raise MediaError("needs_playable_copy")


def _check_obus(data: bytes, pictures: Av1Pictures) -> None:
    for count, (kind, begin, end) in enumerate(obus(data), 1):
        if count > MOST_UNITS:
            raise MediaError("needs_playable_copy")
        pictures.take(kind, obu_content(data[begin : min(begin + HEAD, end)]))
    pictures.end()
