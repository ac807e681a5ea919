"""Recordings that Home Assistant itself reaches: Protect, Reolink, any media source.

`Camera.source` has `system`: `unifiprotect` and `reolink` want `entity`, the id of one
of their cameras in the entity registry (for Reolink also `stream` and `time_zone`);
`tree` wants `root`, `levels` and how times are read (see `media_tree`, `naming`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
import time
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ...base.outbound import PATIENCE
from ...base.threads import async_in_thread
from ...const import DOMAIN
from ...core.clips import joined, runs
from ...core.detections import Detection
from ...core.errors import MediaError, SourceError
from ...core.health import HealthState, SourceHealth
from ...core.models import Camera, Piece, Window
from ...core.ports import Progress
from .media_browse import Browser
from .media_example import clear_examples, example_file
from .media_fetch import HomeFetch
from .media_link import PROTECT, REOLINK, SYSTEMS, TREE
from .media_protect import ProtectFootage
from .media_reolink import ReolinkFootage
from .media_tree import Probe, TreeFootage
from .named import speaking_of
from .naming import FILE_TIME, Naming, naming_of
from .patterns import NamingError

SHORT_SECONDS: Final = 5.0  # so much of what was asked may be missing
_LONGEST: Final = 86_400.0  # seconds of a recording that nobody measured
_ANY: Final = datetime.fromtimestamp(0, UTC)
_TREE: Final = Camera(
    camera_id="",
    name="",
    indoor=False,
    offered=False,
    source_kind="media",
    source={"system": TREE},
)
_STREAMS: Final = ("mpegurl", "dash+xml")
_NO_ACCESS: Final = {"media_login_refused", "media_api_key_only"}


class HomeMedia:
    """Finds and fetches the recordings that Home Assistant has a way to."""

    def __init__(
        self,
        hass: HomeAssistant,
        *,
        probe: Probe,
        now: Callable[[], datetime] = dt_util.utcnow,
        clock: Callable[[], float] = time.monotonic,
        patience: float = PATIENCE,
    ) -> None:
        """Keep the tools; `probe` returns a file's length in seconds."""
        self._hass = hass
        self._probe = probe
        self.fetch = HomeFetch(hass, patience=patience)
        self.browser = Browser(hass, clock)
        self.protect = ProtectFootage(hass, self.fetch, now=now, clock=clock)
        self.reolink = ReolinkFootage(hass, self.browser, now=now)
        self.tree = TreeFootage(
            self.browser, probe, measure=self.async_length, now=now, clock=clock
        )

    async def async_find(self, camera: Camera, window: Window) -> tuple[Piece, ...]:
        """Return the recordings of a window, in order. Raises SourceError."""
        with speaking_of(camera):
            match _system(camera):
                case "unifiprotect":
                    return await self.protect.async_find(camera, window)
                case "reolink":
                    naming = await self.async_naming(camera.source)
                    return await self.reolink.async_find(camera, window, naming.zone)
                case _:
                    naming = await self.async_naming(camera.source)
                    return await self.tree.async_find(camera, window, naming)

    async def async_left_out(self, camera: Camera, window: Window) -> str | None:
        """Return why a recording of a window was not found. Raises SourceError."""
        with speaking_of(camera):
            match _system(camera):
                case "unifiprotect":
                    return await self.protect.async_left_out(camera, window)
                case "reolink":
                    zone = (await self.async_naming(camera.source)).zone
                    return await self.reolink.async_left_out(camera, window, zone)
                case _:
                    naming = await self.async_naming(camera.source)
                    return await self.tree.async_left_out(camera, window, naming)

    async def async_scan(self, camera: Camera) -> None:
        """Do nothing: there is no index, each search asks anew."""

    async def async_health(self, camera: Camera) -> SourceHealth:
        """Return how a camera's recordings are, by one look."""
        try:
            match _system(camera):
                case "unifiprotect":
                    return await self.protect.async_health(camera)
                case "reolink":
                    zone = (await self.async_naming(camera.source)).zone
                    return await self.reolink.async_health(camera, zone)
                case _:
                    return await self.tree.async_health(camera)
        except SourceError as err:
            if err.code == "media_slow":
                return SourceHealth(state=HealthState.SLOW)
            refused = err.code in _NO_ACCESS
            return SourceHealth(
                state=HealthState.NO_ACCESS if refused else HealthState.GONE
            )

    @callback
    def require(self, camera: Camera) -> None:
        """Raise SourceError unless Home Assistant has a way to recordings now.

        Of Protect and Reolink, by what their integrations know: nothing is asked.
        """
        if _system(camera) == PROTECT:
            self.protect.spot(camera)
        else:
            self.reolink.spot(camera)

    async def async_keep(self, cameras: Sequence[Camera]) -> None:
        """Forget all that was looked up, and remove what a crash left.

        It is asked for again when it is needed.
        """
        self.browser.forget()
        self.protect.forget()
        await async_in_thread(
            clear_examples, Path(self._hass.config.cache_path(DOMAIN))
        )

    async def async_picture(self, camera: Camera, at: datetime) -> bytes | None:
        """Return a small JPEG of a moment, which only Protect has."""
        if camera.source.get("system") != PROTECT:
            return None
        with speaking_of(camera):
            return await self.protect.async_picture(camera, at)

    async def async_detections(
        self, camera: Camera, window: Window
    ) -> tuple[Detection, ...]:
        """Return what was detected in a window, which only Protect tells."""
        if camera.source.get("system") != PROTECT:
            return ()
        with speaking_of(camera):
            return await self.protect.async_detections(camera, window)

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
        """Return the recordings of a window as files. Raises SourceError."""
        wanted = [piece for piece in pieces if piece.window.overlap(window)]
        if _system(camera) == PROTECT:
            wanted = _asked_at_once(wanted, window)
        brought: list[Piece] = []
        with speaking_of(camera):
            ends = await self._async_names_end(camera)
            for number, piece in enumerate(wanted):
                file = folder / f"brought-{number}"
                part = partial(_part_of, progress, number, len(wanted))
                if piece.remote:
                    piece, size = await self.async_one(
                        camera, piece, file, max_bytes, part, ends=ends
                    )
                    max_bytes -= size
                brought.append(piece)
                progress((number + 1) / len(wanted))
            made = joined(brought)
            _require_all(made, window, pieces)
        return made

    async def async_measured(self, path: str) -> float:
        """Return a fetched film's length in seconds. Raises SourceError."""
        try:
            return await self._probe(path)
        except MediaError as err:
            raise SourceError("media_answer_broken") from err

    async def async_length(self, media_id: str) -> float:
        """Return the seconds of a recording of a media source.

        One that is not on this machine is fetched, if it is small. Raises SourceError.
        """
        piece = Piece(path=media_id, start=_ANY, seconds=_LONGEST, remote=True)
        async with example_file(self._hass) as (file, room):
            one, _ = await self.async_one(_TREE, piece, file, room, _untold)
            return await self.async_measured(one.path)

    async def async_naming(self, source: Mapping[str, str]) -> Naming:
        """Return how times are read. Raises NamingError."""
        if source.get("naming") == FILE_TIME:
            raise NamingError("naming_unknown", "naming")
        home = self._hass.config.time_zone
        return await async_in_thread(naming_of, source, home)

    async def _async_names_end(self, camera: Camera) -> bool:
        """Return whether titles tell when a camera's recordings ended."""
        if _system(camera) != TREE:
            return False
        return (await self.async_naming(camera.source)).ends

    async def async_close(self) -> None:
        """Close what is open."""
        await self.fetch.async_close()

    async def async_one(
        self,
        camera: Camera,
        piece: Piece,
        file: Path,
        max_bytes: int,
        told: Callable[[int, int | None], None],
        *,
        ends: bool = False,
    ) -> tuple[Piece, int]:
        """Return a recording as a file, and how many bytes were fetched for it.

        `ends` says that it is known when the recording ended; else, when it began.
        Raises SourceError.
        """
        path = await self.async_where(camera, piece)
        if isinstance(path, Path):
            return replace(piece, path=str(path), remote=False), 0
        try:
            size = await self.fetch.async_file(
                path, file, max_bytes=max_bytes, told=told
            )
        except SourceError as err:
            if _system(camera) == REOLINK and err.code == "media_recorder_failed":
                raise SourceError("media_busy") from err
            raise
        seconds = await self.async_measured(str(file))
        return _measured(piece, str(file), seconds, ends=ends), size

    async def async_where(self, camera: Camera, piece: Piece) -> str | Path:
        """Return the path of Home Assistant at which a recording is, or its file.

        Raises SourceError.
        """
        if _system(camera) == PROTECT:
            return self.protect.asked(camera, piece.window)
        if _system(camera) == REOLINK and not self.reolink.spot(camera).has_file(
            piece.path
        ):
            raise SourceError("media_stream_only")
        play = await self.browser.async_play(piece.path)
        if play.path is not None:
            return play.path
        if any(stream in play.mime_type.lower() for stream in _STREAMS):
            raise SourceError("media_stream_only")
        return play.url


