"""What was pushed goes away: from phones asked no more, and the digest with its cases."""

from datetime import timedelta

import pytest

from custom_components.clip_consent.core.models import CaseEventType, CaseState
from tests.core import cases
from tests.phones import FakePhone, relay

from .prompting import CASE_ID, HandTimers, PromptWorld, prompting, timers, waiting

__all__ = ["prompting", "relay", "timers"]  # fixtures, used by name

MINUTES = timedelta(minutes=1)


def _cleared(phone: FakePhone) -> list[str]:
    """Return the tags that were taken off a phone."""
    return [
        push["data"]["tag"]
        for push in phone.pushes
        if push["message"] == "clear_notification"
    ]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (CaseEventType.CLOSED, CaseState.CLOSED),
        (CaseEventType.SHARED, CaseState.SHARED),
    ],
)
async def test_a_phone_that_is_asked_no_more_forgets_the_case(
    prompting: PromptWorld, kind: CaseEventType, state: CaseState
) -> None:
    """Kim was unlisted while a request waited: label, camera and time leave her phone."""
    sam, kim = await prompting.user("Sam"), await prompting.user("Kim")
    sams = await prompting.phone(sam, "Sam's", ios=True)
    kims = await prompting.phone(kim, "Kim's", ios=True)
    prompting.approve_by(sam, sams)
    prompting.approve_by(kim, kims)
    prompting.start()
    await prompting.prompter.async_ask(waiting())
    del prompting.approvers[kim.id]
    prompting.start()
    await prompting.settle(kind, waiting(state=state, delivered=(cases.delivery(),)))
    assert _cleared(kims) == [f"clip_consent_{CASE_ID}"]
    assert len(kims.pushes) == 2
    told = "clear_notification" if kind is CaseEventType.CLOSED else "The approved"
    assert sams.pushes[-1]["message"].startswith(told)


async def test_the_digest_goes_with_the_last_of_its_cases(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """It says that requests wait; once none of them does, it is gone, restarts or not."""
    sam = await prompting.user("Sam")
    phone = await prompting.phone(sam, "Sam's", ios=True)
    prompting.approve_by(sam, phone)
    prompting.start()
    for name in ("first", "second", "third"):
        await prompting.prompter.async_ask(waiting(name))
    await timers.go_on(10 * MINUTES)
    assert phone.pushes[-1]["data"]["tag"] == "clip_consent_digest"
    await prompting.settle(
        CaseEventType.CLOSED, waiting("second", state=CaseState.CLOSED)
    )
    assert "clip_consent_digest" not in _cleared(phone)
    prompting.start()
    await prompting.settle(
        CaseEventType.CLOSED, waiting("third", state=CaseState.CLOSED)
    )
    assert _cleared(phone).count("clip_consent_digest") == 1
    await prompting.settle(
        CaseEventType.CLOSED, waiting("first", state=CaseState.CLOSED)
    )
    assert _cleared(phone).count("clip_consent_digest") == 1


async def test_a_digest_that_arrives_proves_that_phones_are_reached(
    prompting: PromptWorld, timers: HandTimers
) -> None:
    """What said that none could be reached is taken back by it too."""
    sam = await prompting.user("Sam")
    phone = await prompting.phone(sam, "Sam's", ios=True)
    prompting.approve_by(sam, phone)
    prompting.start()
    for name in ("first", "second"):
        await prompting.prompter.async_ask(waiting(name))
    await prompting.prompter._note({"lost"}, reached=False)
    assert prompting.issues == {"no_phone"}
    await timers.go_on(10 * MINUTES)
    assert prompting.issues == set()
    assert prompting.notification is None
