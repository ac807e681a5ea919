"""A home is set up, goes on, stops, comes back, is backed up, looked into and removed."""

import asyncio
import json
from pathlib import Path
import sqlite3
import threading
from typing import Final
from unittest.mock import AsyncMock

from homeassistant.components.frontend import (
    DATA_EXTRA_MODULE_URL,
    DATA_PANELS,
    EVENT_PANELS_UPDATED,
)
from homeassistant.config_entries import (
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigSubentry,
)
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pyrage import x25519
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

from custom_components.clip_consent import (
    async_unload_entry,
    backup,
    frontend,
    setup_home,
)
from custom_components.clip_consent.const import CACHE_HUB, DOMAIN, VERSION
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import CaseState, Draft
from custom_components.clip_consent.entity import backup_hold
from custom_components.clip_consent.home import case_rows
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.media import Media
from custom_components.clip_consent.home.prompt import PhonePrompter
from custom_components.clip_consent.home.runner import STORE_RETRY
from custom_components.clip_consent.home.schema import MIGRATIONS
from custom_components.clip_consent.home.store import HomeStore
from tests.interfaces import ROOT

from .acting import ASKING, Panel, act, case_in, offered, until
from .conftest import FILM_START, HOSTILE, TOKEN

KEY: Final = str(x25519.Identity.generate().to_public())
TRANSLATIONS: Final = json.loads(
    (ROOT / "custom_components" / DOMAIN / "translations" / "en.json").read_text(
        "utf-8"
    )
)


def store_file(hass: HomeAssistant) -> Path:
    """Return where the database is."""
    return Path(hass.config.path(DOMAIN, "home.db"))


def ours() -> set[str]:
    """Return the names of the threads and tasks that belong to us."""
    threads = {each.name for each in threading.enumerate()}
    tasks = {repr(task.get_coro()) for task in asyncio.all_tasks() if not task.done()}
    return {
        name for name in threads | tasks if "clip_consent" in name or "Caseload" in name
    }


def shown(code: str) -> dict[str, str]:
    """Return title and description of a trouble: in its form, if it has one."""
    said = TRANSLATIONS["issues"][code]
    form: dict[str, str] = (
        said["fix_flow"]["step"]["confirm"] if "fix_flow" in said else said
    )
    assert form.keys() == {"title", "description"}
    return form


def issue(hass: HomeAssistant, code: str) -> ir.IssueEntry | None:
    """Return a repair issue that shows; it has a title and a description in words."""
    found = ir.async_get(hass).async_get_issue(DOMAIN, code)
    if found:
        placeholders = found.translation_placeholders or {}
        for text in shown(found.translation_key or "").values():
            assert " " in text.format(**placeholders)
        lasting = {"store_failed", "no_phone", "store_too_new"}
        assert found.is_fixable == (code not in lasting)
        assert found.severity is ir.IssueSeverity.ERROR
    return found


# --- start and stop


