"""Two set-ups in one H.264 film: numbers that clash with none, forms that agree."""

from dataclasses import replace

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.records import clean_avcc
from custom_components.clip_consent.home.media.setups import (
    Setup,
    joined_record,
    start_setup,
)
from custom_components.clip_consent.home.media.tracks import Track


def golomb(*values: int | str) -> bytes:
    """Return numbers coded by Exp-Golomb, and bits as they are, with a stop bit."""
    bits = "".join(
        value
        if isinstance(value, str)
        else "0" * ((value + 1).bit_length() - 1) + f"{value + 1:b}"
        for value in values
    )
    bits += "1"
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def sequence(
    number: int,
    profile: int = 100,
    form: tuple[int, ...] = (1, 0, 0),
    *,
    level: int = 31,
) -> bytes:
    """Return sequence parameters as far as they are read."""
    chroma, *depths = form
    more = (chroma, *(("0",) if chroma == 3 else ()), *depths) if profile >= 100 else ()
    return bytes([0x67, profile, 0x40, level]) + golomb(number, *more)


def record(
    *sequences: bytes,
    pictures: tuple[int, ...] = (0,),
    profile: int = 100,
    level: int = 31,
) -> bytes:
    """Return an H.264 record."""
    head = bytes([1, profile, 0x40, level, 0xFF, 0xE0 | len(sequences)])
    units = b"".join(len(each).to_bytes(2) + each for each in sequences)
    sets = [b"\x68" + golomb(number, 0) for number in pictures]
    units += bytes([len(sets)])
    units += b"".join(len(each).to_bytes(2) + each for each in sets)
    return head + units + (bytes([0xFD, 0xF8, 0xF8, 0]) if profile >= 100 else b"")


def track(data: bytes, size: tuple[int, int] = (640, 360)) -> Track:
    """Return a track that has this record."""
    return Track(
        codec="h264", record=data, width=size[0], height=size[1], turn=b"", aspect=b"",
        timescale=1, duration=1, sizes=(), offsets=(), durations=(), shown=(), keys=None,
    )  # fmt: skip


def test_a_number_that_nothing_uses() -> None:
    """Neither the recording's sequences nor its pictures' sets have it."""
    assert start_setup("h264", record(sequence(0))) == Setup("h264", 1, "")
    assert (
        start_setup("h264", record(sequence(1), sequence(2), pictures=(0, 3, 5))).number
        == 4
    )  # type: ignore[union-attr]
    every = [sequence(number) for number in range(30)]
    assert start_setup("h264", record(*every, pictures=(30,))) == Setup("h264", 31, "")
    assert start_setup("h264", record(*every, pictures=(30, 31))) is None


@pytest.mark.parametrize(
    ("profile", "said"), [(66, "baseline"), (77, "main"), (100, ""), (122, "")]
)
def test_the_profile_of_the_rest(profile: int, said: str) -> None:
    """A decoder that was made for the rest takes the start."""
    assert start_setup("h264", record(sequence(0, profile), profile=profile)) == Setup(
        "h264", 1, said
    )


def test_a_profile_that_is_not_made() -> None:
    """The extended one has no encoder."""
    assert start_setup("h264", record(sequence(0, 88), profile=88)) is None


def test_both_are_in_one_record() -> None:
    """The rest's own first; the higher level of both."""
    start = record(sequence(1, level=40), pictures=(1,), level=40)
    rest = record(sequence(0), level=31)
    joined = joined_record(track(start), track(rest))
    assert joined is not None
    assert clean_avcc(joined) == joined
    assert joined[3] == 40
    assert joined == (
        rest[:3] + bytes([40, 0xFF, 0xE2])
        + b"".join(len(each).to_bytes(2) + each for each in (sequence(0), sequence(1, level=40)))
        + b"\x02"
        + b"".join(
            len(each).to_bytes(2) + each
            for each in (b"\x68" + golomb(0, 0), b"\x68" + golomb(1, 0))
        )
        + bytes([0xFD, 0xF8, 0xF8, 0])
    )  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        track(record(sequence(0)), size=(640, 352)),
        track(record(sequence(0, 122, (2, 0, 0)), profile=122)),
        track(record(sequence(0, 110, (1, 2, 2)), profile=110)),
        track(record(sequence(0, 244, (3, 0, 0)), profile=244)),
        track(record(sequence(0), sequence(2, 122, (2, 0, 0)))),
        track(record(*(sequence(number) for number in range(31)))),
    ],
)
def test_what_no_one_decoder_takes(other: Track) -> None:
    """Another size, other colours, another depth, more sets than a record counts."""
    assert joined_record(track(record(sequence(1), pictures=(1,))), other) is None


def test_another_length_of_sizes() -> None:
    """All pictures of a film tell their units' sizes in one way."""
    short = bytearray(record(sequence(0)))
    short[4] = 0xFD
    start = track(record(sequence(1), pictures=(1,)))
    assert joined_record(start, replace(start, record=bytes(short))) is None


def test_rubbish_is_no_end() -> None:
    """A set that breaks off is read as zeros, a record that does is refused."""
    begun = bytes([0x67, 100, 0, 31])
    assert start_setup("h264", record(begun)) == Setup("h264", 1, "")
    assert start_setup("h264", record(begun + bytes(50))) == Setup("h264", 1, "")
    assert joined_record(track(record(begun)), track(record(begun))) is not None
    with pytest.raises(MediaError, match="draft_not_clean"):
        start_setup("h264", record(begun[:3]))
    with pytest.raises(MediaError, match="draft_not_clean"):
        start_setup("h264", b"\x01d\x00")


@pytest.mark.parametrize(("pictures", "fits"), [(254, True), (255, False)])
def test_more_picture_sets_than_a_record_counts(pictures: int, fits: bool) -> None:
    """A record says how many there are in one byte: one more makes no record."""
    start = track(record(sequence(1), pictures=(1,)))
    rest = track(record(sequence(0), pictures=(0,) * pictures))
    assert (joined_record(start, rest) is not None) is fits
