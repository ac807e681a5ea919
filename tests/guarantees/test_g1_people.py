"""G1 tap: who may tap, on which phone, and who sees the draft (A-07 to A-09, A-12)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from homeassistant.components.http.auth import async_sign_path
from homeassistant.core import Context, EventOrigin
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.clip_consent.core.models import Case, CaseState
from tests.phones import TAP_EVENT, FakePhone, register

from .conftest import Home, Member


def _approver_of(home: Home, member: Member) -> str:
    return next(
        one.subentry_id
        for one in home.entry.get_subentries_of_type("approver")
        if one.data["user_id"] == member.user.id
    )


async def _set(home: Home, member: Member, **changes: object) -> None:
    """Change one approver's settings."""
    subentry = home.entry.subentries[_approver_of(home, member)]
    home.hass.config_entries.async_update_subentry(
        home.entry, subentry, data={**subentry.data, **changes}
    )
    await home.hass.async_block_till_done()
    await home.settle()


async def _second_phone(home: Home, member: Member, *, ios: bool) -> FakePhone:
    return await register(
        member.client, home.public, home.relay, home.hass, name="Second", ios=ios
    )


# --- phones whose taps could be forged


async def test_a07_unencrypted_phone_cannot_approve(home: Home) -> None:
    """A-07: the relay knows all that such a tap needs, so its push has no Approve."""
    case = await home.asked()
    assert home.pixel.secret is None
    assert home.pixel.titles() == ["Review", "Decline"]
    assert home.pixel.key("Review") == "URI"
    assert home.iphone.titles() == ["Approve", "Review", "Decline"]
    await home.pixel.tap(home.pixel.key("Decline"))
    await home.settle()
    assert (await home.case(case)).state is CaseState.CLOSED
    await home.nothing_leaves()


async def test_a07_owner_says_a_tap_is_enough(home: Home) -> None:
    """A-07: after the opt-in it has one, and the ledger says since when, and for whom."""
    assert not await home.ledger("one_tap_exposed")
    await _set(home, home.ben, one_tap=[home.pixel.entry_id])
    [line] = await home.ledger("one_tap_exposed")
    assert line.data == {
        "user_id": home.ben.user.id,
        "phones": [home.pixel.entry_id],
    }
    case = await home.asked()
    assert home.pixel.titles() == ["Approve", "Review", "Decline"]
    await home.pixel.tap(home.pixel.key("Approve"))
    await home.settle()
    assert (await home.case(case)).state is CaseState.CONSENTED
    [approved] = await home.ledger("approved")
    assert approved.data["user_id"] == home.ben.user.id

    await home.restart()
    assert len(await home.ledger("one_tap_exposed")) == 1
    await _set(home, home.ben, one_tap=[])
    assert [one.data["phones"] for one in await home.ledger("one_tap_exposed")] == [
        [home.pixel.entry_id],
        [],
    ]


async def test_a07_opt_in_taken_back_after_the_push(home: Home) -> None:
    """A-07: the button is on the phone, but a tap on it is not enough any more."""
    await _set(home, home.ben, one_tap=[home.pixel.entry_id])
    case = await home.asked()
    token = home.pixel.key("Approve")
    await _set(home, home.ben, one_tap=[])
    await home.pixel.tap(token)
    await home.refused(await home.case(case), "unencrypted_phone")


async def test_a07_one_unencrypted_phone_of_the_same_user(home: Home) -> None:
    """A-07: any phone of a user can answer for any other: one that leaks spoils all."""
    await _second_phone(home, home.anna, ios=False)
    await home.asked()
    assert home.iphone.titles() == ["Review", "Decline"]


async def test_a07_unencrypted_phone_registered_after_the_push(home: Home) -> None:
    """A-07: it is judged at the tap, not at the push."""
    case = await home.asked()
    await _second_phone(home, home.anna, ios=False)
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.refused(case, "unencrypted_phone")


async def test_a07_control_second_encrypted_phone(home: Home) -> None:
    """The control of the tests before: another encrypted phone takes nothing away."""
    case = await home.asked()
    second = await _second_phone(home, home.anna, ios=True)
    await second.tap(home.iphone.key("Approve"))
    await home.settle()
    assert (await home.case(case)).state is CaseState.CONSENTED


