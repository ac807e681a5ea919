"""G9: a flood of readers of the log makes no page twice, and holds up no home."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.portal_follow import follow_log
from custom_components.clip_consent.core.portal_known import Followed
from custom_components.clip_consent.core.portal_log import read_line
from custom_components.clip_consent.hub import log_pages
from custom_components.clip_consent.hub.store import HubStore

from .web import PATH, WebHub
from .world import CELL, MODERATOR, HubWorld, page_of


class Reads:
    """Counts the reads of the database, and can hold them back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Listen."""
        self.count = 0
        self.go = asyncio.Event()
        self.go.set()
        read = HubStore.async_read

        async def counted(store: HubStore, query: Any) -> Any:
            self.count += 1
            await self.go.wait()
            return await read(store, query)

        monkeypatch.setattr(HubStore, "async_read", counted)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """Return what counts reads."""
    return Reads(monkeypatch)


async def notices(hub: HubWorld, count: int) -> None:
    """Publish some."""
    for number in range(count):
        await hub.manager.async_post_notice(f"{number}", "Ice.", (CELL,), MODERATOR)


async def test_a_page_is_made_once_for_many(hub: HubWorld, reads: Reads) -> None:
    """However many ask at once, or again."""
    await notices(hub, 3)
    pages = await asyncio.gather(*(page_of(hub.manager, 2) for _ in range(20)))
    assert len({*pages, await page_of(hub.manager, 2)}) == 1
    assert reads.count == 1
    assert len(json.loads(pages[0])["entries"]) == 3


async def test_who_has_read_all_costs_nothing(hub: HubWorld, reads: Reads) -> None:
    """That is every home in almost every slot, also while others wait for pages."""
    reads.go.clear()
    held = asyncio.ensure_future(page_of(hub.manager, 1))
    await asyncio.sleep(0)
    said = json.loads(await page_of(hub.manager, 2))
    assert (said["entries"], said["version"]) == ([], 1)
    assert said["head"] == (await hub.manager.async_info())["head"]
    reads.go.set()
    await held
    assert reads.count == 1


async def test_a_page_is_forgotten_with_the_log_it_was_of(hub: HubWorld) -> None:
    """G10: a text that was taken away is in no page any more."""
    await hub.manager.async_post_notice("Names", "Ann Other.", (CELL,), MODERATOR)
    assert b"Ann Other" in await page_of(hub.manager, 1)
    await hub.manager.async_redact(2, "It names somebody.", MODERATOR)
    assert b"Ann Other" not in await page_of(hub.manager, 1)
    assert len(json.loads(await page_of(hub.manager, 1))["entries"]) == 3


async def test_a_page_and_its_head_are_of_one_moment(
    hub: HubWorld, reads: Reads
) -> None:
    """A text that goes while its page is made has its reason there, and is no fork."""
    await hub.manager.async_post_notice("Names", "Ann Other.", (CELL,), MODERATOR)
    reads.go.clear()
    slow = asyncio.ensure_future(page_of(hub.manager, 1))
    await asyncio.sleep(0)
    await hub.manager.async_redact(2, "It names somebody.", MODERATOR)
    reads.go.set()
    page: Any = json.loads(await slow)
    assert page["head"] == (await hub.manager.async_info())["head"]
    lines = [read_line(one) for one in page["entries"]]
    assert [line.entry.kind for line in lines] == ["terms", "published", "redacted"]
    known = follow_log(Followed(), lines, await hub.head(), hub.clock.now())
    assert known.untold == ()


async def test_nobody_hears_of_an_entry_before_everybody_does(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is on disk and not shown yet is not in a page: the next would go back."""
    go, committed, change = asyncio.Event(), asyncio.Event(), HubStore.async_change

    async def held(store: HubStore, *args: Any, **how: Any) -> Any:
        made = await change(store, *args, **how)
        committed.set()
        await go.wait()
        return made

    monkeypatch.setattr(HubStore, "async_change", held)
    publishing = asyncio.ensure_future(notices(hub, 1))
    await committed.wait()
    early = asyncio.ensure_future(page_of(hub.manager, 1))
    await asyncio.wait({early}, timeout=0.2)
    assert not early.done()
    assert json.loads(await page_of(hub.manager, 2))["entries"] == []
    go.set()
    await publishing
    page: Any = json.loads(await early)
    assert page["head"] == (await hub.manager.async_info())["head"]
    assert len(page["entries"]) == 2


async def test_a_page_of_a_log_that_grew_meanwhile_is_not_kept(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was true when it was read, and it says of when it is."""
    before = (await hub.manager.async_info())["head"]
    go, read = asyncio.Event(), HubStore.async_read

    async def read_early(store: HubStore, query: Any) -> Any:
        made = await read(store, query)
        await go.wait()
        return made

    monkeypatch.setattr(HubStore, "async_read", read_early)
    slow = asyncio.ensure_future(page_of(hub.manager, 1))
    await asyncio.sleep(0.1)
    await notices(hub, 1)
    go.set()
    said = json.loads(await slow)
    assert (len(said["entries"]), said["head"]) == (1, before)
    assert len(json.loads(await page_of(hub.manager, 1))["entries"]) == 2


async def test_few_pages_are_kept(
    hub: HubWorld, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that were wanted last."""
    monkeypatch.setattr(log_pages, "KEPT", 2)
    await notices(hub, 3)
    for start in (1, 2, 1, 3, 1, 2):
        await page_of(hub.manager, start)
    assert reads.count == 4  # 2 had to go for 3, which was wanted later


async def test_a_flood_of_different_pages_is_refused(
    hub: HubWorld, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then 503 says to try again; what is kept, and what is no page, goes on."""
    monkeypatch.setattr(log_pages, "WAITING_MAX", 2)
    await notices(hub, 4)
    kept = await page_of(hub.manager, 1)
    reads.go.clear()
    waiting = [asyncio.ensure_future(page_of(hub.manager, n)) for n in (2, 3)]
    await asyncio.sleep(0)
    with pytest.raises(StoreError, match="store_busy"):
        await page_of(hub.manager, 4)
    assert await page_of(hub.manager, 1) == kept
    await page_of(hub.manager, 99)
    reads.go.set()
    await asyncio.gather(*waiting)
    await page_of(hub.manager, 4)


async def test_a_refused_flood_fills_no_log(
    web_hub: WebHub,
    anybody: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """503 to everyone of it, and nothing on the disk."""
    caplog.set_level("INFO")
    monkeypatch.setattr(log_pages, "WAITING_MAX", 0)
    for _ in range(3):
        async with anybody.get(f"{PATH}/log?from=1") as response:
            assert response.status == 503
            assert await response.json() == {"error": "unavailable"}
    assert "could not be answered" not in caplog.text
