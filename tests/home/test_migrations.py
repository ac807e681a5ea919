"""Databases of earlier versions, with all that was in them, become the one of now.

`databases/version_1.sql` and `version_2.sql` are what those versions wrote in a life
with every kind of case; the first line names some of it. They are never made anew.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
import json
from pathlib import Path
import re
import shutil
import sqlite3
import subprocess
import sys
from typing import Any, Final

import pytest

from custom_components.clip_consent.base.db import Database
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.ledger import first_fault
from custom_components.clip_consent.core.models import Case, CaseState, ClosedReason
from custom_components.clip_consent.core.serial import dump, load
from custom_components.clip_consent.home import ledger_rows
from custom_components.clip_consent.home.schema import MIGRATIONS
from tests.manager.world import ANNA, BEN, World, settings, tap

DATABASES: Final = Path(__file__).parent / "databases"
ROOT: Final = Path(__file__).parents[2]
NOW: Final = len(MIGRATIONS)
EARLIER: Final = (1, 2)
# calls after which the disk is not what it was, as SQLite makes them here
WRITING: Final = ("pwrite64", "fdatasync", "fsync", "ftruncate", "unlink")


@dataclass(frozen=True)
class Written:
    """What a version wrote, and what its life called the things in it."""

    version: int
    notes: dict[str, Any]
    script: str

    def put(self, path: Path) -> Path:
        """Make the database file, as that version left it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.executescript(self.script)
            db.execute(f"PRAGMA user_version={self.version}")
        return path


def written(version: int) -> Written:
    """Return what a version wrote."""
    text = (DATABASES / f"version_{version}.sql").read_text("utf-8")
    first, script = text.split("\n", 1)
    return Written(version, json.loads(first.removeprefix("-- ")), script)


@pytest.fixture(params=EARLIER)
def old(request: pytest.FixtureRequest) -> Written:
    """Return what an earlier version wrote."""
    return written(request.param)


def upgrade(path: Path, until: int = NOW) -> None:
    """Open and close a database, as the product does."""
    db = Database(path, MIGRATIONS[:until])
    db._closed = False
    db._open()
    db._close()


def version_of(path: Path) -> int:
    """Return the version that a database says it has."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def all_of(path: Path) -> list[str]:
    """Return everything that is in a database: schema and rows."""
    with closing(sqlite3.connect(path)) as db:
        return list(db.iterdump())


def rows(path: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        query = f"SELECT * FROM {table} ORDER BY 1"  # noqa: S608 - a name of ours
        return [dict(row) for row in db.execute(query)]


def without(column: str, table: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows without a column that was given up."""
    return [{key: row[key] for key in row if key != column} for row in table]


def sender(invite_id: str, recipient: str) -> str:
    """Return what stands for who sent a request."""
    return hashlib.sha256(f"{invite_id} {recipient}".encode()).hexdigest()


# --- nothing is lost


def test_what_was_written_holds_every_kind_of_thing(
    old: Written, tmp_path: Path
) -> None:
    """What the other tests compare is not empty."""
    path = old.put(tmp_path / "home.db")
    cases = [load(Case, json.loads(row["body"])) for row in rows(path, "cases")]
    assert {case.state for case in cases} >= {
        CaseState.RECEIVED,
        CaseState.DRAFTING,
        CaseState.WAITING,
        CaseState.CONSENTED,
        CaseState.SEALED,
        CaseState.SHARED,
        CaseState.CLOSED,
    }
    assert {case.closed for case in cases} >= {
        ClosedReason.DECLINED,
        ClosedReason.OVER_LIMIT,
    }
    assert sum(case.offer is not None for case in cases) >= 3
    tables = ("drops", "tokens", "pushes", "status", "ledger", "meta")
    assert all(rows(path, table) for table in tables)
    assert version_of(path) == old.version
    assert rows(path, "cases")[0].keys() >= {"recipient", "invite_id"}


def test_every_row_is_there_afterwards(old: Written, tmp_path: Path) -> None:
    """To the last column, but for those that moved into the table of senders."""
    before = old.put(tmp_path / "before.db")
    after = shutil.copy(before, tmp_path / "after.db")
    upgrade(after)
    assert version_of(after) == NOW
    for table in ("drops", "pushes", "ledger", "meta"):
        assert rows(after, table) == rows(before, table), table
    assert without("shown", rows(after, "tokens")) == rows(before, "tokens")
    assert rows(after, "cases") == without("recipient", rows(before, "cases"))
    assert rows(after, "status") == without("sender", rows(before, "status"))


