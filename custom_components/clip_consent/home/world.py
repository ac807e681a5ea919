"""The clock, the ids and the dice of the real world."""

import base64
from datetime import UTC, datetime
import secrets
import time


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that go on while the wall clock jumps."""
        return time.monotonic()


class RandomIds:
    """128 random bits, as 26 characters of a-z2-7."""

    def new_id(self) -> str:
        """Return a fresh id."""
        return base64.b32encode(secrets.token_bytes(16)).decode()[:26].lower()


class RandomChance:
    """The machine's random numbers."""

    def between(self, least: float, most: float) -> float:
        """Return a number between these, each as likely as the other."""
        return secrets.SystemRandom().uniform(least, most)
