"""A hub with a store keeps to docs/openapi.yaml too: its tickets, and its inbox."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
import re

import aiohttp
from homeassistant.core import HomeAssistant
import pytest

from tests.conftest import COUNTED
from tests.servers.processes import Store

from .drop_world import of_bytes
from .stored_world import put, storage_at
from .test_openapi import CONFIG, Recorder, prepared, schemathesis
from .web import PATH, WebHub, serving_hub
from .world import POLICE_TOKEN, SETTINGS

DATA = of_bytes(20_003)
NAMED = '\n"path.upload" = "{upload}"\n"path.delivery" = "{delivery}"\n'


@pytest.fixture
async def stored_hub(
    hass: HomeAssistant, tmp_path: Path, socket_enabled: None, store: Store
) -> AsyncIterator[WebHub]:
    """Return a whole hub at a real port, before the store."""
    settings = replace(SETTINGS, storage=storage_at(store.port))
    async with serving_hub(hass, tmp_path / "hub", settings) as world:
        yield world


async def begun(hub: WebHub, item: str, *, came: bool) -> str:
    """Begin an upload, and bring it."""
    upload = await hub.box.async_create(item, len(DATA), None)
    ticket = hub.box.ticket(upload)
    assert ticket
    if came:
        assert await put(ticket, DATA) == 200
        assert (await hub.box.async_upload(item, upload.upload_id)).is_whole
    return upload.upload_id


@pytest.mark.slow
async def test_some_hundred_questions_to_a_hub_with_a_store(
    stored_hub: WebHub, tmp_path: Path, record_property: Recorder
) -> None:
    """Of an upload that did not come yet, and of a delivery that did."""
    hub, item = stored_hub, await prepared(stored_hub)
    upload = await begun(hub, item, came=False)
    delivery = await begun(hub, item, came=True)
    line = f'"path.request" = "{item}"'
    config = CONFIG.format(item=item).replace(
        line, line + NAMED.format(upload=upload, delivery=delivery)
    )
    assert delivery in config
    (tmp_path / "schemathesis.toml").write_text(config)
    hub.told.clear()
    text = await schemathesis(
        hub,
        tmp_path,
        60,
        *("--include-path-regex", "^/(drops|inbox)", "--exclude-method", "DELETE"),
        Authorization=f"Bearer {POLICE_TOKEN}",
    )
    generated = re.search(r"(\d+) generated, (\d+) passed", text)
    assert generated and generated[1] == generated[2], text[-6000:]
    drop, inbox = f"{PATH}/drops/{item}", f"{PATH}/inbox/{item}"
    for method, path, status in (
        ("POST", drop, 201),
        ("GET", f"{drop}/{upload}", 200),
        ("HEAD", f"{drop}/{upload}", 200),
        ("PATCH", f"{drop}/{upload}", 404),
        ("GET", inbox, 200),
        ("GET", f"{inbox}/{delivery}", 200),
        ("GET", f"{inbox}/{delivery}", 206),
    ):
        assert hub.told[method, path, status] >= 1, (method, path, hub.told)
    assert not [told for told in hub.told if told[2] >= 500]
    bearer = {"Authorization": f"Bearer {POLICE_TOKEN}"}
    async with (
        aiohttp.ClientSession(hub.origin, headers=bearer) as session,
        session.get(f"{inbox}/{delivery}") as answer,
    ):
        assert await answer.read() == DATA
    said = f"{generated[1]} examples, {sum(hub.told.values())} answers"
    record_property(COUNTED, f"hub with a store: {said}")
