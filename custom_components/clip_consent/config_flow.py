"""Set up Clip Consent: one form for the first time, the rest is added later."""

import re
from typing import Any, Final, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryData,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.core import callback
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig
import voluptuous as vol

from .base.addresses import is_host, plain_host
from .base.push import Phone
from .config_flow_hub import HubSteps
from .const import DOMAIN, ENTRY_HOME, ENTRY_HUB
from .core.reminders import REMINDER, REMINDERS
from .core.rules import READY_MADE
from .core.text import tidy
from .form_fields import (
    WholeNumber,
    acting_user_id,
    judged,
    kept,
    link_schema,
    link_step,
    phone_names,
    pick_from,
    pick_named,
    pick_one_named,
    suggested,
    title_error,
)
from .home.probing import (
    FOLDER,
    FRIGATE,
    PATIENCE_SECONDS,
    CameraSuggestion,
    async_find_clash,
    async_look_around,
    invite_url,
    media_id,
    phones_of,
)
from .messages import async_common_words
from .options_hub import HubOptionsFlow
from .subentry_approver import (
    ApproverFlow,
    approver_data,
    async_candidates,
    one_tap_default,
)
from .subentry_camera import CameraFlow
from .subentry_camera_folder import folder_id, folder_source
from .subentry_camera_frigate import frigate_id
from .subentry_camera_steps import camera_data
from .subentry_invite import InviteFlow, invite_data, new_token
from .subentry_portal import PortalFlow
from .subentry_requester import RequesterFlow
from .subentry_rule import RuleFlow, rule_data

TITLE: Final = "Clip Consent"
UNDO_PANEL: Final = 10  # seconds
UNDO_PUSH: Final = 30  # seconds
# Long enough that somebody can undo, short enough that something goes out.
WINDOWS: Final = {
    "undo_panel": WholeNumber(error="undo_panel_invalid", least=5, most=60, unit="s"),
    "undo_push": WholeNumber(error="undo_push_invalid", least=10, most=300, unit="s"),
}
_PORT: Final = (
    "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}"
    "|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]"
)
_HOST_AND_PORT: Final = re.compile(rf"([\w.-]+|\[[0-9a-fA-F:.]+\]):(?:{_PORT})")


def _is_upload_host(text: str) -> bool:
    if (found := _HOST_AND_PORT.fullmatch(text)) is None:
        return False
    return is_host(plain_host(found[1]))


