"""Quotas: of an invite, of the home, and whatever the clock does."""

from dataclasses import replace
from datetime import timedelta

from custom_components.clip_consent.core.limits import HOME_PER_DAY
from custom_components.clip_consent.core.models import CaseState, ClosedReason

from .world import NOON, World, request, settings

DAY = timedelta(days=1)


async def ask(world: World, invite_id: str = "invite1") -> ClosedReason | None:
    """Send one request now and return how it ended at once, None if it waits."""
    world.clock.go_on(timedelta(seconds=1))
    sent = request(received_at=world.clock.now(), invite_id=invite_id)
    await world.manager.async_submit(sent)
    await world.settle()
    case = await world.case(sent.request_id)
    assert case.state in (CaseState.WAITING, CaseState.CLOSED)
    return case.closed


async def test_a_link_that_got_about_silences_no_other(world: World) -> None:
    """G9: who has the one on the lamp post cannot use up everybody's day."""
    [mine] = settings().invites.values()
    posted = replace(mine, invite_id="posted", token="b" * 26)
    world.settings = replace(world.settings, invites={"a" * 26: mine, "b" * 26: posted})
    await world.reboot()
    ends = [await ask(world, "posted") for _ in range(HOME_PER_DAY + 5)]
    assert ends == [None] * 5 + [ClosedReason.OVER_LIMIT] * HOME_PER_DAY
    assert await ask(world) != ClosedReason.OVER_LIMIT


async def test_a_clock_set_back_starts_no_new_day(world: World) -> None:
    """What then lies ahead was sent before all the same."""
    for _ in range(5):
        assert await ask(world) != ClosedReason.OVER_LIMIT
    world.clock.wall -= timedelta(hours=3)
    assert await ask(world) == ClosedReason.OVER_LIMIT
    world.clock.wall += timedelta(hours=3)
    world.clock.go_on(DAY)
    assert await ask(world) != ClosedReason.OVER_LIMIT


async def test_a_clock_that_was_years_ahead_locks_nobody_out(world: World) -> None:
    """A machine that starts before it knows the time may take in a few more."""
    world.clock.wall += timedelta(days=4000)
    for _ in range(6):
        await ask(world)
    world.clock.wall = NOON
    assert await ask(world) != ClosedReason.OVER_LIMIT
