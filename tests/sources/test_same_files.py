"""Whether a folder and Home Assistant's own media hold the same recordings."""

import json

import pytest

from custom_components.clip_consent.home.same_files import local_trees, shows_same_files

ONE = {"local": "/media"}
TWO = {"local": "/media", "disk": "/mnt/nas/cameras"}
LOCAL = "media-source://media_source"


def tree(root: str, *levels: str | None, camera: str = "") -> dict[str, str]:
    """Return the settings of a camera in a media source."""
    picked = json.dumps(list(levels))
    return {"system": "tree", "root": root, "levels": picked, "camera": camera}


@pytest.mark.parametrize(
    ("source", "dirs", "places"),
    [
        (tree(f"{LOCAL}/local", "Porch"), ONE, [("/media/Porch", ())]),
        (tree(f"{LOCAL}/local/cams", None), ONE, [("/media/cams", (None,))]),
        (tree(f"{LOCAL}/local", "a", None, "b"), ONE, [("/media/a", (None, "b"))]),
        (tree(LOCAL, "Porch"), ONE, [("/media/Porch", ())]),
        (tree(LOCAL, "disk", "Porch"), TWO, [("/mnt/nas/cameras/Porch", ())]),
        (tree(LOCAL, "cameras"), TWO, [("/mnt/nas/cameras", ())]),
        (tree(LOCAL, None), TWO, [("/media", ()), ("/mnt/nas/cameras", ())]),
        (tree(LOCAL), TWO, []),
        (tree(f"{LOCAL}/gone", "Porch"), TWO, []),
        (tree("media-source://toy", "Porch"), ONE, []),
        (tree("media-source://media_source_2/local"), ONE, []),
        ({"system": "reolink", "entity": "x"}, ONE, []),
    ],
)
def test_where_media_lie(
    source: dict[str, str],
    dirs: dict[str, str],
    places: list[tuple[str, tuple[str | None, ...]]],
) -> None:
    """Only what Home Assistant reads from this machine's disk lies in a folder."""
    found = [(one.folder, one.levels) for one in local_trees(source, dirs)]
    assert found == places


def test_broken_settings_show_nothing() -> None:
    """What is wrong with them is told elsewhere."""
    assert not list(local_trees(tree(LOCAL) | {"levels": "{"}, ONE))


@pytest.mark.parametrize(
    ("root", "camera", "levels", "named", "same"),
    [
        # The same folder, one above it, one that it holds.
        ("/media/Porch", "", ("Porch",), "", True),
        ("/media", "", ("Porch",), "", True),
        ("/", "", ("Porch",), "", True),
        ("/media/Porch/2026", "", ("Porch", None), "", True),
        # Another one; one below all that is read; one with such a name.
        ("/media/Drive", "", ("Porch",), "", False),
        ("/media/Porch/2026/x", "", ("Porch", None), "", False),
        ("/media/Porch2", "", ("Porch", None), "", False),
        # A folder for each day, and in each one for the camera.
        ("/media/Drive", "", (None, "Porch"), "", False),
        ("/media/2026/Porch", "", (None, "Porch"), "", True),
        ("/media", "", (None, "Porch"), "", True),
        # Names tell cameras apart that share a folder.
        ("/media", "Drive", (None, "Porch"), "", False),
        ("/media", "Porch", (None, "Porch"), "", True),
        ("/media", "Drive", (None,), "", True),
        ("/media", "Drive", (None,), "Porch", False),
        ("/media", "", (None,), "Porch", True),
        ("/media", "Porch", (None,), "Porch", True),
    ],
)
def test_what_both_would_show(
    root: str, camera: str, levels: tuple[str | None, ...], named: str, same: bool
) -> None:
    """By where the folders are and what names tell; no file is looked at."""
    (media,) = local_trees(tree(f"{LOCAL}/local", *levels, camera=named), ONE)
    folder = {"folder": root, "camera": camera}
    assert shows_same_files(folder, root, media, media.folder) is same
