"""A hub, and a client written by somebody who read docs/portal-protocol.md alone."""

import ast
import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
import secrets
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from custom_components.clip_consent.core.hub_models import RefusalReason
from custom_components.clip_consent.hub.manager import HubManager
from tests.edges.hubs import TOKEN, hub_entry
from tests.hub.world import MODERATOR, POLICE_TOKEN

from . import foreign
from .foreign import signing
from .foreign.cells import around, cell_of
from .foreign.home import Home, new_id
from .foreign.reader import Reader
from .foreign.requester import Asked, Requester
from .foreign.spelling import Distrust, Said
from .foreign.web import RefusedError
from .street import PLACE, POLICE, WANTED, Documented, Street, sealed


def test_it_imports_nothing_of_ours() -> None:
    """Or it would be no second client."""
    (folder,) = foreign.__path__
    files = list(Path(folder).glob("*.py"))
    assert len(files) > 5
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = [] if node.level == 1 else [node.module or ".."]
            elif isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            else:
                continue
            roots = {name.partition(".")[0] for name in names}
            assert not roots & {"custom_components", "script", "tests", ""}, file.name


async def test_the_whole_round(street: Street) -> None:
    """Submitted, published, found in the feed, delivered, fetched, opened."""
    asked = await street.police.submit(**POLICE)
    assert (await street.police.on_desk(asked))["state"] == "moderation"
    assert await street.slot() == []
    await street.publish(asked.id)
    (item,) = await street.home.slot(street.now)
    assert item["id"] == asked.id
    assert (item["title"], item["text"]) == (WANTED["title"], WANTED["text"])
    assert item["recipient"] == str(asked.identity.to_public())
    film = secrets.token_bytes(1_200_000)
    await street.home.deliver(item["id"], sealed(asked, film), cut=300_000)
    (row,) = (await street.police.on_desk(asked))["deliveries"]
    assert [row] == await street.police.inbox(asked)
    (delivery,) = await street.police.opened(asked)
    assert delivery.content == film
    assert delivery.manifest["kind"] == "clip"


async def test_a_neighbours_round(street: Street) -> None:
    """Without a token: the secret of the inbox opens all that one of their own needs."""
    asked = await street.neighbour.submit(**WANTED)
    await street.publish(asked.id)
    (item,) = await street.home.slot(street.now)
    assert (item["kind"], item["name"], item["contact"]) == ("neighbour", "", "")
    await street.home.deliver(asked.id, sealed(asked, b"film"))
    (delivery,) = await street.neighbour.opened(asked, piece=2**22)
    assert delivery.content == b"film"
    other = Asked(asked.id, asked.identity, secrets.token_urlsafe())
    for refused in (street.neighbour.inbox, street.neighbour.withdraw):
        with pytest.raises(RefusedError) as told:
            await refused(other)
        assert (told.value.status, told.value.said) == (404, {"error": "not_found"})
    await street.neighbour.resolve(asked)
    assert await street.slot() == []


async def test_the_log_tells_what_became_of_it(street: Street) -> None:
    """A follow-up, a withdrawal, a redaction: each an entry, each held to its text."""
    first = await street.published()
    reader = street.new_reader()
    await reader.look(street.now)
    said = await reader.request(first.id)
    assert (said["state"], said["item"]["id"]) == ("open", first.id)
    await street.police.note(first, "It was Wednesday.")
    (waiting,) = await street.hub.manager.async_waiting()
    await street.publish(waiting.id)
    await street.police.withdraw(first)
    await street.police.withdraw(first)  # done twice, done once
    second = await street.published(case_number="8")
    await reader.look(street.now)
    n = (await reader.request(second.id))["log"]
    await street.hub.manager.async_redact(n, "It names somebody.", MODERATOR)
    info = await reader.look(street.now)
    kinds = [entry["kind"] for entry in reader.log.entries]
    assert kinds == ["terms", "published", "note", "withdrawn", "published", "redacted"]
    assert reader.log.texts[1] == {name: info[name] for name in reader.log.texts[1]}
    assert reader.log.texts[3] == {"text": "It was Wednesday."}
    assert reader.log.texts[6]["why"] == "It names somebody."
    said = await reader.request(first.id)
    assert (said["state"], [note["n"] for note in said["notes"]]) == ("withdrawn", [3])
    assert (await reader.request(second.id))["item"] is None
    late = street.new_reader()  # who comes later finds the text gone, and why
    await late.look(street.now)
    assert late.log.entries == reader.log.entries
    assert 5 not in late.log.texts


async def test_a_refusal_is_counted_and_told_to_its_requester(street: Street) -> None:
    """By its reason alone."""
    asked = await street.police.submit(**POLICE)
    reason = next(iter(RefusalReason))
    await street.hub.manager.async_refuse(asked.id, reason, MODERATOR)
    row = await street.police.on_desk(asked)
    assert (row["state"], row["refused"]) == ("refused", reason)
    info = await street.new_reader().info(street.now)
    assert info["counts"] == {"published": 0, "refused": {reason: 1}}


