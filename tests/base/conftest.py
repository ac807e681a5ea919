"""What the tests of the shared tools have in common."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from .ways_out import doors, loopback_is_public, made, silent

__all__ = ["doors", "loopback", "loopback_is_public", "made", "silent"]


@pytest.fixture
async def loopback(socket_enabled: None) -> AsyncIterator[None]:
    """Let a test open sockets, which the plugin keeps on loopback."""
    yield
    # The plugin counts threads at the end: those of the loop are done then.
    await asyncio.get_running_loop().shutdown_default_executor()
