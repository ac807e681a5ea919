"""The camera of another integration that a camera of ours is linked to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ...core.errors import SourceError

PROTECT = "unifiprotect"
REOLINK = "reolink"
TREE = "tree"
SYSTEMS = (PROTECT, REOLINK, TREE)
LINKED = (PROTECT, REOLINK)  # these are found by an entity of theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A camera entity and the entry of its integration, which is running."""

    entity: er.RegistryEntry
    entry: ConfigEntry[Any]


@callback
def linked(hass: HomeAssistant, source: Mapping[str, str]) -> Link:
    """Return what a camera's `entity` (an id of the entity registry) leads to.

    Raises SourceError `media_camera_gone`, `media_login_refused`, `media_not_loaded`.
    """
    entity = er.async_get(hass).async_get(source.get("entity", ""))
    if entity is None or entity.platform != source.get("system"):
        raise SourceError("media_camera_gone")
    entry = hass.config_entries.async_get_entry(entity.config_entry_id or "")
    if entry is None:
        raise SourceError("media_camera_gone")
    if entry.state is not ConfigEntryState.LOADED:
        refused = any(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))
        raise SourceError("media_login_refused" if refused else "media_not_loaded")
    return Link(entity=entity, entry=entry)
