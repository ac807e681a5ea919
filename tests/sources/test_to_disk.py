"""What a recorder sends, on its way into a file: Frigate's and Home Assistant's."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
import threading
from typing import Any, BinaryIO

import pytest

from custom_components.clip_consent.core.errors import SourceError
from custom_components.clip_consent.home.sources import to_disk
from custom_components.clip_consent.home.sources.to_disk import BUFFER, async_to_disk


async def parts(*sizes: int) -> AsyncIterator[bytes]:
    """Yield parts of such sizes, each of other bytes than the one before."""
    for number, size in enumerate(sizes):
        yield bytes([number]) * size


def refused(err: OSError) -> SourceError:
    """Return the error of this test."""
    return SourceError(f"refused_{err.errno}")


async def test_all_of_it_is_there(tmp_path: Path) -> None:
    """In order, whatever the sizes; what is done is told as it grows."""
    path = tmp_path / "film"
    sizes = (1, BUFFER - 1, BUFFER, 0, 3 * BUFFER + 7, 5)
    told: list[int] = []
    size = await async_to_disk(parts(*sizes), path, told=told.append, refused=refused)
    assert size == sum(sizes) == told[-1]
    assert told == sorted(told)
    assert path.read_bytes() == b"".join([one async for one in parts(*sizes)])


class Short:
    """A file that takes a few bytes at a time."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def write(self, data: memoryview) -> int:
        """Write a little of it."""
        return self.file.write(data[:100_000])

    def close(self) -> None:
        """Close it."""
        self.file.close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the files that were opened; each takes a few bytes at a time."""
    files: list[Any] = []
    really = Path.open

    def shortly(path: Path, *args: Any, **kwargs: Any) -> Any:
        files.append(really(path, *args, **kwargs))
        return Short(files[-1])

    monkeypatch.setattr(Path, "open", shortly)
    return files


async def test_a_file_that_takes_a_part_of_what_it_is_given(
    tmp_path: Path, opened: list[Any]
) -> None:
    """The rest is written too: a clip with a hole in it would look whole."""
    path = tmp_path / "film"
    size = await async_to_disk(
        parts(BUFFER, 250_000), path, told=lambda _: None, refused=refused
    )
    assert path.stat().st_size == size == BUFFER + 250_000
    assert [file.closed for file in opened] == [True]


async def test_a_file_whose_opening_is_given_up_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: list[Any]
) -> None:
    """The thread that opens it cannot be stopped: what it opened is closed after."""
    begun, on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    really = to_disk._open

    def slowly(*args: Any) -> Any:
        loop.call_soon_threadsafe(begun.set)
        on.wait()
        return really(*args)

    monkeypatch.setattr(to_disk, "_open", slowly)
    job = asyncio.create_task(
        async_to_disk(parts(5), tmp_path / "film", told=lambda _: None, refused=refused)
    )
    await begun.wait()
    job.cancel()
    await asyncio.sleep(0)
    assert not job.done()
    on.set()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert [file.closed for file in opened] == [True]


async def test_a_disk_is_told_from_a_recorder(tmp_path: Path) -> None:
    """What the disk refuses has a code of its own; what the sender says stays."""
    for path, code in (
        (tmp_path / "none" / "film", "refused_2"),
        (Path("/dev/full"), "refused_17"),  # it is there already
    ):
        with pytest.raises(SourceError, match=code):
            await async_to_disk(parts(5), path, told=lambda _: None, refused=refused)

    async def cut_off() -> AsyncIterator[bytes]:
        yield b"film"
        raise SourceError("cut_off")

    with pytest.raises(SourceError, match="cut_off"):
        await async_to_disk(
            cut_off(), tmp_path / "film", told=lambda _: None, refused=refused
        )
