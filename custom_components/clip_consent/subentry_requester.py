"""Add and change requesters: people whom the operator of a hub has met.

Of their sign-in link only a digest is kept: it is shown once, when it is made. A new
one ends the one before; removing the requester ends it too.
"""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import TextSelector
import voluptuous as vol

from .base.links import public_url
from .core.hub_settings import token_digest
from .core.limits import NAME_MAX
from .core.models import RequesterKind
from .core.text import tidy
from .form_fields import TITLE_MAX, link_schema, link_step, pick_from, text_error
from .subentry_invite import new_token

TEXTS: Final = {
    "name": TITLE_MAX,
    "organisation": NAME_MAX,
    "verified_how": NAME_MAX,
}
MAY_BE_EMPTY: Final = frozenset({"organisation"})


class RequesterFlow(ConfigSubentryFlow):
    """Add or change one requester."""

    _data: dict[str, Any]
    _token: str

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask who it is, and how the operator knows."""
        if user_input is None:
            return self._show_form("user", {"kind": RequesterKind.POLICE.value})
        if errors := self._take(user_input):
            return self._show_form("user", user_input, errors)
        return self._show_link()

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Offer to change what is said of them, or to make their link anew."""
        requester = self._get_reconfigure_subentry()
        self._data = dict(requester.data)
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["change", "new_link"],
            description_placeholders={"title": requester.title},
        )

    async def async_step_change(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change what everybody may read of them. What was published stays as it is."""
        if user_input is None:
            return self._show_form("change", self._data)
        kept = self._get_reconfigure_subentry().data["token_sha256"]
        if errors := self._take(user_input):
            return self._show_form("change", user_input, errors)
        return self._save(kept)

    async def async_step_new_link(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Make a link that takes the place of the one before."""
        return self._show_link()

    async def async_step_link(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """End, once the link has been seen: from now on it is good."""
        return self._save(token_digest(self._token))

    async_step_link_local = async_step_link
    async_step_link_no_address = async_step_link

    def _take(self, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Keep what was typed and return the errors by field."""
        texts = {key: tidy(user_input.get(key, "")) for key in TEXTS}
        self._data = {**texts, "kind": user_input["kind"]}
        return {
            key: error
            for key, most in TEXTS.items()
            if (texts[key] or key not in MAY_BE_EMPTY)
            and (error := text_error(texts[key], most))
        }

    def _show_form(
        self,
        step_id: str,
        values: Mapping[str, Any],
        errors: dict[str, str] | None = None,
    ) -> SubentryFlowResult:
        """Show what everybody may read of a requester."""
        fields: dict[vol.Marker, Any] = {
            vol.Required("name", default=values.get("name", "")): TextSelector(),
            vol.Optional(
                "organisation",
                description={"suggested_value": values.get("organisation", "")},
            ): TextSelector(),
            vol.Required("kind", default=values["kind"]): pick_from(
                [kind.value for kind in RequesterKind], "requester_kind"
            ),
            vol.Required(
                "verified_how", default=values.get("verified_how", "")
            ): TextSelector(),
        }
        return self.async_show_form(
            step_id=step_id,
            data_schema=vol.Schema(fields),
            errors=errors,
            last_step=step_id != "user",
        )

    def _show_link(self) -> SubentryFlowResult:
        """Show a new sign-in link and its QR code, this once."""
        self._token = new_token()
        desk = public_url(self.hass, f"portal/desk#{self._token}")
        return self.async_show_form(
            step_id=link_step(desk),
            data_schema=link_schema(desk),
            description_placeholders={"title": self._title, "url": desk.url},
        )

    @property
    def _title(self) -> str:
        organisation = self._data["organisation"]
        name: str = self._data["name"]
        return f"{name} ({organisation})" if organisation else name

    def _save(self, token_sha256: str) -> SubentryFlowResult:
        """Add the requester or change them."""
        data = {**self._data, "token_sha256": token_sha256}
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=self._title,
                data=data,
            )
        return self.async_create_entry(title=self._title, data=data)
