"""Regions of a picture: read, joined, compared."""

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.masks import (
    MASKS_MAX,
    SCALE,
    MaskError,
    Region,
    all_masks,
    are_covered,
    in_pixels,
    masks_view,
    read_masks,
)

SIDES = st.tuples(st.integers(0, SCALE), st.integers(0, SCALE)).filter(
    lambda sides: sides[0] != sides[1]
)
REGIONS = st.builds(
    lambda across, down: Region(
        left=min(across), right=max(across), top=min(down), bottom=max(down)
    ),
    SIDES,
    SIDES,
)
SOME = st.lists(REGIONS, max_size=6)


@given(SOME)
def test_what_is_read_is_what_was_written(regions: list[Region]) -> None:
    """In one order, none that lies within another; again and again the same."""
    joined = read_masks(json.loads(json.dumps(masks_view(regions))))
    assert joined == all_masks(regions) == all_masks(joined)
    assert are_covered(regions, joined)


@given(SOME, SOME)
def test_together_they_cover_both(one: list[Region], other: list[Region]) -> None:
    """Nothing that either hides is left open, by whichever came first."""
    joined = all_masks(one, other)
    assert joined == all_masks(other, one)
    assert are_covered(one, joined)
    assert are_covered(other, joined)
    assert {*joined} <= {*one, *other}


def test_covered_is_within_one_region() -> None:
    """Two halves do not count as the whole: nobody is to do geometry for that."""
    left = Region(left=0, top=0, right=5000, bottom=SCALE)
    right = Region(left=5000, top=0, right=SCALE, bottom=SCALE)
    whole = Region(left=0, top=0, right=SCALE, bottom=SCALE)
    assert are_covered((left, right), (whole,))
    assert not are_covered((whole,), (left, right))
    assert are_covered((), ())
    assert not are_covered((left,), ())


@pytest.mark.parametrize(
    "values",
    [
        *(None, 5, "0 0 1 1", {}, [0, 0, 1, 1], [None], [[]], ["0011"]),
        *([[0, 0, 1]], [[0, 0, 1, 1, 1]], [[0, 0, 1, 1.0]], [[0, 0, True, 1]]),
        *([[0, 0, "1", 1]], [{"left": 0}], [[0, 0, 0, 1]], [[5, 0, 4, 1]]),
        *([[-1, 0, 1, 1]], [[0, 0, 1, SCALE + 1]], [[0, 7, 1, 7]], [[0, 0, 2**70, 1]]),
    ],
)
def test_what_is_no_region(values: Any) -> None:
    """Four whole numbers, with an inside, within the picture."""
    with pytest.raises(MaskError, match="mask_invalid"):
        read_masks(values)


def test_how_many_there_may_be() -> None:
    """One more is refused, of one list or of two; the message says how many."""
    each = [[n, n, n + 1, n + 1] for n in range(MASKS_MAX + 1)]
    assert len(read_masks(each[1:])) == MASKS_MAX
    with pytest.raises(MaskError, match="masks_too_many") as caught:
        read_masks(each)
    assert caught.value.placeholders == {"most": str(MASKS_MAX)}
    with pytest.raises(MaskError, match="masks_too_many"):
        all_masks(read_masks(each[:9]), read_masks(each[9:]))


@given(SOME, st.integers(8, 1920), st.integers(8, 1920))
def test_in_pixels_they_reach_outward_to_whole_fours(
    regions: list[Region], width: int, height: int
) -> None:
    """Nothing that is filled lies outside, nothing reaches further than it has to."""
    boxes = in_pixels(regions, width, height)
    assert boxes == sorted(boxes)
    for region in regions:
        meant = (
            (region.left, region.right, width),
            (region.top, region.bottom, height),
        )
        sides = [(4 * (a * n // 40_000), 4 * -(-b * n // 40_000)) for a, b, n in meant]
        (left, right), (top, bottom) = sides
        box = [left, top, min(right, width), min(bottom, height)]
        assert box in boxes
        assert box[0] * SCALE <= region.left * width
        assert box[2] * SCALE >= region.right * width


def test_what_no_pixel_shows_makes_no_other_number() -> None:
    """Regions that fill the same pixels are told as the same, and but once."""
    one = Region(left=1001, top=1001, right=4999, bottom=4999)
    other = Region(left=1003, top=1002, right=4997, bottom=4990)
    told = in_pixels([one], 640, 480)
    assert told == in_pixels([other], 640, 480) == in_pixels([one, other], 640, 480)
    assert told == [[64, 48, 320, 240]]
