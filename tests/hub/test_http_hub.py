"""A hub's doors: what each call answers, and that nothing else is said."""

import asyncio
from datetime import timedelta
import gzip
import hashlib
from http import HTTPStatus
import json
from typing import Any

import aiohttp
import pytest

from custom_components.clip_consent.base.portal_keys import check_rotations, read_signed
from custom_components.clip_consent.base.public_view import HEADERS
from custom_components.clip_consent.core.errors import StoreError
from custom_components.clip_consent.core.hub_settings import token_digest
from custom_components.clip_consent.core.limits import BODY_MAX, HUB_PER_ADDRESS_AND_DAY
from custom_components.clip_consent.core.portal_feed import FEED_TYPE

from .web import PATH, WebHub
from .world import CELL, INSURER_TOKEN, MODERATOR, POLICE_TOKEN, body

JSON = {"Content-Type": "application/json"}
NOT_FOUND = (404, {"error": "not_found"})


def bearer(token: str) -> dict[str, str]:
    """Return headers with a token."""
    return {**JSON, "Authorization": f"Bearer {token}"}


async def get(
    client: aiohttp.ClientSession, path: str, **headers: str
) -> tuple[int, Any]:
    """Return status and JSON."""
    async with client.get(PATH + path, headers=headers) as response:
        return response.status, await response.json()


async def post(
    client: aiohttp.ClientSession,
    path: str,
    data: bytes = b"",
    headers: dict[str, str] = JSON,
) -> tuple[int, Any]:
    """Return status and JSON."""
    async with client.post(PATH + path, data=data, headers=headers) as response:
        return response.status, await response.json()


