"""UniFi Protect, through Home Assistant's own component and its real library."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
import gc
from pathlib import Path
import subprocess
from typing import Any
from unittest.mock import patch
import warnings

from aiohttp import web
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.clip_consent.core.clips import covering, runs
from custom_components.clip_consent.core.detections import Detection
from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.core.models import Camera, Piece, Window
from custom_components.clip_consent.home.sources import media_protect
from custom_components.clip_consent.home.sources.media import HomeMedia

from .home import NOON, camera, home_media, span
from .protect import JPEG, Console, Setup, running, set_up

ROOM = 2**26


@pytest.fixture
async def console(film: Path) -> AsyncIterator[Console]:
    """Return a console that recorded two minutes from noon."""
    console = Console(film=film, recorded=[(0, 120)])
    async with running(console):
        yield console


@pytest.fixture
async def setup(
    home: HomeAssistant, console: Console, tmp_path: Path
) -> AsyncIterator[Setup]:
    """Return the integration, set up."""
    setup = await set_up(home, console, tmp_path)
    yield setup
    await setup.client.close_session()
    with warnings.catch_warnings():  # the library leaves refused answers open
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    setup.entry.mock_state(home, ConfigEntryState.NOT_LOADED)


@pytest.fixture
def yard(setup: Setup) -> Camera:
    """Return a camera that is linked to it."""
    return camera(system="unifiprotect", entity=setup.entity)


def spans(pieces: tuple[Piece, ...]) -> list[tuple[float, float]]:
    """Return pieces as seconds from noon."""
    return [
        ((one.start - NOON).total_seconds(), (one.window.end - NOON).total_seconds())
        for one in pieces
    ]


async def bring(
    media: HomeMedia,
    yard: Camera,
    window: Window,
    folder: Path,
    *,
    max_bytes: int = ROOM,
) -> tuple[tuple[Piece, ...], list[float]]:
    """Find and fetch a window; return the files and the progress that was told."""
    told: list[float] = []
    pieces = covering(await media.async_find(yard, window), window)
    folder.mkdir(exist_ok=True)
    brought = await media.async_bring(
        yard,
        pieces,
        window=window,
        folder=folder,
        max_bytes=max_bytes,
        progress=told.append,
    )
    return brought, told


def seconds_of(path: str) -> float:
    """Return what ffprobe says of a file's length."""
    done = subprocess.run(
        [
            *("ffprobe", "-v", "error", "-show_entries", "format=duration"),
            *("-of", "csv=p=0", path),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


async def test_what_is_there_is_found_by_looking(
    media: HomeMedia, console: Console, yard: Camera
) -> None:
    """Its edges too, to two seconds; a second search asks for nothing new."""
    window = span(-300, 900)
    ((start, end),) = spans(await media.async_find(yard, window))
    assert 0 <= start <= 2
    assert 118 <= end <= 120
    asked = len(console.looks)
    assert await media.async_find(yard, window)
    assert len(console.looks) == asked
    assert await media.async_left_out(yard, window) is None


async def test_nothing_is_claimed_that_nobody_saw(
    media: HomeMedia, console: Console, yard: Camera
) -> None:
    """A hole is a hole, and what was never recorded is not found."""
    console.recorded = [(0, 50), (80, 120)]
    found = await media.async_find(yard, span(0, 120))
    whole = runs(found, span(0, 120))
    assert [run.seconds for run in whole] == [
        pytest.approx(50, abs=2),
        pytest.approx(40, abs=2),
    ]
    for piece in found:
        for at in (piece.start, piece.window.end - timedelta(seconds=1)):
            assert console.has((at - NOON).total_seconds())
    assert await media.async_find(yard, span(600, 60)) == ()


async def test_a_short_recording_is_found_by_what_was_detected(
    media: HomeMedia, console: Console, yard: Camera
) -> None:
    """A camera that records what moves has less than lies between two looks."""
    console.recorded = [(1003, 1009)]
    assert not await media.async_find(yard, span(-6000, 12_000))
    console.detect("motion", 1004, 1008)
    await media.async_keep([])
    ((start, end),) = spans(await media.async_find(yard, span(-6000, 12_000)))
    assert 1003 <= start <= 1005
    assert 1007 <= end <= 1009


async def test_the_oldest_and_the_newest(
    media: HomeMedia, console: Console, setup: Setup, yard: Camera
) -> None:
    """What the console dropped is not asked for; what is being written comes later."""
    console.recorded = [(-9_999_999, 3600)]
    setup.stats.recording_start = NOON
    ((start, _),) = spans(await media.async_find(yard, span(-60, 120)))
    assert start == 0
    assert min(console.looks) == 0
    ((_, end),) = spans(await media.async_find(yard, span(3500, 200)))
    assert end == 3570
    assert (
        await media.async_left_out(yard, span(3500, 200)) == "recording_still_written"
    )
    setup.stats.recording_start = None
    assert await media.async_find(yard, span(-60, 30))
    assert await media.async_find(yard, span(4000, 30)) == ()


async def test_a_console_whose_clock_is_off(
    home: HomeAssistant, console: Console, yard: Camera, tmp_path: Path
) -> None:
    """What is over, and what goes on, is judged by the console's clock."""
    console.recorded = [(0, 3600)]
    console.detect("motion", 40, None)
    media = home_media(home, tmp_path, lambda: NOON - timedelta(minutes=30))
    ahead = replace(yard, clock_ahead=3600.0)
    assert spans(await media.async_find(ahead, span(0, 120))) == [(0, 120)]
    assert await media.async_left_out(ahead, span(0, 120)) is None
    assert [
        one.window for one in await media.async_detections(ahead, span(0, 120))
    ] == [span(40, 1760)]
    await media.async_close()
    media = home_media(home, tmp_path, lambda: NOON + timedelta(minutes=61))
    behind = replace(yard, clock_ahead=-3600.0)
    assert spans(await media.async_find(behind, span(0, 120))) == [(0, 30)]
    left_out = await media.async_left_out(behind, span(0, 120))
    assert left_out == "recording_still_written"
    await media.async_close()


async def test_the_looks_of_a_search_are_limited(
    media: HomeMedia, console: Console, yard: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When they are used up, edges stay where footage was seen: inside of it."""
    monkeypatch.setattr(media_protect, "MOST_LOOKS", 5)
    ((start, end),) = spans(await media.async_find(yard, span(-60, 240)))
    assert 0 <= start < end <= 120


async def test_a_window_becomes_a_file(
    media: HomeMedia, console: Console, yard: Camera, tmp_path: Path
) -> None:
    """No more than the window is asked for, and its file is measured."""
    ((piece,), told) = await bring(media, yard, span(30, 60), tmp_path / "work")
    assert console.exports == [(30, 90)]
    assert not piece.remote
    assert piece.window == span(30, 60)
    assert abs(seconds_of(piece.path) - 60) < 0.2
    assert told[-1] == 1.0
    assert sorted(told) == told

    whole = await media.async_find(yard, span(0, 120))
    (piece,) = await media.async_bring(
        yard,
        whole,
        window=span(30, 60),
        folder=tmp_path,
        max_bytes=ROOM,
        progress=lambda _: None,
    )
    assert console.exports[-1] == (30, 90)
    assert piece.start == span(30, 1).start


async def test_a_film_longer_than_asked(
    media: HomeMedia, console: Console, yard: Camera, tmp_path: Path
) -> None:
    """A piece never says more than was asked for."""
    console.lengthen = 10
    ((piece,), _) = await bring(media, yard, span(30, 60), tmp_path / "work")
    assert piece.window == span(30, 60)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"body": b"", "content_type": "video/mp4"}, "media_empty"),
        ({"body": b"\x00" * 999, "content_type": "video/mp4"}, "media_answer_broken"),
        ({"status": 404}, "media_not_there"),
    ],
)
async def test_a_console_that_gives_no_film(
    media: HomeMedia,
    console: Console,
    yard: Camera,
    tmp_path: Path,
    answer: dict[str, Any],
    code: str,
) -> None:
    """Each by its code."""
    console.answer = web.Response(**answer)
    with pytest.raises(SourceError) as caught:
        await bring(media, yard, span(30, 60), tmp_path / "work")
    assert caught.value.code == code
    assert caught.value.placeholders["camera"] == "Yard"


async def test_less_than_it_said_it_had(
    media: HomeMedia, console: Console, yard: Camera, tmp_path: Path
) -> None:
    """A hole between two looks is told when the film comes out short."""
    pieces = await media.async_find(yard, span(0, 120))
    console.recorded = [(0, 60)]
    with pytest.raises(SourceError) as caught:
        await media.async_bring(
            yard,
            pieces,
            window=span(10, 100),
            folder=tmp_path,
            max_bytes=ROOM,
            progress=lambda _: None,
        )
    assert caught.value.code == "media_shorter"


async def test_too_large(
    media: HomeMedia, console: Console, yard: Camera, tmp_path: Path
) -> None:
    """The cap holds."""
    with pytest.raises(SourceError) as caught:
        await bring(media, yard, span(30, 60), tmp_path / "work", max_bytes=1000)
    assert caught.value.code == "media_too_large"
    assert not list((tmp_path / "work").iterdir())


async def test_pictures_of_moments(
    media: HomeMedia, console: Console, yard: Camera
) -> None:
    """The console's own, where it has one."""
    assert await media.async_picture(yard, span(30, 1).start) == JPEG
    assert await media.async_picture(yard, span(300, 1).start) is None
    console.picture = b"no picture"
    assert await media.async_picture(yard, span(31, 1).start) is None


async def test_what_the_console_detected(
    media: HomeMedia, console: Console, yard: Camera
) -> None:
    """In its own words, once each, in order; what goes on lasts until now."""
    console.detect("smartDetectZone", 20, 30, "person", "vehicle")
    console.detect("motion", 18, 31)
    console.events[-1]["smartDetectEvents"] = ["e0"]
    console.detect("ring", 5, 6)
    console.detect("motion", 40, None)
    console.detect("motion", 50, 50)
    console.events[-1]["camera"] = "b" * 24
    console.detect("motion", 0, 0)
    console.events[-1]["start"] = None
    console.detect("smartAudioDetect", 60, 61)
    found = await media.async_detections(yard, span(0, 120))
    assert found == (
        Detection(label="ring", window=span(5, 1)),
        Detection(label="person", window=span(20, 10)),
        Detection(label="vehicle", window=span(20, 10)),
        Detection(label="motion", window=span(40, 3560)),
        Detection(label="smartAudioDetect", window=span(60, 1)),
    )


async def test_more_events_than_one_answer_holds(
    media: HomeMedia, console: Console, yard: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are read page by page, each of them once."""
    monkeypatch.setattr(media_protect, "PAGE", 4)
    for second in range(10):
        console.detect("motion", second, second + 0.5)
    found = await media.async_detections(yard, span(0, 120))
    assert [one.window.start for one in found] == [
        span(second, 1).start for second in range(10)
    ]
    assert console.pages > 2
    # as many at once as an answer holds: there is no page after it
    console.events = [{**console.events[0], "id": str(n)} for n in range(9)]
    assert len(await media.async_detections(yard, span(0, 120))) == 4


async def test_a_console_that_is_not_there(
    media: HomeMedia, console: Console, yard: Camera
) -> None:
    """It is told as that, never as a camera without footage."""
    console.events_status = 500
    with pytest.raises(SourceError) as caught:
        await media.async_find(yard, span(0, 120))
    assert caught.value.code == "media_recorder_failed"
    with (
        patch.object(media_protect, "PAGE_SECONDS", 0.0),
        pytest.raises(SourceError) as caught,
    ):
        await media.async_find(yard, span(0, 120))
    assert caught.value.code == "media_slow"


async def test_a_look_that_is_refused(
    media: HomeMedia, setup: Setup, yard: Camera
) -> None:
    """A failed look is a failed search: it says nothing of footage."""
    real = media.protect.spot(yard)
    setup.user.may = False
    with (
        patch.object(media.protect, "spot", return_value=real),
        pytest.raises(SourceError) as caught,
    ):
        await media.async_find(yard, span(0, 120))
    assert caught.value.code == "media_login_refused"


async def test_what_stands_in_the_way(
    hass: HomeAssistant, media: HomeMedia, setup: Setup, yard: Camera
) -> None:
    """Each by its code, and shown as the health of the recordings."""

    async def problem() -> str:
        with pytest.raises(SourceError) as caught:
            await media.async_find(yard, span(0, 120))
        assert caught.value.placeholders["camera"] == "Yard"
        return caught.value.code

    health = await media.async_health(yard)
    assert (health.state, health.last_seen) == (
        HealthState.OK,
        setup.stats.recording_end,
    )
    setup.user.may = False
    assert await problem() == "media_login_refused"
    assert (await media.async_health(yard)).state is HealthState.NO_ACCESS
    setup.user.may = True
    kept = dict(setup.devices)
    setup.devices.clear()
    assert await problem() == "media_camera_gone"
    assert (await media.async_health(yard)).state is HealthState.GONE
    setup.devices.update(kept)
    setup.entry.mock_state(hass, ConfigEntryState.SETUP_RETRY)
    assert await problem() == "media_not_loaded"
    setup.entry.mock_state(hass, ConfigEntryState.SETUP_ERROR)
    with patch.object(
        setup.entry, "async_get_active_flows", return_value=iter([object()])
    ) as flows:
        assert await problem() == "media_login_refused"
    assert flows.call_args.args == (hass, {SOURCE_REAUTH})
    setup.entry.mock_state(hass, ConfigEntryState.LOADED)
    with patch.object(setup.entry, "runtime_data", None):  # another library's
        assert await problem() == "media_recorder_failed"
    er.async_get(hass).async_remove(
        er.async_resolve_entity_id(er.async_get(hass), setup.entity) or ""
    )
    assert await problem() == "media_camera_gone"


async def test_an_entry_with_an_api_key_alone(
    home: HomeAssistant, media: HomeMedia, console: Console, tmp_path: Path
) -> None:
    """It gives no recordings, and that is said before anything is asked."""
    setup = await set_up(home, console, tmp_path, api_key="key")
    yard = camera(system="unifiprotect", entity=setup.entity)
    with pytest.raises(SourceError) as caught:
        await media.async_find(yard, span(0, 120))
    assert caught.value.code == "media_api_key_only"
    assert (await media.async_health(yard)).state is HealthState.NO_ACCESS
    assert not console.looks
    setup.entry.mock_state(home, ConfigEntryState.NOT_LOADED)


async def test_a_camera_whose_entry_is_gone(
    home: HomeAssistant, media: HomeMedia, setup: Setup, yard: Camera
) -> None:
    """An entity that nobody owns any more is no camera."""
    with (
        patch.object(home.config_entries, "async_get_entry", return_value=None),
        pytest.raises(SourceError) as caught,
    ):
        await media.async_find(yard, span(0, 120))
    assert caught.value.code == "media_camera_gone"


async def test_a_camera_of_no_known_system(media: HomeMedia) -> None:
    """No form saves one."""
    odd = camera(system="other")
    for asked in (
        media.async_find(odd, span(0, 1)),
        media.async_left_out(odd, span(0, 1)),
    ):
        with pytest.raises(SourceError) as caught:
            await asked
        assert caught.value.code == "media_mapping_broken"
    assert (await media.async_health(odd)).state is HealthState.GONE
    assert await media.async_picture(odd, NOON) is None
    assert await media.async_detections(odd, span(0, 1)) == ()


@pytest.mark.parametrize("odd", ["..", "a/b", "", "a b", "x" * 65, "a?b", "%2e%2e"])
async def test_an_id_that_is_no_part_of_a_path(
    media: HomeMedia, setup: Setup, yard: Camera, odd: str
) -> None:
    """A console that calls a camera so is asked nothing."""
    (device,) = setup.devices.values()
    device.id = odd
    with pytest.raises(SourceError) as caught:
        await media.async_find(yard, span(0, 120))
    assert caught.value.code == "media_recorder_failed"
