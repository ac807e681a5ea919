"""Follow hubs, and change how they are reached."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryFlow, SubentryFlowResult
from homeassistant.helpers.selector import BooleanSelector, TextSelector
import voluptuous as vol

from .core.text import tidy
from .form_fields import title_error
from .home.probing import HubCheck, async_probe_hub, hub_words


def portal_data(check: HubCheck) -> dict[str, Any]:
    """Return a hub as kept."""
    return {
        "url": check.url,
        "hub": check.hub,
        "private": check.private,
        "slot": check.slot,
        "counted": False,
        "storage": check.storage if check.storage_private else None,
    }


class PortalFlow(ConfigSubentryFlow):
    """Follow a hub, or change one that is followed."""

    _check: HubCheck
    _changed: tuple[str, dict[str, Any]]  # title and data, if a store is confirmed

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask where the hub is."""
        if user_input is None:
            return self._show_address({})
        self._check = await async_probe_hub(self.hass, user_input["url"])
        if self._check.error:
            return self._show_address(user_input, {"url": self._check.error})
        hubs = self._get_entry().get_subentries_of_type("portal")
        if any(one.data["hub"] == self._check.hub for one in hubs):
            return self.async_abort(reason="already_configured")
        return self._show_hub({"label": self._check.name})

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take the hub, once somebody has compared its words."""
        if user_input is None:
            return self._show_hub({"label": self._check.name})
        title = tidy(user_input["label"])
        errors = {"label": error} if (error := title_error(title)) else {}
        if not user_input["same"]:
            errors["same"] = "hub_not_compared"
        if errors:
            return self._show_hub(user_input, errors)
        return self.async_create_entry(
            title=title, data=portal_data(self._check), unique_id=self._check.hub
        )

    # The same form, with a warning.
    async_step_confirm_private = async_step_confirm

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change the name or the address; the hub stays the same one."""
        subentry = self._get_reconfigure_subentry()
        if user_input is None:
            counted = subentry.data.get("counted", False)
            now = {"label": subentry.title, "url": subentry.data["url"]}
            return self._show_change({**now, "counted": counted})
        title = tidy(user_input["label"])
        errors = {"label": error} if (error := title_error(title)) else {}
        data = dict(subentry.data)
        check = None
        if user_input["url"] != data["url"] or user_input["look"]:
            check = await async_probe_hub(self.hass, user_input["url"])
            other = check.hub != data["hub"] if not check.error else False
            if wrong := check.error or ("hub_other" if other else None):
                errors["url"] = wrong
            data = {**portal_data(check), "storage": data.get("storage")}
        if errors:
            return self._show_change(user_input, errors)
        data["counted"] = user_input["counted"]
        if check and check.storage_private and check.storage != data["storage"]:
            self._check, self._changed = check, (title, data)
            return await self.async_step_storage()
        return self._save(title, data)

    async def async_step_storage(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask whether clips may go to a store that is none of the open Internet's."""
        if user_input is not None:
            title, data = self._changed
            storage = self._check.storage if user_input["store_taken"] else None
            return self._save(title, {**data, "storage": storage})
        taken = vol.Required("store_taken", default=False)
        return self.async_show_form(
            step_id="storage",
            data_schema=vol.Schema({taken: BooleanSelector()}),
            description_placeholders={"storage": self._check.storage or ""},
            last_step=True,
        )

    def _save(self, title: str, data: dict[str, Any]) -> SubentryFlowResult:
        return self.async_update_and_abort(
            self._get_entry(),
            self._get_reconfigure_subentry(),
            title=title,
            data=data,
        )

    def _show_address(
        self, values: dict[str, Any], errors: dict[str, str] | None = None
    ) -> SubentryFlowResult:
        """Show the form that asks for an address."""
        field = vol.Required("url", default=values.get("url", ""))
        return self.async_show_form(
            step_id="user",
            data_schema=vol.Schema({field: TextSelector()}),
            errors=errors,
            last_step=False,
        )

    def _show_hub(
        self, values: dict[str, Any], errors: dict[str, str] | None = None
    ) -> SubentryFlowResult:
        """Show who answers there, in words that can be compared."""
        fields: dict[vol.Marker, Any] = {
            vol.Required("label", default=values["label"]): TextSelector(),
            vol.Required("same", default=values.get("same", False)): BooleanSelector(),
        }
        private = self._check.private or self._check.storage_private
        return self.async_show_form(
            step_id="confirm_private" if private else "confirm",
            data_schema=vol.Schema(fields),
            errors=errors,
            description_placeholders={
                "hub": self._check.name,
                "operator": self._check.operator,
                "words": self._check.words,
                "storage": self._check.storage or self._check.url,
            },
            last_step=True,
        )

    def _show_change(
        self, values: dict[str, Any], errors: dict[str, str] | None = None
    ) -> SubentryFlowResult:
        """Show name and address of a hub, and whether this home is counted there."""
        hub = self._get_reconfigure_subentry().data["hub"]
        counted = vol.Required("counted", default=values["counted"])
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=vol.Schema(
                {
                    **{
                        vol.Required(key, default=values[key]): TextSelector()
                        for key in ("label", "url")
                    },
                    counted: BooleanSelector(),
                    vol.Required("look", default=False): BooleanSelector(),
                }
            ),
            errors=errors,
            description_placeholders={"words": hub_words(hub)},
        )
