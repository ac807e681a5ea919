"""Mounts that go away and come back, disks that err or hang."""

import asyncio
from collections.abc import Callable
import os
from pathlib import Path
import threading

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.home.sources import folder_threads, folder_walk
from custom_components.clip_consent.home.sources.folder import FolderSource

from .recorder import NOON, Recorder, make, window


class TestVanishing:
    """Mounts that go away and come back."""

    @pytest.mark.parametrize("mount_point_stays", [True, False])
    async def test_a_vanished_mount_is_no_absence_of_recordings(
        self, recorder: Recorder, source: FolderSource, mount_point_stays: bool
    ) -> None:
        """It is told, nothing is forgotten, and all is there when it comes back."""
        recorder.record(NOON, 60, "%Y-%m-%d/%H-%M-%S.ts")
        camera = recorder.camera(naming="motioneye")
        asked = window(NOON, minutes=5)
        found = await source.async_find(camera, asked)
        assert len(found) == 1
        away = recorder.root.with_name("away")
        recorder.root.rename(away)
        if mount_point_stays:
            # another tick of the file system's clock: folders made within one look alike
            await asyncio.sleep(0.05)
            recorder.root.mkdir()
        for attempt in (source.async_find(camera, asked), source.async_scan(camera)):
            with pytest.raises(SourceError) as caught:
                await attempt
            assert caught.value.code == "folder_gone"
            assert caught.value.placeholders == {"camera": "Driveway"}
        health = await source.async_health(camera)
        assert (health.state, health.files) == (HealthState.GONE, 1)
        assert health.last_seen == NOON
        if mount_point_stays:
            recorder.root.rmdir()
        away.rename(recorder.root)
        assert await source.async_find(camera, asked) == found
        assert (await source.async_health(camera)).state is HealthState.OK
        assert recorder.probed.total() == 1

    async def test_a_mount_that_vanishes_in_between_loses_nothing(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """After the folders were looked at, before the files are."""
        recorder.record(NOON, 60, "%Y-%m-%d/%H-%M-%S.ts")
        camera = recorder.camera(naming="motioneye")
        asked = window(NOON, minutes=5)
        found = await source.async_find(camera, asked)
        away = recorder.root.with_name("away")
        real = source._upkeep.async_near

        async def unplugged(*args: object) -> object:
            recorder.root.rename(away)
            recorder.root.mkdir()
            return await real(*args)  # type: ignore[arg-type]

        monkeypatch.setattr(source._upkeep, "async_near", unplugged)
        with pytest.raises(SourceError, match="folder_gone"):
            await source.async_find(camera, asked)
        monkeypatch.undo()
        recorder.root.rmdir()
        away.rename(recorder.root)
        assert await source.async_find(camera, asked) == found

    async def test_a_disk_that_errs_is_away(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A stale handle is no empty folder."""
        recorder.record(NOON, 60, "%Y-%m-%d/%H-%M-%S.ts")
        camera = recorder.camera(naming="motioneye")
        asked = window(NOON, minutes=5)
        found = await source.async_find(camera, asked)
        for name in ("scandir", "lstat"):

            def stale(path: str) -> None:
                raise OSError(116, "Stale file handle")

            recorder.now += 100_000
            with monkeypatch.context() as patch:
                patch.setattr(folder_walk.os, name, stale)
                with pytest.raises(SourceError, match="folder_gone"):
                    await source.async_find(camera, asked)
        assert await source.async_find(camera, asked) == found

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    async def test_a_closed_folder_by_mode(
        self, recorder: Recorder, source: FolderSource
    ) -> None:
        """The owner is told that it is the rights."""
        recorder.root.chmod(0)
        with pytest.raises(SourceError, match="folder_unreadable"):
            await source.async_find(recorder.camera(), window(NOON, hours=1))
        recorder.root.chmod(0o755)

    async def test_a_closed_folder(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The root is told about; one folder below hides only what is new in it."""
        recorder.record(NOON, 60, "%Y-%m-%d/%H-%M-%S.ts")
        camera = recorder.camera(naming="motioneye")
        asked = window(NOON, minutes=5)
        found = await source.async_find(camera, asked)
        real = os.scandir

        def closed(end: str) -> Callable[[str], object]:
            def scandir(path: str) -> object:
                if path.endswith(end):
                    raise PermissionError
                return real(path)

            return scandir

        recorder.now += 100_000
        with monkeypatch.context() as patch:
            patch.setattr(folder_walk.os, "scandir", closed("2026-11-20"))
            assert await source.async_find(camera, asked) == found
        recorder.now += 100_000
        with monkeypatch.context() as patch:
            patch.setattr(folder_walk.os, "scandir", closed("recordings"))
            with pytest.raises(SourceError, match="folder_unreadable"):
                await source.async_find(camera, asked)
            health = await source.async_health(camera)
        assert health.state is HealthState.NO_ACCESS

    async def test_a_disk_that_hangs_holds_nothing_else_up(
        self,
        recorder: Recorder,
        source: FolderSource,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """It is asked nothing more until it answers; other folders work."""
        recorder.record(NOON, 60)
        other = Recorder(tmp_path / "other")
        other.record(NOON, 60)
        asked = window(NOON, minutes=5)
        assert await source.async_find(recorder.camera(), asked)
        monkeypatch.setattr(source._threads, "_patience", 0.2)
        answer = threading.Event()
        calls = 0
        real = os.scandir

        def hanging(path: str) -> object:
            nonlocal calls
            if path == str(recorder.root):
                calls += 1
                answer.wait(20)
            return real(path)

        monkeypatch.setattr(folder_walk.os, "scandir", hanging)
        recorder.now += 100_000
        for _ in range(3):
            with pytest.raises(SourceError, match="folder_slow"):
                await source.async_find(recorder.camera(), asked)
        assert (await source.async_health(recorder.camera())).state is HealthState.SLOW
        assert calls == 1
        found = await source.async_find(recorder.camera(folder=str(other.root)), asked)
        assert len(found) == 1
        answer.set()
        await asyncio.sleep(0.1)
        assert len(await source.async_find(recorder.camera(), asked)) == 1

    async def test_closing_does_not_wait_for_a_disk_that_hangs(
        self, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Home Assistant stops in time."""
        source = make(recorder, tmp_path)
        monkeypatch.setattr(source._threads, "_patience", 0.05)
        answer = threading.Event()

        def hanging(path: str) -> object:
            answer.wait(20)
            raise OSError

        monkeypatch.setattr(folder_walk.os, "scandir", hanging)
        with pytest.raises(SourceError, match="folder_slow"):
            await source.async_find(recorder.camera(), window(NOON, hours=1))
        async with asyncio.timeout(5):
            await source.async_close()
        answer.set()
        for thread in threading.enumerate():
            if thread.name.startswith("clip_consent"):
                thread.join(5)

    async def test_closing_does_not_wait_for_a_disk_that_seems_only_slow_yet(
        self, recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The loop is not held up either: it must stop all the rest."""
        source = make(recorder, tmp_path)
        answer = threading.Event()

        def hanging(path: str) -> object:
            answer.wait(20)
            raise OSError

        monkeypatch.setattr(folder_walk.os, "scandir", hanging)
        look = asyncio.create_task(
            source.async_find(recorder.camera(), window(NOON, hours=1))
        )
        await asyncio.sleep(0.1)
        look.cancel()
        async with asyncio.timeout(5):
            await source.async_close()
        answer.set()
        for thread in threading.enumerate():
            if thread.name.startswith("clip_consent"):
                thread.join(5)

    async def test_a_share_that_hangs_costs_only_its_own_cameras(
        self,
        recorder: Recorder,
        source: FolderSource,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """A network share has a folder for each of twelve cameras, and none answers."""
        recorder.record(NOON, 60)
        asked = window(NOON, minutes=5)
        monkeypatch.setattr(folder_threads, "_TURN_SECONDS", 0.05)
        monkeypatch.setattr(source._threads, "_patience", 20)
        share = [Recorder(tmp_path / f"camera {number}") for number in range(12)]
        answer = threading.Event()
        real = os.scandir

        def hanging(path: str) -> object:
            if "camera" in str(path):
                answer.wait(20)
            return real(path)

        monkeypatch.setattr(folder_walk.os, "scandir", hanging)
        lost = [
            asyncio.create_task(
                source.async_find(recorder.camera(folder=str(one.root)), asked)
            )
            for one in share
        ]
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            assert len(await source.async_find(recorder.camera(), asked)) == 1
        assert not any(task.done() for task in lost)
        answer.set()
        assert await asyncio.gather(*lost) == [()] * 12

    async def test_a_turn_that_comes_too_late(
        self, recorder: Recorder, source: FolderSource, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A disk that came to hang while others had their turns is not asked again."""
        threads = source._threads
        monkeypatch.setattr(threads, "_patience", 0.1)
        answer = threading.Event()
        looks = 0

        def look() -> None:
            nonlocal looks
            looks += 1
            answer.wait(20)

        first = [asyncio.create_task(threads.async_disk("/a", look)) for _ in range(9)]
        done = await asyncio.gather(*first, return_exceptions=True)
        assert [str(each) for each in done] == ["folder_slow"] * 9
        assert folder_threads._AT_ONCE <= looks < 9
        answer.set()
