"""Sharing rules: added, changed, told what is wrong."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.clip_consent.core.rule_data import READY_MADE
from custom_components.clip_consent.core.rules import parse_rule
from custom_components.clip_consent.subentry_rule import EVERYTHING

from .conftest import AddHome
from .forms import default, field, shown, suggestion

CAMERA = {"subentry_type": "camera", "title": "Driveway", "data": {}}
PLAIN: dict[str, Any] = {
    "name": "Police",
    "verdict": "list",
    "order": 20,
    "conditions": {"case_number": "any"},
    "limits": {"audio": True, "confirm_in_app": False},
}


def approver(user_id: str) -> dict[str, Any]:
    """Return an approver without a phone, as kept."""
    data = {"user_id": user_id, "phones": [], "one_tap": [], "hide_details": []}
    return {"subentry_type": "approver", "title": user_id, "data": data}


def _rule(title: str, **changes: Any) -> dict[str, Any]:
    """Return a rule as kept."""
    return {
        "subentry_type": "rule",
        "title": title,
        "data": {**EVERYTHING, **changes},
    }


def _typed(**changes: Any) -> dict[str, Any]:
    """Return a filled-in form; what is given goes into its section."""
    answer = {**PLAIN, "conditions": {**PLAIN["conditions"]}, "limits": PLAIN["limits"]}
    for key, value in changes.items():
        if key in PLAIN:
            answer[key] = value
        else:
            answer["conditions"][key] = value
    return answer


async def _begin(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any]:
    """Open the form for another rule."""
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "rule"), context={"source": SOURCE_USER}
    )


async def _answer(
    hass: HomeAssistant, result: dict[str, Any], answer: dict[str, Any]
) -> dict[str, Any]:
    """Send a form."""
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], answer
    )


async def test_add_a_plain_rule(hass: HomeAssistant, add_home: AddHome) -> None:
    """What is left alone narrows nothing; every field is kept."""
    entry = await add_home()
    result = await _begin(hass, entry)
    assert (result["step_id"], default(result, "verdict")) == ("user", "ask")
    assert field(result, "limits")[1].options == {"collapsed": True}
    assert "cameras" not in field(result, "conditions")[1].schema.schema
    assert "only_cameras" not in field(result, "limits")[1].schema.schema

    result = await _answer(hass, result, PLAIN)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    (rule,) = entry.subentries.values()
    assert rule.title == "Police"
    assert rule.data == {**EVERYTHING, "order": 20, "verdict": "list"}
    assert type(rule.data["order"]) is int


async def test_add_a_rule_with_everything(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """Both sections together are the rule's data."""
    entry = await add_home(CAMERA)
    (camera,) = entry.subentries
    result = await _begin(hass, entry)
    assert shown(result, "conditions.cameras") == {camera: "Driveway"}
    assert shown(result, "limits.only_cameras") == {camera: "Driveway"}
    conditions = {
        "trust": ["unverified"],
        "kinds": ["police", "insurer"],
        "case_number": "required",
        "window_max_minutes": 30,
        "window_max_age_hours": 48,
        "footage_from": "22:00:00",
        "footage_to": "06:00:00",
        "received_from": "08:00:00",
        "received_to": "20:00:00",
        "area_max_km2": 0.25,
        "distance_max_metres": 500,
        "words": [" bicycle ", "", "hit and run"],
        "cameras": [camera],
    }
    limits = {
        "max_seconds": 60,
        "audio": False,
        "only_cameras": [camera],
        "confirm_in_app": True,
    }
    answer = {**PLAIN, "verdict": "ask", "conditions": conditions, "limits": limits}
    await _answer(hass, result, answer)
    (rule,) = entry.get_subentries_of_type("rule")
    assert rule.data == {
        "order": 20,
        "verdict": "ask",
        **conditions,
        "words": ["bicycle", "hit and run"],
        **limits,
        "two_approvers": False,
        "masked": False,
    }
    parse_rule(rule.subentry_id, rule.title, rule.data)


