"""Watching recordings: an index that is up to date before anybody asks, and alarms.

A request must not wait until a hundred thousand files are listed, and a drive that went
away must not first be noticed when somebody asks for what was on it.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
import logging
from typing import Final

from ..core.errors import SourceError
from ..core.health import HealthState, SourceHealth
from ..core.models import Camera
from .workbench import Workbench

_LOGGER = logging.getLogger(__name__)

LOOK_EVERY: Final = timedelta(minutes=10)
SCAN_EVERY: Final = 6  # looks
_USABLE: Final = (HealthState.OK, HealthState.PART)


class Watching:
    """Looks at the recordings of every camera from time to time."""

    def __init__(self, bench: Workbench) -> None:
        """Keep the tools; `start` begins."""
        self._bench = bench
        self._task: asyncio.Task[None] | None = None
        self.health: dict[str, SourceHealth] = {}  # by camera id, as last looked at

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._watch())

    async def async_stop(self) -> None:
        """Stop; a look that is under way is dropped."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _watch(self) -> None:
        await self._forget_others()
        looks = 0
        while True:
            await self.async_look_at_all(scan=looks % SCAN_EVERY == 0)
            looks += 1
            await asyncio.sleep(LOOK_EVERY.total_seconds())

    async def _forget_others(self) -> None:
        """Let go of what is known of cameras that were removed or moved."""
        self._bench.alarm.clear_others("folder_gone", self._bench.settings.cameras)
        for kind, source in self._bench.sources.items():
            mine = [
                camera
                for camera in self._bench.settings.cameras.values()
                if camera.source_kind == kind
            ]
            try:
                await source.async_keep(mine)
            except SourceError as err:
                _LOGGER.warning("The index of recordings cannot be tidied: %s", err)
            except Exception:
                _LOGGER.exception("Tidying the index of recordings failed")

    async def async_look_at_all(self, *, scan: bool) -> None:
        """Look at every camera; a drive that hangs costs its own cameras' time alone.

        Scans come one after the other, of what answered.
        """
        cameras = tuple(self._bench.settings.cameras.values())
        await asyncio.gather(*(self.async_look(one, scan=False) for one in cameras))
        for camera in cameras if scan else ():
            if self._usable(camera):
                await self.async_look(camera, scan=True)

    def _usable(self, camera: Camera) -> bool:
        """Return whether a camera's recordings, or some, could last be looked at."""
        health = self.health.get(camera.camera_id)
        return bool(health and health.state in _USABLE)

    async def async_look(self, camera: Camera, *, scan: bool) -> None:
        """Look at one camera's recordings; show if they cannot be reached."""
        source = self._bench.sources.get(camera.source_kind)
        if source is None:
            return
        try:
            health = await source.async_health(camera)
            self.health[camera.camera_id] = health
            self._tell(camera, health)
            if scan and health.state in _USABLE:
                await source.async_scan(camera)
                self.health[camera.camera_id] = await source.async_health(camera)
        except SourceError as err:
            _LOGGER.warning("The recordings of a camera were not looked at: %s", err)
        except Exception:  # the other cameras, and the next look, are not to suffer
            _LOGGER.exception("Looking at the recordings of a camera failed")

    def _tell(self, camera: Camera, health: SourceHealth) -> None:
        if health.state is HealthState.OK:
            self._bench.alarm.clear_alarm("folder_gone", about=camera.camera_id)
        else:
            self._bench.alarm.raise_alarm(
                "folder_gone", about=camera.camera_id, camera=camera.name
            )
