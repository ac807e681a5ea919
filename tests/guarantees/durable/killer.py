"""Strikes a home at one system call, told by thread, name and number.

strace counts `when=` for each thread and each name alone. So it is attached to one
thread, after the home has started its three: the n-th call of that name in that thread
is one point and no other. The signal comes before the call is made; what a call changed
is met at the next point.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import re
import select
import signal
import subprocess
import sys
import time
from typing import Any, Final, Self

ROOT: Final = Path(__file__).parents[3]
PATIENCE: Final = 90  # seconds, for one life
THREADS: Final = ("main", "worker", "database")
KILL: Final = "signal=KILL"
_CALL: Final = re.compile(r"(\d+) +(?:\d\d:\S+ )?([a-z_0-9]+)\(")

# Calls after which the disk, or somebody else, is not what it was.
WRITING: Final = frozenset(
    [
        "write",
        "pwrite64",
        "writev",
        "pwritev",
        "pwritev2",
        "sendfile",
        "copy_file_range",
        "splice",
        "sendto",
        "sendmsg",
        "sendmmsg",
        "shutdown",
        "connect",
        "fsync",
        "fdatasync",
        "sync",
        "sync_file_range",
        "syncfs",
        "msync",
        "open",
        "openat",
        "openat2",
        "creat",
        "rename",
        "renameat",
        "renameat2",
        "unlink",
        "unlinkat",
        "rmdir",
        "mkdir",
        "mkdirat",
        "link",
        "linkat",
        "symlink",
        "symlinkat",
        "mknod",
        "mknodat",
        "truncate",
        "ftruncate",
        "fallocate",
        "chmod",
        "fchmod",
        "fchmodat",
        "fchmodat2",
        "chown",
        "fchown",
        "lchown",
        "fchownat",
        "utime",
        "utimes",
        "utimensat",
        "futimesat",
        "setxattr",
        "fsetxattr",
        "removexattr",
        "ioctl",
    ]
)
# Calls that leave both as they are, as far as they are met here.
HARMLESS: Final = frozenset(
    [
        "read",
        "readv",
        "pread64",
        "preadv",
        "preadv2",
        "lseek",
        "close",
        "dup",
        "dup2",
        "dup3",
        "fcntl",
        "flock",
        "stat",
        "fstat",
        "lstat",
        "newfstatat",
        "statx",
        "access",
        "faccessat",
        "faccessat2",
        "readlink",
        "readlinkat",
        "getdents64",
        "getcwd",
        "statfs",
        "fstatfs",
        "fadvise64",
        "umask",
        "mmap",
        "munmap",
        "mremap",
        "mprotect",
        "madvise",
        "brk",
        "membarrier",
        "mlock",
        "futex",
        "poll",
        "ppoll",
        "select",
        "pselect6",
        "epoll_create1",
        "epoll_ctl",
        "epoll_wait",
        "epoll_pwait",
        "epoll_pwait2",
        "eventfd2",
        "pipe2",
        "socket",
        "socketpair",
        "bind",
        "listen",
        "accept",
        "accept4",
        "setsockopt",
        "getsockopt",
        "getsockname",
        "getpeername",
        "recvfrom",
        "recvmsg",
        "clock_gettime",
        "clock_nanosleep",
        "nanosleep",
        "gettimeofday",
        "getrandom",
        "times",
        "getrusage",
        "getpid",
        "gettid",
        "getppid",
        "getuid",
        "geteuid",
        "getgid",
        "getegid",
        "uname",
        "sysinfo",
        "sched_yield",
        "sched_getaffinity",
        "sched_setaffinity",
        "sched_getparam",
        "sched_getscheduler",
        "rt_sigaction",
        "rt_sigprocmask",
        "rt_sigreturn",
        "sigaltstack",
        "restart_syscall",
        "clone",
        "clone3",
        "set_robust_list",
        "rseq",
        "prctl",
        "arch_prctl",
        "prlimit64",
        "wait4",
        "kill",
        "tgkill",
        "set_tid_address",
        "exit",
        "exit_group",
    ]
)


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One system call of a life."""

    thread: str
    call: str
    number: int


