"""Quiet hours: what waits for their end, and what comes without a sound."""

from datetime import UTC, datetime, time, timedelta

from homeassistant.auth.models import User
import pytest

from custom_components.clip_consent.core.models import CaseEventType, CaseState
from custom_components.clip_consent.core.telling import Told
from custom_components.clip_consent.core.windows import DailySpan
from tests.core import cases
from tests.phones import FakePhone, relay

from .prompting import (
    CASE_ID,
    HandTimers,
    PromptWorld,
    draft,
    prompting,
    timers,
    waiting,
)

__all__ = ["prompting", "relay", "timers"]  # fixtures, used by name

OTHER = "b" * 26
HOUR = timedelta(hours=1)
NIGHT = DailySpan(start=time(22), end=time(7))
# in Amsterdam: an hour before midnight, with eight hours to go
LATE = datetime(2026, 11, 23, 22, tzinfo=UTC)
SILENT_IOS = {"interruption-level": "passive", "sound": "none"}
SEEN_IOS = {"interruption-level": "active", "sound": "none"}
LOUD_IOS = {"interruption-level": "active", "sound": "default"}
SILENT_ANDROID = {
    "alert_once": True,
    "channel": "Clip Consent (silent)",
    "importance": "low",
}


class Household:
    """Sam, who has quiet hours and two phones, and Kim, who has neither."""

    sam: User
    kim: User
    iphone: FakePhone
    pixel: FakePhone
    kims: FakePhone

    async def settle_in(self, world: PromptWorld) -> None:
        """Register their phones, late in the evening."""
        world.clock.wall = LATE
        self.sam, self.kim = await world.user("Sam"), await world.user("Kim")
        self.iphone = await world.phone(self.sam, "Sam's iPhone", ios=True)
        self.pixel = await world.phone(self.sam, "Sam's Pixel", ios=False)
        self.kims = await world.phone(self.kim, "Kim's", ios=True)
        world.approve_by(self.sam, self.iphone, self.pixel)
        world.approve_by(self.kim, self.kims)
        world.quiet[self.sam.id] = NIGHT
        world.start()


@pytest.fixture
async def household(prompting: PromptWorld) -> Household:
    """Return the two of them."""
    household = Household()
    await household.settle_in(prompting)
    return household


def _is_silent(phone: FakePhone, push: int = -1) -> bool:
    data = phone.pushes[push]["data"]
    if phone.ios:
        return bool(data["push"] == SILENT_IOS)
    return {key: data.get(key) for key in SILENT_ANDROID} == SILENT_ANDROID


async def test_new_requests_wait_for_the_morning(
    prompting: PromptWorld, household: Household, timers: HandTimers
) -> None:
    """One push stands for all of them, to the minute; who has no quiet hours is asked."""
    told = await prompting.prompter.async_ask(waiting())
    assert told == Told(pushed=1, later=1)
    await timers.go_on(HOUR)
    assert await prompting.prompter.async_ask(waiting(OTHER)) == Told(pushed=1, later=1)
    await timers.go_on(7 * HOUR - timedelta(seconds=1))
    assert household.iphone.pushes == household.pixel.pushes == []
    assert len(household.kims.pushes) == 2
    await timers.go_on(timedelta(seconds=1))
    for phone in (household.iphone, household.pixel):
        [digest] = phone.pushes
        assert digest["message"].startswith("2 requests for footage are waiting.")
        assert not _is_silent(phone)
    assert household.iphone.pushes[0]["data"]["push"] == LOUD_IOS


async def test_what_waits_for_the_morning_has_reached_nobody(
    prompting: PromptWorld, household: Household
) -> None:
    """That no phone could show another request stays said until one shows something."""
    del prompting.approvers[household.kim.id]
    [offline] = [prompting.approvers.pop(household.sam.id)]
    prompting.start()
    await prompting.rest()  # what the start looks at
    await prompting.prompter.async_ask(waiting())
    assert "no_phone" in prompting.issues
    prompting.approvers[household.sam.id] = offline
    await prompting.prompter.async_ask(waiting(OTHER))
    assert household.iphone.pushes == []
    assert "no_phone" in prompting.issues
    assert prompting.notification


async def test_limits_that_end_at_night(
    prompting: PromptWorld, household: Household, timers: HandTimers
) -> None:
    """Kept back by the limits in the evening, it is told in the morning."""
    prompting.clock.wall = LATE - HOUR - timedelta(minutes=5)
    await prompting.prompter.async_ask(waiting())
    await prompting.prompter.async_ask(waiting(OTHER))
    await timers.go_on(9 * HOUR)
    assert len(household.iphone.pushes) == 1
    await timers.go_on(timedelta(minutes=5))
    assert len(household.iphone.pushes) == 2


