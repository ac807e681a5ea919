"""Recordings of any other media source, by a mapping that the owner made by browsing.

The mapping names a folder, then level by level which of its folders to go into: one of
them, or each. The times are read out of the titles, as those of files are.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
import json
import os
from typing import Final

from ...base.threads import async_in_thread
from ...core.clips import joined
from ...core.errors import MediaError, SourceError
from ...core.health import HealthState, SourceHealth
from ...core.models import Camera, Piece, Window
from ...core.recorder_clock import recorder_moment
from .media_browse import PREFIX, Browser, Item
from .media_memory import Memory
from .media_near import Leaf, Near, near_of, readings_of
from .naming import Naming
from .patterns import VIDEO_TYPES

type Probe = Callable[[str], Awaitable[float]]  # seconds; raises MediaError
type Measure = Callable[[str], Awaitable[float]]  # by media id; raises SourceError

MAX_LEVELS: Final = 6
MAX_FOLDERS: Final = 300  # of one search
SETTLED: Final = timedelta(seconds=30)  # a file that changed since may still grow
UNMEASURED: Final = 600.0  # seconds of a recording, where nobody measured one
_KEPT_SECONDS: Final = 60.0
_LENGTH_KEPT_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Where in a media source a camera's recordings are.

    `levels` are the titles of the folders below `root` to go into, None for each.
    """

    root: str
    levels: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a search is about, by the recorder's clock."""

    window: Window
    now: datetime
    ahead: float  # seconds
    longest: float  # seconds that a recording lasts, as far as any was measured
    ends: bool  # titles tell when a recording ended


