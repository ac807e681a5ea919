"""Follow-ups to this home's own requests: kept at once, sent in a slot to come.

A hub hears of one in a moment in which it is asked anyway: when somebody here wrote it
is theirs alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from ..base.wholly import wholly
from ..core.body_fields import check_words, tidied
from ..core.errors import ConflictError, InvalidRequestError, LimitError, NotFoundError
from ..core.ledger import Line
from ..core.limits import HUB_NOTES_MAX, TEXT_MAX
from ..core.own_notes import OVER, OwnNote, not_taken, sent, to_send, waits_already
from ..core.own_requests import OwnRequest, OwnState, own_state
from ..core.serial import Json
from .own_kept import OwnRequests
from .portals.hub_follower import HubFollower
from .workbench import Workbench


class OwnNotes:
    """Writes and sends follow-ups."""

    def __init__(self, bench: Workbench, requests: OwnRequests) -> None:
        """Keep the tools."""
        self._bench = bench
        self._requests = requests

    @wholly
    async def async_write(
        self, request_id: str, text: str, user_id: str | None
    ) -> OwnRequest:
        """Keep a follow-up to what is published; the same words twice are one.

        Raises NotFoundError, ConflictError, InvalidRequestError, LimitError.
        """
        own, now = self._requests.get(request_id), self._bench.now()
        if own_state(own, now) is not OwnState.OPEN:
            raise ConflictError("own_request_over")
        text = tidied("text", text, TEXT_MAX, lines=True)
        check_words("text", text, TEXT_MAX, lines=True)
        if waits_already(own.notes, text):
            return own
        if len(own.notes) >= HUB_NOTES_MAX:
            raise LimitError("too_many_notes")
        note = OwnNote(note_id=self._bench.ids.new_id(), text=text, written_at=now)
        said: dict[str, Json] = {
            "hub": own.hub,
            "request_id": request_id,
            "user_id": user_id,
        }
        return await self._requests.async_change(
            request_id,
            lambda one: replace(one, notes=(*one.notes, note)),
            [Line(kind="neighbours_noted", case_id=None, data=said)],
        )

    async def async_send(self, own: OwnRequest, follower: HubFollower) -> None:
        """Send what the hub does not have; sent again, it is the same one there.

        Raises PortalError if it cannot be reached: a later slot tries again.
        """
        for note in to_send(own.notes):
            change = partial(sent, note_id=note.note_id)
            try:
                if own_state(own, self._bench.now()) is not OwnState.OPEN:
                    raise ConflictError("own_request_over")  # nobody takes it any more
                await follower.asker.async_note(own, note.text)
            except NotFoundError:
                change = partial(not_taken, note_id=note.note_id, problem=OVER)
            except (ConflictError, InvalidRequestError, LimitError) as err:
                code = err.code
                change = partial(not_taken, note_id=note.note_id, problem=code)
            await self._async_keep(own.request_id, change)

    async def _async_keep(
        self,
        request_id: str,
        change: Callable[[Sequence[OwnNote]], tuple[OwnNote, ...]],
    ) -> None:
        await self._requests.async_change(
            request_id, lambda one: replace(one, notes=change(one.notes))
        )
