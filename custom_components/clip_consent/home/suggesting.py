"""Which cameras the first form offers: all of which recordings seem to be.

Folders are looked into. What Home Assistant has set up already is asked, each by
itself, so that one that hangs takes nothing from the others.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, count
import logging
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..core.errors import SourceError
from ..core.text import fault, plain, tidy, visible
from .frigate_probe import async_ask_frigate, frigate_entity
from .media_probe import media_id, require_media
from .sources.folder_guess import FolderSuggestion, spoken, suggest_folders
from .sources.frigate_access import FRIGATE
from .sources.media_link import LINKED, PROTECT, REOLINK
from .sources.naming import naming_of, zone_of

SHARE: Final = Path("/share")
PATIENCE_SECONDS: Final = 15.0  # nobody waits longer before a form
FOLDER: Final = "folder"
MEDIA: Final = "media"
_BRANDS: Final = {FRIGATE: "Frigate", PROTECT: "UniFi Protect", REOLINK: "Reolink"}
_NAME_LENGTH: Final = 60  # with a number behind it, a camera's name has 64 at most

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSuggestion:
    """A camera of which recordings seem to be.

    `found` says in signs and numbers, for any language, what was found where.
    """

    name: str
    source: Mapping[str, str]
    found: str
    source_kind: str = FOLDER
    entity_id: str | None = None

    @property
    def label(self) -> str:
        """What it is called where it may be ticked."""
        return f"{self.name}: {self.found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The cameras that were found, and the names of what could not be asked."""

    cameras: tuple[CameraSuggestion, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """Something to be asked for cameras, by a name that the owner knows it by."""

    name: str
    asked: Coroutine[Any, Any, list[CameraSuggestion]]


async def async_look_around(hass: HomeAssistant) -> Surroundings:
    """Return the cameras of folders, Frigate, UniFi Protect and Reolink.

    What has not answered in `PATIENCE_SECONDS` is named, as is what went wrong.
    """
    roots = dict.fromkeys([*hass.config.media_dirs.values(), str(SHARE)])
    looks = [
        _Look(name=", ".join(roots), asked=_async_folders(hass)),
        *(
            _Look(name=entry.title, asked=_async_frigate(hass, entry))
            for entry in _entries(hass, FRIGATE)
            if entry.data.get("url")
        ),
    ]
    found, silent = await _async_asked(looks)
    linked, without = _linked(hass)
    cameras = _named_apart(_once([*found, *linked]))
    return Surroundings(
        cameras=tuple(cameras), silent=tuple(dict.fromkeys([*silent, *without]))
    )


async def async_suggest_cameras(hass: HomeAssistant) -> list[CameraSuggestion]:
    """Return the cameras that record into the media folders or `/share`.

    None if a disk there hangs: the form is not to wait for it.
    """
    look = _Look(name="", asked=_async_folders(hass))
    found, _ = await _async_asked([look])
    return found


def other_zone(source: Mapping[str, str], home_zone: str) -> str:
    """Return ` (UTC)` where files are named by a clock that is not the home's, or ``.

    Else a time that is read rightly would look wrong by some hours.
    """
    zone = zone_of(source, home_zone)
    return "" if zone == home_zone else f" ({zone})"


async def _async_asked(
    looks: Iterable[_Look],
) -> tuple[list[CameraSuggestion], list[str]]:
    """Return what was found in time, and the names of what did not tell."""
    names = {asyncio.create_task(look.asked): look.name for look in looks}
    _, late = await asyncio.wait(names, timeout=PATIENCE_SECONDS)
    for task in late:
        task.cancel()  # nobody waits for its end: it may hang in that too
    found: list[CameraSuggestion] = []
    silent: list[str] = []
    for task, name in names.items():
        problem = None if task in late else task.exception()
        if problem and not isinstance(problem, SourceError):
            _LOGGER.error("Looking for cameras failed", exc_info=problem)
        if problem or task in late:
            silent.append(name)
        else:
            found += task.result()
    return found, silent


# --- what is asked


async def _async_folders(hass: HomeAssistant) -> list[CameraSuggestion]:
    def suggest() -> list[CameraSuggestion]:
        found = suggest_folders(hass.config.media_dirs, SHARE)
        return [_labelled(one, hass.config.time_zone) for one in found]

    return await hass.async_add_executor_job(suggest)


async def _async_frigate(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> list[CameraSuggestion]:
    """Return the cameras that an instance records."""
    instance = {"entry_id": entry.entry_id}
    check = await async_ask_frigate(hass, instance)
    return [
        CameraSuggestion(
            name=_title(spoken(name), name),
            source={**instance, "camera": name},
            found=f"{_BRANDS[FRIGATE]} {entry.title} · {name}",
            source_kind=FRIGATE,
            entity_id=frigate_entity(hass, {**instance, "camera": name}),
        )
        for name, camera in check.cameras.items()
        if camera.records
    ]


@callback
def _linked(hass: HomeAssistant) -> tuple[list[CameraSuggestion], list[str]]:
    """Return the cameras of UniFi Protect and Reolink, and what of them is not there.

    By what their integrations know: a recorder of sixteen cameras is not searched.
    """
    found: list[CameraSuggestion] = []
    silent: list[str] = []
    for system in LINKED:
        for entry in _entries(hass, system):
            if entry.state is not ConfigEntryState.LOADED:
                silent.append(entry.title)
                continue
            for entity in _cameras_of(hass, entry):
                try:
                    require_media(hass, _source(entity))
                except SourceError:
                    silent.append(_name_of(hass, entity))
                else:
                    found.append(_suggested(hass, entity))
    return found, silent


@callback
def _suggested(hass: HomeAssistant, entity: er.RegistryEntry) -> CameraSuggestion:
    return CameraSuggestion(
        name=_name_of(hass, entity),
        source=_source(entity),
        found=f"{_BRANDS[entity.platform]} · {entity.entity_id}",
        source_kind=MEDIA,
        entity_id=entity.entity_id,
    )


@callback
def _entries(hass: HomeAssistant, domain: str) -> list[ConfigEntry[Any]]:
    """Return what of an integration is set up and in use."""
    return hass.config_entries.async_entries(
        domain, include_ignore=False, include_disabled=False
    )


@callback
def _cameras_of(hass: HomeAssistant, entry: ConfigEntry[Any]) -> list[er.RegistryEntry]:
    """Return an entity of each camera that is in use.

    Each camera has some: of its streams, and with and without encryption.
    """
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    chosen: dict[str, er.RegistryEntry] = {}
    for entity in sorted(entities, key=lambda one: one.unique_id):
        if entity.domain == "camera" and entity.disabled_by is None:
            chosen.setdefault(media_id(hass, _source(entity)), entity)
    return list(chosen.values())


def _source(entity: er.RegistryEntry) -> dict[str, str]:
    return {"system": entity.platform, "entity": entity.id}


# --- how it is called


def _labelled(found: FolderSuggestion, home_zone: str) -> CameraSuggestion:
    """Return a folder as a suggestion. It reads time zone files.

    Not how many files: only the newest folders were looked into.
    """
    folder = found.source["folder"]
    other = other_zone(found.source, home_zone)
    text = f"{folder} · {found.example}{other}"
    naming = naming_of(found.source, home_zone)
    if times := naming.times(found.example):
        read = datetime.fromtimestamp(times[0], ZoneInfo(home_zone))
        text += f" → {read:%Y-%m-%d %H:%M:%S}"
    return CameraSuggestion(
        name=_title(found.name, "Camera"), source=found.source, found=plain(text)
    )


@callback
def _name_of(hass: HomeAssistant, entity: er.RegistryEntry) -> str:
    """Return what the owner calls the device, or else its entity."""
    device = dr.async_get(hass).async_get(entity.device_id or "")
    called = (device.name_by_user or device.name) if device else None
    return _title(called or "", entity.entity_id)


def _title(text: str, plain: str) -> str:
    """Return a text as a camera's name, or what is plain if it will not do for one."""
    name = tidy(tidy(text)[:_NAME_LENGTH])
    return plain[:_NAME_LENGTH] if fault(name) or not visible(name) else name


def _once(found: Iterable[CameraSuggestion]) -> list[CameraSuggestion]:
    """Return the cameras by name, without Frigate's folders of what it is asked for."""
    found = list(found)
    asked = {one.source["camera"] for one in found if one.source_kind == FRIGATE}
    kept = [
        one
        for one in found
        if one.source.get("naming") != FRIGATE or one.source.get("camera") not in asked
    ]
    return sorted(kept, key=lambda one: one.name.casefold())


def _named_apart(found: Iterable[CameraSuggestion]) -> Iterator[CameraSuggestion]:
    """Yield the cameras, no two by the same name."""
    names: set[str] = set()
    for one in found:
        others = (f"{one.name} {number}" for number in count(2))
        name = next(name for name in chain([one.name], others) if name not in names)
        names.add(name)
        yield replace(one, name=name)
