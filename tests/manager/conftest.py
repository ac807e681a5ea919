"""A home of its own for every test of the manager."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .later import Eye
from .world import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a running home."""
    world = World(folder=tmp_path)
    await world.boot()
    yield world
    await world.manager.async_stop()


@pytest.fixture
def eye(world: World) -> Eye:
    """Return what sees how often the recordings are looked at."""
    return Eye(world)
