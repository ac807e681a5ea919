"""When a recording began, read from its path."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.clip_consent.home.sources.naming import (
    NAMINGS,
    is_hidden,
    is_video,
    naming_of,
)
from custom_components.clip_consent.home.sources.patterns import PRESETS, NamingError

from .reading import AMSTERDAM, NOON, naming, read

UNHURRIED = settings(deadline=None)  # a busy machine is no failure


PATHS = [
    ("frigate", "2026-11-20/12/front/34.56.mp4"),
    ("frigate", "recordings/2026-11-20/12/front/34.56.mp4"),
    ("motioneye", "2026-11-20/12-34-56.mp4"),
    ("blue_iris", "Front.20261120_123456.mp4"),
    ("blue_iris", "20261120/Front.20261120_123456.mp4"),
    ("reolink_ftp", "Front Door_00_20261120123456.mp4"),
    ("reolink_ftp", "2026/11/Front_00_20261120123456.mp4"),
    ("reolink_ftp", "2026/11/20/Front_00_20261120123456.mp4"),
    ("synology", "20261120PM/Front-20261120-123456-1795178096.mp4"),
    ("synology", "Front20261120-123456-1795178096.mp4"),
    ("shinobi", "2026-11-20T12-34-56.mp4"),
    ("agent_dvr", "video/cam/1_2026-11-20_12-34-56_789.mkv"),
    ("dahua", "2026-11-20/001/dav/12/12.34.56-12.40.00[M][0@0][0].mp4"),
    ("segments", "2026-11-20_12-34-56.ts"),
    ("segments", "any/where/20261120_123456.mkv"),
    ("unix", "1795178096.mp4"),
    ("unix", "front-1795178096.123456-abcdef.mp4"),
    ("unix", "day/1795178096123.mp4"),
    ("automatic", "front_20261120_123456.mp4"),
    ("automatic", "2026-11-20/12-34-56.mp4"),
    ("automatic", "20261120/20261120123456.mp4"),
    ("automatic", "2026/11/20/12/34.56.mp4"),
    ("automatic", "Camera1 2026-11-20 12.34.56.MP4"),
    ("automatic", "clip-2026.11.20T12h34m56.webm"),
]


@pytest.mark.parametrize(("preset", "path"), PATHS)
def test_presets_read_what_recorders_write(preset: str, path: str) -> None:
    """One example of each habit."""
    assert read(preset, path) == NOON


@pytest.mark.parametrize("preset", [*PRESETS, "automatic"])
@pytest.mark.parametrize(
    "path",
    [
        "holiday.mp4",
        "2026-11-20.mp4",
        "20261320_123456.mp4",
        "20261120_243456.mp4",
        "2026-02-30/12-34-56.mp4",
        "",
        "/",
        "12.mp4",
    ],
)
def test_presets_read_nothing_else(preset: str, path: str) -> None:
    """No time is made up."""
    assert read(preset, path) is None


@pytest.mark.parametrize(
    ("name", "hour", "minute"),
    [
        # the camera's home is in Amsterdam: an hour ahead of UTC in November
        ("20261120_123456", 11, 34),
        ("2026-11-20T12:34:56Z", 12, 34),
        ("20261120T123456Z_front", 12, 34),
        ("front_20261120T123456.789Z", 12, 34),
        ("2026-11-20T12-34-56+02:00", 10, 34),
        ("2026-11-20T12-34-56+0530", 7, 4),
        ("2026-11-20T12-34-56+05-30", 7, 4),
        ("2026-11-20T12-34-56-05:00", 17, 34),
        ("2026-11-20 01-34-56 PM", 12, 34),
        ("2026-11-20_01.34.56pm", 12, 34),
        ("2026-11-20 12-34-56 PM", 11, 34),
        ("2026-11-20 11-34-56 AM", 10, 34),
        ("2026-11-20 13-34-56 PM", 12, 34),  # already of 24 hours
        ("2026-11-20/02-34-56 pm", 13, 34),
        # what only looks like it: a number, a camera, a word
        ("20261120_123456-0500", 11, 34),
        ("20261120_123456_0001", 11, 34),
        ("20261120_123456Zoo", 11, 34),
        ("20261120_123456_Amsterdam", 11, 34),
        ("20261120_053456_Pm2Garden", 4, 34),
        ("20261120_123456+garden", 11, 34),
    ],
)
def test_automatic_reads_zone_and_half_of_the_day(
    name: str, hour: int, minute: int
) -> None:
    """What a name says of its zone counts more than the zone of the home."""
    times = naming_of({"naming": "automatic"}, AMSTERDAM).times(f"{name}.mp4")
    at = datetime(2026, 11, 20, hour, minute, 56, tzinfo=UTC)
    assert times == (at.timestamp(), None)


def test_midnight_of_a_twelve_hour_clock() -> None:
    """12 AM begins the day."""
    times = naming_of({"naming": "automatic"}, "UTC").times(
        "2026-11-20 12-00-00 AM.mp4"
    )
    assert times == (datetime(2026, 11, 20, tzinfo=UTC).timestamp(), None)


def test_a_named_zone_has_no_hour_twice() -> None:
    """In the night that the clocks go back, a zone says which of the two it was."""
    read = naming_of({"naming": "automatic"}, AMSTERDAM).times
    assert read("20261025_023000.mp4") == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp(),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC).timestamp(),
    )
    assert read("20261025T023000Z.mp4") == (
        datetime(2026, 10, 25, 2, 30, tzinfo=UTC).timestamp(),
        None,
    )


@pytest.mark.parametrize(
    ("naming", "path", "late", "unsure"),
    [
        ("segments", "2026-01-02_12-00-00-123456.mp4", 0.123456, 1e-6),
        ("segments", "2026-01-02_12-00-00-1234.mp4", 0.0, 1.0),
        ("segments", "2026-01-02_12-00-00.mp4", 0.0, 1.0),
        ("automatic", "20260102_120000.250.mp4", 0.0, 1.0),
        ("automatic", "20260102_120000,250000Z.mp4", 0.0, 1.0),
        ("automatic", "20260102_120000.1.mp4", 0.0, 1.0),
        ("automatic", "20260102_120000.1234567.mp4", 0.0, 1.0),
        ("automatic", "holiday.mp4", 0.0, 1.0),
        ("unix", "1706108297.250.mp4", 0.0, 1.0),
        ("file_time", "2026-01-02_12-00-00-123456.mp4", 0.0, 1.0),
    ],
)
def test_what_names_tell_beyond_the_second(
    naming: str, path: str, late: float, unsure: float
) -> None:
    """Only `%f` is of the time: digits behind a second are as often a number."""
    told = naming_of({"naming": naming}, "UTC").finer(path)
    assert told == pytest.approx((late, unsure))


@UNHURRIED
@given(
    st.integers(0, 999_999),
    st.integers(1, 9),
    st.sampled_from(".,"),
    st.sampled_from(["", "Z", "+0100", " PM"]),
)
def test_a_number_behind_a_second_changes_no_time(
    number: int, width: int, mark: str, after: str
) -> None:
    """Counters of recorders look like fractions; no name tells which of them it is."""
    automatic = naming_of({"naming": "automatic"}, "UTC")
    told = f"20260102_120000{mark}{number:0{width}}{after}.mp4"
    assert automatic.finer(told) == (0.0, 1.0)
    assert automatic.times(told) == automatic.times(f"20260102_120000{after}.mp4")


def test_an_end_that_is_named_to_the_frame() -> None:
    """How long the pictures before it last is not known as well."""
    source = {"naming": "segments", "name_is": "end"}
    naming = naming_of(source, "UTC")
    assert naming.finer("2026-01-02_12-00-00-123456.mp4") == (0.0, 1.0)


def test_every_naming_can_be_chosen() -> None:
    """But for `custom`, without anything else."""
    for name in NAMINGS:
        assert naming(name, "%s").zone is UTC


def test_frigate_writes_utc_whatever_the_home_is() -> None:
    """Unless the owner says otherwise."""
    path = "2026-11-20/12/front/34.56.mp4"
    times = naming_of({"naming": "frigate"}, AMSTERDAM).times(path)
    assert times == (NOON.timestamp(), None)
    local = naming_of({"naming": "frigate", "time_zone": AMSTERDAM}, "UTC").times(path)
    assert local == (NOON.timestamp() - 3600, None)


def test_unix_times_have_no_zone() -> None:
    """They are the same anywhere."""
    assert naming_of({"naming": "unix"}, AMSTERDAM).times("1795178096.mp4") == (
        NOON.timestamp(),
        None,
    )


@pytest.mark.parametrize(
    ("source", "code", "field"),
    [
        ({"naming": "nonsense"}, "naming_unknown", "naming"),
        ({"naming": "unix", "name_is": "middle"}, "name_is_unknown", "name_is"),
        (
            {"naming": "unix", "time_zone": "Mars/Base"},
            "time_zone_unknown",
            "time_zone",
        ),
        (
            {"naming": "unix", "time_zone": "../../etc/passwd"},
            "time_zone_unknown",
            "time_zone",
        ),
        ({"naming": "unix", "time_zone": "Europe"}, "time_zone_unknown", "time_zone"),
        ({"naming": "custom"}, "pattern_empty", "pattern"),
    ],
)
def test_settings_that_make_no_sense(
    source: dict[str, str], code: str, field: str
) -> None:
    """Each is told at its field."""
    with pytest.raises(NamingError) as caught:
        naming_of(source, "UTC")
    assert (caught.value.code, caught.value.field) == (code, field)


def test_empty_settings_are_defaults() -> None:
    """A form hands over empty strings for what was left open."""
    source = {"naming": "", "pattern": "", "time_zone": "", "name_is": "", "camera": ""}
    read_by = naming_of(source, AMSTERDAM)
    assert read_by.zone == ZoneInfo(AMSTERDAM)
    assert not read_by.ends
    assert read_by.times("20261120_133456.mp4") == (NOON.timestamp(), None)


class TestClockChanges:
    """Names in local time, on the two nights of the year."""

    local = naming_of({"naming": "segments"}, AMSTERDAM)

    def test_an_hour_that_comes_twice_has_two_readings(self) -> None:
        """Amsterdam, 25 October 2026: 02:30 is 00:30 and 01:30 UTC."""
        assert self.local.times("2026-10-25_02-30-00.mp4") == (
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp(),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC).timestamp(),
        )
        assert self.local.times("2026-10-25_03-00-00.mp4") == (
            datetime(2026, 10, 25, 2, 0, tzinfo=UTC).timestamp(),
            None,
        )

    def test_an_hour_that_is_skipped_comes_from_a_late_clock(self) -> None:
        """Amsterdam, 29 March 2026: 02:30 never was; the clock was not yet put on."""
        assert self.local.times("2026-03-29_02-30-00.mp4") == (
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC).timestamp(),
            None,
        )


def around(moment: datetime, **length: float) -> tuple[float, float]:
    """Return a span that begins at a moment."""
    return moment.timestamp(), (moment + timedelta(**length)).timestamp()


class TestFolders:
    """Which folders may hold a span."""

    @pytest.mark.parametrize(
        ("preset", "folder", "may"),
        [
            ("frigate", "", True),
            ("frigate", "recordings", True),
            ("frigate", "clips", False),
            ("frigate", "2026-11-20", True),
            ("frigate", "2026-11-18", False),
            ("frigate", "2026-11-20/12", True),
            ("frigate", "2026-11-20/11", True),
            ("frigate", "2026-11-20/13", True),
            ("frigate", "2026-11-20/10", False),
            ("frigate", "2026-11-20/15", False),
            ("frigate", "2026-11-20/12/front", True),
            ("frigate", "2026-11-20/12/front/x", False),
            ("motioneye", "2026-11-19", True),
            ("motioneye", "2026-11-22", False),
            ("motioneye", "lastsnap", False),
            ("reolink_ftp", "2026", True),
            ("reolink_ftp", "2024", False),
            ("reolink_ftp", "2026/11", True),
            ("reolink_ftp", "2026/09", False),
            ("reolink_ftp", "2026/11/20", True),
            ("reolink_ftp", "2026/11/17", False),
            ("synology", "20261120AM", True),
            ("synology", "20261117PM", False),
            ("unix", "Porch 2024/1", True),
            ("unix", "2024/01", False),
            ("automatic", "front/2026-11-20", True),
            ("automatic", "front/2026-11-10", False),
            ("automatic", "front/2026/11/10", False),
            ("automatic", "front/2026/11/20/03", True),
            ("automatic", "front/2026/02/31", True),
            ("automatic", "front/01", True),
            ("file_time", "2020/01/01", True),
        ],
    )
    def test_may_hold(self, preset: str, folder: str, may: bool) -> None:
        """A folder of another day is not opened."""
        assert naming(preset).may_hold(folder, around(NOON, minutes=5)) is may

    def test_the_camera_of_another_is_not_looked_into(self) -> None:
        """Frigate keeps all cameras of an hour side by side."""
        porch = naming("frigate", camera="porch")
        span = around(NOON, minutes=5)
        assert porch.may_hold("2026-11-20/12/porch", span)
        assert not porch.may_hold("2026-11-20/12/drive", span)

    def test_any_time_is_any_folder_that_fits(self) -> None:
        """For a scan of all there is."""
        assert naming("frigate").may_hold("2020-01-01/00", None)
        assert not naming("frigate").may_hold("2020-01-01/xx", None)

    def test_a_folder_named_by_its_year_end(self) -> None:
        """December ends in January."""
        by_month = naming(pattern="%Y-%m/%d_%H%M%S")
        new_year = datetime(2027, 1, 1, tzinfo=UTC)
        assert by_month.may_hold("2026-12", around(new_year, minutes=5))
        assert by_month.may_hold("2027-01", around(new_year, minutes=5))
        assert not by_month.may_hold("2026-11", around(new_year, minutes=5))

    def test_a_folder_that_is_no_date_may_hold_anything(self) -> None:
        """The 31st of February rules nothing out."""
        assert naming(pattern="%Y%m%d/%H%M%S").may_hold(
            "20260231", around(NOON, days=1)
        )


def test_only_videos_count() -> None:
    """By the file's type; hidden and half-written files do not."""
    names = ["a.mp4", "B.MKV", "c.ts", ".a.mp4", "~a.mp4", "a.jpg", "mp4", "a.mp4.part"]
    assert [name for name in names if is_video(name)] == ["a.mp4", "B.MKV", "c.ts"]


