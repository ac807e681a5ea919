"""Talks to Frigate's HTTP API, logged in or not, and says what goes wrong.

Its port 5000 asks for nothing. Its port 8971 wants a login: the session that it gives
as a cookie is sent along as a bearer token, and a login that ran out is renewed once.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.cookies import CookieError, SimpleCookie
import json
import re
from typing import Final

from ...base.outbound import Answer, Door
from ...core.errors import SourceError
from .frigate_access import FrigateAccess

ANSWER_SECONDS: Final = 30.0
_MAX_ANSWER: Final = 4 * 2**20  # bytes; read as JSON, some thirty times as many
_COOKIE: Final = "frigate_token"
_TOKEN: Final = re.compile(r"[\w.~+/=-]{1,8192}", re.ASCII)
_JSON: Final = {"Content-Type": "application/json"}
_STARTING: Final = frozenset({502, 503, 504})  # its web server, while it starts
_SAID: Final = {
    "connection_timeout": "frigate_slow",
    "connection_lost": "frigate_unreachable",
    "address_unknown": "frigate_unreachable",
    "address_not_allowed": "frigate_unreachable",
    "tls_failed": "frigate_certificate",
    "address_invalid": "frigate_address_invalid",
    "redirect_refused": "frigate_redirects",
    "encoding_refused": "frigate_broken_answer",
    "answer_too_large": "frigate_broken_answer",
}


class FrigateClient:
    """Reads from instances; keeps nothing but the logins of this run."""

    def __init__(self, door: Door, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        """Take the way out, and how long an answer may take in all."""
        self._door = door
        self._answer_seconds = answer_seconds
        self._tokens: dict[FrigateAccess, str] = {}
        self._logins: dict[FrigateAccess, asyncio.Lock] = {}

    async def async_get(
        self, access: FrigateAccess, path: str, *, max_bytes: int = _MAX_ANSWER
    ) -> bytes | None:
        """Return what is at a path below `/api`; None if it is not found.

        Raises SourceError `frigate_…`: `unreachable`, `slow`, `certificate`,
        `login_needed`, `login_refused`, `no_access`, `redirects`, `address_invalid`,
        `broken_answer`.
        """
        with _in_time():
            async with (
                asyncio.timeout(self._answer_seconds),
                self.request(access, path) as answer,
            ):
                if answer.status == 404:
                    return None
                if answer.status != 200:
                    raise SourceError("frigate_broken_answer")
                return await answer.async_read(max_bytes=max_bytes)

    @asynccontextmanager
    async def request(self, access: FrigateAccess, path: str) -> AsyncIterator[Answer]:
        """Yield the answer of a path below `/api`, before its body is read.

        Its status may be any but a redirect and one that is an error of access. Raises
        as `async_get`.
        """
        with _told():
            token = self._tokens.get(access)
            async with self._asked(access, path, token) as answer:
                if answer.status != 401:
                    yield _admitted(answer)
                    return
            token = await self._async_token(access, token)
            async with self._asked(access, path, token) as answer:
                if answer.status == 401:
                    self._tokens.pop(access, None)
                    raise SourceError("frigate_login_refused")
                yield _admitted(answer)

    def forget(self, keep: set[FrigateAccess]) -> None:
        """Let go of the logins at every instance but these."""
        self._tokens = {one: self._tokens[one] for one in self._tokens if one in keep}
        self._logins = {one: self._logins[one] for one in self._logins if one in keep}

    @asynccontextmanager
    async def _asked(
        self, access: FrigateAccess, path: str, token: str | None
    ) -> AsyncIterator[Answer]:
        headers = {"Authorization": f"Bearer {token}"} if token else None
        url = f"{access.url}/api/{path}"
        async with self._door.request("GET", url, headers=headers) as answer:
            yield answer

    async def _async_token(self, access: FrigateAccess, old: str | None) -> str:
        """Return a token that is not the old one: somebody may have it already."""
        if not access.username:
            raise SourceError("frigate_login_needed")
        # one that hangs keeps no login of another instance waiting
        async with self._logins.setdefault(access, asyncio.Lock()):
            token = self._tokens.get(access)
            if token is None or token == old:
                token = await self._async_log_in(access)
                self._tokens[access] = token
        return token

    async def _async_log_in(self, access: FrigateAccess) -> str:
        body = json.dumps({"user": access.username, "password": access.password})
        async with self._door.request(
            "POST", f"{access.url}/api/login", headers=_JSON, body=body.encode()
        ) as answer:
            # 0.14 answers 400 to a wrong password, later ones 401; 429 after a few
            if 400 <= answer.status < 500:
                raise SourceError("frigate_login_refused")
            if answer.status != 200:
                raise SourceError("frigate_broken_answer")
            return _token(answer)


def _token(answer: Answer) -> str:
    """Return the session that a login gave. Its cookie may have another name."""
    given = SimpleCookie()
    for header in answer.headers.getall("Set-Cookie", ()):
        try:
            given.load(header)
        except CookieError:
            continue
    named = given.get(_COOKIE) or next(iter(given.values()), None)
    token = "" if named is None else str(named.value)
    if not _TOKEN.fullmatch(token):
        raise SourceError("frigate_broken_answer")
    return token


def _admitted(answer: Answer) -> Answer:
    if answer.status == 403:
        raise SourceError("frigate_no_access")
    if answer.status in _STARTING:
        raise SourceError("frigate_unreachable")
    return answer


@contextmanager
def _told() -> Iterator[None]:
    """Say what the way out says in words of this kind of source."""
    try:
        yield
    except SourceError as err:
        code = _SAID.get(err.code)
        if code is None:
            raise
    else:
        return
    raise SourceError(code)


@contextmanager
def _in_time() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        pass
    else:
        return
    raise SourceError("frigate_slow")
