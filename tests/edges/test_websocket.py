"""The panel's commands: what each does, refuses, and for whom."""

import asyncio
import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
import io
import re
from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from PIL import Image
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.core.serial import utc_text
from custom_components.clip_consent.home.manager import HomeManager
from tests.interfaces import example, rows, unlike, words

from .acting import (
    ASKING,
    SHORT,
    SPAN,
    START,
    Panel,
    act,
    case_in,
    login,
    offered,
    other_admin,
    plain_user,
    reading_user,
)
from .conftest import TOKEN

ASK: Final = f"/api/clip_consent/ask/{TOKEN}"
KEY: Final = str(x25519.Identity.generate().to_public())
MADE_UP: Final = {"trust": "unverified", "kind": "police", **SPAN}
# Every command with fields that are well formed; CASE, CAMERA, OFFER, SHA are filled in.
COMMANDS: Final[dict[str, dict[str, Any]]] = {
    "find_clips": {"camera_id": "CAMERA", **SPAN},
    "thumbnails": {"case_id": "CASE", "camera_id": "CAMERA", "times": [SPAN["start"]]},
    "thumbnail_strip": {
        "case_id": "CASE",
        "camera_id": "CAMERA",
        "times": [SPAN["start"]],
    },
    "key_times": {"case_id": "CASE", "camera_id": "CAMERA", "at": SPAN["start"]},
    "prepare": {"case_id": "CASE", "camera_id": "CAMERA", **SHORT},
    "approve": {"offer_id": "OFFER", "sha256": "SHA"},
    "undo": {"case_id": "CASE"},
    "decline": {"case_id": "CASE"},
    "answer": {"case_id": "CASE", "text": "Come by at six."},
    "pickup_key": {"case_id": "CASE", "recipient": KEY},
    "history": {},
    "ledger": {},
    "revoke": {"delivery_id": "b" * 26},
    "try_rules": {"request": MADE_UP},
    "test_request": {"recipient": KEY},
    "dismiss_notice": {"portal_id": "p", "notice_id": "n"},
    "comment": {"portal_id": "p", "notice_id": "n", "text": "Seen it too."},
    "send_notice": {"portal_id": "p", "title": "Ice", "text": "On the steps"},
    "take_back_notice": {"written_id": "w"},
    "neighbours": {},
    "ask_neighbours": {**SPAN, "title": "Bike", "text": "Gone", "radius": 400},
    "end_own_request": {"request_id": "b" * 26, "how": "withdrawn"},
    "forget_own_request": {"request_id": "b" * 26},
    "set_camera_masks": {"camera_id": "CAMERA", "masks": []},  # starts it anew
}
# of those, what this home, which follows no hub, answers to whoever may
NO_HUB: Final = {
    "ask_neighbours": "no_hub_to_ask",
    "end_own_request": "own_request_not_found",
}


