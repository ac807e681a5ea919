"""Looking around for the forms: folders with recordings, phones, our own address."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from homeassistant.components.ffmpeg import get_ffmpeg_manager
from homeassistant.core import HomeAssistant, callback

from ..base.links import PublicUrl, public_url
from ..base.push import Phone, phones
from ..const import DOMAIN
from .media import Media
from .sources.folder import FolderSource
from .sources.folder_check import FolderCheck
from .sources.folder_clash import same_recordings
from .sources.folder_guess import FolderSuggestion, suggest_folders
from .sources.naming import NAMINGS, naming_of, zone_of

__all__ = [
    "NAMINGS",
    "CameraSuggestion",
    "FolderCheck",
    "async_find_clash",
    "async_probe_folder",
    "async_suggest_cameras",
    "async_time_zones",
    "invite_url",
    "phones_of",
]

SHARE: Final = Path("/share")


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraSuggestion:
    """A camera that seems to record into a folder.

    `label` says in signs and numbers, for any language, what was found where.
    """

    name: str
    source: Mapping[str, str]
    label: str


async def async_suggest_cameras(hass: HomeAssistant) -> list[CameraSuggestion]:
    """Return the cameras that record into the media folders or `/share`."""

    def suggest() -> list[CameraSuggestion]:
        found = suggest_folders(hass.config.media_dirs, SHARE)
        return [_labelled(one, hass.config.time_zone) for one in found]

    return await hass.async_add_executor_job(suggest)


async def async_probe_folder(
    hass: HomeAssistant, source: Mapping[str, str]
) -> FolderCheck:
    """Try a folder's settings and return what the owner should see of it."""
    async with _folders(hass) as folders:
        return await folders.async_check(source)


async def async_find_clash(
    hass: HomeAssistant, source: Mapping[str, str], others: Iterable[Mapping[str, str]]
) -> str | None:
    """Return why a camera would show recordings of one of the others, as a code."""
    async with _folders(hass) as folders:
        root = await folders.async_real(source["folder"])
        for other in others:
            roots = root, await folders.async_real(other["folder"])
            if clash := same_recordings(source, other, roots=roots):
                return clash
    return None


@asynccontextmanager
async def _folders(hass: HomeAssistant) -> AsyncIterator[FolderSource]:
    """Return what looks into folders, for a moment. It opens no index."""
    cache = Path(hass.config.cache_path(DOMAIN))
    media = Media(ffmpeg=get_ffmpeg_manager(hass).binary, folder=cache / "drafts")
    folders = FolderSource(
        index_path=cache / "folders.db",
        probe=media.async_length,
        time_zone=hass.config.time_zone,
    )
    try:
        yield folders
    finally:
        await folders.async_close()


async def async_time_zones(hass: HomeAssistant) -> list[str]:
    """Return the names of all time zones."""
    return sorted(await hass.async_add_executor_job(available_timezones))


@callback
def phones_of(hass: HomeAssistant, user_id: str) -> list[Phone]:
    """Return the companion apps that a user has registered, by name."""
    mine = (phone for phone in phones(hass) if phone.user_id == user_id)
    return sorted(mine, key=lambda phone: phone.name.casefold())


@callback
def invite_url(hass: HomeAssistant, token: str) -> PublicUrl:
    """Return an invite's link."""
    return public_url(hass, f"ask/{token}")


def other_zone(source: Mapping[str, str], home_zone: str) -> str:
    """Return ` (UTC)` where files are named by a clock that is not the home's, or ``.

    Else a time that is read rightly would look wrong by some hours.
    """
    zone = zone_of(source, home_zone)
    return "" if zone == home_zone else f" ({zone})"


def _labelled(found: FolderSuggestion, home_zone: str) -> CameraSuggestion:
    """Return a suggestion with its label. It reads time zone files.

    Not how many files: only the newest folders were looked into.
    """
    folder = found.source["folder"]
    other = other_zone(found.source, home_zone)
    label = f"{found.name}: {folder} · {found.example}{other}"
    naming = naming_of(found.source, home_zone)
    if times := naming.times(found.example):
        read = datetime.fromtimestamp(times[0], ZoneInfo(home_zone))
        label += f" → {read:%Y-%m-%d %H:%M:%S}"
    return CameraSuggestion(name=found.name, source=found.source, label=label)
