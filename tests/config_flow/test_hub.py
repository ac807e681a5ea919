"""A hub is set up in one form, changed in its settings, and removed like any other."""

from typing import Any

from homeassistant.auth.models import User
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.const import DOMAIN, ENTRY_HUB
from custom_components.clip_consent.core.tiles import TileServer
from custom_components.clip_consent.hub.configuration import read_hub_settings

from .conftest import AddHome, AddPhone
from .forms import default, field, shown, suggestion
from .translated import ENGLISH

AREA = {"latitude": 52.52, "longitude": 13.4, "radius": 400.0}
ABOUT = {
    "name": "Lindenstraße",
    "operator": "Residents' association",
    "contact": "hub@lindenstrasse.example",
    "area": AREA,
}
ANSWER = {**ABOUT, "moderators": ["sam"], "neighbours_may_ask": False}


async def _begin(hass: HomeAssistant) -> dict[str, Any]:
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.MENU
    return await flow.async_configure(result["flow_id"], {"next_step_id": "set_up_hub"})


async def _answered(hass: HomeAssistant, **changed: Any) -> dict[str, Any]:
    result = await _begin(hass)
    return await hass.config_entries.flow.async_configure(
        result["flow_id"], {**ANSWER, **changed}
    )


async def _made(hass: HomeAssistant, **changed: Any) -> ConfigEntry:
    result = await _answered(hass, **changed)
    result = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    return result["result"]


@pytest.fixture
async def hub(hass: HomeAssistant, sam: User, outside: str) -> ConfigEntry:
    """Return a hub that Sam moderates."""
    return await _made(hass)


# --- the first form


@pytest.mark.usefixtures("outside", "kim")
async def test_one_form_sets_up_a_hub(
    hass: HomeAssistant, sam: User, add_phone: AddPhone
) -> None:
    """The rest has defaults; the page's address is shown, with a code to scan."""
    hass.config.latitude, hass.config.longitude = 52.52, 13.4
    phone = add_phone(sam, "Sam's iPhone")
    result = await _begin(hass)
    assert result["step_id"] == "hub"
    assert shown(result, "moderators") == {"sam": "Sam", "kim": "Kim"}
    assert suggestion(result, "moderators") == ["sam"]
    assert default(result, "area") == {**AREA, "radius": 500}
    assert default(result, "neighbours_may_ask") is True

    flow = hass.config_entries.flow
    result = await flow.async_configure(
        result["flow_id"], {**ANSWER, "name": " Linde "}
    )
    assert result["step_id"] == "hub_link"
    url = "https://home.example/api/clip_consent/portal"
    assert result["description_placeholders"] == {"title": "Linde", "url": url}
    assert field(result, "qr_code")[1].config["data"] == url

    result = await flow.async_configure(result["flow_id"], {})
    entry = result["result"]
    assert result["description"] == "hub"
    assert ENGLISH["config"]["create_entry"]["hub"]
    assert (entry.unique_id, entry.title) == (ENTRY_HUB, "Linde")
    assert entry.data == {}
    assert entry.options == {
        **ABOUT,
        "name": "Linde",
        "moderators": ["sam"],
        "phones": [phone],
        "rules": ENGLISH["common"]["hub_rules"],
        "neighbours_may_ask": False,
    }


async def test_whoever_does_it_moderates(
    hass: HomeAssistant,
    hass_admin_user: User,
    kim: User,
    hass_client: ClientSessionGenerator,
) -> None:
    """In a browser, the flow knows whose it is."""
    for component in ("config", "websocket_api", DOMAIN):
        assert await async_setup_component(hass, component, {})
    client = await hass_client()
    response = await client.post(
        "/api/config/config_entries/flow", json={"handler": DOMAIN}
    )
    flow = (await response.json())["flow_id"]
    response = await client.post(
        f"/api/config/config_entries/flow/{flow}", json={"next_step_id": "set_up_hub"}
    )
    fields = {each["name"]: each for each in (await response.json())["data_schema"]}
    (suggested,) = fields["moderators"]["description"]["suggested_value"]
    assert suggested == hass_admin_user.id