async def test_nothing_is_left_running_after_an_unload(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """No thread, no task; and nothing is written any more."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await offered(manager, answer["case_id"])
    assert "clip-consent" in hass.data[DATA_PANELS]
    assert any("clip_consent_db" in name for name in ours())
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert ours() == set()
    with pytest.raises(StoreError, match="store_closed"):
        await manager.async_set_accepting(False, None)
    with pytest.raises(StoreError, match="store_closed"):
        await manager.reading.async_history(None, 5, None)
    states = {s.state for s in hass.states.async_all() if "clip_consent" in s.entity_id}
    assert states == {"unavailable"}


async def test_home_whose_entities_do_not_unload_goes_on(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A half unloaded home keeps its store: nothing is lost."""

    async def refuse(*_: object) -> bool:
        return False

    with monkeypatch.context() as patch:
        patch.setattr(hass.config_entries, "async_unload_platforms", refuse)
        assert not await async_unload_entry(hass, entry)
    await manager.async_set_accepting(False, None)
    assert not manager.accepting


async def test_draft_goes_on_after_a_reload(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A reload in the middle of a draft: it is made anew, and offered once."""
    begun = asyncio.Event()
    make = Media.async_draft

    async def never(*_: object, **__: object) -> Draft:
        begun.set()
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(Media, "async_draft", never)
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await asyncio.wait_for(begun.wait(), 10)
    case = await manager.reading.async_case(answer["case_id"], None)
    assert case.state is CaseState.DRAFTING
    monkeypatch.setattr(Media, "async_draft", make)
    assert await hass.config_entries.async_reload(entry.entry_id)
    home: HomeManager = entry.runtime_data
    assert home is not manager
    await offered(home, case.case_id)
    kinds = [each["kind"] for each in (await act(hass, "export_ledger"))["entries"]]
    assert kinds.count("drafted") == kinds.count("offered") == kinds.count("asked") == 1


async def test_changed_settings_start_the_home_anew(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """A removed camera is gone at once, and its offers are void."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await offered(manager, answer["case_id"])
    [camera_id] = manager.cameras
    hass.config_entries.async_remove_subentry(entry, camera_id)
    await hass.async_block_till_done()
    home: HomeManager = entry.runtime_data
    assert home.cameras == {}
    case = await case_in(home, answer["case_id"], CaseState.WAITING)
    assert case.offer is None
    assert case.draft is None


async def test_switch_position_and_cases_survive(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """What was off stays off; what waited waits, under the same offer."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    before = await offered(manager, answer["case_id"])
    await manager.async_set_accepting(False, None)
    assert await hass.config_entries.async_reload(entry.entry_id)
    home: HomeManager = entry.runtime_data
    assert not home.accepting
    assert home.reading.open_cases() == (before,)


# --- what keeps it from starting


async def _setup_anew(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigEntryState:
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry.state


async def test_nothing_is_left_running_when_home_assistant_stops(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """It unloads nothing then, and waits ten seconds for threads that are left."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await offered(manager, answer["case_id"])
    assert any("clip_consent_db" in name for name in ours())
    assert any("clip_consent_index" in name for name in ours())
    hass.bus.async_fire(EVENT_HOMEASSISTANT_FINAL_WRITE)
    await hass.async_block_till_done()
    assert ours() == set()
    states = {s.state for s in hass.states.async_all() if "clip_consent" in s.entity_id}
    assert "unavailable" not in states  # that would be in its history


async def test_store_that_cannot_be_opened_is_tried_again(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The reason is told in words, nothing is left open, and it works once mended."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    folder = store_file(hass).parent
    aside = folder.rename(folder.with_name("aside"))
    folder.write_text("in the way", encoding="utf-8")
    assert await _setup_anew(hass, entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "store_failed"
    assert entry.reason
    assert " " in entry.reason
    assert ours() == set()
    folder.unlink()
    aside.rename(folder)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.LOADED


async def test_home_that_fails_behind_its_start_is_stopped(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it goes on beside what the next start begins."""
    assert await hass.config_entries.async_unload(entry.entry_id)

    async def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(setup_home, "async_show_panel", fail)
        assert await _setup_anew(hass, entry) is ConfigEntryState.SETUP_ERROR
    assert ours() == set()
    assert await hass.config_entries.async_reload(entry.entry_id)


async def test_store_of_a_newer_version_is_left_alone(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Trying again would not help, and writing to it could do harm."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    with sqlite3.connect(store_file(hass)) as database:
        database.execute("PRAGMA user_version=99")
    database.close()
    before = store_file(hass).read_bytes()
    assert await _setup_anew(hass, entry) is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "store_too_new"
    assert store_file(hass).read_bytes() == before
    assert ours() == set()
    assert issue(hass, "store_too_new")
    with sqlite3.connect(store_file(hass)) as database:
        database.execute(f"PRAGMA user_version={len(MIGRATIONS)}")
    database.close()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert issue(hass, "store_too_new") is None


async def test_rule_that_cannot_be_read_is_named(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A rule of another version stops the home, rather than being passed over."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    rule = ConfigSubentry(
        data={"order": 1, "verdict": "approve"},  # type: ignore[arg-type]
        subentry_type="rule",
        title="My friends",
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(entry, rule)
    assert await _setup_anew(hass, entry) is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "rule_verdict_invalid"
    assert entry.reason
    assert "My friends" in entry.reason
    hass.config_entries.async_remove_subentry(entry, rule.subentry_id)
    assert await hass.config_entries.async_reload(entry.entry_id)


async def test_frontend_that_is_not_built_is_no_reason_to_stop(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """There is no panel then, and the log says why; everything else works."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    frontend.hide_panel(hass, hass.data[DOMAIN])
    monkeypatch.setattr(frontend, "_WWW", tmp_path / "not there")
    hass.data[DOMAIN] = frontend.read_public_files()
    assert hass.data[DOMAIN] == {}
    assert await _setup_anew(hass, entry) is ConfigEntryState.LOADED
    assert "clip-consent" not in hass.data[DATA_PANELS]
    assert "The frontend is not built" in caplog.text
    assert (await act(hass, "get_requests"))["requests"] == []


async def test_the_card_is_there_as_long_as_the_home_is(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Loaded once with every page, under an address that changes with what it holds."""

    def cards() -> list[str]:
        urls = hass.data[DATA_EXTRA_MODULE_URL].urls
        return [url for url in urls if url.startswith(frontend.STATIC_PATH)]

    [card] = cards()
    assert card == f"/clip_consent_static/card.js?v={hass.data[DOMAIN]['card.js'].etag}"
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert cards() == [card]
    await hass.config_entries.async_remove(entry.entry_id)
    assert cards() == []


# --- removal


@pytest.mark.parametrize("in_a_backup", [False, True])
async def test_removed_home_leaves_its_ledger_and_nothing_else(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    in_a_backup: bool,
) -> None:
    """Drafts, index, troubles and words go; the record stays, and is gone on with.

    So it is while a backup takes long, or was broken off.
    """
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await offered(manager, answer["case_id"])
    manager._bench.alarm.raise_alarm("draft_changed")
    cache = Path(hass.config.cache_path(DOMAIN))
    assert list((cache / "drafts").iterdir())
    before = await act(hass, "export_ledger")
    subentries = list(entry.subentries.values())
    hold = backup_hold(hass)
    if in_a_backup:
        await hold.async_begin()
        hold._give_way()
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    hold.end()
    assert not cache.exists()
    kept = store_file(hass).read_bytes()
    for word in (ASKING["name"], ASKING["text"]):
        assert str(word).encode() not in kept
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]
    assert ours() == set()

    again = MockConfigEntry(domain=DOMAIN, unique_id="home", title="Clip Consent")
    again.add_to_hass(hass)
    for subentry in subentries:
        hass.config_entries.async_add_subentry(again, subentry)
    assert await hass.config_entries.async_setup(again.entry_id)
    after = await act(hass, "export_ledger")
    count = len(before["entries"])
    assert after["entries"][:count] == before["entries"]
    assert [entry["kind"] for entry in after["entries"][count:]] == [
        "removed",
        "closed",
    ]
    # it is no backup that came back
    assert issue(hass, "restored") is None
    assert again.runtime_data.reading.open_cases() == ()
    assert await again.runtime_data.reading.async_check_ledger() is None
    await hass.config_entries.async_remove(again.entry_id)


async def test_removed_home_leaves_what_a_hub_keeps_beside_it(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """The sealed answers to others' requests are not the home's to delete."""
    cache = Path(hass.config.cache_path(DOMAIN))
    drop = cache / CACHE_HUB / "sealed"
    drop.parent.mkdir()
    drop.write_bytes(b"theirs")
    await hass.config_entries.async_remove(entry.entry_id)
    assert [path.name for path in cache.iterdir()] == [CACHE_HUB]
    assert drop.read_bytes() == b"theirs"


async def test_removing_what_cannot_be_read_is_no_error(
    hass: HomeAssistant, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """What lies in the file stays there, and the log says so."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    store_file(hass).write_bytes(b"no database at all" * 100)
    await hass.config_entries.async_remove(entry.entry_id)
    assert "What the database holds stays as it is" in caplog.text


# --- backups


async def test_backup_copies_a_whole_database(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, tmp_path: Path
) -> None:
    """Writing waits while the copy is made; the copied file opens alone."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await offered(manager, answer["case_id"])
    ledger = await act(hass, "export_ledger")
    await backup.async_pre_backup(hass)
    writing = asyncio.create_task(manager.async_set_accepting(False, None))
    copy = tmp_path / "copy.db"
    copy.write_bytes(store_file(hass).read_bytes())
    await asyncio.sleep(0.2)
    assert not writing.done()
    assert (await act(hass, "export_ledger"))["head"] == ledger[
        "head"
    ]  # reading goes on
    await backup.async_post_backup(hass)
    await asyncio.wait_for(writing, 10)

    database = sqlite3.connect(copy)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    [(digest,)] = database.execute(
        "SELECT digest FROM ledger ORDER BY seq DESC LIMIT 1"
    )
    assert digest == ledger["head"]["digest"]
    assert database.execute("SELECT case_id FROM cases").fetchall() == [
        (answer["case_id"],)
    ]
    database.close()


async def test_settings_changed_during_a_backup_change_no_copy(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """The home of before ends without a write, the new one begins after the copy."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await offered(manager, answer["case_id"])
    await backup.async_pre_backup(hass)
    copied = store_file(hass).read_bytes()
    writing = asyncio.create_task(manager.async_set_accepting(False, None))
    await asyncio.sleep(0)
    reload = hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    with pytest.raises(StoreError, match="store_closed"):
        await asyncio.wait_for(writing, 10)
    await asyncio.sleep(0.2)
    assert entry.state is ConfigEntryState.SETUP_IN_PROGRESS
    assert not reload.done()
    assert store_file(hass).read_bytes() == copied
    await backup.async_post_backup(hass)
    assert await asyncio.wait_for(reload, 10)
    again: HomeManager = entry.runtime_data
    assert again is not manager
    assert again.accepting
    assert (await again.reading.async_case(answer["case_id"], None)).offer


async def test_backup_without_a_home_is_no_trouble(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A home that is not running has nothing to hold."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    await backup.async_pre_backup(hass)
    await backup.async_post_backup(hass)


async def test_restored_database_voids_what_was_open(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager
) -> None:
    """K-06: without its epoch no offer of before counts, and the owner is told."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    assert await hass.config_entries.async_unload(entry.entry_id)
    Path(hass.config.cache_path(DOMAIN, "epoch")).unlink()
    assert await hass.config_entries.async_setup(entry.entry_id)
    home: HomeManager = entry.runtime_data
    after = await home.reading.async_case(case.case_id, None)
    assert (after.offer, after.draft, after.problem) == (None, None, "restored")
    assert issue(hass, "restored")


# --- troubles


async def test_full_disk_is_told_and_taken_back(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While the store refuses, an issue shows; the case goes on after."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(case_rows, "update_case", full)
        answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
        assert await until(lambda: issue(hass, "store_failed"), "the issue")
    manager.look_again()  # as the sweep does, long before STORE_RETRY is over
    assert STORE_RETRY > 5
    await offered(manager, answer["case_id"])
    assert issue(hass, "store_failed") is None


async def test_faulty_ledger_is_told(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """G7: an edited entry shows in the panel, in the diagnostics and as an issue."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    await offered(manager, answer["case_id"])
    database = sqlite3.connect(store_file(hass))
    database.execute("UPDATE ledger SET kind = 'shared' WHERE seq = 3")
    database.commit()
    database.close()
    panel = Panel(await hass_ws_client(hass))
    assert (await panel.result("ledger"))["fault"] == 3
    found = issue(hass, "ledger_fault")
    assert found
    assert found.translation_placeholders == {"seq": "3"}


@pytest.mark.parametrize(
    "code", ["store_failed", "no_phone", "restored", "ledger_fault", "draft_changed"]
)
def test_troubles_are_told_with_title_and_what_to_do(code: str) -> None:
    """Each has a title, and a description that is more than a sentence."""
    assert shown(code)["description"].count(". ") >= 1


async def test_the_panel_goes_with_the_home_not_with_a_change_of_settings(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A new start under an open panel takes it from nobody."""
    gone: list[object] = []
    hass.bus.async_listen(EVENT_PANELS_UPDATED, gone.append)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert "clip-consent" in hass.data[DATA_PANELS]
    assert gone == []
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert "clip-consent" not in hass.data[DATA_PANELS]
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done()
    assert "clip-consent" in hass.data[DATA_PANELS]
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert "clip-consent" not in hass.data[DATA_PANELS]


# --- looking into it


async def test_diagnostics_hold_nobodys_words(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    approver: MockUser,
    recordings: Path,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """D-01: no name, text, token, id, path or address; numbers that help."""
    stranger = await hass_client_no_auth()
    await stranger.post(f"/api/clip_consent/ask/{TOKEN}", json=body)
    [case] = await until(
        lambda: [c for c in manager.reading.open_cases() if c.offer], "an offer"
    )
    await until(
        lambda: any(each.files for each in manager.watching.health.values()), "a scan"
    )
    assert await async_setup_component(hass, "diagnostics", {})
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["version"] == VERSION
    assert told["state"] == "loaded"
    assert told["open_cases"] == {"waiting": 1}
    assert told["waiting"] == 1
    assert told["ledger_fault"] is None
    assert told["subentries"] == {"approver": 1, "camera": 1, "rule": 2, "invite": 1}
    assert told["options"] == {"undo_panel": 1, "undo_push": 1}
    assert told["cameras"] == [
        {
            "indoor": False,
            "offered": True,
            "source_kind": "folder",
            "naming": "motioneye",
            "has_entity": True,
            "recordings": {
                "state": "ok",
                "files": 1,
                "unreadable": 0,
                "growing": 0,
                "last_seen": f"{FILM_START:%Y-%m-%dT%H:%M:%SZ}",
            },
        }
    ]
    text = json.dumps(told)
    assert case.offer
    assert case.draft
    for secret in (
        *(TOKEN, "Anna", "Sam", "Driveway", "driveway", approver.id, str(recordings)),
        *(HOSTILE[:20], case.case_id, case.request.request_id, case.offer.offer_id),
        *(case.draft.sha256, str(case.request.recipient), hass.config.config_dir),
        *(str(hass.config.latitude), "example"),
    ):
        assert secret not in text, secret
    manager.watching.health.clear()  # as before the first look
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert [camera["recordings"] for camera in told["cameras"]] == [None]

    failing = AsyncMock(side_effect=StoreError("store_failed"))
    monkeypatch.setattr(HomeStore, "async_ledger_fault", failing)
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["ledger_fault"] == "store_failed"


async def test_results_are_waited_for_when_home_assistant_stops(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It unloads no entry then, and cancels what is on its way to phones."""
    states: list[CoreState] = []

    async def finish(_: PhonePrompter) -> None:
        states.append(hass.state)

    monkeypatch.setattr(PhonePrompter, "async_finish", finish)
    await hass.config_entries.async_reload(entry.entry_id)
    states.clear()
    await hass.async_stop(force=True)
    assert states[0] is CoreState.running  # and again with all the rest


async def test_diagnostics_of_a_home_that_did_not_start(
    hass: HomeAssistant, entry: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """They are wanted most when it does not run."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await async_setup_component(hass, "diagnostics", {})
    told = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["state"] == "not_loaded"
    assert told["subentries"]["camera"] == 1
    assert "open_cases" not in told


async def test_system_health(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Each value with its name, with and without a running home."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    info = await get_system_health_info(hass, DOMAIN)
    none = {"version": VERSION, "to_moderate": None}
    assert info == {**none, "accepting": True, "waiting": 0}
    assert info.keys() == TRANSLATIONS["system_health"]["info"].keys()
    assert await hass.config_entries.async_unload(entry.entry_id)
    info = await get_system_health_info(hass, DOMAIN)
    assert info == {**none, "accepting": None, "waiting": None}
