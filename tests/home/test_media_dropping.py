"""What of a coded picture is kept: by the heads of its units, to the byte."""

from dataclasses import replace
from pathlib import Path
from time import thread_time
import tracemalloc
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.dropping import kept_spans, unit_kinds
from custom_components.clip_consent.home.media.sample_checks import sample_check
from custom_components.clip_consent.home.media.tracks import Track
from custom_components.clip_consent.home.media.units import CODECS, sample_units

AVCC: Final = b"\x01\x4d\x00\x1f\xff\xe1\0\6\x67\x4d\x00\x1f\xdd\xe4\1\0\2\x68\xee"
CODED: Final = b"coded\xff\0data\xff\xd3more"
SCAN: Final = b"\xff\xda\0\x08\1\1\0\0\x3f\0" + CODED
SECOND: Final = b"\xff\xda\0\x08\1\2\0\0\x3f\0" + CODED
FRAME: Final = b"\xff\xc0\0\x11\x08\0\x10\0\x10\3\1\x11\0\2\x11\0\3\x11\0"
TABLE: Final = b"\xff\xdb\0\x43\0" + bytes(64)
WORD: Final = b"\xff\xe1\0\x08CANARY"


def track(codec: str, *sizes: int, wide: int = 4) -> Track:
    """Return a track whose samples follow each other from the second byte on."""
    record = AVCC[:4] + bytes([0xFC | wide - 1]) + AVCC[5:] if codec == "h264" else b""
    offsets = tuple(1 + sum(sizes[:number]) for number in range(len(sizes)))
    return Track(
        codec=codec, record=record, width=16, height=16, turn=b"", aspect=b"",
        timescale=1, duration=1, sizes=sizes, offsets=offsets, durations=(), shown=(),
        keys=None,
    )  # fmt: skip


def kept(folder: Path, what: Track, *samples: bytes) -> list[bytes]:
    """Return what is kept of samples."""
    path = folder / "samples"
    path.write_bytes(b"!" + b"".join(samples) + b"!")
    sized = replace(
        what,
        sizes=tuple(map(len, samples)),
        offsets=track("av1", *map(len, samples)).offsets,
    )
    with path.open("rb") as file:
        spans = kept_spans(file.fileno(), sized)
    data = path.read_bytes()
    for each in spans:  # none touches the next: that would be one
        ends = [place for span in each for place in span]
        assert ends == sorted(set(ends))
    return [b"".join(data[a:b] for a, b in each) for each in spans]


@pytest.mark.parametrize("wide", [1, 2, 4])
def test_lengths_of_any_size(tmp_path: Path, wide: int) -> None:
    """One, two or four bytes: as the record says."""

    def unit(data: bytes) -> bytes:
        return len(data).to_bytes(wide) + data

    slices = unit(b"\x65\x88a") + unit(b"\x41\x40")
    sei = unit(b"\x06CANARY")
    sample = sei + slices + unit(b"") + sei + unit(b"\x09\x10") + unit(b"")
    what = track("h264", wide=wide)
    assert kept(tmp_path, what, sample, slices) == [
        slices + unit(b"\x09\x10"),
        slices,
    ]
    with (tmp_path / "samples").open("rb") as file:
        assert unit_kinds(file.fileno(), what)(1, 1 + len(sample)) == {1, 5, 6, 9}
    # What is too short to be a length is left out.
    assert kept(tmp_path, what, slices + b"\0\1\5"[: wide - 1]) == [slices]
    for odd in (sei, unit(b""), slices + b"\0\0\0"[: wide - 1] + b"\5", b""):
        with pytest.raises(MediaError, match="needs_playable_copy"):
            kept(tmp_path, what, slices, odd)


