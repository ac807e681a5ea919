"""Being counted by a hub, where the owner chose that: once a day, and not a word more.

What is sent is the coarse cell and a random id of this month. Whether and when follows
from the owner's choice, from chance and from what the hub says of itself.
"""

from datetime import UTC, datetime
import json

from ...core.errors import StoreError
from ...core.portal_slots import is_days_slot
from ...core.ports import Clock, Ids, PortalBook
from ...core.serial import canonical
from .hub_client import HubClient


class Presence:
    """One home that is counted by one hub."""

    def __init__(
        self, hub: str, client: HubClient, *, book: PortalBook, clock: Clock, ids: Ids
    ) -> None:
        """Keep the tools; `hub` is its name."""
        self._client = client
        self._book = book
        self._clock = clock
        self._ids = ids
        self._key = f"portal_presence_{hub}"

    async def async_tell(self, cell: str, *, seed: bytes, slot: int, size: int) -> None:
        """Say that a home is in a cell, if this slot of `size` seconds is the day's.

        Raises PortalError if the hub cannot be reached; what it answers is not heard.
        """
        if not is_days_slot(seed, slot, size):
            return
        try:
            mark = await self._async_mark(self._clock.now())
        except StoreError:
            return  # an id that could not be kept would count this home twice
        body = canonical({"version": 1, "cell": cell, "id": mark})
        await self._client.async_post("/coverage", body)

    async def _async_mark(self, now: datetime) -> str:
        """Return this month's id. The one before is forgotten: nothing links the two.

        Raises StoreError.
        """
        month = f"{now.astimezone(UTC):%Y-%m}"
        kept = await self._book.async_setting(self._key, "")
        if kept:
            known: dict[str, str] = json.loads(kept)
            if known["month"] == month:
                return known["id"]
        made = self._ids.new_id()
        said = json.dumps({"month": month, "id": made})
        await self._book.async_set(self._key, said, (), now)
        return made