async def test_a_home_asks_the_same_whatever_it_is_told(street: Street) -> None:
    """The cells around it that the hub covers, by name; a 304 of what did not change."""
    near = around(52.535, 13.401, 5)
    assert len(near) == 9
    assert near == sorted(near)
    assert cell_of(52.535, 13.401, 5) == "u33db"
    await street.slot()
    assert street.home.asked == [("u33db", 200), ("u33dc", 200)]
    street.home.asked.clear()
    await street.slot()
    assert street.home.asked == [("u33db", 304), ("u33dc", 304)]
    asked = await street.published()
    assert await street.slot() == [asked.id]
    street.hub.clock.go_on(timedelta(days=8))
    await street.hub.manager._sweep.async_round()  # as each minute does
    assert await street.slot() == []  # it is over, and the feed is a new one


async def test_keys_may_change(street: Street) -> None:
    """A home that knew the first key alone follows; the old key's time ends."""
    await street.published()
    await street.slot()
    hub = street.hub.manager.hub
    await street.hub.manager.async_rotate_key()
    assert len(await street.slot()) == 1
    assert street.home.reader.keys
    old, new = street.home.reader.keys.keys
    assert (old.kid, old.since) == (hub, None)
    assert len(street.home.reader.log.of_kind("key")) == 1
    after = street.now + signing.OVERLAP
    assert list(street.home.reader.keys.good(after)) == [new.kid]


async def test_a_hub_that_starts_anew_is_not_believed(street: Street) -> None:
    """Neither under another name, nor with a shorter log, nor with another one."""
    await street.published()
    await street.slot()
    known = street.home.reader.log
    stranger = street.new_home()
    stranger.reader.hub = signing.thumbprint(Ed25519PrivateKey.generate().public_key())
    with pytest.raises(Distrust, match="other_hub"):
        await stranger.slot(street.now)
    longer = dict(known.entries[-1], n=known.n + 1)
    known.entries.append(longer)
    with pytest.raises(Distrust, match="rollback"):
        await street.slot()
    known.entries.pop()
    known.entries[-1] = {**known.entries[-1], "hash": "f" * 64}
    with pytest.raises(Distrust, match="fork"):
        await street.slot()


async def test_uploads_keep_to_tus(street: Street) -> None:
    """A wrong offset changes nothing; what was given up, or never was, is not there."""
    asked = await street.published()
    data = sealed(asked, b"film")
    created = await street.web.call(
        "POST",
        f"{street.web.base}/drops/{asked.id}",
        headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data))},
    )
    assert (created.status, created.headers["Tus-Resumable"]) == (201, "1.0.0")
    assert "Upload-Expires" in created.headers
    url = street.web.there(created.headers["Location"])
    answer = await street.home.patch(url, 0, data[:1000])
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, "1000")
    for offset in (0, 999, 1001, len(data)):
        with pytest.raises(RefusedError) as refused:
            await street.home.patch(url, offset, data[offset : offset + 10])
        assert refused.value.status == 409
    answer = await street.web.call("HEAD", url, headers={"Tus-Resumable": "1.0.0"})
    assert answer.headers["Upload-Offset"] == "1000"
    with pytest.raises(RefusedError) as refused:
        await street.web.call("HEAD", url, headers={"Tus-Resumable": "0.2.2"})
    assert refused.value.status == 412
    answer = await street.web.call("DELETE", url, headers={"Tus-Resumable": "1.0.0"})
    assert answer.status == 204
    for gone in (
        street.home.patch(url, 1000, data[1000:]),
        street.home.deliver(new_id(), data),
    ):
        with pytest.raises(RefusedError) as refused:
            await gone
        assert refused.value.status == 404
    assert await street.police.inbox(asked) == []


async def test_notices_and_their_comments(street: Street) -> None:
    """A neighbour's notice is published; a comment is sealed to its author."""
    notice = await street.neighbour.notice("Ice", "The steps are slippery.", ["u33db"])
    await street.publish(notice.id)
    (item,) = await street.home.slot(street.now)
    assert (item["type"], item["author"], item["cells"]) == (
        "notice",
        "neighbour",
        ["u33db"],
    )
    await street.home.deliver(notice.id, sealed(notice, b"Thank you!"))
    (comment,) = await street.neighbour.opened(notice)
    assert comment.content == b"Thank you!"


async def test_coverage_tells_of_five_at_least(street: Street) -> None:
    """Seven are five, once their month is over."""
    reader = street.new_reader()
    for _ in range(7):
        await street.home.count_me(new_id(), 5)
    await street.counted(7)
    assert await reader.coverage() == {}
    street.hub.clock.go_on(timedelta(days=31))
    assert await reader.coverage() == {"u33db": 5}


async def test_what_is_refused_says_which_field(street: Street) -> None:
    """By a code, with the limit beside."""
    for changed, field in (
        ({"title": ""}, "title"),
        ({"case_number": ""}, "case_number"),
        ({"end": "2026-11-24T18:00:00Z"}, "end"),
        ({"area": {**PLACE, "radius": 5000}}, "area"),
    ):
        with pytest.raises(RefusedError) as refused:
            await street.police.submit(**{**POLICE, **changed})
        assert (refused.value.status, refused.value.said["field"]) == (400, field)


