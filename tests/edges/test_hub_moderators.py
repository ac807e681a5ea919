"""What moderators' phones say and answer: real registrations, webhooks and pushes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.hub_models import RefusalReason
from custom_components.clip_consent.core.limits import PUSH_INTERVAL
from custom_components.clip_consent.entity import loaded_hub, loaded_manager
from custom_components.clip_consent.home.world import SystemClock
from custom_components.clip_consent.hub.manager import HubManager
from tests.phones import FakePhone, PushRelay, register, relay, set_up_phones

from .hubs import asking, hub_entry, submit

__all__ = ["relay"]  # a fixture, used by name
PUBLISH, REVIEW, REFUSE = "Publish", "Review", "Refuse"


@pytest.fixture
async def clients(
    hass: HomeAssistant,
    tmp_path: Path,
    relay: PushRelay,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
) -> tuple[Any, Any]:
    """Return what phones register and answer with."""
    hass.config.config_dir = str(tmp_path / "config")
    (tmp_path / "config").mkdir(exist_ok=True)
    hass.config.time_zone = "UTC"
    await set_up_phones(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    return await hass_client(), await hass_client_no_auth()


@pytest.fixture
async def iphone(
    hass: HomeAssistant, relay: PushRelay, clients: tuple[Any, Any]
) -> FakePhone:
    """Return the moderator's phone: what it answers is encrypted."""
    return await register(*clients, relay, hass, name="Sams iPhone", ios=True)


async def _start(
    hass: HomeAssistant, *moderators: str, phones: list[str]
) -> MockConfigEntry:
    entry = hub_entry(*moderators, phones=phones)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


@pytest.fixture
async def hub_home(
    hass: HomeAssistant, iphone: FakePhone, hass_admin_user: MockUser
) -> AsyncIterator[MockConfigEntry]:
    """Return a hub whose moderator has one phone."""
    entry = await _start(hass, hass_admin_user.id, phones=[iphone.entry_id])
    yield entry
    if hass.config_entries.async_get_entry(entry.entry_id):
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def hub(hub_home: MockConfigEntry) -> HubManager:
    """Return the hub's manager."""
    manager: HubManager = hub_home.runtime_data
    return manager


async def _settle(hass: HomeAssistant) -> None:
    await hass.async_block_till_done(wait_background_tasks=True)


# --- what they say


async def test_a_push_shows_all_that_is_to_be_decided(
    hass: HomeAssistant, hub: HubManager, iphone: FakePhone
) -> None:
    """Who asks, when, where, and the words: as words."""
    request_id = await submit(hub, text="<b>Look</b> & {{ states('x') }}\nat this")
    await _settle(hass)
    (push,) = iphone.pushes
    assert push["title"] == "Request to be moderated"
    first, second, third = push["message"].split("\n")
    assert first.startswith("PC Meier, Police station 12, ")
    assert first.endswith(
        " · 52.52000, 13.40000 ± 200 m · 0.13 km² · 2026-1187"
        " · station12@police.example"
    )
    assert second == "“Car scratched”"
    assert third == "‹b›Look‹/b› ＆ {{ states('x') }} at this"
    assert "<" not in push["message"]
    assert iphone.titles() == [PUBLISH, REVIEW, REFUSE]
    assert push["data"]["tag"] == f"clip_consent_hub_{request_id}"
    assert push["data"]["url"] == f"/clip-consent-hub?item={request_id}"
    unlock = [one.get("authenticationRequired") for one in push["data"]["actions"]]
    assert unlock == [True, None, True]


async def test_a_neighbour_asks_over_midnight(
    hass: HomeAssistant, hub: HubManager, iphone: FakePhone
) -> None:
    """Both days are said, and that the hub does not know who it is."""
    start = (datetime.now(UTC) - timedelta(days=2)).replace(hour=23, minute=0)
    end = start + timedelta(hours=2)
    body = asking(
        start=f"{start:%Y-%m-%dT%H:%M:00Z}",
        end=f"{end:%Y-%m-%dT%H:%M:00Z}",
        contact="",
        case_number="",
        inbox="0" * 64,
    )
    await hub.async_submit(body, None, "192.0.2.7")
    await _settle(hass)
    first = iphone.message().split("\n")[0]
    assert first == (
        f"A neighbour · {start.day} {start:%B}, 23:00–{end.day} {end:%B}, 01:00"
        " · 52.52000, 13.40000 ± 200 m · 0.13 km²"
    )


