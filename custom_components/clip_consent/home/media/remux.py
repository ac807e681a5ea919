"""Writes the film: an MP4 file with nothing in it that we did not put there.

ffmpeg cuts the pictures out; this puts them into a file of our own making. So a box
that a future ffmpeg may add cannot slip in, no edit list is needed, and the same
pictures give the same bytes. The header comes first, so that the film streams.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ...core.errors import MediaError
from .boxes import file_boxes, full_box, not_clean, read_box
from .layout import (
    TIMESCALE,
    TURNS,
    UPRIGHT,
    Stream,
    audio_entry,
    shown_size,
    video_entry,
    write,
)
from .records import clean_record, record_kind
from .tracks import Track, read_tracks


class Section(NamedTuple):
    """Pictures as ffmpeg cut them out of one recording.

    `times` are when each is shown (seconds, in decoding order); None takes the file's
    own, counted from `start`.
    """

    path: Path
    start: float
    times: Sequence[float] | None
    sizes: Sequence[int] | None


def write_film(
    target: Path, sections: Sequence[Section], end: float, audio: Path | None
) -> None:
    """Write the film of these sections, the last picture shown until `end` (seconds).

    Raises MediaError `pieces_differ`, `draft_not_clean`.
    """
    with ExitStack() as stack:
        cuts = [_open(stack, section.path) for section in sections]
        streams = [_video(sections, cuts, end)]
        if audio:
            streams.append(_audio(*_open(stack, audio)))
        with target.open("xb") as file:
            write(file, streams)


def _open(stack: ExitStack, path: Path) -> tuple[BinaryIO, Track]:
    file = stack.enter_context(path.open("rb", buffering=0))
    tracks = read_tracks(read_box(file.fileno(), file_boxes(file.fileno()), b"moov"))
    if len(tracks) != 1 or not tracks[0].sizes:
        raise MediaError("media_failed")
    return file, tracks[0]


def _video(
    sections: Sequence[Section], cuts: Sequence[tuple[BinaryIO, Track]], end: float
) -> Stream:
    first = cuts[0][1]
    record = clean_record(first.codec, record_kind(first.codec), first.record)
    shown: list[float] = []
    keys: set[int] = set()
    for section, (_, track) in zip(sections, cuts, strict=True):
        if clean_record(track.codec, record_kind(track.codec), track.record) != record:
            raise MediaError("pieces_differ")
        held = range(len(track.sizes)) if track.keys is None else track.keys
        keys |= {len(shown) + number for number in held}
        shown += _times(section, track)
    ticks = [round((time - min(shown)) * TIMESCALE) for time in shown]
    begins = _increasing([*sorted(ticks), round((end - min(shown)) * TIMESCALE)])
    return Stream(
        handler=b"vide",
        entry=video_entry(first, record),
        media_header=full_box(b"vmhd", b"\0" * 8, flags=1),
        turn=_straight(first.turn),
        shown=shown_size(first),
        timescale=TIMESCALE,
        sources=tuple(file for file, track in cuts for _ in track.sizes),
        offsets=tuple(at for _, track in cuts for at in track.offsets),
        sizes=tuple(size for _, track in cuts for size in track.sizes),
        begins=tuple(begins),
        later=tuple(at - begin for at, begin in zip(ticks, begins[:-1], strict=True)),
        keys=frozenset(keys) if len(keys) < len(shown) else None,
    )


def _times(section: Section, track: Track) -> Sequence[float]:
    """Return when the pictures of a section are shown, checking it is those asked."""
    if section.times is None:
        zero = min(track.shown)
        return [section.start + (at - zero) / track.timescale for at in track.shown]
    if len(section.times) != len(track.sizes):
        raise MediaError("media_failed")
    if section.sizes is not None and any(
        size > listed + listed // 8 + 64
        for size, listed in zip(track.sizes, section.sizes, strict=True)
    ):
        raise MediaError("media_failed")
    return section.times


def _straight(turn: bytes) -> bytes:
    """Return how a picture is turned, without where it is put: players ignore that.

    Raises MediaError `needs_playable_copy` if it is turned by less than a quarter.
    """
    turn = turn[:24] + bytes(8) + turn[32:]
    if turn not in TURNS:
        raise MediaError("needs_playable_copy")
    return turn


def _increasing(ticks: list[int]) -> list[int]:
    """Return times that each are later than the one before."""
    return list(accumulate(ticks, lambda last, at: max(at, last + 1)))


def _audio(file: BinaryIO, track: Track) -> Stream:
    if track.codec != "aac":
        raise not_clean()
    return Stream(
        handler=b"soun",
        entry=audio_entry(track.record, track.timescale),
        media_header=full_box(b"smhd", b"\0" * 4),
        turn=UPRIGHT,
        shown=(0, 0),
        timescale=track.timescale,
        sources=(file,) * len(track.sizes),
        offsets=track.offsets,
        sizes=track.sizes,
        begins=tuple(accumulate(track.durations, initial=0)),
        later=(0,) * len(track.sizes),
        keys=None,
    )
