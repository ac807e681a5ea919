"""The start of a film, as it was encoded anew, under the number it is to have."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import accumulate
import os
from pathlib import Path
from typing import BinaryIO

from .boxes import full_box
from .hevc_setups import renumbered, renumbered_record
from .layout import Stream, shown_size, video_entry, whole, write
from .records import clean_record, length_size, record_kind
from .remux import open_cut, read_cut
from .setups import Setup
from .tracks import Track
from .units import nal_places


def read_start(path: Path, setup: Setup) -> Track:
    """Return the one track of a start, once it has its number. Raises MediaError."""
    if setup.codec == "hevc":
        _renumber(path, setup.number)
    return read_cut(path)


def _renumber(path: Path, number: int) -> None:
    """Write a start of HEVC anew, its set-up named by a number."""
    made, raw = path.with_suffix(".anew"), path.with_suffix(".raw")
    with ExitStack() as stack:
        file, track = open_cut(stack, path)
        pictures = stack.enter_context(raw.open("x+b", buffering=0))
        sizes = []
        for picture in _pictures(file, track, number):
            pictures.write(picture)
            sizes.append(len(picture))
        record = renumbered_record(track.record, number)
        with made.open("xb") as target:
            write(target, [_stream(track, record, pictures, sizes)])
    made.replace(path)
    raw.unlink()


def _pictures(file: BinaryIO, track: Track, number: int) -> Iterator[bytes]:
    """Yield the pictures, each of whose slices names the set-up by its number."""
    wide = length_size(track.codec, track.record)
    for at, size in zip(track.offsets, track.sizes, strict=True):
        data = os.pread(file.fileno(), size, at)
        units = [renumbered(data[a:b], number) for a, b in nal_places(data, wide)]
        yield b"".join(len(unit).to_bytes(wide) + unit for unit in units)


def _stream(
    track: Track, record: bytes, pictures: BinaryIO, sizes: Sequence[int]
) -> Stream:
    """Return the track that these pictures are to be, in the times of the old one."""
    begins = tuple(accumulate(track.durations, initial=0))
    box = clean_record(track.codec, record_kind(track.codec), record)
    return Stream(
        handler=b"vide",
        entry=video_entry(track, box),
        media_header=full_box(b"vmhd", b"\0" * 8, flags=1),
        turn=track.turn,
        shown=shown_size(track),
        timescale=track.timescale,
        sources=(pictures,) * len(sizes),
        spans=whole([*accumulate(sizes[:-1], initial=0)], sizes),
        sizes=tuple(sizes),
        begins=begins,
        later=tuple(at - on for at, on in zip(track.shown, begins[:-1], strict=True)),
        keys=track.keys,
    )
