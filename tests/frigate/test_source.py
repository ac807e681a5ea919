"""The Frigate source against a stand-in of each version: found, brought, seen."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from io import BytesIO
import json
from pathlib import Path
import threading
from typing import Any

from PIL import Image
import pytest

from custom_components.clip_consent.core.detections import Detection
from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState
from custom_components.clip_consent.core.models import Camera, Window
from custom_components.clip_consent.home.media.units import check_picture
from custom_components.clip_consent.home.sources import (
    frigate as frigate_source,
    frigate_files,
    to_disk,
)
from custom_components.clip_consent.home.sources.frigate import FrigateSource
from tests.home.recordings import numbers

from .conftest import NOON, Bring, MakeSource, camera
from .footage import RATE, Footage
from .standin import MIDDLE, NEW, OLD, PASSWORD, USER, VERSIONS, Row, StandIn, answering


def at(seconds: float) -> datetime:
    """Return a moment, in seconds from noon."""
    return datetime.fromtimestamp(NOON + seconds, UTC)


def span(start: float, end: float) -> Window:
    """Return a window, in seconds from noon."""
    return Window(start=at(start), end=at(end))


async def found(
    source: FrigateSource, one: Camera, start: float, end: float
) -> list[float]:
    """Return when the pieces of a window begin, in seconds from noon."""
    pieces = await source.async_find(one, span(start, end))
    assert all(piece.remote for piece in pieces)
    return [piece.start.timestamp() - NOON for piece in pieces]


async def code(awaiting: Awaitable[Any]) -> str:
    """Return the code of the error that something ends in."""
    with pytest.raises(SourceError) as raised:
        await awaiting
    return raised.value.code


@pytest.mark.parametrize("version", VERSIONS)
async def test_segments_are_found_by_their_times(
    source: FrigateSource, frigate: StandIn, version: str
) -> None:
    """Those that overlap the window, and no others that Frigate tells of."""
    frigate.version = version
    one = camera(frigate)
    assert await found(source, one, 0, 60) == [0, 10, 20, 30, 40, 50]
    assert await found(source, one, 15, 35) == [10, 20, 30]
    assert await found(source, one, 10.1, 20) == [10]
    assert await found(source, one, -30, 0) == []
    assert await found(source, one, 60.1, 90) == []


@pytest.mark.parametrize("version", VERSIONS)
async def test_whole_segments_are_brought(
    frigate: StandIn, bring: Bring, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One file of a stretch, from the very first frame of its first segment on."""
    frigate.version = version
    monkeypatch.setattr(to_disk, "BUFFER", 10_000)  # it is written in pieces
    told: list[float] = []
    (piece,) = await bring(15, 35, told=told.append)
    assert not piece.remote
    assert piece.start == at(10)
    assert piece.seconds == pytest.approx(30, abs=0.1)
    shown = numbers(Path(piece.path))
    assert shown[0] == 10 * RATE
    assert shown[: 30 * RATE] == list(range(10 * RATE, 40 * RATE))
    assert len(shown) <= 30 * RATE + 2
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    ("version", "part"),
    [(OLD, 0.5), (MIDDLE, 0.1), (MIDDLE, 0.5), (NEW, 0.9)],
)
async def test_segments_that_begin_within_a_second(
    frigate: StandIn, bring: Bring, uneven: Footage, version: str, part: float
) -> None:
    """Their names are rounded: whole ones come all the same, and none beside them."""
    frigate.version = version
    frigate.rows["drive"] = uneven.rows(NOON + part)
    for first, last in ((0, 0), (1, 1), (2, 5)):
        begin = frigate.rows["drive"][first].start - NOON
        end = frigate.rows["drive"][last].start - NOON
        (piece,) = await bring(begin + 1.2, end + 5)
        # by the names of all, at most as late as is said
        true = at(part + uneven.numbers[first][0] / RATE)
        assert at(begin) <= piece.start
        assert -0.001 <= (true - piece.start).total_seconds() <= piece.unsure + 0.001
        shown = numbers(Path(piece.path))
        # to the very picture, at both ends
        wanted = list(range(uneven.numbers[first][0], uneven.numbers[last][-1] + 1))
        assert shown[: len(wanted)] == wanted
        assert len(shown) - len(wanted) <= 2
        Path(piece.path).unlink()


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_gap_makes_two_files(
    frigate: StandIn, bring: Bring, even: Footage, version: str
) -> None:
    """What Frigate would join as if nothing were missing, it is not asked for at once."""
    frigate.version = version
    rows = even.rows(NOON)
    frigate.rows["drive"] = [*rows[:3], *rows[4:]]
    first, second = await bring(15, 55)
    assert (first.start, second.start) == (at(10), at(40))
    assert numbers(Path(first.path))[: 20 * RATE] == list(range(100, 300))
    assert numbers(Path(second.path))[: 20 * RATE] == list(range(400, 600))


