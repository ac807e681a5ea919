"""Pages of the log as they go out: made once, apart from the event loop, and kept.

Anybody may ask for any of them as often as they like. Who has read all, as homes have,
gets an answer that costs nothing; the others wait for each other, and not too many.
"""

import asyncio
from collections import OrderedDict
import sqlite3
from typing import Final

from ..core.errors import StoreError
from ..core.serial import canonical
from . import feed, log
from .bench import HubBench
from .book import Book

KEPT: Final = 8  # pages of at most 1 MiB
WAITING_MAX: Final = 32  # who wants a page that has still to be made


class LogPages:
    """Makes pages, one after the other."""

    def __init__(self, bench: HubBench, book: Book) -> None:
        """Begin with none."""
        self._bench = bench
        self._book = book
        self._head = ""  # of the log that the kept pages are of
        self._pages: OrderedDict[int, bytes] = OrderedDict()
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def async_page(self, start: int) -> bytes:
        """Return a page of the log from an entry on, with a head that has all of it.

        Raises StoreError, `store_busy` where too many wait.
        """
        if start > self._book.shown.newest:
            return _body(b"[]", self._book.shown.issued.head)
        if (page := self._kept(start)) is not None:
            return page
        if self._waiting >= WAITING_MAX:
            raise StoreError("store_busy")
        self._waiting += 1
        try:
            async with self._turn:
                return self._kept(start) or await self._async_make(start)
        finally:
            self._waiting -= 1

    def _kept(self, start: int) -> bytes | None:
        """Return a page that is still true: a text that was taken away is not kept."""
        if self._head != self._book.shown.issued.head:
            self._head = self._book.shown.issued.head
            self._pages.clear()
        if start in self._pages:
            self._pages.move_to_end(start)
        return self._pages.get(start)

    async def _async_make(self, start: int) -> bytes:
        def make(connection: sqlite3.Connection) -> tuple[bytes, str, int]:
            # all of one moment: a text that just went has its reason before the head
            head = feed.read_log_head(connection)
            page = _body(log.page(connection, start), head)
            return page, head, log.head(connection).n

        page, head, newest = await self._bench.store.async_read(make)
        await self._book.async_shown(newest)
        self._kept(start)  # it may be of a log that has grown meanwhile
        if self._head == head:
            self._pages[start] = page
            if len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        return page


def _body(entries: bytes, head: str) -> bytes:
    return b'{"entries":%b,"head":%b,"version":1}' % (entries, canonical(head))
