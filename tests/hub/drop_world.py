"""A drop box in a folder, with a clock of the test's and a gate of a few requests."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
import itertools
from pathlib import Path

from custom_components.clip_consent.core.drop_box import DropLimits, Upload
from custom_components.clip_consent.core.ports_hub import DropRoom
from custom_components.clip_consent.hub.drop_writer import Pace, Read
from custom_components.clip_consent.hub.drops import HubDrops
from custom_components.clip_consent.hub.object_store import ObjectStore

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
REQUEST = "r" * 26
OTHER = "s" * 26
BEARER = "the one who asked"
SMALL = DropLimits(
    upload_bytes=1_000_000,
    request_bytes=2_000_000,
    hub_bytes=3_000_000,
    address_bytes=2_500_000,
    request_uploads=5,
    hub_uploads=8,
    unfinished=8,
    address_uploads=3,
    writers=3,
    address_writers=1,
    disk_free=2**20,
)


class Clock:
    """A clock that goes on only when told to."""

    def __init__(self) -> None:
        self.wall = NOON
        self.stopwatch = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.stopwatch

    def go_on(self, by: timedelta) -> None:
        self.wall += by
        self.stopwatch += by.total_seconds()


class Ids:
    """Ids one after the other."""

    def __init__(self, first: int = 0) -> None:
        self._numbers = itertools.count(first)

    def new_id(self) -> str:
        digits = "abcdefghijklmnopqrstuvwxyz234567"
        number = next(self._numbers)
        return "q" * 24 + digits[number // 32] + digits[number % 32]


class Gate:
    """Requests that take deliveries, each with the token that opens its answers."""

    def __init__(self) -> None:
        self.rooms = {
            REQUEST: NOON + timedelta(days=7),
            OTHER: NOON + timedelta(days=7),
        }
        self.bearers = {REQUEST: BEARER, OTHER: "another one"}
        self.asked: list[str] = []
        self.before_answer: list[asyncio.Event] = []

    async def async_room(self, request_id: str) -> DropRoom | None:
        self.asked.append(request_id)
        if self.before_answer:
            await self.before_answer.pop(0).wait()
        until = self.rooms.get(request_id)
        return DropRoom(until=until) if until else None

    async def async_may_read(self, request_id: str, bearer: str) -> bool:
        return self.bearers.get(request_id) == bearer


@dataclass
class World:
    """The box, and what is around it."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    ids: Ids = field(default_factory=Ids)
    gate: Gate = field(default_factory=Gate)
    limits: DropLimits = SMALL
    pace: Pace = Pace(piece=0.1, silent=5.0)
    store: ObjectStore | None = None
    drops: HubDrops = field(init=False)

    async def start(self) -> None:
        self.drops = HubDrops(
            self.folder,
            clock=self.clock,
            ids=self.ids,
            limits=self.limits,
            pace=self.pace,
            store=self.store,
        )
        await self.drops.async_start(self.gate)

    async def restart(self) -> None:
        await self.drops.async_stop()
        await self.start()

    async def begin(self, length: int, request_id: str = REQUEST) -> Upload:
        return await self.drops.async_create(request_id, length, None)

    async def add(
        self,
        upload: Upload,
        read: Read,
        *,
        offset: int | None = None,
        length: int | None = None,
        address: str | None = None,
    ) -> Upload:
        return await self.drops.async_append(
            upload.request_id,
            upload.upload_id,
            offset=upload.offset if offset is None else offset,
            length=length,
            read=read,
            address=address,
        )

    async def now(self, upload: Upload) -> Upload:
        return await self.drops.async_upload(upload.request_id, upload.upload_id)

    async def send(self, data: bytes, request_id: str = REQUEST) -> Upload:
        """Bring one delivery whole."""
        upload = await self.begin(len(data), request_id)
        return await self.add(upload, body([data]), length=len(data))

    def data(self, upload: Upload) -> Path:
        return self.folder / f"{upload.upload_id}.age"

    def lines(self, upload: Upload) -> Path:
        return self.folder / f"{upload.upload_id}.log"

    def names(self) -> set[str]:
        return {each.name for each in self.folder.iterdir()}

    async def ids_of(self, request_id: str = REQUEST) -> list[str]:
        found = await self.drops.async_deliveries(request_id)
        return [each.delivery_id for each in found]


def body(pieces: Sequence[bytes], *, cut: bool = False, hang: bool = False) -> Read:
    """Return how a body is read: whole, cut off at its end, or never ending."""
    rest = list(pieces)

    async def read() -> bytes:
        if rest:
            return rest.pop(0)
        if hang:
            await asyncio.Event().wait()
        if cut:
            raise ConnectionResetError
        return b""

    return read


def of_bytes(size: int, seed: int = 1) -> bytes:
    """Return bytes, each of which tells its place."""
    block = b"".join(
        (number * 2654435761 + seed & 0xFFFFFFFF).to_bytes(4)
        for number in range(size // 4 + 1)
    )
    return block[:size]
