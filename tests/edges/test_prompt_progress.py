"""The bar that stands for a long work, until its result takes its place."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import Case, CaseEventType, CaseState
from custom_components.clip_consent.core.windows import DailySpan
from tests.core import cases
from tests.interfaces import example
from tests.phones import FakePhone, relay

from .prompting import CASE_ID, PromptWorld, draft, prompting, waiting

__all__ = ["prompting", "relay"]  # fixtures, used by name

TAG = f"clip_consent_{CASE_ID}"


LIVE_TAG = f"{TAG}_progress"


async def _phones(
    world: PromptWorld, *, live: bool = False
) -> tuple[FakePhone, FakePhone]:
    sam, kim = await world.user("Sam"), await world.user("Kim")
    app_data = {"push_token": "Sam's", "push_url": world.relay.url}
    if live:  # as the app registers where it can show Live Activities
        app_data["start_live_activity_token"] = "starts"
    iphone = await world.phone(sam, "Sam's", ios=True, app_data=app_data)
    pixel = await world.phone(kim, "Kim's", ios=False)
    world.approve_by(sam, iphone)
    world.approve_by(kim, pixel)
    world.start()
    await world.prompter.async_ask(waiting())
    return iphone, pixel


async def _tell(world: PromptWorld, doing: str, *done: float) -> None:
    """Report progress every six seconds."""
    for one in done:
        world.prompter.bars.told(CASE_ID, doing, one)
        await world.rest()
        world.clock.go_on(timedelta(seconds=6))


async def _move(world: PromptWorld, case: Case) -> None:
    world.prompter.bars.moved(case)
    await world.rest()


def _on_its_way(state: CaseState, **changes: Any) -> Case:
    delivery = replace(cases.delivery(draft()), **changes)
    return waiting(state=state, offer=None, delivery=delivery)


async def test_android_as_documented(prompting: PromptWorld) -> None:
    """Silent, in the place of the case's push."""
    _, pixel = await _phones(prompting)
    await _tell(prompting, "send", 0.1, 0.4)
    assert pixel.pushes[-1] == example("push_data_progress")


async def test_iphones_without_live_activities_get_none(
    prompting: PromptWorld,
) -> None:
    """As a push like any other it would come with a banner every time."""
    iphone, pixel = await _phones(prompting)
    await _tell(prompting, "send", 0.1, 0.4, 0.6)
    assert len(iphone.pushes) == 1
    assert [push["data"].get("progress") for push in pixel.pushes] == [None, 40, 60]


def _events(phone: FakePhone, since: int = 1) -> list[tuple[str, str | None]]:
    """Return the pushes as Home Assistant sends them on: tag, and what it does."""
    return [
        (push["data"]["tag"], push["data"].get("event"))
        for push in phone.pushes[since:]
    ]


async def _began(phone: FakePhone) -> None:
    """Tell that the activity began, as the app does."""
    token = {"tag": LIVE_TAG, "push_token": "moves", "expires_at": 4102444800.0}
    await phone.post("live_activity_token", token)


async def test_a_live_activity_as_documented(prompting: PromptWorld) -> None:
    """It begins, moves and ends by the tokens that the app gave Home Assistant for it."""
    iphone, _ = await _phones(prompting, live=True)
    await _tell(prompting, "send", 0.1, 0.4)
    ours = example("push_data_live_activity")
    begun = {**ours, "data": {**ours["data"], "event": "start"}}
    assert iphone.pushes[-1] == begun
    await _began(iphone)
    await _tell(prompting, "send", 0.6)
    shared = waiting(state=CaseState.SHARED, offer=None)
    await _move(prompting, shared)
    await prompting.settle(CaseEventType.SHARED, shared)
    assert _events(iphone) == [
        *((LIVE_TAG, event) for event in ("start", "update", "end")),
        (TAG, None),
    ]
    tokens = [push.get("live_activity_token") for push in prompting.relay.received]
    assert [one for one in tokens if one] == ["starts", "moves", "moves"]
    assert iphone.message() == "The approved clip is ready for the one who asked."