@pytest.fixture
async def panel(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Panel:
    """Return the approver's panel."""
    return Panel(await hass_ws_client(hass))


@pytest.fixture
async def case(hass: HomeAssistant, manager: HomeManager) -> Case:
    """Return a case that was put before the approvers."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    return await offered(manager, answer["case_id"])


def filled(case: Case, manager: HomeManager, fields: dict[str, Any]) -> dict[str, Any]:
    """Return a command's fields with the names of what there is."""
    assert case.offer
    names = {
        "CASE": case.case_id,
        "CAMERA": next(iter(manager.cameras)),
        "OFFER": case.offer.offer_id,
        "SHA": case.offer.sha256,
    }
    return {
        key: names.get(value, value) if isinstance(value, str) else value
        for key, value in fields.items()
    }


# --- who may


async def test_each_command_obeys_by_role(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    case: Case,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """The page's table says who may: everybody else is refused, and changes nothing.

    Home Assistant lets its read-only users send any command: ours look by themselves.
    """
    table = {words(row[0])[0].partition("/")[2]: row[1] for row in rows(5, "command")}
    assert set(table) == {"subscribe", "notices", *COMMANDS}
    ledger = await act(hass, "export_ledger")
    for user, admin in (
        (await other_admin(hass), True),
        (await plain_user(hass), False),
        (await reading_user(hass), False),
    ):
        theirs = Panel(await hass_ws_client(hass, await login(hass, user)))
        for command, fields in COMMANDS.items():
            data = filled(case, manager, fields)
            if admin and command in NO_HUB:
                assert await theirs.error(command, **data) == NO_HUB[command]
            elif admin and "admin" in table[command]:
                await theirs.result(command, **data)
            else:
                only_admins = table[command].startswith("admin")
                lacking = "not_admin" if only_admins else "not_approver"
                assert await theirs.error(command, **data) == lacking
        snapshot = await subscribed(theirs)
        assert not snapshot["approver"]
        assert snapshot["admin"] is admin
        counts = {"accepting": True, "waiting": 1}
        assert {key: snapshot[key] for key in counts} == counts
        assert snapshot["cases"] == snapshot["cameras"] == snapshot["invites"] == []
    after = await act(hass, "export_ledger")
    taps = after["entries"][len(ledger["entries"]) :]
    assert [(each["kind"], each["data"]["clause"]) for each in taps] == [
        ("approve_rejected", "not_approver")
    ] * 3
    assert await manager.reading.async_case(case.case_id, None) == case


async def subscribed(panel: Panel) -> dict[str, Any]:
    """Subscribe and return the snapshot."""
    await panel.result("subscribe")
    return await panel.event("snapshot")


@pytest.mark.parametrize("command", COMMANDS)
async def test_without_a_home_every_command_says_so(
    hass: HomeAssistant, entry: MockConfigEntry, panel: Panel, command: str
) -> None:
    """The commands are there before and after a home is."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await panel.error(command, **COMMANDS[command]) == "not_loaded"


@pytest.mark.parametrize(
    ("command", "changes"),
    [
        ("find_clips", {"start": "yesterday"}),
        ("find_clips", {"start": 5}),
        ("find_clips", {"start": "0001-01-01T00:00:00+14:00"}),
        ("find_clips", {"start": "2026-02-30T00:00:00Z"}),
        ("thumbnails", {"times": [SPAN["start"]] * 101}),
        ("thumbnail_strip", {"times": [SPAN["start"]] * 101}),
        ("prepare", {"audio": "yes"}),
        ("prepare", {"exact": "yes"}),
        ("prepare", {"masks": "0 0 1 1"}),
        ("set_camera_masks", {"masks": None}),
        ("set_camera_masks", {"add": "yes"}),
        ("ask_neighbours", {"radius": "wide"}),
        ("end_own_request", {"how": "open"}),
        ("approve", {"sha256": None}),
        ("history", {"limit": 51}),
        ("history", {"limit": 0}),
        ("ledger", {"limit": 201}),
        ("ledger", {"before": 2**80}),
        ("ledger", {"before": -1}),
        ("try_rules", {"request": {**MADE_UP, "trust": "friend"}}),
        ("try_rules", {"request": {**MADE_UP, "more": 1}}),
        ("undo", {"case_id": ["x"]}),
        ("decline", {"more": 1}),
        ("send_notice", {"cells": ["u33db"] * 10}),
        ("send_notice", {"cells": "u33db"}),
    ],
)
async def test_ill_formed_fields_are_refused(
    panel: Panel, command: str, changes: dict[str, Any]
) -> None:
    """What has the wrong form gets Home Assistant's own answer, and goes no further."""
    answer = await panel.send(command, **{**COMMANDS[command], **changes})
    assert not answer["success"]
    assert answer["error"]["code"] == "invalid_format"


# --- following


@pytest.mark.parametrize(
    ("expires", "expired"),
    [(None, False), ("2000-01-01T00:00:00Z", True), ("2999-01-01T00:00:00Z", False)],
)
async def test_links_tell_where_and_whether_they_work(
    hass: HomeAssistant,
    manager: HomeManager,
    panel: Panel,
    monkeypatch: pytest.MonkeyPatch,
    expires: str | None,
    expired: bool,
) -> None:
    """An address from outside counts, and an invite that has ended is told as such."""
    hass.config.external_url = "https://home.example"
    [invite] = manager.invites
    ends = dt_util.parse_datetime(expires) if expires else None
    shown_as = (replace(invite, expires_at=ends),)
    monkeypatch.setattr(HomeManager, "invites", property(lambda _: shown_as))
    [shown] = (await subscribed(panel))["invites"]
    assert (shown["external"], shown["expired"]) == (True, expired)
    assert shown["url"].startswith("https://home.example/")


async def test_snapshot_case_and_progress_have_the_published_form(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """What the feed sends, from the first draft to the sealed delivery."""
    snapshot = await subscribed(panel)
    assert list(unlike(example("subscribe_snapshot"), snapshot)) == []
    assert snapshot["cases"] == []
    assert snapshot["invites"][0]["label"] == "Anna next door"
    assert re.search(
        "/api/clip_consent/ask/[a-z2-7]{26}$", snapshot["invites"][0]["url"]
    )
    assert snapshot["invites"][0]["external"] is False

    answer = await act(hass, "submit_request", **ASKING, label="Anna", recipient=KEY)
    progress = await panel.event("progress")
    assert list(unlike(example("subscribe_progress"), progress)) == []
    assert (progress["doing"], progress["case_id"]) == ("draft", answer["case_id"])
    assert 0 <= progress["done"] <= 1
    event = await panel.event("case")
    while event["case"]["state"] != "waiting":
        event = await panel.event("case")
    assert list(unlike(example("subscribe_case"), {**event, "case": None})) == []
    assert list(unlike(example("case"), event["case"])) == []
    assert event["waiting"] == 1

    await panel.approve(await offered(manager, answer["case_id"]))
    event = await panel.event("case")
    while not event["case"]["consent"]:
        event = await panel.event("case")
    assert list(unlike(example("consent"), event["case"]["consent"])) == []
    assert event["case"]["consent"]["user"] == "Sam"
    while not event["case"]["deliveries"]:
        event = await panel.event("case")
    [delivery] = event["case"]["deliveries"]
    assert list(unlike(example("delivery"), delivery)) == []
    assert event["case"]["state"] == "shared"
    assert event["waiting"] == 0


async def test_others_follow_counts_alone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """No case, no progress, no name: only how many wait and whether it is on."""
    guest = Panel(await hass_ws_client(hass, await login(hass, await plain_user(hass))))
    await subscribed(guest)
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    case = await offered(manager, answer["case_id"])
    await manager.async_decline(case.case_id, None)
    event = await guest.event("case")
    seen = [event]
    while event["waiting"] != 1:
        seen.append(event := await guest.event("case"))
    while event["waiting"] != 0:
        seen.append(event := await guest.event("case"))
    assert all(
        each
        == {
            "event": "case",
            "now": each["now"],
            "waiting": each["waiting"],
            "accepting": True,
            "case": None,
        }
        for each in [*seen, *guest.events]
    )


async def test_feed_goes_on_when_the_home_starts_anew(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    case: Case,
    approver: MockUser,
) -> None:
    """After a reload there is a new snapshot; who is approver no more sees no case."""
    snapshot = await subscribed(panel)
    assert snapshot["cases"][0]["case_id"] == case.case_id
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    again = await panel.event("snapshot")
    assert again["cases"][0]["case_id"] == case.case_id
    assert again["approver"]

    [mine] = [s for s in entry.subentries.values() if s.unique_id == approver.id]
    hass.config_entries.async_remove_subentry(entry, mine.subentry_id)
    await hass.async_block_till_done()
    last = await panel.event("snapshot")
    assert not last["approver"]
    assert last["cases"] == []
    home: HomeManager = entry.runtime_data
    await home.async_decline(case.case_id, None)
    assert (await panel.event("case"))["case"] is None


async def test_feed_begins_before_the_home_does(
    hass: HomeAssistant, entry: MockConfigEntry, panel: Panel
) -> None:
    """Who subscribes while nothing is set up gets the snapshot at the start."""
    assert await hass.config_entries.async_unload(entry.entry_id)
    await panel.result("subscribe")
    assert panel.events == []
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert (await panel.event("snapshot"))["approver"]


async def test_ended_subscription_leaves_nothing_behind(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """Also one that ends while the first snapshot is being made."""
    caseload = manager._bench.caseload
    before = len(caseload._cases), len(caseload._progress)
    await panel._client.send_json_auto_id({"type": "clip_consent/subscribe"})
    number = (await panel._client.receive_json())["id"]
    await panel.event("snapshot")
    assert (len(caseload._cases), len(caseload._progress)) == (
        before[0] + 1,
        before[1] + 1,
    )
    await panel._client.send_json_auto_id(
        {"type": "unsubscribe_events", "subscription": number}
    )
    assert (await panel._client.receive_json())["success"]
    assert (len(caseload._cases), len(caseload._progress)) == before

    gate = asyncio.Event()
    ask = manager.reading.async_is_approver

    async def slowly(user_id: str) -> bool:
        await gate.wait()
        return await ask(user_id)

    manager.reading.async_is_approver = slowly  # type: ignore[method-assign]
    await panel.result("subscribe")
    await panel._client.close()
    await hass.async_block_till_done()
    gate.set()
    await hass.async_block_till_done()
    assert (len(caseload._cases), len(caseload._progress)) == before


# --- deciding


async def test_nobody_looks_for_a_panel_that_is_gone(
    hass: HomeAssistant,
    manager: HomeManager,
    case: Case,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pictures that nobody waits for are not made: unsubscribed from, or hung up."""
    begun, ended = asyncio.Semaphore(0), asyncio.Semaphore(0)

    async def forever(*_: object) -> None:
        begun.release()
        try:
            await asyncio.sleep(600)
        finally:
            ended.release()

    monkeypatch.setattr(manager.reading, "async_thumbnails", forever)
    [camera_id] = manager.cameras
    client = await hass_ws_client(hass)
    message = {
        "type": "clip_consent/thumbnails",
        "case_id": case.case_id,
        "camera_id": camera_id,
        "times": [SPAN["start"]],
    }
    await client.send_json_auto_id(message)
    await asyncio.wait_for(begun.acquire(), 10)
    assert ended.locked()
    wanted = {"type": "unsubscribe_events", "subscription": message["id"]}
    await client.send_json_auto_id(wanted)
    assert (await client.receive_json())["success"]
    await asyncio.wait_for(ended.acquire(), 10)
    await client.send_json_auto_id(message)
    await asyncio.wait_for(begun.acquire(), 10)
    await client.close()
    await asyncio.wait_for(ended.acquire(), 10)


async def test_picker_finds_shows_and_prepares(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    case: Case,
    hass_client: ClientSessionGenerator,
) -> None:
    """Another span is another draft and another offer; the one before is void."""
    [camera_id] = manager.cameras
    found = await panel.result("find_clips", camera_id=camera_id, **SPAN)
    assert list(unlike(example("find_clips_answer"), found)) == []
    assert await panel.error("find_clips", camera_id="x", **SPAN) == "camera_not_found"

    outside = (START - timedelta(hours=5)).isoformat()
    wanted = {"case_id": case.case_id, "camera_id": camera_id}
    shown = await panel.result("thumbnails", **wanted, times=[SPAN["start"], outside])
    pictures = [each["jpeg"] for each in shown["thumbnails"]]
    assert pictures[1] is None
    assert Image.open(io.BytesIO(base64.b64decode(pictures[0]))).format == "JPEG"
    assert await panel.result("thumbnails", **wanted, times=[]) == {"thumbnails": []}
    keys = (await panel.result("key_times", **wanted, at=SPAN["start"]))["key_times"]
    assert all(abs(datetime.fromisoformat(key) - START).seconds <= 30 for key in keys)
    other = {**wanted, "camera_id": "x"}
    nowhere = await panel.error("key_times", **other, at=SPAN["start"])
    assert nowhere == "camera_not_offered"
    assert await panel.error("thumbnails", **other, times=[]) == "camera_not_offered"
    long_ago = (START - timedelta(days=3)).isoformat()
    far = await panel.error("thumbnails", **wanted, times=[SPAN["start"], long_ago])
    assert far == "window_out_of_range"

    assert await panel.error("prepare", **other, **SHORT) == "camera_not_offered"
    long = {**SHORT, "end": (START + timedelta(seconds=601)).isoformat()}
    refused = await panel.send("prepare", **wanted, **long)
    assert refused["error"]["code"] == "clip_too_long"
    assert "600 seconds" in refused["error"]["message"]
    assert refused["error"]["translation_placeholders"] == {"seconds": "600"}
    chosen = (await panel.result("prepare", **wanted, **SHORT))["case"]
    assert (chosen["state"], chosen["offer"], chosen["draft"]) == (
        "drafting",
        None,
        None,
    )
    assert case.offer
    void = {"offer_id": case.offer.offer_id, "sha256": case.offer.sha256}
    assert await panel.error("approve", **void) == "offer_void"
    again = await offered(manager, case.case_id)
    assert again.offer
    assert again.offer.sha256 != case.offer.sha256
    mixed = {"offer_id": again.offer.offer_id, "sha256": case.offer.sha256}
    assert await panel.error("approve", **mixed) == "draft_changed"


async def test_what_goes_along_about_the_owner_is_chosen_and_shown(
    manager: HomeManager, panel: Panel, case: Case
) -> None:
    """By both commands that choose; nothing unless it is said anew each time."""
    [camera_id] = manager.cameras
    of_case = {"case_id": case.case_id}
    film = {**of_case, "camera_id": camera_id, **SHORT}
    words = {**of_case, "text": "Come by at six."}
    for command, fields in (("prepare", film), ("answer", words)):
        long = await panel.send(command, **fields, identity="x" * 128)
        assert long["error"]["code"] == "text_too_long"
        assert "127" in long["error"]["message"]
        for said, shown in (({"identity": " Sam "}, "Sam"), ({}, None)):
            await panel.result(command, **fields, **said)
            await offered(manager, case.case_id)
            [one] = (await subscribed(panel))["cases"]
            assert one["draft"]["identity"] == shown


async def test_approve_undo_and_too_late(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    case: Case,
) -> None:
    """An approval can be undone within its window, and only once."""
    until_text = await panel.approve(case)
    left = datetime.fromisoformat(until_text) - dt_util.utcnow()
    assert timedelta(0) < left <= timedelta(seconds=1)  # as the options say
    undone = (await panel.result("undo", case_id=case.case_id))["case"]
    assert undone["consent"] is None
    again = await offered(manager, case.case_id)
    assert again.offer
    assert case.offer
    assert again.offer.offer_id != case.offer.offer_id
    await panel.approve(again)
    assert await panel.error("decline", case_id=case.case_id) == "case_moved_on"
    await case_in(manager, case.case_id, CaseState.SHARED)
    assert await panel.error("undo", case_id=case.case_id) == "case_moved_on"

    done = await manager.reading.async_case(case.case_id, None)
    delivery_id = done.delivered[0].delivery_id
    revoked = (await panel.result("revoke", delivery_id=delivery_id))["case"]
    assert revoked["deliveries"][0]["revoked_at"]
    assert await panel.error("revoke", delivery_id=delivery_id) == "nothing_to_revoke"


async def test_whose_the_first_yes_of_two_is(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    """Who gave it reads that it is theirs; for the other it is somebody else's."""
    other = await other_admin(hass)
    hass.config_entries.async_add_subentry(
        entry,
        ConfigSubentry(
            subentry_type="approver",
            title="Kim",
            unique_id=other.id,
            data=MappingProxyType(
                {"user_id": other.id, "phones": [], "one_tap": [], "hide_details": []}
            ),
        ),
    )
    for rule in entry.get_subentries_of_type("rule"):
        hass.config_entries.async_update_subentry(
            entry, rule, data={**rule.data, "two_approvers": True}
        )
    await hass.async_block_till_done()
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    asked = await offered(entry.runtime_data, answer["case_id"])
    mine = Panel(await hass_ws_client(hass))
    assert asked.offer
    offer = {"offer_id": asked.offer.offer_id, "sha256": asked.offer.sha256}
    assert (await mine.result("approve", **offer))["undo_until"] is None
    theirs = Panel(await hass_ws_client(hass, await login(hass, other)))
    for panel, is_theirs in ((mine, True), (theirs, False)):
        await panel.result("subscribe")
        [shown] = (await panel.event("snapshot"))["cases"]
        assert shown["offer"]["first"]
        assert shown["offer"]["first_is_you"] is is_theirs


async def test_answer_in_words_and_decline(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    case: Case,
) -> None:
    """Words are a draft that waits for approve; a decline ends the case."""
    fields = {"case_id": case.case_id, "text": "Come by at six."}
    assert (await panel.result("answer", **fields))["case"]["state"] == "drafting"
    answered = await offered(manager, case.case_id)
    [shown] = (await subscribed(panel))["cases"]
    assert shown["draft"]["text"] == fields["text"]
    assert shown["draft"]["media_type"] == "text/plain"
    assert shown["draft"]["camera_id"] is None
    assert shown["draft"]["video"] is None
    assert answered.offer
    assert await panel.error("answer", **{**fields, "text": " "}) == "text_blank"
    assert await panel.error("pickup_key", case_id=case.case_id, recipient="x") == (
        "recipient_malformed"
    )
    closed = (await panel.result("decline", case_id=case.case_id))["case"]
    assert (closed["state"], closed["closed"]) == ("closed", "declined")
    for command in ("decline", "undo"):
        assert await panel.error(command, case_id=case.case_id) == "case_moved_on"
    unknown = {"case_id": "a" * 26}
    assert await panel.error("answer", **unknown, text="x") == "case_not_found"


# --- looking back


async def test_history_and_ledger_are_paged(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """A page at a time, newest first, each thing once, and an end."""
    await manager.async_set_accepting(False, None)
    ids = [(await act(hass, "submit_request", **ASKING))["case_id"] for _ in range(5)]
    for case_id in ids:
        await case_in(manager, case_id, CaseState.CLOSED)
    seen, cursor = [], None
    for _ in range(3):
        page = await panel.result("history", before=cursor, limit=2)
        seen += [case["case_id"] for case in page["cases"]]
        cursor = page["next"]
    assert seen == ids[::-1]
    assert cursor is None
    assert page["cases"][0]["closed"] == "switched_off"

    first = await panel.result("ledger", limit=4)
    assert first["fault"] is None
    assert first["head"] == {key: first["entries"][0][key] for key in ("seq", "digest")}
    rest = await panel.result("ledger", before=first["entries"][-1]["seq"], limit=200)
    numbers = [each["seq"] for each in (*first["entries"], *rest["entries"])]
    assert numbers == list(range(first["head"]["seq"], 0, -1))
    assert rest["entries"][-1].keys() == example("ledger_entry").keys()


async def test_a_clip_that_was_sent_has_no_film_any_more(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """Its draft is gone: no path leads nowhere. One that is handed over is still here."""
    for asking, here in (({"recipient": KEY}, False), ({"hand_over": True}, True)):
        sent = (await act(hass, "submit_request", **ASKING, **asking))["case_id"]
        case = await offered(manager, sent)
        assert case.offer
        assert case.draft
        await panel.result(
            "approve", offer_id=case.offer.offer_id, sha256=case.draft.sha256
        )
        await case_in(manager, sent, CaseState.SHARED)
        shown = (await panel.result("history"))["cases"][0]
        assert shown["case_id"] == sent
        paths = [shown["draft"][kind] for kind in ("video", "still", "sheet")]
        assert all(paths) if here else paths == [None, None, None]
        assert shown["draft"]["sha256"] == case.draft.sha256


async def test_panel_hears_nothing_of_what_is_over_a_limit(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    panel: Panel,
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, object],
) -> None:
    """G9: nor is it in the history; the ledger has it."""
    await panel.result("subscribe")
    stranger = await hass_client_no_auth()
    for _ in range(8):
        key = str(x25519.Identity.generate().to_public())
        sent = await stranger.post(ASK, json={**body, "recipient": key})
        assert sent.status == 202
    while manager.busy:
        await asyncio.sleep(0.01)
    page = await panel.result("history")
    assert len(page["cases"]) == 5
    told = [each["case"]["closed"] for each in panel.events if each["event"] == "case"]
    assert told
    assert "over_limit" not in told


async def test_history_can_be_searched(
    hass: HomeAssistant, entry: MockConfigEntry, manager: HomeManager, panel: Panel
) -> None:
    """By words, and by whether anything was shared."""
    await manager.async_set_accepting(False, None)
    for name in ("Bert", "Carla"):
        asking = {**ASKING, "name": name}
        sent = (await act(hass, "submit_request", **asking))["case_id"]
        await case_in(manager, sent, CaseState.CLOSED)
    page = await panel.result("history", search="BERT")
    assert [case["request"]["name"] for case in page["cases"]] == ["Bert"]
    assert page["next"] is None
    assert len((await panel.result("history", only="all"))["cases"]) == 2
    assert (await panel.result("history", only="shared"))["cases"] == []


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
