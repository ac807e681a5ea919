"""Deliveries: how long one is tried, what may have left, who can look where."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from custom_components.clip_consent.core import flow, outgoing
from custom_components.clip_consent.core.models import Case, CaseState, Destination, Way

from .cases import NOW, case, consented, delivery, request, waiting

WEEK = timedelta(days=7)
DAY = timedelta(days=1)
TUS = Destination(way=Way.TUS, url="https://example.org/files")


@pytest.mark.parametrize(
    ("open_for", "after", "given_up"),
    [
        (DAY, WEEK, False),
        (DAY, WEEK + DAY - timedelta(seconds=1), False),
        (DAY, WEEK + DAY, True),
        (4 * WEEK, 2 * WEEK - timedelta(seconds=1), False),
        (4 * WEEK, 2 * WEEK, True),
    ],
)
def test_a_delivery_is_not_tried_for_ever(
    open_for: timedelta, after: timedelta, given_up: bool
) -> None:
    """A week past its request's end, and at most as long as ciphertext is kept."""
    on_its_way = consented(request=request(expires_at=NOW + open_for))
    assert outgoing.is_given_up(on_its_way, NOW + after) is given_up


def test_nothing_on_its_way_is_nothing_given_up() -> None:
    """Only a delivery can be."""
    assert not outgoing.is_given_up(waiting(), NOW + 10 * WEEK)


@pytest.mark.parametrize(
    ("state", "way", "said"),
    [
        (CaseState.CONSENTED, TUS, False),
        (CaseState.SEALED, TUS, True),
        (CaseState.SEALED, Destination(way=Way.DROP), False),
    ],
)
def test_what_may_have_left(state: CaseState, way: Destination, said: bool) -> None:
    """Only an upload that was begun puts bytes elsewhere."""
    on_its_way = consented(state=state, request=request(destination=way))
    assert outgoing.may_have_left(on_its_way) is said


@pytest.mark.parametrize(
    ("way", "recipient", "said"),
    [
        (Destination(way=Way.DROP), "age1x", True),
        (Destination(way=Way.DROP), None, False),
        (TUS, "age1x", False),
        (Destination(way=Way.HAND_OVER), None, False),
    ],
)
def test_who_has_a_status_page(
    way: Destination, recipient: str | None, said: bool
) -> None:
    """Only the holder of a key to what is fetched from this home."""
    asked = request(destination=way, recipient=recipient)
    assert outgoing.has_status_page(asked) is said


def _handed(until: datetime) -> Case:
    by_hand = Destination(way=Way.HAND_OVER)
    begun = delivery()
    given = replace(begun, consent=replace(begun.consent, destination=by_hand))
    return flow.delivered(consented(delivery=given), NOW, until)


def test_what_is_handed_over() -> None:
    """For as long as it was said, unless it is taken back."""
    handed = _handed(NOW + DAY)
    assert outgoing.is_handed_over(handed, NOW)
    assert not outgoing.is_handed_over(handed, NOW + DAY)
    back = flow.revoked(handed, delivery().delivery_id, NOW)
    assert not outgoing.is_handed_over(back, NOW)
    assert not outgoing.is_handed_over(case(), NOW)
