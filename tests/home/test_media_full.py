"""A disk that fills while a draft is made: it is said, and nothing half made is left."""

import errno
import json
import os
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media import filming, footage, job
from custom_components.clip_consent.home.media.ffmpeg import Ffmpeg
from custom_components.clip_consent.home.media.sound import Sound

from .drafting import CASE, Drafting, window

_SIZES: Final = (4, 60, 150, 300, 600, 1200, 12_000)  # KiB

# Run where it may mount disks of its own. What it prints is judged by the test.
_SCRIPT: Final = """
import asyncio, json, subprocess, sys
from pathlib import Path
from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Piece
from custom_components.clip_consent.home.media import Media
from custom_components.clip_consent.home.media.folder import DraftFolder
from tests.home.drafting import CASE, ZERO, choice

DraftFolder.require_room = lambda self, size: None  # it is others who fill the disk
disk, path = Path(sys.argv[1]), sys.argv[2]
HALF = Region(left=0, top=0, right=5000, bottom=5000)

async def draft(way):
    try:
        await Media(ffmpeg="ffmpeg", folder=disk, reserve=0).async_draft(
            case_id=CASE,
            choice=choice(3.3, 6.5, audio=True, exact=way == "exact"),
            pieces=[Piece(path=path, start=ZERO, seconds=12.0)],
            max_seconds=600,
            progress=lambda _: None,
            masks=[HALF] if way == "masked" else [],
        )
    except MediaError as err:
        return f"{err.code} {list(map(str, disk.rglob('*')))}"
    return "made"

said = {}
for way in ("copied", "exact", "masked"):
    said[way] = []
    for size in map(int, sys.argv[3:]):
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", str(disk)]
        subprocess.run(mount, check=True)
        said[way].append(asyncio.run(draft(way)))
        subprocess.run(["umount", "-l", str(disk)], check=True)
        if said[way][-1] == "made":
            break
print(json.dumps(said))
"""


def _can_mount(folder: Path) -> bool:
    """Whether this test may have a disk of its own: not every container lets it."""
    if not shutil.which("unshare"):
        return False
    command = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_disk_of_any_size_that_is_too_small(
    drafting: Drafting, tmp_path: Path
) -> None:
    """Whatever is being written when it is full: said as that, and all of it gone."""
    if not _can_mount(tmp_path):
        pytest.skip("no disk of its own for a test here")
    disk = tmp_path / "disk"
    disk.mkdir()
    recording = drafting.recordings["camera.mp4"]
    ran = subprocess.run(
        [
            *("unshare", "-rm", sys.executable, "-c", _SCRIPT),
            *(str(disk), str(recording), *map(str, _SIZES)),
        ],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    for way, said in json.loads(ran.stdout).items():
        assert said.pop() == "made", way
        assert len(said) > 2
        assert set(said) == {"disk_full []"}, way


@pytest.mark.parametrize(
    ("module", "name", "number"),
    [
        (footage, "read_listing", errno.ENOSPC),
        (Sound, "join", errno.ENOSPC),
        (filming, "first_anchor", errno.EDQUOT),
        (filming, "read_start", errno.ENOSPC),
        (filming, "write_film", errno.ENOSPC),
        (filming, "write_film", errno.EDQUOT),
        (filming, "verify_film", errno.EDQUOT),
        (job, "check_picture", errno.ENOSPC),
        (Path, "replace", errno.EDQUOT),
    ],
)
async def test_each_step_that_writes_or_reads_says_so(
    drafting: Drafting,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    number: int,
) -> None:
    """A full disk, or a quota that is used up, is called that wherever it is met."""

    def full(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module, name, full)
    with pytest.raises(MediaError, match="disk_full"):
        await drafting("camera.mp4", 3.3, 5.5, audio=True, exact=True)
    assert not list(drafting.folder.rglob("*"))


async def test_what_else_a_disk_refuses_is_not_called_full(
    drafting: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails is told as the folder for drafts, not as the recording."""

    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(filming, "write_film", broken)
    with pytest.raises(MediaError, match="draft_folder_failed"):
        await drafting("silent.mp4", 3.3, 5.5)


async def test_lists_of_key_frames_say_so_too(
    drafting: Drafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a copy can begin is listed on the same disk."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(footage, "read_listing", full)
    with pytest.raises(MediaError, match="disk_full"):
        await drafting.media.async_key_times(
            case_id=CASE, pieces=drafting.pieces("silent.mp4"), window=window(1.0, 11.0)
        )


@pytest.mark.parametrize("told", ["No space left on device", "Disk quota exceeded"])
@pytest.mark.parametrize("code", [0, 1])
async def test_an_ffmpeg_that_could_not_write_all_has_failed(
    tmp_path: Path, told: str, code: int
) -> None:
    """It may end as if all were well, though the end of a file is missing."""
    binary = tmp_path / "ffmpeg"
    said = f"Error writing trailer of film.mp4: {told}"
    flood = "yes 'no frame!' | head -c 600000 >&2"  # before it, more than is kept
    binary.write_text(f"#!/bin/sh\n{flood}\necho '{said}' >&2\nexit {code}\n")
    binary.chmod(0o755)
    run = await Ffmpeg(str(binary)).async_run([], seconds=60)
    assert (run.ok, run.is_full) == (False, True)
    assert run.refusal().code == "disk_full"
