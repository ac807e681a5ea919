"""Looking for cameras' recordings where Home Assistant keeps media."""

from pathlib import Path

import pytest

from custom_components.clip_consent.home.sources import folder_guess
from custom_components.clip_consent.home.sources.folder_guess import (
    FolderSuggestion,
    suggest_folders,
)
from custom_components.clip_consent.home.sources.naming import naming_of


def record(root: Path, *names: str) -> None:
    """Leave recordings behind."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def look(root: Path) -> list[FolderSuggestion]:
    """Return what is found in one media folder."""
    return suggest_folders({"local": str(root)}, root / "no share")


def told(root: Path) -> list[tuple[str, str, str, str]]:
    """Return name, folder, naming and camera of what is found."""
    return [
        (
            found.name,
            str(Path(found.source["folder"]).relative_to(root)),
            found.source["naming"],
            found.source.get("camera", ""),
        )
        for found in look(root)
    ]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (
            [
                "frigate/recordings/2026-11-19/23/front_door/59.50.mp4",
                "frigate/recordings/2026-11-20/12/front_door/00.00.mp4",
                "frigate/recordings/2026-11-20/12/garden/00.00.mp4",
                "frigate/clips/front_door-1795178096.123456-abc.jpg",
            ],
            [
                ("Front door", "frigate/recordings", "frigate", "front_door"),
                ("Garden", "frigate/recordings", "frigate", "garden"),
            ],
        ),
        (
            ["motioneye/Camera1/2026-11-20/12-00-00.mp4"],
            [("Camera1", "motioneye/Camera1", "motioneye", "")],
        ),
        (
            ["driveway/2026/11/20/Cam_00_20261120120000.mp4"],
            [("Driveway", "driveway", "reolink_ftp", "")],
        ),
        (
            [
                "ftp/Front Door_00_20261120120000.mp4",
                "ftp/Front Door_00_20261120120500.mp4",
                "ftp/Back_yard_01_20261120120000.mp4",
            ],
            [
                ("Back yard", "ftp", "reolink_ftp", "Back_yard_01"),
                ("Front Door", "ftp", "reolink_ftp", "Front Door_00"),
            ],
        ),
        (
            [
                "BlueIris/New/Front.20261120_120000.mp4",
                "BlueIris/New/Back.20261120_120000.mp4",
            ],
            [
                ("Back", "BlueIris/New", "blue_iris", "Back"),
                ("Front", "BlueIris/New", "blue_iris", "Front"),
            ],
        ),
        (
            ["surveillance/Porch/20261120PM/Porch-20261120-120000-1795176000.mp4"],
            [("Porch", "surveillance/Porch", "synology", "")],
        ),
        (
            ["shinobi/gate/2026-11-20T12-00-00.mp4"],
            [("Gate", "shinobi/gate", "shinobi", "")],
        ),
        (
            ["Amcrest/2026-11-20/001/dav/12/12.00.00-12.05.00[M][0@0][0].mp4"],
            [("Amcrest", "Amcrest", "dahua", "")],
        ),
        (
            ["cams/01/20261120_120000.mp4", "cams/02/20261120_120000.mp4"],
            [("01", "cams/01", "segments", ""), ("02", "cams/02", "segments", "")],
        ),
        (
            ["yard/rec 20261120T120000.mkv", "yard/rec 20261120T121000.mkv"],
            [("Yard", "yard", "automatic", "")],
        ),
        (
            [f"yard/clip{number}.20261120_1200{number:02}.mp4" for number in range(30)],
            [("Yard", "yard", "automatic", "")],
        ),
        (
            [f"frigate/2026-11-20/12/c{n:02}/00.00.mp4" for n in range(20)],
            [(f"C{n:02}", "frigate", "frigate", f"c{n:02}") for n in range(20)],
        ),
        (["20261120_120000.mp4"], [("Here", ".", "segments", "")]),
    ],
    ids=[
        "frigate",
        "motioneye",
        "reolink",
        "reolink, one folder",
        "blue iris",
        "synology",
        "shinobi",
        "dahua",
        "numbers",
        "automatic",
        "numbered clips",
        "many cameras",
        "the place itself",
    ],
)
def test_finds_what_recorders_leave(
    tmp_path: Path, names: list[str], expected: list[tuple[str, str, str, str]]
) -> None:
    """Each camera once, ready to be used."""
    root = tmp_path / "here"
    record(root, *names)
    assert told(root) == expected


def test_what_is_suggested_reads_its_example(tmp_path: Path) -> None:
    """The source is ready for a camera, and its naming tells the example's time."""
    record(
        tmp_path,
        "frigate/recordings/2026-11-20/12/front/00.00.mp4",
        "cams/porch/2026-11-20/12-00-00.mp4",
        "ftp/A_20261120120000.mp4",
        "ftp/B_20261120120000.mp4",
    )
    found = look(tmp_path)
    assert len(found) == 4
    for each in found:
        assert Path(each.source["folder"], each.example).is_file()
        naming = naming_of(each.source, "UTC")
        assert naming.times(each.example) == (1795176000.0, None)
        assert each.files == 1


def test_the_newest_is_the_example(tmp_path: Path) -> None:
    """Only the newest days are looked into."""
    record(tmp_path, *(f"yard/2026-11-{day:02}/12-00-00.mp4" for day in range(1, 21)))
    (found,) = look(tmp_path)
    assert found.example == "2026-11-20/12-00-00.mp4"
    assert found.files == folder_guess._NEWEST


@pytest.mark.parametrize(
    "name",
    [
        "films/Big Buck Bunny (2008).mp4",
        "phone/VID_20261120_120000.mp4",
        "phone/PXL_20261120_120000123.mp4",
        "cam/.hidden/20261120_120000.mp4",
        "cam/20261120_120000.jpg",
        "cam/1795176000.mp4",
    ],
)
def test_leaves_films_and_phones_alone(tmp_path: Path, name: str) -> None:
    """Not all videos are a camera's recordings."""
    record(tmp_path, name)
    assert look(tmp_path) == []


def test_a_name_that_says_nothing_is_replaced_by_the_one_above(tmp_path: Path) -> None:
    """Folders called "recordings" are many."""
    record(tmp_path, "porch/recordings/20261120_120000.mp4")
    assert [found.name for found in look(tmp_path)] == ["Porch"]


def test_no_name_at_all() -> None:
    """Then it is just a camera."""
    assert folder_guess._folder_name("/media", "") == "Camera"
    assert folder_guess.spoken("_.-") == "Camera"


def test_looks_in_every_place_once(tmp_path: Path) -> None:
    """Places may lie in one another, and some are not there."""
    record(tmp_path / "media", "cams/porch/20261120_120000.mp4")
    record(tmp_path / "share", "gate/20261120_120000.mp4")
    found = suggest_folders(
        {
            "local": str(tmp_path / "media"),
            "cams": str(tmp_path / "media" / "cams"),
            "none": str(tmp_path / "none"),
        },
        tmp_path / "share",
    )
    assert [each.name for each in found] == ["Gate", "Porch"]


def test_gives_up_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A huge library is not read to the end."""
    record(tmp_path, "cams/20261120_120000.mp4")
    monkeypatch.setattr(folder_guess, "_MAX_SECONDS", 0.0)
    assert look(tmp_path) == []


def test_does_not_go_down_for_ever(tmp_path: Path) -> None:
    """Recordings lie a few folders deep at most."""
    record(tmp_path, "/".join("abcdefghijk") + "/20261120_120000.mp4")
    assert look(tmp_path) == []
