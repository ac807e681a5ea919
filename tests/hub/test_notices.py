"""Notices, and the estimate of how many homes opted in."""

from datetime import timedelta
import json
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import (
    ConflictError,
    InvalidRequestError,
)
from custom_components.clip_consent.core.hub_models import WaitingKind
from custom_components.clip_consent.core.hub_settings import token_digest
from custom_components.clip_consent.home.world import RandomIds
from custom_components.clip_consent.hub import feed, presence

from .world import CELL, MODERATOR, HubWorld, new_recipient


def notice(**changed: Any) -> bytes:
    """Return the body of a neighbour's notice."""
    said = {
        "version": 1,
        "title": "Ice on the steps",
        "text": "The steps by the bridge are slippery.",
        "cells": [CELL],
        "recipient": None,
        "inbox": None,
    }
    return json.dumps({**said, **changed}).encode()


async def test_the_operators_notice_is_out_at_once(hub: HubWorld) -> None:
    """In the feeds of its cells, and in the log for ever."""
    item_id = await hub.manager.async_post_notice(
        "Ice", "On the steps.", (CELL,), MODERATOR
    )
    assert await hub.listed(CELL) == ["Ice"]
    assert await hub.listed("u33dc") == []
    said: Any = (await hub.manager.async_public(item_id))["item"]
    assert (said["type"], said["author"]) == ("notice", "operator")
    assert said["recipient"].startswith("age1")
    assert await hub.manager.async_room(item_id) is not None


async def test_a_neighbours_notice_is_moderated(hub: HubWorld) -> None:
    """Comments go to its author, sealed; they open them with their secret."""
    body = notice(recipient=new_recipient(), inbox=token_digest("mine"))
    item_id = await hub.manager.async_take_notice(body, "8.8.8.1")
    assert await hub.manager.async_take_notice(body, "8.8.8.1") == item_id
    assert await hub.listed() == []
    (waiting,) = await hub.manager.async_waiting()
    assert (waiting.kind, waiting.cells) == (WaitingKind.NOTICE, (CELL,))
    await hub.publish(item_id)
    assert await hub.listed() == ["Ice on the steps"]
    said: Any = (await hub.manager.async_public(item_id))["item"]
    assert said["author"] == "neighbour"
    assert await hub.manager.async_room(item_id) is not None
    assert await hub.manager.async_may_read(item_id, "mine")
    assert not await hub.manager.async_may_read(item_id, "other")


async def test_a_notice_that_is_sent_twice_waits_once(hub: HubWorld) -> None:
    """Its sender lost the answer. Other words, or a later time, are another notice."""
    same = notice(title="Glätte “überall”")
    item_id = await hub.manager.async_take_notice(same, "8.8.8.1")
    assert await hub.manager.async_take_notice(same, "8.8.8.2") == item_id
    assert await hub.manager.async_take_notice(notice(), "8.8.8.1") != item_id
    assert hub.manager.waiting == 2
    await hub.publish(item_id)
    assert await hub.manager.async_take_notice(same, "8.8.8.1") != item_id


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"text": "x" * 2001}, "text"),
        ({"cells": []}, "cells"),
        ({"cells": "u33db"}, "cells"),
        ({"cells": ["u33db", 7]}, "cells"),
        ({"cells": ["aaaaa"]}, "cells"),
        ({"cells": ["u33dd"]}, "cells"),
        ({"recipient": "age1nobody", "inbox": "0" * 64}, "recipient"),
        ({"inbox": "0" * 64}, "recipient"),
        ({"recipient": new_recipient()}, "inbox"),
        ({"version": 2}, "version"),
    ],
)
async def test_a_notice_keeps_its_limits(
    hub: HubWorld, changed: dict[str, Any], field: str
) -> None:
    """What breaks one is not kept."""
    with pytest.raises(InvalidRequestError) as refused:
        await hub.manager.async_take_notice(notice(**changed), "8.8.8.1")
    assert refused.value.field == field
    assert hub.manager.waiting == 0


