"""G6: of each picture only what makes it leaves, wherever the rest of it stands.

The recordings here have a unit with a word in each of their pictures: of every kind
that shows nothing, before, between and behind those that make the picture.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.verify import verify_film
from tests.home.drafting import Drafting, drafting, recordings
from tests.home.recordings import ffmpeg, hashes

from .planting import CANARY, planted, unit

__all__ = ["drafting", "recordings"]

_LINE: Final = "testsrc2=size=320x192:rate=6"
_CODERS: Final[dict[str, tuple[str, ...]]] = {
    "h264": ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"),
    "hevc": (
        *("-c:v", "libx265", "-preset", "ultrafast", "-tag:v", "hvc1"),
        *("-x265-params", "log-level=none:keyint=6:open-gop=0"),
    ),
    "av1": ("-c:v", "libsvtav1", "-preset", "12"),
    "mjpeg": ("-c:v", "mjpeg", "-huffman", "default"),
}
# Every kind that is not known to make a picture, but for those that end one; and some
# marked as damaged.
KINDS: Final[dict[str, tuple[int, ...]]] = {
    "h264": (0, 2, 3, 4, 6, *range(12, 32), 0x80 | 6),
    "hevc": (10, 15, 22, 31, 38, 39, 40, 41, 48, 63, 64 | 1, 64 | 19),
    "av1": (0, 5, 7, 8, 9, 14, 15),
    "mjpeg": (*range(0xE0, 0xF0), 0xFE, 0xDC, 0xF0),
}
PLACES: Final = ("first", "middle", "last")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return what gives two seconds in a codec, with no word in them."""
    folder = tmp_path_factory.mktemp("made")

    def of(codec: str) -> Path:
        path = folder / f"{codec}.mp4"
        if not path.exists():
            ffmpeg(
                *("-f", "lavfi", "-i", _LINE, "-t", "2", "-pix_fmt", "yuv420p"),
                *("-g", "6", *_CODERS[codec], path),
            )
        return path

    return of


def at(place: str, word: bytes, codec: str) -> Callable[[list[bytes]], bytes]:
    """Return what puts a word into the pieces of a picture, at a place."""

    def change(pieces: list[bytes]) -> bytes:
        first = 1 if codec == "mjpeg" else 0  # a JPEG begins and ends with its marks
        places = {
            "first": first,
            "middle": (len(pieces) + 1) // 2,
            "last": len(pieces) - first,
        }
        where = places[place]
        return b"".join([*pieces[:where], word, *pieces[where:]])

    return change


async def assert_clean_copy(drafting: Drafting, recording: Path, plain: Path) -> None:
    """Assert that a copy shows the same as the recording, and holds no word."""
    assert CANARY in recording.read_bytes()
    draft = await drafting(recording, 0, 2)
    assert draft.changes[0] == "stream_copy"
    film = drafting.file(draft)
    data = film.read_bytes()
    assert b"CANARY" not in data
    assert len(data) < len(recording.read_bytes()) - draft.frames * len(CANARY)
    assert verify_film(film, audio=False).sha256 == draft.sha256
    seen = hashes(plain)
    assert hashes(film) == seen[: draft.frames]
    assert draft.frames >= len(seen) - 2  # B-frames may end it a little early


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("codec", "kind"), [(codec, kind) for codec in KINDS for kind in KINDS[codec]]
)
async def test_what_makes_no_picture_stays_at_home(
    drafting: Drafting,
    made: Callable[[str], Path],
    tmp_path: Path,
    codec: str,
    kind: int,
    place: str,
) -> None:
    """It is left out, and the pictures are the same without it."""
    plain = made(codec)
    word = unit(codec, kind)
    recording = planted(plain, tmp_path / "planted.mp4", at(place, word, codec))
    await assert_clean_copy(drafting, recording, plain)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", [1, 19, 32, 34])
