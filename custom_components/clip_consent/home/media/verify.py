"""Checks a finished film against a list of what may be in one, and digests it.

It trusts nothing about how the film came to be. Every box must be on the list, every
byte of the pictures must belong to a picture that is shown, every unit of a picture
must be of a kind that makes pictures. What is not known to be harmless is refused.
"""

from dataclasses import dataclass
import hashlib
from pathlib import Path
import re
import struct
from typing import BinaryIO, Final

from ...core.errors import MediaError
from .boxes import Box, boxes, file_boxes, full_box, not_clean, read_box
from .layout import (
    FTYP,
    TIMESCALE,
    TURNS,
    audio_entry,
    film_ticks,
    media_header,
    movie_header,
    shown_size,
    track_header,
    video_entry,
)
from .parameter_sets import check_sample
from .records import clean_record, codec_name, length_size, record_kind
from .sample_checks import sample_check
from .sound import RATE
from .tracks import Track, read_tracks
from .units import CODECS, sample_units

type _Rule = re.Pattern[bytes] | dict[bytes, _Rule]


def _content(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


# What may be in what: boxes inside, or what the content must be. Each occurs at most
# once, but for `trak`. All times of making are zero.
_RULES: Final[dict[bytes, _Rule]] = {
    b"mvhd": _content(rb"\0{12}.{8}\0\x01\0\0\x01\0\0{10}.{36}\0{27}[\x02\x03]"),
    b"trak": {
        b"tkhd": _content(
            rb"\0\0\0\x03\0{11}[\x01\x02]\0{4}.{4}\0{12}[\0\x01]\0{3}.{44}"
        ),
        b"mdia": {
            b"mdhd": _content(rb"\0{12}.{8}\x55\xc4\0\0"),
            b"hdlr": _content(
                rb"\0{8}(?:vide\0{12}VideoHandler|soun\0{12}SoundHandler)\0"
            ),
            b"minf": {
                b"vmhd": _content(rb"\0\0\0\x01\0{8}"),
                b"smhd": _content(rb"\0{8}"),
                b"dinf": {b"dref": _content(rb"\0{7}\x01\0\0\0\x0curl \0\0\0\x01")},
                b"stbl": {
                    b"stsd": _content(rb"\0{7}\x01.*"),
                    b"stts": _content(rb"\0{4}.*"),
                    b"ctts": _content(rb"\x01\0{3}.*"),
                    b"stss": _content(rb"\0{4}.*"),
                    b"stsc": _content(rb"\0{4}.*"),
                    b"stsz": _content(rb"\0{8}.*"),
                    b"stco": _content(rb"\0{4}.*"),
                    b"co64": _content(rb"\0{4}.*"),
                },
            },
        },
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """What a finished film is. `longest` says how long a picture is shown at most."""

    sha256: str
    size: int
    seconds: float
    longest: float
    frames: int
    width: int
    height: int
    codec: str
    audio: bool
    keys: tuple[int, ...]


def verify_film(path: Path, *, audio: bool) -> Film:
    """Return what a film is, if it holds nothing else. Raises MediaError.

    `audio` says whether it must hold sound; otherwise it must hold none.
    """
    with path.open("rb") as file:
        found = file_boxes(file.fileno())
        if [each.kind for each in found] != [b"ftyp", b"moov", b"mdat"]:
            raise not_clean()
        moov = read_box(file.fileno(), found, b"moov")
        if b"".join((FTYP[:8], read_box(file.fileno(), found, b"ftyp"))) != FTYP:
            raise not_clean()
        _check_boxes(moov, boxes(moov), _RULES)
        tracks = read_tracks(moov)
        _check_tracks(moov, tracks, audio=audio)
        digest = _check_samples(file, found[2], tracks)
    video = tracks[0]
    return Film(
        sha256=digest,
        size=found[2].end,
        seconds=video.duration / video.timescale,
        longest=max(video.durations) / video.timescale,
        frames=len(video.sizes),
        width=video.width,
        height=video.height,
        codec=codec_name(video.codec, video.record),
        audio=audio,
        keys=tuple(sorted(video.keys or range(len(video.sizes)))),
    )


def _check_boxes(data: bytes, found: list[Box], rules: dict[bytes, _Rule]) -> None:
    """Raise MediaError unless all boxes are on the list and as they must be."""
    kinds = [each.kind for each in found if each.kind != b"trak"]
    if len(set(kinds)) != len(kinds):
        raise not_clean()
    for kind, start, end in found:
        match rules.get(kind):
            case re.Pattern() as content:
                if not content.fullmatch(data, start, end):
                    raise not_clean()
            case dict() as inner:
                _check_boxes(data, boxes(data, start, end), inner)
            case _:
                raise not_clean()


def _check_tracks(moov: bytes, tracks: tuple[Track, ...], *, audio: bool) -> None:
    """Raise MediaError unless there is one picture, and sound only if wanted."""
    codecs = [track.codec for track in tracks]
    if codecs[:1] in ([], ["aac"]) or codecs[1:] != ["aac"] * audio:
        raise not_clean()
    lengths = [film_ticks(track.duration, track.timescale) for track in tracks]
    if max(lengths) >= 2**32:
        raise not_clean()
    _require(moov, movie_header(max(lengths), len(tracks)))
    for number, (track, length) in enumerate(zip(tracks, lengths, strict=True), 1):
        loud = track.codec == "aac"
        if track.timescale != (RATE if loud else TIMESCALE) or track.turn not in TURNS:
            raise not_clean()
        size = (0, 0) if loud else shown_size(track)
        _require(moov, track_header(number, length, track.turn, size, loud=loud))
        _require(moov, media_header(track.timescale, track.duration))
        record = clean_record(track.codec, record_kind(track.codec), track.record)
        entry = (
            audio_entry(track.record, track.timescale)
            if loud
            else video_entry(track, record)
        )
        _require(moov, full_box(b"stsd", struct.pack(">I", 1), entry))
        shown = sorted(track.shown)
        if (
            sum(track.durations) != track.duration
            or shown[:1] != [0]
            or shown[-1] >= track.duration
            or len(set(shown)) != len(shown)
        ):
            raise not_clean()


def _require(moov: bytes, expected: bytes) -> None:
    """Raise MediaError unless a box is just as it must be."""
    if expected not in moov:
        raise not_clean()


def _check_samples(file: BinaryIO, mdat: Box, tracks: tuple[Track, ...]) -> str:
    """Return the file's digest if samples fill `mdat` exactly and hold pictures."""
    video = tracks[0]
    record = clean_record(video.codec, record_kind(video.codec), video.record)
    wide = length_size(video.codec, record[8:])
    kinds = sample_units(video.codec, wide)
    check = sample_check(video.codec, record[8:], wide)
    allowed, anchors = CODECS[video.codec].units, CODECS[video.codec].anchors
    samples = sorted(
        (offset, size, number)
        for number, track in enumerate(tracks)
        for offset, size in zip(track.offsets, track.sizes, strict=True)
    )
    digest = hashlib.sha256(file.read(mdat.start))
    at = mdat.start
    for offset, size, number in samples:
        data = file.read(size)
        if offset != at or len(data) != size or not size:
            raise not_clean()
        digest.update(data)
        at += size
        if number == 0:
            found = kinds(data)
            if not found <= allowed:
                raise not_clean()
            check_sample(video.codec, wide, data)
            check(data)
            if offset == video.offsets[0] and anchors and not found & anchors:
                # A picture that needs others before it cannot begin a film.
                raise MediaError("needs_playable_copy")
    if at != mdat.end or file.read(1):
        raise not_clean()
    return digest.hexdigest()