async def test_a_live_activity_leaves_the_question_as_it_is(
    prompting: PromptWorld,
) -> None:
    """It has a place of its own; the new offer takes the question's."""
    iphone, _ = await _phones(prompting, live=True)
    await _tell(prompting, "draft", 0.1, 0.5)
    await _began(iphone)
    await _move(prompting, waiting())
    await prompting.prompter.async_ask_again(waiting())
    await prompting.rest()
    assert _events(iphone) == [(LIVE_TAG, "start"), (LIVE_TAG, "end"), (TAG, None)]


async def test_a_live_activity_ends_where_a_delivery_has_to_wait(
    prompting: PromptWorld,
) -> None:
    """Standing still for hours it would tell nothing; the next attempt begins another."""
    iphone, _ = await _phones(prompting, live=True)
    await _tell(prompting, "send", 0.1, 0.5)
    await _began(iphone)
    later = prompting.clock.now() + timedelta(minutes=5)
    delayed = _on_its_way(CaseState.SEALED, attempts=1, next_attempt_at=later)
    await _move(prompting, delayed)
    await _tell(prompting, "send", 0.1)
    assert _events(iphone) == [(LIVE_TAG, event) for event in ("start", "end", "start")]


async def test_a_live_activity_of_a_run_that_was_killed(
    prompting: PromptWorld,
) -> None:
    """The next start ends it: what goes on may be over before it is worth another."""
    iphone, _ = await _phones(prompting, live=True)
    await prompting.rest()  # what the start looks at
    await prompting.keep(_on_its_way(CaseState.SEALED))
    await _tell(prompting, "send", 0.1, 0.5)
    await _began(iphone)
    prompting.start()
    await prompting.rest()
    assert _events(iphone) == [(LIVE_TAG, "start"), (LIVE_TAG, "end")]


async def test_no_live_activity_in_quiet_hours(prompting: PromptWorld) -> None:
    """Whether a banner comes with its start is left open, so there is none at night."""
    iphone, pixel = await _phones(prompting, live=True)
    sam, _ = prompting.approvers
    prompting.quiet[sam] = DailySpan(start=time(12), end=time(9))
    prompting.start()
    await _tell(prompting, "send", 0.1, 0.5)
    assert len(iphone.pushes) == 1
    assert pixel.pushes[-1]["data"]["progress"] == 50


async def test_short_works_say_nothing(prompting: PromptWorld) -> None:
    """Done within five seconds: the result is the next push."""
    _, pixel = await _phones(prompting)
    for done in (0.0, 0.3, 0.6, 0.9, 1.0):
        prompting.prompter.bars.told(CASE_ID, "send", done)
        prompting.clock.go_on(timedelta(seconds=1))
    await prompting.rest()
    assert len(pixel.pushes) == 1


async def test_the_result_takes_its_place(prompting: PromptWorld) -> None:
    """The same tag, to be heard, without a bar; and no bar comes after it."""
    _, pixel = await _phones(prompting)
    await _tell(prompting, "seal", 0.1, 0.5)
    await _move(prompting, _on_its_way(CaseState.SEALED))
    await _tell(prompting, "send", 0.1, 0.5)
    shared = waiting(state=CaseState.SHARED, offer=None)
    async with prompting.prompter.turn(CASE_ID):  # another push is on its way
        prompting.prompter.bars.told(CASE_ID, "send", 0.9)
        prompting.prompter.bars.moved(shared)
    await prompting.settle(CaseEventType.SHARED, shared)
    prompting.prompter.bars.told(CASE_ID, "send", 1.0)
    await prompting.rest()
    assert [push["message"] for push in pixel.pushes[1:]] == [
        "Sealing the approved clip: 50 %.",
        "Sending the approved clip: 10 %.",
        "Sending the approved clip: 50 %.",
        "The approved clip is ready for the one who asked.",
    ]
    result = pixel.pushes[-1]["data"]
    assert result["tag"] == TAG
    assert "progress" not in result
    assert "alert_once" not in result


