"""A hub that came back from a backup signs nothing that contradicts what it signed."""

from datetime import timedelta
from pathlib import Path
import sqlite3
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import (
    ConflictError,
    PortalError,
    RestoredError,
    StoreError,
)
from custom_components.clip_consent.core.portal_follow import follow_log
from custom_components.clip_consent.core.portal_known import Followed
from custom_components.clip_consent.hub.head_file import HeadFile

from .world import CELL, MODERATOR, HubWorld


async def notice(hub: HubWorld, title: str = "Ice") -> None:
    """Publish something."""
    await hub.manager.async_post_notice(title, "On the road.", (CELL,), MODERATOR)


def database(hub: HubWorld) -> Path:
    """Return where the database is."""
    return hub.folder / "hub.db"


async def restored(hub: HubWorld, *, entries: int = 1) -> bytes:
    """Have a hub publish after its backup, and bring the backup back.

    Returns the newer database.
    """
    await hub.manager.async_stop()
    backup = database(hub).read_bytes()
    await hub.boot()
    for number in range(entries):
        await notice(hub, f"{number}")
    await hub.manager.async_stop()
    newer = database(hub).read_bytes()
    database(hub).write_bytes(backup)
    return newer


async def refused(hub: HubWorld) -> RestoredError:
    """Start a hub that must not start; return why."""
    with pytest.raises(RestoredError) as found:
        await hub.boot()
    with pytest.raises(RuntimeError):
        _ = hub.manager.hub  # nothing is shown, nothing was signed
    await hub.manager.async_stop()
    return found.value


async def gone_on(hub: HubWorld) -> None:
    """Start it as an admin does who knows what comes of it."""
    hub.manager = hub._made()
    await hub.manager.async_start(go_on=True)


async def followed(hub: HubWorld) -> Followed:
    """Return what a home knows that read all of it."""
    lines, head = await hub.log(), await hub.head()
    return follow_log(Followed(), lines, head, hub.clock.now())


async def test_an_older_log_is_not_gone_on_with(hub: HubWorld) -> None:
    """Whoever saw what is missing would see a fork: so nothing is signed."""
    await notice(hub)
    before = hub.rows("SELECT * FROM log")
    await restored(hub, entries=2)
    why = await refused(hub)
    assert why.code == "hub_log_behind"
    assert why.placeholders == {"found": "2", "kept": "4"}
    assert (await refused(hub)).code == "hub_log_behind"  # at every start
    assert hub.rows("SELECT * FROM log") == before
    await gone_on(hub)


async def test_the_newer_database_put_back_goes_on(hub: HubWorld) -> None:
    """Then nothing is lost, and homes notice nothing."""
    await notice(hub)
    known = await followed(hub)
    newer = await restored(hub)
    await refused(hub)
    database(hub).write_bytes(newer)
    await hub.boot()
    assert await hub.kinds() == ["terms", "published", "published"]
    lines = (await hub.log())[known.head.n :]
    follow_log(known, lines, await hub.head(), hub.clock.now())


async def test_an_admin_lets_it_go_on_and_everybody_can_see_that(hub: HubWorld) -> None:
    """The log says what is missing; homes that saw it raise an alarm; feeds go on."""
    await notice(hub)
    await restored(hub, entries=3)
    await refused(hub)
    hub.clock.go_on(timedelta(hours=1))
    await gone_on(hub)
    lines = await hub.log()
    assert [line.entry.kind for line in lines] == ["terms", "published", "restored"]
    assert lines[-1].beside
    assert '"n":5' in lines[-1].beside.text
    assert lines[-1].entry.at == hub.clock.now()
    await notice(hub, "after")
    assert await hub.listed() == ["Ice", "after"]
    await hub.reboot()  # it is asked once
    assert (await hub.kinds())[-1] == "published"


@pytest.mark.parametrize(
    ("more", "alarm"), [(0, "portal_rollback"), (1, "portal_fork"), (5, "portal_fork")]
)
async def test_homes_that_saw_what_is_missing_raise_an_alarm(
    hub: HubWorld, more: int, alarm: str
) -> None:
    """However far the log has gone on: going on hides nothing."""
    await hub.manager.async_stop()
    backup = database(hub).read_bytes()
    await hub.boot()
    for number in range(3):
        await notice(hub, f"{number}")
    known, feed = await followed(hub), await hub.feed()
    await hub.manager.async_stop()
    database(hub).write_bytes(backup)
    await gone_on(hub)
    for number in range(more + 1):
        await notice(hub, f"{number}")
    assert (await hub.feed()).seq > feed.seq
    lines = (await hub.log())[known.head.n :]
    with pytest.raises(PortalError, match=alarm):
        follow_log(known, lines, await hub.head(), hub.clock.now())