async def test_what_was_decided_at_night_is_told_no_more(
    prompting: PromptWorld, household: Household, timers: HandTimers
) -> None:
    """Expired or answered in the panel: there is nothing to tell in the morning."""
    await prompting.prompter.async_ask(waiting())
    await prompting.prompter.async_ask(waiting(OTHER))
    for case_id in (CASE_ID, OTHER):
        over = waiting(case_id, state=CaseState.CLOSED)
        await prompting.settle(CaseEventType.CLOSED, over)
    await timers.go_on(24 * HOUR)
    messages = {push["message"] for push in household.iphone.pushes}
    assert messages == {"clear_notification"}


async def test_results_of_others_come_without_a_sound(
    prompting: PromptWorld, household: Household
) -> None:
    """Kim approves and undoes at night: Sam can read it, and is not woken."""
    approved = waiting(
        state=CaseState.CONSENTED, offer=None, delivery=cases.delivery(draft(), at=LATE)
    )
    await prompting.settle(CaseEventType.APPROVED, approved, household.kim)
    await prompting.settle(CaseEventType.UNDONE, waiting(), household.kim)
    await prompting.settle(
        CaseEventType.SHARED, waiting(state=CaseState.SHARED, offer=None)
    )
    for phone in (household.iphone, household.pixel):
        assert all(_is_silent(phone, push) for push in range(3))
        assert phone.titles(0) == ["Undo", "Review"]
    assert [push["data"]["push"] for push in household.kims.pushes] == [LOUD_IOS] * 3


async def test_results_of_ones_own_come_at_once(
    prompting: PromptWorld, household: Household
) -> None:
    """Who just tapped looks at the phone: it shows Undo, still without a sound."""
    approved = waiting(
        state=CaseState.CONSENTED, offer=None, delivery=cases.delivery(draft(), at=LATE)
    )
    await prompting.settle(CaseEventType.APPROVED, approved, household.sam)
    assert household.iphone.pushes[0]["data"]["push"] == SEEN_IOS
    assert household.iphone.titles() == ["Undo", "Review"]
    assert _is_silent(household.pixel)
    assert household.kims.pushes[0]["data"]["push"] == LOUD_IOS


async def test_a_new_offer_at_night(
    prompting: PromptWorld, household: Household
) -> None:
    """It takes the place of the old one, and sounds on no channel."""
    prompting.clock.wall = LATE - 2 * HOUR
    await prompting.prompter.async_ask(waiting())
    prompting.clock.wall = LATE
    await prompting.prompter.async_ask_again(waiting())
    await prompting.rest()
    for phone in (household.iphone, household.pixel):
        assert len(phone.pushes) == 2
        assert not _is_silent(phone, 0)
        assert _is_silent(phone)
    assert household.kims.pushes[1]["data"]["push"] == {"interruption-level": "passive"}


async def test_what_is_found_at_night_is_heard_of_in_the_morning(
    prompting: PromptWorld, household: Household, timers: HandTimers
) -> None:
    """The push is replaced at once; the digest says that something waits."""
    prompting.clock.wall = LATE - 2 * HOUR
    await prompting.prompter.async_ask(waiting(draft=None, offer=None, choice=None))
    await timers.go_on(2 * HOUR)
    await prompting.prompter.async_tell_found(waiting())
    assert _is_silent(household.iphone)
    assert household.kims.pushes[1]["data"]["push"] == LOUD_IOS
    await timers.go_on(8 * HOUR)
    assert len(household.kims.pushes) == 2
    [_, found, digest] = household.iphone.pushes
    assert "asks for Driveway" in found["message"]
    assert digest["message"].startswith("1 request for footage is waiting.")
    assert not _is_silent(household.iphone)


async def test_a_restart_at_night(
    prompting: PromptWorld, household: Household, timers: HandTimers
) -> None:
    """It rings nobody, and forgets nothing."""
    await prompting.prompter.async_ask(waiting())
    for _ in range(3):
        await timers.go_on(HOUR)
        prompting.start()
        await prompting.rest()
    assert household.iphone.pushes == []
    await timers.go_on(5 * HOUR)
    assert len(household.iphone.pushes) == 1


@pytest.mark.parametrize("jump", [-3 * HOUR, 3 * HOUR])
async def test_clocks_that_are_set_at_night(
    prompting: PromptWorld, household: Household, timers: HandTimers, jump: timedelta
) -> None:
    """The morning is when the wall clock says so, ten minutes late at most."""
    await prompting.prompter.async_ask(waiting())
    await timers.go_on(HOUR)
    prompting.clock.wall += jump
    left = 7 * HOUR - jump
    await timers.go_on(left - timedelta(seconds=1))
    assert household.iphone.pushes == []
    await timers.go_on(timedelta(minutes=10, seconds=1))
    assert len(household.iphone.pushes) == 1


async def test_quiet_hours_that_were_taken_back(
    prompting: PromptWorld, household: Household, timers: HandTimers
) -> None:
    """A changed setting starts the prompter anew: what was kept back comes."""
    await prompting.prompter.async_ask(waiting())
    prompting.quiet.clear()
    prompting.start()
    await prompting.rest()
    await timers.go_on(timedelta())
    assert len(household.iphone.pushes) == 1
