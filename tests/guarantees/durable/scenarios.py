"""The lives that a home can live, from its first start to its end."""

from collections.abc import Awaitable, Callable
from typing import Final

from custom_components.clip_consent.core.errors import ClipConsentError
from custom_components.clip_consent.core.models import Case, CaseState, Choice
from tests.manager.world import ANNA

from .home import GaveUpError, Home

TRIES: Final = 20
AFTER_A_TAP: Final = {
    CaseState.CONSENTED,
    CaseState.SEALED,
    CaseState.SHARED,
    CaseState.CLOSED,
}


async def share(home: Home) -> None:
    """Ask, approve, deliver, end: the main job."""
    await home.start()
    await home.submit()
    await _approve(home)
    await _see_it_shared(home)


async def late(home: Home) -> None:
    """Ask before it is recorded; it is found a little later, approved, delivered."""
    home.record_nothing()
    await home.start()
    await home.submit()
    await home.settle()
    home.record()
    await home.go_on(120)
    await _approve(home)
    await _see_it_shared(home)


async def undo(home: Home) -> None:
    """Ask, approve, take it back, approve again, deliver."""
    await home.start()
    await home.submit()
    await _approve(home)
    await _take_back(home)
    await _approve(home)
    await _see_it_shared(home)


async def decline(home: Home) -> None:
    """Ask, approve, take it back, say no: nothing is ever sent."""
    await home.start()
    await home.submit()
    await _approve(home)
    await _take_back(home)
    await _offered(home)
    case = await home.case()
    home.say("DECLINING")
    await home.insist("decline", lambda: home.manager.async_decline(case.case_id, ANNA))
    home.say("DECLINED")
    await home.go_on()


async def consent(home: Home) -> None:
    """Ask and approve, and no more: the undo window is still open."""
    await home.start()
    await home.submit()
    await _approve(home)


async def too_late(home: Home) -> None:
    """Start within the undo window; say no, which comes too late; deliver."""
    await home.start()
    case = await home.case()
    try:
        await home.manager.async_decline(case.case_id, ANNA)
    except ClipConsentError as err:
        home.say("TOO_LATE", err.code)
    else:
        home.say("DECLINED")
    await _see_it_shared(home)


async def calm(home: Home) -> None:
    """Start after all that was, touch nothing, and say what becomes of it."""
    await home.start()
    for _ in range(4):
        await home.go_on()
    case = await home.find()
    home.say("CALM", case.state.value if case else None)
    home.wait_for_go()


async def finish(home: Home) -> None:
    """After a calm while, do what is left of the main job, and clear up."""
    await calm(home)
    await home.submit()
    if (await home.case()).state is not CaseState.CLOSED:
        await _approve(home)
        await _see_it_shared(home)
    await home.restart()


SCENARIOS: Final[dict[str, Callable[[Home], Awaitable[None]]]] = {
    "share": share,
    "late": late,
    "undo": undo,
    "decline": decline,
    "consent": consent,
    "too_late": too_late,
    "finish": finish,
}


async def _offered(home: Home) -> Case:
    """Return the case once it can be answered or was; what was lost is made anew."""
    for _ in range(TRIES):
        await home.settle()
        case = await home.case()
        if case.state in AFTER_A_TAP:
            return case
        if case.state is CaseState.WAITING:
            if case.offer:
                return case
            await _choose(home, case)
        home.manager.look_again()
    raise GaveUpError("offer")


async def _choose(home: Home, case: Case) -> None:
    """Pick the camera and span again, as an approver does in the panel."""
    assert case.findings
    camera_id = case.findings[0].camera_id
    choice = Choice(camera_id=camera_id, window=case.request.window)
    await home.insist(
        "choose", lambda: home.manager.async_choose(case.case_id, choice, ANNA)
    )


async def _approve(home: Home) -> None:
    for _ in range(TRIES):
        case = await _offered(home)
        if case.state in AFTER_A_TAP or await home.tap(case):
            return
    raise GaveUpError("approve")


async def _take_back(home: Home) -> None:
    case = await home.case()
    home.say("UNDOING")
    await home.insist("undo", lambda: home.manager.async_undo(case.case_id, ANNA))
    home.say("UNDONE")


async def _see_it_shared(home: Home) -> None:
    """Let time pass until the clip has arrived."""
    for _ in range(TRIES):
        case = await home.case()
        if case.state is CaseState.SHARED:
            home.say("SHARED")
            return
        if case.state not in AFTER_A_TAP:
            await _approve(home)  # the consent was voided, and the approver told
        await home.go_on()
    raise GaveUpError("deliver")
