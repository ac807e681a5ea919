"""What becomes of pushes once something was decided, and how answers are heard."""

import asyncio
from dataclasses import replace
from datetime import timedelta
import json
import logging
from pathlib import Path
from unittest.mock import AsyncMock

from homeassistant.core import Context, CoreState, EventOrigin
import pytest

from custom_components.clip_consent.core.approval import Decision, Tap
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import (
    Case,
    CaseEvent,
    CaseEventType,
    CaseState,
    ClosedReason,
    VerdictKind,
)
from custom_components.clip_consent.home.prompt_phones import ApproverPhones
from custom_components.clip_consent.home.push_payload import ACTION_PREFIX
from custom_components.clip_consent.home.store import HomeStore
from tests.core import cases
from tests.phones import TAP_EVENT, FakePhone, relay

from .prompting import CASE_ID, SHA, PromptWorld, draft, prompting, waiting

__all__ = ["prompting", "relay"]  # fixtures, used by name

TAG = f"clip_consent_{CASE_ID}"


def _consented() -> Case:
    return replace(
        waiting(),
        state=CaseState.CONSENTED,
        offer=None,
        delivery=cases.delivery(draft(), offer_id=f"offer of {CASE_ID}"),
    )


def _closed(**changes: object) -> Case:
    return replace(
        waiting(),
        state=CaseState.CLOSED,
        closed=ClosedReason.DECLINED,
        draft=None,
        offer=None,
        **changes,  # type: ignore[arg-type]
    )


async def _two(world: PromptWorld) -> tuple[FakePhone, FakePhone, FakePhone]:
    """Return Sam's iPhone and tablet and Kim's Android phone; both are approvers."""
    sam, kim = await world.user("Sam"), await world.user("Kim")
    iphone = await world.phone(sam, "Sam's", ios=True)
    tablet = await world.phone(sam, "Tablet", ios=True)
    pixel = await world.phone(kim, "Kim's", ios=False)
    world.approve_by(sam, iphone, tablet)
    world.approve_by(kim, pixel, one_tap=False)
    world.start()
    return iphone, tablet, pixel


async def test_approval_replaces_the_push_on_every_phone(
    prompting: PromptWorld,
) -> None:
    """Everybody reads who approved, and can take it back; each button is their own."""
    phones = await _two(prompting)
    await prompting.prompter.async_ask(waiting())
    [sam, _] = [
        await prompting.hass.auth.async_get_user(one) for one in prompting.approvers
    ]
    await prompting.settle(CaseEventType.APPROVED, _consented(), sam)
    keys = set()
    for phone in phones:
        asked, told = phone.pushes
        assert asked["data"]["tag"] == told["data"]["tag"] == TAG
        # the window ends at 12:00:10 UTC
        assert told["message"] == "Sam approved. Goes out at 13:00:10."
        assert phone.titles() == ["Undo", "Review"]
        assert "image" not in told["data"]
        keys.add(phone.key("Undo"))
        token = await _token(prompting, phone.key("Undo"))
        assert token.decision is Decision.UNDO
        assert token.phone == phone.entry_id
        # what the push before offered cannot be answered any more
        assert (await _token(prompting, phone.key("Decline", 0))).void
    assert len(keys) == 3


async def test_new_offer_replaces_the_push_without_a_sound(
    prompting: PromptWorld,
) -> None:
    """Another clip was chosen: what the phones showed is void, and they get the new."""
    iphone, tablet, pixel = await _two(prompting)
    await prompting.prompter.async_ask(waiting())
    again = replace(waiting(), offer=cases.offer(SHA, offer_id="another"))
    await prompting.prompter.async_ask_again(again)
    await prompting.rest()
    for phone in (iphone, tablet, pixel):
        before, after = phone.pushes
        assert before["data"]["tag"] == after["data"]["tag"] == TAG
        assert before["message"] == after["message"]
        assert (await _token(prompting, phone.key("Decline", 0))).void
        assert (await _token(prompting, phone.key("Decline"))).offer_id == "another"
    assert iphone.titles() == ["Approve", "Review", "Decline"]
    assert iphone.pushes[1]["data"]["push"] == {"interruption-level": "passive"}
    assert pixel.pushes[1]["data"]["alert_once"] is True
    # it was no new request
    [user_id, _] = prompting.approvers
    since = prompting.clock.now() - timedelta(days=1)
    assert len(await prompting.store.async_pushes(user_id, since)) == 1


