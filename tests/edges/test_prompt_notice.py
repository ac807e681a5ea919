"""What says that no phone was reached ends with the trouble, across every new start."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import Case, CaseEventType, CaseState
from custom_components.clip_consent.core.telling import Told
from custom_components.clip_consent.home.manager import HomeManager
from tests.phones import FakePhone, relay

from .acting import ASKING, act, offered, until
from .prompting import PromptWorld, prompting, waiting

__all__ = ["prompting", "relay"]  # fixtures, used by name

OTHER = "b" * 26
LOCAL_ONLY = {"push_websocket_channel": True}  # a phone that has to be connected


async def _unreached(world: PromptWorld, case_id: str = "a" * 26) -> Case:
    """Ask about a case that the store has, and reach nobody."""
    case = waiting(case_id)
    request = replace(case.request, request_id=case_id, recipient=f"key of {case_id}")
    case = replace(case, request=request)
    await world.store.async_add(case, [], {}, world.clock.now())
    assert await world.prompter.async_ask(case) == Told()
    assert world.issues == {"no_phone"}
    assert world.notification
    return case


async def _offline(world: PromptWorld) -> FakePhone:
    sam = await world.user("Sam")
    phone = await world.phone(sam, "Sam's", ios=True, app_data=LOCAL_ONLY)
    world.approve_by(sam, phone)
    world.start()
    return phone


def _says(world: PromptWorld) -> bool:
    assert bool(world.issues) == bool(world.notification)
    return bool(world.issues)


async def _anew(world: PromptWorld) -> None:
    """Start the home anew, as a changed setting does."""
    world.start()
    await world.rest()


async def test_it_ends_with_its_cases_after_a_new_start(prompting: PromptWorld) -> None:
    """Two starts later it still knows which cases it is about."""
    await _offline(prompting)
    first = await _unreached(prompting)
    await _anew(prompting)
    second = await _unreached(prompting, OTHER)
    await _anew(prompting)
    assert _says(prompting)
    await prompting.settle(CaseEventType.CLOSED, first)
    assert _says(prompting)
    await _anew(prompting)
    assert _says(prompting)
    await prompting.settle(CaseEventType.APPROVED, second)
    assert not _says(prompting)
    await _anew(prompting)
    assert not _says(prompting)


async def test_it_ends_when_a_phone_is_ticked(prompting: PromptWorld) -> None:
    """That changes a setting, so the home starts anew, and knows of a phone to try."""
    sam = await prompting.user("Sam")
    prompting.approve_by(sam)
    prompting.start()
    await _unreached(prompting)
    await _anew(prompting)
    assert _says(prompting)
    phone = await prompting.phone(sam, "Sam's", ios=True)
    prompting.approve_by(sam, phone)
    await _anew(prompting)
    assert not _says(prompting)


async def test_it_ends_when_its_cases_are_over_already(prompting: PromptWorld) -> None:
    """A crash between a decision and its telling leaves nothing behind for ever."""
    await _offline(prompting)
    case = await _unreached(prompting)
    over = replace(case, state=CaseState.CLOSED, offer=None)
    await prompting.store.async_save(case, over, [], prompting.clock.now())
    await _anew(prompting)
    assert not _says(prompting)


async def test_it_is_said_again_after_a_restart(prompting: PromptWorld) -> None:
    """Home Assistant itself forgets both, and nobody was told yet."""
    await _offline(prompting)
    await _unreached(prompting)
    prompting.stop()
    ir.async_delete_issue(prompting.hass, DOMAIN, "no_phone")
    prompting.hass.data["persistent_notification"].clear()
    await _anew(prompting)
    assert _says(prompting)


async def test_a_store_that_refuses_stops_no_push(
    prompting: PromptWorld,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What cannot be kept or read is shown all the same, and breaks nothing off."""

    async def full(*_: object) -> None:
        raise StoreError("disk_full")

    await _offline(prompting)
    with monkeypatch.context() as failing:
        failing.setattr(prompting.store, "async_setting", full)
        failing.setattr(prompting.store, "async_set", full)
        prompting.start()
        assert await prompting.prompter.async_ask(waiting()) == Told()
    assert _says(prompting)
    assert "reached no phone is unknown" in caplog.text
    assert "reached no phone was not kept" in caplog.text


async def test_a_reloaded_home_takes_it_back(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """The whole home: asked, reloaded, declined, and nothing is left to repair."""
    key = str(x25519.Identity.generate().to_public())
    answer = await act(hass, "submit_request", **ASKING, recipient=key)
    await offered(manager, answer["case_id"])
    issues = ir.async_get(hass)
    assert await until(lambda: issues.async_get_issue(DOMAIN, "no_phone"))
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert issues.async_get_issue(DOMAIN, "no_phone")
    await act(hass, "decline", case_id=answer["case_id"])
    await until(lambda: issues.async_get_issue(DOMAIN, "no_phone") is None)
