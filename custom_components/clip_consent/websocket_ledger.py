"""The ledger for people: a page of it, with what its ids and codes stand for."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.core import HomeAssistant
import voluptuous as vol

from .core.ledger import Entry, Sought
from .core.serial import Json
from .home.manager import HomeManager
from .messages import Speech, async_speech
from .websocket_command import PLACE, command, moment

_KINDS: Final = vol.All([vol.All(str, vol.Length(max=40))], vol.Length(max=40))


@command(
    "ledger",
    {
        vol.Optional("before", default=None): PLACE,
        vol.Optional("limit", default=50): vol.All(int, vol.Range(min=1, max=200)),
        vol.Optional("kinds", default=list): _KINDS,
        vol.Optional("case_id", default=None): vol.Any(None, str),
        vol.Optional("since", default=None): vol.Any(None, moment),
        vol.Optional("until", default=None): vol.Any(None, moment),
    },
)
async def ws_ledger(
    hass: HomeAssistant,
    connection: ActiveConnection,
    msg: dict[str, Any],
    manager: HomeManager,
) -> Json:
    """Return a page of the ledger, with what its verification found."""
    sought = Sought(
        kinds=frozenset(msg["kinds"]),
        case_id=msg["case_id"],
        since=msg["since"],
        until=msg["until"],
    )
    entries, following, head, fault = await manager.reading.async_ledger(
        msg["before"], msg["limit"], connection.user.id, sought
    )
    speech = await async_speech(hass, msg["language"])
    return {
        "entries": [entry.as_json() for entry in entries],
        "next": following,
        "names": await _async_names(speech, manager, entries),
        "head": {"seq": head.seq, "digest": head.digest},
        "fault": fault,
    }


async def _async_names(
    speech: Speech, manager: HomeManager, entries: Sequence[Entry]
) -> dict[str, Json]:
    """Return what the owner calls the ids of a page, and what its codes mean.

    Nothing of a requester's is among it, and no id of what is gone.
    """
    known = _set_up(manager)
    names: dict[str, Json] = {}
    for key, value in _told(entries):
        if key == "problem":
            names[value] = speech.problem(value)
        elif key == "clause":
            names[value] = speech.clause(value)
        elif key == "user_id":
            names[value] = await _async_user_name(speech.hass, manager, value)
        elif value in known:
            names[value] = known[value]
    return {each: name for each, name in names.items() if name and name != each}


def _set_up(manager: HomeManager) -> dict[str, str]:
    return {
        **{invite.invite_id: invite.label for invite in manager.invites},
        **{each: camera.name for each, camera in manager.cameras.items()},
        **{rule.rule_id: rule.title for rule in manager.reading.rules},
    }


def _told(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        for key, value in entry.data.items():
            if isinstance(value, str):
                yield key, value


async def _async_user_name(
    hass: HomeAssistant, manager: HomeManager, user_id: str
) -> str:
    """Return an approver's name, or that of another user who still is one."""
    if name := manager.user_name(user_id):
        return name
    user = await hass.auth.async_get_user(user_id)
    return (user.name if user else None) or ""
