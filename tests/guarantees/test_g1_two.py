"""G1 tap: where the rules want two approvers, both tap the same draft."""

import asyncio

from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.clip_consent.core.approval import Session
from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.models import Case, CaseState, ClosedReason

from .conftest import Home, Member, choose_shorter

NEEDED = "Two of you have to approve."
ONE_MORE = "One of you has approved, a second yes is needed."


async def _asked(home: Home) -> Case:
    await home.change("rule", two_approvers=True)
    return await home.asked()


async def _approves(home: Home, member: Member, case: Case) -> Case:
    """Approve the offer of a case in the panel."""
    assert case.offer
    after = await home.manager.async_approve(
        offer_id=case.offer.offer_id,
        sha256=case.offer.sha256,
        user_id=member.user.id,
        session=Session(own_login=True),
    )
    await home.settle()
    return after


async def _is_half(home: Home, case: Case, member: Member) -> Case:
    """Check that a case has the first yes of two, and that nothing comes of it."""
    half = await home.case(case)
    assert half.state is CaseState.WAITING
    assert half.offer
    assert half.offer.first
    assert half.offer.first.user_id == member.user.id
    await home.nothing_leaves()
    return half


async def test_one_yes_sends_nothing(home: Home) -> None:
    """However long it takes: the other's is needed, and both phones say so."""
    case = await _asked(home)
    assert NEEDED in home.iphone.message()
    token = home.iphone.key("Approve")
    await home.iphone.tap(token)
    await home.settle()
    await _is_half(home, case, home.anna)
    for phone in (home.iphone, home.pixel):
        assert ONE_MORE in phone.message()
        assert phone.titles() == ["Review", "Decline"]
    [line] = await home.ledger("first_approved")
    assert line.data["user_id"] == home.anna.user.id
    assert not await home.ledger("approved")
    state = home.hass.states.get("event.clip_consent_requests")
    assert state
    assert state.attributes["event_type"] == "first_approved"
    assert state.context.user_id == home.anna.user.id


async def test_two_yes_send_it(home: Home) -> None:
    """The second tap of another approver is the consent; it names both."""
    case = await _asked(home)
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    after = await _approves(home, home.ben, case)
    assert after.state is CaseState.CONSENTED
    assert after.delivery
    assert after.delivery.consent.user_id == home.ben.user.id
    assert after.delivery.consent.first
    assert after.delivery.consent.first.user_id == home.anna.user.id
    await home.pass_time()
    assert len(await home.deliveries()) == 1


async def test_the_other_way_round(home: Home) -> None:
    """The order does not matter, nor whether it is the panel or a push."""
    case = await _asked(home)
    await _approves(home, home.ben, case)
    assert ONE_MORE in home.iphone.message()
    assert home.iphone.titles() == ["Approve", "Review", "Decline"]
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    assert (await home.case(case)).state is CaseState.CONSENTED


async def test_nobody_is_two(home: Home) -> None:
    """Twice by the same approver is one yes: in the panel, by the old button, at once."""
    case = await _asked(home)
    token = home.iphone.key("Approve")
    await home.iphone.tap(token)
    await home.settle()
    half = await home.case(case)
    with pytest.raises(ConflictError, match="another_must_approve"):
        await _approves(home, home.anna, case)
    await home.iphone.tap(token)
    await home.settle()
    assert await home.clauses() == ["same_approver", "spent_token"]
    assert await home.case(case) == half
    await _is_half(home, case, home.anna)


async def test_both_at_once(home: Home) -> None:
    """Each sees the other's yes or is looked at again: exactly one consent comes of it."""
    case = await _asked(home)
    await asyncio.gather(
        _approves(home, home.anna, case), _approves(home, home.ben, case)
    )
    after = await home.case(case)
    assert after.state is CaseState.CONSENTED
    assert len(await home.ledger("first_approved")) == 1
    assert len(await home.ledger("approved")) == 1


async def test_twice_at_once_by_one(home: Home) -> None:
    """Two windows of the same approver make no second yes."""
    case = await _asked(home)
    done = await asyncio.gather(
        *(_approves(home, home.anna, case) for _ in range(2)), return_exceptions=True
    )
    assert [type(each) for each in done if not isinstance(each, Case)] == [
        ConflictError
    ]
    await _is_half(home, case, home.anna)


async def test_another_draft_begins_anew(home: Home) -> None:
    """The first yes was to other bytes: the second to these is the first again."""
    case = await _asked(home)
    await _approves(home, home.anna, case)
    again = await choose_shorter(home, case)
    assert again.offer
    assert again.offer.first is None
    await _approves(home, home.ben, again)
    await _is_half(home, case, home.ben)


async def test_a_restart_keeps_the_first_yes(home: Home) -> None:
    """No tap that was confirmed is lost."""
    case = await _asked(home)
    await _approves(home, home.anna, case)
    await home.restart()
    half = await _is_half(home, case, home.anna)
    assert (await _approves(home, home.ben, half)).state is CaseState.CONSENTED


async def test_the_first_yes_is_taken_back(home: Home) -> None:
    """Any approver can: what was offered is void, for both, and offered anew."""
    case = await _asked(home)
    await home.iphone.tap(home.iphone.key("Approve"))
    await home.settle()
    await home.manager.async_undo(case.case_id, home.anna.user.id)
    await home.settle()
    again = await home.case(case)
    assert again.offer
    assert again.offer.first is None
    assert NEEDED in home.iphone.message()
    assert home.iphone.titles() == ["Approve", "Review", "Decline"]
    [line] = await home.ledger("undone")
    assert line.data["user_id"] == home.anna.user.id
    with pytest.raises(ConflictError):
        await _approves(home, home.ben, case)
    await home.nothing_leaves()


async def test_one_no_is_enough(home: Home) -> None:
    """A refusal after the first yes ends it like any other."""
    case = await _asked(home)
    await _approves(home, home.anna, case)
    await home.pixel.tap(home.pixel.key("Decline"))
    await home.settle()
    assert (await home.case(case)).closed is ClosedReason.DECLINED
    await home.nothing_leaves()


async def test_whose_yes_no_longer_counts(home: Home) -> None:
    """A yes of somebody who was removed since is none: the other's is the first."""
    case = await _asked(home)
    await _approves(home, home.anna, case)
    await home.hass.auth.async_deactivate_user(home.anna.user)
    await _approves(home, home.ben, await home.case(case))
    await _is_half(home, case, home.ben)


async def test_a_rule_that_nobody_can_fulfil_is_told(home: Home) -> None:
    """With one approver left nothing of it can be sent: a repair says so."""
    issues = ir.async_get(home.hass)
    await home.change("rule", two_approvers=True)
    assert issues.async_get_issue("clip_consent", "too_few_approvers") is None
    [ben] = [
        one.subentry_id
        for one in home.entry.get_subentries_of_type("approver")
        if one.data["user_id"] == home.ben.user.id
    ]
    home.hass.config_entries.async_remove_subentry(home.entry, ben)
    await home.hass.async_block_till_done()
    await home.settle()
    assert issues.async_get_issue("clip_consent", "too_few_approvers")
    await home.change("rule", two_approvers=False)
    assert issues.async_get_issue("clip_consent", "too_few_approvers") is None
