"""That a sample holds one picture, and not more units than a picture has.

Of two pictures in one sample a decoder shows one, or both for no time at all. So what
the owner sees in the preview may not be all that leaves. Only the first bits of slices
and frames are read, those that say whether they begin a picture and if it is shown.
"""

from typing import Final

from ...core.errors import MediaError
from .bits import Bits, EndOfBitsError, WholeBits, plain
from .h264_sets import read_sequence

# Units of one sample. Encoders that fit slices into packets make some 700 of a 4K
# picture at most.
MOST_UNITS: Final = 4096
HEAD: Final = 12  # bytes of a unit that are looked at
_SLICES: Final = {"h264": frozenset({1, 5}), "hevc": frozenset(range(32))}
# Ends of a sequence and of all: behind those of a picture there is nothing.
_ENDS: Final = {"h264": frozenset({10, 11}), "hevc": frozenset({36, 37})}
_FRAMES: Final = frozenset({3, 6})
_SEQUENCE: Final = 1


class NalPicture:
    """Counts the units of one sample of H.264 or HEVC."""

    def __init__(self, codec: str, most: int) -> None:
        """Begin a sample that may hold so many pictures: two where they are fields."""
        self.codec = codec
        self._most = most
        self._units = 0
        self._begun = 0
        self._ended: list[int] = []
        self._last = -1  # block at which the last slice begins

    def take(self, kind: int, head: bytes) -> None:
        """Count a unit by its first bytes. Raises MediaError `needs_playable_copy`."""
        self._units += 1
        if kind in _SLICES[self.codec]:
            self._begun += self._begins(head)
        elif kind in _ENDS[self.codec]:
            self._ended.append(kind)
        if (
            self._units > MOST_UNITS
            or self._begun > self._most
            or self._ended.count(kind) > self._most
        ):
            raise MediaError("needs_playable_copy")

    def _begins(self, head: bytes) -> bool:
        """Whether a slice begins a picture: none in one goes back to earlier blocks."""
        if self.codec == "hevc":
            return len(head) > 2 and head[2] >> 7 == 1
        block = Bits(plain(head[1:])).number()
        last, self._last = self._last, block
        return last < 0 or block <= last


def most_pictures(codec: str, record: bytes) -> int:
    """Return how many pictures of H.264 or HEVC a sample may hold, by its record.

    Two fields of H.264 make one picture.
    """
    return 2 if codec == "h264" and any(map(_has_fields, _sequences(record))) else 1


def _sequences(record: bytes) -> list[bytes]:
    found, at = [], 6
    for _ in range(record[5] & 31):
        size = int.from_bytes(record[at : at + 2])
        found.append(record[at + 2 : at + 2 + size])
        at += 2 + size
    return found


def _has_fields(unit: bytes) -> bool:
    """Whether pictures of this set may be two fields; so too where it breaks off."""
    try:
        return read_sequence(WholeBits(plain(unit)[1:]))
    except EndOfBitsError:
        return True


class Av1Pictures:
    """Looks at the frames of AV1's samples, in their order."""

    def __init__(self) -> None:
        """Begin a film."""
        self._still = False  # each frame is shown, and none says so
        self._shown: list[bool] = []

    def take(self, kind: int, content: bytes) -> None:
        """Look at a unit by what it holds behind its header and size."""
        first = content[0] if content else 0
        if kind == _SEQUENCE:
            self._still = bool(first & 8)
        if kind in _FRAMES:
            again, shown = first & 0x80, first & 0x10
            self._shown.append(self._still or bool(again or shown))

    def end(self) -> None:
        """End a sample: one frame of it is shown, the last one.

        Others before it may be there for it, or for later ones. Raises MediaError
        `needs_playable_copy`.
        """
        shown, self._shown = self._shown, []
        if len(shown) > MOST_UNITS or True in shown[:-1] or shown[-1:] == [False]:
            raise MediaError("needs_playable_copy")
