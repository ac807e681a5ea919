"""What the forms of a camera have in common, whatever its recordings come from."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowResult
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    LocationSelector,
    LocationSelectorConfig,
    TextSelector,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .core.errors import InvalidGeometryError
from .core.geo import Point
from .core.recorder_clock import AHEAD_MAX, recorder_moment
from .core.text import tidy
from .form_fields import WholeNumber, judged, pick_one, suggested, title_error
from .subentry_camera_masks import Errors, MaskSteps

# Place and whether it may be offered, as one question.
PLACES: Final = {
    "outdoor": ("outdoor", True),
    "indoor": ("indoor", False),
    "indoor_offered": ("indoor", True),
}
NUMBERS: Final = {
    "bearing": WholeNumber(error="bearing_invalid", least=0, most=359, unit="°")
}
CLOCK: Final = {
    "clock_ahead": WholeNumber(
        error="clock_invalid", least=-AHEAD_MAX, most=AHEAD_MAX, unit="s"
    )
}
# What a camera may have beside its name, place, entity and recordings, and has not.
EXTRAS: Final[Mapping[str, Any]] = {
    "location": None,
    "bearing": None,
    "clock_ahead": None,
    "masks": None,
}


def length_text(seconds: float) -> str:
    """Return a length in units that every language writes alike: `1 h 3 min 2 s`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of source, as the forms meet it.

    `form` shows its first form, with errors; `check` shows what was understood;
    `unique_id` tells its recordings from any other's; `taken` returns the errors for
    its first form if another camera has them by now.
    """

    form: Callable[[Errors | None], Awaitable[SubentryFlowResult]]
    check: Callable[[], SubentryFlowResult]
    unique_id: Callable[[Mapping[str, str]], str]
    taken: Callable[[], Awaitable[Errors | None]]


def camera_data(
    *,
    place: str,
    offered: bool = True,
    source_kind: str = "folder",
    source: Mapping[str, str],
    entity_id: str | None = None,
    extras: Mapping[str, Any] = EXTRAS,
) -> dict[str, Any]:
    """Return a camera as kept."""
    return {
        "entity_id": entity_id,
        "place": place,
        "offered": offered,
        "source_kind": source_kind,
        "source": dict(source),
        **extras,
    }


def _place(place: str, offered: bool) -> str:
    """Return the answer to the one question of place and offering."""
    return "indoor_offered" if place == "indoor" and offered else place


def _view(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answered map as kept."""
    location = {key: typed["location"][key] for key in ("latitude", "longitude")}
    return {"location": location, "bearing": typed.get("bearing")}