def test_folders_of_the_system_are_hidden() -> None:
    """What NAS boxes and trash cans leave."""
    names = [".trash", "@eaDir", "#recycle", "$RECYCLE.BIN", "front"]
    assert [name for name in names if not is_hidden(name)] == ["front"]


moments = st.integers(1_104_534_000, 1_988_150_400).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
zones = st.sampled_from(["UTC", AMSTERDAM, "America/St_Johns", "Australia/Lord_Howe"])


@UNHURRIED
@given(st.text(max_size=80), st.sampled_from([*PRESETS, "automatic"]))
def test_any_path_is_read_or_not(path: str, preset: str) -> None:
    """A stranger's file name never crashes."""
    times = naming(preset).times(path)
    assert times is None or times[0] > 0


@UNHURRIED
@given(
    moments,
    zones,
    st.floats(0, 3600),
    st.sampled_from(["frigate", "motioneye", "reolink_ftp"]),
)
def test_a_recording_is_never_in_a_folder_passed_over(
    moment: datetime, zone: str, length: float, preset: str
) -> None:
    """Every folder on the way to it may hold each moment of it."""
    pattern = PRESETS[preset].patterns[-1].replace("{camera}", "cam")
    local = moment.astimezone(ZoneInfo(zone))
    folders = local.strftime(pattern).split("/")[:-1]
    reading = naming(preset, time_zone=zone)
    end = moment + timedelta(seconds=length)
    for depth in range(len(folders) + 1):
        below = "/".join(folders[:depth])
        assert reading.may_hold(below, around(end, seconds=1))
        assert reading.may_hold(below, around(moment, seconds=1))
