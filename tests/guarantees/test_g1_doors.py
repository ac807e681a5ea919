"""G1 tap: there is no other door. No action, entity, intent, tool or token approves."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.core import Context
from homeassistant.helpers import intent, llm
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

import custom_components.clip_consent
from custom_components.clip_consent.core.models import Case, CaseState

from .conftest import Home

MANNERS = ("turn_on", "press", "unlock", "toggle", "select_option", "set_value")


async def test_a04_no_entity_approves(home: Home) -> None:
    """A-04: our entities show; the one that can be set switches requests on and off."""
    case = await home.asked()
    ours = [
        state.entity_id
        for state in home.hass.states.async_all()
        if "clip_consent" in state.entity_id
    ]
    assert {entity.partition(".")[0] for entity in ours} == {
        *("binary_sensor", "event", "sensor", "switch"),
    }
    for entity in ours:
        for manner in MANNERS:
            domain = entity.partition(".")[0]
            if home.hass.services.has_service(domain, manner):
                await home.hass.services.async_call(
                    domain,
                    manner,
                    {"entity_id": entity},
                    blocking=True,
                    context=Context(user_id=home.anna.user.id),
                )
    await home.refused(case, None)


@pytest.mark.parametrize(
    "components", [("homeassistant", "intent", "conversation")], indirect=True
)
async def test_a04_no_intent_and_no_tool_of_a_language_model_approves(
    home: Home,
) -> None:
    """A-04: neither Assist nor a language model is offered anything of ours."""
    case = await home.asked()
    ours = custom_components.clip_consent.__name__
    for handler in intent.async_get(home.hass):
        assert not type(handler).__module__.startswith(ours)
        assert "clip" not in handler.intent_type.lower()
    context = llm.LLMContext(
        platform="test",
        context=Context(user_id=home.anna.user.id),
        language="en",
        assistant="conversation",
        device_id=None,
    )
    apis = llm.async_get_apis(home.hass)
    assert apis
    for api in apis:
        tools = (await api.async_get_api_instance(context)).tools
        assert not [tool.name for tool in tools if "clip" in tool.name.lower()]
    await home.refused(case, None)


def test_a04_no_platform_that_could_approve() -> None:
    """A-04: no file under a name by which Home Assistant would find such a thing."""
    folder = Path(str(custom_components.clip_consent.__file__)).parent
    platforms = {"button", "device_action", "intent", "llm", "lock", "notify", "scene"}
    assert not platforms & {path.stem for path in folder.iterdir()}


type Log = Callable[[Home], Awaitable[str]]


async def _long_lived(home: Home) -> str:
    token = await home.hass.auth.async_create_refresh_token(
        home.anna.user,
        client_name="bridge",
        token_type="long_lived_access_token",
        access_token_expiration=timedelta(days=10),
    )
    return home.hass.auth.async_create_access_token(token)


async def _content_user(home: Home) -> str:
    [user] = [
        user
        for user in await home.hass.auth.async_get_users()
        if user.name == "Home Assistant Content"
    ]
    [token] = user.refresh_tokens.values()
    return home.hass.auth.async_create_access_token(token)


async def _system_user(home: Home) -> str:
    user = await home.hass.auth.async_create_system_user(
        "Robot", group_ids=[GROUP_ID_ADMIN]
    )
    token = await home.hass.auth.async_create_refresh_token(user)
    return home.hass.auth.async_create_access_token(token)


async def _guest(home: Home) -> str:
    return home.guest.token


async def _root(home: Home) -> str:
    return home.root.token


@pytest.mark.parametrize(
    ("log_in", "code"),
    [
        (_long_lived, "session_not_own"),
        (_content_user, "not_approver"),
        (_system_user, "not_approver"),
        (_guest, "not_approver"),
        (_root, "not_approver"),
    ],
)
async def test_a04_panel_approve_wants_an_approvers_own_login(
    home: Home, hass_ws_client: WebSocketGenerator, log_in: Log, code: str
) -> None:
    """A-04: bridges' tokens, system users and everybody else are refused."""
    case = await home.asked()
    assert await _approve_in_panel(home, hass_ws_client, await log_in(home), case) == (
        code
    )
    clause = "session" if code == "session_not_own" else "not_approver"
    await home.refused(case, clause)


@pytest.mark.parametrize("log_in", [_content_user, _system_user])
async def test_a04_system_user_that_is_listed(
    home: Home, hass_ws_client: WebSocketGenerator, log_in: Log
) -> None:
    """A-04: no form lists a system user; if settings were bent, it still counts not."""
    token = await log_in(home)
    refresh = home.hass.auth.async_validate_access_token(token)
    assert refresh
    [anna, _] = home.entry.get_subentries_of_type("approver")
    home.hass.config_entries.async_update_subentry(
        home.entry, anna, data={**anna.data, "user_id": refresh.user.id}
    )
    await home.hass.async_block_till_done()
    case = await home.asked()
    assert await _approve_in_panel(home, hass_ws_client, token, case) == "not_approver"
    await home.refused(case, "system_user")


async def _approve_in_panel(
    home: Home, hass_ws_client: WebSocketGenerator, token: str, case: Case
) -> str | None:
    assert case.offer
    assert case.draft
    socket = await hass_ws_client(home.hass, token)
    await socket.send_json_auto_id(
        {
            "type": "clip_consent/approve",
            "offer_id": case.offer.offer_id,
            "sha256": case.draft.sha256,
        }
    )
    answer = await socket.receive_json()
    return None if answer["success"] else answer["error"]["code"]


async def test_a04_control_own_login_approves(
    home: Home, hass_ws_client: WebSocketGenerator
) -> None:
    """The control of the refusals above: an approver's own login counts."""
    case = await home.asked()
    assert await _approve_in_panel(home, hass_ws_client, home.anna.token, case) is None
    await home.settle()
    assert (await home.case(case)).state is CaseState.CONSENTED
