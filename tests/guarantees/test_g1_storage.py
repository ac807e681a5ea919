"""G1 tap: where a hub keeps answers is a part of what was approved.

A host that a hub names only when it is sent to is a destination that nobody approved.
"""

from dataclasses import replace
from datetime import timedelta
import json
from pathlib import Path
from typing import Any

from aiohttp import web
import pytest

from custom_components.clip_consent.base.outbound import Outbound, origin_of
from custom_components.clip_consent.core.approval import Session
from custom_components.clip_consent.core.errors import ConflictError, DeliveryError
from custom_components.clip_consent.core.ledger import Entry
from custom_components.clip_consent.core.models import (
    Case,
    CaseState,
    Choice,
    Destination,
    Offer,
    Way,
)
from custom_components.clip_consent.core.portal_log import EntryKind
from custom_components.clip_consent.home.portals.upload import Uploader
from tests.deliveries import Sealed
from tests.manager.world import ANNA, GARDEN
from tests.portal.standin import StandInHub, public_request
from tests.servers.web import serving

from .following import PORTAL, Follow, Following, follow, hub

__all__ = ["follow", "hub"]  # fixtures, used by name

STORE = "https://store.example"
OTHER = "https://other.example"
SIGNED = "?X-Amz-SignedHeaders=content-length%3Bhost%3Bif-none-match"


# --- what is sent, and where


class Liar:
    """A hub, and hosts that it names; every byte of a body that comes is kept."""

    def __init__(self) -> None:
        self.came: list[tuple[str, int]] = []
        self.put = ""
        self.again = ""  # named when asked anew
        self.offset = 0

    async def handle(self, request: web.BaseRequest) -> web.Response:
        body = await request.content.read(-1)
        if body:
            self.came.append((request.path, len(body)))
        length = request.headers.get("Upload-Length", "0")
        said = {"version": 1, "put": {"url": self.put, "headers": {}}}
        if request.method == "POST":
            self.length = length
            return web.json_response(said, status=201, headers={"Location": "/drops/1"})
        if request.method == "HEAD":
            numbers = {"Upload-Offset": str(self.offset), "Upload-Length": self.length}
            return web.Response(headers=numbers)
        if request.method == "GET":
            said["put"] = {"url": self.again}
            return web.json_response(said)
        self.offset = len(body)
        return web.Response()


async def _deliver(
    tmp_path: Path, url: str, storage: str | None, entered: set[str], upload: str | None
) -> list[str | None]:
    """Deliver once, for real; return what was kept of where the upload is."""
    sealed = Sealed(tmp_path)
    destination = Destination(way=Way.TUS, url=f"{url}/drops", storage=storage)
    consent = replace(sealed.delivery.consent, destination=destination)
    delivery = replace(sealed.delivery, consent=consent, upload_url=upload)
    saved: list[str | None] = []

    async def save(kept: str | None) -> None:
        saved.append(kept)

    outbound = Outbound(
        allowed_fetch=frozenset(), allowed_send=frozenset(map(origin_of, entered))
    )
    try:
        await Uploader(outbound.send).async_deliver(
            delivery, sealed.path, save=save, progress=lambda _: None
        )
    finally:
        await outbound.async_close()
    return saved


