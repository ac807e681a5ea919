"""Any other recording tree, by the mapping that the owner made by browsing."""

from dataclasses import replace
from datetime import datetime, timedelta
import json
import os
from pathlib import Path
import threading
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.core.models import Camera, Piece, Window
from custom_components.clip_consent.home.sources import media_near, media_tree
from custom_components.clip_consent.home.sources.media import HomeMedia
from custom_components.clip_consent.home.sources.media_memory import Memory
from custom_components.clip_consent.home.sources.media_tree import branch_of
from custom_components.clip_consent.home.sources.naming import Naming
from custom_components.clip_consent.home.sources.patterns import NamingError
from tests.films import make_film

from .home import NOON, camera, home_media, part_of_film, span
from .toy import add_toy

ROOM = 2**26
LOCAL = "media-source://media_source/local"


def local(levels: list[str | None], root: str = LOCAL, **changes: str) -> Camera:
    """Return a camera in that mapping, on UTC."""
    reading = {"naming": "automatic", "time_zone": "UTC", "name_is": "start"}
    return camera(
        system="tree", root=root, levels=json.dumps(levels), **{**reading, **changes}
    )


@pytest.fixture(scope="session")
def minute(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a minute of film."""
    return make_film(tmp_path_factory.mktemp("minute") / "film.mp4", 60)


@pytest.fixture
def dirs(home: HomeAssistant, tmp_path: Path) -> Path:
    """Return the folder of Home Assistant's own media."""
    folder = tmp_path / "media"
    folder.mkdir()
    home.config.media_dirs["local"] = str(folder)
    return folder


def record(folder: Path, name: str, film: Path, at: datetime, seconds: float) -> Path:
    """Put a film into a folder, written until it ended."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(film.read_bytes())
    ended = at.timestamp() + seconds
    os.utime(file, (ended, ended))
    return file


def add_minutes(dirs: Path, minute: Path, camera_name: str, *starts: int) -> list[Path]:
    """Record minutes, each so many seconds after noon, as day/camera/time."""
    return [
        record(
            dirs,
            f"{at:%Y-%m-%d}/{camera_name}/{at:%H-%M-%S}.mp4",
            minute,
            at,
            60,
        )
        for start in starts
        if (at := NOON + timedelta(seconds=start))
    ]


async def bring(
    media: HomeMedia,
    porch: Camera,
    pieces: tuple[Piece, ...],
    window: Window,
    folder: Path,
) -> tuple[Piece, ...]:
    """Fetch what was found."""
    folder.mkdir(exist_ok=True)
    return await media.async_bring(
        porch,
        pieces,
        window=window,
        folder=folder,
        max_bytes=ROOM,
        progress=lambda _: None,
    )


async def problem_of(media: HomeMedia, porch: Camera, window: Window) -> str:
    """Return the code of a search that fails."""
    with pytest.raises(SourceError) as caught:
        await media.async_find(porch, window)
    return caught.value.code


async def test_home_assistant_s_own_media(
    media: HomeMedia, dirs: Path, minute: Path
) -> None:
    """Day, camera, time: its files are used where they are, and measured."""
    files = add_minutes(dirs, minute, "Porch", 0, 60, 7200)
    add_minutes(dirs, minute, "Yard", 0)
    porch = local([None, "Porch"])
    found = await media.async_find(porch, span(30, 60))
    assert [(one.path, one.start, one.seconds, one.remote) for one in found] == [
        (str(files[0]), NOON, pytest.approx(60), False),
        (str(files[1]), NOON + timedelta(minutes=1), pytest.approx(60), False),
    ]
    brought = await media.async_bring(
        porch,
        found,
        window=span(30, 20),
        folder=dirs,
        max_bytes=0,
        progress=lambda _: None,
    )
    assert brought == found[:1]
    assert await media.async_picture(porch, NOON) is None
    assert await media.async_detections(porch, span(0, 60)) == ()
    health = await media.async_health(porch)
    assert health.state is HealthState.OK
    assert await media.async_left_out(porch, span(0, 60)) is None
    assert not await media.async_find(porch, span(600, 60))


async def test_names_that_tell_the_end(
    media: HomeMedia, dirs: Path, minute: Path
) -> None:
    """The file is measured, so its beginning is known."""
    add_minutes(dirs, minute, "Porch", 60)
    (one,) = await media.async_find(local([None, "Porch"], name_is="end"), span(0, 60))
    assert one.window == Window(
        start=pytest.approx(NOON, abs=timedelta(seconds=0.1)),
        end=NOON + timedelta(minutes=1),
    )


async def test_a_pattern_over_titles(
    media: HomeMedia, dirs: Path, minute: Path
) -> None:
    """The same patterns as for folders, cameras in the name among them."""
    for name in ("front", "back"):
        record(dirs, f"all/{name}_1200_on_20260601.mp4", minute, NOON, 60)
    source = {"naming": "custom", "pattern": "*/{camera}_%H%M_on_%Y%m%d"}
    front = local(["all"], camera="front", **source)
    (one,) = await media.async_find(front, span(0, 60))
    assert one.path.endswith("front_1200_on_20260601.mp4")


async def test_only_the_days_that_are_needed(
    home: HomeAssistant, media: HomeMedia
) -> None:
    """A tree of years is not walked for a minute."""
    days = {f"2026-{month:02}-{day:02}": {} for month in (4, 5) for day in range(1, 31)}
    toy = add_toy(home, {**days, "2026-06-01": {"12:00:00": b"", "x.jpg": b""}})
    porch = local([None], "media-source://toy", seconds="60")
    (one,) = await media.async_find(porch, span(0, 60))
    assert (one.start, one.seconds, one.remote) == (NOON, 60, True)
    assert toy.browsed == ["", "2026-06-01"]
    await media.async_find(porch, span(10, 20))
    assert len(toy.browsed) == 2


async def test_what_is_not_on_this_machine(
    home: HomeAssistant, media: HomeMedia, minute: Path, tmp_path: Path
) -> None:
    """It lasts until the next one, the longest at most; fetched, it is measured."""
    film = minute.read_bytes()
    toy = add_toy(
        home,
        {"Porch": {"2026-06-01 12/00/00": film, "2026-06-01 12-01-00": film}},
    )
    porch = local(["Porch"], "media-source://toy", seconds="90")
    found = await media.async_find(porch, span(0, 600))
    assert [(one.seconds, one.remote) for one in found] == [
        (60, True),
        (pytest.approx(60), True),  # at an edge it is measured at once
    ]
    found = (found[0], replace(found[1], seconds=90))  # as nobody measured it
    toy.url = "/api/toy/Porch>2026-06-01 12-01-00"
    told: list[float] = []
    brought = await media.async_bring(
        porch,
        found,
        window=span(50, 65),
        folder=tmp_path,
        max_bytes=ROOM,
        progress=told.append,
    )
    assert [one.remote for one in brought] == [False, False]
    assert [one.seconds for one in brought] == [pytest.approx(60)] * 2
    assert told[-1] == 1.0
    assert sorted(told) == told
    with pytest.raises(SourceError) as caught:
        await media.async_bring(
            porch,
            found,
            window=span(100, 50),
            folder=tmp_path / "none",
            max_bytes=ROOM,
            progress=told.append,
        )
    assert caught.value.code == "media_no_room"
    for file in tmp_path.glob("brought-*"):
        file.unlink()
    with pytest.raises(SourceError) as caught:
        await media.async_bring(
            porch,
            found,
            window=span(100, 50),
            folder=tmp_path,
            max_bytes=ROOM,
            progress=told.append,
        )
    assert caught.value.code == "media_shorter"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mime": "application/x-mpegURL"}, "media_stream_only"),
        ({"url": "https://cloud.example/film.mp4"}, "media_elsewhere"),
        ({"url": "/api/toy/nothing"}, "media_answer_broken"),
    ],
)
async def test_a_film_that_cannot_be_fetched(
    home: HomeAssistant,
    media: HomeMedia,
    tmp_path: Path,
    changes: dict[str, str],
    code: str,
) -> None:
    """Each by its code."""
    toy = add_toy(home, {"2026-06-01 12-00-00": b""})
    for name, value in changes.items():
        setattr(toy, name, value)
    porch = local([], "media-source://toy")
    found = await media.async_find(porch, span(0, 60))
    with pytest.raises(SourceError) as caught:
        await media.async_bring(
            porch,
            found,
            window=span(0, 60),
            folder=tmp_path,
            max_bytes=ROOM,
            progress=lambda _: None,
        )
    assert caught.value.code == code


async def test_titles_that_tell_the_end_of_a_distant_film(
    home: HomeAssistant, media: HomeMedia
) -> None:
    """It lasts from the one before, the longest at most."""
    films = {f"2026-06-01 12-0{n}-00": b"" for n in (0, 1, 9)}
    add_toy(home, films)
    porch = local([], "media-source://toy", name_is="end", seconds="90")
    found = await media.async_find(porch, span(0, 600))
    assert [(one.start - NOON).total_seconds() for one in found] == [0, 450]
    assert [one.seconds for one in found] == [60, 90]


def remote(title: str, start: float, seconds: float) -> Piece:
    """Return a distant film as one that was found, in seconds from noon."""
    path = f"media-source://toy/{title}"
    window = span(start, seconds)
    return Piece(path=path, start=window.start, seconds=seconds, remote=True)


@pytest.mark.parametrize("said", [300, 60, 40])
async def test_a_distant_film_whose_title_tells_the_end(
    home: HomeAssistant, media: HomeMedia, minute: Path, tmp_path: Path, said: int
) -> None:
    """Fetched and measured, it begins as much before its end as it is long."""
    add_toy(home, {"2026-06-01 12-10-00": minute.read_bytes()})
    porch = local([], "media-source://toy", name_is="end")
    piece = remote("2026-06-01 12-10-00", 600 - said, said)
    (brought,) = await bring(media, porch, (piece,), span(575, 20), tmp_path)
    assert not brought.remote
    assert brought.seconds == pytest.approx(60)
    assert (brought.start - NOON).total_seconds() == pytest.approx(540)
    if said == 300:  # and it holds nothing of what it was taken to hold
        with pytest.raises(SourceError) as caught:
            await bring(media, porch, (piece,), span(305, 20), tmp_path / "other")
        assert caught.value.code == "media_shorter"


async def test_a_distant_film_reaches_into_the_one_before(
    home: HomeAssistant, media: HomeMedia, minute: Path, tmp_path: Path
) -> None:
    """No moment is there twice: the later one's own length counts."""
    film = minute.read_bytes()
    titles = ("2026-06-01 12-10-00", "2026-06-01 12-10-40")
    add_toy(home, dict.fromkeys(titles, film))
    porch = local([], "media-source://toy", name_is="end")
    pieces = (remote(titles[0], 560, 40), remote(titles[1], 600, 40))
    found = await bring(media, porch, pieces, span(570, 60), tmp_path)
    assert [(one.start - NOON).total_seconds() for one in found] == [
        pytest.approx(540),
        pytest.approx(580),
    ]
    assert [one.seconds for one in found] == [pytest.approx(40), pytest.approx(60)]


@pytest.mark.parametrize("name_is", ["start", "end"])
async def test_a_distant_film_longer_than_the_one_that_was_measured(
    home: HomeAssistant, media: HomeMedia, minute: Path, name_is: str
) -> None:
    """At the edges of a window it is measured too: what is there is found."""
    at = "2026-06-01 12-10-00" if name_is == "start" else "2026-06-01 12-11-00"
    toy = add_toy(home, {at: minute.read_bytes()})
    porch = local([], "media-source://toy", name_is=name_is, seconds="20")
    late = span(632, 8) if name_is == "start" else span(610, 8)
    (found,) = await media.async_find(porch, late)
    assert (found.start - NOON).total_seconds() == pytest.approx(600)
    assert found.seconds == pytest.approx(60)
    assert await media.async_left_out(porch, late) is None
    # fetched once for all searches of an hour
    toy.url = "https://cloud.example/{path}"
    assert await media.async_find(porch, late) == (found,)
    nothing = span(665, 20) if name_is == "start" else span(580, 15)
    assert await media.async_find(porch, nothing) == ()
    assert await media.async_left_out(porch, nothing) is None
    assert not list(Path(home.config.cache_path("clip_consent")).glob("*"))


async def test_a_distant_film_that_cannot_be_measured(
    home: HomeAssistant, media: HomeMedia
) -> None:
    """It may be of the window: that is said, and not that there is nothing."""
    add_toy(home, {"2026-06-01 12-10-00": b""})
    porch = local([], "media-source://toy", seconds="20")
    assert await media.async_find(porch, span(630, 10)) == ()
    assert await media.async_left_out(porch, span(630, 10)) == (
        "recording_unreadable_then"
    )
    far = span(600 + media_near.MOST_SECONDS, 10)
    assert await media.async_left_out(porch, far) is None
    (found,) = await media.async_find(porch, span(610, 30))
    assert found.seconds == 20


async def test_a_distant_film_of_a_recorder_whose_clock_is_off(
    home: HomeAssistant, tmp_path: Path, minute: Path
) -> None:
    """Whether it may still be written is judged by that clock."""
    add_toy(home, {"2026-06-01 12-00-00": minute.read_bytes()})
    porch = local([], "media-source://toy", seconds="60")
    ahead, behind = (replace(porch, clock_ahead=off) for off in (3600.0, -3600.0))
    media = home_media(home, tmp_path, lambda: NOON - timedelta(minutes=50))
    assert len(await media.async_find(ahead, span(0, 60))) == 1
    await media.async_close()
    media = home_media(home, tmp_path, lambda: NOON + timedelta(minutes=61))
    assert not await media.async_find(behind, span(0, 60))
    assert await media.async_left_out(behind, span(0, 60)) == "recording_still_written"
    await media.async_close()


@pytest.mark.parametrize("after", [10, 70])
async def test_a_distant_film_that_grows(
    home: HomeAssistant, tmp_path: Path, minute: Path, after: int
) -> None:
    """It began just now, or is longer already than the one that was measured."""
    add_toy(home, {"2026-06-01 12-00-00": minute.read_bytes()})
    media = home_media(home, tmp_path, lambda: NOON + timedelta(seconds=after))
    porch = local([], "media-source://toy", seconds="1")
    assert not await media.async_find(porch, span(0, 9))
    assert await media.async_left_out(porch, span(0, 9)) == "recording_still_written"
    await media.async_close()


async def test_what_cannot_be_used_is_told(
    home: HomeAssistant, dirs: Path, minute: Path, tmp_path: Path
) -> None:
    """Growing, broken and vanished files are left out, and why is said."""
    now = NOON + timedelta(seconds=70)
    media = home_media(home, tmp_path, lambda: now)
    porch = local([None, "Porch"])
    (file,) = add_minutes(dirs, minute, "Porch", 0)
    window = span(0, 60)
    assert not await media.async_find(porch, window)
    assert await media.async_left_out(porch, window) == "recording_still_written"
    for content in (b"", b"\x00" * 1000):
        file.write_bytes(content)
        os.utime(file, (NOON.timestamp(), NOON.timestamp()))
        assert not await media.async_find(porch, window)
        left = await media.async_left_out(porch, window)
        assert left == "recording_unreadable_then"
    with patch.object(media_tree.os, "stat", side_effect=OSError):
        assert await media.async_left_out(porch, window) == "recording_unreadable_then"
    await media.async_close()


async def test_a_film_without_an_end(
    home: HomeAssistant, dirs: Path, minute: Path, tmp_path: Path
) -> None:
    """A container that does not say how long it is, is still being written."""
    from custom_components.clip_consent.core.errors import MediaError

    async def probe(path: str) -> float:
        raise MediaError("recording_unfinished")

    media = HomeMedia(home, probe=probe, now=lambda: NOON + timedelta(hours=1))
    add_minutes(dirs, minute, "Porch", 0)
    porch = local([None, "Porch"])
    assert await media.async_left_out(porch, span(0, 60)) == "recording_still_written"
    await media.async_close()


async def test_a_distant_film_of_just_now(home: HomeAssistant, tmp_path: Path) -> None:
    """It may still be written."""
    add_toy(home, {"2026-06-01 12-00-00": b""})
    media = home_media(home, tmp_path, lambda: NOON + timedelta(seconds=70))
    porch = local([], "media-source://toy", seconds="60")
    assert not await media.async_find(porch, span(0, 60))
    assert await media.async_left_out(porch, span(0, 60)) == "recording_still_written"
    await media.async_close()


async def test_the_hour_that_a_clock_change_repeats(
    home: HomeAssistant, dirs: Path, minute: Path, tmp_path: Path
) -> None:
    """A file on this machine says by when it was written which one it is of."""
    autumn = datetime.fromisoformat("2025-10-26T00:30:00+00:00")
    record(dirs, "summer/2025-10-26 02-30-00.mp4", minute, autumn, 60)
    winter = autumn + timedelta(hours=1)
    record(dirs, "winter/2025-10-26 02-30-00.mp4", minute, winter, 60)
    media = home_media(home, tmp_path)
    window = Window(start=autumn - timedelta(hours=1), end=autumn + timedelta(hours=2))
    for folder, at in (("summer", autumn), ("winter", winter)):
        porch = local([folder], time_zone="Europe/Amsterdam")
        (one,) = await media.async_find(porch, window)
        assert one.start == at
    await media.async_close()


@pytest.mark.parametrize("change", ["2025-10-26T01:00", "2026-03-29T01:00"])
async def test_the_nights_when_clocks_change(
    media: HomeMedia, dirs: Path, minute: Path, change: str
) -> None:
    """Two hours' recordings lie between each other by their titles, or none does."""
    begin = datetime.fromisoformat(f"{change}+00:00") - timedelta(minutes=70)
    starts = [begin + timedelta(seconds=607 * number) for number in range(16)]
    for at in starts:
        local_time = at.astimezone(ZoneInfo("Europe/Amsterdam"))
        record(dirs, f"Porch/{local_time:%Y-%m-%d_%H-%M-%S}.mp4", minute, at, 60)
    porch = local(["Porch"], time_zone="Europe/Amsterdam")
    for at in starts:
        asked = Window(start=at + timedelta(seconds=30), end=at + timedelta(seconds=40))
        assert [one.start for one in await media.async_find(porch, asked)] == [at]


async def test_a_long_film_beside_short_ones(
    media: HomeMedia, dirs: Path, minute: Path
) -> None:
    """What moved is recorded once more, and hides nothing of what goes on."""
    film = record(dirs, f"Porch/{NOON:%Y-%m-%d_%H-%M-%S}.mp4", minute, NOON, 60)
    for seconds in (5, 10, 15):
        at = NOON + timedelta(seconds=seconds)
        short = dirs / f"Porch/{at:%Y-%m-%d_%H-%M-%S}.mp4"
        short.write_bytes(b"broken")
        os.utime(short, (at.timestamp(), at.timestamp()))
    short.write_bytes(part_of_film(minute, 15, 4))
    os.utime(short, (at.timestamp() + 4,) * 2)
    porch, asked = local(["Porch"]), span(40, 10)
    (one,) = await media.async_find(porch, asked)
    assert one.path == str(film)
    # those that broke ended before the last one began
    assert await media.async_left_out(porch, asked) is None


async def test_a_folder_that_is_gone(
    home: HomeAssistant, media: HomeMedia, dirs: Path
) -> None:
    """The camera's own folder or the source: a problem, not a day without footage."""
    toy = add_toy(home, {"Porch": {"2026-06-01": {}}, "Yard": {}})
    porch = local(["Garden", None], "media-source://toy")
    assert await problem_of(media, porch, span(0, 60)) == "media_gone"
    nested = local([None, "Garden"], "media-source://toy")
    assert await media.async_find(nested, span(0, 60)) == ()
    other = local([], "media-source://toy/Gone")
    assert await problem_of(media, other, span(0, 60)) == "media_gone"
    assert (await media.async_health(other)).state is HealthState.GONE
    nothing = local([], "media-source://nothing")
    assert await problem_of(media, nothing, span(0, 60)) == "media_gone"
    await media.async_keep([])
    toy.error = RuntimeError("a library")
    assert await problem_of(media, porch, span(0, 60)) == "media_recorder_failed"
    toy.error = TimeoutError()
    assert await problem_of(media, porch, span(0, 60)) == "media_slow"


async def test_a_title_that_two_folders_have(
    home: HomeAssistant, media: HomeMedia
) -> None:
    """Neither is gone into: one of them may be a camera that is kept back."""
    toy = add_toy(
        home,
        {
            "Porch": {"2026-06-01 12-00-00": b""},
            "Garden": {"2026-06-01 12-00-00": b""},
        },
    )
    porch = local(["Porch"], "media-source://toy")
    assert len(await media.async_find(porch, span(0, 60))) == 1
    toy.titles["Garden"] = "Porch"
    await media.async_keep([])
    assert await problem_of(media, porch, span(0, 60)) == "media_mapping_broken"


async def test_too_many_folders(home: HomeAssistant, media: HomeMedia) -> None:
    """A mapping that leads everywhere is refused."""
    add_toy(home, {f"folder {n}": {} for n in range(media_tree.MAX_FOLDERS + 1)})
    porch = local([None], "media-source://toy")
    assert await problem_of(media, porch, span(0, 60)) == "media_too_many"


@pytest.mark.parametrize(
    "changes",
    [
        {"root": "http://camera"},
        {"root": ""},
        {"levels": "{"},
        {"levels": "{}"},
        {"levels": "[1]"},
        {"levels": json.dumps([None] * 9)},
    ],
)
async def test_a_mapping_that_no_form_saves(
    media: HomeMedia, changes: dict[str, str]
) -> None:
    """It is refused before anything is looked at."""
    odd = local([])
    odd.source.update(changes)
    assert await problem_of(media, odd, span(0, 60)) == "media_mapping_broken"


async def test_settings_that_make_no_sense(media: HomeMedia) -> None:
    """Those of names are judged as for folders; a length that is none is not used."""
    odd = local([], time_zone="Nowhere/Here")
    with pytest.raises(NamingError) as caught:
        await media.async_find(odd, span(0, 60))
    assert caught.value.placeholders["camera"] == "Yard"
    odd = local([], naming="file_time")  # a title has no time of a file
    assert await problem_of(media, odd, span(0, 60)) == "naming_unknown"
    assert media_tree._seconds({"seconds": "long"}) == media_tree.UNMEASURED
    assert media_tree._seconds({"seconds": "0"}) == 1


def test_a_memory_forgets() -> None:
    """What is too old, and all of it if it were too much."""
    now = [0.0]
    memory: Memory[int, str] = Memory(lambda: now[0])
    assert memory.keep(1, "one", 10) == "one"
    assert memory.get(1) == "one"
    now[0] = 10
    assert memory.get(1) is None
    for number in range(5000):
        memory.keep(number, "x", 10)
    assert memory.get(0) is None
    assert memory.get(4999) == "x"
    memory.clear()
    assert memory.get(4999) is None


async def test_titles_are_read_beside_the_event_loop_and_not_at_any_length(
    media: HomeMedia, home: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A title may be a novel, and there may be many: nothing else waits for them."""
    novel = "2026-06-01 12-00-00 " + "0 1:2-" * 100_000
    toy = add_toy(home, {"day": {"2026-06-01 12-00-00": b"", "b": b"", "c": {}}})
    toy.titles |= {"b": novel, "c": novel}
    read: list[tuple[int, bool]] = []
    for name in ("times", "may_hold"):
        really = getattr(Naming, name)

        def watched(self: Naming, path: str, *more: Any, call: Any = really) -> Any:
            here = threading.current_thread() is threading.main_thread()
            read.append((len(path), here))
            return call(self, path, *more)

        monkeypatch.setattr(Naming, name, watched)
    items = await media.browser.async_items("media-source://toy/day")
    assert [len(item.title) for item in items] == [19, 255, 255]
    porch = local([None], root="media-source://toy", seconds="60")
    leaves, unread = await media.tree.async_leaves(
        branch_of(porch.source), await media.async_naming(porch.source), None
    )
    assert len(leaves) + unread == 2
    assert max(length for length, _ in read) < 3 * 255
    assert not any(here for _, here in read)
