"""The undo windows, the reminder, and upload servers in private networks."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.home.configuration import (
    read_settings,
    read_upload_origins,
)

from .conftest import AddHome
from .forms import default, suggestion


async def test_change(hass: HomeAssistant, add_home: AddHome) -> None:
    """The defaults are shown, whole seconds are kept, and shown the next time."""
    entry = await add_home()
    options = hass.config_entries.options
    result = await options.async_init(entry.entry_id)
    assert default(result, "undo_panel") == 10
    assert default(result, "undo_push") == 30
    answer = {"undo_panel": 60.0, "undo_push": 300.0}
    result = await options.async_configure(result["flow_id"], answer)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {
        "undo_panel": 60,
        "undo_push": 300,
        "reminder": "hours_6",
        "upload_hosts": [],
    }
    assert type(entry.options["undo_panel"]) is type(entry.options["undo_push"]) is int

    result = await options.async_init(entry.entry_id)
    assert default(result, "undo_panel") == 60
    assert default(result, "undo_push") == 300


@pytest.mark.parametrize(
    ("chosen", "before"),
    [
        ("off", None),
        ("hours_2", timedelta(hours=2)),
        ("hours_6", timedelta(hours=6)),
        ("hours_24", timedelta(hours=24)),
    ],
)
async def test_reminder(
    hass: HomeAssistant, add_home: AddHome, chosen: str, before: timedelta | None
) -> None:
    """Six hours unless somebody chose; what was chosen is kept, read and shown."""
    entry = await add_home()
    assert read_settings(entry, ZoneInfo("UTC")).reminder == timedelta(hours=6)
    options = hass.config_entries.options
    result = await options.async_init(entry.entry_id)
    assert default(result, "reminder") == "hours_6"
    answer = {"undo_panel": 10, "undo_push": 30, "reminder": chosen}
    await options.async_configure(result["flow_id"], answer)
    assert entry.options["reminder"] == chosen
    assert read_settings(entry, ZoneInfo("UTC")).reminder == before
    result = await options.async_init(entry.entry_id)
    assert default(result, "reminder") == chosen


async def _send_hosts(
    hass: HomeAssistant, entry: MockConfigEntry, hosts: list[str]
) -> dict[str, Any]:
    """Send the form with these upload servers."""
    options = hass.config_entries.options
    result = await options.async_init(entry.entry_id)
    answer = {"undo_panel": 10, "undo_push": 30, "upload_hosts": hosts}
    return await options.async_configure(result["flow_id"], answer)


async def test_upload_servers(hass: HomeAssistant, add_home: AddHome) -> None:
    """Host and port are kept as the settings are read; leaving them out clears them."""
    entry = await add_home()
    hosts = ["nas.local:1080", " 192.168.1.5:9000 ", "[fd00::5]:65535"]
    result = await _send_hosts(hass, entry, hosts)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options["upload_hosts"] == [host.strip() for host in hosts]
    origins = read_upload_origins(entry)
    assert origins == {("nas.local", 1080), ("192.168.1.5", 9000), ("fd00::5", 65535)}

    options = hass.config_entries.options
    result = await options.async_init(entry.entry_id)
    assert suggestion(result, "upload_hosts") == entry.options["upload_hosts"]
    answer = {"undo_panel": 10, "undo_push": 30}
    await options.async_configure(result["flow_id"], answer)
    assert entry.options["upload_hosts"] == []


@pytest.mark.parametrize(
    "host",
    [
        "nas.local",
        "nas.local:0",
        "nas.local:65536",
        "nas.local:http",
        "https://nas.local:443",
        "nas.local:443/files",
        "sam@nas.local:443",
        "fd00::5:443",
        "",
        "nas..local:443",
        f"{'a' * 64}.local:443",
        "näs.local:443",
        "[fd00::5::1]:443",
        "127.1:443",
    ],
)
async def test_upload_server_that_is_none(
    hass: HomeAssistant, add_home: AddHome, host: str
) -> None:
    """It is told at the field, and all that was typed is still there."""
    result = await _send_hosts(hass, await add_home(), ["nas.local:1", host])
    assert result["errors"] == {"upload_hosts": "upload_host_invalid"}
    assert suggestion(result, "upload_hosts") == ["nas.local:1", host]
