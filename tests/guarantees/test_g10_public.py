"""G10: what a hub publishes, its limits and its wording are public and only added to.

Nothing edits or deletes an entry, a redaction leaves a tombstone that says who, when and
why, refusals are counted, and no answer depends on who asks or on who follows.
"""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import timedelta
import json
from pathlib import Path
import sqlite3
import subprocess
import sys
from typing import Any, Final

import aiohttp
from homeassistant.core import HomeAssistant
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.clip_consent.core.errors import (
    ClipConsentError,
    ConflictError,
    InvalidRequestError,
    NotFoundError,
)
from custom_components.clip_consent.core.hub_models import RefusalReason
from custom_components.clip_consent.core.hub_settings import HubLimits
from custom_components.clip_consent.core.portal_log import EMPTY, check_chain, line_json
from tests.hub.test_notice_comments import comment_sealed, put, recipient_of
from tests.hub.web import PATH, WebHub, serving_hub
from tests.hub.world import (
    CELL,
    MODERATOR,
    POLICE,
    POLICE_TOKEN,
    SETTINGS,
    HubWorld,
    page_of,
)

FORGERIES: Final = (
    "DELETE FROM log WHERE n = 1",
    "DELETE FROM log",
    "UPDATE log SET text = '{}' WHERE n = 2",
    "UPDATE log SET text = '{}', salt = x'00' WHERE n = 2",
    "UPDATE log SET salt = NULL, text = NULL, at = '2020-01-01T00:00:00Z' WHERE n = 2",
    "UPDATE log SET salt = NULL, text = NULL, target = 1 WHERE n = 2",
    "UPDATE log SET salt = NULL, text = NULL, hash = 'x' WHERE n = 2",
    "UPDATE log SET salt = NULL, text = NULL, id = NULL WHERE n = 2",
    "UPDATE log SET n = 9, salt = NULL, text = NULL WHERE n = 2",
    "INSERT OR REPLACE INTO log SELECT * FROM log WHERE n = 2",
    "REPLACE INTO log SELECT 2, at, kind, id, target, digest, previous, hash, salt, text FROM log",
    "INSERT INTO log SELECT 99, at, kind, id, target, digest, previous, hash, salt, text FROM log",
)


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubWorld]:
    """Return a running hub."""
    world = HubWorld(tmp_path / "hub")
    await world.boot()
    yield world
    await world.manager.async_stop()


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_the_database_itself_refuses_to_change_what_was_said(
    hub: HubWorld, forgery: str
) -> None:
    """Not even a mistake of ours can edit, remove, reorder or skip an entry."""
    await hub.publish(await hub.police_asks())
    before = [line_json(line) for line in await hub.log()]
    connection = sqlite3.connect(hub.folder / "hub.db", timeout=30)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute(forgery)
    connection.close()
    assert [line_json(line) for line in await hub.log()] == before


