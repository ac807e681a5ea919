"""A drop box's life in a process of its own, to be struck down anywhere in it.

    python -m tests.hub.drop_life FOLDER HALF

What it has told a sender, it prints, a line of JSON each, before it goes on.
"""

from tests.guarantees.durable import bare  # isort: skip  # before the product

import asyncio
import json
import os
from pathlib import Path
import sys
from typing import Final
from unittest.mock import patch

from custom_components.clip_consent.core.drop_box import DropRefusedError, Upload
from custom_components.clip_consent.hub import drop_writer, drops

from .drop_world import OTHER, REQUEST, Ids, World, body, of_bytes

__all__ = ["bare"]

PIECE: Final = 4096  # small ones, so that few bytes have many moments
LENGTH: Final = 10 * PIECE


def data_of(upload_id: str) -> bytes:
    """Return what is sent as this upload."""
    return of_bytes(LENGTH, seed=sum(upload_id.encode()))


def tell(what: str, upload: Upload, offset: int | None = None) -> None:
    """Say what was acknowledged."""
    said = {"what": what, "id": upload.upload_id, "request": upload.request_id}
    line = json.dumps({**said, "offset": upload.offset if offset is None else offset})
    os.write(1, line.encode() + b"\n")


async def _add(world: World, upload: Upload, end: int, *, cut: bool = False) -> Upload:
    data = data_of(upload.upload_id)[upload.offset : end]
    pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
    try:
        await world.add(upload, body(pieces, cut=cut))
    except DropRefusedError:
        assert cut
    upload = await world.now(upload)
    tell("has", upload)
    return upload


async def first_half(world: World) -> None:
    """Begin, add, be cut, go on; it ends as if by a crash."""
    first = await world.begin(LENGTH)
    tell("has", first)
    first = await _add(world, first, 3 * PIECE)
    second = await world.begin(LENGTH, OTHER)
    tell("has", second)
    first = await _add(world, first, 8 * PIECE + 5, cut=True)
    await _add(world, second, LENGTH)
    await world.drops.async_stop()
    with world.data(first).open("ab") as file:
        file.write(b"not counted")
    with world.lines(first).open("ab") as file:
        file.write(b'{"offset":40')
    with world.data(second).open("ab") as file:
        file.truncate(7 * PIECE)  # a disk that lost what it had
    tell("lost", second, 7 * PIECE)


async def second_half(world: World) -> None:
    """Find it all, go on, be read, be taken back, be forgotten."""
    ids = Ids()
    first = await world.drops.async_upload(REQUEST, ids.new_id())
    second = await world.drops.async_upload(OTHER, ids.new_id())
    first = await _add(world, first, LENGTH)
    await world.drops.async_fetched(first.upload_id)
    third = await world.begin(LENGTH)
    tell("has", third)
    third = await _add(world, third, PIECE)
    tell("may have gone", third)
    await world.drops.async_terminate(REQUEST, third.upload_id)
    tell("gone", third)
    tell("may have gone", second)
    await world.drops.async_forget(OTHER)
    tell("gone", second)
    await world.drops.async_stop()


async def live(folder: Path, half: str) -> None:
    """Live one half of a life."""
    world = World(folder, ids=Ids(0 if half == "first" else 2))
    await world.start()
    await (first_half if half == "first" else second_half)(world)


if __name__ == "__main__":
    with (
        patch.object(drop_writer, "PIECE", PIECE),
        patch.object(drop_writer, "CHECKPOINT", 2 * PIECE),
        patch.object(drops, "_THREADS", 1),  # so that its calls come in one order
    ):
        asyncio.run(live(Path(sys.argv[1]), sys.argv[2]))
