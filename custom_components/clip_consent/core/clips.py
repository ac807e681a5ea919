"""Recordings as spans of time: what joins, what covers, what is drafted at once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from .errors import SourceError
from .models import Choice, Finding, Piece, Window
from .serial import stated

TOLERANCE_SECONDS = 2.0
# Recordings give times by the millisecond, so a film that begins and ends just where it
# was asked to may measure a little more. Less than a frame.
FILM_ROUNDING = 0.01


def joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the pieces in order, no moment twice.

    A piece always begins at the first frame of its file, when its name says; `seconds`
    says how much of the file is to be used. So of two files that overlap, the earlier
    one is used until the later one begins; a file inside another one is left out. What
    of an overlap is but rounding in the names, a film tells: see core/joints.py.
    """
    out: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: (piece.start, -piece.seconds)):
        if piece.seconds <= 0 or (out and piece.window.end <= out[-1].window.end):
            continue
        if out and piece.start < out[-1].window.end:
            left = (piece.start - out[-1].start).total_seconds()
            out[-1] = replace(out[-1], seconds=left)
        out.append(piece)
    return tuple(out)


def runs(
    pieces: Iterable[Piece],
    window: Window,
    tolerance_seconds: float = TOLERANCE_SECONDS,
) -> tuple[Window, ...]:
    """Return what the pieces have of the window, as spans without a gap, in order.

    Holes of up to `tolerance_seconds` between two files are no gap.
    """
    return united(
        (
            span
            for piece in pieces
            if piece.seconds > 0 and (span := piece.window.overlap(window))
        ),
        tolerance_seconds,
    )


def united(
    spans: Iterable[Window], tolerance_seconds: float = TOLERANCE_SECONDS
) -> tuple[Window, ...]:
    """Return spans in order, those that touch or overlap as one."""
    tolerance = timedelta(seconds=tolerance_seconds)
    out: list[Window] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if out and span.start - out[-1].end <= tolerance:
            out[-1] = replace(out[-1], end=max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)


def covering(
    pieces: Iterable[Piece],
    window: Window,
    tolerance_seconds: float = TOLERANCE_SECONDS,
) -> tuple[Piece, ...]:
    """Return the pieces that a span inside one run is cut from, in order.

    One that seems to end just before may reach into the span: its pictures may be as
    much later as its name is unsure. A piece that ends in the millisecond in which the
    span begins has nothing of it: the span that a draft states may begin so much before
    the draft does. Raises SourceError `not_recorded` if nothing of it is there,
    `choice_has_gap` if it holds a gap.
    """
    parts = joined(pieces)
    found = runs(parts, window, tolerance_seconds)
    if not found:
        raise SourceError("not_recorded")
    if len(found) > 1:
        raise SourceError("choice_has_gap")
    inside = [
        number for number, piece in enumerate(parts) if piece.window.overlap(window)
    ]
    first, last = inside[0], inside[-1]
    begin = stated(window.start)
    while first < last and not _reaches(parts[first], begin):
        first += 1
    while first and _reaches(parts[first - 1], begin):
        earlier, later = parts[first - 1], parts[first]
        missing = (later.start - earlier.window.end).total_seconds()
        if earlier.remote or missing > tolerance_seconds:
            break
        first -= 1
    return parts[first : last + 1]


def _reaches(piece: Piece, begin: datetime) -> bool:
    """Whether pictures of a piece may be shown at `begin` or later."""
    late = timedelta(seconds=piece.unsure)
    return stated(piece.window.end + late) > begin


def is_too_long(seconds: float, max_seconds: float) -> bool:
    """Tell whether a film of so many seconds is longer than it may be."""
    return seconds > max_seconds + FILM_ROUNDING


def automatic_choice(
    findings: Sequence[Finding], request_window: Window, max_seconds: float
) -> Choice | None:
    """Return what is drafted without asking first, or None if a person must choose.

    That is: the window fits into one clip, and one camera has one run in it.
    """
    if request_window.seconds > max_seconds:
        return None
    seen = [
        (finding.camera_id, spans)
        for finding in findings
        if (
            spans := [
                span for run in finding.runs if (span := run.overlap(request_window))
            ]
        )
    ]
    if len(seen) != 1 or len(seen[0][1]) != 1:
        return None
    return Choice(camera_id=seen[0][0], window=seen[0][1][0], may_end_early=True)
