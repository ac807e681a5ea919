"""The pages of a hub: there while it is, the same for all, and nothing beside them."""

from dataclasses import replace
from http import HTTPStatus

import aiohttp
import pytest

from custom_components.clip_consent.base.public_view import HEADERS
from custom_components.clip_consent.core.tiles import TileServer, map_json
from custom_components.clip_consent.frontend import read_public_files
from custom_components.clip_consent.http_portal_pages import (
    DESK_PAGE,
    DESK_PATH,
    PORTAL_PAGE,
    PORTAL_PATH,
)

from .web import PATH, WebHub
from .world import POLICE_TOKEN

PAGES = ((PORTAL_PATH, PORTAL_PAGE), (DESK_PATH, DESK_PAGE))
NOT_FOUND = b'{"error":"not_found"}'


@pytest.mark.parametrize(("path", "page"), PAGES)
async def test_a_page_is_served_under_the_strict_policy(
    anybody: aiohttp.ClientSession, path: str, page: str
) -> None:
    """Its own bytes, whoever asks: a token that comes along changes nothing."""
    bearer = {"Authorization": f"Bearer {POLICE_TOKEN}"}
    for headers in ({}, bearer):
        async with anybody.get(path, headers=headers) as response:
            assert response.status == 200
            assert response.content_type == "text/html"
            assert await response.read() == read_public_files()[page].body
            expected = {**HEADERS, "Cache-Control": "no-cache"}
            assert {name: response.headers[name] for name in expected} == expected
            assert "Set-Cookie" not in response.headers


async def test_only_these_pages_may_show_the_operators_tiles(
    web_hub: WebHub, anybody: aiohttp.ClientSession
) -> None:
    """From that origin pictures, and nothing else; all other answers stay as strict."""
    tiles = TileServer(url="https://t.example:8443/{z}/{x}/{y}", attribution="© us")
    await web_hub.reboot(tiles=tiles)
    strict = HEADERS["Content-Security-Policy"]
    for path, _ in PAGES:
        async with anybody.get(path) as response:
            policy = response.headers["Content-Security-Policy"]
        assert policy == strict.replace(
            "img-src 'self' blob: data:;",
            "img-src 'self' blob: data: https://t.example:8443;",
        )
        assert policy != strict
    others = (f"{PATH}/info", f"{PATH}/log", f"{PATH}/nothing", "/api/clip_consent/x")
    for path in (*others, "/api/clip_consent/public/desk.js"):
        async with anybody.get(path) as response:
            assert response.headers["Content-Security-Policy"] == strict, path
    async with anybody.get(f"{PATH}/info") as response:
        assert (await response.json())["map"] == map_json(tiles)
    # what no form would have kept opens nothing
    await web_hub.reboot(
        tiles=replace(tiles, url="https://* 'unsafe-inline'/{z}{x}{y}")
    )
    async with anybody.get(PORTAL_PATH) as response:
        assert response.headers["Content-Security-Policy"] == strict


@pytest.mark.parametrize(("path", "page"), PAGES)
async def test_without_a_hub_there_is_no_page(
    web_hub: WebHub, anybody: aiohttp.ClientSession, path: str, page: str
) -> None:
    """As of any other path that is not served."""
    web_hub.down = HTTPStatus.NOT_FOUND
    async with anybody.get(path) as response:
        assert (response.status, await response.read()) == (404, NOT_FOUND)


@pytest.mark.parametrize(("path", "page"), PAGES)
async def test_while_the_hub_starts_the_page_says_so(
    web_hub: WebHub, anybody: aiohttp.ClientSession, path: str, page: str
) -> None:
    """In words, the same for both; what programs ask for stays JSON."""
    web_hub.down = HTTPStatus.SERVICE_UNAVAILABLE
    async with anybody.get(path) as response:
        assert response.status == 503, page
        assert response.content_type == "text/html"
        assert response.headers["Retry-After"] == "60"
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
        assert await response.read() == read_public_files()["starting.html"].body
    async with anybody.get(f"{PORTAL_PATH}/v1/info") as response:
        assert response.status == 503
        assert await response.json() == {"error": "unavailable"}


@pytest.mark.parametrize(
    "path", [f"{PORTAL_PATH}/", f"{DESK_PATH}/x", f"{PORTAL_PATH}/x"]
)
async def test_what_is_beside_the_pages_is_not_there(
    anybody: aiohttp.ClientSession, path: str
) -> None:
    """No listing, no other file."""
    async with anybody.get(path) as response:
        assert (response.status, await response.read()) == (404, NOT_FOUND)


@pytest.mark.parametrize(("path", "page"), PAGES)
async def test_a_page_takes_nothing_in(
    anybody: aiohttp.ClientSession, path: str, page: str
) -> None:
    """Other methods are not found."""
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        async with anybody.request(method, path, data=b"x") as response:
            assert response.status == 404, page
