"""The files of the drop box: an upload's bytes, and how many of them are safely here.

All of this blocks. What is said to be here is on the disk: the bytes first, then the
line that counts them. What a crash leaves beyond that is cut off at the next start.
Names are ids of ours, looked for in one folder, and no link is followed.
"""

from collections.abc import Buffer, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
import errno
import logging
import os
from pathlib import Path
import re
from typing import Final

from ..base.durable import NOT_THERE, disk_trouble, durable_file, make_folder
from ..core.drop_box import Upload, head_line, read_lines, step_line
from ..core.errors import NotFoundError, StoreError

_LOGGER = logging.getLogger(__name__)
_ID: Final = re.compile(r"[a-z2-7]{26}")
_BYTES: Final = ".age"
_LINES: Final = ".log"
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OLD: Final = os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_LINES_MAX: Final = 16 * 2**20  # bytes; a line for every 16 MiB is far from it


class DropFile:
    """An upload that is open for writing."""

    def __init__(self, files: DropFiles, data: int, lines: int) -> None:
        """Keep the open files."""
        self._files = files
        self._data = data
        self._lines = lines

    def write(self, offset: int, piece: Buffer, disk_free: int) -> None:
        """Write at an offset; the disk keeps so much free. Raises StoreError."""
        if self._files.free() < disk_free:
            raise StoreError("spool_full")
        rest = memoryview(piece)
        with disk_trouble():
            while rest:
                written = os.pwrite(self._data, rest, offset)
                rest, offset = rest[written:], offset + written

    def note(self, upload: Upload) -> None:
        """Say how far the upload is, once its bytes are safe. Raises StoreError."""
        with disk_trouble():
            os.fdatasync(self._data)
            self._files.add_line(upload, self._lines)

    def close(self) -> None:
        """Close the files."""
        os.close(self._data)
        os.close(self._lines)


class DropFiles:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        """Keep where it is; `load` opens it."""
        self._path = folder
        self._folder = -1
        self._ends: dict[str, int] = {}  # by upload, how many bytes of its lines count

    def load(self) -> list[Upload]:
        """Return what is there, put right. Raises StoreError if nothing can be told."""
        with disk_trouble():
            make_folder(self._path)
            self._folder = os.open(self._path, _FOLDER)
            names = [each.name for each in self._path.iterdir()]
        found: dict[str, Upload] = {}
        keep: set[str] = set()
        for name in names:
            upload_id = name.removesuffix(_LINES)
            if name == upload_id or not _ID.fullmatch(upload_id):
                continue
            try:
                upload = self._find(upload_id)
            except OSError as err:  # it may be readable another time
                _LOGGER.warning("An upload cannot be read: %s", err.strerror)
                keep.add(upload_id)
                continue
            if upload:
                found[upload_id] = upload
        self._clear(names, keep | found.keys())
        return list(found.values())

    def _find(self, upload_id: str) -> Upload | None:
        """Return an upload with its bytes and lines as long as they count."""
        try:
            file = self._open(upload_id)
        except FileNotFoundError:
            return None
        try:
            read = read_lines(upload_id, os.pread(file[1], _LINES_MAX, 0))
            if read is None:
                return None
            upload, self._ends[upload_id] = read
            if os.fstat(file[1]).st_size > self._ends[upload_id]:
                os.ftruncate(file[1], self._ends[upload_id])
            size = os.fstat(file[0]).st_size
            if upload.place:  # its bytes are elsewhere
                return upload
            if size > upload.offset:
                os.ftruncate(file[0], upload.offset)
                os.fsync(file[0])
            elif size < upload.offset:  # the disk lost what it had
                upload = replace(upload, offset=size)
                self.add_line(upload, file[1])
            return upload
        finally:
            os.close(file[0])
            os.close(file[1])

    def _clear(self, names: list[str], keep: set[str]) -> None:
        """Remove what belongs to no upload, as far as it can be."""
        for name in names:
            upload_id = name.removesuffix(_LINES).removesuffix(_BYTES)
            if upload_id not in keep:
                with suppress(OSError):
                    os.unlink(name, dir_fd=self._folder)

    def create(self, upload: Upload, disk_free: int) -> None:
        """Begin an upload: it is safely there, or not at all. Raises StoreError."""
        name = self._name(upload.upload_id)
        if self.free() < disk_free + (0 if upload.place else upload.length):
            raise StoreError("spool_full")
        with disk_trouble():
            os.close(os.open(name + _BYTES, _NEW, 0o600, dir_fd=self._folder))
        head = head_line(upload)
        try:
            with durable_file(self._path / (name + _LINES)) as write:
                write(head)
        except StoreError:
            with suppress(OSError):
                os.unlink(name + _BYTES, dir_fd=self._folder)
            raise
        self._ends[upload.upload_id] = len(head)

    @contextmanager
    def opened(self, upload_id: str) -> Iterator[DropFile]:
        """Open an upload for a moment. Raises StoreError, NotFoundError."""
        file = self.open(upload_id)
        try:
            yield file
        finally:
            file.close()

    def note(self, upload: Upload) -> None:
        """Say what has become of an upload. Raises StoreError, NotFoundError."""
        with self.opened(upload.upload_id) as file:
            file.note(upload)

    def open(self, upload_id: str) -> DropFile:
        """Open an upload. Raises StoreError, NotFoundError if it is not there."""
        try:
            return DropFile(self, *self._open(upload_id))
        except OSError as err:
            if err.errno in NOT_THERE:
                raise NotFoundError("delivery_not_found") from err
            raise StoreError("spool_failed") from err

    def _open(self, upload_id: str) -> tuple[int, int]:
        name = self._name(upload_id)
        data = os.open(name + _BYTES, _OLD, dir_fd=self._folder)
        try:
            return data, os.open(name + _LINES, _OLD, dir_fd=self._folder)
        except OSError:
            os.close(data)
            raise

    def add_line(self, upload: Upload, lines: int) -> None:
        """Write how far an upload is, over what a failure left. Raises OSError."""
        line, end = step_line(upload), self._ends[upload.upload_id]
        if end + len(line) > _LINES_MAX:  # who sends byte by byte comes to an end too
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        written = os.pwrite(lines, line, end)
        if written < len(line):
            os.pwrite(lines, line[written:], end + written)
        os.fdatasync(lines)
        self._ends[upload.upload_id] = end + len(line)

    def remove(self, upload_id: str) -> None:
        """Remove an upload for good. Raises StoreError."""
        name = self._name(upload_id)
        with disk_trouble():
            for suffix in (_LINES, _BYTES):  # without its lines it is none
                with suppress(FileNotFoundError):
                    os.unlink(name + suffix, dir_fd=self._folder)
            os.fsync(self._folder)
        self._ends.pop(upload_id, None)

    def path(self, upload_id: str) -> Path:
        """Return where the bytes are. Raises NotFoundError for what is no id."""
        return self._path / (self._name(upload_id) + _BYTES)

    def free(self) -> int:
        """Return how many bytes the disk has left. Raises StoreError."""
        with disk_trouble():
            disk = os.fstatvfs(self._folder)
        return disk.f_bavail * disk.f_frsize

    def close(self) -> None:
        """Close the folder."""
        if self._folder >= 0:
            os.close(self._folder)
            self._folder = -1

    def _name(self, upload_id: str) -> str:
        if not _ID.fullmatch(upload_id):
            raise NotFoundError("delivery_not_found")
        return upload_id
