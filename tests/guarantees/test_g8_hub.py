"""G8, G10: on a hub, too, words of others are never markup, command, link or file name.

Hostile texts come in at every door of a real hub: a requester's, a neighbour's, a
notice's, a follow-up's; an organisation's name; a moderator's notice and reason. They
come out as data in JSON, to the letter, plain in a push, and nowhere else.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
import json
import logging
from pathlib import Path
from typing import Any, Final

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.clip_consent import moderators
from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.text import tidy
from custom_components.clip_consent.hub.manager import HubManager
from tests.edges.hubs import REQUESTER, TOKEN, asking, hub_entry
from tests.phones import FakePhone, PushRelay, register, relay, set_up_phones

from .test_g8_inert import CANARY, COMMANDS, bus, hostile, link

__all__ = ["bus", "link", "relay"]  # fixtures, used by name

API: Final = f"/api/{DOMAIN}/portal/v1"
CELL: Final = "u33db"
JSON: Final = {"Content-Type": "application/json"}
BEARER: Final = {**JSON, "Authorization": f"Bearer {TOKEN}"}
NAME: Final = f"<b>{CANARY}</b> {{{{ 7*7 }}}}"
ORGANISATION: Final = f"[{CANARY}](javascript:{CANARY}) ../../{CANARY}"
NEVER: Final = (  # what no text may hold
    f"{CANARY}\x00",
    f"\x1b[31m{CANARY}",
    f"\u202e{CANARY}",
    f"\u2066{CANARY}\u2069",
    f"{CANARY}\ufeffx",
    f"{CANARY}\ud800",
)


@dataclass(kw_only=True)
class Hub:
    """A hub in a Home Assistant with a moderator's phones, and lines to it."""

    hass: HomeAssistant
    entry: MockConfigEntry
    hass_client: ClientSessionGenerator
    public: Any  # of anybody
    socket: Any
    phones: tuple[FakePhone, FakePhone]

    @property
    def manager(self) -> HubManager:
        manager: HubManager = self.entry.runtime_data
        return manager

    async def settle(self) -> None:
        await self.hass.async_block_till_done(wait_background_tasks=True)

    async def post(
        self, path: str, body: bytes, headers: Mapping[str, str] = JSON
    ) -> tuple[int, dict[str, Any]]:
        async with self.public.post(API + path, data=body, headers=headers) as answer:
            assert answer.content_type == "application/json"
            return answer.status, await answer.json()

    async def get(self, path: str, headers: Mapping[str, str] = JSON) -> Any:
        """Return what is said as JSON, which no browser takes for anything else."""
        async with self.public.get(API + path, headers=headers) as answer:
            assert answer.status == 200, path
            assert answer.content_type == "application/json"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            return await answer.json()

    async def command(self, name: str, **said: Any) -> dict[str, Any]:
        await self.socket.send_json_auto_id({"type": f"{DOMAIN}/hub/{name}", **said})
        answer: dict[str, Any] = await self.socket.receive_json()
        return answer

    async def queue(self) -> list[dict[str, Any]]:
        """Return what the moderators' panel is told."""
        await self.socket.send_json_auto_id({"type": f"{DOMAIN}/hub/subscribe"})
        number = (await self.socket.receive_json())["id"]
        told = (await self.socket.receive_json())["event"]
        await self.socket.send_json_auto_id(
            {"type": "unsubscribe_events", "subscription": number}
        )
        await self.socket.receive_json()
        waiting: list[dict[str, Any]] = told["waiting"]
        return waiting


