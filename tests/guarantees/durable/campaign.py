"""Every point of a scenario, struck one after the other, two homes at a time."""

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
import itertools
from pathlib import Path
import queue
import shutil
from typing import Any, Final, Protocol, Self

from pyrage import x25519

from custom_components.clip_consent.home.world import RandomIds
from script.demo_world.tus import Upload, running_server

from .judge import Remains, faults_at_calm
from .killer import HARMLESS, KILL, WRITING, Life, Nursery, Point, Strike

SIDE_BY_SIDE: Final = 2
HOUR: Final = 3600


@dataclass(slots=True)
class Tally:
    """How many points were struck, how many never came, and what did not hold."""

    struck: int = 0
    unmet: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.struck + other.struck,
            self.unmet + other.unmet,
            self.refused + other.refused,
            self.faults + other.faults,
        )


class Server(Protocol):
    """What takes the uploads of many lives."""

    def url(self, life: str) -> str:
        """Return where a life's uploads are created."""

    def uploads(self, life: str) -> list[Upload]:
        """Return a life's uploads in the order of their creation."""

    def finished(self, life: str) -> list[Upload]:
        """Return those that are here whole."""


class Campaign:
    """The lives of many homes, and the one server that outlives them all."""

    def __init__(
        self,
        folder: Path,
        server: Server,
        stack: ExitStack,
        storage: str | None = None,
    ) -> None:
        self._folder, self.server, self.storage = folder, server, storage
        self._numbers = itertools.count()
        self._nurseries: queue.SimpleQueue[Nursery] = queue.SimpleQueue()
        for number in range(SIDE_BY_SIDE):
            place = folder / f"nursery{number}"
            place.mkdir()
            self._nurseries.put(stack.enter_context(Nursery(place)))

    @classmethod
    @contextmanager
    def begun(cls, folder: Path) -> Iterator[Self]:
        """Open server and nurseries, and close them."""
        with ExitStack() as stack:
            yield cls(folder, stack.enter_context(running_server()), stack)

    @classmethod
    @contextmanager
    def before(cls, folder: Path, server: Server, storage: str) -> Iterator[Self]:
        """Open nurseries before a hub that has answers kept in a store."""
        with ExitStack() as stack:
            yield cls(folder, server, stack, storage)

    @contextmanager
    def _nursery(self) -> Iterator[Nursery]:
        nursery = self._nurseries.get()
        try:
            yield nursery
        finally:
            self._nurseries.put(nursery)

    def count(self, scenario: str, prelude: str | None = None) -> dict[Any, int]:
        """Return how often each thread makes each writing call in a whole life.

        Every call is looked at, so that none that writes is forgotten.
        """
        with self._nursery() as nursery:
            home = _HomeFile(self, prelude)
            if prelude:
                nursery.live(home.job(prelude))
            life = nursery.live(home.job(scenario, at=5 if prelude else 0), count=True)
            assert life.status == 0 and life.said("END") == [[]], life.lines
            shutil.rmtree(home.folder)
        unknown = {call for _, call in life.counted} - WRITING - HARMLESS
        assert not unknown, f"do they write? {unknown}"
        counts = {
            (thread, call): number
            for (thread, call), number in life.counted.items()
            if call in WRITING
        }
        assert not [call for thread, call in counts if thread == "another"]
        return counts

    def strike_all(
        self,
        scenario: str,
        what: str,
        *,
        lasting: bool = False,
        prelude: str | None = None,
        spared: Iterable[tuple[str, str]] = (),
        every: int = 1,
    ) -> Tally:
        """Strike at every point but the spared calls, and as far beyond as there are.

        One life may make a call more often than the one that was counted, so each
        name goes on until a life ends unharmed.
        """
        counts = {
            lane: number
            for lane, number in self.count(scenario, prelude).items()
            if lane not in set(spared)
        }
        points = [
            Point(*lane, number)
            for lane, most in counts.items()
            for number in range(1, most + 1)
        ][::every]

        def strike(point: Point) -> Tally:
            return self._strike(scenario, Strike(point, what, lasting), prelude)

        def beyond(lane: tuple[str, str]) -> Tally:
            tally = Tally()
            for number in itertools.count(counts[lane] + 1):
                more = strike(Point(*lane, number))
                tally += more
                if more.unmet:
                    return tally
            raise AssertionError

        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            tallies = [*pool.map(strike, points)]
            if every == 1:
                tallies += pool.map(beyond, counts)
        return sum(tallies, Tally())

    def _strike(self, scenario: str, strike: Strike, prelude: str | None) -> Tally:
        home = _HomeFile(self, prelude)
        lives: list[Life] = []
        with self._nursery() as nursery:
            if prelude:
                lives.append(nursery.live(home.job(prelude)))
            at = 5 if prelude else 0
            lives.append(nursery.live(home.job(scenario, at=at), strike))
            faults = [*_faults_of_life(lives[-1], strike)]
            faults += home.finish(nursery, lives)
        point = strike.point
        struck = lives[-2].struck if len(lives) > 1 else False
        where = f"{scenario} {strike.what} {point.thread} {point.call} {point.number}"
        shutil.rmtree(home.folder)
        return Tally(
            struck=int(struck),
            unmet=int(not struck),
            refused=Counter(" ".join(rest) for rest in lives[-2].said("REFUSED")),
            faults=[f"{where}: {fault} ({_heard(lives)})" for fault in faults],
        )

    def live_whole(self, scenario: str) -> tuple[Life, list[str], str]:
        """Let one home live unharmed and finish; return its life and what is wrong."""
        home = _HomeFile(self, None)
        with self._nursery() as nursery:
            life = nursery.live(home.job(scenario))
            return life, home.finish(nursery, [life]), home.name


