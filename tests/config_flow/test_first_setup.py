"""The first set-up: one form, and the link of the first invite."""

from http import HTTPStatus
import re
from typing import Any

from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.rules import READY_MADE, parse_rule

from .conftest import AddPhone, AddRecordings
from .forms import shown, suggestion

FLOW = "/api/config/config_entries/flow"


async def _choose_home(hass: HomeAssistant) -> dict[str, Any]:
    """Say that it is about a home: one tap, and nothing to read first."""
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["menu_options"] == ["set_up_home", "set_up_hub"]
    return await flow.async_configure(
        result["flow_id"], {"next_step_id": "set_up_home"}
    )


async def _begin(hass: HomeAssistant, user_id: str = "sam") -> dict[str, Any]:
    """Go to the one form."""
    flow = hass.config_entries.flow
    result = await _choose_home(hass)
    assert result["step_id"] == "approver"
    return await flow.async_configure(result["flow_id"], {"user_id": user_id})


async def _finish(
    hass: HomeAssistant, result: dict[str, Any], answer: dict[str, Any]
) -> ConfigEntry:
    """Send the one form, look at the link and finish."""
    flow = hass.config_entries.flow
    result = await flow.async_configure(result["flow_id"], answer)
    result = await flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    return result["result"]


def _one(entry: ConfigEntry, kind: str) -> Any:
    """Return the only subentry of a kind."""
    (found,) = entry.get_subentries_of_type(kind)
    return found


@pytest.mark.usefixtures("outside")
async def test_one_form_sets_up_everything(
    hass: HomeAssistant, sam: User, add_phone: AddPhone, add_recordings: AddRecordings
) -> None:
    """Approver, camera, rules and one invite come out of a single form."""
    phone = add_phone(sam, "Sam's iPhone")
    folder = add_recordings("driveway", "2024-06-01_18-00-00.mp4")
    result = await _begin(hass)

    assert result["step_id"] == "home"
    assert result["description_placeholders"]["name"] == "Sam"
    assert result["errors"] == {}
    assert shown(result, "phones") == {phone: "Sam's iPhone (iOS) 🔒"}
    assert suggestion(result, "phones") == [phone]
    cameras = shown(result, "cameras")
    assert cameras == {
        str(folder): f"Driveway: {folder} · 2024-06-01_18-00-00.mp4"
        " → 2024-06-01 18:00:00"
    }
    # Nothing is ticked that might look inside.
    assert suggestion(result, "cameras") == []

    answer = {"phones": [phone], "cameras": list(cameras), "invite": " Anna  "}
    entry = await _finish(hass, result, answer)

    assert entry.unique_id == "home"
    assert entry.options == {"undo_panel": 10, "undo_push": 30}
    approver, camera = _one(entry, "approver"), _one(entry, "camera")
    assert (approver.title, approver.unique_id) == ("Sam", sam.id)
    assert approver.data == {
        "user_id": sam.id,
        "phones": [phone],
        "one_tap": [phone],
        "hide_details": [],
        "notices": [],
        "quiet_from": None,
        "quiet_to": None,
    }
    assert camera.title == "Driveway"
    assert camera.data == {
        "entity_id": None,
        "place": "outdoor",
        "offered": True,
        "source_kind": "folder",
        "source": {
            "folder": str(folder),
            "naming": "segments",
            "pattern": "",
            "camera": "",
            "time_zone": "",
            "name_is": "start",
        },
        "location": None,
        "bearing": None,
        "clock_ahead": None,
        "masks": None,
    }
    rules = list(entry.get_subentries_of_type("rule"))
    assert [rule.title for rule in rules] == [rule.title for rule in READY_MADE]
    assert [parse_rule("", rule.title, rule.data) for rule in rules] == [
        parse_rule("", rule.title, rule.data) for rule in READY_MADE
    ]
    invite = _one(entry, "invite")
    assert invite.title == "Anna"
    assert invite.unique_id == invite.data["token"]
    assert re.fullmatch("[a-z2-7]{26}", invite.data["token"])
    assert {**invite.data, "token": ""} == {
        "kind": "personal",
        "token": "",
        "cameras": [],
        "expires": None,
        "per_day": 5,
    }


async def test_a_folder_whose_name_would_read_otherwise(
    hass: HomeAssistant, sam: User, add_recordings: AddRecordings
) -> None:
    """A camera found in it has a name that a notification can show."""
    folder = add_recordings("gate\u202etnorf", "2024-06-01_18-00-00.mp4")
    (label,) = shown(await _begin(hass), "cameras").values()
    there = str(folder).replace("\u202e", "\ufffd")
    assert label.startswith(f"Camera: {there} · 2024-06-01_18-00-00.mp4 → ")