async def test_new_offer_rings_nobody_who_was_not_asked(
    prompting: PromptWorld,
) -> None:
    """Neither where no push was, nor where what was approved stands."""
    phones = await _two(prompting)
    await prompting.prompter.async_ask_again(waiting())
    await prompting.rest()
    assert all(not phone.pushes for phone in phones)
    await prompting.keep(waiting())
    await prompting.prompter.async_ask(waiting())
    await prompting.keep(_consented())
    await prompting.settle(CaseEventType.APPROVED, _consented())
    told = [len(phone.pushes) for phone in phones]
    await prompting.prompter.async_ask_again(waiting())
    await prompting.rest()
    assert [len(phone.pushes) for phone in phones] == told


@pytest.mark.parametrize(
    ("kind", "problem", "first"),
    [
        (CaseEventType.UNDONE, None, ""),
        (
            CaseEventType.FAILED,
            "upload_refused",
            "The clip could not be sent. Open Clip Consent to see why. ",
        ),
    ],
)
async def test_an_approval_that_came_to_nothing_is_asked_for_again(
    prompting: PromptWorld, kind: CaseEventType, problem: str | None, first: str
) -> None:
    """Taken back or refused, the case waits: every phone can answer its new offer."""
    phones = await _two(prompting)
    await prompting.keep(waiting())
    await prompting.prompter.async_ask(waiting())
    await prompting.keep(_consented())
    await prompting.settle(CaseEventType.APPROVED, _consented())
    offer = cases.offer(SHA, offer_id="another")
    again = await prompting.keep(replace(waiting(), problem=problem, offer=offer))
    await prompting.settle(kind, again)
    assert [phone.titles() for phone in phones] == [["Review"]] * 3
    await prompting.prompter.async_ask_again(again)
    await prompting.rest()
    for phone in phones:
        assert phone.pushes[-1]["message"] == first + phone.pushes[0]["message"]
        assert (await _token(prompting, phone.key("Decline"))).offer_id == "another"
    assert await prompting.prompter.async_showing(CASE_ID) == [*prompting.approvers]


