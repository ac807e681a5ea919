"""Other people's words: tidied, checked and compared, never interpreted."""

from functools import lru_cache
from typing import Final
import unicodedata

from .limits import MARKS_MAX

_BIDI: Final = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Format characters that scripts need: Persian, Khmer, emoji, hyphenation.
_ZERO_WIDTH_SPACE: Final = "\u200b"
_JOINERS: Final = frozenset(f"{_ZERO_WIDTH_SPACE}\u200c\u200d\u00ad")
# Letters and symbols that draw nothing: Hangul fillers, the empty Braille cell.
_BLANKS: Final = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Code points that Unicode keeps for what draws nothing (Default_Ignorable_Code_Point).
_IGNORABLE: Final = (range(0x2065, 0x2066), range(0xFFF0, 0xFFF9))
_LAST_SCRIPT: Final = 0x3FFFF  # the planes behind it are for no writing
# Scripts written without spaces: there, every sign counts as a word of its own.
_UNSPACED: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x309F),  # Hiragana
    (0x3400, 0x4DBF),  # Han
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def tidy(text: str, *, lines: bool = False) -> str:
    """Return the text in NFC, without outer white space.

    With `lines`, every kind of line ending becomes a line feed.
    """
    if lines:
        for ending in ("\r\n", "\r", "\u2028", "\u2029"):
            text = text.replace(ending, "\n")
    return unicodedata.normalize("NFC", text).strip()


def fault(text: str, *, lines: bool = False) -> str | None:
    """Return the reason code of the first character that may not stand, or None.

    With `lines`, line feeds may.
    """
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > MARKS_MAX:
            return "too_many_marks"
        if category in {"Cc", "Zl", "Zp"} and not (lines and character == "\n"):
            return "control_character"
        if category == "Cf" and character not in _JOINERS:
            return "bidi_character" if character in _BIDI else "invisible_character"
        if category in {"Cs", "Co"} or (category == "Cn" and not _may_come(character)):
            return "unknown_character"
    return None


def plain(text: str) -> str:
    """Return a text of others with a mark for each character that may not stand."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if fault(character) else character
        for character in text
    )


def _may_come(character: str) -> bool:
    """Tell whether a later Unicode than ours may know it: somebody's new emoji."""
    code = ord(character)
    noncharacter = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    ignorable = any(code in codes for codes in _IGNORABLE)
    return code <= _LAST_SCRIPT and not noncharacter and not ignorable


def visible(text: str) -> bool:
    """Return whether any character draws something."""
    return any(map(_draws, text))


def _draws(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":
        return _may_come(character)
    return category[0] in "LNPS" and character not in _BLANKS


def as_words(text: str) -> str:
    """Return the words of a text in a form to compare: " word word ".

    Case, compatibility forms and hidden characters make no difference. A word is a
    run of letters, digits, marks and underscores: all else, apostrophes too, is a
    border. So a whole word, or words in a row, are in a text exactly when their form
    is in the form of the text; nothing is a pattern.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = unicodedata.normalize("NFKC", folded)
    return f" {' '.join(''.join(map(_part, folded)).split())} "


@lru_cache(maxsize=4096)
def _part(character: str) -> str:
    code = ord(character)
    if any(low <= code <= high for low, high in _UNSPACED):
        return f" {character} "
    if character.isalnum() or character == "_":
        return character
    category = unicodedata.category(character)
    if category[0] == "M":
        return character
    hidden = category == "Cf" and character != _ZERO_WIDTH_SPACE
    return "" if hidden else " "