@dataclass(frozen=True, slots=True)
class Strike:
    """What happens at a point: `signal=KILL`, or `error=…`, once or from then on."""

    point: Point
    what: str
    lasting: bool = False


@dataclass(slots=True)
class Life:
    """What a home said, how it ended, and whether it was struck."""

    lines: list[list[str]] = field(default_factory=list)
    status: int | None = None
    struck: bool = False
    counted: Counter[tuple[str, str]] = field(default_factory=Counter)

    def said(self, word: str) -> list[list[str]]:
        """Return what was said after this word, each time."""
        return [rest for first, *rest in self.lines if first == word]


class Nursery:
    """A process that gives birth to homes; one lives at a time."""

    def __init__(self, folder: Path) -> None:
        self._trace = folder / "trace"
        self._errors = (folder / "errors").open("ab")
        self._rest = b""
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.nursery"],
            cwd=ROOT,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )
        assert self._read(time.monotonic() + PATIENCE) == ["OPEN"]

    def live(
        self,
        job: dict[str, Any],
        strike: Strike | None = None,
        *,
        count: bool = False,
        at_rest: Callable[[], None] = lambda: None,
    ) -> Life:
        """Let a home live. `at_rest` is called when it says that it is calm."""
        life, end = Life(), time.monotonic() + PATIENCE
        self._tell(json.dumps(job).encode() + b"\n")
        ready = self._read(end)
        assert ready[0] == "READY", ready
        threads = json.loads(" ".join(ready[1:]))
        try:
            with self._tracer(threads, strike, count=count):
                self._tell(b"g")
                while (line := self._read(end))[0] != "EXIT":
                    life.lines.append(line)
                    if line[0] == "CALM":
                        at_rest()
                        self._tell(b"g")
        except TimeoutError:
            os.kill(threads["pid"], signal.SIGKILL)
            raise
        life.status = int(line[1])
        self._look_at_trace(life, threads, strike, count=count)
        return life

    def _look_at_trace(
        self, life: Life, threads: dict[str, int], strike: Strike | None, *, count: bool
    ) -> None:
        if strike:
            life.struck = (
                life.status == -signal.SIGKILL
                if strike.what == KILL
                else "(INJECTED)" in self._trace.read_text()
            )
        if count:
            names = {str(number): name for name, number in threads.items()}
            for line in self._trace.read_text().splitlines():
                if found := _CALL.match(line):
                    thread = names.get(found[1], "another")
                    life.counted[thread, found[2]] += 1

    @contextmanager
    def _tracer(
        self, threads: dict[str, int], strike: Strike | None, *, count: bool
    ) -> Iterator[None]:
        if strike is None and not count:
            yield
            return
        tracer = subprocess.Popen(
            self._command(threads, strike), stderr=subprocess.PIPE, text=True
        )
        assert tracer.stderr is not None
        with tracer.stderr:
            attached = tracer.stderr.readline()
            assert "attached" in attached, attached
            yield
            tracer.wait(PATIENCE)

    def _command(self, threads: dict[str, int], strike: Strike | None) -> list[str]:
        to_file = ["strace", "-o", str(self._trace)]
        if strike is None:
            return [*to_file, "-f", "-s", "0", "-p", str(threads["pid"])]
        point = strike.point
        when = f"{point.number}{'+' if strike.lasting else ''}"
        return [
            *to_file,
            *("-e", f"trace={point.call}", "-s", "0"),
            *("-e", f"inject={point.call}:{strike.what}:when={when}"),
            *("-p", str(threads[point.thread])),
        ]

    def _tell(self, data: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(data)

    def _read(self, end: float) -> list[str]:
        """Return the words of the next line. Raises TimeoutError."""
        assert self._process.stdout is not None
        while b"\n" not in self._rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                raise TimeoutError("a home hangs")
            data = os.read(self._process.stdout.fileno(), 65536)
            if not data:
                raise TimeoutError("the nursery is gone")
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode().split(" ")

    def close(self) -> None:
        """End it."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
