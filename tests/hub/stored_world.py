"""A drop box whose bytes go to a real S3-compatible store, and a sender to it."""

from datetime import UTC, datetime
from typing import Any, override

import aiohttp

from custom_components.clip_consent.base.storage_door import storage_door
from custom_components.clip_consent.core.drop_box import Upload
from custom_components.clip_consent.core.storage import Storage, Ticket
from custom_components.clip_consent.home.world import RandomIds, SystemClock
from custom_components.clip_consent.hub.object_store import ObjectStore
from tests.servers.processes import ACCESS_KEY, BUCKET, SECRET_KEY, Store, s3_client

from .drop_world import Clock, Ids, World


class OwnIds(Ids):
    """Ids that no other test has: the store is one for all."""

    @override
    def new_id(self) -> str:
        return RandomIds().new_id()


def storage_at(port: int, *, secret: str = SECRET_KEY, bucket: str = BUCKET) -> Storage:
    """Return the store at a port, as an operator sets it."""
    return Storage(
        endpoint=f"http://127.0.0.1:{port}",
        region="us-east-1",
        bucket=bucket,
        key_id=ACCESS_KEY,
        secret=secret,
        private=True,
    )


def object_store_at(port: int, **other: str) -> ObjectStore:
    """Return the way to it."""
    storage = storage_at(port, **other)
    return ObjectStore(storage, storage_door(storage), SystemClock())


def today() -> Clock:
    """Return a clock by hand that begins today: the store has one of its own."""
    clock = Clock()
    clock.wall = datetime.now(UTC).replace(microsecond=0)
    return clock


async def put(ticket: Ticket, data: bytes, **other: str) -> int:
    """Send as the ticket says; return the status."""
    headers = {**ticket.headers, **other}
    async with (
        aiohttp.ClientSession(skip_auto_headers=("Content-Type",)) as session,
        session.put(ticket.url, data=data, headers=headers) as response,
    ):
        return response.status


def held_at(store: Store, upload: Upload) -> bytes | None:
    """Return the bytes of an upload in the store, asked by another client."""
    client: Any = s3_client(store.port, SECRET_KEY)
    key = f"clip-consent/{upload.upload_id}.age"
    try:
        found: bytes = client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    except client.exceptions.NoSuchKey:
        return None
    return found


def ticket_of(world: World, upload: Upload) -> Ticket:
    """Return the ticket that an upload begins with."""
    ticket = world.drops.ticket(upload)
    assert ticket is not None
    return ticket
