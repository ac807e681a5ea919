"""A hub starts, shows what it is, stops, and goes; with a home beside it or alone."""

import json
from pathlib import Path
import sqlite3
import threading
from typing import Any

from homeassistant.components.frontend import async_panel_exists
from homeassistant.config_entries import (
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigSubentryData,
)
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent import setup_hub
from custom_components.clip_consent.base.public_view import RefusedError
from custom_components.clip_consent.const import DOMAIN, HUB_PANEL_PATH
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.hub_settings import HubLimits
from custom_components.clip_consent.entity import (
    backup_hold,
    loaded_hub,
    loaded_manager,
)
from custom_components.clip_consent.hub.configuration import read_hub_settings
from custom_components.clip_consent.hub.manager import HubManager
from tests.hub.world import page_of
from tests.interfaces import example

from .acting import login, other_admin, plain_user
from .hubs import REQUESTER, TOKEN, hub_entry, submit

LIMITS = ("per_week", "per_case_number", "open_days", "drops_gib")


def _issues(hass: HomeAssistant) -> set[str]:
    return {
        str(issue.translation_key)
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN
    }


# --- what it shows


async def test_entities_follow_the_hub(
    hass: HomeAssistant, hub_home: MockConfigEntry, hub: HubManager
) -> None:
    """Three numbers on a device with the hub's name."""
    registry = er.async_get(hass)
    entities = er.async_entries_for_config_entry(registry, hub_home.entry_id)
    ids = {each.translation_key: each.entity_id for each in entities}
    assert set(ids) == {"to_moderate", "open_requests", "drop_use"}

    def numbers() -> dict[str, str]:
        states = {key: hass.states.get(one) for key, one in ids.items()}
        return {str(key): state.state for key, state in states.items() if state}

    nothing = {"to_moderate": "0", "open_requests": "0", "drop_use": "0.0"}
    assert numbers() == nothing
    request_id = await submit(hub)
    await hass.async_block_till_done()
    assert numbers() == {**nothing, "to_moderate": "1"}
    await hub.async_publish(request_id, "sam")
    await hass.async_block_till_done()
    assert numbers() == {**nothing, "open_requests": "1"}
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), hub_home.entry_id)
    assert device.name == "Lindenstraße"
    assert device.configuration_url == "homeassistant://clip-consent-hub"


async def test_settings_are_read_to_the_last_field(
    hub_home: MockConfigEntry, hub: HubManager, approver: MockUser
) -> None:
    """The circle becomes cells, days and GiB become what the hub counts in."""
    settings = hub.settings
    assert settings.cells == ("u33db", "u33dc")
    assert settings.moderators == {approver.id: approver.name}
    assert settings.requester(TOKEN)
    assert settings.requester("x" + TOKEN[1:]) is None
    assert (settings.limits.per_week, settings.limits.open.days) == (3, 7)
    changed = hub_entry(per_week=9, per_case_number=4, open_days=2, drops_gib=5)
    limits = read_hub_settings(changed, {}).limits
    assert (limits.per_week, limits.per_case_number, limits.open.days) == (9, 4, 2)
    assert limits.drops_max_bytes == 5 * 1024**3


def test_what_the_page_shows_is_what_is_read() -> None:
    """docs/interfaces.md, section 10: options and requesters, to the last field."""
    shown = example("hub_options")
    assert set(hub_entry().options) | set(LIMITS) == set(shown)
    assert example("hub_requester").keys() == REQUESTER.keys()
    entry = MockConfigEntry(
        domain=DOMAIN,
        options=shown,
        subentries_data=[
            ConfigSubentryData(
                subentry_type="requester",
                title="PC Meier",
                unique_id=None,
                data=example("hub_requester"),
            )
        ],
    )
    settings = read_hub_settings(entry, {})
    assert settings.limits == HubLimits()
    assert settings.rules == shown["rules"]
    (requester,) = settings.requesters.values()
    assert requester.verified_how == "Met in person, badge seen"


async def test_diagnostics_hold_no_words_and_no_place(
    hass: HomeAssistant,
    hub_home: MockConfigEntry,
    hub: HubManager,
    hass_client: ClientSessionGenerator,
) -> None:
    """Counts alone; also while it is off."""
    assert await async_setup_component(hass, "diagnostics", {})
    await submit(hub)
    said = await get_diagnostics_for_config_entry(hass, hass_client, hub_home)
    assert said["to_moderate"] == 1
    assert said["subentries"] == {"requester": 1}
    text = json.dumps(said)
    for word in (
        *("Meier", "Lindenstra", "52.5", "13.4", "u33d", "scratched", "association"),
        *(REQUESTER["token_sha256"], hub.hub),
    ):
        assert word not in text
    await hass.config_entries.async_unload(hub_home.entry_id)
    said = await get_diagnostics_for_config_entry(hass, hass_client, hub_home)
    assert "to_moderate" not in said
    assert said["moderators"] == 1


