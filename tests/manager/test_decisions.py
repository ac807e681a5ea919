"""What approvers decide, and what everybody else may not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from custom_components.clip_consent.core.approval import Decision, Session
from custom_components.clip_consent.core.errors import (
    ClipConsentError,
    ConflictError,
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
)
from custom_components.clip_consent.core.models import CaseState, Choice, ClosedReason

from .examples import SPAN, UPLOAD
from .world import ANNA, BEN, GARDEN, OWN_LOGIN, World, recipient, tap


async def test_decline_closes_and_removes_the_draft(world: World) -> None:
    """After a decline there is no draft, no offer, no delivery."""
    case = await world.asked()
    after = await world.manager.async_decline(case.case_id, BEN)
    assert after.closed is ClosedReason.DECLINED
    assert not (world.drafter.folder / case.case_id).exists()
    with pytest.raises(ConflictError):
        await world.approve(case)


async def test_answer_in_words_goes_out_only_after_approve(world: World) -> None:
    """Words are a draft like any other."""
    case = await world.asked()
    await world.manager.async_answer(case.case_id, "Come by at six.", ANNA)
    await world.settle()
    drafted = await world.case(case.request.request_id)
    assert drafted.draft
    assert drafted.draft.choice.text == "Come by at six."
    assert not drafted.delivered
    await world.approve(drafted)
    await world.pass_undo()
    assert (await world.case(case.request.request_id)).delivered
    with pytest.raises(InvalidRequestError):
        await world.manager.async_answer(case.case_id, "  ", ANNA)
    with pytest.raises(InvalidRequestError):
        await world.manager.async_answer(case.case_id, "x" * 2001, ANNA)


@pytest.mark.parametrize("user_id", ["guest", "admin", "nobody"])
async def test_others_may_do_nothing_with_cases(world: World, user_id: str) -> None:
    """Admins who are no approvers included."""
    case = await world.asked()
    manager = world.manager
    choice = Choice(camera_id=GARDEN, window=SPAN)
    for call in (
        manager.async_decline(case.case_id, user_id),
        manager.async_undo(case.case_id, user_id),
        manager.async_choose(case.case_id, choice, user_id),
        manager.async_answer(case.case_id, "Hello", user_id),
        manager.async_set_key(case.case_id, recipient(), user_id),
        manager.async_revoke("x", user_id),
        manager.async_test_request(user_id, name="x", recipient=recipient()),
        manager.reading.async_case(case.case_id, user_id),
        manager.reading.async_history(None, 5, user_id),
        manager.reading.async_find_clips(GARDEN, SPAN, user_id),
    ):
        with pytest.raises(NotAllowedError):
            await call
    assert case.draft
    with pytest.raises(NotFoundError):
        await manager.reading.async_draft_file(
            case.case_id, case.draft.sha256, "video", user_id
        )


async def test_panel_wants_an_own_login(world: World) -> None:
    """A long-lived token is not a person at a screen."""
    case = await world.asked()
    assert case.offer
    assert case.draft
    for session, offer_id, code in (
        (Session(own_login=False), case.offer.offer_id, "session_not_own"),
        (OWN_LOGIN, "other", "offer_void"),
    ):
        with pytest.raises(ClipConsentError, match=code):
            await world.manager.async_approve(
                offer_id=offer_id,
                sha256=case.draft.sha256,
                user_id=ANNA,
                session=session,
            )
    with pytest.raises(NotAllowedError, match="not_approver"):
        await world.approve(case, "guest")


async def test_approving_what_is_no_offer_is_told_once_a_minute(world: World) -> None:
    """G7: who tries stands in the ledger; trying without end does not fill it."""
    case = await world.asked()

    async def rejections(offer_id: str, user_id: str, sha256: str) -> int:
        for _ in range(10):
            with pytest.raises(ClipConsentError):
                await world.manager.async_approve(
                    offer_id=offer_id,
                    sha256=sha256,
                    user_id=user_id,
                    session=OWN_LOGIN,
                )
        return (await world.ledger()).count("approve_rejected")

    assert case.offer
    assert case.draft
    assert await rejections("no offer", "guest", case.draft.sha256) == 1
    assert await rejections("none either", ANNA, case.draft.sha256) == 2
    assert await rejections(case.offer.offer_id, "guest", case.draft.sha256) == 3
    assert await rejections(case.offer.offer_id, ANNA, "0" * 64) == 4
    entry = (await world.bench.store.async_whole_ledger())[-1]
    assert entry.case_id == case.case_id
    world.clock.go_on(timedelta(minutes=2))
    assert await rejections("no offer", "guest", case.draft.sha256) == 5
    entry = (await world.bench.store.async_whole_ledger())[-1]
    assert entry.data == {"clause": "no_offer", "user_id": "guest", "means": "panel"}


async def test_swapped_file_voids_the_offer(world: World) -> None:
    """A-06: the file on disk is not the one that was shown."""
    case = await world.asked(destination=UPLOAD)
    assert case.draft
    path = world.drafter.path(case.case_id, case.draft.file)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(ConflictError, match="draft_changed"):
        await world.approve(case)
    after = await world.case(case.request.request_id)
    assert after.draft is None
    assert after.offer is None
    assert "draft_changed" in world.alarm.raised
    await world.pass_undo()
    assert not world.oracle.arrived


async def test_file_swapped_in_the_undo_window_never_leaves(world: World) -> None:
    """A-06: hashed again while sealing."""
    case = await world.asked(destination=UPLOAD)
    assert case.draft
    await world.approve(case)
    path = world.drafter.path(case.case_id, case.draft.file)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    await world.pass_undo()
    after = await world.case(case.request.request_id)
    assert after.state is CaseState.WAITING
    assert after.problem == "draft_changed"
    assert not world.oracle.arrived
    assert not after.delivered


async def test_push_approves_undoes_and_declines(world: World) -> None:
    """Every answer of a push, each token once."""
    case = await world.asked()
    approve = await world.mint(case, Decision.APPROVE)
    assert await world.manager.async_tap(tap(), approve)
    consented = await world.case(case.request.request_id)
    assert consented.state is CaseState.CONSENTED
    assert not await world.manager.async_tap(tap(), approve)

    assert consented.delivery
    offer_id = consented.delivery.consent.offer_id
    undo = await world.mint(
        replace(consented, offer=replace(case.offer, offer_id=offer_id)),  # type: ignore[type-var]
        Decision.UNDO,
        BEN,
    )
    assert await world.manager.async_tap(tap(BEN), undo)
    await world.settle()
    again = await world.case(case.request.request_id)
    assert again.state is CaseState.WAITING

    decline = await world.mint(again, Decision.DECLINE)
    assert not await world.manager.async_tap(tap(BEN), decline)
    assert await world.manager.async_tap(tap(), decline)
    assert (await world.case(case.request.request_id)).state is CaseState.CLOSED
    late = await world.mint(again, Decision.DECLINE)
    assert not await world.manager.async_tap(tap(), late)


async def test_two_approvers_at_once_make_one_consent(world: World) -> None:
    """A-09: the second tap finds nothing to approve."""
    import asyncio

    case = await world.asked(destination=UPLOAD)
    first = await world.mint(case, Decision.APPROVE)
    second = await world.mint(case, Decision.APPROVE, BEN)
    counted = await asyncio.gather(
        world.manager.async_tap(tap(), first),
        world.manager.async_tap(tap(BEN), second),
    )
    assert sorted(counted) == [False, True]
    await world.pass_undo()
    assert len(world.oracle.arrived) == 1


async def test_guesses_hit_nothing_and_cost_one_line(world: World) -> None:
    """A-02: random tokens."""
    case = await world.asked()
    lines = len(await world.ledger())
    for number in range(200):
        assert not await world.manager.async_tap(tap(), f"guess{number}")
    assert (await world.ledger())[lines:] == ["approve_rejected"]
    world.clock.go_on(timedelta(minutes=2))
    assert not await world.manager.async_tap(tap(remote=False), "x")
    token = await world.mint(case, Decision.APPROVE)
    assert not await world.manager.async_tap(tap(parent_id="automation"), token)
    assert not await world.manager.async_tap(tap("guest"), token)
    assert await world.manager.async_tap(tap(), token)


async def test_swapped_file_refuses_the_tap_too(world: World) -> None:
    """A push is bound to the bytes as the panel is."""
    case = await world.asked()
    assert case.draft
    token = await world.mint(case, Decision.APPROVE)
    world.drafter.path(case.case_id, case.draft.file).unlink()
    assert not await world.manager.async_tap(tap(), token)
    assert (await world.case(case.request.request_id)).draft is None


async def test_revoke_takes_the_package_back(world: World) -> None:
    """From outside it looks as if there never was one."""
    case = await world.asked()
    await world.approve(case)
    before = await world.manager.direct.async_status(case.request.request_id)
    await world.pass_undo()
    shared = await world.case(case.request.request_id)
    delivery_id = shared.delivered[0].delivery_id
    await world.manager.async_revoke(delivery_id, ANNA)
    after = await world.manager.direct.async_status(case.request.request_id)
    assert after == before
    assert (
        await world.manager.direct.async_drop(case.request.request_id, delivery_id)
        is None
    )
    assert not world.bench.sealer.path(delivery_id).exists()
    for again in (delivery_id, "a" * 26):
        with pytest.raises(ConflictError, match="nothing_to_revoke"):
            await world.manager.async_revoke(again, ANNA)


async def test_uploaded_clip_cannot_be_revoked(world: World) -> None:
    """What is elsewhere cannot be taken back."""
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    await world.pass_undo()
    shared = await world.case(case.request.request_id)
    with pytest.raises(ConflictError, match="cannot_revoke"):
        await world.manager.async_revoke(shared.delivered[0].delivery_id, ANNA)
