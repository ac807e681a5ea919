"""Records and units of codecs: what decoding needs passes, anything else does not."""

from itertools import starmap
from pathlib import Path
import struct

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.bits import guarded
from custom_components.clip_consent.home.media.boxes import (
    box,
    child,
    file_boxes,
    read_box,
)
from custom_components.clip_consent.home.media.probe import read_probe, sound_channels
from custom_components.clip_consent.home.media.recordings import demuxer_of
from custom_components.clip_consent.home.media.records import (
    clean_av1c,
    clean_avcc,
    clean_hvcc,
    clean_record,
    codec_name,
    esds,
    length_size,
    read_esds,
)
from custom_components.clip_consent.home.media.tracks import read_tracks
from custom_components.clip_consent.home.media.units import (
    CODECS,
    check_picture,
    codec_of,
    jpeg_units,
    nal_units,
    obus,
    sample_units,
)

SPS = b"\0\4\x67\x4d\x00\x1f"
PPS = b"\0\2\x68\xee"
SEI = b"\0\7\x06CANARY"
AVCC = b"\x01\x4d\x00\x1f\xff"
PROFILE = b"\x01\x60\0\0\0\x90\0\0\0\0\0\x5d"
HVCC_HEAD = b"\x01" + PROFILE + b"\xf0\0\xfc\xfd\xf8\xf8\0\0\x0f"
HEVC_SPS = b"\x42\1\1" + guarded(PROFILE) + b"\xac"
AV1_HEADER = b"\x0a\x0b\0\0\0\x04\x3c\xfe\xfc\2\xf8\0\x40"


def hvcc(*arrays: tuple[int, bytes]) -> bytes:
    """Return an HEVC record with one unit in each array of a kind."""
    parts = [
        bytes([kind]) + struct.pack(">HH", 1, len(unit)) + unit for kind, unit in arrays
    ]
    return HVCC_HEAD + bytes([len(parts)]) + b"".join(parts)


def test_h264_records_keep_parameter_sets_only() -> None:
    """Whatever is behind them goes; of higher profiles four bytes are needed."""
    plain = AVCC + b"\xe1" + SPS + b"\1" + PPS
    assert clean_avcc(plain) == plain
    assert clean_avcc(plain + b"CANARY") == plain
    high = b"\x01\x64" + AVCC[2:] + b"\xe1\0\5\x67\x64\0\x1f\xac\1" + PPS
    tail = b"\xfd\xf8\xf8"
    for behind in (tail + b"\1" + SEI, tail + b"\0", b"", b"CANARY"):
        assert clean_avcc(high + behind) == high + tail + b"\0"


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"\2" + AVCC[1:] + b"\xe1" + SPS + b"\1" + PPS,  # another version
        AVCC + b"\xe0\1" + PPS,  # nothing to decode with
        AVCC + b"\xe1" + SPS + b"\0",
        AVCC + b"\xe1" + SEI + b"\1" + PPS,  # a word where a parameter set should be
        AVCC + b"\xe1" + SPS + b"\1" + SEI,
        AVCC + b"\xe1\0\0\1" + PPS,  # a unit of no size
        AVCC + b"\xe1\xff\xff\x67",  # one that is not there
    ],
)
def test_odd_h264_records_are_refused(record: bytes) -> None:
    """A record that is not just parameter sets is no record."""
    with pytest.raises(MediaError, match="draft_not_clean"):
        clean_avcc(record)


def test_hevc_records_keep_parameter_sets_only() -> None:
    """x265 writes its settings into the record: they go."""
    good = [(0xA0, b"\x40\1v"), (0xA1, HEVC_SPS), (0xA2, b"\x44\1p")]
    assert clean_hvcc(hvcc(*good, (0xA7, b"\x4e\1CANARY"))) == hvcc(*good)


def test_the_head_of_a_record_says_what_its_sets_say() -> None:
    """No decoder compares the two: a word in the head would go unseen."""
    plain = AVCC + b"\xe1" + SPS + b"\1" + PPS
    assert clean_avcc(plain[:1] + b"CNR" + plain[4:]) == plain
    good = hvcc((0xA0, b"\x40\1v"), (0xA1, HEVC_SPS), (0xA2, b"\x44\1p"))
    odd = good[:1] + b"CANARY-SERIAL-NUMBER" + b"\xff" + good[22:]
    assert len(odd) == len(good)
    assert clean_hvcc(odd) == good
    record = b"\x81\0\x0c\0" + AV1_HEADER
    assert clean_av1c(b"\x81CNR" + AV1_HEADER) == record


