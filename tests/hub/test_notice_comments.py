"""Comments on notices, through a real hub: sealed to the author, and to nobody else."""

from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
import io
import json
from pathlib import Path
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import pyrage
from pyrage import x25519
import pytest

from custom_components.clip_consent.core import own_requests
from custom_components.clip_consent.core.errors import (
    ConflictError,
    NotFoundError,
    StoreError,
)
from custom_components.clip_consent.core.hub_flow import DESK_KEPT
from custom_components.clip_consent.core.limits import LATE_MAX
from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.core.own_answers import AnswerState
from custom_components.clip_consent.core.own_requests import (
    OwnRequest,
    OwnState,
    own_state,
)
from custom_components.clip_consent.home import notice_outbox
from custom_components.clip_consent.hub import comments
from tests.edges.acting import until
from tests.manager.world import ANNA
from tests.portal.foreign import package

from .asking import HOME_A, HOME_B, PORTAL, Home, home_at
from .web import PATH, WebHub
from .world import CELL, MODERATOR, POLICE_TOKEN

HOSTILE = (
    "<img src=x onerror=alert(1)> {{ states('sun.sun') }} **b** http://evil.example"
)


@pytest.fixture
async def anna(web_hub: WebHub, tmp_path: Path) -> AsyncIterator[Home]:
    """Return the home that sends a notice in, after its first slot."""
    async with home_at(web_hub, tmp_path / "anna", HOME_A) as home:
        await home.poll()
        yield home


@pytest.fixture
async def carol(web_hub: WebHub, tmp_path: Path) -> AsyncIterator[Home]:
    """Return a home that follows the hub."""
    async with home_at(web_hub, tmp_path / "carol", HOME_B) as home:
        await home.poll()
        yield home


async def post(web_hub: WebHub, **more: Any) -> str:
    """Publish a notice of the operator's."""
    return await web_hub.manager.async_post_notice(
        "Ice", "On the steps.", (CELL,), MODERATOR, **more
    )


async def written(home: Home, notice_id: str, text: str, identity: str = "") -> Case:
    """Let a home that heard of a notice write a comment, which waits for a tap."""
    await home.poll()
    await home.world.manager.notices.async_comment(
        PORTAL, notice_id, text, ANNA, identity=identity
    )
    await home.world.settle()
    [case] = home.world.manager.reading.open_cases()
    return case


async def tapped(home: Home, case: Case) -> None:
    """Approve it, and let it go."""
    await home.world.approve(case)
    await home.world.pass_undo()
    home.world.clock.go_on(timedelta(minutes=6))
    home.world.manager.look_again()
    await home.world.settle()


async def put(web_hub: WebHub, notice_id: str, sealed: bytes) -> str:
    """Send bytes to a notice as anybody can; return what the hub calls them."""
    async with aiohttp.ClientSession() as session:
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(sealed))}
        where = f"{web_hub.base}/drops/{notice_id}"
        async with session.post(where, headers=headers) as answer:
            assert answer.status == HTTPStatus.CREATED, await answer.text()
            place = answer.headers["Location"]
        headers = {
            "Tus-Resumable": "1.0.0",
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        }
        async with session.patch(
            web_hub.origin + place, headers=headers, data=io.BytesIO(sealed)
        ) as answer:
            assert answer.status == HTTPStatus.NO_CONTENT
    return place.rpartition("/")[2]


def recipient_of(web_hub: WebHub, notice_id: str) -> str:
    """Return to whom comments on a notice are sealed."""
    rows = web_hub.rows("SELECT id, recipient FROM items")
    return str({row["id"]: row["recipient"] for row in rows}[notice_id])


def comment_sealed(to: str, notice_id: str, text: bytes, **changed: Any) -> bytes:
    """Return a comment as another program makes one."""
    said = {
        "version": 1,
        "kind": "clip",
        "request_id": notice_id,
        "content": {"name": "answer.txt", "media_type": "text/plain; charset=utf-8"},
        **changed,
    }
    tar = package.packed(said, text, Ed25519PrivateKey.generate())
    return bytes(pyrage.encrypt(package.padded(tar), [x25519.Recipient.from_str(to)]))


