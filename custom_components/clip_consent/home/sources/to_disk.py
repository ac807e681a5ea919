"""Streams what a recorder sends into a file, in large parts."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from ...base.threads import async_in_thread
from ...core.errors import SourceError

type Told = Callable[[int], None]  # bytes so far
type Refused = Callable[[OSError], SourceError]  # what a disk refuses, in words

BUFFER: Final = 2**20  # bytes that are written at once


async def async_to_disk(
    parts: AsyncIterator[bytes], path: Path, *, told: Told, refused: Refused
) -> int:
    """Write all parts into a new file; return how many bytes it has.

    The file is closed whoever gives up meanwhile, be it while it is opened. Raises
    what `refused` makes of an error of the disk, and what `parts` raises.
    """
    size, waiting = 0, bytearray()
    with ExitStack() as stack:
        with _disk(refused):
            file = await async_in_thread(_open, path, stack)
        async for part in parts:
            size += len(part)
            waiting += part
            if len(waiting) >= BUFFER:
                with _disk(refused):
                    await async_in_thread(_write, file, bytes(waiting))
                waiting.clear()
            told(size)
        with _disk(refused):
            await async_in_thread(_write, file, bytes(waiting))
    return size


def _open(path: Path, stack: ExitStack) -> BinaryIO:
    """Open a new file that is closed with the stack, even if nobody waits for it."""
    file = path.open("xb", buffering=0)
    stack.callback(_close, file)
    return file


def _close(file: BinaryIO) -> None:
    """Close a file: what matters of it was written, or is given up."""
    with suppress(OSError):
        file.close()


def _write(file: BinaryIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


@contextmanager
def _disk(refused: Refused) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        raise refused(err) from err
