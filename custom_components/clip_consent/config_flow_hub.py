"""Set up a hub: one form, and the address of its page.

What it has in common with the settings that are changed later is here too.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    LocationSelector,
    LocationSelectorConfig,
    TextSelector,
)
import voluptuous as vol

from .base.links import public_url
from .base.push import Phone
from .const import ENTRY_HUB
from .core.errors import InvalidGeometryError
from .core.geo import Circle, Point
from .core.limits import AREA_EXTENT_MAX_KM, CONTACT_MAX, NAME_MAX
from .core.text import tidy
from .form_fields import (
    TITLE_MAX,
    acting_user_id,
    kept,
    link_schema,
    link_step,
    pick_named,
    suggested,
    text_error,
)
from .home.probing import phones_of
from .messages import async_common_words
from .subentry_approver import async_candidates

TEXTS: Final = {"name": TITLE_MAX, "operator": NAME_MAX, "contact": CONTACT_MAX}
RADIUS: Final = 500  # metres: a street and those beside it
RADIUS_MIN: Final = 50
RADIUS_MAX: Final = AREA_EXTENT_MAX_KM * 500


def about_fields(values: Mapping[str, Any]) -> dict[vol.Marker, Any]:
    """Return the fields of who runs a hub and where."""
    return {
        **{
            vol.Required(key, default=values.get(key, "")): TextSelector()
            for key in TEXTS
        },
        vol.Required("area", default=values["area"]): LocationSelector(
            LocationSelectorConfig(radius=True, icon="mdi:home-group")
        ),
    }


def judged_about(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return who runs a hub and where, tidied, and error codes by field."""
    given: dict[str, Any] = {key: tidy(values[key]) for key in TEXTS}
    errors = {
        key: error
        for key, most in TEXTS.items()
        if (error := text_error(given[key], most))
    }
    given["area"] = {
        key: float(values["area"].get(key, RADIUS))
        for key in ("latitude", "longitude", "radius")
    }
    if not _is_area(given["area"]):
        errors["area"] = "hub_area_invalid"
    return given, errors


def _is_area(area: Mapping[str, float]) -> bool:
    if not RADIUS_MIN <= area["radius"] <= RADIUS_MAX:
        return False
    try:
        center = Point(lat=area["latitude"], lon=area["longitude"])
        Circle(center=center, radius=area["radius"])
    except InvalidGeometryError:
        return False
    return True


def phones_of_all(hass: HomeAssistant, user_ids: Iterable[str]) -> list[Phone]:
    """Return the phones of these users."""
    return [phone for user_id in user_ids for phone in phones_of(hass, user_id)]


class HubSteps(ConfigFlow):
    """The steps that set up a hub."""

    _hub: dict[str, Any]

    async def async_step_set_up_hub(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with a hub around this home, moderated by whoever is doing this."""
        # A dialog that somebody left open elsewhere must not bar this one.
        await self.async_set_unique_id(ENTRY_HUB, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        people = await async_candidates(self.hass, set())
        if not people:
            return self.async_abort(reason="no_people")
        user_id = acting_user_id()
        moderator = user_id if user_id in people else next(iter(people))
        here = self.hass.config
        return self._show_hub(
            people,
            {
                "area": {
                    "latitude": here.latitude,
                    "longitude": here.longitude,
                    "radius": RADIUS,
                },
                "moderators": [moderator],
                "neighbours_may_ask": True,
            },
        )

    async def async_step_hub(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take the one form of a new hub."""
        if user_input is None:
            return await self.async_step_set_up_hub()
        people = await async_candidates(self.hass, set())
        about, errors = judged_about(user_input)
        moderators = [one for one in kept(user_input, "moderators") if one in people]
        if not moderators:
            errors["moderators"] = "moderators_none"
        if errors:
            return self._show_hub(people, user_input, errors)
        words = await async_common_words(self.hass, "hub_")
        self._hub = {
            **about,
            "moderators": moderators,
            "phones": [
                phone.entry_id for phone in phones_of_all(self.hass, moderators)
            ],
            "rules": words["rules"],
            "neighbours_may_ask": user_input["neighbours_may_ask"],
        }
        return self._show_hub_link()

    async def async_step_hub_link(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Make the entry, once the address of its page has been seen."""
        return self.async_create_entry(
            title=self._hub["name"], description="hub", data={}, options=self._hub
        )

    async_step_hub_link_local = async_step_hub_link
    async_step_hub_link_no_address = async_step_hub_link

    def _show_hub(
        self,
        people: Mapping[str, str],
        values: Mapping[str, Any],
        errors: dict[str, str] | None = None,
    ) -> ConfigFlowResult:
        """Show the form of a new hub."""
        fields = about_fields(values)
        fields[suggested("moderators", kept(values, "moderators"))] = pick_named(people)
        fields[
            vol.Required("neighbours_may_ask", default=values["neighbours_may_ask"])
        ] = BooleanSelector()
        return self.async_show_form(
            step_id="hub",
            data_schema=vol.Schema(fields),
            errors=errors,
            last_step=False,
        )

    def _show_hub_link(self) -> ConfigFlowResult:
        """Show the address of the hub's page, by which homes follow it."""
        page = public_url(self.hass, "portal")
        return self.async_show_form(
            step_id=f"hub_{link_step(page)}",
            data_schema=link_schema(page),
            description_placeholders={"title": self._hub["name"], "url": page.url},
            last_step=True,
        )
