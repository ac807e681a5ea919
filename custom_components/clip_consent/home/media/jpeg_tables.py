"""That a JPEG holds planes that are shown, and the tables of its scans, each once.

By ITU-T T.81, B.2.
"""

from collections.abc import Iterator
from typing import Final

from ...core.errors import MediaError

_BASELINE: Final = (0xC0, 0xC1)
_PROGRESSIVE: Final = 0xC2
_HUFFMAN, _SCAN, _QUANTISERS, _RESTART = 0xC4, 0xDA, 0xDB, 0xDD
_MOST_NUMBER: Final = 3
# Brightness, or with two of colour. Of a fourth plane players show nothing.
_PLANES: Final = frozenset({1, 3})
# Tables for Huffman codes that encoders write of habit, for colours that are not there.
_HABITUAL: Final = frozenset({0x00, 0x01, 0x10, 0x11})


class JpegTables:
    """Looks at the segments of one JPEG picture, in their order."""

    def __init__(self) -> None:
        """Begin a picture."""
        self._frame = 0
        self._quantisers: set[int] = set()  # that the frame names
        self._made: set[tuple[int, int]] = set()  # all tables, by segment and number
        self._named: set[int] = set()  # tables for Huffman codes that scans name
        self._fresh: set[tuple[int, int]] = set()  # tables since the last scan
        self._scanned: set[bytes] = set()

    def take(self, kind: int, content: bytes) -> None:
        """Look at a segment. Raises MediaError `needs_playable_copy`."""
        if kind in (*_BASELINE, _PROGRESSIVE):
            _require(not self._frame and set(content[5:6]) <= _PLANES)
            self._frame = kind
            self._quantisers.update(content[8::3])
        elif kind == _SCAN:
            self._scan(content)
            self._fresh = set()
        elif kind in (_HUFFMAN, _QUANTISERS, _RESTART):
            for number in _numbers(kind, content):
                _require((kind, number) not in self._fresh)
                _require(number & 15 <= _MOST_NUMBER)
                self._fresh.add((kind, number))
            self._made |= self._fresh

    def _scan(self, content: bytes) -> None:
        """Look at a scan's head: none codes again what another did."""
        _require(self._frame and content)
        end = 1 + 2 * content[0]
        how = content[end:] if self._frame == _PROGRESSIVE else b""
        for part, tables in zip(content[1:end:2], content[2:end:2], strict=False):
            _require(bytes([part]) + how not in self._scanned)
            self._scanned.add(bytes([part]) + how)
            self._named |= {tables >> 4, 0x10 | tables & 15}

    def end(self) -> None:
        """End the picture: raise MediaError if it holds a table that nothing uses."""
        used = {(_QUANTISERS, number) for number in self._quantisers}
        used |= {(_HUFFMAN, number) for number in self._named | _HABITUAL}
        _require(self._made - {(_RESTART, 0)} <= used and not self._fresh)


def _numbers(kind: int, content: bytes) -> Iterator[int]:
    """Yield the numbers of tables; of those for Huffman codes with their class."""
    if kind == _RESTART:
        yield 0
        return
    at = 0
    while at < len(content):
        if kind == _HUFFMAN:
            yield content[at]
            at += 17 + sum(content[at + 1 : at + 17])
        else:
            yield content[at] & 15
            at += 129 if content[at] >> 4 else 65


def _require(right: object) -> None:
    if not right:
        raise MediaError("needs_playable_copy")
