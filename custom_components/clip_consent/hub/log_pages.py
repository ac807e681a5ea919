"""Pages of the log as they go out: made once, apart from the event loop, and kept.

Anybody may ask for any of them as often as they like. Who has read all, as homes have,
gets an answer that costs nothing; the others wait for each other, and not too many, of
whom one address is at most a half. A page is in memory until the last line has read it:
so few are out at once that are not kept, however slowly they are read.
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
import sqlite3
from typing import Final

from ..core.drop_box import address_key
from ..core.errors import StoreError
from ..core.serial import canonical
from . import feed, log
from .bench import HubBench
from .book import Book

KEPT: Final = 8  # pages of at most 1 MiB
WAITING_MAX: Final = 32  # who wants a page that has still to be made
OUT_MAX: Final = 32  # pages that are being read
ADDRESS_MAX: Final = 16  # lines of one address that wait for a page, or read it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Page:
    """A page, and the signed head that is of the same moment."""

    body: bytes
    head: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lent:
    """A page that counts as being read until it is given back."""

    body: bytes
    give_back: Callable[[], None]


class LogPages:
    """Makes pages, one after the other."""

    def __init__(self, bench: HubBench, book: Book) -> None:
        """Begin with none."""
        self._bench = bench
        self._book = book
        self._head = ""  # of the log that the kept pages are of
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._out: Counter[Page] = Counter()  # lines that read it
        self._lines: Counter[str] = Counter()  # by address, in memory alone

    async def async_lend(self, start: int, address: str) -> Lent:
        """Lend a page of the log from an entry on, with a head that has all of it.

        Raises StoreError, `store_busy` where too many read or wait.
        """
        if start > self._book.shown.newest:
            body = _body(b"[]", self._book.shown.issued.head)
            return Lent(body=body, give_back=lambda: None)
        with ExitStack() as stack:
            stack.enter_context(self._line(address_key(address)))
            page = await self._async_page(start)
            stack.enter_context(_counted(self._out, page))
            return Lent(body=page.body, give_back=stack.pop_all().close)

    @contextmanager
    def _line(self, address: str | None) -> Iterator[None]:
        """Count a line; None stands for an address that others may hide behind."""
        if address is None:
            yield
            return
        if self._lines[address] >= ADDRESS_MAX:
            raise StoreError("store_busy")
        with _counted(self._lines, address):
            yield

    async def _async_page(self, start: int) -> Page:
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

    def _kept(self, start: int) -> Page | None:
        """Return a page that is still true: a text that was taken away is not kept."""
        if self._head != self._book.shown.issued.head:
            self._head = self._book.shown.issued.head
            self._pages.clear()
        if start in self._pages:
            self._pages.move_to_end(start)
        return self._pages.get(start)

    async def _async_make(self, start: int) -> Page:
        if len(self._out) >= OUT_MAX:
            raise StoreError("store_busy")

        def make(connection: sqlite3.Connection) -> tuple[Page, int]:
            # all of one moment: a text that just went has its reason before the head
            head = feed.read_log_head(connection)
            body = _body(log.page(connection, start), head)
            return Page(body=body, head=head), log.head(connection).n

        page, newest = await self._bench.store.async_read(make)
        await self._book.async_shown(newest)
        self._kept(start)  # it may be of a log that has grown meanwhile
        if self._head == page.head:
            self._pages[start] = page
            if len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        return page


@contextmanager
def _counted[T](counter: Counter[T], one: T) -> Iterator[None]:
    counter[one] += 1
    try:
        yield
    finally:
        counter[one] -= 1
        if not counter[one]:
            del counter[one]


def _body(entries: bytes, head: str) -> bytes:
    return b'{"entries":%b,"head":%b,"version":1}' % (entries, canonical(head))
