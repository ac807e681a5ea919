"""Requests that the owner enters, and the links their answers are picked up by."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from custom_components.clip_consent.core.errors import (
    ClipConsentError,
    ConflictError,
    NotFoundError,
)
from custom_components.clip_consent.core.models import (
    Case,
    Destination,
    PortalKind,
    RequesterKind,
    Way,
)
from custom_components.clip_consent.core.requests import make_ask
from custom_components.clip_consent.core.serial import utc_text

from .examples import UPLOAD
from .world import ANNA, GARDEN, GATE, NOON, World, recipient, request


async def test_owner_enters_a_request_that_is_handed_over(world: World) -> None:
    """It came by phone; the approver downloads the draft after the tap."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    ask = make_ask(
        window=request().window,
        text="A bicycle",
        name="Officer",
        kind=RequesterKind.POLICE,
        case_number="12",
    )
    case_id, status_id = await world.manager.async_enter(
        ask, label="Station", destination=Destination(way=Way.HAND_OVER), user_id=ANNA
    )
    assert status_id is None
    await world.settle()
    case = await world.manager.reading.async_case(case_id, ANNA)
    assert case.draft
    sha256 = case.draft.sha256
    reading = world.manager.reading
    with pytest.raises(NotFoundError):
        await reading.async_draft_file(case_id, sha256, "file", ANNA)
    await world.approve(case)
    await world.pass_undo()
    path, media_type = await reading.async_draft_file(case_id, sha256, "file", ANNA)
    assert path.exists()
    assert media_type == "video/mp4"
    await world.reboot()
    assert path.exists()
    world.clock.go_on(timedelta(days=2))
    await world.reboot()
    assert not path.exists()


async def picked_up(world: World) -> tuple[Case, str]:
    """Share by a pick-up link; return its case and the id of its status page."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    ask = make_ask(window=request().window, text="A bicycle", name="Insurer")
    case_id, not_yet = await world.manager.async_enter(
        ask, label="", destination=Destination(way=Way.DROP), user_id=None
    )
    assert not_yet is None
    await world.settle()
    case = await world.manager.reading.async_case(case_id, ANNA)
    assert case.draft
    assert case.offer is None
    _, status_id = await world.manager.async_set_key(case_id, recipient(), ANNA)
    await world.settle()
    await world.approve(await world.manager.reading.async_case(case_id, ANNA))
    await world.pass_undo()
    return await world.manager.reading.async_case(case_id, ANNA), status_id


async def test_pickup_link_needs_a_key_from_the_panel(world: World) -> None:
    """Without a key there is a draft and no offer; with one there is, good once."""
    case, status_id = await picked_up(world)
    with pytest.raises(ConflictError):
        await world.manager.async_set_key(case.case_id, recipient(), ANNA)
    status = await world.manager.direct.async_status(status_id)
    assert isinstance(status, dict)
    [delivery] = status["deliveries"]
    await world.manager.direct.async_fetched(delivery["id"])
    ends = world.clock.now() + timedelta(minutes=15)
    world.clock.go_on(timedelta(minutes=14))
    await world.manager.direct.async_fetched(delivery["id"])
    assert await world.manager.direct.async_drop(status_id, delivery["id"])
    shared = await world.manager.reading.async_case(case.case_id, ANNA)
    assert [done.available_until for done in shared.delivered] == [ends]
    lines, *_ = await world.manager.reading.async_ledger(None, 50, ANNA)
    told = [entry.data for entry in lines if entry.kind == "fetched"]
    assert told == [{"delivery_id": delivery["id"], "until": utc_text(ends)}]
    world.clock.go_on(timedelta(minutes=2))
    assert await world.manager.direct.async_drop(status_id, delivery["id"]) is None


async def test_key_is_set_once(world: World) -> None:
    """Another one would open what the first was approved for."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    ask = make_ask(window=request().window, text="A bicycle", name="Insurer")
    case_id, _ = await world.manager.async_enter(
        ask, label="", destination=Destination(way=Way.DROP), user_id=None
    )
    await world.settle()
    await world.manager.async_set_key(case_id, recipient(), ANNA)
    await world.settle()
    with pytest.raises(ConflictError, match="key_already_set"):
        await world.manager.async_set_key(case_id, recipient(), ANNA)