def test_pickup_links_stay_good_once(old: Written, tmp_path: Path) -> None:
    """Whose key the owner's browser made is told by the ledger; no push is touched."""
    path = old.put(tmp_path / "home.db")
    ours = rows(path, "cases")[0]["case_id"]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO ledger SELECT max(seq) + 1, at, 'key_set', ?, '{}', '', ''"
            " FROM ledger",
            (ours,),
        )
    upgrade(path)
    cases = {row["case_id"]: json.loads(row["body"]) for row in rows(path, "cases")}
    assert [one for one in cases if cases[one].get("pickup")] == [ours]
    assert load(Case, cases[ours]).pickup
    assert not any(token["shown"] for token in rows(path, "tokens"))


def test_who_sent_what_is_still_known(old: Written, tmp_path: Path) -> None:
    """Sent again, it gets the answer of before; of a flood too."""
    path = old.put(tmp_path / "home.db")
    until = {row["request_id"]: row["until"] for row in rows(path, "status")}
    expected = {
        sender(row["invite_id"], row["recipient"]): row["request_id"]
        for row in rows(path, "cases")
        if row["invite_id"] and row["recipient"]
    }
    assert len(expected) >= 7
    expected |= {
        sender("invite2", recipient): request_id
        for request_id, recipient in old.notes.get("flooded", [])
    }
    upgrade(path)
    senders = rows(path, "senders")
    assert {row["sender"]: row["request_id"] for row in senders} == expected
    assert [row["until"] for row in senders] == sorted(
        until[each] for each in expected.values()
    )


def test_the_chain_holds_all_the_way(old: Written, tmp_path: Path) -> None:
    """G7: the ledger ends where it ended, and every entry fits the one before."""
    path = old.put(tmp_path / "home.db")
    ends: list[object] = []
    for until in range(old.version, NOW + 1):
        upgrade(path, until)
        with closing(sqlite3.connect(path)) as db:
            db.row_factory = sqlite3.Row
            head = ledger_rows.read_head(db)
            entries = ledger_rows.entries_after(db, ledger_rows.EMPTY)
            assert first_fault(entries, head=head) is None
            ends.append(head)
    assert len(ends) == NOW - old.version + 1
    assert len(set(ends)) == 1


def test_it_becomes_what_a_new_database_is(old: Written, tmp_path: Path) -> None:
    """The same tables and indexes, whatever version it began as."""
    path = old.put(tmp_path / "home.db")
    upgrade(path)
    upgrade(tmp_path / "new.db")
    assert _schema(path) == _schema(tmp_path / "new.db")


