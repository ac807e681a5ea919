"""A disk that hangs between finding and drafting holds nothing but what lies on it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
import shutil
import threading
import time
from typing import Final
from unittest.mock import patch

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.models import CaseState, Choice, Piece, Window
from custom_components.clip_consent.home.media import Media, recordings as opening
from tests.manager import world as worlds
from tests.manager.world import ANNA, GARDEN, World, request

from .drafting import ZERO, Drafting, window
from .recordings import Recordings

AWAY: Final = "recording_unreachable"


class Mount:
    """A folder on a share: while it hangs, opening a file in it takes for ever."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened = 0
        self._answers = threading.Event()
        self._answers.set()

    def add(self, film: Path, name: str = "film.mp4") -> Path:
        """Put a film there."""
        self.folder.mkdir(exist_ok=True)
        shutil.copy(film, self.folder / name)
        return self.folder / name

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Hang for a while."""
        self._answers.clear()
        try:
            yield
        finally:
            self._answers.set()

    def wait(self, path: str) -> None:
        """Wait as a thread does that asks for a file there."""
        if Path(path).is_relative_to(self.folder):
            self.opened += 1
            self._answers.wait()


@pytest.fixture
def mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mount]:
    """Return a mount, and have little patience with it."""
    mount = Mount(tmp_path / "share")
    really = opening._open

    def slowly(path: str) -> int:
        mount.wait(path)
        return really(path)

    monkeypatch.setattr(opening, "_open", slowly)
    monkeypatch.setattr(opening, "OPEN_SECONDS", 1.5)
    yield mount
    mount._answers.set()


def open_files(folder: Path) -> list[str]:
    """Return what this process has open below a folder."""
    named: list[str] = []
    for fd in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # it was for listing these
            named.append(str(fd.readlink()))
    return [one for one in named if one.startswith(str(folder))]


async def closed(folder: Path) -> None:
    """Wait until nothing below a folder is open."""
    async with asyncio.timeout(10):
        while open_files(folder):
            await asyncio.sleep(0.01)


async def length_again(drafting: Drafting, film: Path) -> float:
    """Return a length as soon as the disk is looked at again: a moment after that."""
    async with asyncio.timeout(10):
        while True:
            with suppress(MediaError):
                return await drafting.media.async_length(str(film))
            await asyncio.sleep(0.01)


async def test_the_one_draft_job_is_free_again(
    drafting: Drafting, recordings: Recordings, mount: Mount
) -> None:
    """It is told; another camera's draft is made meanwhile; later this one too."""
    film = mount.add(recordings["silent.mp4"])
    with mount.hanging():
        begun = time.monotonic()
        first = asyncio.create_task(drafting(film, 2.0, 5.0))
        await asyncio.sleep(0)
        other = asyncio.create_task(drafting("silent.mp4", 2.0, 5.0, case_id="b" * 26))
        with pytest.raises(MediaError, match=AWAY):
            await first
        assert time.monotonic() - begun < 20
        draft = await other
        assert drafting.file(draft).exists()
        # asked again while it hangs, it is left alone: each time would hold a thread
        with pytest.raises(MediaError, match=AWAY):
            await drafting(film, 2.0, 5.0)
        assert mount.opened == 1
    await length_again(drafting, film)
    again = await drafting(film, 2.0, 5.0)
    assert again.sha256 == draft.sha256
    assert open_files(mount.folder) == []


async def test_looks_are_free_again(
    drafting: Drafting, recordings: Recordings, mount: Mount
) -> None:
    """Probes, pictures and the places to cut at, for files on that disk and others."""
    film = mount.add(recordings["silent.mp4"])
    (there,) = pieces = drafting.pieces(film)
    (here,) = drafting.pieces("silent.mp4")
    media, at = drafting.media, ZERO + timedelta(seconds=3)
    case_id = "c" * 26
    with mount.hanging():
        looks = [
            media.async_length(str(film)),
            media.async_thumbnail(there, at),
            media.async_key_times(case_id=case_id, pieces=pieces, window=window(0, 9)),
        ]
        for ended in await asyncio.gather(*looks, return_exceptions=True):
            assert isinstance(ended, MediaError)
            assert ended.code == AWAY
        missing, picture = await media.async_thumbnails([there, here], [at, at])
        assert (missing, picture) == (None, None)  # they are looked for together
        assert await media.async_thumbnail(here, at)
    await closed(mount.folder)
    assert await length_again(drafting, film) == pytest.approx(12.0, abs=0.1)
    assert all(await media.async_thumbnails([there, here], [at, at]))


async def test_a_job_that_is_not_wanted_any_more_leaves_nothing_open(
    drafting: Drafting, recordings: Recordings, mount: Mount
) -> None:
    """Another choice is drafted at once: the disk is only slow, it does not hang."""
    film = mount.add(recordings["silent.mp4"])
    with mount.hanging():
        job = asyncio.create_task(drafting(film, 2.0, 5.0))
        while not mount.opened:
            await asyncio.sleep(0.01)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        next_one = asyncio.create_task(drafting(film, 4.0, 9.0))
        await asyncio.sleep(0.05)
    assert (await next_one).seconds > 0
    await closed(mount.folder)


async def test_what_is_missing_leaves_nothing_open(
    drafting: Drafting, recordings: Recordings, mount: Mount
) -> None:
    """The first of two files was open when the second could not be."""
    film = mount.add(recordings["silent.mp4"])
    with pytest.raises(MediaError, match="recording_missing"):
        await drafting([film, film.with_name("gone.mp4")], 2.0, 9.0)
    await closed(mount.folder)


@pytest.fixture
async def world(
    tmp_path: Path, recordings: Recordings, mount: Mount
) -> AsyncIterator[World]:
    """Return a home with a camera on that mount, whose drafts are real."""
    film = mount.add(recordings["silent.mp4"])
    with patch.object(
        worlds, "CopyingDrafter", lambda folder: Media(ffmpeg="ffmpeg", folder=folder)
    ):
        world = World(tmp_path / "home")
        world.source.pieces[GARDEN] = [Piece(path=str(film), start=ZERO, seconds=12.0)]
        world.clock.wall = ZERO + timedelta(hours=1)
        await world.boot()
    yield world
    await world.manager.async_stop()


async def test_the_case_can_be_tried_again(world: World, mount: Mount) -> None:
    """It says why there is no draft; the same choice is made once the disk is back."""
    sent = request(
        window=Window(start=ZERO, end=ZERO + timedelta(seconds=12)),
        received_at=world.clock.wall,
        expires_at=world.clock.wall + timedelta(days=7),
    )
    choice = Choice(camera_id=GARDEN, window=sent.window)
    with mount.hanging():
        await world.manager.async_submit(sent)
        await settled(world)
        case = await world.case(sent.request_id)
        assert (case.draft, case.problem) == (None, AWAY)
        assert case.state is not CaseState.CLOSED
        await world.manager.async_choose(case.case_id, choice, ANNA)
        await settled(world)
        assert (await world.case(sent.request_id)).problem == AWAY
    await closed(mount.folder)
    await world.manager.async_choose(case.case_id, choice, ANNA)
    await settled(world)
    case = await world.case(sent.request_id)
    assert case.draft and case.offer
    assert case.problem is None


async def settled(world: World) -> None:
    """Let the home come to rest, ffmpeg's work included."""
    async with asyncio.timeout(60):
        while world.manager.busy:
            await asyncio.sleep(0.02)
