"""Runs ffmpeg: niced and limited, in a process group that ends with the job."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
import os
from pathlib import Path
import re
import resource
import shutil
import signal
from typing import Final

from ...core.errors import MediaError
from .stalling import alive

_QUIET: Final = ("-nostdin", "-hide_banner", "-nostats", "-y")
_MAX_OUTPUT: Final = 2**26  # 64 MiB of standard output
_MAX_LOG: Final = 2**18  # 256 KiB of messages
_MAX_LAST: Final = 2**14  # bytes of the last ones
_GRACE: Final = 5.0  # seconds for a killed process to be gone
_PATIENCE: Final = 120.0  # seconds that any run may take, however short the film
# A broken recording shall not take memory from others. Measured with 4K of 10 bits: a
# look at it needs 255 MiB; to decode all of it and code it anew, 490 MiB. What the
# program itself is made of comes on top, 15 MiB: so a look stays below 300.
_MEMORY: Final = 272 * 2**20
_CODING_MEMORY: Final = 640 * 2**20
_CODING: Final = {
    "libx264",
    "libx265",
    "-filter_complex",
}  # in the arguments of such runs
# Killed, Home Assistant can end nothing any more. So beside each ffmpeg something waits
# for the end of a pipe that only Home Assistant holds, and then ends the whole group.
# What is to become ffmpeg waits for a line before it does: its limits are set by then,
# so there is no moment in which it has none. Without that line it is never run.
_WATCHED: Final = (
    '{ read -r _ <"/proc/self/fd/$0"; kill -9 0; } </dev/null >/dev/null 2>&1 & '
    'read -r _ && exec "$@" </dev/null'
)
_FRAME: Final = re.compile(rb"^frame=\s*(\d+)")

# What ffmpeg says, what it means. The first that fits counts: what a disk does not
# give can look like rubbish.
_AWAY: Final = ("Input/output error", "Stale file handle")
_FULL: Final = ("No space left on device", "Disk quota exceeded")
# It says so and still ends as if all were well: what was in its buffer is lost.
_UNWRITTEN: Final = (*_FULL, "Error writing trailer", "Error closing file")
_REFUSALS: Final = (
    ("File ended prematurely", "recording_unfinished"),  # and then: Input/output error
    *((said, "recording_unreachable") for said in _AWAY),
    ("moov atom not found", "recording_unfinished"),
    ("matches no streams", "no_video"),
    ("does not contain any stream", "no_video"),
    ("Unknown encoder", "no_encoder"),
    *((said, "disk_full") for said in _FULL),
    ("Cannot allocate memory", "recording_unreadable"),  # it wants more than any may
    ("Invalid data found", "recording_unreadable"),
    ("End of file", "recording_unreadable"),
    ("incorrect codec parameters", "recording_unreadable"),
    ("could not find codec parameters", "recording_unreadable"),
)


def patience(seconds: float, *, pace: float) -> float:
    """Return how long a run may take, if a second of film may take `pace` seconds."""
    return _PATIENCE + pace * seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a run of ffmpeg ended.

    `log` is the beginning of what it said, `last` the end: that tells of a failure.
    """

    ok: bool
    output: bytes
    log: str
    last: str
    killed: bool
    overfull: bool  # it would have written more into a file than it may

    @property
    def told(self) -> str:
        """Return all that was kept of what it said."""
        return self.log + self.last

    @property
    def disturbed(self) -> bool:
        """Whether it ended by no fault of the recording, as far as can be told."""
        return self.killed or any(said in self.told for said in _AWAY)

    @property
    def is_full(self) -> bool:
        """Whether there was no room for what it wrote."""
        return any(said in self.last for said in _FULL)

    def refusal(self) -> MediaError:
        """Return what its messages mean, without a word of theirs."""
        if self.overfull:
            return MediaError("recording_unreadable")
        if self.killed:  # before it had said all
            return MediaError("media_failed")
        found = (code for said, code in _REFUSALS if said in self.told)
        return MediaError(next(found, "media_failed"))


