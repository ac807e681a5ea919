"""Other people's words: what is tidied, what is refused, what counts as a word."""

import sys
import unicodedata

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.text import (
    as_words,
    fault,
    plain,
    tidy,
    visible,
)

ALL = [chr(code) for code in range(sys.maxunicode + 1)]


@pytest.mark.parametrize(
    ("raw", "tidied"),
    [
        ("  Anna \n", "Anna"),
        ("e\u0301", "é"),
        ("\u212b", "Å"),
        ("\u3000Anna\u00a0", "Anna"),
        ("a\r\nb\rc\u2028d\u2029e\nf", "a\nb\nc\nd\ne\nf"),
        ("a\r\n\r\nb", "a\n\nb"),
        ("\r\n", ""),
        ("ﬁ", "ﬁ"),  # NFC keeps what NFKC would change
    ],
)
def test_tidy(raw: str, tidied: str) -> None:
    """Composed, trimmed, one kind of line ending."""
    assert tidy(raw, lines=True) == tidied


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\u2028", "\u2029", "\n"])
def test_one_line_stays_as_it_is(ending: str) -> None:
    """Without lines no ending is made lawful."""
    assert tidy(f"a{ending}b") == f"a{ending}b"
    assert fault(tidy(f"a{ending}b")) == "control_character"


@given(st.text(), st.booleans())
def test_tidy_is_done_once(raw: str, lines: bool) -> None:
    """A tidy text stays as it is, in NFC."""
    once = tidy(raw, lines=lines)
    assert tidy(once, lines=lines) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\tb", "control_character"),
        ("a\x00b", "control_character"),
        ("a\x7fb", "control_character"),
        ("a\x85b", "control_character"),
        ("a\u2028b", "control_character"),
        ("a\u2029b", "control_character"),
        ("a\u202eb", "bidi_character"),
        ("a\u2066b", "bidi_character"),
        ("a\u200fb", "bidi_character"),
        ("a\u061cb", "bidi_character"),
        ("a\ufeffb", "invisible_character"),
        ("a\u2060b", "invisible_character"),
        ("a\U000e0041b", "invisible_character"),
        ("a\ufff9b", "invisible_character"),
        ("a\ud800b", "unknown_character"),
        ("a\ue000b", "unknown_character"),
        ("a\uffffb", "unknown_character"),
        ("a\u0378b", None),  # not yet a letter
        ("a\u2065b", "unknown_character"),
        ("a\ufff0b", "unknown_character"),
        ("a\ufdd0b", "unknown_character"),
        ("a\U0001fffeb", "unknown_character"),
        ("a\U00050000b", "unknown_character"),
        ("\U0001faea", None),  # an emoji of Unicode 17, of which Python 3.14 knows none
        ("a\u0300\u0301\u0302\u0303", "too_many_marks"),
        ("a\u20dd\u20dd\u20dd\u20dd", "too_many_marks"),
        ("a\u0300\u0301\u0302", None),
        ("a\u0300\u0301\u0302b\u0300\u0301\u0302", None),
        ("👨‍👩‍👧 می‌خواهم \u00ad\u200b", None),
        ("नमस्ते กำลัง שָׁלוֹם Tiếng Việt", None),
    ],
)
def test_faults(text: str, code: str | None) -> None:
    """Each reason, and what people really write."""
    assert fault(text) == code
    assert fault(text, lines=True) == code


def test_line_feeds_only_where_there_are_lines() -> None:
    """The one control character that may stand."""
    assert fault("a\nb", lines=True) is None
    assert fault("a\nb") == "control_character"


def is_open(character: str) -> bool:
    """Tell what Unicode may still give to a letter or an emoji."""
    code = ord(character)
    never = code & 0xFFFF >= 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    blank = code == 0x2065 or 0xFFF0 <= code <= 0xFFF8
    unassigned = unicodedata.category(character) == "Cn"
    return unassigned and code < 0x40000 and not (never or blank)


def test_every_character_by_its_category() -> None:
    """All of Unicode: exactly the lawful categories pass, and what may become lawful."""
    joiners = {"\u00ad", "\u200b", "\u200c", "\u200d"}
    for character in ALL:
        category = unicodedata.category(character)
        lawful = category not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        lawful = lawful or character in joiners or is_open(character)
        assert (fault(character) is None) == lawful, hex(ord(character))


