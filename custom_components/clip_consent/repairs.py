"""Repair issues of what has happened: they go when the owner has read them."""

from typing import override

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import voluptuous as vol

from .core.errors import NotFoundError, StoreError
from .core.portal_known import ALARMS
from .entity import async_let_hub_go_on, loaded_manager


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


class GoOnFlow(RepairsFlow):
    """Let a hub that came back from a backup go on, against what homes have seen."""

    async def async_step_init(
        self, user_input: dict[str, bool] | None = None
    ) -> RepairsFlowResult:
        """Begin with the one form."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, bool] | None = None
    ) -> RepairsFlowResult:
        """Say what comes of it; nothing is signed before it is ticked."""
        errors: dict[str, str] = {}
        if user_input is not None:
            if user_input["go_on"]:
                if await async_let_hub_go_on(self.hass):
                    return self.async_create_entry(data={})
                return self.async_abort(reason="not_running")
            errors["go_on"] = "go_on_unticked"
        issue = ir.async_get(self.hass).async_get_issue(self.handler, self.issue_id)
        return self.async_show_form(
            step_id="confirm",
            data_schema=vol.Schema({vol.Required("go_on", default=False): bool}),
            errors=errors,
            description_placeholders=issue.translation_placeholders if issue else None,
        )


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the form that says what happened, to be confirmed."""
    if issue_id.startswith("hub:hub_log_"):
        return GoOnFlow()
    for code in ALARMS:
        if issue_id.startswith(f"{code}_"):
            return TrustAnewFlow(issue_id.removeprefix(f"{code}_"))
    return ConfirmRepairFlow()