# --- the operator's own


async def test_the_operator_reads_what_a_home_commented(
    web_hub: WebHub, carol: Home
) -> None:
    """After the tap and not before, with who it is if that was ticked."""
    notice_id = await post(web_hub)
    case = await written(carol, notice_id, f"Salt is here.\n{HOSTILE}", "Carol, no. 7")
    assert (await web_hub.manager.async_comments(notice_id)).comments == ()
    await tapped(carol, case)
    read = await web_hub.manager.async_comments(notice_id)
    [comment] = read.comments
    assert comment.text == f"Salt is here.\n{HOSTILE}"
    assert comment.identity == "Carol, no. 7"
    assert comment.came_at <= carol.world.clock.now()
    assert (read.unreadable, read.more) == (0, False)
    [notice] = await web_hub.manager.async_notices()
    assert (notice.id, notice.state, notice.comments) == (notice_id, "open", 1)
    # a restart keeps the key: it is in the database, and what came beside it
    await web_hub.reboot()
    assert (await web_hub.manager.async_comments(notice_id)).comments == (comment,)


async def test_each_notice_has_a_key_of_its_own_and_nobody_fetches_by_it(
    web_hub: WebHub,
) -> None:
    """What is public of it is the key's other half; the inbox opens to no bearer."""
    first, second = await post(web_hub), await post(web_hub)
    assert recipient_of(web_hub, first) != recipient_of(web_hub, second)
    for bearer in ("", POLICE_TOKEN, recipient_of(web_hub, first)):
        assert not await web_hub.manager.async_may_read(first, bearer)
    keys = web_hub.rows("SELECT id, secret FROM notice_keys")
    assert {row["id"] for row in keys} == {first, second}
    async with aiohttp.ClientSession() as session:
        for path in ("info", "log", f"feed/{CELL}", f"requests/{first}"):
            async with session.get(f"{web_hub.origin}{PATH}/{path}") as answer:
                said = await answer.read()
            for row in keys:
                assert row["secret"] not in said
                assert row["secret"].hex().encode() not in said


async def test_a_notice_that_wants_no_comments_has_no_key(web_hub: WebHub) -> None:
    """And nothing is taken for it."""
    notice_id = await post(web_hub, comments=False)
    assert web_hub.rows("SELECT * FROM notice_keys") == []
    assert await web_hub.manager.async_room(notice_id) is None
    assert (await web_hub.manager.async_comments(notice_id)).comments == ()
    [notice] = await web_hub.manager.async_notices()
    assert notice.comments is None