def test_av1_units_with_and_without_a_size(tmp_path: Path) -> None:
    """One without a size is the last; sizes may have several bytes."""
    sequence, frame = b"\x0a\3abc", b"\x32\xc8\1\x10" + bytes(199)
    metadata, last = b"\x2a\6CANARY", b"\x34\x08\x10frame"
    hidden = b"\x32\2\0a"
    found = kept(
        tmp_path, track("av1"), metadata + sequence + metadata + frame, hidden + last
    )
    assert found == [sequence + frame, hidden + last]
    still = b"\x0a\1\x08"  # each frame is shown, and none says so
    assert kept(tmp_path, track("av1"), still + hidden) == [still + hidden]
    assert kept(tmp_path, track("av1"), last) == [last]
    assert kept(tmp_path, track("av1"), frame + b"\x28CANARY") == [frame]
    for odd in (hidden, frame + hidden, frame + last, 5000 * b"\x22\0" + frame):
        with pytest.raises(MediaError, match="needs_playable_copy"):
            kept(tmp_path, track("av1"), odd)
        with pytest.raises(MediaError, match="needs_playable_copy"):
            sample_check("av1", b"", 0)(odd)
    sample_check("av1", b"", 0)(hidden + last)
    for odd in (metadata, b"\x32\5abc", b"\x32", b"\x32" + b"\x80" * 9, b"\xb2\0"):
        with pytest.raises(MediaError, match="needs_playable_copy"):
            kept(tmp_path, track("av1"), odd)
    with (tmp_path / "samples").open("rb") as file:
        assert unit_kinds(file.fileno(), track("av1"))(1, 3) == set()


def test_jpeg_segments(tmp_path: Path) -> None:
    """Words go wherever they stand; coded data stays to the byte."""
    plain = b"\xff\xd8" + TABLE + FRAME + SCAN + SECOND + b"\xff\xd9"
    parts = [b"\xff\xd8", WORD, b"\xff\xff\xff", TABLE, FRAME, WORD, SCAN]
    parts += [
        b"\xff\xff",
        WORD,
        SECOND,
        WORD,
        b"\xff\xff\xff\xd9",
        WORD,
        b"CANARY",
        bytes(3),
    ]
    worded = b"".join(parts)
    assert kept(tmp_path, track("mjpeg"), worded, plain) == [plain, plain]


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"\xff",
        b"CANARY" + b"\xff\xd8" + TABLE + FRAME + SCAN + b"\xff\xd9",
        TABLE + FRAME + SCAN + b"\xff\xd9",
        b"\xff\xd8" + TABLE + FRAME + SCAN,
        b"\xff\xd8CANARY" + TABLE + b"\xff\xd9",
        b"\xff\xd8\xff\xdb\xff\xffa\xff\xd9",
        b"\xff\xd8\xff\xdb\0\1a\xff\xd9",
        b"\xff\xd8\xff\xd8" + TABLE + FRAME + SCAN + b"\xff\xd9",
        2 * (b"\xff\xd8" + TABLE + FRAME + SCAN + b"\xff\xd9"),
    ],
)
def test_damaged_jpegs(tmp_path: Path, odd: bytes) -> None:
    """There is no copy of what is no one picture."""
    with pytest.raises(MediaError, match="needs_playable_copy"):
        kept(tmp_path, track("mjpeg"), odd)


@pytest.mark.parametrize("behind", [b"\0more\xff\xd9", b"\xff\xd9", b""])
def test_a_long_run_of_ones_takes_no_time(tmp_path: Path, behind: bytes) -> None:
    """An erased block of a disk: nothing else of Home Assistant would run meanwhile.

    With a search that begins anew at each of its bytes, 32 KiB took 10 seconds.
    """
    odd = b"\xff\xd8" + TABLE + FRAME + SCAN + b"\xff" * 2**15 + behind
    began = thread_time()
    if behind:
        whole = (
            odd if behind[0] == 0 else b"\xff\xd8" + TABLE + FRAME + SCAN + b"\xff\xd9"
        )
        assert kept(tmp_path, track("mjpeg"), odd) == [whole]
    else:
        with pytest.raises(MediaError, match="needs_playable_copy"):
            kept(tmp_path, track("mjpeg"), odd)
    assert thread_time() - began < 1.0