def test_sets_of_another_layer_are_refused() -> None:
    """What they are for is not shown: another eye, a depth."""
    other = hvcc((0xA0, b"\x40\1v"), (0xA1, HEVC_SPS[:1] + b"\x09" + HEVC_SPS[2:]))
    with pytest.raises(MediaError, match="draft_not_clean"):
        clean_hvcc(other)
    units = sample_units("hevc", 4)
    assert units(b"\0\0\0\3\x26\1a") == {19}
    for head in (b"\x26\x09", b"\x27\1", b"\x27\x09"):
        assert not units(b"\0\0\0\3" + head + b"a") & CODECS["hevc"].units


@pytest.mark.parametrize(
    "record",
    [
        b"\2" + hvcc((0xA0, b"\x40\1v"))[1:],
        hvcc(),
        hvcc((0xA7, b"\x4e\1word")),
        hvcc((0xA0, b"\x4e\1word")),  # an SEI that says it is a parameter set
        hvcc((0xA0, b"\x40\1v"), (0xA1, HEVC_SPS))[:-1],
        hvcc((0xA0, b"\x40\1v"), (0xA1, HEVC_SPS[:-3])),
    ],
)
def test_odd_hevc_records_are_refused(record: bytes) -> None:
    """A record that is not just parameter sets is no record."""
    with pytest.raises(MediaError, match="draft_not_clean"):
        clean_hvcc(record)


def test_av1_records_keep_the_sequence_header_only() -> None:
    """Metadata that stands beside it goes."""
    sequence, metadata = AV1_HEADER, b"\x2a\6CANARY"
    record = b"\x81\0\x0c\0"
    cleaned = clean_record("av1", b"av1C", record + metadata + sequence)
    assert cleaned == box(b"av1C", record, sequence)
    for odd in (b"", b"\x01\0\x0c\0" + sequence, record + b"\x0a\x7fa"):
        with pytest.raises(MediaError, match="draft_not_clean"):
            clean_record("av1", b"av1C", odd)
    for odd in (record, record + metadata, record + b"\x0a\2ab"):
        with pytest.raises(MediaError, match="needs_playable_copy"):
            clean_record("av1", b"av1C", odd)


def test_other_records() -> None:
    """MJPEG and AAC are set up by the shortest record there is; none other passes."""
    mjpeg = esds(0x6C, 4, b"")
    assert clean_record("mjpeg", b"esds", mjpeg[8:]) == mjpeg
    aac = esds(0x40, 5, b"\x11\x90")
    assert clean_record("aac", b"esds", aac[8:]) == aac
    rates = bytearray(aac[8:])
    rates[20:24] = b"CNRY"  # where the bit rates of a recorder stand
    assert clean_record("aac", b"esds", bytes(rates)) == aac
    for codec, kind, content in (
        ("mjpeg", b"esds", aac[8:]),
        ("aac", b"esds", mjpeg[8:]),
        ("aac", b"esds", esds(0x40, 5, b"CANARY-CANARY")[8:]),
        ("h264", b"esds", mjpeg[8:]),
        ("vp9", b"vpcC", bytes(12)),
    ):
        with pytest.raises(MediaError, match="draft_not_clean"):
            clean_record(codec, kind, content)


def test_descriptors_that_say_more_are_refused() -> None:
    """No other stream, no address, no set-up longer than any decoder's."""
    good = esds(0x40, 5, b"\x11\x90")[8:]
    assert read_esds(good) == (0x40, b"\x11\x90")
    long_form = good[:4] + b"\3\x80\x80\x80" + good[5:]
    assert read_esds(long_form) == (0x40, b"\x11\x90")
    for odd in (good[:8] + b"\x80" + good[9:], b"\0\0\0\0\7" + good[5:]):
        with pytest.raises(MediaError, match="draft_not_clean"):
            read_esds(odd)
    with pytest.raises(MediaError, match="draft_not_clean"):
        esds(0x40, 5, bytes(200))


