"""What must not happen when nonsense is sent, whichever door it comes to."""

import asyncio
from collections.abc import AsyncIterator
import logging
import time
from typing import Any

from homeassistant.components.persistent_notification import (
    _async_get_or_create_notifications,
)
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.clip_consent.frontend import read_public_files
from custom_components.clip_consent.home.manager import HomeManager

from .conftest import TOKEN

API = "/api/clip_consent"
ASK = f"{API}/ask/{TOKEN}"
NOBODY = "b" * 26
JSON = {"Content-Type": "application/json"}
FIXED = {
    400: b'{"error":"bad_request"}',
    404: b'{"error":"not_found"}',
    413: b'{"error":"too_large"}',
    415: b'{"error":"unsupported_media_type"}',
}

type Body = dict[str, object]


def no_invite() -> bytes:
    """Return the page behind every link that is no open invite."""
    return read_public_files()["no_invite.html"].body


@pytest.fixture
async def stranger(
    hass_client_no_auth: ClientSessionGenerator,
    entry: MockConfigEntry,
) -> Any:
    """Return somebody without a login."""
    return await hass_client_no_auth()


@pytest.fixture
async def undisturbed(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    manager: HomeManager,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[None]:
    """See that a test changes nothing, logs no error and holds nobody up."""
    _, head = await manager.reading.async_export_ledger(None)
    open_before = manager.reading.open_cases()
    longest = 0.0
    done = asyncio.Event()

    async def tick() -> None:
        nonlocal longest
        while not done.is_set():
            begun = (
                time.thread_time()
            )  # of the loop's own thread, however busy others are
            await asyncio.sleep(0.01)
            longest = max(longest, time.thread_time() - begun)

    ticking = asyncio.create_task(tick())
    yield
    done.set()
    await ticking
    assert longest < 1.0, "the event loop was blocked"
    assert (await manager.reading.async_export_ledger(None))[1] == head
    assert manager.reading.open_cases() == open_before
    assert not _async_get_or_create_notifications(hass)
    loud = [each for each in caplog.records if each.levelno >= logging.ERROR]
    assert not loud, [each.getMessage() for each in loud]
    assert "Traceback" not in caplog.text
    assert "Login attempt" not in caplog.text


async def refused(response: Any, *allowed: int) -> int:
    """Check that an answer is one of the fixed ones, and return its status."""
    body = await response.read()
    assert response.status in allowed, (response.status, body)
    assert body == FIXED[response.status]
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert "WWW-Authenticate" not in response.headers
    return int(response.status)
