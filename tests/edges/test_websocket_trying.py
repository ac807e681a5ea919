"""The panel's commands that try: rules on requests made up and past, and a test."""

from datetime import UTC, datetime, timedelta
import re
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.core.serial import utc_text
from custom_components.clip_consent.home.manager import HomeManager
from tests.interfaces import example

from .acting import SPAN, Panel, act, case_in, login, offered, other_admin
from .panels import KEY, MADE_UP, case, panel

__all__ = ["case", "panel"]  # fixtures, used by name


async def test_rules_are_tried_on_past_and_made_up_requests(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    case: Case,
) -> None:
    """The same sentence as in the case; a made-up request leaves no trace."""
    answer = await panel.result("try_rules")
    [result] = answer["results"]
    assert case.screening
    shown = example("try_rules_answer")
    assert answer.keys() == shown.keys()
    assert result.keys() == shown["results"][0].keys()
    assert [one["order"] for one in answer["rules"]] == [10, 100]
    assert answer["rules"][0] == {**shown["rules"][0], "rule_id": result["rule_id"]}
    assert result == {
        "case_id": case.case_id,
        "rule_id": case.screening.rule_id,
        "verdict": "ask",
        "sentence": case.screening.sentence,
    }
    ledger = await act(hass, "export_ledger")
    shown = example("try_rules_request") | SPAN | {"received_at": None}
    [made_up] = (await panel.result("try_rules", request=shown))["results"]
    assert (made_up["case_id"], made_up["verdict"]) == (None, "list")
    assert "Everybody else" in made_up["sentence"]
    await hass.config.async_update(language="de")
    await hass.async_block_till_done()
    [result] = (await panel.result("try_rules"))["results"]
    assert result["sentence"].endswith("Du wirst gefragt.")
    await hass.config.async_update(language="en")
    assert await act(hass, "export_ledger") == ledger


async def _add_rule(
    hass: HomeAssistant, entry: MockConfigEntry, data: dict[str, Any]
) -> None:
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            subentry_type="rule",
            title="Mine",
            unique_id=None,
            data=MappingProxyType(data),
        ),
    )
    await hass.async_block_till_done()


async def test_a_made_up_request_comes_when_and_for_what_it_is_said_to(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """Rules for the hour of a request and for cameras can be tried at any time."""
    rule = {
        "order": 1,
        "verdict": "ignore",
        "received_from": "02:00:00",
        "received_to": "03:00:00",
        "cameras": list(manager.cameras),
    }
    await _add_rule(hass, entry, rule)
    night = dt_util.now().replace(hour=2, minute=30) - timedelta(days=1)
    window = night - timedelta(hours=1)
    made = {
        **MADE_UP,
        "start": window.isoformat(),
        "end": (window + timedelta(minutes=1)).isoformat(),
        "received_at": night.isoformat(),
    }
    for changes, verdict in (
        ({}, "ignore"),
        ({"received_at": (night + timedelta(hours=1)).isoformat()}, "list"),
        ({"cameras": [*manager.cameras, "x"]}, "ignore"),
        ({"cameras": ["x"]}, "list"),
        ({"cameras": []}, "list"),
    ):
        answer = await panel.result("try_rules", request={**made, **changes})
        assert answer["results"][0]["verdict"] == verdict, changes


@pytest.mark.parametrize(
    "received",
    [
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1, 1, 1, 0, 11, tzinfo=UTC),
        dt_util.utcnow() + timedelta(days=2),
        dt_util.utcnow() - timedelta(days=368),
    ],
)
async def test_a_made_up_request_comes_within_what_a_calendar_holds(
    hass: HomeAssistant, entry: MockConfigEntry, panel: Panel, received: datetime
) -> None:
    """From as long ago as footage may be asked for, until tomorrow."""
    rule = {
        "order": 1,
        "verdict": "ignore",
        "received_from": "02:00:00",
        "received_to": "03:00:00",
    }
    await _add_rule(hass, entry, rule)
    request = {
        **MADE_UP,
        "start": (received - timedelta(minutes=10)).isoformat(),
        "end": received.isoformat(),
        "received_at": received.isoformat(),
    }
    code = await panel.error("try_rules", request=request)
    assert code == "received_out_of_range"