async def test_a_notice_is_published_in_the_app(
    hass: HomeAssistant, hub: HubManager, iphone: FakePhone
) -> None:
    """Where it goes is not in the push."""
    said = {
        "version": 1,
        "title": "Gas",
        "text": "Do you smell it?",
        "cells": ["u33db"],
        "recipient": None,
        "inbox": None,
    }
    await hub.async_take_notice(json.dumps(said).encode(), "192.0.2.7")
    await _settle(hass)
    assert iphone.pushes[-1]["title"] == "Notice to be moderated"
    assert iphone.message() == "A neighbour\n“Gas”\nDo you smell it?"
    assert iphone.titles() == [REVIEW]


async def test_what_a_push_cannot_show_it_cannot_publish(
    hass: HomeAssistant, hub: HubManager, iphone: FakePhone
) -> None:
    """A long text has to be read in the app."""
    await submit(hub, text="word " * 100)
    await _settle(hass)
    assert iphone.titles() == [REVIEW]
    assert iphone.message().endswith("…")


async def test_a_drawn_area_is_published_in_the_app(
    hass: HomeAssistant, hub: HubManager, iphone: FakePhone
) -> None:
    """No words say where it lies, and it would be public for good."""
    points = [[52.52, 13.4], [52.52, 13.406], [52.524, 13.403]]
    await submit(hub, area={"kind": "polygon", "points": points})
    await _settle(hass)
    assert iphone.message().endswith("“Car scratched”\nA blue van, in the evening.")
    assert iphone.titles() == [REVIEW]


async def test_who_asks_takes_room_from_the_words(
    hass: HomeAssistant, hub: HubManager, iphone: FakePhone
) -> None:
    """A contact as long as can be hides the end of a text that would fit alone."""
    await submit(hub, contact=f"{'x' * 240}@a.example", text="word " * 60 + "the end")
    await _settle(hass)
    assert "the end" not in iphone.message()
    assert len(iphone.message()) == 401
    assert iphone.titles() == [REVIEW]


async def test_a_phone_that_could_be_forged_has_no_buttons(
    hass: HomeAssistant,
    clients: tuple[Any, Any],
    relay: PushRelay,
    iphone: FakePhone,
    hass_admin_user: MockUser,
) -> None:
    """Nor has any other of the same user: each can answer for each."""
    pixel = await register(*clients, relay, hass, name="Sams Pixel", ios=False)
    entry = await _start(
        hass, hass_admin_user.id, phones=[iphone.entry_id, pixel.entry_id]
    )
    await submit(entry.runtime_data)
    await _settle(hass)
    assert (iphone.titles(), pixel.titles()) == ([REVIEW], [REVIEW])
    await hass.config_entries.async_unload(entry.entry_id)


async def _ask(hass: HomeAssistant, hub: HubManager, address: str) -> str:
    """Have a neighbour ask: as many as there are may."""
    body = asking(contact="", case_number="", inbox="0" * 64)
    request_id = await hub.async_submit(body, None, address)
    await _settle(hass)
    return request_id


async def _ten_minutes_on(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch, times: int = 1
) -> None:
    now = datetime.now(UTC) + times * PUSH_INTERVAL
    monkeypatch.setattr(SystemClock, "now", lambda _: now)
    async_fire_time_changed(hass, now)
    await _settle(hass)


