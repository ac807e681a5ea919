"""Tidying up goes on, whatever it meets, and takes nothing that is needed."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from custom_components.clip_consent.home import sweep

from .world import World


async def _until(there: Callable[[], bool]) -> None:
    """Let the loop work until something is so."""
    for _ in range(2000):
        if there():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("waited in vain")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("bench.store", "async_expired_drops"),
        ("bench.store", "async_forget_words"),
        ("bench.store", "async_live_drops"),
        ("manager.reading", "async_check_ledger"),
        ("manager", "look_again"),
    ],
)
async def test_no_mistake_ends_the_sweep(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    place: str,
    name: str,
) -> None:
    """One duty that falls over keeps no other from being done, then or later."""
    monkeypatch.setattr(sweep, "SWEEP_EVERY", 0.001)
    owner: Any = world
    for part in place.split("."):
        owner = getattr(owner, part)
    real = getattr(type(owner), name)
    tried = 0
    started = False

    def fall_over(*arguments: Any, **named: Any) -> Any:
        nonlocal tried
        tried += started
        if started and tried < 3:
            raise KeyError("a mistake of ours")
        return real(*arguments, **named)

    cleaned = 0
    real_clean = type(world.bench.drafter).async_clean

    async def clean(self: Any, keep: set[str]) -> None:
        nonlocal cleaned
        cleaned += 1
        await real_clean(self, keep)

    monkeypatch.setattr(type(world.bench.drafter), "async_clean", clean)
    monkeypatch.setattr(type(owner), name, fall_over)
    await world.reboot()
    started = True
    await _until(lambda: tried >= 3 and cleaned > 5)
    assert "Tidying up failed in part" in caplog.text


async def test_what_is_sealed_meanwhile_stays(world: World) -> None:
    """A package made after the list of those to keep was put together is not taken."""
    case = await world.asked()
    await world.approve(case)
    await world.pass_undo()
    done = await world.case(case.request.request_id)
    package = world.bench.sealer.path(done.delivered[0].delivery_id)
    await world.bench.sealer.async_clean(set())
    assert package.exists()
    await world.bench.sealer.async_clean({done.delivered[0].delivery_id})
    assert package.exists()
    await world.bench.sealer.async_clean(set())
    assert not package.exists()