async def test_a_log_may_be_read_while_it_grows(street: Street) -> None:
    """A page's head is of the same moment as its entries."""
    reader = street.new_reader()

    async def grow() -> None:
        for n in range(40):
            await street.hub.manager.async_post_notice(
                f"{n}", "Ice.", ("u33db",), MODERATOR
            )

    growing = asyncio.create_task(grow())
    while not growing.done():
        await reader.look(street.now)
        await street.slot()
    await growing
    await reader.look(street.now)
    assert reader.log.n == 41


async def test_a_hub_as_its_owner_sets_it_up(
    hass: HomeAssistant,
    tmp_path: Path,
    socket_enabled: None,
    aiohttp_server: Callable[..., Awaitable[Any]],
) -> None:
    """The entry of the forms, its requester's token, real time: the round once more."""
    hass.config.config_dir = str(tmp_path)
    assert await async_setup_component(hass, "http", {})
    entry = hub_entry(MODERATOR)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    server = await aiohttp_server(hass.http.app)
    hub: HubManager = entry.runtime_data
    async with aiohttp.ClientSession() as session:
        web = Documented(session, f"http://127.0.0.1:{server.port}")
        police = Requester(web, TOKEN)
        now = datetime.now(UTC).replace(microsecond=0)
        asked = await police.submit(
            **{
                **POLICE,
                "start": _spelt(now - timedelta(hours=3)),
                "end": _spelt(now - timedelta(hours=2)),
                "area": {**PLACE, "latitude": 52.52},
            }
        )
        await hub.async_publish(asked.id, MODERATOR)
        home = Home(Reader(web, hub.hub), 52.52, 13.4)
        (item,) = await home.slot(datetime.now(UTC))
        await home.deliver(item["id"], sealed(asked, b"film"))
        (delivery,) = await police.opened(asked)
        assert delivery.content == b"film"
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()


def _spelt(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("method", "path", "given", "status", "said"),
    [
        ("HEAD", "/info", {}, 404, None),
        ("PUT", "/requests", {}, 404, {"error": "not_found"}),
        ("POST", "/info", {}, 404, {"error": "not_found"}),
        ("OPTIONS", "/drops/{id}", {}, 404, {"error": "not_found"}),
        ("GET", "/log?from=0", {}, 400, {"error": "bad_request"}),
        ("GET", "/feed/zzzzz", {}, 404, {"error": "not_found"}),
        ("GET", "/desk", {}, 404, {"error": "not_found"}),
        (
            "POST",
            "/requests",
            {"data": b"{}"},
            415,
            {"error": "unsupported_media_type"},
        ),
        (
            "POST",
            "/requests",
            {"json": {"text": "x" * 2**16}},
            413,
            {"error": "too_large"},
        ),
        (
            "POST",
            "/requests",
            {"json": POLICE, "token": "x"},
            404,
            {"error": "not_found"},
        ),
        ("POST", "/requests/{id}/resolve", {"token": POLICE_TOKEN}, 200, {}),
        ("POST", "/drops/{id}", {"tus": "1.0.0"}, 400, {"error": "bad_request"}),
        ("POST", "/drops/{id}", {}, 412, {"error": "precondition_failed"}),
    ],
)
async def test_the_page_says_what_is_not_done(
    street: Street, method: str, path: str, given: Said, status: int, said: Said | None
) -> None:
    """Methods, bodies, tokens: each answer as the page's opening says."""
    asked = await street.published()
    headers = {}
    given = dict(given)
    if token := given.pop("token", None):
        headers["Authorization"] = f"Bearer {token}"
    if tus := given.pop("tus", None):
        headers["Tus-Resumable"] = tus
    url = street.web.base + path.format(id=asked.id)
    async with street.web.session.request(method, url, headers=headers, **given) as got:
        assert got.status == status
        assert "Set-Cookie" not in got.headers
        if said is not None:
            assert await got.json() == said


async def test_one_key_is_one_request(street: Street) -> None:
    """Of all neighbours together: the second one's inbox does not open the first's."""
    first = await street.neighbour.submit(**WANTED)
    recipient = str(first.identity.to_public())
    again = await street.neighbour.submit(**{**WANTED, "recipient": recipient})
    assert again.id == first.id
    await street.publish(first.id)
    await street.home.deliver(first.id, sealed(first, b"film"))
    with pytest.raises(RefusedError):
        await street.neighbour.inbox(again)
    assert len(await street.neighbour.inbox(first)) == 1


async def test_a_sender_takes_a_whole_delivery_back(street: Street) -> None:
    """By the address that nobody else can guess."""
    asked = await street.published()
    url = await street.home.deliver(asked.id, sealed(asked, b"film"))
    assert len(await street.police.inbox(asked)) == 1
    await street.web.call("DELETE", url, headers={"Tus-Resumable": "1.0.0"})
    assert await street.police.inbox(asked) == []
