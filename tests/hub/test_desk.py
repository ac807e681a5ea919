"""A requester's desk, their follow-ups, and who may read what came in."""

from datetime import timedelta
import json
from typing import Any

import pytest

from custom_components.clip_consent.core.errors import (
    ConflictError,
    InvalidRequestError,
    LimitError,
    NotFoundError,
)
from custom_components.clip_consent.core.hub_models import RefusalReason, WaitingKind
from custom_components.clip_consent.core.limits import HUB_NOTES_MAX

from .world import (
    INSURER,
    INSURER_TOKEN,
    MODERATOR,
    POLICE,
    POLICE_TOKEN,
    HubWorld,
    new_recipient,
)


def note(text: str = "It was Wednesday.") -> bytes:
    """Return the body of a follow-up."""
    return json.dumps({"version": 1, "text": text}).encode()


async def rows(hub: HubWorld) -> list[Any]:
    """Return what is on the police's desk."""
    found: Any = (await hub.manager.async_desk(POLICE))["requests"]
    return list(found)


async def test_a_desk_shows_what_its_requester_wrote_and_what_became_of_it(
    hub: HubWorld,
) -> None:
    """And nothing of anybody else's, and no count of homes."""
    key = new_recipient()
    first = await hub.police_asks(recipient=key)
    await hub.publish(first)
    hub.drops.put(first, 1_049_000)
    await hub.police_asks(title="Another")
    await hub.insurer_asks(title="Somebody else's")
    desk = await hub.manager.async_desk(POLICE)
    assert desk["requester"] == {
        "name": "PC Meier",
        "organisation": "Police station 12",
        "kind": "police",
    }
    assert desk["left_this_week"] == 1
    waiting, published = await rows(hub)
    assert (waiting["title"], waiting["state"]) == ("Another", "moderation")
    assert waiting["deliveries"] == []
    (delivery,) = published.pop("deliveries")
    assert delivery["size"] == 1_049_000
    assert published == {
        "id": first,
        "state": "open",
        "refused": None,
        "submitted_at": "2026-11-24T12:00:00Z",
        "expires_at": "2026-12-01T12:00:00Z",
        "title": "Car scratched",
        "text": "A blue van, Tuesday evening.",
        "start": "2026-11-23T18:00:00Z",
        "end": "2026-11-23T19:00:00Z",
        "area": {
            "kind": "circle",
            "latitude": 52.535,
            "longitude": 13.4,
            "radius": 200.0,
        },
        "contact": "station12@police.example",
        "case_number": "2026-1187",
        "recipient": key,
        "key_hint": "3",
        "notes": [],
    }


async def test_a_follow_up_is_public_after_moderation(hub: HubWorld) -> None:
    """It is added to the item, in the log and on its page, and changes nothing of it."""
    item_id = await hub.police_asks()
    n = await hub.publish(item_id)
    await hub.manager.async_note(POLICE, item_id, note())
    (waiting,) = await hub.manager.async_waiting()
    assert (waiting.kind, waiting.about) == (WaitingKind.NOTE, item_id)
    assert (waiting.text, waiting.title) == ("It was Wednesday.", "Car scratched")
    assert waiting.requester == POLICE
    assert hub.manager.waiting == 1
    assert (await hub.manager.async_public(item_id))["notes"] == []
    await hub.manager.async_publish(waiting.id, MODERATOR)
    last = (await hub.log())[-1]
    assert (last.entry.kind, last.entry.id, last.entry.target) == ("note", item_id, n)
    assert (await hub.manager.async_public(item_id))["notes"] == [
        {"n": last.entry.n, "at": "2026-11-24T12:00:00Z", "text": "It was Wednesday."}
    ]
    (row,) = await rows(hub)
    assert [(said["state"], said["text"]) for said in row["notes"]] == [
        ("published", "It was Wednesday.")
    ]
    assert hub.manager.waiting == 0
    with pytest.raises(ConflictError):
        await hub.manager.async_publish(waiting.id, MODERATOR)


async def test_a_follow_up_can_be_refused(hub: HubWorld) -> None:
    """It is counted, as a request is; its requester sees why."""
    item_id = await hub.police_asks()
    await hub.publish(item_id)
    await hub.manager.async_note(POLICE, item_id, note())
    (waiting,) = await hub.manager.async_waiting()
    await hub.manager.async_refuse(waiting.id, RefusalReason.NAMES_PEOPLE, MODERATOR)
    info: Any = await hub.manager.async_info()
    assert info["counts"]["refused"] == {"names_people": 1}
    (row,) = await rows(hub)
    assert row["notes"][0]["refused"] == "names_people"
    assert (await hub.manager.async_public(item_id))["notes"] == []


