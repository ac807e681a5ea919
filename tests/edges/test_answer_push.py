"""Answers of neighbours on approvers' phones: calm, in our words, cleared for all."""

import asyncio

from homeassistant.core import CoreState

from custom_components.clip_consent.core.settings import Portal
from custom_components.clip_consent.home.alarm import RepairAlarm
from custom_components.clip_consent.home.answer_push import AnswerPushes
from custom_components.clip_consent.home.people import HomePeople
from tests.interfaces import example
from tests.phones import relay
from tests.push_words import english_pushes

from .prompting import PromptWorld, prompting

__all__ = ["prompting", "relay"]  # fixtures, used by name

PORTAL = Portal(
    portal_id="01K9ZQ6S9U3W5X7Y9Z1A3B5C7D", title="Our street", url="", hub="h"
)


def pushes_of(world: PromptWorld) -> AnswerPushes:
    """Return what tells the phones of a world's approvers of answers."""
    people = HomePeople(world.hass, world.approvers)
    alarm = RepairAlarm(world.hass)
    return AnswerPushes(world.hass, world.approvers, people, alarm, english_pushes())


async def test_all_approvers_are_told_without_a_sound(prompting: PromptWorld) -> None:
    """One push for all that came; with its details hidden it does not say of what."""
    anna, hugo = await prompting.user("Anna"), await prompting.user("Hugo")
    android = await prompting.phone(anna, "Anna's phone", ios=False)
    hidden = await prompting.phone(hugo, "Hugo's phone", ios=True)
    prompting.approve_by(anna, android)
    prompting.approve_by(hugo, hidden, hide=True)
    pushes = pushes_of(prompting)
    stop = pushes.listen()
    assert await pushes.async_tell(PORTAL, 1)
    await prompting.rest()
    assert android.pushes == [example("push_data_answer")]
    assert hidden.message() == "Something new came."
    [push] = hidden.pushes
    assert push["data"]["push"] == {"interruption-level": "passive", "sound": "none"}
    assert push["data"]["url"] == "/clip-consent?tab=neighbours"
    assert await pushes.async_tell(PORTAL, 3)
    await prompting.rest()
    assert android.message() == "3 new answers to your requests through Our street."
    pushes.clear(PORTAL.portal_id)
    await prompting.rest()
    for phone in (android, hidden):
        assert phone.message() == "clear_notification"
        assert phone.pushes[-1]["data"]["tag"] == phone.pushes[0]["data"]["tag"]
    stop()


async def test_while_home_assistant_starts_there_are_no_phones(
    prompting: PromptWorld,
) -> None:
    """Nothing waits for it: whoever tells hears that, and tells again."""
    anna = await prompting.user("Anna")
    phone = await prompting.phone(anna, "Anna's phone", ios=False)
    prompting.approve_by(anna, phone)
    prompting.hass.set_state(CoreState.starting)
    pushes = pushes_of(prompting)
    stop = pushes.listen()
    async with asyncio.timeout(5):
        assert not await pushes.async_tell(PORTAL, 1)
    prompting.hass.set_state(CoreState.running)
    stop()
    assert phone.pushes == []


async def test_a_home_that_ends_takes_its_work_along(prompting: PromptWorld) -> None:
    """A push that is being cleared holds up no end."""
    pushes = pushes_of(prompting)
    stop = pushes.listen()
    async with pushes._order:
        pushes.clear(PORTAL.portal_id)
        [task] = pushes._tasks
        stop()
        await asyncio.wait([task])
    assert task.cancelled()
