"""The logbook: who decided what, in words of ours and the owner's."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
import json
import logging
from typing import Any

from homeassistant.core import Context, Event, EventOrigin, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.models import (
    CaseEvent,
    CaseEventType,
    CaseState,
    ClosedReason,
)
from custom_components.clip_consent.entity import EVENT_DECIDED
from custom_components.clip_consent.event import decision
from custom_components.clip_consent.home.manager import HomeManager
from tests.core import cases
from tests.interfaces import ROOT, example, section, unlike, words

from .acting import ASKING, Panel, act, case_in, entity_id, offered
from .blueprinted import Ask, ask, unheard

__all__ = ["ask"]  # a fixture, used by name

type Line = dict[str, Any]


@pytest.fixture
async def logbook(recorder_mock: object, hass: HomeAssistant) -> None:
    """Set up what writes the logbook; what the database is asked is no news."""
    logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)
    assert await async_setup_component(hass, "logbook", {})


@pytest.fixture
async def panel(
    hass: HomeAssistant,
    logbook: None,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
) -> Panel:
    """Return the approver's panel."""
    return Panel(await hass_ws_client(hass))


async def _lines(hass: HomeAssistant, client: Any, **narrowed: Any) -> list[Line]:
    """Return what the logbook shows of us."""
    await hass.async_block_till_done()
    await async_wait_recording_done(hass)
    begin = datetime.now(UTC) - timedelta(hours=1)
    await client.send_json_auto_id(
        {"type": "logbook/get_events", "start_time": begin.isoformat(), **narrowed}
    )
    answer = await client.receive_json()
    assert answer["success"], answer
    return [line for line in answer["result"] if line.get("domain") == "clip_consent"]


