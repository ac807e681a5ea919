"""What is filled of a picture: to the pixel, and no pixel beside it tells of it."""

import pytest

from custom_components.clip_consent.core.masks import Region, in_pixels
from custom_components.clip_consent.home.media.masking import fill

from .recordings import ffmpeg

WIDE, HIGH = 322, 242
ODD = Region(left=2051, top=2107, right=5033, bottom=6013)
CORNER = Region(left=9700, top=9650, right=10_000, bottom=10_000)


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv411p", "yuvj411p", "yuv410p"])
@pytest.mark.parametrize("region", [ODD, CORNER], ids=["odd", "corner"])
def test_what_is_filled_is_what_is_told(pixels: str, region: Region) -> None:
    """Up to the next four pixels: that many share one colour at the most."""
    (told,) = in_pixels([region], WIDE, HIGH)
    assert isinstance(told, list)
    left, top, right, bottom = map(int, told)  # type: ignore[arg-type]
    sides = [left, top, right % WIDE, bottom % HIGH]
    assert [side % 4 for side in sides] == [0] * 4
    filters = ",".join([f"format={pixels}", *fill([region]), "format=gray"])
    source = f"color=white:size={WIDE}x{HIGH}:rate=1"
    seen = ffmpeg(
        *("-f", "lavfi", "-i", source, "-frames:v", "1", "-vf", filters),
        *("-f", "rawvideo", "-"),
    )
    black = {at for at, level in enumerate(seen) if level < 40}
    assert black == {
        y * WIDE + x for y in range(top, bottom) for x in range(left, right)
    }
