"""One real hub, and all at once: a thousand homes, two hundred senders, slow lines.

How fast it is, is told by `script/benchmark feed drops`. Here is what must hold on any
machine: everybody gets all of it in time, once, and whoever moderates notices nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median
import time
from typing import Final

import aiohttp
import pytest
import pytest_asyncio
import pytest_socket

from benchmarks.loop_lag import resident
from custom_components.clip_consent.core.portal_slots import slot_at
from script.demo_world import story
from script.demo_world.client import HomeAssistantClient
from script.demo_world.home_assistant import DOMAIN, HomeAssistant
from script.demo_world.hub import BASE, Hub, running_hub
from script.demo_world.line import Line
from tests.conftest import COUNTED
from tests.hub.world import new_recipient
from tests.servers.tus_senders import Senders

from .collecting import Collector
from .street import SLOT, Street, homes

HOMES: Final = 1_000
UPLOADS: Final = 200
SIZE: Final = 20 * 10**6  # bytes of an upload
CUT: Final = 0.05  # of the lines
DISK: Final = 4 * 10**9  # bytes that all of it may take at one time
SLOW: Final = 500  # lines
FLAT: Final = 24  # MiB
SLOWER: Final = 10  # times as long as at rest, half of the looks at the most
MISSED: Final = 50  # times as long: that look a person gave up
BODY_SECONDS: Final = 4
# So that nobody has to wait for twenty seconds here; in ours there is nothing to set.
HURRY: Final = f'''\
"""Lets a body take less time."""
from custom_components.clip_consent.base import public_view

async def async_setup(hass, config):
    public_view.BODY_SECONDS = {BODY_SECONDS}
    return True
'''

pytestmark = pytest.mark.slow

type Recorder = Callable[[str, object], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A hub whose requester may ask, and its home's invite."""

    home: HomeAssistant
    entry_id: str
    link: str
    invite: str

    @property
    def token(self) -> str:
        return self.link.partition("#")[2]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def loaded(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Loaded]:
    """Return a running hub beside a home."""
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp("loaded")
    async with running_hub(folder / "hub", {"hurry": HURRY}) as hub:
        link = await hub.add_requester("PC Meier", "police")
        made = await story.set_up_integration(hub.client)
        yield Loaded(
            home=hub.home,
            entry_id=hub.entry_id,
            link=link,
            invite=made.invite_link,
        )
        assert hub.home.faults() == []


@pytest_asyncio.fixture(loop_scope="session")
async def hub(loaded: Loaded, session: aiohttp.ClientSession) -> Hub:
    """Return the hub, its moderator newly logged in."""
    client = HomeAssistantClient(session, await loaded.home.log_in(session))
    return Hub(home=loaded.home, client=client, entry_id=loaded.entry_id)


