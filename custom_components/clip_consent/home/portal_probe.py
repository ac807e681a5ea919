"""Looking at a hub for the forms: which one answers at an address, and how to tell."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from homeassistant.core import HomeAssistant

from ..base.outbound import AddressError, parse_target
from ..base.portal_keys import hub_words
from ..core.errors import ClipConsentError
from ..core.geohash import around
from ..core.portal_slots import SLOT
from .configuration import read_place
from .portals.hub_client import HubClient, HubInfo, hub_door, read_info

__all__ = ["HubCheck", "async_probe_hub", "hub_words"]

# What the way out says of an address before anything was sent there.
_ENTERED: Final = frozenset({"address_needs_https", "address_not_allowed"})
_UNREACHABLE: Final = frozenset(
    {"address_unknown", "connection_lost", "connection_timeout", "tls_failed"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubCheck:
    """What answers at an address: why it cannot be followed, or which hub it is.

    `name` and `operator` are what it says of itself, without any sign that could be
    markup. `private` says that the address is none of the open Internet's, `slot` how
    often it is asked, in seconds. `storage` is where it has answers kept, if that is
    not itself, and `storage_private` that the owner has to confirm that place.
    """

    error: str | None = None
    url: str = ""
    hub: str = ""
    words: str = ""
    name: str = ""
    operator: str = ""
    private: bool = False
    slot: int = SLOT
    storage: str | None = None
    storage_private: bool = False


async def async_probe_hub(hass: HomeAssistant, typed: str) -> HubCheck:
    """Ask what is at an address that somebody typed for what it says of itself."""
    try:
        url = _origin(typed)
    except AddressError:
        return HubCheck(error="hub_address_invalid")
    try:
        info, private = await _async_ask(url)
    except ClipConsentError as err:
        gone = err.code in _UNREACHABLE
        return HubCheck(error="hub_unreachable" if gone else "hub_unreadable")
    return HubCheck(
        error=_misplaced(hass, info.cells),
        url=url,
        hub=info.ring.hub,
        words=hub_words(info.ring.hub),
        name=_plain(info.name),
        operator=_plain(info.operator),
        private=private,
        slot=info.slot,
        storage=info.storage,
        storage_private=info.storage is not None and _is_private(info.storage),
    )


def _is_private(url: str) -> bool:
    """Tell whether an address is none of the open Internet's, as it is written."""
    try:
        hub_door(frozenset()).check_address(url)
    except AddressError:
        return True
    return False


def _origin(typed: str) -> str:
    """Return scheme, host and port of what was typed or pasted. Raises AddressError."""
    typed = typed.strip()
    target = parse_target(typed if "://" in typed else f"https://{typed}")
    return str(target.url.origin())


async def _async_ask(url: str) -> tuple[HubInfo, bool]:
    """Return what a hub says, and whether it is elsewhere than in the open Internet."""
    try:
        return await _async_info(url, entered=False), False
    except ClipConsentError as err:
        if err.code not in _ENTERED:
            raise
    return await _async_info(url, entered=True), True


async def _async_info(url: str, *, entered: bool) -> HubInfo:
    origins = frozenset({parse_target(url).origin}) if entered else frozenset()
    door = hub_door(origins)
    try:
        fetched = await HubClient(door, url).async_get("/info")
    finally:
        await door.async_close()
    return read_info(fetched.body, None)


def _misplaced(hass: HomeAssistant, cells: Iterable[str]) -> str | None:
    """Return why nothing of a hub could ever be about this home, None if it could."""
    place = read_place(hass.config)
    if place is None:
        return "hub_no_place"
    covered = frozenset(cells)
    mine = around(place, len(next(iter(covered))))
    return None if covered.intersection(mine) else "hub_elsewhere"


def _plain(text: str) -> str:
    """Return a stranger's name for a form, which reads its text as Markdown."""
    signs = (sign if sign.isalnum() or sign in " -'," else " " for sign in text[:64])
    return " ".join("".join(signs).split()) or "?"
