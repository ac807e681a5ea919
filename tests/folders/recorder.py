"""A recorder that is not there: files that tell a fake probe their length."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path

import pytest

from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.models import Camera, Piece, Window
from custom_components.clip_consent.home.sources import folder_walk
from custom_components.clip_consent.home.sources.folder import FolderSource

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
AMSTERDAM = "Europe/Amsterdam"


class Recorder:
    """A folder of recordings whose content tells a fake probe their length."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = NOON.timestamp() + 86_400
        self.probed: Counter[str] = Counter()
        root.mkdir()

    def write(
        self, name: str, seconds: float | str, *, written: datetime | None = None
    ) -> Path:
        """Record a file, last written to at a time (yesterday, if not told)."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{seconds}")
        at = (written or NOON).timestamp()
        os.utime(path, (at, at))
        return path

    def record(
        self, start: datetime, seconds: float, form: str = "%Y%m%d_%H%M%S.ts"
    ) -> Path:
        """Record a file named by its start and written to until its end."""
        end = start + timedelta(seconds=seconds)
        return self.write(start.strftime(form), seconds, written=end)

    async def probe(self, path: str) -> float:
        """Return the length that a file tells."""
        self.probed[Path(path).name] += 1
        await asyncio.sleep(0)
        try:
            return float(Path(path).read_text())
        except ValueError as err:
            raise MediaError("recording_unreadable") from err

    def camera(self, **source: str) -> Camera:
        """Return a camera with this folder."""
        return Camera(
            camera_id="c1",
            name="Driveway",
            indoor=False,
            offered=True,
            source_kind="folder",
            source={"folder": str(self.root), "naming": "segments"} | source,
        )


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """Return an empty folder to record into."""
    return Recorder(tmp_path / "recordings")


def make(recorder: Recorder, tmp_path: Path, zone: str = "UTC") -> FolderSource:
    """Return a source with its index in a file of its own."""
    return FolderSource(
        index_path=tmp_path / "cache" / "folders.db",
        probe=recorder.probe,
        time_zone=zone,
        clock=lambda: recorder.now,
    )


def count_calls(
    monkeypatch: pytest.MonkeyPatch, name: str, below: str | Path = ""
) -> Counter[str]:
    """Count the calls of a function of `os`, by path; those of a folder alone.

    What measures coverage looks at each new source file, too.
    """
    calls: Counter[str] = Counter()
    real = getattr(os, name)

    def counted(path: str, *args: object, **more: object) -> object:
        if str(path).startswith(str(below)):
            calls[str(path)] += 1
        return real(path, *args, **more)

    monkeypatch.setattr(folder_walk.os, name, counted)
    return calls


def window(start: datetime, **length: float) -> Window:
    """Return a span."""
    return Window(start=start, end=start + timedelta(**length))


def names(pieces: tuple[Piece, ...]) -> list[str]:
    """Return the names of the pieces' files."""
    return [Path(piece.path).name for piece in pieces]


def minutes(count: float) -> datetime:
    """Return a moment after noon."""
    return NOON + timedelta(minutes=count)
