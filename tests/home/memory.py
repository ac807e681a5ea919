"""How much memory this process had in use at most, and those that it started."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path

MAX_MEMORY = 300 * 2**20


class Peak:
    """The most memory in use from its making on, as the system counts it."""

    def __init__(self) -> None:
        """Begin anew to count."""
        Path("/proc/self/clear_refs").write_text("5")
        self._before = _said("VmRSS")

    def grown(self) -> int:
        """Return how many bytes more than at the start were ever in use."""
        return _said("VmHWM") - self._before


def _said(name: str) -> int:
    said = Path("/proc/self/status").read_text()
    return int(said.partition(f"{name}:")[2].split()[0]) * 1024


@asynccontextmanager
async def watched(most: dict[str, int]) -> AsyncIterator[None]:
    """Note the most memory that any ffmpeg has in use, as the system counts it.

    What runs already is none: other tests leave servers to those that come after them.
    """
    others = {*_children()}

    async def watch() -> None:
        while True:
            for pid in {*_children()} - others:
                with suppress(FileNotFoundError, ProcessLookupError, IndexError):
                    said = Path(f"/proc/{pid}/status").read_text()
                    peak = said.partition("VmHWM:")[2].split()[0]
                    most["child"] = max(most.get("child", 0), int(peak) * 1024)
            await asyncio.sleep(0.01)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


def _children() -> list[int]:
    """Return the processes that this one started."""
    own = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(pid) for pid in own.read_text().split()]
