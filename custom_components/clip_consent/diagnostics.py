"""Diagnostics: counts and settings, nobody's words, no secret, no place."""

from collections import Counter
from typing import Any

from homeassistant.core import HomeAssistant

from .const import VERSION
from .core.errors import StoreError
from .core.health import SourceHealth
from .core.serial import utc_text
from .entity import (
    ClipConsentConfigEntry,
    HubConfigEntry,
    is_hub,
    loaded_hub,
    loaded_manager,
)
from .home.manager import HomeManager
from .hub.manager import HubManager


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: ClipConsentConfigEntry | HubConfigEntry
) -> dict[str, Any]:
    """Return what helps to find a fault: built up from numbers, so nothing leaks."""
    settings = {
        "version": VERSION,
        "state": entry.state.value,
        "subentries": dict(
            Counter(each.subentry_type for each in entry.subentries.values())
        ),
        "options": {
            key: value for key, value in entry.options.items() if key.startswith("undo")
        },
    }
    if is_hub(entry):
        hub = loaded_hub(hass)
        return settings | _set_up(entry) | (_hub(hub) if hub else {})
    manager = loaded_manager(hass)
    return settings if manager is None else {**settings, **await _home(manager)}


def _set_up(entry: HubConfigEntry) -> dict[str, Any]:
    return {
        "moderators": len(entry.options["moderators"]),
        "phones": len(entry.options["phones"]),
        "neighbours_may_ask": entry.options["neighbours_may_ask"],
    }


def _hub(hub: HubManager) -> dict[str, Any]:
    limits = hub.settings.limits
    return {
        "cells": len(hub.settings.cells),
        "per_week": limits.per_week,
        "per_case_number": limits.per_case_number,
        "open_days": limits.open.days,
        "drops_max_bytes": limits.drops_max_bytes,
        "to_moderate": hub.waiting,
        "open_requests": hub.open_requests,
        "drop_use": hub.drop_use,
    }


async def _home(manager: HomeManager) -> dict[str, Any]:
    return {
        "accepting": manager.accepting,
        "waiting": manager.waiting,
        "shared_this_month": manager.shared.this_month,
        "open_cases": dict(
            Counter(case.state.value for case in manager.reading.open_cases())
        ),
        "problems": dict(
            Counter(
                case.problem for case in manager.reading.open_cases() if case.problem
            )
        ),
        "ledger_fault": await _ledger_fault(manager),
        "cameras": [
            {
                "indoor": camera.indoor,
                "offered": camera.offered,
                "source_kind": camera.source_kind,
                "naming": camera.source.get("naming"),
                "has_entity": camera.entity_id is not None,
                "recordings": _recordings(manager.watching.health.get(camera_id)),
            }
            for camera_id, camera in manager.cameras.items()
        ],
    }


async def _ledger_fault(manager: HomeManager) -> int | str | None:
    """Return where the chain is broken, or why it cannot be read."""
    try:
        return await manager.reading.async_check_ledger()
    except StoreError as err:
        return err.code


def _recordings(health: SourceHealth | None) -> dict[str, Any] | None:
    """Return how a camera's recordings were when last looked at, None if never."""
    if health is None:
        return None
    return {
        "state": health.state.value,
        "files": health.files,
        "unreadable": health.unreadable,
        "growing": health.growing,
        "last_seen": utc_text(health.last_seen) if health.last_seen else None,
    }
