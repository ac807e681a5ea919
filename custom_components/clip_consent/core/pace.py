"""How often a long work says on phones how far it is: seldom, if at all."""

from dataclasses import dataclass, replace
from typing import Final

SHORT: Final = 5.0  # seconds; what takes no longer says nothing
UPDATE_SECONDS: Final = 5.0  # between two updates, at least
UPDATE_PERCENT: Final = 10  # and so much further


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A work that goes on, and what was shown of it. Times are of a stopwatch."""

    doing: str
    began: float
    shown_at: float | None = None
    percent: int | None = None  # what phones show of this part of the work


def paced(
    pace: Pace | None, doing: str, done: float, now: float
) -> tuple[Pace, int | None]:
    """Return the work as it is now, and the percent to be shown, None for nothing.

    `done` goes from 0 to 1; at 1 the result comes anyway. Another part of the work, or
    one that begins again, starts at nothing but is told no sooner.
    """
    percent = int(done * 100)
    if pace is None:
        pace = Pace(doing=doing, began=now)
    if pace.doing != doing or (pace.percent is not None and percent < pace.percent):
        pace = replace(pace, doing=doing, percent=None)
    if percent >= 100 or not _is_due(pace, percent, now):
        return pace, None
    return replace(pace, shown_at=now, percent=percent), percent


def _is_due(pace: Pace, percent: int, now: float) -> bool:
    if now - pace.began < SHORT:
        return False
    if pace.shown_at is not None and now - pace.shown_at < UPDATE_SECONDS:
        return False
    return pace.percent is None or percent >= pace.percent + UPDATE_PERCENT
