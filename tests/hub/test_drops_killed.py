"""K-01, K-02: a drop box struck at every call that writes keeps what it said it has.

strace counts such calls in a life from beginning to end, and lets each of them, in a
life of its own, be the last one, or fail. Then another drop box starts on what is left:
no byte that was acknowledged is missing, none is another, nothing that was taken back
has come again, and every upload can be brought to its end.
"""

import asyncio
import copy
from pathlib import Path
import shutil

import pytest

from custom_components.clip_consent.core.errors import NotFoundError
from tests.conftest import COUNTED

from .drop_life import data_of
from .drop_world import World, body
from .striking import Told, run_life

CALLS = (
    *("pwrite64", "fdatasync", "fsync", "renameat", "unlinkat", "ftruncate", "mkdir"),
)
AT_ONCE = 4  # lives
MOST = 200  # calls of one name in a life
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace"),
]


def live(folder: Path, half: str, told: Told, inject: str | None = None) -> bool:
    """Live half a life until struck; returns whether it was, and hears what it said."""
    life = ["tests.hub.drop_life", folder, half]
    return run_life(life, folder.with_suffix(".log"), CALLS, told, inject)


async def judge(folder: Path, told: Told) -> list[str]:
    """Return what is wrong with what is left, after going on with it to its end."""
    world = World(folder)
    await world.start()
    faults: list[str] = []
    try:
        for upload_id, (request_id, offset) in told.offsets.items():
            try:
                upload = await world.drops.async_upload(request_id, upload_id)
            except NotFoundError:
                if upload_id not in told.going:
                    faults.append(f"{upload_id} is lost")
                continue
            if upload_id in told.gone:
                faults.append(f"{upload_id} came again")
                continue
            data = data_of(upload_id)
            if upload.offset < offset:
                faults.append(f"{upload_id} has {upload.offset}, not {offset}")
            if world.data(upload).read_bytes() != data[: upload.offset]:
                faults.append(f"{upload_id} has other bytes")
            upload = await world.add(upload, body([data[upload.offset :]]))
            if not upload.is_whole or world.data(upload).read_bytes() != data:
                faults.append(f"{upload_id} cannot be ended")
        known = {each.upload.upload_id for each in world.drops._book}
        faults += [
            f"{name} belongs to nothing"
            for name in world.names()
            if name.partition(".")[0] not in known
        ]
    finally:
        await world.drops.async_stop()
    return faults


@pytest.mark.parametrize("half", ["first", "second"])
@pytest.mark.parametrize("strike", ["signal=KILL", "error=ENOSPC", "error=EIO"])
async def test_struck_at_every_writing_call(
    tmp_path: Path, strike: str, half: str, request: pytest.FixtureRequest
) -> None:
    """Each call of each name, one after the other, until a life ends unharmed."""
    faults: list[str] = []
    points = 0
    before, heard = tmp_path / "before", Told()
    if half == "second":
        await asyncio.to_thread(live, before, "first", heard)

    async def one(call: str, number: int) -> bool:
        folder, told = tmp_path / f"{call}{number}", copy.deepcopy(heard)
        if half == "second":
            shutil.copytree(before, folder)
        inject = f"{call}:{strike}:when={number}"
        struck = await asyncio.to_thread(live, folder, half, told, inject)
        left = await judge(folder, told)
        faults.extend(f"{call} {number}: {each}" for each in left)
        shutil.rmtree(folder)
        return struck

    for call in CALLS:
        for number in range(1, MOST, AT_ONCE):
            lives = [one(call, number + each) for each in range(AT_ONCE)]
            struck = await asyncio.gather(*lives)
            points += sum(struck)
            if not all(struck):
                break
        else:
            faults.append(f"{call} goes on for ever")
    request.node.user_properties.append(
        (
            COUNTED,
            f"drop box, {half} half, {strike}: {points} points, {len(faults)} faults",
        )
    )
    assert not faults, "\n".join(faults)
    assert points > 20
