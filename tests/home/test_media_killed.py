"""An ffmpeg never outlives the Home Assistant that runs it, however that ends."""

import asyncio
from collections.abc import AsyncIterator
import ctypes
import os
from pathlib import Path
import signal
import subprocess
import sys
from typing import Final

import pytest

from custom_components.clip_consent.home.media.ffmpeg import Ffmpeg

_ENDLESS: Final = ("-f", "lavfi", "-i", "testsrc2=size=64x64", "-f", "null", "-")
_RUNNING: Final = f"""
import asyncio
from custom_components.clip_consent.home.media.ffmpeg import Ffmpeg

asyncio.run(Ffmpeg("ffmpeg").async_run({_ENDLESS!r}, seconds=600))
"""


def _run_by(pid: int) -> dict[int, str]:
    """Return the processes below one, by number, with their commands."""
    found: dict[int, str] = {}
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    for child in map(int, children.split()):
        found[child] = Path(f"/proc/{child}/comm").read_text().strip()
        found |= _run_by(child)
    return found


def _is_there(pid: int) -> bool:
    """Whether a process runs: one that only waits for being counted does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError, ProcessLookupError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def _until_none(pids: dict[int, str]) -> list[str]:
    """Return those that still run after a while."""
    for _ in range(200):
        left = [name for pid, name in pids.items() if _is_there(pid)]
        if not left:
            break
        await asyncio.sleep(0.05)
    return left


@pytest.fixture
async def home() -> AsyncIterator[subprocess.Popen[bytes]]:
    """Return a program that runs an ffmpeg without end."""
    running = subprocess.Popen([sys.executable, "-c", _RUNNING])
    try:
        yield running
    finally:
        running.kill()
        await asyncio.to_thread(running.wait)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
async def test_it_ends_with_what_started_it(
    home: subprocess.Popen[bytes], how: signal.Signals
) -> None:
    """Killed, nothing of Home Assistant's own can end it any more."""
    for _ in range(600):
        below = _run_by(home.pid)
        if "ffmpeg" in below.values():
            break
        await asyncio.sleep(0.05)
    assert "ffmpeg" in below.values()
    os.kill(home.pid, how)
    await asyncio.to_thread(home.wait)
    try:
        assert await _until_none(below) == []
    finally:
        for pid, name in below.items():
            if _is_there(pid) and name == "ffmpeg":
                os.kill(pid, signal.SIGKILL)


async def test_nothing_is_left_of_one_that_ended() -> None:
    """Not even where Home Assistant has to count the dead itself, as process 1 does."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # the children of its children become its
    try:
        before = _run_by(os.getpid())
        open_before = len(list(Path("/proc/self/fd").iterdir()))
        for _ in range(3):
            run = await Ffmpeg("ffmpeg").async_run(["-version"], seconds=60)
            assert run.ok
            assert b"ffmpeg version" in run.output
            assert _run_by(os.getpid()) == before
        assert len(list(Path("/proc/self/fd").iterdir())) == open_before
    finally:
        ctypes.CDLL(None).prctl(36, 0, 0, 0, 0)


async def test_its_own_end_is_told_as_it_was() -> None:
    """Refused, killed: what watches over it changes nothing of that."""
    run = await Ffmpeg("ffmpeg").async_run(["-i", "nothing-here.mp4"], seconds=60)
    assert (run.ok, run.killed) == (False, False)
    assert "No such file" in run.log


async def test_without_a_shell_it_runs_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is only not watched over then."""
    (tmp_path / "ffmpeg").symlink_to("/usr/bin/ffmpeg")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (await Ffmpeg("ffmpeg").async_run(["-version"], seconds=60)).ok
