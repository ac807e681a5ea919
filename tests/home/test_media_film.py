"""A film is refused for whatever is in it that we did not put there."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
import struct

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.home.media.boxes import box
from custom_components.clip_consent.home.media.verify import verify_film

from .drafting import Drafting

_HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl"}


class Node:
    """A box that can be changed: its content is bytes, or boxes again."""

    def __init__(self, kind: bytes, content: bytes) -> None:
        """Take it apart if it holds boxes."""
        self.kind = kind
        self.content = b"" if kind in _HOLDERS else content
        self.inside = nodes(content) if kind in _HOLDERS else []

    def __getitem__(self, path: str) -> Node:
        """Return a box inside it, by the names on the way."""
        name, _, rest = path.partition("/")
        found = next(each for each in self.inside if each.kind == name.encode())
        return found[rest] if rest else found

    def written(self) -> bytes:
        """Return its bytes."""
        inside = b"".join(each.written() for each in self.inside)
        return box(self.kind, self.content, inside)

    def put(self, at: int, data: bytes) -> None:
        """Overwrite bytes of its content."""
        self.content = self.content[:at] + data + self.content[at + len(data) :]


def nodes(data: bytes) -> list[Node]:
    """Return the boxes that bytes consist of."""
    found, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4])
        found.append(Node(data[at + 4 : at + 8], data[at + 8 : at + size]))
        at += size
    return found


class Parts:
    """A film in parts that can be changed; written, its places are right again."""

    def __init__(self, film: bytes) -> None:
        """Take a film apart."""
        at = film.index(b"mdat") - 4
        self.ftyp, self.moov = nodes(film[:at])
        self.data = film[at + 16 :]
        self._at = at

    def written(self) -> bytes:
        """Return the film, its places moved as far as its pictures."""
        by = len(self.ftyp.written() + self.moov.written()) - self._at
        for trak in self.moov.inside:
            for table in trak["mdia/minf/stbl"].inside if trak.kind == b"trak" else ():
                if table.kind == b"stco":
                    rows = struct.unpack(
                        f">{len(table.content) // 4 - 2}I", table.content[8:]
                    )
                    moved = [row + by for row in rows]
                    table.put(8, struct.pack(f">{len(moved)}I", *moved))
        head = struct.pack(">I4sQ", 1, b"mdat", len(self.data) + 16)
        return self.ftyp.written() + self.moov.written() + head + self.data

    @property
    def picture(self) -> Node:
        """The track of pictures."""
        return self.moov["trak"]

    def table(self, name: str) -> Node:
        """Return a table of the pictures."""
        return self.picture[f"mdia/minf/stbl/{name}"]


def plant(path: str, kind: bytes) -> Callable[[Parts], None]:
    """Return what puts a box with a word into another."""

    def change(film: Parts) -> None:
        inside = film.moov[path].inside if path else film.moov.inside
        inside.append(Node(kind, b"CANARY" + bytes(10)))

    return change


def doubled(path: str) -> Callable[[Parts], None]:
    """Return what puts a box there twice."""

    def change(film: Parts) -> None:
        holder, _, name = f"trak/{path}".rpartition("/")
        film.moov[holder].inside.append(film.moov[f"trak/{path}"])
        assert name

    return change


def put(path: str, at: int, data: bytes) -> Callable[[Parts], None]:
    """Return what overwrites bytes of a box."""
    return lambda film: film.moov[path].put(at, data)


def table(name: str, at: int, data: bytes) -> Callable[[Parts], None]:
    """Return what overwrites bytes of a table of the pictures."""
    return lambda film: film.table(name).put(at, data)


def longer(name: str) -> Callable[[Parts], None]:
    """Return what adds a row to a table that does not count it."""

    def change(film: Parts) -> None:
        film.table(name).content += b"CANARY!!"

    return change


def picture_first(data: bytes) -> Callable[[Parts], None]:
    """Return what overwrites the beginning of the first picture."""

    def change(film: Parts) -> None:
        film.data = data + film.data[len(data) :]

    return change


def behind(film: Parts) -> None:
    """Put a word behind the last picture."""
    film.data += b"CANARY"


def gone(film: Parts) -> None:
    """Take the last byte of the last picture away."""
    film.data = film.data[:-1]


def no_tracks(film: Parts) -> None:
    """Leave nothing but the header."""
    del film.moov.inside[1:]


def two_pictures(film: Parts) -> None:
    """Add a second track of pictures."""
    film.moov.inside.append(film.picture)


def two_entries(film: Parts) -> None:
    """Describe the pictures twice."""
    stsd = film.table("stsd")
    stsd.content += stsd.content[8:]


CHANGES: dict[str, Callable[[Parts], None]] = {
    # Boxes that recorders and tools write: words, places, dates, hidden pictures.
    **{f"{kind} in {path or 'moov'}": plant(path, kind.encode())
       for path in ("", "trak", "trak/mdia", "trak/mdia/minf", "trak/mdia/minf/stbl")
       for kind in ("udta", "meta", "free", "uuid", "edts", "sgpd", "mvex")},
    "a box twice": doubled("mdia/minf/stbl/stts"),
    "a header twice": doubled("tkhd"),
    # What a header may not say.
    "date of the film": put("mvhd", 4, b"\xd5\x6f\x12\x34"),
    "date of the track": put("trak/tkhd", 4, b"\xd5\x6f\x12\x34"),
    "date of the media": put("trak/mdia/mdhd", 8, b"\xd5\x6f\x12\x34"),
    "another speed": put("trak/mdia/mdhd", 12, struct.pack(">I", 45000)),
    "another speed of the film": put("mvhd", 12, struct.pack(">I", 45000)),
    "another length": put("mvhd", 16, b"\0\0\0\1"),
    "language": put("trak/mdia/mdhd", 20, b"\x15\xc7"),
    "name of the handler": put("trak/mdia/hdlr", 24, b"CANARYhandle"),
    "turned a little": put("trak/tkhd", 40, b"\0\0\xb5\x04"),
    "word in the turn": put("trak/tkhd", 64, b"CNRY"),
    "word in the film's turn": put("mvhd", 60, b"CNRY"),
    "another size": put("trak/tkhd", 76, b"\0\1\0\0"),
    "brand": lambda film: film.ftyp.put(0, b"mp42"),
    "name of the encoder": table("stsd", 58, b"\x06CANARY"),
    "media elsewhere": put("trak/mdia/minf/dinf/dref", 16, bytes(4)),
    # Tables that leave room, or speak of what is not there.
    **{f"longer {name}": longer(name) for name in ("stts", "ctts", "stss", "stsc", "stco")},
    "longer stsz": longer("stsz"),
    "no such picture": table("stss", 8, struct.pack(">I", 9999)),
    "zeroth picture": table("stss", 8, bytes(4)),
    "keys out of order": table("stss", 8, struct.pack(">I", 90)),
    "other entry": table("stsc", 16, struct.pack(">I", 2)),
    "chunk missing": table("stsc", 8, struct.pack(">I", 2)),
    "too many samples": table("stts", 8, struct.pack(">I", 2**21)),
    "fewer times": table("stts", 8, struct.pack(">I", 1)),
    "one size": table("stsz", 4, struct.pack(">I", 100)),
    "hidden before": table("ctts", 12, struct.pack(">i", 90000)),
    "hidden behind": table("ctts", 12, struct.pack(">i", 90000 * 60)),
    "no tracks": no_tracks,
    "two pictures": two_pictures,
    "two entries": two_entries,
    # Pictures.
    "behind the pictures": behind,
    "cut off": gone,
    "an SEI unit": picture_first(b"\0\0\0\x08\x06CANARY!"),
    "a unit of no size": picture_first(b"\0\0\0\0"),
    "a unit too long": picture_first(b"\xff\xff\xff\xff"),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for changed films."""
    return tmp_path_factory.mktemp("films")


