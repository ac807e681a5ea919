"""Recordings that Frigate holds: found, brought, pictured and named by its HTTP API."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from ...base.threads import async_in_thread
from ...core.detections import Detection
from ...core.errors import SourceError
from ...core.health import HealthState, SourceHealth
from ...core.models import Camera, Piece, Window
from ...core.ports import Progress
from .frigate_access import FrigateAccess
from .frigate_answers import CAMERA
from .frigate_client import FrigateClient
from .frigate_clips import Measure, async_bring_clip
from .frigate_files import clean_picture
from .frigate_reader import FrigateReader
from .frigate_segments import Segment, clips, pieces_in

type Access = Callable[[Mapping[str, str]], FrigateAccess]

_AROUND: Final = timedelta(minutes=2)  # segments that decide how a clip is cut
_LEAST: Final = 2**26  # bytes that a clip may have; else twice what Frigate says
_PICTURES: Final = 4  # that are asked for at a time, of all instances
_FORMS: Final = {  # with the most bytes that one may have; 0.14 has PNG alone
    "jpg?height=180": 2 * 2**20,
    "png": 16 * 2**20,
}
_STATES: Final = {
    "frigate_slow": HealthState.SLOW,
    "frigate_login_needed": HealthState.NO_ACCESS,
    "frigate_login_refused": HealthState.NO_ACCESS,
    "frigate_no_access": HealthState.NO_ACCESS,
}


class FrigateSource:
    """Frigate 0.14 and later. `Camera.source` has `camera` and what `access` reads.

    Frigate knows segments by the whole second, so what it says is true to a second.
    """

    def __init__(
        self,
        *,
        client: FrigateClient,
        access: Access,
        measure: Measure,
    ) -> None:
        """Keep what is needed; nothing is asked yet.

        `measure` returns a file's length in seconds and raises MediaError.
        """
        self.reader = FrigateReader(client)
        self._client = client
        self._access = access
        self._measure = measure
        self._asking = asyncio.Semaphore(_PICTURES)
        self._decoding = asyncio.Lock()  # a picture takes far more room than its file

    async def async_find(self, camera: Camera, window: Window) -> tuple[Piece, ...]:
        """Return the segments that overlap the window, in order.

        Raises SourceError `frigate_…`.
        """
        segments = await self._async_segments(camera, window)
        found, _ = await async_in_thread(pieces_in, segments, window)
        return found

    async def async_left_out(self, camera: Camera, window: Window) -> str | None:
        """Return why nothing was found: it cannot be told apart, or nothing records.

        Raises as `async_find`, and `frigate_camera_unknown`.
        """
        segments = await self._async_segments(camera, window)
        _, clash = await async_in_thread(pieces_in, segments, window)
        if clash:
            return "frigate_overlap"
        known = await self.reader.async_camera(*self._place(camera.source))
        return None if known.records else "frigate_not_recording"

    async def async_scan(self, camera: Camera) -> None:
        """Do nothing: Frigate keeps an index of its own."""

    async def async_health(self, camera: Camera) -> SourceHealth:
        """Return whether the instance and its camera are there, and the last segment.

        Raises nothing.
        """
        try:
            access, name = self._place(camera.source)
            await self.reader.async_version(access)
            known = await self.reader.async_camera(access, name)
            last = await self.reader.async_span(access, name)
        except SourceError as err:
            return SourceHealth(state=_STATES.get(err.code, HealthState.GONE))
        silent = last is None and not known.records
        return SourceHealth(
            state=HealthState.GONE if silent else HealthState.OK,
            last_seen=last.end if last else None,
        )

    async def async_keep(self, cameras: Sequence[Camera]) -> None:
        """Forget the logins at every instance but those of these cameras."""
        kept = set[FrigateAccess]()
        for camera in cameras:
            with suppress(SourceError):
                kept.add(self._access(camera.source))
        self._client.forget(kept)

    async def async_bring(
        self,
        camera: Camera,
        pieces: Sequence[Piece],
        *,
        window: Window,
        folder: Path,
        max_bytes: int,
        progress: Progress,
    ) -> tuple[Piece, ...]:
        """Return whole segments as files: one for each stretch without a gap.

        Their first frames are where the pieces said. Raises SourceError `frigate_…` and
        `disk_full`: what is not as long as Frigate says it is was cut off.
        """
        access, name = self._place(camera.source)
        around = Window(start=pieces[0].start, end=pieces[-1].window.end)
        segments = await self._async_segments(camera, around)
        wanted = await async_in_thread(clips, pieces, segments)
        if wanted is None:
            raise SourceError("frigate_recording_gone")
        if sum(clip.size for clip in wanted) > max_bytes:
            raise SourceError("disk_full")
        total = sum(clip.seconds for clip in wanted)
        brought: list[Piece] = []
        left, done = max_bytes, 0.0
        for number, clip in enumerate(wanted):
            path = folder / f"frigate-{number}.mp4"
            left -= await async_bring_clip(
                self._client,
                access,
                name,
                clip,
                path=path,
                max_bytes=min(left, max(2 * clip.size, _LEAST)),
                measure=self._measure,
                progress=_share(progress, done / total, clip.seconds / total),
            )
            done += clip.seconds
            brought.append(
                Piece(
                    path=str(path),
                    start=clip.start,
                    seconds=clip.seconds,
                    unsure=clip.unsure,
                )
            )
        return tuple(brought)

    async def async_picture(self, camera: Camera, at: datetime) -> bytes | None:
        """Return a small JPEG of a moment, None where nothing is recorded.

        0.14 has it as a PNG alone. Raises SourceError.
        """
        access, name = self._place(camera.source)
        where = f"{name}/recordings/{at.timestamp():.6f}/snapshot"
        async with self._asking:
            for form, max_bytes in _FORMS.items():
                data = await self._client.async_get(
                    access, f"{where}.{form}", max_bytes=max_bytes
                )
                if data:
                    async with self._decoding:
                        return await async_in_thread(clean_picture, data)
        return None

    async def async_detections(
        self, camera: Camera, window: Window
    ) -> tuple[Detection, ...]:
        """Return what Frigate recognised in a window, in order. Raises SourceError."""
        access, name = self._place(camera.source)
        return await self.reader.async_events(access, name, window)

    # --- what of it is asked more than once

    def _place(self, source: Mapping[str, str]) -> tuple[FrigateAccess, str]:
        name = source.get("camera", "")
        if not CAMERA.fullmatch(name):
            raise SourceError("frigate_camera_unknown")
        return self._access(source), name

    async def _async_segments(self, camera: Camera, window: Window) -> list[Segment]:
        """Return the segments of a window, and those that decide how it is cut."""
        access, name = self._place(camera.source)
        around = Window(start=window.start - _AROUND, end=window.end + _AROUND)
        return await self.reader.async_segments(access, name, around)


def _share(progress: Progress, begin: float, part: float) -> Progress:
    """Return the progress of a part of the work."""
    return lambda done: progress(min(begin + part * done, 1.0))
