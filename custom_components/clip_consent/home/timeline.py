"""The small pictures of a timeline, from whoever has them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final

from ..core.errors import ConflictError, SourceError
from ..core.flow import ENDS
from ..core.models import Camera, Case, Piece
from ..core.ports import Drafter
from .caseload import Caseload
from .recordings import Recordings

THUMBNAILS: Final = 100  # in one call
_ASKED: Final = 4  # pictures that a recorder is asked for at a time
# What answers one picture so has no other one: it would be waited for, and logged in
# to, as often as there are moments.
_SILENT: Final = frozenset(
    {
        *("frigate_slow", "frigate_unreachable", "frigate_certificate"),
        *("frigate_login_needed", "frigate_login_refused", "frigate_no_access"),
        *("media_slow", "media_home_unreachable", "media_login_refused"),
    }
)


class Timeline:
    """Makes pictures of files, and asks recorders for those that only they have."""

    def __init__(
        self, recordings: Recordings, drafter: Drafter, caseload: Caseload
    ) -> None:
        """Keep the tools."""
        self._recordings = recordings
        self._drafter = drafter
        self._caseload = caseload
        self._works: set[asyncio.Future[dict[datetime, bytes | None]]] = set()

    async def async_stop(self) -> None:
        """End what is being made: nobody looks at it any more."""
        works = tuple(self._works)
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    async def async_pictures(
        self,
        case: Case,
        camera: Camera,
        pieces: Sequence[Piece],
        times: Sequence[datetime],
    ) -> list[tuple[datetime, bytes | None]]:
        """Return a small JPEG of each moment, None where there is none.

        Ends when the case does: raises ConflictError `case_moved_on`.
        """
        work = asyncio.ensure_future(self._async_all(camera, pieces, times))
        self._works.add(work)

        def follow(changed: Case) -> None:
            if changed.case_id == case.case_id and changed.state in ENDS:
                work.cancel()

        remove = self._caseload.on_case(follow)
        try:
            await asyncio.wait([work])
        finally:
            remove()
            work.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.wait([work])
            self._works.discard(work)
        if work.cancelled():
            raise ConflictError("case_moved_on")
        found = work.result()
        return [(at, found.get(at)) for at in times]

    async def _async_all(
        self, camera: Camera, pieces: Sequence[Piece], times: Sequence[datetime]
    ) -> dict[datetime, bytes | None]:
        moments = dict.fromkeys(times)
        lying = [(piece, at) for at in moments if (piece := _piece_at(pieces, at))]
        here = [(piece, at) for piece, at in lying if not piece.remote]
        away = [at for piece, at in lying if piece.remote]
        made, asked = await asyncio.gather(
            self._drafter.async_thumbnails(
                [piece for piece, _ in here], [at for _, at in here]
            ),
            self._async_asked(camera, away),
        )
        return dict(zip([at for _, at in here], made, strict=True)) | asked

    async def _async_asked(
        self, camera: Camera, times: Sequence[datetime]
    ) -> dict[datetime, bytes | None]:
        """Ask the recorder, for a few at a time; what goes wrong costs one picture.

        One that does not answer, or lets nobody in, is asked nothing more.
        """
        turns = asyncio.Semaphore(_ASKED)
        is_silent = False

        async def ask(at: datetime) -> bytes | None:
            nonlocal is_silent
            async with turns:
                if is_silent:
                    return None
                try:
                    picture = await self._recordings.async_picture(camera, at)
                except SourceError as err:
                    is_silent = is_silent or err.code in _SILENT
                    return None
            seen = picture is not None and self._drafter.is_picture(picture)
            return picture if seen else None

        async with asyncio.TaskGroup() as group:
            tasks = {at: group.create_task(ask(at)) for at in times}
        return {at: task.result() for at, task in tasks.items()}


def _piece_at(pieces: Sequence[Piece], at: datetime) -> Piece | None:
    return next((p for p in pieces if p.window.start <= at < p.window.end), None)
