"""Whether a folder and Home Assistant's own media would show the same files.

What one camera may not offer must not be offered through another one, and what is found
twice would be shown twice. The media folders of Home Assistant lie on this machine, so
a camera may have been set up by either way. No file is looked at for that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import PurePosixPath
from typing import Final

from ..core.errors import SourceError
from .sources.media_link import TREE
from .sources.media_tree import branch_of

_LOCAL: Final = "media-source://media_source"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTree:
    """Where Home Assistant's media of a camera lie on this machine.

    Below `folder` each of `levels` is the name of a folder, None for any of them.
    """

    folder: str
    levels: tuple[str | None, ...]
    camera: str  # that its names tell, if they do


def local_trees(
    source: Mapping[str, str], media_dirs: Mapping[str, str]
) -> Iterator[LocalTree]:
    """Yield where a camera's recordings may lie in Home Assistant's own media folders.

    Where its settings are broken it shows nothing.
    """
    if source["system"] != TREE:
        return
    try:
        branch = branch_of(source)
    except SourceError:
        return
    root, below, rest = branch.root.partition(_LOCAL)
    if root or not below or (rest and not rest.startswith("/")):
        return
    named, *place = rest.strip("/").split("/")
    for name, folder in media_dirs.items():
        levels = (*place, *branch.levels)
        if not named and len(media_dirs) > 1:
            # The first level is then which of the media folders it is.
            if not levels or levels[0] not in (None, name, PurePosixPath(folder).name):
                continue
            levels = levels[1:]
        elif named not in ("", name):
            continue
        yield _placed(folder, levels, source.get("camera", ""))


def _placed(folder: str, levels: Sequence[str | None], camera: str) -> LocalTree:
    fixed = [name for name in takewhile(bool, levels) if name]
    return LocalTree(
        folder=str(PurePosixPath(folder, *fixed)),
        levels=tuple(levels[len(fixed) :]),
        camera=camera,
    )


def shows_same_files(
    source: Mapping[str, str], root: str, tree: LocalTree, place: str
) -> bool:
    """Tell whether a folder camera reads files of a camera in the media folders.

    `root` and `place` are where their folders really are, links followed.
    """
    own = PurePosixPath(root).parts
    parts = (*PurePosixPath(place).parts, *tree.levels)
    if len(own) > len(parts):  # it lies below all that the other one reads
        return False
    above = list(zip(own, parts[: len(own)], strict=True))
    below = {name for name in parts[len(own) :] if name}
    if any(name not in (None, mine) for mine, name in above):
        return False
    if below and any(name is None for _, name in above):
        return False  # a camera's folder below each day is not below this one
    told = (below | {tree.camera}) - {""}
    camera = source.get("camera", "")
    return not (camera and told) or camera in told
