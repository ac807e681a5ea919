"""The forms of a camera that records into a folder: which, and how times are read."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final, override

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
import voluptuous as vol

from .form_fields import as_code, pick_from, pick_one, pick_or_type, suggested
from .home.probing import (
    MEDIA,
    MORE,
    NAMINGS,
    CameraSuggestion,
    FolderCheck,
    async_find_clash,
    async_probe_folder,
    async_same_files,
    async_suggest_cameras,
    async_time_zones,
    is_zone,
    other_zone,
)
from .subentry_camera_steps import CameraSteps, Errors, Kind, length_text

FOLDER: Final = "folder"
# What may be so only just now: the drive is away, or its mount point is empty.
AWAY: Final = frozenset(
    {
        *("folder_gone", "folder_missing", "folder_slow"),
        *("folder_unreadable", "no_recordings"),
    }
)
_LEAST_CLOCK: Final = 10  # seconds by which a clock seems to be off: less is not told
# Clashes that another folder mends, by the field that holds it.
_OF_FOLDERS: Final = {"folder_taken": FOLDER, "folders_overlap": MORE}
READING: Final = ("naming", "pattern", "camera", "time_zone", "name_is")


def folder_source(folder: str, reading: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a folder, every key filled but that of further folders."""
    source = {
        "folder": folder,
        "naming": reading.get("naming", "automatic"),
        "pattern": reading.get("pattern", ""),
        "camera": reading.get("camera", ""),
        "time_zone": reading.get("time_zone", ""),
        "name_is": reading.get("name_is", "start"),
    }
    more = reading.get(MORE, "")
    return {**source, MORE: more} if more else source


def folder_id(source: Mapping[str, str]) -> str:
    """Return what no two cameras have in common: folder and which files in it."""
    folder = str(PurePosixPath(source["folder"]))
    which = (source.get("camera"), source.get("pattern"))
    return "|".join((folder, *(one for one in which if one)))