async def film_of(drafts: Drafting, name: str, *, audio: bool = False) -> bytes:
    """Return a finished film."""
    draft = await drafts.once(name, 2.5, 4.9, audio=audio)
    return drafts.file(draft).read_bytes()


async def test_taking_a_film_apart_changes_nothing(drafts: Drafting) -> None:
    """The tests below plant one thing each, and nothing else."""
    film = await film_of(drafts, "camera.mp4")
    assert Parts(film).written() == film


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_planted_thing_is_refused(
    drafts: Drafting, folder: Path, change: Callable[[Parts], None]
) -> None:
    """F-11: whatever is planted into a good film, it is not sent."""
    film = await film_of(drafts, "camera.mp4")
    parts = Parts(film)
    change(parts)
    changed = folder / "planted.mp4"
    changed.write_bytes(parts.written())
    assert changed.read_bytes() != film
    with pytest.raises(MediaError, match="draft_not_clean"):
        verify_film(changed, audio=False)


# Bytes of the header that no check can know: what the decoder is set up with, in which
# order pictures are shown, which of them are key frames.
_OPEN = {"stsd", "ctts", "stss"}


def place_of(film: bytes, at: int) -> str:
    """Return the name of the innermost box that a byte is in."""
    name, begin, end = "", 0, len(film)
    while begin < end:
        size, kind = struct.unpack_from(">I4s", film, begin)
        if at >= begin + size > begin:
            begin += size
            continue
        name = kind.decode()
        if kind not in _HOLDERS or at < begin + 8:
            return name
        begin, end = begin + 8, begin + size
    return name


