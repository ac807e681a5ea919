"""Add and change invites: links by which somebody may ask this home."""

import base64
from datetime import date
import secrets
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import TextSelector
from homeassistant.util import dt as dt_util
import voluptuous as vol

from .core.limits import INVITE_PER_DAY
from .core.text import tidy
from .form_fields import (
    DateBox,
    WholeNumber,
    camera_names,
    judged,
    kept,
    link_schema,
    link_step,
    pick_named,
    pick_one,
    suggested,
    title_error,
)
from .home.probing import invite_url

KINDS: Final = ("personal", "public")
NUMBERS: Final = {
    "per_day": WholeNumber(error="per_day_invalid", least=1, most=INVITE_PER_DAY)
}
TOKEN_BYTES: Final = 16


def new_token() -> str:
    """Return 128 random bits as 26 characters of a-z2-7."""
    raw = base64.b32encode(secrets.token_bytes(TOKEN_BYTES))
    return raw.decode().rstrip("=").lower()


def invite_data(
    *,
    token: str,
    kind: str = "personal",
    cameras: list[str] | None = None,
    expires: str | None = None,
    per_day: int = INVITE_PER_DAY,
) -> dict[str, Any]:
    """Return an invite as kept."""
    return {
        "kind": kind,
        "token": token,
        "cameras": cameras or [],
        "expires": expires,
        "per_day": per_day,
    }


class InviteFlow(ConfigSubentryFlow):
    """Add or change one invite."""

    _title: str
    _data: dict[str, Any]

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new invite's settings."""
        if user_input is None:
            proposed = {"kind": "personal", "per_day": INVITE_PER_DAY}
            return self._show_form("user", proposed)
        if errors := self._take(user_input, new_token(), user_input["kind"]):
            return self._show_form("user", user_input, errors)
        return self._show_link()

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Offer to look at the link or to change the invite."""
        invite = self._get_reconfigure_subentry()
        self._title, self._data = invite.title, dict(invite.data)
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["show", "change"],
            description_placeholders={"title": invite.title},
        )

    async def async_step_show(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Show the link of an invite that stays as it is."""
        return self._show_link()

    async def async_step_change(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change an invite. Its kind stays: who holds the link keeps their trust."""
        if user_input is None:
            return self._show_form("change", {"label": self._title, **self._data})
        old = self._get_reconfigure_subentry().data
        if errors := self._take(user_input, old["token"], old["kind"]):
            return self._show_form("change", user_input, errors)
        return self._save()

    async def async_step_link(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """End, once the link has been seen."""
        return self._save()

    async_step_link_local = async_step_link
    async_step_link_no_address = async_step_link

    def _take(
        self, user_input: dict[str, Any], token: str, kind: str
    ) -> dict[str, str]:
        """Keep what was typed and return the errors by field."""
        typed, errors = judged(NUMBERS, user_input)
        self._title = tidy(user_input["label"])
        self._data = invite_data(
            token=token,
            kind=kind,
            cameras=kept(user_input, "cameras"),
            expires=user_input.get("expires"),
            per_day=typed["per_day"],
        )
        if error := title_error(self._title):
            errors["label"] = error
        expires = self._data["expires"]
        if expires and date.fromisoformat(expires) < dt_util.now().date():
            errors["expires"] = "expires_past"
        return errors

    def _show_form(
        self,
        step_id: str,
        values: dict[str, Any],
        errors: dict[str, str] | None = None,
    ) -> SubentryFlowResult:
        """Show the settings of an invite, filled in as far as known."""
        chosen = kept(values, "cameras")
        cameras = camera_names(self._get_entry(), chosen)
        fields: dict[vol.Marker, Any] = {
            vol.Required("label", default=values.get("label", "")): TextSelector()
        }
        if step_id == "user":
            fields[vol.Required("kind", default=values["kind"])] = pick_one(
                KINDS, "invite_kind"
            )
        if cameras:
            fields[suggested("cameras", chosen)] = pick_named(cameras)
        fields[suggested("expires", values.get("expires"))] = DateBox()
        fields[vol.Required("per_day", default=values["per_day"])] = NUMBERS[
            "per_day"
        ].box()
        return self.async_show_form(
            step_id=step_id,
            data_schema=vol.Schema(fields),
            errors=errors,
            last_step=step_id != "user",
        )

    def _show_link(self) -> SubentryFlowResult:
        """Show link and QR code."""
        invite = invite_url(self.hass, self._data["token"])
        return self.async_show_form(
            step_id=link_step(invite),
            data_schema=link_schema(invite),
            description_placeholders={"title": self._title, "url": invite.url},
        )

    def _save(self) -> SubentryFlowResult:
        """Add the invite or change it."""
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=self._title,
                data=self._data,
            )
        return self.async_create_entry(
            title=self._title, data=self._data, unique_id=self._data["token"]
        )
