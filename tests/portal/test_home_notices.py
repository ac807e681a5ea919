"""Notices of a hub in a home, and those that a home sends in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
import hashlib
import io
import json
import tarfile
from typing import Any

import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.core.errors import (
    ConflictError,
    InvalidRequestError,
    NotAllowedError,
    NotFoundError,
    StoreError,
)
from custom_components.clip_consent.core.models import (
    CaseState,
    Choice,
    ClosedReason,
    PortalKind,
)
from custom_components.clip_consent.core.notice_outbox import WRITTEN_MAX, WrittenState
from custom_components.clip_consent.core.notices import Posted
from custom_components.clip_consent.core.portal_items import Notice, NoticeAuthor
from custom_components.clip_consent.core.portal_log import EntryKind
from custom_components.clip_consent.core.settings import Portal
from custom_components.clip_consent.home import comments, notice_board, notice_outbox
from custom_components.clip_consent.home.world import RandomIds
from tests.edges.acting import until
from tests.guarantees.following import PORTAL, Follow, Following, follow, hub
from tests.manager.world import ANNA, GARDEN, NOON, World

from .standin import CELL, StandInHub

__all__ = ["follow", "hub"]  # fixtures, used by name

ELSEWHERE = "u33d8"  # a cell beside the home's


def a_notice(**changes: Any) -> Notice:
    """Return a notice to the home's own cell."""
    base = Notice(
        id=RandomIds().new_id(),
        published_at=NOON,
        expires_at=NOON + timedelta(days=7),
        title="Ice on the steps",
        text="They are slippery.",
        cells=(CELL,),
        author=NoticeAuthor.OPERATOR,
        recipient=None,
    )
    return replace(base, **changes)


class Pushes:
    """Keeps what phones would have been told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int]] = []
        self.cleared: list[str] = []

    def tell(self, portal: Portal, fresh: int) -> None:
        self.told.append((portal.title, fresh))

    def clear(self, portal_id: str) -> None:
        self.cleared.append(portal_id)


def with_pushes(pushes: Pushes) -> Callable[[World], None]:
    """Let a home push by these."""

    def prepare(world: World) -> None:
        world.notice_pushes = pushes

    return prepare


def shown(home: Following) -> list[str]:
    """Return the titles of the notices that the panel shows."""
    return [notice.title for _, notice in home.world.manager.notices.board.listed()]


def posted_at(home: Following) -> list[Posted]:
    """Return a list that fills with what is told of."""
    told: list[Posted] = []
    home.world.manager.notices.board.on_posted(told.append)
    return told


# --- shown


async def test_notices_of_the_homes_own_cell_are_shown_and_told_once(
    follow: Follow, hub: StandInHub
) -> None:
    """Not those of the cells around it; a restart tells nothing anew."""
    pushes = Pushes()
    hub.publish(a_notice())
    hub.publish(a_notice(title="Elsewhere", cells=(ELSEWHERE,)))
    home = await follow(prepare=with_pushes(pushes))
    told = posted_at(home)
    await home.poll()
    await home.poll()
    assert shown(home) == ["Ice on the steps"]
    [one] = told
    assert (one.label, one.author) == ("Lindenstraße", NoticeAuthor.OPERATOR)
    assert pushes.told == [("Lindenstraße", 1)]
    await home.restart()
    told = posted_at(home)
    await home.poll()
    assert shown(home) == ["Ice on the steps"]
    hub.publish(a_notice(title="Newer", published_at=NOON + timedelta(minutes=1)))
    await home.poll()
    assert shown(home) == ["Newer", "Ice on the steps"]
    assert [each.notice_id for each in told] == [hub.lines[-1].entry.id]
    assert await home.cases() == []  # a notice asks for nothing
    assert "received" not in await home.world.ledger()


async def test_what_is_put_away_or_over_is_shown_no_more(
    follow: Follow, hub: StandInHub
) -> None:
    """To nobody in this home, also after a restart; phones show it no longer."""
    pushes = Pushes()
    first = a_notice()
    n = hub.publish(a_notice(title="Withdrawn"))
    hub.publish(first)
    hub.publish(a_notice(title="Short", expires_at=NOON + timedelta(hours=1)))
    home = await follow(prepare=with_pushes(pushes))
    await home.poll()
    desk = home.world.manager.notices
    drawn: list[bool] = []
    stop = desk.board.on_change(lambda: drawn.append(True))
    await desk.async_put_away(PORTAL, first.id, ANNA)
    assert sorted(shown(home)) == ["Short", "Withdrawn"]
    assert drawn == [True]
    stop()
    hub.close(n, EntryKind.WITHDRAWN)
    await home.poll()
    assert shown(home) == ["Short"]
    assert pushes.cleared == []
    home.world.clock.go_on(timedelta(hours=2))
    assert shown(home) == []
    await home.poll()
    assert pushes.cleared == [PORTAL]
    await home.restart()
    assert shown(home) == []
    with pytest.raises(NotFoundError):
        await desk.async_put_away(PORTAL, first.id, ANNA)
    with pytest.raises(NotAllowedError):
        await desk.async_put_away(PORTAL, first.id, "guest")
    assert drawn == [True]


async def test_a_flood_of_notices_is_shown_in_part(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest, and told of; older ones come up as those are put away."""
    monkeypatch.setattr(notice_board, "SHOWN_MAX", 2)
    for number in range(3):
        hub.publish(
            a_notice(title=str(number), published_at=NOON + timedelta(minutes=number))
        )
    home = await follow()
    told = posted_at(home)
    await home.poll()
    await home.poll()
    assert shown(home) == ["2", "1"]
    [(_, newest), (_, other)] = home.world.manager.notices.board.listed()
    assert [one.notice_id for one in told] == [other.id, newest.id]
    await home.world.manager.notices.async_put_away(PORTAL, newest.id, ANNA)
    assert shown(home) == ["1", "0"]


