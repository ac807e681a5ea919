"""Where requests of this home are kept, as those see it who work on them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from ..core.ledger import Line
from ..core.own_requests import OwnRequest


class OwnRequests(Protocol):
    """Where requests of this home are kept."""

    def all(self) -> tuple[OwnRequest, ...]:
        """Return what was asked, newest first: no notices."""

    def get(self, request_id: str) -> OwnRequest:
        """Return one, or a notice. Raises NotFoundError."""

    async def async_change(
        self,
        request_id: str,
        change: Callable[[OwnRequest], OwnRequest],
        lines: Sequence[Line] = (),
    ) -> OwnRequest:
        """Keep what a request became. Raises NotFoundError, StoreError."""

    async def async_tell(self) -> None:
        """Tell of what came. Raises StoreError."""

    def now(self) -> datetime:
        """Return the time in UTC."""
