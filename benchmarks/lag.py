"""How late the event loop is that media work is asked for in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
import threading
from typing import Final

from .loop_lag import Lag, p99, said
from .measure import Measure

_EVERY: Final = 0.005  # seconds
WANTED: Final = 50.0  # milliseconds


@asynccontextmanager
async def watched(lags: list[Lag]) -> AsyncIterator[None]:
    """Note by how much each short sleep is too long."""

    async def watch() -> None:
        loop = asyncio.get_running_loop()
        while True:
            began, queued = loop.time(), _queued()
            await asyncio.sleep(_EVERY)
            lags.append(Lag(loop.time() - began - _EVERY, _queued() - queued))

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        watching.cancel()


def _queued() -> float:
    """Return how long this thread has waited for a processor, in seconds."""
    told = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text()
    return int(told.split()[1]) / 1e9


def lag_row(during: str, lags: list[Lag]) -> Measure:
    """Return what the event loop was like during some work."""
    return Measure(
        what=f"event-loop lag during {during}, 99th percentile",
        against="nothing: a bound",
        wanted=WANTED,
        measured=p99(lags) * 1e3,
        unit="ms",
        figures=said(lags),
    )
