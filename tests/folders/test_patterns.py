"""The language in which owners write how files are named."""

import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.clip_consent.home.sources.patterns import NamingError, Pattern

from .reading import AMSTERDAM, NOON, naming, read

UNHURRIED = settings(deadline=None)  # a busy machine is no failure


class TestPattern:
    """The language that owners write."""

    @pytest.mark.parametrize(
        ("pattern", "path"),
        [
            ("%Y-%m-%d/%H-%M-%S", "2026-11-20/12-34-56.mp4"),
            ("%Y-%m-%d/%H-%M-%S.mp4", "2026-11-20/12-34-56.mkv"),
            ("%YY%mM%dD%HH/%MM%SS*", "2026Y11M20D12H/34M56S10.mp4"),
            ("*_%Y%m%d*%H%M%S*", "a_b_20261120-_-123456xyz.mp4"),
            ("cam.+[1]_%Y%m%d%H%M%S", "cam.+[1]_20261120123456.mp4"),
            ("100%%_%Y%m%d%H%M%S", "100%_20261120123456.mp4"),
            ("%Y-%m-%d/*/%Y-%m-%d %H.%M.%S", "2026-11-19/x/2026-11-20 12.34.56.mp4"),
            ("**/%d.%m.%Y %H.%M.%S", "a/b/c/20.11.2026 12.34.56.mp4"),
            (" %Y%m%d_%H%M%S ", "20261120_123456.mp4"),
        ],
    )
    def test_reads(self, pattern: str, path: str) -> None:
        """Fields, wildcards, literal signs; the time nearest to the file counts."""
        assert read("custom", path, pattern=pattern) == NOON

    def test_a_name_may_say_that_it_is_in_utc(self) -> None:
        """Then it is, whatever the recorder's zone."""
        path, pattern = "gate.20261120_123456Z.mp4", "*.%Y%m%d_%H%M%S%Z"
        assert read("custom", path, pattern=pattern, time_zone=AMSTERDAM) == NOON

    def test_seconds_may_be_missing(self) -> None:
        """Then it is the full minute."""
        expected = NOON.replace(second=0)
        assert read("custom", "20261120 1234.mp4", pattern="%Y%m%d %H%M") == expected

    def test_a_leap_second_is_the_second_before(self) -> None:
        """Python has no name for it."""
        assert read("custom", "20261120123460.mp4", pattern="%Y%m%d%H%M%S") == (
            NOON.replace(second=59)
        )

    @pytest.mark.parametrize(
        "path",
        [
            "x2026-11-20/12-34-56.mp4",
            "2026-11-20/12-34-56x.mp4",
            "2026-11-20/x/12-34-56.mp4",
            "12-34-56.mp4",
            "٢٠٢٦-11-20/12-34-56.mp4",
        ],
    )
    def test_is_anchored(self, path: str) -> None:
        """The whole path has to fit, in plain digits."""
        assert read("custom", path, pattern="%Y-%m-%d/%H-%M-%S") is None

    def test_the_camera_is_told_and_can_be_asked_for(self) -> None:
        """Cameras that share a folder are told apart by it."""
        pattern = "{camera}/%Y/{camera}-%Y%m%d%H%M%S"
        path = "porch/2026/porch-20261120123456.mp4"
        fields = naming(pattern=pattern).fields(path)
        assert fields is not None
        assert fields["camera"] == "porch"
        assert read("custom", path, pattern=pattern, camera="porch") == NOON
        assert read("custom", path, pattern=pattern, camera="drive") is None
        other = "porch/2026/drive-20261120123456.mp4"
        assert read("custom", other, pattern=pattern) is None

    def test_the_same_camera_twice_in_one_name(self) -> None:
        """Both must agree there too."""
        pattern = "{camera}_%Y%m%d%H%M%S_{camera}"
        assert read("custom", "a_20261120123456_a.mp4", pattern=pattern) == NOON
        assert read("custom", "a_20261120123456_b.mp4", pattern=pattern) is None

    def test_a_camera_name_is_no_regular_expression(self) -> None:
        """It is taken letter by letter."""
        pattern = "{camera}.%s"
        assert read("custom", "a+.1795178096.mp4", pattern=pattern, camera="a+") == NOON
        assert read("custom", "aa.1795178096.mp4", pattern=pattern, camera="a+") is None

    @pytest.mark.parametrize(
        ("pattern", "code", "placeholders"),
        [
            ("", "pattern_empty", {}),
            ("  ", "pattern_empty", {}),
            ("%Y-%m-%d", "pattern_without_time", {"missing": "%H %M"}),
            ("*", "pattern_without_time", {"missing": "%Y %m %d %H %M"}),
            ("%Y-%m-%d %H:%M:%S %z", "pattern_unknown_field", {"token": "%z"}),
            ("%s%", "pattern_unknown_field", {"token": "%"}),
            ("{cam}%s", "pattern_unknown_field", {"token": "{"}),
            ("/media/%s", "pattern_not_relative", {}),
            ("../%s", "pattern_not_relative", {}),
            ("a//%s", "pattern_not_relative", {}),
            ("%s/", "pattern_not_relative", {}),
            ("a\\%s", "pattern_not_relative", {}),
            ("**/a/%s", "pattern_any_folder", {}),
            ("a/**/%s", "pattern_any_folder", {}),
            ("a**%s", "pattern_any_folder", {}),
            ("x" * 199 + "%s", "pattern_too_long", {}),
            ("a/" * 8 + "%s", "pattern_too_long", {}),
        ],
    )
    def test_says_what_is_wrong(
        self, pattern: str, code: str, placeholders: dict[str, str]
    ) -> None:
        """At the field, with a code."""
        with pytest.raises(NamingError) as caught:
            Pattern(pattern)
        assert caught.value.code == code
        assert caught.value.field == "pattern"
        assert caught.value.placeholders == placeholders

    @pytest.mark.timeout(20)
    @pytest.mark.parametrize(
        "pattern",
        [
            "*a" * 60 + "%s",
            "*%s" * 30 + "*x",
            "{camera}" + "*1" * 60 + "%s",
            "*?" * 90 + "%s",
        ],
    )
    def test_a_hostile_name_takes_no_time(self, pattern: str) -> None:
        """Wildcards never multiply: sixty of them are read in one go."""
        compiled = Pattern(pattern)
        for name in ("a" * 250, "1" * 250, "a1" * 125, "1795178096" * 25):
            assert compiled.read([name + "!"]) is None

    def test_shows_itself(self) -> None:
        """For whoever reads a failing test."""
        assert "20[0-9]{2}" in repr(Pattern("%Y%m%d%H%M"))


