"""Recordings are looked at before anybody asks, and a drive that is away is told."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.core.health import HealthState, SourceHealth
from custom_components.clip_consent.core.models import Camera
from custom_components.clip_consent.home import watching

from .world import GARDEN, GATE, World


async def _until(there: Callable[[], bool]) -> None:
    """Let the loop work until something is so."""
    for _ in range(1000):
        if there():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("waited in vain")


async def test_every_camera_is_scanned_at_the_start(world: World) -> None:
    """Also the ones that are not offered: they may be turned on any time."""
    await _until(lambda: len(world.source.scanned) == 3)
    assert world.source.kept == list(world.settings.cameras)
    assert set(world.manager.watching.health) == set(world.settings.cameras)


async def test_it_looks_again_and_scans_less_often(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look shows whether the folder is there; a whole scan is due at every sixth."""
    monkeypatch.setattr(watching, "LOOK_EVERY", timedelta(milliseconds=1))
    await world.reboot()
    world.source.scanned.clear()
    world.source.health[GARDEN] = SourceHealth(state=HealthState.GONE)
    await _until(lambda: f"folder_gone_{GARDEN}" in world.alarm.raised)
    assert world.alarm.raised[f"folder_gone_{GARDEN}"] == {"camera": "Garden"}
    del world.source.health[GARDEN]
    await _until(lambda: f"folder_gone_{GARDEN}" not in world.alarm.raised)
    await _until(lambda: "gate" in world.source.scanned)


async def test_a_camera_that_is_no_more_is_no_trouble(world: World) -> None:
    """Removed, its folder need not come back; the others' still must."""
    for camera_id in (GARDEN, GATE):
        world.source.health[camera_id] = SourceHealth(state=HealthState.GONE)
    await world.reboot()
    await _until(lambda: len(world.alarm.raised) == 2)
    left = dict(world.settings.cameras)
    del left[GARDEN]
    world.settings = replace(world.settings, cameras=left)
    await world.reboot()
    await _until(lambda: set(world.alarm.raised) == {f"folder_gone_{GATE}"})


async def test_what_cannot_be_looked_at_stops_nothing(world: World) -> None:
    """One camera's trouble, or a kind of source that is gone, is no other one's."""
    await _until(lambda: len(world.source.scanned) == 3)
    world.source.error = SourceError("index_failed")
    await world.reboot()
    await _until(lambda: len(world.manager.watching.health) == 3)
    unknown = replace(world.settings.cameras[GARDEN], source_kind="unknown")
    await world.manager.watching.async_look(unknown, scan=True)
    world.source.error = None
    assert (await world.asked()).draft


async def test_a_folder_that_is_away_is_not_scanned(world: World) -> None:
    """Nothing that is known of it is forgotten by a scan of nothing."""
    await _until(lambda: len(world.source.scanned) == 3)
    world.source.scanned.clear()
    world.source.health[GARDEN] = SourceHealth(state=HealthState.SLOW)
    camera = world.settings.cameras[GARDEN]
    await world.manager.watching.async_look(camera, scan=True)
    assert world.source.scanned == []


async def test_one_camera_s_mistake_is_no_trouble_of_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a source raises, the next camera is looked at, and so is the next time."""
    monkeypatch.setattr(watching, "LOOK_EVERY", timedelta(milliseconds=1))
    health = type(world.source).async_health
    looked: list[str] = []

    async def fall_over(self: object, camera: Camera) -> SourceHealth:
        looked.append(camera.camera_id)
        if camera.camera_id == next(iter(world.settings.cameras)):
            raise KeyError("a mistake of ours")
        return await health(world.source, camera)

    async def keep(self: object, cameras: object) -> None:
        raise KeyError("another one")

    monkeypatch.setattr(type(world.source), "async_health", fall_over)
    monkeypatch.setattr(type(world.source), "async_keep", keep)
    await world.reboot()
    await _until(lambda: len(looked) > 2 * len(world.settings.cameras))
    assert set(looked) == set(world.settings.cameras)
    assert "Looking at the recordings of a camera failed" in caplog.text
    assert "Tidying the index of recordings failed" in caplog.text


async def test_a_camera_whose_look_hangs_delays_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are looked at meanwhile, and each that answered is scanned."""
    await _until(lambda: len(world.source.scanned) == 3)
    world.source.scanned.clear()
    health = type(world.source).async_health
    first, *others = world.settings.cameras
    answer = asyncio.Event()

    async def hang(self: object, camera: Camera) -> SourceHealth:
        if camera.camera_id == first:
            await answer.wait()
            return SourceHealth(state=HealthState.SLOW)
        return await health(world.source, camera)

    monkeypatch.setattr(type(world.source), "async_health", hang)
    manager = world.manager
    manager.watching.health.clear()
    look = asyncio.create_task(manager.watching.async_look_at_all(scan=True))
    await _until(lambda: set(manager.watching.health) == set(others))
    answer.set()
    await look
    assert world.source.scanned == others
    assert f"folder_gone_{first}" in world.alarm.raised


async def test_a_camera_with_a_part_away_is_told_and_scanned(world: World) -> None:
    """What is there is used; the drive that is not is a trouble all the same."""
    await _until(lambda: len(world.source.scanned) == 3)
    world.source.scanned.clear()
    world.source.health[GARDEN] = SourceHealth(state=HealthState.PART)
    await world.manager.watching.async_look(world.settings.cameras[GARDEN], scan=True)
    assert world.source.scanned == [GARDEN]
    assert f"folder_gone_{GARDEN}" in world.alarm.raised
