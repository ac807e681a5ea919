"""G1 tap: of all that can fire an event or call an action, only a tap approves.

Each test holds the real token of the owner's push against one way to use it (A-01 to
A-03, A-10). Doors without a token stand in `test_g1_doors.py`, what a tap is bound to
in `test_g1_bound.py`, who may tap in `test_g1_people.py`.
"""

from collections.abc import Callable
from datetime import timedelta

from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.core import Context, EventOrigin
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.models import CaseState, Means
from custom_components.clip_consent.home.push_payload import ACTION_PREFIX
from custom_components.clip_consent.home.world import RandomIds
from tests.phones import TAP_EVENT, register

from .conftest import Home, Member

GUESSES = 10_000


async def test_a_tap_sends_exactly_what_was_shown(home: Home) -> None:
    """The control of all tests here: the approver's own tap lets the clip out."""
    case = await home.asked()
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    delivery = (await home.case(case)).delivery
    assert delivery
    assert case.offer
    assert delivery.consent.sha256 == case.offer.sha256
    assert delivery.consent.recipient == home.body["recipient"]
    assert delivery.consent.means is Means.PUSH
    assert await home.deliveries() == []
    await home.pass_time()
    assert len(await home.deliveries()) == 1


async def test_a01_other_users_phone(home: Home) -> None:
    """A-01: a read-only user registers a phone and sends the owner's real token."""
    case = await home.asked()
    phone = await register(
        home.guest.client, home.public, home.relay, home.hass, name="Guest's", ios=True
    )
    await phone.tap(home.iphone.key("Approve"))
    await home.refused(case, "recipient")
    assert phone.pushes == []


async def test_a01_other_approvers_phone(home: Home) -> None:
    """A-01: even another approver's phone cannot use a token that is not his."""
    case = await home.asked()
    await home.pixel.tap(home.iphone.key("Approve"))
    await home.refused(case, "recipient")


async def test_a02_guesses(home: Home) -> None:
    """A-02: 10,000 guesses hit nothing, push nothing and cost one ledger line.

    The first came by the phone; the others are the events that its webhook makes.
    """
    case = await home.asked()
    phone = await register(
        home.guest.client, home.public, home.relay, home.hass, name="Guest's", ios=False
    )
    lines, pushes = len(await home.ledger()), len(home.relay.received)
    ids = RandomIds()
    await phone.tap(f"{ACTION_PREFIX}{ids.new_id()}")
    for guess in range(1, GUESSES):
        home.hass.bus.async_fire(
            TAP_EVENT,
            {"action": f"{ACTION_PREFIX}{ids.new_id()}"},
            EventOrigin.remote,
            Context(user_id=home.guest.user.id),
        )
        if guess % 500 == 0:
            await home.hass.async_block_till_done()
    await home.settle()
    assert len(await home.ledger()) == lines + 1
    assert len(home.relay.received) == pushes

    home.clock.go_on(timedelta(seconds=61))
    await phone.tap(f"{ACTION_PREFIX}{ids.new_id()}")
    await home.refused(case, "unknown_token")
    assert await home.clauses() == ["unknown_token"] * 2


@pytest.mark.parametrize("change", [str.lower, str.upper, " {}".format, "{}x".format])
async def test_a02_nearly_the_token(home: Home, change: Callable[[str], str]) -> None:
    """A-02: a token that is almost right is as wrong as any other."""
    case = await home.asked()
    token = home.iphone.key("Approve").removeprefix(ACTION_PREFIX)
    changed = change(token)
    await home.iphone.tap(f"{ACTION_PREFIX}{changed}")
    if changed == token:  # they are lower-case: this one is the right one
        await home.settle()
        assert (await home.case(case)).delivery
    else:
        await home.refused(case, "unknown_token")


NO_KEYS = [
    *(None, 7, ["CLIP_CONSENT_"], {"a": 1}, "", "URI"),
    # what JSON can carry and no encoding can, and letters that no key has
    *("CLIP_CONSENT_\ud800", "CLIP_CONSENT_\u0661", "CLIP_CONSENT_\u202e"),
]


@pytest.mark.parametrize("action", NO_KEYS)
async def test_a02_what_is_no_key_is_not_even_looked_up(
    home: Home, action: object, caplog: pytest.LogCaptureFixture
) -> None:
    """Actions that are not ours, or no text at all, leave no trace and no error."""
    case = await home.asked()
    await home.iphone.fire(TAP_EVENT, {"action": action})
    await home.iphone.fire(TAP_EVENT, {})
    assert not [each for each in caplog.records if each.exc_info]
    await home.refused(case, None)
    assert await home.clauses() == []


@pytest.mark.parametrize(
    "event_type",
    [
        "mobile_app_notification_cleared",
        "mobile_app_notification_received",
        "ios.notification_action_fired",
    ],
)
async def test_a03_other_events_with_the_token(home: Home, event_type: str) -> None:
    """Android tells of swiped pushes with all their keys: that is no tap."""
    case = await home.asked()
    await home.iphone.fire(event_type, {"action": home.iphone.key("Approve")})
    await home.refused(case, None)
    assert await home.clauses() == []


