"""The push of what was found after the approvers had been asked."""

import asyncio
from datetime import timedelta

from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import (
    Case,
    CaseEventType,
    CaseState,
    Finding,
)
from tests.core import cases
from tests.phones import FakePhone, relay

from .prompting import (
    CASE_ID,
    DRIVEWAY,
    SPAN,
    HandTimers,
    PromptWorld,
    draft,
    prompting,
    timers,
    waiting,
)

__all__ = ["prompting", "relay", "timers"]  # fixtures, used by name

OTHER = "b" * 26
LOCAL_ONLY = {"push_websocket_channel": True}  # a phone that has to be connected


def _nothing(case_id: str = CASE_ID) -> Case:
    """Return a case for which nothing was found."""
    return waiting(case_id, findings=(), choice=None, draft=None, offer=None)


def _picker(case_id: str = CASE_ID) -> Case:
    """Return it once there is something to choose from."""
    found = (Finding(camera_id=DRIVEWAY, runs=(SPAN,)),)
    return waiting(case_id, findings=found, choice=None, draft=None, offer=None)


async def _phones(world: PromptWorld) -> tuple[FakePhone, FakePhone]:
    sam, kim = await world.user("Sam"), await world.user("Kim")
    iphone = await world.phone(sam, "Sam's", ios=True)
    pixel = await world.phone(kim, "Kim's", ios=False)
    world.approve_by(sam, iphone)
    world.approve_by(kim, pixel)
    world.start()
    return iphone, pixel


async def _pushed(world: PromptWorld) -> int:
    since = world.clock.now() - timedelta(days=1)
    return sum(
        [len(await world.store.async_pushes(one, since)) for one in world.approvers]
    )


async def test_what_was_found_takes_the_place_of_nothing(
    prompting: PromptWorld,
) -> None:
    """On every phone, to be heard: there is something to answer now."""
    phones = await _phones(prompting)
    await prompting.prompter.async_ask(_nothing())
    counted = await _pushed(prompting)
    await prompting.prompter.async_tell_found(waiting())
    for phone in phones:
        before, after = phone.pushes
        assert before["data"]["tag"] == after["data"]["tag"]
        assert "Nothing was found" in before["message"]
        assert "asks for Driveway" in after["message"]
        assert phone.titles() == ["Approve", "Review", "Decline"]
    iphone, pixel = phones
    assert iphone.pushes[1]["data"]["push"] == iphone.pushes[0]["data"]["push"]
    assert "alert_once" not in pixel.pushes[1]["data"]
    assert await _pushed(prompting) == counted == 2


async def test_what_was_found_to_choose_from_is_named(prompting: PromptWorld) -> None:
    """Nothing is prepared yet: the push opens the picker."""
    phones = await _phones(prompting)
    await prompting.prompter.async_ask(_nothing())
    await prompting.prompter.async_tell_found(_picker())
    for phone in phones:
        assert "Found on Driveway" in phone.pushes[1]["message"]
        assert phone.titles() == ["Review", "Decline"]


async def test_it_uses_up_none_of_the_pushes_for_new_requests(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """It comes within the ten minutes, and the next request after them as ever."""
    iphone, _ = await _phones(prompting)
    await prompting.prompter.async_ask(_nothing())
    await timers.go_on(timedelta(minutes=9))
    await prompting.prompter.async_tell_found(waiting())
    await timers.go_on(timedelta(minutes=1))
    await prompting.prompter.async_ask(_nothing(OTHER))
    assert [push["data"]["tag"][-26:] for push in iphone.pushes] == [
        CASE_ID,
        CASE_ID,
        OTHER,
    ]


async def test_what_the_limits_kept_back_stays_with_the_digest(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """G9: what is found later is no way around the limits."""
    phones = await _phones(prompting)
    await prompting.prompter.async_ask(_nothing())
    await prompting.prompter.async_ask(_nothing(OTHER))
    await prompting.prompter.async_tell_found(waiting(OTHER))
    assert [len(phone.pushes) for phone in phones] == [1, 1]
    assert prompting.issues == set()
    await timers.go_on(timedelta(minutes=10))
    for phone in phones:
        assert phone.pushes[1]["message"].startswith("1 request for footage is waiting")


async def test_it_takes_the_place_of_no_result(prompting: PromptWorld) -> None:
    """A phone that shows who approved goes on showing it."""
    phones = await _phones(prompting)
    await prompting.keep(waiting())
    await prompting.prompter.async_ask(waiting())
    approved = waiting(
        state=CaseState.CONSENTED, offer=None, delivery=cases.delivery(draft())
    )
    await prompting.keep(approved)
    await prompting.settle(CaseEventType.APPROVED, approved)
    await prompting.prompter.async_tell_found(waiting())
    assert [len(phone.pushes) for phone in phones] == [2, 2]


async def test_it_waits_for_its_turn(prompting: PromptWorld) -> None:
    """The question that is still being pushed is the one that is replaced."""
    iphone, _ = await _phones(prompting)
    await asyncio.gather(
        prompting.prompter.async_ask(_nothing()),
        prompting.prompter.async_tell_found(waiting()),
    )
    first, second = iphone.pushes
    assert "Nothing was found" in first["message"]
    assert "asks for Driveway" in second["message"]


async def test_it_shows_if_no_phone_can_be_reached(
    hass: HomeAssistant, prompting: PromptWorld
) -> None:
    """The phone that was asked is gone by now; an approver without one is no news."""
    sam = await prompting.user("Sam")
    phone = await prompting.phone(sam, "Sam's", ios=True)
    prompting.approve_by(sam, phone)
    prompting.start()
    await prompting.prompter.async_ask(_nothing())
    assert prompting.issues == set()
    assert await hass.config_entries.async_remove(phone.entry_id)
    await hass.async_block_till_done()
    await prompting.prompter.async_tell_found(waiting())
    assert prompting.issues == {"no_phone"}
    assert prompting.notification
    await prompting.settle(CaseEventType.CLOSED, waiting())
    assert prompting.issues == set()


async def test_a_phone_that_is_reached_again_ends_the_notice(
    prompting: PromptWorld,
) -> None:
    """Meanwhile another request reached none."""
    sam = await prompting.user("Sam")
    away = await prompting.phone(sam, "Sam's", ios=True, app_data=LOCAL_ONLY)
    here = await prompting.phone(sam, "Tablet", ios=True)
    prompting.approve_by(sam, away, here)
    prompting.start()
    await prompting.prompter.async_ask(_nothing())
    prompting.approve_by(sam, away)
    prompting.clock.go_on(timedelta(minutes=11))
    await prompting.prompter.async_ask(_nothing(OTHER))
    assert prompting.issues == {"no_phone"}
    prompting.approve_by(sam, away, here)
    await prompting.prompter.async_tell_found(waiting())
    assert prompting.issues == set()
    assert len(here.pushes) == 2


async def test_a_store_that_fails_is_told(
    prompting: PromptWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop comes back to it: what was found is not lost on the phones."""

    async def fail(case_id: str) -> set[str]:
        raise StoreError("store_failed")

    iphone, _ = await _phones(prompting)
    await prompting.prompter.async_ask(_nothing())
    with monkeypatch.context() as broken:
        broken.setattr(prompting.store, "async_asked", fail)
        with pytest.raises(StoreError):
            await prompting.prompter.async_tell_found(waiting())
    await prompting.prompter.async_tell_found(waiting())
    assert len(iphone.pushes) == 2
