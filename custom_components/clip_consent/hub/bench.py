"""The tools of a hub's manager, in one place."""

from dataclasses import dataclass
from datetime import datetime

from ..core.hub_settings import HubSettings
from ..core.ports import Clock, Ids
from ..core.ports_hub import DropBox
from .head_file import HeadFile
from .store import HubStore


@dataclass(frozen=True, slots=True, kw_only=True)
class HubBench:
    """Everything that reaches the world, handed in from outside."""

    store: HubStore
    head: HeadFile  # which follows the store
    clock: Clock
    ids: Ids
    settings: HubSettings
    drops: DropBox

    def now(self) -> datetime:
        """Return the time in UTC."""
        return self.clock.now()