async def test_a_draft_only_where_the_case_is_shown(prompting: PromptWorld) -> None:
    """The first draft of a request is made before anybody is asked: no phone hears."""
    _, pixel = await _phones(prompting)
    other = "b" * 26
    for done in (0.1, 0.5):
        prompting.prompter.bars.told(other, "draft", done)
        prompting.clock.go_on(timedelta(seconds=6))
    await _tell(prompting, "draft", 0.1, 0.5)
    assert [push["data"]["tag"] for push in pixel.pushes] == [TAG, TAG]
    assert pixel.pushes[1]["message"] == "Preparing the clip: 50 %."
    for state in (CaseState.DRAFTING, CaseState.DRAFTED):
        await _move(prompting, waiting(state=state, offer=None))
    await _move(prompting, waiting())
    await prompting.prompter.async_ask_again(waiting())
    await prompting.rest()
    assert len(pixel.pushes) == 3
    assert pixel.titles() == ["Approve", "Review", "Decline"]


async def test_a_draft_that_waits_for_a_key(prompting: PromptWorld) -> None:
    """Nothing is offered until the panel has made the key: the question is back."""
    _, pixel = await _phones(prompting)
    await _tell(prompting, "draft", 0.1, 0.5)
    await _move(prompting, waiting(offer=None))
    assert "asks for Driveway" in pixel.pushes[-1]["message"]
    assert pixel.titles() == ["Review", "Decline"]


async def test_a_draft_that_failed(prompting: PromptWorld) -> None:
    """The prompter is asked to show the question again: once is enough."""
    _, pixel = await _phones(prompting)
    await _tell(prompting, "draft", 0.1, 0.5)
    await _move(prompting, waiting(offer=None, draft=None, problem="media_failed"))
    assert len(pixel.pushes) == 2


async def test_a_delivery_that_has_to_wait(prompting: PromptWorld) -> None:
    """Its bar does not stand still for hours; the next attempt has one of its own."""
    _, pixel = await _phones(prompting)
    await _tell(prompting, "send", 0.1, 0.5)
    later = prompting.clock.now() + timedelta(minutes=5)
    for _ in range(2):
        delayed = _on_its_way(CaseState.SEALED, attempts=1, next_attempt_at=later)
        await _move(prompting, delayed)
    assert pixel.pushes[-1]["message"] == (
        "The approved clip could not be sent yet. It is tried again by itself."
    )
    assert "progress" not in pixel.pushes[-1]["data"]
    assert pixel.pushes[-1]["data"]["importance"] == "low"
    assert len(pixel.pushes) == 3
    prompting.clock.go_on(timedelta(minutes=5))
    await _move(prompting, delayed)
    await _tell(prompting, "send", 0.1)
    assert [push["data"].get("progress") for push in pixel.pushes[2:]] == [None, 10]


async def test_a_delivery_that_is_withdrawn(prompting: PromptWorld) -> None:
    """The bar goes with it."""
    _, pixel = await _phones(prompting)
    await _tell(prompting, "send", 0.1, 0.5)
    await _move(prompting, waiting(state=CaseState.CLOSED, offer=None))
    assert pixel.pushes[-1] == {
        "message": "clear_notification",
        "data": {"tag": TAG},
    }


@pytest.mark.parametrize("state", [CaseState.CLOSED, CaseState.WAITING])
async def test_nothing_to_take_away(prompting: PromptWorld, state: CaseState) -> None:
    """Where no bar was shown nothing is pushed."""
    _, pixel = await _phones(prompting)
    await _move(prompting, waiting(state=state, offer=None))
    await _tell(prompting, "draft", 0.1)
    await _move(prompting, waiting(state=state, offer=None))
    assert len(pixel.pushes) == 1


async def test_a_store_that_fails(
    prompting: PromptWorld,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A bar is not worth an error."""

    async def refuse(*_: object) -> set[str]:
        raise StoreError("store_failed")

    _, pixel = await _phones(prompting)
    monkeypatch.setattr(prompting.store, "async_asked", refuse)
    await _tell(prompting, "draft", 0.1, 0.5)
    assert "Progress could not be pushed: store_failed" in caplog.text
    assert len(pixel.pushes) == 1
