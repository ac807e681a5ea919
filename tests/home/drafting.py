"""Drafts of recordings, asked for in seconds from their first picture."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
from typing import Final

import pytest

from custom_components.clip_consent.core.limits import CLIP_MAX_SECONDS
from custom_components.clip_consent.core.masks import Region
from custom_components.clip_consent.core.models import Choice, Draft, Piece, Window
from custom_components.clip_consent.core.serial import utc_text, utc_time
from custom_components.clip_consent.home.media import Media

from .recordings import SECONDS, Recordings, recordings

__all__ = [
    "CASE",
    "ZERO",
    "Drafting",
    "drafting",
    "drafts",
    "odd_files",
    "recordings",
    "slow_ffmpeg",
]

CASE: Final = "k5x2mzq7w3d4a6bnt2h5c7e3ya"
ZERO: Final = datetime(2026, 11, 23, 18, 2, tzinfo=UTC)


class Drafting:
    """A draft folder, and recordings that all begin at `ZERO`."""

    def __init__(self, made: Recordings, folder: Path, ffmpeg: str = "ffmpeg") -> None:
        """Draft into a folder."""
        self.recordings = made
        self.folder = folder
        self.media = Media(ffmpeg=ffmpeg, folder=folder)
        self._made: dict[tuple[str, float, float, bool, bool], Draft] = {}

    async def __call__(
        self,
        name: str | Path | Sequence[Path],
        start: float,
        end: float,
        *,
        audio: bool = False,
        playable: bool = False,
        may_end_early: bool = False,
        exact: bool = False,
        masks: Sequence[Region] = (),
        max_seconds: float = CLIP_MAX_SECONDS,
        case_id: str = CASE,
        progress: Callable[[float], None] = lambda _: None,
    ) -> Draft:
        """Draft the seconds from `start` to `end` of a recording or of several."""
        return await self.media.async_draft(
            case_id=case_id,
            choice=choice(
                start,
                end,
                audio=audio,
                playable=playable,
                may_end_early=may_end_early,
                exact=exact,
            ),
            pieces=self.pieces(name),
            max_seconds=max_seconds,
            progress=progress,
            masks=masks,
        )

    async def once(
        self,
        name: str,
        start: float,
        end: float,
        *,
        audio: bool = False,
        playable: bool = False,
    ) -> Draft:
        """Draft as above; what was drafted before is not drafted again."""
        key = (name, start, end, audio, playable)
        if key not in self._made:
            self._made[key] = await self(
                name, start, end, audio=audio, playable=playable
            )
        return self._made[key]

    def pieces(self, name: str | Path | Sequence[Path]) -> list[Piece]:
        """Return a recording, or several that follow each other, as a source does."""
        if isinstance(name, str):
            name = self.recordings[name]
        paths = [name] if isinstance(name, Path) else list(name)
        hiding = any(path.stem == "hiding" for path in paths)
        seconds = (6.0 if hiding else SECONDS) / max(len(paths), 1)
        return [
            Piece(
                path=str(path),
                start=ZERO + timedelta(seconds=seconds * number),
                seconds=seconds,
            )
            for number, path in enumerate(paths)
        ]

    def file(self, draft: Draft) -> Path:
        """Return a draft's file."""
        return self.folder / draft.file


def window(start: float, end: float) -> Window:
    """Return a window in seconds from `ZERO`."""
    return Window(
        start=ZERO + timedelta(seconds=start), end=ZERO + timedelta(seconds=end)
    )


def choice(
    start: float,
    end: float,
    *,
    audio: bool = False,
    playable: bool = False,
    may_end_early: bool = False,
    exact: bool = False,
) -> Choice:
    """Return a choice in seconds from `ZERO`."""
    return Choice(
        camera_id="camera",
        window=window(start, end),
        audio=audio,
        playable=playable,
        may_end_early=may_end_early,
        exact=exact,
    )


def span(draft: Draft) -> tuple[float, float]:
    """Return a draft's window in seconds from `ZERO`."""
    return (
        round((draft.window.start - ZERO).total_seconds(), 3),
        round((draft.window.end - ZERO).total_seconds(), 3),
    )


def said(span: Window) -> Window:
    """Return what is said of a span where drafts are shown: whole milliseconds."""
    return Window(
        start=utc_time(utc_text(span.start)), end=utc_time(utc_text(span.end))
    )


@pytest.fixture(scope="session")
def drafts(
    tmp_path_factory: pytest.TempPathFactory, recordings: Recordings
) -> Drafting:
    """Return what drafts each thing once, for tests that only look at drafts."""
    return Drafting(recordings, tmp_path_factory.mktemp("drafts"))


@pytest.fixture
def drafting(tmp_path: Path, recordings: Recordings) -> Drafting:
    """Return what drafts from the recordings into a folder of its own."""
    return Drafting(recordings, tmp_path / "drafts")


@pytest.fixture(scope="session")
def odd_files(recordings: Recordings) -> Path:
    """Return a folder of things that look like recordings by their names."""
    folder = recordings.folder / "odd"
    folder.mkdir()
    (folder / "empty.mp4").touch()
    (folder / "noise.mp4").write_bytes(bytes(range(256)) * 64)
    whole = recordings["faststart.mp4"].read_bytes()
    (folder / "half.mp4").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "playlist.mp4").write_text(
        f"ffconcat version 1.0\nfile '{recordings['silent.mp4']}'\n"
    )
    (folder / "folder.mp4").mkdir()
    os.mkfifo(folder / "pipe.mp4")
    return folder


@pytest.fixture
def slow_ffmpeg(tmp_path: Path) -> tuple[str, Path]:
    """Return an ffmpeg that never ends, and the file it writes its processes to."""
    marks, binary = tmp_path / "processes", tmp_path / "slow"
    binary.write_text(
        f'#!/bin/bash\nsleep 600 & echo "$$ $!" >> {marks}\nwhile :; do wait; done\n'
    )
    binary.chmod(0o755)
    return str(binary), marks
