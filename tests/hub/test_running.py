"""Keys, new issues, restarts, backups, and what is due by its time alone."""

import asyncio
from datetime import timedelta
import json
import logging
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.portal_log import EMPTY, check_chain, read_line
from custom_components.clip_consent.core.serial import canonical
from custom_components.clip_consent.hub import log, sweep

from .world import CELL, MODERATOR, POLICE, HubWorld, body, page_of


async def answers(hub: HubWorld) -> list[Any]:
    """Return what everybody is told."""
    manager = hub.manager
    feeds = [manager.feed(cell) for cell in hub.settings.cells]
    return [await manager.async_info(), await page_of(manager, 1), feeds]


async def test_a_restart_changes_no_byte(hub: HubWorld) -> None:
    """Nobody can tell from the answers that there was one."""
    await hub.publish(await hub.police_asks())
    before = await answers(hub)
    await hub.reboot()
    assert await answers(hub) == before
    assert (hub.manager.waiting, hub.manager.open_requests) == (0, 1)


async def test_a_feed_is_the_same_bytes_until_something_changes(hub: HubWorld) -> None:
    """A submission that waits is no change; each new issue has a higher number."""
    first = hub.manager.feed(CELL)
    await hub.police_asks()
    hub.clock.go_on(timedelta(hours=5))
    await hub.manager._sweep.async_round()
    assert hub.manager.feed(CELL) == first
    before = (await hub.feed()).seq
    await hub.publish(await hub.police_asks())
    assert (await hub.feed()).seq > before


async def test_each_day_it_is_signed_anew(hub: HubWorld) -> None:
    """So that a home can tell a hub that stands still from one that is held back."""
    before = await hub.feed()
    hub.clock.go_on(timedelta(days=1) - timedelta(seconds=1))
    await hub.manager._sweep.async_round()
    assert await hub.feed() == before
    hub.clock.go_on(timedelta(seconds=1))
    await hub.manager._sweep.async_round()
    after = await hub.feed()
    assert after.seq > before.seq
    assert after.expires - after.issued == timedelta(days=2)


async def test_a_hub_that_was_down_signs_anew_when_it_starts(hub: HubWorld) -> None:
    """What is over has left the feed before anybody can ask."""
    await hub.publish(await hub.police_asks())
    await hub.manager.async_stop()
    hub.clock.go_on(timedelta(days=8))
    await hub.boot()
    assert await hub.listed() == []


async def test_new_terms_are_an_entry_of_the_log(hub: HubWorld) -> None:
    """Limits and wording change for all to see; the same ones are no change."""
    await hub.reboot()
    assert await hub.kinds() == ["terms"]
    await hub.reboot(rules="We publish everything.")
    assert await hub.kinds() == ["terms", "terms"]
    assert (await hub.manager.async_info())["rules"] == "We publish everything."
    await hub.reboot(requesters={})  # who may sign in is nobody's business
    assert await hub.kinds() == ["terms", "terms"]


async def test_a_hub_can_cover_other_cells(hub: HubWorld) -> None:
    """What is open is listed where it lies, in cells of any length."""
    await hub.publish(await hub.police_asks())
    before = (await hub.feed()).seq
    await hub.reboot(cells=("u33d",))
    assert await hub.listed("u33d") == ["Car scratched"]
    assert (await hub.feed("u33d")).seq > before


async def test_a_new_key_is_named_by_the_old_one(hub: HubWorld) -> None:
    """The hub keeps its name; what it signs is good by the chain of its keys."""
    name = hub.manager.hub
    for day in range(3):
        hub.clock.go_on(timedelta(days=1))
        await hub.manager.async_rotate_key()
        info: Any = await hub.manager.async_info()
        assert len(info["rotations"]) == day + 1
        assert len(info["jwks"]["keys"]) == day + 2  # those before are good for a while
        assert hub.manager.hub == name == info["hub"]
        assert await hub.listed() == []
    assert (await hub.kinds())[1:] == ["key"] * 3
    hub.clock.go_on(timedelta(days=14))
    await hub.manager._sweep.async_round()
    info = await hub.manager.async_info()
    assert len(info["jwks"]["keys"]) == 1
    await hub.reboot()
    assert hub.manager.hub == name
    await hub.log()


async def test_the_log_comes_in_pages(hub: HubWorld) -> None:
    """A hundred entries each, fewer where they are large; from any number on."""
    for number in range(120):
        await hub.manager.async_post_notice(f"{number}", "Ice.", (CELL,), MODERATOR)
        await hub.manager.async_redact(2 * number + 2, "over", MODERATOR)
    pages: list[int] = []
    start = 1
    lines = []
    while True:
        page: Any = json.loads(await page_of(hub.manager, start))
        if not page["entries"]:
            break
        lines += map(read_line, page["entries"])
        pages.append(len(page["entries"]))
        start += pages[-1]
    assert pages == [100, 100, 41]
    assert check_chain(EMPTY, lines) == await hub.head()
    assert json.loads(await page_of(hub.manager, 10**12))["entries"] == []


