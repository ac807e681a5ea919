"""G1 tap: a tap counts for exactly these bytes, this recipient, this destination.

A-06 swapped files, A-11 everything that an offer binds. That a tap counts once stands
in `test_g1_once.py`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.clip_consent.core.approval import Session
from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.models import Case, CaseState, Destination, Way

from .conftest import Home, choose_shorter

OWN_LOGIN = Session(own_login=True)
DAYS = timedelta(days=8)


# --- exactly these bytes


def _draft_file(home: Home, case: Case) -> Path:
    assert case.draft
    return home.cache / "drafts" / case.draft.file


def _flip_last_byte(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(body)


def _issues(home: Home) -> set[str]:
    return {
        issue_id
        for domain, issue_id in ir.async_get(home.hass).issues
        if domain == "clip_consent"
    }


@pytest.mark.parametrize("spoil", [_flip_last_byte, Path.unlink])
async def test_a06_file_swapped_before_the_tap(
    home: Home, spoil: Callable[[Path], None]
) -> None:
    """A-06: one byte of the draft is another: the tap fails and voids the offer."""
    case = await home.asked()
    spoil(_draft_file(home, case))
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    assert await home.clauses() == ["draft_file"]
    after = await home.case(case)
    assert (after.offer, after.draft, after.delivery) == (None, None, None)
    assert after.problem == "draft_changed"
    assert "draft_changed" in _issues(home)
    assert "could not be sent" in home.pixel.pushes[-1]["message"]
    await home.nothing_leaves()


async def test_a06_file_swapped_in_the_undo_window(home: Home) -> None:
    """A-06: the bytes are hashed again while they are sealed; others never leave."""
    case = await home.asked()
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    _flip_last_byte(_draft_file(home, case))
    await home.pass_time()
    after = await home.case(case)
    assert (after.state, after.offer, after.delivery) == (CaseState.WAITING, None, None)
    assert after.problem == "draft_changed"
    assert "draft_changed" in _issues(home)
    assert await home.deliveries() == []
    assert await home.store.async_live_drops() == set()
    assert not await home.ledger("shared")


# --- exactly this offer


def _other_recipient(case: Case) -> Case:
    other = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    return replace(case, request=replace(case.request, recipient=other))


def _other_destination(case: Case) -> Case:
    other = Destination(way=Way.PUT, url="https://evil.example/drop")
    return replace(case, request=replace(case.request, destination=other))


def _other_policy(case: Case) -> Case:
    assert case.offer
    return replace(case, offer=replace(case.offer, policy="0" * 64))


def _other_draft(case: Case) -> Case:
    assert case.draft
    return replace(case, draft=replace(case.draft, sha256="0" * 64))


def _other_offer(case: Case) -> Case:
    assert case.offer
    return replace(case, offer=replace(case.offer, sha256="0" * 64))


def _other_identity(case: Case) -> Case:
    assert case.draft
    choice = replace(case.draft.choice, identity="Sam, number 12")
    return replace(case, draft=replace(case.draft, choice=choice))


BOUND: list[Any] = [
    (_other_recipient, "recipient_key"),
    (_other_destination, "destination"),
    (_other_policy, "policy"),
    (_other_draft, "draft"),
    (_other_offer, "draft"),
    (_other_identity, "identity"),
]


@pytest.mark.parametrize(("change", "clause"), BOUND)
async def test_a11_what_is_bound_changes_under_the_offer(
    home: Home, change: Callable[[Case], Case], clause: str
) -> None:
    """A-11: whoever changes what an offer binds, in the very database, voids it."""
    case = await home.asked()
    changed = await home.manager._bench.caseload.async_save(case, change(case), [])
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    assert await home.clauses() == [clause]
    assert await home.case(case) == changed
    await _refused_in_panel(home, case)
    await home.pass_time()
    assert await home.deliveries() == []
    assert not await home.ledger("approved")


async def _refused_in_panel(home: Home, case: Case) -> None:
    assert case.offer
    with pytest.raises(ConflictError):
        await home.manager.async_approve(
            offer_id=case.offer.offer_id,
            sha256=case.offer.sha256,
            user_id=home.anna.user.id,
            session=OWN_LOGIN,
        )


async def test_a11_another_span(home: Home) -> None:
    """A-11: the old offer's id with the new draft, or the other way round, is void."""
    case = await home.asked()
    again = await choose_shorter(home, case)
    await _refused_in_panel(home, case)
    assert again.offer
    assert case.offer
    mixed: list[Any] = [
        (again.offer.offer_id, case.offer.sha256),
        (case.offer.offer_id, again.offer.sha256),
    ]
    for offer_id, sha256 in mixed:
        with pytest.raises(ConflictError):
            await home.manager.async_approve(
                offer_id=offer_id,
                sha256=sha256,
                user_id=home.anna.user.id,
                session=OWN_LOGIN,
            )
    await home.refused(again, None)


async def test_a11_another_identity(home: Home) -> None:
    """A-11: the same film with words about the owner is another offer, in the panel."""
    case = await home.asked()
    assert case.draft and case.offer
    token = home.iphone.key("Approve")
    named = replace(case.draft.choice, identity="Sam, number 12")
    await home.manager.async_choose(case.case_id, named, home.anna.user.id)
    await home.settle()
    again = await home.case(case)
    assert again.offer
    assert again.offer.sha256 == case.offer.sha256
    assert again.offer.offer_id != case.offer.offer_id
    assert home.iphone.titles() == ["Review", "Decline"]  # it does not show the words
    await home.iphone.tap(token)
    await home.settle()
    await _refused_in_panel(home, case)
    await home.refused(again, None)
    assert await home.clauses() == ["void_token", "no_offer"]


type Change = Callable[[Home], Awaitable[None]]


async def _shorter_clips(home: Home) -> None:
    await home.change("rule", max_seconds=60)


async def _no_sound(home: Home) -> None:
    await home.change("rule", audio=False)


async def _only_list(home: Home) -> None:
    await home.change("rule", verdict="list")


@pytest.mark.parametrize("change", [_shorter_clips, _no_sound, _only_list])
async def test_a11_rules_change(home: Home, change: Change) -> None:
    """A-11: other rules make another policy: the offer of before is void."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    await change(home)
    after = await home.case(case)
    assert after.offer != case.offer
    await home.iphone.tap(token)
    await home.settle()
    assert await home.clauses() == ["void_token"]
    await _refused_in_panel(home, case)
    await home.pass_time()
    assert await home.deliveries() == []


async def _not_offered(home: Home) -> None:
    await home.change("camera", offered=False)


async def _camera_removed(home: Home) -> None:
    [camera] = home.entry.get_subentries_of_type("camera")
    home.hass.config_entries.async_remove_subentry(home.entry, camera.subentry_id)
    await home.hass.async_block_till_done()
    await home.settle()


@pytest.mark.parametrize("change", [_not_offered, _camera_removed])
async def test_a11_camera_is_taken_back(home: Home, change: Change) -> None:
    """A-11: the owner takes a camera back; what it saw cannot be approved any more."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    await change(home)
    after = await home.case(case)
    assert (after.state, after.offer, after.draft) == (CaseState.WAITING, None, None)
    await home.iphone.tap(token)
    await home.refused(after, "void_token")
    await _refused_in_panel(home, case)
    await home.refused(after, "no_offer")
