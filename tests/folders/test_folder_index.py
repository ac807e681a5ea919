"""The index of recording folders, by itself."""

from collections.abc import Iterator
from pathlib import Path
import sqlite3

import pytest

from custom_components.clip_consent.home.sources.folder_index import (
    UNLISTED,
    Edge,
    FileRow,
    FileState,
    FolderIndex,
    FolderRow,
    Listing,
)

SPOT = 7


@pytest.fixture
def index(tmp_path: Path) -> Iterator[FolderIndex]:
    """Return an empty index."""
    index = FolderIndex(tmp_path / "cache" / "folders.db")
    yield index
    index.close()


def listing(folder: str, *names: str, subfolders: tuple[str, ...] = ()) -> Listing:
    """Return what a folder holds."""
    row = FolderRow(mtime_ns=5, listed=10.0)
    return Listing(folder=folder, row=row, subfolders=subfolders, names=names)


def take(index: FolderIndex, *listings: Listing, spot: int = SPOT) -> None:
    """Write listings down, each file's time being its number."""
    index.listed(
        spot,
        listings,
        [
            [FileRow(each.folder, name, float(name)) for name in names]
            for each, names in zip(listings, index.compare(spot, listings), strict=True)
        ],
    )


def inside(index: FolderIndex, *span: float, spot: int = SPOT) -> list[str]:
    """Return the paths of the files in a span."""
    edge = Edge(reach=0.0, limit=0, ends=False)
    return [row.path for row in index.around(spot, (span[0], span[1]), edge)[0]]


def test_its_file_is_for_us_alone(index: FolderIndex, tmp_path: Path) -> None:
    """It tells when somebody was filmed."""
    take(index, listing("", "1"))
    path = tmp_path / "cache" / "folders.db"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_goes_with_all_below_it_and_nothing_else(index: FolderIndex) -> None:
    """Names that only begin alike stay."""
    below = ("a", "a-b", "a0", "b")
    take(
        index,
        listing("", "0", subfolders=below),
        listing("a", "1", subfolders=("a/x",)),
        listing("a/x", "2"),
        listing("a-b", "3"),
        listing("a0", "4"),
        listing("b", "5"),
    )
    index.forget_folder(SPOT, "a")
    assert inside(index, 0, 9) == ["0", "a-b/3", "a0/4", "b/5"]
    assert set(index.tree(SPOT, lambda _: True)) == {"", "a-b", "a0", "b"}
    assert index.tree(SPOT, lambda _: True)[""].listed is None


def test_a_listing_replaces_the_one_before(index: FolderIndex) -> None:
    """What is new is told, what is gone is forgotten, the rest is as it was."""
    take(index, listing("", "1", "2", subfolders=("a", "b")))
    take(index, listing("a", "3"), listing("b", "4"))
    second = listing("", "2", "5", subfolders=("b", "c"))
    assert index.compare(SPOT, [second]) == [["5"]]
    assert inside(index, 0, 9) == ["2", "b/4"]
    tree = index.tree(SPOT, lambda _: True)
    assert tree["b"] == FolderRow(mtime_ns=5, listed=10.0)
    assert tree["c"] == UNLISTED


def test_the_tree_is_cut_where_it_is_not_wanted(index: FolderIndex) -> None:
    """Folders below are not even read."""
    take(index, listing("", subfolders=("a", "b")), listing("a", subfolders=("a/x",)))
    assert set(index.tree(SPOT, lambda path: path != "a")) == {"", "b"}


def test_both_edges(index: FolderIndex) -> None:
    """Nearest first, no further than the reach, no more than the limit."""
    take(index, listing("", *map(str, range(1, 10))))

    def beyond(**edge: float | bool) -> list[float]:
        return [
            row.at
            for row in index.around(SPOT, (4.0, 6.0), Edge(**edge))[1]  # type: ignore[arg-type]
        ]

    assert beyond(reach=2.0, limit=9, ends=False) == [3, 2]
    assert beyond(reach=9.0, limit=2, ends=False) == [3, 2]
    assert beyond(reach=2.0, limit=9, ends=True) == [7, 8]
    assert inside(index, 4, 6) == ["4", "5", "6"]


def test_either_reading_of_a_repeated_hour_counts(index: FolderIndex) -> None:
    """Once, even where both lie in the span."""
    index.put(SPOT, [FileRow("", "a", 100.0, other=3700.0)])
    assert inside(index, 90, 110) == ["a"]
    assert inside(index, 3690, 3710) == ["a"]
    assert inside(index, 0, 9999) == ["a"]
    assert inside(index, 200, 300) == []


def test_spots_do_not_see_each_other(index: FolderIndex) -> None:
    """One is forgotten, the other stays."""
    take(index, listing("", "1"))
    take(index, listing("", "2"), spot=8)
    assert inside(index, 0, 9) == ["1"]
    assert inside(index, 0, 9, spot=8) == ["2"]
    index.keep_spots({8})
    assert not index.holds_any(SPOT)
    assert index.holds_any(8)


def test_a_spot_that_was_never_listed_to_its_end_is_forgotten_too(
    index: FolderIndex,
) -> None:
    """Its first files are known before any folder of it is."""
    index.put(SPOT, [FileRow("", "1", 1.0)])
    index.keep_spots({8})
    assert not index.holds_any(SPOT)


def test_counts(index: FolderIndex) -> None:
    """By state, and the newest time."""
    rows = [
        FileRow("", str(number), float(number), state=state)
        for number, state in enumerate(FileState)
    ]
    index.put(SPOT, rows)
    counts = index.counts(SPOT)
    assert (counts.files, counts.growing, counts.unreadable) == (4, 1, 1)
    assert counts.latest == 3.0
    assert [row.name for row in index.growing(SPOT)] == ["2"]
    assert index.counts(8).latest is None


def test_what_fails_in_the_middle_is_not_half_done(index: FolderIndex) -> None:
    """The next job finds all as it was."""
    take(index, listing("", "1"))
    broken = [FileRow("", "2", 2.0), FileRow("", "\udcff", 3.0)]
    with pytest.raises(UnicodeEncodeError):
        index.put(SPOT, broken)
    assert inside(index, 0, 9) == ["1"]
    take(index, listing("", "1", "4"))
    assert inside(index, 0, 9) == ["1", "4"]


def test_a_file_that_is_only_locked_is_not_thrown_away(
    index: FolderIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one that cannot be opened for now."""
    take(index, listing("", "1"))
    index.close()

    def locked(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", locked)
        with pytest.raises(sqlite3.OperationalError):
            index.holds_any(SPOT)
    assert inside(index, 0, 9) == ["1"]