async def test_a_flood_makes_one_silent_push(
    hass: HomeAssistant,
    hub: HubManager,
    iphone: FakePhone,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first is told; the rest is counted, and no more than once in ten minutes."""
    for number in range(8):
        await _ask(hass, hub, f"192.0.2.{number}")
    first, more = iphone.pushes
    assert first["data"]["push"]["interruption-level"] == "active"
    assert more["data"]["tag"] == "clip_consent_hub_digest"
    assert more["message"] == "Waiting for a decision: 2."
    assert more["data"]["push"] == {"interruption-level": "passive", "sound": "none"}
    assert iphone.titles() == [REVIEW]
    await _ten_minutes_on(hass, monkeypatch)
    assert len(iphone.pushes) == 3
    assert iphone.message() == "Waiting for a decision: 8."
    await _ten_minutes_on(hass, monkeypatch, times=2)
    assert len(iphone.pushes) == 3  # nothing came since


async def test_what_is_decided_goes_from_the_phones(
    hass: HomeAssistant, hub: HubManager, iphone: FakePhone
) -> None:
    """Whoever decided it, wherever."""
    request_id = await submit(hub)
    await _settle(hass)
    await hub.async_publish(request_id, "somebody")
    await _settle(hass)
    cleared = [p["data"]["tag"] for p in iphone.pushes if not p.get("title")]
    assert cleared == [f"clip_consent_hub_{request_id}", "clip_consent_hub_digest"]
    assert iphone.message() == "clear_notification"


async def test_a_start_tells_nothing_twice(
    hass: HomeAssistant, hub_home: MockConfigEntry, hub: HubManager, iphone: FakePhone
) -> None:
    """And the buttons that a phone shows still work."""
    await submit(hub)
    await _settle(hass)
    publish = iphone.key(PUBLISH)
    assert await hass.config_entries.async_reload(hub_home.entry_id)
    await _settle(hass)
    assert len(iphone.pushes) == 1
    again = loaded_hub(hass)
    assert again
    await iphone.tap(publish)
    await _settle(hass)
    assert (again.waiting, again.open_requests) == (0, 1)


# --- what they answer


async def test_a_tap_publishes_once(
    hass: HomeAssistant, hub: HubManager, iphone: FakePhone
) -> None:
    """The key is good for this one thing, and gone then."""
    await submit(hub)
    await _settle(hass)
    publish, refuse = iphone.key(PUBLISH), iphone.key(REFUSE)
    await iphone.tap(publish)
    await _settle(hass)
    assert (hub.waiting, hub.open_requests) == (0, 1)
    await iphone.tap(publish)
    await iphone.tap(refuse)
    await _settle(hass)
    counts = (await hub.async_info())["counts"]
    assert counts == {"published": 1, "refused": {}}


async def test_a_tap_that_came_to_nothing_is_told(
    hass: HomeAssistant, hub_home: MockConfigEntry, hub: HubManager, iphone: FakePhone
) -> None:
    """Its requester is gone, say: the buttons are spent, so the panel is opened."""
    request_id = await submit(hub)
    await _settle(hass)
    for subentry_id in tuple(hub_home.subentries):
        hass.config_entries.async_remove_subentry(hub_home, subentry_id)
    await _settle(hass)
    again = loaded_hub(hass)
    assert again
    await iphone.tap(iphone.key(PUBLISH))
    await _settle(hass)
    assert (again.waiting, again.open_requests) == (1, 0)
    assert len(iphone.pushes) == 2
    assert iphone.message().startswith("An answer from a phone changed nothing.")
    assert iphone.titles() == [REVIEW]
    assert iphone.pushes[-1]["data"]["tag"] == f"clip_consent_hub_{request_id}"
    assert iphone.pushes[-1]["data"]["url"] == f"/clip-consent-hub?item={request_id}"
    await again.async_refuse(request_id, RefusalReason.TOO_BROAD, "somebody")
    await _settle(hass)
    assert "clear_notification" in [one["message"] for one in iphone.pushes[2:]]


async def test_a_tap_refuses(
    hass: HomeAssistant, hub: HubManager, iphone: FakePhone
) -> None:
    """It is counted as what it is: a push has no room for a reason."""
    await submit(hub)
    await _settle(hass)
    await iphone.tap(iphone.key(REFUSE))
    await _settle(hass)
    assert (await hub.async_info())["counts"] == {
        "published": 0,
        "refused": {"no_reason_told": 1},
    }


async def test_a_forged_event_publishes_nothing(
    hass: HomeAssistant,
    hub: HubManager,
    iphone: FakePhone,
    hass_admin_user: MockUser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not from here, not by an automation, not by another user, not by a guess."""
    await submit(hub)
    await _settle(hass)
    key = iphone.key(PUBLISH)
    event = "mobile_app_notification_action"
    other = MockUser(name="Other").add_to_hass(hass)
    mine = Context(user_id=hass_admin_user.id)
    from homeassistant.core import EventOrigin

    for origin, context, action in (
        (EventOrigin.local, mine, key),
        (EventOrigin.remote, Context(user_id=other.id), key),
        (EventOrigin.remote, Context(user_id=None), key),
        (EventOrigin.remote, Context(user_id=mine.user_id, parent_id="p"), key),
        (EventOrigin.remote, mine, "CLIPHUB_" + "a" * 26),
    ):
        hass.bus.async_fire(event, {"action": action}, origin=origin, context=context)
        await _settle(hass)
    hass.bus.async_fire(event, {"action": 7}, origin=EventOrigin.remote, context=mine)
    await _settle(hass)
    assert hub.waiting == 1
    assert caplog.text.count("did not count") == 5
    # Home Assistant itself writes every event down where it is told to debug.
    ours = [one for one in caplog.records if DOMAIN in one.name]
    assert not [one for one in ours if key in one.getMessage()]


async def test_who_is_no_moderator_any_more_publishes_nothing(
    hass: HomeAssistant, hub_home: MockConfigEntry, hub: HubManager, iphone: FakePhone
) -> None:
    """Their phone may show the buttons still."""
    lee = MockUser(id="lee", name="Lee").add_to_hass(hass)
    await submit(hub)
    await _settle(hass)
    key = iphone.key(PUBLISH)
    hass.config_entries.async_update_entry(
        hub_home, options={**hub_home.options, "moderators": [lee.id]}
    )
    await _settle(hass)
    await iphone.tap(key)
    await _settle(hass)
    again = loaded_hub(hass)
    assert again
    assert again.waiting == 1


async def test_a_phone_that_became_forgeable_publishes_nothing(
    hass: HomeAssistant,
    clients: tuple[Any, Any],
    relay: PushRelay,
    hub: HubManager,
    iphone: FakePhone,
) -> None:
    """The buttons were shown before the user registered another phone."""
    await submit(hub)
    await _settle(hass)
    await register(*clients, relay, hass, name="Old Pixel", ios=False)
    await iphone.tap(iphone.key(PUBLISH))
    await _settle(hass)
    assert hub.waiting == 1


async def test_answers_to_a_hub_are_none_to_the_home(
    hass: HomeAssistant,
    hub: HubManager,
    iphone: FakePhone,
    hass_admin_user: MockUser,
) -> None:
    """The ledger of a home beside it has no line of what is tapped here."""
    from custom_components.clip_consent.core.rules import READY_MADE

    home = MockConfigEntry(
        domain=DOMAIN,
        unique_id="home",
        subentries_data=[
            {
                "subentry_type": "rule",
                "title": one.title,
                "data": one.data,
                "unique_id": None,
            }
            for one in READY_MADE
        ],
    )
    home.add_to_hass(hass)
    assert await hass.config_entries.async_setup(home.entry_id)
    manager = loaded_manager(hass)
    assert manager
    await submit(hub)
    await _settle(hass)
    before = await manager.reading.async_export_ledger(None)
    await iphone.tap(iphone.key(REFUSE))
    await _settle(hass)
    assert hub.waiting == 0
    assert await manager.reading.async_export_ledger(None) == before
    await hass.config_entries.async_unload(home.entry_id)


async def test_a_phone_under_anothers_name_gets_nothing(
    hass: HomeAssistant,
    hub: HubManager,
    iphone: FakePhone,
    clients: tuple[Any, Any],
    relay: PushRelay,
) -> None:
    """It is said as a trouble of the hub's, and goes with the hub."""
    await register(*clients, relay, hass, name="Sams iPhone", ios=True)
    await submit(hub)
    await _settle(hass)
    found = [
        issue.issue_id
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "push_misaddressed"
    ]
    assert found in ([], [f"hub:push_misaddressed_{iphone.entry_id}"])
