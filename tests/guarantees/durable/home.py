"""One home without Home Assistant: real manager, store, drafts, spool and tus client.

Only what it would ask Home Assistant for is played: users, phones, cameras, the clock.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
import hashlib
from pathlib import Path
import threading
import traceback
from typing import Any, override

from custom_components.clip_consent.base.outbound import Outbound, origin_of
from custom_components.clip_consent.base.threads import async_in_thread
from custom_components.clip_consent.core.errors import ClipConsentError
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import (
    Case,
    Choice,
    Destination,
    Draft,
    Piece,
    PortalKind,
    Request,
    Way,
)
from custom_components.clip_consent.core.ports import Bring, Progress
from custom_components.clip_consent.home.answer_files import AnswerFiles
from custom_components.clip_consent.home.caseload import Caseload
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.media import Media
from custom_components.clip_consent.home.portals.upload import Uploader
from custom_components.clip_consent.home.spool import Spool
from custom_components.clip_consent.home.store import HomeStore
from custom_components.clip_consent.home.workbench import Workbench
from custom_components.clip_consent.home.world import RandomChance, RandomIds
from tests.deliveries import new_draft
from tests.manager.world import (
    ANNA,
    GARDEN,
    NOON,
    OWN_LOGIN,
    HandClock,
    ListedPeople,
    ListedSource,
    NotingAlarm,
    NotingPrompter,
    request,
    settings,
)

PATIENCE = 20_000  # looks, a millisecond apart


def film(choice: Choice) -> bytes:
    """Return the bytes that stand for the film of a choice: always the same."""
    return f"{choice.camera_id} {choice.window}".encode() * 100


class GaveUpError(Exception):
    """An act was refused again and again."""


def traced(err: BaseException) -> list[str]:
    """Return an error and the product's lines that it came through."""
    frames = traceback.extract_tb(err.__traceback__)
    ours = [f"{Path(one.filename).name}:{one.lineno}" for one in frames]
    return [repr(err), *ours[-6:]]


class FilmingMedia(Media):
    """The real drafts folder; its films are bytes, kept just like an answer in words."""

    @override
    async def async_draft(
        self,
        *,
        case_id: str,
        choice: Choice,
        pieces: Sequence[Piece],
        max_seconds: float,
        progress: Progress,
        masks: Sequence[Region] = (),
        bring: Bring | None = None,
    ) -> Draft:
        body = film(choice)
        name = f"{hashlib.sha256(body).hexdigest()}.mp4"
        await async_in_thread(self._write_answer, case_id, name, body)
        return replace(
            new_draft(body),
            file=f"{case_id}/{name}",
            choice=choice,
            window=choice.window,
        )