async def test_a_refusal_names_who_refused(
    hass: HomeAssistant,
    panel: Panel,
    entry: MockConfigEntry,
    ask: Ask,
    approver: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """With the owner's name for the invite, beside the event entity, and no word of theirs."""
    case = await ask()
    await panel.result("decline", case_id=case.case_id)
    requests = entity_id(hass, entry, "event", "requests")
    client = await hass_ws_client(hass)
    for narrowed in ({}, {"entity_ids": [requests]}):
        [line] = await _lines(hass, client, **narrowed)
        assert line["context_user_id"] == approver.id
        assert line["name"] == "Clip Consent"
        assert line["message"] == "request declined: Anna next door"
        assert line["entity_id"] == requests
        unheard([("logbook", line)])
    await client.send_json_auto_id(
        {
            "type": "logbook/get_events",
            "start_time": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
            "entity_ids": [requests],
        }
    )
    states = [
        line
        for line in (await client.receive_json())["result"]
        if line.get("attributes", {}).get("event_type") == "closed"
    ]
    assert [line["context_user_id"] for line in states] == [approver.id]


async def test_each_act_of_an_approver_has_its_line(
    hass: HomeAssistant,
    panel: Panel,
    manager: HomeManager,
    approver: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Approved, taken back, approved; what comes of it by itself is nobody's act."""
    answer = await act(hass, "submit_request", **ASKING, hand_over=True)
    case = await offered(manager, answer["case_id"])
    await panel.approve(case)
    await panel.result("undo", case_id=case.case_id)
    case = await offered(manager, case.case_id)
    await panel.approve(case)
    await case_in(manager, case.case_id, CaseState.SHARED)
    lines = await _lines(hass, await hass_ws_client(hass))
    about = "Somebody you invited, Driveway"
    assert [line["message"] for line in lines] == [
        f"clip approved: {about}",
        f"approval taken back: {about}",
        f"clip approved: {about}",
    ]
    assert {line["context_user_id"] for line in lines} == {approver.id}


async def test_in_the_language_of_the_home(
    hass: HomeAssistant,
    panel: Panel,
    ask: Ask,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Also of what happened before it was changed; the names are the owner's."""
    case = await ask()
    await panel.result("decline", case_id=case.case_id)
    await hass.config.async_update(language="de")
    await hass.async_block_till_done()
    [line] = await _lines(hass, await hass_ws_client(hass))
    assert line["message"] == "Anfrage abgelehnt: Anna next door"


async def test_what_no_user_did_has_no_line(
    hass: HomeAssistant,
    panel: Panel,
    manager: HomeManager,
    ask: Ask,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """An automation's refusal stands in its own line; coming in is the event entity's."""
    case = await ask()
    await act(hass, "decline", case_id=case.case_id)
    await case_in(manager, case.case_id, CaseState.CLOSED)
    assert await _lines(hass, await hass_ws_client(hass)) == []


def _forged(**changes: Any) -> dict[str, Any]:
    return {**example("decided_event"), **changes}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "declined"},
        _forged(),
        _forged(mark=None),
        _forged(mark=["a"]),
        _forged(mark="gefälscht"),
        _forged(decision={"a": 1}),
    ],
)
async def test_what_others_fire_says_nothing(
    hass: HomeAssistant,
    panel: Panel,
    approver: MockUser,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
    data: dict[str, Any],
) -> None:
    """As any user can, with the webhook of a phone: no word of it, and no fault."""
    hass.bus.async_fire(
        EVENT_DECIDED,
        data,
        origin=EventOrigin.remote,
        context=Context(user_id=approver.id),
    )
    caplog.clear()
    [line] = await _lines(hass, await hass_ws_client(hass))
    assert line["name"] == "Clip Consent"
    assert not {"message", "entity_id"} & line.keys()
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


async def test_what_was_seen_cannot_be_said_again(
    hass: HomeAssistant,
    panel: Panel,
    entry: MockConfigEntry,
    ask: Ask,
    approver: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Not of another user, nor of the same one; the real one is good after a restart."""
    heard: list[Event] = []
    hass.bus.async_listen(EVENT_DECIDED, heard.append)
    case = await ask()
    await panel.result("decline", case_id=case.case_id)
    await hass.async_block_till_done()
    [event] = heard
    other = MockUser(name="Kim").add_to_hass(hass)
    for user in (approver, other):
        hass.bus.async_fire(
            EVENT_DECIDED, dict(event.data), context=Context(user_id=user.id)
        )
    assert await hass.config_entries.async_reload(entry.entry_id)
    lines = await _lines(hass, await hass_ws_client(hass))
    assert [line.get("message") for line in lines] == [
        "request declined: Anna next door",
        None,
        None,
    ]


async def test_nothing_is_told_while_the_home_is_not_set_up(
    hass: HomeAssistant,
    panel: Panel,
    entry: MockConfigEntry,
    ask: Ask,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Then nobody knows which lines are its own."""
    case = await ask()
    await panel.result("decline", case_id=case.case_id)
    await hass.async_block_till_done()
    assert await hass.config_entries.async_unload(entry.entry_id)
    [line] = await _lines(hass, await hass_ws_client(hass))
    assert line["name"] == "Clip Consent"
    assert "message" not in line


async def test_the_event_is_as_published(
    hass: HomeAssistant, panel: Panel, ask: Ask, approver: MockUser
) -> None:
    """The acting user is its context; automations may listen to it."""
    heard = []
    hass.bus.async_listen(EVENT_DECIDED, heard.append)
    case = await ask()
    await panel.result("decline", case_id=case.case_id)
    await hass.async_block_till_done()
    [event] = heard
    assert event.event_type == "clip_consent_decided"
    assert event.context.user_id == approver.id
    shown = example("decided_event")
    assert event.data["decision"] == shown["decision"] == "declined"
    assert list(unlike(shown, dict(event.data))) == []


@pytest.mark.parametrize(
    ("kind", "closed", "user_id", "said"),
    [
        (CaseEventType.CLOSED, ClosedReason.DECLINED, "sam", "declined"),
        (CaseEventType.CLOSED, ClosedReason.WITHDRAWN, "sam", "stopped"),
        (CaseEventType.CLOSED, ClosedReason.EXPIRED, None, None),
        (CaseEventType.FIRST_APPROVED, None, "sam", "first_approved"),
        (CaseEventType.SHARED, None, "sam", None),
    ],
)
def test_what_counts_as_a_decision(
    kind: CaseEventType,
    closed: ClosedReason | None,
    user_id: str | None,
    said: str | None,
) -> None:
    """Stopping what is on its way is told apart; a result is no decision."""
    case = replace(cases.waiting(), closed=closed)
    event = CaseEvent(type=kind, case=case, user_id=user_id, at=datetime.now(UTC))
    assert decision(event) == said


def test_each_decision_has_words() -> None:
    """No key is left over, and none is missing."""
    texts = json.loads(
        (ROOT / "custom_components/clip_consent/translations/en.json").read_text(
            "utf-8"
        )
    )
    keys = {key for key in texts["common"] if key.startswith("logbook_")}
    page = section(2)
    listed = words(page[page.index("`decision` is") :].partition(";")[0])[1:]
    assert keys == {f"logbook_{one}" for one in listed}
