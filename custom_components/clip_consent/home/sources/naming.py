"""When a recording began or ended, read from its path, and which folders may hold it.

Times are unix seconds. Whatever can be said without the disk is said here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import takewhile
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .patterns import FIELDS, PRESETS, VIDEO_TYPES, NamingError, Pattern

AUTOMATIC = "automatic"
CUSTOM = "custom"
FILE_TIME = "file_time"
NAMINGS = (AUTOMATIC, *PRESETS, CUSTOM, FILE_TIME)
DAY = 86_400.0  # seconds; also the longest recording that is believed

_Y, _M, _D = (f"(?P<{name}>{FIELDS[name]})" for name in "Ymd")
_TIME = "".join(
    f"(?P<{name}>{FIELDS[name]}){gap}"
    for name, gap in (
        ("Y", "[-_./]?"),
        ("m", "[-_./]?"),
        ("d", "[T_ ./-]?"),
        ("H", "[-_.:h/]?"),
        ("M", "[-_.:m]?"),
        ("S", ""),
    )
)
# What may follow a time and changes it: a half of the day and a zone do. Digits behind
# a point are passed over and "-0500" is left alone: numbers that count recordings look
# like fractions and zones, and a fraction would be believed to the frame.
_SUFFIX = (
    "(?:[.,][0-9]{1,9})?"
    "(?:[ _.-]?(?P<half>[AaPp])[Mm](?![A-Za-z0-9]))?"
    "(?P<zone>Z(?![A-Za-z0-9])|[+][01][0-9][:-]?[0-5][0-9](?![0-9])"
    "|-[01][0-9]:[0-5][0-9](?![0-9]))?"
)
_AUTOMATIC = re.compile(f"(?<![0-9]){_TIME}{_SUFFIX}", re.ASCII)
_DATE_FOLDER = re.compile(f"{_Y}(?:[-_.]?{_M}(?:[-_.]?{_D}(?:AM|PM)?)?)?", re.ASCII)
_DATE_PARTS = {name: re.compile(FIELDS[name], re.ASCII) for name in "Ymd"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How one folder's recordings tell their time."""

    patterns: tuple[Pattern, ...]  # none: the general regex, or the file's own time
    zone: tzinfo
    by_file_time: bool = False
    ends: bool = False  # the time is that of the last frame

    def times(self, path: str) -> tuple[float, float | None] | None:
        """Return the time in a path below the folder, None if there is none.

        The second one is the other reading of an hour that a clock change repeats.
        """
        if not (fields := self.fields(path)):
            return None
        if "s" in fields:
            return float(fields["s"]), None
        try:
            wall = _wall(fields)
        except ValueError:  # the 31st of a short month
            return None
        if half := fields.get("half"):
            wall = _of_half(wall, half)
        if zone := fields.get("zone") or fields.get("Z"):
            return wall.replace(tzinfo=_offset(zone)).timestamp(), None
        return readings(wall, self.zone)

    def finer(self, path: str) -> tuple[float, float]:
        """Return what a path tells beyond the second, and what is unsure then.

        Both in seconds. Only the `%f` of a pattern tells more. Where the end is named,
        lengths leave more unsure than that.
        """
        if self.ends or not (digits := (self.fields(path) or {}).get("f")):
            return 0.0, 1.0
        unit = 0.1 ** len(digits)
        return int(digits) * unit, unit

    def fields(self, path: str) -> Mapping[str, str] | None:
        """Return what a path below the folder says, by field; `camera` among them."""
        stem = path.rpartition(".")[0]
        if not self.patterns:
            name = stem.rpartition("/")[2]
            # The name alone first: a date folder and a name beginning with a year
            # would read as one long number.
            found = _AUTOMATIC.search(name) or _AUTOMATIC.search(stem)
            return found.groupdict(default="") if found else None
        parts = stem.split("/")
        for pattern in self.patterns:
            if (fields := pattern.read(parts)) is not None:
                return fields
        return None

    def may_hold(self, folder: str, span: tuple[float, float] | None) -> bool:
        """Return whether recordings of that span may lie in a folder or below it.

        A recording begins in the folder of its time and reaches at most as far again
        as that folder's own span (an hour, a day). None asks about any time.
        """
        parts = folder.split("/") if folder else []
        if not self.patterns:
            return self.by_file_time or self._near(_dated(parts), span)
        for pattern in self.patterns:
            fields = _dated(parts) if pattern.deep else pattern.read_folder(parts)
            if fields is not None and self._near(fields, span):
                return True
        return False

    def _near(
        self, fields: Mapping[str, str], span: tuple[float, float] | None
    ) -> bool:
        if span is None or not (own := _span(self.zone, *map(fields.get, "YmdH"))):
            return True
        reach = min(own[1] - own[0], DAY)
        return own[0] - reach <= span[1] and own[1] + reach >= span[0]