async def test_system_health_counts_what_waits(
    hass: HomeAssistant, hub: HubManager
) -> None:
    """One number more where there is a hub."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    await submit(hub)
    info = await get_system_health_info(hass, DOMAIN)
    assert info["to_moderate"] == 1
    assert info["waiting"] is None


# --- troubles


async def test_troubles_are_shown_as_long_as_they_last(
    hass: HomeAssistant, hub_home: MockConfigEntry, approver: MockUser
) -> None:
    """An address that is missing, and moderators who are gone."""
    assert _issues(hass) == {"hub_no_external_url"}
    await hass.config.async_update(external_url="https://hub.example")
    await hass.async_block_till_done()
    assert _issues(hass) == set()
    await hass.auth.async_update_user(approver, is_active=False)
    await hass.async_block_till_done()
    assert _issues(hass) == {"hub_no_moderator"}
    await hass.auth.async_update_user(approver, is_active=True)
    await hass.async_block_till_done()
    assert _issues(hass) == set()


async def test_a_drop_box_that_is_nearly_full_is_told_of(
    hass: HomeAssistant,
    hub: HubManager,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before homes are refused."""
    most = hub.settings.limits.drops_max_bytes
    monkeypatch.setattr(HubManager, "drop_use", property(lambda _: most * 0.95))
    request_id = await submit(hub)
    assert "hub_drops_full" in _issues(hass)
    monkeypatch.setattr(HubManager, "drop_use", property(lambda _: most * 0.5))
    await hub.async_publish(request_id, "sam")
    assert "hub_drops_full" not in _issues(hass)
    monkeypatch.setattr(HubManager, "disk_is_short", property(lambda _: True))
    request_id = await submit(hub)
    assert "hub_disk_short" in _issues(hass)
    monkeypatch.setattr(HubManager, "disk_is_short", property(lambda _: False))
    await hub.async_publish(request_id, "sam")
    assert "hub_disk_short" not in _issues(hass)


