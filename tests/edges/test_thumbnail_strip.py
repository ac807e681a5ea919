"""The small pictures of a timeline, as they are made: what is looked at comes first."""

import asyncio
import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
import io
from typing import Any

from homeassistant.core import HomeAssistant
from PIL import Image
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.errors import ConflictError
from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.home.manager import HomeManager

from .acting import ASKING, START, act, offered

PICTURE = b"\xff\xd8 a picture"


@pytest.fixture
async def case(hass: HomeAssistant, manager: HomeManager) -> Case:
    """Return a case that was put before the approvers."""
    key = str(x25519.Identity.generate().to_public())
    answer = await act(hass, "submit_request", **ASKING, recipient=key)
    return await offered(manager, answer["case_id"])


async def _strip(
    client: Any, manager: HomeManager, case: Case, times: Sequence[datetime]
) -> dict[str, Any]:
    """Ask for the pictures of these times; return the message that was sent."""
    [camera_id] = manager.cameras
    message = {
        "type": "clip_consent/thumbnail_strip",
        "case_id": case.case_id,
        "camera_id": camera_id,
        "times": [at.isoformat() for at in times],
    }
    await client.send_json_auto_id(message)
    answer = await client.receive_json()
    assert answer["success"]
    assert answer["result"] is None
    return message


async def _events(client: Any, count: int) -> list[list[dict[str, Any]]]:
    """Return the pictures of the next events."""
    events = [await asyncio.wait_for(client.receive_json(), 30) for _ in range(count)]
    return [event["event"]["thumbnails"] for event in events]


async def test_pictures_come_in_the_order_asked_for(
    entry: MockConfigEntry,
    manager: HomeManager,
    case: Case,
    hass_ws_client: WebSocketGenerator,
) -> None:
    """Few first, then many at a time; a moment that nobody recorded has none."""
    client = await hass_ws_client()
    outside = START - timedelta(hours=5)
    times = [outside, *(START + timedelta(seconds=n) for n in (9, 3, *range(10, 50)))]
    await _strip(client, manager, case, times)
    parts = await _events(client, 3)
    assert [len(part) for part in parts] == [12, 25, 6]
    told = [picture for part in parts for picture in part]
    assert [datetime.fromisoformat(each["at"]) for each in told] == times
    assert told[0]["jpeg"] is None
    for each in told[1:]:
        with Image.open(io.BytesIO(base64.b64decode(each["jpeg"]))) as picture:
            assert picture.format == "JPEG"
    await _strip(client, manager, case, [])
    await client.send_json_auto_id({"type": "ping"})
    assert (await client.receive_json())["type"] == "pong"


async def test_a_strip_that_is_left_is_not_made(
    entry: MockConfigEntry,
    manager: HomeManager,
    case: Case,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Unsubscribed from, or hung up: what is being made ends, the rest is never begun."""
    begun, ended = asyncio.Semaphore(0), asyncio.Semaphore(0)
    asked: list[int] = []

    async def slow(
        case_id: str, camera_id: str, times: Sequence[datetime], user_id: str
    ) -> list[tuple[datetime, bytes | None]]:
        asked.append(len(times))
        if len(times) == 25:
            begun.release()
            try:
                await asyncio.sleep(600)
            finally:
                ended.release()
        return [(at, PICTURE) for at in times]

    monkeypatch.setattr(manager.reading, "async_thumbnails", slow)
    client = await hass_ws_client()
    times = [START + timedelta(seconds=n) for n in range(100)]
    message = await _strip(client, manager, case, times)
    assert len((await _events(client, 1))[0]) == 12
    await asyncio.wait_for(begun.acquire(), 10)
    assert ended.locked()
    left = {"type": "unsubscribe_events", "subscription": message["id"]}
    await client.send_json_auto_id(left)
    assert (await client.receive_json())["success"]
    await asyncio.wait_for(ended.acquire(), 10)
    await _strip(client, manager, case, times)
    await asyncio.wait_for(begun.acquire(), 10)
    await client.close()
    await asyncio.wait_for(ended.acquire(), 10)
    assert asked == [0, 12, 25] * 2


async def test_what_fails_later_has_no_pictures(
    entry: MockConfigEntry,
    manager: HomeManager,
    case: Case,
    hass_ws_client: WebSocketGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A request that ends, a recorder that is gone: each moment is still told of."""

    async def failing(
        case_id: str, camera_id: str, times: Sequence[datetime], user_id: str
    ) -> list[tuple[datetime, bytes | None]]:
        if len(times) == 12:
            raise ConflictError("case_moved_on")
        return [(at, PICTURE) for at in times]

    monkeypatch.setattr(manager.reading, "async_thumbnails", failing)
    client = await hass_ws_client()
    times = [START + timedelta(seconds=n) for n in range(14)]
    await _strip(client, manager, case, times)
    first, then = await _events(client, 2)
    assert [each["jpeg"] for each in first] == [None] * 12
    assert [each["jpeg"] is None for each in then] == [False] * 2
