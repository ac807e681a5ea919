"""Whether two cameras would show the same recordings.

What one camera may not offer must not be offered through another one, so no camera's
folder may hold another's. Cameras that record into one folder are told apart by their
names in the files.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

from .naming import CUSTOM
from .patterns import PRESETS

_CAMERA = "{camera}"
_ANYTHING = "*"


def same_recordings(
    one: Mapping[str, str], other: Mapping[str, str], *, roots: tuple[str, str]
) -> str | None:
    """Return the code of what is wrong with two cameras' settings, None if nothing.

    `roots` are where their folders really are, links followed.
    """
    here, there = (PurePosixPath(root) for root in roots)
    if here == there:
        return None if _told_apart(one, other) else "camera_not_told_apart"
    nested = here in there.parents or there in here.parents
    return "folder_taken" if nested else None


def _told_apart(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Return whether no file can be named for both cameras."""
    patterns = _patterns(one)
    return (
        patterns == _patterns(other)
        and all(_names_a_camera(pattern) for pattern in patterns)
        and bool(patterns and one.get("camera") and other.get("camera"))
        and one["camera"] != other["camera"]
    )


def _names_a_camera(pattern: str) -> bool:
    """Return whether a file's path settles which camera it is of.

    Where anything may stand beside the name, `front` would also fit `front_door`.
    """
    names = pattern.removeprefix("**/").split("/")
    return any(_CAMERA in name and _ANYTHING not in name for name in names)


def _patterns(source: Mapping[str, str]) -> tuple[str, ...]:
    naming = source.get("naming", "")
    if naming == CUSTOM:
        return (source.get("pattern", ""),)
    return PRESETS[naming].patterns if naming in PRESETS else ()
