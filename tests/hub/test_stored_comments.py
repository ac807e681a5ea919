"""Comments on a notice of the operator's that lie in a real store, not on the disk."""

from collections.abc import AsyncIterator
from dataclasses import replace
from http import HTTPStatus
import io
from pathlib import Path
from typing import Any

import aiohttp
from homeassistant.core import HomeAssistant
import pytest

from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.own_answers import WORDS_SEALED_MAX
from tests.servers.processes import BUCKET, SECRET_KEY, Store, s3_client
from tests.servers.proxy import Fault, FaultProxy

from .stored_world import storage_at
from .test_notice_comments import comment_sealed, post, recipient_of
from .web import WebHub, serving_hub
from .world import SETTINGS

TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
async def stored_hub(
    hass: HomeAssistant, tmp_path: Path, proxy: FaultProxy
) -> AsyncIterator[WebHub]:
    """Return a whole hub that has answers kept there."""
    settings = replace(SETTINGS, storage=storage_at(proxy.port))
    async with serving_hub(hass, tmp_path / "hub", settings) as world:
        yield world


async def sent(hub: WebHub, notice_id: str, sealed: bytes) -> str:
    """Send bytes as any home can; return what the hub calls them."""
    async with aiohttp.ClientSession() as session:
        where = f"{hub.base}/drops/{notice_id}"
        headers = {**TUS, "Upload-Length": str(len(sealed))}
        async with session.post(where, headers=headers) as answer:
            assert answer.status == HTTPStatus.CREATED
            place = answer.headers["Location"]
            put: Any = (await answer.json())["put"]
        async with session.put(
            put["url"],
            data=io.BytesIO(sealed),
            headers=put["headers"],
            skip_auto_headers=("Content-Type",),
        ) as answer:
            assert answer.status == HTTPStatus.OK
        async with session.head(hub.origin + place, headers=TUS) as answer:
            assert answer.headers["Upload-Offset"] == str(len(sealed))
    return place.rpartition("/")[2]


def take_away(store: Store, upload_id: str) -> None:
    """Let an operator remove an object by hand."""
    client: Any = s3_client(store.port, SECRET_KEY)
    client.delete_object(Bucket=BUCKET, Key=f"clip-consent/{upload_id}.age")


async def test_they_are_read_and_opened(
    stored_hub: WebHub, proxy: FaultProxy, store: Store
) -> None:
    """What is none is counted; what is too large to be one is not even fetched."""
    notice_id = await post(stored_hub)
    to = recipient_of(stored_hub, notice_id)
    await sent(stored_hub, notice_id, comment_sealed(to, notice_id, b"Salt is here."))
    await sent(stored_hub, notice_id, comment_sealed(to, "k" * 26, b"Not here."))
    await sent(stored_hub, notice_id, bytes(WORDS_SEALED_MAX))
    await sent(stored_hub, notice_id, bytes(WORDS_SEALED_MAX + 1))
    gone = comment_sealed(to, notice_id, b"Gone.")
    take_away(store, await sent(stored_hub, notice_id, gone))
    proxy.methods.clear()
    read = await stored_hub.manager.async_comments(notice_id)
    assert [one.text for one in read.comments] == ["Salt is here."]
    assert (read.unreadable, read.more) == (4, False)
    assert proxy.methods == ["GET"] * 4
    [notice] = await stored_hub.manager.async_notices()
    assert notice.comments == 5


async def test_a_store_that_is_away_hides_no_comments(
    stored_hub: WebHub, proxy: FaultProxy
) -> None:
    """The moderator is told why, and not that there is nothing to read."""
    notice_id = await post(stored_hub)
    to = recipient_of(stored_hub, notice_id)
    await sent(stored_hub, notice_id, comment_sealed(to, notice_id, b"Salt is here."))
    proxy.faults["GET"] = [Fault(cut_after=0)] * 2
    with pytest.raises(StoreError, match="connection_lost"):
        await stored_hub.manager.async_comments(notice_id)
    read = await stored_hub.manager.async_comments(notice_id)
    assert [one.text for one in read.comments] == ["Salt is here."]


async def test_a_store_whose_key_was_taken_away(stored_hub: WebHub) -> None:
    """Said by its code too."""
    notice_id = await post(stored_hub)
    to = recipient_of(stored_hub, notice_id)
    await sent(stored_hub, notice_id, comment_sealed(to, notice_id, b"Salt is here."))
    storage = stored_hub.settings.storage
    assert storage
    await stored_hub.reboot(storage=replace(storage, secret="another"))
    with pytest.raises(StoreError, match="storage_refused"):
        await stored_hub.manager.async_comments(notice_id)
