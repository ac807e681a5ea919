"""G6: a sample of a copy holds one picture, the one that is shown, and its tables.

What a decoder never comes to, or decodes and never shows, the owner does not see in a
preview. Where it cannot be left out there is no copy: only a playable copy is made.
"""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
import pytest

from custom_components.clip_consent.core.errors import MediaError
from tests.home.drafting import Drafting, drafting, recordings

from .planting import CANARY, cut_up, planted
from .test_g6_units import PLACES, assert_clean_copy, at, made

__all__ = ["drafting", "made", "recordings"]

type Change = Callable[[list[bytes]], bytes]
_TABLE: Final = (CANARY * 3)[:64]
_HIDDEN: Final = bytes([6 << 3 | 2, len(CANARY) + 1, 0]) + CANARY  # not to be shown
_SHOWN: Final = bytes([6 << 3 | 2, len(CANARY) + 1, 0x10]) + CANARY
_PICTURES: Final = 12  # of what is made


def _counted(unit: bytes) -> bytes:
    return len(unit).to_bytes(4) + unit


def _longer(more: bytes) -> Change:
    """Return what lets the last unit of a sample go on with some bytes."""
    return lambda pieces: b"".join([*pieces[:-1], _counted(pieces[-1][4:] + more)])


async def _assert_no_copy(drafting: Drafting, recording: Path) -> None:
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(recording, 0, 2)
    draft = await drafting(recording, 0, 2, playable=True)
    assert draft.changes[0] == "re_encoded"
    assert b"CANARY" not in drafting.file(draft).read_bytes()


@pytest.mark.parametrize("mark", [b"\0\0\1", b"\0\0\0\1", b"\0\0\2", b"\0\0\0\0\5"])
@pytest.mark.parametrize(("codec", "head"), [("h264", b"\6"), ("hevc", b"\x4e\1")])
async def test_no_unit_hides_in_another(
    drafting: Drafting,
    made: Callable[[str], Path],
    tmp_path: Path,
    codec: str,
    head: bytes,
    mark: bytes,
) -> None:
    """Where a decoder takes a start for one, it leaves the slice there."""
    change = _longer(mark + head + CANARY)
    path = planted(made(codec), tmp_path / "planted.mp4", change)
    await _assert_no_copy(drafting, path)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
async def test_zeros_behind_a_slice_are_copied(
    drafting: Drafting, made: Callable[[str], Path], tmp_path: Path, codec: str
) -> None:
    """Some encoders fill up a slice so: that tells nothing."""
    path = planted(made(codec), tmp_path / "planted.mp4", _longer(bytes(7)))
    draft = await drafting(path, 0, 2)
    assert draft.changes[0] == "stream_copy"


@pytest.mark.parametrize("place", PLACES)
async def test_units_of_no_step_in_time_stay_at_home(
    drafting: Drafting, made: Callable[[str], Path], tmp_path: Path, place: str
) -> None:
    """HEVC counts the steps from one on; a decoder leaves those of none out."""
    word = _counted(b"\2\0" + CANARY + b"\x80")
    path = planted(made("hevc"), tmp_path / "planted.mp4", at(place, word, "hevc"))
    await assert_clean_copy(drafting, path, made("hevc"))


@pytest.mark.parametrize("only", [0, _PICTURES])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
async def test_no_second_picture_in_a_sample(
    drafting: Drafting,
    made: Callable[[str], Path],
    tmp_path: Path,
    codec: str,
    only: int,
) -> None:
    """Neither behind each picture nor `only` behind the last one."""
    slices: list[bytes] = []
    count = 0

    def change(pieces: list[bytes]) -> bytes:
        nonlocal count
        count += 1
        if count == 1:
            slices.append(pieces[-1])
        behind = slices if only in (0, count) else []
        return b"".join([*pieces, *behind])

    path = planted(made(codec), tmp_path / "planted.mp4", change)
    assert count == _PICTURES
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(path, 0, 2)


@pytest.mark.parametrize("frame", [_HIDDEN, _SHOWN])
@pytest.mark.parametrize("only", [0, _PICTURES])
async def test_no_frame_of_av1_behind_the_one_shown(
    drafting: Drafting,
    made: Callable[[str], Path],
    tmp_path: Path,
    frame: bytes,
    only: int,
) -> None:
    """One that is not to be shown comes before the one that is."""
    count = 0

    def change(pieces: list[bytes]) -> bytes:
        nonlocal count
        count += 1
        return b"".join(pieces) + (frame if only in (0, count) else b"")

    path = planted(made("av1"), tmp_path / "planted.mp4", change)
    assert count == _PICTURES
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(path, 0, 2)


@pytest.mark.parametrize(
    "tables",
    [
        b"\xff\xdb\0\x43\3" + _TABLE,
        b"\xff\xdb\0\x43\x0f" + _TABLE,
        2 * (b"\xff\xdb\0\x43\0" + _TABLE),
        2000 * (b"\xff\xdb\0\x43\3" + _TABLE),
        b"\xff\xc4\0\x2b\3" + bytes(15) + b"\x18" + CANARY,
        b"\xff\xdd\0\4CA" * 2,
    ],
    ids=range(6),
)
async def test_no_table_that_nothing_uses(
    drafting: Drafting, made: Callable[[str], Path], tmp_path: Path, tables: bytes
) -> None:
    """Of a JPEG's tables each is there once, and some scan names it."""
    path = planted(
        made("mjpeg"),
        tmp_path / "planted.mp4",
        lambda pieces: b"".join([pieces[0], tables, *pieces[1:]]),
    )
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(path, 0, 2)


def _four_planes(_: list[bytes]) -> bytes:
    """Return a JPEG of three planes and one more, which no player shows."""
    planes = [Image.new("L", (320, 192), shade) for shade in (90, 128, 128)]
    planes.append(Image.effect_noise((320, 192), 80))
    file = BytesIO()
    Image.merge("CMYK", planes).save(file, "JPEG")
    pieces = [bytearray(each) for each in cut_up("mjpeg", file.getvalue())]
    for piece in pieces:
        first = {0xC0: 10, 0xDA: 5}.get(piece[1])
        if first is not None:
            step = 3 if piece[1] == 0xC0 else 2
            for number in range(4):
                piece[first + step * number] = number + 1
    return b"".join(bytes(each) for each in pieces if not 0xE0 <= each[1] <= 0xEF)


async def test_no_plane_of_a_jpeg_that_nobody_sees(
    drafting: Drafting, made: Callable[[str], Path], tmp_path: Path
) -> None:
    """A fourth one holds a whole picture; two recordings that differ in it look alike."""
    path = planted(made("mjpeg"), tmp_path / "planted.mp4", _four_planes)
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(path, 0, 2)
    draft = await drafting(path, 0, 2, playable=True)
    assert draft.changes[0] == "re_encoded"
