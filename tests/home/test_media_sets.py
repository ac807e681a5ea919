"""G6: parameter sets hold what a decoder reads of them, and nothing behind that."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
import tracemalloc

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.home.media.bits import (
    bits_of,
    bytes_of,
    guarded,
    plain,
)
from custom_components.clip_consent.home.media.parameter_sets import (
    check_header,
    check_sample,
    check_unit,
)
from custom_components.clip_consent.home.media.records import clean_record, record_kind
from custom_components.clip_consent.home.media.remux import read_cut

from .drafting import Drafting
from .recordings import ffmpeg

CANARY = b"CANARY-serial-1234567890"
_SMALL = ("-f", "lavfi", "-i", "testsrc2=size=320x192:rate=25", "-t", "0.4")
# Encoders made to say as much as they can in their sets.
X264 = (
    *("", "nal-hrd=vbr:vbv-maxrate=1000:vbv-bufsize=1000", "cqm=jvt:8x8dct=1"),
    "overscan=show:videoformat=pal:fullrange=on:chromaloc=2:colorprim=bt709",
    "fake-interlaced=1:pic-struct=1:bluray-compat=1",
    "sar=40/33:colormatrix=bt709:transfer=bt709",
)
X265 = (
    *("", "hrd=1:vbv-maxrate=1000:vbv-bufsize=1000", "scaling-list=default"),
    *("temporal-layers=1:bframes=4", "ref=5:bframes=8", "interlace=tff"),
    "display-window=2,2,2,2:sar=4:range=full:colorprim=bt709:overscan=show:chromaloc=1",
    *("lossless=1:cu-lossless=1", "wpp=1:slices=2", "multi-pass-opt-rps=1"),
)
MADE = (
    *(("libx264", ("-x264-params", f"log-level=none:{said}")) for said in X264),
    *(("libx265", ("-x265-params", f"log-level=none:{said}")) for said in X265),
    *(("libx264", ("-profile:v", name)) for name in ("baseline", "main")),
    *(("libx264", ("-pix_fmt", f"yuv{form}")) for form in ("422p", "444p", "420p10le")),
    *(
        ("libx265", ("-x265-params", "log-level=none", "-pix_fmt", f"yuv{form}"))
        for form in ("420p10le", "422p10le", "444p")
    ),
)

_AOM = ("-cpu-used", "8")
AV1 = (
    ("libsvtav1", ("-svtav1-params", "film-grain=8", "-pix_fmt", "yuv420p10le")),
    *(
        ("libaom-av1", (*_AOM, "-aom-params", f"timing-info={how}"))
        for how in ("model", "constant")
    ),
    ("libaom-av1", (*_AOM, "-aom-params", "enable-order-hint=0")),
    ("libaom-av1", (*_AOM, "-still-picture", "1")),
    *(
        ("libaom-av1", (*_AOM, "-pix_fmt", form))
        for form in ("gray", "gbrp", "yuv422p", "yuv444p", "yuv420p12le")
    ),
)


def sets_of(codec: str, record: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield place, kind and bytes of each set in a record."""
    if codec == "h264":
        at, groups = 5, [(7, 1, 31), (8, 1, 255)]
    else:
        at, groups = 23, [(0, 3, 0)] * record[22]
    for kind, head, mask in groups:
        if codec == "h264":
            count = record[at] & mask
        else:
            kind, count = record[at] & 63, int.from_bytes(record[at + 1 : at + 3])
        at += head
        for _ in range(count):
            size = int.from_bytes(record[at : at + 2])
            yield at, kind, record[at + 2 : at + 2 + size]
            at += 2 + size


