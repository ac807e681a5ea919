"""G9 calm: a flood buries nobody, holds nothing up, and wears out no disk."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
import json
from pathlib import Path
import time
from typing import Self

from homeassistant.core import Event, HomeAssistant
from pyrage import x25519
import pytest

from custom_components.clip_consent.core.limits import HOME_PER_DAY, PUSHES_PER_DAY
from custom_components.clip_consent.core.models import (
    CaseEventType,
    CaseState,
    ClosedReason,
)
from custom_components.clip_consent.core.rules import parse_rule
from tests.manager.disk import bytes_in_use
from tests.manager.world import ANNA, GARDEN, NOON, World, recipient, settings

from .conftest import ASK, Home
from .open_home import ask_body, invite

FLOOD = 2000
AT_ONCE = 100
TOKENS = [letter * 26 for letter in "abcdefgh"]
COMMITS = 0.5  # of one request, at most
BYTES = 2400  # of one request, at most, whatever it said
BURST = 1.0  # seconds of the event loop's own time without a breath


def many_rules() -> list[dict[str, object]]:
    """Return fifty rules that look at every word and match nothing."""
    return [
        {
            "verdict": "ignore",
            "order": number,
            "words": [f"word{number}x{each}" for each in range(50)],
        }
        for number in range(1, 51)
    ]


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a home with many rules and invites."""
    made = settings()
    rules = tuple(
        parse_rule(f"rule{data['order']}", "Many words", {**data, "order": 1})
        for data in many_rules()
    )
    world = World(
        folder=tmp_path,
        settings=replace(
            made,
            rules=(*rules, *made.rules),
            invites={token: invite(token, per_day=50) for token in TOKENS},
        ),
    )
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    await world.boot()
    yield world
    await world.manager.async_stop()


class Breath:
    """Watches how long the event loop works without a breath, by its own clock."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Begin to watch."""
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        """End."""
        assert self._task
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            begun = time.thread_time()
            await asyncio.sleep(0)
            self.longest = max(self.longest, time.thread_time() - begun)
            await asyncio.sleep(0.005)


async def flood(world: World, count: int = FLOOD) -> None:
    """Send many requests, a hundred at a time, as the form does."""
    keys = [recipient() for _ in range(count)]
    text = "I lost my bicycle somewhere near your house. " * 40

    async def ask(number: int) -> None:
        world.clock.go_on(timedelta(milliseconds=30))
        body = json.dumps(ask_body(keys[number], text=text)).encode()
        taken = await world.manager.direct.async_ask(TOKENS[number % 8], body)
        assert taken
        taken.look()

    for start in range(0, count, AT_ONCE):
        await asyncio.gather(*map(ask, range(start, start + AT_ONCE)))
    while world.manager.busy:
        await asyncio.sleep(0.01)


async def counted(world: World) -> int:
    """Return how many requests the ledger tells of, once it was brought up to date."""
    await world.bench.store.async_forget_words(world.clock.now())
    entries = await world.bench.store.async_whole_ledger()
    told = Counter(entry.kind for entry in entries)
    over = [entry.data["count"] for entry in entries if entry.kind == "flooded"]
    return told["received"] + sum(each for each in over if isinstance(each, int))


@pytest.mark.slow
async def test_a_flood_is_taken_in_and_stays_small(world: World) -> None:
    """L-01: few are asked, few commits, little room, and the loop goes on breathing."""
    store = world.bench.store
    commits: Counter[str] = Counter()
    before = await bytes_in_use(world)
    await store._db.async_read(
        lambda db: db.set_trace_callback(lambda sql: commits.update([sql.split()[0]]))
    )
    async with Breath() as breath:
        await flood(world)
    await store._db.async_read(lambda db: db.set_trace_callback(None))

    assert len(world.prompter.asked) <= HOME_PER_DAY
    assert len(world.manager.reading.open_cases()) <= HOME_PER_DAY
    assert commits["COMMIT"] < FLOOD * COMMITS, commits
    assert (await bytes_in_use(world) - before) / FLOOD < BYTES
    assert breath.longest < BURST
    assert await counted(world) == FLOOD  # nothing is left out
    assert await world.manager.reading.async_check_ledger() is None


async def test_a_flood_does_not_bury_what_came_before(world: World) -> None:
    """What waits is still found at once; of the flood itself nobody is told."""
    await flood(world, 400)
    reading = world.manager.reading
    waiting, _ = await reading.async_history(
        None, 50, ANNA, states=frozenset({CaseState.WAITING})
    )
    assert len(waiting) == HOME_PER_DAY
    shown, more = await reading.async_history(None, 50, ANNA)
    assert {case.case_id for case in shown} == {case.case_id for case in waiting}
    assert more is None
    tried = await reading.async_try_rules(None, ANNA)
    assert len(tried) == HOME_PER_DAY
    kinds = Counter(event.type for event in world.events)
    assert kinds == {
        CaseEventType.RECEIVED: HOME_PER_DAY,
        CaseEventType.ASKED: HOME_PER_DAY,
    }
    assert await counted(world) == 400
    everything, _ = await world.bench.store.async_history(None, 500)
    over = [case for case in everything if case.closed is ClosedReason.OVER_LIMIT]
    assert len(over) == 400 - HOME_PER_DAY
    assert all(case.request.text == case.request.name == "" for case in over)


async def test_after_a_flood_the_next_day_is_a_day_like_any_other(world: World) -> None:
    """The limits are of a day: then who asks is heard again."""
    await flood(world, 200)
    asked = len(world.prompter.asked)
    world.clock.go_on(timedelta(days=1, minutes=1))
    body = json.dumps(ask_body(recipient())).encode()
    taken = await world.manager.direct.async_ask(TOKENS[0], body)
    assert taken
    taken.look()
    await world.settle()
    assert len(world.prompter.asked) == asked + 1


async def test_a_restart_after_a_flood_opens_few(world: World) -> None:
    """What was over the limit is over: it is not read, let alone worked on, again."""
    await flood(world, 400)
    await world.reboot()
    assert len(world.manager.reading.open_cases()) == HOME_PER_DAY
    await world.settle()
    assert len(world.prompter.asked) == HOME_PER_DAY


async def test_home_assistant_hears_little_of_a_flood(
    hass: HomeAssistant, home: Home
) -> None:
    """T23: past the limit no push, no state, no event: nothing a recorder would keep."""
    seen: list[Event] = []
    hass.bus.async_listen("*", seen.append)

    async def ask() -> None:
        home.clock.go_on(timedelta(seconds=1))
        home.body["recipient"] = str(x25519.Identity.generate().to_public())
        response = await home.public.post(ASK, json=home.body)
        assert response.status == 202

    for _ in range(5):
        await ask()
    await home.settle()
    heard, pushed = len(seen), len(home.relay.received)
    assert heard > 5
    assert 0 < pushed <= 2 * PUSHES_PER_DAY
    for _ in range(60):
        await ask()
    await home.settle()
    new = [event for event in seen[heard:] if event.event_type != "state_reported"]
    assert new == []
    assert len(home.relay.received) == pushed
