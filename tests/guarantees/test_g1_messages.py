"""G1 tap: valid messages of every kind but the one that approves leave no consent."""

from typing import Any, Final

from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.models import Case

from .conftest import Home

KEY: Final = str(x25519.Identity.generate().to_public())
# Of an approver, an admin who is none, and a guest: the code, or None where it works.
type Codes = tuple[str | None, str | None, str | None]
APPROVERS: Final = (None, "not_approver", "not_approver")
ADMINS_TOO: Final = (None, None, "not_approver")

ACTIONS: Final[dict[str, Codes]] = {
    "submit_request": APPROVERS,
    "get_requests": APPROVERS,
    "find_clips": APPROVERS,
    "prepare": APPROVERS,
    "decline": APPROVERS,
    "revoke": ("nothing_to_revoke", "not_approver", "not_approver"),
    "export_ledger": ADMINS_TOO,
    "ask_neighbours": ("no_hub_to_ask", "no_hub_to_ask", "not_approver"),
}
# What works once only.
AGAIN: Final = {"decline": "case_moved_on"}


def _action(name: str, case: Case) -> dict[str, Any]:
    """Return what an action wants, about a request that waits."""
    data: dict[str, dict[str, Any]] = {
        "submit_request": {
            "name": "Officer",
            "text": "A bicycle",
            "recipient": KEY,
            **_span(case),
        },
        "find_clips": _clip(case),
        "prepare": {"case_id": case.case_id, **_clip(case)},
        "decline": {"case_id": case.case_id},
        "revoke": {"delivery_id": "d" * 26},
        "ask_neighbours": {
            **_span(case),
            "title": "Bicycle gone",
            "text": "A red one",
        },
    }
    return data.get(name, {})


@pytest.mark.parametrize("name", ACTIONS)
async def test_a04_no_action_approves(
    home: Home, hass_ws_client: WebSocketGenerator, name: str
) -> None:
    """A-04: each does what it is for, or says why not; none leaves a consent."""
    case = await home.asked()
    data = _action(name, case)
    approver, admin, guest = ACTIONS[name]
    for member, code in ((home.guest, guest), (home.root, admin)):
        assert await _call(home, hass_ws_client, member.token, name, data) == code
    await _nobody_consented(home)
    assert await home.case(case) == case
    assert await _call(home, hass_ws_client, home.ben.token, name, data) == approver
    again = AGAIN.get(name, approver)
    assert await _call(home, hass_ws_client, home.anna.token, name, data) == again
    if again is None:  # an automation's, which is nobody's
        await home.hass.services.async_call(
            *("clip_consent", name, data),
            blocking=True,
            return_response=name not in SILENT,
        )
    await _nobody_consented(home)


async def test_a04_no_action_is_left_out(home: Home) -> None:
    """A-04: a new one has to be told what it may do."""
    assert home.hass.services.async_services()["clip_consent"].keys() == ACTIONS.keys()


@pytest.mark.parametrize("name", ACTIONS)
async def test_a04_no_action_takes_an_approval_along(
    home: Home, hass_ws_client: WebSocketGenerator, name: str
) -> None:
    """A-04: what names the offer, its bytes or a yes fits none of them."""
    case = await home.asked()
    assert case.offer
    right = _action(name, case)
    for more in (
        {"offer_id": case.offer.offer_id, "sha256": case.offer.sha256},
        {"approve": True},
        {"consent": "approve"},
    ):
        code = await _call(
            home, hass_ws_client, home.anna.token, name, {**right, **more}
        )
        assert code == "invalid_format"
    await home.refused(case, None)


SILENT: Final = ("decline", "revoke")


async def _call(
    home: Home,
    hass_ws_client: WebSocketGenerator,
    token: str,
    name: str,
    data: dict[str, Any],
) -> str | None:
    """Call an action as somebody; return its error: our code, or Home Assistant's."""
    message = {
        "type": "call_service",
        "domain": "clip_consent",
        "service": name,
        "service_data": data,
        "return_response": name not in SILENT,
    }
    return await _said(home, hass_ws_client, token, message)


async def _said(
    home: Home,
    hass_ws_client: WebSocketGenerator,
    token: str,
    message: dict[str, Any],
) -> str | None:
    """Send a message on a socket of somebody's own; return what `_code` makes of it."""
    socket = await hass_ws_client(home.hass, token)
    await socket.send_json_auto_id(message)
    answer = await socket.receive_json()
    await home.settle()
    await socket.close()
    return _code(answer)


