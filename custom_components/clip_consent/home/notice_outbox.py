"""Notices that were written here, on their way to a hub: kept before they are sent."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
import json
import logging
import secrets
from typing import Final

from ..base.outbound import Door
from ..base.unsealing import new_secret, recipient_of
from ..base.wholly import wholly
from ..core.errors import (
    ClipConsentError,
    ConflictError,
    InvalidRequestError,
    LimitError,
    NotFoundError,
    StoreError,
)
from ..core.ledger import Line
from ..core.notice_outbox import (
    WRITTEN_MAX,
    Keys,
    Written,
    WrittenState,
    awaited,
    body_of,
    failed,
    handed_over,
    kept,
    next_due,
    refused,
    sent,
)
from ..core.own_requests import OwnRequest
from ..core.portal_bodies import NoticeDraft
from ..core.serial import Json, dump, load
from ..core.settings import Portal
from .portals.hub_notices import async_send_notice
from .workbench import Workbench

_LOGGER = logging.getLogger(__name__)

OUTBOX: Final = "notice_outbox"
LONGEST_NAP: Final = 60.0  # seconds; the wall clock may jump meanwhile
RETRY: Final = 30.0  # seconds, while the disk refuses
_INBOX_BYTES: Final = 32

type Await = Callable[[OwnRequest], Awaitable[None]]


class NoticeOutbox:
    """Sends what was written, once its undo window is over, until the hub has it."""

    def __init__(
        self, bench: Workbench, *, changed: Callable[[], None], wait: Await
    ) -> None:
        """Keep the tools; `changed` hears when something came or went.

        `wait` waits for comments on a notice that the hub has, from then on.
        """
        self._bench = bench
        self._wait = wait
        self._portals = {each.portal_id: each for each in bench.settings.portals}
        self._changed = changed
        self._written: tuple[Written, ...] = ()
        self._sending: Written | None = None
        self._order = asyncio.Lock()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def async_begin(self) -> None:
        """Go on with what was written before. Raises StoreError."""
        text = await self._bench.store.async_setting(OUTBOX, "[]")
        known = [load(Written, one) for one in json.loads(text)]
        self._written = tuple(one for one in known if one.portal_id in self._portals)
        await self._async_wait()
        if door := self._bench.hubs:
            self._task = asyncio.create_task(self._async_run(door))

    async def async_stop(self) -> None:
        """Stop; what is left goes on after the next start."""
        task, self._task = self._task, None
        if task:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @property
    def written(self) -> list[tuple[Portal, Written]]:
        """What was written here, newest first, and for which hub."""
        now = self._bench.now()
        return [
            (self._portals[one.portal_id], one)
            for one in reversed(kept(self._written, now))
        ]

    @wholly
    async def async_write(
        self, portal: Portal, draft: NoticeDraft, user_id: str, *, comments: bool
    ) -> Written:
        """Keep a notice that was checked. Raises ConflictError, StoreError.

        Where comments are wanted, keys are made for it alone.
        """
        now = self._bench.now()
        written = Written(
            id=self._bench.ids.new_id(),
            portal_id=portal.portal_id,
            hub=portal.hub,
            draft=draft,
            user_id=user_id,
            written_at=now,
            due_at=now + self._bench.settings.panel_undo,
            comments=comments,
            keys=_new_keys() if comments else None,
        )
        async with self._order:
            if sum(one.state is WrittenState.WAITING for one in self._written) >= (
                WRITTEN_MAX
            ):
                raise ConflictError("notices_too_many")
            said = Line(kind="notice_written", case_id=None, data=_about(written))
            await self._async_keep([*self._written, written], said)
        return written

    @wholly
    async def async_take_back(self, written_id: str, user_id: str) -> None:
        """Send a notice not at all. Raises NotFoundError, ConflictError, StoreError."""
        async with self._order:
            written = next((w for w in self._written if w.id == written_id), None)
            if written is None:
                raise NotFoundError("notice_not_found")
            if written.state is not WrittenState.WAITING or written is self._sending:
                raise ConflictError("notice_already_sent")
            rest = [one for one in self._written if one is not written]
            data = _about(replace(written, user_id=user_id))
            said = Line(kind="notice_taken_back", case_id=None, data=data)
            await self._async_keep(rest, said)

    def look(self) -> None:
        """Look at once whether something is due."""
        self._news.set()

    async def _async_run(self, door: Door) -> None:
        """Send what is due, one after the other, for as long as nobody cancels it."""
        while True:
            self._news.clear()
            due = next_due(self._written)
            left = LONGEST_NAP
            if due:
                left = (due.due_at - self._bench.now()).total_seconds()
            if due and left <= 0:
                await self._async_send(door, due)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, LONGEST_NAP)):
                    await self._news.wait()

    async def _async_send(self, door: Door, written: Written) -> None:
        self._sending = written
        try:
            after = await self._async_attempt(door, written)
            is_kept = await self._async_kept(written, after)
            while not is_kept:
                await asyncio.sleep(RETRY)
                is_kept = await self._async_kept(written, after)
        finally:
            self._sending = None

    async def _async_wait(self) -> None:
        """Hand over what waits for comments, with its keys, which are kept once then.

        Done twice, it is done once: so nothing is lost if it ends in between.
        """
        async with self._order:
            waiting = [one for one in self._written if awaited(one)]
            for one in waiting:
                if own := awaited(one):
                    await self._wait(own)
            if waiting:
                await self._async_keep([*map(handed_over, self._written)], None)

    async def _async_kept(self, written: Written, after: Written) -> bool:
        """Keep what became of a notice; False if the disk refuses.

        It is not sent again for that: only a crash now would, and a hub at which it
        waits takes it as the same one.
        """
        said = _ending(after)
        try:
            if any(one is written for one in self._written):
                async with self._order:
                    others = [after if one is written else one for one in self._written]
                    await self._async_keep(others, said)
            await self._async_wait()
        except StoreError as err:
            _LOGGER.warning("What became of a notice could not be kept: %s", err)
            return False
        return True

    async def _async_attempt(self, door: Door, written: Written) -> Written:
        """Return what one attempt made of it."""
        url = self._portals[written.portal_id].url
        try:
            item_id = await async_send_notice(door, url, body_of(written))
        except (InvalidRequestError, LimitError) as err:
            return refused(written, err.code, self._bench.now())
        except ClipConsentError:
            return failed(written, "portal_unavailable", self._bench.now())
        return sent(written, item_id, self._bench.now())

    async def _async_keep(self, written: Sequence[Written], said: Line | None) -> None:
        now = self._bench.now()
        still = kept(written, now)
        text = json.dumps([dump(one) for one in still], separators=(",", ":"))
        lines = [said] if said else []
        await self._bench.store.async_set(OUTBOX, text, lines, now)
        self._written = still
        self._news.set()
        self._changed()


def _new_keys() -> Keys:
    secret = new_secret()
    return Keys(
        recipient=recipient_of(secret),
        secret=secret.hex(),
        inbox=secrets.token_urlsafe(_INBOX_BYTES),
    )


def _ending(written: Written) -> Line | None:
    """Return what the ledger is told of an attempt; nothing if another comes."""
    data = _about(written)
    if written.state is WrittenState.SENT:
        return Line(kind="notice_sent", case_id=None, data=data)
    if written.state is WrittenState.REFUSED:
        return Line(kind="notice_refused", case_id=None, data=data)
    return None


def _about(written: Written) -> dict[str, Json]:
    """Return what the ledger says of a notice: none of its words."""
    return {
        "hub": written.hub,
        "user_id": written.user_id,
        "item": written.item_id,
        "problem": written.problem,
    }
