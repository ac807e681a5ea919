"""Two cameras never show the same recordings: folders, names and disks that hang."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.home.sources.folder import FolderSource
from custom_components.clip_consent.home.sources.folder_clash import same_recordings

FRONT = {"naming": "blue_iris", "camera": "front"}
CUSTOM = {"naming": "custom", "pattern": "{camera}-%Y%m%d-%H%M"}


@pytest.mark.parametrize(
    ("roots", "code"),
    [
        (("/media/a", "/media/b"), None),
        (("/media/a", "/media/ab"), None),
        (("/media/a", "/media/a/b/c"), "folder_taken"),
        (("/media/a/b", "/media/a"), "folder_taken"),
        (("/", "/media/a"), "folder_taken"),
        (("/media/a", "/media/a"), "camera_not_told_apart"),
    ],
)
def test_folders(roots: tuple[str, str], code: str | None) -> None:
    """One that holds the other, or is the other, is one too many."""
    plain = {"naming": "automatic"}
    assert same_recordings(plain, plain, roots=roots) == code


@pytest.mark.parametrize(
    ("other", "apart"),
    [
        ({**FRONT, "camera": "back"}, True),
        (FRONT, False),
        ({**FRONT, "camera": ""}, False),
        ({"naming": "blue_iris"}, False),
        ({**FRONT, "naming": "reolink_ftp", "camera": "back"}, False),
        ({"naming": "automatic", "camera": "back"}, False),
        ({}, False),
    ],
)
def test_one_folder(other: dict[str, str], apart: bool) -> None:
    """Two cameras of one recorder are told apart by their names, and by nothing else."""
    for pair in ((FRONT, other), (other, FRONT)):
        code = same_recordings(*pair, roots=("/media", "/media"))
        assert code == (None if apart else "camera_not_told_apart")


@pytest.mark.parametrize(
    ("pattern", "apart"),
    [
        ("{camera}-%Y%m%d-%H%M", True),
        ("**/{camera}-%Y%m%d-%H%M", True),
        ("*/{camera}/%Y%m%d-%H%M*", True),
        ("{camera}*%Y%m%d-%H%M", False),
        ("*{camera}/%Y%m%d-%H%M", False),
        ("**/*%Y%m%d-%H%M", False),
        ("", False),
        ("{camera}_%Y%m%d-%H%M*", True),
        ("{camera}b%Y%m%d-%H%M*", True),
        ("{camera}%%%Y%m%d-%H%M%Z*", True),
        ("cam-{camera}_%Y%m%d-%H%M*", False),
    ],
)
def test_patterns_of_ones_own(pattern: str, apart: bool) -> None:
    """Where anything may stand beside the name, one name may hold the other."""
    one, other = ({**CUSTOM, "pattern": pattern, "camera": it} for it in ("a", "ab"))
    code = same_recordings(one, other, roots=("/media", "/media"))
    assert code == (None if apart else "camera_not_told_apart")
    changed = {**other, "pattern": "x" + pattern}
    assert same_recordings(one, changed, roots=("/m", "/m")) == "camera_not_told_apart"


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        (("front", "back"), True),
        (("front", "front_door"), True),
        (("cam", "cam_2"), True),
        (("cam", "cam_20260101"), True),
        (("cam", "cam_20260101_000000-x"), False),
        (("cam", "cam_2026_01_01_00_00__"), False),
    ],
)
@pytest.mark.parametrize("naming", ["frigate_export", "reolink_ftp"])
def test_names_that_go_on(names: tuple[str, str], apart: bool, naming: str) -> None:
    """A name goes on as another one's file would: only that cannot be told apart."""
    if naming == "reolink_ftp":
        apart = True  # its times look otherwise
    one, other = ({"naming": naming, "camera": name} for name in names)
    for pair in ((one, other), (other, one)):
        code = same_recordings(*pair, roots=("/media", "/media"))
        assert code == (None if apart else "camera_not_told_apart")


def test_a_name_that_goes_on_with_a_time() -> None:
    """`cam_20260101000000_x` recorded at any time is also one of `cam`."""
    one, other = (
        {"naming": "reolink_ftp", "camera": name}
        for name in ("cam", "cam_20260101000000")
    )
    roots = ("/media", "/media")
    assert same_recordings(one, other, roots=roots) == "camera_not_told_apart"


async def _no_length(path: str) -> float:
    raise AssertionError(path)


@pytest.fixture
async def folders(tmp_path: Path) -> Any:
    """Return a source that opens no index."""
    source = FolderSource(
        index_path=tmp_path / "i.db", probe=_no_length, time_zone="UTC"
    )
    yield source
    await source.async_close()


async def test_a_disk_that_hangs(
    folders: FolderSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its folder counts as written, instead of holding up the form."""
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert await folders.async_real(f"{tmp_path}/link") == f"{tmp_path}/real"

    async def hang(root: str, call: Callable[..., Any], *args: Any) -> Any:
        raise SourceError("folder_slow")

    monkeypatch.setattr(folders._threads, "async_disk", hang)
    assert await folders.async_real(f"{tmp_path}/x/../link") == f"{tmp_path}/link"


async def test_a_path_that_can_be_none(folders: FolderSource) -> None:
    """What no disk could hold is told by the look into the folder, not by a crash."""
    assert await folders.async_real("/media/\0/x") == "/media/\0/x"
