"""How much was shared, and when: counted from the ledger, kept up by events."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from ..core.models import CaseEvent, CaseEventType
from ..core.ports import Clock
from ..core.windows import month_start


class SharedTally:
    """The times at which clips were shared."""

    def __init__(self, clock: Clock, time_zone: ZoneInfo) -> None:
        """Begin empty."""
        self._clock = clock
        self._time_zone = time_zone
        self._times: list[datetime] = []

    def begin(self, times: Iterable[datetime]) -> None:
        """Count what was shared before, oldest first."""
        self._times = list(times)

    def follow(self, event: CaseEvent) -> None:
        """Count a share."""
        if event.type is CaseEventType.SHARED:
            self._times.append(event.at)

    @property
    def last(self) -> datetime | None:
        """When something was last shared."""
        return self._times[-1] if self._times else None

    @property
    def this_month(self) -> int:
        """How many clips were shared in this month of the home's calendar."""
        start = month_start(self._clock.now(), self._time_zone)
        return sum(time >= start for time in self._times)
