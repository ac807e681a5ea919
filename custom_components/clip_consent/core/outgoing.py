"""What holds of deliveries: how long one is tried, and what may have left already."""

from dataclasses import replace
from datetime import datetime

from .limits import CIPHERTEXT_KEPT, LATE_MAX
from .models import Case, CaseState, Destination, Request, Way
from .serial import Json


def is_given_up(case: Case, now: datetime) -> bool:
    """Tell whether a delivery that has just failed once more is the last attempt.

    Only a failure ends it: an approved clip that a long outage kept here still goes.
    """
    if case.delivery is None:
        return False
    until = min(
        case.request.expires_at + LATE_MAX,
        case.delivery.consent.at + CIPHERTEXT_KEPT,
    )
    return now >= until


def needs_key(case: Case) -> bool:
    """Tell whether the recipient's key is still to be made in the owner's browser."""
    return (
        case.request.recipient is None
        and case.request.destination.way is not Way.HAND_OVER
    )


def may_have_left(case: Case) -> bool:
    """Tell whether some sealed bytes of what is on its way may be elsewhere already."""
    return case.state is CaseState.SEALED and case.request.destination.way in (
        Way.TUS,
        Way.PUT,
    )


def told_way(destination: Destination) -> dict[str, Json]:
    """Return what the ledger says of where an answer goes: no address."""
    told: dict[str, Json] = {"way": destination.way.value}
    if destination.storage:
        told["storage"] = destination.storage
    return told


def has_status_page(request: Request) -> bool:
    """Tell whether the one who asks could open what their status page would show."""
    return request.destination.way is Way.DROP and request.recipient is not None


def fetched(case: Case, delivery_id: str, until: datetime) -> Case:
    """Let a delivery end at `until`, as a pick-up link does that was read whole."""
    return replace(
        case,
        delivered=tuple(
            replace(delivery, available_until=until)
            if delivery.delivery_id == delivery_id
            else delivery
            for delivery in case.delivered
        ),
    )


def is_handed_over(case: Case, now: datetime) -> bool:
    """Tell whether an approver may still download what was approved."""
    return any(
        delivery.consent.destination.way is Way.HAND_OVER and delivery.is_available(now)
        for delivery in case.delivered
    )
