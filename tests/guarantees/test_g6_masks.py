"""G6 minimal: of what is masked nothing is left, in the film or beside it."""

from dataclasses import dataclass, field
import hashlib
from pathlib import Path
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Draft
from custom_components.clip_consent.home.media.job import Job
from custom_components.clip_consent.home.media.parts import Cut
from tests.home.drafting import CASE, Drafting, drafting, drafts, recordings
from tests.home.masking import (
    LOSSLESS,
    SECONDS,
    Place,
    blanked,
    cut_out,
    four_across,
    pictures,
    recording,
)
from tests.home.recordings import Recordings, numbers

__all__ = ["drafting", "drafts", "recordings"]

_BLACK: Final = 40  # brightest that counts as black: what a codec makes of its edges
_EDGE: Final = 8  # pixels beside a filled place that a codec may mix with the rest


@dataclass(frozen=True, kw_only=True)
class Masking:
    """A recording with places that nobody shall see."""

    coded: str
    suffix: str = ".mp4"
    size: tuple[int, int] = (320, 240)
    pixels: str = "yuv420p"
    turned: bool = False
    places: list[Place] = field(
        default_factory=lambda: [Place(left=96, top=48, width=80, height=64)]
    )

    def recordings(self, folder: Path, name: str) -> list[Path]:
        """Return two recordings that differ in these places only."""
        return [
            recording(
                folder / f"{name}-{filling}{self.suffix}",
                filling,
                self.places,
                size=self.size,
                coded=LOSSLESS[self.coded],
                pixels=self.pixels,
                turned=self.turned,
            )
            for filling in ("one", "other")
        ]

    @property
    def masks(self) -> tuple[Region, ...]:
        """What is to be filled."""
        return tuple(place.region(self.size) for place in self.places)


