"""A hub's address, and how it is spoken to."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import aiohttp
from yarl import URL

from .spelling import Distrust, Said, parsed

PATH: Final = "/api/clip_consent/portal/v1"

_GOOD: Final = frozenset({200, 201, 202, 204, 206, 304})


class RefusedError(Exception):
    """What a hub did not do: the status, and what it said of it."""

    def __init__(self, status: int, said: Said) -> None:
        super().__init__(f"{status} {said}")
        self.status = status
        self.said = said


@dataclass(frozen=True, slots=True)
class Answer:
    """What a hub answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Said:
        """Return the body's object."""
        return parsed(self.body)


@dataclass(frozen=True, slots=True)
class Web:
    """One hub, at `https://host[:port]`."""

    session: aiohttp.ClientSession
    origin: str

    @property
    def base(self) -> str:
        """Return the page's BASE."""
        return self.origin.rstrip("/") + PATH

    def there(self, location: str) -> str:
        """Return what a `Location` names: a path of the same origin.

        Raises Distrust `another_origin`.
        """
        url = urljoin(self.base, location)
        if urlsplit(url)[:2] != urlsplit(self.base)[:2]:
            raise Distrust("another_origin", location)
        return url

    async def get(self, path: str, **given: Any) -> Answer:
        """Ask for something under BASE."""
        return await self.call("GET", self.base + path, **given)

    async def post(self, path: str, said: Said, *, bearer: str | None = None) -> Answer:
        """Send a body of JSON to something under BASE."""
        return await self.call("POST", self.base + path, json=said, bearer=bearer)

    async def call(
        self, method: str, url: str, *, bearer: str | None = None, **given: Any
    ) -> Answer:
        """Return an answer; what the page never lets a hub do is an error.

        Raises RefusedError, Distrust `answer_of_another_kind`.
        """
        headers = dict(given.pop("headers", {}))
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        async with self.session.request(
            method,
            URL(url, encoded=True),
            headers=headers,
            allow_redirects=False,
            **given,
        ) as got:
            answer = Answer(got.status, got.headers, await got.read())
        if "Set-Cookie" in got.headers or got.status == HTTPStatus.UNAUTHORIZED:
            raise Distrust("answer_of_another_kind", url)
        if 300 <= got.status < 400 and got.status != HTTPStatus.NOT_MODIFIED:
            raise Distrust("answer_of_another_kind", "a redirect")
        if got.status not in _GOOD:
            raise RefusedError(got.status, _told(answer))
        return answer


def _told(answer: Answer) -> Said:
    try:
        return answer.json()
    except Distrust:
        return {}
