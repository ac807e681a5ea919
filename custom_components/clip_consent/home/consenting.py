"""What a tap comes to: the first yes of two, the consent, or a rejection."""

from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib

from ..core import flow
from ..core.approval import Rejection, World, wants_another
from ..core.errors import ClipConsentError, ConflictError, NotAllowedError
from ..core.ledger import Line
from ..core.models import Case, Consent, Delivery, Draft, FirstTap, Means, Offer
from ..core.outgoing import told_way
from ..core.remaking import MASKS_CHANGED
from ..core.rematch import MASKS_NEEDED
from ..core.serial import Json
from ..core.verdict import Verdict

_CONFLICTS = {
    Rejection.EXPIRED: "offer_expired",
    Rejection.CLOCK: "clock_went_back",
    Rejection.DRAFT: "draft_changed",
    Rejection.DRAFT_FILE: "draft_changed",
    Rejection.POLICY: "rules_changed",
    Rejection.SAME_APPROVER: "another_must_approve",
    Rejection.CAMERA_MASKS: MASKS_CHANGED,
    Rejection.UNMASKED: MASKS_NEEDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """A tap on Approve whose clauses all hold, and the ids for what it makes."""

    user_id: str
    means: Means
    at: datetime
    undo: timedelta
    consent_id: str
    delivery_id: str


def accepted(case: Case, offer: Offer, draft: Draft, yes: Yes, world: World) -> Verdict:
    """Return what a yes that counts makes of a case.

    Where the rules want two approvers, the first yes is noted on the offer: whatever
    voids the offer voids it too.
    """
    if wants_another(case, world):
        first = FirstTap(user_id=yes.user_id, means=yes.means, at=yes.at)
        line = Line(
            kind="first_approved", case_id=case.case_id, data=approval(offer, yes)
        )
        after = flow.first_approved(case, first)
        return Verdict(case=after, rejection=None, lines=(line,))
    consent = Consent(
        consent_id=yes.consent_id,
        offer_id=offer.offer_id,
        sha256=offer.sha256,
        recipient=offer.recipient,
        destination=offer.destination,
        user_id=yes.user_id,
        means=yes.means,
        at=yes.at,
        undo_until=yes.at + yes.undo,
        first=world.first,
        identity=offer.identity,
    )
    delivery = Delivery(
        delivery_id=yes.delivery_id,
        consent=consent,
        draft=draft,
        camera_number=_camera_number(case, draft.choice.camera_id),
    )
    line = Line(
        kind="approved",
        case_id=case.case_id,
        data={**approval(offer, yes), "consent_id": yes.consent_id},
    )
    return Verdict(case=flow.consented(case, delivery), rejection=None, lines=(line,))


def rejected(
    case_id: str,
    rejection: Rejection | None,
    user_id: str,
    means: Means,
    *,
    told: bool,
) -> Verdict:
    """Return what an answer that does not count leaves: a line, if it is told."""
    clause = rejection or Rejection.NO_OFFER
    record = Line(
        kind="approve_rejected",
        case_id=case_id,
        data={"clause": clause.value, "user_id": user_id, "means": means.value},
    )
    return Verdict(case=None, rejection=clause, lines=(record,) if told else ())


def refusal(rejection: Rejection | None) -> ClipConsentError:
    """Return what the panel says where an approval did not count."""
    if rejection is Rejection.SESSION:
        return NotAllowedError("session_not_own")
    if rejection in (
        Rejection.NOT_APPROVER,
        Rejection.INACTIVE_USER,
        Rejection.SYSTEM_USER,
    ):
        return NotAllowedError("not_approver")
    return ConflictError(_CONFLICTS.get(rejection, "offer_void") if rejection else "")


def _camera_number(case: Case, camera_id: str) -> int:
    """Return a camera's place in the order that this case's were shared in."""
    shared = list(dict.fromkeys(d.draft.choice.camera_id for d in case.delivered))
    if camera_id in shared:
        return shared.index(camera_id) + 1
    return len(shared) + 1


def approval(offer: Offer, yes: Yes) -> dict[str, Json]:
    """Return what the ledger says of a yes: who, how, to what, for whom, to where."""
    url = offer.destination.url
    return {
        "user_id": yes.user_id,
        "means": yes.means.value,
        "offer_id": offer.offer_id,
        "sha256": offer.sha256,
        "recipient": offer.recipient,
        **told_way(offer.destination),
        # an upload address can hold a secret signature
        "url_digest": hashlib.sha256(url.encode()).hexdigest() if url else None,
        # the words are the owner's own: that there were some is record enough
        "identity": bool(offer.identity),
    }
