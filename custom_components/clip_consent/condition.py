"""Condition: whether a case waits for an answer."""

from typing import Unpack, cast, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import HomeAssistant
from homeassistant.helpers.condition import Condition, ConditionCheckParams
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .entity import loaded_manager

_SCHEMA = vol.Schema({vol.Required(CONF_OPTIONS, default=dict): {}})


class IsWaitingCondition(Condition):
    """True while an approver has something to decide."""

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Validate that there are no options."""
        return cast(ConfigType, _SCHEMA(config))

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        """Ask the manager."""
        manager = loaded_manager(self._hass)
        return manager is not None and manager.waiting > 0


CONDITIONS: dict[str, type[Condition]] = {"is_waiting": IsWaitingCondition}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions by name."""
    return CONDITIONS
