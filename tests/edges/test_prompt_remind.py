"""The one reminder of a case that waits, some time before its end."""

from dataclasses import replace
from datetime import datetime, time, timedelta
import json
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.limits import PUSH_INTERVAL
from custom_components.clip_consent.core.models import Case, CaseEventType, CaseState
from custom_components.clip_consent.core.windows import DailySpan
from custom_components.clip_consent.home.push_payload import ACTION_PREFIX
from tests.core import cases
from tests.manager.world import NOON
from tests.phones import FakePhone, relay

from .prompting import (
    CASE_ID,
    SHA,
    HandTimers,
    PromptWorld,
    draft,
    prompting,
    timers,
    waiting,
)

__all__ = ["prompting", "relay", "timers"]  # fixtures, used by name

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
OTHER = "b" * 26
FREE = "Answering is voluntary, and nobody can see a refusal."
STILL = (
    "Still waiting: Anna next door asks for Driveway, 23 November, 19:02–19:05,"
    f" 3 min 2 s. {FREE} It can be answered until 24 November, 13:00."
)


def _case(case_id: str = CASE_ID, *, hours: int = 24, **changes: Any) -> Case:
    """Return a case that can be answered for so long from noon on."""
    ends = NOON + hours * HOUR
    offer = cases.offer(SHA, offer_id=f"offer of {case_id}")
    case = waiting(case_id, offer=replace(offer, offered_at=NOON, expires_at=ends))
    request = replace(case.request, received_at=NOON, expires_at=ends)
    return replace(case, **{"request": request, **changes})


async def _phones(world: PromptWorld, *, hide: bool = False) -> tuple[FakePhone, ...]:
    sam, kim = await world.user("Sam"), await world.user("Kim")
    iphone = await world.phone(sam, "Sam's", ios=True)
    pixel = await world.phone(kim, "Kim's", ios=False)
    world.approve_by(sam, iphone, hide=hide)
    world.approve_by(kim, pixel)
    world.reminder = 6 * HOUR
    world.start()
    return iphone, pixel


async def _ask(world: PromptWorld, case: Case) -> Case:
    case = await world.keep(case)
    await world.prompter.async_ask(case)
    return case


async def test_once_six_hours_before_the_end(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """To be heard, in the place of the first push, with buttons of its own."""
    phones = await _phones(prompting)
    await _ask(prompting, _case())
    await timers.go_on(18 * HOUR - SECOND)
    assert [len(phone.pushes) for phone in phones] == [1, 1]
    await timers.go_on(SECOND)
    for phone in phones:
        first, again = phone.pushes
        assert again["message"] == STILL
        assert first["message"] in STILL
        for key in ("tag", "image", "push", "channel", "importance"):
            assert first["data"].get(key) == again["data"].get(key)
        assert "alert_once" not in again["data"]
        assert phone.titles() == ["Approve", "Review", "Decline"]
        for title in ("Approve", "Decline"):
            old, new = phone.key(title, 0), phone.key(title)
            assert await _is_void(prompting, old)
            assert not await _is_void(prompting, new)
    await timers.go_on(24 * HOUR)
    assert [len(phone.pushes) for phone in phones] == [2, 2]


async def _is_void(world: PromptWorld, key: str) -> bool:
    digest = world.store.token_digest(key.removeprefix(ACTION_PREFIX))
    token = await world.store.async_token(digest)
    assert token
    return token.void


async def test_it_is_no_new_request(prompting: PromptWorld, timers: HandTimers) -> None:
    """The limits do not count it, and another request comes right after it."""
    iphone, _ = await _phones(prompting)
    await _ask(prompting, _case())
    await timers.go_on(18 * HOUR)
    assert len(iphone.pushes) == 2
    await _ask(prompting, _case(OTHER, hours=48))
    assert len(iphone.pushes) == 3


async def test_hidden_details(prompting: PromptWorld, timers: HandTimers) -> None:
    """It tells nothing where the first push told nothing, not even until when."""
    iphone, pixel = await _phones(prompting, hide=True)
    await _ask(prompting, _case())
    await timers.go_on(18 * HOUR)
    assert iphone.pushes[1]["message"] == (
        f"Still waiting: Somebody asks for footage. {FREE}"
    )
    assert "image" not in iphone.pushes[1]["data"]
    assert pixel.pushes[1]["message"] == STILL


async def test_where_a_clip_is_still_to_be_chosen(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """Nothing is offered yet, but somebody waits."""
    iphone, _ = await _phones(prompting)
    await _ask(prompting, _case(draft=None, offer=None, choice=None))
    await timers.go_on(18 * HOUR)
    assert iphone.pushes[1]["message"].startswith("Still waiting: Anna next door asks")
    assert iphone.titles() == ["Review", "Decline"]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (CaseEventType.CLOSED, {"state": CaseState.CLOSED, "offer": None}),
        (
            CaseEventType.APPROVED,
            {
                "state": CaseState.CONSENTED,
                "offer": None,
                "delivery": cases.delivery(draft()),
            },
        ),
    ],
)
@pytest.mark.parametrize("told", [True, False])
async def test_not_of_what_was_decided(
    prompting: PromptWorld,
    timers: HandTimers,
    kind: CaseEventType,
    changes: dict[str, Any],
    told: bool,
) -> None:
    """By anybody, also where the word of it has not come yet."""
    iphone, _ = await _phones(prompting)
    case = await _ask(prompting, _case())
    decided = await prompting.keep(replace(case, **changes))
    if told:
        await prompting.settle(kind, decided)
    pushes = len(iphone.pushes)
    await timers.go_on(30 * HOUR)
    assert len(iphone.pushes) == pushes


