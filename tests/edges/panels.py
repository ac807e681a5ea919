"""The approver's panel, a case in it, and what it is asked to try."""

from typing import Any, Final

from homeassistant.core import HomeAssistant
from pyrage import x25519
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.clip_consent.core.models import Case
from custom_components.clip_consent.home.manager import HomeManager

from .acting import ASKING, SPAN, Panel, act, offered

KEY: Final = str(x25519.Identity.generate().to_public())

MADE_UP: Final = {"trust": "unverified", "kind": "police", **SPAN}


@pytest.fixture
async def panel(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> Panel:
    """Return the approver's panel."""
    return Panel(await hass_ws_client(hass))


@pytest.fixture
async def case(hass: HomeAssistant, manager: HomeManager) -> Case:
    """Return a case that was put before the approvers."""
    answer = await act(hass, "submit_request", **ASKING, recipient=KEY)
    return await offered(manager, answer["case_id"])


async def subscribed(panel: Panel) -> dict[str, Any]:
    """Subscribe and return the snapshot."""
    await panel.result("subscribe")
    return await panel.event("snapshot")