class Ffmpeg:
    """The ffmpeg binary, as Home Assistant is set up to use it."""

    def __init__(self, binary: str) -> None:
        """Keep the name or path of the binary."""
        self._binary = binary

    async def async_run(
        self,
        arguments: Sequence[str],
        *,
        seconds: float,
        fds: Sequence[int] = (),
        cwd: Path | None = None,
        frames: Callable[[int], None] | None = None,
        max_file: int | None = None,
    ) -> Run:
        """Run it, at most for so many seconds.

        `fds` stay open in the child under their numbers. `frames` is told how many
        frames are done. Each file that it writes may have `max_file` bytes. Raises
        MediaError `ffmpeg_missing`, `media_timeout`, or `recording_unreachable` where
        it hangs on a disk; a refusal of ffmpeg's is no error here.
        """
        command = [*await asyncio.to_thread(self._start_of_command), *_QUIET]
        if frames:
            command += ["-progress", "pipe:1", "-stats_period", "0.5"]
        coding = not _CODING.isdisjoint(arguments)
        with _held() as (held, let_go):
            process = await _async_start([*command, *arguments], (*fds, held), cwd)
            try:
                _limit(process.pid, _CODING_MEMORY if coding else _MEMORY, max_file)
                _let_run(process)
                async with asyncio.timeout(seconds) as limit, alive(process.pid):
                    output, log = await _async_follow(process, frames)
            except TimeoutError as err:
                hangs = not limit.expired()
                code = "recording_unreachable" if hangs else "media_timeout"
                raise MediaError(code) from err
            finally:
                await _async_end(process)
                let_go()
                await _async_count(process)
        text, last = (part.decode("utf-8", "replace") for part in log)
        status = process.returncode
        return Run(
            ok=status == 0 and not any(said in last for said in _UNWRITTEN),
            output=output,
            log=text,
            last=last,
            killed=bool(status and status < 0),
            overfull=status == -signal.SIGXFSZ,
        )

    def _start_of_command(self) -> list[str]:
        binary = shutil.which(self._binary)
        if binary is None:
            raise MediaError("ffmpeg_missing")
        nice = shutil.which("nice")
        return [nice, "-n", "10", binary] if nice else [binary]


@contextmanager
def _held() -> Iterator[tuple[int, Callable[[], None]]]:
    """Give the end of a pipe that is open until it is let go, or this process ends."""
    with ExitStack() as reading, ExitStack() as writing:
        ends = os.pipe()
        for stack, end in zip((reading, writing), ends, strict=True):
            stack.callback(os.close, end)
        yield ends[0], writing.close


async def _async_start(
    command: Sequence[str], fds: Sequence[int], cwd: Path | None
) -> asyncio.subprocess.Process:
    """Start a command in a group of its own; the last of `fds` is held.

    It waits to be let run; without a shell, which no system lacks, it does not.
    """
    shell = await asyncio.to_thread(shutil.which, "sh")
    watched = [shell, "-c", _WATCHED, str(fds[-1])] if shell else []
    return await asyncio.create_subprocess_exec(
        *watched,
        *command,
        stdin=asyncio.subprocess.PIPE if shell else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=cwd,
        pass_fds=tuple(fds),
        process_group=0,
    )


def _let_run(process: asyncio.subprocess.Process) -> None:
    """Let what waits become the command. One that was ended meanwhile is no error."""
    if process.stdin:
        process.stdin.write(b"\n")
        process.stdin.close()


async def _async_count(process: asyncio.subprocess.Process) -> None:
    """Count what watched over a process among the dead, if nobody else does.

    That is so where Home Assistant is the first process of a container. One that is
    ending gives out no more threads, and leaves no container behind.
    """
    if process.returncode is not None:
        with suppress(ChildProcessError, RuntimeError):
            await asyncio.to_thread(os.waitpid, -process.pid, 0)


async def _async_follow(
    process: asyncio.subprocess.Process, frames: Callable[[int], None] | None
) -> tuple[bytes, tuple[bytes, bytes]]:
    """Return what the process writes until it ends; of its messages start and end."""
    assert process.stdout
    assert process.stderr
    if frames:
        reading = _async_watch(process.stdout, frames)
    else:
        reading = _async_read(process.stdout, _MAX_OUTPUT)
    output, log, _ = await asyncio.gather(
        reading, _async_log(process.stderr), process.wait()
    )
    return output, log


async def _async_read(stream: asyncio.StreamReader, limit: int) -> bytes:
    """Return the start of what comes, and let the rest go by."""
    kept = bytearray()
    while chunk := await stream.read(2**16):
        kept += chunk[: limit - len(kept)]
    return bytes(kept)


async def _async_log(stream: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Return start and end of what comes: the same, if it is little."""
    kept, last = bytearray(), b""
    while chunk := await stream.read(2**16):
        kept += chunk[: _MAX_LOG - len(kept)]
        last = (last + chunk)[-_MAX_LAST:]
    return bytes(kept), last


async def _async_watch(
    stream: asyncio.StreamReader, frames: Callable[[int], None]
) -> bytes:
    """Tell the number of frames done, as often as ffmpeg does."""
    while line := await stream.readline():
        if match := _FRAME.match(line):
            frames(int(match[1]))
    return b""


def _limit(pid: int, memory: int, file: int | None) -> None:
    """Set the limits of a process; where there are lower ones, those stay.

    What a crashed one has in memory is footage: it is not written to the disk.
    """
    limits = {resource.RLIMIT_DATA: memory, resource.RLIMIT_CORE: 0}
    if file is not None:
        limits[resource.RLIMIT_FSIZE] = file
    with suppress(ProcessLookupError):
        for kind, limit in limits.items():
            _, most = resource.prlimit(pid, kind)
            if most == resource.RLIM_INFINITY or most > limit:
                resource.prlimit(pid, kind, (limit, limit))


async def _async_end(process: asyncio.subprocess.Process) -> None:
    """Kill the whole group if it still runs, and wait until it is gone."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    # A process stuck in a dead network mount cannot even be killed: do not hang too.
    with suppress(TimeoutError):
        async with asyncio.timeout(_GRACE):
            await process.communicate()