async def test_revoked_while_it_is_read(world: World) -> None:
    """The note that it was read is not in the way: it is taken back."""
    case, status_id = await picked_up(world)
    [done] = case.delivered
    after, _ = await asyncio.gather(
        world.manager.async_revoke(done.delivery_id, ANNA),
        world.manager.direct.async_fetched(done.delivery_id),
    )
    assert after.delivered[0].revoked_at
    await world.manager.direct.async_fetched(done.delivery_id)
    assert await world.manager.direct.async_drop(status_id, done.delivery_id) is None


async def test_link_of_one_who_gave_a_key_lasts(world: World) -> None:
    """Only a pick-up link, whose key is the owner's browser's, ends when it was read."""
    world.source.add(GARDEN, NOON - timedelta(hours=2), 7200)
    ask = make_ask(window=request().window, text="x", name="y", recipient=recipient())
    case_id, status_id = await world.manager.async_enter(
        ask, label="", destination=Destination(way=Way.DROP), user_id=ANNA
    )
    assert status_id
    await world.settle()
    await world.approve(await world.manager.reading.async_case(case_id, ANNA))
    await world.pass_undo()
    [done] = (await world.manager.reading.async_case(case_id, ANNA)).delivered
    await world.manager.direct.async_fetched(done.delivery_id)
    world.clock.go_on(timedelta(days=13))
    assert await world.manager.direct.async_drop(status_id, done.delivery_id)


async def test_upload_address_is_checked(world: World) -> None:
    """An address that is not allowed is refused before anything is kept."""
    world.refused_address = ClipConsentError("address_not_allowed")
    ask = make_ask(window=request().window, text="x", name="y", recipient=recipient())
    with pytest.raises(ClipConsentError, match="address_not_allowed"):
        await world.manager.async_enter(ask, label="", destination=UPLOAD, user_id=ANNA)
    world.refused_address = None
    await world.manager.async_enter(ask, label="", destination=UPLOAD, user_id=ANNA)


async def test_test_request_asks_for_the_newest_footage(world: World) -> None:
    """The approver plays the stranger."""
    asking = {"name": "Anna", "recipient": recipient()}
    with pytest.raises(NotFoundError, match="no_footage"):
        await world.manager.async_test_request(ANNA, **asking)
    no_cameras = patch.dict(world.settings.cameras, clear=True)
    with no_cameras, pytest.raises(NotFoundError, match="no_camera"):
        await world.manager.async_test_request(ANNA, **asking)
    world.source.add(GARDEN, NOON - timedelta(hours=2), 3600)
    world.source.add(GATE, NOON - timedelta(hours=3), 3600)
    case_id, status_id = await world.manager.async_test_request(
        ANNA, name="Anna", recipient=recipient()
    )
    await world.settle()
    case = await world.manager.reading.async_case(case_id, ANNA)
    assert case.request.portal is PortalKind.TEST
    assert case.request.window.end == NOON - timedelta(hours=1)
    assert case.request.window.seconds == 30
    assert await world.manager.direct.async_status(status_id)


async def test_test_request_looks_back_a_week(world: World) -> None:
    """A camera that films only what moves may have nothing of today."""
    asking = {"name": "Anna", "recipient": recipient()}
    world.source.add(GARDEN, NOON - timedelta(days=7, hours=2), 600)
    with pytest.raises(NotFoundError, match="no_footage"):
        await world.manager.async_test_request(ANNA, **asking)
    world.source.add(GARDEN, NOON - timedelta(days=6, hours=2), 20)
    case_id, _ = await world.manager.async_test_request(ANNA, **asking)
    case = await world.manager.reading.async_case(case_id, ANNA)
    assert case.request.window.start == NOON - timedelta(days=6, hours=2)
    assert case.request.window.seconds == 20


async def test_invite_that_ended_is_unknown(world: World) -> None:
    """An expired invite answers as one that never was."""
    token = "a" * 26
    direct = world.manager.direct
    assert direct.knows(token)
    invites = world.settings.invites
    ended = replace(invites[token], expires_at=NOON - timedelta(days=1))
    world.settings = replace(world.settings, invites={token: ended})
    await world.reboot()
    assert not world.manager.direct.knows(token)
    assert await world.manager.direct.async_ask(token, b"{}") is None
    assert await world.manager.direct.async_status("c" * 26) is None
    assert await world.manager.direct.async_drop("c" * 26, "d" * 26) is None
