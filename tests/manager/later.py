"""What the tests of looking again share: requests of just now, and looks that count."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.models import (
    Camera,
    Case,
    Choice,
    Piece,
    Window,
)

from .world import GARDEN, NOON, World, request

MINUTE = timedelta(minutes=1)
JUST_NOW = Window(start=NOON - 10 * MINUTE, end=NOON - 5 * MINUTE)
CHOICE = Choice(camera_id=GARDEN, window=JUST_NOW)
AUTOMATIC = replace(CHOICE, may_end_early=True)


class Eye:
    """Counts the looks at each camera's recordings, and blinds some cameras."""

    def __init__(self, world: World) -> None:
        self.looks: Counter[str] = Counter()
        self.blind: dict[str, str] = {}  # camera: what is wrong
        self.now = self.most = 0  # cases whose garden is looked at at the same time
        self.open = asyncio.Event()
        self.open.set()
        self._find = world.source.async_find
        world.source.async_find = self._look  # type: ignore[method-assign]

    async def _look(self, camera: Camera, window: Window) -> tuple[Piece, ...]:
        self.looks[camera.camera_id] += 1
        self.now += camera.camera_id == GARDEN
        self.most = max(self.most, self.now)
        try:
            await self.open.wait()
            await asyncio.sleep(0)
        finally:
            self.now -= camera.camera_id == GARDEN
        if code := self.blind.get(camera.camera_id):
            raise SourceError(code)
        return await self._find(camera, window)


async def send(world: World, **changes: Any) -> Case:
    """Send a request of now about what was a few minutes ago."""
    now = world.clock.now()
    ago = NOON - now
    window = Window(start=JUST_NOW.start - ago, end=JUST_NOW.end - ago)
    sent = request(
        **{
            "received_at": now,
            "expires_at": now + timedelta(days=7),
            "window": window,
            **changes,
        }
    )
    await world.manager.async_submit(sent)
    await world.settle()
    return await world.case(sent.request_id)


async def wait(world: World, minutes: float = 2, *, each: float = 0.5) -> None:
    """Let time pass; after each half minute, if not told, the loop wakes up."""
    for _ in range(round(minutes / each)):
        world.clock.go_on(each * MINUTE)
        world.manager.look_again()
        await world.settle()


def record(world: World, camera_id: str = GARDEN) -> None:
    """Let a recorder close the file of the time that was asked for."""
    world.source.add(camera_id, NOON - 20 * MINUTE, 1200)


async def again(world: World, case: Case) -> Case:
    """Return a case as the store has it now."""
    return await world.case(case.request.request_id)


async def status(world: World, case: Case) -> object:
    """Return what its requester sees."""
    return await world.manager.direct.async_status(case.request.request_id)
