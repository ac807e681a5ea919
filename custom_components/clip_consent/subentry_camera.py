"""Add and change cameras: where their recordings are and how their times are read."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .core.text import tidy
from .form_fields import pick_from, pick_one, pick_or_type, suggested, title_error
from .home.probing import (
    NAMINGS,
    CameraSuggestion,
    FolderCheck,
    async_find_clash,
    async_probe_folder,
    async_suggest_cameras,
    async_time_zones,
    other_zone,
)

# Place and whether it may be offered, as one question.
PLACES: Final = {
    "outdoor": ("outdoor", True),
    "indoor": ("indoor", False),
    "indoor_offered": ("indoor", True),
}
READING: Final = ("naming", "pattern", "camera", "time_zone", "name_is")


def camera_data(
    *,
    place: str,
    offered: bool = True,
    source: Mapping[str, str],
    entity_id: str | None = None,
) -> dict[str, Any]:
    """Return a camera as kept."""
    return {
        "entity_id": entity_id,
        "place": place,
        "offered": offered,
        "source_kind": "folder",
        "source": dict(source),
    }


def folder_source(folder: str, reading: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a folder, every key filled."""
    return {
        "folder": folder,
        "naming": reading.get("naming", "automatic"),
        "pattern": reading.get("pattern", ""),
        "camera": reading.get("camera", ""),
        "time_zone": reading.get("time_zone", ""),
        "name_is": reading.get("name_is", "start"),
    }


def folder_id(source: Mapping[str, str]) -> str:
    """Return what no two cameras have in common: folder and which files in it."""
    folder = str(PurePosixPath(source["folder"]))
    which = (source.get("camera"), source.get("pattern"))
    return "|".join((folder, *(one for one in which if one)))


def _place(place: str, offered: bool) -> str:
    """Return the answer to the one question of place and offering."""
    return "indoor_offered" if place == "indoor" and offered else place