@dataclass(frozen=True, slots=True, kw_only=True)
class _Twig:
    """A folder: its path of titles, and the part of that which may tell a time."""

    media_id: str
    path: str
    timely: str

    def below(self, item: Item, *, each: bool) -> _Twig:
        """Return a folder in it; one of each, or the one that was picked."""
        return _Twig(
            media_id=item.media_id,
            path=_below(self.path, item.title),
            timely=_below(self.timely, item.title) if each else self.timely,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """What is known of a recording's file on this machine."""

    path: str
    changed: float  # unix seconds
    seconds: float | None
    problem: str | None


def _entered(twig: _Twig, items: Iterable[Item], level: str | None) -> list[_Twig]:
    """Return the folders in one that a level of the mapping leads into.

    Raises SourceError `media_mapping_broken` if a title is that of two: one may be
    another camera's.
    """
    found = [item for item in items if item.folder and level in (None, item.title)]
    if level is not None and len(found) > 1:
        raise SourceError("media_mapping_broken")
    return [twig.below(item, each=level is None) for item in found]


def branch_of(source: Mapping[str, str]) -> Branch:
    """Return the mapping of a camera. Raises SourceError `media_mapping_broken`."""
    root = source.get("root", "")
    try:
        levels = json.loads(source.get("levels") or "[]")
    except ValueError:
        levels = None
    if (
        not root.startswith(PREFIX)
        or not isinstance(levels, list)
        or len(levels) > MAX_LEVELS
        or not all(level is None or isinstance(level, str) for level in levels)
    ):
        raise SourceError("media_mapping_broken")
    return Branch(root=root, levels=tuple(levels))


class TreeFootage:
    """Walks a media source as far as a window needs it."""

    def __init__(
        self,
        browser: Browser,
        probe: Probe,
        *,
        measure: Measure,
        now: Callable[[], datetime],
        clock: Callable[[], float],
    ) -> None:
        """Keep the tools; `measure` fetches what is not on this machine."""
        self._browser = browser
        self._probe = probe
        self._measure = measure
        self._now = now
        self._files: Memory[tuple[str, int, int], float | str] = Memory(clock)
        self._lengths: Memory[str, float] = Memory(clock)

    async def async_find(
        self, camera: Camera, window: Window, naming: Naming
    ) -> tuple[Piece, ...]:
        """Return the recordings that overlap a window. Raises SourceError."""
        pieces, _ = await self._async_look(camera, window, naming)
        found = joined(piece for piece in pieces if piece.window.overlap(window))
        return tuple(piece for piece in found if piece.window.overlap(window))

    async def async_left_out(
        self, camera: Camera, window: Window, naming: Naming
    ) -> str | None:
        """Return why a recording that may be of a window is not used."""
        _, problems = await self._async_look(camera, window, naming)
        return problems[-1] if problems else None

    async def async_health(self, camera: Camera) -> SourceHealth:
        """Return that the folder is there. Raises SourceError if it is not."""
        await self._browser.async_items(branch_of(camera.source).root)
        return SourceHealth(state=HealthState.OK)

    async def async_leaves(
        self, branch: Branch, naming: Naming, span: tuple[float, float] | None
    ) -> tuple[list[Leaf], int]:
        """Return the recordings whose time can be read, by time, and how many are not.

        Only the folders that may hold something of the span (unix seconds, None for
        any time) are gone into. Raises SourceError.
        """
        films = [
            (twig, [one for one in await self._async_items(twig.media_id) if one.film])
            for twig in await self._async_twigs(branch, naming, span)
        ]
        # many titles take their time: others have the event loop meanwhile
        leaves = await async_in_thread(_read, films, naming)
        unread = sum(len(items) for _, items in films) - len(leaves)
        return leaves, unread

    async def _async_twigs(
        self, branch: Branch, naming: Naming, span: tuple[float, float] | None
    ) -> list[_Twig]:
        """Return the folders that a mapping ends at."""
        twigs = [_Twig(media_id=branch.root, path="", timely="")]
        certain = True  # all levels so far name one folder
        for level in branch.levels:
            below: list[_Twig] = []
            for twig in twigs:
                items = await self._async_items(twig.media_id)
                below += _entered(twig, items, level)
            certain = certain and level is not None
            if certain and not below:
                raise SourceError("media_gone")
            twigs = await async_in_thread(_timely, below, naming, span)
            if len(twigs) > MAX_FOLDERS:
                raise SourceError("media_too_many")
        return twigs

    async def _async_items(self, media_id: str) -> Sequence[Item]:
        return await self._browser.async_items(media_id, seconds=_KEPT_SECONDS)

    async def _async_look(
        self, camera: Camera, window: Window, naming: Naming
    ) -> tuple[list[Piece], list[str]]:
        """Return what may be of a window, and why some of it cannot be used."""
        span = window.start.timestamp(), window.end.timestamp()
        branch = branch_of(camera.source)
        leaves, _ = await self.async_leaves(branch, naming, span)
        look = _Look(
            window=window,
            now=recorder_moment(self._now(), camera.clock_ahead),
            ahead=camera.clock_ahead,
            longest=_seconds(camera.source),
            ends=naming.ends,
        )
        pieces: list[Piece] = []
        problems: list[str] = []
        for near in near_of(leaves, span, ends=naming.ends):
            if not near.counts and any(piece.remote for piece in pieces):
                break  # none of those lasts beyond the next one
            made = await self._async_piece(near, look)
            if isinstance(made, Piece):
                pieces.append(made)
            elif near.counts:
                problems.append(made)
        return pieces, problems

    async def _async_piece(self, near: Near, look: _Look) -> Piece | str:
        """Return a recording as a piece, or the code of why it cannot be used."""
        leaf = near.leaf
        file = await self._async_file(leaf)
        if file is None:
            return await self._async_distant(near, look)
        if file.seconds is None:
            return file.problem or "recording_unreadable_then"
        written = file.changed + look.ahead
        told = written if look.ends else written - file.seconds
        at = min(readings_of(leaf), key=lambda at: abs(at - told))
        start = at - file.seconds if look.ends else at
        return _piece(file.path, start, file.seconds, unsure=leaf.unsure)

    async def _async_distant(self, near: Near, look: _Look) -> Piece | str:
        """Return a recording that is not on this machine, or why it cannot be used.

        Its length is not known. It is taken to last as long as one that was measured,
        into the next one at most, and is measured once it is brought. At the edges of
        the window it may last longer than that one: there it is measured at once.
        """
        media_id = near.leaf.item.media_id
        most = _distant(near.leaf, near.gap, look)
        open_end = near.gap > look.longest and most.window.overlap(look.window)
        known = self._lengths.get(media_id)
        if known is None and open_end and near.borders:
            known = await self._async_length(media_id, most.start, look)
        seconds = min(near.gap, known or look.longest)
        piece = _distant(near.leaf, seconds, look)
        if piece.window.end > look.now - SETTLED:
            return "recording_still_written"
        if open_end and not known and not piece.window.overlap(look.window):
            return "recording_unreadable_then"
        return piece

    async def _async_length(self, media_id: str, start: datetime, look: _Look) -> float:
        """Return a distant recording's length in seconds, 0 if that is not told."""
        if start > look.now - SETTLED:
            return 0.0
        try:
            seconds = await self._measure(media_id)
        except SourceError:
            return self._lengths.keep(media_id, 0.0, _KEPT_SECONDS)
        grown = (
            not look.ends and start + timedelta(seconds=seconds) > look.now - SETTLED
        )
        kept = _KEPT_SECONDS if grown else _LENGTH_KEPT_SECONDS
        return self._lengths.keep(media_id, seconds, kept)

    async def _async_file(self, leaf: Leaf) -> _File | None:
        """Return a recording's file on this machine, measured; None if it has none."""
        play = await self._browser.async_play(leaf.item.media_id)
        if play.path is None:
            return None
        path = str(play.path)
        try:
            seen = await async_in_thread(os.stat, path)
        except OSError:
            return _File(path=path, changed=0, seconds=None, problem=None)
        growing = self._now().timestamp() - seen.st_mtime < SETTLED.total_seconds()
        key = path, seen.st_size, seen.st_mtime_ns
        known: float | str | None = self._files.get(key)
        if known is None:
            known = self._files.keep(key, await self._async_measure(path), 3600.0)
        length = None if growing or isinstance(known, str) else known
        problem = "recording_still_written" if growing else str(known)
        return _File(path=path, changed=seen.st_mtime, seconds=length, problem=problem)

    async def _async_measure(self, path: str) -> float | str:
        try:
            return await self._probe(path)
        except MediaError as err:
            unfinished = err.code == "recording_unfinished"
            return (
                "recording_still_written" if unfinished else "recording_unreadable_then"
            )


def _timely(
    twigs: Sequence[_Twig], naming: Naming, span: tuple[float, float] | None
) -> list[_Twig]:
    """Return the folders that may hold something of a span."""
    return [twig for twig in twigs if naming.may_hold(twig.path, span)]


def _read(films: Sequence[tuple[_Twig, list[Item]]], naming: Naming) -> list[Leaf]:
    """Return the recordings whose time can be read, by time."""
    leaves: list[Leaf] = []
    for twig, items in films:
        for item in items:
            path = _below(twig.path, item.title, film=True)
            timely = _below(twig.timely, item.title, film=True)
            # what the owner picked is mostly a camera: it parts day and time
            for named in (path, timely):
                if times := naming.times(named):
                    late, unsure = naming.finer(named)
                    at, again = times[0] + late, times[1] and times[1] + late
                    leaves.append(
                        Leaf(item=item, path=path, at=at, again=again, unsure=unsure)
                    )
                    break
    return sorted(leaves, key=lambda leaf: (leaf.at, leaf.path))


def _distant(leaf: Leaf, seconds: float, look: _Look) -> Piece:
    """Return a recording that is not on this machine as one of so many seconds."""
    start = leaf.at - seconds if look.ends else leaf.at
    media_id = leaf.item.media_id
    return _piece(media_id, start, seconds, unsure=leaf.unsure, remote=True)


def _below(path: str, title: str, *, film: bool = False) -> str:
    """Return the path of titles to something in a folder; a title has no slash."""
    plain = title.replace("/", "-")
    kind = plain.rpartition(".")[2].lower()
    if film and kind not in VIDEO_TYPES:
        plain += ".mp4"  # the names of files end in a kind, and titles need not
    return f"{path}/{plain}" if path else plain


def _seconds(source: Mapping[str, str]) -> float:
    """Return how long a camera's recordings are, as one was measured."""
    try:
        return max(1.0, float(source.get("seconds") or UNMEASURED))
    except ValueError:
        return UNMEASURED


def _piece(
    path: str, start: float, seconds: float, *, unsure: float, remote: bool = False
) -> Piece:
    at = datetime.fromtimestamp(start, UTC)
    return Piece(path=path, start=at, seconds=seconds, remote=remote, unsure=unsure)