def test_names_for_people() -> None:
    """Plain `h264` is what any browser plays; of what none does it says so."""
    record = AVCC + b"\xe1" + SPS + b"\1" + PPS
    assert codec_name("h264", record) == "h264"
    assert codec_name("h264", b"\x01\x6e" + record[2:]) == "h264_high10"
    assert codec_name("hevc", hvcc()) == "hevc"
    assert (length_size("h264", record), length_size("hevc", hvcc())) == (4, 4)
    assert codec_of(b"avc1") == "h264"
    with pytest.raises(MediaError, match="draft_not_clean"):
        codec_of(b"vp09")


def test_units_must_fill_a_picture_exactly() -> None:
    """There is no room before, between or behind them."""
    assert list(nal_units(b"\0\0\0\2\x65a\0\0\0\1\x09", 4)) == [b"\x65a", b"\x09"]
    for odd in (b"\0\0\0\0", b"\0\0\0\3\x65a", b"\0\0\0\2\x65a!"):
        with pytest.raises(MediaError, match="draft_not_clean"):
            list(nal_units(odd, 4))


def test_av1_units_must_fill_a_picture_exactly() -> None:
    """With sizes or without, with an extension or without."""
    assert list(obus(b"\x12\0\x32\3abc")) == [(2, 0, 2), (6, 2, 7)]
    assert list(obus(b"\x36\x08\2ab")) == [(6, 0, 5)]
    assert list(obus(b"\x30abc")) == [(6, 0, 4)]
    long = bytes(200)
    assert list(obus(b"\x32\xc8\1" + long)) == [(6, 0, 203)]
    for odd in (b"\x32\5abc", b"\x32", b"\x34", b"\x32" + b"\x80" * 9):
        with pytest.raises(MediaError, match="draft_not_clean"):
            list(obus(odd))


def test_jpeg_segments_must_fill_a_picture_exactly() -> None:
    """Nothing behind the end, no marker that is none, no scan without an end."""
    scan = b"\xff\xda" + b"\0\x08\1\1\0\0\x3f\0" + b"coded\xff\0data"
    table = b"\xff\xdb" + b"\0\x43\0" + bytes(64)
    frame = b"\xff\xc0\0\x0b\x08\0\x10\0\x10\1\1\x11\0"
    good = b"\xff\xd8" + table + frame + scan + b"\xff\xd9"
    assert list(jpeg_units(good)) == [0xDB, 0xC0, 0xDA]
    check_picture(good)
    jfif = b"\xff\xe0\0\x10JFIF\0" + bytes(9)
    check_picture(b"\xff\xd8" + jfif + good[2:])
    for odd in (
        good + b"CANARY",
        b"CANARY" + good,
        b"\xff\xd8CANARY" + good[2:],
        b"\xff\xd8\xff\xdb\xff\xfft\xff\xd9",
        b"\xff\xd8" + b"\xff\xe1\0\x0cExif\0\0word" + good[2:],
        b"\xff\xd8" + b"\xff\xfe\0\x08CANARY" + good[2:],
        b"\xff\xd8" + jfif + jfif + good[2:],
        b"",
    ):
        with pytest.raises(MediaError, match="draft_not_clean"):
            check_picture(odd)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (0xDB, b"\0" + bytes(64)),
        (0xDB, b"\x11" + bytes(128) + b"\0" + bytes(64)),
        (0xC4, b"\0" + bytes(15) + b"\2ab" + b"\x10\1" + bytes(15) + b"a"),
        (0xC0, b"\x08\0\x10\0\x10\1\1\x11\0"),
        (0xDD, b"\0\4"),
        (0xDA, b"\1\1\0\0\x3f\0"),
    ],
    ids=["quantisers", "two tables", "codes", "frame", "restarts", "scan"],
)
def test_jpeg_segments_hold_their_numbers_and_no_more(
    kind: int, content: bytes
) -> None:
    """A decoder skips what is behind them: there could be anything."""

    def segment(kind: int, content: bytes) -> bytes:
        return b"\xff" + bytes([kind]) + (len(content) + 2).to_bytes(2) + content

    def picture(content: bytes) -> bytes:
        made = {
            0xC0: b"\x08\0\x10\0\x10\3\1\x11\0\2\x11\1\3\x11\1",
            0xDA: b"\2\1\0\2\0\0\x3f\0",
        }
        this = {kind: content}
        made = made | this if kind in made else this | made
        return b"\xff\xd8" + b"".join(starmap(segment, made.items())) + b"\xff\xd9"

    units = sample_units("mjpeg", 0)
    assert units(picture(content)) == {kind, 0xC0, 0xDA}
    for odd in (content + b"CANARY", content + b"\0", content[:-1], content[:1]):
        with pytest.raises(MediaError, match="needs_playable_copy"):
            units(picture(odd))