class CameraFlow(ConfigSubentryFlow):
    """Add or change one camera, trying out what was typed before it is saved."""

    _found: dict[str, CameraSuggestion] | None = None
    _values: dict[str, Any]
    _source: dict[str, str]
    _check: FolderCheck

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new camera."""
        if user_input is not None:
            return await self._async_take(user_input)
        self._values, self._source = {"name": "", "place": "outdoor"}, {}
        return await self._async_show_camera()

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a camera."""
        if user_input is not None:
            return await self._async_take(user_input)
        camera = self._get_reconfigure_subentry()
        self._source = dict(camera.data["source"])
        self._values = {
            "name": camera.title,
            "entity_id": camera.data["entity_id"],
            "place": _place(camera.data["place"], camera.data["offered"]),
            "folder": self._source["folder"],
        }
        return await self._async_show_camera()

    async def async_step_camera(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Go back to the first form."""
        return await self._async_show_camera()

    async def async_step_reading(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how the times of recordings are read."""
        if user_input is None:
            return await self._async_show_reading()
        typed = {key: text.strip() for key, text in user_input.items()}
        self._source = folder_source(self._source["folder"], typed)
        return await self._async_try()

    async def async_step_check(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show again what was understood."""
        return self._show_check()

    # The same, with a warning.
    async_step_check_example_unreadable = async_step_check
    async_step_check_time_in_future = async_step_check

    async def async_step_save(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add the camera or change it."""
        # another form may have been open beside this one
        if await self._async_clash():
            return await self._async_show_camera({"folder": "folder_taken"})
        place, offered = PLACES[self._values["place"]]
        data = camera_data(
            place=place,
            offered=offered,
            source=self._source,
            entity_id=self._values.get("entity_id"),
        )
        title, unique_id = self._values["name"], folder_id(self._source)
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=title,
                data=data,
                unique_id=unique_id,
            )
        return self.async_create_entry(title=title, data=data, unique_id=unique_id)

    async def _async_take(self, user_input: dict[str, Any]) -> SubentryFlowResult:
        """Take the first form: a found folder brings its settings along."""
        self._values = {**user_input, "name": tidy(user_input["name"])}
        folder = user_input["folder"].strip()
        if not self._source or folder not in (
            self._source["folder"],
            folder_id(self._source),
        ):
            found = (await self._async_found()).get(folder)
            self._source = (
                folder_source(found.source["folder"], found.source)
                if found
                else folder_source(folder, {})
            )
        if error := title_error(self._values["name"]):
            return await self._async_show_camera({"name": error})
        return await self._async_try()

    async def _async_try(self) -> SubentryFlowResult:
        """Look into the folder and show what was understood, or what is wrong."""
        clash = await self._async_clash()
        if clash == "folder_taken":
            return await self._async_show_camera({"folder": clash})
        check = self._check = await async_probe_folder(self.hass, self._source)
        if clash and not check.error:
            return await self._async_show_reading({"camera": clash})
        if not check.error:
            return self._show_check()
        field = check.field or "folder"
        if field in READING:
            return await self._async_show_reading({field: check.error})
        return await self._async_show_camera({field: check.error})

    async def _async_clash(self) -> str | None:
        """Return why another camera has some of these recordings."""
        own = self.context.get("subentry_id")
        others = [
            camera.data["source"]
            for camera in self._get_entry().get_subentries_of_type("camera")
            if camera.subentry_id != own
        ]
        if folder_id(self._source) in map(folder_id, others):
            return "folder_taken"
        return await async_find_clash(self.hass, self._source, others)

    async def _async_found(self) -> dict[str, CameraSuggestion]:
        """Return the folders with recordings, looked for once."""
        if self._found is None:
            found = await async_suggest_cameras(self.hass)
            self._found = {folder_id(one.source): one for one in found}
        return self._found

    async def _async_show_camera(
        self, errors: dict[str, str] | None = None
    ) -> SubentryFlowResult:
        """Show the first form."""
        values = self._values
        folders = SelectSelector(
            SelectSelectorConfig(
                options=[
                    SelectOptionDict(value=key, label=one.label)
                    for key, one in (await self._async_found()).items()
                ],
                mode=SelectSelectorMode.DROPDOWN,
                custom_value=True,
            )
        )
        schema = vol.Schema(
            {
                vol.Required("name", default=values["name"]): TextSelector(),
                vol.Required("place", default=values["place"]): pick_one(
                    PLACES, "place"
                ),
                vol.Required("folder", default=values.get("folder", "")): folders,
                suggested("entity_id", values.get("entity_id")): EntitySelector(
                    EntitySelectorConfig(domain="camera")
                ),
            }
        )
        return self.async_show_form(
            step_id="reconfigure" if self.source == SOURCE_RECONFIGURE else "user",
            data_schema=schema,
            errors=errors,
            last_step=False,
        )

    async def _async_show_reading(
        self, errors: dict[str, str] | None = None
    ) -> SubentryFlowResult:
        """Show how times are read, and what was wrong with that."""
        now = self._source
        schema = vol.Schema(
            {
                vol.Required("naming", default=now["naming"]): pick_from(
                    NAMINGS, "naming"
                ),
                suggested("pattern", now["pattern"]): TextSelector(),
                suggested("camera", now["camera"]): TextSelector(),
                suggested("time_zone", now["time_zone"]): pick_or_type(
                    await async_time_zones(self.hass)
                ),
                vol.Required("name_is", default=now["name_is"]): pick_one(
                    ("start", "end"), "name_is"
                ),
            }
        )
        return self.async_show_form(
            step_id="reading",
            data_schema=schema,
            errors=errors,
            description_placeholders={
                "folder": now["folder"],
                "files": str(self._check.files),
                **(self._check.placeholders or {}),
            },
            last_step=False,
        )

    def _show_check(self) -> SubentryFlowResult:
        """Show what was understood of the folder, before anything is saved."""
        check = self._check
        step_id = f"check_{check.warning}" if check.warning else "check"
        return self.async_show_menu(
            step_id=step_id,
            menu_options=["save", "reading", "camera"],
            description_placeholders={
                "folder": self._source["folder"],
                "files": str(check.files),
                "recognised": str(check.recognised),
                "example": self._example(check),
                "time": self._time(check),
            },
        )

    def _example(self, check: FolderCheck) -> str:
        """Return the example's name, and whose clock it is named by if not this one."""
        other = other_zone(self._source, self.hass.config.time_zone)
        return f"{check.example}{other}" if check.example else ""

    def _time(self, check: FolderCheck) -> str:
        """Return the example's time on the home's clock."""
        at = check.starts_at or check.ends_at
        return dt_util.as_local(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""
