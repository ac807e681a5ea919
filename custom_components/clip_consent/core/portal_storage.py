"""Where answers to a hub's requests go, and what becomes of a yes once that changes.

Only the log counts: its terms are signed, public and the same for all.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from .errors import PortalError
from .flow import ON_ITS_WAY, UNDECIDED, reoffered
from .models import Case, CaseState, Destination, Way
from .portal_json import read_json
from .portal_log import EntryKind, LogLine
from .storage import read_origin

_CODE: Final = "portal_log_invalid"


def told_storage(before: str | None, lines: Iterable[LogLine]) -> str | None:
    """Return the origin that the newest terms of a log name, None if they name none."""
    storage = before
    for line in lines:
        if line.entry.kind == EntryKind.TERMS and line.beside:
            storage = _said(line.beside.text)
    return storage


def drop_of(base: str, item_id: str, storage: str | None) -> Destination:
    """Return where answers to an item of a hub go."""
    return Destination(way=Way.TUS, url=f"{base}/drops/{item_id}", storage=storage)


def rerouted(case: Case, base: str, storage: str | None) -> Case | None:
    """Return a case whose answer goes elsewhere from now on; None if that is no news.

    `base` is where the hub is asked now: it may have moved.

    An offer is void: it is made anew, with the place in it. A yes stays a yes to the
    place that it was to, so nothing leaves by it any more; the next step voids it.
    """
    before, voucher = case.request.destination, case.request.voucher
    assert voucher  # it is a hub's case
    destination = drop_of(base, voucher.item_id, storage)
    decided = case.state in ON_ITS_WAY or case.state is CaseState.SHARED
    if before == destination or not (decided or case.state in UNDECIDED):
        return None
    after = replace(case, request=replace(case.request, destination=destination))
    return reoffered(after, after.problem) if case.offer else after


def _said(text: str) -> str | None:
    try:
        said = read_json(text.encode(), _CODE)
    except PortalError:
        return None
    return read_origin(said.get("storage")) if isinstance(said, dict) else None
