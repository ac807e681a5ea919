"""What moderators decide: published, refused, redacted; each in one transaction."""

from dataclasses import replace
from datetime import datetime
import sqlite3

from ..base.unsealing import new_secret, recipient_of
from ..core.errors import ConflictError
from ..core.hub_flow import (
    ItemState,
    published,
    shown_state,
    submit,
    waiting as as_waiting,
)
from ..core.hub_models import RefusalReason, Waiting
from ..core.hub_settings import HubRequester
from ..core.portal_bodies import NoticeDraft, validate_notice
from ..core.portal_items import NoticeAuthor, item_text
from ..core.portal_log import EntryKind
from . import log, moderation
from .bench import HubBench
from .book import Book
from .vouching import check_vouched


class Deciding:
    """Decisions of moderators. Who may make one is for those who call to say."""

    def __init__(self, bench: HubBench, book: Book) -> None:
        """Keep the tools."""
        self._bench = bench
        self._book = book

    async def async_waiting(self) -> list[Waiting]:
        """Return what waits for a moderator, oldest first."""
        now = self._bench.now()

        def read(connection: sqlite3.Connection) -> list[Waiting]:
            items = moderation.waiting_items(connection, now)
            return [*map(as_waiting, items), *moderation.waiting_notes(connection, now)]

        found = [
            replace(one, requester=self._today(one.requester))
            for one in await self._bench.store.async_read(read)
        ]
        return sorted(found, key=lambda one: one.submitted_at)

    async def async_publish(self, id: str, user_id: str) -> None:
        """Publish what waits. Raises ConflictError if it waits no more."""

        def work(connection: sqlite3.Connection, now: datetime) -> None:
            if note := moderation.claim_note(connection, id, now):
                self._publish_note(connection, id, *note, now)
            else:
                self._publish_item(connection, id, now)
            moderation.decided(connection, id, user_id)

        await self._book.async_change(work)

    async def async_refuse(self, id: str, reason: RefusalReason, user_id: str) -> None:
        """Do not publish what waits. Raises ConflictError if it waits no more."""

        def work(connection: sqlite3.Connection, now: datetime) -> None:
            if moderation.claim_note(connection, id, now):
                moderation.refuse_note(connection, id, reason)
            else:
                moderation.claim(connection, id, now)
                moderation.refuse(connection, id, reason)
            moderation.decided(connection, id, user_id)

        await self._book.async_change(work)

    async def async_redact(self, n: int, why: str, user_id: str) -> None:
        """Take the text of an entry away, for all to see that it was there.

        Raises NotFoundError and ConflictError.
        """
        settings = self._bench.settings
        who = settings.moderators.get(user_id, settings.operator)

        def work(connection: sqlite3.Connection, now: datetime) -> None:
            log.redact(connection, n, at=now, who=who, why=why)
            moderation.redact(connection, n)

        await self._book.async_change(work)
        await self._bench.store.async_fold()

    async def async_post_notice(
        self, draft: NoticeDraft, user_id: str, *, comments: bool
    ) -> str:
        """Publish a notice of the operator's and return its id.

        With `comments` it names a key that was made for it, kept in the same moment.
        Raises InvalidRequestError, and ConflictError if a feed has no room for it.
        """
        secret = new_secret() if comments else None
        if secret:
            draft = replace(draft, recipient=recipient_of(secret))
        validate_notice(draft, self._bench.settings.cells)
        new_id = self._bench.ids.new_id()

        def work(connection: sqlite3.Connection, now: datetime) -> str:
            made = submit(id=new_id, now=now, said=draft)
            moderation.add(connection, replace(made, author=NoticeAuthor.OPERATOR))
            if secret:
                moderation.keep_key(connection, new_id, secret)
            self._publish_item(connection, new_id, now)
            moderation.decided(connection, new_id, user_id)
            return new_id

        return await self._book.async_change(work)

    async def async_withdraw_notice(self, id: str, user_id: str) -> None:
        """Take back a notice of the operator's; again changes nothing.

        Raises NotFoundError for all others, and ConflictError for what is over.
        """

        def work(connection: sqlite3.Connection, now: datetime) -> None:
            notice = moderation.find_notice(connection, id)
            if notice.state is ItemState.WITHDRAWN:
                return
            if shown_state(notice.state, notice.until, now) != ItemState.OPEN:
                raise ConflictError("notice_over")
            log.append_said(
                connection,
                at=now,
                kind=EntryKind.WITHDRAWN,
                id=id,
                target=notice.n,
                said={},
            )
            moderation.close(connection, id, ItemState.WITHDRAWN)
            moderation.decided(connection, id, user_id)

        await self._book.async_change(work)

    def _today(self, who: HubRequester | None) -> HubRequester | None:
        """Return what the operator says of a requester by now: it may be corrected."""
        known = self._bench.settings.known(who.requester_id) if who else None
        return known or who

    def _publish_item(
        self, connection: sqlite3.Connection, id: str, now: datetime
    ) -> None:
        settings = self._bench.settings
        submitted = moderation.claim(connection, id, now)
        who = submitted.requester
        check_vouched(settings, who.requester_id if who else None)
        submitted = replace(submitted, requester=self._today(who))
        item = published(submitted, now=now, limits=settings.limits)
        entry = log.append(
            connection, at=now, kind=EntryKind.PUBLISHED, id=id, text=item_text(item)
        )
        moderation.publish(connection, id, n=entry.n, expires=item.expires_at)

    def _publish_note(
        self,
        connection: sqlite3.Connection,
        id: str,
        item_id: str,
        text: str,
        now: datetime,
    ) -> None:
        item = moderation.find(connection, item_id)
        if item.state is ItemState.REDACTED:
            raise ConflictError("not_waiting")
        check_vouched(self._bench.settings, item.requester_id)
        entry = log.append_said(
            connection,
            at=now,
            kind=EntryKind.NOTE,
            id=item_id,
            target=item.n,
            said={"text": text},
        )
        moderation.publish_note(connection, id, n=entry.n)
