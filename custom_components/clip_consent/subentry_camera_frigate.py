"""The forms of a camera that records on Frigate: which instance, which camera."""

from collections.abc import Mapping
from typing import Any, Final, override

from homeassistant.config_entries import SubentryFlowResult
from homeassistant.helpers.selector import (
    BooleanSelector,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from .core.errors import SourceError
from .form_fields import pick_one_named, suggested
from .home.probing import (
    FrigateCheck,
    FrigateSpan,
    async_probe_frigate,
    async_probe_frigate_camera,
    async_same_frigate,
    frigate_entity,
    frigate_instances,
    frigate_place,
    frigate_url,
)
from .subentry_camera_steps import CameraSteps, Errors, Kind

FRIGATE: Final = "frigate"
YES, NO = "yes", "no"
_PASSWORD: Final = TextSelectorConfig(
    type=TextSelectorType.PASSWORD, autocomplete="off"
)


def frigate_id(source: Mapping[str, str]) -> str:
    """Return what no two cameras have in common, without a secret in it."""
    where = source.get("entry_id") or source.get("url", "")
    return f"{FRIGATE}|{where}|{source.get('camera', '')}"


class FrigateSteps(CameraSteps):
    """A Frigate instance and one of its cameras, asked before it is saved."""

    _frigate: FrigateCheck | None = None
    _recorded: FrigateSpan
    _typed_login = ("", "")  # user name and password, as last typed in this form

    @override
    def _kinds(self) -> dict[str, Kind]:
        return super()._kinds() | {
            FRIGATE: Kind(
                form=self._async_show_frigate_camera,
                check=self._show_frigate_check,
                unique_id=frigate_id,
                taken=self._async_frigate_taken,
            )
        }

    async def async_step_frigate(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the instance: one that Home Assistant knows, or an address."""
        self._kind = FRIGATE
        if user_input is None:
            return self._show_frigate(self._source)
        if user_input.get("entry_id") and (
            user_input.get("url") or user_input.get("username")
        ):
            return self._show_frigate(user_input, {"entry_id": "frigate_two_instances"})
        try:
            source = self._typed_instance(user_input)
        except SourceError as err:
            return self._show_frigate(user_input, {"url": err.code})
        self._frigate = check = await async_probe_frigate(self.hass, source)
        if check.error:
            return self._show_frigate(user_input, {"base": check.error})
        named = {key: self._source[key] for key in ("camera",) if key in self._source}
        self._source = {**source, **named}
        return await self._async_show_frigate_camera()

    async def async_step_frigate_camera(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Take the camera, and look at what it has recorded."""
        if user_input is None:
            return await self._async_show_frigate_camera()
        errors = self._take_values(user_input)
        self._source["camera"] = user_input["camera"]
        if errors := errors or await self._async_frigate_taken():
            return await self._async_show_frigate_camera(errors)
        if not self._values.get("entity_id"):
            self._values["entity_id"] = frigate_entity(self.hass, self._source)
        self._recorded = await async_probe_frigate_camera(self.hass, self._source)
        if (error := self._recorded.error) and self._is_as_kept():
            return self._show_away({"base": error})
        if error:
            return await self._async_show_frigate_camera({"base": error})
        self._away = False
        return self._show_frigate_check()

    # The same, of a camera that has recorded nothing, or that nothing can be asked of.
    async_step_check_frigate = CameraSteps.async_step_check
    async_step_check_frigate_away = CameraSteps.async_step_check
    async_step_check_frigate_empty = CameraSteps.async_step_check

    def _typed_instance(self, typed: Mapping[str, Any]) -> dict[str, str]:
        """Return the settings that were typed. Raises SourceError.

        A password that is left empty stays as it is: it is never shown again. One that
        is kept belongs to its address, so that nobody sends it elsewhere; one that was
        typed in this form goes where its user name goes.
        """
        if entry_id := typed.get("entry_id"):
            return {"entry_id": entry_id}
        username = typed.get("username", "").strip()
        password = typed.get("password", "")
        if username == self._typed_login[0]:
            password = password or self._typed_login[1]
        if password:
            self._typed_login = (username, password)
        url = frigate_url(typed.get("url", ""))
        before = self._source
        if (before.get("url"), before.get("username")) == (url, username):
            password = password or before.get("password", "")
        return {
            "url": url,
            "username": username,
            "password": password if username else "",
            "verify": YES if typed["verify"] else NO,
        }

    async def _async_frigate_taken(self) -> Errors | None:
        """Return the error if another camera has these recordings."""
        others = self._others()
        places = [frigate_place(self.hass, other) for other in others]
        taken = frigate_place(self.hass, self._source) in places
        # a name and a number, ports 5000 and 8971: all of one instance
        taken = taken or await async_same_frigate(self.hass, self._source, others)
        return {"camera": "frigate_camera_taken"} if taken else None

    def _show_frigate(
        self, values: Mapping[str, Any], errors: Errors | None = None
    ) -> SubentryFlowResult:
        """Show the form of the instance."""
        known = frigate_instances(self.hass)
        fields: dict[Any, Any] = {}
        if known:
            chosen = values.get("entry_id", None if values else next(iter(known)))
            fields[suggested("entry_id", chosen)] = pick_one_named(known)
        verify = values.get("verify", True) not in {NO, False}
        fields |= {
            suggested("url", values.get("url", "")): TextSelector(),
            suggested("username", values.get("username", "")): TextSelector(),
            vol.Optional("password"): TextSelector(_PASSWORD),
            vol.Required("verify", default=verify): BooleanSelector(),
        }
        return self.async_show_form(
            step_id=FRIGATE,
            data_schema=vol.Schema(fields),
            errors=errors,
            last_step=False,
        )

    async def _async_show_frigate_camera(
        self, errors: Errors | None = None
    ) -> SubentryFlowResult:
        """Show the instance's cameras, or what is left if it cannot be asked."""
        check = self._frigate or await async_probe_frigate(self.hass, self._source)
        if check.error:  # asked here of a camera that is kept, never of a new one
            return self._show_away({"base": check.error})
        self._frigate = check
        cameras = list(check.cameras)
        chosen = self._source.get("camera")
        if chosen not in cameras:
            chosen = cameras[0]
        first, last = self._values_fields()
        field = {
            vol.Required("camera", default=chosen): pick_one_named(
                dict(zip(cameras, cameras, strict=True))
            )
        }
        return self.async_show_form(
            step_id="frigate_camera",
            data_schema=vol.Schema({**first, **field, **last}),
            errors=errors,
            description_placeholders={"version": check.version},
            last_step=False,
        )

    def _show_frigate_check(self) -> SubentryFlowResult:
        """Show what the camera has recorded, before anything is saved."""
        name = self._source["camera"]
        if self._away:
            return self.async_show_menu(
                step_id="check_frigate_away",
                menu_options=["save", FRIGATE, *self._after_check()],
                description_placeholders={"camera": name, "clock": self._clock()},
            )
        span = self._recorded.span
        days = self._frigate.cameras[name].days if self._frigate else 0
        return self.async_show_menu(
            step_id="check_frigate" if span else "check_frigate_empty",
            menu_options=["save", FRIGATE, *self._after_check()],
            description_placeholders={
                "camera": name,
                "days": f"{days:g}",
                "newest": self._right(span.end) if span else "",
                "oldest": self._right(span.start) if span else "",
                "clock": self._clock(),
            },
        )