async def test_a07_rule_wants_the_app(home: Home) -> None:
    """A rule's "confirm in the app" leaves no Approve on any phone."""
    await home.change("rule", confirm_in_app=True)
    await home.asked()
    assert home.iphone.titles() == ["Review", "Decline"]


# --- a phone by the name of the owner's


async def _registers(home: Home) -> FakePhone:
    return await register(
        home.guest.client, home.public, home.relay, home.hass, name="Anna's", ios=True
    )


async def _renames(home: Home) -> FakePhone:
    phone = await register(
        home.guest.client, home.public, home.relay, home.hass, name="Mine", ios=False
    )
    response = await home.public.post(
        f"/api/webhook/{phone.webhook_id}",
        json={
            "type": "update_registration",
            "data": {
                "app_data": {"push_token": "Mine", "push_url": home.relay.url},
                "app_version": "1",
                "device_name": "Anna's",
                "manufacturer": "Google",
                "model": "Pixel",
                "os_version": "16",
            },
        },
    )
    assert response.status == 200
    await home.hass.async_block_till_done()
    return phone


@pytest.mark.parametrize("take_the_name", [_registers, _renames])
async def test_a08_device_name_hijack(
    home: Home, take_the_name: Callable[[Home], Awaitable[FakePhone]]
) -> None:
    """A-08: the attacker's phone of that name gets no push and sees no draft."""
    attacker = await take_the_name(home)
    case = await home.asked()
    assert attacker.pushes == []
    assert home.iphone.pushes == []
    assert home.pixel.pushes != []
    issue = ir.async_get(home.hass).async_get_issue(
        "clip_consent", f"push_misaddressed_{home.iphone.entry_id}"
    )
    assert issue
    assert issue.translation_key == "push_misaddressed"
    assert issue.translation_placeholders == {"phone": "Anna's"}
    assert await _status(home.guest, _paths(case)[0]) == 404


async def test_a08_results_do_not_go_astray_either(home: Home) -> None:
    """A-08: nor do result, undo button and clearing reach a phone of the same name."""
    await home.asked()
    attacker = await _registers(home)
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    await home.pixel.tap(home.pixel.key("Undo"))
    await home.settle()
    [case] = home.manager.reading.open_cases()
    await home.manager.async_decline(case.case_id, home.ben.user.id)
    await home.settle()
    assert home.pixel.pushes[-1]["message"] == "clear_notification"
    assert attacker.pushes == []


# --- standing at the moment of the tap


async def _remove(home: Home) -> None:
    home.hass.config_entries.async_remove_subentry(
        home.entry, _approver_of(home, home.anna)
    )


async def _deactivate(home: Home) -> None:
    await home.hass.auth.async_deactivate_user(home.anna.user)


async def _make_local(home: Home) -> None:
    await home.hass.auth.async_update_user(home.anna.user, local_only=True)


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        (_remove, "not_approver"),
        (_deactivate, "inactive_user"),
        (_make_local, "local_only_user"),
    ],
)
async def test_a09_standing_lost_between_push_and_tap(
    home: Home, change: Callable[[Home], Awaitable[None]], clause: str
) -> None:
    """A-09: removed, deactivated or kept to the local network: the tap is refused."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    await change(home)
    await home.hass.async_block_till_done()
    await home.settle()
    # as the webhook fires it: that Home Assistant shuts it for some is not our check
    home.hass.bus.async_fire(
        TAP_EVENT,
        {"action": token},
        EventOrigin.remote,
        Context(user_id=home.anna.user.id),
    )
    await home.refused(await home.case(case), clause)


async def test_a09_user_is_gone(home: Home) -> None:
    """A-09: a user who was deleted is no approver, whatever the settings list."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    await home.hass.auth.async_remove_user(home.anna.user)
    await home.hass.async_block_till_done()
    home.hass.bus.async_fire(
        TAP_EVENT,
        {"action": token},
        EventOrigin.remote,
        Context(user_id=home.anna.user.id),
    )
    await home.refused(case, "not_approver")


@pytest.mark.parametrize("change", [_deactivate, _make_local])
async def test_a09_answers_of_lost_standing(
    home: Home, change: Callable[[Home], Awaitable[None]]
) -> None:
    """A deactivated user is not asked at all; a local one is, without Approve."""
    await change(home)
    await home.asked()
    if change is _deactivate:
        assert home.iphone.pushes == []
    else:
        assert home.iphone.titles() == ["Review", "Decline"]
    assert home.pixel.pushes != []


