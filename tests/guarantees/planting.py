"""Recordings with units of any kind put between those that make their pictures."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import accumulate, pairwise
import os
from pathlib import Path
from typing import Final

from custom_components.clip_consent.home.media.boxes import box, full_box
from custom_components.clip_consent.home.media.layout import (
    Stream,
    shown_size,
    video_entry,
    whole,
    write,
)
from custom_components.clip_consent.home.media.records import clean_record, record_kind
from custom_components.clip_consent.home.media.remux import open_cut
from custom_components.clip_consent.home.media.tracks import Track

CANARY: Final = b"CANARY-serial-1234567890"


def unit(codec: str, kind: int, *, layer: int = 0) -> bytes:
    """Return a unit of that kind with a word in it, as it stands in a sample."""
    match codec:
        case "h264":
            made = bytes([kind]) + CANARY + b"\x80"
        case "hevc":
            made = (kind << 9 | layer << 3 | 1).to_bytes(2) + CANARY + b"\x80"
        case "av1":
            return bytes([kind << 3 | 2, len(CANARY) + 1]) + CANARY + b"\x80"
        case _:
            return b"\xff" + bytes([kind]) + (len(CANARY) + 2).to_bytes(2) + CANARY
    return len(made).to_bytes(4) + made


def cut_up(codec: str, sample: bytes) -> list[bytes]:
    """Return a sample in the pieces between which there is room for a unit."""
    places = [0, *_ends(codec, sample)]
    return [sample[a:b] for a, b in pairwise(places)]


def _ends(codec: str, sample: bytes) -> Iterator[int]:
    at = 0
    while at < len(sample):
        match codec:
            case "av1":
                size, place = 0, at + 1
                while True:
                    size |= (sample[place] & 127) << 7 * (place - at - 1)
                    place += 1
                    if sample[place - 1] < 128:
                        break
                at = place + size
            case "mjpeg" if sample[at + 1] in (0xD8, 0xD9):
                at += 2
            case "mjpeg" if sample[at + 1] == 0xDA:
                at = len(sample) - 2
            case "mjpeg":
                at += 2 + int.from_bytes(sample[at + 2 : at + 4])
            case _:
                at += 4 + int.from_bytes(sample[at : at + 4])
        yield at


def planted(
    made: Path,
    target: Path,
    change: Callable[[list[bytes]], bytes],
    *,
    more: bytes = b"",
) -> Path:
    """Write a recording anew, each of its samples changed; they are given in pieces.

    `more` are boxes that are added to what tells of the pictures.
    """
    raw = target.with_suffix(".raw")
    with ExitStack() as stack:
        file, track = open_cut(stack, made)
        pictures = stack.enter_context(raw.open("x+b", buffering=0))
        sizes = []
        for at, size in zip(track.offsets, track.sizes, strict=True):
            sample = os.pread(file.fileno(), size, at)
            changed = change(cut_up(track.codec, sample))
            pictures.write(changed)
            sizes.append(len(changed))
        with target.open("xb") as out:
            track = replace(track, sizes=tuple(sizes))
            stream = _stream(track, pictures.fileno(), stack)
            entry = box(stream.entry[4:8], stream.entry[8:], more)
            write(out, [replace(stream, entry=entry)])
    raw.unlink()
    return target


def _stream(track: Track, fd: int, stack: ExitStack) -> Stream:
    source = stack.enter_context(os.fdopen(fd, "rb", buffering=0, closefd=False))
    begins = tuple(accumulate(track.durations, initial=0))
    record = clean_record(track.codec, record_kind(track.codec), track.record)
    return Stream(
        handler=b"vide",
        entry=video_entry(track, record),
        media_header=full_box(b"vmhd", b"\0" * 8, flags=1),
        turn=track.turn,
        shown=shown_size(track),
        timescale=track.timescale,
        sources=(source,) * len(track.sizes),
        spans=whole([*accumulate(track.sizes[:-1], initial=0)], track.sizes),
        sizes=track.sizes,
        begins=begins,
        later=tuple(at - on for at, on in zip(track.shown, begins[:-1], strict=True)),
        keys=track.keys,
    )
