"""Looking around in Home Assistant's media for the form of a camera."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from homeassistant.components.ffmpeg import get_ffmpeg_manager
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..core.errors import SourceError
from ..core.models import Camera, Window
from .media import Media
from .sources.folder_clash import told_apart
from .sources.media import HomeMedia
from .sources.media_browse import PREFIX
from .sources.media_link import LINKED, PROTECT, REOLINK, TREE, linked
from .sources.media_near import Leaf
from .sources.media_reolink import STREAMS
from .sources.media_tree import MAX_LEVELS, branch_of
from .sources.patterns import NamingError

__all__ = [
    "MAX_LEVELS",
    "PREFIX",
    "REOLINK",
    "STREAMS",
    "TREE",
    "MediaCheck",
    "MediaLevel",
    "async_media_level",
    "async_probe_media",
    "media_id",
    "media_link",
    "same_media",
]

_DAYS: Final = 7  # a camera that films only what moves may have nothing of today
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLevel:
    """A folder of a media source: its folders by media id, and how many films."""

    folders: Mapping[str, str]
    films: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaCheck:
    """What is found with given settings.

    `error` forbids them, `field` is the form's field at fault (`folder`, `naming`, …).
    `example` is a recording's name, `at` when it began, `seconds` its length.
    """

    error: str | None = None
    field: str = "base"
    placeholders: Mapping[str, str] | None = None
    example: str = ""
    at: datetime | None = None
    seconds: float | None = None


@callback
def media_link(hass: HomeAssistant, entity_id: str | None) -> dict[str, str] | None:
    """Return the source of a Protect or Reolink camera, None for any other."""
    entity = er.async_get(hass).async_get(entity_id or "")
    if entity is None or entity.platform not in LINKED:
        return None
    return {"system": entity.platform, "entity": entity.id}


@callback
def media_id(hass: HomeAssistant, source: Mapping[str, str]) -> str:
    """Return what no two cameras have in common, not even under two names."""
    if source["system"] == TREE:
        which = (source.get(key, "") for key in ("root", "levels", "camera", "pattern"))
        return "|".join((TREE, *which))
    entity = er.async_get(hass).async_get(source["entity"])
    named = entity.unique_id.split("_") if entity else [source["entity"]]
    lens = 2 if source["system"] == REOLINK else 1
    return "|".join((source["system"], *named[:lens]))


@callback
def same_media(
    hass: HomeAssistant, source: Mapping[str, str], other: Mapping[str, str]
) -> bool:
    """Tell whether two cameras would show recordings of one another."""
    if source["system"] != TREE or other["system"] != TREE:
        return media_id(hass, source) == media_id(hass, other)
    mine, others = branch_of(source), branch_of(other)
    # only below the same levels do both read the same names of a recording
    apart = mine.levels == others.levels and told_apart(source, other)
    return (
        mine.root == others.root
        and not apart
        and len(mine.levels) == len(others.levels)
        and all(
            None in pair or pair[0] == pair[1]
            for pair in zip(mine.levels, others.levels, strict=True)
        )
    )


async def async_media_level(hass: HomeAssistant, media_id: str) -> MediaLevel:
    """Return what is in a folder of a media source. Raises SourceError."""
    async with _home_media(hass) as media:
        items = await media.browser.async_items(media_id)
    return MediaLevel(
        folders={item.media_id: item.title for item in items if item.folder},
        films=sum(item.film for item in items),
    )


@callback
def require_media(hass: HomeAssistant, source: Mapping[str, str]) -> None:
    """Raise SourceError where a Protect or Reolink camera has no recordings to give.

    As far as its integration knows: nothing is asked, so nothing hangs.
    """
    _media_of(hass).require(_camera(source))


async def async_probe_media(
    hass: HomeAssistant, source: Mapping[str, str]
) -> MediaCheck:
    """Try a camera's settings and return what the owner should see of it."""
    async with _home_media(hass) as media:
        try:
            if source["system"] == TREE:
                return await _async_tree(media, source)
            return await _async_linked(hass, media, source)
        except NamingError as err:
            return MediaCheck(
                error=err.code, field=err.field, placeholders=err.placeholders
            )
        except SourceError as err:
            return MediaCheck(error=err.code)


async def _async_linked(
    hass: HomeAssistant, media: HomeMedia, source: Mapping[str, str]
) -> MediaCheck:
    """Return the newest recording of a camera, none if it has none of a week.

    A console tells when its newest one ended. Only the day before that is looked
    through, or the last one: each would cost many looks.
    """
    camera = _camera(source)
    now = dt_util.utcnow()
    name = linked(hass, source).entity.entity_id
    days = _DAYS
    if source["system"] == PROTECT:
        last = (await media.protect.async_health(camera)).last_seen
        now, days = min(now, last or now), 1
    for day in range(days):
        end = now - day * _DAY
        found = await media.async_find(camera, Window(start=end - _DAY, end=end))
        if found:
            newest = found[-1]
            example = newest.path.split("|")[-3] if source["system"] == REOLINK else ""
            return MediaCheck(
                example=example or name, at=newest.start, seconds=newest.seconds
            )
    return MediaCheck(example=name)


async def _async_tree(media: HomeMedia, source: Mapping[str, str]) -> MediaCheck:
    """Return a recording of a tree, measured: it is fetched where it is not here."""
    naming = await media.async_naming(source)
    branch = branch_of(source)
    now = dt_util.utcnow().timestamp()
    recent = now - _DAYS * _DAY.total_seconds(), now
    leaves, unread = await media.tree.async_leaves(branch, naming, recent)
    if not leaves:
        leaves, unread = await media.tree.async_leaves(branch, naming, None)
    if not leaves:
        if unread:
            return MediaCheck(
                error="names_not_recognised",
                field="naming",
                placeholders={"files": str(unread)},
            )
        return MediaCheck(error="media_no_recordings")
    leaf = leaves[-2] if len(leaves) > 1 else leaves[-1]  # the last one may still grow
    seconds = await _async_seconds(media, leaf)
    start = leaf.at - (seconds or 0) if naming.ends else leaf.at
    at = datetime.fromtimestamp(start, UTC)
    return MediaCheck(example=leaf.path, at=at, seconds=seconds)


async def _async_seconds(media: HomeMedia, leaf: Leaf) -> float | None:
    """Return how long a recording is, None if it is too large to be fetched for that.

    Raises SourceError.
    """
    try:
        return await media.async_length(leaf.item.media_id)
    except SourceError as err:
        if err.code == "media_too_large":
            return None
        raise


def _camera(source: Mapping[str, str]) -> Camera:
    """Return a camera that has nothing yet but its source."""
    return Camera(
        camera_id="",
        name="",
        indoor=False,
        offered=False,
        source_kind="media",
        source=dict(source),
    )


@asynccontextmanager
async def _home_media(hass: HomeAssistant) -> AsyncIterator[HomeMedia]:
    """Return what looks into Home Assistant's media, for a moment."""
    home_media = _media_of(hass)
    try:
        yield home_media
    finally:
        await home_media.async_close()


@callback
def _media_of(hass: HomeAssistant) -> HomeMedia:
    """Return what looks into Home Assistant's media; nothing is open yet."""
    cache = Path(hass.config.cache_path(DOMAIN))
    media = Media(ffmpeg=get_ffmpeg_manager(hass).binary, folder=cache / "drafts")
    return HomeMedia(hass, probe=media.async_length)
