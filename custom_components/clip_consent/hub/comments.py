"""Comments on the operator's own notices: opened for moderators, and kept sealed.

The key of each notice is in the database. What came stays as it came: it is opened when
a moderator wants to read it, and nothing of it is written down.
"""

from datetime import datetime
from pathlib import Path
import sqlite3
from typing import Final

from ..base.opening import open_words
from ..base.threads import async_in_thread
from ..core.drop_box import HeldDelivery
from ..core.errors import AnswerError, NotFoundError, StoreError
from ..core.hub_flow import shown_state
from ..core.hub_models import Comment, CommentsRead, PostedNotice
from ..core.limits import CIPHERTEXT_KEPT
from ..core.own_answers import TEXT_BYTES_MAX, WORDS_SEALED_MAX, OwnAnswer, opened
from ..core.portal_bodies import NoticeDraft
from ..core.ports_hub import RemoteDelivery
from . import moderation
from .bench import HubBench
from .moderation import Item

NOTICES_MAX: Final = 50  # that are shown, the newest
SHOWN_MAX: Final = 50  # comments on one
LOOKED_AT: Final = 200  # deliveries to one: anybody may send what cannot be opened


class Comments:
    """What the operator hears back. Who may read it is for those who call to say."""

    def __init__(self, bench: HubBench) -> None:
        """Keep the tools."""
        self._bench = bench

    async def async_notices(self) -> list[PostedNotice]:
        """Return the operator's notices, newest first."""

        def read(connection: sqlite3.Connection) -> list[Item]:
            return moderation.of_operator(connection, NOTICES_MAX)

        now = self._bench.now()
        found = await self._bench.store.async_read(read)
        return [
            await self._async_posted(item, submitted.submitted_at, said, now)
            for item in found
            if (submitted := item.submitted)
            and isinstance(said := submitted.said, NoticeDraft)
        ]

    async def _async_posted(
        self, item: Item, at: datetime, said: NoticeDraft, now: datetime
    ) -> PostedNotice:
        held = await self._bench.drops.async_deliveries(item.id)
        return PostedNotice(
            id=item.id,
            title=said.title,
            text=said.text,
            cells=said.cells,
            posted_at=at,
            expires_at=item.until,
            state=shown_state(item.state, item.until, now),
            comments=len(held) if said.recipient else None,
        )

    async def async_read(self, id: str) -> CommentsRead:
        """Open the newest comments on a notice.

        Raises NotFoundError for what is no notice of the operator's, and StoreError,
        also where the store that has them cannot be read: they are there all the same.
        """

        def find(connection: sqlite3.Connection) -> bytes | None:
            moderation.find_notice(connection, id)
            return moderation.key_of(connection, id)

        secret = await self._bench.store.async_read(find)
        held = await self._bench.drops.async_deliveries(id) if secret else ()
        newest = held[::-1][:LOOKED_AT]
        comments: list[Comment] = []
        looked_at = 0
        for delivery in newest:
            looked_at += 1
            if comment := await self._async_open(id, delivery, secret or b""):
                comments.append(comment)
            if len(comments) == SHOWN_MAX:
                break
        return CommentsRead(
            comments=tuple(comments),
            unreadable=looked_at - len(comments),
            more=looked_at < len(held),
        )

    async def _async_open(
        self, id: str, delivery: HeldDelivery, secret: bytes
    ) -> Comment | None:
        """Open one; None for what is no comment, or has just gone."""
        if delivery.size > WORDS_SEALED_MAX:
            return None
        answer = OwnAnswer(
            delivery_id=delivery.delivery_id,
            size=delivery.size,
            available_until=delivery.available_until,
        )
        try:
            held = await self._bench.drops.async_file(id, delivery.delivery_id)
            sealed = held if isinstance(held, Path) else await _async_bytes(held)
        except NotFoundError:
            return None
        try:
            manifest, words = await async_in_thread(
                open_words, sealed, secret=secret, request_id=id, most=TEXT_BYTES_MAX
            )
            came = delivery.available_until - CIPHERTEXT_KEPT
            found = opened(answer, manifest.said, words=words, now=came)
        except AnswerError, StoreError:
            return None
        return Comment(
            delivery_id=found.delivery_id,
            came_at=came,
            text=found.text or "",
            identity=found.identity,
        )


async def _async_bytes(held: RemoteDelivery) -> bytes:
    """Return all of what lies elsewhere: it was found to be small."""
    async with held.reading(0, held.size) as pieces:
        return b"".join([piece async for piece in pieces])
