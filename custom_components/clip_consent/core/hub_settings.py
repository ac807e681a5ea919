"""What the operator of a hub set up, as its manager needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import hashlib
import hmac
from typing import Final

from .limits import (
    HUB,
    HUB_PER_CASE_NUMBER,
    HUB_PER_REQUESTER_AND_WEEK,
    OPEN_MAX,
    Limits,
)
from .models import RequesterKind
from .storage import Storage
from .tiles import TileServer

SLOT: Final = timedelta(minutes=15)  # how often homes ask
DROP_MAX: Final = 1536 * 1024**2  # bytes of one delivery
DROPS_MAX: Final = 20 * 1024**3  # bytes of all that a hub holds


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLimits:
    """What a hub takes, from whom how often, and how long it stays open.

    `per_week` is for each requester, `per_case_number` for each case number; both count
    submissions until the expiry that was fixed when they came in.
    """

    request: Limits = HUB
    per_case_number: int = HUB_PER_CASE_NUMBER
    per_week: int = HUB_PER_REQUESTER_AND_WEEK
    open: timedelta = OPEN_MAX  # from publication
    drop_max_bytes: int = DROP_MAX
    drops_max_bytes: int = DROPS_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRequester:
    """Somebody whom the operator met: what everybody may read of them.

    `requester_id` stays the same when their sign-in link is made anew.
    """

    requester_id: str
    name: str
    organisation: str
    kind: RequesterKind
    verified_how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSettings:
    """The hub's words, cells, limits, and requesters by the SHA-256 of their token.

    `cells` are geohashes, all of one length: the hub covers them and no others.
    """

    name: str
    operator: str
    contact: str
    cells: tuple[str, ...]
    limits: HubLimits = field(default_factory=HubLimits)
    rules: str = ""
    neighbours_may_ask: bool = False
    requesters: Mapping[str, HubRequester] = field(default_factory=dict)
    # names by user id, as the operator gave them: who redacts something is public
    moderators: Mapping[str, str] = field(default_factory=dict)
    tiles: TileServer | None = None
    storage: Storage | None = None  # None: on the hub's own disk

    def requester(self, token: str) -> HubRequester | None:
        """Return whose sign-in link has this token; the time it takes tells nothing."""
        digest = token_digest(token)
        found = None
        for kept, requester in self.requesters.items():
            if hmac.compare_digest(kept, digest):
                found = requester
        return found

    def vouches_for(self, requester_id: str) -> bool:
        """Tell whether somebody is a requester of this hub (still)."""
        return self.known(requester_id) is not None

    def known(self, requester_id: str) -> HubRequester | None:
        """Return what is said of a requester today; None if they are none any more."""
        found = [o for o in self.requesters.values() if o.requester_id == requester_id]
        return found[0] if found else None


def token_digest(token: str) -> str:
    """Return the SHA-256 under which a token, or the secret of an inbox, is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