async def test_a_feed_never_grows_larger_than_homes_read(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would not fit is not published, and all before it stays."""
    monkeypatch.setattr(feed, "FEED_MAX", 20_000)
    while True:
        try:
            await hub.manager.async_post_notice("Ice", "x" * 2000, (CELL,), MODERATOR)
        except ConflictError as err:
            assert err.code == "feed_full"  # noqa: PT017
            break
    listed = await hub.listed()
    assert len(listed) == 8
    assert hub.manager.open_requests == len(listed)
    assert (await hub.kinds()).count("published") == len(listed)


def presence_of(item_id: str, cell: str = CELL) -> bytes:
    """Return what a home says that opted in."""
    return json.dumps({"version": 1, "cell": cell, "id": item_id}).encode()


async def told(hub: HubWorld) -> dict[str, int]:
    """Return the public estimate."""
    cells: Any = (await hub.manager.async_coverage())["cells"]
    return {said["cell"]: said["homes"] for said in cells}


async def come(hub: HubWorld, homes: int, cell: str = CELL) -> None:
    """Let new homes opt in, each from an address of its own."""
    for number in range(homes):
        await hub.manager.take_coverage(
            presence_of(RandomIds().new_id(), cell),
            f"9.9.{number // 256}.{number % 256}",
        )()


async def test_cells_with_few_homes_are_not_told_of(hub: HubWorld) -> None:
    """From five on, in steps of five; a home counts once in a month."""
    home = RandomIds().new_id()
    for _ in range(7):
        await hub.manager.take_coverage(presence_of(home), "8.8.8.1")()
    await come(hub, 3)
    await come(hub, 7, "u33dc")
    next_month(hub)
    assert await told(hub) == {"u33dc": 5}
    await hub.manager.take_coverage(presence_of(home), "8.8.8.1")()
    await come(hub, 4)
    await come(hub, 10, "u33dc")
    next_month(hub)
    assert await told(hub) == {CELL: 5, "u33dc": 10}


def next_month(hub: HubWorld) -> None:
    """Let the first of the next month begin."""
    later = hub.clock.wall.replace(day=1) + timedelta(days=32)
    first = later.replace(day=1, hour=0, minute=0, second=0)
    hub.clock.go_on(first - hub.clock.wall)


async def test_what_is_told_stays_for_a_month(hub: HubWorld) -> None:
    """Whoever looks each day, or sends ids to fill a five, sees no home begin."""
    await come(hub, 6)
    next_month(hub)
    before = await told(hub)
    assert before == {CELL: 5}
    for _ in range(30):
        await come(hub, 1)
        assert await told(hub) == before
        hub.clock.go_on(timedelta(hours=23))


async def test_marks_are_forgotten_after_the_month_in_which_they_are_told(
    hub: HubWorld,
) -> None:
    """Then nothing is left of them."""
    await come(hub, 6)
    next_month(hub)
    await hub.manager._sweep.async_round()
    assert await told(hub) == {CELL: 5}
    next_month(hub)
    await hub.manager._sweep.async_round()
    assert await told(hub) == {}
    assert hub.rows("SELECT * FROM homes") == []


async def test_nothing_of_a_home_is_kept(hub: HubWorld) -> None:
    """Not its id: a digest that holds for this month alone, beside no address.

    Nor an address elsewhere: it would say who opted in.
    """
    home = RandomIds().new_id()
    await hub.manager.take_coverage(presence_of(home), "8.8.8.1")()
    assert hub.rows("SELECT * FROM visits") == []
    (row,) = hub.rows("SELECT * FROM homes")
    assert row.keys() == {"month", "cell", "mark"}
    assert home not in row["mark"]


@pytest.mark.parametrize(
    ("cell", "item_id", "field"), [("u33dd", "a" * 26, "cell"), (CELL, "A" * 26, "id")]
)
async def test_a_presence_has_its_shape(
    hub: HubWorld, cell: str, item_id: str, field: str
) -> None:
    """A cell of this hub, an id as ids are."""
    with pytest.raises(InvalidRequestError) as refused:
        await hub.manager.take_coverage(presence_of(item_id, cell), "8.8.8.1")()
    assert refused.value.field == field


async def test_presences_are_limited(
    hub: HubWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By address and day, and in all: nobody fills the disk with made-up homes.

    The answer says nothing of it: it would tell of others at the address, and how many
    there are.
    """

    async def from_one(times: int) -> int:
        for _ in range(times):
            made_up = presence_of(RandomIds().new_id())
            await hub.manager.take_coverage(made_up, "8.8.8.1")()
        return len(hub.rows("SELECT * FROM homes"))

    most = presence.DAILY_MAX
    assert await from_one(most + 5) == most
    hub.clock.go_on(timedelta(hours=25))
    assert await from_one(1) == most + 1
    monkeypatch.setattr(presence, "MARKS_MAX", most + 2)
    await come(hub, 3)
    assert len(hub.rows("SELECT * FROM homes")) == most + 2
    monkeypatch.setattr(presence, "MARKS_MAX", 100)
    monkeypatch.setattr(presence, "_ADDRESSES_MAX", 1)
    await come(hub, 1)  # of more addresses than are kept the oldest begins anew
    assert await from_one(most) == most + 2 + 1 + most


async def test_homes_behind_one_proxy_share_no_limit(hub: HubWorld) -> None:
    """It may stand for the whole street."""
    for _ in range(presence.DAILY_MAX + 1):
        made_up = presence_of(RandomIds().new_id())
        await hub.manager.take_coverage(made_up, "192.168.1.1")()
    assert len(hub.rows("SELECT * FROM homes")) == presence.DAILY_MAX + 1
