"""Two set-ups in one HEVC film, and pictures that are told the number of theirs."""

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.bits import (
    Bits,
    bits_of,
    bytes_of,
    coded,
    guarded,
    plain,
)
from custom_components.clip_consent.home.media.hevc_setups import (
    joined_record,
    renumbered,
    renumbered_record,
    start_setup,
)
from custom_components.clip_consent.home.media.setups import (
    Setup,
    start_setup as any_setup,
)

HEAD = (
    b"\x01\x01\x60\0\0\0" + bytes([0x90, 0, 0, 0, 0, 0, 93, 0xF0, 0, 0xFC, 0xFD])
    + b"\xf8\xf8\0\0\x0f"
)  # fmt: skip


def unit(kind: int, *values: int | str) -> bytes:
    """Return a parameter set of bits, and of numbers coded by Exp-Golomb."""
    bits = "".join(each if isinstance(each, str) else coded(each) for each in values)
    bits += "1"
    return guarded(bytes([kind << 1, 1]) + bytes_of(bits + "0" * (-len(bits) % 8)))


def film_set(number: int = 0) -> bytes:
    """Return a set of parameters for all of a film."""
    return unit(32, f"{number:04b}", "11", "0" * 6, "0001", "1" * 16, "0" * 96, "00")


def sequence(
    number: int = 0,
    form: tuple[int, int, int] = (1, 0, 0),
    *,
    layers: int = 0,
    shown: tuple[int, ...] = (),
    film: int = 0,
    head: bytes = HEAD,
) -> bytes:
    """Return sequence parameters as far as they are read."""
    below = ""
    if layers:
        below = "11" * layers + "00" * (8 - layers) + ("0" * 96) * layers
    chroma, *depths = form
    return unit(
        *(33, f"{film:04b}{layers:03b}1", bits_of(head[1:13]), below, number, chroma),
        *(("0",) if chroma == 3 else ()),
        *(352, 128, "1" if shown else "0", *shown, *depths, 4),
    )


def picture(number: int = 0, of: int = 0) -> bytes:
    """Return picture parameters as far as they are read."""
    return unit(34, number, of, "0000000", 0, 0)


def record(
    films: tuple[bytes, ...] = (film_set(),),
    sequences: tuple[bytes, ...] = (),
    pictures: tuple[bytes, ...] = (picture(),),
    head: bytes = HEAD,
) -> bytes:
    """Return an HEVC record; sequences of none given say what its head does."""
    sequences = sequences or (sequence(head=head),)
    out = head + b"\3"
    for kind, units in ((32, films), (33, sequences), (34, pictures)):
        out += bytes([0x80 | kind]) + len(units).to_bytes(2)
        out += b"".join(len(each).to_bytes(2) + each for each in units)
    return out


def head(**changed: int) -> bytes:
    """Return the head of a record, some of its bytes changed: `b12=93`."""
    out = bytearray(HEAD)
    for at, value in changed.items():
        out[int(at[1:])] = value
    return bytes(out)


@pytest.mark.parametrize(
    ("made", "number"),
    [
        (record(), 1),
        (record(films=(film_set(1),)), 2),
        (record(sequences=(sequence(), sequence(1), sequence(2))), 3),
        (record(sequences=(sequence(1, layers=2),)), 2),
        (record(pictures=(picture(), picture(16), picture(18))), 2),
        (record(pictures=(picture(0), picture(14))), 1),
    ],
)
def test_a_number_that_nothing_uses(made: bytes, number: int) -> None:
    """Neither the recording's film, nor its sequences, nor its pictures have it."""
    assert start_setup(made) == (number, "main")
    assert any_setup("hevc", made) == Setup("hevc", number, "main")


def test_there_may_be_no_number_left() -> None:
    """Sixteen sets for sequences are all there can be."""
    every = tuple(sequence(number) for number in range(16))
    assert start_setup(record(sequences=every)) is None
    assert any_setup("av1", record()) is None


@pytest.mark.parametrize(
    ("said", "profile"),
    [(1, "main"), (2, "main10"), (0x21, "main"), (3, None), (4, None)],
)
def test_the_profile_of_the_rest(said: int, profile: str | None) -> None:
    """Of stills and of more colours there is no encoder."""
    found = start_setup(record(head=head(b1=said)))
    assert found == ((1, profile) if profile else None)


