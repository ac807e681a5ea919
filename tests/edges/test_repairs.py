"""What has happened goes when the owner has read it; what lasts stays until it is mended."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.home.alarm import RepairAlarm


async def test_read_and_gone(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """The form says what happened, with what it happened to; confirming ends it."""
    assert await async_setup_component(hass, "repairs", {})
    RepairAlarm(hass).raise_alarm("ledger_fault", seq="7")
    client = await hass_client()
    shown = await (
        await client.post(
            "/api/repairs/issues/fix",
            json={"handler": DOMAIN, "issue_id": "ledger_fault"},
        )
    ).json()
    assert shown["step_id"] == "confirm"
    assert shown["description_placeholders"] == {"seq": "7"}
    ended = await client.post(f"/api/repairs/issues/fix/{shown['flow_id']}", json={})
    assert (await ended.json())["type"] == "create_entry"
    assert ir.async_get(hass).async_get_issue(DOMAIN, "ledger_fault") is None


async def test_what_lasts_cannot_be_waved_away(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A full disk is no better for being read about."""
    RepairAlarm(hass).raise_alarm("store_failed")
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "store_failed")
    assert issue
    assert not issue.is_fixable
    assert issue.severity is ir.IssueSeverity.ERROR
