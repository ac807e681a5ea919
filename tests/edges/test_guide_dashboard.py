"""The dashboard of docs/guide.md is made of stock cards and entities that exist."""

import re
from typing import Final

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.clip_consent.const import DOMAIN

from .blueprinted import named, parts
from .test_guide import GUIDE

DASHBOARD: Final = re.findall(
    r"<!-- example: dashboard -->\n```yaml\n(.*?)```", GUIDE, re.DOTALL
)
CARDS: Final = {"conditional", "entities", "heading", "tile"}


async def test_dashboard_is_of_stock_cards_and_entities_that_exist(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """No card of ours, no markdown; each entity is one that a fresh home has."""
    [text] = DASHBOARD
    found = list(parts(yaml.safe_load(text)))
    [view] = yaml.safe_load(text)["views"]
    assert view["type"] == "sections"
    cards = [part for part in found if part.get("type") in CARDS]
    kinds = {part["type"] for part in found if "type" in part}
    assert kinds == {*CARDS, "sections", "grid"}
    shown = named(cards, "entity")
    ours = {
        state.entity_id
        for state in hass.states.async_all()
        if state.entity_id.split(".")[1].startswith(f"{DOMAIN}_")
    }
    assert shown == ours
    for part in found:
        if "state" in part:
            state = hass.states.get(part["entity"])
            assert state
            assert part["state"] in ("on", "off")
            assert state.state in ("on", "off")


async def test_dashboard_leads_to_the_panel(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """A tap goes to the panel's path, and does nothing else."""
    [text] = DASHBOARD
    taps = [
        part["tap_action"]
        for part in parts(yaml.safe_load(text))
        if "tap_action" in part
    ]
    assert taps
    for tap in taps:
        assert tap["action"] == "navigate"
        assert tap["navigation_path"].strip("/") in hass.data["frontend_panels"]
