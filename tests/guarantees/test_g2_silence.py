"""G2 silence: every end but a share looks the same from outside, to the byte.

The clock is held by hand, so that two lives can be compared moment by moment: what the
form answers, the status page, its data, the drop, and the form sent a second time.
"""

from dataclasses import replace
from datetime import timedelta
import json
import re
import secrets

import pytest

from custom_components.clip_consent.core.errors import MediaError, SourceError
from custom_components.clip_consent.core.limits import FLOOD_PER_INVITE_AND_DAY
from custom_components.clip_consent.core.models import ClosedReason
from custom_components.clip_consent.core.rules import parse_rule
from tests.manager.world import ANNA, BEN, GARDEN, GATE, NOON, World, recipient

from .lives import APPROVED, LATE, SOON, Life, decline
from .open_home import OTHERS, TOKEN, Maker, OpenHome, Told, homes, invite

__all__ = ["homes"]  # a fixture, used by name

OVER = timedelta(days=15)
MOMENTS = [
    timedelta(seconds=0),
    timedelta(seconds=1),
    timedelta(minutes=1),  # what happens soon happens here
    timedelta(minutes=2),
    timedelta(hours=3),
    timedelta(days=1),
    timedelta(days=6),  # what happens late happens here
    timedelta(days=7) - timedelta(seconds=1),
    timedelta(days=7),
    timedelta(days=7, seconds=1),
    timedelta(days=10),
    OVER,  # also what was tried for a week more
    timedelta(days=21) - timedelta(seconds=1),
    timedelta(days=21),
    timedelta(days=21, seconds=1),
    timedelta(days=30),
    timedelta(days=89),
    timedelta(days=93),  # words of what was declined are gone, of what expired not yet
    timedelta(days=98),
]


def ignore_everybody(world: World) -> None:
    """Screen everything out."""
    rule = parse_rule("none", "Nobody", {"verdict": "ignore", "order": 1})
    world.settings = replace(world.settings, rules=(rule, *world.settings.rules))


def no_footage(world: World) -> None:
    """Have no recording of any time."""
    world.source.pieces.clear()


def other_camera(world: World) -> None:
    """Let the invite ask for a camera that has nothing."""
    world.settings.invites[TOKEN] = invite(TOKEN, cameras=(GATE,))  # type: ignore[index]


def two_cameras(world: World) -> None:
    """Have footage on two cameras, so that nothing is drafted by itself."""
    world.source.add(GATE, NOON - timedelta(hours=2), 7200)


def unreachable(world: World) -> None:
    """Have recordings that cannot be reached."""
    world.source.error = SourceError("folder_gone")


async def no_draft(home: OpenHome) -> None:
    """Have recordings of which no clip can be made."""
    home.world.drafter.error = MediaError("media_failed")


async def switch_off(home: OpenHome) -> None:
    """Look at no requests."""
    await home.world.manager.async_set_accepting(False, ANNA)


async def fill_invite(home: OpenHome) -> None:
    """Use up what the invite may ask today."""
    await _fill(home, [TOKEN])


async def fill_home(home: OpenHome) -> None:
    """Use up what everybody may ask this home today."""
    await _fill(home, OTHERS)


async def flood_invite(home: OpenHome) -> None:
    """Send so much by the invite that no more cases are kept."""
    home.world.clock.wall = NOON - timedelta(minutes=30)
    for _ in range(FLOOD_PER_INVITE_AND_DAY):
        home.world.clock.go_on(timedelta(seconds=1))
        await home.ask(recipient())
    home.world.clock.wall = NOON


async def _fill(home: OpenHome, tokens: list[str]) -> None:
    home.world.clock.wall = NOON - timedelta(minutes=30)
    for token in tokens:
        for _ in range(5):
            home.world.clock.go_on(timedelta(seconds=1))
            await home.ask(recipient(), token)
    home.world.clock.wall = NOON


async def undo(home: OpenHome) -> None:
    """Say yes, and take it back."""
    case = await home.world.approve(await home.case())
    await home.world.settle()
    await home.world.manager.async_undo(case.case_id, BEN)
    await home.world.settle()


async def answer_and_decline(home: OpenHome) -> None:
    """Begin an answer in words, then say no all the same."""
    case = await home.case()
    await home.world.manager.async_answer(case.case_id, "Nothing to see", ANNA)
    await home.world.settle()
    await decline(home)


async def restart(home: OpenHome) -> None:
    """Start the home anew."""
    await home.restart()


