"""Whom a hub vouches for, and what becomes of what others left open."""

from datetime import datetime
import sqlite3

from ..core.errors import ConflictError
from ..core.hub_flow import UNVOUCHED, ItemState
from ..core.hub_settings import HubSettings
from ..core.portal_log import EntryKind
from . import log, moderation


def check_vouched(settings: HubSettings, requester_id: str | None) -> None:
    """Raise ConflictError for a requester whom nobody vouches for any more.

    None is a neighbour, of whom nothing is known.
    """
    if requester_id is not None and not settings.vouches_for(requester_id):
        raise ConflictError("requester_gone")


def withdraw_unvouched(
    connection: sqlite3.Connection, settings: HubSettings, now: datetime
) -> None:
    """Withdraw what is open of those who are no requesters any more.

    Homes would go on to ask for clips that nobody can open, as for somebody whom the
    hub vouches for. The log says that it was the hub, and why.
    """
    for item in moderation.open_of_requesters(connection, now):
        if item.requester_id and not settings.vouches_for(item.requester_id):
            log.append_said(
                connection,
                at=now,
                kind=EntryKind.WITHDRAWN,
                id=item.id,
                target=item.n,
                said={**UNVOUCHED},
            )
            moderation.close(connection, item.id, ItemState.WITHDRAWN)
