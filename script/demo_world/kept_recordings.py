"""Keep the demo's recordings from one time to the next: a folder for each day.

Copies of the demo may run side by side, some begun on another day. Each holds a shared
lock on the folder of its day, so that nobody films it anew or clears it away meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
import fcntl
import os
from pathlib import Path
import re
import shutil
import time
from typing import Final
from zoneinfo import ZoneInfo

from .recordings import Recordings, describe_day, film_day, recordings_mark

_COMPLETE: Final = ".complete"
_AGAIN: Final = 0.1  # seconds, until another copy that looked at it too has gone on
_DAY_FOLDER: Final = re.compile(r"\d{4}-\d\d-\d\d\.[0-9a-f]{8}")


@contextmanager
def kept_recordings(root: Path, day: date, zone: ZoneInfo) -> Iterator[Recordings]:
    """Give that day's recordings, and hold them as they are until they are given back.

    Entering blocks for half a minute the first time, or while another copy films that
    day. Other days' recordings go, unless a copy still holds them. Raise RecordingError
    if ffmpeg fails.
    """
    folder = root / f"{day.isoformat()}.{recordings_mark(zone)}"
    reused = True
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder, fcntl.LOCK_SH):
            if (folder / _COMPLETE).exists():
                _clear_away_others(folder)
                yield describe_day(folder, day, zone, reused=reused)
                return
        # Never waited for: who has just filmed holds it for as long as it runs.
        with _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB) as held:
            if held and not (folder / _COMPLETE).exists():
                _empty(folder)
                film_day(folder, day, zone)
                (folder / _COMPLETE).touch()
                reused = False
        if not held:
            time.sleep(_AGAIN)


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[bool]:
    """Lock a folder; give whether it is there and locked."""
    try:
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(opened, how)
    except BlockingIOError:
        yield False
    else:
        yield folder.exists() and os.path.samestat(os.fstat(opened), folder.stat())
    finally:
        os.close(opened)


def _empty(folder: Path) -> None:
    """Remove what an interrupted filming left."""
    for old in folder.iterdir():
        if old.is_dir():
            shutil.rmtree(old)


def _clear_away_others(folder: Path) -> None:
    """Remove the recordings of other days and versions that nobody holds."""
    for other in folder.parent.iterdir():
        if other != folder and _DAY_FOLDER.fullmatch(other.name):
            with _locked(other, fcntl.LOCK_EX | fcntl.LOCK_NB) as held:
                if held:
                    shutil.rmtree(other)