async def test_what_is_no_comment_is_counted_and_hides_none(
    web_hub: WebHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Garbage, a film, too many words, one for another notice, one that is too large."""
    notice_id = await post(web_hub)
    to = recipient_of(web_hub, notice_id)
    await put(web_hub, notice_id, comment_sealed(to, notice_id, b"First."))
    await put(web_hub, notice_id, bytes(2**20))
    film = {"name": "clip.mp4", "media_type": "video/mp4"}
    for sealed in (
        comment_sealed(to, notice_id, b"film", content=film),
        comment_sealed(to, notice_id, b"x" * 8001),
        comment_sealed(to, notice_id, "\u202eevil".encode()),
        comment_sealed(to, "k" * 26, b"Not here."),
        comment_sealed(to, notice_id, b"Large.") + bytes(2**21),
    ):
        await put(web_hub, notice_id, sealed)
    last = comment_sealed(to, notice_id, b"Last.", identity="\u202eevil")
    gone = await put(web_hub, notice_id, comment_sealed(to, notice_id, b"Gone."))
    web_hub.clock.go_on(timedelta(seconds=1))
    await put(web_hub, notice_id, last)
    for path in (web_hub.folder / "drops").rglob(f"{gone}*"):
        path.unlink()
    read = await web_hub.manager.async_comments(notice_id)
    assert [(one.text, one.identity) for one in read.comments] == [
        ("Last.", ""),
        ("First.", ""),
    ]
    assert (read.unreadable, read.more) == (7, False)
    monkeypatch.setattr(comments, "SHOWN_MAX", 1)
    read = await web_hub.manager.async_comments(notice_id)
    assert ([one.text for one in read.comments], read.more) == (["Last."], True)


async def test_comments_on_others_notices_are_none_of_the_hubs(
    web_hub: WebHub,
) -> None:
    """A neighbour's are sealed to that neighbour; a request has answers, no comments."""
    theirs = str(x25519.Identity.generate().to_public())
    said = {
        "version": 1,
        "title": "Cat",
        "text": "Grey.",
        "cells": [CELL],
        "recipient": theirs,
        "inbox": "0" * 64,
    }
    item_id = await web_hub.manager.async_take_notice(json.dumps(said).encode(), "")
    await web_hub.publish(item_id)
    asked = await web_hub.police_asks()
    for other in (item_id, asked, "k" * 26):
        with pytest.raises(NotFoundError, match="notice_not_found"):
            await web_hub.manager.async_comments(other)
        with pytest.raises(NotFoundError, match="notice_not_found"):
            await web_hub.manager.async_withdraw_notice(other, MODERATOR)
    assert await web_hub.manager.async_notices() == []


async def test_a_notice_is_taken_back_in_public(web_hub: WebHub, carol: Home) -> None:
    """The log says so for ever; what came before stays to be read, for a while."""
    notice_id = await post(web_hub)
    await tapped(carol, await written(carol, notice_id, "Salt is here."))
    await web_hub.manager.async_withdraw_notice(notice_id, MODERATOR)
    await web_hub.manager.async_withdraw_notice(notice_id, MODERATOR)
    kinds = await web_hub.kinds()
    assert kinds[-2:] == ["published", "withdrawn"]
    [published, withdrawn] = (await web_hub.log())[-2:]
    assert withdrawn.entry.id == notice_id
    assert withdrawn.entry.target == published.entry.n
    assert withdrawn.beside and withdrawn.beside.text == "{}"
    assert published.beside  # nothing is made unsaid
    assert (await web_hub.manager.async_public(notice_id))["state"] == "withdrawn"
    assert await web_hub.listed() == []
    assert await web_hub.manager.async_room(notice_id) is None
    [notice] = await web_hub.manager.async_notices()
    assert (notice.state, notice.comments) == ("withdrawn", 1)
    read = await web_hub.manager.async_comments(notice_id)
    assert [one.text for one in read.comments] == ["Salt is here."]
    await carol.poll()
    assert carol.world.manager.notices.board.listed() == []


async def test_what_is_over_cannot_be_taken_back_and_is_forgotten(
    web_hub: WebHub,
) -> None:
    """Its key goes with what came for it."""
    notice_id = await post(web_hub)
    web_hub.clock.go_on(timedelta(days=8))
    with pytest.raises(ConflictError, match="notice_over"):
        await web_hub.manager.async_withdraw_notice(notice_id, MODERATOR)
    assert "withdrawn" not in await web_hub.kinds()
    [notice] = await web_hub.manager.async_notices()
    assert notice.state == "expired"
    web_hub.clock.go_on(DESK_KEPT)
    await web_hub.manager._sweep.async_round()
    assert await web_hub.manager.async_notices() == []
    assert web_hub.rows("SELECT * FROM notice_keys") == []
    with pytest.raises(NotFoundError):
        await web_hub.manager.async_comments(notice_id)


async def test_a_redacted_notice_keeps_its_tombstone_and_what_came(
    web_hub: WebHub, carol: Home
) -> None:
    """Its words are gone from the hub's panel too; nothing more is taken."""
    notice_id = await post(web_hub)
    await tapped(carol, await written(carol, notice_id, "It names my son."))
    n = int(str((await web_hub.manager.async_public(notice_id))["log"]))
    await web_hub.manager.async_redact(n, "It named a child", MODERATOR)
    [notice] = await web_hub.manager.async_notices()
    assert (notice.title, notice.text, notice.state) == ("", "", "redacted")
    with pytest.raises(ConflictError, match="notice_over"):
        await web_hub.manager.async_withdraw_notice(notice_id, MODERATOR)
    read = await web_hub.manager.async_comments(notice_id)
    assert [one.text for one in read.comments] == ["It names my son."]


# --- a home's


async def sent_in(
    web_hub: WebHub, anna: Home, *, wait: bool = True, **more: Any
) -> tuple[str, str]:
    """Let a home send a notice in, and publish it; return its id here and there."""
    desk = anna.world.manager.notices
    written_id = await desk.async_send(PORTAL, "Lost cat", "Grey.", ANNA, **more)
    anna.world.clock.go_on(timedelta(seconds=11))
    desk.outbox.look()
    await until(lambda: waiting_at(web_hub))
    [waiting] = await web_hub.manager.async_waiting()
    await web_hub.publish(waiting.id)
    await until(lambda: bool(desk.outbox.written[0][1].item_id))
    if more.get("comments", True) and wait:
        asked = anna.world.manager.neighbours.asked
        await until(lambda: asked.notice(written_id))
    return written_id, waiting.id


def waiting_at(web_hub: WebHub) -> bool:
    """Tell whether something waits for a moderator."""
    return web_hub.manager.waiting > 0


def own_of(anna: Home, written_id: str) -> OwnRequest:
    """Return what waits for comments."""
    own = anna.world.manager.neighbours.asked.notice(written_id)
    assert own
    return own


async def test_the_author_reads_what_another_home_commented(
    web_hub: WebHub, anna: Home, carol: Home
) -> None:
    """Sent in, moderated, published, commented, approved, fetched in a slot, opened."""
    written_id, item_id = await sent_in(web_hub, anna)
    case = await written(carol, item_id, f"Seen it.\n{HOSTILE}", "Carol, no. 7")
    await anna.poll()
    assert own_of(anna, written_id).answers == ()
    await tapped(carol, case)
    heard: list[None] = []
    anna.world.manager.notices.board.on_change(lambda: heard.append(None))
    await anna.poll()
    assert heard  # the panel draws it anew
    [comment] = own_of(anna, written_id).answers
    assert comment.state is AnswerState.HERE
    assert (comment.text, comment.identity) == (f"Seen it.\n{HOSTILE}", "Carol, no. 7")
    assert anna.follower.known.alarm is None  # it is published as it was sent
    assert not own_of(anna, written_id).altered
    kinds = await anna.world.ledger()
    assert kinds.count("notice_commented") == 1
    assert "neighbours_answered" not in kinds
    # it is the author's alone: the hub opens nothing of it
    with pytest.raises(NotFoundError):
        await web_hub.manager.async_comments(item_id)
    # and stays after a restart, when it is not fetched again
    await anna.restart()
    await anna.poll()
    assert own_of(anna, written_id).answers == (comment,)
    assert (await anna.world.ledger()).count("notice_commented") == 1
    # it is no request: nothing of it is listed, ended or forgotten as one
    desk = anna.world.manager.neighbours
    assert desk.asked.all() == ()
    for act in (
        desk.async_end(written_id, OwnState.RESOLVED, ANNA),
        desk.async_forget(written_id, ANNA),
        desk.async_clip(written_id, comment.delivery_id, ANNA),
    ):
        with pytest.raises(NotFoundError):
            await act


async def test_nobody_comments_on_a_notice_of_their_own(
    web_hub: WebHub, anna: Home
) -> None:
    """It is shown as others' are; the form is for those who did not write it."""
    _, item_id = await sent_in(web_hub, anna)
    await anna.poll()
    desk = anna.world.manager.notices
    [(_, notice)] = desk.board.listed()
    assert notice.id == item_id
    assert not desk.takes_comments(notice.recipient)
    with pytest.raises(ConflictError, match="notice_no_comments"):
        await desk.async_comment(PORTAL, item_id, "Still gone.", ANNA)


async def test_who_wants_no_comments_gets_none(web_hub: WebHub, anna: Home) -> None:
    """No key is named, nothing is taken, and no inbox is asked for."""
    written_id, item_id = await sent_in(web_hub, anna, comments=False)
    said: Any = (await web_hub.manager.async_public(item_id))["item"]
    assert said["recipient"] is None
    assert await web_hub.manager.async_room(item_id) is None
    assert anna.world.manager.neighbours.asked.notice(written_id) is None
    web_hub.answered.clear()
    await anna.poll()
    assert {method for method, _ in web_hub.answered} == {"GET"}
    assert await anna.world.bench.store.own.async_all() == ()


async def test_comments_are_words_and_nothing_else(web_hub: WebHub, anna: Home) -> None:
    """A film is not even written down, what is too large not fetched."""
    written_id, item_id = await sent_in(web_hub, anna)
    to = own_of(anna, written_id).recipient
    film = {"name": "clip.mp4", "media_type": "video/mp4"}
    for sealed in (
        comment_sealed(to, item_id, b"film", content=film),
        comment_sealed(to, item_id, b"x" * 8001),
        comment_sealed(to, item_id, b"Large.") + bytes(2**21),
        comment_sealed(to, item_id, b"Good."),
    ):
        await put(web_hub, item_id, sealed)
    await anna.poll()
    own = own_of(anna, written_id)
    assert [one.text for one in own.answers] == [None, None, None, "Good."]
    assert [one.state for one in own.answers[:3]] == [AnswerState.UNREADABLE] * 3
    folder = anna.world.bench.answers.clip(written_id, "a" * 26).parent
    assert list(folder.iterdir()) == []


async def test_the_keys_outlive_a_crash_between_sending_and_waiting(
    web_hub: WebHub, anna: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are handed over once it is kept that the hub has it, or at the next start."""
    asked = anna.world.manager.neighbours.asked

    async def dies(own: OwnRequest) -> None:
        raise StoreError("store_failed")

    monkeypatch.setattr(notice_outbox, "RETRY", 60.0)
    monkeypatch.setattr(anna.world.manager.notices.outbox, "_wait", dies)
    written_id, item_id = await sent_in(web_hub, anna, wait=False)
    assert asked.notice(written_id) is None
    await anna.restart()
    own = own_of(anna, written_id)
    assert own.item_id == item_id
    kept = await anna.world.bench.store.async_setting("notice_outbox", "")
    assert own.secret not in kept  # it stands in one place
    assert own.secret not in repr(own)
    await put(web_hub, item_id, comment_sealed(own.recipient, item_id, b"Good."))
    await anna.poll()
    assert [one.text for one in own_of(anna, written_id).answers] == ["Good."]


async def test_notices_take_no_place_of_requests(web_hub: WebHub, anna: Home) -> None:
    """As many may be asked as before; an old one goes with what came for it."""
    written_id, _ = await sent_in(web_hub, anna)
    await anna.poll()
    for _ in range(own_requests.OWN_OPEN_MAX):
        asked = await anna.ask()
    assert anna.own(asked).item_id
    anna.world.clock.go_on(timedelta(days=91))
    await anna.world.manager.neighbours.asked.async_tidy()
    assert anna.world.manager.neighbours.asked.notice(written_id) is None
    assert anna.world.manager.notices.written() == []


async def test_a_comment_that_comes_late_is_fetched_all_the_same(
    web_hub: WebHub, anna: Home
) -> None:
    """What was approved in time a hub takes for a week more: so long it is asked for."""
    written_id, item_id = await sent_in(web_hub, anna)
    to = own_of(anna, written_id).recipient
    await anna.poll()
    for clock in (anna.world.clock, web_hub.clock):
        clock.go_on(timedelta(days=8))
    await anna.poll()
    assert own_state(own_of(anna, written_id), anna.world.clock.now()) is (
        OwnState.EXPIRED
    )
    await put(web_hub, item_id, comment_sealed(to, item_id, b"Late."))
    await anna.poll()
    [comment] = own_of(anna, written_id).answers
    assert comment.text == "Late."
    for clock in (anna.world.clock, web_hub.clock):
        clock.go_on(LATE_MAX)
    await anna.poll()
    await anna.poll()
    assert own_of(anna, written_id).settled