@pytest.mark.parametrize(("encoder", "how"), MADE)
def test_a_set_is_read_to_its_very_end(
    tmp_path: Path, encoder: str, how: tuple[str, ...]
) -> None:
    """What encoders write passes; a word, a byte or one bit behind it does not."""
    tag = "avc1" if encoder == "libx264" else "hvc1"
    ffmpeg(*_SMALL, "-c:v", encoder, *how, "-tag:v", tag, tmp_path / "made.mp4")
    track = read_cut(tmp_path / "made.mp4")
    kind = record_kind(track.codec)
    clean = clean_record(track.codec, kind, track.record)
    assert clean_record(track.codec, kind, clean[8:]) == clean
    # What the head is made of anew is what ffmpeg reads of the same sets.
    if track.codec == "h264":
        assert clean[8:] == track.record
    else:
        assert clean[9:21] == track.record[1:13]
        assert clean[24:30] == track.record[16:22]
    found = list(sets_of(track.codec, clean[8:]))
    assert len(found) >= (2 if encoder == "libx264" else 3)
    for at, number, unit in found:
        check_unit(track.codec, number, unit)
        check_unit(track.codec, number, unit + b"\0\0")  # of no meaning at all
        bits = bits_of(plain(unit)).rstrip("0")
        bits += "1"
        longer = guarded(bytes_of(bits + "0" * (-len(bits) % 8)))
        odds = [unit + CANARY, unit + 3 * CANARY, unit + bytes(600)]
        # A bit behind H.264's for pictures would be its other part, broken off.
        for odd in odds if number == 8 else [*odds, longer, unit + b"\x80"]:
            with pytest.raises(MediaError, match="needs_playable_copy"):
                check_unit(track.codec, number, odd)
        hiding = bytearray(clean[8:])
        hiding[at : at + 2 + len(unit)] = (
            (len(unit) + len(CANARY)).to_bytes(2) + unit + CANARY
        )
        with pytest.raises(MediaError, match="needs_playable_copy"):
            clean_record(track.codec, kind, bytes(hiding))


@pytest.mark.parametrize(
    ("codec", "mark"),
    [
        *(("h264", mark) for mark in (b"\x09\xf0", b"\x0a", b"\x0b")),
        *(("hevc", mark) for mark in (b"\x46\1\x50", b"\x48\1", b"\x4a\1")),
    ],
)
def test_what_marks_a_place_holds_nothing(codec: str, mark: bytes) -> None:
    """Delimiters and ends have no room for words."""

    def sample(unit: bytes) -> bytes:
        return len(unit).to_bytes(4) + unit

    slices = sample(b"\x65a" if codec == "h264" else b"\x26\1a")
    check_sample(codec, 4, sample(mark) + slices)
    with pytest.raises(MediaError, match="needs_playable_copy"):
        check_sample(codec, 4, slices + sample(mark + CANARY))
    check_sample("mjpeg", 0, CANARY)  # is looked at in its own way


@pytest.mark.parametrize(("encoder", "how"), AV1)
def test_an_av1_header_is_read_to_its_very_end(
    tmp_path: Path, encoder: str, how: tuple[str, ...]
) -> None:
    """As a set: in the record, and where a picture brings it along."""
    count = "1" if "-still-picture" in how else "3"
    made = (*_SMALL, "-frames:v", count, "-c:v", encoder, *how)
    ffmpeg(*made, tmp_path / "made.mp4")
    track = read_cut(tmp_path / "made.mp4")
    clean = clean_record("av1", b"av1C", track.record)
    head, header = clean[8:12], clean[12:]
    assert head == track.record[:4]  # as ffmpeg makes it of the same header
    assert len(header) < 64
    check_sample("av1", 0, header)
    content = header[2:]
    # None of these has a size, so each goes on to the end.
    for unit in (b"\x08" + content, b"\x0c\0" + content, b"\x08" + content + b"\0"):
        check_sample("av1", 0, unit)
        assert clean_record("av1", b"av1C", head + unit)[12:] == unit
    for odd in (content + CANARY, content + b"\x80", content + bytes(600)):
        unit = b"\x08" + odd
        with pytest.raises(MediaError, match="needs_playable_copy"):
            check_sample("av1", 0, unit)
        with pytest.raises(MediaError, match="needs_playable_copy"):
            clean_record("av1", b"av1C", head + unit)


def test_what_cannot_be_read_is_not_copied() -> None:
    """Slices in forms (H.264), extensions of layers (HEVC): nobody knows their end."""
    forms = b"\x68" + bytes_of("11" + "00" + "010" + "1" + "10000000")
    levels = "0000" + "11" + "0" * 6 + "000" + "1" + "1" * 16 + "0" * 96
    film = levels + "0" + "111" + "0" * 6 + "1" + "0" + "1" + "1010"
    film += "1" + "0" * (-(len(film) + 1) % 8)
    for codec, kind, unit in (
        ("h264", 8, forms),
        ("hevc", 32, b"\x40\1" + bytes_of(film)),
    ):
        with pytest.raises(MediaError, match="needs_playable_copy"):
            check_unit(codec, kind, unit)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
