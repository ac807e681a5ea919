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

from custom_components.clip_consent.core.errors import ConflictError, NotFoundError
from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.hub import comments
from tests.manager.world import ANNA
from tests.portal.foreign import package

from .asking import HOME_B, PORTAL, Home, home_at
from .web import PATH, WebHub
from .world import CELL, MODERATOR, POLICE_TOKEN

HOSTILE = (
    "<img src=x onerror=alert(1)> {{ states('sun.sun') }} **b** http://evil.example"
)


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
    web_hub.clock.go_on(timedelta(days=15))
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