def _code(answer: dict[str, Any]) -> str | None:
    """Return the code of an answer, None if it worked. It is told in words."""
    if answer["success"]:
        return None
    error = answer["error"]
    if error.get("translation_domain") == "clip_consent":
        assert error["code"] in ("service_validation_error", error["translation_key"])
        assert " " in error["message"]
        return str(error["translation_key"])
    return str(error["code"])


async def _nobody_consented(home: Home) -> None:
    """Check that of no request there is, whatever became of it, anything is out."""
    await home.settle()
    await home.nothing_leaves()
    cases, _ = await home.manager.reading.async_history(None, 50, None)
    assert cases
    for case in cases:
        assert case.delivery is None
        assert not case.delivered
    assert await home.ledger("approve_rejected") == []


def _span(case: Case) -> dict[str, str]:
    window = case.request.window
    return {"start": window.start.isoformat(), "end": window.end.isoformat()}


def _clip(case: Case) -> dict[str, str]:
    assert case.draft
    return {"camera_id": case.draft.choice.camera_id, **_span(case)}


COMMANDS: Final[dict[str, Codes]] = {
    "subscribe": (None, None, None),
    "find_clips": APPROVERS,
    "thumbnails": APPROVERS,
    "thumbnail_strip": APPROVERS,
    "key_times": APPROVERS,
    "prepare": APPROVERS,
    "undo": ("case_moved_on", "not_approver", "not_approver"),
    "decline": APPROVERS,
    "answer": APPROVERS,
    "pickup_key": ("key_already_set", "not_approver", "not_approver"),
    "history": APPROVERS,
    "ledger": ADMINS_TOO,
    "revoke": ("nothing_to_revoke", "not_approver", "not_approver"),
    "try_rules": ADMINS_TOO,
    "test_request": APPROVERS,
    "set_camera_masks": ("not_admin", "camera_not_found", "not_admin"),
    "neighbours": ADMINS_TOO,
    "ask_neighbours": ("no_hub_to_ask", "no_hub_to_ask", "not_approver"),
    "end_own_request": (*["own_request_not_found"] * 2, "not_approver"),
    "note_own_request": (*["own_request_not_found"] * 2, "not_approver"),
    "see_answers": (None, "not_approver", "not_approver"),
    "forget_own_request": ("own_request_not_found", "not_approver", "not_approver"),
    "notices": (None, None, None),
    "dismiss_notice": ("notice_not_found", "not_approver", "not_approver"),
    "comment": ("notice_not_found", "not_approver", "not_approver"),
    "send_notice": ("portal_not_found", "not_approver", "not_approver"),
    "take_back_notice": ("notice_not_found", "not_approver", "not_approver"),
}


HUB_COMMANDS: Final[dict[str, dict[str, Any]]] = {
    "subscribe": {},
    "publish": {"item_id": "id"},
    "refuse": {"item_id": "id", "reason": "against_rules"},
    "redact": {"n": 1, "why": "a name"},
    "post_notice": {"title": "Ice", "text": "On the steps"},
    "withdraw_notice": {"notice_id": "n" * 26},
    "comments": {"notice_id": "n" * 26},
}


NOTICE: Final = {"portal_id": "p", "notice_id": "n" * 26}