def _schema(path: Path) -> dict[str, object]:
    with closing(sqlite3.connect(path)) as db:
        tables = [
            row[0]
            for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        made: dict[str, object] = {
            table: db.execute(f"PRAGMA table_xinfo({table})").fetchall()
            for table in tables
        }
        indexes = db.execute(
            "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'index'"
        )
        return made | {name: (table, sql) for name, table, sql in indexes}


# --- it goes on


@pytest.fixture
async def world(old: Written, tmp_path: Path) -> Any:
    """Return a home that was updated just now, with its caches as they were."""
    world = World(folder=tmp_path, settings=settings())
    world.clock.wall = datetime.fromisoformat(old.notes["at"])
    path = old.put(tmp_path / "config" / "home.db")
    cache = tmp_path / "cache"
    (cache / "spool").mkdir(parents=True)
    [epoch] = [row["value"] for row in rows(path, "meta") if row["key"] == "epoch"]
    (cache / "epoch").write_text(epoch)
    last = rows(path, "ledger")[-1]
    head = {"seq": last["seq"], "digest": last["digest"]}
    (cache / "ledger_head").write_text(json.dumps(head))
    for row in rows(path, "cases"):
        case = load(Case, json.loads(row["body"]))
        for delivery in (*case.delivered, *filter(None, [case.delivery])):
            package = cache / "spool" / f"{delivery.delivery_id}.age"
            package.write_bytes(b"sealed")
        if case.draft and case.draft.choice.text:
            folder = cache / "drafts" / case.case_id
            folder.mkdir(parents=True)
            (folder / case.draft.file).write_text(case.draft.choice.text)
    await world.boot()
    yield world
    await world.manager.async_stop()


async def test_no_offer_and_no_consent_is_void(world: World, old: Written) -> None:
    """G4: an update is no restore: what waits waits, what was approved goes out."""
    notes = old.notes
    assert not world.alarm.raised
    store = world.bench.store
    assert not store.restored
    for name in ("waiting", "waiting for a film", "opened again"):
        assert (await store.async_case(notes[name])).offer, name
    keyless = await store.async_case(notes["without a key"])
    assert keyless.draft
    assert keyless.offer is None
    assert await world.manager.reading.async_check_ledger() is None
    assert not world.oracle.arrived

    world.clock.go_on(timedelta(hours=1))
    world.manager.look_again()
    await world.settle()
    assert world.oracle.arrived == [b"sealed"]
    for name in ("sealed", "shared", "handed over"):
        case = await store.async_case(notes[name])
        assert (case.state, len(case.delivered)) == (CaseState.SHARED, 1), name
    consented = await store.async_case(notes["consented"])
    assert (consented.state, consented.problem) == (
        CaseState.WAITING,
        "draft_changed",  # it is not among what was put there
    )
    assert (await store.async_case(notes["received"])).findings is not None
    assert await world.manager.reading.async_check_ledger() is None


async def test_tokens_are_worth_what_they_were(world: World, old: Written) -> None:
    """A push of before the update answers still, but approves no words it never showed."""
    notes, manager = old.notes, world.manager
    assert await manager.async_tap(tap(BEN), notes["undo ben"])
    assert not await manager.async_tap(tap(ANNA), notes["approve ben"])
    assert not await manager.async_tap(tap(ANNA), notes["approve anna"])
    assert not await manager.async_tap(tap(BEN), notes["approve ben"])
    await world.pass_undo()
    case = await world.bench.store.async_case(notes["waiting"])
    assert case.draft
    assert case.draft.choice.text is not None
    assert case.state is CaseState.WAITING


async def test_status_pages_answer_as_before(world: World, old: Written) -> None:
    """G2: of cases and of a flood; what was shared can be fetched."""
    direct, store = world.manager.direct, world.bench.store
    quiet = [
        (await store.async_case(old.notes[name])).request.request_id
        for name in ("declined", "over the limit", "revoked", "waiting")
    ]
    quiet += [request_id for request_id, _ in old.notes.get("flooded", [])]
    for request_id in quiet:
        status = await direct.async_status(request_id)
        assert isinstance(status, dict)
        assert (status["status"], status["deliveries"]) == ("received", [])
    shared = await store.async_case(old.notes["shared"])
    [delivery] = shared.delivered
    path = await direct.async_drop(shared.request.request_id, delivery.delivery_id)
    assert path
    assert path.read_bytes() == b"sealed"
    world.clock.go_on(timedelta(days=22))
    await store.async_expired_drops(world.clock.now())
    assert [await direct.async_status(each) for each in quiet] == [None] * len(quiet)


async def test_what_is_sent_again_is_one_request(world: World, old: Written) -> None:
    """Who asked before the update and asks again gets the id of before."""
    cases, _ = await world.bench.store.async_history(None, 100)
    sent = [case.request for case in cases if case.request.invite_id]
    assert len(sent) >= 7
    for request in sent:
        assert await world.manager.async_submit(request) == request.request_id
    after, _ = await world.bench.store.async_history(None, 100)
    assert len(after) == len(cases)


async def test_cases_read_as_they_were_written(old: Written, tmp_path: Path) -> None:
    """No field that a version wrote is lost by reading it now and writing it again."""
    path = old.put(tmp_path / "home.db")
    for row in rows(path, "cases"):
        body = json.loads(row["body"])
        again = json.loads(json.dumps(dump(load(Case, body))))
        assert _as_far_as(body, again) == body


async def test_cases_of_before_there_were_areas_have_none(
    old: Written, tmp_path: Path
) -> None:
    """A rule about size or distance fits none of them."""
    path = old.put(tmp_path / "home.db")
    upgrade(path)
    cases = [load(Case, json.loads(row["body"])) for row in rows(path, "cases")]
    assert len(cases) >= 7
    assert {case.request.area for case in cases} == {None}


def _as_far_as(written: object, read: object) -> object:
    """What is read, without the fields that the writer did not know, at any depth."""
    if isinstance(written, dict) and isinstance(read, dict):
        return {
            key: _as_far_as(written[key], read[key]) for key in written if key in read
        }
    if (
        isinstance(written, list)
        and isinstance(read, list)
        and len(written) == len(read)
    ):
        return [_as_far_as(*pair) for pair in zip(written, read, strict=True)]
    return read


# --- half-way


def _strike(path: Path, call: str, number: int, blow: str) -> int:
    """Open a database in a process that is struck at the n-th call of a name."""
    inject = f"inject={call}:{blow}:when={number}"
    return subprocess.run(
        [
            *("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"),
            *("-e", inject, sys.executable, "-m", "tests.home.upgrading", str(path)),
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        timeout=60,
    ).returncode


def _count(path: Path, log: Path) -> Counter[str]:
    """Return how often each writing call is made when nothing strikes."""
    subprocess.run(
        [
            *(
                "strace",
                "-f",
                "-qq",
                "-o",
                str(log),
                "-e",
                "trace=" + ",".join(WRITING),
            ),
            *(sys.executable, "-m", "tests.home.upgrading", str(path)),
        ],
        cwd=ROOT,
        check=True,
        timeout=60,
    )
    return Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("blow", ["signal=KILL", "error=ENOSPC"])
def test_struck_at_any_writing_call_it_is_one_version_whole(
    tmp_path: Path, blow: str
) -> None:
    """G4, H-03: either version with all that belongs to it; the next start goes on."""
    old = written(1)
    whole: dict[int, list[str]] = {}
    for until in range(old.version, NOW + 1):
        path = old.put(tmp_path / f"{until}.db")
        upgrade(path, until)
        whole[until] = all_of(path)
    counted = _count(old.put(tmp_path / "counted.db"), tmp_path / "log")
    assert counted["pwrite64"] > 10
    assert counted["fdatasync"] + counted["fsync"] > 2

    met: Counter[int] = Counter()
    for call, most in counted.items():
        for number in range(1, most + 1):
            path = old.put(tmp_path / f"{call}_{number}" / "home.db")
            ended = _strike(path, call, number, blow)
            assert ended != 0 or blow != "signal=KILL", (call, number)
            version = version_of(path)
            met[version] += 1
            assert all_of(path) == whole[version], (call, number)
            upgrade(path)
            assert all_of(path) == whole[NOW], (call, number)
    assert set(met) == {1, 2, 3, 4, 5}, met


def test_a_migration_that_fails_leaves_the_version_before(tmp_path: Path) -> None:
    """Whatever it raises: nothing of it is there, and nothing can be written."""
    path = written(1).put(tmp_path / "home.db")
    before = all_of(path)

    def half(connection: sqlite3.Connection) -> None:
        MIGRATIONS[1](connection)
        connection.execute("DELETE FROM cases")
        raise ValueError

    db = Database(path, (MIGRATIONS[0], half))
    db._closed = False
    with pytest.raises(ValueError, match=r"^$"):
        db._open()
    assert db._connection is None
    assert all_of(path) == before
    upgrade(path)
    assert version_of(path) == NOW


# --- a newer one


def _make_newer(path: Path, *, journal: str) -> Callable[[], tuple[bytes, set[str]]]:
    """Let a database be of a newer version; return what looks at its files."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"PRAGMA journal_mode={journal}")
        db.execute(f"PRAGMA user_version={NOW + 1}")
    return lambda: (path.read_bytes(), {each.name for each in path.parent.iterdir()})


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
async def test_a_newer_database_is_not_touched(tmp_path: Path, journal: str) -> None:
    """Not one byte, however it keeps its journal; nothing can be written to it."""
    path = written(2).put(tmp_path / "home.db")
    look = _make_newer(path, journal=journal)
    before = look()
    db = Database(path, MIGRATIONS)
    with pytest.raises(StoreError, match="store_too_new"):
        await db.async_open()
    with pytest.raises(StoreError, match="store_too_new"):
        await db.async_run(lambda each: each.execute("DELETE FROM cases"))
    await db.async_close()
    assert look() == before


async def test_a_newer_database_shows_as_long_as_it_is_there(tmp_path: Path) -> None:
    """The owner is told what to do, and told no more once it is done."""
    path = written(2).put(tmp_path / "config" / "home.db")
    before = _make_newer(path, journal="WAL")()
    world = World(folder=tmp_path)
    with pytest.raises(StoreError, match="store_too_new"):
        await world.boot()
    await world.manager.async_stop()
    assert world.alarm.raised == {"store_too_new": {}}
    assert path.read_bytes() == before[0]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA user_version=2")
    await world.boot()
    assert "store_too_new" not in world.alarm.raised
    await world.manager.async_stop()
