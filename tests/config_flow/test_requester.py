"""Requesters: people whom the operator has met, each with a sign-in link of their own."""

import hashlib
import json
import re
from typing import Any

from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.clip_consent.const import DOMAIN, ENTRY_HUB

from .forms import default, field, suggestion

WHO = {
    "name": "PC Meier",
    "organisation": "Police station 12",
    "kind": "police",
    "verified_how": "Met in person, badge seen",
}


@pytest.fixture
async def hub(hass: HomeAssistant, sam: User, outside: str) -> ConfigEntry:
    """Return a hub without requesters."""
    entry = MockConfigEntry(domain=DOMAIN, unique_id=ENTRY_HUB, title="Lindenstraße")
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    return entry


async def _begin(hass: HomeAssistant, hub: ConfigEntry) -> dict[str, Any]:
    return await hass.config_entries.subentries.async_init(
        (hub.entry_id, "requester"), context={"source": SOURCE_USER}
    )


async def _send(hass: HomeAssistant, result: Any, answer: Any) -> dict[str, Any]:
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], answer
    )


async def _added(hass: HomeAssistant, hub: ConfigEntry, **changed: Any) -> str:
    """Add a requester; return the link that was shown."""
    result = await _send(hass, await _begin(hass, hub), {**WHO, **changed})
    assert result["step_id"] == "link"
    url: str = result["description_placeholders"]["url"]
    assert field(result, "qr_code")[1].config["data"] == url
    result = await _send(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    return url


def _digest(url: str) -> str:
    return hashlib.sha256(url.partition("#")[2].encode()).hexdigest()


def _one(hub: ConfigEntry) -> Any:
    (found,) = hub.get_subentries_of_type("requester")
    return found


async def test_a_link_is_shown_once_and_its_digest_kept(
    hass: HomeAssistant, hub: ConfigEntry
) -> None:
    """Whoever reads what is saved cannot sign in."""
    url = await _added(hass, hub)
    pattern = r"https://home\.example/api/clip_consent/portal/desk#([a-z2-7]{26})"
    found = re.fullmatch(pattern, url)
    assert found
    requester = _one(hub)
    assert requester.title == "PC Meier (Police station 12)"
    assert requester.data == {**WHO, "token_sha256": _digest(url)}
    assert found[1] not in json.dumps(requester.as_dict(), default=str)


async def test_an_organisation_may_be_missing(
    hass: HomeAssistant, hub: ConfigEntry
) -> None:
    """The frontend leaves an empty field out."""
    result = await _begin(hass, hub)
    assert default(result, "kind") == "police"
    without = {key: text for key, text in WHO.items() if key != "organisation"}
    await _send(hass, await _send(hass, result, without), {})
    assert _one(hub).title == "PC Meier"
    assert _one(hub).data["organisation"] == ""


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"name": " "}, {"name": "text_empty"}),
        ({"name": "x" * 65}, {"name": "text_too_long"}),
        ({"verified_how": ""}, {"verified_how": "text_empty"}),
        ({"organisation": "a\nb"}, {"organisation": "text_not_plain"}),
    ],
)
async def test_what_will_not_do_is_said_at_its_field(
    hass: HomeAssistant, hub: ConfigEntry, changed: Any, errors: Any
) -> None:
    """Everybody will read it: so it is one line that can be shown."""
    result = await _send(hass, await _begin(hass, hub), {**WHO, **changed})
    assert result["errors"] == errors
    assert default(result, "name") == changed.get("name", WHO["name"])
    shown = changed.get("organisation", WHO["organisation"])
    assert suggestion(result, "organisation") == shown


async def _reconfigured(
    hass: HomeAssistant, hub: ConfigEntry, step: str
) -> dict[str, Any]:
    result = await hub.start_subentry_reconfigure_flow(hass, _one(hub).subentry_id)  # type: ignore[attr-defined]
    return await _send(hass, result, {"next_step_id": step})


async def test_what_is_said_of_them_changes_and_the_link_stays(
    hass: HomeAssistant, hub: ConfigEntry
) -> None:
    """Their id stays too, so what they asked for is still theirs."""
    url = await _added(hass, hub)
    before = _one(hub)
    result = await _reconfigured(hass, hub, "change")
    assert default(result, "verified_how") == WHO["verified_how"]
    result = await _send(hass, result, {**WHO, "name": ""})
    assert result["errors"] == {"name": "text_empty"}
    result = await _send(hass, result, {**WHO, "name": "PC Schulz"})
    assert result["reason"] == "reconfigure_successful"
    after = _one(hub)
    assert after.subentry_id == before.subentry_id
    assert after.title == "PC Schulz (Police station 12)"
    assert after.data == {**WHO, "name": "PC Schulz", "token_sha256": _digest(url)}


async def test_a_new_link_ends_the_one_before(
    hass: HomeAssistant, hub: ConfigEntry
) -> None:
    """But not before it has been seen."""
    first = await _added(hass, hub)
    result = await _reconfigured(hass, hub, "new_link")
    second = result["description_placeholders"]["url"]
    assert second != first
    assert _one(hub).data["token_sha256"] == _digest(first)
    await _send(hass, result, {})
    assert _one(hub).data == {**WHO, "token_sha256": _digest(second)}


async def test_without_an_address_from_outside(
    hass: HomeAssistant, hub: ConfigEntry
) -> None:
    """It is said where to enter one."""
    hass.config.external_url = None
    result = await _send(hass, await _begin(hass, hub), WHO)
    assert result["step_id"] == "link_local"
