"""Reolink, through Home Assistant's own component and its real library."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from aiohttp import web
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.core.models import Camera, Piece, Window
from custom_components.clip_consent.home.sources import media_browse, media_reolink
from custom_components.clip_consent.home.sources.media import HomeMedia

from .home import camera, home_media
from .reolink import Setup, Yard, running, set_up, utc, wall

ROOM = 2**26
ZONE = "Europe/Amsterdam"


def between(start: str, end: str) -> Window:
    """Return a window in UTC."""
    return Window(start=utc(start), end=utc(end))


NOON = between("2026-06-01T10:00", "2026-06-01T10:05")  # by the camera's clock, summer


@pytest.fixture
async def yard(film: Path) -> AsyncIterator[Yard]:
    """Return a camera with three files of a minute around noon."""
    yard = Yard(film=film)
    for minute in (0, 1, 2):
        yard.add(wall(f"2026-06-01T12:0{minute}:00"), 60)
    async with running(yard):
        yield yard


@pytest.fixture
async def setup(home: HomeAssistant, yard: Yard) -> AsyncIterator[Setup]:
    """Return the integration, set up, in a home with summer time."""
    await home.config.async_set_time_zone(ZONE)
    async with set_up(home, yard) as setup:
        yield setup


@pytest.fixture
def porch(setup: Setup) -> Camera:
    """Return a camera that is linked to it."""
    return camera(system="reolink", entity=setup.entity, stream="main")


async def bring(
    media: HomeMedia, porch: Camera, window: Window, folder: Path
) -> tuple[Piece, ...]:
    """Find and fetch a window."""
    pieces = await media.async_find(porch, window)
    return await media.async_bring(
        porch,
        pieces,
        window=window,
        folder=folder,
        max_bytes=ROOM,
        progress=lambda _: None,
    )


async def test_the_files_of_a_day_by_the_camera_s_clock(
    media: HomeMedia, yard: Yard, porch: Camera
) -> None:
    """Noon of the camera is ten o'clock UTC in summer."""
    found = await media.async_find(porch, NOON)
    assert [(one.start, one.seconds) for one in found] == [
        (utc(f"2026-06-01T10:0{minute}:00"), 60) for minute in (0, 1, 2)
    ]
    assert all(one.remote for one in found)
    (one,) = await media.async_find(
        porch, between("2026-06-01T10:01:10", "2026-06-01T10:01:20")
    )
    assert one.start == utc("2026-06-01T10:01:00")
    assert not await media.async_find(
        porch, between("2026-06-01T11:00", "2026-06-01T11:05")
    )
    assert await media.async_left_out(porch, NOON) is None


async def test_a_camera_on_another_clock(media: HomeMedia, setup: Setup) -> None:
    """Its zone is said with its settings."""
    porch = camera(system="reolink", entity=setup.entity, time_zone="UTC")
    assert not await media.async_find(porch, NOON)
    found = await media.async_find(
        porch, between("2026-06-01T12:00", "2026-06-01T12:05")
    )
    assert len(found) == 3


async def test_a_file_over_midnight(
    media: HomeMedia, yard: Yard, porch: Camera
) -> None:
    """It is listed under the day in which it begins."""
    yard.add(wall("2026-05-31T23:59:30"), 60)
    (one,) = await media.async_find(
        porch, between("2026-05-31T22:00:00", "2026-05-31T22:00:20")
    )
    assert one.start == utc("2026-05-31T21:59:30")
    assert sorted(set(yard.searched)) == [1, 31]


async def test_a_day_is_asked_for_once(
    media: HomeMedia, yard: Yard, porch: Camera
) -> None:
    """A search on the card takes a camera seconds."""
    await media.async_find(porch, NOON)
    asked = list(yard.searched)
    await media.async_find(porch, NOON)
    assert yard.searched == asked
    await media.async_keep([])
    await media.async_find(porch, NOON)
    assert len(yard.searched) == 2 * len(asked)