def spellings(text: str) -> list[bytes]:
    """Return a text plain, and as base64url has it, wherever it begins in that."""
    said = text.encode()
    found = [said]
    for before in range(3):
        coded = base64.urlsafe_b64encode(bytes(before) + said)
        # the first and last characters depend on what stands around it
        found.append(coded[4 if before else 0 : len(coded) // 4 * 4 - 4])
    return found


def held_by(hub: HubWorld) -> bytes:
    """Return all that a hub has on disk."""
    return b"\n".join(path.read_bytes() for path in sorted(hub.folder.iterdir()))


async def test_a_redaction_leaves_a_tombstone(hub: HubWorld) -> None:
    """Who, when and why is public for ever; the text and its salt are nowhere."""
    secret = "Zacharias Quellenmeister"
    item = await hub.police_asks(text=f"{secret} did it.", title=f"By {secret}")
    n = await hub.publish(item)
    held = held_by(hub)
    assert secret.encode() in held
    assert any(one in held for one in spellings(secret)[1:])  # in a feed, as signed
    before = await hub.log()
    hub.clock.go_on(timedelta(hours=1))
    await hub.manager.async_redact(n, "It names somebody", MODERATOR)
    after = await hub.log()
    assert [line.entry for line in after[: len(before)]] == [
        line.entry for line in before
    ]
    assert after[n - 1].beside is None
    tombstone = after[-1]
    assert (tombstone.entry.kind, tombstone.entry.target) == ("redacted", n)
    assert tombstone.entry.id == item
    assert tombstone.entry.at == hub.clock.now()
    assert tombstone.beside
    assert json.loads(tombstone.beside.text) == {
        "who": "Mo of number 5",
        "why": "It names somebody",
    }
    said = await hub.manager.async_public(item)
    assert (said["state"], said["item"]) == ("redacted", None)
    assert await hub.listed() == []
    assert await hub.manager.async_room(item) is None
    (row,) = (await hub.manager.async_desk(POLICE))["requests"]  # type: ignore[misc]
    assert (row["title"], row["text"], row["state"]) == ("", "", "redacted")
    await hub.manager.async_stop()
    held = held_by(hub)
    assert [spelt for spelt in spellings(secret) if spelt in held] == []
    await hub.boot()
    assert [line_json(line) for line in await hub.log()] == [
        line_json(line) for line in after
    ]


async def test_what_was_redacted_is_on_no_disk_any_more(hub: HubWorld) -> None:
    """Neither in the database nor in what SQLite keeps beside it."""

    def found() -> int:
        files = [path for path in hub.folder.rglob("*") if path.is_file()]
        return sum(path.read_bytes().count(b"Zacharias") for path in files)

    item = await hub.police_asks(text="Look for Zacharias")
    n = await hub.publish(item)
    assert found()
    await hub.manager.async_redact(n, "It names somebody", MODERATOR)
    assert found() == 0


async def test_only_words_of_others_are_redacted_and_only_once(hub: HubWorld) -> None:
    """Tombstones, ends, keys and terms stay; so does all else of the request."""
    item = await hub.police_asks()
    n = await hub.publish(item)
    note = json.dumps({"version": 1, "text": "It was Wednesday."}).encode()
    await hub.manager.async_note(POLICE, item, note)
    (waiting,) = await hub.manager.async_waiting()
    await hub.manager.async_publish(waiting.id, MODERATOR)
    await hub.manager.async_rotate_key()
    await hub.manager.async_redact(n + 1, "It names somebody", "somebody else")
    assert (await hub.manager.async_public(item))["state"] == "open"
    assert (await hub.manager.async_public(item))["notes"] == []
    assert await hub.listed() == ["Car scratched"]
    await hub.manager.async_resolve(POLICE, item)
    kinds = await hub.kinds()
    assert kinds == ["terms", "published", "note", "key", "redacted", "resolved"]
    for number, kind in enumerate(kinds, start=1):
        if kind not in {"published", "note"}:
            with pytest.raises(ConflictError, match="not_redactable"):
                await hub.manager.async_redact(number, "Why not", MODERATOR)
    with pytest.raises(ConflictError, match="already_redacted"):
        await hub.manager.async_redact(n + 1, "Again", MODERATOR)
    with pytest.raises(NotFoundError):
        await hub.manager.async_redact(99, "Nothing", MODERATOR)
    with pytest.raises(InvalidRequestError):
        await hub.manager.async_redact(n, " ", MODERATOR)  # a reason there has to be
    # whoever is no named moderator stands for the operator
    last = (await hub.log())[4]
    assert last.beside
    assert json.loads(last.beside.text)["who"] == SETTINGS.operator


async def test_limits_and_wording_of_any_day_can_be_read(hub: HubWorld) -> None:
    """Each change is an entry; those before it stay."""
    await hub.reboot(rules="We publish everything.", limits=HubLimits(per_week=50))
    await hub.reboot(rules="We publish nothing.")
    said = [json.loads(line.beside.text) for line in await hub.log() if line.beside]
    assert [one["rules"] for one in said] == [
        SETTINGS.rules,
        "We publish everything.",
        "We publish nothing.",
    ]
    assert [one["limits"]["per_week"] for one in said] == [3, 50, 50]
    info: Any = await hub.manager.async_info()
    assert {**said[-1]}.items() <= info.items()


async def test_every_refusal_is_counted_by_its_reason(hub: HubWorld) -> None:
    """In public, and over restarts; of what was refused nothing else is."""
    for number, reason in enumerate([*RefusalReason, RefusalReason.ABUSIVE]):
        item = await hub.neighbour_asks(f"8.8.4.{number}", text="Something foul")
        await hub.manager.async_refuse(item, reason, MODERATOR)
    counts = {reason.value: 1 for reason in RefusalReason}
    counts["abusive"] = 2
    await hub.reboot()
    info: Any = await hub.manager.async_info()
    assert info["counts"] == {"published": 0, "refused": counts}
    assert await hub.kinds() == ["terms"]
    assert "foul" not in json.dumps(info)


async def test_what_nobody_looks_at_is_counted(hub: HubWorld) -> None:
    """From the moment it can be published no more, and for good: once each."""
    asked = await hub.police_asks()
    await hub.publish(asked)
    hub.clock.go_on(timedelta(days=1))
    await hub.manager.async_note(POLICE, asked, b'{"version":1,"text":"It was blue."}')
    await hub.neighbour_asks(text="Something foul")
    taken_back = await hub.police_asks()
    await hub.manager.async_withdraw(POLICE, taken_back)

    async def counted() -> Any:
        await hub.reboot()
        info: Any = await hub.manager.async_info()
        return info["counts"]["refused"]

    hub.clock.go_on(timedelta(days=7) - timedelta(seconds=1))
    assert await counted() == {}
    hub.clock.go_on(timedelta(seconds=1))
    assert await counted() == {"not_looked_at": 2}
    for _ in range(40):  # until nothing of them is here any more
        hub.clock.go_on(timedelta(days=1))
        await hub.manager._sweep.async_round()
    assert hub.rows("SELECT id FROM notes") == []
    assert len(hub.rows("SELECT id FROM items")) == 1
    assert await counted() == {"not_looked_at": 2}
    await hub.neighbour_asks("8.8.4.4")
    hub.clock.go_on(timedelta(days=7))
    assert await counted() == {"not_looked_at": 3}


class _Story:
    """Whatever requesters, neighbours and moderators do, in any order."""

    def __init__(self, hub: HubWorld) -> None:
        self.hub = hub
        self.ids: list[str] = ["a" * 26]

    async def step(self, deed: int, which: int) -> None:
        hub, item = self.hub, self.ids[which % len(self.ids)]
        note = json.dumps({"version": 1, "text": f"Note {which}"}).encode()
        manager = hub.manager
        match deed:
            case 0:
                self.ids.append(await hub.police_asks())
            case 1:
                self.ids.append(await hub.neighbour_asks(f"8.8.{which}.1"))
            case 2:
                await manager.async_post_notice("Ice", "Here.", (CELL,), MODERATOR)
            case 3 | 4:
                for waiting in await manager.async_waiting():
                    await manager.async_publish(waiting.id, MODERATOR)
            case 5:
                for waiting in await manager.async_waiting():
                    await manager.async_refuse(
                        waiting.id, RefusalReason.ABUSIVE, MODERATOR
                    )
            case 6:
                await manager.async_withdraw(POLICE, item, secret="inbox secret")
            case 7:
                await manager.async_resolve(POLICE, item)
            case 8:
                await manager.async_note(POLICE, item, note)
            case 9:
                await manager.async_redact(which % 12, "It names people", MODERATOR)
            case 10:
                await manager.async_rotate_key()
            case 11:
                hub.clock.go_on(timedelta(hours=3 * which))
                await manager._sweep.async_round()
            case 12:
                await hub.reboot(rules=f"Rules {which % 3}")


@given(
    deeds=st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 40)), min_size=3, max_size=25
    )
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_the_log_only_grows(
    deeds: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After each deed, all that was said is still said, or redacted with a tombstone."""

    async def tell() -> None:
        hub = HubWorld(tmp_path_factory.mktemp("story"))
        await hub.boot()
        story = _Story(hub)
        before = await hub.log()
        try:
            for deed, which in deeds:
                try:
                    await story.step(deed, which)
                except ClipConsentError:
                    assert await hub.log() == before  # what failed said nothing
                after = await hub.log()
                _assert_grown(before, after)
                await _assert_consistent(hub, after)
                before = after
        finally:
            await hub.manager.async_stop()

    asyncio.run(tell())


def _assert_grown(before: list[Any], after: list[Any]) -> None:
    assert len(after) >= len(before)
    redacted = {line.entry.target for line in after if line.entry.kind == "redacted"}
    for old, new in zip(before, after, strict=False):
        assert new.entry == old.entry
        if new.beside != old.beside:
            assert new.beside is None
        assert (new.beside is None) == (new.entry.n in redacted)


async def _assert_consistent(hub: HubWorld, lines: list[Any]) -> None:
    """Feed, pages and log say the same; the feed lists what is open, and no other."""
    assert check_chain(EMPTY, lines) == await hub.head()
    feed = await hub.feed()
    assert feed.head == await hub.head()
    listed = {item.n: item.beside for item in feed.items}
    for line in lines:
        if line.entry.kind == "published":
            said = await hub.manager.async_public(line.entry.id)
            assert said["log"] == line.entry.n
            assert (said["state"] == "open") == (line.entry.n in listed)
            assert (said["item"] is None) == (line.beside is None)
    assert all(lines[n - 1].beside == beside for n, beside in listed.items())


# --- no answer depends on who follows


async def _public_answers(
    session: aiohttp.ClientSession, **headers: str
) -> list[tuple[int, dict[str, str], bytes]]:
    """Return everything that anybody can read, to the byte."""
    found = []
    for path in ("/info", "/log", f"/feed/{CELL}", "/feed/u33dc", "/coverage"):
        async with session.get(PATH + path, headers=headers) as response:
            kept = {
                name.lower(): value
                for name, value in response.headers.items()
                if name != "Date"
            }
            found.append((response.status, kept, await response.read()))
    return found


async def _seen(hub: WebHub, **headers: str) -> list[tuple[int, dict[str, str], bytes]]:
    async with aiohttp.ClientSession(hub.origin) as session:
        return await _public_answers(session, **headers)


async def test_no_answer_depends_on_who_follows(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None
) -> None:
    """The same bytes for the first home and the hundredth, with whatever headers.

    And the hub is the same afterwards: asking writes nothing, so nobody could read from
    it later who followed, which cell they asked for, or that anybody did.
    """
    async with serving_hub(hass, tmp_path / "hub") as hub:
        await hub.publish(await hub.police_asks())
        first = await _seen(hub)
        pages = hub.rows("PRAGMA data_version"), _database(hub)
        for stranger in (
            {},
            {"User-Agent": "somebody else", "Cookie": "a=b"},
            {"Accept-Language": "nl", "Accept-Encoding": "gzip, br"},
            {"Authorization": f"Bearer {POLICE_TOKEN}"},
            {"X-Forwarded-Host": "elsewhere", "Range": "bytes=0-10"},
        ):
            assert await _seen(hub, **stranger) == first
        many = await asyncio.gather(*(_seen(hub) for _ in range(20)))
        assert all(seen == first for seen in many)
        hub.clock.go_on(timedelta(hours=5))  # when somebody asks tells nothing either
        assert await _seen(hub) == first
        assert (hub.rows("PRAGMA data_version"), _database(hub)) == pages
        etag = first[2][1]["etag"]
        async with aiohttp.ClientSession(hub.origin) as session:
            known = {"If-None-Match": etag}
            async with session.get(f"{PATH}/feed/{CELL}", headers=known) as response:
                assert response.status == 304


async def test_a_new_issue_is_made_whether_anybody_asks_or_not(tmp_path: Path) -> None:
    """Two hubs of one clock, one of them asked all the time, sign at the same moments."""
    issued = []
    for asked in (False, True):
        hub = HubWorld(tmp_path / str(asked))
        await hub.boot()
        await hub.police_asks()
        moments = []
        for _ in range(40):
            if asked:
                await hub.manager.async_info()
                await page_of(hub.manager, 1)
                await hub.feed()
            hub.clock.go_on(timedelta(hours=7))
            await hub.manager._sweep.async_round()
            feed = await hub.feed()
            moments.append((feed.seq, feed.issued, feed.expires, feed.head.n))
        issued.append(moments)
        await hub.manager.async_stop()
    assert issued[0] == issued[1]


def _database(hub: HubWorld) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted(hub.folder.iterdir())
        if path.is_file() and not path.name.endswith("-shm")
    }


# --- a crash at any moment

LIFE: Final = """
import tests.guarantees.durable.bare
import asyncio, itertools, sys
from pathlib import Path
from tests.hub.world import MODERATOR, POLICE, HubWorld, SETTINGS
from custom_components.clip_consent.core.hub_models import RefusalReason
from custom_components.clip_consent.core.hub_settings import HubLimits
from custom_components.clip_consent.core.errors import ClipConsentError

async def live():
    hub = HubWorld(Path(sys.argv[1]))
    hub.settings = hub.settings.__class__(**{
        **{f: getattr(SETTINGS, f) for f in SETTINGS.__dataclass_fields__},
        "limits": HubLimits(per_week=10**6, per_case_number=10**6),
    })
    await hub.boot()
    print("up", flush=True)
    for number in itertools.count():
        item = await hub.police_asks(title=f"Number {number}")
        print("asked", item, flush=True)
        if number % 5 == 4:
            await hub.manager.async_refuse(item, RefusalReason.ABUSIVE, MODERATOR)
            print("refused", item, flush=True)
            continue
        n = await hub.publish(item)
        print("published", item, n, flush=True)
        if number % 3 == 0:
            await hub.manager.async_redact(n, "It names people", MODERATOR)
            print("redacted", item, n, flush=True)
        elif number % 3 == 1:
            await hub.manager.async_withdraw(POLICE, item)
            print("withdrawn", item, n, flush=True)
        if number % 7 == 6:
            await hub.manager.async_rotate_key()

asyncio.run(live())
"""


async def test_a_crash_loses_nothing_that_was_said(tmp_path: Path) -> None:
    """Killed at many moments: log, rows and feed agree, and all that was told holds."""
    root = Path(__file__).parents[2]
    told: list[list[str]] = []
    for life in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", LIFE, str(tmp_path)],
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout and process.stdout.readline() == "up\n"
        await asyncio.sleep(0.02 + 0.037 * life)
        process.kill()
        out, _ = process.communicate()
        told += [line.split() for line in out.splitlines()]
        process.stdout.close()
        await _assert_whole(tmp_path, told)
    assert len([line for line in told if line[0] == "published"]) > 10


async def _assert_whole(folder: Path, told: list[list[str]]) -> None:
    hub = HubWorld(folder)
    await hub.boot()
    try:
        lines = await hub.log()
        await _assert_consistent(hub, lines)
        by_id = {(line.entry.kind, line.entry.id) for line in lines}
        rows = {row["id"]: row for row in hub.rows("SELECT * FROM items")}
        for kind, item, *n in told:
            assert item in rows
            if n:
                assert (kind, item) in by_id
        for row in rows.values():  # no state without its entry, no entry without it
            public = ("published", row["id"]) in by_id
            assert public == (row["n"] is not None)
            for kind in ("withdrawn", "redacted"):
                assert ((kind, row["id"]) in by_id) == (row["state"] == kind)
        info: Any = await hub.manager.async_info()
        refused = sum(row["state"] == "refused" for row in rows.values())
        assert info["counts"]["refused"] == ({"abusive": refused} if refused else {})
    finally:
        await hub.manager.async_stop()


async def test_a_comment_changes_nothing_that_is_public(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None
) -> None:
    """Neither its words nor that there is one: only moderators hear of it."""

    async def public(web: WebHub, notice_id: str) -> dict[str, bytes]:
        paths = ("info", "log", f"feed/{CELL}", f"requests/{notice_id}", "coverage")
        answers: dict[str, bytes] = {}
        async with aiohttp.ClientSession() as session:
            for path in paths:
                async with session.get(f"{web.origin}{PATH}/{path}") as answer:
                    assert answer.status == 200
                    answers[path] = await answer.read()
            for path in (f"inbox/{notice_id}", f"drops/{notice_id}"):
                async with session.get(f"{web.origin}{PATH}/{path}") as answer:
                    assert answer.status in {404, 405}
                    answers[path] = await answer.read()
        return answers

    async with serving_hub(hass, tmp_path / "hub") as web:
        notice_id = await web.manager.async_post_notice(
            "Ice", "On the steps.", (CELL,), MODERATOR
        )
        before = await public(web, notice_id)
        sealed = comment_sealed(recipient_of(web, notice_id), notice_id, b"Mine.")
        await put(web, notice_id, sealed)
        read = await web.manager.async_comments(notice_id)
        assert [one.text for one in read.comments] == ["Mine."]
        assert await public(web, notice_id) == before
        # nothing of what was opened is on the disk
        held = [path for path in web.folder.rglob("*") if path.is_file()]
        assert not any(b"Mine." in path.read_bytes() for path in held)
