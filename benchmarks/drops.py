"""Two hundred homes send 20 MB each into one hub at once, and 5 % of lines are cut.

The hub is a whole one in a real Home Assistant, with a request that is published; the
same senders then send to `@tus/server`, which makes nothing safe on the disk before it
says that it has it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import hashlib
from pathlib import Path
import tempfile
import time
from typing import Final

from custom_components.clip_consent.const import CACHE_HUB, DOMAIN
from script.demo_world.hub import running_hub
from tests.hub.world import new_recipient
from tests.servers.processes import TusServer
from tests.servers.tus_senders import Senders

from . import loop_lag
from .loop_lag import Lag
from .measure import Measure

UPLOADS: Final = 200
SIZE: Final = 20 * 10**6
CUT: Final = 0.05


@dataclass
class Run:
    """What one storm of uploads took."""

    seconds: float
    most: float  # MiB
    senders: Senders

    @property
    def rate(self) -> float:
        """Return MB of uploads in a second."""
        return UPLOADS * self.senders.size / 1e6 / self.seconds


async def _storm(endpoint: str, size: int, memory: Callable[[], float]) -> Run:
    """Send all of it, and watch the memory."""
    senders = Senders(size=size, cut=CUT)
    sending = asyncio.create_task(senders.send_all(endpoint, UPLOADS))
    began, most = time.perf_counter(), 0.0
    while not sending.done():
        most = max(most, memory())
        await asyncio.wait({sending}, timeout=0.25)
    await sending
    return Run(time.perf_counter() - began, most, senders)


def _check(folder: Path, run: Run) -> None:
    """Raise unless everything is there, byte for byte and once."""
    found = sorted(
        hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.age")
    )
    if found != run.senders.digests(UPLOADS):
        raise RuntimeError("not all arrived, or not as it was sent")


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


async def _hub(
    folder: Path,
) -> tuple[float, Run, Run, tuple[float, list[Lag]]]:
    """Return the memory at rest, a storm of small uploads, a large one, its lags."""
    async with running_hub(folder / "home", {loop_lag.NAME: loop_lag.PROBE}) as hub:
        home, session = hub.home, hub.client.session
        link = await hub.add_requester("PC Meier", "police")
        token = link.partition("#")[2]
        request = await hub.submit(token, "2026-1", new_recipient())
        await hub.publish()
        pid = home.process.pid
        idle = loop_lag.p99(await loop_lag.at_rest(session, home))
        before = loop_lag.resident(pid)

        def memory() -> float:
            return loop_lag.resident(pid)

        endpoint = f"{hub.api}/drops/{request}"
        drops = home.folder / ".cache" / DOMAIN / CACHE_HUB
        small = await _storm(endpoint, SIZE // 10, memory)
        _check(drops, small)
        await loop_lag.noted(session, home)
        run = await _storm(endpoint, SIZE, memory)
        lags = await loop_lag.noted(session, home)
        home.stop()
        large = [path for path in drops.glob("*.age") if path.stat().st_size == SIZE]
        for path in set(drops.glob("*.age")) - set(large):
            path.unlink()
        _check(drops, run)
        if faults := home.faults():
            raise RuntimeError(f"Home Assistant says: {faults}")
        _empty(drops)
    return before, small, run, (idle, lags)


async def _other(folder: Path) -> Run:
    server = TusServer(folder)
    server.start()
    try:
        return await _storm(server.url, SIZE, lambda: 0.0)
    finally:
        server.kill()
        _empty(folder)


async def _measure(folder: Path) -> list[Measure]:
    before, small, run, (idle, lags) = await _hub(folder)
    (folder / "other").mkdir()
    other = await _other(folder / "other")
    tally = run.senders.tally
    what = f"{UPLOADS} uploads of {SIZE // 10**6} MB at once, {CUT:.0%} of lines cut"
    return [
        Measure(
            what=f"{what}: throughput",
            against="the same senders to `@tus/server`",
            wanted=0.5,
            at_least=True,
            measured=run.rate / other.rate,
            figures=f"{run.rate:.0f} MB/s to {other.rate:.0f} MB/s; {tally.cuts} cuts,"
            f" {tally.conflicts} answers 409 or 423; {tally.whole} whole, none twice;"
            " what is acknowledged is safely on the disk",
        ),
        Measure(
            what=f"{what}: memory",
            against="the same, with uploads of a tenth of the size",
            wanted=16,
            unit="MiB more",
            measured=run.most - small.most,
            figures=f"{before:.0f} MiB at rest, {small.most:.0f} MiB at the most with"
            f" small ones, {run.most:.0f} MiB with large ones",
        ),
        Measure(
            what=f"{what}: event-loop lag, 99th percentile",
            against="nothing: a bound",
            wanted=50,
            unit="ms",
            measured=loop_lag.p99(lags) * 1e3,
            figures=f"idle {idle * 1e3:.1f} ms; {loop_lag.said(lags)}",
        ),
    ]


def run() -> list[Measure]:
    """Measure on a hub of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))