async def test_the_link_is_shown_before_the_end(
    hass: HomeAssistant, sam: User, media: object, outside: str
) -> None:
    """Link and QR code hold the token of the invite that is made."""
    result = await _begin(hass)
    flow = hass.config_entries.flow
    result = await flow.async_configure(result["flow_id"], {"invite": "Anna"})
    assert (result["step_id"], result["last_step"]) == ("link", True)
    url = result["description_placeholders"]["url"]
    assert result["description_placeholders"]["title"] == "Anna"
    assert result["data_schema"].schema["qr_code"].config["data"] == url
    assert not hass.config_entries.async_entries(DOMAIN)

    result = await flow.async_configure(result["flow_id"], {})
    token = _one(result["result"], "invite").data["token"]
    assert url == f"{outside}/api/clip_consent/ask/{token}"


async def test_without_an_outside_address_the_local_link_is_shown(
    hass: HomeAssistant, sam: User, media: object
) -> None:
    """It says so instead of handing out a link that leads nowhere."""
    hass.config.internal_url = "http://home.local:8123"
    result = await _begin(hass)
    flow = hass.config_entries.flow
    result = await flow.async_configure(result["flow_id"], {"invite": "Anna"})
    assert result["step_id"] == "link_local"
    url = result["description_placeholders"]["url"]
    assert url.startswith("http://home.local:8123/api/clip_consent/ask/")
    result = await flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_nothing_found_works_too(
    hass: HomeAssistant, sam: User, media: object
) -> None:
    """Neither phone nor recordings: both can come later."""
    result = await _begin(hass)
    assert result["step_id"] == "home_nothing"
    assert list(result["data_schema"].schema) == ["invite"]
    entry = await _finish(hass, result, {"invite": "Anna"})
    assert _one(entry, "approver").data["phones"] == []
    assert not list(entry.get_subentries_of_type("camera"))


async def test_phones_but_no_recordings(
    hass: HomeAssistant, sam: User, media: object, add_phone: AddPhone
) -> None:
    """The form is worded for it, and an emptied list is no list."""
    add_phone(sam, "Pixel", encrypted=False, os="Android")
    result = await _begin(hass)
    assert result["step_id"] == "home_no_camera"
    entry = await _finish(hass, result, {"invite": "Anna"})
    assert _one(entry, "approver").data["phones"] == []


async def test_recordings_but_no_phone(
    hass: HomeAssistant,
    sam: User,
    kim: User,
    add_phone: AddPhone,
    add_recordings: AddRecordings,
) -> None:
    """Somebody else's phone is not offered; what is not ticked is not added."""
    add_phone(kim, "Kim's iPhone")
    add_recordings("hall", "2024-06-01_18-00-00.mp4")
    result = await _begin(hass)
    assert result["step_id"] == "home_no_phone"
    entry = await _finish(hass, result, {"cameras": [], "invite": "Anna"})
    assert not list(entry.get_subentries_of_type("camera"))


async def test_one_tap_is_for_encrypted_phones_that_are_asked(
    hass: HomeAssistant, sam: User, media: object, add_phone: AddPhone
) -> None:
    """An unencrypted phone is asked too, but has to confirm in the app."""
    iphone, ipad = add_phone(sam, "iPhone"), add_phone(sam, "iPad")
    pixel = add_phone(sam, "Pixel", encrypted=False, os="Android")
    result = await _begin(hass)
    assert shown(result, "phones") == {
        ipad: "iPad (iOS) 🔒",
        iphone: "iPhone (iOS) 🔒",
        pixel: "Pixel (Android)",
    }
    answer = {"phones": [iphone, pixel], "invite": "Anna"}
    entry = await _finish(hass, result, answer)
    assert _one(entry, "approver").data["phones"] == [iphone, pixel]
    assert _one(entry, "approver").data["one_tap"] == [iphone]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("   ", "title_empty"),
        ("x" * 65, "title_too_long"),
        ("Anna\u202egpj", "title_not_plain"),
    ],
)
async def test_a_bad_name_is_told_at_the_field(
    hass: HomeAssistant,
    sam: User,
    media: object,
    add_phone: AddPhone,
    name: str,
    error: str,
) -> None:
    """What was ticked before stays as it was."""
    phone = add_phone(sam, "iPhone")
    add_phone(sam, "iPad")
    result = await _begin(hass)
    flow = hass.config_entries.flow
    answer = {"phones": [phone], "invite": name}
    result = await flow.async_configure(result["flow_id"], answer)
    assert result["errors"] == {"invite": error}
    assert suggestion(result, "phones") == [phone]
    await _finish(hass, result, {**answer, "invite": "x" * 64})