async def test_pictures_of_other_layers_stay_at_home(
    drafting: Drafting,
    made: Callable[[str], Path],
    tmp_path: Path,
    kind: int,
    place: str,
) -> None:
    """What another eye or a depth camera saw, no common player shows."""
    plain = made("hevc")
    word = unit("hevc", kind, layer=1)
    recording = planted(plain, tmp_path / "planted.mp4", at(place, word, "hevc"))
    await assert_clean_copy(drafting, recording, plain)


@pytest.mark.parametrize("suffix", [".ts", ".mkv"])
@pytest.mark.parametrize(("codec", "kind"), [("h264", 6), ("hevc", 39), ("hevc", 40)])
async def test_from_other_containers_too(
    drafting: Drafting,
    made: Callable[[str], Path],
    tmp_path: Path,
    codec: str,
    kind: int,
    suffix: str,
) -> None:
    """In transport streams units have no lengths: they are given some on the way."""
    plain = made(codec)
    place = "last" if kind == 40 else "first"  # elsewhere it begins a picture
    first = planted(
        plain, tmp_path / "planted.mp4", at(place, unit(codec, kind), codec)
    )
    recording = tmp_path / f"planted{suffix}"
    ffmpeg("-i", first, "-c", "copy", recording)
    assert CANARY[:6] in recording.read_bytes()
    draft = await drafting(recording, 0, 2)
    assert draft.changes[0] == "stream_copy"
    film = drafting.file(draft)
    assert b"CANARY" not in film.read_bytes()
    assert hashes(film) == hashes(plain)[: draft.frames]


@pytest.mark.parametrize("word", [CANARY, bytes(9), b"\xff" * 9, b"\xff\xd9"])
async def test_nothing_behind_the_end_of_a_jpeg(
    drafting: Drafting, made: Callable[[str], Path], tmp_path: Path, word: bytes
) -> None:
    """What fills up, before a mark or behind the end, is left out as well."""
    plain = made("mjpeg")
    recording = planted(
        plain,
        tmp_path / "planted.mp4",
        lambda pieces: b"".join(
            [pieces[0], b"\xff" * 5, *pieces[1:], word or b"", CANARY]
        ),
    )
    await assert_clean_copy(drafting, recording, plain)


async def test_the_second_field_of_a_jpeg_is_not_lost_unseen(
    drafting: Drafting, made: Callable[[str], Path], tmp_path: Path
) -> None:
    """Two pictures in one are no copy: a player shows both, a film would hold one."""
    recording = planted(
        made("mjpeg"), tmp_path / "planted.mp4", lambda pieces: 2 * b"".join(pieces)
    )
    with pytest.raises(MediaError, match="needs_playable_copy"):
        await drafting(recording, 0, 2)


@pytest.mark.parametrize("codec", ["h264", "hevc"])
async def test_where_a_length_is_wrong_there_is_no_copy(
    drafting: Drafting, made: Callable[[str], Path], tmp_path: Path, codec: str
) -> None:
    """Nobody knows what is in such a picture; a decoder may still show it."""
    for number, odd in enumerate((b"\xff" * 4, b"\0\0\0\1\0\0\0\0\x90")):
        recording = planted(
            made(codec),
            tmp_path / f"planted{number}.mp4",
            lambda pieces, odd=odd: b"".join([*pieces, odd]),  # type: ignore[misc]
        )
        with pytest.raises(MediaError, match="needs_playable_copy"):
            await drafting(recording, 0, 2)


@pytest.mark.parametrize("more", [0, 1, 2, 3])
@pytest.mark.parametrize("codec", ["h264", "hevc"])
async def test_units_of_no_size_are_left_out(
    drafting: Drafting,
    made: Callable[[str], Path],
    tmp_path: Path,
    codec: str,
    more: int,
) -> None:
    """They hold nothing, and the film's own check takes none.

    Nor does it take what is too short to be a length, as some recorders leave.
    """
    plain = made(codec)
    word = unit(codec, 6 if codec == "h264" else 39)
    recording = planted(
        plain,
        tmp_path / "planted.mp4",
        lambda pieces: b"".join([word, *pieces, bytes(8 + more)]),
    )
    await assert_clean_copy(drafting, recording, plain)
