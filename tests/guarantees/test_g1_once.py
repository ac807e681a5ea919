"""G1 tap: a tap counts once, in its time, and never after what ends it (A-05)."""

import asyncio
from datetime import timedelta

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState

from custom_components.clip_consent.core.approval import Session
from custom_components.clip_consent.core.models import CaseState, ClosedReason

from .conftest import Home, choose_shorter

DAYS = timedelta(days=8)


async def test_a05_replay_after_approve(home: Home) -> None:
    """A-05: the second tap on the same button makes no second consent."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    await home.iphone.tap(token)
    await home.settle()
    consented = await home.case(case)
    await home.iphone.tap(token)
    await home.settle()
    assert await home.case(case) == consented
    assert await home.clauses() == ["spent_token"]

    await home.pass_time()
    assert len(await home.deliveries()) == 1
    await home.iphone.tap(token)
    await home.settle()
    await home.pass_time()
    assert len(await home.deliveries()) == 1
    assert await home.clauses() == ["spent_token"] * 2
    assert len(await home.ledger("approved")) == 1


async def test_a05_replay_after_undo(home: Home) -> None:
    """A-05: what was taken back is not approved again by the old button."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    await home.iphone.tap(token)
    await home.settle()
    await home.manager.async_undo(case.case_id, home.ben.user.id)
    await home.settle()
    before = await home.case(case)
    assert before.offer != case.offer
    await home.iphone.tap(token)
    await home.settle()
    assert await home.clauses() == ["spent_token"]
    await home.pass_time()
    assert await home.deliveries() == []
    assert await home.case(case) == before


async def test_a05_replay_after_decline(home: Home) -> None:
    """A-05: after a decline the Approve button of before is void."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    await home.iphone.tap(home.iphone.key("Decline"))
    await home.settle()
    closed = await home.case(case)
    assert closed.closed is ClosedReason.DECLINED
    await home.iphone.tap(token)
    await home.settle()
    assert await home.case(case) == closed
    assert await home.clauses() == ["void_token"]
    await home.nothing_leaves()


async def test_a05_decline_is_no_approve(home: Home) -> None:
    """A-05: a token stands for one decision; declining twice changes nothing."""
    case = await home.asked()
    decline = home.iphone.key("Decline")
    assert decline != home.iphone.key("Approve")
    for _ in range(2):
        await home.iphone.tap(decline)
        await home.settle()
    assert await home.clauses() == ["spent_token"]
    assert (await home.case(case)).state is CaseState.CLOSED
    await home.nothing_leaves()


async def test_a05_tap_after_the_time_is_over(home: Home) -> None:
    """A-05: a tap after the expiry does not count, even before we closed the case."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    home.clock.go_on(DAYS)
    await home.iphone.tap(token)
    await home.hass.async_block_till_done()
    assert await home.clauses() == ["expired"]
    await home.pass_time()
    closed = await home.case(case)
    assert closed.closed is ClosedReason.EXPIRED
    await home.iphone.tap(token)
    await home.settle()
    assert (await home.clauses())[1:] == ["void_token"]
    assert await home.case(case) == closed
    await home.nothing_leaves()


async def test_a05_time_is_over_on_the_stopwatch_too(home: Home) -> None:
    """A-05: setting the wall clock back does not make an old offer young."""
    case = await home.asked()
    home.clock.stopwatch += DAYS.total_seconds()
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.refused(case, "expired")


async def test_a05_clock_far_behind_the_offer(home: Home) -> None:
    """A-05: with a clock from before the offer nothing can be told to be in time."""
    case = await home.asked()
    home.clock.wall -= timedelta(hours=3)
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    assert await home.clauses() == ["clock"]
    assert await home.case(case) == case
    home.clock.wall += timedelta(hours=3)
    await home.nothing_leaves()


async def test_a05_superseded_by_another_choice(home: Home) -> None:
    """A-05: another span is another offer; the button on the phone is void."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    again = await choose_shorter(home, case)
    await home.iphone.tap(token)
    await home.refused(again, "void_token")


async def test_a05_pushed_again_voids_the_push_before(home: Home) -> None:
    """A-05: a push that is sent again has new tokens; those of before are void."""
    case = await home.asked()
    old = home.iphone.key("Approve")
    home.clock.go_on(timedelta(minutes=11))
    await home.manager._bench.prompter.async_ask(case)
    new = home.iphone.key("Approve")
    assert new != old
    await home.iphone.tap(old)
    await home.settle()
    assert await home.clauses() == ["void_token"]
    assert await home.case(case) == case
    await home.iphone.tap(new)
    await home.settle()
    assert (await home.case(case)).state is CaseState.CONSENTED


async def test_a05_spent_stays_spent_over_restarts(home: Home) -> None:
    """A-05: neither a reload nor a restart brings a spent token back."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    await home.iphone.tap(token)
    await home.settle()
    await home.manager.async_undo(case.case_id, home.anna.user.id)
    await home.settle()
    for restart in (home.restart, home.reload):
        await restart()
        before = await home.case(case)
        await home.iphone.tap(token)
        await home.settle()
        assert await home.case(case) == before
    assert await home.clauses() == ["spent_token"] * 2
    await home.pass_time()
    assert await home.deliveries() == []


async def test_a05_control_unspent_token_outlives_a_restart(home: Home) -> None:
    """The control of the test before: a restart alone voids nothing."""
    case = await home.asked()
    await home.restart()
    await home.reload()
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    assert (await home.case(case)).state is CaseState.CONSENTED


async def test_a05_tap_while_home_assistant_starts(home: Home) -> None:
    """A tap that comes before the start is over is judged like any other."""
    case = await home.asked()
    home.hass.set_state(CoreState.starting)
    await home.restart()
    await home.iphone.tap(home.iphone.key("Approve"))
    for _ in range(200):
        if (await home.case(case)).state is CaseState.CONSENTED:
            break
        await asyncio.sleep(0.02)
    assert (await home.case(case)).state is CaseState.CONSENTED
    home.hass.set_state(CoreState.running)
    home.hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await home.settle()


async def test_a05_restored_from_a_backup(home: Home) -> None:
    """A-05, K-06: backups have no epoch file; then no token of before means anything."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    assert await home.hass.config_entries.async_unload(home.entry.entry_id)
    (home.cache / "epoch").unlink()
    assert await home.hass.config_entries.async_setup(home.entry.entry_id)
    await home.settle()
    before = await home.case(case)
    assert before.offer is None
    assert before.problem == "restored"
    assert len(await home.ledger("restored")) == 1
    await home.iphone.tap(token)
    await home.refused(before, "unknown_token")


async def test_a05_second_share_needs_a_second_tap(home: Home) -> None:
    """A-05: one tap sends one clip; another clip of that case is another consent."""
    case = await home.asked()
    token = home.iphone.key("Approve")
    await home.iphone.tap(token)
    await home.settle()
    await home.pass_time()
    assert len(await home.deliveries()) == 1
    again = await choose_shorter(home, case)
    await home.iphone.tap(token)
    await home.settle()
    await home.pass_time()
    assert await home.case(case) == again
    assert len(await home.deliveries()) == 1
    assert again.offer
    await home.manager.async_approve(
        offer_id=again.offer.offer_id,
        sha256=again.offer.sha256,
        user_id=home.ben.user.id,
        session=Session(own_login=True),
    )
    await home.pass_time()
    assert len(await home.deliveries()) == 2
    # of the same camera: it bears the same neutral number
    first, second = (await home.case(case)).delivered
    assert first.camera_number == second.camera_number == 1
    assert len(await home.ledger("approved")) == 2