async def test_a_page_is_no_larger_than_a_home_reads(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page ends where the next entry would be too much; it always has one."""
    for number in range(9):
        await hub.manager.async_post_notice(f"{number}", "x" * 1900, (CELL,), MODERATOR)
    monkeypatch.setattr(log, "FEED_MAX", 4096 + 8000)
    page: Any = json.loads(await page_of(hub.manager, 2))
    assert len(page["entries"]) == 3
    assert len(canonical(page)) <= log.FEED_MAX
    assert len(await hub.log()) == 10
    monkeypatch.setattr(log, "FEED_MAX", 0)
    assert len(await hub.log()) == 10


async def test_a_page_never_runs_ahead_of_its_head(hub: HubWorld) -> None:
    """However reading and writing fall together."""

    async def publish() -> None:
        for number in range(20):
            await hub.manager.async_post_notice(f"{number}", "Ice.", (CELL,), MODERATOR)

    book, heads = hub.manager._book, {}

    def note() -> None:
        heads[book.shown.issued.head] = book.shown.newest

    note()
    hub.manager.on_change(note)
    writing = asyncio.create_task(publish())
    while not writing.done():
        before = book.shown.newest
        page: Any = json.loads(await page_of(hub.manager, 1))
        assert len(page["entries"]) == heads[page["head"]] >= before
        await asyncio.sleep(0)
    await writing
    assert len(heads) == 21


async def test_changes_at_once_are_shown_in_their_order(hub: HubWorld) -> None:
    """What is in memory is what is on disk, whichever ends first."""
    ids = [await hub.neighbour_asks(f"8.8.8.{number}") for number in range(10)]
    await asyncio.gather(
        *(hub.manager.async_publish(item_id, MODERATOR) for item_id in ids)
    )
    assert len(await hub.listed()) == 10
    assert (hub.manager.waiting, hub.manager.open_requests) == (0, 10)
    before = await answers(hub)
    await hub.reboot()
    assert await answers(hub) == before


async def test_the_older_of_two_answers_does_not_win(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that is heard of late does not put back what a later one showed."""
    store, late = hub.manager._bench.store, asyncio.Event()
    change = store.async_change

    async def slow(job: Any, *, behind: int | None = None) -> Any:
        result = await change(job, behind=behind)
        await late.wait()
        return result

    monkeypatch.setattr(store, "async_change", slow)
    first = asyncio.create_task(hub.police_asks())
    await asyncio.sleep(0.2)
    monkeypatch.setattr(store, "async_change", change)
    await hub.insurer_asks()
    late.set()
    await first
    assert hub.manager.waiting == 2


async def test_nothing_is_written_during_a_backup(hub: HubWorld) -> None:
    """What comes in waits; what is read is answered."""
    await hub.manager.async_pause()
    before = (hub.folder / "hub.db").read_bytes()
    asked = asyncio.create_task(hub.police_asks())
    await asyncio.sleep(0.1)
    assert not asked.done()
    assert await hub.kinds() == ["terms"]
    assert (hub.folder / "hub.db").read_bytes() == before
    hub.manager.resume()
    assert len(await asked) == 26


async def test_an_answer_is_given_to_its_end_whoever_hangs_up(hub: HubWorld) -> None:
    """A change whose caller is cancelled is made, and shown."""
    asked = asyncio.create_task(hub.police_asks())
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    for _ in range(100):
        await asyncio.sleep(0.01)
        if hub.manager.waiting:
            break
    assert hub.manager.waiting == 1


async def test_trouble_with_one_duty_keeps_no_other(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told, and the next round tries again."""

    async def refuse(*_: Any, **__: Any) -> None:
        raise StoreError("disk_full")

    async def break_down(*_: Any, **__: Any) -> None:
        raise ValueError("a mistake")

    hub.clock.go_on(timedelta(days=2))
    with monkeypatch.context() as broken:
        broken.setattr(hub.manager._book, "async_change", refuse)
        await hub.manager._sweep.async_round()
        assert caplog.text.count("disk_full") == 2
        hub.clock.go_on(timedelta(hours=2))
        broken.setattr(hub.manager._book, "async_change", break_down)
        await hub.manager._sweep.async_round()
        assert caplog.text.count("a mistake") >= 2
    caplog.clear()
    hub.clock.go_on(timedelta(hours=2))
    await hub.manager._sweep.async_round()
    assert [
        record for record in caplog.records if record.levelno >= logging.WARNING
    ] == []
    assert hub.drops.swept
    await hub.feed()


async def test_the_sweep_looks_by_itself(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From time to time, until the hub stops."""
    monkeypatch.setattr(sweep, "EVERY", 0.01)
    before = (await hub.feed()).seq
    await hub.reboot()
    hub.clock.go_on(timedelta(days=1))
    for _ in range(200):
        await asyncio.sleep(0.01)
        if hub.manager._book.shown.issued.seq > before:
            break
    assert (await hub.feed()).seq > before


async def test_a_hub_that_cannot_start_can_be_stopped(hub: HubWorld) -> None:
    """Nothing is left open; before it started there is nothing to show."""
    other = HubWorld(hub.folder / "hub.db")  # a file where its folder should be
    with pytest.raises(StoreError):
        await other.manager.async_start()
    with pytest.raises(RuntimeError):
        _ = other.manager.waiting
    await other.manager.async_stop()


async def test_a_full_queue_is_refused(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers cannot make as much wait as they like."""
    monkeypatch.setattr("custom_components.clip_consent.hub.intake.WAITING_MAX", 0)
    await hub.manager.async_pause()
    first = asyncio.create_task(hub.police_asks())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    with pytest.raises(StoreError, match="store_busy"):
        await hub.manager.async_submit(body(case_number="1"), POLICE, "")
    hub.manager.resume()
    await first


async def test_what_shows_of_the_settings(hub: HubWorld) -> None:
    """Forms and pages read them from the manager."""
    assert hub.manager.settings is hub.settings
