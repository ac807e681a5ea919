"""What of a coded picture is kept: by the heads of its units, to the byte."""

from dataclasses import replace
from pathlib import Path
from time import thread_time
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.dropping import kept_spans, unit_kinds
from custom_components.clip_consent.home.media.tracks import Track

AVCC: Final = b"\x01\x4d\x00\x1f\xff\xe1\0\4\x67\x4d\x00\x1f\1\0\2\x68\xee"
SCAN: Final = b"\xff\xda\0\x08\1\1\0\0\x3f\0coded\xff\0data\xff\xd3more"
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

    slices = unit(b"\x65a") + unit(b"\x41")
    sei = unit(b"\x06CANARY")
    sample = sei + slices + unit(b"") + sei + unit(b"\x09\x10") + unit(b"")
    what = track("h264", wide=wide)
    assert kept(tmp_path, what, sample, slices) == [
        slices + unit(b"\x09\x10"),
        slices,
    ]
    with (tmp_path / "samples").open("rb") as file:
        assert unit_kinds(file.fileno(), what)(1, 1 + len(sample)) == {1, 5, 6, 9}
    for odd in (sei, unit(b""), slices + b"\0\1"[: wide - 1] + b"\5", b""):
        with pytest.raises(MediaError, match="needs_playable_copy"):
            kept(tmp_path, what, slices, odd)


def test_av1_units_with_and_without_a_size(tmp_path: Path) -> None:
    """One without a size is the last; sizes may have several bytes."""
    sequence, frame = b"\x0a\3abc", b"\x32\xc8\1" + bytes(200)
    metadata, last = b"\x2a\6CANARY", b"\x34\x08frame"
    found = kept(
        tmp_path, track("av1"), metadata + sequence + metadata + frame, frame + last
    )
    assert found == [sequence + frame, frame + last]
    assert kept(tmp_path, track("av1"), last) == [last]
    assert kept(tmp_path, track("av1"), frame + b"\x28CANARY") == [frame]
    for odd in (metadata, b"\x32\5abc", b"\x32", b"\x32" + b"\x80" * 9, b"\xb2\0"):
        with pytest.raises(MediaError, match="needs_playable_copy"):
            kept(tmp_path, track("av1"), odd)
    with (tmp_path / "samples").open("rb") as file:
        assert unit_kinds(file.fileno(), track("av1"))(1, 3) == set()


def test_jpeg_segments(tmp_path: Path) -> None:
    """Words go wherever they stand; coded data stays to the byte."""
    plain = b"\xff\xd8" + TABLE + SCAN + SCAN + b"\xff\xd9"
    parts = [b"\xff\xd8", WORD, b"\xff\xff\xff", TABLE, WORD, SCAN, b"\xff\xff", WORD]
    parts += [SCAN, WORD, b"\xff\xff\xff\xd9", WORD, b"CANARY", bytes(3)]
    worded = b"".join(parts)
    assert kept(tmp_path, track("mjpeg"), worded, plain) == [plain, plain]


@pytest.mark.parametrize(
    "odd",
    [
        b"",
        b"\xff",
        b"CANARY" + b"\xff\xd8" + TABLE + SCAN + b"\xff\xd9",
        TABLE + SCAN + b"\xff\xd9",
        b"\xff\xd8" + TABLE + SCAN,
        b"\xff\xd8CANARY" + TABLE + b"\xff\xd9",
        b"\xff\xd8\xff\xdb\xff\xffa\xff\xd9",
        b"\xff\xd8\xff\xdb\0\1a\xff\xd9",
        b"\xff\xd8\xff\xd8" + TABLE + SCAN + b"\xff\xd9",
        2 * (b"\xff\xd8" + TABLE + SCAN + b"\xff\xd9"),
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
    odd = b"\xff\xd8" + TABLE + SCAN + b"\xff" * 2**15 + behind
    began = thread_time()
    if behind:
        whole = odd if behind[0] == 0 else b"\xff\xd8" + TABLE + SCAN + b"\xff\xd9"
        assert kept(tmp_path, track("mjpeg"), odd) == [whole]
    else:
        with pytest.raises(MediaError, match="needs_playable_copy"):
            kept(tmp_path, track("mjpeg"), odd)
    assert thread_time() - began < 1.0
