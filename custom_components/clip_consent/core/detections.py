"""What a recorder saw in its pictures, as the owner's timeline shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .models import Window

DETECTIONS_MAX: Final = 500  # of one camera in one answer
LABEL_MAX: Final = 64  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """Something that a recorder recognised: `label` is its own word (`person`, `car`).

    Shown to the owner only. It never leaves the home.
    """

    label: str
    window: Window


def shown(detections: Iterable[Detection], window: Window) -> tuple[Detection, ...]:
    """Return what a timeline of a window shows, in order: the longest, if too many.

    What only touches the window is left out.
    """
    inside = [
        one
        for one in detections
        if one.window.start < window.end and window.start <= one.window.end
    ]
    if len(inside) > DETECTIONS_MAX:
        inside.sort(key=lambda one: one.window.seconds, reverse=True)
    kept = inside[:DETECTIONS_MAX]
    return tuple(sorted(kept, key=lambda one: (one.window.start, one.window.end)))
