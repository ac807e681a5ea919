"""Fixtures over the servers: import what you need into a conftest.py."""

from collections.abc import AsyncIterator, Iterator

import pytest

from .processes import Store, TusServer
from .proxy import FaultProxy


@pytest.fixture(scope="session")
def _tus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TusServer]:
    server = TusServer(tmp_path_factory.mktemp("tus"))
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture
def tus_server(_tus_server: TusServer) -> TusServer:
    """Return a running tus server; a test may kill it."""
    _tus_server.start()
    return _tus_server


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a running S3-compatible store."""
    server = Store(tmp_path_factory.mktemp("store"))
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
async def proxy(socket_enabled: None, store: Store) -> AsyncIterator[FaultProxy]:
    """Return what stands before the store."""
    async with FaultProxy(store.port) as before:
        yield before
