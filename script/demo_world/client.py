"""A typed client of Home Assistant's REST and WebSocket APIs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
import itertools
from typing import Any

import aiohttp

from .login import Login

type JsonObject = dict[str, Any]


class ApiError(Exception):
    """Home Assistant refused a call; `code` is the status or the WebSocket code."""

    def __init__(self, what: str, code: str, message: str) -> None:
        """Keep what was called and what came back."""
        super().__init__(f"{what}: {code}: {message}")
        self.code = code
        self.message = message


class Connection:
    """A logged-in WebSocket connection."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Take over a socket that is past the login."""
        self._socket = socket
        self._ids = itertools.count(1)
        self._results: dict[int, asyncio.Future[JsonObject]] = {}
        self._events: dict[int, asyncio.Queue[JsonObject]] = {}

    async def listen(self) -> None:
        """Sort what comes in until the connection ends."""
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                break
            answers = message.json()
            for answer in answers if isinstance(answers, list) else [answers]:
                self._sort(answer)
        for future in self._results.values():
            if not future.done():
                future.set_exception(ConnectionError("connection closed"))

    def _sort(self, answer: JsonObject) -> None:
        number: int = answer["id"]
        if answer["type"] == "event":
            if number in self._events:
                self._events[number].put_nowait(answer["event"])
        elif (future := self._results.pop(number, None)) and not future.done():
            future.set_result(answer)

    async def _send(self, number: int, command: str, fields: JsonObject) -> Any:
        future: asyncio.Future[JsonObject] = asyncio.get_running_loop().create_future()
        self._results[number] = future
        await self._socket.send_json({"id": number, "type": command, **fields})
        answer = await asyncio.wait_for(future, 60)
        if not answer["success"]:
            error = answer["error"]
            raise ApiError(command, error["code"], error["message"])
        return answer["result"]

    async def command(self, command: str, **fields: Any) -> Any:
        """Return a command's result. Raise ApiError if it is refused."""
        return await self._send(next(self._ids), command, fields)

    async def subscribe(self, command: str, **fields: Any) -> asyncio.Queue[JsonObject]:
        """Return the queue that a subscription's events come into."""
        number = next(self._ids)
        self._events[number] = queue = asyncio.Queue[JsonObject]()
        await self._send(number, command, fields)
        return queue


class HomeAssistantClient:
    """Talks with one Home Assistant as one user."""

    def __init__(self, session: aiohttp.ClientSession, login: Login) -> None:
        """Speak as the user of this login."""
        self.session = session
        self.login = login
        self.base_url = login.base_url

    async def call(
        self, method: str, path: str, body: JsonObject | None = None
    ) -> JsonObject:
        """Return the JSON answer of a REST call. Raise ApiError if it is refused."""
        async with self.session.request(
            method,
            f"{self.base_url}{path}",
            json=body,
            headers=await self.login.headers(),
        ) as response:
            if not response.ok:
                text = await response.text()
                raise ApiError(f"{method} {path}", str(response.status), text)
            answer: JsonObject = await response.json()
            return answer

    async def fetch(self, path: str) -> bytes:
        """Return the bytes behind a path of this Home Assistant."""
        async with self.session.get(
            f"{self.base_url}{path}", headers=await self.login.headers()
        ) as response:
            if response.status != HTTPStatus.OK:
                raise ApiError(f"GET {path}", str(response.status), "")
            return await response.read()

    async def action(
        self, domain: str, action: str, data: JsonObject, *, answer: bool = False
    ) -> JsonObject:
        """Call a service action; return its response if an answer is asked for."""
        path = f"/api/services/{domain}/{action}{'?return_response' if answer else ''}"
        async with self.session.post(
            f"{self.base_url}{path}", json=data, headers=await self.login.headers()
        ) as response:
            if not response.ok:
                raise ApiError(path, str(response.status), await response.text())
            if not answer:
                return {}
            body: JsonObject = await response.json()
            given: JsonObject = body["service_response"]
            return given

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Open a WebSocket connection of this login's session."""
        async with self.session.ws_connect(
            f"{self.base_url}/api/websocket", max_msg_size=0
        ) as socket:
            await socket.receive_json()
            token = await self.login.access_token()
            await socket.send_json({"type": "auth", "access_token": token})
            greeting = await socket.receive_json()
            if greeting["type"] != "auth_ok":
                raise ApiError("auth", greeting["type"], greeting.get("message", ""))
            connection = Connection(socket)
            listener = asyncio.create_task(connection.listen())
            try:
                yield connection
            finally:
                listener.cancel()
                await asyncio.gather(listener, return_exceptions=True)


async def wait_for_event(
    queue: asyncio.Queue[JsonObject],
    wanted: Callable[[JsonObject], bool],
    timeout: float = 60,
) -> JsonObject:
    """Return the first event that is wanted. Raise TimeoutError if none comes."""
    async with asyncio.timeout(timeout):
        while True:
            event = await queue.get()
            if wanted(event):
                return event
