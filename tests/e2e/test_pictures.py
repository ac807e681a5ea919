"""The pictures of README and docs show this version: they are taken anew and compared."""

from pathlib import Path

from PIL import Image, ImageChops, ImageStat
import pytest

from script.demo_world.pictures import take_pictures
from script.demo_world.seen import words_of

KEPT = Path(__file__).parents[2] / "docs" / "images"
# Dates, times and the codes of links differ each time, a layout differs more: of 255,
# on average over a small grey copy.
ALIKE = 12


def _small(file: Path) -> Image.Image:
    with Image.open(file) as picture:
        return picture.convert("L").resize((48, 48))


def _difference(one: Path, other: Path) -> float:
    return ImageStat.Stat(ImageChops.difference(_small(one), _small(other))).mean[0]


async def test_no_picture_is_stale(tmp_path: Path) -> None:
    """Taken in the same way today, each says the same words and looks alike.

    Where this fails, `script/pictures` takes them anew: look at them before they go in.
    """
    kept = {file.name for file in KEPT.glob("*.png")}
    await take_pictures(tmp_path)
    assert {file.name for file in tmp_path.glob("*.png")} == kept
    for name in sorted(kept):
        assert words_of(tmp_path / name) == words_of(KEPT / name), name
        assert words_of(KEPT / name), name
        assert _difference(tmp_path / name, KEPT / name) < ALIKE, name


@pytest.mark.parametrize("name", ["panel.png", "draft.png"])
def test_another_picture_is_not_alike(name: str) -> None:
    """The comparison can fail: pictures of other things are told apart."""
    others = [file for file in KEPT.glob("*.png") if file.name != name]
    assert min(_difference(KEPT / name, other) for other in others) > ALIKE