LIVES = {
    "declined": Life(soon=decline, closed=ClosedReason.DECLINED),
    "declined late": Life(late=decline, closed=ClosedReason.DECLINED),
    "screened out": Life(
        ignore_everybody, closed=ClosedReason.SCREENED_OUT, found=None
    ),
    "no footage": Life(no_footage, found=0),
    "another camera": Life(other_camera, found=0),
    "two cameras": Life(two_cameras, found=2),
    "two cameras, declined": Life(
        two_cameras, soon=decline, closed=ClosedReason.DECLINED, found=2
    ),
    "switched off": Life(
        before=switch_off, closed=ClosedReason.SWITCHED_OFF, found=None
    ),
    "over the invite's limit": Life(
        before=fill_invite, closed=ClosedReason.OVER_LIMIT, found=None
    ),
    "over the home's limit": Life(
        before=fill_home, closed=ClosedReason.OVER_LIMIT, found=None
    ),
    "one of a flood": Life(before=flood_invite, kept=False),
    "source unreachable": Life(unreachable, problem="folder_gone", found=0),
    "draft failed": Life(before=no_draft, problem="media_failed"),
    "undone": Life(soon=undo),
    "undone, declined": Life(soon=undo, late=decline, closed=ClosedReason.DECLINED),
    "answer begun": Life(soon=answer_and_decline, closed=ClosedReason.DECLINED),
    "restarted": Life(soon=restart),
    **APPROVED,
}


async def live(home: OpenHome, life: Life) -> list[Told]:
    """Live a life and return all that a requester can see of it, ids replaced."""
    if life.before:
        await life.before(home)
    names: dict[str, str] = {}
    seen: list[Told] = []
    for moment in MOMENTS:
        home.world.clock.go_on(NOON + moment - home.world.clock.wall)
        seen += await _see(home, names)  # before anything happens
        await home.look()
        act = {SOON: life.soon, LATE: life.late}.get(moment)
        if act:
            await act(home)
        if moment == SOON and life.kept:
            case = await home.case()
            found = None if case.findings is None else len(case.findings)
            assert (case.problem, found) == (life.problem, life.found)
        seen += await _see(home, names)
        await home.look()
        if moment == OVER:
            cases = await home.cases()
            assert [case.closed for case in cases] == [life.closed] * life.kept
    assert home.world.oracle.arrived == []
    return [_renamed(told, names) for told in seen]


async def _see(home: OpenHome, names: dict[str, str]) -> list[Told]:
    sent = await home.post(home.key)
    assert sent[0] == 202
    names.setdefault(json.loads(sent[2])["id"], f"ID {len(names)}".ljust(26, "_"))
    seen = [sent]
    for request_id in names:
        base = f"status/{request_id}"
        seen += [await home.get(path) for path in (base, f"{base}/data")]
        seen.append(await home.get(f"{base}/drop/{'k' * 26}"))
    return seen


def _renamed(told: Told, names: dict[str, str]) -> Told:
    status, headers, body = told
    for request_id, name in names.items():
        body = body.replace(request_id.encode(), name.encode())
    return status, headers, body


@pytest.fixture(scope="session")
def silences() -> list[list[Told]]:
    """Return where the life is kept in which nobody ever answers."""
    return []


@pytest.mark.parametrize("name", LIVES)
async def test_every_end_looks_like_silence(
    homes: Maker, name: str, silences: list[list[Told]]
) -> None:
    """S-02, T24, T25: byte for byte, from before the request to the end of its page."""
    if not silences:
        silences.append(await live(await homes("silence"), Life()))
    [silence] = silences
    life = LIVES[name]
    other = await live(await homes("other", life.prepare), life)
    assert len(silence) == len(other)
    for number, (one, two) in enumerate(zip(silence, other, strict=True)):
        assert one == two, number


async def test_what_is_compared_is_not_empty(homes: Maker) -> None:
    """The page is there for three weeks and then gone, and a share does show."""
    silence = await live(await homes("silence"), Life())
    ends = {status for status, _, _ in silence}
    assert ends == {202, 200, 404}
    first = [told for told in silence if b'"status":"received"' in told[2]]
    assert len(first) > 24
    assert all(b'"deliveries":[]' in body for _, _, body in first)

    home = await homes("shared")
    request_id = await home.ask(home.key)
    waiting = await home.get(f"status/{request_id}/data")
    await home.world.approve(await home.case())
    assert await home.get(f"status/{request_id}/data") == waiting
    await home.world.pass_undo()
    assert await home.get(f"status/{request_id}/data") != waiting


async def test_ids_are_all_that_differs(homes: Maker) -> None:
    """Ids are of one length and tell nothing: neither time nor number is in them."""
    home = await homes("home")
    ids = [await home.ask(recipient(), token) for token in OTHERS for _ in range(4)]
    assert all(re.fullmatch("[a-z2-7]{26}", each) for each in ids)
    for place in range(25):
        assert len({each[place] for each in ids}) > 3