@pytest.fixture
async def hub(
    hass: HomeAssistant,
    tmp_path: Path,
    relay: PushRelay,
    hass_client: ClientSessionGenerator,
    hass_client_no_auth: ClientSessionGenerator,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Hub]:
    """Return a hub whose requester has a hostile name, and no limit of pushes."""
    monkeypatch.setattr(moderators, "PUSHES_PER_DAY", 10**6)
    monkeypatch.setattr(moderators, "PUSH_INTERVAL", timedelta())
    hass.config.config_dir = str(tmp_path / "config")
    (tmp_path / "config").mkdir()
    await set_up_phones(hass)
    assert await async_setup_component(hass, DOMAIN, {})
    lines = await hass_client(), await hass_client_no_auth()
    phones = [
        await register(*lines, relay, hass, name=name, ios=name == "iPhone")
        for name in ("iPhone", "Pixel")
    ]
    named = {**REQUESTER, "name": NAME, "organisation": ORGANISATION}
    entry = hub_entry(
        hass_admin_user.id,
        phones=[phone.entry_id for phone in phones],
        per_week=10**6,
        per_case_number=10**6,
    )
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id="hub",
        title=entry.title,
        options=dict(entry.options),
        subentries_data=[
            ConfigSubentryData(
                subentry_type="requester", title="x", unique_id=None, data=named
            )
        ],
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    world = Hub(
        hass=hass,
        entry=entry,
        hass_client=hass_client,
        public=lines[1],
        socket=await hass_ws_client(hass),
        phones=(phones[0], phones[1]),
    )
    await world.settle()
    yield world
    await hass.config_entries.async_unload(entry.entry_id)


async def pages(hub: Hub) -> list[bytes]:
    """Return the pages that people open."""
    found = []
    for path in ("portal", "portal/desk"):
        async with hub.public.get(f"/api/{DOMAIN}/{path}") as answer:
            assert answer.content_type == "text/html"
            found.append(await answer.read())
    return found


def said_in(log: dict[str, Any], item: str, kind: str) -> list[dict[str, Any]]:
    """Return what the log holds of an item."""
    return [
        json.loads(one["beside"]["text"])
        for one in log["entries"]
        if one["entry"]["id"] == item and one["entry"]["kind"] == kind and one["beside"]
    ]


async def whole_log(hub: Hub) -> dict[str, Any]:
    """Return all pages of the log as one."""
    found: list[Any] = []
    while more := (await hub.get(f"/log?from={len(found) + 1}"))["entries"]:
        found += more
    return {"entries": found}


def check_pushes(hub: Hub, words: str) -> None:
    """Hold a push to being plain, whatever it tells of; then forget it."""
    for phone in hub.phones:
        for push in phone.pushes:
            data = json.dumps(push["data"], ensure_ascii=False)
            assert CANARY not in data and CANARY not in push.get("title", "")
            assert not set("<>&\x00\x1b\u202e\u2066") & set(push["message"])
            if push["message"] in ("clear_notification", "delete_alert"):
                continue  # ours
            assert push["message"] not in COMMANDS
            assert push["message"].strip() != tidy(words)
            assert push["title"].endswith("to be moderated")
    hub.phones[0].relay.received.clear()


async def publish(hub: Hub, item: str) -> None:
    """Look at what waits in the panel, and publish it."""
    assert (await hub.command("publish", item_id=item))["success"]


async def ask(hub: Hub, words: str, who: Mapping[str, str]) -> str | None:
    """Ask with some words wherever there may be some; None if they are refused."""
    title, known = words[:127], who is BEARER
    changed: dict[str, Any] = {"title": title, "text": words}
    if known:
        changed |= {"contact": words[:255], "case_number": words[:64]}
    else:
        changed |= {"contact": "", "case_number": "", "inbox": "0" * 64}
    status, said = await hub.post("/requests", asking(**changed), who)
    if status == 400 and known:
        changed |= {"contact": "station12@police.example", "case_number": "7"}
        status, said = await hub.post("/requests", asking(**changed), who)
    assert status in (202, 400), said
    return said["id"] if status == 202 else None


