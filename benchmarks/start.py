"""A start of Home Assistant with a ledger of 100,000 lines, against one without us."""

import asyncio
from datetime import UTC, datetime
import json
from pathlib import Path
import shutil
import sqlite3
import statistics
import tempfile
import time
from typing import Final

import aiohttp

from custom_components.clip_consent.core.ledger import Line
from custom_components.clip_consent.home.ledger_rows import write_lines
from script.demo_world import story
from script.demo_world.client import HomeAssistantClient
from script.demo_world.home_assistant import DOMAIN, HomeAssistant
from script.demo_world.world import running_world, yesterday

from .measure import Measure

LINES: Final = 100_000
REPEAT: Final = 10  # the first two are not counted
_MEDIA: Final = Path(__file__).resolve().parents[1] / ".demo" / "recordings"


def fill(database: Path) -> None:
    """Append lines to a ledger until it has as many as wanted."""
    lines = [
        Line(
            kind="received",
            case_id=f"{number:026d}",
            data={
                "request": f"{number:064d}",
                "portal": "direct",
                "trust": "invited",
                "kind": "neighbour",
                "start": "2026-11-23T18:00:00Z",
                "end": "2026-11-23T18:05:00Z",
            },
        )
        for number in range(LINES)
    ]
    connection = sqlite3.connect(database)
    write_lines(connection, lines, datetime.now(UTC))
    connection.commit()
    connection.close()


def without_us(folder: Path, other: Path) -> None:
    """Copy a home, and take this integration out of the copy."""
    shutil.copytree(folder, other, symlinks=True)
    (other / "custom_components" / DOMAIN).unlink()
    shutil.rmtree(other / DOMAIN)
    shutil.rmtree(other / ".cache" / DOMAIN, ignore_errors=True)
    entries = other / ".storage" / "core.config_entries"
    stored = json.loads(entries.read_text(encoding="utf-8"))
    stored["data"]["entries"] = [
        entry for entry in stored["data"]["entries"] if entry["domain"] != DOMAIN
    ]
    entries.write_text(json.dumps(stored), encoding="utf-8")


async def _started(session: aiohttp.ClientSession, home: HomeAssistant) -> float:
    """Return the seconds until a home is up, and stop it again."""
    began = time.perf_counter()
    home.start()
    try:
        await home.answering(session, every=0.01)
        client = HomeAssistantClient(session, await home.log_in(session))
        await home.running(client, every=0.01)
        return time.perf_counter() - began
    finally:
        home.stop()


async def _measure(folder: Path) -> Measure:
    async with (
        running_world(folder, _MEDIA, yesterday()) as world,
        aiohttp.ClientSession() as session,
    ):
        await story.set_up_integration(await world.owner(session))
        ours = world.home
        ours.stop()
        fill(ours.folder / DOMAIN / "home.db")
        other = folder / "other"
        without_us(ours.folder, other)
        homes = (ours, HomeAssistant(other, ours.port))
        took: dict[HomeAssistant, list[float]] = {home: [] for home in homes}
        for _ in range(REPEAT):
            for home in homes:
                took[home].append(await _started(session, home))
        if faults := ours.faults():
            raise RuntimeError(f"Home Assistant says: {faults}")
    with_us, bare = (statistics.median(took[home][2:]) for home in homes)
    return Measure(
        what=f"HA start with a ledger of {LINES:,} lines",
        against="the same HA without us",
        wanted=1.03,
        measured=with_us / bare,
        figures=f"{with_us * 1e3:.0f} ms to {bare * 1e3:.0f} ms",
    )


def run() -> list[Measure]:
    """Measure on two homes that are alike but for us."""
    with tempfile.TemporaryDirectory() as folder:
        return [asyncio.run(_measure(Path(folder)))]