moments = st.integers(1_104_534_000, 1_988_150_400).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
fillings = st.text(st.characters(exclude_characters="/\0"), max_size=6)
zones = st.sampled_from(["UTC", AMSTERDAM, "America/St_Johns", "Australia/Lord_Howe"])


@UNHURRIED
@given(
    moments,
    zones,
    st.permutations(["%Y", "%m", "%d", "%H", "%M", "%S"]),
    st.lists(
        st.sampled_from(["-", "_", ".", "/", " ", "T", "%%"]), min_size=5, max_size=5
    ),
)
def test_a_pattern_reads_back_what_it_wrote(
    moment: datetime, zone: str, fields: list[str], between: list[str]
) -> None:
    """Any order of fields, any zone; in a repeated hour it is one of the readings."""
    pattern = "".join(f + b for f, b in zip(fields, [*between, ""], strict=True))
    path = moment.astimezone(ZoneInfo(zone)).strftime(pattern) + ".mp4"
    times = naming(pattern=pattern, time_zone=zone).times(path)
    assert times is not None
    assert moment.timestamp() in times


@UNHURRIED
@given(moments, fillings, fillings)
def test_wildcards_take_anything(moment: datetime, before: str, after: str) -> None:
    """Whatever stands there, but for a slash, the time is read, if signs frame it."""
    pattern = "*<%Y%m%d%H%M%S>*"
    path = f"{before}{moment:<%Y%m%d%H%M%S>}{after}.mp4"
    assert naming(pattern=pattern).times(path) == (moment.timestamp(), None)


@UNHURRIED
@given(st.text(max_size=60))
def test_any_pattern_works_or_says_why(pattern: str) -> None:
    """What an owner types never crashes."""
    with contextlib.suppress(NamingError):
        Pattern(pattern).read(["x"])
