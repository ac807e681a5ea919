"""Quiet hours hold whatever comes when, and no case gets lost in them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.auth.models import User
from hypothesis import HealthCheck, assume, given, settings, strategies as st
import pytest

from custom_components.clip_consent.core.models import Case, CaseEventType, CaseState
from custom_components.clip_consent.core.windows import DailySpan
from custom_components.clip_consent.home.store import HomeStore
from tests.core import cases
from tests.manager.world import HandClock
from tests.phones import relay

from .prompting import SHA, HandTimers, PromptWorld, draft, prompting, timers, waiting

__all__ = ["prompting", "relay", "timers"]  # fixtures, used by name

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ZONE = ZoneInfo("Europe/Amsterdam")
# two nights in which the clocks are changed, and one without
EVENINGS = [
    datetime.fromisoformat(f"{day}T17:00:00+00:00")
    for day in ("2026-03-28", "2026-10-24", "2026-11-23")
]
TIMES = st.integers(0, 24 * 4 - 1).map(lambda part: time(part // 4, part % 4 * 15))
ACTS = ["ask", "ask", "again", "found", "bar", "approve", "undo", "close", "restart"]
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 4), st.integers(0, 180)),
    min_size=3,
    max_size=20,
)


def _makes_a_sound(push: dict[str, Any]) -> bool:
    """Judge a push by what the companion apps document, not by our own words."""
    if push["message"] == "clear_notification":
        return False
    data = push["data"]
    if "push" in data:
        how = data["push"]
        return how["interruption-level"] != "passive" and how.get("sound") != "none"
    return data["importance"] not in ("low", "min")


class TimedPushes(list[dict[str, Any]]):
    """What reached the phones, each with what the wall clock showed."""

    def __init__(self, clock: HandClock) -> None:
        """Begin with none."""
        super().__init__()
        self._clock = clock
        self.at: list[datetime] = []

    def append(self, push: dict[str, Any]) -> None:
        """Keep a push and the time."""
        self.at.append(self._clock.now())
        super().append(push)


class Night:
    """One made-up night: an approver with quiet hours, and what happens in it."""

    def __init__(self, world: PromptWorld, evening: datetime) -> None:
        """Begin with nothing told."""
        self.world, self.evening = world, evening
        self.pushes = TimedPushes(world.clock)
        world.relay.received = self.pushes
        world.clock.wall = evening
        self.asked: dict[str, datetime] = {}
        self.over: set[str] = set()

    def case(self, case_id: str, **changes: Any) -> Case:
        """Return a case that can be answered until the evening after."""
        ends = self.evening + 26 * HOUR
        offer = replace(
            cases.offer(SHA, offer_id=f"offer of {case_id}"),
            offered_at=self.evening,
            expires_at=ends,
        )
        case = waiting(case_id, offer=offer)
        request = replace(
            case.request, received_at=self.evening, expires_at=ends, request_id=case_id
        )
        return replace(case, **{"request": request, **changes})

    async def act(self, act: str, number: int, sam: User) -> None:
        """Let something happen to a case, if it can."""
        case_id, prompter = f"{number:026d}", self.world.prompter
        case = self.case(case_id)
        if act == "restart":
            self.world.start()
        elif act == "ask" and case_id not in self.asked:
            self.asked[case_id] = self.world.clock.now()
            told = await prompter.async_ask(await self.world.keep(case))
            assert told.pushed + told.later == 1
        elif case_id not in self.asked or case_id in self.over:
            return
        elif act == "again":
            await prompter.async_ask_again(case)
        elif act == "found":
            await prompter.async_tell_found(case)
        elif act == "bar":
            for done in (0.1, 0.5):
                prompter.bars.told(case_id, "send", done)
                self.world.clock.stopwatch += 6
        elif act == "undo":
            await self.world.settle(CaseEventType.UNDONE, case, sam)
        elif act in ("approve", "close"):
            await self._decide(act, case_id, sam if number % 2 else None)
        await self.world.rest()

    async def _decide(self, act: str, case_id: str, user: User | None) -> None:
        self.over.add(case_id)
        kind = CaseEventType.CLOSED
        changes: dict[str, Any] = {"state": CaseState.CLOSED}
        if act == "approve":
            delivery = cases.delivery(draft(), at=self.world.clock.now())
            kind = CaseEventType.APPROVED
            changes = {"state": CaseState.CONSENTED, "delivery": delivery}
        case = await self.world.keep(self.case(case_id, offer=None, **changes))
        await self.world.settle(kind, case, user)

    def sounds_while(self, quiet: DailySpan) -> list[tuple[datetime, str]]:
        """Return what sounded within the quiet hours."""
        return [
            (at, push["message"])
            for at, push in zip(self.pushes.at, self.pushes, strict=True)
            if quiet.holds(at, ZONE) and _makes_a_sound(push)
        ]

    def untold(self) -> set[str]:
        """Return the cases that wait and that no phone was ever told of aloud."""
        heard = [
            (at, push["data"]["tag"])
            for at, push in zip(self.pushes.at, self.pushes, strict=True)
            if _makes_a_sound(push)
        ]
        return {
            case_id
            for case_id, asked in self.asked.items()
            if case_id not in self.over
            and not any(
                tag == f"clip_consent_{case_id}"
                or (tag == "clip_consent_digest" and at >= asked)
                for at, tag in heard
            )
        }

    def reminders(self) -> list[str]:
        """Return the cases that were reminded of, one for each push."""
        return [
            f"{push['registration_info']['webhook_id']} {push['data']['tag']}"
            for push in self.pushes
            if push["message"].startswith("Still waiting")
        ]


@pytest.mark.parametrize("evening", EVENINGS)
@given(start=TIMES, end=TIMES, steps=STEPS)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
async def test_any_night(
    prompting: PromptWorld,
    timers: HandTimers,
    tmp_path_factory: pytest.TempPathFactory,
    evening: datetime,
    start: time,
    end: time,
    steps: Sequence[tuple[str, int, int]],
) -> None:
    """Nothing sounds in quiet hours; what waits is heard of after; no reminder twice."""
    assume(start != end)
    quiet = DailySpan(start=start, end=end)
    sam = await _sam(prompting)
    folder: Path = tmp_path_factory.mktemp("night")
    timers.forget()
    fresh = HomeStore(folder / "config", folder / "cache")
    await fresh.async_open()
    kept, prompting.store = prompting.store, fresh
    try:
        night = Night(prompting, evening)
        prompting.quiet, prompting.reminder = {sam.id: quiet}, 6 * HOUR
        prompting.start()
        for act, number, minutes in steps:
            await night.act(act, number, sam)
            await timers.go_on(minutes * MINUTE)
        await timers.go_on(48 * HOUR)
        assert night.sounds_while(quiet) == []
        assert night.untold() == set()
        assert json.loads(await fresh.async_setting(f"kept_back:{sam.id}", "[]")) == []
        reminders = night.reminders()
        assert len(reminders) == len(set(reminders))
    finally:
        prompting.stop()
        prompting.stop = lambda: None
        await prompting.rest()
        prompting.store = kept
        await fresh.async_close()


async def _sam(world: PromptWorld) -> User:
    """Return the approver, with a phone of each kind, the same in every night."""
    if not world.approvers:
        sam = await world.user("Sam")
        iphone = await world.phone(sam, "Sam's iPhone", ios=True)
        pixel = await world.phone(sam, "Sam's Pixel", ios=False)
        world.approve_by(sam, iphone, pixel)
    [user_id] = world.approvers
    sam = await world.hass.auth.async_get_user(user_id)
    assert sam
    return sam
