"""A hub that a real Home Assistant follows: its sensor, its alarm, its end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.portals.hub_follower import HubFollower
from tests.portal.standin import HERE, StandInHub, public_request

from .acting import until


@pytest.fixture
async def hub(socket_enabled: None) -> AsyncIterator[StandInHub]:
    """Return an honest hub."""
    async with StandInHub(now=lambda: datetime.now(UTC)).serving() as serving:
        yield serving


async def follow(
    hass: HomeAssistant, entry: MockConfigEntry, hub: StandInHub
) -> HubFollower:
    """Add the hub to the home, as its form does, and return what follows it."""
    hass.config.latitude, hass.config.longitude = HERE.lat, HERE.lon
    data: dict[str, Any] = {
        "url": hub.url,
        "hub": hub.hub,
        "private": True,
        "slot": 900,
    }
    subentry = ConfigSubentry(
        data=data,  # type: ignore[arg-type]
        subentry_type="portal",
        title="Our street",
        unique_id=hub.hub,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    await hass.async_block_till_done()  # it starts anew by itself
    manager: HomeManager = entry.runtime_data
    follower = manager.hubs.followers[subentry.subentry_id]
    await follower.begun.wait()
    return follower


def sensor_of(hass: HomeAssistant, entry: MockConfigEntry) -> str | None:
    """Return the id of the hub's sensor."""
    for each in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        if each.translation_key == "portal":
            return each.entity_id
    return None


async def test_its_sensor_tells_whether_it_is_reached(
    hass: HomeAssistant, entry: MockConfigEntry, hub: StandInHub
) -> None:
    """Unknown at first; it goes with the hub."""
    follower = await follow(hass, entry, hub)
    await hass.async_block_till_done()
    entity_id = sensor_of(hass, entry)
    assert entity_id == "binary_sensor.clip_consent_hub_our_street"
    assert hass.states.get(entity_id).state == "unknown"  # type: ignore[union-attr]
    await follower.async_poll()
    await follower.async_settled()
    shown = hass.states.get(entity_id)
    assert shown
    assert shown.state == "on"
    assert shown.attributes["device_class"] == "connectivity"
    hub.down = True
    await follower.async_poll()
    await follower.async_settled()
    assert hass.states.get(entity_id).state == "off"  # type: ignore[union-attr]
    hass.config_entries.async_remove_subentry(entry, follower.portal.portal_id)
    assert await until(lambda: sensor_of(hass, entry) is None)


async def contradicted(
    hass: HomeAssistant, entry: MockConfigEntry, hub: StandInHub
) -> str:
    """Let the hub forget an entry; return the id of the repair issue."""
    assert await async_setup_component(hass, "repairs", {})
    hub.publish(public_request(now=hub.now()))
    follower = await follow(hass, entry, hub)
    await follower.async_poll()
    await follower.async_settled()
    hub.items.clear()
    hub.lines.clear()
    await follower.async_poll()
    await follower.async_settled()
    issue_id = f"portal_rollback_{follower.portal.portal_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    return issue_id


async def confirm(client: Any, issue_id: str) -> dict[str, Any]:
    """Read a repair issue, confirm it, and return what came of that."""
    asked = {"handler": DOMAIN, "issue_id": issue_id}
    shown = await (await client.post("/api/repairs/issues/fix", json=asked)).json()
    assert shown["step_id"] == "confirm"
    assert shown["description_placeholders"] == {"portal": "Our street"}
    path = f"/api/repairs/issues/fix/{shown['flow_id']}"
    ended: dict[str, Any] = await (await client.post(path, json={})).json()
    return ended


async def test_it_is_believed_again_once_the_owner_says_so(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nothing of it is offered before that."""
    issue_id = await contradicted(hass, entry, hub)
    manager: HomeManager = entry.runtime_data
    [follower] = manager.hubs.followers.values()
    ended = await confirm(await hass_client(), issue_id)
    assert ended["type"] == "create_entry"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None
    await follower.async_poll()
    await follower.async_settled()
    assert follower.reachable
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is None


async def test_the_alarm_stands_while_it_cannot_be_written_down(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A home that is not running, or a full disk: the issue is there afterwards."""
    issue_id = await contradicted(hass, entry, hub)
    manager: HomeManager = entry.runtime_data
    client = await hass_client()

    async def refuse(*_: object) -> None:
        raise StoreError("store_failed")

    with monkeypatch.context() as patch:
        patch.setattr(manager._bench.store, "async_set", refuse)
        ended = await confirm(client, issue_id)
    assert ended["reason"] == "not_running"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    await hass.config_entries.async_unload(entry.entry_id)
    ended = await confirm(client, issue_id)
    assert ended["reason"] == "not_running"


async def test_the_alarm_of_a_hub_that_is_gone_can_be_read_away(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    hass_client: ClientSessionGenerator,
) -> None:
    """It was removed while its issue was open in a browser."""
    issue_id = await contradicted(hass, entry, hub)
    manager: HomeManager = entry.runtime_data
    followers, manager.hubs.followers = manager.hubs.followers, {}
    ended = await confirm(await hass_client(), issue_id)
    assert ended["type"] == "create_entry"
    manager.hubs.followers = followers
    await asyncio.sleep(0)
