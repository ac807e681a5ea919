"""Digests as words that can be read out: proquints, https://arxiv.org/html/0901.4016.

Each two bytes are one word of five letters, consonants and vowels by turns. They are of
no language, so they are the same for everybody.
"""

from typing import Final

_CONSONANTS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aiou"


def words(data: bytes) -> str:
    """Return an even number of bytes as words joined by hyphens."""
    return "-".join(
        _word(int.from_bytes(data[at : at + 2])) for at in range(0, len(data), 2)
    )


def _word(number: int) -> str:
    return "".join(
        (
            _CONSONANTS[number >> 12 & 15],
            _VOWELS[number >> 10 & 3],
            _CONSONANTS[number >> 6 & 15],
            _VOWELS[number >> 4 & 3],
            _CONSONANTS[number & 15],
        )
    )