async def test_a_full_disk_is_told_and_taken_back(
    hass: HomeAssistant, hub: HubManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the database refuses an issue shows; it goes by itself."""

    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("custom_components.clip_consent.hub.log.append_said", full)
        with pytest.raises(StoreError, match="disk_full"):
            await hub.async_rotate_key()
        assert "hub_store_failed" in _issues(hass)
    await submit(hub)
    assert "hub_store_failed" not in _issues(hass)


# --- life


async def test_a_hub_that_fails_behind_its_start_is_stopped(
    hass: HomeAssistant, hub_home: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it goes on: its threads would write beside those of the next start."""
    await hass.config_entries.async_unload(hub_home.entry_id)
    started: list[HubManager] = []

    async def fail(_: HomeAssistant, __: Any, ___: str) -> None:
        started.append(hub_home.runtime_data)
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(setup_hub, "async_show_hub_panel", fail)
        assert not await hass.config_entries.async_setup(hub_home.entry_id)
    with pytest.raises(StoreError, match="store_closed"):
        await started[0].async_waiting()
    with pytest.raises(RefusedError):
        setup_hub.find_drops(hass)
    assert await hass.config_entries.async_reload(hub_home.entry_id)


async def test_no_thread_is_left_when_home_assistant_stops(
    hass: HomeAssistant, hub: HubManager
) -> None:
    """It unloads nothing then, and waits ten seconds for threads that are left."""

    def ours() -> list[str]:
        names = (thread.name for thread in threading.enumerate())
        return [name for name in names if name.startswith("clip_consent")]

    await submit(hub)
    await hub.async_waiting()
    assert ours()
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert ours() == []
    assert {state.state for state in hass.states.async_all()} >= {"1"}


async def test_what_waits_goes_on_after_a_change_of_settings(
    hass: HomeAssistant, hub_home: MockConfigEntry, hub: HubManager
) -> None:
    """Its name, too: the first key stays, and the panel has the new title."""
    request_id, name = await submit(hub), hub.hub
    hass.config_entries.async_update_entry(
        hub_home, title="Ulmenweg", options={**hub_home.options, "name": "Ulmenweg"}
    )
    await hass.async_block_till_done()
    again = loaded_hub(hass)
    assert again is not None
    assert again is not hub
    assert (again.hub, again.settings.name) == (name, "Ulmenweg")
    assert [one.id for one in await again.async_waiting()] == [request_id]
    panels = hass.data["frontend_panels"]
    assert panels[HUB_PANEL_PATH].sidebar_title == "Ulmenweg"


async def test_a_removed_requester_is_known_no_more(
    hass: HomeAssistant, hub_home: MockConfigEntry
) -> None:
    """From that moment their link opens nothing."""
    (requester,) = hub_home.subentries.values()
    hass.config_entries.async_remove_subentry(hub_home, requester.subentry_id)
    await hass.async_block_till_done()
    hub = loaded_hub(hass)
    assert hub
    assert hub.requester(TOKEN) is None


async def test_a_hub_of_another_version_says_so(
    hass: HomeAssistant, hub_home: MockConfigEntry, place: Path
) -> None:
    """It is not started again and again."""
    await hass.config_entries.async_unload(hub_home.entry_id)
    connection = sqlite3.connect(place / DOMAIN / "hub.db")
    connection.execute("PRAGMA user_version = 999")
    connection.commit()
    connection.close()
    assert not await hass.config_entries.async_setup(hub_home.entry_id)
    assert hub_home.state is ConfigEntryState.SETUP_ERROR
    assert loaded_hub(hass) is None
    assert "store_too_new" in _issues(hass)


async def test_a_removed_hub_leaves_nothing(
    hass: HomeAssistant, hub_home: MockConfigEntry, hub: HubManager, place: Path
) -> None:
    """Log, keys, words and drops go; one that is set up later is another."""
    name = hub.hub
    await submit(hub)
    drops = Path(hass.config.cache_path(DOMAIN)) / "hub"
    assert drops.is_dir()
    await hass.config_entries.async_remove(hub_home.entry_id)
    await hass.async_block_till_done()
    assert list((place / DOMAIN).glob("hub*")) == []
    assert not drops.exists()
    assert _issues(hass) == set()
    assert not async_panel_exists(hass, HUB_PANEL_PATH)
    again = hub_entry()
    again.add_to_hass(hass)
    assert await hass.config_entries.async_setup(again.entry_id)
    assert again.runtime_data.hub != name
    await hass.config_entries.async_remove(again.entry_id)


async def test_a_disabled_hub_shows_nothing(
    hass: HomeAssistant, hub_home: MockConfigEntry
) -> None:
    """Neither a panel nor a trouble that nobody is to mend."""
    assert async_panel_exists(hass, HUB_PANEL_PATH)
    await hass.config_entries.async_set_disabled_by(
        hub_home.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert not async_panel_exists(hass, HUB_PANEL_PATH)
    assert _issues(hass) == set()


async def test_a_backup_holds_the_hub_too(hass: HomeAssistant, hub: HubManager) -> None:
    """What comes in meanwhile is written when it is over."""
    import asyncio

    hold = backup_hold(hass)
    await hold.async_begin()
    coming = asyncio.ensure_future(submit(hub))
    await asyncio.sleep(0.2)
    assert not coming.done()
    hold.end()
    await coming
    assert hub.waiting == 1


# --- its doors


async def test_doors_open_with_the_hub(
    hass: HomeAssistant,
    hub_home: MockConfigEntry,
    hub: HubManager,
    hass_client_no_auth: ClientSessionGenerator,
) -> None:
    """A hub that starts anew is no hub that is gone: homes try again then."""
    client = await hass_client_no_auth()
    base = "/api/clip_consent/portal/v1"
    upload = {"Tus-Resumable": "1.0.0", "Upload-Length": "10"}

    async def statuses(request_id: str) -> tuple[int, int, int]:
        info = await client.get(f"{base}/info")
        desk = await client.get(
            f"{base}/desk", headers={"Authorization": f"Bearer {TOKEN}"}
        )
        drop = await client.post(f"{base}/drops/{request_id}", headers=upload)
        return info.status, desk.status, drop.status

    request_id = await submit(hub)
    assert await statuses(request_id) == (200, 200, 404)
    await hub.async_publish(request_id, "sam")
    assert await statuses(request_id) == (200, 200, 201)
    info = await (await client.get(f"{base}/info")).json()
    assert (info["name"], info["hub"]) == ("Lindenstraße", hub.hub)
    await hass.config_entries.async_unload(hub_home.entry_id)
    assert await statuses(request_id) == (503, 503, 503)
    await hass.config_entries.async_setup(hub_home.entry_id)
    assert await statuses(request_id) == (200, 200, 201)
    await hass.config_entries.async_remove(hub_home.entry_id)
    assert await statuses(request_id) == (404, 404, 404)


# --- beside a home


async def test_home_and_hub_do_not_touch_each_other(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub_home: MockConfigEntry,
    hub: HubManager,
) -> None:
    """Each is found, stopped and removed by itself."""
    home = loaded_manager(hass)
    assert home is entry.runtime_data
    assert loaded_hub(hass) is hub
    assert hass.services.has_service(DOMAIN, "submit_request")
    drops = Path(hass.config.cache_path(DOMAIN)) / "hub"
    request_id = await submit(hub)

    await hass.config_entries.async_unload(entry.entry_id)
    assert (loaded_manager(hass), loaded_hub(hass)) == (None, hub)
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert entry.runtime_data is not home
    hub_troubles = _issues(hass)
    assert "hub_no_external_url" in hub_troubles

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert loaded_hub(hass) is hub
    assert drops.is_dir()
    assert _issues(hass) == {"hub_no_external_url"}
    assert [one.id for one in await hub.async_waiting()] == [request_id]
    assert async_panel_exists(hass, HUB_PANEL_PATH)


async def test_removing_the_hub_leaves_the_home(
    hass: HomeAssistant, entry: MockConfigEntry, hub_home: MockConfigEntry, place: Path
) -> None:
    """Its ledger, its panel and its troubles stay."""
    home = loaded_manager(hass)
    assert home
    await hass.config_entries.async_remove(hub_home.entry_id)
    await hass.async_block_till_done()
    assert loaded_manager(hass) is home
    assert (place / DOMAIN / "home.db").is_file()
    assert async_panel_exists(hass, "clip-consent")
    assert "no_external_url" in _issues(hass)
    assert await home.reading.async_check_ledger() is None


# --- the moderators' panel


async def _asks(client: Any, kind: str, **fields: Any) -> Any:
    await client.send_json_auto_id({"type": f"clip_consent/hub/{kind}", **fields})
    while (answer := await client.receive_json())["type"] != "result":
        pass
    return answer


async def _told(client: Any) -> Any:
    while (answer := await client.receive_json())["type"] != "event":
        pass
    return answer["event"]


async def test_a_moderator_reads_and_publishes(
    hass: HomeAssistant, hub: HubManager, hass_ws_client: WebSocketGenerator
) -> None:
    """What waits comes by itself, and goes when it is decided."""
    client = await hass_ws_client(hass)
    assert (await _asks(client, "subscribe"))["success"]
    first = await _told(client)
    assert (first["moderator"], first["waiting"]) == (True, [])
    request_id = await submit(hub)
    said = await _told(client)
    (one,) = said["waiting"]
    shown = example("hub_snapshot")
    assert said.keys() == shown.keys()
    assert said["counts"].keys() == shown["counts"].keys()
    assert one.keys() == shown["waiting"][0].keys()
    assert one["requester"] == shown["waiting"][0]["requester"]
    assert one["area"] == shown["waiting"][0]["area"]
    assert one["id"] == request_id
    assert one["requester"]["verified_how"] == "Met in person, badge seen"
    assert said["counts"]["waiting"] == 1
    answer = await _asks(client, "publish", item_id=request_id)
    assert answer["success"], answer
    assert hub.open_requests == 1
    again = await _asks(client, "publish", item_id=request_id)
    assert again["error"]["code"] == "not_waiting"
    assert again["error"]["message"] != "not_waiting"


async def test_a_moderator_refuses_with_a_reason(
    hass: HomeAssistant, hub: HubManager, hass_ws_client: WebSocketGenerator
) -> None:
    """The public count has it, and nothing else."""
    client = await hass_ws_client(hass)
    request_id = await submit(hub)
    wrong = await _asks(client, "refuse", item_id=request_id, reason="mood")
    assert wrong["error"]["code"] == "invalid_format"
    answer = await _asks(client, "refuse", item_id=request_id, reason="too_broad")
    assert answer["success"], answer
    info = await hub.async_info()
    assert info["counts"] == {"published": 0, "refused": {"too_broad": 1}}


async def test_notices_and_redactions(
    hass: HomeAssistant, hub: HubManager, hass_ws_client: WebSocketGenerator
) -> None:
    """To all cells if none are named; a text that is taken away leaves its mark."""
    client = await hass_ws_client(hass)
    answer = await _asks(client, "post_notice", title="Water", text="Off on Monday.")
    assert answer["success"], answer
    assert answer["result"]["id"]
    one = await _asks(
        client, "post_notice", title="Gas", text="Smell it?", cells=["u33db"]
    )
    assert one["success"], one
    assert hub.open_requests == 2
    n = (await hub.async_public(answer["result"]["id"]))["log"]
    gone = await _asks(client, "redact", n=n, why="It named a person.")
    assert gone["success"], gone
    entries: Any = json.loads(await page_of(hub))["entries"]
    assert [each["entry"]["kind"] for each in entries][-3:] == [
        *("published", "published", "redacted"),
    ]
    nothing = await _asks(client, "redact", n=99, why="Why not")
    assert nothing["error"]["code"]


async def test_a_notice_is_followed_and_taken_back(
    hass: HomeAssistant, hub: HubManager, hass_ws_client: WebSocketGenerator
) -> None:
    """The panel shows how it stands; what is nobody's here has no comments either."""
    client = await hass_ws_client(hass)
    await _asks(client, "subscribe")
    assert (await _told(client))["notices"] == []
    answer = await _asks(client, "post_notice", title="Water", text="Off on Monday.")
    notice_id = answer["result"]["id"]
    await _asks(client, "subscribe")
    [shown] = (await _told(client))["notices"]
    assert shown.keys() == example("hub_snapshot")["notices"][0].keys()
    assert (shown["id"], shown["state"], shown["comments"]) == (notice_id, "open", 0)
    read = await _asks(client, "comments", notice_id=notice_id)
    assert read["result"] == {"comments": [], "unreadable": 0, "more": False}
    assert read["result"].keys() == example("hub_comments").keys()
    gone = await _asks(client, "withdraw_notice", notice_id=notice_id)
    assert gone["success"], gone
    await _asks(client, "subscribe")
    [shown] = (await _told(client))["notices"]
    assert shown["state"] == "withdrawn"
    silent = await _asks(
        client, "post_notice", title="Gas", text="Smell it?", comments=False
    )
    await _asks(client, "subscribe")
    shown = (await _told(client))["notices"][0]
    assert (shown["id"], shown["comments"]) == (silent["result"]["id"], None)
    for kind in ("withdraw_notice", "comments"):
        nothing = await _asks(client, kind, notice_id="n" * 26)
        assert nothing["error"]["code"] == "notice_not_found"


async def test_others_decide_nothing_and_read_nothing(
    hass: HomeAssistant, hub: HubManager, hass_ws_client: WebSocketGenerator
) -> None:
    """Users who are no moderators see counts alone; a moderator's token does not do."""
    request_id = await submit(hub)
    notice_id = await hub.async_post_notice("Ice", "Steps.", ("u33db",), "sam")
    guest = await plain_user(hass)
    client = await hass_ws_client(hass, await login(hass, guest))
    await _asks(client, "subscribe")
    said = await _told(client)
    assert (said["moderator"], said["counts"]["waiting"]) == (False, 1)
    assert said["waiting"] == said["notices"] == []
    for kind, fields in (
        ("publish", {"item_id": request_id}),
        ("refuse", {"item_id": request_id, "reason": "abusive"}),
        ("redact", {"n": 1, "why": "x"}),
        ("post_notice", {"title": "x", "text": "y"}),
        ("withdraw_notice", {"notice_id": notice_id}),
        ("comments", {"notice_id": notice_id}),
    ):
        answer = await _asks(client, kind, **fields)
        assert answer["error"]["code"] == "moderators_only"
    assert hub.waiting == 1


async def test_an_admin_moderates_but_no_long_lived_token_does(
    hass: HomeAssistant, hub: HubManager, hass_ws_client: WebSocketGenerator
) -> None:
    """An automation elsewhere may hold such a token: it decides nothing."""
    from datetime import timedelta

    request_id = await submit(hub)
    admin = await other_admin(hass)
    token = await hass.auth.async_create_refresh_token(
        admin,
        client_name="script",
        token_type="long_lived_access_token",
        access_token_expiration=timedelta(days=1),
    )
    client = await hass_ws_client(hass, hass.auth.async_create_access_token(token))
    answer = await _asks(client, "publish", item_id=request_id)
    assert answer["error"]["code"] == "moderators_only"
    client = await hass_ws_client(hass, await login(hass, admin))
    assert (await _asks(client, "publish", item_id=request_id))["success"]


async def test_a_panel_goes_on_when_the_hub_starts_anew(
    hass: HomeAssistant,
    hub_home: MockConfigEntry,
    hub: HubManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """And says in words that there is none meanwhile."""
    client = await hass_ws_client(hass)
    await _asks(client, "subscribe")
    await _told(client)
    await hass.config_entries.async_unload(hub_home.entry_id)
    answer = await _asks(client, "publish", item_id="x")
    assert answer["error"]["code"] == "hub_not_loaded"
    await hass.config_entries.async_setup(hub_home.entry_id)
    assert (await _told(client))["waiting"] == []
