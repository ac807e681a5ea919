"""Two set-ups in one film: that of the recording, and that of a start of ours.

Each picture names its set-up by a number. So pictures that were encoded anew stand
before a recording's own without touching them, if theirs has a number of its own.
"""

from typing import NamedTuple

from . import h264_setups, hevc_setups
from .tracks import Track


class Setup(NamedTuple):
    """What a start is encoded with: its set-up's number, its profile ("" for any)."""

    codec: str
    number: int
    profile: str


def start_setup(codec: str, record: bytes) -> Setup | None:
    """Return what to encode a start with, before pictures that have this record.

    None for what no encoder of ours makes. Raises MediaError for a broken record.
    """
    match codec:
        case "h264":
            found = h264_setups.start_setup(record)
        case "hevc":
            found = hevc_setups.start_setup(record)
        case _:
            found = None
    return Setup(codec, *found) if found else None


def joined_record(start: Track, rest: Track) -> bytes | None:
    """Return the record of a start and a rest together.

    None where one decoder may not take both: they differ in size, colours or depth.
    """
    if start.codec != rest.codec or start.size != rest.size:
        return None
    if rest.codec == "hevc":
        return hevc_setups.joined_record(start.record, rest.record)
    return h264_setups.joined_record(start.record, rest.record)