class _HomeFile:
    """What one home needs from outside: a folder, a key, a place on the server."""

    def __init__(self, campaign: Campaign, prelude: str | None) -> None:
        self.name = f"home{next(campaign._numbers)}"
        self.folder = campaign._folder / self.name
        self._server, self._storage = campaign.server, campaign.storage
        self._prelude = prelude
        self._identity = x25519.Identity.generate()
        self._request_id = RandomIds().new_id()

    def job(self, scenario: str, at: float = 0) -> dict[str, Any]:
        """Return what a nursery is told."""
        return {
            "scenario": scenario,
            "at": at,
            "folder": str(self.folder),
            "url": self._server.url(self.name),
            "storage": self._storage,
            "request_id": self._request_id,
            "recipient": str(self._identity.to_public()),
        }

    def finish(self, nursery: Nursery, lives: list[Life]) -> list[str]:
        """Restart, look at it while it is calm, drive it to its end, and judge."""
        before = Life(lines=[line for life in lives for line in life.lines])
        at_calm: list[int] = []
        uploads = self._server.uploads(self.name)

        def look() -> None:
            at_calm.append(len(uploads))

        last = nursery.live(self.job("finish", at=HOUR), at_rest=look)
        lives.append(last)
        if last.status != 0 or last.said("END") != [[]] or last.said("REFUSED"):
            return [f"it does not go on: {last.lines} {last.status}"]
        [[state]] = last.said("CALM")
        faults = [*faults_at_calm(before, state, uploads[: at_calm[0]])]
        faults += Remains(self.folder, self._identity).faults([before, last], uploads)
        expected = 0 if state == "closed" else 1
        if len(self._server.finished(self.name)) != expected:
            faults.append(f"{len(self._server.finished(self.name))} arrived in the end")
        return faults


def _faults_of_life(life: Life, strike: Strike) -> Iterator[str]:
    for told in {" ".join(words) for words in life.said("UNHANDLED")}:
        yield f"unhandled: {told}"
    if strike.what == KILL and life.struck:
        return
    if life.status != 0:
        yield f"ended with {life.status}"
    if life.said("GAVE_UP") and not strike.lasting:
        yield f"gave up: {life.said('GAVE_UP')}"


def _heard(lives: list[Life]) -> str:
    return " | ".join(
        ", ".join(" ".join(words)[:30] for words in life.lines[:12]) for life in lives
    )
