"""Numbers in forms: what will not do is told at its field, and stays as it was typed."""

from collections.abc import Mapping
import re
from typing import Any, Final

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent import (
    config_flow,
    subentry_camera_steps,
    subentry_invite,
    subentry_rule,
)
from custom_components.clip_consent.form_fields import DecimalNumber, FormNumber

from .conftest import AddHome
from .forms import default, field, suggestion
from .translated import ENGLISH

SUBENTRIES: Final = ENGLISH["config_subentries"]
FORMS: Final[list[tuple[Mapping[str, FormNumber], Mapping[str, str]]]] = [
    (config_flow.WINDOWS, ENGLISH["options"]["error"]),
    (subentry_invite.NUMBERS, SUBENTRIES["invite"]["error"]),
    (subentry_camera_steps.NUMBERS, SUBENTRIES["camera"]["error"]),
    (subentry_rule.NUMBERS, SUBENTRIES["rule"]["error"]),
]
FIELDS: Final = {key: number for numbers, _ in FORMS for key, number in numbers.items()}


def _wrong(number: FormNumber) -> list[float]:
    """Return numbers just out of bounds, not whole, and absurd ones."""
    least, most = number.least, number.most
    if isinstance(number, DecimalNumber):
        fine = [least - 0.001, least + 0.005, most - 0.001, most + 0.01]
        return [0, *fine, -0.5, 1e300, -1e300]
    return [least - 1, most + 1, least + 0.5, most - 0.001, -0.5, 1e300, -1e300]


WRONG: Final = [
    (key, typed) for key, number in FIELDS.items() for typed in _wrong(number)
]


def _of(*keys: str) -> list[tuple[str, float]]:
    return [(key, typed) for key, typed in WRONG if key in keys]


@pytest.mark.parametrize(("key", "number"), FIELDS.items())
def test_a_box_shows_its_bounds_and_takes_any_number(
    key: str, number: FormNumber
) -> None:
    """Home Assistant passes on what is out of bounds, so that we can judge it."""
    box = number.box()
    shown = box.serialize()["selector"]["number"]
    assert (shown["min"], shown["max"]) == (number.least, number.most), key
    for typed in _wrong(number):
        assert box(typed) == typed
        assert not number.takes(typed)
    for typed in ("inf", "-inf", "nan"):
        assert not number.takes(box(typed))
    for typed in (number.least, number.most, float(number.most)):
        assert number.takes(typed)


@pytest.mark.parametrize(("numbers", "sentences"), FORMS)
def test_sentences_say_the_bounds(
    numbers: Mapping[str, FormNumber], sentences: Mapping[str, str]
) -> None:
    """Who changes a limit has to change its sentence."""
    for number in numbers.values():
        sentence = sentences[number.error]
        said = [float(each) for each in re.findall(r"\d+(?:\.\d+)?", sentence)]
        assert said == [number.least, number.most]
        fine = isinstance(number, DecimalNumber)
        assert ("two decimals" if fine else "whole") in sentence


# --- the settings


@pytest.mark.parametrize(("key", "typed"), _of("undo_panel", "undo_push"))
async def test_undo_windows(
    hass: HomeAssistant, add_home: AddHome, key: str, typed: float
) -> None:
    """The error is at the one field, and nothing that was typed is lost."""
    entry = await add_home()
    options = hass.config_entries.options
    result = await options.async_init(entry.entry_id)
    answer = {"undo_panel": 11, "undo_push": 31, "upload_hosts": ["nas:1"], key: typed}
    result = await options.async_configure(result["flow_id"], answer)
    assert result["errors"] == {key: f"{key}_invalid"}
    for other in ("undo_panel", "undo_push"):
        assert default(result, other) == answer[other]
    assert suggestion(result, "upload_hosts") == ["nas:1"]
    assert entry.options == {}
    answer[key] = float(FIELDS[key].most)
    result = await options.async_configure(result["flow_id"], answer)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options[key] == FIELDS[key].most
    assert type(entry.options[key]) is int