async def test_of_a_hub_that_contradicts_itself_nothing_is_shown(
    follow: Follow, hub: StandInHub
) -> None:
    """Until the owner believes it again; nobody is told twice."""
    hub.publish(a_notice())
    home = await follow()
    told = posted_at(home)
    await home.poll()
    kept = list(hub.lines), dict(hub.items)
    hub.items.clear()
    hub.lines.clear()
    await home.poll()
    assert home.alarms() == {"portal_rollback"}
    assert shown(home) == []
    hub.lines, hub.items = kept
    hub.feeds.clear()
    await home.world.manager.hubs.async_trust_anew(PORTAL)
    await home.poll()
    assert shown(home) == ["Ice on the steps"]
    assert len(told) == 1


async def test_what_could_not_be_kept_is_told_in_the_next_slot(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written down first: a crash may lose an event, and doubles none."""
    home = await follow()
    told = posted_at(home)
    await home.poll()
    hub.publish(a_notice())
    store = home.world.bench.store
    before = store.async_set

    async def refuse(key: str, *rest: Any) -> None:
        if key == "notices":
            raise StoreError("store_failed")
        await before(key, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(store, "async_set", refuse)
        await home.poll()
    assert (told, shown(home)) == ([], [])
    await home.poll()
    assert len(told) == 1


# --- a comment


async def commented(
    home: Following, hub: StandInHub, key: x25519.Identity, text: str = "Salt is here."
) -> Notice:
    """Publish a notice whose author waits for comments, and write one."""
    notice = a_notice(recipient=str(key.to_public()))
    hub.publish(notice)
    await home.poll()
    await home.world.manager.notices.async_comment(PORTAL, notice.id, text, ANNA)
    await home.world.settle()
    return notice


async def test_a_comment_goes_sealed_to_the_author_after_approve(
    follow: Follow, hub: StandInHub
) -> None:
    """The way of every answer: offer, tap, undo window, a while of chance."""
    key = x25519.Identity.generate()
    home = await follow()
    notice = await commented(home, hub, key)
    [case] = await home.cases()
    assert (case.state, case.request.portal) == (CaseState.WAITING, PortalKind.NOTICE)
    assert case.offer
    assert case.offer.recipient == notice.recipient
    assert home.world.prompter.asked == []  # nobody asked this home for anything
    assert await home.world.manager.reading.async_try_rules(None, ANNA) == []
    assert home.world.oracle.arrived == []
    await home.world.approve(case)
    await home.world.pass_undo()
    [case] = await home.cases()
    assert case.state is CaseState.SEALED
    home.world.clock.go_on(timedelta(minutes=6))
    home.world.manager.look_again()
    await home.world.settle()
    [case] = await home.cases()
    assert case.state is CaseState.SHARED
    [package] = home.world.oracle.arrived
    plain = pyrage.decrypt(package, [key])
    with tarfile.open(fileobj=io.BytesIO(plain)) as members:
        words = members.extractfile("answer.txt")
        assert words
        assert words.read() == b"Salt is here."
    assert case.request.destination.url
    assert case.request.destination.url.endswith(f"/drops/{notice.id}")
    kinds = await home.world.ledger()
    assert kinds.count("comment_written") == 1
    assert "received" not in kinds
    # another comment on it is another case, with a consent of its own
    await home.world.manager.notices.async_comment(PORTAL, notice.id, "Gone.", ANNA)
    await home.world.settle()
    assert len(await home.cases()) == 2


async def test_a_comment_can_be_undone_written_anew_and_given_up(
    follow: Follow, hub: StandInHub
) -> None:
    """Nothing of it leaves; other words take the place of those that wait."""
    home = await follow()
    notice = await commented(home, hub, x25519.Identity.generate())
    manager = home.world.manager
    [case] = await home.cases()
    await home.world.approve(case)
    await manager.async_undo(case.case_id, ANNA)
    await home.world.settle()
    await manager.notices.async_comment(PORTAL, notice.id, "No salt.", ANNA)
    await home.world.settle()
    [case] = await home.cases()
    assert case.draft
    assert case.draft.choice.text == "No salt."
    await manager.async_decline(case.case_id, ANNA)
    home.world.clock.go_on(timedelta(hours=1))
    manager.look_again()
    await home.world.settle()
    [case] = await home.cases()
    assert case.closed is ClosedReason.DECLINED
    assert home.world.oracle.arrived == []


async def test_a_comment_holds_words_and_no_film(
    follow: Follow, hub: StandInHub
) -> None:
    """No camera can be chosen for it, whatever it has of these days."""
    home = await follow()
    await commented(home, hub, x25519.Identity.generate())
    [case] = await home.cases()
    window = replace(
        case.request.window,
        start=NOON - timedelta(minutes=10),
        end=NOON - timedelta(minutes=9),
    )
    with pytest.raises(ConflictError, match="camera_not_offered"):
        await home.world.manager.async_choose(
            case.case_id, Choice(camera_id=GARDEN, window=window), ANNA
        )


async def test_a_notice_that_is_withdrawn_ends_its_comment(
    follow: Follow, hub: StandInHub
) -> None:
    """Also one that was approved: nobody waits for it any more."""
    home = await follow()
    await commented(home, hub, x25519.Identity.generate())
    [case] = await home.cases()
    await home.world.approve(case)
    hub.close(len(hub.lines), EntryKind.WITHDRAWN)
    await home.poll()
    [case] = await home.cases()
    assert case.closed is ClosedReason.WITHDRAWN
    assert home.world.oracle.arrived == []


async def test_what_cannot_be_commented_is_refused(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No author who waits, nothing to say, nobody who may, or too much at once."""
    mute = a_notice()
    hub.publish(mute)
    home = await follow()
    notice = await commented(home, hub, x25519.Identity.generate())
    desk = home.world.manager.notices
    with pytest.raises(ConflictError, match="notice_no_comments"):
        await desk.async_comment(PORTAL, mute.id, "Hm.", ANNA)
    with pytest.raises(NotFoundError, match="notice_not_found"):
        await desk.async_comment(PORTAL, "x" * 26, "Hm.", ANNA)
    with pytest.raises(InvalidRequestError):
        await desk.async_comment(PORTAL, notice.id, " ", ANNA)
    with pytest.raises(NotAllowedError):
        await desk.async_comment(PORTAL, notice.id, "Hm.", "guest")
    monkeypatch.setattr(comments, "OPEN_MAX", 1)
    other = a_notice(recipient=notice.recipient)
    hub.publish(other)
    await home.poll()
    with pytest.raises(ConflictError, match="comments_too_many"):
        await desk.async_comment(PORTAL, other.id, "Hm.", ANNA)


# --- sent in


async def send(home: Following, **changes: Any) -> str:
    """Write a notice, and let its undo window pass."""
    await home.poll()  # the hub said what it covers
    said = {"title": "Ice", "text": "On the\r\nsteps. ", **changes}
    written = await home.world.manager.notices.async_send(PORTAL, user_id=ANNA, **said)
    home.world.clock.go_on(timedelta(seconds=11))
    home.world.manager.notices.outbox.look()
    return written


def states(home: Following) -> list[WrittenState]:
    """Return how what was written stands."""
    return [one.state for _, one in home.world.manager.notices.outbox.written]


async def stands(home: Following, *wanted: WrittenState) -> None:
    """Wait until what was written stands so."""
    await until(lambda: states(home) == list(wanted), f"{states(home)} → {wanted}")


async def sent_to(home: Following, hub: StandInHub) -> list[dict[str, Any]]:
    """Return what came in at the hub."""
    return [
        json.loads(body)
        for method, path, _, body in hub.seen
        if method == "POST" and path.endswith("/notices")
    ]


async def test_a_notice_is_sent_in_for_the_homes_own_cell(
    follow: Follow, hub: StandInHub
) -> None:
    """After the undo window, as it was typed, and the ledger tells of it."""
    home = await follow()
    written_id = await send(home)
    await stands(home, WrittenState.SENT)
    [said] = await sent_to(home, hub)
    asked = home.world.manager.neighbours.asked
    await until(lambda: asked.notice(written_id))
    [own] = asked.notices
    assert said == {
        "version": 1,
        "title": "Ice",
        "text": "On the\nsteps.",
        "cells": [CELL],
        "recipient": own.recipient,
        "inbox": hashlib.sha256(own.inbox.encode()).hexdigest(),
    }
    assert own.secret not in json.dumps(said)
    [(portal, written)] = home.world.manager.notices.outbox.written
    assert (portal.title, written.item_id) == ("Lindenstraße", "n" * 26)
    kinds = await home.world.ledger()
    assert [kind for kind in kinds if kind.startswith("notice_")] == [
        "notice_written",
        "notice_sent",
    ]


async def test_a_notice_can_be_taken_back_in_its_window(
    follow: Follow, hub: StandInHub
) -> None:
    """Then it was never sent; after that it cannot."""
    home = await follow()
    await home.poll()
    desk = home.world.manager.notices
    written = await desk.async_send(PORTAL, "Ice", "Steps.", ANNA)
    await desk.async_take_back(written, ANNA)
    home.world.clock.go_on(timedelta(minutes=1))
    desk.outbox.look()
    assert desk.outbox.written == []
    with pytest.raises(NotFoundError):
        await desk.async_take_back(written, ANNA)
    sent = await send(home)
    await stands(home, WrittenState.SENT)
    with pytest.raises(ConflictError, match="notice_already_sent"):
        await desk.async_take_back(sent, ANNA)
    assert len(await sent_to(home, hub)) == 1
    assert "notice_taken_back" in await home.world.ledger()


async def test_a_notice_is_sent_again_after_a_restart_until_the_hub_has_it(
    follow: Follow, hub: StandInHub
) -> None:
    """Nothing of it is lost while the hub is down."""
    home = await follow()
    await home.poll()
    hub.down = True
    desk = home.world.manager.notices
    await desk.async_send(PORTAL, "Ice", "Steps.", ANNA)
    home.world.clock.go_on(timedelta(seconds=11))
    desk.outbox.look()
    await until(lambda: desk.outbox.written[0][1].attempts == 1)
    assert desk.outbox.written[0][1].problem == "portal_unavailable"
    await home.restart()
    hub.down = False
    home.world.clock.go_on(timedelta(hours=1))
    home.world.manager.notices.outbox.look()
    await stands(home, WrittenState.SENT)
    assert len(await sent_to(home, hub)) == 2


@pytest.mark.parametrize(
    ("status", "said", "problem"),
    [
        (429, '{"error": "too_many_today"}', "too_many_today"),
        (429, '{"error": "<b>mine</b>"}', "hub_refused_notice"),
        (429, "[]", "hub_refused_notice"),
        (429, "no", "hub_refused_notice"),
        (404, '{"error": "not_found"}', "hub_refused_notice"),
        (400, '{"error": "x"}', "hub_refused_notice"),
    ],
)
async def test_what_a_hub_does_not_take_is_told(
    follow: Follow, hub: StandInHub, status: int, said: str, problem: str
) -> None:
    """In words that are known here, and it is not tried again."""
    hub.notices = status, said
    home = await follow()
    await send(home)
    await stands(home, WrittenState.REFUSED)
    [(_, written)] = home.world.manager.notices.outbox.written
    assert written.problem == problem
    assert "notice_refused" in await home.world.ledger()


async def test_a_hub_that_answers_nonsense_is_asked_again(
    follow: Follow, hub: StandInHub
) -> None:
    """It may have it, or not: at the hub the same words wait once."""
    hub.notices = 202, "{}"
    home = await follow()
    await send(home)
    outbox = home.world.manager.notices.outbox
    await until(lambda: outbox.written[0][1].attempts == 1)
    assert states(home) == [WrittenState.WAITING]


async def test_a_disk_that_refuses_sends_nothing_twice(
    follow: Follow, hub: StandInHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What became of it is kept once the disk takes it."""
    monkeypatch.setattr(notice_outbox, "RETRY", 0.01)
    home = await follow()
    await home.poll()
    store = home.world.bench.store
    before, failures = store.async_set, 3

    async def refuse(key: str, *rest: Any) -> None:
        nonlocal failures
        if key == "notice_outbox" and hub.seen and failures:
            failures -= 1
            raise StoreError("store_failed")
        await before(key, *rest)

    await home.world.manager.notices.async_send(PORTAL, "Ice", "Steps.", ANNA)
    monkeypatch.setattr(store, "async_set", refuse)
    home.world.clock.go_on(timedelta(seconds=11))
    home.world.manager.notices.outbox.look()
    await stands(home, WrittenState.SENT)
    assert failures == 0
    assert len(await sent_to(home, hub)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": " "}, "title_blank"),
        ({"title": "x" * 128}, "title_too_long"),
        ({"text": "x" * 2001}, "text_too_long"),
        ({"text": "x" * 9000}, "text_too_long"),
        ({"cells": ["u33dd"]}, "cell_outside_hub"),
    ],
)
async def test_what_breaks_a_limit_is_not_kept(
    follow: Follow, hub: StandInHub, changes: dict[str, Any], code: str
) -> None:
    """The field is named; nothing is sent."""
    home = await follow()
    with pytest.raises(InvalidRequestError, match=code):
        await send(home, **changes)
    assert home.world.manager.notices.outbox.written == []


async def test_who_may_not_or_cannot_send_is_told(
    follow: Follow, hub: StandInHub
) -> None:
    """Nobody but approvers; a hub that was not asked yet, or is not followed."""
    home = await follow()
    desk = home.world.manager.notices
    [reach] = desk.reaches()
    assert (reach.cell, reach.cells) == (None, ())
    with pytest.raises(ConflictError, match="home_outside_hub"):
        await desk.async_send(PORTAL, "Ice", "Steps.", ANNA)
    with pytest.raises(NotFoundError, match="portal_not_found"):
        await desk.async_send("other", "Ice", "Steps.", ANNA)
    await home.poll()
    [reach] = desk.reaches()
    assert (reach.cell, reach.cells) == (CELL, tuple(sorted(hub.cells)))
    with pytest.raises(NotAllowedError):
        await desk.async_send(PORTAL, "Ice", "Steps.", "guest")
    with pytest.raises(NotAllowedError):
        await desk.async_take_back("w" * 26, "guest")
    for _ in range(WRITTEN_MAX):
        await desk.async_send(PORTAL, "Ice", "Steps.", ANNA, cells=[ELSEWHERE])
    with pytest.raises(ConflictError, match="notices_too_many"):
        await desk.async_send(PORTAL, "Ice", "Steps.", ANNA)