_SEVERAL: Final = [
    Place(left=16, top=16, width=64, height=64),
    Place(left=48, top=48, width=96, height=64),
    Place(left=208, top=144, width=80, height=80),
]
MASKINGS: Final = {
    "h264": Masking(coded="h264"),
    "hevc": Masking(coded="hevc"),
    "av1": Masking(coded="av1"),
    "mjpeg": Masking(coded="mjpeg", suffix=".avi", pixels="yuvj420p"),
    "mpeg4": Masking(coded="mpeg4", suffix=".avi"),
    "transport stream": Masking(coded="h264", suffix=".ts"),
    "all colours": Masking(coded="h264", pixels="yuv444p"),
    "half colours": Masking(coded="h264", pixels="yuv422p", suffix=".mkv"),
    "10 bits": Masking(coded="hevc", pixels="yuv420p10le"),
    "10 bits, half colours": Masking(coded="hevc", pixels="yuv422p10le"),
    "jpeg, half colours": Masking(coded="mjpeg", suffix=".avi", pixels="yuvj422p"),
    "interlaced": Masking(coded="interlaced", pixels="yuv422p"),
    "turned": Masking(coded="h264", turned=True),
    "odd size": Masking(
        coded="mjpeg", suffix=".avi", pixels="yuvj420p", size=(321, 243)
    ),
    "odd place": Masking(
        coded="h264", places=[Place(left=97, top=51, width=61, height=33)]
    ),
    "several": Masking(coded="h264", places=_SEVERAL),
    "at the border": Masking(
        coded="hevc",
        places=[
            Place(left=0, top=0, width=64, height=48),
            Place(left=256, top=176, width=64, height=64),
        ],
    ),
    "larger than is sent": Masking(
        coded="h264",
        size=(2560, 1440),
        places=[Place(left=611, top=403, width=333, height=217)],
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for recordings."""
    return tmp_path_factory.mktemp("masked")


def digests(drafts: Drafting, draft: Draft) -> list[str]:
    """Return the digests of all that anybody is shown."""
    assert draft.still
    assert draft.sheet
    names = (draft.file, draft.still, draft.sheet)
    return [
        hashlib.sha256((drafts.folder / name).read_bytes()).hexdigest()
        for name in names
    ]


async def drafted(
    drafts: Drafting, masking: Masking, path: Path, masks: tuple[Region, ...]
) -> Draft:
    """Draft most of a recording."""
    return await drafts(path, 0.3, SECONDS - 0.2, masks=masks, playable=not masks)


@pytest.mark.parametrize("name", MASKINGS)
async def test_nothing_is_left_of_what_is_masked(
    drafts: Drafting, folder: Path, name: str
) -> None:
    """Whatever was in it, the film and its pictures are the same to the byte."""
    masking = MASKINGS[name]
    paths = masking.recordings(folder, name)
    (size, first), (_, second) = (pictures(path) for path in paths)
    assert size == masking.size
    assert first != second
    assert [blanked(each, size, masking.places) for each in first] == [
        blanked(each, size, masking.places) for each in second
    ]
    plain = [await drafted(drafts, masking, path, ()) for path in paths[:2]]
    assert plain[0].sha256 != plain[1].sha256
    masked = [await drafted(drafts, masking, path, masking.masks) for path in paths]
    assert digests(drafts, masked[0]) == digests(drafts, masked[1])
    assert masked[0].original != masked[1].original
    assert masked[0].sha256 not in (plain[0].sha256, masked[0].original)


async def test_no_colour_is_left_that_four_pixels_share(
    drafts: Drafting, folder: Path
) -> None:
    """4:1:1 is converted before it can be filled: no colour may spread in that."""
    made = Masking(
        coded="mjpeg",
        suffix=".avi",
        pixels="yuvj420p",
        places=[
            Place(left=32, top=48, width=48, height=64),
            Place(left=192, top=48, width=48, height=64),
        ],
    )
    place = Place(left=64, top=48, width=96, height=64)
    paths = [four_across(path) for path in made.recordings(folder, "four")]
    (size, first), (_, second) = (pictures(path) for path in paths)
    assert first != second
    assert [blanked(each, size, [place]) for each in first] == [
        blanked(each, size, [place]) for each in second
    ]
    region = (place.region(size),)
    masked = [await drafted(drafts, made, path, region) for path in paths]
    assert masked[0].original != masked[1].original
    assert digests(drafts, masked[0]) == digests(drafts, masked[1])


@pytest.mark.parametrize("name", MASKINGS)
async def test_every_picture_is_black_where_it_is_masked(
    drafts: Drafting, folder: Path, name: str
) -> None:
    """In each frame that a decoder can get out of the film, and always the same."""
    masking = MASKINGS[name]
    path = masking.recordings(folder, name)[0]
    draft = await drafted(drafts, masking, path, masking.masks)
    size, shown = pictures(drafts.file(draft))
    assert len(shown) == draft.frames
    by = size[0] / masking.size[0]
    for place in masking.places:
        there = Place(
            left=round(place.left * by),
            top=round(place.top * by),
            width=round(place.width * by),
            height=round(place.height * by),
        )
        for picture in shown:
            seen = cut_out(picture, size, there, _EDGE)
            assert max(seen) <= _BLACK
            assert max(seen) - min(seen) <= 4
    beside = blanked(shown[0], size, masking.places)
    assert max(beside) > 150  # the rest of the picture is as it was


async def test_what_is_masked_is_said(drafting: Drafting, folder: Path) -> None:
    """The draft tells what is filled, and that its pictures were made anew."""
    masking = MASKINGS["several"]
    path = masking.recordings(folder, "several")[0]
    draft = await drafted(drafting, masking, path, masking.masks)
    assert draft.masks == masking.masks
    assert draft.changes == ("re_encoded", "masked", "metadata_removed")
    assert draft.choice.masks == ()
    plain = await drafted(drafting, masking, path, ())
    assert (plain.masks, plain.original) == ((), None)
    assert "masked" not in plain.changes


@pytest.mark.parametrize("name", ["h264", "hevc", "av1", "mjpeg", "mpeg4", "turned"])
async def test_the_unmasked_original_is_kept_at_home(
    drafting: Drafting, folder: Path, name: str
) -> None:
    """Of at least the same time, as recorded where that can be; gone with the case."""
    masking = MASKINGS[name]
    path = masking.recordings(folder, name)[0]
    draft = await drafted(drafting, masking, path, masking.masks)
    assert draft.original
    kept = drafting.folder / CASE / f"{draft.original}.original.mp4"
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == draft.original
    assert kept.stat().st_mode & 0o777 == 0o600
    _, original = pictures(kept)
    size, recorded = pictures(path)
    assert len(original) >= draft.frames
    if (
        name == "mpeg4"
    ):  # nothing that can be checked in MP4: decoded, none of it filled
        place = masking.places[0]
        seen = cut_out(original[0], size, place, _EDGE)
        assert max(seen) > 150
    else:
        at = recorded.index(original[0])
        assert original == recorded[at : at + len(original)]
    await drafting.media.async_clean({CASE})
    assert kept.exists()
    await drafting.media.async_remove_case(CASE)
    assert not kept.exists()


async def test_the_original_covers_the_end_too(
    drafting: Drafting, recordings: Recordings
) -> None:
    """A copy of pictures that lean on later ones ends behind the film, not before."""
    masks = (Region(left=0, top=0, right=100, bottom=10_000),)
    draft = await drafting("camera.mp4", 3.3, 5.48, masks=masks)
    assert draft.original
    kept = drafting.folder / CASE / f"{draft.original}.original.mp4"
    film, original = numbers(drafting.file(draft)), numbers(kept)
    assert film == list(range(83, 137))
    assert original[0] == 50
    assert film[-1] <= original[-1] <= film[-1] + 4


async def test_a_copy_is_no_masked_draft(
    drafting: Drafting, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it came to be made: nothing is filled in it, so nobody is offered it."""
    monkeypatch.setattr(Job, "_cut", lambda _: Cut.COPY)
    masking = MASKINGS["h264"]
    path = masking.recordings(folder, "h264")[0]
    with pytest.raises(MediaError, match="media_failed"):
        await drafted(drafting, masking, path, masking.masks)
    assert not list(drafting.folder.rglob("*.mp4"))
