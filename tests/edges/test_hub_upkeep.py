"""A hub's key is changed in its settings; a hub from a backup waits for an admin."""

import json
from pathlib import Path
import sqlite3
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.base.portal_keys import hub_words
from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.errors import (
    ClipConsentError,
    ConflictError,
    StoreError,
)
from custom_components.clip_consent.entity import loaded_hub
from custom_components.clip_consent.hub.manager import HubManager
from tests.hub.world import page_of

from .hubs import submit


def _issues(hass: HomeAssistant) -> set[str]:
    return {
        str(issue.translation_key)
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN
    }


# --- its key


async def _key_form(hass: HomeAssistant, hub_home: MockConfigEntry) -> dict[str, Any]:
    options = hass.config_entries.options
    menu = await options.async_init(hub_home.entry_id)
    assert "hub_key" in menu["menu_options"]
    return await options.async_configure(menu["flow_id"], {"next_step_id": "hub_key"})


async def test_a_new_key_is_made_once_it_is_ticked(
    hass: HomeAssistant, hub_home: MockConfigEntry
) -> None:
    """The form says what homes make of it; the words that people compared stay."""
    options = hass.config_entries.options
    name, manager = hub_home.runtime_data.hub, hub_home.runtime_data
    form = await _key_form(hass, hub_home)
    assert form["description_placeholders"] == {"words": hub_words(name)}
    again = await options.async_configure(form["flow_id"], {"rotate": False})
    assert again["errors"] == {"rotate": "rotate_unticked"}
    assert (await manager.async_info())["rotations"] == []
    ended = await options.async_configure(form["flow_id"], {"rotate": True})
    assert (ended["type"], ended["reason"]) == ("abort", "hub_key_rotated")
    assert len((await manager.async_info())["rotations"]) == 1
    assert manager.hub == name
    assert loaded_hub(hass) is manager  # nothing had to start anew


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ConflictError("key_not_later"), "key_not_later"),
        (StoreError("disk_full"), "key_not_saved"),
    ],
)
async def test_a_key_that_could_not_be_changed(
    hass: HomeAssistant,
    hub_home: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    error: ClipConsentError,
    said: str,
) -> None:
    """It is said why, and the form stays."""

    async def fail(_: HubManager) -> None:
        raise error

    form = await _key_form(hass, hub_home)
    monkeypatch.setattr(HubManager, "async_rotate_key", fail)
    again = await hass.config_entries.options.async_configure(
        form["flow_id"], {"rotate": True}
    )
    assert again["errors"] == {"base": said}


async def test_the_key_of_a_hub_that_is_not_there(
    hass: HomeAssistant, hub_home: MockConfigEntry
) -> None:
    """There is none to change while it is stopped."""
    await hass.config_entries.async_unload(hub_home.entry_id)
    ended = await _key_form(hass, hub_home)
    assert (ended["type"], ended["reason"]) == ("abort", "hub_not_loaded")


# --- back from a backup


async def _fix(client: Any, **answer: Any) -> Any:
    """Open the form of the issue, answer it if there is an answer, return what comes."""
    begun = await client.post(
        "/api/repairs/issues/fix",
        json={"handler": DOMAIN, "issue_id": "hub:hub_log_behind"},
    )
    shown = await begun.json()
    if not answer:
        return shown
    url = f"/api/repairs/issues/fix/{shown['flow_id']}"
    return await (await client.post(url, json=answer)).json()


@pytest.fixture
async def older(
    hass: HomeAssistant, hub_home: MockConfigEntry, place: Path
) -> MockConfigEntry:
    """Return a hub that published something after the backup it came back from."""
    database = place / DOMAIN / "hub.db"
    await hass.config_entries.async_unload(hub_home.entry_id)
    backup = database.read_bytes()
    await hass.config_entries.async_setup(hub_home.entry_id)
    manager: HubManager = hub_home.runtime_data
    await manager.async_publish(await submit(manager), "sam")
    await hass.config_entries.async_unload(hub_home.entry_id)
    database.write_bytes(backup)
    assert not await hass.config_entries.async_setup(hub_home.entry_id)
    return hub_home


async def test_an_older_hub_is_silent_until_an_admin_lets_it_go_on(
    hass: HomeAssistant, older: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """Its doors answer as one that starts: nobody learns more, nothing is signed."""
    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    assert older.state is ConfigEntryState.SETUP_ERROR
    assert older.error_reason_translation_key == "hub_log_behind"
    assert "hub_log_behind" in _issues(hass)
    said = await client.get("/api/clip_consent/portal/v1/info")
    assert said.status == 503
    shown = await _fix(client)
    assert shown["step_id"] == "confirm"
    assert shown["description_placeholders"] == {"found": "1", "kept": "2"}
    refused = await _fix(client, go_on=False)
    assert refused["errors"] == {"go_on": "go_on_unticked"}
    assert loaded_hub(hass) is None
    ended = await _fix(client, go_on=True)
    assert ended["type"] == "create_entry"
    assert "hub_log_behind" not in _issues(hass)
    hub = loaded_hub(hass)
    assert hub
    entries: Any = json.loads(await page_of(hub))["entries"]
    assert [one["entry"]["kind"] for one in entries] == ["terms", "restored"]


async def test_going_on_fails_where_the_disk_does(
    hass: HomeAssistant,
    older: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked again later: nothing was decided."""

    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    assert await async_setup_component(hass, "repairs", {})
    client = await hass_client()
    with monkeypatch.context() as broken:
        broken.setattr("custom_components.clip_consent.hub.log.append_said", refuse)
        said = await _fix(client, go_on=True)
    assert (said["type"], said["reason"]) == ("abort", "not_running")
    assert not await hass.config_entries.async_reload(older.entry_id)
    assert "hub_log_behind" in _issues(hass)


async def test_a_hub_without_its_file_is_asked_about(
    hass: HomeAssistant, hub_home: MockConfigEntry
) -> None:
    """As on another machine; disabled, it bothers nobody."""
    await hass.config_entries.async_unload(hub_home.entry_id)
    (Path(hass.config.cache_path(DOMAIN)) / "hub_log_head").unlink()
    assert not await hass.config_entries.async_setup(hub_home.entry_id)
    assert "hub_log_unsure" in _issues(hass)
    await hass.config_entries.async_set_disabled_by(
        hub_home.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert _issues(hass) == set()


async def test_a_hub_with_too_much_open_says_so_and_tries_again(
    hass: HomeAssistant, hub_home: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after its cells were changed: homes read only so much of one."""
    with monkeypatch.context() as crowded:
        crowded.setattr("custom_components.clip_consent.hub.feed.FEED_MAX", 10)
        hass.config_entries.async_update_entry(
            hub_home, options={**hub_home.options, "rules": "Others than before."}
        )
        await hass.async_block_till_done()
        assert hub_home.state is ConfigEntryState.SETUP_RETRY
        assert hub_home.error_reason_translation_key == "feed_full"
        assert "hub_feed_full" in _issues(hass)
    assert await hass.config_entries.async_reload(hub_home.entry_id)
    assert "hub_feed_full" not in _issues(hass)
