"""What a hub publishes, as a request to this home."""

import base64
from datetime import datetime
import hashlib
import hmac

from ...core.limits import CIPHERTEXT_KEPT, OPEN_MAX
from ...core.models import PortalKind, Request, RequesterKind, Trust
from ...core.portal_items import PublicRequest
from ...core.portal_storage import drop_of
from ...core.settings import Portal
from ...core.vouching import FollowUp, Voucher

_ID_BYTES = 16


def request_of(
    item: PublicRequest,
    notes: tuple[FollowUp, ...],
    *,
    portal: Portal,
    base: str,
    storage: str | None,
    seed: str,
    now: datetime,
) -> Request:
    """Return the request to this home that an item with its follow-ups is.

    Its id is known to this home alone, and the same each time: everybody can read the
    item's own, and nobody is to find out by it who has a case of that id. A neighbour
    whom the hub itself does not know is as strange to this home as to the hub.
    """
    expires = min(item.expires_at, now + OPEN_MAX)
    unknown = item.kind is RequesterKind.NEIGHBOUR and not item.name
    return Request(
        request_id=_own_id(seed, item.id),
        portal=PortalKind.HTTP,
        trust=Trust.UNVERIFIED if unknown else Trust.VERIFIED,
        label=portal.title,
        kind=item.kind,
        name=item.name,
        contact=item.contact,
        text=f"{item.title}\n\n{item.text}".strip(),
        case_number=item.case_number,
        window=item.window,
        received_at=now,
        expires_at=expires,
        recipient=item.recipient,
        destination=drop_of(base, item.id, storage),
        reachable_until=expires + CIPHERTEXT_KEPT,
        area=item.area,
        voucher=Voucher(
            hub=portal.hub,
            item_id=item.id,
            organisation=item.organisation,
            verified_how=item.verified_how,
            notes=notes,
        ),
    )


def _own_id(seed: str, item_id: str) -> str:
    digest = hmac.digest(seed.encode(), item_id.encode(), hashlib.sha256)
    return base64.b32encode(digest[:_ID_BYTES]).decode()[:26].lower()