async def test_nobody_could_moderate(hass: HomeAssistant) -> None:
    """A Home Assistant without people has no hub."""
    result = await _begin(hass)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "no_people")


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"name": " "}, {"name": "text_empty"}),
        ({"operator": "x" * 128}, {"operator": "text_too_long"}),
        ({"contact": "a\u202eb"}, {"contact": "text_not_plain"}),
        ({"area": {**AREA, "radius": 2501.0}}, {"area": "hub_area_invalid"}),
        ({"area": {**AREA, "radius": 49.0}}, {"area": "hub_area_invalid"}),
        ({"area": {**AREA, "latitude": 89.9}}, {"area": "hub_area_invalid"}),
        ({"moderators": []}, {"moderators": "moderators_none"}),
    ],
)
@pytest.mark.usefixtures("sam")
async def test_what_will_not_do_is_said_at_its_field(
    hass: HomeAssistant, changed: dict[str, Any], errors: dict[str, str]
) -> None:
    """And the form keeps what was typed."""
    result = await _answered(hass, **changed)
    assert result["errors"] == errors
    assert default(result, "contact") == changed.get("contact", ABOUT["contact"])
    assert suggestion(result, "moderators") == changed.get("moderators", ["sam"])
    result = await hass.config_entries.flow.async_configure(result["flow_id"], ANSWER)
    assert result["step_id"].startswith("hub_link")


@pytest.mark.usefixtures("sam")
async def test_the_form_can_be_looked_at_again(hass: HomeAssistant) -> None:
    """A browser that reloads the page gets the same form."""
    result = await _begin(hass)
    again = await hass.config_entries.flow.async_configure(result["flow_id"])
    assert again["step_id"] == "hub"
    assert suggestion(again, "moderators") == ["sam"]


@pytest.mark.usefixtures("sam")
async def test_without_an_address_it_is_said_how_to_get_one(
    hass: HomeAssistant,
) -> None:
    """The hub is made all the same: its address may come later."""
    result = await _answered(hass)
    assert result["step_id"] == "hub_link_local"
    again = await hass.config_entries.flow.async_configure(result["flow_id"], {})
    assert again["type"] is FlowResultType.CREATE_ENTRY


# --- beside a home