async def test_a_made_up_request_can_be_about_an_area(
    hass: HomeAssistant, entry: MockConfigEntry, panel: Panel
) -> None:
    """Its size and how far it is; without a place of the home, no distance fits."""
    rules = [
        {"order": 1, "verdict": "ignore", "distance_max_metres": 500},
        {"order": 2, "verdict": "ask", "area_max_km2": 0.2},
    ]
    for rule in rules:
        await _add_rule(hass, entry, rule)

    async def tried(**changes: Any) -> str:
        request = {**MADE_UP, **changes}
        answer = await panel.result("try_rules", request=request)
        verdict: str = answer["results"][0]["verdict"]
        return verdict

    assert await tried() == await tried(area_radius=None, distance=10) == "list"
    assert await tried(area_radius=250) == "ignore"
    assert await tried(area_radius=250.0, distance=749.5) == "ignore"
    assert await tried(area_radius=250, distance=751) == "ask"
    assert await tried(area_radius=300, distance=200_000) == "list"
    first, *_ = (await panel.result("try_rules"))["rules"]
    assert first["conditions"] == ["the area is at most 500 m from your home"]
    for bad, code in ((143, "area_too_small"), (643, "area_too_large")):
        request = {**MADE_UP, "area_radius": bad}
        assert await panel.error("try_rules", request=request) == code

    await hass.config.async_update(latitude=0, longitude=0)
    await hass.async_block_till_done()
    assert await tried(area_radius=250) == "ask"
    assert await tried(area_radius=300) == "list"


async def test_an_admin_tries_no_requests_of_others(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    case: Case,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Rules of their own making would tell them what is in them, word by word."""
    admin = await other_admin(hass)
    panel = Panel(await hass_ws_client(hass, await login(hass, admin)))
    answer = await panel.result("try_rules")
    assert answer["results"] == []
    assert [one["order"] for one in answer["rules"]] == [10, 100]
    [made_up] = (await panel.result("try_rules", request=MADE_UP))["results"]
    assert (made_up["case_id"], made_up["verdict"]) == (None, "list")
    assert "Everybody else" in made_up["sentence"]


async def test_test_request_says_that_no_push_comes_so_soon(
    entry: MockConfigEntry, manager: HomeManager, panel: Panel, approver: MockUser
) -> None:
    """Pushed less than ten minutes ago: not again, and the panel is told until when."""
    bench = manager._bench
    pushed = bench.now() - timedelta(minutes=4)
    await bench.store.async_pushed(approver.id, pushed)
    soon = await panel.result("test_request", recipient=KEY)
    assert soon["pushed_from"] == utc_text(pushed + timedelta(minutes=10))


async def test_test_request_goes_the_whole_way(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """It asks for the newest footage, and its status page is a stranger's."""
    result = await panel.result("test_request", recipient=KEY)
    assert result.keys() == {"case_id", "status_url", "pushed_from"}
    assert result["pushed_from"] is None
    case = await offered(manager, result["case_id"])
    assert case.request.portal.value == "test"
    await panel.approve(case)
    await case_in(manager, case.case_id, CaseState.SHARED)
    page = re.sub(r"^https?://[^/]+", "", result["status_url"])
    stranger = await hass_client_no_auth()
    status = await (await stranger.get(f"{page}/data")).json()
    assert len(status["deliveries"]) == 1
    assert await panel.error("test_request", recipient="x") == "recipient_malformed"
    for camera in manager.cameras:
        manager._bench.settings.cameras.pop(camera)  # type: ignore[attr-defined]
    assert await panel.error("test_request", recipient=KEY) == "no_camera"
