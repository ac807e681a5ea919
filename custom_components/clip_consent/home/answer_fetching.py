"""Brings what neighbours sent: in the background, one after the other, as it fits."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
import logging

from ..core.errors import AnswerError, ClipConsentError, NotFoundError
from ..core.ledger import Line
from ..core.own_answers import AnswerState, OwnAnswer
from ..core.own_news import with_news
from ..core.own_requests import OwnRequest, may_get_more
from ..core.serial import Json
from .answer_files import AnswerFiles
from .own_kept import OwnRequests
from .portals.hub_follower import HubFollower

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Gathered:
    """A delivery that was fetched; `known` is how it stands if nothing is to open."""

    request_id: str
    answer: OwnAnswer
    known: AnswerState | None


class AnswerFetching:
    """Fetches and opens answers. What fails is tried again in a later slot."""

    def __init__(self, files: AnswerFiles, requests: OwnRequests) -> None:
        """Keep the tools."""
        self._files = files
        self._requests = requests
        self._tasks: dict[str, asyncio.Task[None]] = {}  # by hub

    def start(self, follower: HubFollower, request_ids: Sequence[str]) -> None:
        """Fetch what these requests have at a hub, unless that is going on."""
        hub = follower.portal.hub
        running = self._tasks.get(hub)
        if running is None or running.done():
            work = self._async_fetch(follower, request_ids)
            self._tasks[hub] = asyncio.create_task(work)

    async def async_stop(self) -> None:
        """Stop; what was gathered so far stays."""
        tasks = list(self._tasks.values())
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    async def async_idle(self) -> None:
        """Wait for the end of what is going on."""
        await asyncio.gather(*self._tasks.values())

    async def _async_fetch(
        self, follower: HubFollower, request_ids: Sequence[str]
    ) -> None:
        """Fetch all there is, then open it.

        The hub sees when each is asked for. In between nothing waits for the database,
        which is busy just now if a case has begun or ended.
        """
        gathered: list[Gathered] = []
        empty: list[str] = []
        for request_id in request_ids:
            with _noted():
                before = len(gathered)
                await self._async_gather_all(follower, request_id, gathered)
                if len(gathered) == before:
                    empty.append(request_id)
        for one in gathered:
            with _noted():
                await self._async_take(one)
        for request_id in empty:
            with _noted():
                await self._async_settle(request_id)
        with _noted():
            await self._requests.async_tell()

    async def _async_gather_all(
        self, follower: HubFollower, request_id: str, gathered: list[Gathered]
    ) -> None:
        own = self._requests.get(request_id)
        for answer in own.answers:
            if answer.state is not AnswerState.LISTED:
                continue
            known = None
            if answer.size > own.answer_max:
                known = AnswerState.UNREADABLE
            else:
                beside = sum(one.answer.size for one in gathered if not one.known)
                await self._files.async_make_room(request_id, beside + answer.size)
                path = self._files.sealed(request_id, answer.delivery_id)
                if not await follower.asker.async_fetch(own, answer, path):
                    known = AnswerState.GONE
            gathered.append(Gathered(request_id, answer, known))

    async def _async_settle(self, request_id: str) -> None:
        """Note that nothing more is to come of what is over and has nothing new."""
        own = self._requests.get(request_id)
        over = not may_get_more(own, self._requests.now())
        if over and own.published_at and not own.settled:
            await self._requests.async_change(
                request_id, lambda one: replace(one, settled=True)
            )

    async def _async_take(self, gathered: Gathered) -> None:
        """Open what was fetched, and keep what came of it."""
        request_id, answer = gathered.request_id, gathered.answer
        own = self._requests.get(request_id)
        if gathered.known:
            await self._files.async_remove(request_id, answer.delivery_id)
            await self._async_mark(request_id, answer, gathered.known)
            return
        try:
            opened = await self._files.async_open(own, answer)
        except AnswerError:
            await self._async_mark(request_id, answer, AnswerState.UNREADABLE)
            return
        # a clip that was lost is fetched again; a comment stands with its notice
        is_news = answer.came_at is None and not own.is_notice

        def change(one: OwnRequest) -> OwnRequest:
            one = _with(one, opened)
            return with_news(one, answer.delivery_id) if is_news else one

        await self._requests.async_change(request_id, change, [_came(own, opened)])

    async def async_tidy(self, own: OwnRequest, now: datetime) -> None:
        """Let clips go whose time has come; fetch those again that were lost."""
        missing = await self._files.async_missing(own)
        for answer in own.answers:
            if answer.state is not AnswerState.HERE:
                continue
            if answer.kept_until and now >= answer.kept_until:
                await self._files.async_remove(own.request_id, answer.delivery_id)
                await self._async_mark(own.request_id, answer, AnswerState.GONE)
            elif answer.delivery_id in missing:  # a backup holds none
                here = now < answer.available_until
                state = AnswerState.LISTED if here else AnswerState.GONE
                await self._async_mark(own.request_id, answer, state)

    async def _async_mark(
        self, request_id: str, answer: OwnAnswer, state: AnswerState
    ) -> None:
        marked = replace(answer, state=state, text=None)
        with suppress(NotFoundError):
            await self._requests.async_change(
                request_id, lambda one: _with(one, marked)
            )


@contextmanager
def _noted() -> Iterator[None]:
    """Go on with what is left, whatever came of this."""
    try:
        yield
    except ClipConsentError as err:
        _LOGGER.debug("Answers of neighbours have to wait: %s", err)
    except Exception:
        _LOGGER.exception("Fetching answers of neighbours ended in a fault")


def _came(own: OwnRequest, answer: OwnAnswer) -> Line:
    """Return what the ledger says of an answer, or of a comment: none of its words."""
    data: dict[str, Json] = {
        "hub": own.hub,
        "request_id": own.request_id,
        "delivery_id": answer.delivery_id,
        "sha256": answer.sha256,
    }
    if own.is_notice:
        return Line(kind="notice_commented", case_id=None, data=data)
    return Line(kind="neighbours_answered", case_id=None, data=data)


def _with(own: OwnRequest, answer: OwnAnswer) -> OwnRequest:
    """Return a request with one of its answers as it is now."""
    answers = tuple(
        answer if one.delivery_id == answer.delivery_id else one for one in own.answers
    )
    return replace(own, answers=answers)
