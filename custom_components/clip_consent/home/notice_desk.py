"""All about notices that the edges may ask for: read, put away, comment, send in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.body_fields import tidied
from ..core.errors import ConflictError, NotFoundError
from ..core.limits import TEXT_MAX, TITLE_MAX
from ..core.models import Case
from ..core.notice_outbox import Written
from ..core.own_requests import OwnRequest
from ..core.portal_bodies import NoticeDraft, validate_notice
from ..core.settings import Portal
from .comments import Comments
from .deciding import Deciding
from .neighbours import Neighbours
from .notice_board import NoticeBoard
from .notice_outbox import NoticeOutbox
from .portals.hub_follower import HubFollower
from .runner import CaseRunner
from .workbench import Workbench


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Whom a notice of this home can be for, by a hub that is followed."""

    portal: Portal
    cell: str | None  # this home's own, None while that is not known, or not the hub's
    cells: tuple[str, ...]  # all that the hub covers


class NoticeDesk:
    """Notices of hubs, for approvers. Everything raises NotAllowedError and StoreError.

    No service, automation or entity comes here: what leaves was typed in the panel.
    """

    def __init__(
        self,
        bench: Workbench,
        runner: CaseRunner,
        deciding: Deciding,
        asked: Neighbours,
    ) -> None:
        """Put the parts together; `asked` waits for comments, as for answers."""
        self._deciding = deciding
        self._asked = asked
        self._followers: Mapping[str, HubFollower] = {}
        self.board = NoticeBoard(bench)
        self.outbox = NoticeOutbox(
            bench, changed=self.board.changed, wait=asked.async_await
        )
        self._noticed = asked.notices
        asked.on_change(self._redraw)
        self._comments = Comments(
            bench, runner, deciding, self.board, is_own=asked.asked_with
        )

    def follow(self, followers: Mapping[str, HubFollower]) -> None:
        """Keep who follows which hub."""
        self._followers = followers

    def _redraw(self) -> None:
        """Have it drawn anew if it was a notice that changed, not a request."""
        if (notices := self._asked.notices) != self._noticed:
            self._noticed = notices
            self.board.changed()

    async def async_begin(self) -> None:
        """Read what is known, and go on with it."""
        await self.board.async_begin()
        await self.outbox.async_begin()

    async def async_stop(self) -> None:
        """Stop sending; what is left goes on after the next start."""
        await self.outbox.async_stop()

    async def async_put_away(
        self, portal_id: str, notice_id: str, user_id: str
    ) -> None:
        """Show a notice no more. Raises NotFoundError."""
        await self._deciding.async_require_approver(user_id)
        await self.board.async_put_away(portal_id, notice_id)

    async def async_comment(
        self,
        portal_id: str,
        notice_id: str,
        text: str,
        user_id: str,
        *,
        identity: str = "",
    ) -> Case:
        """Draft and offer a comment: it is sent after Approve and not before."""
        await self._deciding.async_require_approver(user_id)
        follower = self._followers.get(portal_id)
        return await self._comments.async_comment(
            portal_id,
            notice_id,
            text,
            user_id,
            identity=identity,
            storage=follower.known.storage if follower else None,
        )

    async def async_send(
        self,
        portal_id: str,
        title: str,
        text: str,
        user_id: str,
        *,
        cells: Sequence[str] = (),
        comments: bool = True,
    ) -> str:
        """Send a notice in for moderation; without cells to those of this home's.

        Return its id here. Raises InvalidRequestError, NotFoundError, ConflictError.
        """
        await self._deciding.async_require_approver(user_id)
        reach = self._reach(portal_id)
        if not cells and reach.cell is None:
            raise ConflictError("home_outside_hub")
        draft = NoticeDraft(
            title=tidied("title", title, TITLE_MAX),
            text=tidied("text", text, TEXT_MAX, lines=True),
            cells=tuple(sorted(set(cells))) or (reach.cell or "",),
        )
        validate_notice(draft, reach.cells)
        written = await self.outbox.async_write(
            reach.portal, draft, user_id, comments=comments
        )
        return written.id

    async def async_take_back(self, written_id: str, user_id: str) -> None:
        """Do not send a notice that waits. Raises NotFoundError, ConflictError."""
        await self._deciding.async_require_approver(user_id)
        await self.outbox.async_take_back(written_id, user_id)

    def written(self) -> list[tuple[Portal, Written, OwnRequest | None]]:
        """Return what was written here, newest first, with what waits for comments."""
        return [
            (portal, written, self._asked.notice(written.id))
            for portal, written in self.outbox.written
        ]

    def takes_comments(self, recipient: str | None) -> bool:
        """Tell whether a notice's author waits for comments, and is somebody else."""
        return recipient is not None and not self._asked.asked_with(recipient)

    def reaches(self) -> list[Reach]:
        """Return the hubs that a notice can be sent to."""
        return [self._reach(portal_id) for portal_id in self._followers]

    def _reach(self, portal_id: str) -> Reach:
        follower = self._followers.get(portal_id)
        if follower is None:
            raise NotFoundError("portal_not_found")
        cell = follower.cell if follower.cell in follower.cells else None
        return Reach(portal=follower.portal, cell=cell, cells=follower.cells)
