"""G4: sealing takes its time and disks stumble; what was approved arrives all the same."""

import asyncio
from datetime import timedelta
import io
import threading

import pytest

from custom_components.clip_consent.core.models import Case, CaseState, Draft

from .world import World


async def test_the_sweep_spares_what_is_being_sealed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes every half minute; a long clip on a slow machine takes longer."""
    begun, go_on = threading.Event(), threading.Event()
    open_draft = world.drafter.open_draft

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            begun.set()
            go_on.wait(20)
            return super().read(size)

    def open_slowly(case_id: str, draft: Draft) -> io.BytesIO:
        with open_draft(case_id, draft) as file:
            return Slow(file.read())

    case = await world.asked()
    monkeypatch.setattr(world.bench.sealer, "_open_draft", open_slowly)
    await world.approve(case)
    world.clock.go_on(2 * world.settings.push_undo)
    world.manager.look_again()
    await asyncio.to_thread(begun.wait, 20)
    [part] = (world.folder / "cache" / "spool").iterdir()
    await world.manager._sweep.async_clean()
    spared = part.exists()
    go_on.set()
    await world.settle()
    assert spared
    found = await world.case(case.request.request_id)
    assert found.state is CaseState.SHARED
    assert "spool_failed" not in world.alarm.raised


async def test_a_stumble_while_reading_voids_no_consent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft may well be as it was approved: sealing it is tried again."""

    class Unreadable(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    def open_badly(*_: Case | Draft) -> io.BytesIO:
        return Unreadable()

    case = await world.asked()
    with monkeypatch.context() as broken:
        broken.setattr(world.bench.sealer, "_open_draft", open_badly)
        await world.approve(case)
        await world.pass_undo()
        assert "spool_failed" in world.alarm.raised
    world.clock.go_on(timedelta(minutes=1))
    world.manager.look_again()
    await world.settle()
    found = await world.case(case.request.request_id)
    assert found.state is CaseState.SHARED
    assert "spool_failed" not in world.alarm.raised
