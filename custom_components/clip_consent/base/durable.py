"""A new file that appears whole and safely on disk, or not at all."""

from collections.abc import Buffer, Callable, Iterator
from contextlib import contextmanager, suppress
import errno
from functools import partial
import os
from pathlib import Path
from typing import Final

from ..core.errors import StoreError

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PART_BEGINS: Final = "."
_PART_ENDS: Final = ".part"

# These say that a file is not there, or another thing; all else is trouble of the disk.
NOT_THERE: Final = frozenset({errno.ENOENT, errno.ELOOP, errno.ENOTDIR, errno.EISDIR})

type WriteAll = Callable[[Buffer], None]


def make_folder(path: Path) -> None:
    """Make a folder for us alone, with those above it. Raises OSError.

    Each new one is synced into the one above: after a power cut a file in it is not
    safely on disk in a folder that is not there.
    """
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    # Those above are the owner's, who may have put a link there.
    above = os.open(path.parent, _FOLDER & ~os.O_NOFOLLOW)
    try:
        os.fsync(above)
    finally:
        os.close(above)


@contextmanager
def durable_file(path: Path) -> Iterator[WriteAll]:
    """Yield a writer; at the end the file has its name, and file and name are synced.

    What `path` named before is replaced. After any error neither it nor a part of it is
    left. Raises StoreError `spool_full` or `spool_failed`.
    """
    with disk_trouble():
        folder = os.open(path.parent, _FOLDER)
        try:
            with _complete_or_gone(folder, path.name) as write:
                yield write
        finally:
            os.close(folder)


@contextmanager
def disk_trouble() -> Iterator[None]:
    """Say what the disk refuses as StoreError: `spool_full` or `spool_failed`."""
    try:
        yield
    except OSError as err:
        code = "spool_full" if err.errno in _FULL else "spool_failed"
        raise StoreError(code) from err


def whole_name(name: str) -> str:
    """Return the name that a file will have; one that is whole keeps its own."""
    if name.startswith(_PART_BEGINS) and name.endswith(_PART_ENDS):
        return name[len(_PART_BEGINS) : -len(_PART_ENDS)]
    return name


@contextmanager
def _complete_or_gone(folder: int, name: str) -> Iterator[WriteAll]:
    part = f"{_PART_BEGINS}{name}{_PART_ENDS}"
    _remove(folder, part)  # a crash may have left it
    try:
        file = os.open(part, _NEW, 0o600, dir_fd=folder)
        try:
            yield partial(_write_all, file)
            os.fsync(file)
        finally:
            os.close(file)
        os.rename(part, name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)
    except BaseException:
        for leftover in (part, name):
            with suppress(OSError):
                _remove(folder, leftover)
        raise


def _write_all(file: int, data: Buffer) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]


def _remove(folder: int, name: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)
