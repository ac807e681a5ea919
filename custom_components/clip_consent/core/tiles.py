"""Pictures of a map from a tile server of the operator's own: off until it is named."""

from dataclasses import dataclass
import re
from typing import Final

from .serial import Json

ZOOM: Final = 18  # the nearest that most tile servers have
ZOOM_MAX: Final = 22
URL_MAX: Final = 500  # characters
ATTRIBUTION_MAX: Final = 200  # characters
_URL: Final = re.compile(
    r"(https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9][0-9]{0,4})?)"
    r"(/[A-Za-z0-9._~/%?&=@+,:-]*)"
)
_PLACES: Final = ("{z}", "{x}", "{y}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TileServer:
    """Where tiles are: an address with `{z}`, `{x}` and `{y}`, and whose map it is.

    `zoom` is the nearest that it has.
    """

    url: str
    attribution: str
    zoom: int = ZOOM


def tiles_origin(url: str) -> str | None:
    """Return the origin of a tile server as policies name it, None if there is none.

    Each of the three places stands once in it, behind the host.
    """
    bare = url
    for place in _PLACES:
        if url.count(place) != 1:
            return None
        bare = bare.replace(place, "0")
    found = _URL.fullmatch(bare) if len(url) <= URL_MAX else None
    if found is None or not url.startswith(f"{found[1]}/"):
        return None
    host, _, port = found[1].partition("://")[2].partition(":")
    plain = all(part and not part.startswith("-") for part in host.split("."))
    return found[1] if plain and int(port or 443) < 2**16 else None


def map_json(tiles: TileServer | None) -> Json:
    """Return what the pages of a hub need to know of it."""
    if tiles is None:
        return None
    return {
        "tiles": tiles.url,
        "attribution": tiles.attribution,
        "zoom_max": tiles.zoom,
    }
