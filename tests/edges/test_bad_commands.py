"""Bad input at every door inside: a message that people can read, and nothing else.

Every command and action is given every field of every wrong kind, with a case that is
really there and with one that is not. Home Assistant's own check of a shape, or a code
of ours with a sentence in the translations; never an unknown error.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from copy import deepcopy
from datetime import timedelta
import json
import logging
from pathlib import Path
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)
import voluptuous as vol

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.subentry_rule import EVERYTHING

from .conftest import FILM_START
from .undisturbed import ASK, NOBODY, Body

EN = Path("custom_components/clip_consent/translations/en.json")
SENTENCES: dict[str, Any] = json.loads(EN.read_text(encoding="utf-8"))["exceptions"]

type Waiting = Callable[[], Awaitable[Case]]
type Message = dict[str, Any]

NO_TEXT: list[Any] = [None, True, 0, -1, 1.5, 2**63, [], ["a"], {}, {"a": 1}]
ODD_TEXT: list[Any] = ["", " ", "x" * 3000, "\u0000", "\u202e", "../..", "' OR 1=1 --"]
NO_LINE: list[Any] = [*NO_TEXT, "x" * 128, "a\nb", "\u0000", "\u202e"]
NO_TIME: list[Any] = [
    *NO_TEXT,
    *ODD_TEXT,
    *("yesterday", "2026-02-30T00:00:00Z", "2026-01-01", "24:00"),
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00"),
    *(
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59.999999-14:00",
        "9999-12-31T23:59:59",
    ),
    *("1969-12-31T23:59:59Z", "2026-01-01T00:00:00+99:99"),
]
NO_ID: list[Any] = [*NO_TEXT, *ODD_TEXT, NOBODY, "B" * 26, "\u0662" * 26]
NO_KEY: list[Any] = [*NO_TEXT, *ODD_TEXT, "age1" + "q" * 58, "AGE-SECRET-KEY-1"]
NO_CHOICE: list[Any] = [*NO_TEXT, *ODD_TEXT, "martian"]
NO_FLAG: list[Any] = [None, 1.5, 2**63, [], {}, "", "perhaps", "\u0000"]
NO_SWITCH: list[Any] = [None, [], {}, "", "perhaps", "\u0000"]
NO_COUNT: list[Any] = [0, -1, 1.5, 2**63, 2**70, 10**30, [], {}, "", "many", None]


NO_MASKS: list[Any] = [
    *(None, True, 0, 1.5, "x", "0 0 1 1", {}, {"a": 1}, [0, 0, 1, 1], [None], [[]]),
    *([[0, 0, 1]], [[0, 0, 1, 1, 1]], [[0, 0, 1.5, 1]], [[0, 0, "1", 1]]),
    *([[0, 0, True, 1]], [[-1, 0, 1, 1]], [[0, 0, 1, 10_001]], [[5, 0, 5, 1]]),
    *([[0, 9, 1, 8]], [[0, 0, 2**70, 1]], [[n, n, n + 1, n + 1] for n in range(17)]),
    [[0, 0, 1, 1]] * 100_000,
]
NO_RADIUS: list[Any] = [True, 0, -1, 143, 643, 1e300, 2**63, [], {}, "250", "x"]
NO_METRES: list[Any] = [None, True, 0, -1, 1e300, [], {}, "", "x", "nan"]
NO_DEGREES: list[Any] = [None, 181, -181, 1e300, [], {}, "", "x", "nan", "-inf"]
NO_DISTANCE: list[Any] = [None, True, -1, 200_001, 1e300, 2**63, [], {}, "9"]
AROUND: dict[str, Any] = {"area_radius": 250}
AREA: dict[str, Any] = {"latitude": 52.1, "longitude": 4.3, "radius": 250}


@pytest.fixture
async def case(
    manager: HomeManager,
    hass_client_no_auth: ClientSessionGenerator,
    body: Body,
    waiting: Waiting,
) -> Case:
    """Return a case that waits for an answer."""
    await (await hass_client_no_auth()).post(ASK, json=body)
    await waiting()
    while manager.busy:  # the approvers are still being told
        await asyncio.sleep(0.01)
    return await waiting()


@pytest.fixture
def camera_id(manager: HomeManager) -> str:
    """Return the one camera."""
    return next(iter(manager.cameras))


def _span(seconds: int = 9) -> dict[str, str]:
    start = FILM_START + timedelta(seconds=20)
    return {
        "start": start.isoformat(),
        "end": (start + timedelta(seconds=seconds)).isoformat(),
    }


TIMES = {"start": NO_TIME, "end": NO_TIME}


def _commands(case: Case, camera_id: str) -> dict[str, tuple[Message, Message]]:
    """Return each command as it would be right, and what to put wrong in its fields."""
    assert case.offer
    assert case.draft
    of_case = {"case_id": case.case_id}
    choice = {**of_case, "camera_id": camera_id, **_span()}
    wrong_choice = {"case_id": NO_ID, "camera_id": NO_ID, **TIMES}
    tried = {
        "trust": "invited",
        "kind": "other",
        "case_number": "",
        "text": "x",
        **_span(70),
    }
    return {
        "find_clips": (
            {"camera_id": camera_id, **_span()},
            {"camera_id": NO_ID, **TIMES},
        ),
        "thumbnails": (
            {**of_case, "camera_id": camera_id, "times": [_span()["start"]]},
            {
                "case_id": NO_ID,
                "camera_id": NO_ID,
                "times": [
                    *NO_TEXT,
                    [_span()["start"]] * 25,
                    *([each] for each in NO_TIME),
                ],
            },
        ),
        "thumbnail_strip": (
            {**of_case, "camera_id": camera_id, "times": [_span()["start"]]},
            {
                "case_id": NO_ID,
                "camera_id": NO_ID,
                "times": [
                    *NO_TEXT,
                    [_span()["start"]] * 25,
                    *([each] for each in NO_TIME),
                ],
            },
        ),
        "key_times": (
            {**of_case, "camera_id": camera_id, "at": _span()["start"]},
            {"case_id": NO_ID, "camera_id": NO_ID, "at": NO_TIME},
        ),
        "prepare": (
            choice,
            {
                **wrong_choice,
                "audio": NO_FLAG,
                "playable": NO_FLAG,
                "identity": NO_LINE,
                "exact": NO_FLAG,
                "masks": NO_MASKS,
            },
        ),
        "approve": (
            {"offer_id": case.offer.offer_id, "sha256": case.draft.sha256},
            {"offer_id": NO_ID, "sha256": [*NO_ID, "0" * 64]},
        ),
        "undo": (of_case, {"case_id": [*NO_ID, case.case_id]}),
        "decline": (of_case, {"case_id": NO_ID}),
        "answer": (
            {**of_case, "text": "No"},
            {
                "case_id": NO_ID,
                "text": [*NO_TEXT, "", " ", "x" * 3000, "\u0000", "\u202e"],
                "identity": NO_LINE,
            },
        ),
        "pickup_key": (
            {**of_case, "recipient": "x"},
            {"case_id": NO_ID, "recipient": NO_KEY},
        ),
        "history": (
            {"before": None, "limit": 20},
            {
                "before": ["x", [], {}, "1e999x"],
                "limit": [*NO_COUNT, 51],
                "search": [*NO_TEXT, *ODD_TEXT, "x" * 201, "\u0130" * 200],
                "only": NO_CHOICE,
                "camera_id": NO_TEXT,
                "since": NO_TIME,
                "until": NO_TIME,
            },
        ),
        "ledger": (
            {"before": None, "limit": 20},
            {
                "before": [1.5, 2**63, 2**70, 10**30, "x", [], {}],
                "limit": [*NO_COUNT, 201],
                "kinds": [None, 1, "x", {}, [1], [None], ["x" * 41], ["x"] * 41],
                "case_id": [1, True, [], {}, *ODD_TEXT],
                "since": [each for each in NO_TIME if each is not None],
                "until": [each for each in NO_TIME if each is not None],
            },
        ),
        "revoke": ({"delivery_id": NOBODY}, {"delivery_id": NO_ID}),
        "try_rules": (
            {"request": tried},
            {
                "request": [
                    *(1.5, "x", ["a"], {"a": 1}),
                    *({**tried, "trust": each} for each in NO_CHOICE),
                    *({**tried, "kind": each} for each in NO_CHOICE),
                    *({**tried, "text": each} for each in NO_TEXT),
                    *({**tried, "case_number": each} for each in NO_TEXT),
                    *({**tried, "start": each} for each in NO_TIME),
                    *({**tried, "end": each} for each in NO_TIME),
                    *({**tried, "received_at": each} for each in NO_TIME if each),
                    *({**tried, "cameras": each} for each in ("x", 1, [1], ["x"] * 51)),
                    *({**tried, "area_radius": each} for each in NO_RADIUS),
                    *({**tried, **AROUND, "distance": each} for each in NO_DISTANCE),
                    *({**tried, "more": 1}, {}),
                ]
            },
        ),
        "test_request": ({"recipient": "x"}, {"recipient": NO_KEY}),
        "ask_neighbours": (
            {**_span(900), "title": "Bike", "text": "Gone", "radius": 400},
            {
                **TIMES,
                "title": [*NO_TEXT, *ODD_TEXT],
                "text": [*NO_TEXT, *ODD_TEXT],
                "radius": [*NO_RADIUS, None],
                "camera_id": [*NO_TEXT[1:], *ODD_TEXT],
                "portal_id": [*NO_TEXT[1:], *ODD_TEXT],
            },
        ),
        "end_own_request": (
            {"request_id": NOBODY, "how": "withdrawn"},
            {"request_id": NO_ID, "how": NO_CHOICE},
        ),
        "note_own_request": (
            {"request_id": NOBODY, "text": "More"},
            {"request_id": NO_ID, "text": [*NO_TEXT, *ODD_TEXT]},
        ),
        "forget_own_request": ({"request_id": NOBODY}, {"request_id": NO_ID}),
        "set_camera_masks": (
            {"camera_id": camera_id, "masks": []},
            {
                "camera_id": [*NO_ID, case.case_id],
                "masks": NO_MASKS,
                "add": NO_FLAG,
            },
        ),
        "dismiss_notice": (
            {"portal_id": NOBODY, "notice_id": NOBODY},
            {"portal_id": NO_ID, "notice_id": NO_ID},
        ),
        "comment": (
            {"portal_id": NOBODY, "notice_id": NOBODY, "text": "No"},
            {
                "portal_id": NO_ID,
                "notice_id": NO_ID,
                "text": [*NO_TEXT, *ODD_TEXT],
                "identity": NO_LINE,
            },
        ),
        "send_notice": (
            {"portal_id": NOBODY, "title": "Ice", "text": "On the steps"},
            {
                "portal_id": NO_ID,
                "title": [*NO_TEXT, *ODD_TEXT],
                "text": [*NO_TEXT, *ODD_TEXT],
                "cells": [*NO_TEXT, "u33db", ["x"] * 10],
            },
        ),
        "take_back_notice": ({"written_id": NOBODY}, {"written_id": NO_ID}),
    }


COMMANDS = [
    *("find_clips", "thumbnails", "thumbnail_strip", "key_times", "prepare"),
    *(
        "approve",
        "undo",
        "decline",
        "answer",
        "pickup_key",
        "history",
        "ledger",
        "revoke",
        "try_rules",
        "test_request",
        "set_camera_masks",
        "ask_neighbours",
        "end_own_request",
        "note_own_request",
        "forget_own_request",
    ),
    *("dismiss_notice", "comment", "send_notice", "take_back_notice"),
]
# what may also be right, or right for some other case: answered, but nothing changes
READS = {
    *("find_clips", "thumbnails", "thumbnail_strip", "key_times"),
    *("history", "ledger", "try_rules"),
}


def _wrongly(right: Message, wrong: Message) -> Iterator[Message]:
    """Yield a command with each field wrong in each way, and with each left out."""
    for field, values in wrong.items():
        for value in values:
            yield {**deepcopy(right), field: value}
        if field in right and right[field] is not None:
            yield {name: value for name, value in right.items() if name != field}
    yield {**right, "and": "more"}


def _readable(code: str, message: str, key: str | None) -> bool:
    """Tell whether an error says what is wrong: Home Assistant's words, or ours."""
    if code == "invalid_format":
        return bool(message)
    known = code in SENTENCES and key == code
    return known and message != code and "{" not in message


