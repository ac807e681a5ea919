"""What a hub's parts need of each other, as Protocols: handed in, never imported."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from .drop_box import HeldDelivery, Upload
from .storage import Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class DropRoom:
    """A request, or a notice, whose deliveries are taken: until when one may begin."""

    until: datetime


class DropGate(Protocol):
    """What the drop box asks the manager. Ids have the shape of one, no more."""

    async def async_room(self, request_id: str) -> DropRoom | None:
        """Return until when deliveries are taken; None if there is no such request.

        None too for one that is not public (any more), resolved, withdrawn or over.
        """

    async def async_may_read(self, request_id: str, bearer: str) -> bool:
        """Tell whether this token, or secret of an inbox, opens a request's answers."""


class RemoteDelivery(Protocol):
    """A delivery that does not lie on this machine; `size` in bytes."""

    size: int

    def reading(
        self, start: int, size: int
    ) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        """Yield so many bytes from an offset on. Raises NotFoundError, StoreError."""


class DropDoor(Protocol):
    """What senders and those who asked want of the drop box, through its views.

    Raises NotFoundError, DropRefusedError, StoreError.
    """

    async def async_create(
        self, request_id: str, length: int, address: str | None
    ) -> Upload:
        """Begin an upload."""

    async def async_upload(self, request_id: str, upload_id: str) -> Upload:
        """Return how far an upload is."""

    def ticket(self, upload: Upload) -> Ticket | None:
        """Return leave to send what was just begun elsewhere; None if it comes here."""

    async def async_ticket(self, request_id: str, upload_id: str) -> Ticket:
        """Return leave to send elsewhere an upload that has not come."""

    async def async_append(
        self,
        request_id: str,
        upload_id: str,
        *,
        offset: int,
        length: int | None,
        read: Callable[[], Awaitable[bytes]],
        address: str | None,
    ) -> Upload:
        """Add a body at an offset."""

    async def async_terminate(self, request_id: str, upload_id: str) -> None:
        """Remove an upload."""

    async def async_inbox(
        self, request_id: str, bearer: str
    ) -> tuple[HeldDelivery, ...]:
        """Return what came for a request."""

    async def async_delivery(
        self, request_id: str, delivery_id: str, bearer: str
    ) -> Path | RemoteDelivery:
        """Return the file of a delivery, or how to read it from elsewhere."""

    async def async_fetched(self, delivery_id: str) -> None:
        """Count that the last byte of a delivery went out."""


class DropBox(Protocol):
    """What the manager asks of the drop box; `hub.drops.HubDrops` is it."""

    @property
    def used_bytes(self) -> int:
        """Return how many bytes of ciphertext are held."""

    @property
    def is_short(self) -> bool:
        """Return whether the disk was found to leave no room for deliveries."""

    async def async_start(self, gate: DropGate) -> None:
        """Find what is there, and begin to serve. Raises StoreError."""

    async def async_stop(self) -> None:
        """End every upload that is under way; what came of it is kept."""

    async def async_deliveries(self, request_id: str) -> tuple[HeldDelivery, ...]:
        """Return what came whole for a request, oldest first."""

    async def async_file(
        self, request_id: str, delivery_id: str
    ) -> Path | RemoteDelivery:
        """Return the file of what came whole, or how to read it from elsewhere.

        Raises NotFoundError, StoreError.
        """

    async def async_forget(self, request_id: str) -> None:
        """Remove all that came for a request, whole or not. Raises StoreError."""

    async def async_sweep(self, now: datetime) -> None:
        """Remove what is over: call it about every hour."""

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call this whenever `used_bytes` or a delivery changed; returns how to end."""