async def test_follow_ups_are_for_open_requests_and_limited(hub: HubWorld) -> None:
    """The same one sent twice is one."""
    item_id = await hub.police_asks()
    with pytest.raises(NotFoundError):
        await hub.manager.async_note(POLICE, item_id, note())
    await hub.publish(item_id)
    with pytest.raises(NotFoundError):
        await hub.manager.async_note(INSURER, item_id, note())
    for text in ("", "x" * 2001, "\u202e"):
        with pytest.raises(InvalidRequestError):
            await hub.manager.async_note(POLICE, item_id, note(text))
    for _ in range(3):
        await hub.manager.async_note(POLICE, item_id, note())
    assert hub.manager.waiting == 1
    for number in range(HUB_NOTES_MAX - 1):
        await hub.manager.async_note(POLICE, item_id, note(f"Note {number}"))
    with pytest.raises(LimitError, match="too_many_notes"):
        await hub.manager.async_note(POLICE, item_id, note("One more"))
    await hub.manager.async_resolve(POLICE, item_id)
    with pytest.raises(NotFoundError):
        await hub.manager.async_note(POLICE, item_id, note())


async def test_a_follow_up_of_what_was_redacted_is_not_published(
    hub: HubWorld,
) -> None:
    """There is nothing any more that it could follow."""
    item_id = await hub.police_asks()
    n = await hub.publish(item_id)
    await hub.manager.async_note(POLICE, item_id, note())
    (waiting,) = await hub.manager.async_waiting()
    await hub.manager.async_redact(n, "It names people", MODERATOR)
    with pytest.raises(ConflictError):
        await hub.manager.async_publish(waiting.id, MODERATOR)


async def test_only_token_or_secret_open_what_came_in(hub: HubWorld) -> None:
    """The requester's own token; where there is an inbox, its secret."""
    theirs, neighbours = await hub.police_asks(), await hub.neighbour_asks()
    opens = hub.manager.async_may_read
    assert await opens(theirs, POLICE_TOKEN)
    assert await opens(neighbours, "inbox secret")
    for item_id, bearer in (
        (theirs, INSURER_TOKEN),
        (theirs, ""),
        (theirs, "inbox secret"),
        (neighbours, POLICE_TOKEN),
        (neighbours, ""),
        ("a" * 26, POLICE_TOKEN),
    ):
        assert not await opens(item_id, bearer)


async def test_a_link_that_was_revoked_opens_nothing(hub: HubWorld) -> None:
    """Neither the desk nor the answers."""
    item_id = await hub.police_asks()
    await hub.publish(item_id)
    await hub.reboot(requesters={})
    assert hub.manager.requester(POLICE_TOKEN) is None
    assert not await hub.manager.async_may_read(item_id, POLICE_TOKEN)


async def test_what_is_long_over_is_forgotten_but_for_the_log(hub: HubWorld) -> None:
    """Desk, key hint and who could read: gone when what came in for it is."""
    item_id = await hub.police_asks()
    await hub.publish(item_id)
    await hub.manager.async_note(POLICE, item_id, note())
    refused = await hub.police_asks()
    await hub.manager.async_refuse(refused, RefusalReason.ABUSIVE, MODERATOR)
    hub.drops.put(item_id, 5)
    hub.clock.go_on(timedelta(days=29) - timedelta(seconds=1))
    await hub.manager._sweep.async_round()
    assert len(await rows(hub)) == 2
    hub.clock.go_on(timedelta(hours=1))
    await hub.manager._sweep.async_round()
    assert await rows(hub) == []
    assert sorted(hub.drops.forgotten) == sorted([item_id, refused])
    assert hub.rows("SELECT id FROM items WHERE body IS NULL") == [{"id": item_id}]
    assert hub.rows("SELECT * FROM notes") == []
    assert not await hub.manager.async_may_read(item_id, POLICE_TOKEN)
    said = await hub.manager.async_public(item_id)
    assert (said["state"], said["item"] is None) == ("expired", False)
    assert hub.drops.swept
