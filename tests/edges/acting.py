"""Doing things with a home as people do: roles, actions, panel commands, waiting."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from homeassistant.auth.const import GROUP_ID_ADMIN, GROUP_ID_READ_ONLY, GROUP_ID_USER
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.clip_consent.const import DOMAIN
from custom_components.clip_consent.core.models import Case, CaseState
from custom_components.clip_consent.home.manager import HomeManager
from custom_components.clip_consent.home.world import SystemClock

from .conftest import FILM_START

START: Final = FILM_START + timedelta(seconds=20)
END: Final = START + timedelta(seconds=60)
SPAN: Final = {"start": START.isoformat(), "end": END.isoformat()}
SHORT: Final = {
    "start": START.isoformat(),
    "end": (START + timedelta(seconds=10)).isoformat(),
}
ASKING: Final = {"name": "Officer", "text": "A bicycle was stolen", **SPAN}


async def other_admin(hass: HomeAssistant) -> MockUser:
    """Return an admin who is no approver."""
    return await _user(hass, GROUP_ID_ADMIN, "Admin")


async def plain_user(hass: HomeAssistant) -> MockUser:
    """Return a user of the home who is neither approver nor admin."""
    return await _user(hass, GROUP_ID_USER, "Guest")


async def reading_user(hass: HomeAssistant) -> MockUser:
    """Return a user who may only look: neither approver nor admin."""
    return await _user(hass, GROUP_ID_READ_ONLY, "Reader")


async def _user(hass: HomeAssistant, group_id: str, name: str) -> MockUser:
    group = await hass.auth.async_get_group(group_id)
    assert group
    return MockUser(name=name, groups=[group]).add_to_hass(hass)


async def login(hass: HomeAssistant, user: MockUser) -> str:
    """Return the access token of a login session of a user's own."""
    token = await hass.auth.async_create_refresh_token(user, "https://example.org/app")
    return hass.auth.async_create_access_token(token)


async def act(
    hass: HomeAssistant, action: str, user_id: str | None = None, **data: Any
) -> Any:
    """Call one of our actions, and return its response if it has one."""
    answers = action not in ("decline", "revoke")
    return await hass.services.async_call(
        DOMAIN,
        action,
        data,
        blocking=True,
        return_response=answers,
        context=Context(user_id=user_id),
    )


async def until[T](look: Callable[[], T | None], what: str = "it") -> T:
    """Return what `look` finds, once it finds something."""
    for _ in range(600):
        if found := look():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"{what} did not happen")


def go_on(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Let the home's clock go on; what waits in the event loop goes on waiting."""
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime.now(UTC) + by)


async def case_in(manager: HomeManager, case_id: str, *states: CaseState) -> Case:
    """Return a case once it is in one of these states."""
    for _ in range(600):
        case = await manager.reading.async_case(case_id, None)
        if case.state in states:
            return case
        await asyncio.sleep(0.02)
    raise AssertionError(f"the case is {case.state}, {case.problem}")


async def offered(manager: HomeManager, case_id: str) -> Case:
    """Return a case once it was put before the approvers."""
    return await until(
        lambda: next(
            (
                case
                for case in manager.reading.open_cases()
                if case.case_id == case_id and case.offer and not case.prompt_due
            ),
            None,
        ),
        "an offer",
    )


class Panel:
    """A panel's connection: commands with their answers, events beside them."""

    def __init__(self, client: Any) -> None:
        """Keep the connection."""
        self._client = client
        self.events: list[dict[str, Any]] = []

    async def send(self, command: str, **fields: Any) -> dict[str, Any]:
        """Send a command and return its whole answer."""
        await self._client.send_json_auto_id({"type": f"{DOMAIN}/{command}", **fields})
        while True:
            message: dict[str, Any] = await self._client.receive_json()
            if message["type"] == "result":
                return message
            self.events.append(message["event"])

    async def result(self, command: str, **fields: Any) -> Any:
        """Send a command that has to work, and return its result."""
        answer = await self.send(command, **fields)
        assert answer["success"], answer
        return answer["result"]

    async def error(self, command: str, **fields: Any) -> str:
        """Send a command that must not work, and return the error's code."""
        answer = await self.send(command, **fields)
        assert not answer["success"], answer
        error = answer["error"]
        if error.get("translation_domain") == DOMAIN:
            # in words, not the code once more
            assert " " in error["message"]
            assert error["translation_key"] == error["code"]
        code: str = error["code"]
        return code

    async def event(self, kind: str) -> dict[str, Any]:
        """Return the next event of a kind; those of other kinds are passed over."""
        while True:
            if self.events:
                event = self.events.pop(0)
            else:
                event = (await self._client.receive_json())["event"]
            if event["event"] == kind:
                return event

    async def close(self) -> None:
        """Close the connection, as a browser does that goes elsewhere."""
        await self._client.close()

    async def approve(self, case: Case) -> str:
        """Approve what a case offers, and return until when that can be undone."""
        assert case.offer
        result = await self.result(
            "approve", offer_id=case.offer.offer_id, sha256=case.offer.sha256
        )
        undo_until: str = result["undo_until"]
        return undo_until


def entity_id(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> str:
    """Return the id that an entity of ours got."""
    found = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{entry.entry_id}_{key}"
    )
    assert found
    return found


def state_of(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> str:
    """Return the state of an entity of ours."""
    state = hass.states.get(entity_id(hass, entry, platform, key))
    assert state
    return state.state