class Home:
    """What a job makes: a home that can be stopped and started, and its one request."""

    def __init__(
        self,
        job: dict[str, Any],
        say: Callable[..., None],
        wait_for_go: Callable[[], None],
    ) -> None:
        self.say, self.wait_for_go = say, wait_for_go
        self._folder, self._url = Path(job["folder"]), str(job["url"])
        self._storage: str | None = job["storage"]
        self.request = self._request(job)
        self.clock = HandClock(NOON + timedelta(seconds=job["at"]))
        self._source = ListedSource()
        self.record()
        self._put_together()

    def record(self) -> None:
        """Let a camera have recorded what is asked for."""
        self._source.add(GARDEN, NOON - timedelta(hours=2), 7200)

    def record_nothing(self) -> None:
        """Let no file be closed yet."""
        self._source.pieces.clear()

    def _request(self, job: dict[str, Any]) -> Request:
        return request(
            request_id=job["request_id"],
            recipient=job["recipient"],
            destination=Destination(way=Way.TUS, url=self._url, storage=self._storage),
            portal=PortalKind.SERVICE,
            invite_id=None,
        )

    def _put_together(self) -> None:
        cache = self._folder / "cache"
        media = FilmingMedia(ffmpeg="/nonexistent", folder=cache / "drafts")
        self._outbound = Outbound(
            allowed_fetch=frozenset(),
            allowed_send=frozenset(
                origin_of(each) for each in (self._url, self._storage) if each
            ),
        )
        self.store = HomeStore(self._folder / "config", cache)
        self.manager = HomeManager(
            Workbench(
                store=self.store,
                caseload=Caseload(self.store, self.clock),
                clock=self.clock,
                ids=RandomIds(),
                chance=RandomChance(),
                settings=settings(),
                sources={"folder": self._source},
                drafter=media,
                sealer=Spool(
                    cache / "spool",
                    open_draft=media.open_draft,
                    software_version="test",
                ),
                deliverers={Way.TUS: Uploader(self._outbound.send)},
                people=ListedPeople(),
                prompter=NotingPrompter(),
                alarm=NotingAlarm(),
                answers=AnswerFiles(cache / "answers", self.clock),
                check_address=self._outbound.send.check_address,
            )
        )

    async def database_thread(self) -> int:
        """Return the thread that all of the store's system calls are made in."""
        executor = self.store._db._executor
        return await asyncio.get_running_loop().run_in_executor(
            executor, threading.get_native_id
        )

    # --- its life

    async def start(self) -> None:
        """Start, and again if that was refused, as Home Assistant does."""
        for _ in range(4):
            try:
                await self.manager.async_start()
            except ClipConsentError as err:
                self.say("REFUSED", "start", err.code)
                await self.stop()
                self._put_together()
            else:
                return
        raise GaveUpError("start")

    async def stop(self) -> None:
        """Stop in order."""
        await self.manager.async_stop()
        await self._outbound.async_close()

    async def restart(self) -> None:
        """Stop and start."""
        await self.stop()
        self._put_together()
        await self.start()

    async def settle(self) -> None:
        """Let the loop work until it waits; nothing of it may have died."""
        for _ in range(PATIENCE):
            await asyncio.sleep(0.001)
            if not self.manager.busy:
                break
        else:
            self.say("UNHANDLED", "it never comes to rest")
        for drive in self.manager._runner._drives.values():
            if drive.done() and not drive.cancelled() and (err := drive.exception()):
                self.say("UNHANDLED", *traced(err))

    async def go_on(self, seconds: float = 20) -> None:
        """Let time pass, and what is due be done."""
        self.clock.go_on(timedelta(seconds=seconds))
        self.manager.look_again()
        await self.settle()

    async def insist[T](self, what: str, act: Callable[[], Awaitable[T]]) -> T:
        """Try an act again, a few times, where it is refused."""
        for _ in range(4):
            try:
                return await act()
            except ClipConsentError as err:
                self.say("REFUSED", what, err.code)
                await self.settle()
        raise GaveUpError(what)

    # --- what people do

    async def find(self) -> Case | None:
        """Return the case of the request as the disk has it."""
        cases, _ = await self.insist("read", lambda: self.store.async_history(None, 9))
        found = [
            one for one in cases if one.request.request_id == self.request.request_id
        ]
        return found[0] if found else None

    async def case(self) -> Case:
        """Return the case, which has to be there."""
        found = await self.find()
        if found is None:
            raise GaveUpError("no case")
        return found

    async def submit(self) -> None:
        """Send the request, unless it is there."""
        if await self.find() is None:
            await self.insist("submit", lambda: self.manager.async_submit(self.request))
        self.say("SUBMITTED")

    async def tap(self, case: Case) -> bool:
        """Approve what a case offers; True if that was confirmed."""
        assert case.offer and case.draft
        self.say("TAP", case.offer.sha256)
        try:
            await self.manager.async_approve(
                offer_id=case.offer.offer_id,
                sha256=case.draft.sha256,
                user_id=ANNA,
                session=OWN_LOGIN,
            )
        except ClipConsentError as err:
            self.say("REFUSED", "approve", err.code)
            return False
        self.say("APPROVED", case.offer.sha256)
        return True
