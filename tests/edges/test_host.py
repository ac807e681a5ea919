"""T35: nothing that we say depends on which host was asked for."""

import asyncio
from dataclasses import dataclass
import json
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.base.links import public_url
from custom_components.clip_consent.core.models import CaseState
from custom_components.clip_consent.home.manager import HomeManager

from .acting import ASKING, Panel, act, case_in, offered
from .undisturbed import API, ASK, NOBODY, Body, stranger

__all__ = ["stranger"]  # a fixture, used by name

KEY: Final = str(x25519.Identity.generate().to_public())
EVIL: Final = "evil.example"
HOSTS: Final = [
    *(EVIL, f"{EVIL}:443", "127.0.0.1", "[::1]:8123", "localhost", "home.example"),
    *("", "x" * 3000, f"{EVIL}/{API}", f"user@{EVIL}", "<b>", "{{ 7 * 7 }}", "::", "%"),
]
TOLD: Final = [
    "X-Forwarded-Host: {}",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Server: {}",
    "X-Host: {}",
    "X-Original-URL: //{}/",
    "Forwarded: host={}",
    "Origin: https://{}",
    "Referer: https://{}/",
]


@dataclass(frozen=True, kw_only=True)
class Door:
    """A public call, and how it is answered."""

    method: str = "GET"
    path: str
    status: int
    content: bytes = b""


async def _said(stranger: Any, door: Door, *headers: str) -> bytes:
    """Return all that is answered, to the byte, but for the time of day."""
    reader, writer = await asyncio.open_connection("127.0.0.1", stranger.server.port)
    more = list(headers)
    if door.content:
        size = f"Content-Length: {len(door.content)}"
        more += ["Content-Type: application/json", size]
    lines = [f"{door.method} {door.path} HTTP/1.1", *more, "Connection: close", "", ""]
    writer.write("\r\n".join(lines).encode() + door.content)
    async with asyncio.timeout(30):
        answer = await reader.read()
    writer.close()
    head, _, said = answer.partition(b"\r\n\r\n")
    kept = [line for line in head.split(b"\r\n") if not line.startswith(b"Date: ")]
    assert int(head.split(b" ")[1]) == door.status, (door, headers)
    return b"\r\n".join([*kept, b"", said])


@pytest.fixture
async def doors(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    body: Body,
    hass_ws_client: WebSocketGenerator,
) -> list[Door]:
    """Return every public call, with what each is answered: something was shared."""
    case_id = (await act(hass, "submit_request", **ASKING, recipient=KEY))["case_id"]
    await Panel(await hass_ws_client(hass)).approve(await offered(manager, case_id))
    case = await case_in(manager, case_id, CaseState.SHARED)
    page = f"{API}/status/{case.request.request_id}"
    draft = case.delivered[0].draft.sha256
    return [
        Door(path=ASK, status=200),
        Door(method="POST", path=ASK, status=202, content=json.dumps(body).encode()),
        Door(path=page, status=200),
        Door(path=f"{page}/data", status=200),
        Door(path=f"{page}/drop/{case.delivered[0].delivery_id}", status=200),
        Door(path=f"{API}/public/ask.js", status=200),
        Door(path=f"{API}/draft/{case_id}/{draft}/video", status=404),
        Door(path=f"{API}/ask/{NOBODY}", status=404),
        Door(path=f"{API}/ask", status=404),
        Door(method="OPTIONS", path=ASK, status=404),
        Door(path=API, status=404),
    ]


async def test_public_answers_do_not_depend_on_the_host(
    stranger: Any, doors: list[Door]
) -> None:
    """T35, F-13: the same bytes whichever host is asked for, and none of its name."""
    told = [line.format(EVIL) for line in TOLD]
    for door in doors:
        usual = await _said(stranger, door, "Host: home.example:8123")
        for host in HOSTS:
            assert await _said(stranger, door, f"Host: {host}") == usual, host
        assert await _said(stranger, door, "Host: home.example", *told) == usual
        assert b"home.example" not in usual
        assert b"ocation:" not in usual.partition(b"\r\n\r\n")[0]


@pytest.fixture
async def behind_a_proxy(hass: HomeAssistant) -> None:
    """Let Home Assistant believe what a proxy says of the host."""
    settings = {"use_x_forwarded_for": True, "trusted_proxies": ["127.0.0.1"]}
    assert await async_setup_component(hass, "http", {"http": settings})


@pytest.mark.usefixtures("behind_a_proxy")
async def test_nor_on_what_a_proxy_says_of_it(stranger: Any, doors: list[Door]) -> None:
    """T35: not even where Home Assistant takes a proxy's word for it."""
    for door in doors:
        usual = await _said(stranger, door, "Host: home.example")
        for host in (EVIL, f"{EVIL}:443", "<b>"):
            said = await _said(
                *(stranger, door, "Host: home.example"),
                *("X-Forwarded-For: 192.0.2.7", f"X-Forwarded-Host: {host}"),
                "X-Forwarded-Proto: https",
            )
            assert said == usual


@pytest.mark.parametrize("known", [None, "https://home.example"])
async def test_no_link_is_made_of_the_host(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    stranger: Any,
    hass_access_token: str,
    known: str | None,
) -> None:
    """T35: what an approver hands out leads to addresses that Home Assistant knows."""
    hass.config.external_url = known
    headers = {"Host": EVIL, "X-Forwarded-Host": EVIL}
    async with stranger.ws_connect("/api/websocket", headers=headers) as socket:
        assert (await socket.receive_json())["type"] == "auth_required"
        await socket.send_json({"type": "auth", "access_token": hass_access_token})
        assert (await socket.receive_json())["type"] == "auth_ok"
        links = await _links(socket)
    assert len(links) == 2
    base = known or public_url(hass, "").url.partition("/api/")[0]
    for link in links:
        assert link.startswith(f"{base}{API}/")
        assert EVIL not in link


async def _links(socket: Any) -> list[str]:
    """Return all links that a panel is given: of invites, and of a request."""
    await socket.send_json({"id": 1, "type": "clip_consent/subscribe"})
    assert (await socket.receive_json())["success"]
    snapshot = (await socket.receive_json())["event"]
    links = [invite["url"] for invite in snapshot["invites"]]
    message = {"type": "clip_consent/test_request", "recipient": KEY}
    await socket.send_json({"id": 2, **message})
    while (answer := await socket.receive_json())["type"] != "result":
        pass
    return [*links, answer["result"]["status_url"]]
