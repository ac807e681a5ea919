"""The forms of a camera whose recordings Home Assistant itself has a way to.

A camera of UniFi Protect or Reolink is chosen by its entity. For any other media
source its folders are walked once, level by level.
"""

import json
from typing import Any, Final, override

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from .core.errors import SourceError
from .form_fields import (
    as_code,
    pick_from,
    pick_one,
    pick_one_named,
    pick_or_type,
    suggested,
)
from .home.probing import (
    FOLDER,
    MAX_LEVELS,
    NAMINGS,
    PREFIX,
    REOLINK,
    STREAMS,
    TREE,
    MediaCheck,
    async_media_level,
    async_probe_media,
    async_same_files,
    async_time_zones,
    media_id,
    media_link,
    same_media,
)
from .subentry_camera_steps import CameraSteps, Errors, Kind

MEDIA: Final = "media"
ONLY, EACH = "only", "each"
UP: Final = "up"  # among folders: back to where the shown one was picked
_NAMES: Final = {"naming": "automatic", "name_is": "start"}
_READING: Final = ("naming", "pattern", "camera", "time_zone", "name_is")


class MediaSteps(CameraSteps):
    """Recordings in Home Assistant's media, tried out before they are saved."""

    _media: MediaCheck
    _root: str
    _way: list[str]  # media ids from the sources to the folder that is shown
    _picked: list[str | None]  # titles of the levels so far, None for each

    @override
    def _kinds(self) -> dict[str, Kind]:
        return super()._kinds() | {
            MEDIA: Kind(
                form=self._async_show_media,
                check=self._show_media_check,
                unique_id=lambda source: media_id(self.hass, source),
                taken=self._async_media_taken,
            )
        }

    async def async_step_media(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the camera: its entity finds the recordings, or a folder does."""
        self._kind = MEDIA
        if user_input is None:
            return await self._async_show_media()
        before, entity = self._values.get("entity_id"), user_input.get("entity_id")
        if errors := self._take_values(user_input):
            return await self._async_show_media(errors)
        if found := media_link(self.hass, entity):
            if self._source.get("entity") != found["entity"]:
                self._source = found
            return await self._async_try_media()
        # an entity that is gone, but was not taken out of the form, stays meant
        stays = entity and entity == before and self._is_as_kept()
        if stays or self._source.get("system") == TREE:
            return await self._async_try_media()
        return await self.async_step_media_folder()

    async def async_step_media_folder(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask level by level which folders to go into, until there are recordings."""
        if user_input is None:
            self._way, self._picked = [PREFIX], []
            return await self._async_show_level()
        picked = user_input["media_folder"]
        if picked == UP:
            self._go_up()
            return await self._async_show_level()
        try:
            level = await async_media_level(self.hass, picked)
            if not level.films and not level.folders:
                return await self._async_show_level({"base": "media_no_recordings"})
            title, of_two = await self._async_title(picked)
        except SourceError as err:
            return await self._async_show_level({"base": err.code})
        which = user_input.get("media_which")
        if which == ONLY and of_two:
            return await self._async_show_level({"media_folder": "media_title_twice"})
        self._go_into(picked, title, which)
        if not level.films and len(self._picked) < MAX_LEVELS:
            return await self._async_show_level()
        reading = {key: self._source.get(key) or "" for key in _READING}
        self._source = {
            "system": TREE,
            "root": self._root,
            "levels": json.dumps(self._picked),
            **{key: reading[key] or _NAMES.get(key, "") for key in _READING},
        }
        return await self._async_try_media()

    async def async_step_media_reading(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask how times are read, and of Reolink which stream is taken."""
        if user_input is None:
            return await self._async_show_media_reading()
        typed = {key: text.strip() for key, text in user_input.items()}
        keys = ("stream", "time_zone") if self._is_reolink else _READING
        self._source |= {key: typed.get(key, "") for key in keys}
        return await self._async_try_media()

    # The same menu, with more to change, where nothing was recorded lately, or where
    # nothing could be asked.
    async_step_media_check = CameraSteps.async_step_check
    async_step_media_check_away = CameraSteps.async_step_check
    async_step_media_check_nothing = CameraSteps.async_step_check
    async_step_media_check_reolink = CameraSteps.async_step_check
    async_step_media_check_reolink_nothing = CameraSteps.async_step_check
    async_step_media_check_tree = CameraSteps.async_step_check
    async_step_media_check_tree_away = CameraSteps.async_step_check

    @property
    def _is_reolink(self) -> bool:
        return self._source["system"] == REOLINK

    @property
    def _at(self) -> str:
        """The media id of the folder that is shown."""
        return self._way[-1]

    def _go_into(self, picked: str, title: str, which: str | None) -> None:
        """Note a level; the first one is the source itself."""
        if self._at == PREFIX:
            self._root = picked
        else:
            self._picked.append(title if which == ONLY else None)
        self._way.append(picked)

    def _go_up(self) -> None:
        """Forget the level that was picked last."""
        self._way = self._way[:-1] or [PREFIX]
        self._picked = self._picked[:-1]

    async def _async_title(self, picked: str) -> tuple[str, bool]:
        """Return a folder's title, by which it is found again, and if another has it.

        Recordings of both would be shown. Raises SourceError if it is gone.
        """
        level = await async_media_level(self.hass, self._at)
        if picked not in level.folders:
            raise SourceError("media_gone")
        title = level.folders[picked]
        return title, list(level.folders.values()).count(title) > 1

    async def _async_try_media(self) -> SubentryFlowResult:
        """Look for recordings and show what was found, or what is wrong."""
        if errors := await self._async_media_taken():
            return await self._async_show_media(errors)
        check = self._media = await async_probe_media(self.hass, self._source)
        if not check.error:
            self._away = False
            if self._source["system"] == TREE:
                self._source.pop("seconds", None)
                if check.seconds:
                    self._source["seconds"] = f"{check.seconds:.1f}"
            return self._show_media_check()
        if check.field in _READING:
            return await self._async_show_media_reading({check.field: check.error})
        if self._is_as_kept():
            return self._show_away({"base": check.error})
        return await self._async_show_media({"base": check.error})

    async def _async_media_taken(self) -> Errors | None:
        others = self._others()
        taken = any(
            same_media(self.hass, self._source, other) for other in others
        ) or await async_same_files(self.hass, self._others(FOLDER), [self._source])
        return {"base": "media_taken"} if taken else None

    async def _async_show_media(
        self, errors: Errors | None = None
    ) -> SubentryFlowResult:
        """Show the first form."""
        first, last = self._values_fields()
        return self.async_show_form(
            step_id=MEDIA,
            data_schema=vol.Schema({**first, **last}),
            errors=errors,
            last_step=False,
        )

    async def _async_show_level(
        self, errors: Errors | None = None
    ) -> SubentryFlowResult:
        """Show the folders of a level, by their titles."""
        try:
            level = await async_media_level(self.hass, self._at)
        except SourceError as err:
            return await self._async_show_media({"base": err.code})
        back = {} if self._at == PREFIX else {UP: ".."}
        menu = pick_one_named({**back, **level.folders})
        fields: dict[Any, Any] = {vol.Required("media_folder"): menu}
        if self._at != PREFIX:
            which = pick_one((ONLY, EACH), "media_which")
            fields[vol.Required("media_which", default=ONLY)] = which
        return self.async_show_form(
            step_id="media_folder",
            data_schema=vol.Schema(fields),
            errors=errors,
            description_placeholders={"level": str(len(self._picked) + 1)},
            last_step=False,
        )

    async def _async_show_media_reading(
        self, errors: Errors | None = None
    ) -> SubentryFlowResult:
        """Show how times are read, and what was wrong with that."""
        now = self._source
        zone = {
            suggested("time_zone", now.get("time_zone")): pick_or_type(
                await async_time_zones(self.hass)
            )
        }
        stream = vol.Required("stream", default=now.get("stream") or STREAMS[0])
        naming = vol.Required("naming", default=now.get("naming") or "automatic")
        name_is = vol.Required("name_is", default=now.get("name_is") or "start")
        fields: dict[Any, Any] = (
            {stream: pick_from(STREAMS, "stream"), **zone}
            if self._is_reolink
            else {
                naming: pick_from(NAMINGS, "naming"),
                suggested("pattern", now.get("pattern")): TextSelector(),
                suggested("camera", now.get("camera")): TextSelector(),
                **zone,
                name_is: pick_one(("start", "end"), "name_is"),
            }
        )
        return self.async_show_form(
            step_id="media_reading",
            data_schema=vol.Schema(fields),
            errors=errors,
            description_placeholders=self._media.placeholders,
            last_step=False,
        )

    def _show_media_check(self) -> SubentryFlowResult:
        """Show what was found, before anything is saved."""
        check, system = self._media, self._source["system"]
        if self._away:
            tree = system == TREE
            return self.async_show_menu(
                step_id="media_check_tree_away" if tree else "media_check_away",
                menu_options=["save", *["media_folder"][:tree], *self._after_check()],
                description_placeholders={"clock": self._clock()},
            )
        own = {TREE: ["media_folder", "media_reading"], REOLINK: ["media_reading"]}
        more = f"_{system}" if system in own else ""
        return self.async_show_menu(
            step_id=f"media_check{more}" + ("" if check.at else "_nothing"),
            menu_options=["save", *own.get(system, []), *self._after_check()],
            description_placeholders={
                "example": as_code(check.example),
                "time": self._right(check.at) if check.at else "",
                "seconds": f"{check.seconds:.0f}" if check.seconds else "?",
                "clock": self._clock(),
            },
        )