async def test_a03_websocket_event_by_an_admin(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    """A-03: an admin's `fire_event` is local, so it is no phone's."""
    case = await home.asked()
    await _fire_by_websocket(home, hass_ws_client, home.root)
    await home.refused(case, "origin")


async def test_a03_websocket_event_by_the_recipient(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    """A-03: not even if that admin is the approver whose token it is."""
    await _make_admin(home, home.anna)
    case = await home.asked()
    await _fire_by_websocket(home, hass_ws_client, home.anna)
    await home.refused(case, "origin")


async def _fire_by_websocket(
    home: Home, hass_ws_client: WebSocketGenerator, member: Member
) -> None:
    socket = await hass_ws_client(home.hass, member.token)
    await socket.send_json_auto_id(
        {
            "type": "fire_event",
            "event_type": TAP_EVENT,
            "event_data": {"action": home.iphone.key("Approve")},
        }
    )
    assert (await socket.receive_json())["success"]


async def _make_admin(home: Home, member: Member) -> None:
    await home.hass.auth.async_update_user(member.user, group_ids=[GROUP_ID_ADMIN])


async def _fire_by_rest(home: Home, member: Member) -> int:
    response = await member.client.post(
        f"/api/events/{TAP_EVENT}", json={"action": home.iphone.key("Approve")}
    )
    return response.status


async def test_a03_rest_event_by_an_admin(home: Home) -> None:
    """A-03: an admin who is not the recipient cannot approve over REST."""
    case = await home.asked()
    assert await _fire_by_rest(home, home.root) == 200
    await home.refused(case, "recipient")


async def test_a03_rest_event_by_others(home: Home) -> None:
    """A-03: who is no admin cannot even fire it, the recipient included."""
    case = await home.asked()
    assert await _fire_by_rest(home, home.guest) == 401
    assert await _fire_by_rest(home, home.anna) == 401
    await home.refused(case, None)
    assert await home.clauses() == []


async def test_a03_rest_event_by_the_recipient_equals_a_tap(home: Home) -> None:
    """A-03, the named exception: an approver's own admin token can tap for them."""
    await _make_admin(home, home.anna)
    case = await home.asked()
    assert await _fire_by_rest(home, home.anna) == 200
    await home.settle()
    assert (await home.case(case)).state is CaseState.CONSENTED
    [line] = await home.ledger("approved")
    assert line.data["means"] == "push"


async def test_a03_script_run_by_the_approver(home: Home) -> None:
    """A-03: a script carries its caller's name; its events are still local."""
    case = await home.asked()
    action = {"event": TAP_EVENT, "event_data": {"action": home.iphone.key("Approve")}}
    script = {"script": {"approve": {"sequence": [action]}}}
    assert await async_setup_component(home.hass, "script", script)
    response = await home.anna.client.post("/api/services/script/approve", json={})
    assert response.status == 200
    await home.refused(case, "origin")


async def test_a03_automation(home: Home) -> None:
    """A-03: an automation may decline, not approve."""
    case = await home.asked()
    automation = {
        "automation": {
            "triggers": [{"trigger": "event", "event_type": "go"}],
            "actions": [
                {
                    "event": TAP_EVENT,
                    "event_data": {"action": home.iphone.key("Approve")},
                }
            ],
        }
    }
    assert await async_setup_component(home.hass, "automation", automation)
    home.hass.bus.async_fire("go", context=Context(user_id=home.anna.user.id))
    await home.refused(case, "origin")


async def test_a03_remote_event_with_a_parent(home: Home) -> None:
    """A-03: what follows from something else is no tap, wherever it came from."""
    case = await home.asked()
    home.hass.bus.async_fire(
        TAP_EVENT,
        {"action": home.iphone.key("Approve")},
        EventOrigin.remote,
        Context(user_id=home.anna.user.id, parent_id=Context().id),
    )
    await home.refused(case, "parent")


async def test_a03_remote_event_of_nobody(home: Home) -> None:
    """A-03: an event without a user belongs to no recipient."""
    case = await home.asked()
    home.hass.bus.async_fire(
        TAP_EVENT, {"action": home.iphone.key("Approve")}, EventOrigin.remote
    )
    await home.refused(case, "recipient")


async def test_a10_forged_in_process(home: Home) -> None:
    """A-10, a documented limit: code in our process can claim to be anybody's phone.

    So every approver is told on the phone, the ledger says it, and any of them can take
    it back before a byte is out.
    """
    case = await home.asked()
    home.hass.bus.async_fire(
        TAP_EVENT,
        {"action": home.iphone.key("Approve")},
        EventOrigin.remote,
        Context(user_id=home.anna.user.id),
    )
    await home.settle()
    assert (await home.case(case)).state is CaseState.CONSENTED
    for phone in (home.iphone, home.pixel):
        assert phone.pushes[-1]["message"].startswith("Anna approved. Goes out at ")
        assert phone.titles() == ["Undo", "Review"]
    [line] = await home.ledger("approved")
    assert line.data["user_id"] == home.anna.user.id
    assert line.case_id == case.case_id

    await home.pixel.tap(home.pixel.key("Undo"))
    await home.settle()
    assert "took the approval back" in home.iphone.pushes[-2]["message"]
    assert home.iphone.titles() == ["Approve", "Review", "Decline"]  # as it waits again
    await home.pass_time()
    assert await home.deliveries() == []
    assert (await home.case(case)).state is CaseState.WAITING