async def test_all_errors_of_the_settings_at_once(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """Nobody has to send the form three times to hear of three mistakes."""
    options = hass.config_entries.options
    result = await options.async_init((await add_home()).entry_id)
    answer = {"undo_panel": 0, "undo_push": 10.5, "upload_hosts": ["nas"]}
    result = await options.async_configure(result["flow_id"], answer)
    assert result["errors"] == {
        "undo_panel": "undo_panel_invalid",
        "undo_push": "undo_push_invalid",
        "upload_hosts": "upload_host_invalid",
    }


async def test_home_assistant_lets_them_pass(
    hass: HomeAssistant, add_home: AddHome, hass_client: ClientSessionGenerator
) -> None:
    """As a browser sends them: an answered form, not a refusal by its schema."""
    entry = await add_home()
    assert await async_setup_component(hass, "config", {})
    browser = await hass_client()
    flows = "/api/config/config_entries/options/flow"
    begun = await browser.post(flows, json={"handler": entry.entry_id})
    flow = f"{flows}/{(await begun.json())['flow_id']}"
    for typed in (4, 9.5, 1e300, "inf"):
        answer = {"undo_panel": typed, "undo_push": 30}
        response = await browser.post(flow, json=answer)
        assert response.status == 200
        shown = await response.json()
        assert shown["errors"] == {"undo_panel": "undo_panel_invalid"}
        assert shown["data_schema"][0]["selector"]["number"] == {
            "min": 5.0,
            "max": 60.0,
            "mode": "box",
            "step": 1.0,
            "unit_of_measurement": "s",
        }
        if typed != "inf":  # JSON has no such number
            assert shown["data_schema"][0]["default"] == typed


# --- invites


@pytest.mark.parametrize(("key", "typed"), _of("per_day"))
async def test_requests_per_day(
    hass: HomeAssistant, add_home: AddHome, key: str, typed: float
) -> None:
    """Told at the field beside other mistakes, and kept until it is mended."""
    entry = await add_home()
    flows = hass.config_entries.subentries
    result = await flows.async_init(
        (entry.entry_id, "invite"), context={"source": SOURCE_USER}
    )
    answer = {"label": " ", "kind": "public", key: typed}
    result = await flows.async_configure(result["flow_id"], answer)
    assert result["errors"] == {"label": "title_empty", key: "per_day_invalid"}
    assert (default(result, key), default(result, "kind")) == (typed, "public")
    answer = {"label": "Door", "kind": "public", key: 5.0}
    result = await flows.async_configure(result["flow_id"], answer)
    await flows.async_configure(result["flow_id"], {})
    [invite] = entry.subentries.values()
    assert invite.data[key] == 5
    assert type(invite.data[key]) is int


# --- rules

RULE: Final[dict[str, Any]] = {
    "name": "Police",
    "verdict": "list",
    "order": 20,
    "conditions": {"case_number": "any", "words": ["bicycle"]},
    "limits": {"audio": True, "confirm_in_app": False},
}
SECTIONS: Final = {
    "window_max_minutes": "conditions",
    "window_max_age_hours": "conditions",
    "area_max_km2": "conditions",
    "distance_max_metres": "conditions",
    "max_seconds": "limits",
}


def _rule(**numbers: float) -> dict[str, Any]:
    """Return a filled-in form, each number in its section."""
    answer = {
        key: {**value} if isinstance(value, dict) else value
        for key, value in RULE.items()
    }
    for key, typed in numbers.items():
        (answer[SECTIONS[key]] if key in SECTIONS else answer)[key] = typed
    return answer


async def _send(
    hass: HomeAssistant, result: Mapping[str, Any], answer: dict[str, Any]
) -> Mapping[str, Any]:
    return await hass.config_entries.subentries.async_configure(
        result["flow_id"], answer
    )


async def _begin(hass: HomeAssistant, entry_id: str) -> Mapping[str, Any]:
    return await hass.config_entries.subentries.async_init(
        (entry_id, "rule"), context={"source": SOURCE_USER}
    )


@pytest.mark.parametrize(("key", "typed"), _of("order", *SECTIONS))
async def test_numbers_of_a_rule(
    hass: HomeAssistant, add_home: AddHome, key: str, typed: float
) -> None:
    """At the field, or above its section, where the frontend has no place in it."""
    entry = await add_home()
    result = await _begin(hass, entry.entry_id)
    result = await _send(hass, result, _rule(**{key: typed}))
    assert result["errors"] == {SECTIONS.get(key, key): f"rule_{key}_invalid"}
    if key in SECTIONS:
        assert suggestion(result, f"{SECTIONS[key]}.{key}") == typed
    else:
        assert default(result, key) == typed
    assert suggestion(result, "conditions.words") == ["bicycle"]
    if key == "max_seconds":
        assert field(result, "limits")[1].options == {"collapsed": False}
    result = await _send(hass, result, _rule(**{key: float(FIELDS[key].least)}))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    [rule] = entry.subentries.values()
    assert rule.data[key] == FIELDS[key].least
    assert type(rule.data[key]) is (float if key == "area_max_km2" else int)


async def test_all_errors_of_a_rule_at_once(
    hass: HomeAssistant, add_home: AddHome
) -> None:
    """One at each place; of two in a section the upper one."""
    answer = _rule(
        order=-1, window_max_minutes=0, window_max_age_hours=0.5, max_seconds=601
    )
    answer["conditions"]["words"] = ["..."]
    answer["name"] = ""
    result = await _begin(hass, (await add_home()).entry_id)
    result = await _send(hass, result, answer)
    assert result["errors"] == {
        "name": "title_empty",
        "order": "rule_order_invalid",
        "conditions": "rule_window_max_minutes_invalid",
        "limits": "rule_max_seconds_invalid",
    }
    answer = _rule(order=-1)
    answer["conditions"]["words"] = ["..."]
    result = await _send(hass, result, answer)
    assert result["errors"] == {
        "order": "rule_order_invalid",
        "conditions": "rule_words_invalid",
    }
