"""Change a hub: who runs it and where, its moderators, rules and limits, its map."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from .base.portal_keys import hub_words
from .config_flow_hub import about_fields, judged_about, phones_of_all
from .core.errors import ClipConsentError, ConflictError
from .core.hub_settings import DROPS_MAX
from .core.limits import HUB_PER_CASE_NUMBER, HUB_PER_REQUESTER_AND_WEEK, OPEN_MAX
from .core.text import tidy
from .core.tiles import ATTRIBUTION_MAX, ZOOM, ZOOM_MAX, tiles_origin
from .entity import loaded_hub
from .form_fields import (
    WholeNumber,
    judged,
    kept,
    phone_names,
    pick_named,
    suggested,
    text_error,
)
from .options_hub_storage import async_judged_storage, storage_schema
from .subentry_approver import async_candidates

RULES_MAX: Final = 4000  # characters
_GIB: Final = 1024**3  # bytes
LIMITS: Final = {
    "per_week": WholeNumber(error="per_week_invalid", least=1, most=50),
    "per_case_number": WholeNumber(error="per_case_number_invalid", least=1, most=20),
    "open_days": WholeNumber(
        error="open_days_invalid", least=1, most=OPEN_MAX.days, unit="d"
    ),
    "drops_gib": WholeNumber(error="drops_gib_invalid", least=2, most=2000, unit="GiB"),
}
_BEGINNING: Final = {
    "per_week": HUB_PER_REQUESTER_AND_WEEK,
    "per_case_number": HUB_PER_CASE_NUMBER,
    "open_days": OPEN_MAX.days,
    "drops_gib": DROPS_MAX // _GIB,
}
_ZOOM: Final = {
    "tiles_zoom": WholeNumber(error="tiles_zoom_invalid", least=1, most=ZOOM_MAX)
}
# braces would be placeholders of the translation
_TEMPLATE: Final = {
    **{place: f"{{{place}}}" for place in ("z", "x", "y")},
    "example": "https://tiles.example/{z}/{x}/{y}.png",
}
_NO_TILES: Final = {"tiles_url": "", "tiles_attribution": "", "tiles_zoom": ZOOM}


class HubOptionsFlow(OptionsFlow):
    """Change the settings of a hub."""

    _moderators: list[str]

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with the menu."""
        return await self.async_step_hub()

    async def async_step_hub(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what is to be changed."""
        return self.async_show_menu(
            step_id="hub",
            menu_options=[
                "hub_about",
                "hub_moderators",
                "hub_rules",
                "hub_map",
                "hub_storage",
                "hub_key",
            ],
            description_placeholders={"title": self.config_entry.title},
        )

    async def async_step_hub_about(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change who runs it, and where."""
        now = {**self.config_entry.options, **(user_input or {})}
        errors: dict[str, str] = {}
        if user_input is not None:
            about, errors = judged_about(user_input)
            if not errors:
                self.hass.config_entries.async_update_entry(
                    self.config_entry, title=about["name"]
                )
                return self._save(about)
        return self.async_show_form(
            step_id="hub_about",
            data_schema=vol.Schema(about_fields(now)),
            errors=errors,
        )

    async def async_step_hub_moderators(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change who decides about what comes in."""
        people = await async_candidates(self.hass, set())
        errors: dict[str, str] = {}
        if user_input is not None:
            self._moderators = [
                one for one in kept(user_input, "moderators") if one in people
            ]
            if self._moderators:
                return await self.async_step_hub_phones()
            errors = {"moderators": "moderators_none"}
        now = [one for one in self.config_entry.options["moderators"] if one in people]
        return self.async_show_form(
            step_id="hub_moderators",
            data_schema=vol.Schema({suggested("moderators", now): pick_named(people)}),
            errors=errors,
            last_step=False,
        )

    async def async_step_hub_phones(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change on which of their phones they are told."""
        phones = phones_of_all(self.hass, self._moderators)
        if user_input is not None or not phones:
            return self._save(
                {
                    "moderators": self._moderators,
                    "phones": kept(user_input or {}, "phones"),
                }
            )
        before = self.config_entry.options
        ticked = [
            phone.entry_id
            for phone in phones
            if phone.entry_id in before["phones"]
            or phone.user_id
            not in before["moderators"]  # theirs were never asked about
        ]
        return self.async_show_form(
            step_id="hub_phones",
            data_schema=vol.Schema(
                {suggested("phones", ticked): pick_named(phone_names(phones))}
            ),
        )

    async def async_step_hub_rules(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change what is published, from whom, and how much of it."""
        now = {**_BEGINNING, **self.config_entry.options, **(user_input or {})}
        errors: dict[str, str] = {}
        if user_input is not None:
            now, errors = judged(LIMITS, now)
            now["rules"] = tidy(now["rules"], lines=True)
            if error := text_error(now["rules"], RULES_MAX, lines=True):
                errors["rules"] = error
            if not errors:
                return self._save(now)
        return self.async_show_form(
            step_id="hub_rules", data_schema=_rules_schema(now), errors=errors
        )

    async def async_step_hub_key(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Have it sign with a new key, once it is ticked: there is no way back."""
        hub = loaded_hub(self.hass)
        if hub is None:
            return self.async_abort(reason="hub_not_loaded")
        errors: dict[str, str] = {}
        if user_input is not None:
            errors = {} if user_input["rotate"] else {"rotate": "rotate_unticked"}
            if not errors:
                try:
                    await hub.async_rotate_key()
                except ConflictError:
                    errors = {"base": "key_not_later"}
                except ClipConsentError:
                    errors = {"base": "key_not_saved"}
                else:
                    return self.async_abort(reason="hub_key_rotated")
        return self.async_show_form(
            step_id="hub_key",
            data_schema=vol.Schema(
                {vol.Required("rotate", default=False): BooleanSelector()}
            ),
            errors=errors,
            description_placeholders={"words": hub_words(hub.hub)},
        )

    async def async_step_hub_map(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change where the pages have the pictures of their map from: off at first."""
        now = {**_NO_TILES, **self.config_entry.options, **(user_input or {})}
        errors: dict[str, str] = {}
        if user_input is not None:
            typed = {**_NO_TILES, **user_input}
            now, errors = _judged_tiles(typed)
            if not errors:
                return self._save(now)
        return self.async_show_form(
            step_id="hub_map",
            data_schema=_map_schema(now),
            errors=errors,
            description_placeholders=_TEMPLATE,
        )

    async def async_step_hub_storage(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change where sealed answers are kept: on the hub's own disk at first."""
        before = self.config_entry.options
        errors: dict[str, str] = {}
        if user_input is not None:
            storage, errors = await async_judged_storage(user_input, before)
            if not errors:
                return self._save(storage)
        now = {**before, **(user_input or {})}
        return self.async_show_form(
            step_id="hub_storage",
            data_schema=storage_schema(now),
            errors=errors,
            description_placeholders={"example": "https://s3.example"},
        )

    def _save(self, changed: Mapping[str, Any]) -> ConfigFlowResult:
        return self.async_create_entry(data={**self.config_entry.options, **changed})


def _judged_tiles(typed: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a tile server as it is kept, and what is wrong with it by field."""
    tiles, errors = judged(_ZOOM, typed)
    tiles["tiles_url"] = tiles["tiles_url"].strip()
    tiles["tiles_attribution"] = tidy(tiles["tiles_attribution"])
    if not tiles["tiles_url"]:
        return tiles, errors
    if tiles_origin(tiles["tiles_url"]) is None:
        errors["tiles_url"] = "tiles_url_invalid"
    if error := text_error(tiles["tiles_attribution"], ATTRIBUTION_MAX):
        errors["tiles_attribution"] = error
    return tiles, errors


def _map_schema(now: Mapping[str, Any]) -> vol.Schema:
    return vol.Schema(
        {
            suggested("tiles_url", now["tiles_url"]): TextSelector(),
            suggested("tiles_attribution", now["tiles_attribution"]): TextSelector(),
            vol.Required("tiles_zoom", default=now["tiles_zoom"]): _ZOOM[
                "tiles_zoom"
            ].box(),
        }
    )


def _rules_schema(now: Mapping[str, Any]) -> vol.Schema:
    return vol.Schema(
        {
            vol.Required("rules", default=now["rules"]): TextSelector(
                TextSelectorConfig(multiline=True)
            ),
            vol.Required(
                "neighbours_may_ask", default=now["neighbours_may_ask"]
            ): BooleanSelector(),
            **{
                vol.Required(key, default=now[key]): number.box()
                for key, number in LIMITS.items()
            },
        }
    )
