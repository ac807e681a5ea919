"""Which of two hours a name means, on the night when the clocks go back."""

from collections.abc import Sequence
from dataclasses import replace

from .folder_index import FileRow

_SLACK_SECONDS = 900.0  # how far a file's own time may be off and still tell
_HOUR = 3600.0


def settled_readings(rows: Sequence[FileRow], *, ends: bool) -> list[FileRow]:
    """Return a folder's ambiguous files, each with the likelier time in `at`.

    A file written at its time tells by when that was. Of copies the order tells: as
    soon as names run backwards, the clock has been put back. The other reading stays
    in `other` until the length is known.
    """
    out = []
    second_pass, last = False, 0.0
    for row in sorted(rows, key=lambda row: (row.mtime_ns or 0, row.name)):
        first, second = row.at, row.other or row.at
        told = _told(row.mtime, first, second, ends=ends)
        second_pass = told if told is not None else second_pass or first < last
        last = first
        out.append(replace(row, at=second, other=first) if second_pass else row)
    return out


def _told(written: float, first: float, second: float, *, ends: bool) -> bool | None:
    """Return whether the file's own time says it is the second; None: it does not."""
    if ends:
        near = min(abs(written - first), abs(written - second))
        if near > _SLACK_SECONDS:
            return None
        return abs(written - second) < abs(written - first)
    if not first <= written < second + _HOUR:
        return None
    return written >= second


def with_length(row: FileRow, seconds: float, *, ends: bool) -> FileRow:
    """Return the row with its length, and its time settled by it."""
    row = replace(row, seconds=seconds)
    if row.other is None:
        return row
    begun = row.mtime if ends else row.mtime - seconds
    at = min(row.at, row.other, key=lambda at: abs(at - begun))
    if abs(at - begun) > _SLACK_SECONDS:
        at = row.at
    return replace(row, at=at, other=None)