async def test_the_hour_that_a_clock_change_repeats(
    home: HomeAssistant, yard: Yard, setup: Setup, tmp_path: Path
) -> None:
    """The file's name tells summer time from winter time."""
    for flag, text in (("_DST", "02:30:00"), ("", "02:30:00")):
        start = wall(f"2025-10-26T{text}")
        yard.add(
            start,
            60,
            f"Mp4Record/2025-10-26/RecM01{flag}_20251026_023000_023100_0_1.mp4"
            if not flag
            else "Mp4Record/2025-10-26/RecM01_DST20251026_023000_023100_0_1.mp4",
        )
    media = home_media(home, tmp_path)
    porch = camera(system="reolink", entity=setup.entity)
    found = await media.async_find(
        porch, between("2025-10-25T23:00", "2025-10-26T03:00")
    )
    assert [one.start for one in found] == [
        utc("2025-10-26T00:30"),
        utc("2025-10-26T01:30"),
    ]
    await media.async_close()


async def test_a_window_becomes_files(
    media: HomeMedia, yard: Yard, porch: Camera, tmp_path: Path
) -> None:
    """Only the files that are needed are fetched, each from its first picture on."""
    window = between("2026-06-01T10:00:50", "2026-06-01T10:01:10")
    brought = await bring(media, porch, window, tmp_path)
    assert [(one.start, one.remote) for one in brought] == [
        (utc("2026-06-01T10:00:00"), False),
        (utc("2026-06-01T10:01:00"), False),
    ]
    assert [one.seconds for one in brought] == [pytest.approx(60, abs=0.2)] * 2
    assert all(Path(one.path).stat().st_size > 10_000 for one in brought)
    assert len(yard.fetched) == 2


async def test_a_recorder_cuts_its_files(
    media: HomeMedia, yard: Yard, setup: Setup, porch: Camera, tmp_path: Path
) -> None:
    """Files of a recorder that names no file come in parts of five minutes."""
    setup.client._is_nvr = True
    yard.files.clear()
    yard.add(wall("2026-06-01T12:00:00"), 1200, "1")
    found = await media.async_find(
        porch, between("2026-06-01T10:00", "2026-06-01T10:20")
    )
    assert [one.seconds for one in found] == [300, 300, 300, 300]
    yard.files[0] = (yard.files[0][0], yard.files[0][0] + timedelta(seconds=60), "1")
    await media.async_keep([])
    window = between("2026-06-01T10:00", "2026-06-01T10:01")
    (one,) = await bring(media, porch, window, tmp_path)
    assert one.window == window
    assert yard.fetched == ["120000.mp4"]


async def test_parts_of_one_file_are_one(
    media: HomeMedia, yard: Yard, setup: Setup, porch: Camera
) -> None:
    """A file with a name comes whole, so its parts are no recordings of their own."""
    setup.client._is_nvr = True
    yard.files.clear()
    yard.add(wall("2026-06-01T12:00:00"), 1200)
    (one,) = await media.async_find(
        porch, between("2026-06-01T10:07", "2026-06-01T10:08")
    )
    assert (one.start, one.seconds) == (utc("2026-06-01T10:00"), 1200)


async def test_a_camera_that_only_streams(
    media: HomeMedia, yard: Yard, porch: Camera, tmp_path: Path
) -> None:
    """It is said before the camera is asked to open a port for it."""
    yard.files = [(start, end, "noname") for start, end, _ in yard.files]
    with (
        patch("reolink_aio.api.Host.get_vod_source") as asked,
        pytest.raises(SourceError) as caught,
    ):
        await bring(media, porch, NOON, tmp_path)
    assert caught.value.code == "media_stream_only"
    asked.assert_not_called()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"text": "busy", "content_type": "text/html"}, "media_busy"),
        ({"body": b"", "content_type": "video/mp4"}, "media_empty"),
        ({"body": b"\x00" * 99, "content_type": "video/mp4"}, "media_answer_broken"),
    ],
)
async def test_a_camera_that_gives_no_film(
    media: HomeMedia,
    yard: Yard,
    porch: Camera,
    tmp_path: Path,
    answer: dict[str, object],
    code: str,
) -> None:
    """Each by its code."""
    yard.answer = web.Response(**answer)  # type: ignore[arg-type]
    with pytest.raises(SourceError) as caught:
        await bring(media, porch, NOON, tmp_path)
    assert caught.value.code == code


