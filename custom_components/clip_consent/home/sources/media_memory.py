"""What was looked up a moment ago, so that nobody is asked the same twice."""

from collections.abc import Callable, Hashable
from typing import Final

_MOST: Final = 4000


class Memory[K: Hashable, V]:
    """Keeps answers for some seconds each, and not too many of them."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Keep the clock, in seconds since any moment."""
        self._clock = clock
        self._kept: dict[K, tuple[float, V]] = {}

    def keep(self, key: K, value: V, seconds: float) -> V:
        """Keep an answer for so long, and return it."""
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = self._clock() + seconds, value
        return value

    def get(self, key: K) -> V | None:
        """Return a kept answer, None if there is none or its time is over."""
        until, value = self._kept.get(key, (0.0, None))
        return value if self._clock() < until else None

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
