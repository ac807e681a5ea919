"""Whether two cameras would show the same recordings.

What one camera may not offer must not be offered through another one, so no camera's
folder may hold another's. Cameras that record into one folder are told apart by their
names in the files.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
import re

from .naming import CUSTOM
from .patterns import PRESETS

_CAMERA = "{camera}"
_ANYTHING = "*"
_DIGIT = re.compile("[0-9]")
_FIELD = re.compile("%(.)", re.DOTALL)
_FILLED = {"Y": "0000", "s": "0000000000", "Z": "Z", "%": "%"}


def same_recordings(
    one: Mapping[str, str], other: Mapping[str, str], *, roots: tuple[str, str]
) -> str | None:
    """Return the code of what is wrong with two cameras' settings, None if nothing.

    `roots` are where a folder of each really is, links followed.
    """
    if PurePosixPath(roots[0]) == PurePosixPath(roots[1]):
        return None if told_apart(one, other) else "camera_not_told_apart"
    return "folder_taken" if overlap(*roots) else None


def overlap(root: str, other: str) -> bool:
    """Return whether two folders are one, or one holds the other."""
    here, there = PurePosixPath(root), PurePosixPath(other)
    return here == there or here in there.parents or there in here.parents


def told_apart(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Return whether no file can be named for both cameras."""
    patterns = _patterns(one)
    mine, theirs = one.get("camera", ""), other.get("camera", "")
    if patterns != _patterns(other) or not (patterns and mine and theirs):
        return False
    shorter, longer = sorted((mine, theirs), key=len)
    return mine != theirs and all(
        _settles(pattern, patterns, shorter, longer) for pattern in patterns
    )


def _settles(pattern: str, patterns: Sequence[str], shorter: str, longer: str) -> bool:
    """Return whether a file's path settles which of two cameras it is of.

    Where anything may stand beside the name, `front` would also fit `front_door`.
    """
    return any(
        _CAMERA in part
        and (_ANYTHING not in part or _never_both(part, patterns, shorter, longer))
        for part in _parts(pattern)
    )


def _never_both(part: str, patterns: Sequence[str], shorter: str, longer: str) -> bool:
    """Return whether what follows the name keeps a file of one camera from the other's.

    A name that goes on as the time after the other's would go on is not told apart:
    digits count as alike, since any of them may stand there.
    """
    follows = [
        _after_name(name)
        for each in patterns
        for name in _parts(each)
        if name.startswith(_CAMERA)
    ]
    mine = _after_name(part)
    if not mine or not longer.startswith(shorter):
        return bool(mine)
    rest = _DIGIT.sub("0", longer.removeprefix(shorter))
    return not any(
        f"{rest}{after}".startswith(mine) or mine.startswith(f"{rest}{after}")
        for after in follows
    )


def _after_name(part: str) -> str:
    """Return what a part has between `{camera}`, at its start, and anything.

    Digits stand for fields: `_00000000` for `_%Y%m%d`. Empty if the part begins with
    something else.
    """
    if not part.startswith(_CAMERA):
        return ""
    fixed = part.removeprefix(_CAMERA).partition(_ANYTHING)[0]
    return _DIGIT.sub("0", _FIELD.sub(lambda field: _FILLED.get(field[1], "00"), fixed))


def _parts(pattern: str) -> list[str]:
    return pattern.removeprefix("**/").split("/")


def _patterns(source: Mapping[str, str]) -> tuple[str, ...]:
    naming = source.get("naming", "")
    if naming == CUSTOM:
        return (source.get("pattern", ""),)
    return PRESETS[naming].patterns if naming in PRESETS else ()