async def test_two_approvers_have_to_be_there(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """One person cannot be two: the form says so, and keeps what was typed."""
    entry = await add_home(approver("anna"))
    answer = {**PLAIN, "limits": {**PLAIN["limits"], "two_approvers": True}}
    result = await _answer(hass, await _begin(hass, entry), answer)
    assert result["errors"] == {"limits": "too_few_approvers"}
    assert default(result, "limits.two_approvers") is True

    hass.config_entries.async_add_subentry(
        entry, ConfigSubentry(unique_id="ben", **approver("ben"))
    )
    await hass.async_block_till_done()
    await _answer(hass, result, answer)
    (rule,) = entry.get_subentries_of_type("rule")
    assert rule.data["two_approvers"] is True


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"name": " "}, {"name": "title_empty"}),
        ({"footage_from": "22:00:00"}, {"conditions": "rule_footage_invalid"}),
        (
            {"footage_from": "22:00:00", "footage_to": "22:00:00"},
            {"conditions": "rule_footage_invalid"},
        ),
        ({"received_to": "06:00:00"}, {"conditions": "rule_received_invalid"}),
        ({"words": ["..."]}, {"conditions": "rule_words_invalid"}),
        ({"words": ["x" * 65]}, {"conditions": "rule_words_invalid"}),
        (
            {"name": "x" * 65, "words": ["..."]},
            {"name": "title_too_long", "conditions": "rule_words_invalid"},
        ),
    ],
)
async def test_wrong_input_is_told_where_it_is(
    hass: HomeAssistant,
    add_home: AddHome,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """Nothing that was typed is lost, and the mended form is taken."""
    entry = await add_home()
    answer = _typed(kinds=["police"], window_max_minutes=15, **changes)
    result = await _answer(hass, await _begin(hass, entry), answer)
    assert (result["step_id"], result["errors"]) == ("user", errors)
    assert suggestion(result, "conditions.kinds") == ["police"]
    assert suggestion(result, "conditions.window_max_minutes") == 15
    assert default(result, "verdict") == "list"
    for key in changes.keys() - {"name"}:
        assert suggestion(result, f"conditions.{key}") == changes[key]
    result = await _answer(hass, result, PLAIN)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_too_many_cameras_are_told_at_the_limits(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """The section that is at fault is opened."""
    entry = await add_home(*[CAMERA] * 101)
    result = await _begin(hass, entry)
    limits = {**PLAIN["limits"], "only_cameras": list(entry.subentries)}
    result = await _answer(hass, result, {**PLAIN, "limits": limits})
    assert result["errors"] == {"limits": "rule_only_cameras_invalid"}
    assert field(result, "limits")[1].options == {"collapsed": False}


async def test_change(hass: HomeAssistant, add_home: AddHome) -> None:
    """The rule is shown as it is, its limits open if there are any."""
    entry = await add_home(
        _rule("Police", order=7, kinds=["police"], max_seconds=30, cameras=["01GONE"])
    )
    (rule,) = entry.subentries
    result = await entry.start_subentry_reconfigure_flow(hass, rule)
    assert result["step_id"] == "reconfigure"
    assert (default(result, "name"), default(result, "order")) == ("Police", 7)
    assert suggestion(result, "conditions.kinds") == ["police"]
    assert shown(result, "conditions.cameras") == {"01GONE": "✗ 01GONE"}
    assert suggestion(result, "limits.max_seconds") == 30
    assert field(result, "limits")[1].options == {"collapsed": False}

    result = await _answer(hass, result, _typed(received_from="08:00:00"))
    assert result["step_id"] == "reconfigure"
    assert result["errors"] == {"conditions": "rule_received_invalid"}
    result = await _answer(hass, result, _typed(name="Officers"))
    assert result["reason"] == "reconfigure_successful"
    assert entry.subentries[rule].title == "Officers"
    assert entry.subentries[rule].data == {**EVERYTHING, "order": 20, "verdict": "list"}


@pytest.mark.parametrize(
    ("orders", "proposed"),
    [
        ([], 10),
        ([100], 10),
        ([5], 2),
        ([10, 100], 20),
        ([100, 20, 10], 30),
        ([90, 100], 95),
        ([95, 100], 97),
        ([9995, 9999], 9997),
    ],
)
async def test_a_new_rule_goes_before_the_last(
    hass: HomeAssistant, add_home: AddHome, orders: list[int], proposed: int
) -> None:
    """The last is mostly a catch-all, behind which no rule would be read."""
    entry = await add_home(*(_rule("X", order=order) for order in orders))
    assert default(await _begin(hass, entry), "order") == proposed


@pytest.mark.parametrize("ready", READY_MADE)
async def test_ready_made_rules_pass_through_their_form(
    hass: HomeAssistant, add_home: AddHome, ready: Any
) -> None:
    """Opening one and saving it unchanged changes nothing."""
    data = {**EVERYTHING, **ready.data}
    entry = await add_home(
        {"subentry_type": "rule", "title": ready.title, "data": data}
    )
    (rule,) = entry.subentries
    result = await entry.start_subentry_reconfigure_flow(hass, rule)
    answer = {
        **PLAIN,
        "name": default(result, "name"),
        "verdict": default(result, "verdict"),
        "order": default(result, "order"),
        "conditions": {
            "case_number": "any",
            "trust": suggestion(result, "conditions.trust"),
        },
    }
    await _answer(hass, result, answer)
    assert entry.subentries[rule].data == data


async def test_area_and_distance_are_shown_as_they_are_and_can_be_emptied(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """A rule of before there were such fields has none; neither narrows then."""
    older = _rule("Near", area_max_km2=0.25, distance_max_metres=0)
    for key in ("area_max_km2", "distance_max_metres"):
        del older["data"][key]
    entry = await add_home(
        _rule("Near", area_max_km2=0.25, distance_max_metres=0), older
    )
    near, old = entry.subentries
    for key, value in (("area_max_km2", 0.25), ("distance_max_metres", 0)):
        result = await entry.start_subentry_reconfigure_flow(hass, near)
        assert suggestion(result, f"conditions.{key}") == value
        result = await entry.start_subentry_reconfigure_flow(hass, old)
        assert suggestion(result, f"conditions.{key}") is None
    result = await entry.start_subentry_reconfigure_flow(hass, near)
    await _answer(hass, result, PLAIN)
    assert entry.subentries[near].data["area_max_km2"] is None
    assert entry.subentries[near].data["distance_max_metres"] is None
