"""A hub that has answers kept in a real object store, and lives on while homes die.

Its drop box is the real one; only its views are this page's, as a home without Home
Assistant is spoken to by a hub without it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
import threading
from typing import Any, override

from aiohttp import web

from custom_components.clip_consent.core import drop_box
from custom_components.clip_consent.core.drop_box import DropLimits
from custom_components.clip_consent.core.errors import NotFoundError, StoreError
from custom_components.clip_consent.core.ports_hub import DropRoom
from custom_components.clip_consent.core.storage import Ticket, ticket_json
from custom_components.clip_consent.hub.drops import HubDrops
from script.demo_world.tus import Upload
from tests.hub.stored_world import OwnIds, held_at, object_store_at, today
from tests.servers.processes import Store

TUS = {"Tus-Resumable": "1.0.0"}


class OpenGate:
    """Every home has a request of its own, named as the home is."""

    async def async_room(self, request_id: str) -> DropRoom | None:
        return DropRoom(until=today().now() + timedelta(days=7))

    async def async_may_read(self, request_id: str, bearer: str) -> bool:
        return True


@dataclass(slots=True)
class Sent(Upload):
    """An upload as the store has it, whatever hub and home believe."""

    upload: drop_box.Upload = field(kw_only=True)
    store: Store = field(kw_only=True)

    @property
    @override
    def finished(self) -> bool:
        if not self.data:
            self.data[:] = held_at(self.store, self.upload) or b""
        return len(self.data) == self.size


class StoredHub:
    """The hub, with a shelf for each life so that lives can run side by side."""

    def __init__(self, folder: Path, store: Store) -> None:
        self._store = store
        self._shelves: defaultdict[str, list[Upload]] = defaultdict(list)
        self._drops = HubDrops(
            folder,
            clock=today(),
            ids=OwnIds(),
            limits=DropLimits(disk_free=0),
            store=object_store_at(store.port),
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._port = 0

    @property
    def storage(self) -> str:
        """Return where homes were told that it is kept."""
        return f"http://127.0.0.1:{self._store.port}"

    def url(self, life: str) -> str:
        """Return where a life's uploads are created."""
        return f"http://127.0.0.1:{self._port}/{life}"

    def uploads(self, life: str) -> list[Upload]:
        """Return a life's uploads in the order of their creation."""
        return self._shelves[life]

    def finished(self, life: str) -> list[Upload]:
        """Return those that are in the store whole."""
        return [upload for upload in self.uploads(life) if upload.finished]

    @contextmanager
    def running(self) -> Iterator[StoredHub]:
        """Serve on loopback from a thread."""
        self._thread.start()
        try:
            runner = asyncio.run_coroutine_threadsafe(self._serve(), self._loop)
            yield self
            end = self._end(runner.result())
            asyncio.run_coroutine_threadsafe(end, self._loop).result()
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _serve(self) -> web.AppRunner:
        await self._drops.async_start(OpenGate())
        app = web.Application()
        app.router.add_post("/{life}", self._begin)
        app.router.add_get("/{life}/{upload}", self._ask, allow_head=False)
        app.router.add_head("/{life}/{upload}", self._look)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self._port = runner.addresses[0][1]
        return runner

    async def _end(self, runner: web.AppRunner) -> None:
        await runner.cleanup()
        await self._drops.async_stop()

    async def _begin(self, request: web.Request) -> web.Response:
        life, length = request.match_info["life"], request.headers["Upload-Length"]
        upload = await self._drops.async_create(life, int(length), None)
        sent = Sent(upload.length, upload=upload, store=self._store)
        self._shelves[life].append(sent)
        headers = {"Location": f"/{life}/{upload.upload_id}"}
        return _ticket(self._drops.ticket(upload), 201, headers)

    async def _ask(self, request: web.Request) -> web.Response:
        try:
            return _ticket(await self._drops.async_ticket(*_named(request)), 200, {})
        except NotFoundError:
            return web.Response(status=404, headers=TUS)

    async def _look(self, request: web.Request) -> web.Response:
        try:
            upload = await self._drops.async_upload(*_named(request))
        except NotFoundError:
            return web.Response(status=404, headers=TUS)
        except StoreError:
            return web.Response(status=503, headers=TUS)
        numbers = {
            "Upload-Offset": str(upload.offset),
            "Upload-Length": str(upload.length),
        }
        return web.Response(headers={**TUS, **numbers})


def _named(request: web.Request) -> tuple[str, str]:
    return request.match_info["life"], request.match_info["upload"]


def _ticket(
    ticket: Ticket | None, status: int, headers: dict[str, str]
) -> web.Response:
    assert ticket is not None
    said: Any = ticket_json(ticket)
    return web.json_response(said, status=status, headers={**TUS, **headers})
