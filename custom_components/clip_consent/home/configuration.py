"""Reads what the owner set up: a config entry and its subentries, as models."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core_config import Config
from homeassistant.util import dt as dt_util

from ..base.addresses import plain_host
from ..base.outbound import Origin, origin_of
from ..const import (
    SUBENTRY_APPROVER,
    SUBENTRY_CAMERA,
    SUBENTRY_INVITE,
    SUBENTRY_PORTAL,
    SUBENTRY_RULE,
)
from ..core.errors import InvalidGeometryError
from ..core.geo import Point
from ..core.limits import INVITE_PER_DAY
from ..core.masks import read_masks
from ..core.models import Approver, Camera, Invite, Trust, Viewpoint
from ..core.quiet import read_quiet
from ..core.reminders import REMINDER, REMINDERS
from ..core.rules import parse_rule
from ..core.settings import PANEL_UNDO, PUSH_UNDO, HomeSettings, Portal
from ..core.windows import DailySpan

PERSONAL = "personal"
UPLOAD_HOSTS = "upload_hosts"  # "host:port" each


def read_place(config: Config) -> Point | None:
    """Return where the home stands: Home Assistant begins with 0, 0, which is the sea.

    What is on no map is no place either.
    """
    if config.latitude == 0 and config.longitude == 0:
        return None
    try:
        return Point(lat=config.latitude, lon=config.longitude)
    except InvalidGeometryError:
        return None


def read_settings(
    entry: ConfigEntry[Any],
    time_zone: ZoneInfo,
    home: Callable[[], Point | None] = lambda: None,
) -> HomeSettings:
    """Return cameras, rules, invites and windows of an entry.

    Raises InvalidRuleError for a rule that no form would have saved, and MaskError for
    such masks: a camera is not used without those that it was given.
    """
    return HomeSettings(
        time_zone=time_zone,
        home=home,
        cameras={
            subentry.subentry_id: _camera(subentry)
            for subentry in entry.get_subentries_of_type(SUBENTRY_CAMERA)
        },
        rules=tuple(
            parse_rule(subentry.subentry_id, subentry.title, subentry.data)
            for subentry in entry.get_subentries_of_type(SUBENTRY_RULE)
        ),
        names={
            approver.user_id: approver.name
            for approver in read_approvers(entry).values()
        },
        invites={
            subentry.data["token"]: _invite(subentry)
            for subentry in entry.get_subentries_of_type(SUBENTRY_INVITE)
        },
        portals=tuple(
            _portal(subentry)
            for subentry in entry.get_subentries_of_type(SUBENTRY_PORTAL)
        ),
        panel_undo=_seconds(entry.options, "undo_panel", PANEL_UNDO),
        push_undo=_seconds(entry.options, "undo_push", PUSH_UNDO),
        quiet=_quiet(entry),
        reminder=REMINDERS[entry.options.get("reminder", REMINDER)],
    )


def _portal(subentry: ConfigSubentry) -> Portal:
    return Portal(
        portal_id=subentry.subentry_id,
        title=subentry.title,
        url=subentry.data["url"],
        hub=subentry.data["hub"],
        private=subentry.data["private"],
        slot=subentry.data["slot"],
        counted=subentry.data.get("counted", False),
        storage=subentry.data.get("storage"),
    )


def read_hub_origins(settings: HomeSettings) -> frozenset[Origin]:
    """Return hosts and ports of the hubs that are not in the open Internet."""
    return frozenset(origin_of(hub.url) for hub in settings.portals if hub.private)


def read_storage_origins(settings: HomeSettings) -> frozenset[Origin]:
    """Return hosts and ports of the hubs' stores that are not in the open Internet."""
    return frozenset(origin_of(hub.storage) for hub in settings.portals if hub.storage)


def read_approvers(entry: ConfigEntry[Any]) -> dict[str, Approver]:
    """Return the approvers by user id."""
    return {
        subentry.data["user_id"]: Approver(
            user_id=subentry.data["user_id"],
            name=subentry.title,
            phones=tuple(subentry.data["phones"]),
            one_tap=frozenset(subentry.data["one_tap"]),
            hide_details=frozenset(subentry.data["hide_details"]),
            notices=frozenset(subentry.data.get("notices") or ()),
        )
        for subentry in entry.get_subentries_of_type(SUBENTRY_APPROVER)
    }


def _quiet(entry: ConfigEntry[Any]) -> dict[str, DailySpan]:
    """Return the quiet hours of those who have any, by user id."""
    return {
        subentry.data["user_id"]: quiet
        for subentry in entry.get_subentries_of_type(SUBENTRY_APPROVER)
        if (
            quiet := read_quiet(
                subentry.data.get("quiet_from"), subentry.data.get("quiet_to")
            )
        )
    }


def _camera(subentry: ConfigSubentry) -> Camera:
    data = subentry.data
    return Camera(
        camera_id=subentry.subentry_id,
        name=subentry.title,
        indoor=data["place"] == "indoor",
        offered=data["offered"],
        source_kind=data["source_kind"],
        source=dict(data["source"]),
        entity_id=data.get("entity_id"),
        viewpoint=_viewpoint(data.get("location"), data.get("bearing")),
        clock_ahead=float(data.get("clock_ahead") or 0),
        masks=read_masks(data.get("masks") or []),
    )


def _viewpoint(
    location: Mapping[str, float] | None, bearing: int | None
) -> Viewpoint | None:
    if location is None:
        return None
    place = Point(lat=location["latitude"], lon=location["longitude"])
    return Viewpoint(place=place, bearing=bearing)


def _invite(subentry: ConfigSubentry) -> Invite:
    data = subentry.data
    personal = data["kind"] == PERSONAL
    return Invite(
        invite_id=subentry.subentry_id,
        token=data["token"],
        label=subentry.title,
        trust=Trust.INVITED if personal else Trust.UNVERIFIED,
        cameras=tuple(data["cameras"]) or None,
        expires_at=_end_of(data.get("expires")),
        per_day=data.get("per_day", INVITE_PER_DAY),
    )


def _end_of(day: str | None) -> datetime | None:
    """Return when a day of the home's calendar is over: never, of the last there is."""
    if day is None or (last := date.fromisoformat(day)) == date.max:
        return None
    return dt_util.as_utc(dt_util.start_of_local_day(last + timedelta(days=1)))


def _seconds(options: Mapping[str, Any], key: str, default: timedelta) -> timedelta:
    return timedelta(seconds=options[key]) if key in options else default


def read_upload_origins(entry: ConfigEntry[Any]) -> frozenset[Origin]:
    """Return the hosts and ports that the owner entered as private upload addresses."""
    origins = entry.options.get(UPLOAD_HOSTS, [])
    return frozenset(_origin(text) for text in origins)


def _origin(text: str) -> Origin:
    host, _, port = text.rpartition(":")
    return plain_host(host), int(port)