async def test_a09_two_approvers_tap_at_once(home: Home) -> None:
    """A-09: of two taps in the same moment exactly one is a consent."""
    await _set(home, home.ben, one_tap=[home.pixel.entry_id])
    case = await home.asked()
    await asyncio.gather(
        home.iphone.tap(home.iphone.key("Approve")),
        home.pixel.tap(home.pixel.key("Approve")),
    )
    await home.settle()
    [approved] = await home.ledger("approved")
    [clause] = await home.clauses()
    assert clause in ("void_token", "no_offer")
    delivery = (await home.case(case)).delivery
    assert delivery
    assert delivery.consent.user_id == approved.data["user_id"]
    await home.pass_time()
    assert len(await home.deliveries()) == 1


async def test_a09_approve_and_decline_at_once(home: Home) -> None:
    """A-09: whichever comes first stands, whole; the other changes nothing."""
    case = await home.asked()
    await asyncio.gather(
        home.pixel.tap(home.pixel.key("Decline")),
        home.iphone.tap(home.iphone.key("Approve")),
    )
    await home.settle()
    after = await home.case(case)
    approved = len(await home.ledger("approved"))
    assert (after.state, approved) in (
        (CaseState.CLOSED, 0),
        (CaseState.CONSENTED, 1),
    )
    await home.pass_time()
    assert len(await home.deliveries()) == approved


async def test_a09_undo_comes_too_late(home: Home) -> None:
    """What is out is out: a late Undo is recorded and changes nothing."""
    case = await home.asked()
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    undo = home.pixel.key("Undo")
    home.clock.go_on(timedelta(minutes=1))
    await home.pixel.tap(undo)
    await home.settle()
    [late] = await home.ledger("answer_too_late")
    assert late.data == {"problem": "undo_too_late", "user_id": home.ben.user.id}
    await home.pass_time()
    assert (await home.case(case)).state is CaseState.SHARED


# --- who sees the draft


def _paths(case: Case) -> list[str]:
    assert case.draft
    base = f"/api/clip_consent/draft/{case.case_id}/{case.draft.sha256}"
    return [f"{base}/{kind}" for kind in ("video", "still", "sheet")]


async def _status(member: Member | None, path: str, home: Home | None = None) -> int:
    client = member.client if member else home.public if home else None
    assert client
    response = await client.get(path)
    if response.status == 200:
        assert response.headers["Cache-Control"] == "no-store"
        assert await response.read()
    return response.status


async def test_a12_only_approvers_see_the_draft(home: Home) -> None:
    """A-12: by an approver's own bearer token: 200; by any other, or none: 404."""
    case = await home.asked()
    assert home.iphone.pushes[-1]["data"]["image"] == _paths(case)[1]
    for path in _paths(case):
        assert await _status(home.anna, path) == 200
        assert await _status(home.ben, path) == 200
        assert await _status(home.guest, path) == 404
        assert await _status(home.root, path) == 404
        assert await _status(None, path, home) == 404
        assert await _status(None, f"{path}?authSig=x.y.z", home) == 404


async def test_a12_signed_paths(home: Home) -> None:
    """A-12: signed for an approver's session: 200; for others or for nobody: 404."""
    case = await home.asked()
    [mine] = home.anna.user.refresh_tokens
    [guests] = home.guest.user.refresh_tokens
    for path in _paths(case):
        for token, wanted in ((mine, 200), (guests, 404), (None, 404)):
            signed = async_sign_path(
                home.hass, path, timedelta(minutes=5), refresh_token_id=token
            )
            assert await _status(None, signed, home) == wanted


async def test_a12_no_more_after_standing_or_case_are_lost(home: Home) -> None:
    """A-12: a path signed before is worth nothing once its user or case is done."""
    case = await home.asked()
    [mine] = home.anna.user.refresh_tokens
    signed = async_sign_path(
        home.hass, _paths(case)[0], timedelta(minutes=5), refresh_token_id=mine
    )
    await _remove(home)
    await home.hass.async_block_till_done()
    await home.settle()
    assert await _status(None, signed, home) == 404
    assert await _status(home.ben, _paths(case)[0]) == 200
    await home.manager.async_decline(case.case_id, home.ben.user.id)
    await home.settle()
    assert await _status(home.ben, _paths(case)[0]) == 404
