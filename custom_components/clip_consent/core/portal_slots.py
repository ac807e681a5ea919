"""When a home asks a hub: once in each slot of time, at a moment that chance chose.

The moment follows from a secret number and the slot alone. So it is settled before the
slot begins, nothing that happens in the home moves it, and a restart finds the same
one: a moment that has passed is not made up for.
"""

from datetime import UTC, datetime, timedelta
import hashlib
import hmac
from typing import Final

# Seconds. A hub says how often homes ask; a home takes one of these, so that a hub
# which says something else to each of them marks none.
SLOT: Final = 900  # where a hub was not heard yet
SLOTS: Final = (60, 300, 600, 900, 1800, 3600)
_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PART_BYTES: Final = 8
_DAY: Final = 86_400  # seconds


def slot_length(said: int) -> int:
    """Return the length of slots, in seconds, where a hub says this one."""
    return next((length for length in SLOTS if length >= said), SLOTS[-1])


def slot_at(now: datetime, length: int) -> int:
    """Return the number of the slot that a time is in."""
    return int((now - _BEGIN).total_seconds() // length)


def moment_in(seed: bytes, slot: int, length: int) -> datetime:
    """Return when to ask in a slot: as likely at one time of it as at another."""
    part = _part(seed, f"{length} {slot}")
    return _BEGIN + timedelta(seconds=(slot + part) * length)


def is_days_slot(seed: bytes, slot: int, length: int) -> bool:
    """Tell whether a slot is the one of its day (UTC) that chance chose.

    Slots are of a length in `SLOTS`: so many of them are a day.
    """
    slots = _DAY // length
    day, place = divmod(slot, slots)
    return place == int(_part(seed, f"day {day}") * slots)


def next_moment(
    seed: bytes, now: datetime, length: int, *, asked: int | None
) -> tuple[int, datetime]:
    """Return the slot in which to ask next, and when.

    `asked` is the slot in which it was asked last: a clock that is set back in it
    brings its moment back, and that one does not count again.
    """
    slot = slot_at(now, length)
    moment = moment_in(seed, slot, length)
    if moment > now and slot != asked:
        return slot, moment
    return slot + 1, moment_in(seed, slot + 1, length)


def _part(seed: bytes, said: str) -> float:
    """Return what chance drew for something, from 0 up to 1."""
    drawn = hmac.digest(seed, said.encode(), hashlib.sha256)[:_PART_BYTES]
    return int.from_bytes(drawn) / float(2 ** (8 * _PART_BYTES))
