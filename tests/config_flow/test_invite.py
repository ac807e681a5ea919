"""Invites: added with a link to hand out, looked at again, changed, refused."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .conftest import AddHome
from .forms import default, shown, suggestion

TOKEN = "q2w3e4r5t6y7u2i3o4p5a6s7d2"
SETTINGS = {
    "kind": "personal",
    "token": TOKEN,
    "cameras": [],
    "expires": None,
    "per_day": 5,
}
ANNA = {"subentry_type": "invite", "title": "Anna", "data": SETTINGS}
CAMERA = {"subentry_type": "camera", "title": "Driveway", "data": {}}


async def _begin(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form for another invite."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "invite"), context={"source": SOURCE_USER}
    )


async def _answer(
    hass: HomeAssistant, result: dict[str, Any], answer: dict[str, Any]
) -> dict[str, Any]:
    """Send a form."""
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], answer
    )


async def test_add(hass: HomeAssistant, add_home: AddHome, outside: str) -> None:
    """The link is shown, and only then the invite is kept."""
    entry = await add_home(CAMERA)
    (camera,) = entry.subentries
    result = await _begin(hass, entry)
    assert (result["step_id"], result["last_step"]) == ("user", False)
    assert default(result, "kind") == "personal"
    assert default(result, "per_day") == 5
    assert shown(result, "cameras") == {camera: "Driveway"}
    assert suggestion(result, "cameras") == []

    answer = {
        "label": " Front  door ",
        "kind": "public",
        "cameras": [camera],
        "expires": "2199-01-31",
        "per_day": 3,
    }
    result = await _answer(hass, result, answer)
    assert (result["step_id"], result["errors"]) == ("link", None)
    url = result["description_placeholders"]["url"]
    assert result["data_schema"].schema["qr_code"].config["data"] == url
    assert not list(entry.get_subentries_of_type("invite"))

    result = await _answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (invite,) = entry.get_subentries_of_type("invite")
    token = invite.data["token"]
    assert url == f"{outside}/api/clip_consent/ask/{token}"
    assert (invite.title, invite.unique_id) == ("Front  door", token)
    assert invite.data == {
        "kind": "public",
        "token": token,
        "cameras": [camera],
        "expires": "2199-01-31",
        "per_day": 3,
    }
    assert type(invite.data["per_day"]) is int


async def test_add_without_an_outside_address(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """The link for the home network is given, and it says so."""
    hass.config.internal_url = "http://home.local:8123"
    result = await _begin(hass, await add_home())
    assert "cameras" not in result["data_schema"].schema
    answer = {"label": "Anna", "kind": "personal", "per_day": 5}
    result = await _answer(hass, result, answer)
    assert result["step_id"] == "link_local"
    assert result["description_placeholders"]["url"].startswith("http://home.local")
    result = await _answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_add_without_any_address(hass: HomeAssistant, add_home: AddHome) -> None:
    """There is no code to scan, but the invite can be kept."""
    entry = await add_home()
    hass.config.api = None
    result = await _begin(hass, entry)
    answer = {"label": "Anna", "kind": "personal", "per_day": 5}
    result = await _answer(hass, result, answer)
    assert result["step_id"] == "link_no_address"
    url = result["description_placeholders"]["url"]
    assert url.startswith("/api/clip_consent/ask/")
    assert not result["data_schema"].schema
    result = await _answer(hass, result, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_wrong_input_is_told_at_the_fields(
    hass: HomeAssistant, add_home: AddHome, freezer: FrozenDateTimeFactory
) -> None:
    """Nothing that was typed is lost; today's date will do."""
    await hass.config.async_set_time_zone("Europe/Amsterdam")
    freezer.move_to("2026-11-23T23:30:00Z")  # it is the 24th there
    result = await _begin(hass, await add_home())
    answer = {
        "label": "\t",
        "kind": "public",
        "expires": "2026-11-23",
        "per_day": 2,
    }
    result = await _answer(hass, result, answer)
    assert result["step_id"] == "user"
    assert result["errors"] == {"label": "title_empty", "expires": "expires_past"}
    assert default(result, "kind") == "public"
    assert suggestion(result, "expires") == "2026-11-23"
    assert default(result, "per_day") == 2
    answer |= {"label": "Door", "expires": "2026-11-24"}
    result = await _answer(hass, result, answer)
    assert result["step_id"].startswith("link")


async def test_look_at_the_link_again(
    hass: HomeAssistant, add_home: AddHome, outside: str
) -> None:
    """It is the same link, and looking changes nothing."""
    entry = await add_home(ANNA)
    (invite,) = entry.subentries.values()
    result = await entry.start_subentry_reconfigure_flow(hass, invite.subentry_id)
    assert result["type"] is FlowResultType.MENU
    assert result["description_placeholders"] == {"title": "Anna"}
    result = await _answer(hass, result, {"next_step_id": "show"})
    assert result["step_id"] == "link"
    assert result["description_placeholders"] == {
        "title": "Anna",
        "url": f"{outside}/api/clip_consent/ask/{TOKEN}",
    }
    result = await _answer(hass, result, {})
    assert result["reason"] == "reconfigure_successful"
    assert entry.subentries[invite.subentry_id].data == SETTINGS


async def test_change(hass: HomeAssistant, add_home: AddHome) -> None:
    """The link stays, and so does what it is: trust cannot be changed afterwards."""
    entry = await add_home(ANNA, CAMERA)
    invite, camera = entry.subentries
    result = await entry.start_subentry_reconfigure_flow(hass, invite)
    result = await _answer(hass, result, {"next_step_id": "change"})
    assert (result["step_id"], default(result, "label")) == ("change", "Anna")
    assert "kind" not in result["data_schema"].schema

    answer = {"label": "", "cameras": [camera], "per_day": 1}
    result = await _answer(hass, result, answer)
    assert (result["step_id"], result["errors"]) == ("change", {"label": "title_empty"})
    assert suggestion(result, "cameras") == [camera]
    result = await _answer(hass, result, {**answer, "label": "Anna next door"})
    assert result["reason"] == "reconfigure_successful"
    assert entry.subentries[invite].title == "Anna next door"
    assert entry.subentries[invite].data == {
        **SETTINGS,
        "cameras": [camera],
        "per_day": 1,
    }


async def test_a_removed_camera_stays_chosen_until_it_is_unticked(
    hass: HomeAssistant, add_home: AddHome, sam: User
) -> None:
    """An invite for one camera does not become one for all by itself."""
    settings = {**SETTINGS, "cameras": ["01GONE"], "expires": "2199-01-31"}
    entry = await add_home({**ANNA, "data": settings})
    (invite,) = entry.subentries
    result = await entry.start_subentry_reconfigure_flow(hass, invite)
    result = await _answer(hass, result, {"next_step_id": "change"})
    assert shown(result, "cameras") == {"01GONE": "✗ 01GONE"}
    assert suggestion(result, "cameras") == ["01GONE"]
    await _answer(hass, result, {"label": "Anna", "per_day": 5, "cameras": ["01GONE"]})
    assert entry.subentries[invite].data == {**settings, "expires": None}


async def test_two_invites_have_two_links(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """Each token is made anew."""
    entry = await add_home()
    for _ in range(2):
        result = await _begin(hass, entry)
        answer = {"label": "Anna", "kind": "personal", "per_day": 5}
        await _answer(hass, await _answer(hass, result, answer), {})
    tokens = {one.data["token"] for one in entry.subentries.values()}
    assert len(tokens) == 2