@dataclass(slots=True, kw_only=True)
class Usable:
    """How long a moderator waited each time, in seconds; `rest`: while nobody came."""

    rest: float
    took: list[float] = field(default_factory=list)

    def check(self) -> None:
        """Hold it to the same machine at rest: a slow one is slow in both.

        The load comes from this machine too, so a look takes its turn among it.
        """
        assert self.took
        missed = [one for one in self.took if one > MISSED * self.rest]
        assert len(missed) <= max(1, len(self.took) // 10), (self.rest, self.took)
        if len(self.took) >= 5:  # a storm of uploads is over before
            assert median(self.took) < SLOWER * self.rest, (self.rest, self.took)


@asynccontextmanager
async def moderated(hub: Hub) -> AsyncIterator[Usable]:
    """Have somebody load the panel and look at what waits, again and again."""

    async def look() -> float:
        began = time.monotonic()
        async with hub.moderating() as moderator:
            queue = await moderator.subscribe(f"{DOMAIN}/hub/subscribe")
            assert (await queue.get())["moderator"] is True
            panels = await moderator.command("get_panels")
        url = panels["clip-consent-hub"]["config"]["_panel_custom"]["module_url"]
        async with hub.client.session.get(f"{hub.home.base_url}{url}") as answer:
            assert answer.status == 200
            assert len(await answer.read()) > 1000
        return time.monotonic() - began

    usable = Usable(rest=median([await look() for _ in range(5)]))

    async def look_on() -> None:
        while True:
            began = time.monotonic()
            try:
                usable.took.append(await look())
            except asyncio.CancelledError:  # one that is not over waited so long too
                if (waited := time.monotonic() - began) > SLOWER * usable.rest:
                    usable.took.append(waited)
                raise
            await asyncio.sleep(0.25)

    looking = asyncio.create_task(look_on())
    try:
        yield usable
    finally:
        looking.cancel()
        (ended,) = await asyncio.gather(looking, return_exceptions=True)
    assert isinstance(ended, asyncio.CancelledError), ended  # no look failed
    usable.check()


def _port(hub: Hub) -> int:
    return int(hub.home.base_url.rpartition(":")[2])


async def test_a_thousand_homes_hear_of_it_within_one_slot(
    hub: Hub, loaded: Loaded, record_property: Recorder
) -> None:
    """However many there are: each at its own moment, and each all there is."""
    async with hub.client.session.get(f"{hub.api}/info") as answer:
        info = await answer.json()
    street = Street(port=_port(hub), hub=info["hub"])
    everybody = homes(street, HOMES)
    request = await hub.submit(loaded.token, "2026-1", new_recipient())
    pid = hub.home.process.pid
    first = slot_at(datetime.now(UTC), SLOT) + 1
    async with moderated(hub) as usable:
        following = [asyncio.create_task(home.follow(first + 2)) for home in everybody]
        await _at(first + 1)
        before = resident(pid)
        assert not any(home.heard for home in everybody)
        await hub.publish()
        published = slot_at(datetime.now(UTC), SLOT)
        await asyncio.gather(*following)
        more = resident(pid) - before
    heard = [home.heard[request] - published for home in everybody]
    assert set(heard) <= {0, 1}  # in the slot that had begun, or in the next
    assert street.late < SLOT
    assert street.unchanged > street.asked / 3
    assert more < FLAT
    record_property(
        COUNTED,
        f"{HOMES} homes, {street.asked} feeds, {street.unchanged} of them unchanged;"
        f" {heard.count(0)} heard in the same slot; at most {street.late:.2f} s late;"
        f" {more:.1f} MiB more; a moderator waited {median(usable.took) * 1000:.0f} ms,"
        f" {max(usable.took) * 1000:.0f} ms at the most",
    )


async def _at(slot: int) -> None:
    """Wait until a slot begins."""
    await asyncio.sleep(max(0.0, slot * SLOT - datetime.now(UTC).timestamp()))


async def test_two_hundred_send_at_once_and_all_of_it_arrives_once(
    hub: Hub, loaded: Loaded, record_property: Recorder
) -> None:
    """L-02: lines are cut; what was acknowledged is there, and nothing is there twice."""
    request = await hub.submit(loaded.token, "2026-2", new_recipient())
    await hub.publish()
    small, large = Senders(size=SIZE // 10, cut=CUT), Senders(size=SIZE, cut=CUT)
    async with moderated(hub) as usable:
        less, few = await _most_while(hub, loaded, small, request)
        most, many = await _most_while(hub, loaded, large, request)
    for senders, came in ((small, few), (large, many)):
        assert senders.tally.whole == UPLOADS
        # a line that is told 409 or 423 first is not cut any more
        assert senders.tally.cuts >= 0.8 * CUT * UPLOADS
        assert sorted(came.digests) == senders.digests(UPLOADS)
        assert came.most_bytes <= DISK
    assert most - less < 2 * FLAT  # of the 3,433 MiB more that are sent
    record_property(
        COUNTED,
        f"{large.tally.whole} uploads, {large.tally.cuts} lines cut,"
        f" {large.tally.conflicts} answers 409 or 423; {most - less:.1f} MiB more;"
        f" a moderator waited {max(usable.took) * 1000:.0f} ms at the most",
    )


async def _most_while(
    hub: Hub, loaded: Loaded, senders: Senders, request: str
) -> tuple[float, Collector]:
    """Send it all; return the most memory of the hub meanwhile, in MiB, and what came."""
    pid, most = hub.home.process.pid, 0.0
    collector = Collector(hub=hub, request=request, token=loaded.token)
    endpoint = f"{hub.api}/drops/{request}"
    sending = asyncio.create_task(senders.send_all(endpoint, UPLOADS))
    collecting = asyncio.create_task(collector.collect(sending))
    while not collecting.done():
        most = max(most, resident(pid))
        await asyncio.wait({collecting}, timeout=0.05)
    await asyncio.gather(sending, collecting)
    return most, collector


async def test_slow_lines_hold_nobody_up(
    hub: Hub, loaded: Loaded, record_property: Recorder
) -> None:
    """N-06: five hundred that never come to an end; a body has its time, then it goes."""
    request = await hub.submit(loaded.token, "2026-3", new_recipient())
    await hub.publish()
    invite = f"/api/{DOMAIN}/{loaded.invite.partition(f'/api/{DOMAIN}/')[2]}"
    uploads = [await _begun(hub, request) for _ in range(SLOW // 5)]
    async with AsyncExitStack() as stack, moderated(hub) as usable:
        bodies = [
            await _trickling(hub, stack, _head("POST", path))
            for path in (invite, f"{BASE}/requests") * (3 * SLOW // 10)
        ]
        for upload in uploads:
            await _trickling(
                hub,
                stack,
                _head("PATCH", upload).replace(
                    "application/json",
                    "application/offset+octet-stream\r\nTus-Resumable: 1.0.0"
                    "\r\nUpload-Offset: 0",
                ),
            )
        for _ in range(SLOW // 5):
            await _trickling(hub, stack, f"GET {BASE}/info HTTP/1.1\r\nX-Long: ")
        one = Senders(size=SIZE // 10, cut=0)
        await one.send_all(f"{hub.api}/drops/{request}", 1)  # who is not slow is served
        began = time.monotonic()
        answers = await asyncio.gather(*(body.answer() for body in bodies))
        took = time.monotonic() - began
    assert {answer.status for answer in answers} == {400}
    assert one.tally.whole == 1
    record_property(
        COUNTED,
        f"{SLOW} slow lines; {len(answers)} bodies cut off after {took:.1f} s;"
        f" a moderator waited {median(usable.took) * 1000:.0f} ms,"
        f" {max(usable.took) * 1000:.0f} ms at the most",
    )


def _head(method: str, path: str) -> str:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n"
        "Content-Length: 60000\r\n\r\n{"
    )


async def _begun(hub: Hub, request: str) -> str:
    """Announce an upload; return its path."""
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "60000"}
    drops = f"{hub.api}/drops/{request}"
    async with hub.client.session.post(drops, headers=headers) as answer:
        assert answer.status == 201
        return answer.headers["Location"]


async def _trickling(hub: Hub, stack: AsyncExitStack, begin: str) -> Line:
    """Open a line that says a byte now and then and never comes to its end."""
    line = await Line.to(_port(hub))
    await line.write(begin.encode())

    async def trickle() -> None:
        try:
            while True:
                await asyncio.sleep(1)
                await line.write(b" ")
        except OSError:
            pass  # hung up

    going = asyncio.create_task(trickle())

    async def end() -> None:
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)
        await line.close()

    stack.push_async_callback(end)
    return line
