"""Ten thousand requests in a minute, against the same home at rest: lag and memory.

They come through one invite, each with words of its own, as from somebody who means
harm; fifty rules stand between them and the owner. What is over the day's limits is
answered like any other and counted.
"""

import asyncio
from datetime import UTC
from pathlib import Path
import subprocess
import tempfile
import time
from typing import Any, Final

import aiohttp

from script.demo_world import story
from script.demo_world.client import HomeAssistantClient
from script.demo_world.flows import Flow
from script.demo_world.world import World, running_world, yesterday

from . import loop_lag
from .measure import Measure

REQUESTS: Final = 10_000
SECONDS: Final = 60
RULES: Final = 50
_READY_MADE: Final = 2
_AT_ONCE: Final = 32  # connections
_MEDIA: Final = Path(__file__).resolve().parents[1] / ".demo" / "recordings"


async def _add_rules(owner: HomeAssistantClient, entry_id: str) -> None:
    """Add rules that look at all there is to look at, and match nothing."""
    for number in range(RULES - _READY_MADE):
        flow = await Flow.subentry(owner, entry_id, "rule")
        conditions = {
            "words": [f"nobody{number}wrote{each}" for each in range(5)],
            "window_max_minutes": 700,
            "footage_from": "00:00:00",
            "footage_to": "23:59:59",
        }
        await flow.fill(
            name=f"Rule {number}",
            order=number,
            verdict="ignore",
            conditions=conditions,
            limits={"audio": False},
        )
        flow.finished()


def _form(world: World) -> dict[str, Any]:
    span = world.recordings.one_camera
    keys = subprocess.run(["age-keygen"], check=True, capture_output=True, text=True)
    return {
        "version": 1,
        "start": f"{span.start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "end": f"{span.end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "name": "Anna",
        "kind": "neighbour",
        "recipient": keys.stdout.partition("public key: ")[2].split()[0],
    }


async def _ask(
    session: aiohttp.ClientSession, invite: str, form: dict[str, Any]
) -> float:
    """Send all of it, evenly over the minute; return how long it took, in seconds."""
    began = time.perf_counter()
    numbers = iter(range(REQUESTS))

    async def send() -> None:
        for number in numbers:
            due = began + number * SECONDS / REQUESTS
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            text = f"Somebody drove into my bicycle, number {number}. " * 4
            async with session.post(invite, json={**form, "text": text}) as response:
                if response.status != 202:
                    raise RuntimeError(f"{response.status}: {await response.text()}")

    await asyncio.gather(*(send() for _ in range(_AT_ONCE)))
    return time.perf_counter() - began


async def _most(pid: int) -> float:
    """Return the most memory that a process has in use until cancelled, in MiB."""
    most = 0.0
    try:
        while True:
            most = max(most, loop_lag.resident(pid))
            await asyncio.sleep(0.25)
    except asyncio.CancelledError:
        return most


async def _measure(folder: Path) -> list[Measure]:
    async with (
        running_world(folder, _MEDIA, yesterday(), prepared=loop_lag.install) as world,
        aiohttp.ClientSession() as session,
    ):
        owner = await world.owner(session)
        made = await story.set_up_integration(owner)
        await _add_rules(owner, made.entry_id)
        pid = world.home.process.pid
        idle = loop_lag.p99(await loop_lag.at_rest(session, world.home))
        before = loop_lag.resident(pid)
        watching = asyncio.create_task(_most(pid))
        await asyncio.sleep(0)
        took = await _ask(session, made.invite_link, _form(world))
        lags = await loop_lag.noted(session, world.home)
        watching.cancel()
        most = await watching
        if faults := world.home.faults():
            raise RuntimeError(f"Home Assistant says: {faults}")
    what = f"{REQUESTS:,} requests in {SECONDS} s, {RULES} rules"
    return [
        Measure(
            what=f"{what}: event-loop lag, 99th percentile",
            against="the same HA, idle",
            wanted=50,
            unit="ms",
            measured=loop_lag.p99(lags) * 1e3,
            figures=f"idle {idle * 1e3:.1f} ms; {loop_lag.said(lags)};"
            f" all were answered in {took:.0f} s, those over the day's limits are only"
            " counted",
        ),
        Measure(
            what=f"{what}: memory",
            against="the same HA, idle",
            wanted=64,
            unit="MiB more",
            measured=most - before,
            figures=f"{before:.0f} MiB to {most:.0f} MiB at the most",
        ),
    ]


def run() -> list[Measure]:
    """Measure on a home of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))
