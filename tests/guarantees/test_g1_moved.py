"""G1 tap: a hub that moved is another destination, and what is open goes there.

Its key is the same, so it is the same hub; its owner entered where it is now.
"""

from dataclasses import replace
from datetime import timedelta

from pyrage import x25519
import pytest

from custom_components.clip_consent.base.outbound import origin_of
from custom_components.clip_consent.core.approval import Session
from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.models import Case, CaseState, Choice
from custom_components.clip_consent.home.portals.hub_client import hub_door
from tests.manager.world import ANNA, GARDEN
from tests.portal.standin import StandInHub, public_request
from tests.portal.test_home_notices import a_notice

from .following import Follow, Following, follow, hub
from .test_g1_comments import comment

__all__ = ["follow", "hub"]  # fixtures, used by name


async def moves(home: Following) -> str:
    """Enter another address of the same hub, and ask there once; return it."""
    moved = home.hub.url.replace("127.0.0.1", "localhost")
    assert moved != home.hub.url
    settings = home.world.settings
    portals = tuple(replace(one, url=moved) for one in settings.portals)
    home.world.settings = replace(settings, portals=portals)
    before, home.door = home.door, hub_door(frozenset({origin_of(moved)}))
    home.world.hubs = home.door
    await home.restart()
    await before.async_close()
    await home.poll()
    return moved


async def offered(home: Following) -> Case:
    """Choose a minute, and return what is offered."""
    [case] = await home.cases()
    window = case.request.window
    minute = replace(window, end=window.start + timedelta(minutes=1))
    await home.world.manager.async_choose(
        case.case_id, Choice(camera_id=GARDEN, window=minute), ANNA
    )
    await home.world.settle()
    [case] = await home.cases()
    return case


async def test_an_open_case_goes_where_its_hub_is(
    follow: Follow, hub: StandInHub
) -> None:
    """The offer to the old address is void, the same film is offered anew."""
    item = public_request()
    hub.publish(item)
    home = await follow()
    await home.poll()
    case = await offered(home)
    assert case.offer
    before = case.offer
    moved = await moves(home)
    [case] = await home.cases()
    with pytest.raises(ConflictError, match="offer_void"):
        await home.world.manager.async_approve(
            offer_id=before.offer_id,
            sha256=before.sha256,
            user_id=ANNA,
            session=Session(own_login=True),
        )
    assert case.offer
    assert case.offer.sha256 == before.sha256
    assert case.offer.destination == case.request.destination
    assert str(case.request.destination.url).startswith(f"{moved}/")
    assert str(case.request.destination.url).endswith(f"/drops/{item.id}")


async def test_a_yes_to_the_old_address_is_asked_for_anew(
    follow: Follow, hub: StandInHub
) -> None:
    """Nothing leaves by it, to neither."""
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    await home.world.approve(await offered(home))
    home.world.chance.falls = 1.0
    await home.world.pass_undo()
    await moves(home)
    home.world.clock.go_on(timedelta(hours=1))
    home.world.manager.look_again()
    await home.world.settle()
    assert home.world.oracle.arrived == []
    [case] = await home.cases()
    assert case.state is CaseState.WAITING


async def test_a_comment_goes_where_its_hub_is(follow: Follow, hub: StandInHub) -> None:
    """It waits for its tap with the new address in it."""
    notice = a_notice(recipient=str(x25519.Identity.generate().to_public()))
    hub.publish(notice)
    home = await follow()
    await home.poll()
    await comment(home, notice)
    moved = await moves(home)
    [case] = home.world.manager.reading.open_cases()
    assert case.offer
    assert str(case.offer.destination.url).startswith(f"{moved}/")
