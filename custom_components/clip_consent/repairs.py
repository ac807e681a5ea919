"""Repair issues of what has happened: they go when the owner has read them."""

from typing import override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.core import HomeAssistant

from .core.errors import NotFoundError, StoreError
from .core.portal_follow import ALARMS
from .entity import loaded_manager


class TrustAnewFlow(ConfirmRepairFlow):
    """Believe a hub again that contradicted itself."""

    def __init__(self, portal_id: str) -> None:
        """Keep which one it is."""
        self._portal_id = portal_id

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Say what happened; once it is confirmed, begin anew with that hub."""
        if user_input is None:
            return await super().async_step_confirm()
        manager = loaded_manager(self.hass)
        if manager is None:
            return self.async_abort(reason="not_running")
        try:
            await manager.hubs.async_trust_anew(self._portal_id)
        except NotFoundError:
            pass  # it is followed no more: the issue can go
        except StoreError:
            return self.async_abort(reason="not_running")
        return await super().async_step_confirm(user_input)


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the form that says what happened, to be confirmed."""
    for code in ALARMS:
        if issue_id.startswith(f"{code}_"):
            return TrustAnewFlow(issue_id.removeprefix(f"{code}_"))
    return ConfirmRepairFlow()
