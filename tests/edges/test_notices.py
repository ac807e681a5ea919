"""Notices of a hub in a real Home Assistant: their event, the panel's line, phones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.notices import PUSHES_PER_DAY
from custom_components.clip_consent.core.settings import Portal
from custom_components.clip_consent.home.alarm import RepairAlarm
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.notice_push import NoticePushes
from custom_components.clip_consent.home.people import HomePeople
from tests.guarantees.test_g1_comments import NOTICE, sealed_comment
from tests.interfaces import example
from tests.phones import FakePhone, relay
from tests.portal.said import RECIPIENT
from tests.portal.standin import StandInHub
from tests.portal.test_home_notices import a_notice
from tests.push_words import english_pushes

from .acting import Panel, login, plain_user, until
from .prompting import PromptWorld, prompting
from .test_hub_followed import follow, hub

__all__ = ["hub", "prompting", "relay"]  # fixtures, used by name

HOSTILE = "<b>{{ states('sun.sun') }}</b> http://evil.example"


def fresh(**changes: Any) -> Any:
    """Return a notice of now."""
    now = datetime.now(UTC)
    times = {"published_at": now, "expires_at": now + timedelta(days=1)}
    return a_notice(**{**times, **changes})


def event_of(hass: HomeAssistant, entry: MockConfigEntry) -> str | None:
    """Return the id of the hub's event entity."""
    for each in er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id):
        if each.translation_key == "notices":
            return each.entity_id
    return None


async def told(panel: Panel) -> dict[str, Any]:
    """Return the next event of any subscription."""
    if panel.events:
        return panel.events.pop(0)
    message: dict[str, Any] = await panel._client.receive_json()
    return dict(message["event"])


async def test_its_event_tells_of_each_notice_without_a_word_of_it(
    hass: HomeAssistant, entry: MockConfigEntry, hub: StandInHub
) -> None:
    """One entity for each hub, which goes with the hub."""
    follower = await follow(hass, entry, hub)
    entity_id = event_of(hass, entry)
    assert entity_id == "event.clip_consent_notices_of_our_street"
    assert hass.states.get(entity_id).state == "unknown"  # type: ignore[union-attr]
    notice = fresh(title=HOSTILE, text=HOSTILE)
    hub.publish(notice)
    await follower.async_poll()
    await follower.async_settled()
    await hass.async_block_till_done()
    state = hass.states.get(entity_id)
    assert state
    said = {key: state.attributes[key] for key in example("notice_attributes")}
    assert said == {**example("notice_attributes"), "notice_id": notice.id}
    assert state.attributes["event_type"] == "posted"
    assert "evil" not in repr(state.as_dict())
    hass.config_entries.async_remove_subentry(entry, follower.portal.portal_id)
    await until(lambda: event_of(hass, entry) is None)


