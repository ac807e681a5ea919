"""How recorders name files: a small language of patterns, and presets written in it.

A pattern is a path below the folder: `%Y %m %d %H %M %S` (two digits, four for the
year), `%f` (microseconds in six digits), `%s` (unix seconds), `%Z` (the letter Z: the
time is in UTC), `{camera}`, `*` (anything but a slash), and, in front of a file name,
`**/` (any folders). The file's type is left off. Owners write patterns, not regular
expressions: each becomes one that reads a name in linear time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import re
from typing import override

from ...core.errors import SourceError

VIDEO_TYPES = frozenset({"avi", "m4v", "mkv", "mov", "mp4", "ts", "webm"})
MAX_LENGTH = 200
MAX_DEPTH = 8

FIELDS = {
    "Y": "20[0-9]{2}",
    "m": "0[1-9]|1[0-2]",
    "d": "0[1-9]|[12][0-9]|3[01]",
    "H": "[01][0-9]|2[0-3]",
    "M": "[0-5][0-9]",
    "S": "[0-5][0-9]|60",
    "f": "[0-9]{6}",
    "s": "1[0-9]{9}",  # 2001 to 2033
    "Z": "Z",
}
_TOKEN = re.compile(r"%.?|\{camera\}|[*{}]|[^%*{}]+", re.DOTALL)
_CAMERA = "camera"


class NamingError(SourceError):
    """What a folder's naming cannot be; `field` names the source key at fault."""

    def __init__(self, code: str, field: str, **placeholders: str) -> None:
        """Keep the code, the source key at fault and what the message needs."""
        super().__init__(code, **placeholders)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How one recorder names its files: the first pattern that fits is taken."""

    patterns: tuple[str, ...]
    utc: bool = False  # names in UTC whatever the home's time zone


# Where each was learnt stands in docs/sources.md, with real examples in
# tests/folders/recorders.py.
PRESETS = {
    "frigate": Preset(
        patterns=(
            "%Y-%m-%d/%H/{camera}/%M.%S",
            "recordings/%Y-%m-%d/%H/{camera}/%M.%S",
        ),
        utc=True,
    ),
    "frigate_export": Preset(
        patterns=(
            "{camera}_%Y%m%d_%H%M%S-*",
            "{camera}_%Y_%m_%d_%H_%M__*",
        )
    ),
    "motioneye": Preset(patterns=("%Y-%m-%d/%H-%M-%S",)),
    "blue_iris": Preset(
        patterns=(
            "{camera}.%Y%m%d_%H%M%S%Z",
            "{camera}.%Y%m%d_%H%M%S",
            "%Y%m%d/{camera}.%Y%m%d_%H%M%S%Z",
            "%Y%m%d/{camera}.%Y%m%d_%H%M%S",
        )
    ),
    "reolink_ftp": Preset(
        patterns=(
            # The longer name first: its second time is the end.
            "{camera}_%Y%m%d%H%M%S_*",
            "{camera}_%Y%m%d%H%M%S",
            "%Y/%m/{camera}_%Y%m%d%H%M%S",
            "%Y/%m/%d/{camera}_%Y%m%d%H%M%S",
            "%Y-%m-%d/{camera}_%Y%m%d%H%M%S",
        )
    ),
    "synology": Preset(patterns=("**/*%Y%m%d-%H%M%S-%s",)),
    "shinobi": Preset(patterns=("%Y-%m-%dT%H-%M-%S",)),
    "agent_dvr": Preset(patterns=("**/*_%Y-%m-%d_%H-%M-%S*",)),
    "dahua": Preset(patterns=("%Y-%m-%d/*/dav/%H/%H.%M.%S*",)),
    "segments": Preset(
        patterns=(
            "**/%Y-%m-%d_%H-%M-%S",
            "**/%Y-%m-%d_%H-%M-%S-%f",
            "**/%Y-%m-%d_%H-%M-%S-*",
            "**/%Y-%m-%d-%H-%M-%S",
            "**/%Y%m%d_%H%M%S",
            "**/%Y%m%d-%H%M%S",
        )
    ),
    "unix": Preset(patterns=("**/*%s*",)),
}


@dataclass(frozen=True, slots=True)
class _Part:
    regex: re.Pattern[str]
    groups: tuple[tuple[str, str], ...]  # group name, field

    def read(self, text: str, into: dict[str, str]) -> bool:
        """Add what the text says; False if it does not fit or says otherwise."""
        if not (match := self.regex.fullmatch(text)):
            return False
        for group, field in self.groups:
            value = match[group]
            if field == _CAMERA and into.get(field, value) != value:
                return False
            into[field] = value  # the last one counts: it is nearest to the file
        return True


class Pattern:
    """A pattern, ready to read paths."""

    def __init__(self, text: str, camera: str | None = None) -> None:
        """Prepare the pattern; `camera` is what `{camera}` stands for, None for any.

        Raises NamingError.
        """
        text = _checked(text.strip())
        self._deep = text.startswith("**/")
        names = text.removeprefix("**/").split("/")
        self._parts = tuple(_part(name, camera) for name in names)
        fields = {field for part in self._parts for _, field in part.groups}
        if "s" not in fields and (missing := set("YmdHM") - fields):
            asked = " ".join(f"%{field}" for field in "YmdHM" if field in missing)
            raise NamingError("pattern_without_time", "pattern", missing=asked)

    @property
    def deep(self) -> bool:
        """Whether the file may lie in any folder."""
        return self._deep

    @property
    def depth(self) -> int:
        """How many parts a path has that it reads, apart from any folders."""
        return len(self._parts)

    def read(self, parts: Sequence[str]) -> dict[str, str] | None:
        """Return the fields in a path (its parts, the last without type), or None."""
        if self._deep:
            parts = parts[-1:]
        if len(parts) != len(self._parts):
            return None
        return self._read(parts)

    def read_folder(self, parts: Sequence[str]) -> dict[str, str] | None:
        """Return the fields in a folder's path; None if no recording can be below.

        Not for a deep pattern, which says nothing of folders.
        """
        if len(parts) >= len(self._parts):
            return None
        return self._read(parts)

    def _read(self, parts: Sequence[str]) -> dict[str, str] | None:
        fields: dict[str, str] = {}
        for part, text in zip(self._parts, parts, strict=False):
            if not part.read(text, fields):
                return None
        return fields

    @override
    def __repr__(self) -> str:
        """Show the regular expressions, for a failing test."""
        return f"Pattern({[part.regex.pattern for part in self._parts]})"


def _checked(text: str) -> str:
    """Return the pattern without the file type, or say what is wrong with it."""
    if not text:
        raise NamingError("pattern_empty", "pattern")
    if text.startswith("/") or ".." in text.split("/") or "\\" in text:
        raise NamingError("pattern_not_relative", "pattern")
    stem, dot, kind = text.rpartition(".")
    if dot and kind.lower() in VIDEO_TYPES:
        text = stem
    names = text.removeprefix("**/").split("/")
    if len(text) > MAX_LENGTH or len(names) > MAX_DEPTH:
        raise NamingError("pattern_too_long", "pattern")
    if any(not name for name in names):
        raise NamingError("pattern_not_relative", "pattern")
    if "**" in text and (len(names) > 1 or "**" in names[0]):
        raise NamingError("pattern_any_folder", "pattern")
    return text


def _part(text: str, camera: str | None) -> _Part:
    """Turn one part of a path into a regular expression.

    Between wildcards stand fragments of fixed length, so the leftmost place where one
    fits is as good as any: it is taken for good (an atomic group), never gone back on.
    """
    groups: list[tuple[str, str]] = []
    wildcards: list[str] = []
    fragments = [""]
    for token in _TOKEN.findall(text):
        seen = any(field == _CAMERA for _, field in groups)
        if token == "{camera}" and camera is None and not seen:
            groups.append((_CAMERA, _CAMERA))
            wildcards.append("(?P<camera>.+{})")
            fragments.append("")
        elif token == "*":
            wildcards.append(".*{}")
            fragments.append("")
        else:
            fragments[-1] += _fixed(token, camera, groups)
    regex = fragments[0]
    for number, (wildcard, fragment) in enumerate(
        zip(wildcards, fragments[1:], strict=True), start=1
    ):
        if number == len(wildcards):
            regex += wildcard.format("") + fragment
        else:
            regex += f"(?>{wildcard.format('?')}{fragment})"
    return _Part(re.compile(regex, re.ASCII | re.DOTALL), tuple(groups))


def _fixed(token: str, camera: str | None, groups: list[tuple[str, str]]) -> str:
    if token == "{camera}":
        return "(?P=camera)" if camera is None else re.escape(camera)
    if token == "%%":
        return "%"
    if token in ("{", "}"):
        raise NamingError("pattern_unknown_field", "pattern", token=token)
    if not token.startswith("%"):
        return re.escape(token)
    if (field := token[1:]) not in FIELDS:
        raise NamingError("pattern_unknown_field", "pattern", token=token)
    group = f"{field}{len(groups)}"
    groups.append((group, field))
    return f"(?P<{group}>{FIELDS[field]})"
