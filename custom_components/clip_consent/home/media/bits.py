"""Numbers that are packed bit by bit, as in H.264's and HEVC's parameter sets."""

from collections.abc import Iterator
import re
from typing import Final, override

_ANY_ASPECT: Final = 255
_TOO_PLAIN: Final = re.compile(rb"\0\0(?=[\0-\3]|\Z)")


def plain(unit: bytes) -> bytes:
    """Return a NAL unit without the bytes that keep it from looking like a start."""
    return unit.replace(b"\0\0\3", b"\0\0")


def guarded(unit: bytes) -> bytes:
    """Return a NAL unit with those bytes: what `plain` takes out."""
    return _TOO_PLAIN.sub(b"\0\0\3", unit)


def bits_of(data: bytes) -> str:
    """Return bytes as digits 0 and 1."""
    return f"{int.from_bytes(data):0{8 * len(data)}b}" if data else ""


def bytes_of(bits: str) -> bytes:
    """Return digits 0 and 1, a whole number of bytes of them, as bytes."""
    return int(bits, 2).to_bytes(len(bits) // 8)


def coded(number: int) -> str:
    """Return a number coded by Exp-Golomb."""
    digits = f"{number + 1:b}"
    return "0" * (len(digits) - 1) + digits


class Bits:
    """Reads numbers out of bytes, from a bit on; beyond their end there are zeros."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        """Begin at a bit of some bytes."""
        self.bits = bits_of(data)
        self.at = at

    def take(self, count: int) -> int:
        """Return the next so many bits as a number."""
        found = self.bits[self.at : self.at + count]
        self.at += count
        return int(found.ljust(count, "0") or "0", 2)

    def number(self) -> int:
        """Return the next number, coded by Exp-Golomb."""
        first = self.bits.find("1", self.at)
        if first < 0:
            self.at = len(self.bits) + 1
            return 0
        end = 2 * first - self.at + 1
        value = int(self.bits[first:end], 2) - 1
        self.at = end
        return value

    def numbers(self, count: int) -> Iterator[int]:
        """Yield the next so many of them."""
        return (self.number() for _ in range(count))


class EndOfBitsError(Exception):
    """There is nothing left to be read."""


class WholeBits(Bits):
    """Reads what ends with a bit 1 and zeros; past it, raises EndOfBitsError."""

    def __init__(self, data: bytes) -> None:
        """Begin at the front."""
        super().__init__(data)
        self.bits = self.bits.rstrip("0")[:-1]

    def more(self) -> bool:
        """Whether there is anything left."""
        return self.at < len(self.bits)

    @override
    def take(self, count: int) -> int:
        if self.at + count > len(self.bits):
            raise EndOfBitsError
        return super().take(count)

    @override
    def number(self) -> int:
        value = super().number()
        if self.at > len(self.bits):
            raise EndOfBitsError
        return value

    def signed(self) -> int:
        """Return the next number that may be below zero."""
        value = self.number()
        return (value + 1) // 2 if value & 1 else -(value // 2)

    def pass_numbers(self, count: int) -> None:
        """Leave so many numbers out."""
        for _ in range(count):
            self.number()

    def pass_colours(self) -> None:
        """Leave out what both codecs say in the same way of how pictures are shown."""
        if self.take(1) and self.take(8) == _ANY_ASPECT:
            self.take(32)
        if self.take(1):
            self.take(1)
        if self.take(1):
            self.take(4)
            if self.take(1):
                self.take(24)
        if self.take(1):
            self.pass_numbers(2)
