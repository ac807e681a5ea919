"""The pictures of a timeline: many at once, from whoever has them, and no longer."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import override

import pytest

from custom_components.clip_consent.core.errors import (
    ConflictError,
    MediaError,
    SourceError,
)
from custom_components.clip_consent.core.models import Camera
from custom_components.clip_consent.home.timeline import THUMBNAILS

from .world import ANNA, GARDEN, NOON, ListedSource, World

START = NOON - timedelta(hours=1)
JPEG = b"\xff\xd8 a picture"


def _moments(count: int) -> list[datetime]:
    return [START + timedelta(seconds=number) for number in range(count)]


async def _pictures(world: World, times: list[datetime]) -> list[bytes | None]:
    case = world.manager.reading.open_cases()[0]
    found = await world.manager.reading.async_thumbnails(
        case.case_id, GARDEN, times, ANNA
    )
    assert [at for at, _ in found] == times[:THUMBNAILS]
    return [picture for _, picture in found]


def _make_remote(source: ListedSource) -> None:
    source.pieces[GARDEN] = [
        replace(piece, remote=True) for piece in source.pieces[GARDEN]
    ]


async def test_a_hundred_at_once(world: World) -> None:
    """One look makes them all, the same moment once, and no more than a hundred."""
    await world.asked()
    pictures = await _pictures(world, _moments(150))
    assert len(pictures) == THUMBNAILS == 100
    assert len(set(pictures)) == 100
    assert world.drafter.looks == [100]
    twice = [START, START]
    assert len(set(await _pictures(world, twice))) == 1
    assert world.drafter.looks == [100, 1]


async def test_remote_ones_are_the_recorders(world: World) -> None:
    """What is no file here is asked for; an error or an odd picture is none."""
    await world.asked()
    _make_remote(world.source)
    good, odd, broken, refused, none = times = _moments(5)
    world.source.pictures = {
        good: JPEG,
        odd: b"<svg>",
        broken: RuntimeError("no such thing"),
        refused: SourceError("source_unreachable"),
    }
    assert none not in world.source.pictures
    assert await _pictures(world, times) == [JPEG, None, None, None, None]
    assert world.drafter.looks == [0]


async def test_a_recorder_is_asked_a_few_at_a_time(world: World) -> None:
    """A hundred moments are no hundred questions at once."""
    await world.asked()
    _make_remote(world.source)
    now = most = 0

    async def picture(camera: Camera, at: datetime) -> bytes:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1
        return JPEG

    world.source.async_picture = picture  # type: ignore[assignment, method-assign]
    assert await _pictures(world, _moments(100)) == [JPEG] * 100
    assert most == 4


@pytest.mark.parametrize("code", ["frigate_slow", "frigate_login_refused"])
async def test_a_recorder_that_does_not_answer_is_asked_no_more(
    world: World, code: str
) -> None:
    """A hundred moments would be waited for one after the other, or logged in for."""
    await world.asked()
    _make_remote(world.source)
    asked: list[datetime] = []

    async def picture(camera: Camera, at: datetime) -> bytes:
        asked.append(at)
        number = len(asked)
        await asyncio.sleep(0)
        if number > 6:
            raise SourceError(code)
        return JPEG

    world.source.async_picture = picture  # type: ignore[assignment, method-assign]
    found = await _pictures(world, _moments(100))
    assert found.count(JPEG) == 6
    assert len(asked) <= 10


async def test_nothing_of_a_broken_recording(world: World) -> None:
    """No picture is no error."""
    await world.asked()
    world.drafter.error = MediaError("recording_unreadable")
    assert await _pictures(world, _moments(3)) == [None] * 3


async def test_the_work_ends_with_the_case(world: World) -> None:
    """Once a case is closed nobody looks at its recordings any more."""
    case = await world.asked()
    world.drafter.looking.clear()
    looking = asyncio.create_task(_pictures(world, _moments(3)))
    await asyncio.sleep(0.01)
    assert world.drafter.looks == [3]
    other = await world.asked(name="Dora")
    await world.manager.async_decline(other.case_id, ANNA)
    await asyncio.sleep(0.01)
    assert not looking.done()
    await world.manager.async_decline(case.case_id, ANNA)
    with pytest.raises(ConflictError, match="case_moved_on"):
        await looking


async def test_the_work_ends_with_who_asked(world: World) -> None:
    """Cancelled, the making is cancelled too, and waited for."""
    await world.asked()
    ended: list[str] = []

    class Slow(type(world.drafter)):  # type: ignore[misc]
        @override
        async def async_thumbnails(self, pieces: object, times: object) -> object:
            try:
                await asyncio.sleep(60)
            finally:
                await asyncio.sleep(0)
                ended.append("made")

    world.drafter.__class__ = Slow
    looking = asyncio.create_task(_pictures(world, _moments(3)))
    await asyncio.sleep(0.01)
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    assert ended == ["made"]
