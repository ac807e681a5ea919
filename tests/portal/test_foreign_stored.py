"""The second client delivers to a hub that has answers kept in a real store."""

from collections.abc import AsyncIterator
from dataclasses import replace
import json
from pathlib import Path
import secrets

import aiohttp
from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.home.portals.stored_upload import read_address
from tests.hub.stored_world import storage_at
from tests.hub.web import WebHub, serving_hub
from tests.hub.world import SETTINGS
from tests.servers.fixtures import proxy, store
from tests.servers.proxy import Fault, FaultProxy

from .foreign.spelling import Distrust
from .foreign.stored import ticket_in
from .foreign.web import Answer
from .said import example
from .street import Street, sealed

__all__ = ["proxy", "store"]  # fixtures, used by name


@pytest.fixture
async def street(
    hass: HomeAssistant, tmp_path: Path, proxy: FaultProxy
) -> AsyncIterator[Street]:
    """Return a street with a hub that has a store."""
    settings = replace(SETTINGS, storage=storage_at(proxy.port))
    async with (
        serving_hub(hass, tmp_path / "hub", settings) as hub,
        aiohttp.ClientSession() as session,
    ):
        yield Street(hub, session)


def files_of(hub: WebHub) -> int:
    """Return how many bytes of deliveries the hub itself has."""
    return sum(path.stat().st_size for path in (hub.folder / "drops").glob("*.age"))


@pytest.mark.parametrize("cut", [None, 300_000])
async def test_the_whole_round(
    street: Street, proxy: FaultProxy, cut: int | None
) -> None:
    """The log names the store; it goes there, and its requester notices nothing."""
    asked = await street.published()
    (found,) = await street.slot()
    assert street.home.storage == f"http://127.0.0.1:{proxy.port}"
    film = secrets.token_bytes(1_200_000)
    await street.home.deliver(found, sealed(asked, film), cut=cut)
    assert files_of(street.hub) == 0
    (row,) = (await street.police.on_desk(asked))["deliveries"]
    assert [row] == await street.police.inbox(asked)
    (delivery,) = await street.police.opened(asked)
    assert delivery.content == film
    assert ("PATCH", 204) not in street.hub.answered


async def test_an_answer_of_the_store_is_lost(
    street: Street, proxy: FaultProxy
) -> None:
    """The hub is asked, and has seen it: nothing is sent twice."""
    asked = await street.published()
    await street.slot()
    proxy.faults["PUT"] = [Fault(lose_answer=True)]
    await street.home.deliver(asked.id, sealed(asked, b"film"))
    assert proxy.methods.count("PUT") == 1
    (delivery,) = await street.police.opened(asked)
    assert delivery.content == b"film"


async def test_a_store_that_the_log_does_not_name(street: Street) -> None:
    """A home that knows another origin, or none, sends nothing to it."""
    asked = await street.published()
    with pytest.raises(Distrust, match="another_origin"):  # it has not read the log
        await street.home.deliver(asked.id, sealed(asked, b"film"))
    await street.slot()
    terms = street.home.reader.log.of_kind("terms")[-1]
    street.home.reader.log.texts[terms["n"]]["storage"] = "http://127.0.0.1:1"
    with pytest.raises(Distrust, match="another_origin"):
        await street.home.deliver(asked.id, sealed(asked, b"film"))
    assert await street.police.inbox(asked) == []


async def test_the_pages_example_is_what_a_hub_says(street: Street) -> None:
    """The same fields; both clients read where it goes from it."""
    shown = example("portal_drop")
    asked = await street.published()
    created = await street.home._created(asked.id, 1_048_576)
    told = created.json()
    assert told.keys() == shown.keys()
    assert told["put"].keys() == shown["put"].keys()
    assert told["put"]["headers"] == shown["put"]["headers"]
    again = await street.web.call(
        "GET",
        street.web.there(created.headers["Location"]),
        headers={"Tus-Resumable": "1.0.0"},
    )
    assert again.json()["put"].keys() == shown["put"].keys()
    said = json.dumps(shown).encode()
    assert read_address(said) == shown["put"]["url"]
    assert ticket_in(Answer(201, {}, said), "https://s3.example") == shown["put"]