@pytest.mark.parametrize(
    ("before", "hours"), [(None, 24), (6 * HOUR, 11), (24 * HOUR, 47)]
)
async def test_not_if_off_or_the_time_is_short(
    prompting: PromptWorld, timers: HandTimers, before: timedelta | None, hours: int
) -> None:
    """The owner can turn it off; a short offer needs none."""
    iphone, _ = await _phones(prompting)
    prompting.reminder = before
    prompting.start()
    await _ask(prompting, _case(hours=hours))
    await timers.go_on(hours * HOUR)
    assert len(iphone.pushes) == 1


def _tags(phone: FakePhone) -> list[str]:
    return [push["data"]["tag"].removeprefix("clip_consent_") for push in phone.pushes]


async def test_what_only_a_digest_told_of(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """It came right after another: its reminder is the first push of its own.

    It can be answered there, and takes the digest's place.
    """
    iphone, pixel = await _phones(prompting)
    await _ask(prompting, _case())
    await _ask(prompting, _case(OTHER))
    await timers.go_on(18 * HOUR)
    assert _tags(iphone) == [CASE_ID, "digest", CASE_ID, OTHER, "digest"]
    assert iphone.pushes[4]["message"] == "clear_notification"
    for phone in (iphone, pixel):
        assert phone.pushes[3]["message"] == STILL
        assert phone.titles(3) == ["Approve", "Review", "Decline"]
        assert not await _is_void(prompting, phone.key("Approve", 3))
    await timers.go_on(HOUR)
    prompting.start()
    await prompting.rest()
    await timers.go_on(5 * HOUR)
    assert len(iphone.pushes) == 5


async def test_reminders_of_what_a_digest_told_make_no_flood(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """G9: one in ten minutes, five a day, so that new requests have room beside them."""
    iphone, _ = await _phones(prompting)
    for number in range(14):
        await _ask(prompting, _case(f"{number:026}", hours=48))
    await timers.go_on(42 * HOUR - SECOND)
    assert len(iphone.pushes) == 2
    await timers.go_on(SECOND)
    assert len(iphone.pushes) == 4  # of the one that shows, and the first other
    await timers.go_on(timedelta(minutes=10))
    assert len(iphone.pushes) == 5
    await timers.go_on(6 * HOUR)
    assert len(iphone.pushes) == 2 + 1 + 5


async def test_reminders_of_what_a_digest_told_leave_room_for_what_is_new(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """G9: many old requests do not keep back a new one for longer than another would."""
    iphone, _ = await _phones(prompting)
    for number in range(14):
        await _ask(prompting, _case(f"{number:026}", hours=48))
    await timers.go_on(42 * HOUR + 110 * timedelta(minutes=1))
    old = len(iphone.pushes)
    await _ask(prompting, _case(OTHER, hours=96))
    await timers.go_on(PUSH_INTERVAL)
    assert _tags(iphone)[old:] == [OTHER]


async def test_what_a_digest_told_of_waits_for_the_end_of_quiet_hours(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """It came at night and was told in the morning; due the next night, it waits again."""
    iphone, _ = await _phones(prompting)
    sam, _ = prompting.approvers
    prompting.quiet[sam] = DailySpan(start=time(22), end=time(9))
    prompting.start()
    await prompting.rest()
    await timers.go_on(12 * HOUR)
    await _ask(prompting, _case(hours=47))
    await timers.go_on(8 * HOUR)
    assert _tags(iphone) == ["digest"]
    await timers.go_on(24 * HOUR - SECOND)
    assert _tags(iphone) == ["digest"]
    await timers.go_on(SECOND)
    assert _tags(iphone) == ["digest", CASE_ID, "digest"]
    assert iphone.pushes[1]["message"].startswith("Still waiting:")
    assert iphone.pushes[1]["data"]["push"]["sound"] == "default"


async def test_a_digest_that_comes_late_is_the_reminder(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """Kept back until after the reminder was due, it is told once, after a restart too."""
    iphone, pixel = await _phones(prompting)
    sam, _ = prompting.approvers
    prompting.quiet[sam] = DailySpan(start=time(12), end=time(9))
    prompting.start()
    await prompting.rest()
    await _ask(prompting, _case())
    await timers.go_on(20 * HOUR)
    prompting.start()
    await prompting.rest()
    await timers.go_on(4 * HOUR)
    assert _tags(iphone) == ["digest"]
    assert _tags(pixel) == [CASE_ID, CASE_ID]


async def test_a_digest_stays_where_no_phone_is_left_to_remind(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """It stands for the request until that is decided, or is told by itself."""
    iphone, pixel = await _phones(prompting)
    sam, kim = prompting.approvers
    await _ask(prompting, _case())
    await _ask(prompting, _case(OTHER))
    await timers.go_on(17 * HOUR)
    assert await prompting.hass.config_entries.async_remove(iphone.entry_id)
    await timers.go_on(HOUR)
    for user_id, left in ((sam, [OTHER]), (kim, [])):
        key = f"told_in_digest:{user_id}"
        assert json.loads(await prompting.store.async_setting(key, "[]")) == left
    assert _tags(pixel)[-2:] == [OTHER, "digest"]


@pytest.mark.parametrize("off", [timedelta(), 19 * HOUR])
async def test_restarts_send_none_twice(
    prompting: PromptWorld, timers: HandTimers, off: timedelta
) -> None:
    """Before, while it was due, and after: it comes once."""
    iphone, _ = await _phones(prompting)
    await _ask(prompting, _case())
    prompting.stop()
    prompting.clock.go_on(off)
    prompting.stop = lambda: None
    for _ in range(3):
        prompting.start()
        await prompting.rest()
        await timers.go_on((18 * HOUR - off) / 3 if off < 18 * HOUR else SECOND)
    assert len(iphone.pushes) == 2
    for _ in range(2):
        prompting.start()
        await prompting.rest()
        await timers.go_on(HOUR)
    assert len(iphone.pushes) == 2


async def test_off_until_it_was_over(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """What can no longer be answered needs no reminder."""
    iphone, _ = await _phones(prompting)
    await _ask(prompting, _case())
    prompting.stop()
    prompting.stop = lambda: None
    prompting.clock.go_on(24 * HOUR)
    prompting.start()
    await prompting.rest()
    await timers.go_on(HOUR)
    assert len(iphone.pushes) == 1


async def test_asked_so_late_that_it_would_come_at_once(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """The home was off for long: the first push is reminder enough, after a restart too."""
    iphone, _ = await _phones(prompting)
    prompting.clock.go_on(20 * HOUR)
    await _ask(prompting, _case())
    await timers.go_on(HOUR)
    prompting.start()
    await prompting.rest()
    await timers.go_on(HOUR)
    assert len(iphone.pushes) == 1


async def test_a_clock_that_is_set_back(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """C-01: it sends none twice, nor too early."""
    iphone, _ = await _phones(prompting)
    await _ask(prompting, _case())
    await timers.go_on(17 * HOUR)
    prompting.clock.wall -= 5 * HOUR
    await timers.go_on(HOUR)
    assert len(iphone.pushes) == 1
    await timers.go_on(5 * HOUR)
    assert len(iphone.pushes) == 2
    prompting.clock.wall -= 10 * HOUR
    prompting.start()
    await prompting.rest()
    await timers.go_on(15 * HOUR)
    assert len(iphone.pushes) == 2


async def test_a_clock_that_jumps_ahead(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """It comes ten minutes late at most."""
    iphone, _ = await _phones(prompting)
    await _ask(prompting, _case())
    prompting.clock.wall += 18 * HOUR
    await timers.go_on(timedelta(minutes=10))
    assert len(iphone.pushes) == 2


async def test_in_quiet_hours_it_waits_for_their_end(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """Each approver by their own; six o'clock is within Sam's and not Kim's."""
    iphone, pixel = await _phones(prompting)
    sam, _ = prompting.approvers
    prompting.quiet[sam] = DailySpan(start=time(22), end=time(9))
    prompting.start()
    await _ask(prompting, _case())
    await timers.go_on(18 * HOUR)
    assert [len(phone.pushes) for phone in (iphone, pixel)] == [1, 2]
    prompting.start()
    await prompting.rest()
    await timers.go_on(2 * HOUR - SECOND)
    assert [len(phone.pushes) for phone in (iphone, pixel)] == [1, 2]
    await timers.go_on(SECOND)
    assert [len(phone.pushes) for phone in (iphone, pixel)] == [2, 2]
    assert iphone.pushes[1]["data"]["push"]["sound"] == "default"
    await timers.go_on(24 * HOUR)
    assert [len(phone.pushes) for phone in (iphone, pixel)] == [2, 2]


async def test_quiet_hours_that_outlast_the_request(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """It would come too late, so it does not come."""
    iphone, pixel = await _phones(prompting)
    sam, _ = prompting.approvers
    prompting.quiet[sam] = DailySpan(start=time(22), end=time(14))
    prompting.start()
    prompting.clock.wall += HOUR + SECOND
    await _ask(prompting, _case())
    await timers.go_on(30 * HOUR)
    assert [len(phone.pushes) for phone in (iphone, pixel)] == [1, 2]


async def test_a_new_offer_is_followed(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """Another clip was chosen: if there is time, that one is reminded of."""
    iphone, _ = await _phones(prompting)
    await prompting.rest()  # what the start looks at
    case = await _ask(prompting, _case())
    await timers.go_on(2 * HOUR)
    assert case.offer
    offer = replace(case.offer, offer_id="another", offered_at=prompting.clock.now())
    again = await prompting.keep(replace(case, offer=offer))
    await prompting.prompter.async_ask_again(again)
    await prompting.rest()
    await timers.go_on(16 * HOUR)
    assert [push["message"] == STILL for push in iphone.pushes] == [False, False, True]


async def test_the_store_knows_best_when_it_is_due(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """A case that can be answered for longer by now is reminded of later."""
    iphone, _ = await _phones(prompting)
    await _ask(prompting, _case())
    await prompting.keep(_case(hours=26))
    await timers.go_on(20 * HOUR - SECOND)
    assert len(iphone.pushes) == 1
    await timers.go_on(SECOND)
    assert len(iphone.pushes) == 2


async def test_a_late_new_offer_gets_none(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """Who chose it knows; the reminder of the one before is off."""
    iphone, _ = await _phones(prompting)
    case = await _ask(prompting, _case())
    await timers.go_on(17 * HOUR)
    assert case.offer
    offer = replace(case.offer, offer_id="another", offered_at=prompting.clock.now())
    again = await prompting.keep(replace(case, offer=offer))
    await prompting.prompter.async_ask_again(again)
    await prompting.rest()
    await timers.go_on(7 * HOUR)
    assert len(iphone.pushes) == 2


async def test_a_store_that_fails(
    prompting: PromptWorld,
    timers: HandTimers,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing is pushed that could not be kept; it is tried again ten minutes later."""

    async def refuse(*_: object) -> None:
        raise StoreError("store_failed")

    iphone, _ = await _phones(prompting)
    await _ask(prompting, _case())
    with monkeypatch.context() as broken:
        broken.setattr(prompting.store, "async_set", refuse)
        await timers.go_on(18 * HOUR)
    assert "A reminder has to wait: store_failed" in caplog.text
    assert len(iphone.pushes) == 1
    await timers.go_on(timedelta(minutes=10))
    assert len(iphone.pushes) == 2


async def test_a_store_that_fails_after_a_late_push(
    prompting: PromptWorld,
    timers: HandTimers,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The request was asked; that is not undone by what could not be kept."""
    iphone, _ = await _phones(prompting)
    prompting.clock.go_on(20 * HOUR)
    case = await prompting.keep(_case())
    keep = prompting.store.async_set

    async def refuse(key: str, *rest: Any) -> None:
        if key == "reminded":
            raise StoreError("store_failed")
        await keep(key, *rest)

    monkeypatch.setattr(prompting.store, "async_set", refuse)
    told = await prompting.prompter.async_ask(case)
    assert told.pushed == 2
    assert len(iphone.pushes) == 1
    assert "A push that was a reminder too was not kept" in caplog.text


async def test_what_is_kept_of_it_is_let_go(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """Only of requests that can be answered still, with the next one."""
    await _phones(prompting)
    await _ask(prompting, _case())
    await timers.go_on(24 * HOUR)
    kept = json.loads(await prompting.store.async_setting("reminded", "{}"))
    assert kept.keys() == {CASE_ID}
    assert sorted(kept[CASE_ID]["users"]) == sorted(prompting.approvers)
    later = _case(OTHER, hours=72)
    await _ask(prompting, later)
    await timers.go_on(42 * HOUR)
    kept = json.loads(await prompting.store.async_setting("reminded", "{}"))
    assert kept.keys() == {OTHER}
    until = datetime.fromtimestamp(kept[OTHER]["until"], tz=NOON.tzinfo)
    assert until == later.request.expires_at
