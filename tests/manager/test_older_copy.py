"""An older copy of the database beside the cache of a later one: nobody's word counts.

As when the configuration folder is copied back by hand: what backups leave out stays
as it was, and so does the epoch. What was undone or spent since must not come back.
"""

from contextlib import closing
import sqlite3

import pytest

from custom_components.clip_consent.core.approval import Decision
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.home import ledger_rows
from custom_components.clip_consent.home.ledger_rows import Chain, HeadFile

from .examples import UPLOAD
from .world import ANNA, World, tap


async def _copy(world: World) -> bytes:
    """Return the database as a copy of the stopped home has it, and go on."""
    await world.manager.async_stop()
    copied = (world.folder / "config" / "home.db").read_bytes()
    await world.boot()
    return copied


async def _put_back(world: World, copied: bytes) -> None:
    """Put the copy in place of the stopped home's database, and start."""
    await world.manager.async_stop()
    world.alarm.raised.clear()
    for path in (world.folder / "config").glob("home.db*"):
        path.unlink()
    (world.folder / "config" / "home.db").write_bytes(copied)
    await world.boot()


async def _is_void(world: World, case: Case) -> None:
    """See that nothing goes out, and that it has to be decided anew."""
    await world.pass_undo()
    assert not world.oracle.arrived
    after = await world.case(case.request.request_id)
    assert (after.state, after.offer) == (CaseState.WAITING, None)
    assert after.problem == "restored"


async def _fault(world: World, *, whole: bool = True) -> int | None:
    return await world.manager.reading.async_check_ledger(whole=whole)


async def _undone_and_copied_back(world: World) -> Case:
    """Return a case whose consent is back with a copy of before its Undo."""
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    copied = await _copy(world)
    await world.manager.async_undo(case.case_id, ANNA)
    await _put_back(world, copied)
    return case


async def test_consent_that_was_undone_does_not_come_back(world: World) -> None:
    """The copy is of before the Undo."""
    case = await _undone_and_copied_back(world)
    assert "restored" in world.alarm.raised
    await _is_void(world, case)


async def test_token_that_was_spent_does_not_come_back(world: World) -> None:
    """The copy is of before the tap, which was undone."""
    case = await world.asked(destination=UPLOAD)
    token = await world.mint(case, Decision.APPROVE)
    copied = await _copy(world)
    assert await world.manager.async_tap(tap(), token)
    await world.manager.async_undo(case.case_id, ANNA)
    await _put_back(world, copied)
    assert not await world.manager.async_tap(tap(), token)
    await _is_void(world, case)


async def test_each_copy_is_noticed_and_each_only_once(world: World) -> None:
    """A second one too; and what is approved after it stands over a restart."""
    for _ in range(2):
        await _is_void(world, await _undone_and_copied_back(world))
    assert (await world.ledger()).count("restored") == 2
    world.alarm.raised.clear()
    last = await world.asked(destination=UPLOAD)
    await world.approve(last)
    await world.reboot()
    await world.pass_undo()
    assert len(world.oracle.arrived) == 1
    assert "restored" not in world.alarm.raised


async def test_what_is_missing_stays_named(world: World) -> None:
    """What the ledger lost is a fault, whatever is written or copied later."""
    await world.asked()
    kept = len(await world.ledger())
    copied = await _copy(world)
    await world.asked()
    count = len(await world.ledger())
    await _put_back(world, copied)
    assert kept < (await _fault(world) or 0) <= count
    for _ in range(3):
        await world.asked()
    assert await _fault(world) == count
    await world.reboot()
    assert await _fault(world) == count
    assert await _fault(world, whole=False) == count
    assert (await world.ledger()).count("restored") == 1


async def test_the_same_copy_is_no_older_one(world: World) -> None:
    """Moving house: nothing was written in between, so nothing is void."""
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    await _put_back(world, await _copy(world))
    await world.pass_undo()
    assert len(world.oracle.arrived) == 1
    assert world.alarm.raised == {}


async def test_a_restore_that_broke_off_is_no_older_copy(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next start ends it, and misses nothing in the ledger."""
    case = await world.asked(destination=UPLOAD)
    await world.approve(case)
    copied = await _copy(world)
    await world.manager.async_undo(case.case_id, ANNA)
    (world.folder / "cache" / "epoch").unlink()
    with monkeypatch.context() as broken:
        broken.setattr(HeadFile, "begin_anew", _break_off)
        with pytest.raises(StoreError, match="store_failed"):
            await _put_back(world, copied)
    await world.manager.async_stop()
    await world.boot()
    assert "restored" in world.alarm.raised
    await _is_void(world, case)
    assert await world.manager.reading.async_check_ledger() is None


def _break_off(self: HeadFile, connection: sqlite3.Connection) -> None:
    raise StoreError("store_failed")


async def test_an_entry_that_comes_during_a_check_is_no_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The head kept apart is no later than what the check sees of the database."""
    await world.asked()
    cache = world.folder / "cache"
    path = world.folder / "config" / "home.db"
    chain = Chain(HeadFile(cache / "ledger_head"))
    holds = ledger_rows._holds

    def write_after(connection: sqlite3.Connection, head: ledger_rows.Head) -> bool:
        held = holds(connection, head)
        monkeypatch.setattr(ledger_rows, "_holds", holds)
        with closing(sqlite3.connect(path)) as other:
            other.row_factory = sqlite3.Row
            lines = [ledger_rows.Line(kind="accepting", case_id=None, data={})]
            ledger_rows.write_lines(other, lines, world.clock.now())
            other.commit()
            HeadFile(cache / "ledger_head").follow(other)
        return held

    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        assert chain.find_fault(reader) is None
        reader.execute("COMMIT")
        monkeypatch.setattr(ledger_rows, "_holds", write_after)
        reader.execute("BEGIN")
        assert chain.find_new_fault(reader) is None
    assert ledger_rows._holds is holds
