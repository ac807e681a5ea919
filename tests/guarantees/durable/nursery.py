"""Homes one after the other, each born by a fork: importing takes longer than living.

A program: it reads jobs as lines of JSON and tells what its homes say, then how each
ended. Homes say it with `writev`, which nothing else here calls: so a failing disk can
be played to the product without making the home mute.
"""

from . import bare  # isort: skip  # before the product

import asyncio
from concurrent.futures import ThreadPoolExecutor
import json
import os
from pathlib import Path
import sys
import tempfile
import threading
from typing import Any

from tests.deliveries import Sealed

from .home import Home, traced
from .scenarios import SCENARIOS, GaveUpError

__all__ = ["bare"]


def say(*words: object) -> None:
    """Say a line, whole or not at all."""
    os.writev(1, [" ".join(map(str, words)).encode() + b"\n"])


def wait_for_go() -> None:
    """Wait for a word from outside."""
    if not os.read(0, 1):
        os._exit(3)


def read_line() -> str:
    """Return the next line, and not a byte more: the rest is for the homes."""
    line = b""
    while byte := os.read(0, 1):
        if byte == b"\n":
            break
        line += byte
    return line.decode()


async def live(job: dict[str, Any]) -> None:
    """Live one home's life, as the job says. Its threads are few, and named."""
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, told: say("UNHANDLED", repr(told)))
    loop.set_default_executor(ThreadPoolExecutor(1))
    home = Home(job, say, wait_for_go)
    threads = {
        "main": threading.get_native_id(),
        "worker": await loop.run_in_executor(None, threading.get_native_id),
        "database": await home.database_thread(),
    }
    say("READY", json.dumps({"pid": os.getpid(), **threads}))
    wait_for_go()
    try:
        await SCENARIOS[job["scenario"]](home)
    except GaveUpError as err:
        say("GAVE_UP", err)
    finally:
        await home.stop()
    say("END")
    os._exit(0)  # what Python does after this is no part of it


def warm_up() -> None:
    """Seal something, so that all that is imported only then is there."""
    with tempfile.TemporaryDirectory() as folder:
        Sealed(Path(folder))


def main() -> None:
    """Raise homes until there are no more jobs."""
    warm_up()
    say("OPEN")
    while line := read_line():
        if child := os.fork():
            _, status = os.waitpid(child, 0)
            say("EXIT", os.waitstatus_to_exitcode(status))
            continue
        try:
            asyncio.run(live(json.loads(line)))
        except BaseException as err:  # noqa: BLE001  # the one who asked wants to know
            say("UNHANDLED", *traced(err))
        os._exit(1)
    sys.exit(0)


if __name__ == "__main__":
    main()
