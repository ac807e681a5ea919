"""What has happened goes when the owner has read it; what lasts stays until it is mended."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.home.alarm import RepairAlarm

from .acting import until


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


async def test_troubles_of_what_is_no_more_go(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Those of other things and of other kinds stay."""
    alarm = RepairAlarm(hass)
    for about in ("gate", "garden"):
        alarm.raise_alarm("folder_gone", about=about, camera=about)
    alarm.raise_alarm("push_misaddressed", about="phone", phone="Sam's")
    alarm.clear_others("folder_gone", {"gate"})
    shown = {issue for domain, issue in ir.async_get(hass).issues if domain == DOMAIN}
    assert {"folder_gone_gate", "push_misaddressed_phone"} <= shown
    assert "folder_gone_garden" not in shown


async def test_a_camera_that_is_removed_takes_its_trouble_along(
    hass: HomeAssistant, entry: MockConfigEntry, recordings: Path
) -> None:
    """The folder is gone, then the owner removes the camera: nothing is to repair."""
    recordings.rename(recordings.with_name("elsewhere"))
    assert await hass.config_entries.async_reload(entry.entry_id)
    [camera] = (
        each for each in entry.subentries.values() if each.subentry_type == "camera"
    )
    issue_id = f"folder_gone_{camera.subentry_id}"
    issues = ir.async_get(hass)
    assert await until(lambda: issues.async_get_issue(DOMAIN, issue_id))
    hass.config_entries.async_remove_subentry(entry, camera.subentry_id)
    await until(lambda: issues.async_get_issue(DOMAIN, issue_id) is None)


async def test_what_lasts_cannot_be_waved_away(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A full disk is no better for being read about."""
    RepairAlarm(hass).raise_alarm("store_failed")
    issue = ir.async_get(hass).async_get_issue(DOMAIN, "store_failed")
    assert issue
    assert not issue.is_fixable
    assert issue.severity is ir.IssueSeverity.ERROR