async def test_hostile_words_are_data_at_every_door_of_a_hub(
    hub: Hub, bus: list[str], link: tuple[str, list[str]], caplog: Any
) -> None:
    """F-09, T21: to the letter where they are published, plain in pushes, else nowhere."""
    caplog.set_level(logging.DEBUG)
    address, came = link
    before, taken = await pages(hub), 0
    for number, words in enumerate(hostile(address)[::4]):
        who = BEARER if number % 2 else JSON
        if (item := await ask(hub, words, who)) is None:
            continue
        taken += 1
        await hub.settle()
        (waiting,) = await hub.queue()
        assert waiting["id"] == item
        assert waiting["text"] == tidy(words, lines=True)
        check_pushes(hub, words)
        await publish(hub, item)
        note = json.dumps({"version": 1, "text": words}).encode()
        if who is BEARER:
            assert (await hub.post(f"/requests/{item}/note", note, who))[0] == 202
            await hub.settle()
            check_pushes(hub, words)
            (waiting,) = await hub.queue()
            await publish(hub, waiting["id"])
        public = await hub.get(f"/requests/{item}")
        assert public["item"]["text"] == tidy(words, lines=True)
        assert public["item"]["title"] == tidy(words[:127])
        shown = (NAME, ORGANISATION) if who is BEARER else ("", "")
        assert (public["item"]["name"], public["item"]["organisation"]) == shown
        assert all(one["text"] == tidy(words, lines=True) for one in public["notes"])
        if who is BEARER:  # a feed has room for so many
            assert (await hub.post(f"/requests/{item}/resolve", b"", who))[0] == 200
    assert taken > 40
    desk = await hub.get("/desk", BEARER)
    assert desk["requester"]["organisation"] == ORGANISATION
    assert len(desk["requests"]) > 15
    log = await whole_log(hub)
    kinds = [one["entry"]["kind"] for one in log["entries"]]
    assert kinds.count("published") == taken
    assert await pages(hub) == before  # pages are the same bytes, whatever is published
    await no_trace(hub, bus, caplog)
    assert came == []


def _is_push(event: str) -> bool:
    """Tell whether this is one of the pushes that are looked at apart."""
    return event.startswith("call_service ") and "'domain': 'notify'" in event


# Home Assistant itself, if told to debug as it starts, writes down each event and each
# message of its frontend.
_THEIRS = {
    "homeassistant.core",
    "homeassistant.components.websocket_api.http.connection",
}


async def no_trace(hub: Hub, bus: list[str], caplog: Any) -> None:
    """Check every place where words could come to stand."""
    diagnostics = await get_diagnostics_for_config_entry(
        hub.hass, hub.hass_client, hub.entry
    )
    places = {
        "events": "\n".join(event for event in bus if not _is_push(event)),
        "states": "\n".join(
            repr(state.as_dict()) for state in hub.hass.states.async_all()
        ),
        "diagnostics": json.dumps(diagnostics, ensure_ascii=False),
        "issues": repr(ir.async_get(hub.hass).issues),
        "log": "\n".join(
            each.getMessage() for each in caplog.records if each.name not in _THEIRS
        ),
    }
    for place, said in places.items():
        assert said
        told = [line for line in said.splitlines() if CANARY in line]
        assert not told, (place, told[:3])
    for path in Path(hub.hass.config.config_dir).rglob("*"):
        assert CANARY not in path.name
        if path.is_file() and not path.name.startswith("hub.db"):
            assert CANARY.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("never", NEVER)
async def test_what_no_text_may_hold_comes_in_by_no_door(hub: Hub, never: str) -> None:
    """Control characters, turned text, halves of characters: nothing of them is kept."""
    first = await ask(hub, "A blue van.", BEARER)
    assert first
    await publish(hub, first)
    for field in ("title", "text", "contact"):
        assert (await hub.post("/requests", asking(**{field: never}), BEARER))[0] == 400
    for field in ("title", "text"):
        said = {"version": 1, "title": "Ice", "text": "Here.", "cells": [CELL]}
        body = json.dumps({**said, field: never}).encode()
        assert (await hub.post("/notices", body))[0] == 400
    note = json.dumps({"version": 1, "text": never}).encode()
    assert (await hub.post(f"/requests/{first}/note", note, BEARER))[0] == 400
    if "\ud800" not in never:  # no socket carries half a character
        for said in ({"title": never, "text": "x"}, {"title": "x", "text": never}):
            assert not (await hub.command("post_notice", **said))["success"]
        assert not (await hub.command("redact", n=2, why=never))["success"]
    assert await hub.queue() == []
    assert [one["entry"]["kind"] for one in (await whole_log(hub))["entries"]] == [
        "terms",
        "published",
    ]


