"""Whom pushes reach: these phones and no others; and what shows if they reach none."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from homeassistant.components import persistent_notification
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.clip_consent.base.push import (
    Outcome,
    Phone,
    PhoneSystem,
    async_push,
    phones,
)
from custom_components.clip_consent.core.models import CaseEventType, CaseState
from custom_components.clip_consent.core.telling import Told
from custom_components.clip_consent.home.people import HomePeople
from tests.phones import FakePhone, relay

from .prompting import HandTimers, PromptWorld, prompting, timers, waiting

__all__ = ["prompting", "relay", "timers"]  # fixtures, used by name

NO_PHONE = (
    "A request for footage is waiting, and none of your phones could be reached. "
    "Open Clip Consent in the sidebar. Answering is voluntary, and nobody can see a refusal."
)
OTHER = "b" * 26
LOCAL_ONLY = {"push_websocket_channel": True}  # a phone that has to be connected


async def _sam(world: PromptWorld, **more: Any) -> FakePhone:
    sam = await world.user("Sam")
    phone = await world.phone(sam, "Sam's", ios=True, **more)
    world.approve_by(sam, phone)
    world.start()
    return phone


async def test_no_phone_at_all(prompting: PromptWorld) -> None:
    """An approver without a phone: the sidebar's bell and a repair issue say it."""
    sam = await prompting.user("Sam")
    prompting.approve_by(sam)
    prompting.start()
    assert await prompting.prompter.async_ask(waiting()) == Told()
    assert prompting.issues == {"no_phone"}
    assert prompting.notification == NO_PHONE

    phone = await prompting.phone(sam, "Sam's", ios=True)
    prompting.approve_by(sam, phone)
    prompting.start()
    assert await prompting.prompter.async_ask(waiting(OTHER)) == Told(pushed=1)
    assert prompting.issues == set()
    assert prompting.notification is None
    assert len(phone.pushes) == 1
    assert await prompting.prompter.async_ask(waiting("d" * 26)) == Told(later=1)
    assert len(phone.pushes) == 1


async def test_no_approver_at_all(prompting: PromptWorld) -> None:
    """Without approvers nobody can be reached either."""
    prompting.start()
    await prompting.prompter.async_ask(waiting())
    assert prompting.issues == {"no_phone"}


async def test_phone_that_is_not_connected(prompting: PromptWorld) -> None:
    """Home Assistant refuses to push to it, which is no error of ours."""
    phone = await _sam(prompting, app_data=LOCAL_ONLY)
    await prompting.prompter.async_ask(waiting())
    assert phone.pushes == []
    assert prompting.issues == {"no_phone"}
    assert prompting.notification == NO_PHONE


async def test_notice_goes_once_its_cases_are_decided(prompting: PromptWorld) -> None:
    """It goes with the last of the cases that nobody was told of, not before."""
    await _sam(prompting, app_data=LOCAL_ONLY)
    await prompting.prompter.async_ask(waiting())
    await prompting.prompter.async_ask(waiting(OTHER))
    await prompting.settle(CaseEventType.UNDONE, waiting())
    await prompting.settle(CaseEventType.CLOSED, waiting("c" * 26))
    await prompting.settle(CaseEventType.CLOSED, waiting(state=CaseState.CLOSED))
    assert prompting.issues == {"no_phone"}
    assert prompting.notification == NO_PHONE
    await prompting.settle(CaseEventType.APPROVED, waiting(OTHER))
    assert prompting.issues == set()
    assert prompting.notification is None


