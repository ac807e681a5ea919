"""Diagnostics: counts and settings, nobody's words, no secret, no place."""

from collections import Counter
from typing import Any

from homeassistant.core import HomeAssistant

from .const import VERSION
from .core.errors import StoreError
from .core.health import SourceHealth
from .core.serial import utc_text
from .entity import ClipConsentConfigEntry, loaded_manager
from .home.manager import HomeManager


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: ClipConsentConfigEntry
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
    manager = loaded_manager(hass)
    return settings if manager is None else {**settings, **await _home(manager)}


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
