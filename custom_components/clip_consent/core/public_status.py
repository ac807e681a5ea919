"""What the public may know of a request, and nothing else."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A sealed package that its requester may fetch from the home."""

    delivery_id: str
    case_id: str
    size: int
    until: datetime
    once: bool  # a pick-up link: gone soon after its first whole reading


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStatus:
    """All that the public may know of a request."""

    look_again_until: datetime
    drops: tuple[Drop, ...]
