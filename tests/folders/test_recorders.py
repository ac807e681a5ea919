"""Presets read what recorders really write, whatever their clocks' zone."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from custom_components.clip_consent.home.sources.folder_guess import suggest_folders
from custom_components.clip_consent.home.sources.naming import NAMINGS, naming_of
from custom_components.clip_consent.home.sources.patterns import PRESETS

from .recorders import EXAMPLES, Example

every = pytest.mark.parametrize("example", EXAMPLES, ids=str)


@every
def test_a_preset_reads_it(example: Example) -> None:
    """Time and camera, in a home whose clock is the recorder's."""
    naming = naming_of({"naming": example.preset}, example.zone)
    assert naming.times(example.path) == (example.at.timestamp(), None)
    assert (naming.fields(example.path) or {}).get("camera", "") == example.camera


@every
def test_in_a_home_far_away(example: Example) -> None:
    """The recorder's zone, once said, is what its names are read by."""
    source = {"naming": example.preset, "time_zone": example.zone}
    if example.preset == "frigate":
        del source["time_zone"]
    naming = naming_of(source, "Australia/Lord_Howe")
    assert naming.times(example.path) == (example.at.timestamp(), None)


@every
def test_without_a_preset(example: Example) -> None:
    """The general reading knows the same time, or none: never another."""
    naming = naming_of({"naming": "automatic"}, example.zone)
    times = naming.times(example.path)
    assert times == ((example.at.timestamp(), None) if example.automatic else None)


@every
def test_its_folders_may_hold_it(example: Example) -> None:
    """No folder above it is passed over when its time is asked for."""
    naming = naming_of({"naming": example.preset}, example.zone)
    at = example.at.timestamp()
    folder, _, _ = example.path.rpartition("/")
    while folder:
        assert naming.may_hold(folder, (at, at + 60))
        folder, _, _ = folder.rpartition("/")


@every
def test_it_is_found(example: Example, tmp_path: Path) -> None:
    """Looking around suggests settings that read it rightly, whichever they are."""
    path = tmp_path / "nvr" / example.path
    path.parent.mkdir(parents=True)
    path.touch()
    found = suggest_folders({"local": str(tmp_path)}, tmp_path / "none")
    if example.preset == "unix":
        assert not found  # any long number would be a recording
        return
    (one,) = found
    naming = naming_of(one.source, example.zone)
    assert naming.times(one.example) == (example.at.timestamp(), None)


def test_every_preset_has_an_example() -> None:
    """A preset that nobody has seen at work is no preset."""
    seen = {example.preset for example in EXAMPLES}
    assert seen == {*PRESETS, "automatic"} <= {*NAMINGS}


NIGHTS = [
    # the zone's clock, at the change and around it: spring and autumn, north and south
    ("Europe/Amsterdam", datetime(2026, 3, 29, 0, tzinfo=UTC)),
    ("Europe/Amsterdam", datetime(2026, 10, 25, 0, tzinfo=UTC)),
    ("America/Chicago", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/Chicago", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, tzinfo=UTC)),
]
FORMS = {
    "frigate": "%Y-%m-%d/%H/front/%M.%S.mp4",
    "frigate_export": "front_%Y%m%d_%H%M%S-x.mp4",
    "motioneye": "%Y-%m-%d/%H-%M-%S.mp4",
    "blue_iris": "front.%Y%m%d_%H%M%S.mp4",
    "reolink_ftp": "%Y/%m/%d/front_00_%Y%m%d%H%M%S.mp4",
    "synology": "%Y%m%d%p/front-%Y%m%d-%H%M%S-{unix}.mp4",
    "shinobi": "%Y-%m-%dT%H-%M-%S.mp4",
    "agent_dvr": "ABCDE/1_%Y-%m-%d_%H-%M-%S_200.mp4",
    "dahua": "%Y-%m-%d/001/dav/%H/%H.%M.%S-x[M][0@0][0].mp4",
    "segments": "front/%Y-%m-%d_%H-%M-%S.mp4",
    "unix": "{unix}-x.mp4",
}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(("zone", "first"), NIGHTS)
def test_on_the_nights_when_clocks_change(
    preset: str, zone: str, first: datetime
) -> None:
    """Every ten minutes of four hours: the right time is one of at most two readings.

    Two, only where the recorder's own clock showed that time twice; none where it
    names by a clock without changes.
    """
    clock = ZoneInfo("UTC" if preset == "frigate" else zone)
    naming = naming_of({"naming": preset, "time_zone": str(clock)}, "Asia/Tokyo")
    for number in range(24):
        at = first + timedelta(minutes=10 * number)
        wall = at.astimezone(clock)
        name = wall.strftime(FORMS[preset]).format(unix=int(at.timestamp()))
        times = naming.times(name)
        assert times is not None
        assert at.timestamp() in times
        twice = wall.replace(fold=0).timestamp() != wall.replace(fold=1).timestamp()
        one_reading = preset in ("frigate", "synology", "unix") or not twice
        assert (times[1] is None) is one_reading
        folder = name.rpartition("/")[0]
        assert naming.may_hold(folder, (at.timestamp(), at.timestamp() + 1))
