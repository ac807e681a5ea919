"""G9 calm: how often an approver's phones ring for new requests, and the digest."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.limits import PUSH_DAY as DAY, push_wait
from custom_components.clip_consent.core.models import CaseEventType, CaseState
from tests.manager.world import NOON
from tests.phones import FakePhone, relay

from .prompting import HandTimers, PromptWorld, prompting, timers, waiting

__all__ = ["prompting", "relay", "timers"]  # fixtures, used by name

MINUTES = timedelta(minutes=1)
DIGEST = "requests for footage are waiting. Answering is voluntary, and nobody can see a refusal."


async def _sam(world: PromptWorld) -> FakePhone:
    sam = await world.user("Sam")
    phone = await world.phone(sam, "Sam's", ios=True)
    world.approve_by(sam, phone)
    world.start()
    return phone


def _id(number: int) -> str:
    return f"{number:026d}"


async def _ask(world: PromptWorld, *numbers: int) -> None:
    await asyncio.gather(
        *(world.prompter.async_ask(waiting(_id(number))) for number in numbers)
    )


def _messages(phone: FakePhone) -> list[str]:
    return [push["message"] for push in phone.pushes]


async def test_two_within_ten_minutes(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """The second request of ten minutes comes with the digest, ten minutes later."""
    phone = await _sam(prompting)
    await _ask(prompting, 1)
    await timers.go_on(4 * MINUTES)
    await _ask(prompting, 2)
    await timers.go_on(1 * MINUTES)
    await _ask(prompting, 3, 3)
    await timers.go_on(5 * MINUTES - timedelta(seconds=1))
    assert len(phone.pushes) == 1
    await timers.go_on(timedelta(seconds=1))
    assert _messages(phone)[1:] == [f"2 {DIGEST}"]
    assert phone.pushes[1]["data"]["tag"] == "clip_consent_digest"
    assert phone.pushes[1]["data"]["url"] == "/clip-consent"
    assert phone.titles() == ["Review"]
    # the digest is a push for new requests too
    await timers.go_on(9 * MINUTES)
    await _ask(prompting, 4)
    assert len(phone.pushes) == 2
    await timers.go_on(DAY)
    assert _messages(phone)[2:] == [
        "1 request for footage is waiting. Answering is voluntary, and nobody can see a refusal."
    ]


@pytest.mark.parametrize("ios", [True, False])
async def test_a_digest_of_one_request_opens_it(
    prompting: PromptWorld, timers: HandTimers, ios: bool
) -> None:
    """It is still the digest: what becomes of the others replaces and clears it alike."""
    sam = await prompting.user("Sam")
    phone = await prompting.phone(sam, "Sam's", ios=ios)
    prompting.approve_by(sam, phone)
    prompting.start()
    await _ask(prompting, 1, 2)
    await timers.go_on(10 * MINUTES)
    data = phone.pushes[1]["data"]
    assert data["tag"] == "clip_consent_digest"
    link = f"/clip-consent?case={_id(2)}"
    assert data["url" if ios else "clickAction"] == link
    assert [one["uri"] for one in data["actions"]] == [link]


async def test_many_in_the_same_moment(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """Requests at the same moment do not slip past the limit together."""
    phone = await _sam(prompting)
    await _ask(prompting, *range(8))
    assert len(phone.pushes) == 1
    await timers.go_on(10 * MINUTES)
    assert _messages(phone)[1:] == [f"7 {DIGEST}"]


async def test_ten_a_day_then_one_digest(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """After ten pushes of a day the rest waits until the first is a day old."""
    phone = await _sam(prompting)
    for number in range(10):
        await _ask(prompting, number)
        await timers.go_on(11 * MINUTES)
    assert len(phone.pushes) == 10
    assert not any(DIGEST in message for message in _messages(phone))
    for number in range(10, 13):
        await _ask(prompting, number)
        await timers.go_on(11 * MINUTES)
    assert len(phone.pushes) == 10
    await timers.go_on(DAY - 13 * 11 * MINUTES - timedelta(seconds=1))
    assert len(phone.pushes) == 10
    await timers.go_on(timedelta(seconds=1))
    assert _messages(phone)[10:] == [f"3 {DIGEST}"]


async def test_flood_of_days(prompting: PromptWorld, timers: HandTimers) -> None:
    """Whatever comes in, phones ring ten times a day and ten minutes apart at most."""
    phone = await _sam(prompting)
    rings: list[datetime] = []
    for number in range(3 * 24 * 4):
        await _ask(prompting, number)
        await timers.go_on(15 * MINUTES)
        rings += [prompting.clock.now()] * (len(phone.pushes) - len(rings))
    pushed = await prompting.store.async_pushes(
        next(iter(prompting.approvers)), NOON - DAY
    )
    assert len(phone.pushes) >= 21
    for at in rings:
        assert sum(at <= other < at + DAY - 15 * MINUTES for other in rings) <= 10
    assert all(later - earlier >= 10 * MINUTES for earlier, later in pairwise(pushed))


async def test_results_do_not_count(prompting: PromptWorld, timers: HandTimers) -> None:
    """Results, undo and clearing come at once, however many, and use nothing up."""
    phone = await _sam(prompting)
    await _ask(prompting, 1)
    for _ in range(15):
        await prompting.settle(CaseEventType.UNDONE, waiting(_id(1)))
    assert len(phone.pushes) == 16
    await timers.go_on(10 * MINUTES)
    await _ask(prompting, 2)
    assert "Anna next door" in _messages(phone)[16]


async def test_each_approver_has_limits_of_their_own(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """Who becomes an approver later is asked, though the other has to wait."""
    sams = await _sam(prompting)
    await _ask(prompting, 1)
    kim = await prompting.user("Kim")
    kims = await prompting.phone(kim, "Kim's", ios=False)
    prompting.approve_by(kim, kims)
    prompting.start()
    await _ask(prompting, 2)
    assert (len(sams.pushes), len(kims.pushes)) == (1, 1)
    await timers.go_on(10 * MINUTES)
    assert len(_messages(sams)) == 2
    assert len(_messages(kims)) == 1


async def test_digest_outlives_restarts(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """What was kept back is in the store: no change of a setting forgets it."""
    phone = await _sam(prompting)
    await _ask(prompting, 1)
    await _ask(prompting, 2, 3)
    await timers.go_on(3 * MINUTES)
    for _ in range(3):
        prompting.start()
        await prompting.rest()
    await timers.go_on(7 * MINUTES)
    assert _messages(phone)[1:] == [f"2 {DIGEST}"]
    prompting.start()
    await prompting.rest()
    await timers.go_on(DAY)
    assert len(phone.pushes) == 2


async def test_digest_that_came_due_while_it_was_off(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """Off for a day, it is sent at the next start."""
    phone = await _sam(prompting)
    await _ask(prompting, 1)
    await _ask(prompting, 2)
    prompting.stop()
    prompting.clock.go_on(DAY)
    prompting.stop = lambda: None
    prompting.start()
    await prompting.rest()
    await timers.go_on(timedelta())
    assert len(phone.pushes) == 2


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (CaseEventType.CLOSED, CaseState.CLOSED),
        (CaseEventType.APPROVED, CaseState.CONSENTED),
    ],
)
async def test_decided_cases_leave_the_digest(
    prompting: PromptWorld, timers: HandTimers, kind: CaseEventType, state: CaseState
) -> None:
    """It counts what still waits; with nothing left there is no digest."""
    phone = await _sam(prompting)
    await _ask(prompting, 1)
    await _ask(prompting, 2, 3)
    await prompting.settle(kind, waiting(_id(2), state=state))
    await prompting.settle(kind, waiting(_id(9), state=state))
    told = len(phone.pushes)
    await timers.go_on(10 * MINUTES)
    assert _messages(phone)[told:] == [
        "1 request for footage is waiting. Answering is voluntary, and nobody can see a refusal."
    ]
    await timers.go_on(5 * MINUTES)
    await _ask(prompting, 4)
    await prompting.settle(kind, waiting(_id(4), state=state))
    told = len(phone.pushes)
    await timers.go_on(DAY)
    assert len(phone.pushes) == told


async def test_push_in_the_moment_that_the_digest_is_due(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """If a request comes first in that moment, the digest waits ten minutes more."""
    phone = await _sam(prompting)
    await _ask(prompting, 1)
    await _ask(prompting, 2)
    prompting.clock.go_on(10 * MINUTES)
    await _ask(prompting, 3)
    await timers.go_on(timedelta())
    assert len(phone.pushes) == 2
    await timers.go_on(10 * MINUTES)
    assert len(phone.pushes) == 3


async def test_store_that_refuses_a_digest(
    prompting: PromptWorld, timers: HandTimers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a full disk nothing is pushed every few minutes; afterwards the digest is."""
    phone = await _sam(prompting)
    await _ask(prompting, 1)
    await _ask(prompting, 2)

    async def refuse(*_: object) -> None:
        raise StoreError("store_failed")

    with monkeypatch.context() as patched:
        patched.setattr(prompting.store, "async_pushed", refuse)
        await timers.go_on(30 * MINUTES)
    assert len(phone.pushes) == 1
    await timers.go_on(10 * MINUTES)
    assert len(phone.pushes) == 2


