"""A home that is disabled or removed takes along what it showed of itself."""

from homeassistant.components.frontend import DATA_PANELS
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.home.alarm import RepairAlarm
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.prompt_notice import NOTIFICATION
from custom_components.clip_consent.home.store import HomeStore

from .acting import ASKING, act, offered, until


def _issues(hass: HomeAssistant) -> set[str]:
    issues = ir.async_get(hass).issues
    return {issue_id for domain, issue_id in issues if domain == DOMAIN}


def _notified(hass: HomeAssistant) -> bool:
    return NOTIFICATION in hass.data.get("persistent_notification", {})


async def _reach_nobody(hass: HomeAssistant, manager: HomeManager) -> str:
    """Ask where no phone is; return the case once that is said."""
    key = str(x25519.Identity.generate().to_public())
    case_id: str = (await act(hass, "submit_request", **ASKING, recipient=key))[
        "case_id"
    ]
    await offered(manager, case_id)
    await until(lambda: _notified(hass) and "no_phone" in _issues(hass))
    return case_id


async def _disable(
    hass: HomeAssistant, entry: MockConfigEntry, by: ConfigEntryDisabler | None
) -> None:
    await hass.config_entries.async_set_disabled_by(entry.entry_id, by)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_removed_home_leaves_no_notification(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """Nothing in the sidebar speaks of requests that nobody can answer any more."""
    await _reach_nobody(hass, manager)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not _notified(hass)
    assert _issues(hass) == set()


async def test_a_disabled_home_is_silent_and_says_it_again_once_enabled(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """What still holds is raised by the start; what has happened waits to be read."""
    await _reach_nobody(hass, manager)
    alarm = RepairAlarm(hass)
    alarm.raise_alarm("folder_gone", about="garage", camera="Garage")
    alarm.raise_alarm("ledger_fault", seq="7")
    await _disable(hass, entry, ConfigEntryDisabler.USER)
    assert _issues(hass) == {"ledger_fault"}
    assert not _notified(hass)
    await _disable(hass, entry, None)
    await until(lambda: _notified(hass) and "no_phone" in _issues(hass))
    assert "folder_gone_garage" not in _issues(hass)


async def test_what_was_answered_meanwhile_is_not_said_again(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """Declined before it was disabled: the start finds nothing to tell."""
    case_id = await _reach_nobody(hass, manager)
    await act(hass, "decline", case_id=case_id)
    await until(lambda: not _notified(hass))
    await _disable(hass, entry, ConfigEntryDisabler.USER)
    await _disable(hass, entry, None)
    assert "no_phone" not in _issues(hass)
    assert not _notified(hass)


async def test_a_home_that_could_not_start_goes_silent_too(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is never unloaded; disabled, it shows neither its trouble nor its panel."""

    async def newer(_: HomeStore) -> None:
        raise StoreError("store_too_new")

    with monkeypatch.context() as failing:
        failing.setattr(HomeStore, "async_open", newer)
        await hass.config_entries.async_reload(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_ERROR
        assert "store_too_new" in _issues(hass)
        await _disable(hass, entry, ConfigEntryDisabler.USER)
    assert _issues(hass) == set()
    assert "clip-consent" not in hass.data[DATA_PANELS]
    await _disable(hass, entry, None)
    assert "clip-consent" in hass.data[DATA_PANELS]


async def test_another_disabled_integration_changes_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """Only the home's own end takes its words away."""
    await _reach_nobody(hass, manager)
    other = MockConfigEntry(domain="sun", disabled_by=ConfigEntryDisabler.USER)
    other.add_to_hass(hass)
    assert hass.config_entries.async_update_entry(other, title="Sunset")
    assert other.state is ConfigEntryState.NOT_LOADED
    assert _notified(hass)
    assert "no_phone" in _issues(hass)
    assert "clip-consent" in hass.data[DATA_PANELS]
