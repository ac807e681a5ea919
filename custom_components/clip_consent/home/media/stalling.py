"""Tells when a process hangs on a disk: it neither reads nor computes any more.

A disk that goes away behind an open file does not answer, and says nothing: whoever
reads from it waits. The system counts what each process has read and computed.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
from typing import Final, NamedTuple

IDLE_SECONDS: Final = 30.0  # without a sign of life: as long as opening may take
_LOOKS: Final = 10  # in that time
_USER_TIME: Final = 11  # fields behind the name in /proc/<pid>/stat


class _Done(NamedTuple):
    """What a process has read (bytes) and computed (hundredths of a second)."""

    read: int
    computed: int


@asynccontextmanager
async def alive(pid: int) -> AsyncIterator[None]:
    """Raise TimeoutError inside once a process gives no sign of life any more.

    Where the system does not count, never.
    """
    async with asyncio.timeout(None) as patience:
        watching = asyncio.ensure_future(_async_watch(pid, patience))
        try:
            yield
        finally:
            watching.cancel()


async def _async_watch(pid: int, patience: asyncio.Timeout) -> None:
    """Put off the end as long as a process does something."""
    loop = asyncio.get_running_loop()
    before = None
    while True:
        await asyncio.sleep(IDLE_SECONDS / _LOOKS)
        now = await asyncio.to_thread(_done, pid)
        if now is None:
            patience.reschedule(None)
            return
        if before is None or _is_work(before, now):
            patience.reschedule(loop.time() + IDLE_SECONDS)
            before = now


def _is_work(before: _Done, now: _Done) -> bool:
    """Whether it read, or computed for a hundredth of the time that it may be idle.

    Less is but waking up to look around.
    """
    return now.read > before.read or now.computed - before.computed >= IDLE_SECONDS


def _done(pid: int) -> _Done | None:
    """Return what a process has done so far, None if nobody tells."""
    folder = Path(f"/proc/{pid}")
    with suppress(OSError, ValueError, IndexError):
        read = int((folder / "io").read_text().partition("rchar:")[2].split()[0])
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        user, system = map(int, fields[_USER_TIME : _USER_TIME + 2])
        return _Done(read, (user + system) * 100 // os.sysconf("SC_CLK_TCK"))
    return None
