"""A real Home Assistant and its phones, for the tests in this folder.

They are programs of their own, started once; what a test says to them, it says over
lines of its own.
"""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
import pytest_socket

from script.demo_world import story
from script.demo_world.client import HomeAssistantClient
from script.demo_world.phones_client import Phones
from script.demo_world.world import World, running_world, yesterday

UNDO_PUSH = 10  # seconds, the least that can be set
_HERE = Path(__file__).parent
# One home for all of them, and a home pushes once in ten minutes: that push is for the
# tests of the main job, which therefore come before whatever else asks for something.
_FIRST = _HERE / "test_main_job.py"
_IN_ONE_LOOP = {"session", "own_threads"}  # fixtures that live in it


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder, with the main job first."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if _IN_ONE_LOOP & {*getattr(item, "fixturenames", ())}:
                # one loop for those with a browser and those without
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
    items.sort(key=lambda item: item.path != _FIRST)


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """Let these tests open sockets; the plugin keeps them on loopback."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> AsyncGenerator[World]:
    """Return the running world."""
    # The plugin closes sockets before each test; this may run before they are opened.
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp("world")
    media = pytestconfig.rootpath / ".demo" / "recordings"
    async with running_world(folder, media, yesterday()) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(world: World) -> story.Household:
    """Return a home in which Clip Consent is set up."""
    pytest_socket.enable_socket()
    async with aiohttp.ClientSession() as opened:
        return await story.move_in(world, opened, UNDO_PUSH)


@pytest_asyncio.fixture(loop_scope="session")
async def session(own_threads: None) -> AsyncGenerator[aiohttp.ClientSession]:
    """Return a session for the test's requests."""
    timeout = aiohttp.ClientTimeout(total=timedelta(minutes=2).total_seconds())
    async with aiohttp.ClientSession(timeout=timeout) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def owner(world: World, session: aiohttp.ClientSession) -> HomeAssistantClient:
    """Return the owner's client, newly logged in."""
    return await world.owner(session)


@pytest.fixture
def phones(world: World, session: aiohttp.ClientSession) -> Phones:
    """Return the simulated phones."""
    return world.phones(session)
