"""How a source's recordings are doing, as the owner is shown it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class HealthState(StrEnum):
    """Whether a camera's recordings can be used."""

    OK = "ok"
    PART = "part"  # some folders of several cannot be reached: the others are used
    GONE = "gone"  # the mount has vanished: nothing is known, nothing is forgotten
    NO_ACCESS = "no_access"
    SLOW = "slow"  # the disk does not answer


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """What is known of one camera's recordings, without looking at each of them."""

    state: HealthState
    files: int = 0
    unreadable: int = 0  # looked at and found broken
    growing: int = 0  # still being written when last looked at
    last_seen: datetime | None = None  # time of the newest recording, UTC