async def test_new_offer_of_a_store_that_fails_is_no_error(
    prompting: PromptWorld,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The panel still shows it."""

    async def fail(case_id: str) -> set[str]:
        raise StoreError("store_failed")

    phones = await _two(prompting)
    await prompting.prompter.async_ask(waiting())
    monkeypatch.setattr(prompting.store, "async_asked", fail)
    await prompting.prompter.async_ask_again(waiting())
    await prompting.rest()
    assert "A new offer could not be pushed" in caplog.text
    assert all(len(phone.pushes) == 1 for phone in phones)


async def _token(world: PromptWorld, key: str):
    digest = world.store.token_digest(key.removeprefix(ACTION_PREFIX))
    token = await world.store.async_token(digest)
    assert token
    return token


@pytest.mark.parametrize(
    ("kind", "case", "text"),
    [
        (
            CaseEventType.UNDONE,
            waiting(),
            "Sam took the approval back. Nothing was sent.",
        ),
        (
            CaseEventType.SHARED,
            waiting(state=CaseState.SHARED, offer=None),
            "The approved clip is ready for the one who asked.",
        ),
        (
            CaseEventType.SHARED,
            waiting(
                state=CaseState.SHARED,
                offer=None,
                draft=replace(draft(), choice=replace(draft().choice, text="I saw it")),
            ),
            "The approved answer is ready for the one who asked.",
        ),
        (
            CaseEventType.FAILED,
            waiting(problem="upload_refused"),
            "The clip could not be sent. Open Clip Consent to see why.",
        ),
    ],
)
async def test_other_results(
    prompting: PromptWorld, kind: CaseEventType, case: Case, text: str
) -> None:
    """Other results replace the push as well, with nothing left but Review."""
    phones = await _two(prompting)
    [sam, _] = [
        await prompting.hass.auth.async_get_user(one) for one in prompting.approvers
    ]
    await prompting.settle(kind, case, sam)
    for phone in phones:
        [push] = phone.pushes
        assert push["message"] == text
        assert push["data"]["tag"] == TAG
        assert phone.titles() == ["Review"]


async def test_closing_clears_the_push_on_every_phone(prompting: PromptWorld) -> None:
    """A decline on one phone takes the question from all."""
    phones = await _two(prompting)
    await prompting.prompter.async_ask(waiting())
    await prompting.settle(CaseEventType.CLOSED, _closed())
    for phone in phones:
        assert phone.pushes[-1]["message"] == "clear_notification"
        assert phone.pushes[-1]["data"] == {"tag": TAG}


@pytest.mark.parametrize(
    "kind", [CaseEventType.ASKED, CaseEventType.APPROVED], ids=["asked", "approved"]
)
async def test_what_was_pushed_is_cleared_whatever_the_rules_say_now(
    prompting: PromptWorld, kind: CaseEventType
) -> None:
    """Asked, then a rule made it one that is only listed; or approved in the panel."""
    phones = await _two(prompting)
    if kind is CaseEventType.ASKED:
        await prompting.prompter.async_ask(waiting())
    else:
        await prompting.settle(kind, _consented())
    listed = cases.screening(VerdictKind.LIST)
    await prompting.settle(CaseEventType.CLOSED, _closed(screening=listed))
    for phone in phones:
        assert phone.pushes[-1]["message"] == "clear_notification"


async def test_what_was_never_pushed_is_not_cleared(prompting: PromptWorld) -> None:
    """A case that was only listed makes no traffic to the phones when it closes."""
    await _two(prompting)
    listed = cases.screening(VerdictKind.LIST)
    await prompting.settle(CaseEventType.CLOSED, _closed(screening=listed))
    await prompting.settle(CaseEventType.CLOSED, _closed(screening=None))
    await prompting.settle(CaseEventType.RECEIVED, waiting())
    await prompting.settle(CaseEventType.ASKED, waiting())
    assert prompting.relay.received == []


async def test_approval_without_a_delivery_cannot_be_undone(
    prompting: PromptWorld,
) -> None:
    """If the delivery is over before the push is made there is nothing to take back."""
    iphone, *_ = await _two(prompting)
    await prompting.settle(CaseEventType.APPROVED, waiting(state=CaseState.SHARED))
    assert iphone.titles() == ["Review"]


@pytest.mark.parametrize("name", [None, "", "<b>Sam</b>"])
async def test_names_of_users(prompting: PromptWorld, name: str | None) -> None:
    """A user without a name, or with markup in it, breaks no text."""
    iphone, *_ = await _two(prompting)
    sam = await prompting.user("x")
    sam.name = name
    await prompting.settle(CaseEventType.UNDONE, waiting(), sam)
    who = "b Sam /b" if name else "Clip Consent"
    assert iphone.pushes[-1]["message"].startswith(f"{who} took the approval back")


async def test_nobody_in_particular(prompting: PromptWorld) -> None:
    """What no user did, or one who is gone, is told in the integration's name."""
    iphone, *_ = await _two(prompting)
    await prompting.settle(CaseEventType.UNDONE, waiting())
    sam = await prompting.user("Gone")
    await prompting.hass.auth.async_remove_user(sam)
    await prompting.settle(CaseEventType.UNDONE, waiting(), sam)
    for push in iphone.pushes:
        assert push["message"].startswith("Clip Consent took the approval back")


async def test_results_tell_no_secret_either(prompting: PromptWorld) -> None:
    """G8: no word of the requester in a result, nor who they are."""
    iphone, *_ = await _two(prompting)
    await prompting.settle(CaseEventType.APPROVED, _consented())
    await prompting.settle(CaseEventType.SHARED, waiting(state=CaseState.SHARED))
    await prompting.settle(CaseEventType.FAILED, waiting())
    said = json.dumps(iphone.pushes)
    for word in ("evil.example", "Ring me", "states(", "Anna", "Driveway"):
        assert word not in said


async def test_answers_wait_for_their_question(prompting: PromptWorld) -> None:
    """A decision while the question is on its way is told after it, never before."""
    iphone, *_ = await _two(prompting)
    asking = asyncio.create_task(prompting.prompter.async_ask(waiting()))
    await asyncio.sleep(0)
    await prompting.settle(CaseEventType.CLOSED, _closed())
    await asking
    await prompting.rest()
    assert [push["message"] for push in iphone.pushes][-1] == "clear_notification"
    assert len(iphone.pushes) == 2


async def test_deactivated_approver_is_told_nothing(prompting: PromptWorld) -> None:
    """Who may not answer any more gets neither question nor result, only clearing."""
    iphone, tablet, pixel = await _two(prompting)
    [sam, _] = [
        await prompting.hass.auth.async_get_user(one) for one in prompting.approvers
    ]
    assert sam
    await prompting.hass.auth.async_deactivate_user(sam)
    await prompting.prompter.async_ask(waiting())
    await prompting.settle(CaseEventType.APPROVED, _consented(), sam)
    assert iphone.pushes == tablet.pushes == []
    assert len(pixel.pushes) == 2
    await prompting.settle(CaseEventType.CLOSED, _closed())
    assert [push["message"] for push in iphone.pushes] == ["clear_notification"]


async def test_store_that_refuses(
    prompting: PromptWorld,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A result that cannot get its undo token is logged; nothing else breaks."""
    iphone, *_ = await _two(prompting)
    await prompting.prompter.async_ask(waiting())

    async def refuse(*_: object) -> None:
        raise StoreError("store_failed")

    with monkeypatch.context() as patched:
        patched.setattr(prompting.store, "async_mint", refuse)
        await prompting.settle(CaseEventType.APPROVED, _consented())
    assert "A result could not be pushed: store_failed" in caplog.text
    assert len(iphone.pushes) == 1
    await prompting.settle(CaseEventType.SHARED, waiting(state=CaseState.SHARED))
    assert len(iphone.pushes) == 2


async def test_stopped_while_a_result_is_on_its_way(prompting: PromptWorld) -> None:
    """Stopping drops what waits for a phone, and hears no more taps."""
    iphone, *_ = await _two(prompting)
    lock = prompting.prompter.turn(CASE_ID)
    async with lock:
        settling = asyncio.create_task(
            prompting.settle(CaseEventType.SHARED, waiting(state=CaseState.SHARED))
        )
        await asyncio.sleep(0.01)
        prompting.stop()
        await settling
    assert iphone.pushes == []
    await iphone.tap(f"{ACTION_PREFIX}{'a' * 26}")
    await prompting.rest()
    assert prompting.decisions.taps == []


async def test_results_are_waited_for_before_a_stop(
    prompting: PromptWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed setting starts the home anew: that must not leave dead buttons."""
    phones = await _two(prompting)
    await prompting.prompter.async_ask(waiting())
    event = CaseEvent(
        type=CaseEventType.CLOSED,
        case=_closed(),
        user_id=None,
        at=prompting.clock.now(),
    )
    await prompting.prompter.async_settle(event)
    await prompting.prompter.async_finish()
    prompting.stop()
    for phone in phones:
        assert phone.pushes[-1]["message"] == "clear_notification"
    await prompting.prompter.async_finish()

    monkeypatch.setattr("custom_components.clip_consent.home.prompt.PATIENCE", 0.01)
    prompting.start()
    async with prompting.prompter.turn(CASE_ID):
        await prompting.prompter.async_settle(event)
        await prompting.prompter.async_finish()  # one that hangs holds up nobody


@pytest.mark.parametrize(
    ("case", "message", "titles"),
    [
        (_closed(), "clear_notification", []),
        (
            _consented(),
            "Clip Consent approved. Goes out at 13:00:10.",
            ["Undo", "Review"],
        ),
        (
            waiting(
                state=CaseState.SHARED,
                offer=None,
                delivered=(cases.delivery(draft(), offer_id=f"offer of {CASE_ID}"),),
            ),
            "The approved clip is ready for the one who asked.",
            ["Review"],
        ),
        (
            replace(waiting(), offer=cases.offer(SHA, offer_id="another")),
            "Anna next door asks for Driveway",
            ["Approve", "Review", "Decline"],
        ),
    ],
    ids=["closed", "approved", "shared", "offered anew"],
)
async def test_what_a_crash_cut_off_is_told_by_the_next_start(
    prompting: PromptWorld, case: Case, message: str, titles: list[str]
) -> None:
    """However long it was off: no phone keeps buttons that count no more, and it is once."""
    iphone, tablet, pixel = await _two(prompting)
    await prompting.keep(waiting())
    await prompting.prompter.async_ask(waiting())
    await prompting.keep(case)
    prompting.start()
    await prompting.rest()
    for phone in (iphone, tablet, pixel):
        assert phone.pushes[-1]["message"].startswith(message)
        assert len(phone.pushes) == 2
    if titles:
        assert iphone.titles() == titles
    prompting.start()
    await prompting.rest()
    assert all(len(phone.pushes) == 2 for phone in (iphone, tablet, pixel))


async def test_a_start_tells_nothing_twice(prompting: PromptWorld) -> None:
    """The manager tells what it knows to be untold, before phones can be reached."""
    phones = await _two(prompting)
    await prompting.keep(waiting())
    await prompting.prompter.async_ask(waiting())
    await prompting.keep(_consented())
    prompting.hass.set_state(CoreState.starting)
    prompting.start()
    settling = prompting.hass.async_create_task(
        prompting.settle(CaseEventType.APPROVED, _consented())
    )
    await asyncio.sleep(0.01)
    prompting.hass.set_state(CoreState.running)
    prompting.hass.bus.async_fire("homeassistant_started")
    await settling
    await prompting.rest()
    for phone in phones:
        assert len(phone.pushes) == 2
        assert not (await _token(prompting, phone.key("Undo"))).void


async def test_an_undo_that_ran_out_is_no_news(prompting: PromptWorld) -> None:
    """On its way for hours: a restart says nothing, and no undo comes back."""
    phones = await _two(prompting)
    await prompting.keep(waiting())
    await prompting.prompter.async_ask(waiting())
    await prompting.keep(_consented())
    await prompting.settle(CaseEventType.APPROVED, _consented())
    sealed = replace(_consented(), state=CaseState.SEALED)
    await prompting.keep(sealed)
    for _ in range(2):
        prompting.start()
        await prompting.rest()
    assert [len(phone.pushes) for phone in phones] == [2, 2, 2]
    # nor with a clock that is behind
    await prompting.settle(CaseEventType.APPROVED, sealed)
    assert all(phone.titles() == ["Review"] for phone in phones)


async def test_a_new_offer_that_was_cut_off_is_pushed_by_the_next_start(
    prompting: PromptWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its keys were made, and the phones did not get it."""
    phones = await _two(prompting)
    await prompting.keep(waiting())
    await prompting.prompter.async_ask(waiting())
    again = replace(waiting(), offer=cases.offer(SHA, offer_id="another"))
    await prompting.keep(again)
    with monkeypatch.context() as cut:
        cut.setattr(ApproverPhones, "async_push", AsyncMock(return_value=False))
        await prompting.prompter.async_ask_again(again)
        await prompting.rest()
    assert [len(phone.pushes) for phone in phones] == [1, 1, 1]
    for _ in range(2):
        prompting.start()
        await prompting.rest()
        assert [len(phone.pushes) for phone in phones] == [2, 2, 2]
    for phone in phones:
        assert not (await _token(prompting, phone.key("Decline"))).void


async def test_a_phone_that_is_asked_no_more_makes_no_other_ring(
    prompting: PromptWorld,
) -> None:
    """The offer was renewed and a phone taken off the list as the last run ended."""
    iphone, tablet, pixel = await _two(prompting)
    await prompting.keep(waiting())
    await prompting.prompter.async_ask(waiting())
    again = replace(waiting(), offer=cases.offer(SHA, offer_id="another"))
    await prompting.keep(again)
    await prompting.prompter.async_ask_again(again)
    await prompting.rest()
    [_, kim] = prompting.approvers.values()
    prompting.approvers[kim.user_id] = replace(kim, phones=())
    third = replace(waiting(), offer=cases.offer(SHA, offer_id="third"))
    await prompting.keep(third)
    # as if one of Sam's phones had got it before
    await prompting.store.async_told(CASE_ID, {tablet.entry_id})
    for _ in range(2):
        prompting.start()
        await prompting.rest()
        assert [len(phone.pushes) for phone in (iphone, tablet, pixel)] == [3, 2, 3]
    assert pixel.pushes[-1]["message"] == "clear_notification"
    assert iphone.titles() == ["Approve", "Review", "Decline"]


async def test_what_was_told_is_told_no_more(prompting: PromptWorld) -> None:
    """Results and clearings that arrived are not made up for by the next start."""
    phones = await _two(prompting)
    await prompting.keep(waiting())
    await prompting.prompter.async_ask(waiting())
    shared = waiting(state=CaseState.SHARED, offer=None, delivered=(cases.delivery(),))
    await prompting.keep(shared)
    await prompting.settle(CaseEventType.SHARED, shared)
    await prompting.keep(_closed())
    await prompting.settle(CaseEventType.CLOSED, _closed())
    told = [len(phone.pushes) for phone in phones]
    prompting.start()
    await prompting.rest()
    assert [len(phone.pushes) for phone in phones] == told


async def test_stopped_before_the_start(prompting: PromptWorld) -> None:
    """Stopped while Home Assistant starts, it does not begin when that is done."""
    prompting.hass.set_state(CoreState.starting)
    iphone, *_ = await _two(prompting)
    asking = prompting.hass.async_create_task(prompting.prompter.async_ask(waiting()))
    await asyncio.sleep(0.01)
    prompting.stop()
    prompting.hass.set_state(CoreState.running)
    prompting.hass.bus.async_fire("homeassistant_started")
    await asyncio.sleep(0.05)
    assert not asking.done()
    assert iphone.pushes == []
    asking.cancel()


async def test_results_wait_for_the_start_too(prompting: PromptWorld) -> None:
    """Phones may not be there before; Undo is offered only while it counts."""
    prompting.hass.set_state(CoreState.starting)
    iphone, *_ = await _two(prompting)
    sam = next(iter(prompting.approvers))
    approved = CaseEvent(
        type=CaseEventType.APPROVED,
        case=_consented(),
        user_id=sam,
        at=prompting.clock.now(),
    )
    await prompting.prompter.async_settle(approved)
    await asyncio.sleep(0.05)
    assert iphone.pushes == []
    prompting.hass.set_state(CoreState.running)
    prompting.hass.bus.async_fire("homeassistant_started")
    await prompting.rest()
    assert iphone.titles() == ["Undo", "Review"]
    prompting.clock.go_on(timedelta(seconds=11))
    await prompting.settle(CaseEventType.APPROVED, _consented())
    assert iphone.titles() == ["Review"]


async def test_a_home_that_closes_warns_of_nothing(
    prompting: PromptWorld, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A store that is closed already is no trouble of the owner's."""
    prompting.store = HomeStore(tmp_path / "a", tmp_path / "b")
    await prompting.store.async_open()
    await prompting.store.async_close()
    await _two(prompting)
    await prompting.prompter.async_ask_again(waiting())
    await prompting.settle(CaseEventType.APPROVED, _consented())
    warned = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert [one for one in warned if one.name.startswith("custom_components")] == []


# --- taps


async def test_taps_are_handed_in_as_they_came(prompting: PromptWorld) -> None:
    """The token without its prefix, and what Home Assistant says of the event."""
    iphone, *_ = await _two(prompting)
    sam = next(iter(prompting.approvers))
    await iphone.tap(f"{ACTION_PREFIX}abc")
    parent = Context()
    prompting.hass.bus.async_fire(
        TAP_EVENT,
        {"action": f"{ACTION_PREFIX}{ACTION_PREFIX}"},
        EventOrigin.local,
        Context(parent_id=parent.id),
    )
    await prompting.rest()
    assert prompting.decisions.taps == [
        (Tap(event_type=TAP_EVENT, remote=True, parent_id=None, user_id=sam), "abc"),
        (
            Tap(event_type=TAP_EVENT, remote=False, parent_id=parent.id, user_id=None),
            ACTION_PREFIX,
        ),
    ]


async def test_tap_that_the_store_refused(
    prompting: PromptWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """A tap that could not be kept is logged, without its token, and ends nothing."""
    iphone, *_ = await _two(prompting)
    prompting.decisions.error = StoreError("store_failed")
    await iphone.tap(f"{ACTION_PREFIX}secret")
    await prompting.rest()
    assert "did not count: store_failed" in caplog.text
    assert "secret" not in "".join(
        record.message
        for record in caplog.records
        if record.name.startswith("custom_components")
    )
    prompting.decisions.error = None
    await iphone.tap(f"{ACTION_PREFIX}secret")
    await prompting.rest()
    assert len(prompting.decisions.taps) == 2


async def test_asking_twice_voids_the_first_buttons(prompting: PromptWorld) -> None:
    """A push sent again mints new tokens for each phone; the old ones are void."""
    phones = await _two(prompting)
    await prompting.prompter.async_ask(waiting())
    prompting.clock.go_on(timedelta(minutes=11))
    await prompting.prompter.async_ask(waiting())
    for phone in phones:
        assert (await _token(prompting, phone.key("Decline", 0))).void
        assert not (await _token(prompting, phone.key("Decline", 1))).void
