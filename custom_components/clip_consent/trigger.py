"""Triggers: what happens to requests, for the automation editor."""

from typing import Any, ClassVar, cast, override

from homeassistant.const import CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, Context, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .core.disclosure import event_view
from .core.models import CaseEvent, CaseEventType, Trust
from .entity import SIGNAL_EVENT, loaded_manager

CONF_TRUST = "trust"
_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_OPTIONS, default=dict): {
            vol.Optional(CONF_TRUST, default=list): vol.All(
                cv.ensure_list, [vol.Coerce(Trust)]
            )
        }
    }
)


class CaseTrigger(Trigger):
    """Fires when a kind of event happens to a case."""

    event_type: ClassVar[CaseEventType]

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Validate the options."""
        return cast(ConfigType, _SCHEMA(config))

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Keep which requesters count; none named means all."""
        super().__init__(hass, config)
        self._trust: list[Trust] = (config.options or {}).get(CONF_TRUST, [])

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Run the action on every event that fits."""

        @callback
        def happened(event: CaseEvent) -> None:
            if event.type is not self.event_type:
                return
            if self._trust and event.case.request.trust not in self._trust:
                return
            run_action(
                trigger_payload(self._hass, event),
                f"clip consent: {event.type.value}",
                Context(user_id=event.user_id),
            )

        return async_dispatcher_connect(self._hass, SIGNAL_EVENT, happened)


def trigger_payload(hass: HomeAssistant, event: CaseEvent) -> dict[str, Any]:
    """Return what templates find under `trigger`; no word of the requester's."""
    manager = loaded_manager(hass)
    cameras = manager.cameras if manager else {}
    closed = event.case.closed.value if event.case.closed else None
    failed = event.case.problem if event.type is CaseEventType.FAILED else None
    return {
        **event_view(event, cameras, manager.waiting if manager else 0),
        "reason": closed or failed,
    }


def _trigger(kind: CaseEventType) -> type[CaseTrigger]:
    return type(f"{kind.title()}Trigger", (CaseTrigger,), {"event_type": kind})


TRIGGERS: dict[str, type[Trigger]] = {
    "request_received": _trigger(CaseEventType.RECEIVED),
    "request_asked": _trigger(CaseEventType.ASKED),
    "request_closed": _trigger(CaseEventType.CLOSED),
    "clip_shared": _trigger(CaseEventType.SHARED),
    "delivery_failed": _trigger(CaseEventType.FAILED),
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by name."""
    return TRIGGERS