async def test_the_panel_follows_them_and_what_is_sent_in(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """As the page has it; who is no approver is told of nothing."""
    follower = await follow(hass, entry, hub)
    panel = Panel(await hass_ws_client(hass))
    theirs = Panel(
        await hass_ws_client(hass, await login(hass, await plain_user(hass)))
    )
    await panel.result("subscribe")
    assert (await panel.event("snapshot"))["notices"] == 0
    await theirs.result("subscribe")
    assert (await theirs.event("snapshot"))["notices"] is None
    notice = fresh()
    hub.publish(notice)
    await follower.async_poll()
    await follower.async_settled()
    assert await panel.event("notices") == example("subscribe_notices")
    portal_id = follower.portal.portal_id
    sending = {"portal_id": portal_id, "title": "Lost cat", "text": "Grey."}
    sent = await panel.result("send_notice", **sending)
    second = Panel(await hass_ws_client(hass))
    await second.result("notices")
    shown = await told(second)
    page = example("notices")
    for key in ("notices", "written", "hubs"):
        [mine], its = shown[key], page[key]
        assert all(mine.keys() == one.keys() for one in its)
    assert shown.keys() == page.keys()
    assert shown["hubs"][0]["cell"] == "u33db"
    assert shown["written"][0]["cells"] == ["u33db"]
    assert shown["written"][0]["state"] == "waiting"
    await second.result("take_back_notice", written_id=sent["written_id"])
    assert (await told(second))["written"] == []
    await second.result("dismiss_notice", portal_id=portal_id, notice_id=notice.id)
    assert (await told(second))["notices"] == []
    await theirs.result("notices")
    nothing = await told(theirs)
    assert not nothing["approver"]
    assert nothing["notices"] == nothing["written"] == nothing["hubs"] == []
    hub.notices = 404, "{}"
    await panel.result("send_notice", **sending)
    manager: HomeManager = entry.runtime_data
    await until(lambda: manager.notices.outbox.written[0][1].problem)
    while not (shown := await told(second))["written"][0]["problem"]:
        pass
    assert "does not take" in shown["written"][0]["problem_text"]
    # the line goes on when the home is set up anew
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    while (await told(second))["hubs"] == []:
        pass


async def test_a_comment_on_ones_own_notice_is_told_in_the_panel_alone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """As its author wrote it, to approvers; in no state, event or attribute."""
    follower = await follow(hass, entry, hub)
    await follower.async_poll()
    await follower.async_settled()
    panel = Panel(await hass_ws_client(hass))
    portal_id = follower.portal.portal_id
    sending = {"portal_id": portal_id, "title": "Lost cat", "text": "Grey."}
    await panel.result("send_notice", **sending, comments=False)
    sent = await panel.result("send_notice", **sending)
    manager: HomeManager = entry.runtime_data
    asked = manager.neighbours.asked
    await until(lambda: asked.notices)
    [own] = asked.notices
    assert own.request_id == sent["written_id"]
    same = {"title": sending["title"], "text": sending["text"]}
    hub.publish(fresh(id=NOTICE, recipient=own.recipient, **same))
    hub.delivered["c" * 26] = sealed_comment(own.recipient, HOSTILE, HOSTILE)
    events: list[Any] = []
    hass.bus.async_listen("*", lambda event: events.append(event.as_dict()))
    await follower.async_poll()
    await follower.async_settled()
    await asked.fetching.async_idle()
    await hass.async_block_till_done()
    second = Panel(await hass_ws_client(hass))
    await second.result("notices")
    shown = await told(second)
    with_them, without = shown["written"]
    assert (with_them["at_hub"], with_them["takes_comments"]) == ("open", True)
    [comment] = with_them["comments"]
    assert comment.keys() == example("notices")["written"][1]["comments"][0].keys()
    assert (comment["text"], comment["identity"]) == (HOSTILE, HOSTILE)
    assert (without["at_hub"], without["comments"]) == (None, [])
    [notice] = shown["notices"]
    assert not notice["comments"]  # it is this home's own
    for state in hass.states.async_all():
        assert "evil" not in repr(state.as_dict())
    assert "evil" not in repr(events)
    theirs = Panel(
        await hass_ws_client(hass, await login(hass, await plain_user(hass)))
    )
    await theirs.result("notices")
    assert (await told(theirs))["written"] == []


async def test_a_comment_waits_for_approve_in_the_panel(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: StandInHub,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """It is a case like all others; a long-lived token sends nothing in."""
    follower = await follow(hass, entry, hub)
    notice = fresh(recipient=RECIPIENT)
    hub.publish(notice)
    await follower.async_poll()
    await follower.async_settled()
    panel = Panel(await hass_ws_client(hass))
    portal_id = follower.portal.portal_id
    answer = await panel.result(
        "comment", portal_id=portal_id, notice_id=notice.id, text="Salt is here."
    )
    assert answer["case"]["request"]["portal"] == "notice"
    assert answer["case"]["request"]["way"] == "tus"
    manager: HomeManager = entry.runtime_data

    def offered() -> Any:
        [case] = manager.reading.open_cases()
        return case.offer

    await until(offered)
    [case] = manager.reading.open_cases()
    assert case.draft
    assert case.draft.choice.text == "Salt is here."
    user = await hass.auth.async_get_user(
        next(each.data["user_id"] for each in entry.get_subentries_of_type("approver"))
    )
    assert user
    lasting = await hass.auth.async_create_refresh_token(
        user, client_name="script", token_type="long_lived_access_token"
    )
    script = Panel(
        await hass_ws_client(hass, hass.auth.async_create_access_token(lasting))
    )
    sending = {"portal_id": portal_id, "title": "Ice", "text": "On the steps."}
    assert await script.error("send_notice", **sending) == "session_not_own"


# --- phones


def pushes_of(world: PromptWorld) -> NoticePushes:
    """Return what pushes notices to the phones of a world's approvers."""
    people = HomePeople(world.hass, world.approvers)
    return NoticePushes(
        world.hass,
        world.approvers,
        people,
        world.store,
        world.clock,
        RepairAlarm(world.hass),
        english_pushes(),
    )


PORTAL = Portal(
    portal_id="01K9ZQ6S9U3W5X7Y9Z1A3B5C7D", title="Our street", url="", hub="h"
)


async def wanting(world: PromptWorld, name: str, *, hide: bool = False) -> FakePhone:
    """Return the phone of an approver who wants notices on it."""
    user = await world.user(name)
    phone = await world.phone(user, f"{name}'s phone", ios=False)
    world.approve_by(user, phone, hide=hide)
    world.approvers[user.id] = replace(
        world.approvers[user.id], notices=frozenset({phone.entry_id})
    )
    return phone


async def test_phones_show_notices_only_where_that_is_wanted(
    prompting: PromptWorld,
) -> None:
    """Without a sound and without a word of the notice; then they are cleared."""
    anna = await wanting(prompting, "Anna")
    hidden = await wanting(prompting, "Hugo", hide=True)
    ben = await prompting.user("Ben")
    other = await prompting.phone(ben, "Ben's phone", ios=False)
    prompting.approve_by(ben, other)
    pushes = pushes_of(prompting)
    stop = pushes.listen()
    pushes.tell(PORTAL, 1)
    await prompting.rest()
    assert anna.pushes == [example("push_data_notice")]
    assert hidden.message() == "There is a new notice."
    assert other.pushes == []
    pushes.tell(PORTAL, 2)
    await prompting.rest()
    assert anna.message() == "Our street has 2 new notices."
    pushes.clear(PORTAL.portal_id)
    await prompting.rest()
    assert anna.message() == "clear_notification"
    assert anna.pushes[-1]["data"]["tag"] == anna.pushes[0]["data"]["tag"]
    stop()


async def test_a_flood_of_notices_is_a_few_pushes_a_day(
    prompting: PromptWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted before they are sent, and counted on after a restart."""
    anna = await wanting(prompting, "Anna")
    stops = []
    for _ in range(PUSHES_PER_DAY + 2):
        pushes = pushes_of(prompting)
        stops.append(pushes.listen())
        pushes.tell(PORTAL, 1)
        await prompting.rest()
    assert len(anna.pushes) == PUSHES_PER_DAY
    prompting.clock.go_on(timedelta(days=1))

    async def refuse(*_: object) -> None:
        raise StoreError("store_failed")

    with monkeypatch.context() as patch:
        patch.setattr(prompting.store, "async_set", refuse)
        pushes.tell(PORTAL, 1)
        await prompting.rest()
    assert len(anna.pushes) == PUSHES_PER_DAY
    pushes.tell(PORTAL, 1)
    await prompting.rest()
    assert len(anna.pushes) == PUSHES_PER_DAY + 1
    pushes.tell(PORTAL, 1)  # what is on its way when the home stops is dropped
    for stop in stops:
        stop()
    await prompting.rest()
