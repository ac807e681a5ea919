"""Which Frigate a camera records on, and how it is reached.

An instance that Home Assistant's Frigate integration is set up for is referred to by
its config entry: what is changed there, a password for one, counts here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ...base.outbound import Origin, origin_of, parse_target
from ...core.errors import ClipConsentError, SourceError

FRIGATE: Final = "frigate"  # the kind of source, and the integration's domain
YES: Final = "yes"
_LOGIN_PORT: Final = ":8971"  # Frigate's own port with a login speaks TLS


@dataclass(frozen=True, slots=True, kw_only=True)
class FrigateAccess:
    """An instance: where it is, and the login if it wants one.

    `url` has no slash at its end. `verify` says whether its certificate is checked.
    """

    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    verify: bool = True

    @property
    def origin(self) -> Origin:
        """Its host and port."""
        return origin_of(self.url)


def frigate_url(typed: str) -> str:
    """Return an address as it is kept. Raises SourceError `frigate_address_invalid`."""
    text = typed.strip()
    if text and "://" not in text:
        secure = text.split("/", maxsplit=1)[0].endswith(_LOGIN_PORT)
        text = f"{'https' if secure else 'http'}://{text}"
    text = text.rstrip("/").removesuffix("/api")
    try:
        target = parse_target(text)
    except ClipConsentError:
        raise SourceError("frigate_address_invalid") from None
    if target.url.raw_query_string or "?" in text:
        raise SourceError("frigate_address_invalid")
    return text


class FrigateInstances:
    """Reads how instances are reached, as it is set up at this moment."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Keep where the Frigate integration's entries are."""
        self._hass = hass

    @callback
    def entries(self) -> dict[str, str]:
        """Return the instances that Home Assistant knows: entry ids with titles."""
        return {
            entry.entry_id: entry.title
            for entry in self._hass.config_entries.async_entries(FRIGATE)
            if entry.data.get("url")
        }

    @callback
    def access(self, source: Mapping[str, str]) -> FrigateAccess:
        """Return how the instance of a camera's settings is reached.

        `source` has `entry_id`, or else `url`, and where wanted `username`, `password`
        and `verify`. Raises SourceError `frigate_gone`, `frigate_address_invalid`.
        """
        if entry_id := source.get("entry_id"):
            return self._of_entry(entry_id)
        return FrigateAccess(
            url=frigate_url(source.get("url", "")),
            username=source.get("username", ""),
            password=source.get("password", ""),
            verify=source.get("verify", YES) == YES,
        )

    def _of_entry(self, entry_id: str) -> FrigateAccess:
        entry: ConfigEntry[Any] | None
        entry = self._hass.config_entries.async_get_entry(entry_id)
        if entry is None or entry.domain != FRIGATE:
            raise SourceError("frigate_gone")
        data = entry.data
        return FrigateAccess(
            url=frigate_url(str(data.get("url", ""))),
            username=str(data.get("username") or ""),
            password=str(data.get("password") or ""),
            # as the Frigate integration itself takes it where it is not said
            verify=bool(data.get("validate_ssl")),
        )

    @callback
    def origins(
        self, sources: Iterable[Mapping[str, str]]
    ) -> tuple[frozenset[Origin], frozenset[Origin]]:
        """Return what cameras' settings lead to, and what of it proves nothing.

        An instance of which one camera wants the certificate checked is checked.
        """
        reached: list[FrigateAccess] = []
        for source in sources:
            try:
                reached.append(self.access(source))
            except SourceError:
                continue  # it is told where its recordings are looked at
        checked = {access.origin for access in reached if access.verify}
        every = frozenset(access.origin for access in reached)
        return every, every - checked

    @callback
    def watch(
        self, sources: Collection[Mapping[str, str]], moved: Callable[[], None]
    ) -> CALLBACK_TYPE:
        """Call `moved` when cameras' settings come to lead elsewhere than now."""
        known = self.origins(sources)

        @callback
        def look(_: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
            nonlocal known
            if entry.domain == FRIGATE and (now := self.origins(sources)) != known:
                known = now
                moved()

        return async_dispatcher_connect(self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, look)