async def test_a_camera_that_refuses_to_search(
    media: HomeMedia, yard: Yard, porch: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told as a problem, never as a day without footage."""
    yard.search_code = 1
    with pytest.raises(SourceError) as caught:
        await media.async_find(porch, NOON)
    assert caught.value.code == "media_recorder_failed"
    assert (await media.async_health(porch)).state is HealthState.GONE
    monkeypatch.setattr(media_browse, "_PATIENCE", 0.0)
    with pytest.raises(SourceError) as caught:
        await media.async_find(porch, NOON)
    assert caught.value.code == "media_slow"
    assert (await media.async_health(porch)).state is HealthState.SLOW


async def test_what_is_still_being_recorded(
    home: HomeAssistant, yard: Yard, setup: Setup, tmp_path: Path
) -> None:
    """The newest file is looked for again later."""
    porch = camera(system="reolink", entity=setup.entity)
    now = utc("2026-06-01T10:03:10")
    media = home_media(home, tmp_path, lambda: now)
    assert len(await media.async_find(porch, NOON)) == 2
    assert await media.async_left_out(porch, NOON) == "recording_still_written"
    older = between("2026-06-01T10:02:10", "2026-06-01T10:02:20")
    assert await media.async_left_out(porch, older) == "recording_still_written"
    health = await media.async_health(porch)
    assert (health.state, health.files, health.last_seen) == (
        HealthState.OK,
        3,
        utc("2026-06-01T10:03"),
    )
    await media.async_scan(porch)
    await media.async_close()


async def test_a_recorder_whose_clock_is_off(
    home: HomeAssistant, yard: Yard, setup: Setup, tmp_path: Path
) -> None:
    """What is over is judged by the recorder's clock, and so is which day it is."""
    porch = camera(system="reolink", entity=setup.entity)
    media = home_media(home, tmp_path, lambda: utc("2026-05-31T10:30:00"))
    ahead = replace(porch, clock_ahead=86_400.0)
    assert len(await media.async_find(ahead, NOON)) == 3
    assert await media.async_left_out(ahead, NOON) is None
    assert (await media.async_health(ahead)).files == 3
    await media.async_close()
    media = home_media(home, tmp_path, lambda: utc("2026-06-01T11:03:10"))
    behind = replace(porch, clock_ahead=-3600.0)
    assert len(await media.async_find(behind, NOON)) == 2
    assert await media.async_left_out(behind, NOON) == "recording_still_written"
    await media.async_close()


async def test_what_stands_in_the_way(
    home: HomeAssistant, media: HomeMedia, setup: Setup, porch: Camera
) -> None:
    """Each by its code."""

    async def problem() -> str:
        with pytest.raises(SourceError) as caught:
            await media.async_find(porch, NOON)
        return caught.value.code

    setup.client._hdd_info = []
    assert await problem() == "media_no_storage"
    setup.client._hdd_info = [{}]
    setup.client._capabilities = {}
    assert await problem() == "media_no_storage"
    with patch.object(setup.entry, "runtime_data", None):
        assert await problem() == "media_recorder_failed"
    setup.entry.mock_state(home, ConfigEntryState.SETUP_RETRY)
    assert await problem() == "media_not_loaded"
    setup.entry.mock_state(home, ConfigEntryState.LOADED)


@pytest.mark.parametrize(("uid", "channel"), [("95270003UID", 3), ("95279999UID", -1)])
async def test_a_camera_of_a_recorder_by_its_own_id(
    home: HomeAssistant, media: HomeMedia, yard: Yard, uid: str, channel: int
) -> None:
    """Its channel may change; one that was taken out is gone."""
    async with set_up(home, yard, unique_id=f"MAC_{uid}_main") as setup:
        porch = camera(system="reolink", entity=setup.entity)
        if channel >= 0:
            assert media.reolink.spot(porch).channel == channel
            return
        with pytest.raises(SourceError) as caught:
            media.reolink.spot(porch)
        assert caught.value.code == "media_camera_gone"


def test_what_is_no_file_is_left_out() -> None:
    """Folders, and names whose time is none."""
    zone = datetime.now().astimezone().tzinfo
    assert zone
    ids = ["x", "a|b|c|d|e|f|g", "FILE|e|0|main|n|20260231000000|20260101000000"]
    items = [
        media_browse.Item(media_id=one, title="", folder=False, film=True)
        for one in ids
    ]
    assert media_reolink._pieces(items, zone) == []
