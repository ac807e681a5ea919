"""Looking around for the forms: folders with recordings, phones, our own address."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from itertools import combinations, product
from pathlib import Path
from zoneinfo import available_timezones

from homeassistant.components.ffmpeg import get_ffmpeg_manager
from homeassistant.core import HomeAssistant, callback

from ..base.links import PublicUrl, public_url
from ..base.push import Phone, phones
from ..const import DOMAIN
from .frigate_probe import (
    FrigateCheck,
    FrigateSpan,
    async_probe_frigate,
    async_probe_frigate_camera,
    async_same_frigate,
    frigate_entity,
    frigate_instances,
    frigate_place,
)
from .media import Media
from .media_probe import (
    MAX_LEVELS,
    PREFIX,
    REOLINK,
    STREAMS,
    TREE,
    MediaCheck,
    MediaLevel,
    async_media_level,
    async_probe_media,
    media_id,
    media_link,
    same_media,
)
from .portal_probe import HubCheck, async_probe_hub, hub_words
from .same_files import local_trees, shows_same_files
from .sources.clock_guess import is_zone
from .sources.folder import FolderSource
from .sources.folder_check import FolderCheck
from .sources.folder_clash import overlap, same_recordings
from .sources.folder_roots import MORE, roots_of
from .sources.frigate_access import FRIGATE, frigate_url
from .sources.naming import NAMINGS
from .suggesting import (
    FOLDER,
    MEDIA,
    PATIENCE_SECONDS,
    CameraSuggestion,
    Surroundings,
    async_look_around,
    async_suggest_cameras,
    other_zone,
)

__all__ = [
    "FOLDER",
    "FRIGATE",
    "MAX_LEVELS",
    "MEDIA",
    "MORE",
    "NAMINGS",
    "PATIENCE_SECONDS",
    "PREFIX",
    "REOLINK",
    "STREAMS",
    "TREE",
    "CameraSuggestion",
    "FolderCheck",
    "FrigateCheck",
    "FrigateSpan",
    "HubCheck",
    "MediaCheck",
    "MediaLevel",
    "Surroundings",
    "async_find_clash",
    "async_look_around",
    "async_media_level",
    "async_probe_folder",
    "async_probe_frigate",
    "async_probe_frigate_camera",
    "async_probe_hub",
    "async_probe_media",
    "async_same_files",
    "async_same_frigate",
    "async_suggest_cameras",
    "async_time_zones",
    "frigate_entity",
    "frigate_instances",
    "frigate_place",
    "frigate_url",
    "hub_words",
    "invite_url",
    "is_zone",
    "media_id",
    "media_link",
    "other_zone",
    "phones_of",
    "same_media",
]


async def async_probe_folder(
    hass: HomeAssistant, source: Mapping[str, str]
) -> FolderCheck:
    """Try a folder's settings and return what the owner should see of it."""
    async with _folders(hass) as folders:
        return await folders.async_check(source)


async def async_find_clash(
    hass: HomeAssistant, source: Mapping[str, str], others: Iterable[Mapping[str, str]]
) -> str | None:
    """Return why a camera would show recordings of one of the others, as a code.

    Or why it would show some of its own twice.
    """
    async with _folders(hass) as folders:

        async def async_roots(one: Mapping[str, str]) -> list[str]:
            return await asyncio.gather(*map(folders.async_real, roots_of(one)))

        others = list(others)
        mine, *theirs = await asyncio.gather(*map(async_roots, (source, *others)))
    if any(overlap(*pair) for pair in combinations(mine, 2)):
        return "folders_overlap"
    clashes = [
        clash
        for other, roots in zip(others, theirs, strict=True)
        for pair in product(mine, roots)
        if (clash := same_recordings(source, other, roots=pair))
    ]
    graver = "folder_taken"  # which no other name would mend
    return graver if graver in clashes else next(iter(clashes), None)


async def async_same_files(
    hass: HomeAssistant,
    folders: Iterable[Mapping[str, str]],
    media: Iterable[Mapping[str, str]],
) -> bool:
    """Tell whether a folder camera would show what one in our own media shows."""
    trees = [
        tree for source in media for tree in local_trees(source, hass.config.media_dirs)
    ]
    roots = [(source, root) for source in folders for root in roots_of(source)]
    if not (trees and roots):
        return False
    async with _folders(hass) as looking:
        own = await asyncio.gather(*(looking.async_real(root) for _, root in roots))
        places = await asyncio.gather(
            *(looking.async_real(tree.folder) for tree in trees)
        )
    return any(
        shows_same_files(source, root, tree, place)
        for (source, _), root in zip(roots, own, strict=True)
        for tree, place in zip(trees, places, strict=True)
    )


@asynccontextmanager
async def _folders(hass: HomeAssistant) -> AsyncIterator[FolderSource]:
    """Return what looks into folders, for a moment. It opens no index."""
    cache = Path(hass.config.cache_path(DOMAIN))
    media = Media(ffmpeg=get_ffmpeg_manager(hass).binary, folder=cache / "drafts")
    folders = FolderSource(
        index_path=cache / "folders.db",
        probe=media.async_length,
        time_zone=hass.config.time_zone,
        patience=PATIENCE_SECONDS,
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
