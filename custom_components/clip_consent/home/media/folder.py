"""The folder of drafts: a folder for each case, a file for each digest.

Nothing that others wrote is ever part of a path: case ids and names are checked
against their form before the file system is touched, and no link is followed.
"""

from collections.abc import Callable
from contextlib import suppress
import errno
import hashlib
from io import BufferedReader
import os
from pathlib import Path
import re
import secrets
import shutil
import stat
from typing import Final

from ...base.durable import NOT_THERE, make_folder
from ...base.threads import async_in_thread
from ...core.errors import MediaError, NotFoundError, StoreError
from ...core.models import Draft

_CASE: Final = re.compile(r"[a-z2-7]{26}")
_NAME: Final = re.compile(
    r"[0-9a-f]{64}\.(?:mp4|txt|still\.jpg|sheet\.jpg|original\.mp4)"
)
_WORK: Final = ".work-"
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT}
_IN_PLACE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class DraftFolder:
    """Keeps drafts within a quota. All methods touch the disk, but for `path`."""

    def __init__(self, folder: Path, *, quota: int, reserve: int) -> None:
        """Keep at most `quota` bytes, and leave `reserve` bytes of the disk free."""
        self._folder = folder
        self._quota = quota
        self._reserve = reserve
        self._at_work: set[Path] = set()
        self._fresh: set[str] = set()  # cases worked on since the last tidying up

    def path(self, case_id: str, name: str) -> Path:
        """Return where a draft's file is; `name` is its own or begins with the case's.

        Raises NotFoundError for any other name.
        """
        own = name.removeprefix(f"{case_id}/")
        if not _CASE.fullmatch(case_id) or not _NAME.fullmatch(own):
            raise NotFoundError("draft_not_found")
        return self._folder / case_id / own

    def _case(self, case_id: str) -> Path:
        if not _CASE.fullmatch(case_id):
            raise NotFoundError("case_not_found")
        return self._folder / case_id

    def work_path(self, case_id: str) -> Path:
        """Return a new place to work in, on the same disk as the case's drafts."""
        work = self._case(case_id) / f"{_WORK}{secrets.token_hex(8)}"
        self._at_work.add(work)
        self._fresh.add(case_id)
        return work

    def make_work(self, work: Path) -> None:
        """Make that place. Raises MediaError."""
        try:
            make_folder(work.parent)
            try:
                work.mkdir(mode=0o700)
            except FileNotFoundError:  # work that ended took the case's folder along
                make_folder(work.parent)
                work.mkdir(mode=0o700)
        except OSError as err:
            raise _full(err) from err

    def drop_work(self, work: Path) -> None:
        """Remove a folder to work in, and the case's if nothing else is in it."""
        shutil.rmtree(work, ignore_errors=True)
        with suppress(OSError):
            work.parent.rmdir()
        self._at_work.discard(work)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file in a place to work in. Raises MediaError."""
        try:
            path.write_bytes(data)
        except OSError as err:
            raise _full(err) from err

    def require_room(self, size: int) -> None:
        """Raise MediaError `disk_full` unless so many bytes more may be written."""
        if size > self.room():
            raise MediaError("disk_full")

    def room(self) -> int:
        """Return how many bytes more may be written. Raises MediaError."""
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError as err:
            raise _full(err) from err
        return min(free - self._reserve, self._quota - _used(self._folder))

    def publish(self, case_id: str, files: dict[str, Path]) -> None:
        """Move finished files to their names, for good: none is lost by a crash.

        The first is moved last: once it is there, all are.
        """
        try:
            for source in files.values():
                with source.open("rb") as file:
                    os.fchmod(file.fileno(), 0o600)
                    os.fsync(file.fileno())
            for name in reversed(files):
                files[name].replace(self.path(case_id, name))
            for folder in (self._case(case_id), self._folder):
                _sync(folder)
        except OSError as err:
            raise _full(err) from err

    def open(self, case_id: str, name: str) -> BufferedReader:
        """Open a draft's file; no link is followed below the folder. Raises OSError."""
        path = self.path(case_id, name)
        top = os.open(self._folder, _IN_PLACE | os.O_DIRECTORY)
        try:
            case = os.open(case_id, _IN_PLACE | os.O_DIRECTORY, dir_fd=top)
        finally:
            os.close(top)
        try:
            file = os.open(path.name, _IN_PLACE, dir_fd=case)
        finally:
            os.close(case)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise FileNotFoundError(errno.ENOENT, "not a plain file", path.name)
        return os.fdopen(file, "rb")

    def digest(self, case_id: str, draft: Draft) -> str | None:
        """Return the SHA-256 of a draft's file as it is now, None if it is gone.

        Raises StoreError if it is there and cannot be read just now.
        """
        try:
            with self.open(case_id, draft.file) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except NotFoundError:
            return None
        except OSError as err:
            if err.errno in NOT_THERE:
                return None
            raise StoreError("draft_unreadable") from err

    def remove_case(self, case_id: str) -> None:
        """Remove all drafts of a case."""
        shutil.rmtree(self._case(case_id), ignore_errors=True)

    def keep_only(self, case_id: str, digests: frozenset[str]) -> None:
        """Remove all files of a case that are not named by one of these digests.

        What the disk refuses to give up now is left to the next time.
        """
        for entry in _entries(self._case(case_id)):
            digest, _, kind = entry.name.partition(".")
            if kind and digest not in digests and _NAME.fullmatch(entry.name):
                _remove(entry)

    def clean(self, keep: set[str]) -> None:
        """Remove what belongs to no case of `keep`, and what a crash left.

        Drafts go on being made meanwhile: what is worked on stays, and so does a case
        that came in after `keep` was put together. What the disk refuses to give up
        now is left to the next time.
        """
        at_work = {work.parent.name for work in tuple(self._at_work)}
        recent, self._fresh = self._fresh, at_work
        for entry in _entries(self._folder):
            if not entry.is_dir() or entry.is_symlink():
                _remove(entry)
            elif entry.name in keep or entry.name in recent | self._fresh:
                self._clean_case(entry)
            else:
                shutil.rmtree(entry, ignore_errors=True)

    def _clean_case(self, folder: Path) -> None:
        for entry in _entries(folder):
            if entry in self._at_work:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            elif not _NAME.fullmatch(entry.name):
                _remove(entry)


async def async_on_disk[**P, R](
    function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Run in a thread what reads and writes in a place to work in.

    Cancelled, waits for its end first. Raises MediaError, for what the disk refuses
    too: it fills while a draft is made, whatever room there was before.
    """
    try:
        return await async_in_thread(function, *args, **kwargs)
    except OSError as err:
        raise _full(err) from err


def _entries(folder: Path) -> list[Path]:
    """Return what lies in a folder: nothing if it cannot be read just now."""
    with suppress(OSError):
        return list(folder.iterdir())
    return []


def _remove(path: Path) -> None:
    """Remove a file; if the disk refuses, the next tidying up will do it."""
    with suppress(OSError):
        path.unlink()


def _used(folder: Path) -> int:
    """Return how many bytes lie in a folder."""
    used = 0
    for at, _, names in folder.walk():
        for name in names:
            with suppress(OSError):
                used += (at / name).lstat().st_size
    return used


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _full(err: OSError) -> MediaError:
    """Return what a failed write means."""
    return MediaError("disk_full" if err.errno in _NO_ROOM else "draft_folder_failed")
