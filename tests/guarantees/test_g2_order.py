"""G2 silence: first the answer, then the looking; and the same work for everybody.

What takes time before an answer tells of what is inside. So nothing that depends on
rules, recordings or decisions is done before it, and the rest is the same for everybody:
that is shown here by what is done, since a clock in a test would prove little.
"""

import asyncio
from collections.abc import Awaitable, Callable
import json
import re
import threading
import urllib.request

import pytest

from custom_components.clip_consent.core.models import Case
from tests.manager.world import ANNA, BEN, World, recipient

from .open_home import PUBLIC, TOKEN, Maker, OpenHome, ask_body, homes
from .test_g2_silence import (
    decline,
    fill_home,
    fill_invite,
    flood_invite,
    ignore_everybody,
    no_footage,
    switch_off,
    undo,
    unreachable,
)

__all__ = ["homes"]  # a fixture, used by name


def _send(url: str) -> int:
    """Send the form from a thread of its own, as somebody else's machine does."""
    sent = urllib.request.Request(
        url,
        data=json.dumps(ask_body(recipient())).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(sent, timeout=60) as response:
        response.read()
        return int(response.status)


async def test_the_answer_is_out_before_anything_is_looked_at(
    homes: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """T24: a screening that blocks everything delays no answer."""
    home = await homes("home")
    answered = threading.Event()
    held: list[bool] = []
    screener = home.world.manager._runner.screener
    screening = screener.screening

    def block(*args: object) -> object:
        held.append(answered.wait(timeout=20))
        return screening(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(screener, "screening", block)

    def send() -> int:
        status = _send(str(home.client.make_url(f"{PUBLIC}/ask/{TOKEN}")))
        answered.set()
        return status

    assert await asyncio.to_thread(send) == 202
    await home.world.settle()
    assert held
    assert all(held)
    assert len(home.world.prompter.asked) == 1


async def test_who_hangs_up_is_looked_at_all_the_same(
    homes: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request is taken in whether its sender waits for the answer or not."""
    home = await homes("home")
    begun, go_on = asyncio.Event(), asyncio.Event()
    take = home.world.manager.async_take

    async def slow(request: object) -> object:
        begun.set()
        await go_on.wait()
        return await take(request)  # type: ignore[arg-type]

    monkeypatch.setattr(home.world.manager, "async_take", slow)
    sending = asyncio.create_task(home.post(home.key))
    await begun.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    go_on.set()
    for _ in range(500):
        if home.world.manager.reading.open_cases():
            break
        await asyncio.sleep(0.01)
    await home.look()
    assert len(home.world.prompter.asked) == 1


async def test_nothing_is_fetched_or_sent_before_approval(homes: Maker) -> None:
    """T25: no door to the outside is touched; after approval and undo window, one is."""
    from custom_components.clip_consent.core.models import Destination, PortalKind, Way

    home = await homes("home")
    to_address = {
        "portal": PortalKind.SERVICE,
        "invite_id": None,
        "destination": Destination(way=Way.TUS, url="https://upload.example/files"),
    }
    declined = await home.world.asked(**to_address)
    await home.world.manager.async_decline(declined.case_id, ANNA)
    undone = await home.world.asked(**to_address)
    await home.world.approve(undone)
    await home.world.settle()
    await home.world.manager.async_undo(undone.case_id, BEN)
    await home.world.settle()
    assert home.world.oracle.arrived == []
    again = await home.world.case(undone.request.request_id)
    assert again.delivery is None
    await home.world.approve(again)
    await home.world.settle()
    assert home.world.oracle.arrived == []  # the undo window
    await home.world.pass_undo()
    assert len(home.world.oracle.arrived) == 1


# --- the same work


class Statements:
    """What the store's database is told, without the values."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.seen: list[str] = []

    async def during(self, work: Callable[[], Awaitable[object]]) -> list[str]:
        """Return the statements of some work."""
        self.seen.clear()
        await self._trace(self._note)
        await work()
        await self._trace(None)
        return [each for each in self.seen if each not in ("BEGIN", "ROLLBACK")]

    async def _trace(self, note: Callable[[str], None] | None) -> None:
        database = self._world.bench.store._db
        for read in (database.async_read, database.async_read_aside):
            await read(lambda db: db.set_trace_callback(note))

    def _note(self, statement: str) -> None:
        plain = re.sub(r"'(?:[^']|'')*'|x'[0-9a-f]*'", "?", statement)
        self.seen.append(re.sub(r"\b\d+(?:\.\d+)?\b|\bNULL\b", "?", plain))


type Prepare = Callable[[World], None]
type Before = Callable[[OpenHome], Awaitable[None]]
CLASSES: dict[str, tuple[Prepare | None, Before | None]] = {
    "asked": (None, None),
    "screened out": (ignore_everybody, None),
    "no footage": (no_footage, None),
    "unreachable": (unreachable, None),
    "off": (None, switch_off),
    "invite full": (None, fill_invite),
    "home full": (None, fill_home),
}


async def test_taking_in_is_the_same_work(homes: Maker) -> None:
    """S-01: the database is asked the same questions, whatever will become of it."""
    work: dict[str, list[str]] = {}
    for name, (prepare, before) in CLASSES.items():
        home = await homes(name, prepare)
        if before:
            await before(home)
        body = json.dumps(ask_body(home.key)).encode()
        direct = home.world.manager.direct

        async def ask(direct: object = direct, body: bytes = body) -> None:
            assert await direct.async_ask(TOKEN, body)  # type: ignore[attr-defined]

        work[name] = await Statements(home.world).during(ask)
        await home.look()
        await home.world.settle()
    assert len(work["asked"]) > 6
    assert any("INSERT INTO cases" in each for each in work["asked"])
    assert all(each == work["asked"] for each in work.values()), work


async def test_showing_a_status_is_the_same_work(homes: Maker) -> None:
    """S-01: a status is read the same way for every end, and for ids never given."""
    lives: dict[str, tuple[Prepare | None, Before | None, Before | None]] = {
        **{name: (*each, None) for name, each in CLASSES.items()},
        "declined": (None, None, decline),
        "undone": (None, None, undo),
        "one of a flood": (None, flood_invite, None),
    }
    work: dict[str, list[str]] = {}
    for name, (prepare, before, after) in lives.items():
        home = await homes(name, prepare)
        if before:
            await before(home)
        ids = [await home.ask(home.key), "b" * 26]
        if after:
            await after(home)
        for number, request_id in enumerate(ids):
            direct = home.world.manager.direct

            async def read(direct: object = direct, of: str = request_id) -> None:
                await direct.async_status(of)  # type: ignore[attr-defined]

            work[f"{name} {number}"] = await Statements(home.world).during(read)
    assert len(set(map(tuple, work.values()))) == 1, work
    assert len(work["asked 0"]) == 2


async def test_a_second_sending_is_the_same_work(homes: Maker) -> None:
    """S-01: asking twice costs the same whatever became of the first time."""
    work: dict[str, list[str]] = {}
    for name, after in (("waiting", None), ("declined", decline), ("undone", undo)):
        home = await homes(name)
        await home.ask(home.key)
        if after:
            await after(home)
        body = json.dumps(ask_body(home.key)).encode()
        direct = home.world.manager.direct

        async def ask(direct: object = direct, body: bytes = body) -> None:
            assert await direct.async_ask(TOKEN, body)  # type: ignore[attr-defined]

        work[name] = await Statements(home.world).during(ask)
    assert len(set(map(tuple, work.values()))) == 1, work


async def test_the_statements_would_show_a_difference(homes: Maker) -> None:
    """The comparison sees what a leak would look like."""
    home = await homes("home")
    request_id = await home.ask(home.key)
    store = home.world.bench.store
    statements = Statements(home.world)

    async def leak() -> None:
        await home.world.manager.direct.async_status(request_id)
        case: Case = await home.case()
        await store.async_case(case.case_id)

    async def read() -> None:
        await home.world.manager.direct.async_status(request_id)

    assert await statements.during(leak) != await statements.during(read)
