"""The folders of one camera: most have one, some recorders fill several.

`folder` is the first; `more_folders` holds the others, one a line. All are read in the
same way.
"""

from collections.abc import Iterator, Mapping

FOLDER = "folder"
MORE = "more_folders"


def roots_of(source: Mapping[str, str]) -> tuple[str, ...]:
    """Return the folders in order, none twice; the first even if it is empty."""
    more = (line.strip() for line in source.get(MORE, "").splitlines())
    folders = (source.get(FOLDER, ""), *(line for line in more if line))
    return tuple(dict.fromkeys(folders))


def one_by_one(source: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield the settings of each folder, as those of a camera that has no other."""
    rest = {key: value for key, value in source.items() if key != MORE}
    for root in roots_of(source):
        yield {**rest, FOLDER: root}
