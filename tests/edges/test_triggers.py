"""Triggers and condition, in real automations."""

from typing import Any, Final

from homeassistant.components import automation
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import async_validate_condition_config
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.trigger import async_validate_trigger_config
from homeassistant.setup import async_setup_component
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_mock_service,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)
import voluptuous as vol
import yaml

from custom_components.clip_consent import condition, trigger
from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.models import (
    CaseEvent,
    CaseEventType,
    CaseState,
    ClosedReason,
    Trust,
)
from custom_components.clip_consent.entity import SIGNAL_EVENT
from custom_components.clip_consent.home.manager import HomeManager
from tests.core import cases
from tests.interfaces import ROOT, example, unlike

from .acting import ASKING, Panel, act, case_in, offered, until
from .conftest import HOSTILE, TOKEN

KEY: Final = str(x25519.Identity.generate().to_public())
FIELDS: Final = tuple(example("trigger_payload"))


@pytest.fixture
def told(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what automations told."""
    return async_mock_service(hass, "test", "tell")


async def automate(hass: HomeAssistant, *triggers: dict[str, Any], **more: Any) -> None:
    """Set up an automation that tells what its trigger holds."""
    said = {name: f"{{{{ trigger.{name} }}}}" for name in FIELDS}
    made = {
        "alias": "tell",
        "mode": "queued",
        "triggers": list(triggers),
        "actions": [
            {
                "action": "test.tell",
                "data": {**said, "trigger": "{{ trigger.platform }}"},
            }
        ],
        **more,
    }
    assert await async_setup_component(hass, automation.DOMAIN, {"automation": made})
    await hass.async_block_till_done()
    [state] = hass.states.async_all(automation.DOMAIN)
    assert state.state == "on"


def every(*options: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all triggers, with options if there are any."""
    more = {"options": options[0]} if options else {}
    return [{"trigger": f"{DOMAIN}.{name}", **more} for name in trigger.TRIGGERS]


async def test_triggers_are_described_as_they_are(hass: HomeAssistant) -> None:
    """The descriptions name the same triggers, conditions and levels of trust."""
    tree = ROOT / "custom_components" / DOMAIN
    described = yaml.safe_load((tree / "triggers.yaml").read_text("utf-8"))
    described.pop(".trust")
    assert set(described) == set(trigger.TRIGGERS)
    for said in described.values():
        options = said["fields"]["trust"]["selector"]["select"]["options"]
        assert options == [each.value for each in Trust]
    conditions = yaml.safe_load((tree / "conditions.yaml").read_text("utf-8"))
    assert set(conditions) == set(condition.CONDITIONS)
    assert await trigger.async_get_triggers(hass) == trigger.TRIGGERS
    assert await condition.async_get_conditions(hass) == condition.CONDITIONS


async def test_a_request_fires_them_in_turn(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    told: list[ServiceCall],
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Received, asked, shared: each once, with the published payload."""
    await automate(hass, *every())
    answer = await act(hass, "submit_request", **ASKING, label="Anna", recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await Panel(await hass_ws_client(hass)).approve(case)
    await case_in(manager, case.case_id, CaseState.SHARED)
    await hass.async_block_till_done()
    data = [call.data for call in told]
    assert [each["trigger"] for each in data] == [
        f"{DOMAIN}.{name}"
        for name in ("request_received", "request_asked", "clip_shared")
    ]
    said = {name: data[1][name] for name in FIELDS}
    assert list(unlike(example("trigger_payload"), said)) == []
    assert (said["label"], said["case_id"]) == ("Anna", case.case_id)
    assert data[0]["camera"] is None
    assert data[1]["camera"] == data[2]["camera"] == "Driveway"
    assert [each["waiting"] for each in data] == [0, 1, 0]


async def test_closed_says_why_inside_the_home(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
    told: list[ServiceCall],
) -> None:
    """The reason is the owner's to know; the automation itself runs as nobody."""
    await automate(hass, {"trigger": f"{DOMAIN}.request_closed"})
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await act(hass, "decline", approver.id, case_id=case.case_id)
    await hass.async_block_till_done()
    [call] = told
    assert call.data["reason"] == ClosedReason.DECLINED
    assert call.context.user_id is None
    assert call.context.parent_id


async def test_failed_delivery_says_what_went_wrong(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    told: list[ServiceCall],
    hass_ws_client: WebSocketGenerator,
) -> None:
    """A draft that changed before it went out fires, with the error's code."""
    await automate(hass, {"trigger": f"{DOMAIN}.delivery_failed"})
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await Panel(await hass_ws_client(hass)).approve(case)
    assert case.draft
    manager._bench.drafter.path(case.case_id, case.draft.file).write_bytes(b"other")
    await until(lambda: told, "the failure")
    assert [call.data["reason"] for call in told] == ["draft_changed"]


@pytest.mark.parametrize(
    ("trust", "fires"),
    [
        (["invited"], True),
        ("invited", True),
        (["unverified", "invited"], True),
        (["unverified", "verified"], False),
        ([], True),
    ],
)
async def test_trust_narrows(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    told: list[ServiceCall],
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, object],
    trust: object,
    fires: bool,
) -> None:
    """Only requesters known that well; none named means all. No word is theirs."""
    await automate(hass, *every({"trust": trust}))
    stranger = await hass_client_no_auth()
    await stranger.post(f"/api/clip_consent/ask/{TOKEN}", json=body)
    await until(
        lambda: [
            c for c in manager.reading.open_cases() if c.offer and not c.prompt_due
        ]
    )
    await hass.async_block_till_done()
    assert len(told) == (2 if fires else 0)
    for call in told:
        assert call.data["trust"] == "invited"
        for word in (HOSTILE[:20], "onerror", "evil.example"):
            assert word not in str(call.data)


@pytest.mark.parametrize("options", [{"trust": ["friend"]}, {"more": 1}, {"trust": 5}])
async def test_options_that_cannot_be_are_refused(
    hass: HomeAssistant, entry: MockConfigEntry, options: dict[str, Any]
) -> None:
    """An unknown level of trust, or an option that is none, is named as invalid."""
    for made in every(options):
        with pytest.raises(vol.Invalid):
            await async_validate_trigger_config(hass, cv.TRIGGER_SCHEMA([made]))
    fine = cv.TRIGGER_SCHEMA(every({"trust": ["verified"]}))
    await async_validate_trigger_config(hass, fine)
    with pytest.raises(vol.Invalid):
        await async_validate_condition_config(
            hass, {"condition": f"{DOMAIN}.is_waiting", "options": options}
        )


async def test_automation_may_decline_what_just_came_in(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """At the very moment it is received, while the loop goes on with the case."""
    await automate(
        hass,
        {"trigger": f"{DOMAIN}.request_received"},
        actions=[
            {
                "action": f"{DOMAIN}.decline",
                "data": {"case_id": "{{ trigger.case_id }}"},
            }
        ],
    )
    for _ in range(5):
        answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
        case = await case_in(manager, answer["case_id"], CaseState.CLOSED)
        assert case.closed is ClosedReason.DECLINED


async def test_condition_holds_while_something_waits(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    told: list[ServiceCall],
) -> None:
    """True with a waiting case, false before, after, and without a home."""
    await automate(
        hass,
        {"trigger": "event", "event_type": "look"},
        conditions=[{"condition": f"{DOMAIN}.is_waiting"}],
        actions=[{"action": "test.tell"}],
    )

    async def holds() -> bool:
        told.clear()
        hass.bus.async_fire("look")
        await hass.async_block_till_done()
        return bool(told)

    assert not await holds()
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    assert await holds()
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not await holds()
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert await holds()
    await act(hass, "decline", case_id=case.case_id)
    assert not await holds()


async def test_automation_outlives_a_reload_of_the_home(
    hass: HomeAssistant, entry: MockConfigEntry, told: list[ServiceCall]
) -> None:
    """Triggers hang on no manager; without one, what they say is empty, not wrong."""
    await automate(hass, {"trigger": f"{DOMAIN}.request_received"})
    assert await hass.config_entries.async_reload(entry.entry_id)
    home: HomeManager = entry.runtime_data
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await offered(home, answer["case_id"])
    await hass.async_block_till_done()
    assert [call.data["case_id"] for call in told] == [answer["case_id"]]

    assert await hass.config_entries.async_unload(entry.entry_id)
    event = CaseEvent(
        type=CaseEventType.RECEIVED, case=cases.waiting(), user_id=None, at=cases.NOW
    )
    async_dispatcher_send(hass, SIGNAL_EVENT, event)
    await hass.async_block_till_done()
    assert (told[-1].data["camera"], told[-1].data["waiting"]) == (None, 0)

    await hass.services.async_call(
        automation.DOMAIN, "turn_off", {"entity_id": "all"}, blocking=True
    )
    async_dispatcher_send(hass, SIGNAL_EVENT, event)
    await hass.async_block_till_done()
    assert len(told) == 2