def _command(name: str, case: Case) -> dict[str, Any]:
    """Return what a command wants, about a request that waits."""
    of_case = {"case_id": case.case_id}
    tried = {"trust": "invited", "kind": "police", "text": "x", **_span(case)}
    camera_id = _clip(case)["camera_id"]
    data: dict[str, dict[str, Any]] = {
        "find_clips": _clip(case),
        "thumbnails": {
            **of_case,
            "camera_id": camera_id,
            "times": [_span(case)["start"]],
        },
        "thumbnail_strip": {**of_case, "camera_id": camera_id, "times": []},
        "key_times": {
            **of_case,
            "camera_id": camera_id,
            "at": _span(case)["start"],
        },
        "prepare": {**of_case, **_clip(case)},
        "undo": of_case,
        "decline": of_case,
        "answer": {**of_case, "text": "Come by at six."},
        "pickup_key": {**of_case, "recipient": KEY},
        "revoke": {"delivery_id": "d" * 26},
        "try_rules": {"request": tried},
        "test_request": {"recipient": KEY},
        "set_camera_masks": {"camera_id": "no camera", "masks": []},
        "ask_neighbours": {
            **_span(case),
            "title": "Bicycle gone",
            "text": "A red one",
            "radius": 400,
        },
        "end_own_request": {"request_id": "b" * 26, "how": "withdrawn"},
        "note_own_request": {"request_id": "b" * 26, "text": "More"},
        "see_answers": {},
        "forget_own_request": {"request_id": "b" * 26},
        "dismiss_notice": NOTICE,
        "comment": {**NOTICE, "text": "Seen it too."},
        "send_notice": {"portal_id": "p", "title": "Ice", "text": "On the steps"},
        "take_back_notice": {"written_id": "w" * 26},
    }
    return data.get(name, {})


async def _send(
    home: Home,
    hass_ws_client: WebSocketGenerator,
    token: str,
    name: str,
    data: dict[str, Any],
) -> str | None:
    """Send a command as somebody; return its error code, None if it worked."""
    message = {"type": f"clip_consent/{name}", **data}
    return await _said(home, hass_ws_client, token, message)


@pytest.mark.parametrize("name", COMMANDS)
async def test_a04_only_approve_consents_over_the_websocket(
    home: Home, hass_ws_client: WebSocketGenerator, name: str
) -> None:
    """A-04: every other command does what it is for, and leaves no consent."""
    case = await home.asked()
    data = _command(name, case)
    approver, admin, guest = COMMANDS[name]
    for member, code in ((home.guest, guest), (home.root, admin)):
        assert await _send(home, hass_ws_client, member.token, name, data) == code
    await _nobody_consented(home)
    assert await home.case(case) == case
    assert await _send(home, hass_ws_client, home.anna.token, name, data) == approver
    await _nobody_consented(home)


async def test_a04_no_command_is_left_out(home: Home) -> None:
    """A-04: a new one has to be told what it may do; one alone consents."""
    names = {
        name.removeprefix("clip_consent/")
        for name in home.hass.data["websocket_api"]
        if name.startswith("clip_consent/")
    }
    assert names == COMMANDS.keys() | {f"hub/{name}" for name in HUB_COMMANDS} | {
        "approve"
    }


@pytest.mark.parametrize("name", HUB_COMMANDS)
async def test_a04_no_command_of_a_hub_reaches_a_home(
    home: Home, hass_ws_client: WebSocketGenerator, name: str
) -> None:
    """A-04: what moderators decide is no matter of a home, named alike or not."""
    case = await home.asked()
    data = {
        key: case.case_id if value == "id" else value
        for key, value in HUB_COMMANDS[name].items()
    }
    await _send(home, hass_ws_client, home.anna.token, f"hub/{name}", data)
    await _nobody_consented(home)
    assert await home.case(case) == case


@pytest.mark.parametrize("name", COMMANDS)
async def test_a04_no_other_command_takes_an_approval_along(
    home: Home, hass_ws_client: WebSocketGenerator, name: str
) -> None:
    """A-04: what names the offer and its bytes fits no command but approve."""
    case = await home.asked()
    assert case.offer
    offer = {"offer_id": case.offer.offer_id, "sha256": case.offer.sha256}
    right = _command(name, case)
    for more in (offer, {"approve": True}):
        code = await _send(
            home, hass_ws_client, home.anna.token, name, {**right, **more}
        )
        assert code == "invalid_format"
    await home.refused(case, None)


async def test_a04_the_key_of_a_pickup_link_is_no_consent(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    """A-04: an approver who makes the key has still to approve; another key is late."""
    case = await home.asked()
    keyless = await home.hass.services.async_call(
        *("clip_consent", "submit_request"),
        {"name": "Officer", "text": "A bicycle", **_span(case)},
        blocking=True,
        return_response=True,
    )
    await home.settle()
    assert keyless
    data = {"case_id": keyless["case_id"], "recipient": KEY}
    answers = [
        await _send(home, hass_ws_client, home.anna.token, "pickup_key", data)
        for _ in range(2)
    ]
    assert answers == [None, "key_already_set"]
    await _nobody_consented(home)