class FolderSteps(CameraSteps):
    """A folder on this machine, tried out before it is saved."""

    _found: dict[str, CameraSuggestion] | None = None
    _check: FolderCheck

    @override
    def _kinds(self) -> dict[str, Kind]:
        return super()._kinds() | {
            FOLDER: Kind(
                form=self._async_show_folder,
                check=self._show_check,
                unique_id=folder_id,
                taken=self._async_taken,
            )
        }

    async def async_step_folder(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the folder: one that was found brings its settings along."""
        self._kind = FOLDER
        if user_input is None:
            return await self._async_show_folder()
        errors = self._take_values(user_input)
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
        more = "\n".join(one.strip() for one in user_input.get(MORE, ()))
        self._source = folder_source(
            self._source["folder"], {**self._source, MORE: more}
        )
        return await (self._async_show_folder(errors) if errors else self._async_try())

    async def async_step_reading(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how the times of recordings are read."""
        if user_input is None:
            return await self._async_show_reading()
        typed = {key: text.strip() for key, text in user_input.items()}
        self._source = folder_source(
            self._source["folder"], {MORE: self._source.get(MORE, ""), **typed}
        )
        return await self._async_try()

    # The same, with a warning.
    async_step_check_clock_ahead = CameraSteps.async_step_check
    async_step_check_clock_behind = CameraSteps.async_step_check
    async_step_check_clock_zone = CameraSteps.async_step_check
    async_step_check_example_unreadable = CameraSteps.async_step_check
    async_step_check_time_in_future = CameraSteps.async_step_check
    async_step_check_unreachable = CameraSteps.async_step_check

    async def _async_try(self) -> SubentryFlowResult:
        """Look into the folder and show what was understood, or what is wrong."""
        clash = await self._async_clash()
        if clash and clash in _OF_FOLDERS:
            return await self._async_show_folder({_OF_FOLDERS[clash]: clash})
        check = self._check = await async_probe_folder(self.hass, self._source)
        if check.error and not self._is_away(check):
            field = check.field or FOLDER
            if field in READING:
                return await self._async_show_reading({field: check.error})
            return await self._async_show_folder({field: check.error})
        if clash:
            return await self._async_show_reading({"camera": clash})
        return self._show_check()

    def _is_away(self, check: FolderCheck) -> bool:
        """Return whether a camera that is there cannot be reached just now."""
        return check.error in AWAY and self._is_as_kept()

    @override
    def _clock_found(self) -> int | None:
        """Return how far ahead the clock seems to be, if that is not how it is set."""
        told = ("clock_ahead", "clock_behind")
        if self._kind == FOLDER and self._clock_warning() in told:
            return self._check.clock_ahead
        return super()._clock_found()

    async def _async_taken(self) -> Errors | None:
        return {"folder": "folder_taken"} if await self._async_clash() else None

    async def _async_clash(self) -> str | None:
        """Return why another camera has some of these recordings."""
        others = self._others()
        if folder_id(self._source) in map(folder_id, others):
            return "folder_taken"
        media = self._others(MEDIA)
        if await async_same_files(self.hass, [self._source], media):
            return "folder_taken"
        return await async_find_clash(self.hass, self._source, others)

    async def _async_found(self) -> dict[str, CameraSuggestion]:
        """Return the folders with recordings, looked for once."""
        if self._found is None:
            found = await async_suggest_cameras(self.hass)
            self._found = {folder_id(one.source): one for one in found}
        return self._found

    async def _async_show_folder(
        self, errors: Errors | None = None
    ) -> SubentryFlowResult:
        """Show the first form; folders that other cameras have are not offered."""
        shown = self._values.get("folder", self._source.get("folder", ""))
        taken = set(map(folder_id, self._others()))
        folders = SelectSelector(
            SelectSelectorConfig(
                options=[
                    SelectOptionDict(value=key, label=one.label)
                    for key, one in (await self._async_found()).items()
                    if key not in taken
                ],
                mode=SelectSelectorMode.DROPDOWN,
                custom_value=True,
            )
        )
        more = TextSelector(TextSelectorConfig(multiple=True))
        first, last = self._values_fields()
        middle = {
            vol.Required("folder", default=shown): folders,
            suggested(MORE, self._source.get(MORE, "").splitlines()): more,
        }
        return self.async_show_form(
            step_id=FOLDER,
            data_schema=vol.Schema({**first, **middle, **last}),
            errors=errors,
            last_step=False,
        )

    async def _async_show_reading(
        self, errors: Errors | None = None
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
        placeholders = {
            "folder": ", ".join(
                (self._source["folder"], *self._source.get(MORE, "").splitlines())
            ),
            "clock": self._clock(),
        }
        if check.error:
            return self.async_show_menu(
                step_id="check_unreachable",
                menu_options=["save", *self._after_check()],
                description_placeholders=placeholders,
            )
        ahead = check.clock_ahead or 0
        warning = check.warning or self._clock_warning()
        return self.async_show_menu(
            step_id=f"check_{warning}" if warning else "check",
            menu_options=["save", "reading", *self._after_check()],
            description_placeholders={
                **placeholders,
                "files": str(check.files),
                "recognised": str(check.recognised),
                "example": self._example(check),
                "time": self._time(check),
                "difference": length_text(abs(ahead)),
                "seconds": str(ahead),
            },
        )

    def _clock_warning(self) -> str | None:
        """Return what to say of the recorder's clock, None if it seems as it is set."""
        ahead, known = self._check.clock_ahead, self._extras["clock_ahead"] or 0
        if ahead is None or abs(ahead - known) < _LEAST_CLOCK:
            return None
        if is_zone(ahead):
            return "clock_zone"
        return "clock_behind" if ahead < 0 else "clock_ahead"

    def _example(self, check: FolderCheck) -> str:
        """Return the example's name, and whose clock it is named by if not this one."""
        other = other_zone(self._source, self.hass.config.time_zone)
        return f"{as_code(check.example)}{other}" if check.example else ""

    def _time(self, check: FolderCheck) -> str:
        """Return the example's time, by the right clock."""
        at = check.starts_at or check.ends_at
        return self._right(at) if at else ""
