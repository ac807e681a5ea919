"""Start programs so that none of them outlives us, and end them by their id."""

import contextlib
import os
from pathlib import Path
import random
import shutil
import signal
import socket
import subprocess
from typing import Final

LOOPBACK: Final = "127.0.0.1"
# Linux gives outgoing lines 32768 and more (ip_local_port_range).
_BELOW_OUTGOING: Final = range(20_000, 32_000)


def free_port(wanted: int = 0) -> int:
    """Return the wanted port if nobody listens there, else any free one.

    It is none that the kernel gives to outgoing lines: a program that is started anew
    at its port would find it taken by one of those. Raises OSError if none is free.
    """
    others = random.sample(_BELOW_OUTGOING, 100)
    for port in ([wanted] if wanted else []) + others:
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return int(probe.getsockname()[1])
    raise OSError("no free port")


class Process:
    """A program in a process group of its own, its output in a file."""

    def __init__(
        self,
        command: list[str],
        log: Path,
        env: dict[str, str],
        cwd: Path | None = None,
    ) -> None:
        """Start it. The kernel ends it should we be killed."""
        # Ctrl-C in a terminal reaches us alone: we stop the others, in order.
        tied = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                [*tied, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **env},
                cwd=cwd,
                start_new_session=True,
            )
        self.pid = self._popen.pid

    @property
    def exit_status(self) -> int | None:
        """The exit status, or None while it runs."""
        return self._popen.poll()

    def stop(self, timeout: float = 30) -> int:
        """Ask it to end; make it if it takes too long. Return its exit status."""
        self._popen.terminate()
        try:
            return self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            return self.kill()
        finally:
            self._end_group()

    def kill(self) -> int:
        """End it at once, as a power cut would."""
        self._end_group()
        return self._popen.wait()

    def _end_group(self) -> None:
        """End what it started and left behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