async def test_nothing_leaves_in_a_parameter_set(
    drafting: Drafting, tmp_path: Path, codec: str
) -> None:
    """G6: a recorder's own words behind a set are in no draft, and say why in none."""
    encoder = {"h264": "libx264", "hevc": "libx265"}[codec]
    quiet = (
        ("-x265-params", "log-level=none:repeat-headers=1:open-gop=0")
        if codec == "hevc"
        else ()
    )
    raw = tmp_path / f"raw.{codec}"
    source = drafting.recordings["silent.mp4"]
    ffmpeg("-i", source, "-c:v", encoder, "-g", "50", *quiet, raw)
    data = raw.read_bytes()
    units = data.split(b"\0\0\1")
    last = 8 if codec == "h264" else 34
    for number, unit in enumerate(units[1:], 1):
        kind = unit[0] & 31 if codec == "h264" else unit[0] >> 1 & 63
        if kind == last:
            units[number] = unit.rstrip(b"\0") + CANARY + b"\0"
    raw.write_bytes(b"\0\0\1".join(units))
    path = tmp_path / "planted.mp4"
    tag = "avc1" if codec == "h264" else "hvc1"
    ffmpeg("-r", "25", "-i", raw, "-c", "copy", "-tag:v", tag, path)
    assert CANARY in path.read_bytes()
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(path, 3.3, 7.5)
    assert not list(drafting.folder.rglob("*.mp4"))
    for how in ("playable", "exact"):
        draft = await drafting(path, 3.3, 7.5, **{how: True})
        assert draft.changes[0] == "re_encoded"
    region = Region(left=0, top=0, right=5000, bottom=5000)
    await drafting(path, 3.3, 7.5, masks=(region,))
    for kept in drafting.folder.rglob("*.mp4"):
        assert CANARY not in kept.read_bytes()


async def test_nothing_leaves_in_a_table(drafting: Drafting, tmp_path: Path) -> None:
    """G6: the same of Motion JPEG's tables, of which each picture has its own."""
    raw, path = tmp_path / "raw.mjpeg", tmp_path / "planted.mov"
    ffmpeg("-i", drafting.recordings["mjpeg.avi"], "-c", "copy", "-f", "mjpeg", raw)
    data = raw.read_bytes()
    at = data.index(b"\xff\xdb")
    size = int.from_bytes(data[at + 2 : at + 4])
    table = data[at : at + 2 + size]
    longer = table[:2] + (size + len(CANARY)).to_bytes(2) + table[4:] + CANARY
    raw.write_bytes(data.replace(table, longer))
    ffmpeg("-f", "mjpeg", "-framerate", "25", "-i", raw, "-c", "copy", path)
    assert CANARY in path.read_bytes()
    for exact in (False, True):
        with pytest.raises(MediaError, match="needs_playable_copy"):
            await drafting(path, 3.3, 7.5, exact=exact)
    draft = await drafting(path, 3.3, 7.5, playable=True)
    assert draft.changes[0] == "re_encoded"
    region = Region(left=0, top=0, right=5000, bottom=5000)
    await drafting(path, 3.3, 7.5, masks=(region,))
    kept = list(drafting.folder.rglob("*.mp4"))
    assert len(kept) == 3
    for file in kept:
        assert CANARY not in file.read_bytes()


@pytest.mark.parametrize("codec", ["h264", "hevc", "av1"])
def test_a_huge_set_takes_no_memory(codec: str) -> None:
    """Its size is looked at first: read as digits, it takes many times as much."""
    size = 4 * 2**20
    head = {"h264": b"\x67", "hevc": b"\x42\1", "av1": b"\x0a\x80\x80\x80\2"}[codec]
    unit = head + b"\x55" * size
    kind = 7 if codec == "h264" else 33
    check = check_header if codec == "av1" else partial(check_unit, codec, kind)
    tracemalloc.start()
    try:
        with pytest.raises(MediaError, match="needs_playable_copy"):
            check(unit)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()