async def test_notices_and_reasons_are_data(
    hub: Hub, bus: list[str], link: tuple[str, list[str]], caplog: Any
) -> None:
    """Neighbours' and moderators' words, and why a text was taken away."""
    caplog.set_level(logging.DEBUG)
    address, came = link
    before, reasons = await pages(hub), []
    for words in hostile(address)[1::12]:
        title, text = words[:127], words
        said = {"version": 1, "title": title, "text": text, "cells": [CELL]}
        status, taken = await hub.post("/notices", json.dumps(said).encode())
        if status == 400:
            continue
        await hub.settle()
        (waiting,) = await hub.queue()
        assert waiting["text"] == tidy(words, lines=True)
        check_pushes(hub, words)
        await publish(hub, taken["id"])
        posted = await hub.command("post_notice", title=title, text=text)
        assert posted["success"], posted
        for item in (taken["id"], posted["result"]["id"]):
            public = await hub.get(f"/requests/{item}")
            assert public["item"]["text"] == tidy(words, lines=True)
            gone = await hub.command("redact", n=public["log"], why=words)
            assert gone["success"], gone
            again = await hub.get(f"/requests/{item}")
            assert (again["state"], again["item"]) == ("redacted", None)
            reasons.append(tidy(words, lines=True))
    assert len(reasons) > 20
    log = await whole_log(hub)
    told = [
        json.loads(one["beside"]["text"])
        for one in log["entries"]
        if one["entry"]["kind"] == "redacted"
    ]
    assert [
        one["why"] for one in told
    ] == reasons  # G10: for all to read, to the letter
    assert len({one["who"] for one in told}) == 1
    assert not any(
        one["beside"] for one in log["entries"] if one["entry"]["kind"] == "published"
    )
    assert await pages(hub) == before
    await no_trace(hub, bus, caplog)
    assert came == []


async def test_no_path_no_header_and_no_file_name_is_said_again(
    hub: Hub, bus: list[str], caplog: Any
) -> None:
    """What a stranger puts beside a body is in no answer, no log and no name."""
    caplog.set_level(logging.DEBUG, logger=f"custom_components.{DOMAIN}")
    request = await ask(hub, "A blue van.", BEARER)
    assert request
    await publish(hub, request)
    for name in (CANARY, f"..%2f..%2f{CANARY}", f"%3Cb%3E{CANARY}", f"%00{CANARY}"):
        for path in (
            *(f"/requests/{name}", f"/feed/{name}", f"/log?from={name}"),
            *(f"/inbox/{name}", f"/inbox/{request}/{name}", f"/{name}"),
        ):
            headers = {"Authorization": f"Bearer {CANARY}", "If-None-Match": CANARY}
            async with hub.public.get(API + path, headers=headers) as answer:
                assert answer.status in (400, 404), path
                assert CANARY not in await answer.text() + repr(answer.headers)
    begin = {
        "Tus-Resumable": "1.0.0",
        "Upload-Length": "10",
        "Upload-Metadata": "filename L3pxN2t4Lm1wNA==",
        "X-Name": f"{CANARY}.mp4",
    }
    url = f"{API}/drops/{request}"
    async with hub.public.post(url, headers=begin) as answer:
        assert answer.status == 201
        assert CANARY not in repr(answer.headers)
    await hub.settle()
    ours = [one for one in caplog.records if DOMAIN in one.name]
    assert not [one for one in ours if CANARY in one.getMessage()]
    for path in Path(hub.hass.config.config_dir).rglob("*"):
        assert CANARY not in path.name
    assert not [event for event in bus if CANARY in event and not _is_push(event)]