def test_every_character_of_direction_is_told_as_such() -> None:
    """All that Unicode lists as Bidi_Control."""
    controls = {0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    told = {ord(c) for c in ALL if fault(c) == "bidi_character"}
    assert told == controls


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", False),
        (" \u00a0\u3000\n", False),
        ("\u200b\u200d\u00ad", False),
        ("\u3164\u2800\uffa0\u115f\u1160", False),
        ("\u0301", False),
        ("a", True),
        ("\u3164a", True),
        ("7", True),
        ("?", True),
        ("🚲", True),
        ("\U0001faea", True),
        ("\uffff", False),
        ("車", True),
    ],
)
def test_visible(text: str, seen: bool) -> None:
    """Blank is what draws nothing, whatever it is made of."""
    assert visible(text) is seen


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("bike", "my bike was stolen", True),
        ("bike", "bike", True),
        ("BIKE", "My Bike!", True),
        ("bike", "motorbike", False),
        ("bike", "bikes", False),
        ("bike", "bike_1", False),
        ("bike", "bike1", False),
        ("bike", "(bike)", True),
        ("bike", "a bike's wheel", True),
        ("bike", "my\nbike\nwas", True),
        ("bike", "bi\u00adke", True),
        ("bike", "bi\u200dke", True),
        ("bike", "ｂｉｋｅ", True),
        ("bike", "𝐛𝐢𝐤𝐞", True),
        ("bike", "", False),
        ("stolen bike", "a stolen, bike", True),
        ("stolen bike", "stolen the bike", False),
        ("straße", "STRASSE", True),
        ("café", "cafe\u0301", True),
        ("cafe", "cafe\u0301", False),
        ("ΟΔΟΣ", "οδος", True),
        ("क", "का", False),
        ("का", "मेरा का है", True),
        ("自転車", "私の自転車が盗まれた", True),
        ("自動車", "私の自転車が盗まれた", False),
        ("カー", "スーパーカー", False),
        ("รถ", "ขโมยรถของ", True),
        (".*", "anything", False),
        ("a+", "aaaa", False),
        ("3", "13:37", False),
        ("13:37", "at 13:37 sharp", True),
    ],
)
def test_whole_words(word: str, text: str, found: bool) -> None:
    """A word is found exactly where its borders are."""
    needle = as_words(word)
    assert (bool(needle.strip()) and needle in as_words(text)) is found


UNSPACED = (
    *("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH", "THAI CHARACTER"),
    *("LAO LETTER", "KHMER LETTER", "KHMER VOWEL", "MYANMAR LETTER", "HIRAGANA LETTER"),
)
SPACED = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "DEVANAGARI", "KATAKANA", "HANGUL")


def test_scripts_without_spaces() -> None:
    """Each of their letters is a word; letters of other scripts are parts of one."""
    for character in ALL:
        name = unicodedata.name(character, "")
        if not character.isalpha() or unicodedata.normalize("NFKC", character) != (
            character
        ):
            continue
        parts = as_words(f"a{character}b").split()
        # Beyond these blocks are letters of dead and of small languages.
        if name.startswith(UNSPACED[:2]) or (
            name.startswith(UNSPACED) and character < "\ua000"
        ):
            assert parts == ["a", character, "b"], name
        elif name.startswith(SPACED):
            assert len(parts) == 1, name


def test_khmer_words_stand_apart() -> None:
    """A space of no width separates words."""
    assert as_words("abc\u200bdef") == " abc def "


@given(st.text())
def test_forms_are_single_spaced(text: str) -> None:
    """Whatever the text, its form is words between single spaces."""
    form = as_words(text)
    assert form.startswith(" ")
    assert form.endswith(" ")
    assert form.split() == form[1:-1].split(" ") or not form.strip()


@given(st.text(), st.text(), st.text(alphabet="abcäß", min_size=1))
def test_a_word_set_apart_is_found(before: str, after: str, word: str) -> None:
    """Between any two texts."""
    assert as_words(word) in as_words(f"{before} {word} {after}")


@given(st.text())
def test_what_may_not_stand_is_marked(text: str) -> None:
    """Each for itself, in its place; all else stays."""
    for before, after in zip(text, plain(text), strict=True):
        assert after == ("\ufffd" if fault(before) else before)