async def test_ids_of_a_flood_are_as_all_others(homes: Maker) -> None:
    """Nobody sees which have no row: not by their letters, nor by another spelling."""
    home = await homes("home")
    asked = await home.ask(home.key)
    await flood_invite(home)
    ids = [await home.ask(recipient()) for _ in range(60)]
    store = home.world.bench.store
    assert all(store._status_ids.read(each) for each in ids)
    assert store._status_ids.read(asked) is None
    assert all(re.fullmatch("[a-z2-7]{25}[aeimquy4]", each) for each in ids)
    for place in range(25):
        assert len({each[place] for each in ids}) > 10
    assert len({each[25] for each in ids}) > 3
    status = await home.get(f"status/{asked}/data")
    assert {await home.get(f"status/{each}/data") for each in ids} == {status}
    for each in (asked, ids[0]):
        for letter in "abcdefgh":
            if letter != each[25]:
                told = await home.get(f"status/{each[:25]}{letter}/data")
                assert told[0] == 404
        other = "a" if each[3] != "a" else "b"
        assert (await home.get(f"status/{each[:3]}{other}{each[4:]}/data"))[0] == 404


async def test_unknown_and_gone_look_the_same(homes: Maker) -> None:
    """F-12: expired, revoked, never there: one answer."""
    home = await homes("home")
    request_id = await home.ask(home.key)
    await home.world.approve(await home.case())
    await home.world.pass_undo()
    [delivery] = (await home.case()).delivered
    path = f"status/{request_id}/drop/{delivery.delivery_id}"
    assert (await home.get(path))[0] == 200
    never = await home.get(f"status/{request_id}/drop/{'k' * 26}")
    elsewhere = await home.get(f"status/{'b' * 26}/drop/{delivery.delivery_id}")
    await home.world.manager.async_revoke(delivery.delivery_id, ANNA)
    revoked = await home.get(path)
    home.world.clock.go_on(timedelta(days=30))
    expired = await home.get(path)
    unknown = [
        await home.get(f"status/{secrets.token_hex(13).translate(_BASE32)}/data")
        for _ in range(200)
    ]
    assert never[0] == 404
    assert {never, elsewhere, revoked, expired, *unknown} == {never}


_BASE32 = str.maketrans("0189", "abcd")


async def test_an_invite_tells_nothing_but_that_it_is_open(homes: Maker) -> None:
    """The form is the same before and after, used up or not, on or off."""
    home = await homes("home")
    forms = [await home.get(f"ask/{TOKEN}")]
    await fill_invite(home)
    forms.append(await home.get(f"ask/{TOKEN}"))
    await switch_off(home)
    forms.append(await home.get(f"ask/{TOKEN}"))
    forms.append(await home.get(f"ask/{OTHERS[0]}"))
    assert forms[0][0] == 200
    assert set(forms) == {forms[0]}
    never = await home.get(f"ask/{'z' * 26}")
    home.world.settings.invites[TOKEN] = invite(TOKEN, expires_at=NOON)  # type: ignore[index]
    expired = await home.get(f"ask/{TOKEN}")
    del home.world.settings.invites[OTHERS[0]]  # type: ignore[attr-defined]
    removed = await home.get(f"ask/{OTHERS[0]}")
    no_token = await home.get("ask/x")
    assert {expired, removed, no_token, never} == {never}
    assert never[0] == 404
    assert b"<h1>This link does not work</h1>" in never[2]
    assert await home.post(recipient()) == await home.post(recipient(), "z" * 26)


async def test_refusals_depend_on_the_request_alone(homes: Maker) -> None:
    """What breaks the published limits is refused alike, whatever goes on inside."""
    faults = [{"text": ""}, {"name": "x" * 200}, {"start": "x"}, {"kind": "martian"}]
    told: list[list[Told]] = []
    for name, prepare, before in (
        ("plain", None, None),
        ("ignoring", ignore_everybody, None),
        ("off", None, switch_off),
        ("full", None, fill_invite),
    ):
        home = await homes(name, prepare)
        if before:
            await before(home)
        told.append([await home.post(home.key, **fault) for fault in faults])
    assert {status for status, _, _ in told[0]} == {400}
    assert all(each == told[0] for each in told)


async def test_footage_is_found_or_not_in_silence(homes: Maker) -> None:
    """A window at the border of what is recorded gives the same answers all along."""
    told: list[list[Told]] = []
    for minutes in (1, 5, 30):
        home = await homes(f"{minutes}")
        home.world.source.pieces.clear()
        home.world.source.add(GARDEN, NOON - timedelta(hours=1), minutes * 60)
        told.append(await live(home, Life()))
    assert told[0] == told[1] == told[2]
