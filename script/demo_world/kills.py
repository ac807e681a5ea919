"""Kill a real Home Assistant again and again, and see from outside what it kept.

Requests come in on two ways out and are approved, taken back and declined all the time;
the process is killed at moments drawn from a seed, in the middle of a start too. What
was confirmed is remembered here and held against each home that comes up after, and in
the end against the ledger, the status pages and what the upload server received.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, timedelta
import hashlib
import itertools
import json
from pathlib import Path
import random
from typing import Final

import aiohttp
from yarl import URL

from . import story
from .asked import (
    MAY_BE,
    UNDECIDED,
    Asked,
    Follower,
    Key,
    KillsError,
    Plan,
    Tally,
    Way,
    Word,
)
from .client import ApiError, Connection, HomeAssistantClient, JsonObject
from .flows import Flow
from .home_assistant import DOMAIN
from .tus import TusServer
from .world import World

IN_FLIGHT: Final = 4
BY_INVITE: Final = 4  # requests of strangers; more would be over the limit
PACE: Final = 0.15  # seconds that the upload server takes for a piece
STARTS_KILLED: Final = 0.25  # of all kills
LONGEST_START: Final = 5.0  # seconds
LONGEST_LIFE: Final = 5.0
PATIENCE: Final = 300.0


class Household:
    """A home, those who ask it, and the one who approves."""

    def __init__(
        self, world: World, session: aiohttp.ClientSession, tus: TusServer, seed: int
    ) -> None:
        """Take the world; `async_move_in` sets the home up."""
        self._world, self._session, self._tus = world, session, tus
        self._dice = random.Random(seed)
        self._numbers = itertools.count(1)
        self._asked: list[Asked] = []
        self._invite = ""
        self._states: dict[str, str] = {}
        self._key = Key.make(world.folder / "requester.key")
        self.tally = Tally()

    async def async_move_in(self) -> None:
        """Set the integration up, then restart once, so that Home Assistant saves."""
        owner = await self._world.owner(self._session)
        made = await story.set_up_integration(owner)
        self._invite = URL(made.invite_link).path
        flow = await Flow.options(owner, made.entry_id)
        host = f"127.0.0.1:{self._tus.server_address[1]}"
        await flow.fill(undo_panel=5, upload_hosts=[host])
        flow.finished()
        self._world.home.stop()
        self._world.home.log.write_text("")  # it tells of a reload cut short
        self._world.home.start()

    async def async_kill(self, kills: int) -> None:
        """Kill it so many times, and look each time at what it kept."""
        home = self._world.home
        for _ in range(kills):
            self.tally.kills += 1
            if self._dice.random() < STARTS_KILLED:
                self.tally.in_starts += 1
                await asyncio.sleep(self._dice.uniform(0.5, LONGEST_START))
                home.kill()
            else:
                owner = await self._up()
                life = asyncio.create_task(self._live(owner, asking=True))
                await asyncio.wait([life], timeout=self._dice.uniform(0, LONGEST_LIFE))
                home.kill()
                await self._end(life)
                self.tally.met.update(self._open_states())
            self._check_log()
            home.start()

    async def async_finish(self) -> None:
        """Let everything come to its end, and hold it all against what was said."""
        owner = await self._up()
        async with asyncio.timeout(PATIENCE):
            await self._live(owner, asking=False)
        async with owner.connection() as connection:
            entries, head = await story.ledger(connection)
        story.check_ledger(entries, head)
        self._check_log()
        for asked in self._asked:
            await self._check_end(asked, entries)
        self._check_strangers(entries)
        self.tally.confirmed = sum(asked.confirmed for asked in self._asked)

    # --- the life of the home

    async def _up(self) -> HomeAssistantClient:
        await self._world.home.answering(self._session)
        owner = await self._world.owner(self._session)
        await self._world.home.running(owner)
        return owner

    async def _end(self, life: asyncio.Task[None]) -> None:
        """Wait for those who talked with a home that is dead now."""
        life.cancel()
        with suppress(asyncio.CancelledError, OSError, aiohttp.ClientError):
            await life

    async def _live(self, owner: HomeAssistantClient, *, asking: bool) -> None:
        """Ask and answer; without `asking`, until nothing is left to be done."""
        async with (
            owner.connection() as connection,
            Follower.of(connection) as follower,
        ):
            for asked in self._known():
                self._check(asked, follower.cases.get(asked.case_id or ""))
            for asked in self._asked:
                if asked.way is Way.INVITE and asked.case_id is None:
                    await self._ask_by_invite(connection, asked)
            while True:
                if asking and len(self._known()) < IN_FLIGHT:
                    await self._ask(owner, connection)
                for asked in self._known():
                    if case := follower.cases.get(asked.case_id or ""):
                        await self._see_to(connection, asked, case)
                if not asking and not self._known():
                    return
                await asyncio.sleep(0.1)

    def _known(self) -> list[Asked]:
        return [one for one in self._asked if one.case_id and not one.over]

    def _open_states(self) -> Iterator[str]:
        for asked in self._known():
            yield self._states.get(asked.name, "received")

    async def _ask(self, owner: HomeAssistantClient, connection: Connection) -> None:
        number = next(self._numbers)
        strangers = sum(one.way is Way.INVITE for one in self._asked)
        ways = [Way.TUS, Way.TEST, *([Way.INVITE] if strangers < BY_INVITE else [])]
        asked = Asked(
            name=f"request{number}",
            way=self._dice.choice(ways),
            plan=self._dice.choice([Plan.SHARE, Plan.SHARE, Plan.UNDO, Plan.DECLINE]),
        )
        self._asked.append(asked)
        if asked.way is Way.TUS:
            await self._ask_for_upload(owner, asked)
        elif asked.way is Way.TEST:
            made = await connection.command(
                f"{DOMAIN}/test_request", recipient=self._key.recipient
            )
            asked.status_id = URL(made["status_url"]).name
            asked.case_id = made["case_id"]
        else:
            await self._ask_by_invite(connection, asked)

    async def _ask_for_upload(self, owner: HomeAssistantClient, asked: Asked) -> None:
        start, end = self._minute()
        answer = await owner.action(
            DOMAIN,
            "submit_request",
            {
                "name": asked.name,
                "text": "Somebody drove into my bicycle",
                "start": start,
                "end": end,
                "recipient": self._key.recipient,
                "upload_url": self._tus.url(asked.name),
            },
            answer=True,
        )
        asked.case_id = answer["case_id"]

    async def _ask_by_invite(self, connection: Connection, asked: Asked) -> None:
        """Ask, or ask once more where no answer came: it is one request."""
        start, end = self._minute()
        key = await asyncio.to_thread(Key.make, self._key_file(asked))
        async with self._session.post(
            f"{self._world.home.base_url}{self._invite}",
            json={
                "version": 1,
                "start": start,
                "end": end,
                "text": "Somebody drove into my bicycle",
                "name": asked.name,
                "recipient": key.recipient,
            },
        ) as response:
            if response.status != 202:
                raise KillsError(f"an invite answered {response.status}")
            asked.status_id = (await response.json())["id"]
        history = await connection.command(f"{DOMAIN}/history", before=None, limit=50)
        mine = [
            case["case_id"]
            for case in history["cases"]
            if case["request"]["name"] == asked.name
        ]
        if len(mine) != 1:
            raise KillsError(f"{asked}: {len(mine)} cases")
        [asked.case_id] = mine

    def _minute(self) -> tuple[str, str]:
        """Return a minute that one camera filmed."""
        start = self._world.recordings.one_camera.start.astimezone(UTC)
        minute = start, start + timedelta(minutes=1)
        first, last = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in minute)
        return first, last

    def _key_file(self, asked: Asked) -> Path:
        return self._world.folder / f"{asked.name}.key"

    async def _see_to(
        self, connection: Connection, asked: Asked, case: JsonObject
    ) -> None:
        """Do what the plan says next."""
        state = self._states[asked.name] = case["state"]
        if state in {"shared", "closed"}:
            asked.over = state
        elif state == "waiting" and case["offer"]:
            if asked.plan is Plan.DECLINE and asked.undone:
                await self._decline(connection, asked)
            else:
                await self._approve(connection, asked, case)
        elif (
            state == "consented"
            and asked.word is Word.APPROVED
            and asked.plan is not Plan.SHARE
            and not asked.undone
        ):
            await self._undo(connection, asked)

    async def _approve(
        self, connection: Connection, asked: Asked, case: JsonObject
    ) -> None:
        before, asked.word = asked.word, Word.TAPPED
        asked.taps += 1
        asked.sha256 = case["draft"]["sha256"]
        try:
            await connection.command(
                f"{DOMAIN}/approve",
                offer_id=case["offer"]["offer_id"],
                sha256=asked.sha256,
            )
        except ApiError:
            asked.word = before
        else:
            asked.word = Word.APPROVED
            asked.confirmed += 1

    async def _undo(self, connection: Connection, asked: Asked) -> None:
        asked.word = Word.UNDOING
        try:
            await connection.command(f"{DOMAIN}/undo", case_id=asked.case_id)
        except ApiError:  # too late
            asked.word, asked.plan = Word.APPROVED, Plan.SHARE
        else:
            asked.word, asked.undone = Word.UNDONE, True

    async def _decline(self, connection: Connection, asked: Asked) -> None:
        asked.word = Word.DECLINING
        await connection.command(f"{DOMAIN}/decline", case_id=asked.case_id)
        asked.word = Word.DECLINED

    # --- what has to hold

    def _check(self, asked: Asked, case: JsonObject | None) -> None:
        """Hold a case that came up after a kill against what was said before it."""
        may_be = MAY_BE[asked.word]
        if case is None:
            if not may_be & {"shared", "closed"}:
                raise KillsError(f"{asked} is over")
            asked.over = "shared" if "shared" in may_be else "closed"
            return
        if case["state"] not in may_be:
            raise KillsError(f"{asked} is {case['state']}")
        if asked.word is Word.UNDOING:
            if case["state"] in UNDECIDED:
                asked.word, asked.undone = Word.UNDONE, True
            else:
                asked.plan = Plan.SHARE

    def _check_log(self) -> None:
        ours = [line for line in self._world.home.faults() if DOMAIN in line]
        if ours:
            raise KillsError(f"in the log: {ours}")

    async def _check_end(self, asked: Asked, entries: list[JsonObject]) -> None:
        """Hold one request's lines, and what arrived of it, against what was said."""
        if asked.case_id is None:
            return
        mine = [entry for entry in entries if entry["case_id"] == asked.case_id]
        kinds = Counter(entry["kind"] for entry in mine)
        wanted = 1 if asked.over == "shared" else 0
        if not asked.confirmed <= kinds["approved"] <= asked.taps:
            raise KillsError(f"{asked}: {dict(kinds)}")
        if kinds["shared"] != wanted or kinds["received"] != 1:
            raise KillsError(f"{asked}: {dict(kinds)}")
        arrived = await self._arrived(asked)
        if len(arrived) != wanted:
            raise KillsError(f"{asked}: {len(arrived)} arrived")
        for package in arrived:
            self._check_package(asked, package, mine)
            self.tally.arrived[asked.way] += 1

    def _check_package(
        self, asked: Asked, package: bytes, mine: list[JsonObject]
    ) -> None:
        """Check that a package is the receipt's, and holds what was approved."""
        [receipt] = [entry["data"] for entry in mine if entry["kind"] == "shared"]
        consents = [
            entry["data"]
            for entry in mine
            if entry["kind"] == "approved"
            and entry["data"]["consent_id"] == receipt["consent_id"]
        ]
        key = self._key
        if asked.way is Way.INVITE:
            key = Key(file=self._key_file(asked), recipient="")
        said = {receipt["sha256"], asked.sha256, *(one["sha256"] for one in consents)}
        if len(consents) != 1 or said != {key.clip_digest(package)}:
            raise KillsError(f"{asked}: what arrived was not approved")
        if hashlib.sha256(package).hexdigest() != receipt["package_sha256"]:
            raise KillsError(f"{asked}: the receipt is for another package")

    async def _arrived(self, asked: Asked) -> list[bytes]:
        """Return what reached the one who asked."""
        if asked.way is Way.TUS:
            if asked.over != "shared" and self._tus.uploads(asked.name):
                raise KillsError(f"{asked}: an upload was begun")
            return [bytes(one.data) for one in self._tus.finished(asked.name)]
        page = f"{self._world.home.base_url}/api/{DOMAIN}/status/{asked.status_id}"
        async with self._session.get(f"{page}/data") as response:
            status = json.loads(await response.read())
        packages = []
        for delivery in status["deliveries"]:
            async with self._session.get(f"{page}/drop/{delivery['id']}") as response:
                response.raise_for_status()
                packages.append(await response.read())
        return packages

    def _check_strangers(self, entries: list[JsonObject]) -> None:
        """Check that nothing became of requests whose case nobody was told of."""
        ours = {asked.case_id for asked in self._asked}
        for entry in entries:
            case_id, kind = entry["case_id"], entry["kind"]
            if case_id and case_id not in ours and kind in {"approved", "shared"}:
                raise KillsError(f"{kind} without a tap: {entry}")
