"""The panel's commands: what each does, refuses, and for whom."""

from dataclasses import replace
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.home.manager import HomeManager
from tests.interfaces import example, rows, words

from .acting import (
    ASKING,
    SHORT,
    SPAN,
    Panel,
    act,
    case_in,
    login,
    other_admin,
    plain_user,
    reading_user,
)
from .panels import KEY, MADE_UP, case, panel, subscribed

__all__ = ["case", "panel"]  # fixtures, used by name

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
    "note_own_request": {"request_id": "b" * 26, "text": "More"},
    "see_answers": {},
    "forget_own_request": {"request_id": "b" * 26},
    "set_camera_masks": {"camera_id": "CAMERA", "masks": []},  # starts it anew
}

# of those, what this home, which follows no hub, answers to whoever may
NO_HUB: Final = {
    "ask_neighbours": "no_hub_to_ask",
    "end_own_request": "own_request_not_found",
    "note_own_request": "own_request_not_found",
}


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