async def test_only_people_who_can_log_in_are_proposed(
    hass: HomeAssistant, sam: User, kim: User
) -> None:
    """The owner comes first; service users and locked accounts are left out."""
    MockUser(id="robot", name="Robot", system_generated=True).add_to_hass(hass)
    MockUser(id="left", name="Left", is_active=False).add_to_hass(hass)
    MockUser(id="adam", name="Adam").add_to_hass(hass)
    MockUser(id="nameless", name=None).add_to_hass(hass)
    result = await _choose_home(hass)
    assert list(shown(result, "user_id").items()) == [
        ("sam", "Sam"),
        ("adam", "Adam"),
        ("kim", "Kim"),
        ("nameless", "nameless"),
    ]


async def test_nobody_to_ask(hass: HomeAssistant) -> None:
    """Without people there is nothing to set up."""
    result = await _choose_home(hass)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_people")


async def test_whoever_left_meanwhile_is_asked_for_again(
    hass: HomeAssistant, sam: User, kim: User
) -> None:
    """A user who was locked while the form was open does not become approver."""
    flow = hass.config_entries.flow
    result = await _choose_home(hass)
    kim.is_active = False
    result = await flow.async_configure(result["flow_id"], {"user_id": "kim"})
    assert result["step_id"] == "approver"
    assert list(shown(result, "user_id")) == ["sam"]


async def test_second_set_up_is_refused(hass: HomeAssistant, sam: User) -> None:
    """There is one home, and one hub."""
    for kind in ("home", "hub"):
        MockConfigEntry(domain=DOMAIN, unique_id=kind).add_to_hass(hass)
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_a_dialog_left_open_does_not_bar_another(
    hass: HomeAssistant, sam: User, media: object
) -> None:
    """The second dialog works, and the first is ended by it."""
    first = await _begin(hass)
    await _finish(hass, await _begin(hass), {"invite": "Anna"})
    open_flows = hass.config_entries.flow.async_progress()
    assert first["flow_id"] not in [flow["flow_id"] for flow in open_flows]


async def test_whoever_does_it_becomes_the_first_approver(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: User,
    sam: User,
    media: object,
) -> None:
    """In a browser nobody is asked who they are."""
    for component in ("config", "websocket_api", DOMAIN):
        assert await async_setup_component(hass, component, {})
    client = await hass_client()
    answer = await client.post(FLOW, json={"handler": DOMAIN})
    assert answer.status == HTTPStatus.OK
    result = await answer.json()
    answer = await client.post(
        f"{FLOW}/{result['flow_id']}", json={"next_step_id": "set_up_home"}
    )
    result = await answer.json()
    assert result["step_id"] == "home_nothing"
    assert result["description_placeholders"]["name"] == hass_admin_user.name

    for body in ({"invite": "Anna"}, {}):
        answer = await client.post(f"{FLOW}/{result['flow_id']}", json=body)
        assert answer.status == HTTPStatus.OK
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert _one(entry, "approver").data["user_id"] == hass_admin_user.id


async def test_a_form_can_be_looked_at_again(
    hass: HomeAssistant, sam: User, media: object
) -> None:
    """A browser that reloads the page gets the same form."""
    result = await _begin(hass)
    again = await hass.config_entries.flow.async_configure(result["flow_id"])
    assert again["step_id"] == "home_nothing"


async def test_folders_that_lie_in_one_another(
    hass: HomeAssistant, sam: User, add_recordings: AddRecordings
) -> None:
    """Not both can be ticked: what one camera keeps back the other would show."""
    above = add_recordings("yard", "2024-06-01_18-00-00.mp4")
    below = add_recordings("yard/hall", "2024-06-01_18-00-00.mp4")
    result = await _begin(hass, sam.id)
    assert list(shown(result, "cameras")) == [str(below), str(above)]
    answer = {"cameras": [str(above), str(below)], "invite": "Anna"}
    result = await hass.config_entries.flow.async_configure(result["flow_id"], answer)
    assert result["errors"] == {"cameras": "cameras_overlap"}
    assert suggestion(result, "cameras") == [str(above), str(below)]
    entry = await _finish(hass, result, answer | {"cameras": [str(above)]})
    assert _one(entry, "camera").title == "Yard"