@pytest.fixture
async def unchanged(manager: HomeManager, case: Case) -> Callable[[], Awaitable[None]]:
    """Return a check that nothing was changed since."""
    cases = manager.reading.open_cases()
    entries, _ = await manager.reading.async_export_ledger(None)

    async def check() -> None:
        assert manager.reading.open_cases() == cases
        now, _ = await manager.reading.async_export_ledger(None)
        more = [entry.kind for entry in now[len(entries) :]]
        assert set(more) <= {"approve_rejected"}

    return check


@pytest.mark.parametrize("name", COMMANDS)
async def test_each_command_with_each_field_wrong(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    case: Case,
    camera_id: str,
    unchanged: Callable[[], Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    """A code and a sentence, no unknown error, no changed case, no line in the log."""
    panel = await hass_ws_client(hass)
    right, wrong = _commands(case, camera_id)[name]
    refused = 0
    for message in _wrongly(right, wrong):
        await panel.send_json_auto_id({"type": f"{DOMAIN}/{name}", **message})
        while (answer := await panel.receive_json())["type"] == "event":
            assert name == "thumbnail_strip"  # pictures of one that was right
        if answer["success"]:
            assert name in READS, message
            continue
        refused += 1
        error = answer["error"]
        readable = _readable(
            error["code"], error["message"], error.get("translation_key")
        )
        assert readable, (message, error)
    assert refused >= 12
    await unchanged()
    await panel.close()  # pictures that are still being made end with who asked
    await hass.async_block_till_done(wait_background_tasks=True)
    loud = [each for each in caplog.records if each.levelno >= logging.ERROR]
    # Home Assistant itself says that a message did not fit a command
    ours = [each for each in loud if "Error during service call" not in each.message]
    assert not [each for each in ours if each.exc_info], [e.message for e in loud]


def test_no_command_is_left_out() -> None:
    """A new command has to be added here."""
    from custom_components.clip_consent import websocket, websocket_notices

    there = {**vars(websocket), **vars(websocket_notices)}
    names = {name.removeprefix("ws_") for name in there if name[:3] == "ws_"}
    names |= {
        each.__name__.removeprefix("ws_") for each in websocket.NEIGHBOUR_COMMANDS
    }
    without_fields = {"subscribe", "neighbours", "notices", "see_answers"}
    assert names - without_fields == set(COMMANDS)


@pytest.mark.parametrize(
    "message",
    [
        {"type": f"{DOMAIN}/nothing"},
        {"type": f"{DOMAIN}/"},
        {"type": f"{DOMAIN}/subscribe", "case_id": "x"},
        {"type": f"{DOMAIN}/approve/../undo"},
        {"type": DOMAIN},
    ],
)
async def test_commands_that_are_none(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    entry: MockConfigEntry,
    message: Message,
) -> None:
    """Home Assistant refuses what is no command."""
    panel = await hass_ws_client(hass)
    await panel.send_json_auto_id(message)
    answer = await panel.receive_json()
    assert not answer["success"]
    assert answer["error"]["code"] in ("unknown_command", "invalid_format")


async def test_a_long_text_to_try_rules_on_is_refused(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    entry: MockConfigEntry,
) -> None:
    """G9: comparing words takes time; no requester may send so many."""
    panel = await hass_ws_client(hass)
    request = {"trust": "invited", "kind": "other", **_span(), "text": "x " * 1_000_000}
    await panel.send_json_auto_id({"type": f"{DOMAIN}/try_rules", "request": request})
    answer = await panel.receive_json()
    assert answer["error"]["code"] == "invalid_format"


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("0001-01-02T00:00:00Z", "9999-12-30T00:00:00Z", "window_too_long"),
        ("2026-01-01T00:00:00Z", "2026-01-01T12:00:01Z", "window_too_long"),
        ("2026-01-01T00:01:00Z", "2026-01-01T00:00:00Z", "window_end_before_start"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:59Z", "window_too_short"),
        ("9999-12-31T22:00:00Z", "9999-12-31T23:59:59Z", "window_in_future"),
        ("1971-01-01T00:00:00Z", "1971-01-01T01:00:00Z", "window_too_old"),
        ("0001-01-01T00:00:00Z", "0001-01-01T01:00:00Z", "window_too_old"),
    ],
)
async def test_rules_are_tried_on_requests_that_could_come(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    entry: MockConfigEntry,
    start: str,
    end: str,
    code: str,
) -> None:
    """G9: a rule about hours looks at each day of a window, so there are few."""
    rule = ConfigSubentry(
        subentry_type="rule",
        title="At night",
        unique_id=None,
        data=MappingProxyType(
            {
                **EVERYTHING,
                "order": 1,
                "footage_from": "22:00:00",
                "footage_to": "06:00:00",
            }
        ),
    )
    hass.config_entries.async_add_subentry(entry, rule)
    await hass.async_block_till_done()
    panel = await hass_ws_client(hass)
    request = {"trust": "invited", "kind": "other", "start": start, "end": end}
    await panel.send_json_auto_id({"type": f"{DOMAIN}/try_rules", "request": request})
    error = (await panel.receive_json())["error"]
    assert error["code"] == code
    assert _readable(code, error["message"], error["translation_key"])


# --- actions


def _actions(case: Case, camera_id: str) -> dict[str, tuple[Message, Message]]:
    start = FILM_START + timedelta(seconds=20)
    submit = {"name": "Anna", "text": "My bicycle", **_span()}
    submit["end"] = (start + timedelta(seconds=70)).isoformat()
    words = [None, [], {}, "", " ", "x" * 3000, "\u0000", "\u202e"]
    return {
        "submit_request": (
            submit,
            {
                "name": words,
                "text": words,
                **TIMES,
                "kind": NO_CHOICE,
                "contact": [None, [], {}, "x" * 3000, "\u0000", "\u202e"],
                "case_number": [None, [], {}, "12", "x" * 3000, "\u0000"],
                "label": [None, [], {}, "x" * 128],
                "area": [
                    *(None, True, "x", 5, [], {}, [AREA], {**AREA, "more": 1}),
                    *({**AREA, "latitude": each} for each in NO_DEGREES),
                    *({**AREA, "longitude": each} for each in NO_DEGREES),
                    *({**AREA, "radius": each} for each in NO_METRES),
                ],
                "recipient": NO_KEY,
                "upload_url": [
                    *(None, [], {}, "", "x", "https://upload.example", "file:///etc"),
                    *("http://127.0.0.1:1/", "ftp://a.example/", "https://[::1"),
                ],
                "upload_protocol": NO_CHOICE,
                "hand_over": NO_SWITCH,
                "approve": [True],
            },
        ),
        "get_requests": (
            {"state": []},
            {"state": [*NO_CHOICE, ["waiting", "martian"]]},
        ),
        "find_clips": (
            {"camera_id": camera_id, **_span()},
            {"camera_id": NO_ID, **TIMES},
        ),
        "prepare": (
            {"case_id": case.case_id, "camera_id": camera_id, **_span()},
            {
                "case_id": NO_ID,
                "camera_id": NO_ID,
                **TIMES,
                "audio": NO_SWITCH,
                "exact": NO_SWITCH,
                "masks": NO_MASKS,
            },
        ),
        "decline": ({"case_id": case.case_id}, {"case_id": NO_ID}),
        "revoke": ({"delivery_id": NOBODY}, {"delivery_id": [*NO_ID, case.case_id]}),
        "export_ledger": ({}, {}),
        "ask_neighbours": (
            {**_span(900), "title": "Bicycle gone", "text": "A red one"},
            {
                **TIMES,
                "title": words,
                "text": words,
                "portal": [None, [], {}, "x"],
                "camera_id": NO_ID,
                "radius": [*NO_METRES, 20],
                "area": [None, True, "x", 5, [], {}, {**AREA, "more": 1}],
            },
        ),
    }


ACTIONS = [
    *("submit_request", "get_requests", "find_clips", "prepare", "decline", "revoke"),
    *("export_ledger", "ask_neighbours"),
]


async def _refusal(
    hass: HomeAssistant, name: str, data: Message
) -> HomeAssistantError | vol.Invalid | None:
    """Return why an action is refused; anything else that it raises is a fault."""
    answers = hass.services.supports_response(DOMAIN, name).value != "none"
    try:
        await hass.services.async_call(
            DOMAIN, name, data, blocking=True, return_response=answers
        )
    except (HomeAssistantError, vol.Invalid) as err:
        return err
    return None


@pytest.mark.parametrize("name", ACTIONS)
async def test_each_action_with_each_field_wrong(
    hass: HomeAssistant,
    case: Case,
    camera_id: str,
    unchanged: Callable[[], Awaitable[None]],
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    """A translated error, or Home Assistant's own of the shape; nothing is changed."""
    right, wrong = _actions(case, camera_id)[name]
    refused = 0
    for data in _wrongly(right, wrong):
        error = await _refusal(hass, name, data)
        if error is None:
            assert name in ("get_requests", "find_clips"), data
            continue
        refused += 1
        if isinstance(error, HomeAssistantError):
            assert error.translation_domain == DOMAIN, (data, error)
            assert error.translation_key in SENTENCES, (data, error)
        else:
            assert str(error)
    assert refused >= (1 if name == "export_ledger" else 8)
    await unchanged()
    assert not [each for each in caplog.records if each.exc_info]


def test_no_action_is_left_out() -> None:
    """A new action has to be added here."""
    from custom_components.clip_consent.services import _ACTIONS

    assert {name for name, *_ in _ACTIONS} == set(ACTIONS)
