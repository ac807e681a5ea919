"""Notices and comments between real homes: read by their authors, and by nobody else.

A home sends one in, a moderator publishes it, another home comments, the author reads
that in its panel; and the operator reads what a home said to a notice of the hub's.
"""

import asyncio
from collections.abc import Callable

import pytest

from script.demo_world.client import Connection, JsonObject
from script.demo_world.home_assistant import DOMAIN
from script.demo_world.hub import BASE
from script.demo_world.story import CaseWatch

from .neighbourhood import Follower, Street
from .test_neighbourhood import PATIENCE, street, until

__all__ = ["street"]  # a fixture, used by name

WORDS = "Seen by the church. <b>Black</b> {{ 1 }}"
WHO = "Carol, number 7"


async def told(
    queue: asyncio.Queue[JsonObject], wanted: Callable[[JsonObject], bool]
) -> JsonObject:
    """Return the first event of a subscription that is as wanted."""
    async with asyncio.timeout(PATIENCE):
        while not wanted(event := await queue.get()):
            pass
    return event


async def send_in(author: Connection) -> None:
    """Send a notice in, once the home knows its hub."""
    hubs: list[JsonObject] = []

    async def known() -> bool:
        queue = await author.subscribe(f"{DOMAIN}/notices")
        hubs[:] = (await asyncio.wait_for(queue.get(), PATIENCE))["hubs"]
        return any(hub["cell"] for hub in hubs)

    await until(known)
    await author.command(
        f"{DOMAIN}/send_notice",
        portal_id=hubs[0]["portal_id"],
        title="Lost cat",
        text="Grey, answers to Minka.",
    )


async def comment_on(one: Follower, title: str, identity: str = "") -> None:
    """Comment on a notice that a home is shown, and approve these words."""
    async with one.client.connection() as connection:
        queue = await connection.subscribe(f"{DOMAIN}/notices")

        def shown(event: JsonObject) -> bool:
            return any(notice["title"] == title for notice in event["notices"])

        said = await told(queue, shown)
        [notice] = [each for each in said["notices"] if each["title"] == title]
        assert notice["comments"]
        watch = await CaseWatch.start(connection)
        answer = await connection.command(
            f"{DOMAIN}/comment",
            portal_id=notice["portal_id"],
            notice_id=notice["notice_id"],
            text=WORDS,
            identity=identity,
        )
        case_id = answer["case"]["case_id"]
        case = await watch.until(
            lambda each: each["case_id"] == case_id and each["offer"] is not None
        )
        assert (case["draft"]["text"], case["draft"]["identity"] or "") == (
            WORDS,
            identity,
        )
        assert not sent(one)
        await connection.command(
            f"{DOMAIN}/approve",
            offer_id=case["offer"]["offer_id"],
            sha256=case["draft"]["sha256"],
        )
        await watch.reach(case_id, "shared")


def sent(one: Follower) -> set[str]:
    """Return by what means a home said more than questions."""
    return {said.method for said in one.listener.said} - {"GET"}


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_authors_read_what_homes_comment(street: Street) -> None:
    """The words and who it is arrive; the hub's public pages know nothing of either."""
    async with street.sharer.client.connection() as author:
        queue = await author.subscribe(f"{DOMAIN}/notices")
        await send_in(author)
        await until(lambda: waits(street))
        await street.hub.publish()
        await comment_on(street.outsider, "Lost cat", WHO)
        read = await told(
            queue, lambda one: any(each["comments"] for each in one["written"])
        )
    [written] = read["written"]
    assert written["at_hub"] == "open"
    [comment] = written["comments"]
    assert (comment["text"], comment["identity"]) == (WORDS, WHO)

    async with street.hub.moderating() as moderator:
        posted = await moderator.command(
            f"{DOMAIN}/hub/post_notice", title="Ice", text="On the steps."
        )
        street.decliner.listener.said.clear()
        await comment_on(street.decliner, "Ice")
        answer = await moderator.command(
            f"{DOMAIN}/hub/comments", notice_id=posted["id"]
        )
        [comment] = answer["comments"]
        assert (comment["text"], comment["identity"]) == (WORDS, "")
        await moderator.command(f"{DOMAIN}/hub/withdraw_notice", notice_id=posted["id"])
    async with street.hub.client.session.get(f"{street.hub.api}/log") as answered:
        log = await answered.text()
    assert "withdrawn" in log
    for secret in (WORDS, "Black", WHO):
        assert secret not in log
    # the author told the hub its notice, and asked for the rest in its slots
    assert [
        said.path for said in street.sharer.listener.said if not said.is_question
    ] == [f"{BASE}/notices"]
    for one in (street.sharer, street.decliner, street.outsider, street.hub):
        assert one.home.faults() == []


async def waits(street: Street) -> bool:
    """Tell whether something waits for a moderator."""
    async with street.hub.moderating() as moderator:
        queue = await moderator.subscribe(f"{DOMAIN}/hub/subscribe")
        said = await asyncio.wait_for(queue.get(), PATIENCE)
    return bool(said["waiting"])