async def test_no_more_is_written_than_there_is_room_for(
    bring: Bring, even: Footage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frigate says how large a segment is; who sends more is cut short."""
    size = sum(path.stat().st_size for path in even.paths)
    assert await code(bring(0, 60, max_bytes=size // 2)) == "disk_full"
    listed = Row.listed
    monkeypatch.setattr(Row, "listed", lambda row: {**listed(row), "segment_size": 0})
    assert await code(bring(0, 60, max_bytes=size // 2)) == "frigate_broken_answer"


async def test_retention_between_finding_and_bringing(
    source: FrigateSource, frigate: StandIn, tmp_path: Path
) -> None:
    """The oldest segment went meanwhile: said, and nothing else is passed off as it."""
    one, window = camera(frigate), span(5, 25)
    pieces = await source.async_find(one, window)
    del frigate.rows["drive"][0]
    awaiting = source.async_bring(
        one,
        pieces,
        window=window,
        folder=tmp_path,
        max_bytes=2**30,
        progress=lambda _: None,
    )
    assert await code(awaiting) == "frigate_recording_gone"


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("lost", [0, 1, 2])
async def test_a_file_that_is_gone_from_its_disk(
    frigate: StandIn, bring: Bring, tmp_path: Path, version: str, lost: int
) -> None:
    """Its row is there. Each version says so otherwise, and most of them by 200."""
    frigate.version = version
    row = frigate.rows["drive"][lost]
    frigate.rows["drive"][lost] = Row(
        start=row.start, end=row.end, path=tmp_path / "gone.mp4"
    )
    assert await code(bring(0, 29)) == "frigate_clip_failed"


@pytest.mark.parametrize("version", VERSIONS)
async def test_pictures_are_made_anew(
    source: FrigateSource, frigate: StandIn, version: str
) -> None:
    """Frigate's own carry the words of its ffmpeg; 0.14 knows PNG alone."""
    frigate.version = version
    one = camera(frigate)
    picture = await source.async_picture(one, at(23.05))
    assert picture
    check_picture(picture)
    with Image.open(BytesIO(picture)) as image:
        assert image.width == 320
        image.load()
    assert await source.async_picture(one, at(-60)) is None


async def test_a_picture_that_would_fill_the_memory(
    source: FrigateSource, frigate: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file may claim any size: it is refused before it is decoded."""
    monkeypatch.setattr(frigate_files, "_MAX_PIXELS", 352 * 128 - 1)
    awaiting = source.async_picture(camera(frigate), at(5))
    assert await code(awaiting) == "frigate_broken_answer"


async def test_what_it_recognised(source: FrigateSource, frigate: StandIn) -> None:
    """What overlaps the window, as far as it does; nothing that it took back."""
    base = {"camera": "drive"}
    frigate.events = [
        {**base, "label": "person", "start_time": NOON + 12, "end_time": NOON + 20.5},
        {**base, "label": "car", "start_time": NOON - 50, "end_time": NOON + 5},
        {**base, "label": "dog", "start_time": NOON + 50, "end_time": None},
        {**base, "label": "cat", "start_time": NOON - 50, "end_time": NOON - 5},
        {**base, "label": "bark", "start_time": NOON + 30, "end_time": NOON + 30},
        {
            **base,
            "label": "person",
            "start_time": NOON + 1,
            "end_time": NOON + 2,
            "false_positive": True,
        },
        {**base, "label": "p\u202eerson", "start_time": NOON + 1, "end_time": NOON + 2},
        {**base, "label": "", "start_time": NOON + 1, "end_time": NOON + 2},
        {
            **base,
            "camera": "yard",
            "label": "car",
            "start_time": NOON + 1,
            "end_time": NOON + 2,
        },
    ]
    frigate.odd_events = [
        {**base, "label": 7, "start_time": NOON + 1, "end_time": NOON + 2}
    ]
    seen = await source.async_detections(camera(frigate), span(0, 60))
    assert seen == (
        Detection(label="car", window=span(0, 5)),
        Detection(label="person", window=span(12, 20.5)),
        Detection(label="bark", window=span(30, 31)),
        Detection(label="dog", window=span(50, 60)),
    )
    assert not await source.async_detections(camera(frigate), span(7200, 7260))


@pytest.mark.parametrize("version", VERSIONS)
async def test_how_a_camera_is(
    source: FrigateSource, frigate: StandIn, version: str
) -> None:
    """There, and when its last recording ended; a scan asks nothing."""
    frigate.version = version
    health = await source.async_health(camera(frigate))
    assert health.state is HealthState.OK
    assert health.last_seen
    assert health.last_seen.timestamp() == pytest.approx(NOON + 60, abs=0.1)
    before = list(frigate.asked)
    await source.async_scan(camera(frigate))
    assert frigate.asked == before
    assert (
        await source.async_health(camera(frigate, "yard"))
    ).state is HealthState.GONE
    assert (await source.async_health(camera(frigate, ""))).state is HealthState.GONE


async def test_a_camera_that_has_not_recorded_yet(
    source: FrigateSource, frigate: StandIn
) -> None:
    """It may be about to; if it is not even meant to, that is a trouble."""
    frigate.rows["yard"] = []
    one = camera(frigate, "yard")
    health = await source.async_health(one)
    assert (health.state, health.last_seen) == (HealthState.OK, None)
    assert await source.async_left_out(one, span(0, 60)) is None
    frigate.record = {"enabled": False}
    assert (await source.async_health(one)).state is HealthState.GONE
    assert await source.async_left_out(one, span(0, 60)) == "frigate_not_recording"


async def test_why_nothing_was_found(
    source: FrigateSource, frigate: StandIn, even: Footage
) -> None:
    """A camera that is not there; recordings that lie over each other."""
    one = camera(frigate)
    assert await source.async_left_out(one, span(-600, -500)) is None
    awaiting = source.async_left_out(camera(frigate, "yard"), span(0, 60))
    assert await code(awaiting) == "frigate_camera_unknown"
    rows = frigate.rows["drive"] = even.rows(NOON)[:1]
    rows.append(Row(start=NOON + 3, end=NOON + 13, path=rows[0].path))
    assert await found(source, one, 0, 60) == []
    assert await source.async_left_out(one, span(0, 60)) == "frigate_overlap"
    assert await source.async_left_out(one, span(30, 60)) is None


async def test_a_name_that_would_lead_elsewhere(
    source: FrigateSource, frigate: StandIn
) -> None:
    """It is none that Frigate could have given, and is not asked for."""
    for name in ("../config", "a/b", "drive?x=1", "", "drive "):
        awaiting = source.async_find(camera(frigate, name), span(0, 60))
        assert await code(awaiting) == "frigate_camera_unknown"
    assert frigate.asked == []


async def test_logins_of_other_cameras_are_forgotten(
    frigate: StandIn, make_source: MakeSource
) -> None:
    """One that stays need not log in again."""
    frigate.login = True
    source = make_source(reach=frigate.url)
    one = camera(frigate, username=USER, password=PASSWORD)
    broken = camera(frigate)
    assert await found(source, one, 0, 5) == [0]
    await source.async_keep([one])
    assert await found(source, one, 0, 5) == [0]
    assert frigate.logins == 1
    await source.async_keep([broken])
    assert await found(source, one, 0, 5) == [0]
    assert frigate.logins == 2


async def test_many_segments_are_sorted_beside_the_loop(
    source: FrigateSource, frigate: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a recorder lists costs its own search alone."""
    main, where = threading.get_ident(), list[int]()
    for name in ("pieces_in", "clips"):
        real = getattr(frigate_source, name)

        def beside(*args: Any, real: Callable[..., Any] = real) -> Any:
            where.append(threading.get_ident())
            return real(*args)

        monkeypatch.setattr(frigate_source, name, beside)
    one, window = camera(frigate), span(0, 60)
    pieces = await source.async_find(one, window)
    await source.async_left_out(one, window)
    awaiting = source.async_bring(
        *(one, pieces),
        window=window,
        folder=Path("/none"),
        max_bytes=1,
        progress=lambda _: None,
    )
    assert await code(awaiting) == "disk_full"
    assert len(where) == 3
    assert main not in where


async def test_more_segments_than_there_can_be(
    source: FrigateSource, frigate: StandIn
) -> None:
    """More than one a second is refused; what nobody asked about is not looked at."""
    rows = [
        {"start_time": NOON + 10 * n, "end_time": NOON + 10 * n + 10}
        for n in range(400)
    ]
    frigate.instead["recordings"] = answering(body=json.dumps(rows[:345]))
    one = camera(frigate)  # of a window of 5 s, two minutes on both sides are asked for
    assert len(await source._async_segments(one, span(0, 5))) == 13
    frigate.instead["recordings"] = answering(body=json.dumps(rows[:346]))
    awaiting = source.async_find(one, span(0, 5))
    assert await code(awaiting) == "frigate_broken_answer"
