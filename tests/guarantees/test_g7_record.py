"""G7 record: the ledger shows everything that happened, and every change made to it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
import json
from pathlib import Path
import sqlite3

import pytest

from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import CaseState, VerdictKind
from custom_components.clip_consent.home import sweep
from tests.manager.world import ANNA, BEN, World, tap

CANARY = "zebra-crossing-canary"
CONTACT = "canary@zebra.example"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a running home."""
    world = World(folder=tmp_path)
    await world.boot()
    yield world
    await world.manager.async_stop()


async def live(world: World) -> dict[str, str]:
    """Live a life with every kind of end; return request ids by what became of it."""
    shared = await world.asked(text=CANARY, name=CANARY, contact=CONTACT)
    token = await world.mint(shared, Decision.APPROVE)
    assert not await world.manager.async_tap(tap(BEN), token)  # not his token
    assert await world.manager.async_tap(tap(), token)
    await world.manager.async_undo(shared.case_id, BEN)
    await world.settle()
    again = await world.case(shared.request.request_id)
    await world.approve(again)
    await world.pass_undo()
    declined = await world.asked(text=CANARY)
    await world.manager.async_decline(declined.case_id, BEN)
    words = await world.asked(text=CANARY)
    await world.manager.async_answer(words.case_id, "Nobody was there", ANNA)
    await world.settle()
    await world.approve(await world.case(words.request.request_id))
    await world.pass_undo()
    expired = await world.asked(text=CANARY)
    world.clock.go_on(timedelta(days=8))
    world.manager.look_again()
    await world.settle()
    return {
        "shared": shared.request.request_id,
        "declined": declined.request.request_id,
        "words": words.request.request_id,
        "expired": expired.request.request_id,
    }


async def test_a_life_is_in_the_ledger(world: World) -> None:
    """Every case, verdict, tap and delivery has its line, in the order it happened."""
    ids = await live(world)
    entries = await world.bench.store.async_whole_ledger()
    told: dict[str, list[str]] = {}
    for name, request_id in ids.items():
        case = await world.case(request_id)
        told[name] = [e.kind for e in entries if e.case_id == case.case_id]
    begun = ["received", "screened", "matched", "drafted", "offered", "asked"]
    assert told == {
        "shared": [
            *begun,
            *("approve_rejected", "approved", "undone", "offered", "approved"),
            *("sealed", "shared"),
        ],
        "declined": [*begun, "closed"],
        "words": [
            *begun,
            *("chosen", "drafted", "offered", "approved", "sealed", "shared"),
        ],
        "expired": [*begun, "closed"],
    }
    assert await world.manager.reading.async_check_ledger() is None


async def test_lines_say_who_what_and_why(world: World) -> None:
    """Verdict and policy, who tapped by what means, which bytes went to which key."""
    ids = await live(world)
    case = await world.case(ids["shared"])
    lines = [
        (entry.kind, entry.data)
        for entry in await world.bench.store.async_whole_ledger()
        if entry.case_id == case.case_id
    ]
    said = dict(lines)  # the last of each kind
    assert case.screening
    assert said["screened"]["verdict"] == VerdictKind.ASK.value
    assert said["screened"]["policy"] == case.screening.policy
    rejected = said["approve_rejected"]
    assert (rejected["clause"], rejected["user_id"]) == ("recipient", BEN)
    taps = [(d["user_id"], d["means"]) for kind, d in lines if kind == "approved"]
    assert taps == [(ANNA, "push"), (ANNA, "panel")]
    assert said["undone"]["user_id"] == BEN
    [delivery] = case.delivered
    assert said["offered"]["recipient"] == case.request.recipient
    for field in ("sha256", "package_sha256"):
        assert said["shared"][field] == said["sealed"][field]
    assert said["shared"]["sha256"] == delivery.draft.sha256
    assert said["shared"]["package_sha256"] == delivery.package_sha256


async def test_no_word_of_a_requester_is_in_it(world: World) -> None:
    """D-01: names, contacts and texts are not in the ledger, only a salted digest."""
    await live(world)
    entries, _ = await world.manager.reading.async_export_ledger(ANNA)
    exported = json.dumps([entry.as_json() for entry in entries], ensure_ascii=False)
    for word in (CANARY, CONTACT, "zebra", "Carol"):
        assert word not in exported
    assert "request_digest" in exported


async def test_the_same_words_have_another_digest_each_time(world: World) -> None:
    """A digest without its salt proves nothing: equal texts do not show as equal."""
    for _ in range(2):
        await world.asked(text=CANARY)
    digests = [
        entry.data["request_digest"]
        for entry in await world.bench.store.async_whole_ledger()
        if entry.kind == "received"
    ]
    assert len(set(digests)) == 2


# --- what was changed behind the home's back