def test_boxes_that_are_none(tmp_path: Path) -> None:
    """Sizes that do not fit, missing boxes, doubled ones: a clear error, no crash."""
    path = tmp_path / "boxes.mp4"
    for odd in (
        b"\0\0\0",
        b"\0\0\0\7free",
        b"\0\0\1\0free",
        b"\0\0\0\1free" + bytes(8),
    ):
        path.write_bytes(odd)
        with (
            path.open("rb") as file,
            pytest.raises(MediaError, match="draft_not_clean"),
        ):
            file_boxes(file.fileno())
    path.write_bytes(box(b"free") * 2 + box(b"moov", box(b"trak")))
    with path.open("rb") as file:
        found = file_boxes(file.fileno())
        assert [each.kind for each in found] == [b"free", b"free", b"moov"]
        assert read_tracks_fails(read_box(file.fileno(), found, b"moov"))
        for kind in (b"free", b"mdat"):
            with pytest.raises(MediaError, match="draft_not_clean"):
                read_box(file.fileno(), found, kind)
    for odd in (b"\0\0\0\4trak", b"\0\0\0\x09trak", b"trak"):
        assert read_tracks_fails(odd)
    with pytest.raises(MediaError, match="draft_not_clean"):
        child(b"", found[0], b"trak")


def read_tracks_fails(moov: bytes) -> bool:
    """Return whether there are no tracks to be read, by the one error there is."""
    with pytest.raises(MediaError, match="draft_not_clean"):
        read_tracks(moov)
    return True


def test_probing_reads_only_what_ffmpeg_itself_says() -> None:
    """A title dressed up as a stream passes for nothing; odd sound is no sound."""
    log = """Input #0, matroska,webm, from 'file:/proc/self/fd/7':
  Metadata:
    title           : Stream #0:9: Video: h264, yuv420p, 9999x9999
  Duration: N/A, start: 0.500000, bitrate: N/A
  Stream #0:0: Video: mjpeg (attached pic), yuvj420p, 600x600
  Stream #0:1: Audio: none (ADPC), 8000 Hz, mono
Input #1, mov, from 'file:/proc/self/fd/8':
  Duration: 00:00:04.08, start: 0.000000, bitrate: 92 kb/s
  Stream #1:0[0x1](und): Audio: aac (LC), 48000 Hz, 1 channels, fltp
Input #2, mov, from 'file:/proc/self/fd/9':
  Stream #2:0: Audio: pcm_mulaw, 8000 Hz, stereo
"""
    probe = read_probe(log, "matroska")
    assert probe
    assert (probe.has_video, probe.seconds, probe.width) == (False, 0.0, 0)
    assert (probe.audio_codec, probe.audio_channels) == (None, 0)
    assert sound_channels(log) == (0, 1, 2)
    assert read_probe("file:/proc/self/fd/7: Invalid data found", "mov") is None
    assert sound_channels("") == ()


@pytest.mark.parametrize(
    ("start", "demuxer"),
    [
        (b"\0\0\0\x20ftypisom", "mov"),
        (b"\0\0\0\x20moof", "mov"),
        (b"\x1aE\xdf\xa3", "matroska"),
        (b"G" + bytes(187) + b"G", "mpegts"),
        (bytes(4) + b"G" + bytes(191) + b"G", "mpegts"),
        (b"RIFF\0\0\0\0AVI LIST", "avi"),
        (b"FLV\x01", "flv"),
        (b"\0\0\x01\xba", "mpeg"),
        (b"#EXTM3U", None),
        (b"ffconcat version 1.0", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"G" * 3, None),
    ],
)
def test_formats_are_told_by_their_first_bytes(
    start: bytes, demuxer: str | None
) -> None:
    """T31: a playlist, which could open other files, is never a recording."""
    assert demuxer_of(start) == demuxer
