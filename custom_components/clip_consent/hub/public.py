"""What a hub tells everybody: the same to all who ask."""

import json
import sqlite3

from ..core.errors import NotFoundError
from ..core.hub_flow import shown_state, told_coverage
from ..core.hub_settings import SLOT
from ..core.hub_terms import terms_json
from ..core.portal_json import Said
from ..core.serial import Json, utc_text
from ..core.tiles import map_json
from . import log, moderation, presence
from .bench import HubBench
from .book import Book
from .feed import Signed
from .moderation import Item


class Public:
    """Answers that depend on what was published, and on nothing else."""

    def __init__(self, bench: HubBench, book: Book) -> None:
        """Keep the tools."""
        self._bench = bench
        self._book = book

    async def async_info(self) -> Said:
        """Return what the hub says of itself."""
        shown = self._book.shown
        refused: Said = dict(shown.tally.refused)
        return {
            **terms_json(self._bench.settings),
            **shown.keys.public(self._bench.now()),
            "version": 1,
            "hub": shown.keys.hub,
            "slot_seconds": int(SLOT.total_seconds()),
            "head": shown.issued.head,
            "counts": {"published": shown.published, "refused": refused},
            "map": map_json(self._bench.settings.tiles),
        }

    def feed(self, cell: str) -> Signed:
        """Return the feed of a cell. Raises NotFoundError for cells of others."""
        signed = self._book.shown.issued.feeds.get(cell)
        if signed is None:
            raise NotFoundError("request_not_found")
        return signed

    async def async_public(self, id: str) -> Said:
        """Return what is public of an item. Raises NotFoundError before it is."""

        def read(connection: sqlite3.Connection) -> tuple[Item, Json, list[Json]]:
            item = moderation.find(connection, id)
            if item.n is None:
                raise NotFoundError("request_not_found")
            beside = log.read(connection, item.n).beside
            said: Json = json.loads(beside.text) if beside else None
            notes: list[Json] = [
                {
                    "n": line.entry.n,
                    "at": utc_text(line.entry.at),
                    "text": json.loads(line.beside.text)["text"],
                }
                for line in log.notes(connection, id)
                if line.beside
            ]
            return item, said, notes

        item, said, notes = await self._bench.store.async_read(read)
        return {
            "version": 1,
            "state": shown_state(item.state, item.until, self._bench.now()),
            "log": item.n,
            "item": said,
            "notes": notes,
        }

    async def async_coverage(self) -> Said:
        """Return the estimate of how many homes opted in, by cell."""
        now = self._bench.now()
        counts = await self._bench.store.async_read(lambda db: presence.count(db, now))
        return {
            "version": 1,
            "cells": [
                {"cell": cell, "homes": homes}
                for cell, homes in told_coverage(counts).items()
            ],
        }
