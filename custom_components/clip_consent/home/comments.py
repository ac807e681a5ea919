"""Comments on notices: answers in words, sent as all answers are, after Approve."""

from collections.abc import Callable
from typing import Final

from ..base.wholly import wholly
from ..core.answers import answer_text, identity_text
from ..core.errors import ConflictError
from ..core.flow import UNDECIDED
from ..core.models import Case, Choice, PortalKind
from ..core.notices import comment_case, comment_request
from ..core.serial import dump
from .deciding import Deciding
from .notice_board import NoticeBoard
from .portals.hub_client import PATH
from .runner import CaseRunner
from .workbench import Workbench, line, published

OPEN_MAX: Final = 20  # comments that nobody has approved or given up


class Comments:
    """Makes a case of each: so a comment has no way out but an approval.

    The case begins where an answer in words does, with the draft; offer, consent, undo,
    sealing, delivery, receipt and ledger are those of every case.
    """

    def __init__(
        self,
        bench: Workbench,
        runner: CaseRunner,
        deciding: Deciding,
        board: NoticeBoard,
        *,
        is_own: Callable[[str | None], bool],
    ) -> None:
        """Keep the tools; `is_own` tells whose notice was written here."""
        self._bench = bench
        self._runner = runner
        self._deciding = deciding
        self._board = board
        self._is_own = is_own

    @wholly
    async def async_comment(
        self,
        portal_id: str,
        notice_id: str,
        text: str,
        user_id: str,
        *,
        identity: str = "",
        storage: str | None = None,
    ) -> Case:
        """Draft and offer a comment; one that waits already is written anew.

        `storage` is where its hub has answers kept, if not itself.

        Raises NotFoundError, ConflictError `notice_no_comments` where its author waits
        for none, InvalidRequestError, StoreError.
        """
        portal, notice = self._board.find(portal_id, notice_id)
        if notice.recipient is None or self._is_own(notice.recipient):
            raise ConflictError("notice_no_comments")
        if waiting := self._waiting(portal.hub, notice_id):
            return await self._deciding.async_answer(
                waiting.case_id, text, user_id, identity=identity
            )
        request = comment_request(
            notice,
            portal=portal,
            base=f"{portal.url}{PATH}",
            storage=storage,
            request_id=self._bench.ids.new_id(),
            now=self._bench.now(),
        )
        choice = Choice(
            camera_id="",
            window=request.window,
            text=answer_text(text),
            identity=identity_text(identity),
        )
        screening = self._runner.screener.screening(request)
        case = comment_case(self._bench.ids.new_id(), request, screening, choice)
        said = line(
            "comment_written", case, user_id=user_id, **published(request.voucher)
        )
        await self._bench.caseload.async_add(case, [said], {"request": dump(request)})
        self._runner.kick(case.case_id)
        return case

    def _waiting(self, hub: str, notice_id: str) -> Case | None:
        """Return the comment on a notice that is not decided on yet."""
        own = [
            case
            for case in self._bench.caseload.all_open()
            if case.request.portal is PortalKind.NOTICE and case.state in UNDECIDED
        ]
        for case in own:
            voucher = case.request.voucher
            if voucher and (voucher.hub, voucher.item_id) == (hub, notice_id):
                return case
        if len(own) >= OPEN_MAX:
            raise ConflictError("comments_too_many")
        return None
