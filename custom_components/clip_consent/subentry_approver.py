"""Add and change approvers: who is asked, on which phones."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.auth.models import User
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.core import HomeAssistant
import voluptuous as vol

from .base.push import Phone
from .core.quiet import are_quiet_hours
from .form_fields import (
    TimeBox,
    kept,
    phone_names,
    pick_named,
    pick_one_named,
    suggested,
)
from .home.probing import phones_of

QUIET: Final = ("quiet_from", "quiet_to")


def user_name(user: User) -> str:
    """Return what to call a user by."""
    return user.name or user.id


async def async_candidates(hass: HomeAssistant, taken: set[str]) -> dict[str, str]:
    """Return the people who may become approvers, the home's owner first."""
    users = [
        user
        for user in await hass.auth.async_get_users()
        if user.is_active and not user.system_generated and user.id not in taken
    ]
    users.sort(key=lambda user: (not user.is_owner, user_name(user).casefold()))
    return {user.id: user_name(user) for user in users}


def approver_data(user_id: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Return an approver as kept, of what was chosen."""
    return {
        "user_id": user_id,
        "phones": kept(chosen, "phones"),
        "one_tap": kept(chosen, "one_tap"),
        "hide_details": kept(chosen, "hide_details"),
        "notices": kept(chosen, "notices"),
        **{key: chosen.get(key) for key in QUIET},
    }


def one_tap_default(phones: list[Phone]) -> list[str]:
    """Return the phones whose taps nobody on the way can forge."""
    return [phone.entry_id for phone in phones if phone.encrypted]


class ApproverFlow(ConfigSubentryFlow):
    """Add or change one approver."""

    _user_id: str
    _name: str

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask who is to be an approver."""
        taken = {
            approver.data["user_id"]
            for approver in self._get_entry().get_subentries_of_type("approver")
        }
        candidates = await async_candidates(self.hass, taken)
        if not candidates:
            return self.async_abort(reason="no_one_left")
        if user_input is not None and user_input["user_id"] in candidates:
            self._user_id = user_input["user_id"]
            self._name = candidates[self._user_id]
            return await self.async_step_phones()
        schema = vol.Schema(
            {
                vol.Required("user_id", default=next(iter(candidates))): (
                    pick_one_named(candidates)
                )
            }
        )
        return self.async_show_form(step_id="user", data_schema=schema, last_step=False)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change the phones of an approver."""
        self._user_id = self._get_reconfigure_subentry().data["user_id"]
        user = await self.hass.auth.async_get_user(self._user_id)
        if user is None:
            return self.async_abort(reason="user_gone")
        self._name = user_name(user)
        return await self.async_step_phones()

    async def async_step_phones(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask on which phones, and what a tap on each is worth."""
        phones = phones_of(self.hass, self._user_id)
        if not phones:
            return await self.async_step_no_phone()
        if user_input is None:
            return self._show_phones(phones, self._now(phones))
        if not are_quiet_hours(*(user_input.get(key) for key in QUIET)):
            wrong = {"quiet_to": "quiet_invalid"}
            return self._show_phones(phones, user_input, wrong)
        return self._save(user_input)

    def _show_phones(
        self,
        phones: list[Phone],
        now: Mapping[str, Any],
        errors: dict[str, str] | None = None,
    ) -> SubentryFlowResult:
        """Show the phones of an approver, and their quiet hours."""
        names = phone_names(phones)
        fields: dict[vol.Marker, Any] = {
            suggested(key, [one for one in kept(now, key) if one in names]): (
                pick_named(names)
            )
            for key in ("phones", "one_tap", "hide_details", "notices")
        }
        fields |= {suggested(key, now.get(key)): TimeBox() for key in QUIET}
        return self.async_show_form(
            step_id="phones",
            data_schema=vol.Schema(fields),
            errors=errors,
            description_placeholders={"name": self._name},
        )

    async def async_step_no_phone(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Say that this approver can be asked in the panel only."""
        if user_input is not None:
            hours = self._now([])
            return self._save({key: hours.get(key) for key in QUIET})
        return self.async_show_form(
            step_id="no_phone",
            data_schema=vol.Schema({}),
            description_placeholders={"name": self._name},
        )

    def _now(self, phones: list[Phone]) -> Mapping[str, Any]:
        """Return what is chosen now, or what is proposed for a new approver."""
        if self.source == SOURCE_RECONFIGURE:
            return self._get_reconfigure_subentry().data
        return {
            "phones": [phone.entry_id for phone in phones],
            "one_tap": one_tap_default(phones),
        }

    def _save(self, chosen: Mapping[str, Any]) -> SubentryFlowResult:
        """Add the approver or change it."""
        data = approver_data(self._user_id, chosen)
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=self._name,
                data=data,
            )
        return self.async_create_entry(
            title=self._name, data=data, unique_id=self._user_id
        )
