"""Entities: their names and ids, their states as things happen, and what they keep."""

from datetime import UTC, datetime, timedelta
import json
from typing import Any, Final

from homeassistant.components.frontend import async_panel_exists
from homeassistant.const import EntityCategory
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.translation import async_get_translations
from homeassistant.util import dt as dt_util
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.const import DOMAIN, LANGUAGES
from custom_components.clip_consent.core.models import (
    Case,
    CaseEvent,
    CaseEventType,
    CaseState,
)
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.world import SystemClock
from tests.interfaces import ROOT, example, section, unlike, words

from .acting import (
    ASKING,
    Panel,
    act,
    case_in,
    entity_id,
    offered,
    other_admin,
    plain_user,
    reading_user,
    state_of,
)

KEY: Final = str(x25519.Identity.generate().to_public())
TREE: Final = ROOT / "custom_components" / DOMAIN
ENTITIES: Final = {
    ("event", "requests"),
    ("sensor", "waiting"),
    ("sensor", "last_shared"),
    ("sensor", "shared_this_month"),
    ("binary_sensor", "waiting"),
    ("binary_sensor", "portal_direct"),
    ("switch", "accept_requests"),
}


async def test_names_ids_icons_and_device(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Each entity of the page is there, named and drawn, on one device of ours."""
    registered = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert {(each.domain, each.translation_key) for each in registered} == ENTITIES
    english = json.loads((TREE / "translations" / "en.json").read_text("utf-8"))
    icons = json.loads((TREE / "icons.json").read_text("utf-8"))
    for each in registered:
        key = str(each.translation_key)
        assert each.unique_id == f"{entry.entry_id}_{key}"
        assert each.has_entity_name
        assert english["entity"][each.domain][key]["name"]
        assert icons["entity"][each.domain][key]["default"].startswith("mdi:")
        assert hass.states.get(each.entity_id)
    named = set(words(section(2)[: section(2).index("Attributes of")]))
    assert {key for _, key in ENTITIES} | {"notices", "answers"} == named

    [device] = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert device.name == "Clip Consent"
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert device.identifiers == {(DOMAIN, entry.entry_id)}
    # the set-up ends on the device's page: one tap leads on, to the panel
    assert device.configuration_url == "homeassistant://clip-consent"
    assert async_panel_exists(hass, "clip-consent")
    assert {each.device_id for each in registered} == {device.id}
    [switch] = [each for each in registered if each.domain == "switch"]
    assert switch.entity_category is EntityCategory.CONFIG
    [portal] = [each for each in registered if each.translation_key == "portal_direct"]
    assert portal.entity_category is EntityCategory.DIAGNOSTIC
    assert portal.original_device_class == "connectivity"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_entities_have_one_name(language: str) -> None:
    """They stand below each other on the device's page."""
    path = TREE / "translations" / f"{language}.json"
    entity = json.loads(path.read_text("utf-8"))["entity"]
    names = [one["name"] for kind in entity.values() for one in kind.values()]
    others = 6  # three where hubs are followed, and three of a hub itself
    assert len(names) == len(ENTITIES) + others
    assert sorted(set(names)) == sorted(names)


async def test_every_event_type_and_attribute_is_translated(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """What the event entity can say is there in words and as an icon."""
    state = hass.states.get(entity_id(hass, entry, "event", "requests"))
    assert state
    types = {kind.value for kind in CaseEventType}
    assert set(state.attributes["event_types"]) == types
    told = await async_get_translations(hass, "en", "entity", {DOMAIN})
    path = f"component.{DOMAIN}.entity.event.requests.state_attributes"
    for kind in types:
        assert told[f"{path}.event_type.state.{kind}"]
    for attribute in example("event_attributes"):
        assert told[f"{path}.{attribute}.name"]
    icons = json.loads((TREE / "icons.json").read_text("utf-8"))["entity"]["event"]
    drawn = icons["requests"]["state_attributes"]["event_type"]["state"]
    assert set(drawn) == types


async def test_states_follow_a_request_to_its_end(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Received, asked, approved, undone, approved, shared; counts with each."""
    told: list[State] = []
    requests = entity_id(hass, entry, "event", "requests")

    def follow(event: Any) -> None:
        if event.data["entity_id"] == requests and event.data["new_state"]:
            told.append(event.data["new_state"])

    hass.bus.async_listen("state_changed", follow)
    assert state_of(hass, entry, "sensor", "waiting") == "0"
    assert state_of(hass, entry, "binary_sensor", "waiting") == "off"
    assert state_of(hass, entry, "sensor", "last_shared") == "unknown"
    assert state_of(hass, entry, "sensor", "shared_this_month") == "0"
    shared = hass.states.get(entity_id(hass, entry, "sensor", "shared_this_month"))
    # its fall to 0 with a new month is no fall of the long-term sum
    assert shared
    assert shared.attributes["state_class"] == "total_increasing"

    answer = await act(hass, "submit_request", **ASKING, label="Anna", recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await hass.async_block_till_done()
    assert state_of(hass, entry, "sensor", "waiting") == "1"
    assert state_of(hass, entry, "binary_sensor", "waiting") == "on"

    panel = Panel(await hass_ws_client(hass))
    await panel.approve(case)
    assert state_of(hass, entry, "sensor", "waiting") == "0"
    await panel.result("undo", case_id=case.case_id)
    await panel.approve(await offered(manager, case.case_id))
    done = await case_in(manager, case.case_id, CaseState.SHARED)
    await hass.async_block_till_done()
    assert state_of(hass, entry, "sensor", "shared_this_month") == "1"
    last = datetime.fromisoformat(state_of(hass, entry, "sensor", "last_shared"))
    delivered = done.delivered[0].delivered_at
    assert delivered
    assert abs(last - delivered) < timedelta(seconds=2)

    kinds = [state.attributes["event_type"] for state in told]
    assert kinds == ["received", "asked", "approved", "undone", "approved", "shared"]
    names = set(example("event_attributes"))
    own = {"event_types", "event_type", "friendly_name", "icon"}
    for state in told:
        assert set(state.attributes) - own == names
    said = {key: told[1].attributes[key] for key in names}
    assert list(unlike(example("event_attributes"), said)) == []
    assert said["label"] == "Anna"
    assert told[0].attributes["camera"] is None  # nothing was chosen yet
    who = {s.attributes["event_type"]: s.context.user_id for s in told}
    assert who["approved"] == who["undone"] == approver.id
    assert who["received"] is who["asked"] is who["shared"] is None


async def test_decline_names_who_declined(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
) -> None:
    """The event has the approver as its context, and never says why it closed."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await act(hass, "decline", approver.id, case_id=case.case_id)
    state = hass.states.get(entity_id(hass, entry, "event", "requests"))
    assert state
    assert state.attributes["event_type"] == "closed"
    assert state.context.user_id == approver.id
    assert "declined" not in str(state.attributes)


async def test_month_is_counted_anew_at_midnight(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In the home's time zone: the last of a month counts until its midnight."""
    now = dt_util.now()
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = (month + timedelta(days=32)).replace(day=1)
    late = (after - timedelta(minutes=30)).astimezone(UTC)
    case = Case(
        case_id="a" * 26,
        request=(await _some_request(hass, manager)).request,
        state=CaseState.SHARED,
    )
    for at in (late - timedelta(days=60), late):
        shared = CaseEvent(type=CaseEventType.SHARED, case=case, user_id=None, at=at)
        manager.shared.follow(shared)
    monkeypatch.setattr(SystemClock, "now", lambda _: late)
    async_fire_time_changed(hass, late)
    await hass.async_block_till_done()
    manager._bench.caseload.tell(CaseEventType.RECEIVED, case)
    assert state_of(hass, entry, "sensor", "shared_this_month") == "1"

    monkeypatch.setattr(SystemClock, "now", lambda _: after.astimezone(UTC))
    assert state_of(hass, entry, "sensor", "shared_this_month") == "1"
    async_fire_time_changed(hass, after + timedelta(seconds=1))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entry, "sensor", "shared_this_month") == "0"
    assert state_of(hass, entry, "sensor", "last_shared") == late.isoformat()
    assert "thread" not in caplog.text.lower()


async def _some_request(hass: HomeAssistant, manager: HomeManager) -> Case:
    await manager.async_set_accepting(False, None)
    answer = await act(hass, "submit_request", **ASKING)
    return await case_in(manager, answer["case_id"], CaseState.CLOSED)


async def test_counts_come_back_after_a_restart(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """What was shared is counted from the ledger, not from states that may be lost."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await Panel(await hass_ws_client(hass)).approve(case)
    await case_in(manager, case.case_id, CaseState.SHARED)
    last = manager.shared.last
    assert last
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, entry, "sensor", "shared_this_month") == "1"
    text = state_of(hass, entry, "sensor", "last_shared")
    assert text == last.replace(microsecond=0).isoformat()
    requests = hass.states.get(entity_id(hass, entry, "event", "requests"))
    assert requests
    assert requests.attributes["event_type"] == "shared"  # restored


# --- the switch


async def test_switch_is_a_setting_of_approvers_and_admins(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
) -> None:
    """Automations may turn it too; who only lives here may not. The ledger says who."""
    switch = entity_id(hass, entry, "switch", "accept_requests")

    async def turn(service: str, user_id: str | None) -> None:
        await hass.services.async_call(
            "switch",
            service,
            {"entity_id": switch},
            blocking=True,
            context=Context(user_id=user_id),
        )

    guest, admin = await plain_user(hass), await other_admin(hass)
    with pytest.raises(ServiceValidationError) as raised:
        await turn("turn_off", guest.id)
    assert raised.value.translation_key == "not_approver"
    with pytest.raises(Unauthorized):  # Home Assistant itself lets them turn nothing
        await turn("turn_off", (await reading_user(hass)).id)
    assert manager.accepting
    for user_id in (None, admin.id, approver.id):
        await turn("turn_off", user_id)
        assert state_of(hass, entry, "switch", "accept_requests") == "off"
        await turn("turn_on", user_id)
        assert state_of(hass, entry, "switch", "accept_requests") == "on"
    lines = [
        each["data"]
        for each in (await act(hass, "export_ledger"))["entries"]
        if each["kind"] == "accepting"
    ]
    assert [(line["accepting"], line["user_id"]) for line in lines] == [
        (accepting, user_id)
        for user_id in (None, admin.id, approver.id)
        for accepting in (False, True)
    ]
