"""What addresses did to the drop box: in memory alone, for a day, for the limits."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ..core.drop_box import (
    Begun,
    DropLimits,
    DropRefusal,
    DropRefusedError,
    address_has_room,
    of_a_day,
)
from ..core.ports import Clock

_MOST: Final = 20_000  # addresses; of more the oldest are forgotten


class Addresses:
    """The limits of an address. None stands for one that others may hide behind."""

    def __init__(self, clock: Clock, limits: DropLimits) -> None:
        """Begin with nobody."""
        self._clock = clock
        self._limits = limits
        self._begun: dict[str, tuple[Begun, ...]] = {}
        self._writers: Counter[str | None] = Counter()

    def begin(self, key: str | None, length: int) -> None:
        """Note an upload. Raises DropRefusedError `full` over a limit."""
        if key is None:
            return
        now = self._clock.monotonic()
        begun = of_a_day(self._begun.pop(key, ()), now)
        self._begun[key] = begun
        if not address_has_room(begun, length, self._limits):
            raise DropRefusedError(DropRefusal.FULL)
        self._begun[key] = (*begun, Begun(at=now, length=length))
        if len(self._begun) > _MOST:
            del self._begun[next(iter(self._begun))]

    @contextmanager
    def writing(self, key: str | None) -> Iterator[None]:
        """Count a writer meanwhile. Raises DropRefusedError `busy` over a limit."""
        alone = key is not None and self._writers[key] >= self._limits.address_writers
        if alone or self._writers.total() >= self._limits.writers:
            raise DropRefusedError(DropRefusal.BUSY)
        self._writers[key] += 1
        try:
            yield
        finally:
            self._writers[key] -= 1
            self._writers += Counter()  # those at work stay

    def sweep(self) -> None:
        """Forget what is older than a day."""
        now = self._clock.monotonic()
        kept = {key: of_a_day(begun, now) for key, begun in self._begun.items()}
        self._begun = {key: begun for key, begun in kept.items() if begun}
