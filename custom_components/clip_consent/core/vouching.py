"""What a hub says of the one who asks through it, and what they said since."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A requester's further words, as the hub's log has them: a stranger's."""

    n: int  # entry of the log
    at: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """Which hub published a request, as what, and how it knows its requester."""

    hub: str  # thumbprint of its first key
    item_id: str  # public; the request's own id is known to this home alone
    organisation: str
    verified_how: str
    notes: tuple[FollowUp, ...] = ()  # oldest first

    def without_words(self) -> Voucher:
        """Return what stays of it when a requester's words are forgotten."""
        return replace(self, organisation="", verified_how="", notes=())