class ClipConsentConfigFlow(HubSteps, domain=DOMAIN):
    """Set up this home, or a hub."""

    VERSION = 1
    MINOR_VERSION = 1

    _user_id: str
    _user_name: str
    _phones: list[Phone]
    _cameras: dict[str, CameraSuggestion]
    _silent: tuple[str, ...]  # names of what could not be asked for cameras
    _titles: dict[str, str]
    _token: str
    _subentries: list[ConfigSubentryData]

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what a home, or a hub, is made of."""
        if config_entry.unique_id == ENTRY_HUB:
            return {"requester": RequesterFlow}
        return {
            "approver": ApproverFlow,
            "camera": CameraFlow,
            "rule": RuleFlow,
            "invite": InviteFlow,
            "portal": PortalFlow,
        }

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the form of the settings."""
        if config_entry.unique_id == ENTRY_HUB:
            return HubOptionsFlow()
        return ClipConsentOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the two it is, as long as neither is there."""
        there = self._async_current_ids(include_ignore=False)
        if there >= {ENTRY_HOME, ENTRY_HUB}:
            return self.async_abort(reason="already_configured")
        if ENTRY_HOME in there:
            return await self.async_step_set_up_hub()
        if ENTRY_HUB in there:
            return await self.async_step_set_up_home()
        return self.async_show_menu(
            step_id="user", menu_options=["set_up_home", "set_up_hub"]
        )

    async def async_step_set_up_home(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Begin with whoever is doing this as the first approver."""
        # A dialog that somebody left open elsewhere must not bar this one.
        await self.async_set_unique_id(ENTRY_HOME, raise_on_progress=False)
        self._abort_if_unique_id_configured()
        people = await async_candidates(self.hass, set())
        user_id = acting_user_id()
        if user_id in people:
            return await self._async_begin(user_id, people[user_id])
        return await self.async_step_approver()

    async def async_step_approver(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask who is the first approver, if nobody's browser tells."""
        people = await async_candidates(self.hass, set())
        if not people:
            return self.async_abort(reason="no_people")
        if user_input is not None and (user_id := user_input["user_id"]) in people:
            return await self._async_begin(user_id, people[user_id])
        field = vol.Required("user_id", default=next(iter(people)))
        return self.async_show_form(
            step_id="approver",
            data_schema=vol.Schema({field: pick_one_named(people)}),
            last_step=False,
        )

    async def _async_begin(self, user_id: str, name: str) -> ConfigFlowResult:
        """Look around for phones and cameras, then show the form."""
        self._user_id, self._user_name = user_id, name
        self._phones = phones_of(self.hass, user_id)
        self._titles = await async_common_words(self.hass, "ready_made_")
        found = await async_look_around(self.hass)
        self._cameras = {self._camera_id(one): one for one in found.cameras}
        self._silent = found.silent
        return self._show_home()

    async def async_step_home(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take the one form of the first set-up."""
        if user_input is None:
            return self._show_home()
        invite = tidy(user_input["invite"])
        if error := title_error(invite):
            return self._show_home(user_input, {"invite": error})
        ticked = [self._cameras[one] for one in kept(user_input, "cameras")]
        folders = [one.source for one in ticked if one.source_kind == FOLDER]
        for number, folder in enumerate(folders):
            if await async_find_clash(self.hass, folder, folders[:number]):
                return self._show_home(user_input, {"cameras": "cameras_overlap"})
        self._token = new_token()
        self._subentries = [
            self._approver(kept(user_input, "phones")),
            *(self._camera(one) for one in kept(user_input, "cameras")),
            *self._ready_made(),
            _subentry("invite", invite, invite_data(token=self._token), self._token),
        ]
        return self._show_link(invite)

    def _ready_made(self) -> list[ConfigSubentryData]:
        """Return the first rules, titled in the language of this Home Assistant."""
        return [
            _subentry("rule", self._titles[one.key], rule_data(one.data))
            for one in READY_MADE
        ]

    # The same form, worded for what was found.
    async_step_home_no_phone = async_step_home
    async_step_home_no_camera = async_step_home
    async_step_home_nothing = async_step_home

    async def async_step_link(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Make the entry, once the first invite's link has been seen."""
        return self.async_create_entry(
            title=TITLE,
            data={},
            options={"undo_panel": UNDO_PANEL, "undo_push": UNDO_PUSH},
            subentries=self._subentries,
        )

    async_step_link_local = async_step_link
    async_step_link_no_address = async_step_link

    def _show_home(
        self,
        values: dict[str, Any] | None = None,
        errors: dict[str, str] | None = None,
    ) -> ConfigFlowResult:
        """Show the one form, with what was found on it."""
        values = values or {
            "phones": [phone.entry_id for phone in self._phones],
            # None is ticked: a camera ticked here counts as one that looks outside.
            "cameras": [],
            "invite": self._titles["first_invite"],
        }
        # what could not be asked is told: without a word its cameras would be missing
        silent = {"base": "recorders_silent"} if self._silent else {}
        fields: dict[vol.Marker, Any] = {}
        if self._phones:
            fields[suggested("phones", kept(values, "phones"))] = pick_named(
                phone_names(self._phones)
            )
        if self._cameras:
            fields[suggested("cameras", kept(values, "cameras"))] = pick_named(
                {key: camera.label for key, camera in self._cameras.items()}
            )
        fields[vol.Required("invite", default=values["invite"])] = TextSelector()
        return self.async_show_form(
            step_id=self._home_step(),
            data_schema=vol.Schema(fields),
            errors={**silent, **(errors or {})},
            description_placeholders={
                "name": self._user_name,
                "recorders": ", ".join(self._silent),
                "seconds": f"{PATIENCE_SECONDS:g}",
            },
            last_step=False,
        )

    def _home_step(self) -> str:
        """Return the wording that fits what was found."""
        if self._phones:
            return "home" if self._cameras else "home_no_camera"
        return "home_no_phone" if self._cameras else "home_nothing"

    def _show_link(self, label: str) -> ConfigFlowResult:
        """Show the first invite's link and QR code."""
        invite = invite_url(self.hass, self._token)
        return self.async_show_form(
            step_id=link_step(invite),
            data_schema=link_schema(invite),
            description_placeholders={"title": label, "url": invite.url},
            last_step=True,
        )

    def _approver(self, phones: list[str]) -> ConfigSubentryData:
        """Return the first approver."""
        safe = one_tap_default(self._phones)
        one_tap = [phone for phone in phones if phone in safe]
        chosen = {"phones": phones, "one_tap": one_tap}
        data = approver_data(self._user_id, chosen)
        return _subentry("approver", self._user_name, data, self._user_id)

    def _camera(self, key: str) -> ConfigSubentryData:
        """Return a camera that was found and ticked."""
        found = self._cameras[key]
        source = dict(found.source)
        if found.source_kind == FOLDER:
            source = folder_source(source["folder"], source)
        data = camera_data(
            place="outdoor",
            source_kind=found.source_kind,
            source=source,
            entity_id=found.entity_id,
        )
        return _subentry("camera", found.name, data, key)

    def _camera_id(self, found: CameraSuggestion) -> str:
        """Return what no two cameras have in common, as the camera's own form does."""
        if found.source_kind == FOLDER:
            return folder_id(found.source)
        if found.source_kind == FRIGATE:
            return frigate_id(found.source)
        return media_id(self.hass, found.source)


class ClipConsentOptionsFlow(OptionsFlow):
    """Change when a tap can be taken back, when to remind, and where clips may go."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the undo windows, the reminder, and servers in private networks."""
        now: dict[str, Any] = {
            "undo_panel": UNDO_PANEL,
            "undo_push": UNDO_PUSH,
            "reminder": REMINDER,
            "upload_hosts": [],
            **self.config_entry.options,
        }
        errors: dict[str, str] = {}
        if user_input is not None:
            typed, errors = judged(WINDOWS, user_input)
            now |= {"upload_hosts": [], **typed}
            now["upload_hosts"] = [host.strip() for host in now["upload_hosts"]]
            if not all(_is_upload_host(host) for host in now["upload_hosts"]):
                errors["upload_hosts"] = "upload_host_invalid"
            if not errors:
                return self.async_create_entry(data=now)
        schema = vol.Schema(
            {
                **{
                    vol.Required(key, default=now[key]): window.box()
                    for key, window in WINDOWS.items()
                },
                vol.Required("reminder", default=now["reminder"]): pick_from(
                    REMINDERS, "reminder"
                ),
                suggested("upload_hosts", now["upload_hosts"]): TextSelector(
                    TextSelectorConfig(multiple=True)
                ),
            }
        )
        return self.async_show_form(step_id="init", data_schema=schema, errors=errors)


def _subentry(
    kind: str, title: str, data: dict[str, Any], unique_id: str | None = None
) -> ConfigSubentryData:
    """Return a subentry that is made together with the entry."""
    return ConfigSubentryData(
        data=data, subentry_type=kind, title=title, unique_id=unique_id
    )