@pytest.mark.usefixtures("socket_enabled")
async def test_it_goes_to_the_store_that_was_approved(tmp_path: Path) -> None:
    """And the hub gets none of it."""
    liar, store = Liar(), Liar()
    async with serving(liar.handle) as port, serving(store.handle) as other:
        url, where = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}"
        liar.put = f"{where}/clips/1.age{SIGNED}"

        async def seen(request: web.BaseRequest) -> web.Response:
            liar.offset = (await store.handle(request)).status and store.offset
            assert request.headers["If-None-Match"] == "*"
            assert "Cookie" not in request.headers
            assert "Tus-Resumable" not in request.headers
            return web.Response()

        async with serving(seen) as third:
            where = f"http://127.0.0.1:{third}"
            liar.put = f"{where}/clips/1.age{SIGNED}"
            saved = await _deliver(tmp_path, url, where, {url, where}, None)
    assert saved == [f"{url}/drops/1"]
    assert liar.came == []
    assert [path for path, _ in store.came] == ["/clips/1.age"]


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(
    "named",
    [
        "{evil}/clips/1.age",  # another port
        "{secure}/clips/1.age",  # another scheme
        "{store}.evil.example/clips/1.age",
        "https://store.example@{evil_host}/clips/1.age",
        "//{evil_host}/clips/1.age",
        "/clips/1.age",
        "",
        "not an address",
    ],
)
@pytest.mark.parametrize("resumed", [False, True])
async def test_an_address_of_another_origin_is_not_used(
    tmp_path: Path, named: str, resumed: bool
) -> None:
    """Nothing is sent: not there, and not to the store that was approved either."""
    liar, store, evil = Liar(), Liar(), Liar()
    async with (
        serving(liar.handle) as port,
        serving(store.handle) as other,
        serving(evil.handle) as third,
    ):
        url, where = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}"
        bad = f"http://127.0.0.1:{third}"
        liar.put = liar.again = named.format(
            evil=bad,
            evil_host=bad.removeprefix("http://"),
            secure=where.replace("http", "https"),
            store=where.replace("127.0.0.1", "store"),
        )
        liar.length = str(Sealed(tmp_path).delivery.package_size)
        upload = f"{url}/drops/1" if resumed else None
        with pytest.raises(DeliveryError, match="storage_elsewhere") as raised:
            await _deliver(tmp_path, url, where, {url, where, bad}, upload)
        assert raised.value.permanent
    assert (liar.came, store.came, evil.came) == ([], [], [])


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("approved", [None, "store"])
async def test_what_was_approved_without_a_store_goes_to_none(
    tmp_path: Path, approved: str | None
) -> None:
    """Nor what was approved with one to the hub itself."""
    liar, store = Liar(), Liar()
    async with serving(liar.handle) as port, serving(store.handle) as other:
        url, where = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}"
        liar.put = "" if approved else f"{where}/clips/1.age"
        with pytest.raises(DeliveryError, match="storage_elsewhere"):
            await _deliver(
                tmp_path, url, where if approved else None, {url, where}, None
            )
    assert (liar.came, store.came) == ([], [])


@pytest.mark.usefixtures("socket_enabled")
async def test_a_private_store_that_the_owner_did_not_confirm(tmp_path: Path) -> None:
    """As everywhere: a hub names no address within the home's own network."""
    liar, store = Liar(), Liar()
    async with serving(liar.handle) as port, serving(store.handle) as other:
        url, where = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{other}"
        liar.put = f"{where}/clips/1.age"
        with pytest.raises(DeliveryError, match="address_needs_https"):
            await _deliver(tmp_path, url, where, {url}, None)
    assert (liar.came, store.came) == ([], [])


# --- what is approved


def moves(hub: StandInHub, storage: str | None) -> None:
    """Have the hub say in its terms where answers are kept."""
    said = {"name": "Lindenstraße"} | ({"storage": storage} if storage else {})
    hub.add(EntryKind.TERMS, json.dumps(said))


async def _offered(home: Following) -> tuple[Case, Offer]:
    """Choose a minute; return the case and its offer."""
    [case] = await home.cases()
    if case.offer is None:
        window = case.request.window
        minute = replace(window, end=window.start + timedelta(minutes=1))
        choice = Choice(camera_id=GARDEN, window=minute)
        await home.world.manager.async_choose(case.case_id, choice, ANNA)
        await home.world.settle()
        [case] = await home.cases()
    assert case.offer
    return case, case.offer


async def _lines(home: Following, *kinds: str) -> list[Entry]:
    entries = await home.world.bench.store.async_whole_ledger()
    return [entry for entry in entries if entry.kind in kinds]


