"""Requests of a home that is killed again and again: what was asked, what was said."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
import hashlib
import io
from pathlib import Path
import subprocess
import tarfile
from typing import Final, override

from .client import Connection, JsonObject
from .home_assistant import DOMAIN

UNDECIDED: Final = {"received", "screened", "drafting", "drafted", "waiting"}
ON_ITS_WAY: Final = {"consented", "sealed", "shared"}


class KillsError(Exception):
    """A promise that did not hold."""


class Way(StrEnum):
    """How a request comes and where its answer goes."""

    INVITE = "invite"  # asked by the public form; into the home's own drop
    TEST = "test"  # the owner's own test; into the drop too
    TUS = "tus"  # entered by an action; to an upload server


class Plan(StrEnum):
    """What the approver does with it."""

    SHARE = "share"
    UNDO = "undo"  # and approve again
    DECLINE = "decline"  # after taking it back


class Word(StrEnum):
    """The last that was asked of the home, and whether it said yes."""

    ASKED = "asked"
    TAPPED = "tapped"
    APPROVED = "approved"
    UNDOING = "undoing"
    UNDONE = "undone"
    DECLINING = "declining"
    DECLINED = "declined"


# What a case may be after the home was killed.
MAY_BE: Final = {
    Word.ASKED: UNDECIDED,
    Word.TAPPED: UNDECIDED | ON_ITS_WAY,
    Word.APPROVED: ON_ITS_WAY,
    Word.UNDOING: UNDECIDED | ON_ITS_WAY,
    Word.UNDONE: UNDECIDED,
    Word.DECLINING: UNDECIDED | {"closed"},
    Word.DECLINED: {"closed"},
}


@dataclass(slots=True, kw_only=True)
class Key:
    """A requester's key, made and used by the `age` program."""

    file: Path
    recipient: str

    @classmethod
    def make(cls, file: Path) -> Key:
        """Make a key, unless it is there."""
        if not file.exists():
            subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
        made = subprocess.run(
            ["age-keygen", "-y", file], check=True, capture_output=True, text=True
        )
        return cls(file=file, recipient=made.stdout.strip())

    def clip_digest(self, package: bytes) -> str:
        """Open a package; return the digest of the clip in it."""
        opened = subprocess.run(
            ["age", "-d", "-i", self.file],
            input=package,
            check=True,
            capture_output=True,
        ).stdout
        with tarfile.open(fileobj=io.BytesIO(opened)) as tar:
            clip = tar.extractfile("clip.mp4")
            if clip is None:
                raise KillsError("a package without a clip")
            return hashlib.sha256(clip.read()).hexdigest()


@dataclass(slots=True, kw_only=True)
class Asked:
    """One request as the world outside knows it."""

    name: str
    way: Way
    plan: Plan
    case_id: str | None = None
    status_id: str | None = None
    word: Word = Word.ASKED
    undone: bool = False
    taps: int = 0
    confirmed: int = 0
    sha256: str = ""
    over: str | None = None  # shared or closed, once seen


@dataclass(slots=True)
class Tally:
    """What happened."""

    kills: int = 0
    in_starts: int = 0
    met: Counter[str] = field(default_factory=Counter)  # states of cases when killed
    arrived: Counter[str] = field(default_factory=Counter)
    confirmed: int = 0

    @override
    def __str__(self) -> str:
        """Return it in a line."""
        met = ", ".join(f"{count} {state}" for state, count in self.met.most_common())
        ways = ", ".join(f"{count} by {way}" for way, count in self.arrived.items())
        return (
            f"{self.kills} kills, {self.in_starts} of them while starting; open cases"
            f" met: {met}; {self.confirmed} taps confirmed; arrived: {ways}"
        )


class Follower:
    """The cases as a panel that just opened sees them, kept up to date."""

    def __init__(self, cases: dict[str, JsonObject]) -> None:
        """Begin with the snapshot."""
        self.cases = cases

    @classmethod
    @asynccontextmanager
    async def of(cls, connection: Connection) -> AsyncIterator[Follower]:
        """Subscribe."""
        queue = await connection.subscribe(f"{DOMAIN}/subscribe")
        snapshot = await asyncio.wait_for(queue.get(), 60)
        follower = cls({case["case_id"]: case for case in snapshot["cases"]})
        task = asyncio.create_task(follower._follow(queue))
        try:
            yield follower
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _follow(self, queue: asyncio.Queue[JsonObject]) -> None:
        while True:
            event = await queue.get()
            if event["event"] == "case" and event["case"]:
                self.cases[event["case"]["case_id"]] = event["case"]
