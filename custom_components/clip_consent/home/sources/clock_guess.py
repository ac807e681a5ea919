"""How far a recorder's clock seems to be off, by when its files were last written.

A recorder writes to a file until its recording ends. So the time in the name, and the
length, say when that was by the recorder's clock; the file's own time says when it was
by the clock of whatever keeps the files. Both clocks are compared, over several files:

- at least three of the newest files, and two thirds of them, must differ by the same to
  5 seconds: files that were copied later all carry the time of the copy, and differ by
  as much as their recordings lie apart;
- those must lie apart: ends within a minute of each other tell too little, since a copy
  of them all would look the same;
- up to 10 seconds are no fault: names are whole seconds, and a file takes its time to
  be closed or uploaded.

A clock that is ahead cannot be explained by late files, one that is behind can: if each
file arrives so much later. That is for the owner to judge.
"""

from collections.abc import Sequence
from statistics import median

from ...core.recorder_clock import AHEAD_MAX

LEAST_FILES = 3
LEAST_SECONDS = 10.0  # less is not worth a word
_SHARE = 2 / 3
_AGREE_SECONDS = 5.0
_APART_SECONDS = 60.0
_ZONE_STEP = 900.0  # time zones lie whole quarters of an hour apart
_ZONE_SECONDS = 90.0  # how near to such a step


def clock_ahead(ends: Sequence[tuple[float, float]]) -> int | None:
    """Return the seconds that a clock is ahead, None if the files do not tell.

    `ends` are, for each recording, its end by name and length, and when its file was
    last written, both in unix seconds.
    """
    if len(ends) < LEAST_FILES:
        return None
    middle = median(named - written for named, written in ends)
    alike = [
        (named, named - written)
        for named, written in ends
        if abs(named - written - middle) <= _AGREE_SECONDS
    ]
    if len(alike) < max(LEAST_FILES, _SHARE * len(ends)) or abs(middle) > AHEAD_MAX:
        return None
    times = [named for named, _ in alike]
    if max(times) - min(times) < _APART_SECONDS:
        return None
    return round(median(difference for _, difference in alike))


def is_zone(seconds: float) -> bool:
    """Tell whether a difference looks like another time zone, not like a bad clock."""
    away = (seconds + _ZONE_STEP / 2) % _ZONE_STEP - _ZONE_STEP / 2
    return abs(seconds) > _ZONE_STEP / 2 and abs(away) <= _ZONE_SECONDS