def test_both_are_in_one_record() -> None:
    """The rest's own first; the higher level of both; what both are compatible with."""
    start = renumbered_record(record(head=head(b12=120, b6=0x80)), 3)
    rest = record(head=head(b13=0xF1, b15=0xFD, b19=9, b21=0x4F))
    joined = joined_record(start, rest)
    assert joined == record(
        (film_set(), film_set(3)),
        (sequence(), sequence(3, film=3, head=head(b12=120, b6=0x80))),
        (picture(), picture(18, 3)),
        head=head(b12=120, b6=0x80),
    )


@pytest.mark.parametrize(
    "other",
    [
        record(head=head(b1=2)),
        record(head=head(b21=0x0D)),
        record(sequences=(sequence(0, (2, 0, 0)),)),
        record(sequences=(sequence(0, (3, 0, 0)),)),
        record(sequences=(sequence(0, (1, 2, 2)),)),
        record(sequences=(sequence(), sequence(2, (1, 2, 2)))),
        record(films=tuple(film_set(number) for number in range(16))),
    ],
)
def test_what_no_one_decoder_takes(other: bytes) -> None:
    """Another profile, other colours, depths or lengths, more than can be counted."""
    assert joined_record(renumbered_record(record(), 1), other) is None


def test_a_start_of_a_higher_tier_does_not_stand_before_a_lower_one() -> None:
    """The other way round does: what plays the rest plays it."""
    high, low = record(head=head(b1=0x21)), record()
    assert joined_record(renumbered_record(high, 1), low) is None
    assert joined_record(renumbered_record(low, 1), high)


def test_how_much_of_a_picture_is_shown_is_passed_over() -> None:
    """Depths stand behind it."""
    cropped = record(sequences=(sequence(1, (1, 2, 2), shown=(0, 0, 0, 4)),))
    plainly = record(sequences=(sequence(0, (1, 2, 2)),))
    assert joined_record(cropped, plainly)
    assert joined_record(cropped, record()) is None


@pytest.mark.parametrize("number", range(16))
@pytest.mark.parametrize("kind", [1, 19, 20])
def test_a_slice_is_told_a_number(kind: int, number: int) -> None:
    """All behind it stays as it was, a byte further on."""
    lead = "10" if kind >= 16 else "1"
    rest = "011010011"
    bits = lead + "1" + rest
    body = b"\0\0\1\0\0\0" + bytes(range(40)) + b"\0\0\0\x80"
    made = guarded(bytes([kind << 1, 1]) + bytes_of(bits.ljust(16, "1")) + body)
    changed = plain(renumbered(made, number))
    assert changed[:2] == made[:2]
    assert changed[5:] == plain(made)[4:]
    read = Bits(changed[2:], at=len(lead))
    assert bits_of(changed[2:])[: len(lead)] == lead
    assert read.number() == number + 15
    assert read.at == len(lead) + 9
    assert bits_of(changed[2:])[read.at :].startswith(rest)
    assert b"\0\0\1" not in renumbered(made, number)


def test_what_is_no_slice_has_no_number() -> None:
    """A delimiter passes as it is."""
    assert renumbered(b"\x46\x01\x50", 3) == b"\x46\x01\x50"


@pytest.mark.parametrize(
    "odd",
    [
        lambda: renumbered(bytes([2, 1, 0b10100000, 7]), 1),  # it is 1 already
        lambda: renumbered_record(record(sequences=(sequence(2),)), 1),
        lambda: renumbered_record(record(pictures=(picture(2),)), 1),
        lambda: renumbered_record(record(pictures=(picture(0, 2),)), 1),
        lambda: start_setup(b"\1\1"),
    ],
)
def test_what_our_encoder_does_not_write_is_refused(odd) -> None:  # type: ignore[no-untyped-def]
    """It is not guessed at."""
    with pytest.raises(MediaError, match="draft_not_clean"):
        odd()


def test_guards() -> None:
    """Nothing in a unit looks like the start of one, and nothing is lost."""
    for data in (b"\0\0\0\0\1", b"\0\0\3", b"a\0\0\2\0\0", b"\0\0\4", b"\0\0\0\0\0\0"):
        assert plain(guarded(data)) == data
        assert b"\0\0\0" not in guarded(data)
        assert not guarded(data).endswith(b"\0\0")


def test_beyond_the_end_there_are_zeros() -> None:
    """A set that breaks off is no end."""
    bits = Bits(b"\x10")
    assert (bits.number(), bits.number(), bits.take(3)) == (7, 0, 0)
    assert Bits(b"").number() == 0
    assert bits_of(b"") == ""