async def test_digest_that_reaches_nobody(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """What was kept back and then reaches no phone shows in the sidebar too."""
    phone = await _sam(prompting)
    await prompting.prompter.async_ask(waiting())
    await prompting.prompter.async_ask(waiting(OTHER))
    await _remove(prompting.hass, phone)
    await timers.go_on(timedelta(minutes=10))
    assert len(phone.pushes) == 1
    assert prompting.notification == NO_PHONE
    await prompting.settle(CaseEventType.CLOSED, waiting(OTHER))
    assert prompting.notification is None


async def _remove(hass: HomeAssistant, phone: FakePhone) -> None:
    assert await hass.config_entries.async_remove(phone.entry_id)
    await hass.async_block_till_done()


async def _disable(hass: HomeAssistant, phone: FakePhone) -> None:
    await hass.config_entries.async_set_disabled_by(
        phone.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()


async def _unload(hass: HomeAssistant, phone: FakePhone) -> None:
    assert await hass.config_entries.async_unload(phone.entry_id)
    await hass.async_block_till_done()


@pytest.mark.parametrize("lose", [_remove, _disable, _unload])
async def test_phone_that_is_gone(prompting: PromptWorld, lose: Any) -> None:
    """A registration that was removed, disabled or stopped is never pushed to."""
    phone = await _sam(prompting)
    await lose(prompting.hass, phone)
    await prompting.prompter.async_ask(waiting())
    assert phone.pushes == []
    assert prompting.issues == {"no_phone"}


async def test_phone_that_came_back(prompting: PromptWorld) -> None:
    """Enabled again, it is reached again, and nothing has to be repaired any more."""
    phone = await _sam(prompting)
    await _disable(prompting.hass, phone)
    await prompting.prompter.async_ask(waiting())
    await prompting.hass.config_entries.async_set_disabled_by(phone.entry_id, None)
    await prompting.hass.async_block_till_done()
    await prompting.prompter.async_ask(waiting(OTHER))
    assert len(phone.pushes) == 1
    assert prompting.issues == set()


async def test_phones_of_others_are_never_addressed(prompting: PromptWorld) -> None:
    """An approver's settings that name somebody else's phone reach nobody."""
    sam, kim = await prompting.user("Sam"), await prompting.user("Kim")
    sams = await prompting.phone(sam, "Sam's", ios=True)
    kims = await prompting.phone(kim, "Kim's", ios=True)
    unticked = await prompting.phone(sam, "Tablet", ios=True)
    prompting.approve_by(sam, sams, also=(kims.entry_id, "gone"))
    prompting.start()
    await prompting.prompter.async_ask(waiting())
    await prompting.settle(CaseEventType.UNDONE, waiting())
    await prompting.settle(CaseEventType.CLOSED, waiting(state=CaseState.CLOSED))
    assert len(sams.pushes) == 3
    assert kims.pushes == []
    assert unticked.pushes == []


async def test_name_taken_by_another_registration(prompting: PromptWorld) -> None:
    """A-08: the owner's one phone is shadowed: no push, and two issues say why."""
    phone = await _sam(prompting)
    guest = await prompting.user("Guest")
    shadow = await prompting.phone(guest, "Sam's", ios=False)
    await prompting.prompter.async_ask(waiting())
    assert phone.pushes == shadow.pushes == []
    misaddressed = f"push_misaddressed_{phone.entry_id}"
    assert prompting.issues == {"no_phone", misaddressed}
    issue = ir.async_get(prompting.hass).async_get_issue("clip_consent", misaddressed)
    assert issue
    assert issue.translation_placeholders == {"phone": "Sam's"}

    await _remove(prompting.hass, shadow)
    assert await prompting.hass.config_entries.async_reload(phone.entry_id)
    await prompting.hass.async_block_till_done()
    await prompting.prompter.async_ask(waiting(OTHER))
    assert len(phone.pushes) == 1
    assert shadow.pushes == []
    assert prompting.issues == set()


async def test_name_of_a_phone_that_is_unticked_is_no_trouble(
    prompting: PromptWorld,
) -> None:
    """Whose notification action a phone has matters only while it is pushed to."""
    phone = await _sam(prompting)
    await prompting.phone(await prompting.user("Guest"), "Sam's", ios=False)
    await prompting.prompter.async_ask(waiting())
    prompting.start()
    await prompting.rest()
    assert f"push_misaddressed_{phone.entry_id}" in prompting.issues
    (sam,) = prompting.approvers
    prompting.approvers[sam] = replace(prompting.approvers[sam], phones=())
    prompting.start()
    await prompting.rest()
    assert f"push_misaddressed_{phone.entry_id}" not in prompting.issues


@pytest.mark.parametrize("name", ["SAM S", "sam's", "Sam–s"])
async def test_name_that_only_looks_different(
    prompting: PromptWorld, name: str
) -> None:
    """A-08: actions are named after a slug: other spellings take it just as well."""
    phone = await _sam(prompting)
    guest = await prompting.user("Guest")
    shadow = await prompting.phone(guest, name, ios=False)
    await prompting.prompter.async_ask(waiting())
    assert shadow.pushes == []
    if not phone.pushes:
        assert f"push_misaddressed_{phone.entry_id}" in prompting.issues


async def test_mobile_app_is_not_set_up_yet(prompting: PromptWorld) -> None:
    """While Home Assistant starts there may be phones and no way to push to them."""
    phone = await _sam(prompting)
    [known] = phones(prompting.hass)
    data = prompting.hass.data["mobile_app"]
    service = data.pop("notify")
    assert await _push(prompting.hass, known) is Outcome.UNREACHABLE
    data["notify"] = type(service)()  # there, and not done with its setup
    assert await _push(prompting.hass, known) is Outcome.UNREACHABLE
    data["notify"] = service
    prompting.hass.config.components.remove("mobile_app")
    assert await _push(prompting.hass, known) is Outcome.UNREACHABLE
    prompting.hass.config.components.add("mobile_app")
    assert await _push(prompting.hass, known) is Outcome.SENT
    assert len(phone.pushes) == 1


async def _push(hass: HomeAssistant, phone: Phone) -> Outcome:
    return await async_push(hass, phone, title="T", message="M", data={})


async def test_registration_is_another_users_by_now(prompting: PromptWorld) -> None:
    """A phone that changed hands between the look and the push is not pushed to."""
    phone = await _sam(prompting)
    stale = Phone(
        entry_id=phone.entry_id,
        user_id="somebody else",
        name="Sam's",
        system=PhoneSystem.IOS,
        encrypted=True,
    )
    gone = Phone(
        entry_id="gone",
        user_id="somebody else",
        name="nobody's",
        system=PhoneSystem.IOS,
        encrypted=True,
    )
    assert await _push(prompting.hass, stale) is Outcome.UNREACHABLE
    assert await _push(prompting.hass, gone) is Outcome.UNREACHABLE
    assert phone.pushes == []


async def test_relay_that_refuses(prompting: PromptWorld) -> None:
    """What the relay refuses Home Assistant only logs: to us it was sent."""
    phone = await _sam(prompting)
    prompting.relay.refuse.add("Sam's")
    await prompting.prompter.async_ask(waiting())
    assert phone.pushes == []
    assert prompting.issues == set()


async def test_relay_that_answers_nonsense(prompting: PromptWorld) -> None:
    """G9: one phone's odd relay keeps no push of another from being counted."""
    sam = await prompting.user("Sam")
    odd = await prompting.phone(sam, "Odd", ios=True)
    good = await prompting.phone(sam, "Good", ios=True)
    prompting.approve_by(sam, odd, good)
    prompting.start()
    prompting.relay.garble.add("Odd")
    for _ in range(3):  # as often as somebody looks again
        await prompting.prompter.async_ask(waiting())
    assert len(good.pushes) == 1
    assert prompting.issues == set()


async def test_relay_that_answers_nothing_but_nonsense(
    prompting: PromptWorld, caplog: pytest.LogCaptureFixture
) -> None:
    """A phone whose relay says nothing that can be read was not reached."""
    await _sam(prompting)
    prompting.relay.garble.add("Sam's")
    await prompting.prompter.async_ask(waiting())
    assert prompting.issues == {"no_phone"}
    assert "A phone could not be reached: JSONDecodeError" in caplog.text


async def test_people_are_looked_up_each_time(prompting: PromptWorld) -> None:
    """Standing, name and exposed phones are those of this moment."""
    sam = await prompting.user("Sam")
    prompting.approve_by(sam)
    people = HomePeople(prompting.hass, prompting.approvers)
    assert people.approvers() == (sam.id,)
    assert await people.async_person("nobody") is None
    person = await people.async_person(sam.id)
    assert person
    assert (person.name, person.listed, person.active) == ("Sam", True, True)
    assert person.exposed == frozenset()

    iphone = await prompting.phone(sam, "Sam's", ios=True)
    pixel = await prompting.phone(sam, "Pixel", ios=False)
    kim = await prompting.user("Kim")
    await prompting.phone(kim, "Kim's", ios=False)
    person = await people.async_person(sam.id)
    assert person
    assert person.exposed == {pixel.entry_id}
    assert iphone.secret

    stranger = await people.async_person(kim.id)
    assert stranger
    assert (stranger.listed, stranger.one_tap) == (False, frozenset())


async def test_notification_is_not_made_anew_by_results(
    prompting: PromptWorld,
) -> None:
    """The owner dismissed it: a result of another case does not bring it back."""
    await _sam(prompting, app_data=LOCAL_ONLY)
    await prompting.prompter.async_ask(waiting())
    persistent_notification.async_dismiss(prompting.hass, "clip_consent_no_phone")
    await prompting.settle(CaseEventType.SHARED, waiting(OTHER))
    assert prompting.notification is None