@contextmanager
def opened(world: World) -> Iterator[sqlite3.Connection]:
    """Open the database file as anybody on the machine can."""
    connection = sqlite3.connect(world.folder / "config" / "home.db")
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


async def fault(world: World) -> int | None:
    """Return what the verifier names, and see that the alarm fits."""
    world.alarm.raised.clear()
    found = await world.manager.reading.async_check_ledger()
    expected = {} if found is None else {"ledger_fault": {"seq": str(found)}}
    assert world.alarm.raised == expected
    return found


TEXTS = ("at", "kind", "case_id", "data", "previous", "digest")


@pytest.mark.parametrize("column", TEXTS)
async def test_each_byte_of_a_row_counts(world: World, column: str) -> None:
    """F-16: any one byte changed, to text or not, and that row is named first."""
    await world.asked()
    entries = await world.bench.store.async_whole_ledger()
    seq = len(entries) - 1
    with opened(world) as other:
        sql = f"SELECT CAST({column} AS BLOB) FROM ledger WHERE seq = ?"  # noqa: S608
        [whole] = other.execute(sql, (seq,)).fetchone()
    update = f"UPDATE ledger SET {column} = CAST(? AS TEXT) WHERE seq = ?"  # noqa: S608
    for place in range(len(whole)):
        for flip in (0x01, 0x80):
            changed = bytearray(whole)
            changed[place] ^= flip
            with opened(world) as other:
                other.execute(update, (bytes(changed), seq))
            assert await fault(world) == seq, (place, flip)
    with opened(world) as other:
        other.execute(update, (whole, seq))
    assert await fault(world) is None


async def test_a_changed_number_counts(world: World) -> None:
    """F-16: a row under another number leaves a gap at its own."""
    await world.asked()
    with opened(world) as other:
        other.execute("UPDATE ledger SET seq = 1000 WHERE seq = 2")
    assert await fault(world) == 2


def _delete(other: sqlite3.Connection) -> None:
    other.execute("DELETE FROM ledger WHERE seq = 3")


def _delete_first(other: sqlite3.Connection) -> None:
    other.execute("DELETE FROM ledger WHERE seq = 1")


def _close_the_gap(other: sqlite3.Connection) -> None:
    _delete(other)
    for seq in range(4, 7):
        other.execute("UPDATE ledger SET seq = ? WHERE seq = ?", (seq - 1, seq))


def _swap(other: sqlite3.Connection) -> None:
    for now, then in ((3, 1000), (4, 3), (1000, 4)):
        other.execute("UPDATE ledger SET seq = ? WHERE seq = ?", (then, now))


def _swap_data(other: sqlite3.Connection) -> None:
    rows = dict(other.execute("SELECT seq, data FROM ledger WHERE seq IN (3, 4)"))
    for seq, data in ((3, rows[4]), (4, rows[3])):
        other.execute("UPDATE ledger SET data = ? WHERE seq = ?", (data, seq))


def _insert(other: sqlite3.Connection) -> None:
    for seq in range(6, 2, -1):
        other.execute("UPDATE ledger SET seq = ? WHERE seq = ?", (seq + 1, seq))
    other.execute(
        "INSERT INTO ledger SELECT 3, at, kind, case_id, data, previous,"
        " digest FROM ledger WHERE seq = 2"
    )


def _respell(other: sqlite3.Connection) -> None:
    other.execute("UPDATE ledger SET data = data || ' ' WHERE seq = 3")


def _say_twice(other: sqlite3.Connection) -> None:
    other.execute(
        "UPDATE ledger SET data = replace(data, '{', '{\"cameras\":9,') WHERE seq = 3"
    )


def _nest(other: sqlite3.Connection) -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    other.execute("UPDATE ledger SET data = ? WHERE seq = 3", (deep,))


@pytest.mark.parametrize(
    ("change", "first"),
    [
        (_delete, 3),
        (_delete_first, 1),
        (_close_the_gap, 3),
        (_swap, 3),
        (_swap_data, 3),
        (_insert, 3),
        (_respell, 3),
        (_say_twice, 3),
        (_nest, 3),
    ],
)
async def test_rows_cannot_be_moved(
    world: World, change: Callable[[sqlite3.Connection], None], first: int
) -> None:
    """F-16: removed, swapped, inserted, spelled anew: the first bad place is named."""
    await world.asked()
    assert (await world.ledger())[:6] == [
        *("received", "screened", "matched", "drafted", "offered", "asked")
    ]
    with opened(world) as other:
        change(other)
    assert await fault(world) == first
    # it can still be read, by page and as a whole
    entries, *_, named = await world.manager.reading.async_ledger(None, 200, ANNA)
    assert named == first
    assert entries
    assert (await world.manager.reading.async_export_ledger(ANNA))[0]