@pytest.mark.parametrize(
    ("name", "audio"),
    [
        ("camera.mp4", True),
        ("hevc.mp4", False),
        ("av1.mp4", False),
        ("mjpeg.avi", False),
    ],
)
async def test_every_byte_of_the_header_counts(
    drafts: Drafting, folder: Path, name: str, audio: bool
) -> None:
    """Whichever is changed, the film is refused; none can hold a word of anybody."""
    film = await film_of(drafts, name, audio=audio)
    changed = folder / "flipped.mp4"
    passed = set()
    for at in range(film.index(b"mdat") + 12):
        data = bytearray(film)
        data[at] ^= 1  # the smallest change there is
        changed.write_bytes(data)
        with suppress(MediaError):
            verify_film(changed, audio=audio)
            passed.add(place_of(film, at))
    assert passed <= _OPEN


async def test_a_film_cut_off_anywhere_is_refused(
    drafts: Drafting, folder: Path
) -> None:
    """Wherever a disk or a crash ends it, it is no film."""
    film = await film_of(drafts, "silent.mp4")
    changed = folder / "cut.mp4"
    for size in {*range(200), *range(200, len(film), 97), len(film) - 1}:
        changed.write_bytes(film[:size])
        with pytest.raises(MediaError):
            verify_film(changed, audio=False)


@pytest.mark.parametrize("audio", [False, True])
async def test_sound_must_be_as_it_was_chosen(drafts: Drafting, audio: bool) -> None:
    """A film with sound that nobody chose is refused, and one that lacks it."""
    draft = await drafts.once("camera.mp4", 2.5, 4.9, audio=audio)
    assert verify_film(drafts.file(draft), audio=audio).audio is audio
    with pytest.raises(MediaError, match="draft_not_clean"):
        verify_film(drafts.file(draft), audio=not audio)


async def test_a_film_must_begin_with_a_picture_of_its_own(
    drafts: Drafting, folder: Path
) -> None:
    """One that needs pictures before it is sent to the playable copy."""
    film = bytearray(await film_of(drafts, "silent.mp4"))
    first = film.index(b"mdat") + 12
    while film[first + 4] & 31 != 5:  # parameter sets may come first
        first += 4 + int.from_bytes(film[first : first + 4])
    film[first + 4] ^= 5 ^ 1
    changed = folder / "dependent.mp4"
    changed.write_bytes(film)
    with pytest.raises(MediaError, match="needs_playable_copy"):
        verify_film(changed, audio=False)
