"""What a hub's manager holds in memory: it follows the disk and is never ahead of it.

Each change is one transaction: the rows, the entry of the log, the new head and the
feeds that show it. So a crash leaves either all of it or nothing.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
import sqlite3

from ..base.wholly import wholly
from ..core.hub_terms import terms_json
from ..core.portal_log import EntryKind
from ..core.serial import stated
from . import feed, log
from .bench import HubBench
from .keyring import Keys, read_keys
from .moderation import Tally, read_tally
from .vouching import withdraw_unvouched

type Listener = Callable[[], None]
type Work[T] = Callable[[sqlite3.Connection, datetime], T]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What everybody is told, as of change number `change`, which is on disk."""

    change: int
    keys: Keys
    issued: feed.Issued
    newest: int  # entry of the log
    tally: Tally
    published: int


class Book:
    """Changes the database, and then what is shown of it."""

    def __init__(self, bench: HubBench) -> None:
        """Keep the tools; `async_open` reads what there is."""
        self._bench = bench
        self._shown: Shown | None = None
        self._changes = 0
        self._listeners: list[Listener] = []

    @property
    def shown(self) -> Shown:
        """What is shown now; there is something once it was opened."""
        if self._shown is None:
            msg = "not started"
            raise RuntimeError(msg)
        return self._shown

    async def async_open(self, *, go_on: bool = False) -> None:
        """Open the database; a new hub gets its key, new terms their entry.

        What is open of requesters who were removed is withdrawn.

        Raises RestoredError for one from a backup, unless the operator said to go on.
        """
        await self._bench.store.async_open()
        now = self._bench.now()
        await self._bench.store.async_change(
            lambda connection: self._bench.head.enter(connection, now, go_on=go_on)
        )
        await self.async_change(self._enter)

    @wholly
    async def async_change[T](
        self, work: Work[T], *, behind: int | None = None, anew: bool = False
    ) -> T:
        """Do some work in one transaction, and show what came of it.

        With `anew`, everything is signed again whether the log grew or not. What the
        work raises undoes all of it.
        """

        def job(connection: sqlite3.Connection) -> tuple[T, Shown]:
            # the moment of writing: what waited for a backup is not dated back
            now = stated(self._bench.now())
            before = log.head(connection)
            result = work(connection, now)
            changed = anew or log.head(connection) != before
            return result, self._read(connection, now, anew=changed)

        result, shown = await self._bench.store.async_change(job, behind=behind)
        if self._shown is None or shown.change > self._shown.change:
            self._shown = shown
        self.tell()
        return result

    async def async_shown(self, newest: int) -> None:
        """Wait until an entry of the log that is on disk is shown, which is at once.

        Else who is told of it before everybody is would see the log go back.
        """
        is_shown = asyncio.Event()

        def look() -> None:
            if self.shown.newest >= newest:
                is_shown.set()

        unhear = self.on_change(look)
        try:
            look()
            await is_shown.wait()
        finally:
            unhear()

    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Hear of every change; the answer ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self) -> None:
        """Tell all who listen that something changed."""
        for listener in tuple(self._listeners):
            listener()

    def _enter(self, connection: sqlite3.Connection, now: datetime) -> None:
        terms = terms_json(self._bench.settings)
        said = log.texts(connection, EntryKind.TERMS)
        if not said or said[-1] != terms:
            log.append_said(connection, at=now, kind=EntryKind.TERMS, said=terms)
        withdraw_unvouched(connection, self._bench.settings, now)

    def _read(
        self, connection: sqlite3.Connection, now: datetime, *, anew: bool
    ) -> Shown:
        keys = read_keys(connection)
        issued = None if anew else self._still_good(connection, now)
        self._changes += 1  # all in the one thread of the database
        return Shown(
            change=self._changes,
            keys=keys,
            issued=issued or self._issue(connection, keys, now),
            tally=read_tally(connection, now),
            newest=log.head(connection).n,
            published=log.count(connection, EntryKind.PUBLISHED),
        )

    def _issue(
        self, connection: sqlite3.Connection, keys: Keys, now: datetime
    ) -> feed.Issued:
        return feed.issue(
            connection,
            hub=keys.hub,
            sign=keys.sign,
            cells=self._bench.settings.cells,
            head=log.head(connection),
            now=now,
        )

    def _still_good(
        self, connection: sqlite3.Connection, now: datetime
    ) -> feed.Issued | None:
        """Return what was issued last, if it is of today and for the cells of today."""
        issued = feed.read_issued(connection)
        cells = set(self._bench.settings.cells)
        return issued if issued.is_good(now) and issued.feeds.keys() == cells else None