async def test_a_cut_shows_against_the_head_apart(world: World) -> None:
    """F-16: the chain alone cannot see its end go; the head beside it does."""
    await world.asked()
    count = len(await world.ledger())
    with opened(world) as other:
        other.execute("DELETE FROM ledger WHERE seq > ?", (count - 2,))
    assert await fault(world) == count - 1


async def test_a_chain_made_anew_shows_against_the_head_apart(world: World) -> None:
    """F-16: whoever can write rows can make a whole chain; its head is another one."""
    from custom_components.clip_consent.core.ledger import EMPTY, Head, Line, append

    await world.asked()
    entries = await world.bench.store.async_whole_ledger()
    head = EMPTY
    with opened(world) as other:
        for entry in entries:
            data = {**entry.data, "problem": "none"} if entry.seq == 3 else entry.data
            line = Line(kind=entry.kind, case_id=entry.case_id, data=data)
            forged = append(head, line, entry.at)
            head = Head(seq=forged.seq, digest=forged.digest)
            other.execute(
                "UPDATE ledger SET data = ?, previous = ?, digest = ? WHERE seq = ?",
                (
                    json.dumps(data, sort_keys=True, separators=(",", ":")),
                    forged.previous,
                    forged.digest,
                    forged.seq,
                ),
            )
    assert await fault(world) == len(entries)


@pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
async def test_a_cut_is_not_forgotten(world: World, running: bool) -> None:
    """What is written after a cut does not replace the head that shows it."""
    await world.asked()
    count = len(await world.ledger())
    if not running:
        await world.manager.async_stop()
    with opened(world) as other:
        other.execute("DELETE FROM ledger WHERE seq > ?", (count - 2,))
    if not running:
        await world.boot()
    for _ in range(3):
        await world.asked()
    assert await fault(world) == count


async def test_a_fault_is_found_without_anybody_looking(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The home checks its ledger by itself after a start, and raises the alarm."""
    await world.asked()
    await world.manager.async_stop()
    with opened(world) as other:
        other.execute("UPDATE ledger SET kind = 'declined' WHERE seq = 4")
    monkeypatch.setattr(sweep, "SWEEP_EVERY", 0.01)
    await world.boot()
    for _ in range(500):
        if world.alarm.raised:
            break
        await asyncio.sleep(0.01)
    assert world.alarm.raised == {"ledger_fault": {"seq": "4"}}


async def test_a_restore_is_no_cut(world: World) -> None:
    """An older database from a backup has a head of its own, and the ledger says so."""
    await world.asked()
    await world.manager.async_stop()
    old = (world.folder / "config" / "home.db").read_bytes()
    await world.boot()
    await world.asked()
    await world.manager.async_stop()
    for path in (world.folder / "config").glob("home.db*"):
        path.unlink()
    (world.folder / "config" / "home.db").write_bytes(old)
    (world.folder / "cache" / "epoch").unlink()
    await world.boot()
    assert "restored" in await world.ledger()
    assert "restored" in world.alarm.raised
    world.alarm.raised.clear()
    assert await world.manager.reading.async_check_ledger() is None


async def test_flipped_bytes_of_the_file_never_pass(world: World) -> None:
    """On the real file: a flip in a row's record is named, or the store says it broke."""
    await world.asked()
    entries = await world.bench.store.async_whole_ledger()
    entry = entries[3]
    await world.manager.async_stop()
    path = world.folder / "config" / "home.db"
    whole = path.read_bytes()
    row = (entry.at + entry.kind + (entry.case_id or "")).encode()
    start = whole.index(row)
    end = whole.index(entry.digest.encode(), start) + len(entry.digest)
    named: list[int | str | None] = []
    for place in range(start - 12, end, 3):
        changed = bytearray(whole)
        changed[place] ^= 0x40
        path.write_bytes(changed)
        try:
            await world.boot()
            named.append(await world.manager.reading.async_check_ledger())
        except StoreError:
            named.append("broken")
        await world.manager.async_stop()
        for extra in path.parent.glob("home.db-*"):
            extra.unlink()
    assert None not in named
    assert named[4:] == [4] * len(named[4:])  # past the record's own header
    path.write_bytes(whole)
    await world.boot()
    assert await world.manager.reading.async_check_ledger() is None


async def test_old_words_go_and_the_chain_holds(world: World) -> None:
    """After 90 days text, salt and key are gone; the digest stays and still fits."""
    case = await world.asked(text=CANARY)
    await world.manager.async_decline(case.case_id, ANNA)
    world.clock.go_on(timedelta(days=91))
    await world.bench.store.async_forget_words(world.clock.now())
    assert await world.manager.reading.async_check_ledger() is None
    await world.manager.async_stop()
    assert CANARY.encode() not in (world.folder / "config" / "home.db").read_bytes()
    await world.boot()
    gone = await world.case(case.request.request_id)
    assert (gone.state, gone.request.text) == (CaseState.CLOSED, "")
