"""The notices that hubs have for this home: shown, told of once, put away."""

import asyncio
from collections.abc import Callable, Sequence
import json
from typing import Final

from ..base.wholly import wholly
from ..core.errors import NotFoundError
from ..core.notices import Board, Posted, news, of_hubs, put_away, seen
from ..core.portal_items import Notice
from ..core.serial import dump, load
from ..core.settings import Portal
from .workbench import Workbench

BOARD: Final = "notices"  # where what is known is kept
SHOWN_MAX: Final = 50  # the newest; older ones follow as these are put away

type PostedListener = Callable[[Posted], None]
type ChangeListener = Callable[[], None]


class NoticeBoard:
    """What is open of all hubs. What is told once is written down before."""

    def __init__(self, bench: Workbench) -> None:
        """Begin empty; followers bring what is open."""
        self._bench = bench
        self._portals = {each.portal_id: each for each in bench.settings.portals}
        self._board = Board()
        self._open: dict[str, tuple[Notice, ...]] = {}
        self._order = asyncio.Lock()
        self._posted: list[PostedListener] = []
        self._changed: list[ChangeListener] = []

    async def async_begin(self) -> None:
        """Read what was told and put away before. Raises StoreError."""
        kept = await self._bench.store.async_setting(BOARD, "")
        if kept:
            hubs = {portal.hub for portal in self._portals.values()}
            self._board = of_hubs(load(Board, json.loads(kept)), hubs)

    async def async_show(self, portal_id: str, notices: Sequence[Notice]) -> None:
        """Show what is open at a hub now, and tell of what is new. Raises StoreError.

        An event is told no second time: written down first, it could be lost in a
        crash, but not doubled. The notice itself is shown all the same. Of many at once
        only the newest are told of: automations are no way to flood a house.
        """
        portal, now = self._portals[portal_id], self._bench.now()
        async with self._order:
            fresh = news(self._board, portal.hub, notices)
            await self._async_keep(seen(self._board, portal.hub, notices, now))
        before = self._open.get(portal_id, ())
        self._open[portal_id] = tuple(notices)
        for notice in fresh[-SHOWN_MAX:]:
            self._tell(portal, notice)
        if before != self._open[portal_id]:
            self._show_change(portal_id, fresh=len(fresh))

    def listed(self) -> list[tuple[Portal, Notice]]:
        """Return the newest open notices that nobody put away, newest first."""
        now = self._bench.now()
        found = [
            (self._portals[portal_id], notice)
            for portal_id, notices in self._open.items()
            for notice in notices
            if now < notice.expires_at
            and not self._board.has_away(self._portals[portal_id].hub, notice.id)
        ]
        found.sort(key=lambda one: one[1].published_at, reverse=True)
        return found[:SHOWN_MAX]

    def find(self, portal_id: str, notice_id: str) -> tuple[Portal, Notice]:
        """Return an open notice and its hub. Raises NotFoundError."""
        for portal, notice in self.listed():
            if (portal.portal_id, notice.id) == (portal_id, notice_id):
                return portal, notice
        raise NotFoundError("notice_not_found")

    @wholly
    async def async_put_away(self, portal_id: str, notice_id: str) -> None:
        """Show a notice no more, to nobody here. Raises NotFoundError, StoreError."""
        portal, notice = self.find(portal_id, notice_id)
        async with self._order:
            await self._async_keep(put_away(self._board, portal.hub, notice.id))
        self._show_change(portal_id, fresh=0)

    def on_posted(self, listener: PostedListener) -> Callable[[], None]:
        """Hear of every new notice; the answer ends it."""
        return _add(self._posted, listener)

    def on_change(self, listener: ChangeListener) -> Callable[[], None]:
        """Hear whenever what is shown changes; the answer ends it."""
        return _add(self._changed, listener)

    def changed(self) -> None:
        """Have what is shown drawn anew."""
        for listener in tuple(self._changed):
            listener()

    async def _async_keep(self, board: Board) -> None:
        if board != self._board:
            text = json.dumps(dump(board), separators=(",", ":"))
            await self._bench.store.async_set(BOARD, text, [], self._bench.now())
            self._board = board

    def _tell(self, portal: Portal, notice: Notice) -> None:
        posted = Posted(
            portal_id=portal.portal_id,
            label=portal.title,
            notice_id=notice.id,
            author=notice.author,
        )
        for listener in tuple(self._posted):
            listener(posted)

    def _show_change(self, portal_id: str, *, fresh: int) -> None:
        """Draw it anew, and let phones show what the panel does."""
        self.changed()
        pushes = self._bench.notice_pushes
        if pushes and fresh:
            pushes.tell(self._portals[portal_id], fresh)
        elif pushes and all(one.portal_id != portal_id for one, _ in self.listed()):
            pushes.clear(portal_id)


def _add[T](listeners: list[T], listener: T) -> Callable[[], None]:
    listeners.append(listener)

    def remove() -> None:
        listeners.remove(listener)

    return remove