async def test_the_offer_names_hub_and_store(follow: Follow, hub: StandInHub) -> None:
    """So do the consent, the panel, and the record."""
    moves(hub, STORE)
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    case, offer = await _offered(home)
    assert offer.destination.storage == STORE
    assert offer.destination.url and offer.destination.url.startswith(hub.url)
    shown: Any = home.world.manager.reading.view(
        case, user_name=str, problem_text=str, sentence=lambda one: one.sentence
    )
    assert shown["request"]["storage"] == STORE
    await home.world.approve(case)
    await home.world.settle()
    [case] = await home.cases()
    assert case.delivery
    assert case.delivery.consent.destination == offer.destination
    lines = await _lines(home, "offered", "approved")
    assert [one.data["storage"] for one in lines] == [STORE, STORE]


@pytest.mark.parametrize("before", [None, STORE])
@pytest.mark.parametrize("after", [None, OTHER])
async def test_an_offer_is_void_once_the_store_is_another(
    follow: Follow, hub: StandInHub, before: str | None, after: str | None
) -> None:
    """The same draft is offered anew, with the new place in it."""
    if before == after:
        return
    moves(hub, before)
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    _, offer = await _offered(home)
    moves(hub, after)
    await home.poll()
    with pytest.raises(ConflictError, match="offer_void"):
        await home.world.manager.async_approve(
            offer_id=offer.offer_id,
            sha256=offer.sha256,
            user_id=ANNA,
            session=Session(own_login=True),
        )
    _, anew = await _offered(home)
    assert anew.offer_id != offer.offer_id
    assert (anew.sha256, anew.destination.storage) == (offer.sha256, after)
    [said] = await _lines(home, "rerouted")
    assert said.data["storage"] == after


@pytest.mark.parametrize("sealed", [False, True])
async def test_a_yes_is_void_once_the_store_is_another(
    follow: Follow, hub: StandInHub, sealed: bool
) -> None:
    """Nothing leaves; it is asked about anew."""
    moves(hub, STORE)
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    case, _ = await _offered(home)
    await home.world.approve(case)
    home.world.chance.falls = 1.0
    if sealed:
        await home.world.pass_undo()
        [case] = await home.cases()
        assert case.state is CaseState.SEALED
    moves(hub, OTHER)
    await home.poll()
    await home.world.pass_undo()
    home.world.clock.go_on(timedelta(hours=1))
    home.world.manager.look_again()
    await home.world.settle()
    assert home.world.oracle.arrived == []
    case, offer = await _offered(home)
    assert (case.state, offer.destination.storage) == (CaseState.WAITING, OTHER)
    [voided] = await _lines(home, "voided")
    assert voided.data["problem"] == "storage_changed"
    await home.world.approve(case)
    await home.world.pass_undo()
    home.world.clock.go_on(timedelta(hours=1))
    home.world.manager.look_again()
    await home.world.settle()
    assert len(home.world.oracle.arrived) == 1


async def test_only_the_log_counts(follow: Follow, hub: StandInHub) -> None:
    """What stands on `/info` alone is said to one home, maybe, and to no other."""
    moves(hub, STORE)
    hub.change_info["storage"] = OTHER
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    _, offer = await _offered(home)
    assert offer.destination.storage == STORE
    await home.restart()
    await home.world.manager.hubs.async_trust_anew(PORTAL)
    await home.poll()
    _, offer = await _offered(home)
    assert offer.destination.storage == STORE


@pytest.mark.parametrize("said", ['{"storage":5}', "[]", "{", '{"storage":"x://y"}'])
async def test_terms_that_name_no_store(
    follow: Follow, hub: StandInHub, said: str
) -> None:
    """None is meant: then nothing is sent to any."""
    moves(hub, STORE)
    hub.add(EntryKind.TERMS, said)
    hub.publish(public_request())
    home = await follow()
    await home.poll()
    _, offer = await _offered(home)
    assert offer.destination.storage is None