@pytest.mark.usefixtures("sam")
async def test_a_hub_beside_a_home_is_asked_for_at_once(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """With one of the two there, nobody has to choose."""
    home = await add_home()
    flow = hass.config_entries.flow
    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["step_id"] == "hub"
    result = await flow.async_configure(result["flow_id"], ANSWER)
    result = await flow.async_configure(result["flow_id"], {})
    hub = result["result"]
    assert hass.config_entries.async_entries(DOMAIN) == [home, hub]
    assert set(home.supported_subentry_types) == {
        *("approver", "camera", "invite", "portal", "rule"),
    }
    assert set(hub.supported_subentry_types) == {"requester"}

    result = await flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["reason"] == "already_configured"


async def test_a_home_beside_a_hub_is_asked_for_at_once(
    hass: HomeAssistant, hub: ConfigEntry
) -> None:
    """The other way round, too."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["step_id"] == "approver"


@pytest.mark.usefixtures("sam")
async def test_two_dialogs_make_one_hub(hass: HomeAssistant) -> None:
    """Whoever left one open elsewhere gets no second hub."""
    first, second = await _answered(hass), await _begin(hass)
    flow = hass.config_entries.flow
    await flow.async_configure(first["flow_id"], {})
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1
    assert [one["flow_id"] for one in flow.async_progress()] == []
    assert second["flow_id"] != first["flow_id"]


# --- settings


async def _options(hass: HomeAssistant, hub: ConfigEntry, step: str) -> dict[str, Any]:
    options = hass.config_entries.options
    result = await options.async_init(hub.entry_id)
    assert result["description_placeholders"] == {"title": hub.title}
    return await options.async_configure(result["flow_id"], {"next_step_id": step})


async def test_name_and_area_change(hass: HomeAssistant, hub: ConfigEntry) -> None:
    """What is listed under the name is called by the new one."""
    options = hass.config_entries.options
    result = await _options(hass, hub, "hub_about")
    assert {key: default(result, key) for key in ABOUT} == ABOUT
    result = await options.async_configure(result["flow_id"], {**ABOUT, "name": ""})
    assert result["errors"] == {"name": "text_empty"}
    assert default(result, "name") == ""
    changed = {**ABOUT, "name": "Ulmenweg", "area": {**AREA, "radius": 800.0}}
    before = dict(hub.options)
    result = await options.async_configure(result["flow_id"], changed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert hub.title == "Ulmenweg"
    assert hub.options == {**before, **changed}


async def test_moderators_and_their_phones_change(
    hass: HomeAssistant, hub: ConfigEntry, sam: User, kim: User, add_phone: AddPhone
) -> None:
    """New moderators' phones are ticked; those that were left out stay so."""
    mine, theirs = add_phone(sam, "Sam's iPhone"), add_phone(kim, "Kim's Pixel")
    options = hass.config_entries.options
    result = await _options(hass, hub, "hub_moderators")
    assert suggestion(result, "moderators") == ["sam"]
    result = await options.async_configure(result["flow_id"], {"moderators": []})
    assert result["errors"] == {"moderators": "moderators_none"}
    result = await options.async_configure(
        result["flow_id"], {"moderators": ["sam", "kim"]}
    )
    assert result["step_id"] == "hub_phones"
    assert set(shown(result, "phones")) == {mine, theirs}
    # Sam had no phone when the hub was set up, and ticks this one now
    assert suggestion(result, "phones") == [theirs]
    await options.async_configure(result["flow_id"], {"phones": [mine]})
    assert hub.options["moderators"] == ["sam", "kim"]
    assert hub.options["phones"] == [mine]


async def test_moderators_without_a_phone(
    hass: HomeAssistant, hub: ConfigEntry, kim: User
) -> None:
    """They read it in the panel: there is nothing to ask about phones."""
    options = hass.config_entries.options
    result = await _options(hass, hub, "hub_moderators")
    result = await options.async_configure(result["flow_id"], {"moderators": [kim.id]})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert (hub.options["moderators"], hub.options["phones"]) == (["kim"], [])


async def test_a_moderator_who_is_gone_is_not_on_the_form(
    hass: HomeAssistant, hub: ConfigEntry
) -> None:
    """Nor can they be kept by mistake."""
    MockUser(id="lee", name="Lee").add_to_hass(hass)
    hass.config_entries.async_update_entry(
        hub, options={**hub.options, "moderators": ["gone", "sam"]}
    )
    result = await _options(hass, hub, "hub_moderators")
    assert suggestion(result, "moderators") == ["sam"]


LIMITS = {"per_week": 3, "per_case_number": 2, "open_days": 7, "drops_gib": 20}


async def test_rules_and_limits_change(hass: HomeAssistant, hub: ConfigEntry) -> None:
    """Whole numbers, within bounds that the field names."""
    options = hass.config_entries.options
    result = await _options(hass, hub, "hub_rules")
    assert {key: default(result, key) for key in LIMITS} == LIMITS
    wrong = {
        "rules": "",
        "neighbours_may_ask": True,
        "per_week": 51,
        "per_case_number": 0,
        "open_days": 1.5,
        "drops_gib": 1,
    }
    result = await options.async_configure(result["flow_id"], wrong)
    assert result["errors"] == {
        "rules": "text_empty",
        **{key: f"{key}_invalid" for key in LIMITS},
    }
    right = {
        "rules": "One line\nand another",
        "neighbours_may_ask": True,
        **{key: number - 1 for key, number in LIMITS.items()},
    }
    before = dict(hub.options)
    await options.async_configure(result["flow_id"], right)
    assert hub.options == {**before, **right}
    assert type(hub.options["open_days"]) is int


async def test_the_home_keeps_its_own_settings(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """One integration, two kinds of settings."""
    home = await add_home()
    result = await hass.config_entries.options.async_init(home.entry_id)
    assert result["step_id"] == "init"


# --- the map


async def test_a_tile_server_of_the_operators_own(
    hass: HomeAssistant, hub: ConfigEntry
) -> None:
    """Off at first; what would be no origin is not kept; emptied, it is off again."""
    assert read_hub_settings(hub, {}).tiles is None
    options = hass.config_entries.options
    result = await _options(hass, hub, "hub_map")
    assert suggestion(result, "tiles_url") == ""
    assert default(result, "tiles_zoom") == 18
    wrong = {"tiles_url": "https://* /{z}/{x}/{y}", "tiles_zoom": 30}
    result = await options.async_configure(result["flow_id"], wrong)
    assert result["errors"] == {
        "tiles_url": "tiles_url_invalid",
        "tiles_attribution": "text_empty",
        "tiles_zoom": "tiles_zoom_invalid",
    }
    assert suggestion(result, "tiles_url") == wrong["tiles_url"]
    typed = {
        "tiles_url": " https://tiles.example/{z}/{x}/{y}.png ",
        "tiles_attribution": " © us ",
        "tiles_zoom": 14,
    }
    before = dict(hub.options)
    result = await options.async_configure(result["flow_id"], typed)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    url = "https://tiles.example/{z}/{x}/{y}.png"
    kept = {"tiles_url": url, "tiles_attribution": "© us", "tiles_zoom": 14}
    assert hub.options == {**before, **kept}
    tiles = TileServer(url=url, attribution="© us", zoom=14)
    assert read_hub_settings(hub, {}).tiles == tiles
    result = await _options(hass, hub, "hub_map")
    assert suggestion(result, "tiles_url") == url
    await options.async_configure(result["flow_id"], {"tiles_zoom": 14})
    assert read_hub_settings(hub, {}).tiles is None
