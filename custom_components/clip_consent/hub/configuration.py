"""Reads what the operator of a hub set up: its entry and requesters, as models."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry

from ..const import SUBENTRY_REQUESTER
from ..core.geo import Circle, Point
from ..core.geohash import cover
from ..core.hub_settings import DROPS_MAX, HubLimits, HubRequester, HubSettings
from ..core.limits import HUB_PER_CASE_NUMBER, HUB_PER_REQUESTER_AND_WEEK, OPEN_MAX
from ..core.models import RequesterKind
from ..core.storage import Storage
from ..core.tiles import TileServer

_GIB: Final = 1024**3  # bytes


def read_hub_settings(
    entry: ConfigEntry[Any], moderators: Mapping[str, str]
) -> HubSettings:
    """Return a hub's words, cells, limits and requesters.

    `moderators` are names by user id. Raises InvalidGeometryError for an area that no
    form would have saved.
    """
    options = entry.options
    return HubSettings(
        name=options["name"],
        operator=options["operator"],
        contact=options["contact"],
        cells=_cells(options["area"]),
        limits=_limits(options),
        rules=options["rules"],
        neighbours_may_ask=options["neighbours_may_ask"],
        requesters={
            subentry.data["token_sha256"]: HubRequester(
                requester_id=subentry.subentry_id,
                name=subentry.data["name"],
                organisation=subentry.data["organisation"],
                kind=RequesterKind(subentry.data["kind"]),
                verified_how=subentry.data["verified_how"],
            )
            for subentry in entry.get_subentries_of_type(SUBENTRY_REQUESTER)
        },
        moderators=moderators,
        tiles=_tiles(options),
        storage=read_storage(options),
    )


def _cells(area: Mapping[str, float]) -> tuple[str, ...]:
    center = Point(lat=area["latitude"], lon=area["longitude"])
    return tuple(sorted(cover(Circle(center=center, radius=area["radius"]))))


def _tiles(options: Mapping[str, Any]) -> TileServer | None:
    if not options.get("tiles_url"):
        return None
    return TileServer(
        url=options["tiles_url"],
        attribution=options["tiles_attribution"],
        zoom=options["tiles_zoom"],
    )


def read_storage(options: Mapping[str, Any]) -> Storage | None:
    """Return the object store that the operator set, None for the hub's own disk."""
    if not options.get("storage_endpoint"):
        return None
    return Storage(
        endpoint=options["storage_endpoint"],
        region=options["storage_region"],
        bucket=options["storage_bucket"],
        key_id=options["storage_key_id"],
        secret=options["storage_secret"],
        path_style=options["storage_path_style"],
        private=options["storage_private"],
        once=options["storage_once"],
    )


def _limits(options: Mapping[str, Any]) -> HubLimits:
    return HubLimits(
        per_case_number=options.get("per_case_number", HUB_PER_CASE_NUMBER),
        per_week=options.get("per_week", HUB_PER_REQUESTER_AND_WEEK),
        open=timedelta(days=options.get("open_days", OPEN_MAX.days)),
        drops_max_bytes=options.get("drops_gib", DROPS_MAX // _GIB) * _GIB,
    )