def naming_of(source: Mapping[str, str], home_zone: str) -> Naming:
    """Return the naming that a camera's source settings ask for.

    It reads time zone files, so not in the event loop. Raises NamingError.
    """
    naming = source.get("naming") or AUTOMATIC
    preset = PRESETS.get(naming)
    if naming not in NAMINGS:
        raise NamingError("naming_unknown", "naming")
    if (name_is := source.get("name_is") or "start") not in ("start", "end"):
        raise NamingError("name_is_unknown", "name_is")
    texts: Sequence[str] = preset.patterns if preset else ()
    if naming == CUSTOM:
        texts = (source.get("pattern", ""),)
    camera = source.get("camera") or None
    return Naming(
        patterns=tuple(Pattern(text, camera) for text in texts),
        zone=_zone(zone_of(source, home_zone)),
        by_file_time=naming == FILE_TIME,
        ends=naming == FILE_TIME or name_is == "end",
    )


def zone_of(source: Mapping[str, str], home_zone: str) -> str:
    """Return the name of the time zone whose clock a camera's files are named by."""
    preset = PRESETS.get(source.get("naming") or AUTOMATIC)
    default = "UTC" if preset and preset.utc else home_zone
    return source.get("time_zone") or default


def readings(wall: datetime, zone: tzinfo) -> tuple[float, float | None]:
    """Return when a wall clock of that zone showed that time; twice in one autumn hour.

    A time that was skipped in spring comes from a clock not yet put forward.
    """
    first = wall.replace(tzinfo=zone, fold=0).timestamp()
    second = wall.replace(tzinfo=zone, fold=1).timestamp()
    return first, second if second > first else None


def is_video(name: str) -> bool:
    """Return whether a file name is that of a recording, not hidden or half-written."""
    stem, _, kind = name.rpartition(".")
    return bool(stem) and kind.lower() in VIDEO_TYPES and stem[0] not in ".~"


def is_hidden(folder: str) -> bool:
    """Return whether a folder is one that systems keep for themselves."""
    return folder.startswith((".", "@", "#", "$"))


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as err:
        raise NamingError("time_zone_unknown", "time_zone") from err


def _wall(fields: Mapping[str, str]) -> datetime:
    year, month, day = (int(fields.get(name, 1)) for name in "Ymd")
    hour, minute, second = (int(fields.get(name, 0)) for name in "HMS")
    # What a wall clock shows: its zone comes later. Python names no leap seconds.
    return datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001


def _of_half(wall: datetime, half: str) -> datetime:
    """Return the time that a clock of twelve hours means; one of 24 means itself."""
    if not 1 <= wall.hour <= 12:
        return wall
    return wall.replace(hour=wall.hour % 12 + (12 if half in "Pp" else 0))


def _offset(zone: str) -> tzinfo:
    """Return the zone of `Z`, `+0100`, `+01:00` or `-05:00`."""
    if zone == "Z":
        return UTC
    ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timezone(-ahead if zone[0] == "-" else ahead)


@lru_cache(maxsize=4096)
def _span(
    zone: tzinfo, year: str | None, month: str | None, day: str | None, hour: str | None
) -> tuple[float, float] | None:
    """Return what the folder of a year, a month, a day or an hour spans."""
    named = zip("YmdH", (year, month, day, hour), strict=True)
    # A smaller unit is no use without the larger ones.
    known = {name: text for name, text in takewhile(_is_told, named) if text}
    if not known:
        return None
    try:
        first = _wall(known)
    except ValueError:
        return None
    start, end = readings(first, zone), readings(_after(first, known), zone)
    return start[0], max(end[0], end[1] or end[0])


def _is_told(field: tuple[str, str | None]) -> bool:
    return field[1] is not None


def _after(first: datetime, fields: Mapping[str, str]) -> datetime:
    """Return the end of the hour, day, month or year that begins there."""
    if "H" in fields:
        return first + timedelta(hours=1)
    if "d" in fields:
        return first + timedelta(days=1)
    if "m" in fields:
        return (first + timedelta(days=31)).replace(day=1)
    return first.replace(year=first.year + 1)


def _dated(parts: Sequence[str]) -> dict[str, str]:
    """Return the date that folder names spell, each name a date or the next part of it.

    Only whole names count: "Porch 2024" is a camera, no year. Hours are not guessed,
    since a channel number looks the same.
    """
    fields: dict[str, str] = {}
    for part in parts:
        if match := _DATE_FOLDER.fullmatch(part):
            fields = {name: text for name, text in match.groupdict().items() if text}
            continue
        following = {1: "m", 2: "d"}.get(len(fields))
        if following and _DATE_PARTS[following].fullmatch(part):
            fields[following] = part
    return fields
