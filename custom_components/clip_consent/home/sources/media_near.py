"""Which recordings of a media source may be of a span, by nothing but their titles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .media_browse import Item

MOST_SECONDS: Final = 3600.0  # a recording that is not here is never taken to be longer
_NEAREST: Final = 4  # recordings from outside a span that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A recording: its path of titles, and both readings of its time."""

    item: Item
    path: str
    at: float  # unix seconds
    again: float | None  # the other reading of an hour that a clock change repeats
    unsure: float  # seconds by which it may be later


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """A recording that may be of a span, by its title and those beside it."""

    leaf: Leaf
    gap: float  # seconds that it may last at most
    borders: bool  # of those that may be of the span, the first or the last
    counts: bool  # what is wrong with it may be the span's trouble


def near_of(
    leaves: Sequence[Leaf], span: tuple[float, float], *, ends: bool
) -> Iterable[Near]:
    """Yield the recordings that may be of a span, and how long each lasts at most.

    First those that count, then a few more from outside: beside a long recording there
    may be short ones of what moved. None that is not on this machine lasts into the
    next one. Of an hour that came twice, either reading counts.
    """
    gaps = [other.at - one.at for one, other in pairwise(leaves)]
    reach = [MOST_SECONDS, *gaps] if ends else [*gaps, MOST_SECONDS]
    most = [min(gap or MOST_SECONDS, MOST_SECONDS) for gap in reach]
    inside = {
        n
        for n, leaf in enumerate(leaves)
        if any(span[0] <= at < span[1] for at in readings_of(leaf))
    }
    away = {
        n: min(beyond)
        for n, leaf in enumerate(leaves)
        if n not in inside and (beyond := _beyond(leaf, span, ends=ends))
    }
    nearest = sorted(away, key=lambda n: (away[n], n if ends else -n))[:_NEAREST]
    counting = sorted({*inside, *nearest[:1]})
    for n in [*counting, *nearest[1:]]:
        yield Near(
            leaf=leaves[n],
            gap=most[n],
            borders=n in (counting[0], counting[-1]),
            counts=n in counting,
        )


def readings_of(leaf: Leaf) -> tuple[float, ...]:
    """Return the moments that a recording's title may mean."""
    return (leaf.at,) if leaf.again is None else (leaf.at, leaf.again)


def _beyond(leaf: Leaf, span: tuple[float, float], *, ends: bool) -> list[float]:
    """Return how far before a span its moments are, or behind it where those end it."""
    away = [at - span[1] if ends else span[0] - at for at in readings_of(leaf)]
    return [seconds for seconds in away if seconds >= 0]