async def test_from_a_submission_to_the_feed(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """A requester submits, a moderator publishes, anybody reads and verifies."""
    asked = body(case_number="2026-1187")
    status, said = await post(anybody, "/requests", asked, bearer(POLICE_TOKEN))
    assert status == 202
    assert await get(anybody, f"/requests/{said['id']}") == NOT_FOUND
    await web_hub.manager.async_publish(said["id"], MODERATOR)
    status, info = await get(anybody, "/info")
    assert status == 200
    async with anybody.get(f"{PATH}/feed/{CELL}") as response:
        assert response.status == 200
        assert response.content_type == "application/jose"
        token = await response.read()
    ring = check_rotations(info["hub"], info["first_key"], info["rotations"])
    now = web_hub.clock.now()
    feed = json.loads(read_signed(token, ring, typ=FEED_TYPE, now=now))
    (item,) = feed["items"]
    assert json.loads(item["text"])["id"] == said["id"]
    status, public = await get(anybody, f"/requests/{said['id']}")
    assert (status, public["state"], public["log"]) == (200, "open", item["n"])
    status, log = await get(anybody, f"/log?from={item['n']}")
    assert log["entries"][0]["beside"]["text"] == item["text"]
    assert log["head"] == info["head"]


async def test_what_the_hub_says_of_its_keys_is_what_its_log_says(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """Up to the head beside it; nothing between may keep either, so none is older."""
    for days in range(3):
        status, info = await get(anybody, "/info")
        assert status == 200
        _, page = await get(anybody, "/log")
        assert page["head"] == info["head"]
        texts = [
            json.loads(line["beside"]["text"])
            for line in page["entries"]
            if line["entry"]["kind"] == "key"
        ]
        assert [text["rotation"] for text in texts] == info["rotations"]
        assert len(texts) == days
        web_hub.clock.go_on(timedelta(days=1))
        await web_hub.manager.async_rotate_key()
    for path in ("/info", "/log"):
        async with anybody.get(f"{PATH}{path}") as response:
            assert response.headers["Cache-Control"] == "no-store"


async def test_a_feed_that_did_not_change_is_not_sent_again(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """Its ETag is the digest of the body, the same for everybody."""
    url = f"{PATH}/feed/{CELL}"
    async with anybody.get(url) as response:
        data, etag = await response.read(), response.headers["ETag"]
        assert etag == f'"{hashlib.sha256(data).hexdigest()}"'
        assert response.headers["Cache-Control"] == "public, max-age=60"
        assert "Set-Cookie" not in response.headers
    for known in (etag, f'W/{etag}, "other"', f'"other", {etag}', "*"):
        async with anybody.get(url, headers={"If-None-Match": known}) as response:
            assert (response.status, await response.read()) == (304, b"")
            assert response.headers["ETag"] == etag
            assert response.headers["Cache-Control"] == "public, max-age=60"
    for other in ('"other"', "nonsense", '"'):
        async with anybody.get(url, headers={"If-None-Match": other}) as response:
            assert (response.status, await response.read()) == (200, data)


async def test_every_answer_is_guarded(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """The headers of all public pages; no cookie, nothing for other sites."""
    for path in ("/info", "/log", f"/feed/{CELL}", "/coverage", "/desk", "/requests"):
        origin = {"Origin": "https://elsewhere.example"}
        async with anybody.get(PATH + path, headers=origin) as response:
            for name in HEADERS.keys() - {"Cache-Control"}:
                assert response.headers[name] == HEADERS[name]
            assert "Set-Cookie" not in response.headers
            assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "path",
    [
        *("/feed/u33dd", "/feed/U33DB", "/feed/u33", "/feed/u33d%20", "/feed/"),
        *("/requests/" + "a" * 26, "/requests/nonsense", "/desk", "/requests"),
        *("/nothing", "/", "", "/notices", f"/requests/{'a' * 26}/withdraw"),
    ],
)
async def test_what_there_is_not_is_always_the_same(
    web_hub: WebHub, anybody: aiohttp.ClientSession, path: str
) -> None:
    """With a token, with a wrong one, with none."""
    for headers in (
        {},
        bearer("nonsense"),
        bearer("x" * 257),
        {"Authorization": "Basic eDp5"},
    ):
        assert await get(anybody, path, **headers) == NOT_FOUND


async def test_other_methods_are_not_there(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """No 405, which would tell what is."""
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"):
        for path in ("/info", "/requests", f"/feed/{CELL}"):
            async with anybody.request(method, PATH + path) as response:
                assert response.status == 404


@pytest.mark.parametrize("start", ["0", "-1", "01", "x", "", "1" * 17, "1.5"])
async def test_a_number_that_is_none(
    web_hub: WebHub, anybody: aiohttp.ClientSession, start: str
) -> None:
    """It is refused, and not guessed."""
    assert await get(anybody, f"/log?from={start}") == (400, {"error": "bad_request"})


async def test_a_refused_body_says_what_to_mend(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """The code, the field, and the limit that was broken."""
    token = bearer(INSURER_TOKEN)
    assert await post(anybody, "/requests", body(title="x" * 128), token) == (
        400,
        {"error": "title_too_long", "field": "title", "limit": "127"},
    )
    assert await post(anybody, "/requests", b"[]", token) == (
        400,
        {"error": "body_not_object", "field": "body"},
    )
    large = b" " * (BODY_MAX + 1)
    assert (await post(anybody, "/requests", large, token))[0] == 413
    text = {**token, "Content-Type": "text/plain"}
    assert (await post(anybody, "/requests", body(), text))[0] == 415
    packed = {**token, "Content-Encoding": "gzip"}
    assert (await post(anybody, "/requests", gzip.compress(body()), packed))[0] == 415


async def test_over_a_limit_it_says_so(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """A neighbour's home has five a day; here all come by one public address."""
    for _ in range(3):
        assert (await post(anybody, "/requests", body(), bearer(INSURER_TOKEN)))[
            0
        ] == 202
    assert await post(anybody, "/requests", body(), bearer(INSURER_TOKEN)) == (
        429,
        {"error": "too_many_week"},
    )
    assert HUB_PER_ADDRESS_AND_DAY == 5


async def test_a_wrong_token_is_no_neighbour(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """Who has a token that is over must not be heard as somebody else."""
    asked = body(contact="", inbox=token_digest("mine"))
    assert await post(anybody, "/requests", asked, bearer("wrong")) == NOT_FOUND
    assert (
        await post(anybody, "/requests", asked, {**JSON, "Authorization": ""})
        == NOT_FOUND
    )
    assert (await post(anybody, "/requests", asked))[0] == 202


async def test_the_desk_and_its_calls(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """With the token; another's token finds nothing."""
    token = bearer(POLICE_TOKEN)
    _, said = await post(anybody, "/requests", body(case_number="1"), token)
    item = said["id"]
    await web_hub.manager.async_publish(item, MODERATOR)
    status, desk = await get(anybody, "/desk", **token)
    assert (status, desk["requests"][0]["id"]) == (200, item)
    note = json.dumps({"version": 1, "text": "It was Wednesday."}).encode()
    url = f"/requests/{item}"
    assert await post(anybody, f"{url}/note", note, bearer(INSURER_TOKEN)) == NOT_FOUND
    assert await post(anybody, f"{url}/note", note, token) == (202, {})
    assert (await post(anybody, f"{url}/note", b"{}", token))[0] == 400
    assert await post(anybody, f"{url}/other", note, token) == NOT_FOUND
    assert await post(anybody, f"{url}/withdraw") == NOT_FOUND
    assert (
        await post(anybody, f"{url}/withdraw", b"", bearer(INSURER_TOKEN)) == NOT_FOUND
    )
    assert await post(anybody, f"{url}/resolve", b"", token) == (200, {})
    assert await post(anybody, f"{url}/resolve", b"", token) == (200, {})
    assert await post(anybody, f"{url}/withdraw", b"", token) == NOT_FOUND
    assert (await get(anybody, url))[1]["state"] == "resolved"


async def test_a_neighbour_withdraws_by_the_secret_of_the_inbox(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """The only thing that the hub knows of them."""
    asked = body(contact="", inbox=token_digest("mine"))
    _, said = await post(anybody, "/requests", asked)
    await web_hub.manager.async_publish(said["id"], MODERATOR)
    url = f"/requests/{said['id']}/withdraw"
    assert await post(anybody, url, b"", bearer("mine")) == (200, {})


async def test_coverage_and_notices(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """Taken from anybody, and answered without a trace of who it was."""
    here = json.dumps({"version": 1, "cell": CELL, "id": "a" * 26}).encode()
    assert await post(anybody, "/coverage", here) == (202, {})
    assert await get(anybody, "/coverage") == (200, {"version": 1, "cells": []})
    said = {"version": 1, "title": "Ice", "text": "On the steps.", "cells": [CELL]}
    status, taken = await post(anybody, "/notices", json.dumps(said).encode())
    assert status == 202
    assert [one.id for one in await web_hub.manager.async_waiting()] == [taken["id"]]


async def test_another_sites_page_submits_nothing(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """Even with a token: a browser says where it comes from."""
    headers = {**bearer(INSURER_TOKEN), "Sec-Fetch-Site": "cross-site"}
    assert await post(anybody, "/requests", body(), headers) == NOT_FOUND
    headers["Sec-Fetch-Site"] = "same-origin"
    assert (await post(anybody, "/requests", body(), headers))[0] == 202


async def test_while_there_is_no_hub_there_is_nothing(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """And while it starts, it says to try again."""
    for down, said in (
        (HTTPStatus.NOT_FOUND, "not_found"),
        (HTTPStatus.SERVICE_UNAVAILABLE, "unavailable"),
    ):
        web_hub.down = down
        for path in ("/info", "/log", f"/feed/{CELL}", "/desk", "/coverage"):
            assert await get(anybody, path) == (down, {"error": said})
        assert await post(anybody, "/requests", body()) == (down, {"error": said})


async def test_what_cannot_be_written_is_not_said_to_be(
    web_hub: WebHub,
    anybody: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A full disk: try again later, and nothing is half kept."""

    async def full(*_: Any, **__: Any) -> None:
        raise StoreError("disk_full")

    with monkeypatch.context() as broken:
        broken.setattr(web_hub.manager._bench.store, "async_change", full)
        assert await post(anybody, "/requests", body(), bearer(INSURER_TOKEN)) == (
            503,
            {"error": "unavailable"},
        )
    assert web_hub.manager.waiting == 0


async def test_a_backup_keeps_nobody_waiting_for_long(
    web_hub: WebHub,
    anybody: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was sent is kept once it is over; sent again, it is the same request."""
    monkeypatch.setattr("custom_components.clip_consent.http_hub.ANSWER_SECONDS", 0.05)
    await web_hub.manager.async_pause()
    asked = body()
    assert (await post(anybody, "/requests", asked, bearer(INSURER_TOKEN)))[0] == 503
    assert (await get(anybody, "/info"))[0] == 200
    web_hub.manager.resume()
    while not web_hub.manager.waiting:
        await asyncio.sleep(0.01)
    assert (await post(anybody, "/requests", asked, bearer(INSURER_TOKEN)))[0] == 202
    assert web_hub.manager.waiting == 1