class CameraSteps(MaskSteps):
    """One camera in the making: what was typed is tried out before it is saved.

    `_values` are the answers of the first form, `_source` the source's own settings,
    `_extras` what a camera may have besides, as kept.
    """

    _kind: str
    _values: dict[str, Any]
    _source: dict[str, str]
    _away = False  # its recordings cannot be reached just now, so none were tried out
    _why_away: Errors

    def _kinds(self) -> dict[str, Kind]:
        """Return the kinds of sources by name; each mixin adds its own."""
        return {}

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask where the recordings of a new camera are."""
        self._values, self._source = {"name": "", "place": "outdoor"}, {}
        self._extras = dict(EXTRAS)
        return self.async_show_menu(step_id="user", menu_options=[*self._kinds()])

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a camera."""
        camera = self._get_reconfigure_subentry()
        self._kind = camera.data["source_kind"]
        self._source = dict(camera.data["source"])
        self._extras = {key: camera.data.get(key) for key in EXTRAS}
        self._values = {
            "name": camera.title,
            "entity_id": camera.data["entity_id"],
            "place": _place(camera.data["place"], camera.data["offered"]),
        }
        return await self.async_step_camera()

    async def async_step_camera(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show the first form, or go back to it."""
        return await self._kinds()[self._kind].form(None)

    async def async_step_camera_away(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change what can be changed while its recordings cannot be reached."""
        if user_input is None:
            return self._show_away(self._why_away)
        entity = self._values.get("entity_id")
        if errors := self._take_values({**user_input, "entity_id": entity}):
            return self._show_away(errors)
        return await self.async_step_check()

    @override
    async def async_step_check(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show again what was understood."""
        return self._kinds()[self._kind].check()

    async def async_step_map(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask where the camera hangs and where it looks.

        In a form of its own: Home Assistant's map is loaded only for who opens it.
        """
        if user_input is None:
            return self._show_map({"on_map": True, **self._extras})
        typed, errors = judged(NUMBERS, user_input)
        try:
            Point(lat=typed["location"]["latitude"], lon=typed["location"]["longitude"])
        except InvalidGeometryError:
            errors["location"] = "location_invalid"
        if errors and typed["on_map"]:
            return self._show_map(typed, errors)
        unplaced = {"location": None, "bearing": None}
        self._extras |= _view(typed) if typed["on_map"] else unplaced
        return await self.async_step_check()

    async def async_step_clock(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how far the recorder's clock is off."""
        found = self._clock_found()
        if user_input is None:
            known = self._extras["clock_ahead"]
            return self._show_clock({"clock_ahead": known if found is None else found})
        typed, errors = judged(CLOCK, user_input)
        if errors:
            return self._show_clock(typed, errors)
        self._extras["clock_ahead"] = typed.get("clock_ahead") or None
        return await self.async_step_check()

    # The same: where a difference was found, and picked where one is corrected.
    async_step_clock_found = async_step_clock
    async_step_clock_set = async_step_clock

    async def async_step_save(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add the camera or change it."""
        kind = self._kinds()[self._kind]
        # another form may have been open beside this one
        if errors := await kind.taken():
            return await kind.form(errors)
        place, offered = PLACES[self._values["place"]]
        data = camera_data(
            place=place,
            offered=offered,
            source_kind=self._kind,
            source=self._source,
            entity_id=self._values.get("entity_id"),
            extras=self._extras | self._masks_now(),
        )
        title, unique_id = self._values["name"], kind.unique_id(self._source)
        if self.source == SOURCE_RECONFIGURE:
            kept = self._get_reconfigure_subentry()
            return self.async_update_and_abort(
                self._get_entry(),
                kept,
                title=title,
                data=data,
                # what names its recordings may be away with them
                unique_id=kept.unique_id if self._away else unique_id,
            )
        return self.async_create_entry(title=title, data=data, unique_id=unique_id)

    def _take_values(self, user_input: Mapping[str, Any]) -> Errors | None:
        """Take what every first form asks for; return what is wrong with it."""
        self._values = {**user_input, "name": tidy(user_input["name"])}
        error = title_error(self._values["name"])
        return {"name": error} if error else None

    def _values_fields(self) -> tuple[dict[Any, Any], dict[Any, Any]]:
        """Return what every first form asks for, at its beginning and at its end."""
        values = self._values
        entity = EntitySelector(EntitySelectorConfig(domain="camera"))
        return {
            vol.Required("name", default=values["name"]): TextSelector(),
            vol.Required("place", default=values["place"]): pick_one(PLACES, "place"),
        }, {suggested("entity_id", values.get("entity_id")): entity}

    def _is_as_kept(self) -> bool:
        """Return whether a camera that is there keeps the recordings that it has.

        Then all else of it may be changed, even while they cannot be reached. Others
        must be tried out first.
        """
        return self.source == SOURCE_RECONFIGURE and self._source == dict(
            self._get_reconfigure_subentry().data["source"]
        )

    def _others(self, kind: str | None = None) -> list[dict[str, str]]:
        """Return the settings of all other cameras of a kind of source, or of ours."""
        own = self.context.get("subentry_id")
        kind = kind or self._kind
        return [
            camera.data["source"]
            for camera in self._get_entry().get_subentries_of_type("camera")
            if camera.subentry_id != own and camera.data["source_kind"] == kind
        ]

    def _show_away(self, errors: Errors) -> SubentryFlowResult:
        """Show what can be changed while its recordings cannot be reached, and why."""
        self._away, self._why_away = True, errors
        first, _ = self._values_fields()
        return self.async_show_form(
            step_id="camera_away",
            data_schema=vol.Schema(first),
            errors=errors,
            last_step=False,
        )

    def _clock_found(self) -> int | None:
        """Return how far ahead the recorder's clock seems to be, None if unknown."""
        return None

    def _right(self, at: datetime) -> str:
        """Return a moment on the home's clock, the recorder's put right."""
        right = recorder_moment(at, -(self._extras["clock_ahead"] or 0))
        return dt_util.as_local(right).strftime("%Y-%m-%d %H:%M:%S")

    def _after_check(self) -> list[str]:
        """Return what every check page leads to, whatever the kind of source.

        That a clock is corrected is said where it is, and nowhere else.
        """
        clock = "clock_set" if self._extras["clock_ahead"] else "clock"
        return [clock, "masks", "map", "camera"]

    def _clock(self) -> str:
        """Return how far the recorder's clock is taken to be off: `+3 min 2 s`."""
        ahead = self._extras["clock_ahead"] or 0
        return f"{'-' if ahead < 0 else '+' if ahead else ''}{length_text(abs(ahead))}"

    def _show_clock(
        self, values: Mapping[str, Any], errors: Errors | None = None
    ) -> SubentryFlowResult:
        """Show the recorder's clock, with what was found about it."""
        found = self._clock_found()
        field = suggested("clock_ahead", values.get("clock_ahead"))
        return self.async_show_form(
            step_id="clock" if found is None else "clock_found",
            data_schema=vol.Schema({field: CLOCK["clock_ahead"].box()}),
            errors=errors,
            description_placeholders={"seconds": str(found)},
            last_step=False,
        )

    def _show_map(
        self, values: Mapping[str, Any], errors: Errors | None = None
    ) -> SubentryFlowResult:
        """Show the camera on Home Assistant's map, at home where it has no place."""
        config = self.hass.config
        home = {"latitude": config.latitude, "longitude": config.longitude}
        marker = LocationSelector(LocationSelectorConfig(radius=False, icon="mdi:cctv"))
        schema = vol.Schema(
            {
                vol.Required("on_map", default=values["on_map"]): BooleanSelector(),
                vol.Required("location", default=values["location"] or home): marker,
                suggested("bearing", values.get("bearing")): NUMBERS["bearing"].box(),
            }
        )
        return self.async_show_form(
            step_id="map", data_schema=schema, errors=errors, last_step=False
        )


__all__ = [
    "EXTRAS",
    "PLACES",
    "CameraSteps",
    "Errors",
    "Kind",
    "camera_data",
    "length_text",
]