async def test_a_hub_on_another_machine_is_asked_about(hub: HubWorld) -> None:
    """Without the file nobody can tell what is missing, perhaps nothing."""
    await notice(hub)
    known, seq = await followed(hub), (await hub.feed()).seq
    await hub.manager.async_stop()
    hub.head_file.unlink()
    why = await refused(hub)
    assert (why.code, why.placeholders) == ("hub_log_unsure", {"found": "2"})
    for text in ("not what we wrote", "[]", '{"n":"2","hash":"0","seq":1}'):
        hub.head_file.write_text(text, encoding="utf-8")
        assert (await refused(hub)).code == "hub_log_unsure"
    await gone_on(hub)
    assert (await hub.kinds())[-1] == "restored"
    assert (await hub.feed()).seq > seq + 1000  # of what was issued nothing is known
    lines = (await hub.log())[known.head.n :]
    follow_log(known, lines, await hub.head(), hub.clock.now())  # nothing was missing
    await hub.reboot()


async def test_older_feeds_alone_are_no_loss(hub: HubWorld) -> None:
    """No entry is missing: the next feeds have higher numbers than any that was seen."""
    await hub.manager.async_stop()
    backup = database(hub).read_bytes()
    await hub.boot()
    for _ in range(3):
        hub.clock.go_on(timedelta(days=1))
        await hub.manager._sweep.async_round()
    seen = await hub.feed()
    await hub.manager.async_stop()
    database(hub).write_bytes(backup)
    await hub.boot()
    assert (await hub.feed()).seq > seen.seq
    assert await hub.kinds() == ["terms"]


async def test_a_lost_database_is_asked_about_too(hub: HubWorld) -> None:
    """Its key is gone, so what goes on is another hub: it has lost nothing itself."""
    name = hub.manager.hub
    await hub.manager.async_stop()
    database(hub).unlink()
    assert (await refused(hub)).placeholders == {"found": "0", "kept": "1"}
    await gone_on(hub)
    assert hub.manager.hub != name
    assert await hub.kinds() == ["terms"]


async def test_a_disk_that_does_not_answer_is_no_restore(
    hub: HubWorld, tmp_path: Path
) -> None:
    """It is tried again later, and nothing is voided."""
    await hub.manager.async_stop()
    kept = hub.head_file.read_bytes()
    hub.head_file.unlink()
    hub.head_file.mkdir()
    with pytest.raises(StoreError):
        await hub.boot()
    await hub.manager.async_stop()
    hub.head_file.rmdir()
    hub.head_file.write_bytes(kept)
    await hub.boot()
    other = HubWorld(tmp_path / "other")
    other.folder.mkdir()
    other.head_file.parent.write_text("a file where its folder should be")
    with pytest.raises(StoreError):
        await other.boot()
    await other.manager.async_stop()


async def test_a_new_hub_begins_when_its_file_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a restore of its first days could not be told from it."""

    def refuse(*_: Any) -> None:
        raise OSError

    fresh = HubWorld(tmp_path / "fresh")
    fresh.folder.mkdir()
    with monkeypatch.context() as broken:
        broken.setattr(HeadFile, "_write", refuse)
        with pytest.raises(StoreError, match="store_failed"):
            await fresh.boot()
        await fresh.manager.async_stop()
    await fresh.boot()
    assert await fresh.kinds() == ["terms"]
    await fresh.manager.async_stop()


async def test_a_head_that_cannot_be_written_stops_nothing(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands there is true all the same, and the next change writes it."""

    def refuse(*_: Any) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(HeadFile, "_write", refuse)
        await notice(hub)
    await hub.reboot()
    assert await hub.kinds() == ["terms", "published"]
    await restored(hub)
    await refused(hub)
    await gone_on(hub)


async def test_what_a_power_cut_may_leave(hub: HubWorld) -> None:
    """The file may lag behind, or a new hub have one before it has a log."""
    fresh = HubWorld(hub.folder / "fresh")
    fresh.folder.mkdir()
    head = HeadFile(fresh.head_file)
    head._begin()
    await fresh.boot()
    assert await fresh.kinds() == ["terms"]
    early = fresh.head_file.read_bytes()
    await notice(fresh)
    await fresh.manager.async_stop()
    fresh.head_file.write_bytes(early)
    await fresh.boot()
    assert await fresh.kinds() == ["terms", "published"]
    await fresh.manager.async_stop()


async def test_a_hub_of_before_there_was_such_a_file(hub: HubWorld) -> None:
    """It begins to keep one, and no harm is done."""
    await notice(hub)
    await hub.manager.async_stop()
    hub.head_file.unlink()
    connection = sqlite3.connect(database(hub))
    connection.execute("DELETE FROM meta WHERE key = 'head_kept'")
    connection.commit()
    connection.close()
    await hub.boot()
    assert await hub.kinds() == ["terms", "published"]
    await hub.reboot()


async def test_a_key_never_begins_before_the_last_one(hub: HubWorld) -> None:
    """By a clock that was set back nobody would believe it, and the hub were lost."""
    await hub.manager.async_rotate_key()
    with pytest.raises(ConflictError, match="key_not_later"):
        await hub.manager.async_rotate_key()
    hub.clock.go_on(-timedelta(days=1))
    with pytest.raises(ConflictError, match="key_not_later"):
        await hub.manager.async_rotate_key()
    hub.clock.go_on(timedelta(days=2))
    await hub.manager.async_rotate_key()
    assert await hub.kinds() == ["terms", "key", "key"]
