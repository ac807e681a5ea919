"""A media source of a made-up integration: folders and films by their titles."""

from dataclasses import dataclass, field
from typing import Any, override

from aiohttp import web
from homeassistant.components.http import HomeAssistantView
from homeassistant.components.media_player import BrowseError, MediaClass
from homeassistant.components.media_source import (
    BrowseMediaSource,
    MediaSource,
    MediaSourceItem,
    PlayMedia,
)
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import (
    MockModule,
    MockPlatform,
    mock_integration,
    mock_platform,
)

type Tree = dict[str, "Tree | bytes"]


@dataclass
class Toy:
    """What it holds, what it was asked, and how its films are handed out."""

    tree: Tree
    titles: dict[str, str] = field(default_factory=dict)  # other than the names
    browsed: list[str] = field(default_factory=list)
    url: str = "/api/toy/{path}"
    mime: str = "video/mp4"
    error: Exception | None = None

    def at(self, path: str) -> Any:
        """Return what a path leads to."""
        node: Any = self.tree
        for part in path.split(">") if path else ():
            node = node[part]
        return node


class _Source(MediaSource):
    name = "Toy"

    def __init__(self, toy: Toy) -> None:
        super().__init__("toy")
        self.toy = toy

    @override
    async def async_browse_media(self, item: MediaSourceItem) -> BrowseMediaSource:
        path = item.identifier or ""
        self.toy.browsed.append(path)
        if self.toy.error:
            raise self.toy.error
        try:
            node = self.toy.at(path)
        except KeyError as err:
            raise BrowseError("gone") from err
        made = _item(path, path, folder=True)
        made.children = [
            _item(
                f"{path}>{title}".lstrip(">"),
                self.toy.titles.get(title, title),
                folder=isinstance(child, dict),
            )
            for title, child in node.items()
        ]
        return made

    @override
    async def async_resolve_media(self, item: MediaSourceItem) -> PlayMedia:
        return PlayMedia(self.toy.url.format(path=item.identifier), self.toy.mime)


def _item(path: str, title: str, *, folder: bool) -> BrowseMediaSource:
    picture = title.endswith(".jpg")
    kind = MediaClass.IMAGE if picture else MediaClass.VIDEO
    return BrowseMediaSource(
        domain="toy",
        identifier=path,
        media_class=MediaClass.DIRECTORY if folder else kind,
        media_content_type="" if folder else f"{kind}/x",
        title=title,
        can_play=not folder,
        can_expand=folder,
    )


class _View(HomeAssistantView):
    url = "/api/toy/{path}"
    name = "api:toy"

    def __init__(self, toy: Toy) -> None:
        self.toy = toy

    async def get(self, request: web.Request, path: str) -> web.Response:
        """Return a film."""
        return web.Response(body=self.toy.at(path), content_type="video/mp4")


def add_toy(hass: HomeAssistant, tree: Tree) -> Toy:
    """Put such an integration into Home Assistant."""
    toy = Toy(tree)

    class _Platform(MockPlatform):
        async def async_get_media_source(self, hass: HomeAssistant) -> MediaSource:
            return _Source(toy)

    mock_integration(hass, MockModule("toy"))
    mock_platform(hass, "toy.media_source", _Platform())
    hass.config.components.add("toy")
    hass.http.register_view(_View(toy))
    return toy
