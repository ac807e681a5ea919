"""A home sends to where a hub has answers kept: a real hub's drop box, a real store.

N-04: whatever answer is lost, at the hub or at the store, ends in one delivery.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
import hashlib
from pathlib import Path
import re
import secrets

from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.base.outbound import Outbound, origin_of
from custom_components.clip_consent.core.drop_box import DropLimits
from custom_components.clip_consent.core.errors import DeliveryError
from custom_components.clip_consent.core.models import Delivery, Destination, Way
from custom_components.clip_consent.home.portals.upload import Uploader
from tests.deliveries import Sealed
from tests.hub.drop_world import BEARER, REQUEST
from tests.hub.http_world import HttpWorld, serving
from tests.hub.stored_world import object_store_at, today
from tests.servers.fixtures import store
from tests.servers.processes import Store
from tests.servers.proxy import Fault, FaultProxy

__all__ = ["store"]  # a fixture, used by name

LOST = Fault(lose_answer=True)
CUT = Fault(cut_after=0)


@dataclass
class Street:
    """A hub behind a proxy, its store behind another, and a home."""

    hub: HttpWorld
    to_hub: FaultProxy
    to_store: FaultProxy
    sealed: Sealed
    delivery: Delivery
    saved: list[str | None] = field(default_factory=list)
    told: list[float] = field(default_factory=list)
    before_save: Callable[[], Awaitable[None]] | None = None

    async def attempt(self) -> None:
        """Deliver once, as after a restart: nothing but what was saved is known."""
        destination = self.delivery.consent.destination
        entered = {destination.url or "", destination.storage or ""}
        outbound = Outbound(
            allowed_fetch=frozenset(), allowed_send=frozenset(map(origin_of, entered))
        )
        try:
            await Uploader(outbound.send).async_deliver(
                self.delivery,
                self.sealed.path,
                save=self._save,
                progress=self.told.append,
            )
        finally:
            await outbound.async_close()

    async def _save(self, url: str | None) -> None:
        if self.before_save:
            await self.before_save()
        self.saved.append(url)
        self.delivery = replace(self.delivery, upload_url=url)

    async def fails(self) -> DeliveryError:
        """Return the error that an attempt ends in."""
        with pytest.raises(DeliveryError) as raised:
            await self.attempt()
        return raised.value

    async def came(self) -> list[str]:
        """Return the digests of what the hub has for its requester."""
        found = []
        for held in await self.hub.drops.async_inbox(REQUEST, BEARER):
            delivery = await self.hub.drops.async_delivery(
                REQUEST, held.delivery_id, BEARER
            )
            assert not isinstance(delivery, Path)
            digest = hashlib.sha256()
            async with delivery.reading(0, delivery.size) as pieces:
                async for piece in pieces:
                    digest.update(piece)
            found.append(digest.hexdigest())
        return found

    async def arrived(self) -> None:
        """Check that it is there, whole, and once."""
        assert await self.came() == [self.sealed.package.package_sha256]


@pytest.fixture
async def street(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None, store: Store
) -> AsyncIterator[Street]:
    """Return a home whose clip was approved for hub and store."""
    async with FaultProxy(store.port) as to_store:
        kept = object_store_at(to_store.port)
        limits = DropLimits(disk_free=0)
        async with serving(hass, tmp_path / "drops", limits, kept) as hub:
            hub.clock.wall = today().now()
            hub.gate.rooms = {REQUEST: hub.clock.now() + timedelta(days=7)}
            async with FaultProxy(hub.port) as to_hub:
                sealed = Sealed(tmp_path)
                at = hub.base.replace(str(hub.port), str(to_hub.port))
                destination = Destination(
                    way=Way.TUS,
                    url=f"{at}/drops/{REQUEST}",
                    storage=f"http://127.0.0.1:{to_store.port}",
                )
                consent = replace(sealed.delivery.consent, destination=destination)
                delivery = replace(
                    sealed.delivery,
                    delivery_id=secrets.token_hex(13),
                    consent=consent,
                )
                yield Street(hub, to_hub, to_store, sealed, delivery)
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_it_arrives(street: Street) -> None:
    """By one PUT to the store; the hub itself gets not a byte of it."""
    sizes: list[int] = []

    async def look() -> None:
        sizes.append(len(street.to_store.sent))

    street.before_save = look
    await street.attempt()
    await street.arrived()
    assert street.to_hub.methods == ["POST", "HEAD"]
    assert sizes == [0]  # where it will be is saved before its first byte
    assert street.saved == [street.delivery.upload_url]
    assert street.told[-1] == 1 and street.told == sorted(street.told)
    assert len(street.to_hub.sent) < 4096
    heads = street.to_store.sent.split(b"\r\n\r\n")[0].decode("latin-1")
    assert REQUEST not in heads
    assert not re.search("(?i)cookie|tus|referer|authorization:", heads)


async def test_again_is_not_twice(street: Street) -> None:
    """A restart after the last byte finds it there, and sends nothing."""
    await street.attempt()
    before = len(street.to_store.sent)
    await street.attempt()
    assert len(street.to_store.sent) - before < 4096
    await street.arrived()


@pytest.mark.parametrize("method", ["POST", "HEAD"])
async def test_an_answer_of_the_hub_is_lost(street: Street, method: str) -> None:
    """The next attempt goes on; what was begun for nothing is no delivery."""
    street.to_hub.faults[method] = [LOST, LOST]
    assert not (await street.fails()).permanent
    street.to_hub.faults[method] = []
    await street.attempt()
    await street.arrived()


@pytest.mark.parametrize(
    "fault", [LOST, Fault(cut_after=5000), Fault(cut_after=1, reset=True)]
)
@pytest.mark.parametrize("times", [1, 2])
async def test_a_put_is_cut_or_its_answer_is_lost(
    street: Street, fault: Fault, times: int
) -> None:
    """Asked first whether it came, and sent anew from the beginning if not."""
    street.to_store.faults["PUT"] = [fault] * times
    for _ in range(times):
        assert not (await street.fails()).permanent
        if fault is LOST:
            break  # it is there: nobody sends it again
    await street.attempt()
    await street.arrived()
    assert len(street.saved) == 1


async def test_what_the_store_has_already(street: Street) -> None:
    """412 is no error once the hub sees that it is all there."""
    street.to_store.faults["PUT"] = [LOST]
    street.to_hub.faults["HEAD"] = []
    assert not (await street.fails()).permanent
    # the hub is asked for its look before the store has it in order: it says 0
    upload = street.delivery.upload_url
    assert upload is not None
    name = upload.rpartition("/")[2]
    held = street.hub.drops
    look = held.async_upload
    first = True

    async def not_yet(request_id: str, upload_id: str) -> object:
        nonlocal first
        if first:
            first = False
            found = held._book.get(name)
            assert found
            return found.upload
        return await look(request_id, upload_id)

    held.async_upload = not_yet  # type: ignore[method-assign,assignment]
    await street.attempt()
    await street.arrived()


async def test_a_store_that_is_away(street: Street) -> None:
    """Where the hub cannot look, it says so, and the home comes again."""
    street.to_store.faults["HEAD"] = [CUT] * 2
    error = await street.fails()
    assert (error.code, error.permanent) == ("upload_busy", False)
    await street.attempt()
    await street.arrived()


async def test_an_address_that_is_over(street: Street, store: Store) -> None:
    """The store refuses it: another one is asked for the next time."""
    assert street.hub.store is not None
    street.hub.store._clock = Late()  # type: ignore[assignment]
    error = await street.fails()
    assert (error.code, error.permanent) == ("upload_busy", False)
    street.hub.store._clock = Late(0)  # type: ignore[assignment]
    await street.attempt()
    await street.arrived()
    assert street.to_hub.methods == ["POST", "HEAD", "GET", "HEAD"]


class Late:
    """A clock that is some hours behind."""

    def __init__(self, hours: int = 2) -> None:
        self._behind = timedelta(hours=hours)

    def now(self) -> object:
        return today().now() - self._behind


async def test_an_upload_that_is_gone(street: Street) -> None:
    """Forgotten by the hub before it came: begun anew, with another name."""
    street.to_store.faults["PUT"] = [Fault(cut_after=10)]
    await street.fails()
    name = (street.delivery.upload_url or "").rpartition("/")[2]
    await street.hub.drops.async_terminate(REQUEST, name)
    await street.attempt()
    await street.arrived()
    assert [one is None for one in street.saved] == [False, True, False]


async def test_a_request_that_is_withdrawn_meanwhile(street: Street) -> None:
    """It ends as with any hub: nothing of it stays in the store."""

    async def withdraw() -> None:
        await street.hub.drops.async_forget(REQUEST)
        street.hub.gate.rooms = {}

    street.before_save = withdraw
    error = await street.fails()
    assert (error.code, error.permanent) == ("upload_gone", False)
    street.before_save = None
    error = await street.fails()
    assert (error.code, error.permanent) == ("upload_refused", True)
    street.hub.clock.go_on(timedelta(hours=24))
    await street.hub.drops.async_sweep(street.hub.clock.now())
    assert street.hub.names() == set()
