"""Work for somebody who hangs up goes to its end, and its end is heard."""

import asyncio
import logging

import pytest

from custom_components.clip_consent.base.public_view import RefusedError, to_its_end
from custom_components.clip_consent.core.errors import StoreError


class Work:
    """Something that takes until it is let go, and then may fail."""

    def __init__(self, fault: Exception | None = None) -> None:
        """Keep how it ends."""
        self.let_go = asyncio.Event()
        self.fault = fault
        self.done = False

    async def run(self) -> str:
        """Do it."""
        await self.let_go.wait()
        self.done = True
        if self.fault:
            raise self.fault
        return "done"


async def _left(work: Work, *, hung_up: bool) -> None:
    """Begin work, leave it before its end, and let it end."""
    patience = None if hung_up else 0.01
    waiting = asyncio.create_task(to_its_end(work.run(), patience=patience))
    await asyncio.sleep(0)
    if hung_up:
        await asyncio.sleep(0)
        waiting.cancel()
    with pytest.raises(asyncio.CancelledError if hung_up else RefusedError):
        await waiting
    assert not work.done
    work.let_go.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert work.done


async def test_who_waits_gets_it() -> None:
    """And what goes wrong is raised to them."""
    work = Work()
    work.let_go.set()
    assert await to_its_end(work.run()) == "done"
    work.fault = StoreError("disk_full")
    with pytest.raises(StoreError, match="disk_full"):
        await to_its_end(work.run())


@pytest.mark.parametrize("hung_up", [True, False])
@pytest.mark.parametrize("fault", [None, StoreError("store_closed")])
async def test_an_end_of_which_nobody_waits_to_hear(
    hung_up: bool, fault: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    """It is no trouble: the asker was told to try again, or is gone."""
    caplog.set_level(logging.INFO)
    work = Work(fault)
    await _left(work, hung_up=hung_up)
    del work
    assert [each for each in caplog.records if each.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("hung_up", [True, False])
async def test_a_fault_of_ours_is_logged_all_the_same(
    hung_up: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """Once, by name, with where it was."""
    await _left(Work(ValueError("ours")), hung_up=hung_up)
    [logged] = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert logged.name.startswith("custom_components")
    assert logged.exc_info
