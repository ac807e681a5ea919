"""A requester's desk: what they sent, what became of it, what came in for it."""

from dataclasses import dataclass
from datetime import datetime
import hmac
import sqlite3

from ..core.drop_box import delivery_json
from ..core.errors import NotFoundError
from ..core.hub_flow import ItemState, Submitted, shown_state
from ..core.hub_settings import HubRequester, token_digest
from ..core.limits import LATE_MAX, WAITING_MAX
from ..core.portal_bodies import parse_note
from ..core.portal_items import area_json
from ..core.portal_json import Said
from ..core.portal_log import EntryKind
from ..core.portal_submission import Submission
from ..core.ports_hub import DropRoom
from ..core.serial import Json, utc_text
from . import log, moderation
from .bench import HubBench
from .book import Book
from .moderation import DeskNote, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who acts on a request: a requester, or whoever knows the secret of its inbox."""

    requester: HubRequester | None
    secret: str = ""

    def may(self, item: Item) -> bool:
        """Tell whether an item is theirs."""
        who = self.requester
        if who is not None and item.requester_id == who.requester_id:
            return True
        digest = token_digest(self.secret)
        return bool(item.inbox) and hmac.compare_digest(item.inbox or "", digest)


@dataclass(frozen=True, slots=True)
class _Row:
    item: Item
    submitted: Submitted
    request: Submission
    notes: list[DeskNote]


class Desk:
    """What requesters see and do. What is not theirs raises NotFoundError."""

    def __init__(self, bench: HubBench, book: Book) -> None:
        """Keep the tools."""
        self._bench = bench
        self._book = book

    async def async_desk(self, requester: HubRequester) -> Said:
        """Return a requester's desk as JSON."""
        now = self._bench.now()
        who = requester.requester_id

        def read(connection: sqlite3.Connection) -> tuple[list[_Row], int]:
            rows = [
                _Row(item, it, it.said, moderation.notes_of(connection, item.id))
                for item in moderation.of_requester(connection, who)
                if (it := item.submitted) and isinstance(it.said, Submission)
            ]
            return rows, moderation.week_count(connection, who, now)

        rows, counted = await self._bench.store.async_read(read)
        return {
            "version": 1,
            "requester": {
                "name": requester.name,
                "organisation": requester.organisation,
                "kind": requester.kind.value,
            },
            "left_this_week": max(0, self._bench.settings.limits.per_week - counted),
            "requests": [await self._async_row(row, now) for row in rows],
        }

    async def _async_row(self, row: _Row, now: datetime) -> Json:
        item = row.item
        return {
            **_own_words(row.submitted, row.request),
            "id": item.id,
            "state": shown_state(item.state, item.until, now),
            "refused": item.refused,
            "expires_at": utc_text(item.until),
            "notes": [_note_json(note) for note in row.notes],
            "deliveries": await self.async_deliveries(item.id),
        }

    async def async_deliveries(self, request_id: str) -> list[Json]:
        """Return what came in for a request, as JSON."""
        held = await self._bench.drops.async_deliveries(request_id)
        return [delivery_json(each) for each in held]

    async def async_end(self, caller: Caller, id: str, state: ItemState) -> None:
        """Resolve or withdraw a request; again changes nothing.

        One that waits can only be withdrawn, and leaves no trace then: it was never
        public.
        """

        def work(connection: sqlite3.Connection, now: datetime) -> None:
            item = self._own(connection, caller, id)
            if item.state is state:
                return
            shown = shown_state(item.state, item.until, now)
            if shown == ItemState.OPEN:
                kind = EntryKind(state.value)
                log.append_said(
                    connection, at=now, kind=kind, id=id, target=item.n, said={}
                )
            elif (shown, state) != (ItemState.MODERATION, ItemState.WITHDRAWN):
                raise NotFoundError("request_not_found")
            moderation.close(connection, id, state)

        await self._async_owned(caller, id)
        await self._book.async_change(work, behind=WAITING_MAX)

    async def _async_owned(self, caller: Caller, id: str) -> None:
        """Raise NotFoundError for whose it is not: they fill no queue of writers."""
        await self._bench.store.async_read(lambda db: self._own(db, caller, id))

    async def async_note(self, caller: Caller, id: str, body: bytes) -> None:
        """Keep a follow-up to an open request, for a moderator.

        Raises InvalidRequestError and LimitError.
        """
        text, note_id = parse_note(body), self._bench.ids.new_id()

        def work(connection: sqlite3.Connection, now: datetime) -> None:
            item = self._own(connection, caller, id)
            if shown_state(item.state, item.until, now) != ItemState.OPEN:
                raise NotFoundError("request_not_found")
            moderation.add_note(connection, id=note_id, item_id=id, text=text, now=now)

        await self._async_owned(caller, id)
        await self._book.async_change(work, behind=WAITING_MAX)

    async def async_room(self, request_id: str) -> DropRoom | None:
        """Return until when deliveries are taken, None if they are not.

        What was approved in time may come late: first a hub has to be back.
        """
        item = await self._async_find(request_id)
        if item is None or item.state is not ItemState.OPEN:
            return None
        if item.submitted is None or item.submitted.recipient is None:
            return None  # nobody waits for anything
        return DropRoom(until=item.until + LATE_MAX)

    async def async_may_read(self, request_id: str, bearer: str) -> bool:
        """Tell whether this opens a request's answers."""
        item = await self._async_find(request_id)
        requester = self._bench.settings.requester(bearer)
        caller = Caller(requester=requester, secret=bearer)
        return item is not None and caller.may(item)

    async def _async_find(self, id: str) -> Item | None:
        def read(connection: sqlite3.Connection) -> Item | None:
            try:
                return moderation.find(connection, id)
            except NotFoundError:
                return None

        return await self._bench.store.async_read(read)

    @staticmethod
    def _own(connection: sqlite3.Connection, caller: Caller, id: str) -> Item:
        item = moderation.find(connection, id)
        if not caller.may(item):
            raise NotFoundError("request_not_found")
        return item


def _own_words(submitted: Submitted, request: Submission) -> Said:
    """Return what a requester wrote."""
    return {
        "submitted_at": utc_text(submitted.submitted_at),
        "title": request.title,
        "text": request.text,
        "start": utc_text(request.window.start),
        "end": utc_text(request.window.end),
        "area": area_json(request.area),
        "contact": request.contact,
        "case_number": request.case_number,
        "recipient": request.recipient,
        "key_hint": request.key_hint,
    }


def _note_json(note: DeskNote) -> Json:
    return {
        "state": note.state,
        "submitted_at": utc_text(note.submitted_at),
        "text": note.text,
        "refused": note.refused,
    }
