"""Looks through Home Assistant's media sources, level by level."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from homeassistant.components.media_source import (
    PlayMedia,
    async_browse_media,
    async_resolve_media,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ...core.errors import SourceError
from .media_memory import Memory

PREFIX: Final = "media-source://"
_PATIENCE: Final = 60.0  # seconds: a camera searches its card for a day
_MOST_ITEMS: Final = 50_000  # of one level
_LONGEST_TITLE: Final = 255  # characters that are read; no file's name has more
_FRESH_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A folder or a recording of a media source, by the beginning of its own title."""

    media_id: str
    title: str
    folder: bool
    film: bool


class Browser:
    """Reads media sources; what it read a moment ago it does not ask for again."""

    def __init__(self, hass: HomeAssistant, clock: Callable[[], float]) -> None:
        """Keep the tools."""
        self._hass = hass
        self._kept: Memory[str, tuple[Item, ...]] = Memory(clock)

    async def async_items(
        self, media_id: str, *, seconds: float = _FRESH_SECONDS
    ) -> tuple[Item, ...]:
        """Return what is in a folder, and keep the answer for so many seconds.

        Raises SourceError.
        """
        if (known := self._kept.get(media_id)) is not None:
            return known
        asked = async_browse_media(self._hass, media_id or None)
        node = await _async_told(asked)
        items = tuple(
            Item(
                media_id=child.media_content_id,
                title=str(child.title)[:_LONGEST_TITLE],
                folder=child.can_expand,
                film=child.can_play and not child.can_expand and _is_film(child),
            )
            for child in (node.children or ())[:_MOST_ITEMS]
        )
        return self._kept.keep(media_id, items, seconds)

    async def async_play(self, media_id: str) -> PlayMedia:
        """Return where a recording is. Raises SourceError."""
        return await _async_told(async_resolve_media(self._hass, media_id, None))

    def forget(self) -> None:
        """Forget what was read."""
        self._kept.clear()


def _is_film(child: object) -> bool:
    kinds = (
        str(getattr(child, "media_content_type", "")),
        str(getattr(child, "media_class", "")),
    )
    return any(kind.startswith("video") for kind in kinds)


async def _async_told[T](asked: Awaitable[T]) -> T:
    """Return what a media source says. Raises SourceError whatever goes wrong in it."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await asked
    except TimeoutError as err:
        raise SourceError("media_slow") from err
    except HomeAssistantError as err:
        raise SourceError("media_gone") from err
    except Exception as err:  # of libraries that this knows nothing of
        raise SourceError("media_recorder_failed") from err
