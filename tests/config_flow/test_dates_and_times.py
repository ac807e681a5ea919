"""Days and times in forms: whatever way they are written, they are kept in one."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
import pytest
import voluptuous as vol

from custom_components.clip_consent.core.rule_data import parse_rule
from custom_components.clip_consent.form_fields import DateBox, TimeBox
from custom_components.clip_consent.home.configuration import read_settings

from .conftest import AddHome, AddPhone

ASK: dict[str, Any] = {
    "name": "At night",
    "order": 20,
    "verdict": "ask",
    "conditions": {"case_number": "any"},
    "limits": {"audio": True, "confirm_in_app": False},
}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2127-01-02", "2127-01-02"),
        ("2127-1-2", "2127-01-02"),
        (date(2127, 1, 2), "2127-01-02"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_day_has_one_form(typed: object, kept: str) -> None:
    """What is read again later is what datetime.date reads."""
    assert DateBox()(typed) == kept
    assert DateBox().serialize() == {"selector": {"date": {}}}


@pytest.mark.parametrize("typed", ["", "2127-02-30", "2127-01-02T00:00", "soon", 7])
def test_what_is_no_day(typed: object) -> None:
    """The form is not taken."""
    with pytest.raises(vol.Invalid):
        DateBox()(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("07:05:00", "07:05:00"),
        ("7:5", "07:05:00"),
        ("٠٧:05", "07:05:00"),
        ("23:59:59", "23:59:59"),
    ],
)
def test_a_time_has_one_form(typed: object, kept: str) -> None:
    """What is read again later is what datetime.time reads."""
    assert TimeBox()(typed) == kept
    assert list(TimeBox().serialize()["selector"]) == ["time"]


@pytest.mark.parametrize("typed", ["", "24:00", "7", "7:5:", "noon"])
def test_what_is_no_time(typed: object) -> None:
    """The form is not taken."""
    with pytest.raises(vol.Invalid):
        TimeBox()(typed)


@pytest.mark.parametrize(
    ("typed", "kept", "ends"),
    [
        ("2127-1-2", "2127-01-02", datetime(2127, 1, 3, tzinfo=UTC)),
        ("9999-12-30", "9999-12-30", datetime(9999, 12, 31, tzinfo=UTC)),
        ("9999-12-31", "9999-12-31", None),
    ],
)
async def test_an_invite_until_a_far_day(
    hass: HomeAssistant,
    add_home: AddHome,
    typed: str,
    kept: str,
    ends: datetime | None,
) -> None:
    """The home still reads its settings, and the invite ends when that day is over."""
    await hass.config.async_set_time_zone("UTC")
    entry = await add_home()
    flows = hass.config_entries.subentries
    begun = await flows.async_init(
        (entry.entry_id, "invite"), context={"source": SOURCE_USER}
    )
    form = {"label": "Anna", "kind": "personal", "expires": typed, "per_day": 1}
    shown = await flows.async_configure(begun["flow_id"], form)
    await flows.async_configure(shown["flow_id"], {})
    (invite,) = entry.get_subentries_of_type("invite")
    assert invite.data["expires"] == kept
    read = read_settings(entry, ZoneInfo("UTC")).invites[invite.data["token"]]
    assert read.expires_at == ends


async def test_a_rule_at_loosely_written_hours(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """It can be read again, or no request could be screened."""
    rule = await _add_rule(
        hass, add_home, {"footage_from": "7:5", "footage_to": "٠٩:30"}
    )
    assert rule.data["footage_from"] == "07:05:00"
    assert rule.data["footage_to"] == "09:30:00"
    parse_rule(rule.subentry_id, rule.title, rule.data)


async def test_a_rule_at_no_hours(hass: HomeAssistant, add_home: AddHome) -> None:
    """Nothing is kept of a form that cannot be read."""
    with pytest.raises(InvalidData):
        await _add_rule(hass, add_home, {"footage_from": "25:00"})


async def test_loosely_written_quiet_hours(
    hass: HomeAssistant, add_home: AddHome, sam: User, add_phone: AddPhone
) -> None:
    """The same hour written twice is no quiet time, however it is written."""
    entry = await add_home()
    add_phone(sam, "iPhone")
    flows = hass.config_entries.subentries
    result = await flows.async_init(
        (entry.entry_id, "approver"), context={"source": SOURCE_USER}
    )
    if result["step_id"] == "user":
        result = await flows.async_configure(result["flow_id"], {"user_id": sam.id})
    same = {"quiet_from": "7:0", "quiet_to": "07:00"}
    result = await flows.async_configure(result["flow_id"], same)
    assert result["errors"] == {"quiet_to": "quiet_invalid"}
    hours = {"quiet_from": "22:0", "quiet_to": "7:5"}
    result = await flows.async_configure(result["flow_id"], hours)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (approver,) = entry.get_subentries_of_type("approver")
    assert approver.data["quiet_from"] == "22:00:00"
    assert approver.data["quiet_to"] == "07:05:00"


async def _add_rule(
    hass: HomeAssistant, add_home: AddHome, hours: dict[str, str]
) -> ConfigSubentry:
    """Fill in the form of a rule, and return what was kept."""
    entry = await add_home()
    flows = hass.config_entries.subentries
    begun = await flows.async_init(
        (entry.entry_id, "rule"), context={"source": SOURCE_USER}
    )
    conditions = {**ASK["conditions"], **hours}
    await flows.async_configure(begun["flow_id"], {**ASK, "conditions": conditions})
    (rule,) = entry.get_subentries_of_type("rule")
    return rule
