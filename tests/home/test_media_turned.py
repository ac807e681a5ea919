"""What is said of the size of a film whose camera says that it is to be turned."""

from datetime import timedelta
from pathlib import Path

import pytest

from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.protocol import manifest
from tests.deliveries import IN_THE_HOME, NOON, new_delivery, new_request

from .drafting import Drafting
from .masking import pictures
from .recordings import ffmpeg

CODED, SHOWN = (352, 128), (128, 352)
TOP: Region = Region(left=0, top=0, right=10_000, bottom=2500)


@pytest.fixture
def on_its_side(drafting: Drafting, tmp_path: Path) -> Path:
    """Return a recording that is to be turned by a quarter."""
    path = tmp_path / "side.mp4"
    turned = ("-c", "copy", "-metadata:s:v", "rotate=90")
    ffmpeg("-i", drafting.recordings["silent.mp4"], *turned, path)
    return path


@pytest.mark.parametrize(
    ("exact", "playable", "masks", "size"),
    [
        (False, False, (), CODED),
        (True, False, (), CODED),
        (False, True, (), SHOWN),
        (False, False, (TOP,), SHOWN),
    ],
)
async def test_a_copy_tells_the_size_it_is_coded_in(
    drafting: Drafting,
    on_its_side: Path,
    *,
    exact: bool,
    playable: bool,
    masks: tuple[Region, ...],
    size: tuple[int, int],
) -> None:
    """It is shown the other way round; what is encoded anew is turned already."""
    draft = await drafting(
        on_its_side, 3.3, 5.5, exact=exact, playable=playable, masks=masks
    )
    request = new_request("age1recipient", IN_THE_HOME)
    said = manifest(
        request=request,
        delivery=new_delivery(request, draft),
        delete_by=NOON + timedelta(days=90),
        software_version="0.1.0",
    )
    assert (said["width"], said["height"]) == size
    changes = said["transformations"]
    assert isinstance(changes, list)
    assert ("stream_copy" in changes) is (size == CODED)
    shown, _ = pictures(drafting.file(draft))
    assert shown == SHOWN  # however it is done
    if masks:
        # in the numbers of this film: all of its breadth, a quarter of its height
        assert said["masks"] == [[0, 0, 128, 88]]