async def test_store_that_cannot_be_read_at_the_start(
    prompting: PromptWorld,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Then digests are not resumed, which is logged, and questions still go out."""

    async def refuse(*_: object) -> str:
        raise StoreError("store_failed")

    with monkeypatch.context() as patched:
        patched.setattr(prompting.store, "async_setting", refuse)
        phone = await _sam(prompting)
        await prompting.rest()
    assert "What was kept back could not be read: store_failed" in caplog.text
    await _ask(prompting, 1)
    assert len(phone.pushes) == 1


async def test_with_the_loops_own_timer(prompting: PromptWorld) -> None:
    """The control of the hand timers: Home Assistant's own does the same."""
    phone = await _sam(prompting)
    await _ask(prompting, 1)
    await _ask(prompting, 2)
    prompting.clock.go_on(10 * MINUTES)
    async_fire_time_changed(prompting.hass, datetime.now(UTC) + 9 * MINUTES)
    await prompting.rest()
    assert len(phone.pushes) == 1
    async_fire_time_changed(prompting.hass, datetime.now(UTC) + 11 * MINUTES)
    await prompting.rest()
    assert len(phone.pushes) == 2


async def test_clock_set_back_silences_nobody(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """C-01: pushes counted by a clock that was years ahead do not count any more."""
    phone = await _sam(prompting)
    await _ask(prompting, 1)
    prompting.clock.go_on(-timedelta(days=400))
    await _ask(prompting, 2)
    assert len(phone.pushes) == 2


moments = st.integers(min_value=-90_000, max_value=90_000).map(
    lambda seconds: NOON + timedelta(seconds=seconds)
)


@given(st.lists(moments, max_size=30))
def test_push_wait_is_just_long_enough(pushed: Sequence[datetime]) -> None:
    """After the wait both limits hold; a second earlier one of them would not."""
    wait = push_wait(pushed, NOON)
    past = [at for at in pushed if at <= NOON]

    def may(at: datetime) -> bool:
        return (
            all(at - other >= 10 * MINUTES for other in past)
            and sum(other > at - DAY for other in past) < 10
        )

    assert timedelta() <= wait <= DAY
    assert may(NOON + wait)
    if wait:
        assert not may(NOON + wait - timedelta(seconds=1))
