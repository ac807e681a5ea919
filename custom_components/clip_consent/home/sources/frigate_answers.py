"""What Frigate answers, read with care: whatever is odd is a broken answer.

The forms are those of 0.14 to 0.17; what no version is sure of is not needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import re
from typing import Any, Final

import orjson

from ...core.detections import Detection
from ...core.errors import SourceError
from ...core.models import Window
from ...core.text import fault
from .frigate_segments import Segment

OLDEST: Final = (0, 14)
CAMERA: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")  # Frigate allows no other names
_VERSION: Final = re.compile(rb"\s*\"?(\d{1,4})\.(\d{1,4})[\w.+-]{0,64}\"?\s*")
_MEBI: Final = 2**20
_LONGEST: Final = 3600.0  # seconds of a segment; it makes them of ten
_LARGEST: Final = 2.0**20  # MiB of a segment
_SHORTEST: Final = 1.0  # second of a segment, on the whole
_SPARE: Final = 100  # segments more than that
_LATEST: Final = 32503680000.0  # the year 3000
_LABEL: Final = 64  # characters
_MOMENT: Final = timedelta(seconds=1)  # how long a thing is shown at least


@dataclass(frozen=True, slots=True, kw_only=True)
class FrigateCamera:
    """A camera of an instance: does it record, and how long is everything kept.

    `days` is 0 where only stretches with motion or alerts are.
    """

    name: str
    records: bool
    days: float


def read_version(data: bytes | None) -> str:
    """Return a version. Raises SourceError `frigate_too_old`, `frigate_broken_answer`.

    Before 0.14 clips are named and cut otherwise.
    """
    found = _VERSION.fullmatch(data or b"")
    if found is None:
        raise SourceError("frigate_broken_answer")
    version = int(found[1]), int(found[2])
    if version < OLDEST:
        raise SourceError("frigate_too_old")
    return f"{version[0]}.{version[1]}"


def read_cameras(data: bytes | None) -> dict[str, FrigateCamera]:
    """Return the cameras of a configuration, by name."""
    cameras = _object(_json(data)).get("cameras")
    return {
        name: _camera(name, _object(config))
        for name, config in sorted(_object(cameras).items())
        if CAMERA.fullmatch(name)
    }


def _camera(name: str, config: Mapping[str, Any]) -> FrigateCamera:
    record = _object(config.get("record", {}))
    # 0.17 divided `retain` in two; its mode says what of before it was kept
    kept = _object(record.get("continuous", record.get("retain", {})))
    days = kept.get("days", 0)
    whole = kept.get("mode", "all") == "all"
    return FrigateCamera(
        name=name,
        records=record.get("enabled") is True,
        days=_number(days) if whole else 0.0,
    )


def read_segments(data: bytes | None, window: Window) -> list[Segment]:
    """Return the segments of a camera that touch the window that was asked for.

    More than one a second is no list of segments, which have about ten.
    """
    rows = _list(_json(data))
    if len(rows) > window.seconds / _SHORTEST + _SPARE:
        raise SourceError("frigate_broken_answer")
    start, end = window.start.timestamp(), window.end.timestamp()
    segments = (_segment(_object(row)) for row in rows)
    return [one for one in segments if one.end >= start and one.start <= end]


def _segment(row: Mapping[str, Any]) -> Segment:
    start, end = _number(row.get("start_time")), _number(row.get("end_time"))
    size = _number(row.get("segment_size") or 0)
    timely = 0 <= start <= end <= _LATEST and end - start <= _LONGEST
    if not timely or not 0 <= size <= _LARGEST:
        raise SourceError("frigate_broken_answer")
    return Segment(start=start, seconds=end - start, size=int(size * _MEBI))


def read_ids(data: bytes | None) -> frozenset[str]:
    """Return what an instance calls its segments: each has a part drawn by chance."""
    named = (_object(row).get("id") for row in _list(_json(data)))
    return frozenset(one for one in named if isinstance(one, str))


def read_hours(data: bytes | None) -> list[datetime]:
    """Return the hours of which something is recorded, in order, by their start."""
    return sorted(
        _hour(day.get("day"), _object(hour).get("hour"))
        for day in map(_object, _list(_json(data)))
        for hour in _list(day.get("hours"))
    )


def _hour(day: object, hour: object) -> datetime:
    try:
        read = datetime.strptime(f"{day} {hour}", "%Y-%m-%d %H").replace(tzinfo=UTC)
    except ValueError:
        raise SourceError("frigate_broken_answer") from None
    return _time(read.timestamp())


def read_events(data: bytes | None, window: Window) -> tuple[Detection, ...]:
    """Return what was recognised in a window, in order.

    What it took back is left out, and what its label cannot say in plain text.
    """
    found = [
        seen
        for row in map(_object, _list(_json(data)))
        if row.get("false_positive") is not True and (seen := _detection(row, window))
    ]
    return tuple(sorted(found, key=lambda seen: (seen.window.start, seen.label)))


def _detection(row: Mapping[str, Any], window: Window) -> Detection | None:
    label = row.get("label")
    if not isinstance(label, str) or not 0 < len(label) <= _LABEL or fault(label):
        return None
    start = _time(row.get("start_time"))
    ends = row.get("end_time")  # none while it goes on
    end = window.end if ends is None else max(_time(ends), start + _MOMENT)
    if start >= end or not (span := Window(start=start, end=end).overlap(window)):
        return None
    return Detection(label=label, window=span)


def _time(value: object) -> datetime:
    seconds = _number(value)
    if not 0 <= seconds <= _LATEST:
        raise SourceError("frigate_broken_answer")
    return datetime.fromtimestamp(seconds, UTC)


def _json(data: bytes | None) -> object:
    try:
        return orjson.loads(data or b"")
    except orjson.JSONDecodeError:
        raise SourceError("frigate_broken_answer") from None


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise SourceError("frigate_broken_answer")
    return value


def _list(value: object) -> Sequence[Any]:
    if not isinstance(value, list):
        raise SourceError("frigate_broken_answer")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SourceError("frigate_broken_answer")
    return float(value)
