"""A drop box's life before an object store, in a process to be struck down anywhere.

    python -m tests.hub.stored_life FOLDER NAME STORAGE BEGUN

NAME begins the ids of its uploads: one store serves many lives. STORAGE is how it is
opened, as JSON; BEGUN is when the life begins. Who sends is played by the same process,
so that it dies with it. What was told to a sender is printed, a line of JSON each.
"""

from tests.guarantees.durable import bare  # isort: skip  # before the product

import asyncio
from datetime import datetime, timedelta
import itertools
import json
from pathlib import Path
import sys
from typing import Final, override
from unittest.mock import patch

import aiohttp

from custom_components.clip_consent.base.storage_door import storage_door
from custom_components.clip_consent.core.drop_box import STILL, Upload
from custom_components.clip_consent.core.storage import Storage, Ticket
from custom_components.clip_consent.home.world import SystemClock
from custom_components.clip_consent.hub import drops
from custom_components.clip_consent.hub.object_store import ObjectStore

from .drop_life import LENGTH, data_of, tell
from .drop_world import OTHER, REQUEST, Ids, World

__all__ = ["bare"]

HOUR: Final = timedelta(hours=1)


class NamedIds(Ids):
    """Ids that begin with a life's name."""

    def __init__(self, name: str, first: int = 0) -> None:
        self._name = name
        self._count = itertools.count(first)

    @override
    def new_id(self) -> str:
        return f"{self._name}{'abcdefghijklmnopqrstuvwxyz'[next(self._count)]:q>6}"


def world_of(
    folder: Path, name: str, storage: Storage, begun: datetime, first: int = 0
) -> World:
    """Return a drop box before the store, at a time."""
    world = World(folder, ids=NamedIds(name, first))
    world.clock.wall = begun
    world.gate.rooms = {each: begun + timedelta(days=7) for each in (REQUEST, OTHER)}
    world.store = ObjectStore(storage, storage_door(storage), SystemClock())
    return world


async def put(ticket: Ticket, data: bytes) -> int:
    """Send as the ticket says; return the status."""
    async with (
        aiohttp.ClientSession(skip_auto_headers=("Content-Type",)) as session,
        session.put(ticket.url, data=data, headers=dict(ticket.headers)) as response,
    ):
        return response.status


async def _send(upload: Upload, ticket: Ticket | None) -> None:
    assert ticket is not None
    assert await put(ticket, data_of(upload.upload_id)) == 200
    tell("has", upload, LENGTH)  # the store said so


async def live(world: World) -> None:
    """Be sent to, look, be taken back, expire: each thing that is noted or asked."""
    await world.start()
    first = await world.begin(LENGTH)
    tell("has", first)
    await _send(first, world.drops.ticket(first))
    assert (await world.now(first)).is_whole
    second = await world.begin(LENGTH, OTHER)
    tell("has", second)
    await _send(second, await world.drops.async_ticket(OTHER, second.upload_id))
    await world.drops.async_sweep(world.clock.now())  # nobody said that it came
    await world.drops.async_fetched(first.upload_id)
    third = await world.begin(LENGTH)
    await _send(third, world.drops.ticket(third))
    tell("may have gone", third)
    await world.drops.async_terminate(REQUEST, third.upload_id)
    tell("gone", third)
    await world.drops.async_sweep(world.clock.now())
    never = await world.begin(LENGTH)  # its sender is never heard of again
    tell("has", never)
    tell("may have gone", never)
    world.clock.go_on(STILL)
    await world.drops.async_sweep(world.clock.now())
    tell("gone", never)
    tell("may have gone", second)
    await world.drops.async_forget(OTHER)
    tell("gone", second)
    await world.drops.async_stop()


if __name__ == "__main__":
    with patch.object(drops, "_THREADS", 1):  # so that its calls come in one order
        asyncio.run(
            live(
                world_of(
                    Path(sys.argv[1]),
                    sys.argv[2],
                    Storage(**json.loads(sys.argv[3])),
                    datetime.fromisoformat(sys.argv[4]),
                )
            )
        )
