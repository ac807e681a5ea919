"""What a timeline shows of what a recorder saw."""

from datetime import timedelta

from custom_components.clip_consent.core.detections import (
    DETECTIONS_MAX,
    LABEL_MAX,
    Detection,
    shown,
)
from custom_components.clip_consent.core.disclosure import detections_view
from custom_components.clip_consent.core.models import Window

from .cases import SPAN


def seen(start: float, seconds: float, label: str = "person") -> Detection:
    """Return what was seen so many seconds after the span began."""
    begin = SPAN.start + timedelta(seconds=start)
    return Detection(
        label=label,
        window=Window(start=begin, end=begin + timedelta(seconds=seconds)),
    )


def test_only_what_is_in_the_window_is_shown_in_order() -> None:
    """A moment without a length counts; what is over before it or comes after does not."""
    first, moment, late = seen(-5, 10), seen(7, 0), seen(SPAN.seconds - 1, 60)
    outside = [seen(-9, 5), seen(SPAN.seconds, 3)]
    assert shown([late, *outside, moment, first], SPAN) == (first, moment, late)


def test_of_too_many_the_longest_are_shown() -> None:
    """In order of time all the same."""
    every = [seen(n / 10, 1 + (n % 3 == 0)) for n in range(DETECTIONS_MAX + 100)]
    kept = shown(every, SPAN)
    assert len(kept) == DETECTIONS_MAX
    assert {one for one in every if one.window.seconds > 1} <= {*kept}
    starts = [one.window.start for one in kept]
    assert starts == sorted(starts)


def test_a_recorder_s_word_is_cut() -> None:
    """It comes from outside; a timeline has no room for a page."""
    [view] = detections_view([seen(0, 1, "x" * 5000)])  # type: ignore[misc]
    assert view == {
        "label": "x" * LABEL_MAX,
        "start": "2026-11-23T11:51:00Z",
        "end": "2026-11-23T11:51:01Z",
    }
