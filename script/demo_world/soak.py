"""Kill a real Home Assistant many times while clips are asked for and sent."""

import argparse
import asyncio
from pathlib import Path
import secrets
import shutil
import sys
import tempfile
import time

import aiohttp

from .asked import KillsError, Tally
from .kills import PACE, Household
from .tus import running_server
from .world import running_world, yesterday

_REPOSITORY = Path(__file__).resolve().parents[2]


async def async_soak(folder: Path, media: Path, kills: int, seed: int) -> Tally:
    """Kill a new home so many times. Raise KillsError if anything did not hold."""
    with running_server(PACE) as tus:
        async with (
            running_world(folder, media, yesterday()) as world,
            aiohttp.ClientSession() as session,
        ):
            household = Household(world, session, tus, seed)
            await household.async_move_in()
            await household.async_kill(kills)
            await household.async_finish()
            return household.tally


def main() -> int:
    """Read the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="script/soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=300, metavar="N")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    arguments = parser.parse_args()
    print(f"Seed {arguments.seed}: the same moments again with --seed", flush=True)
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="clip-consent-soak-"))
    media = _REPOSITORY / ".demo" / "recordings"
    try:
        tally = asyncio.run(async_soak(folder, media, arguments.kills, arguments.seed))
    except KillsError as err:
        print(f"It did not hold: {err}\nWhat is left: {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder)
    print(f"All of it held, in {time.monotonic() - began:.0f} s: {tally}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
