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
from .dropping import kept_spans, unit_kinds
from .layout import (
    TIMESCALE,
    TURNS,
    UPRIGHT,
    Span,
    Stream,
    audio_entry,
    shown_size,
    video_entry,
    whole,
    write,
)
from .records import clean_record, record_kind
from .setups import joined_record
from .tracks import Track, read_tracks
from .units import CODECS


class Section(NamedTuple):
    """Pictures as ffmpeg cut them out of one recording.

    `times` are when each is shown (seconds, in decoding order); None takes the file's
    own, counted from `start`. What was encoded `anew` stands before what was copied,
    and is set up in its own way.
    """

    path: Path
    start: float
    times: Sequence[float] | None
    sizes: Sequence[int] | None
    anew: bool = False


def write_film(
    target: Path, sections: Sequence[Section], end: float, audio: Path | None
) -> None:
    """Write the film of these sections, the last picture shown until `end` (seconds).

    Raises MediaError `pieces_differ`, `draft_not_clean`, `needs_playable_copy`.
    """
    with ExitStack() as stack:
        cuts = [open_cut(stack, section.path) for section in sections]
        streams = [_video(sections, cuts, end)]
        if audio:
            streams.append(_audio(*open_cut(stack, audio)))
        with target.open("xb") as file:
            write(file, streams)


def read_cut(path: Path) -> Track:
    """Return the one track of what ffmpeg cut out. Raises MediaError."""
    with ExitStack() as stack:
        return open_cut(stack, path)[1]


def first_anchor(path: Path) -> int | None:
    """Return the number of the first picture at which a decoder forgets all before.

    None if there is none. Raises MediaError.
    """
    with ExitStack() as stack:
        file, track = open_cut(stack, path)
        kinds = unit_kinds(file.fileno(), track)
        keys = range(len(track.sizes)) if track.keys is None else sorted(track.keys)
        for number in keys:
            at = track.offsets[number]
            if kinds(at, at + track.sizes[number]) & CODECS[track.codec].fresh:
                return number
    return None


def open_cut(stack: ExitStack, path: Path) -> tuple[BinaryIO, Track]:
    """Open what ffmpeg cut out; return its one track too. Raises MediaError."""
    file = stack.enter_context(path.open("rb", buffering=0))
    tracks = read_tracks(read_box(file.fileno(), file_boxes(file.fileno()), b"moov"))
    if len(tracks) != 1 or not tracks[0].sizes:
        raise MediaError("media_failed")
    return file, tracks[0]


def _video(
    sections: Sequence[Section], cuts: Sequence[tuple[BinaryIO, Track]], end: float
) -> Stream:
    begun = sections[0].anew
    first, record = _set_up([track for _, track in cuts], begun=begun)
    shown: list[float] = []
    keys: set[int] = set()
    spans: list[tuple[Span, ...]] = []
    for section, (file, track) in zip(sections, cuts, strict=True):
        held = range(len(track.sizes)) if track.keys is None else track.keys
        keys |= {len(shown) + number for number in held}
        shown += _times(section, track)
        spans += kept_spans(file.fileno(), track)
    zero = min(shown)
    ticks = [round((time - zero) * TIMESCALE) for time in shown]
    begins = _increasing([*sorted(ticks), round((end - zero) * TIMESCALE)])
    return Stream(
        handler=b"vide",
        entry=video_entry(first, record),
        media_header=full_box(b"vmhd", b"\0" * 8, flags=1),
        turn=_straight(first.turn),
        shown=shown_size(first),
        timescale=TIMESCALE,
        sources=tuple(file for file, track in cuts for _ in track.sizes),
        spans=tuple(spans),
        sizes=tuple(sum(end - at for at, end in each) for each in spans),
        begins=tuple(begins),
        later=tuple(at - begin for at, begin in zip(ticks, begins[:-1], strict=True)),
        keys=frozenset(keys) if len(keys) < len(shown) else None,
    )


def _set_up(tracks: Sequence[Track], *, begun: bool) -> tuple[Track, bytes]:
    """Return the track that tells how all are shown, and the record for all of them.

    `begun` says that the first one is a start encoded anew. Raises MediaError
    `pieces_differ`.
    """
    first, *others = tracks[begun:]
    said = _said(first)
    if any(_said(other) != said for other in others):
        raise MediaError("pieces_differ")
    record = joined_record(tracks[0], first) if begun else first.record
    if record is None:
        raise MediaError("pieces_differ")
    return first, clean_record(first.codec, record_kind(first.codec), record)


def _said(track: Track) -> tuple[bytes, bytes, bytes]:
    """Return what has to be the same in all of a film."""
    record = clean_record(track.codec, record_kind(track.codec), track.record)
    return record, _straight(track.turn), track.aspect


def _times(section: Section, track: Track) -> Sequence[float]:
    """Return when the pictures of a section are shown, checking it is those asked.

    Raises MediaError `needs_playable_copy` if not: some are damaged, so that nothing of
    them passes as a picture. Decoding may do without them.
    """
    if section.times is None:
        zero = min(track.shown)
        return [section.start + (at - zero) / track.timescale for at in track.shown]
    if len(section.times) != len(track.sizes):
        raise MediaError("needs_playable_copy")
    if section.sizes is not None and any(
        size > listed + listed // 8 + 64
        for size, listed in zip(track.sizes, section.sizes, strict=True)
    ):
        raise MediaError("needs_playable_copy")
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
        spans=whole(track.offsets, track.sizes),
        sizes=track.sizes,
        begins=tuple(accumulate(track.durations, initial=0)),
        later=(0,) * len(track.sizes),
        keys=None,
    )
