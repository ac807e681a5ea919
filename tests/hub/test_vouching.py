"""A hub withdraws what is open of those whom it vouches for no more, and says so."""

from dataclasses import replace
from datetime import timedelta
import json

import pytest

from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.hub_settings import token_digest
from custom_components.clip_consent.core.models import RequesterKind
from custom_components.clip_consent.core.ports_hub import DropRoom

from .world import (
    CELL,
    INSURER,
    INSURER_TOKEN,
    MODERATOR,
    POLICE,
    POLICE_TOKEN,
    HubWorld,
)

INSURER_ALONE = {token_digest(INSURER_TOKEN): INSURER}


async def state(hub: HubWorld, id: str) -> object:
    """Return how everybody is told that an item stands."""
    return (await hub.manager.async_public(id))["state"]


async def test_what_a_removed_requester_has_open_is_withdrawn(hub: HubWorld) -> None:
    """Homes are asked no more for what nobody vouches for; the log says who and why."""
    police = await hub.police_asks(title="Van")
    n = await hub.publish(police)
    insurer = await hub.insurer_asks(title="Hail")
    await hub.publish(insurer)
    neighbour = await hub.neighbour_asks(title="Cat")
    await hub.publish(neighbour)
    await hub.manager.async_post_notice("Ice", "On the road.", (CELL,), MODERATOR)
    await hub.reboot(requesters=INSURER_ALONE)
    assert await hub.listed() == ["Hail", "Cat", "Ice"]
    assert await state(hub, police) == "withdrawn"
    assert await hub.manager.async_room(police) is None  # no clip is taken for it
    assert isinstance(await hub.manager.async_room(insurer), DropRoom)
    last = (await hub.log())[-1]
    assert (last.entry.kind, last.entry.id) == ("withdrawn", police)
    assert last.entry.target == n
    assert last.beside
    said = json.loads(last.beside.text)
    assert said == {"by": "hub", "reason": "requester_gone"}
    before = await hub.kinds()
    await hub.reboot()
    assert await hub.kinds() == before  # once


async def test_what_is_over_anyway_is_left_as_it_ended(hub: HubWorld) -> None:
    """What was resolved, withdrawn by them or expired, and what was never public."""
    over = await hub.police_asks()
    await hub.publish(over)
    hub.clock.go_on(timedelta(days=7))
    resolved = await hub.police_asks()
    await hub.publish(resolved)
    await hub.manager.async_resolve(POLICE, resolved)
    waiting = await hub.police_asks()
    before = await hub.kinds()
    await hub.reboot(requesters={})
    assert await hub.kinds() == before
    assert await state(hub, over) == "expired"
    assert await state(hub, resolved) == "resolved"
    assert [one.id for one in await hub.manager.async_waiting()] == [waiting]


async def test_a_new_link_is_no_removal(hub: HubWorld) -> None:
    """It is the same requester by another token."""
    police = await hub.police_asks()
    await hub.publish(police)
    await hub.reboot(requesters={token_digest("new token"): POLICE})
    assert await state(hub, police) == "open"


async def test_their_follow_ups_are_not_published_either(hub: HubWorld) -> None:
    """Nobody vouches for what they added."""
    police = await hub.police_asks()
    await hub.publish(police)
    body = json.dumps({"version": 1, "text": "It was red."}).encode()
    await hub.manager.async_note(POLICE, police, body)
    await hub.reboot(requesters={})
    (note,) = await hub.manager.async_waiting()
    with pytest.raises(ConflictError, match="requester_gone"):
        await hub.manager.async_publish(note.id, MODERATOR)


async def test_a_corrected_requester_is_published_as_corrected(hub: HubWorld) -> None:
    """Moderators see what the operator says of them today, and so does everybody."""
    police = await hub.police_asks()
    await hub.publish(await hub.police_asks())
    told = (await hub.manager.async_desk(POLICE))["requests"][0]["id"]
    await hub.manager.async_note(POLICE, told, b'{"version":1,"text":"It was blue."}')
    fixed = replace(
        POLICE,
        kind=RequesterKind.INSURER,
        name="Meier, private detective",
        organisation="",
        verified_how="Said so on the phone",
    )
    await hub.reboot(requesters={token_digest(POLICE_TOKEN): fixed})
    waiting = await hub.manager.async_waiting()
    assert [one.requester for one in waiting] == [fixed, fixed]
    n = await hub.publish(police)
    beside = (await hub.log())[n - 1].beside
    assert beside
    said = json.loads(beside.text)
    assert {name: said[name] for name in ("kind", "name", "verified_how")} == {
        "kind": "insurer",
        "name": "Meier, private detective",
        "verified_how": "Said so on the phone",
    }