def _system(camera: Camera) -> str:
    system = camera.source.get("system", "")
    if system not in SYSTEMS:
        raise SourceError("media_mapping_broken")
    return system


def _asked_at_once(pieces: Sequence[Piece], window: Window) -> list[Piece]:
    """Return what is asked of a console that cuts exactly: one span."""
    if not pieces:
        return []
    start = max(pieces[0].start, window.start)
    end = min(pieces[-1].window.end, window.end)
    seconds = (end - start).total_seconds()
    return [replace(pieces[0], start=start, seconds=seconds)]


def _measured(piece: Piece, path: str, seconds: float, *, ends: bool) -> Piece:
    """Return a fetched recording with its own length.

    Where the end is known, it lasts until then, and begins when its length says.
    """
    if ends:
        start = piece.window.end - timedelta(seconds=seconds)
    else:
        start, seconds = piece.start, min(piece.seconds, seconds)
    return replace(piece, path=path, start=start, seconds=seconds, remote=False)


def _require_all(
    brought: Sequence[Piece], window: Window, pieces: Sequence[Piece]
) -> None:
    """Raise SourceError `media_shorter` where less came than there was said to be."""
    for piece in pieces:
        if said := piece.window.overlap(window):
            came = sum(run.seconds for run in runs(brought, said))
            if said.seconds - came > SHORT_SECONDS:
                raise SourceError("media_shorter")


def _untold(done: int, whole: int | None) -> None:
    """Tell nobody of progress."""


def _part_of(
    progress: Progress, number: int, count: int, done: int, whole: int | None
) -> None:
    if whole:
        progress((number + min(done / whole, 1.0)) / count)
