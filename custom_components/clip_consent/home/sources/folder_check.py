"""Trying out a folder's settings, for the form in which the owner types them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
import os
from pathlib import Path
import stat
import time

from ...core.errors import SourceError
from .clock_guess import clock_ahead
from .folder_index import UNLISTED, FileRow, FileState
from .folder_roots import FOLDER, MORE
from .folder_walk import Place, Question, list_folders, look_at, read_names
from .naming import Naming, naming_of
from .patterns import NamingError

_MAX_FILES = 2000
_MAX_SECONDS = 5.0
_AHEAD_SECONDS = 300.0  # a recording this far in the future was misread
_NEVER = datetime.min.replace(tzinfo=UTC)
_ANY = Naming(patterns=(), zone=UTC, by_file_time=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderCheck:
    """What a folder looks like with given settings.

    `error` is a code that forbids the settings, `field` the source key at fault,
    `placeholders` what its message needs. `warning` is a code that forbids nothing.
    """

    error: str | None = None
    field: str | None = None
    placeholders: Mapping[str, str] | None = None
    warning: str | None = None
    files: int = 0  # videos looked at: newest folders first, about 2,000
    recognised: int = 0  # of those, the ones whose time could be told
    example: str | None = None  # path below the folder
    starts_at: datetime | None = None  # of the example, UTC
    ends_at: datetime | None = None  # one of the two comes with its length
    root: str = ""  # the folder of the example
    recent: tuple[FileRow, ...] = ()  # finished ones there, newest first, not measured
    clock_ahead: int | None = None  # seconds, by when files were written

    def measured(self, seconds: float) -> FolderCheck:
        """Return the check with the example's length, which tells its other end."""
        length = timedelta(seconds=seconds)
        if self.starts_at:
            return replace(self, ends_at=self.starts_at + length)
        return replace(self, starts_at=self.ends_at and self.ends_at - length)

    def timed(self, lengths: Mapping[str, float]) -> FolderCheck:
        """Return the check with what lengths, by path, say of the recorder's clock."""
        ends = [
            (row.at + (0.0 if self.ends_at else lengths[row.path]), row.mtime)
            for row in self.recent
            if row.path in lengths
        ]
        return replace(self, clock_ahead=clock_ahead(ends))

    def unmeasured(self) -> FolderCheck:
        """Return the check of an example that could not be read."""
        return replace(self, warning=self.warning or "example_unreadable")


def check_folder(source: Mapping[str, str], home_zone: str, now: float) -> FolderCheck:
    """Look at a folder with these settings. It blocks, for a few seconds at most."""
    try:
        place = Place(source.get("folder", ""), naming_of(source, home_zone))
    except NamingError as err:
        return FolderCheck(
            error=err.code, field=err.field, placeholders=err.placeholders
        )
    if error := _root_error(place.root):
        return FolderCheck(error=error, field="folder")
    files, rows = 0, []
    for folder, names in _newest_first(place.root):
        files += len(names)
        rows += read_names(place, [(folder, names)], now)[0]
        if files >= _MAX_FILES:
            break
    if not files:
        return FolderCheck(error="no_recordings", field="folder")
    if not rows:
        return FolderCheck(error="names_not_recognised", field="naming", files=files)
    return _with_example(
        FolderCheck(files=files, recognised=len(rows)), place, rows, now
    )


def _root_error(root: str) -> str | None:
    if not root.startswith("/"):
        return "folder_not_absolute"
    try:
        status = Path(root).stat()
    except FileNotFoundError:
        return "folder_missing"
    except NotADirectoryError:
        return "folder_not_folder"
    except PermissionError:
        return "folder_unreadable"
    except OSError, ValueError:
        return "folder_gone"
    if not stat.S_ISDIR(status.st_mode):
        return "folder_not_folder"
    return None if os.access(root, os.R_OK | os.X_OK) else "folder_unreadable"


def _newest_first(root: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield folders and the videos in them; dated folders sort by their date."""
    question = Question(now=0.0, span=None)
    deadline = time.monotonic() + _MAX_SECONDS
    waiting = [""]
    while waiting and time.monotonic() < deadline:
        folder = {waiting.pop(): UNLISTED}
        for listing in list_folders(Place(root, _ANY), folder, question).listed:
            yield listing.folder, listing.names
            waiting += listing.subfolders


def _with_example(
    check: FolderCheck, place: Place, rows: list[FileRow], now: float
) -> FolderCheck:
    """Return the check with its newest finished recording, or else the newest."""
    newest = sorted(rows, key=lambda row: row.at, reverse=True)[:10]
    seen, _ = look_at(place, newest, now)
    if not seen:
        raise SourceError("folder_gone")
    settled = [row for row in seen if row.state is FileState.SETTLED]
    row = settled[0] if settled else seen[0]
    telling = [row for row in settled if row.other is None]
    at = datetime.fromtimestamp(row.at, UTC)
    return replace(
        check,
        warning="time_in_future" if row.at > now + _AHEAD_SECONDS else None,
        example=row.path,
        starts_at=None if place.naming.ends else at,
        ends_at=at if place.naming.ends else None,
        root=place.root,
        # A file whose own time is all that is known of it tells nothing of a clock.
        recent=() if place.naming.by_file_time else tuple(telling),
    )


def together(checks: Sequence[FolderCheck]) -> FolderCheck:
    """Return the check of several folders, the first one's first.

    A folder in which nothing was recorded yet is no fault while another one has
    something; any other fault of one is told at its field.
    """
    for number, check in enumerate(checks):
        if check.error and check.error != "no_recordings":
            field = MORE if number and check.field == FOLDER else check.field
            return replace(check, field=field)
    used = [check for check in checks if not check.error]
    if not used:
        return checks[0]
    newest = max(used, key=lambda check: check.starts_at or check.ends_at or _NEVER)
    return replace(
        newest,
        files=sum(check.files for check in used),
        recognised=sum(check.recognised for check in used),
    )
