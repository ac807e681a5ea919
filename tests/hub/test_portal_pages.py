"""The pages of a hub: there while it is, the same for all, and nothing beside them."""

from http import HTTPStatus

import aiohttp
import pytest

from custom_components.clip_consent.base.public_view import HEADERS
from custom_components.clip_consent.frontend import read_public_files
from custom_components.clip_consent.http_portal_pages import (
    DESK_PAGE,
    DESK_PATH,
    PORTAL_PAGE,
    PORTAL_PATH,
)

from .web import WebHub
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
