"""The automations of docs/guide.md are taken by Home Assistant as they stand there."""

import re
from typing import Final

from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from tests.interfaces import ROOT

GUIDE: Final = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
EXAMPLES: Final = re.findall(
    r"<!-- example: automation -->\n```yaml\n(.*?)```", GUIDE, re.DOTALL
)


def test_there_are_examples() -> None:
    """Nothing was lost on the way here."""
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize("text", EXAMPLES)
async def test_automations_are_valid(
    hass: HomeAssistant, entry: MockConfigEntry, text: str
) -> None:
    """Triggers, conditions and actions are known, with the options they are given."""
    config = await async_validate_config_item(hass, "example", yaml.safe_load(text))
    assert config
    assert config.validation_status == "ok", config.validation_error
