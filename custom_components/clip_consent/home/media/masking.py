"""The filters that fill regions of a picture before anything else is done to it."""

from collections.abc import Iterable
from typing import Final

from ...core.masks import SCALE, SHARED, Region

_STEP: Final = SHARED * SCALE


def fill(masks: Iterable[Region]) -> list[str]:
    """Return ffmpeg filters that fill regions solid, up to whole fours of pixels.

    They come first of all filters but ffmpeg's own, which turns the picture as it is
    shown, and that which converts what cannot be filled as it is (10 bits, Motion JPEG
    of 4:1:1): that one mixes no pixels. So whatever does sees nothing of a region. No
    pixel beside it has a colour that it shares with one inside: in 4:1:1 four do.
    """
    boxes = [_box(region) for region in masks]
    return ["scale=flags=neighbor", *boxes] if boxes else []


def _box(region: Region) -> str:
    # Whole numbers divided once: what comes out whole is exact.
    left, top = (
        f"floor({side}*{at}/{_STEP})*{SHARED}"
        for side, at in (("iw", region.left), ("ih", region.top))
    )
    right, bottom = (
        f"ceil({side}*{at}/{_STEP})*{SHARED}"
        for side, at in (("iw", region.right), ("ih", region.bottom))
    )
    place = f"x='{left}':y='{top}':w='{right}-{left}':h='{bottom}-{top}'"
    return f"drawbox={place}:color=black:t=fill"
