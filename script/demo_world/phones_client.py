"""Hold the simulated phones in code: start the simulator, wait for pushes, press."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
import sys
import time
from typing import Any, Final

import aiohttp

from .phone import Platform
from .processes import LOOPBACK, Process

_START: Final = 20  # seconds
_REPOSITORY: Final = Path(__file__).resolve().parents[2]


class SimulatorError(Exception):
    """The simulator did not start, or refused a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """A notification on a phone."""

    phone_id: str
    notification_id: str
    title: str | None
    message: str
    data: dict[str, Any]
    buttons: list[dict[str, Any]]
    ended: str | None
    image: str | None
    image_status: int | None

    @property
    def tag(self) -> str | None:
        """What a later push names to replace or clear this one."""
        return self.data.get("tag")

    def button(self, title: str) -> str:
        """Return the action key of the button of that title."""
        for button in self.buttons:
            if button["title"] == title:
                return str(button["action"])
        raise SimulatorError(f"no button {title!r} among {self.buttons}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneState:
    """A phone and everything it was sent."""

    phone_id: str
    name: str
    platform: Platform
    encrypted: bool
    device_id: str
    webhook_id: str
    pushes: tuple[Push, ...]

    @property
    def shown(self) -> tuple[Push, ...]:
        """What stands on the screen, oldest first."""
        return tuple(push for push in self.pushes if push.ended is None)


def _push(phone_id: str, given: dict[str, Any]) -> Push:
    return Push(
        phone_id=phone_id,
        notification_id=given["notification_id"],
        title=given["title"],
        message=given["message"],
        data=given["data"],
        buttons=given["buttons"],
        ended=given["ended"],
        image=given["image"],
        image_status=given["image_status"],
    )


def _phone(given: dict[str, Any]) -> PhoneState:
    phone_id: str = given["phone_id"]
    return PhoneState(
        phone_id=phone_id,
        name=given["name"],
        platform=Platform(given["platform"]),
        encrypted=given["encrypted"],
        device_id=given["device_id"],
        webhook_id=given["webhook_id"],
        pushes=tuple(_push(phone_id, one) for one in given["notifications"]),
    )


def start_simulator(port: int, log: Path) -> Process:
    """Start the simulator; `Phones.answering` waits for it."""
    return Process(
        [sys.executable, "-m", f"{__package__}.phones", str(port)],
        log,
        {"PYTHONPATH": str(_REPOSITORY)},
    )


class Phones:
    """The simulator's API."""

    def __init__(self, session: aiohttp.ClientSession, port: int) -> None:
        """Name the simulator; nothing is sent yet."""
        self.url = f"http://{LOOPBACK}:{port}"
        self._session = session

    async def _call(self, method: str, path: str, body: object = None) -> Any:
        async with self._session.request(
            method, f"{self.url}{path}", json=body
        ) as response:
            if not response.ok:
                raise SimulatorError(f"{path}: {await response.text()}")
            return await response.json()

    async def answering(self) -> None:
        """Wait until the simulator answers. Raise SimulatorError if it does not."""
        end = time.monotonic() + _START
        while time.monotonic() < end:
            try:
                await self.state()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)
            else:
                return
        raise SimulatorError("no answer")

    async def register(
        self, base_url: str, user: str, password: str, name: str, platform: Platform
    ) -> PhoneState:
        """Log a user in on a new phone and register it."""
        form = {
            "base_url": base_url,
            "user": user,
            "password": password,
            "name": name,
            "platform": platform,
        }
        return _phone(await self._call("POST", "/api/phones", form))

    async def state(self) -> dict[str, PhoneState]:
        """Return all phones by their id."""
        answer = await self._call("GET", "/api/phones")
        return {given["phone_id"]: _phone(given) for given in answer["phones"]}

    async def wait_for(
        self, phone_id: str, wanted: Callable[[Push], bool], timeout: float = 60
    ) -> Push:
        """Return the first push on a phone that is wanted, shown or ended.

        Raise SimulatorError, saying what came instead, if none comes.
        """
        after, came = -1, list[Push]()
        try:
            async with asyncio.timeout(timeout):
                while True:
                    answer = await self._call("GET", f"/api/phones?after={after}")
                    after = answer["revision"]
                    phones = [_phone(given) for given in answer["phones"]]
                    came = [
                        push
                        for phone in phones
                        if phone.phone_id == phone_id
                        for push in phone.pushes
                    ]
                    if found := list(filter(wanted, came)):
                        return found[0]
        except TimeoutError as err:
            raise SimulatorError(f"no such push; there were {came}") from err

    async def raw_pushes(self, phone_id: str) -> list[dict[str, Any]]:
        """Return everything the phone was sent, as it came."""
        answer: list[dict[str, Any]] = await self._call(
            "GET", f"/api/phones/{phone_id}/pushes"
        )
        return answer

    async def press(self, push: Push, action: str) -> str | None:
        """Press the button with that action key; return the address it opens."""
        return await self._tap(push, "press", action=action)

    async def open(self, push: Push) -> str | None:
        """Tap the notification itself; return the address it opens."""
        return await self._tap(push, "open")

    async def dismiss(self, push: Push) -> None:
        """Swipe a notification away."""
        await self._tap(push, "dismiss")

    async def _tap(self, push: Push, how: str, **more: str) -> str | None:
        form = {"notification_id": push.notification_id, **more}
        answer = await self._call("POST", f"/api/phones/{push.phone_id}/{how}", form)
        opens: str | None = answer["opens"]
        return opens

    async def fire(
        self, phone_id: str, event_type: str, event_data: dict[str, Any]
    ) -> None:
        """Have a phone fire any event, as a hostile app on it could."""
        form = {"event_type": event_type, "event_data": event_data}
        await self._call("POST", f"/api/phones/{phone_id}/fire", form)