SLICE: Final = b"\0\0\0\4\x65\x88ab"
NEXT: Final = b"\0\0\0\4\x41\x40ab"  # begins at a later block
END: Final = b"\0\0\0\1\x0a"


@pytest.mark.parametrize(
    "odd",
    [
        SLICE + SLICE,
        SLICE + NEXT + NEXT,
        SLICE + END + END,
        SLICE + b"\0\0\0\2\x09\x10" * 5000,
    ],
    ids=range(4),
)
def test_a_sample_of_more_than_its_picture(tmp_path: Path, odd: bytes) -> None:
    """It is refused as it is copied, and, if it were not, in the finished film."""
    with pytest.raises(MediaError, match="needs_playable_copy"):
        kept(tmp_path, track("h264"), SLICE, odd)
    with pytest.raises(MediaError, match="needs_playable_copy"):
        sample_check("h264", AVCC, 4)(odd)


@pytest.mark.parametrize(
    "odd",
    [
        SLICE + b"\0\0\0\7\x41\x40\0\0\1\6a",
        SLICE + b"\0\0\0\6\x41\x40\0\0\0a",
        SLICE + b"\0\0\0\6\x41\x40\0\0\2\0",
        SLICE
        + b"\0\x20\0\0\x41\x40"
        + b"a" * (2**20 - 3)
        + b"\0\0\1"
        + b"a" * (2**20 - 2),
        SLICE + b"\0\x20\0\0\x41\x40" + bytes(2**20) + b"a" * (2**20 - 2),
    ],
    ids=range(5),
)
def test_a_unit_in_which_another_begins(odd: bytes) -> None:
    """A decoder would leave it there: it is found in the finished film."""
    with pytest.raises(MediaError, match="needs_playable_copy"):
        sample_check("h264", AVCC, 4)(odd)


def test_a_sample_of_some_slices_and_zeros(tmp_path: Path) -> None:
    """Such samples are good: zeros may follow a slice, over any number of bytes."""
    filled = b"\0\x20\0\0\x41\x40" + b"a" * 9 + bytes(2**21 - 11)
    sample = SLICE + filled + END
    assert kept(tmp_path, track("h264"), sample) == [sample]
    sample_check("h264", AVCC, 4)(sample)


@pytest.mark.parametrize("kept_unit", [END, b"\0\0\0\2\x09\x10"])
def test_many_tiny_units_take_no_memory(tmp_path: Path, kept_unit: bytes) -> None:
    """Each stretch of a film that is kept is held in memory: so not any number."""
    sample = SLICE + (kept_unit + b"\0\0\0\1\6") * 2000
    tracemalloc.start()
    try:
        with pytest.raises(MediaError, match="needs_playable_copy"):
            kept(tmp_path, track("h264"), *[sample] * 50)
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()


def test_two_fields_are_one_picture(tmp_path: Path) -> None:
    """Where pictures may be fields, by their set, a sample holds two; never three."""
    record = AVCC.replace(b"\xdd\xe4", b"\xdd\x92")
    what = replace(track("h264"), record=record)
    pair = SLICE + NEXT + SLICE + NEXT
    assert kept(tmp_path, what, pair) == [pair]
    sample_check("h264", record, 4)(pair)
    with pytest.raises(MediaError, match="needs_playable_copy"):
        kept(tmp_path, what, pair + SLICE)
    with pytest.raises(MediaError, match="needs_playable_copy"):
        sample_check("h264", record, 4)(pair + SLICE)


@pytest.mark.parametrize("head", [b"\x81", b"\x85", b"\xe5"])
def test_slices_marked_as_damaged_are_left_out(tmp_path: Path, head: bytes) -> None:
    """A decoder leaves them out too; the film's own check knows of no such kind."""
    odd = b"\0\0\0\7" + head + b"CANARY"
    assert kept(tmp_path, track("h264"), odd + SLICE + odd) == [SLICE]
    units = sample_units("h264", 4)(SLICE + odd)
    assert not units <= CODECS["h264"].units
